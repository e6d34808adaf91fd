"""What an office brings along as numbers is counted like any episode, ends by people's word, and never stands beside opinions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.reporting.domain.figures.brought import Said, balance, brought, open_at, over_at
from services.reporting.domain.figures.columns import Carried, Row, count
from services.reporting.domain.figures.episodes import Status, episodes_of, status_at
from services.reporting.domain.figures.window import window
from services.reporting.domain.opening import commands as asked
from services.reporting.domain.opening import decider
from services.reporting.domain.opening.decider import Bringing
from services.reporting.domain.opening.refusals import (
    LineStands,
    MoreThanRemain,
    NotTheFirstReport,
    OpeningOfAnother,
    OpeningTooLarge,
    SettledOutside,
    StockRecordedBothWays,
)
from services.reporting.domain.report.refusals import ReportNotOpen
from services.reporting.handlers import FOLDS
from shared.contracts.facts import Facts
from shared.contracts.opening import LineRecorded, LineSettled, LineWithdrawn, Outcome, SettlementWithdrawn, Source
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.report import DataLocked, LockRequested, ReportKind, ReportOpened
from shared.contracts.roles import Role
from tests.support.scenario import Rules, sealed

HALF, YEAR, LINES = "report-VPUB-2023-H1", "report-VPUB-2023", "opening-VPUB"
FIRST = date(2023, 1, 4)
TOLD: dict[str, Any] = {
    "at": datetime(2023, 6, 2, tzinfo=UTC),
    "now": datetime(2023, 6, 2, tzinfo=UTC),
    "person": "tchcqt-02",
    "office": "VPUB",
    "unit": "TCHCQT",
    "capacity": Role.HUB,
}
OPENED = ReportOpened(
    office="VPUB",
    kind=ReportKind.SIX_MONTH,
    year=2023,
    first=FIRST,
    last=date(2023, 5, 31),
    before=date(2023, 6, 10),
    plan=None,
)
NAMED: dict[str, Any] = {
    "number": "120/BC-VPUB",
    "dated": date(2022, 12, 30),
    "name": "Báo cáo kết quả đối thoại năm 2022",
    "issuer": "Văn phòng UBND tỉnh Sơn La",
}
PAPER = Source(**NAMED)
LINE = LineRecorded(
    report=HALF,
    first=FIRST,
    line=1,
    count=5,
    field="dat-dai",
    unit="TH",
    locality=None,
    source=SourceGroup.PEOPLE,
    due=date(2023, 2, 10),
    document=PAPER,
)
BRINGING = Bringing(**TOLD, preceded=False, fields=frozenset({"dat-dai"}), units=frozenset({"TH"}), recorded=0)
BRING = asked.RecordOpeningLine(
    office="VPUB",
    report=HALF,
    line=1,
    count=5,
    field="dat-dai",
    unit="TH",
    source=SourceGroup.PEOPLE,
    due=date(2023, 2, 10),
    document=asked.SourceDocument(**NAMED),
)
WITHDRAW = asked.WithdrawOpeningLine(office="VPUB", line=1, reason=sealed())
SETTLE = asked.SettleOpeningLine(
    office="VPUB", line=1, outcome=Outcome.RESOLVED, count=2, on=date(2023, 2, 10), reason=sealed(), document="15/TB-VPUB"
)
UNSETTLE = asked.WithdrawOpeningSettlement(office="VPUB", line=1, settlement=1, reason=sealed())
UNSETTLED = SettlementWithdrawn(line=1, settlement=1, reason=sealed())
SETTLED = LineSettled(line=1, outcome=Outcome.RESOLVED, count=2, on=date(2023, 2, 10), reason=sealed(), document="15/TB-VPUB")


def told(command: Any) -> Any:
    return BRINGING if isinstance(command, asked.RecordOpeningLine) else Facts(**TOLD)


RULES = Rules(folds=FOLDS, decide=decider.decide, told=told)


def brought_along(*events: Any) -> Any:
    return RULES.given({HALF: [OPENED], LINES: list(events)})


def test_lines_stand_once_a_report_of_another_window_has_counted_them() -> None:
    """The six months and the year may both be open, and both count what was brought along from the same day on."""
    counted: dict[str, list[Any]] = {
        HALF: [OPENED],
        YEAR: [replace(OPENED, kind=ReportKind.ANNUAL, last=date(2023, 10, 31)), LockRequested(attempt=1)],
    }
    RULES.given(counted).when(BRING).refuses(NotTheFirstReport)
    withdraw = asked.WithdrawOpeningLine(office="VPUB", line=1, reason=sealed())
    RULES.given({**counted, LINES: [LINE]}).when(withdraw).refuses(ReportNotOpen)


def test_a_first_report_is_given_a_line_with_its_document() -> None:
    brought_along().when(BRING).then({LINES: [LINE]})


def test_the_same_line_again_is_nothing_and_another_under_its_number_is_refused() -> None:
    brought_along(LINE).when(BRING).then({})
    brought_along(LINE).when(replace(BRING, count=6)).refuses(LineStands)


def test_a_line_that_was_wrong_is_withdrawn_and_recorded_anew() -> None:
    brought_along(LINE).when(WITHDRAW).then({LINES: [LineWithdrawn(line=1, reason=sealed())]})
    withdrawn = LineWithdrawn(line=1, reason=sealed())
    brought_along(LINE, withdrawn).when(replace(BRING, count=6)).then({LINES: [replace(LINE, count=6)]})
    brought_along().when(WITHDRAW).refuses(Unknown)


def test_while_its_report_is_being_locked_no_line_is_added_or_withdrawn() -> None:
    locking = RULES.given({HALF: [OPENED, LockRequested(attempt=1)], LINES: [LINE]})
    locking.when(replace(BRING, line=2)).refuses(ReportNotOpen)
    locking.when(WITHDRAW).refuses(ReportNotOpen)


def test_only_a_report_without_one_before_it_is_given_an_opening_balance() -> None:
    brought_along().when(BRING, replace(BRINGING, preceded=True)).refuses(NotTheFirstReport)
    RULES.given({}).when(BRING).refuses(Unknown)


def test_an_office_brings_its_stock_along_once() -> None:
    year = replace(OPENED, kind=ReportKind.ANNUAL, last=date(2023, 10, 31), before=date(2023, 11, 20))
    RULES.given({HALF: [OPENED], YEAR: [year], LINES: [LINE]}).when(replace(BRING, report=YEAR, line=2)).refuses(OpeningOfAnother)


def test_what_is_recorded_opinion_by_opinion_is_not_brought_along_as_a_number_too() -> None:
    brought_along().when(BRING, replace(BRINGING, recorded=1)).refuses(StockRecordedBothWays)


@pytest.mark.parametrize("wrong", [{"line": 0}, {"line": 501}, {"count": 0}, {"count": 19_996, "line": 2}])
def test_lines_and_their_sum_are_bounded(wrong: dict[str, Any]) -> None:
    given = brought_along(LINE) if wrong.get("line") == 2 else brought_along()
    given.when(replace(BRING, **wrong)).refuses(OpeningTooLarge)


@pytest.mark.parametrize("name", ["field", "unit", "locality"])
def test_a_line_stands_in_rows_that_there_are(name: str) -> None:
    wrong: dict[str, Any] = {name: "NOWHERE"}
    brought_along().when(replace(BRING, **wrong)).refuses(Unknown)


def test_matters_of_a_line_end_by_word_and_no_more_than_are_left() -> None:
    brought_along(LINE).when(SETTLE).then({LINES: [SETTLED]})
    brought_along(LINE, SETTLED).when(replace(SETTLE, count=4)).refuses(MoreThanRemain)
    brought_along(LINE, SETTLED).when(replace(SETTLE, count=0)).refuses(MoreThanRemain)
    brought_along().when(SETTLE).refuses(Unknown)


@pytest.mark.parametrize("day", [date(2023, 1, 3), date(2023, 6, 3)])
def test_they_end_in_no_window_before_their_own_and_not_tomorrow(day: date) -> None:
    brought_along(LINE).when(replace(SETTLE, on=day)).refuses(SettledOutside)


SIX_MONTHS = window(FIRST, date(2023, 5, 31))
REST = window(date(2023, 6, 1), date(2023, 10, 31))


def counted(*said: Any, within: Any = SIX_MONTHS, before: tuple[Any, ...] | None = None) -> Row:
    def episodes(events: tuple[Any, ...]) -> list[Any]:
        facts = [Said(event, n) for n, event in enumerate(events, 1)]
        return list(episodes_of(brought("VPUB", balance(facts)).milestones).values())

    left = None
    if before is not None:
        left = Carried([{each.id: "total" for each in episodes(before) if status_at(each, within.begin) is Status.OPEN}])
    found = count(episodes(said), within, key=lambda _: "total", due=lambda _: "2023-02-10", carried=left)
    assert found.broken() == []
    return found.total


def test_what_is_brought_along_is_open_at_the_start_and_what_is_left_of_it_at_the_end() -> None:
    late = replace(SETTLED, count=1, on=date(2023, 2, 11))
    away = replace(SETTLED, count=1, outcome=Outcome.FORWARDED)
    row = counted(LINE, SETTLED, late, away).counted
    expected = {"A": 5, "A1": 0, "B1": 0, "C": 5, "E": 1, "H": 4, "I": 3, "I1": 2, "I2": 1, "J": 1, "J2": 1}
    assert expected.items() <= row.items()


@pytest.mark.parametrize(
    ("outcome", "column"), [(Outcome.REJECTED, "D"), (Outcome.FORWARDED, "E"), (Outcome.WITHDRAWN, "F"), (Outcome.MERGED, "G")]
)
def test_each_outcome_is_counted_in_its_column(outcome: Outcome, column: str) -> None:
    row = counted(LINE, replace(SETTLED, outcome=outcome)).counted
    assert (row[column], row["H"], row["J"]) == (2, 3, 3)


def test_what_the_first_report_left_is_what_the_second_carries_on() -> None:
    known = (LINE, SETTLED)
    later = replace(SETTLED, count=1, on=date(2023, 7, 3))
    row = counted(*known, later, within=REST, before=known).counted
    assert counted(*known).counted["J"] == 3
    assert (row["A"], row["A1"], row["C"], row["I2"], row["J"]) == (3, 0, 3, 1, 2)


def test_what_ended_in_the_former_window_and_was_said_late_stands_in_the_adjustment() -> None:
    known = (LINE, SETTLED)
    late = replace(SETTLED, count=1, on=date(2023, 5, 30))
    row = counted(*known, late, within=REST, before=known).counted
    assert (row["A"], row["A1"], row["A1_late"], row["C"], row["J"]) == (3, -1, -1, 2, 2)


def test_a_matter_that_an_opinion_of_its_own_tells_of_is_counted_by_its_line_no_more() -> None:
    recorded = replace(SETTLED, outcome=Outcome.RECORDED)
    row = counted(LINE, recorded).counted
    assert (row["A"], row["C"], row["J"]) == (3, 3, 3)


def test_a_line_that_was_withdrawn_takes_its_endings_with_it() -> None:
    withdrawn = LineWithdrawn(line=1, reason=sealed())
    row = counted(LINE, SETTLED, withdrawn, replace(LINE, count=2)).counted
    assert (row["A"], row["I"], row["J"]) == (2, 0, 2)


def test_a_settlement_that_was_wrong_is_withdrawn_once_and_its_matters_may_end_otherwise() -> None:
    brought_along(LINE, SETTLED).when(UNSETTLE).then({LINES: [UNSETTLED]})
    brought_along(LINE, SETTLED, UNSETTLED).when(UNSETTLE).then({})
    away = replace(SETTLED, count=5, outcome=Outcome.FORWARDED)
    all_of_it = replace(SETTLE, count=5, outcome=Outcome.FORWARDED)
    brought_along(LINE, SETTLED).when(all_of_it).refuses(MoreThanRemain)
    brought_along(LINE, SETTLED, UNSETTLED).when(all_of_it).then({LINES: [away]})


@pytest.mark.parametrize("wrong", [{"line": 2}, {"settlement": 0}, {"settlement": 2}])
def test_only_a_settlement_that_was_said_is_withdrawn(wrong: dict[str, Any]) -> None:
    brought_along(LINE, SETTLED).when(replace(UNSETTLE, **wrong)).refuses(Unknown)


def test_a_settlement_is_withdrawn_whatever_was_locked_meanwhile() -> None:
    locked = RULES.given({HALF: [OPENED, LockRequested(attempt=1)], LINES: [LINE, SETTLED]})
    locked.when(UNSETTLE).then({LINES: [UNSETTLED]})


def test_what_was_settled_and_withdrawn_before_a_lock_is_as_if_it_had_never_been_said() -> None:
    assert counted(LINE, SETTLED, UNSETTLED).counted == counted(LINE).counted
    recorded = replace(SETTLED, outcome=Outcome.RECORDED)
    assert counted(LINE, recorded, UNSETTLED).counted == counted(LINE).counted


def test_what_was_settled_otherwise_after_it_was_withdrawn_is_counted_as_it_was_said_last() -> None:
    away = replace(SETTLED, count=1, outcome=Outcome.FORWARDED, on=date(2023, 2, 1))
    row = counted(LINE, SETTLED, UNSETTLED, away).counted
    assert (row["I"], row["E"], row["J"]) == (0, 1, 4)


def test_a_settlement_withdrawn_after_a_lock_counted_it_stands_in_the_next_adjustment() -> None:
    known = (LINE, SETTLED)
    row = counted(*known, UNSETTLED, within=REST, before=known).counted
    assert (row["A"], row["A1"], row["A1_late"], row["C"], row["J"]) == (3, 2, 2, 5, 5)


def test_withdrawing_one_settlement_moves_nothing_that_another_ended() -> None:
    later = replace(SETTLED, count=2, outcome=Outcome.FORWARDED, on=date(2023, 3, 1))
    third = replace(SETTLED, count=1, on=date(2023, 7, 3))
    known = (LINE, SETTLED, later)
    row = counted(*known, UNSETTLED, third, within=REST, before=known).counted
    assert (row["A"], row["A1"], row["C"], row["E"], row["I"], row["J"]) == (1, 2, 3, 0, 1, 2)


def test_a_line_that_a_lock_counted_and_a_correction_withdrew_is_taken_off_in_the_next_adjustment() -> None:
    known = (LINE, SETTLED)
    withdrawn = LineWithdrawn(line=1, reason=sealed())
    row = counted(*known, withdrawn, within=REST, before=known).counted
    assert (row["A"], row["A1"], row["C"]) == (3, -3, 0)
    smaller = replace(LINE, count=2)
    row = counted(*known, withdrawn, smaller, within=REST, before=known).counted
    assert (row["A"], row["A1"], row["C"], row["J"]) == (3, -1, 2, 2)


@pytest.mark.parametrize("cutoff", [FIRST, date(2023, 2, 10), date(2023, 2, 11), date(2023, 6, 1)])
def test_how_many_of_a_line_are_open_is_what_the_counting_of_its_matters_says(cutoff: date) -> None:
    recorded = replace(SETTLED, outcome=Outcome.RECORDED, count=1)
    said: tuple[Any, ...] = (LINE, SETTLED, recorded, UNSETTLED, replace(SETTLED, count=1))
    book = balance(Said(event, n) for n, event in enumerate(said, 1))
    at = window(cutoff, cutoff).begin
    episodes = episodes_of(brought("VPUB", book).milestones).values()
    statuses = [status_at(each, at) for each in episodes]
    assert open_at(book.lines[1], at) == statuses.count(Status.OPEN)
    assert len(over_at(book.lines[1], at)) == statuses.count(Status.ENDED)


def test_matters_that_were_over_before_a_window_are_not_read_for_it() -> None:
    book = balance([Said(LINE, 1), Said(SETTLED, 2)])
    over = over_at(book.lines[1], REST.begin)
    assert {each.episode for each in brought("VPUB", book, {1: over}).milestones} == {f"{LINES}-1/{n}" for n in (3, 4, 5)}


CORRECTED = [
    OPENED,
    LockRequested(attempt=1),
    DataLocked(positions=(), predecessor=None, directory=1, calendar="VN", definitions="bieu.2", figures="5e" * 32),
]


def test_in_a_correction_of_the_first_report_lines_are_withdrawn_and_recorded_anew() -> None:
    again = f"{HALF}-DC1"
    open_again = RULES.given({HALF: CORRECTED, again: [OPENED], LINES: [LINE]})
    open_again.when(WITHDRAW).then({LINES: [LineWithdrawn(line=1, reason=sealed())]})
    open_again.when(replace(BRING, report=again, line=2)).then({LINES: [replace(LINE, report=again, line=2)]})
    open_again.when(replace(BRING, report=again)).then({})  # it stands as it was recorded for the report that is corrected
    RULES.given({HALF: CORRECTED, LINES: [LINE]}).when(WITHDRAW).refuses(ReportNotOpen)
    RULES.given({HALF: CORRECTED, again: CORRECTED, LINES: [LINE]}).when(WITHDRAW).refuses(ReportNotOpen)


def test_a_correction_changes_lines_though_another_report_counts_them() -> None:
    """For that one it is what became known after its lock."""
    again, year = f"{HALF}-DC1", [replace(OPENED, kind=ReportKind.ANNUAL, last=date(2023, 10, 31)), *CORRECTED[1:]]
    RULES.given({HALF: CORRECTED, again: [OPENED], YEAR: year, LINES: [LINE]}).when(WITHDRAW).then(
        {LINES: [LineWithdrawn(line=1, reason=sealed())]}
    )
