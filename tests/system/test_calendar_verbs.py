"""`doithoai calendar due|explain`: the day a deadline falls on, and how it was counted, with no installation at hand."""

import json

import pytest
from typer.testing import CliRunner

from deploy.cli import app

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
