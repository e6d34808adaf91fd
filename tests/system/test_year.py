"""The year 2023 of the plan, played by the demonstration: its figures are those of the walkthrough, and nothing is parked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.sample import OFFICE
from tests.support.commandline import doithoai, done

# As known at the lock of 02/6/2023: what a unit that worked offline handed in on 12/6 is not in it.
SIX_MONTHS: Final = ("--from", "2023-01-04", "--to", "2023-05-31", "--as-of", "2023-06-02T17:00:00+07:00")
WHOLE_YEAR: Final = ("--from", "2023-01-04", "--to", "2023-10-31")

# Typed from the walkthrough (year.md §3), never computed.
DIALOGUES: Final = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10a", "10b", "10c", "11")
OPINIONS: Final = ("A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H", "I", "I1", "I2", "J", "J1", "J2", "T1", "T2", "T3")
CONCLUSIONS: Final = ("given", "done_in_time", "done_late", "open_in_time", "open_late", "urged", "extended")
DIALOGUES_BY_TRIGGER: Final[Mapping[str, Sequence[int]]] = {
    "A1/dinh_ky": (0, 3, 0, 2, 1, 0, 140, 5, 2, 3, 0, 0, 0, 1),
    "A2/theo_yeu_cau": (0, 0, 1, 1, 0, 0, 9, 2, 0, 1, 0, 1, 0, 1),
    "A2/dot_xuat": (0, 0, 1, 1, 0, 0, 31, 4, 1, 1, 0, 1, 1, 1),
}
DIALOGUES_OF_SIX_MONTHS: Final = (0, 3, 2, 4, 1, 0, 180, 11, 3, 5, 0, 2, 1, 3)
DIALOGUES_OF_THE_YEAR: Final = (0, 3, 2, 5, 0, 0, 275, 12, 4, 5, 0, 2, 1, 4)
OPINIONS_OF_SIX_MONTHS: Final[Mapping[str, Sequence[Any]]] = {
    "noi_bo": (0, 0, 6, 0, 6, 0, 0, 0, 0, 6, 5, 4, 1, 1, 0, 1, "83.3", "80.0", "66.7"),
    "nhan_dan": (0, 0, 7, 0, 7, 1, 2, 0, 1, 3, 2, 2, 0, 1, 1, 0, "66.7", "100.0", "100.0"),
    "total": (0, 0, 13, 0, 13, 1, 2, 0, 1, 9, 7, 6, 1, 2, 1, 1, "77.8", "85.7", "75.0"),
}
OPINIONS_OF_THE_YEAR: Final[Mapping[str, Sequence[Any]]] = {
    "noi_bo": (0, 0, 9, 1, 10, 0, 0, 1, 0, 9, 9, 7, 2, 0, 0, 0, "100.0", "77.8", "77.8"),
    "nhan_dan": (0, 0, 8, 0, 8, 1, 2, 0, 1, 4, 3, 3, 0, 1, 1, 0, "75.0", "100.0", "100.0"),
    "total": (0, 0, 17, 1, 18, 1, 2, 1, 1, 13, 12, 10, 2, 1, 1, 0, "92.3", "83.3", "83.3"),
}
# No report is made of the second half: it checks what the locked one of the first half hands on.
SECOND_HALF: Final = ("--from", "2023-06-01", "--to", "2023-10-31")
OPINIONS_OF_THE_SECOND_HALF: Final = (2, 1, 3, 1, 7, 0, 0, 1, 0, 6, 5, 4, 1, 1, 1, 0, "83.3", "80.0", "80.0")
CONCLUSIONS_OF_SIX_MONTHS: Final = (4, 2, 1, 1, 0, 1, 1)
CONCLUSIONS_OF_THE_YEAR: Final = (4, 3, 1, 0, 0, 1, 1)

# Lock, draft, comments, submission, signature, dispatch (year.md §2.6, §2.8).
H1_DAYS: Final = ("2023-06-02", "2023-06-05", "2023-06-06", "2023-06-07", "2023-06-08", "2023-06-09")
YEAR_DAYS: Final = ("2023-11-10", "2023-11-13", "2023-11-14", "2023-11-15", "2023-11-16", "2023-11-17")


def table(year: Path, name: str, window: Sequence[str], *options: str) -> Any:
    """A table as the command line prints it; the verb fails where an identity does."""
    return done("figures", "--office", OFFICE, *window, "--table", name, *options, "--json", data=year).json


def columns(row: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


@pytest.mark.parametrize("trigger", DIALOGUES_BY_TRIGGER)
def test_the_dialogues_of_six_months_stand_under_their_triggers(year: Path, trigger: str) -> None:
    rows = {row["key"]: row for row in table(year, "bieu-01", SIX_MONTHS)["rows"]}
    assert columns(rows[trigger], DIALOGUES) == DIALOGUES_BY_TRIGGER[trigger]


@pytest.mark.parametrize(
    ("window", "expected"), [(SIX_MONTHS, DIALOGUES_OF_SIX_MONTHS), (WHOLE_YEAR, DIALOGUES_OF_THE_YEAR)], ids=["6-thang", "nam"]
)
def test_the_dialogues_of_the_report_are_those_of_the_walkthrough(
    year: Path, window: Sequence[str], expected: Sequence[int]
) -> None:
    assert columns(table(year, "bieu-01", window)["total"], DIALOGUES) == expected


@pytest.mark.parametrize(
    ("window", "expected"), [(SIX_MONTHS, OPINIONS_OF_SIX_MONTHS), (WHOLE_YEAR, OPINIONS_OF_THE_YEAR)], ids=["6-thang", "nam"]
)
def test_the_opinions_of_the_report_are_those_of_the_walkthrough(
    year: Path, window: Sequence[str], expected: Mapping[str, Sequence[Any]]
) -> None:
    found = table(year, "bieu-02", window)
    rows = {row["key"]: columns(row, OPINIONS) for row in (*found["subtotals"], found["total"])}
    rows["total"] = columns(found["total"], OPINIONS)
    assert {key: rows[key] for key in expected} == dict(expected)


def test_the_second_half_carries_on_what_the_locked_six_months_left_open(year: Path) -> None:
    found = table(year, "bieu-02", SECOND_HALF)
    assert columns(found["total"], OPINIONS) == OPINIONS_OF_THE_SECOND_HALF
    assert (found["predecessor"], found["total"]["A1_late"], found["total"]["A1_moved"]) == ("report-VPUB-2023-H1", 1, 0)
    dialogues = table(year, "bieu-01", SECOND_HALF)["total"]
    assert columns(dialogues, ("0", "0'", "1", "2", "3", "4", "5", "6")) == (1, 0, 0, 0, 1, 0, 0, 95)
    printed = done("figures", "--office", OFFICE, *SECOND_HALF, "--table", "bieu-02", data=year).out
    assert "lấy từ report-VPUB-2023-H1 đã chốt; A′ = +1 ghi nhận sau khi chốt, +0 chuyển dòng" in " ".join(printed.split())
    [late] = done("figures", "--office", OFFICE, *SECOND_HALF, "--open", "bieu-02/total/A1", "--json", data=year).json["episodes"]
    assert (late["change"], late["why"]["code"]) == (1, "late")
    shown = done("figures", "--office", OFFICE, *SECOND_HALF, "--open", "bieu-02/total/A1", data=year).out
    assert "Nay mới biết: còn tồn khi kỳ trước kết thúc" in shown


def test_a_dialogue_is_opened_from_the_locked_report_down_to_its_events(year: Path) -> None:
    figures = ("figures", "--office", OFFICE)
    opened = done(*figures, "--open", "bieu-01/total/3@2023-H1", "--json", data=year).json
    assert opened == done(*figures, "--open", "bieu-01/total/3", "--period", "2023-H1", "--json", data=year).json
    held = table(year, "bieu-01", ("--period", "2023-H1"))["total"]["3"]
    assert (opened["cell"], opened["value"], len(opened["counted"])) == ("bieu-01/total/3@2023-H1", held, held)
    [event] = [opened["counted"][0]["because"]["3"]]
    found = done("events", "--service", "assignment", "--after", event["position"] - 1, "--limit", 1, "--json", data=year)
    assert f'"stream":"{event["stream"]}"' in found.out.replace(": ", ":")
    assert "Đã tổ chức trong kỳ" in done(*figures, "--open", "bieu-01/total/3@2023-H1", data=year).out
    name = opened["counted"][0]["name"]
    why = done(*figures, "--period", "2023-H1", "--why", name, "--json", data=year).json
    assert "bieu-01/total/3" in {each["cell"] for each in why["cells"]}
    assert "Được tính trong kỳ" in done(*figures, "--period", "2023-H1", "--why", name, data=year).out
    twice = doithoai(*figures, "--open", "bieu-01/total/3@2023-H1", "--period", "2023", data=year)
    assert (twice.code, "--period" in twice.err) == (2, True)


def test_the_figures_of_a_period_are_those_that_its_report_locked(year: Path) -> None:
    locked = table(year, "bieu-02", ("--period", "2023-H1"))
    assert columns(locked["total"], OPINIONS) == OPINIONS_OF_SIX_MONTHS["total"]
    today = table(year, "bieu-02", ("--period", "2023-H1", "--as-of", "2023-12-31T00:00:00+07:00"))
    assert today["total"]["B1"] == locked["total"]["B1"] + 1  # handed in offline, recorded after the lock
    neither = doithoai("figures", "--office", OFFICE, data=year)
    assert (neither.code, "--period" in neither.err) == (2, True)
    never = doithoai("figures", "--office", OFFICE, "--period", "2024", data=year)
    assert never.code == 1


@pytest.mark.parametrize(("period", "days", "number"), [("2023-H1", H1_DAYS, "45/BC-VPUB"), ("2023", YEAR_DAYS, "92/BC-VPUB")])
def test_both_reports_of_the_year_went_their_way_in_time(year: Path, period: str, days: Sequence[str], number: str) -> None:
    one = done("report", "status", "--office", OFFICE, "--period", period, "--json", data=year).json
    assert (one["state"], one["number"], one["sent_on"], one["in_time"]) == ("acknowledged", number, days[-1], True)
    assert [(step["done_on"], step["late"]) for step in one["ladder"]] == [(day, False) for day in days]
    must = [line for line in one["paper"]["recipients"] if line["mandatory"]]
    assert [(line["recipient"], line["delivered"]) for line in must] == [("UBND-T", True), ("BDVTU", True)]


def test_what_nobody_has_classified_at_the_end_of_the_year_stands_in_the_row_that_closes_the_table(year: Path) -> None:
    closing = table(year, "bieu-02", WHOLE_YEAR)["rows"][-1]
    assert closing["label"] == "Chưa phân loại"
    # One was withdrawn before anybody classified it, one came on the last day.
    assert (closing["B1"], closing["F"], closing["J"], closing["J1"]) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("window", "expected"),
    [(SIX_MONTHS, CONCLUSIONS_OF_SIX_MONTHS), (WHOLE_YEAR, CONCLUSIONS_OF_THE_YEAR)],
    ids=["6-thang", "nam"],
)
def test_the_conclusions_of_the_report_are_those_of_the_walkthrough(
    year: Path, window: Sequence[str], expected: Sequence[int]
) -> None:
    assert columns(table(year, "bieu-05", window)["total"], CONCLUSIONS) == expected


@pytest.mark.parametrize("window", [SIX_MONTHS, WHOLE_YEAR], ids=["6-thang", "nam"])
def test_letters_that_urge_an_answer_have_a_line_of_their_own(year: Path, window: Sequence[str]) -> None:
    assert table(year, "urging", window)["total"]["letters"] == 2


def test_the_chairmans_dialogue_stands_on_a_line_of_its_own(year: Path) -> None:
    line = table(year, "track-b", WHOLE_YEAR)["total"]
    counted = {"proposals": 3, "appraised": 3, "agreed": 2, "3": 1, "6": 64, "7": 3, "8": 1, "9": 2, "11": 1}
    assert {name: line[name] for name in counted} == counted


@pytest.mark.parametrize("window", [SIX_MONTHS, WHOLE_YEAR], ids=["6-thang", "nam"])
def test_two_asked_for_a_dialogue_and_one_was_refused(year: Path, window: Sequence[str]) -> None:
    line = table(year, "requests", window)["total"]
    assert (line["received"], line["accepted"], line["refused"]) == (2, 1, 1)


def test_every_unit_was_told_of_the_plan(year: Path) -> None:
    line = table(year, "dissemination", WHOLE_YEAR)["total"]
    assert (line["given"], line["done"], line["open"]) == (12, 12, 0)


def _events(data: Path, service: str, *names: str) -> list[Any]:
    lines = done("events", "--service", service, data=data).lines
    return [event for event in lines if event["type"].rpartition(".v")[0] in names]


def test_nothing_of_the_year_is_parked_and_its_logs_are_sound(year: Path) -> None:
    assert done("dlq", "list", "--json", data=year).json == []
    done("verify", data=year)


def test_every_unit_handed_in_its_list_or_none_and_one_stayed_silent(year: Path) -> None:
    assert len(_events(year, "intake", "consolidation.opened")) == 24
    submitted = _events(year, "intake", "consolidation.submitted")
    assert len(submitted) == 23
    assert sum(event["data"]["nil"] for event in submitted) == 20


def test_the_hub_sees_which_unit_stayed_silent_before_which_meeting(year: Path) -> None:
    conference, briefing = done("rounds", "--office", OFFICE, "--json", data=year).json
    assert [(each["due"], each["asked"], each["with_opinions"], each["nil"]) for each in (conference, briefing)] == [
        ("2023-01-31", 12, 2, 10),
        ("2023-01-06", 12, 1, 10),
    ]
    assert conference["missing"] == []
    (silent,) = briefing["missing"]
    (listed,) = done("consolidations", "--office", OFFICE, "--missing", "--json", data=year).json
    assert (listed["id"], listed["unit"], listed["label"]) == (silent["id"], silent["unit"], "Chưa nộp")
    assert listed["days_over"] == silent["days_over"] > 0
    printed = done("rounds", "--office", OFFICE, data=year).out
    assert f"{silent['unit']} · {silent['unit_label']} (+{silent['days_over']})" in printed


def test_what_was_raised_in_the_room_has_a_receipt_of_its_own(year: Path) -> None:
    raised = _events(year, "assignment", "item.raised")
    receipts = _events(year, "intake", "opinion.receipt_recorded")
    assert len(raised) == 9
    assert {event["stream"] for event in receipts} == {event["data"]["opinion"] for event in raised}
