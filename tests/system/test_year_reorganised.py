"""The year 2025 as its sample plays it: what each reorganisation did to the work in flight, and under whose name it stands."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.demo import embedded
from deploy.sample import OFFICE, REORGANISED
from shared.clock import VIETNAM
from tests.support.commandline import done

YEAR: Final = ("--from", "2025-02-01", "--to", "2025-12-31")
MARCH, JULY = "2025-03-01T00:00:00+07:00", "2025-07-01T00:00:00+07:00"
DISTRICTS: Final = ("QNH", "TCH", "MLA", "BYE", "PYE", "MCH", "YCH", "MSO", "SMA", "SCO", "VHO")

# Each has an answer to draft and a conclusion to carry out; the board's appraisal is one task.
TRANSFERRED_IN_MARCH: Final[Mapping[tuple[str, str], int]] = {
    ("STNMT", "SNNMT"): 2,
    ("SGTVT", "SXD"): 2,
    ("SLDTBXH", "SNV"): 2,
    ("SLDTBXH", "SNNMT"): 2,
    ("SLDTBXH", "SYT"): 2,
    ("STTTT", "SKHCN"): 2,
    ("BDT", "SDTTG"): 2,
    ("SNV", "SDTTG"): 2,
    ("KSTTHC", "TTHCC"): 2,
    ("BDVTU", "BTGDVTU"): 1,
}
WAITING_AT_THE_END: Final[Mapping[str, int]] = {"PYE": 2, "SMA": 2, "SCO": 2, "MCH": 2}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which the year 2025 was played, everything checked as in the demonstration; only to be read."""
    folder = tmp_path_factory.mktemp("reorganised")
    asyncio.run(embedded.play(REORGANISED, folder / "data", folder / "out", lambda _step: None))
    return folder / "data"


@pytest.fixture(scope="module")
def history(year: Path) -> Sequence[Mapping[str, Any]]:
    """Every event of the assignment service."""
    events: Sequence[Mapping[str, Any]] = done("events", "--service", "assignment", data=year).lines
    return events


