"""What an office is reminded of for its reports: the next step, by when, and who is waited for."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from deploy.sonla import builtin_calendar
from services.reporting.domain.report.ladder import Step, next_step
from services.reporting.readmodel.reports.projections import REPORTS_PROJECTION
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.reminders import Reminders
from shared.clock import ScriptClock
from shared.contracts.plan import PlanDrafted, PlanIssued, ReportWindow
from shared.contracts.refusals import Unknown
from shared.contracts.report import CorrectionOpened, FiguresConfirmed, ReportKind
from tests.reporting.papers import OPENED
from tests.reporting.story import TENANT, Story, at
from tests.reporting.world import HUB, World, locked_report
from tests.support.scenario import sealed

PLAN = PlanDrafted(
    office="VPUB",
    year=2023,
    bases=(),
    dialogues=(),
    windows=(
        ReportWindow(report=ReportKind.SIX_MONTH.value, first=date(2023, 1, 4), last=date(2023, 5, 31), before=date(2023, 6, 10)),
        ReportWindow(report=ReportKind.ANNUAL.value, first=date(2023, 1, 4), last=date(2023, 10, 31), before=date(2023, 11, 20)),
    ),
    recipients=(),
    copied_from=None,
    document=None,
)
ISSUED = PlanIssued(document="document-KH", number="01/KH-VPUB", on=date(2023, 1, 4), disseminations=())


async def reminded(world: World, day: date, *events: tuple[str, Any], near: int = 5) -> list[dict[str, Any]]:
    """What VPUB is reminded of on that day, after these events of its plan and reports."""
    story = Story(builtin_calendar())
    for stream, event in events:
        story.tell(stream, event, at(date(2023, 1, 4), 9))
    await world.feed(REPORTS_PROJECTION, story.records())
    return await asking(world, day).reminders(HUB, office="VPUB", near=near)


def asking(world: World, day: date) -> Reminders:
    """The questions on that day."""
    clock = ScriptClock(at(day, 9))
    reports = Reports(world.database, world.directories, TENANT, clock, world.papers)
    return Reminders(reports, world.directories, clock)


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (set(), Step.LOCK),
        ({Step.LOCK}, Step.DRAFT),
        ({Step.LOCK, Step.DRAFT, Step.SUBMIT}, Step.SIGN),  # nobody waits for comments any more
        (set(Step), None),
    ],
)
def test_the_next_step_is_the_one_after_the_last_that_was_taken(done: set[Step], wanted: Step | None) -> None:
    assert next_step(done) is wanted


async def test_an_office_is_reminded_of_the_lock_and_of_the_units_that_are_silent(world: World) -> None:
    opened = ("report-VPUB-2023-H1", OPENED)
    [one] = await reminded(world, date(2023, 5, 31), opened, ("report-VPUB-2023-H1", FiguresConfirmed(unit="KT")))
    assert (one["report"], one["step"], one["day"], one["days"], one["late"]) == (
        "report-VPUB-2023-H1",
        "lock",
        "2023-06-02",
        2,
        False,
    )
    silent = {unit["unit"] for unit in one["waits_for"]}
    assert "TCHCQT" in silent
    assert "KT" not in silent
    assert one["said"]["vi"] == f"Chốt số liệu, nhắc đơn vị: 02/06/2023, còn 2 ngày làm việc; {len(silent)} đơn vị chưa xác nhận"


async def test_what_is_far_off_reminds_nobody_and_what_is_late_always_does(world: World) -> None:
    opened = ("report-VPUB-2023-H1", OPENED)
    assert await reminded(world, date(2023, 5, 2), opened) == []
    assert len(await reminded(world, date(2023, 5, 2), opened, near=30)) == 1
    [late] = await reminded(world, date(2023, 6, 12), opened, near=0)
    assert (late["days"], late["late"]) == (-6, True)
    assert "quá hạn 6 ngày làm việc" in late["said"]["vi"]


async def test_after_the_lock_it_is_the_draft_that_is_due(world: World, story: Story) -> None:
    opened, requested, locked = locked_report(
        story, "VPUB", (date(2023, 1, 4), date(2023, 10, 31)), datetime(2023, 11, 9, tzinfo=UTC)
    )
    stream = "report-VPUB-2023"
    [one] = await reminded(world, date(2023, 11, 13), *((stream, each) for each in (opened, requested, locked)))
    assert (one["step"], one["whose"], one["waits_for"]) == ("draft", "Đơn vị đầu mối", [])


async def test_a_report_that_the_plan_promises_is_to_be_opened(world: World) -> None:
    drafted = ("plan-VPUB-2023", PLAN)
    assert await reminded(world, date(2023, 6, 1), drafted) == []  # a draft promises nothing
    [one] = await reminded(world, date(2023, 6, 1), drafted, ("plan-VPUB-2023", ISSUED))
    assert (one["report"], one["step"], one["kind"], one["day"]) == (None, "open", "six_month", "2023-06-02")
    opened = ("report-VPUB-2023-H1", OPENED)
    both = await reminded(world, date(2023, 11, 10), drafted, ("plan-VPUB-2023", ISSUED), opened)
    assert [(each["kind"], each["step"]) for each in both] == [("six_month", "lock"), ("annual", "open")]


async def test_nobody_is_asked_to_open_a_report_before_one_that_is_locked(world: World, story: Story) -> None:
    window = (date(2023, 11, 1), date(2024, 10, 31))
    later = locked_report(story, "VPUB", window, datetime(2024, 11, 8, tzinfo=UTC))
    planned = (("plan-VPUB-2023", PLAN), ("plan-VPUB-2023", ISSUED))
    found = await reminded(world, date(2024, 11, 11), *planned, *(("report-VPUB-2024", each) for each in later))
    assert [(each["year"], each["step"]) for each in found] == [(2024, "draft")]


async def test_a_report_that_is_being_corrected_is_asked_for_no_more(world: World, story: Story) -> None:
    stream, window = "report-VPUB-2023", (date(2023, 1, 4), date(2023, 10, 31))
    opened, requested, locked = locked_report(story, "VPUB", window, datetime(2023, 11, 9, tzinfo=UTC))
    correction = (f"{stream}-DC1", opened), (f"{stream}-DC1", CorrectionOpened(report=stream, reason=sealed()))
    before = tuple((stream, each) for each in (opened, requested, locked))
    assert len(await reminded(world, date(2023, 11, 13), *before)) == 1
    assert await reminded(world, date(2023, 11, 13), *before, *correction) == []


async def test_another_office_is_not_found(world: World) -> None:
    with pytest.raises(Unknown):
        await asking(world, date(2023, 6, 1)).reminders(HUB, office="UBND-MSO")
