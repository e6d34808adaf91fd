"""The year 2023 of the plan, played as a script: every unit's round is in, every dialogue held, nothing parked."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from deploy import sample
from tests.support.commandline import done


@pytest.fixture(scope="module")
def year(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which the year was played; only to be read."""
    data = tmp_path_factory.mktemp("year") / "data"
    shutil.copytree(made, data)
    done("do", sample.script(sample.YEAR), data=data)
    return data


def _events(data: Path, service: str, *names: str) -> list[Any]:
    wanted = {f"{name}.v1" for name in names}
    return [event for event in done("events", "--service", service, data=data).lines if event["type"] in wanted]


def test_nothing_of_the_year_is_parked_and_its_logs_are_sound(year: Path) -> None:
    assert done("dlq", "list", "--json", data=year).json == []
    done("verify", data=year)


def test_every_unit_handed_in_its_list_or_none_and_one_stayed_silent(year: Path) -> None:
    assert len(_events(year, "intake", "consolidation.opened")) == 24
    submitted = _events(year, "intake", "consolidation.submitted")
    assert len(submitted) == 23
    assert sum(event["data"]["nil"] for event in submitted) == 20


def test_what_was_raised_in_the_room_has_a_receipt_of_its_own(year: Path) -> None:
    raised = _events(year, "assignment", "item.raised")
    receipts = _events(year, "intake", "opinion.receipt_recorded")
    assert len(raised) == 9
    assert {event["stream"] for event in receipts} == {event["data"]["opinion"] for event in raised}
