"""The verbs of a report that record something all take who decides, where and when, whatever else they ask."""

import re

import pytest
import typer
from typer.testing import CliRunner

from deploy.commands.report_asking import Asked, Office, asks
from deploy.commands.reports import report
from shared.contracts.roles import Role
from tests.support.commandline import doithoai

SHARED = {"data", "tenant", "actor", "at"}
RECORDING = {
    "open": "TCHCQT",
    "waive": "TCHCQT",
    "lock": "TCHCQT",
    "write": "TCHCQT",
    "draft": "TCHCQT",
    "submit": "TCHCQT",
    "return": "CVP",
    "sign": "CVP",
    "book": "VT",
    "number": "VT",
    "issue": "VT",
    "dispatch": "VT",
    "ack": "VT",
    "publish": "VT",
    "recall": "CVP",
    "supersede": "TCHCQT",
    "bring": "TCHCQT",
    "unbring": "TCHCQT",
    "settle": "TCHCQT",
    "unsettle": "TCHCQT",
}
OF_A_UNIT = {"confirm", "comment"}  # the unit that speaks is the one that decides


@pytest.fixture(scope="module", autouse=True)
def _registered() -> None:
    """The command line as it is put together."""
    assert doithoai("report", "--help").code == 0


def options(verb: str) -> dict[str, object]:
    """The options of a verb by name, each with its default."""
    found = typer.main.get_command(report).commands[verb]  # type: ignore[attr-defined]
    return {each.name: each.default for each in found.params}


@pytest.mark.parametrize("verb", sorted(RECORDING))
def test_who_decides_where_and_when_is_said_alike(verb: str) -> None:
    found = options(verb)
    assert found.keys() >= SHARED | {"office", "by"}
    assert found["by"] == RECORDING[verb]


@pytest.mark.parametrize("verb", sorted(OF_A_UNIT))
def test_where_a_unit_speaks_it_is_that_unit_which_decides(verb: str) -> None:
    found = options(verb)
    assert found.keys() >= SHARED | {"office", "unit"}
    assert "by" not in found


def test_a_verb_says_what_it_asks_and_whose_unit_decides_is_checked_before_anything_is_opened() -> None:
    app = typer.Typer()
    asked: list[str] = []

    @app.command()
    @asks(by="TCHCQT")
    def lock(office: Office) -> Asked:
        """Lock it."""
        asked.append(office)
        return Asked(office, "request_lock", {"report": "report-VPUB-2023"}, Role.HUB)

    result = CliRunner().invoke(app, ["--office", "VPUB", "--by", "phòng th"])
    assert (result.exit_code, asked) == (2, ["VPUB"])
    assert "is the key of a unit" in re.sub(r"\s+", " ", result.output)


def test_who_is_no_person_records_nothing() -> None:
    answer = doithoai("report", "lock", "--office", "VPUB", "--period", "2023", "--actor", "Lò Văn B")
    assert answer.code == 2
    assert "is an id of small letters" in answer.err
