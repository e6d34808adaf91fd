"""A period is opened, its units confirm, and its figures are locked at the fences of all sources, or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.reporting.domain.report import commands as asked
from services.reporting.domain.report import decider, states
from services.reporting.domain.report.decider import Confirming, Counted, Counting, Opening, Window
from services.reporting.domain.report.refusals import (
    LaterLocked,
    NotOfTheOffice,
    NoWindow,
    PredecessorOpen,
    ReportNotOpen,
    ReportOpenedAlready,
    UnitsSilent,
    WindowNotOver,
    WindowsOverlap,
)
from services.reporting.handlers import FOLDS
from shared.contracts.refusals import Unknown
from shared.contracts.report import (
    Blocked,
    Blocker,
    CarriedOver,
    ConfirmationWaived,
    ConfirmationWithdrawn,
    DataLocked,
    FiguresConfirmed,
    LockRefused,
    LockRequested,
    Reached,
    ReportKind,
    ReportOpened,
    SourceFenced,
)
from shared.contracts.roles import Role
from tests.support.scenario import Rules, sealed

HALF, YEAR = "report-VPUB-2023-H1", "report-VPUB-2023"
FIRST, LAST, BEFORE = date(2023, 1, 4), date(2023, 5, 31), date(2023, 6, 10)
TOLD: dict[str, Any] = {
    "at": datetime(2023, 6, 2, tzinfo=UTC),
    "now": datetime(2023, 6, 2, tzinfo=UTC),
    "person": "tchcqt-02",
    "office": "VPUB",
    "unit": "TCHCQT",
    "capacity": Role.HUB,
}
UNITS = frozenset({"TCHCQT", "TH"})
OPENED = ReportOpened(
    office="VPUB", kind=ReportKind.SIX_MONTH, year=2023, first=FIRST, last=LAST, before=BEFORE, plan="plan-VPUB-2023"
)
REQUESTED = LockRequested(attempt=1)
FENCED = (SourceFenced(source="intake", position=40, attempt=1), SourceFenced(source="assignment", position=90, attempt=1))
CONFIRMED = (FiguresConfirmed(unit="TCHCQT"), FiguresConfirmed(unit="TH"))
COUNTED = Counted(figures="5e" * 32, predecessor=None, directory=12, calendar="VN-2023", definitions="bieu.1", blocked=())
CARRIED = CarriedOver(
    report=YEAR,
    first=FIRST,
    last=date(2023, 10, 31),
    positions=(Reached(source="intake", position=40), Reached(source="assignment", position=90)),
    figures="5e" * 32,
)
BROKEN = Blocked(why=Blocker.BROKEN, where="bieu_02", count=1, episodes=("A/1",))


def told(command: Any) -> Any:
    match command:
        case asked.OpenReport():
            return Opening(**TOLD, planned=Window(first=FIRST, last=LAST, before=BEFORE, plan="plan-VPUB-2023"))
        case asked.LockData():
            return Counting(**TOLD, units=UNITS, counted=COUNTED)
    return Confirming(**TOLD, units=UNITS)


RULES = Rules(folds=FOLDS, decide=decider.decide, told=told)
OPEN_HALF = asked.OpenReport(office="VPUB", year=2023, kind=ReportKind.SIX_MONTH)
CONFIRM = asked.ConfirmFigures(report=HALF, unit="TH")
WAIVE = asked.WaiveConfirmation(report=HALF, unit="TH", reason=sealed())
REQUEST = asked.RequestLock(report=HALF)
LOCK = asked.LockData(report=HALF)


def half(*events: Any) -> Any:
    return RULES.given({HALF: [OPENED, *events]})


def test_a_report_is_opened_under_the_window_of_the_plan() -> None:
    RULES.given({}).when(OPEN_HALF).then({HALF: [OPENED]})


def test_without_a_plan_the_windows_are_those_of_the_profile() -> None:
    none = Opening(**TOLD, planned=None)
    assert decider.profile(ReportKind.SIX_MONTH, 2024) == Window(
        first=date(2023, 11, 1), last=date(2024, 5, 31), before=date(2024, 6, 10)
    )
    RULES.given({}).when(asked.OpenReport(office="VPUB", year=2024, kind=ReportKind.ANNUAL), none).then(
        {
            "report-VPUB-2024": [
                ReportOpened(
                    office="VPUB",
                    kind=ReportKind.ANNUAL,
                    year=2024,
                    first=date(2023, 11, 1),
                    last=date(2024, 10, 31),
                    before=date(2024, 11, 20),
                    plan=None,
                )
            ]
        }
    )


def test_the_first_report_of_an_office_may_begin_late() -> None:
    late = asked.OpenReport(office="VPUB", year=2023, kind=ReportKind.SIX_MONTH, first=date(2023, 3, 1))
    RULES.given({}).when(late).then({HALF: [replace(OPENED, first=date(2023, 3, 1), plan=None)]})


def test_opened_again_it_is_the_same_and_under_other_days_refused() -> None:
    half().when(OPEN_HALF).then({})
    late = asked.OpenReport(office="VPUB", year=2023, kind=ReportKind.SIX_MONTH, first=date(2023, 2, 1))
    half().when(late).refuses(ReportOpenedAlready)


@pytest.mark.parametrize(
    "days",
    [
        {"first": date(2023, 6, 1)},
        {"last": date(2023, 1, 3)},
        {"before": date(2023, 5, 31)},
    ],
)
def test_days_out_of_order_are_no_window(days: dict[str, date]) -> None:
    RULES.given({}).when(asked.OpenReport(office="VPUB", year=2023, kind=ReportKind.SIX_MONTH, **days)).refuses(NoWindow)


def test_a_window_begins_where_the_last_annual_one_ended() -> None:
    year = ReportOpened(
        office="VPUB",
        kind=ReportKind.ANNUAL,
        year=2023,
        first=FIRST,
        last=date(2023, 10, 31),
        before=date(2023, 11, 20),
        plan=None,
    )
    none = Opening(**TOLD, planned=None)
    half_2024 = asked.OpenReport(office="VPUB", year=2024, kind=ReportKind.SIX_MONTH)
    assert list(RULES.given({YEAR: [year]}).when(half_2024, none).decided()) == ["report-VPUB-2024-H1"]
    gap = asked.OpenReport(office="VPUB", year=2024, kind=ReportKind.SIX_MONTH, first=date(2023, 11, 15))
    RULES.given({YEAR: [year]}).when(gap, none).refuses(NoWindow)


def test_units_confirm_take_it_back_and_are_waived() -> None:
    half().when(CONFIRM).then({HALF: [FiguresConfirmed(unit="TH")]})
    half(*CONFIRMED).when(CONFIRM).then({})
    withdraw = asked.WithdrawConfirmation(report=HALF, unit="TH")
    half(*CONFIRMED).when(withdraw).then({HALF: [ConfirmationWithdrawn(unit="TH")]})
    half().when(withdraw).then({})
    half().when(WAIVE).then({HALF: [ConfirmationWaived(unit="TH", reason=sealed())]})
    half(*CONFIRMED).when(WAIVE).then({})


def test_only_units_of_the_office_have_a_word_in_it() -> None:
    half().when(asked.ConfirmFigures(report=HALF, unit="SCT")).refuses(NotOfTheOffice)


def test_a_lock_waits_for_the_end_of_the_window() -> None:
    early = {**TOLD, "now": datetime(2023, 5, 31, 10, tzinfo=UTC)}
    half(*CONFIRMED).when(REQUEST, Confirming(**early, units=UNITS)).refuses(WindowNotOver)
    midnight = {**TOLD, "now": datetime(2023, 5, 31, 17, tzinfo=UTC)}
    half(*CONFIRMED).when(REQUEST, Confirming(**midnight, units=UNITS)).then({HALF: [REQUESTED]})


def test_a_lock_waits_for_every_unit_s_word_or_its_waiver() -> None:
    refused = half(CONFIRMED[0]).when(REQUEST).refuses(UnitsSilent)
    assert (refused.facts["count"], refused.facts["units"]) == (1, "TH")
    half(CONFIRMED[0], ConfirmationWaived(unit="TH", reason=sealed())).when(REQUEST).then({HALF: [REQUESTED]})
    half(*CONFIRMED, ConfirmationWithdrawn(unit="TH")).when(REQUEST).refuses(UnitsSilent)


def test_while_it_is_being_locked_nobody_changes_his_word() -> None:
    half(*CONFIRMED, REQUESTED).when(asked.WithdrawConfirmation(report=HALF, unit="TH")).refuses(ReportNotOpen)
    half(*CONFIRMED, REQUESTED).when(REQUEST).then({})


def test_each_source_s_first_fence_counts() -> None:
    fence = asked.TakeFence(report=HALF, source="intake", position=40)
    half(REQUESTED).when(fence).then({HALF: [FENCED[0]]})
    half(REQUESTED, FENCED[0]).when(asked.TakeFence(report=HALF, source="intake", position=44)).then({})
    half().when(fence).then({})


def test_the_figures_are_locked_when_every_fence_stands() -> None:
    half(*CONFIRMED, REQUESTED, FENCED[0]).when(LOCK, Counting(**TOLD, units=UNITS, counted=None)).then({})
    half(*CONFIRMED, REQUESTED, *FENCED).when(LOCK).then(
        {
            HALF: [
                DataLocked(
                    positions=(Reached(source="intake", position=40), Reached(source="assignment", position=90)),
                    predecessor=None,
                    directory=12,
                    calendar="VN-2023",
                    definitions="bieu.1",
                    figures="5e" * 32,
                )
            ]
        }
    )


def test_what_does_not_add_up_is_not_locked_and_can_be_tried_again() -> None:
    broken = Counted(figures="", predecessor=None, directory=1, calendar="", definitions="", blocked=(BROKEN,))
    against = Counting(**TOLD, units=UNITS, counted=broken)
    half(*CONFIRMED, REQUESTED, *FENCED).when(LOCK, against).then({HALF: [LockRefused(blocked=(BROKEN,))]})
    refused = (*CONFIRMED, REQUESTED, *FENCED, LockRefused(blocked=(BROKEN,)))
    half(*refused).when(REQUEST).then({HALF: [LockRequested(attempt=2)]})
    half(*refused).when(LOCK).then({})
    half(*refused, LockRequested(attempt=2)).when(asked.TakeFence(report=HALF, source="intake", position=50)).then(
        {HALF: [SourceFenced(source="intake", position=50, attempt=2)]}
    )


def test_what_a_locked_report_left_open_carries_over_where_its_window_adjoins() -> None:
    period = states.Period("VPUB", ReportKind.SIX_MONTH, 2024, date(2023, 11, 1), date(2024, 5, 31), date(2024, 6, 10), None)
    year = states.Period("VPUB", ReportKind.ANNUAL, 2023, FIRST, date(2023, 10, 31), date(2023, 11, 20), None)
    reached = (Reached(source="intake", position=40), Reached(source="assignment", position=90))
    locked = states.Locked(year, UNITS, frozenset(), states.Lock(reached, 12, "VN-2023", "bieu.2", "5e" * 32))
    assert states.formers_of(period) == (YEAR,)
    assert states.formers_of(replace(period, kind=ReportKind.ANNUAL)) == (YEAR, "report-VPUB-2024-H1")
    assert states.adjoins(locked, period)
    assert not states.adjoins(locked, replace(period, first=date(2023, 11, 2)))
    assert not states.adjoins(states.INITIAL, period)
    assert states.carried_over(locked, YEAR) == CARRIED
    assert states.carried_over(states.Open(year), YEAR) is None


def test_the_lock_says_which_report_it_carries_on() -> None:
    counting = Counting(**TOLD, units=UNITS, counted=replace(COUNTED, predecessor=CARRIED))
    [locked] = half(*CONFIRMED, REQUESTED, *FENCED).when(LOCK, counting).decided()[HALF]
    assert locked.predecessor == CARRIED


# What may have come to be known between the request and the last fence, and for which the report is open again.
SINCE: dict[str, tuple[dict[str, Any], Blocker]] = {
    "the day turned out to be an earlier one": ({"now": datetime(2023, 5, 31, 10, tzinfo=UTC)}, Blocker.WINDOW),
    "another unit has a word in it": ({"units": UNITS | {"NC"}}, Blocker.SILENT),
    "the report before was opened": (
        {"former": states.Open(states.Period("VPUB", ReportKind.ANNUAL, 2022, date(2022, 1, 1), FIRST, LAST, None))},
        Blocker.PREDECESSOR,
    ),
    "a later report was locked": (
        {"others": (decider.Other(report=YEAR, year=2024, first=date(2023, 11, 1), last=date(2024, 10, 31), locked=True),)},
        Blocker.LATER,
    ),
    "another year counts the same days": (
        {"others": (decider.Other(report=YEAR, year=2024, first=LAST, last=date(2024, 5, 30), locked=False),)},
        Blocker.OVERLAP,
    ),
}


@pytest.mark.parametrize("since", SINCE)
def test_what_was_asked_at_the_request_is_asked_again_at_the_lock(since: str) -> None:
    known, why = SINCE[since]
    counting = Counting(**{**TOLD, "units": UNITS, "counted": COUNTED, **known})
    refused = LockRefused(blocked=(Blocked(why=why, where="six_month", count=1, episodes=()),))
    locking = half(*CONFIRMED, REQUESTED, *FENCED)
    locking.when(LOCK, counting).then({HALF: [refused]})
    missing = replace(counting, counted=None)  # a fence is still awaited: nothing is decided yet
    half(*CONFIRMED, REQUESTED, FENCED[0]).when(LOCK, missing).then({})
    half(*CONFIRMED, REQUESTED, *FENCED, refused).when(REQUEST).then({HALF: [LockRequested(attempt=2)]})


def test_a_lock_that_is_refused_names_everything_that_stands_against_it() -> None:
    counting = Counting(**TOLD, units=UNITS | {"NC", "KT"}, counted=replace(COUNTED, blocked=(BROKEN,)))
    [refused] = half(*CONFIRMED, REQUESTED, *FENCED).when(LOCK, counting).decided()[HALF]
    assert [(each.why, each.count) for each in refused.blocked] == [(Blocker.SILENT, 2), (Blocker.BROKEN, 1)]


def test_a_report_is_locked_after_the_one_before_it() -> None:
    year = states.Period("VPUB", ReportKind.ANNUAL, 2022, date(2022, 1, 1), date(2023, 1, 3), date(2023, 1, 20), None)
    waiting = Confirming(**TOLD, units=UNITS, former=states.Open(year))
    assert half(*CONFIRMED).when(REQUEST, waiting).refuses(PredecessorOpen).facts["last"] == "2023-01-03"
    stands = states.Locked(year, UNITS, frozenset(), states.Lock((), 1, "VN-2022", "bieu.2", "5e" * 32))
    half(*CONFIRMED).when(REQUEST, replace(waiting, former=stands)).then({HALF: [REQUESTED]})


def annual(year: int, first: date, last: date) -> ReportOpened:
    before = last + timedelta(days=20)
    return ReportOpened(office="VPUB", kind=ReportKind.ANNUAL, year=year, first=first, last=last, before=before, plan=None)


STANDS = DataLocked(positions=(), predecessor=None, directory=1, calendar="VN-2023", definitions="bieu.2", figures="5e" * 32)
LATER = [annual(2024, date(2023, 11, 1), date(2024, 10, 31)), REQUESTED, *FENCED, STANDS]


def test_before_a_report_that_is_locked_nothing_is_opened_any_more() -> None:
    refused = RULES.given({"report-VPUB-2024": LATER}).when(OPEN_HALF).refuses(LaterLocked)
    assert refused.facts == {"report": "report-VPUB-2024", "first": "2023-11-01"}
    far = decider.Other(report="report-VPUB-2031", year=2031, first=date(2030, 11, 1), last=date(2031, 10, 31), locked=True)
    RULES.given({}).when(OPEN_HALF, replace(told(OPEN_HALF), others=(far,))).refuses(LaterLocked)
    RULES.given({}).when(OPEN_HALF, replace(told(OPEN_HALF), others=(replace(far, locked=False),))).then({HALF: [OPENED]})


def test_before_a_report_that_is_locked_nothing_is_locked_any_more() -> None:
    later = decider.Other(report="report-VPUB-2024", year=2024, first=date(2023, 11, 1), last=date(2024, 10, 31), locked=True)
    half(*CONFIRMED).when(REQUEST, Confirming(**TOLD, units=UNITS, others=(later,))).refuses(LaterLocked)
    half(*CONFIRMED).when(REQUEST, Confirming(**TOLD, units=UNITS, others=(replace(later, locked=False),))).then(
        {HALF: [REQUESTED]}
    )


def test_no_day_is_counted_by_two_reports_of_a_chain() -> None:
    year = annual(2024, date(2023, 5, 31), date(2024, 5, 30))
    refused = RULES.given({"report-VPUB-2024": [year]}).when(OPEN_HALF).refuses(WindowsOverlap)
    assert refused.facts == {"report": "report-VPUB-2024", "first": "2023-05-31", "last": "2024-05-30"}


def test_the_six_months_lie_within_their_own_year() -> None:
    year = annual(2023, FIRST, date(2023, 10, 31))
    RULES.given({YEAR: [year, REQUESTED, *FENCED, STANDS]}).when(OPEN_HALF).then({HALF: [OPENED]})


def test_what_is_locked_stays_so() -> None:
    locked = DataLocked(positions=(), predecessor=None, directory=1, calendar="VN-2023", definitions="bieu.1", figures="5e" * 32)
    for command in (REQUEST, CONFIRM, WAIVE):
        half(REQUESTED, *FENCED, locked).when(command).refuses(ReportNotOpen)
    half(REQUESTED, *FENCED, locked).when(LOCK).then({})


@pytest.mark.parametrize("command", [CONFIRM, WAIVE, REQUEST, LOCK, asked.TakeFence(report=HALF, source="intake", position=1)])
def test_a_report_that_was_never_opened_is_unknown(command: Any) -> None:
    RULES.given({}).when(command).refuses(Unknown)
