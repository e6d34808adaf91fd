"""Keys and signatures from the command line: made, listed, used, replaced and checked; a signed copy is handed in."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from deploy import sonla
from deploy.house import INIT
from deploy.sample import SEED
from shared.ids import SeededIds
from shared.papers import keys
from tests.support.commandline import doithoai, done
from tests.support.outside import signed_outside

OFFICE = ("--office", "VPUB")
H1 = (*OFFICE, "--period", "2023-H1")
AT = ("--at", "2024-01-15T08:00:00+07:00")


@pytest.fixture
def own_year(year: Path, tmp_path: Path) -> Path:
    """The played year 2023 to write in."""
    return Path(shutil.copytree(year, tmp_path / "year"))


def private_of(office: str) -> str:
    """The private half that the sample's seed gives an office."""
    asked = sorted(sonla.commands(), key=lambda each: each["command"] == "publish_calendar")
    wanted = {"command": "make_signing_key", "data": {"office": office}}
    return keys.fresh(SeededIds(SEED), office, f"{INIT}/{asked.index(wanted)}")


def listed(data: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done("keys", "list", *OFFICE, "--json", data=data).json
    return found


def plan_of(data: Path) -> str:
    found: list[dict[str, Any]] = done("documents", *OFFICE, "--json", data=data).json
    [plan] = [each["id"] for each in found if each["kind"] == "ke_hoach"]
    return str(plan)


def test_the_key_of_a_seeded_installation_is_always_the_same_and_its_private_half_lies_nowhere_in_clear(year: Path) -> None:
    private = private_of("VPUB")
    assert [each["public"] for each in listed(year)] == [keys.public_of(private)]
    lying = b"".join(each.read_bytes() for each in year.rglob("*") if each.is_file())
    assert keys.public_of(private).encode() in lying
    for clear in (private.encode(), bytes.fromhex(private)):
        assert clear not in lying


def test_papers_and_reports_of_the_year_are_signed_and_stay_valid_after_the_key_is_replaced(own_year: Path) -> None:
    plan, [first] = plan_of(own_year), listed(own_year)
    before = done("document", "verify", plan, *OFFICE, "--json", data=own_year).json
    assert (before["verdict"], before["key"]) == ("valid", first["key"])
    done("keys", "make", *OFFICE, *AT, data=own_year)
    assert listed(own_year) == [first]
    done("keys", "make", *OFFICE, "--replacing", first["key"], *AT, data=own_year)
    retired, second = listed(own_year)
    assert (retired["key"], retired["last"], second["last"]) == (first["key"], "2024-01-15", None)
    assert done("document", "verify", plan, *OFFICE, "--json", data=own_year).json == before
    report = done("report", "verify", *H1, data=own_year)
    assert "chữ ký hợp lệ" in report.out
    done("keys", "retire", second["key"], *OFFICE, *AT, data=own_year)
    assert [each["last"] for each in listed(own_year)] == ["2024-01-15", "2024-01-15"]
    unknown = doithoai("keys", "retire", "7a" * 16, *OFFICE, *AT, data=own_year)
    assert (unknown.code, "unknown-signing-key" in unknown.err) == (1, True)


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        (lambda said: said["by_key"].update(signature="00" + said["by_key"]["signature"][2:]), "altered"),
        (lambda said: said.update(content="6f" * 32), "altered"),
        (lambda said: said["by_key"].update(key="7a" * 16), "unknown-key"),
        (lambda said: said.update(by_key=None), "signature-missing"),
    ],
    ids=["signature", "content", "key", "none"],
)
def test_whatever_is_changed_of_a_signature_in_the_database_is_found(own_year: Path, changed: Any, verdict: str) -> None:
    plan = plan_of(own_year)
    with sqlite3.connect(own_year / "assignment.db") as database:
        asked = "select data from event where stream = ? and type = 'document.signed'"
        (data,) = database.execute(asked, (plan,)).fetchone()
        said = json.loads(data)
        changed(said)
        database.execute(
            "update event set data = ? where stream = ? and type = 'document.signed'", (json.dumps(said).encode(), plan)
        )
    database.close()
    found = doithoai("document", "verify", plan, *OFFICE, "--json", data=own_year)
    assert (found.json["verdict"], found.code) == (verdict, 1)
    assert doithoai("verify", "--json", data=own_year).code != 0  # and the hash chain says so in any case


def test_a_signed_copy_is_refused_once_the_paper_was_sent(own_year: Path, tmp_path: Path) -> None:
    plan, made, outside = plan_of(own_year), tmp_path / "plan.pdf", tmp_path / "plan-signed.pdf"
    done("document", "render", plan, *OFFICE, "--out", made, data=own_year)
    outside.write_bytes(signed_outside(made.read_bytes()))
    sent = doithoai("document", "attach-signed", plan, outside, *OFFICE, data=own_year)
    assert (sent.code, "sent" in sent.err) == (1, True)
    unsigned = doithoai("document", "attach-signed", plan, made, *OFFICE, data=own_year)
    assert (unsigned.code, "no digital signature" in unsigned.err) == (1, True)
    report = doithoai("report", "attach-signed", *H1, made, data=own_year)
    assert (report.code, "no digital signature" in report.err) == (1, True)
