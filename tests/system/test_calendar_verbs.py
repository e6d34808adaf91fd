"""`doithoai calendar due|explain`: the day a deadline falls on, and how it was counted, with no installation at hand."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from shared.calendar import RULES
from tests.support.commandline import done

RUNNER = CliRunner()


def said(*arguments: str) -> str:
    result = RUNNER.invoke(app, ["calendar", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("arguments", "day"),
    [
        (("--from", "2023-01-13", "--working-days", "10"), "2023-02-03"),
        (("--from", "2023-02-17", "--days", "15"), "2023-03-06"),
        (("--from", "2023-02-17", "--rule", "carry_out_complex"), "2023-03-20"),
        (("--from", "2023-06-10", "--before"), "2023-06-09"),
        (("--from", "2023-11-20", "--before"), "2023-11-17"),
    ],
)
def test_the_day_a_deadline_falls_on(arguments: tuple[str, ...], day: str) -> None:
    assert said("due", *arguments).strip() == day


def test_an_office_counts_by_what_it_published_and_which_version_is_said(own_made: Path) -> None:
    asked = ("calendar", "due", "--from", "2023-01-13", "--rule", "disseminate")
    shipped = done(*asked, "--office", "VPUB", data=own_made)
    assert (shipped.out.strip(), "VN-2021-2027.1 · 2023.1" in shipped.err) == ("2023-02-03", True)
    rules = [{"rule": code, "days": 3, "counting": each.counting.value} for code, each in RULES[0].deadlines.items()]
    line = {
        "at": "2023-01-09T08:00:00+07:00",
        "office": "VPUB",
        "actor": "quan-tri",
        "unit": "VPUB",
        "capacity": "administrator",
        "command": "publish_rules",
        "data": {"office": "VPUB", "version": "VPUB-2023.2", "rules": rules, "valid_from": "2023-01-10"},
    }
    done("do", "-", data=own_made, stdin=json.dumps(line, ensure_ascii=False) + "\n")
    published = done(*asked, "--office", "VPUB", data=own_made)
    assert (published.out.strip(), "VPUB-2023.2" in published.err) == ("2023-01-18", True)
    assert "VPUB-2023.2" in done("calendar", "explain", *asked[2:], "--office", "VPUB", data=own_made).out
    assert said("due", *asked[2:]).strip() == "2023-02-03"
    refused = RUNNER.invoke(app, [*asked, "--data", str(own_made)])
    assert refused.exit_code == 2


def test_a_deadline_is_explained_day_by_day() -> None:
    text = said("explain", "--from", "2023-02-17", "--rule", "carry_out")
    assert "2023-03-05  Ngày nghỉ hằng tuần" in text
    assert "2023-03-04 → 2023-03-06" in text
    assert "VN-2021-2027.1" in text
    assert "2023.1" in text
    assert "Tết Nguyên đán" in said("explain", "--from", "2023-01-13", "--rule", "notice")


def test_the_explanation_is_data_too() -> None:
    found = json.loads(said("explain", "--from", "2023-01-13", "--rule", "notice", "--json"))
    assert found["due"]["day"] == "2023-01-27"
    assert {"day": "2023-01-20", "why": "Tết Nguyên đán"} in found["passed"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2023-01-13"),
        ("--from", "2023-01-13", "--rule", "notice", "--days", "3"),
        ("--from", "2023-01-13", "--rule", "no-such"),
        ("--from", "yesterday", "--days", "3"),
        ("--from", "2023-01-13", "--days", "-1"),
    ],
)
def test_what_cannot_be_counted_is_a_wrong_option(arguments: tuple[str, ...]) -> None:
    assert RUNNER.invoke(app, ["calendar", "due", *arguments]).exit_code == 2