def of_type(history: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    return [event for event in history if event["type"].rpartition(".v")[0] == name]


def at(event: Mapping[str, Any]) -> str:
    return datetime.fromisoformat(event["recorded_at"]).astimezone(VIETNAM).isoformat()


def holders(history: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The unit that holds each task, or held it last."""
    found = {event["stream"]: event["data"]["unit"] for event in of_type(history, "task.assigned")}
    return found | {event["stream"]: event["data"]["unit"] for event in of_type(history, "task.transferred")}


def table(year: Path, name: str, *options: str, office: str = OFFICE) -> Any:
    return done("figures", "--office", office, *YEAR, "--table", name, *options, "--json", data=year).json


def test_nothing_of_the_year_is_parked_and_its_logs_are_sound(year: Path) -> None:
    assert done("dlq", "list", "--json", data=year).json == []
    done("verify", data=year)


def test_a_town_that_changes_its_name_keeps_its_work(history: Sequence[Mapping[str, Any]]) -> None:
    given = [event for event in of_type(history, "task.assigned") if event["data"]["unit"] == "MCH"]
    assert len([event for event in given if at(event) < "2025-02-01"]) == 2
    assert [event for event in of_type(history, "task.transferred") if at(event).startswith("2025-02")] == []


def test_the_mergers_of_march_move_open_work_by_its_field_at_the_first_instant_of_their_day(
    history: Sequence[Mapping[str, Any]],
) -> None:
    moved = [event for event in of_type(history, "task.transferred") if at(event) == MARCH]
    assert Counter((event["data"]["former"], event["data"]["unit"]) for event in moved) == TRANSFERRED_IN_MARCH
    assert all(event["data"]["succession"] == event["data"]["former"] and event["data"]["basis"] for event in moved)


def test_work_of_a_department_that_was_split_and_belongs_to_no_field_waits_for_a_person(
    history: Sequence[Mapping[str, Any]],
) -> None:
    queued = [event for event in of_type(history, "reorganisation.queued") if at(event) == MARCH]
    assert [(event["data"]["unit"], event["data"]["field"]) for event in queued] == [("SLDTBXH", None)]
    [settled] = [event for event in of_type(history, "reorganisation.settled") if at(event) < "2025-07"]
    assert (settled["data"]["about"], settled["data"]["to"]) == (queued[0]["data"]["about"], "SNV")


def test_what_a_department_keeps_when_it_gives_one_field_away_stays(history: Sequence[Mapping[str, Any]]) -> None:
    given = {event["stream"] for event in of_type(history, "task.assigned") if event["data"]["unit"] == "SNV"}
    assert Counter(holders(history)[task] for task in given) == {"SDTTG": 2, "SNV": 3}


def test_in_july_all_work_of_the_districts_waits_for_a_person(history: Sequence[Mapping[str, Any]]) -> None:
    queued = [event for event in of_type(history, "reorganisation.queued") if at(event) == JULY]
    waiting = Counter(event["data"]["unit"] for event in queued if event["data"]["office"] == OFFICE)
    assert waiting == {**dict.fromkeys(DISTRICTS, 2), "MCH": 4}
    of_mai_son = Counter(event["data"]["unit"] for event in queued if event["data"]["office"] == "UBND-MSO")
    assert of_mai_son == {"MSO-NNPTNT": 1, "MSO-TNMT": 1, "MSO-KTHT": 1}
    assert [event for event in of_type(history, "task.transferred") if at(event) == JULY] == []


def test_a_person_gives_it_to_a_commune_or_up_to_a_department(history: Sequence[Mapping[str, Any]]) -> None:
    taken = Counter(event["data"]["to"] for event in of_type(history, "reorganisation.settled") if at(event) > JULY)
    assert taken == {
        "X-QUYNH-NHAI": 2,
        "X-THUAN-CHAU": 2,
        "SXD": 2,
        "X-BAC-YEN": 2,
        "X-CHIENG-SON": 4,  # of two former districts
        "X-YEN-CHAU": 2,
        "SNNMT": 2,
        "X-MAI-SON": 1,
    }


def test_what_nobody_decided_about_still_waits_at_the_end_of_the_year(history: Sequence[Mapping[str, Any]]) -> None:
    settled = {event["data"]["about"] for event in of_type(history, "reorganisation.settled")}
    waiting = [event["data"] for event in of_type(history, "reorganisation.queued") if event["data"]["about"] not in settled]
    assert Counter(each["unit"] for each in waiting if each["office"] == OFFICE) == WAITING_AT_THE_END
    assert Counter(each["unit"] for each in waiting if each["office"] == "UBND-MSO") == {"MSO-TNMT": 1, "MSO-KTHT": 1}


def test_work_that_was_done_is_left_alone(history: Sequence[Mapping[str, Any]]) -> None:
    ended: dict[str, str] = {}
    for event in of_type(history, "task.completed"):
        ended[event["stream"]] = at(event)
    moved = of_type(history, "task.transferred") + of_type(history, "reorganisation.queued")
    assert [event for event in moved if ended.get(event["data"].get("about", event["stream"]), "9999") < at(event)] == []
    # The bridge of Phù Yên and the drains of the city of Sơn La, done just before.
    last = {holder for task, holder in holders(history).items() if task in ended and ended[task] < JULY}
    assert {"SKHDT", "TPSL", "KSTTHC"} <= last


def test_no_due_date_moved_with_the_work(history: Sequence[Mapping[str, Any]]) -> None:
    moved = {(event["stream"], event["recorded_at"]) for event in of_type(history, "task.transferred")}
    dated = of_type(history, "task.due_set") + of_type(history, "task.extension_granted")
    assert {(event["stream"], event["recorded_at"]) for event in dated} & moved == set()


def test_the_history_of_a_task_stays_one_history(history: Sequence[Mapping[str, Any]]) -> None:
    moved = {event["stream"] for event in of_type(history, "task.transferred")}
    for task in moved:
        [assigned] = [event for event in of_type(history, "task.assigned") if event["stream"] == task]
        assert assigned["version"] == 1


def rows_of(found: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """What came in and what was resolved, by the key of the row."""
    return {row["key"]: (row["B1"], row["I"]) for row in found["rows"] if row["C"]}


def test_figures_stand_under_the_units_as_they_were(year: Path) -> None:
    assert rows_of(table(year, "bieu-03")) == {"TCHCQT": (4, 1), "KSTTHC": (1, 1), "TTHCC": (3, 3)}


def test_and_under_their_successors_when_asked_so(year: Path) -> None:
    found = table(year, "bieu-03", "--units", "now")
    assert rows_of(found) == {"TCHCQT": (4, 1), "TTHCC": (4, 4)}
    assert [(each["unit"], each["to"]) for each in found["rolled"]] == [("KSTTHC", ["TTHCC"])]
    assert found["units_on"] == "2025-12-15"


def test_either_way_they_add_up_to_the_same(year: Path) -> None:
    was, now = table(year, "bieu-03"), table(year, "bieu-03", "--units", "now")
    assert was["total"] == now["total"]
    assert was["total"]["B1"] == 8


def test_the_figures_of_a_district_that_is_no_more_can_still_be_told(year: Path) -> None:
    found = done(
        *("figures", "--office", "UBND-MSO", "--from", "2025-02-01", "--to", "2025-06-30", "--table", "bieu-03", "--json"),
        data=year,
    ).json
    assert (found["total"]["B1"], found["total"]["I"], found["total"]["J"]) == (4, 1, 3)
