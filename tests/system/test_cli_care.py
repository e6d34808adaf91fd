"""An operator's care: read models built anew and compared, and events that were parked because they could not be handled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.commandline import doithoai, done
from tests.support.spoiling import execute, refusing_table, tables_of
from tests.support.story import classified, jsonl, received

PROJECTIONS: Final = {
    "opinions": "intake",
    "intake_directory": "intake",
    "cases": "assignment",
    "unit_tasks": "assignment",
    "assignment_directory": "assignment",
    "milestone": "reporting",
    "reporting_directory": "reporting",
}
SPOILED: Final = ("opinions", "intake/sonla")
PARKED: Final = (
    received("2023-03-01T09:00", "P-1", local_id="SPOILED"),
    received("2023-03-01T09:10", "P-2"),
    classified("2023-03-01T09:20", "P-1", "giao-thong"),
)


def letters(data: Path, *words: str) -> list[tuple[int, str]]:
    """Position and fault of everything parked, in order."""
    return [(letter["position"], letter["error"]) for letter in done("dlq", "list", "--json", *words, data=data).json]


@pytest.fixture
def parked(own_played: Path) -> Iterator[Path]:
    """A directory in which one opinion could not be projected, and the table still refuses it."""
    with refusing_table(own_played, "intake", "opinions_opinion", "new.local_id = 'SPOILED'"):
        done("do", "-", data=own_played, stdin=jsonl(*PARKED))
        yield own_played


@pytest.fixture
def mended(own_played: Path) -> Path:
    """The same, once the table takes everything again."""
    with refusing_table(own_played, "intake", "opinions_opinion", "new.local_id = 'SPOILED'"):
        done("do", "-", data=own_played, stdin=jsonl(*PARKED))
    return own_played


def test_every_read_model_that_is_built_anew_equals_the_live_one(own_played: Path) -> None:
    for projection in PROJECTIONS:
        found = done("rebuild", projection, "--check", "--json", data=own_played).json
        assert (found["projection"], found["equal"], found["swapped"]) == (projection, True, False)
        assert found["events"] > 0
        assert sum(found["rows"].values()) > 0


@pytest.mark.parametrize(
    ("projection", "tampering"),
    [
        ("opinions", "update opinions_opinion set stage = 'rut' where opinion = (select min(opinion) from opinions_opinion)"),
        ("opinions", "delete from opinions_receipt where receipt_key = (select min(receipt_key) from opinions_receipt)"),
        ("cases", "update cases_case set lead = 'TH' where lead = 'TCHCQT'"),
        ("milestone", "delete from milestone_fact where kind = 'forwarded'"),
        ("reporting_directory", "update reporting_directory_unit_name set name = 'Phòng khác' where unit = 'TH'"),
    ],
)
def test_a_row_that_was_tampered_with_is_found_and_mended_by_building_anew(
    own_played: Path, projection: str, tampering: str
) -> None:
    assert execute(own_played, PROJECTIONS[projection], tampering) == 1
    answer = doithoai("rebuild", projection, "--check", "--json", data=own_played)
    assert (answer.code, answer.json["equal"]) == (1, False)
    swapped = done("rebuild", projection, "--json", data=own_played).json
    assert (swapped["equal"], swapped["swapped"]) == (None, True)
    assert done("rebuild", projection, "--check", "--json", data=own_played).json["equal"] is True


def test_checking_leaves_the_tampered_row_and_no_tables_behind(own_played: Path) -> None:
    execute(own_played, "intake", "update opinions_opinion set stage = 'rut'")
    before = tables_of(own_played, "intake")
    for _ in range(2):
        assert doithoai("rebuild", "opinions", "--check", data=own_played).code == 1
    assert tables_of(own_played, "intake") == before


def test_a_process_is_never_run_again_from_the_start(own_played: Path) -> None:
    answer = doithoai("rebuild", "open-cases", data=own_played)
    assert answer.code == 1
    assert "open-cases has effects outside its tables" in answer.err


def test_what_cannot_be_projected_is_parked_with_what_follows_it_and_all_else_flows_on(parked: Path) -> None:
    assert letters(parked) == [(11, "IntegrityError"), (13, "behind")]
    [first, second] = done("dlq", "list", "--json", data=parked).json
    assert {(letter["service"], letter["subscription"], letter["source"]) for letter in (first, second)} == {("intake", *SPOILED)}
    assert first["stream"] == second["stream"]
    assert (first["type"], second["type"]) == ("opinion.received", "opinion.classified")
    assert "IntegrityError" in done("dlq", "list", data=parked).out
    window = ("--office", "VPUB", "--from", "2023-03-01", "--to", "2023-03-31")
    assert done("figures", *window, "--json", data=parked).json["total"]["B1"] == 2


def test_a_parked_event_is_shown_with_its_pointer_and_no_words(parked: Path) -> None:
    shown = done("dlq", "show", *SPOILED, "11", data=parked)
    assert (shown.json["state"], shown.json["attempts"], shown.json["event"]["position"]) == ("parked", 1, 11)
    assert shown.json["event"]["data"]["local_id"]
    assert "Đề nghị" not in shown.out
    assert doithoai("dlq", "show", *SPOILED, "12", data=parked).code == 1


def test_a_parked_event_is_said_by_the_doctor(parked: Path) -> None:
    answer = doithoai("doctor", "--json", data=parked)
    assert answer.code == 1
    [found] = [row for row in answer.json if row["state"] != "ok"]
    assert (found["what"], found["found"]) == ("parked events", "2")
    assert "doithoai dlq requeue" in found["mend"]


def test_trying_again_before_the_cause_is_mended_parks_it_again(parked: Path) -> None:
    assert done("dlq", "requeue", "opinions", "--json", data=parked).json == {"succeeded": 0}
    assert letters(parked) == [(11, "IntegrityError"), (13, "behind")]
    assert done("dlq", "show", *SPOILED, "11", data=parked).json["attempts"] == 2


def test_trying_again_once_it_is_mended_brings_all_in_their_order(mended: Path) -> None:
    assert done("dlq", "requeue", "opinions", "--json", data=mended).json == {"succeeded": 2}
    assert letters(mended) == []
    assert [position for position, _ in letters(mended, "--state", "requeued")] == [11, 13]
    assert done("rebuild", "opinions", "--check", "--json", data=mended).json["equal"] is True
    done("doctor", data=mended)


def test_one_event_alone_is_tried_only_when_nothing_goes_before_it(mended: Path) -> None:
    early = doithoai("dlq", "requeue", *SPOILED, "13", data=mended)
    assert early.code == 1
    assert "position 11 of intake/sonla is parked under the same key and goes first" in early.err
    assert done("dlq", "requeue", *SPOILED, "11", "--json", data=mended).json == {"succeeded": 1}
    assert letters(mended) == [(13, "behind")]
    assert done("dlq", "requeue", *SPOILED, "13", "--json", data=mended).json == {"succeeded": 1}


def test_an_event_is_given_up_with_a_reason_that_rebuilds_honour(mended: Path) -> None:
    assert doithoai("dlq", "discard", *SPOILED, "11", data=mended).code == 2
    for position in (11, 13):
        discarded = done("dlq", "discard", *SPOILED, position, "--reason", "DUPLICATE_OF_12", "--json", data=mended)
        assert discarded.json == {"discarded": position}
    assert letters(mended) == []
    [first, _] = done("dlq", "list", "--state", "discarded", "--json", data=mended).json
    assert (first["position"], first["reason"]) == (11, "DUPLICATE_OF_12")
    assert done("rebuild", "opinions", "--check", "--json", data=mended).json["equal"] is True
    assert doithoai("dlq", "requeue", *SPOILED, "11", data=mended).code == 1


def test_parked_events_are_passed_over_by_a_rebuild_and_stay_parked(mended: Path) -> None:
    assert done("rebuild", "opinions", "--json", data=mended).json["swapped"] is True
    assert [position for position, _ in letters(mended)] == [11, 13]
    assert done("dlq", "requeue", "opinions", "--json", data=mended).json == {"succeeded": 2}


def test_nothing_is_parked_in_a_healthy_house(played: Path) -> None:
    assert done("dlq", "list", "--json", data=played).json == []
    assert "Nothing is parked." in done("dlq", "list", data=played).out
