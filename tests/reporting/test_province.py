"""The province's tables: what its offices have locked, added up, and how far each office is; nothing unlocked is nought."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.reporting.domain.figures.columns import rate
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.reports.projections import REPORTS_PROJECTION
from shared.contracts.refusals import Forbidden
from shared.contracts.report import CorrectionOpened, ReportKind, ReportOpened, ReportSuperseded
from shared.contracts.roles import Role
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import SEALED, Story, at
from tests.reporting.world import HUB, World, locked_report, row

FIRST, LAST = date(2022, 11, 1), date(2023, 10, 31)
LOCKED_AT = at(date(2023, 11, 2))
CHAIRMAN = replace(HUB, office="UBND", unit="UBND", capacities=frozenset({Role.CHAIRMAN}))
OTHER = "UBND-MSO"
DUE = date(2023, 2, 15)


def day(number: int) -> datetime:
    return at(date(2023, 2, number))


@pytest.fixture
async def told(world: World, dialogues: Dialogues) -> Dialogues:
    for name, office in (("A", "VPUB"), ("B", "VPUB"), ("C", OTHER), ("D", OTHER), ("E", OTHER)):
        dialogues.received(name, day(1), office=office)
        dialogues.classified(name, day(2), DUE, area="dat-dai")
    for name in ("A", "C", "D"):
        dialogues.resolved(name, day(3), DUE)
    dialogues.session("S", day(2), date(2023, 2, 10))
    dialogues.session("T", day(2), date(2023, 2, 11), office=OTHER)
    dialogues.held("T", day(11), 7)
    await world.play(dialogues)
    await world.found_office(OTHER, "UBND thị xã Mộc Sơn")
    return dialogues


async def asked(world: World, table: Table = Table.OPINIONS, **more: Any) -> dict[str, Any]:
    return await world.province.table(more.pop("subject", CHAIRMAN), table=table, kind=ReportKind.ANNUAL, year=2023, **more)


async def lock(world: World, story: Story, *offices: str, opened: str | None = None) -> None:
    reports = Story(story.calendar)
    for office in offices:
        for event in locked_report(story, office, (FIRST, LAST), LOCKED_AT):
            reports.tell(f"report-{office}-2023", event, LOCKED_AT)
    if opened:
        only: ReportOpened = locked_report(story, opened, (FIRST, LAST), LOCKED_AT)[0]
        reports.tell(f"report-{opened}-2023", only, LOCKED_AT)
    await world.feed(REPORTS_PROJECTION, reports.records())


def states(found: Any) -> dict[str, str | None]:
    return {each["office"]: each["state"] for each in found["offices"]}


async def test_what_offices_have_locked_is_added_up_under_the_same_keys(world: World, told: Dialogues) -> None:
    await lock(world, told, "VPUB", OTHER)
    found = await asked(world)
    assert (states(found), found["counted"], found["of"]) == ({OTHER: "locked", "VPUB": "locked"}, 2, 2)
    fields = row(found, "dat-dai")
    assert [fields[column] for column in ("B1", "C", "H", "I", "J")] == [5, 5, 5, 3, 2]
    # Rates are of the sums, not the mean of 50.0 and 66.7.
    assert fields["T1"] == found["total"]["T1"] == rate(3, 5) == "60.0"
    assert [each["B1"] for each in found["subtotals"]] == [0, 5]
    dialogues = await asked(world, Table.DIALOGUES)
    line = row(dialogues, "A1/dinh_ky")
    assert [line[column] for column in ("1", "3", "4", "6")] == [2, 1, 1, 7]
    assert row(dialogues, "A1/theo_yeu_cau")["1"] == "x"


async def test_an_office_that_has_not_locked_is_shown_as_such_and_in_no_sum(world: World, told: Dialogues) -> None:
    await lock(world, told, "VPUB", opened=OTHER)
    found = await asked(world)
    assert (states(found), found["counted"], found["of"]) == ({OTHER: "open", "VPUB": "locked"}, 1, 2)
    assert found["total"]["B1"] == 2
    await lock(world, told, "VPUB")
    nothing = next(each for each in (await asked(world))["offices"] if each["office"] == OTHER)
    assert (nothing["state"], nothing["report"], nothing["said"]["en"]) == (None, None, "No report is opened")


async def test_what_is_being_corrected_stands_until_its_correction_is_issued(world: World, told: Dialogues) -> None:
    """A correction that was opened does not take a signed report out of the sums; its issue puts it in its place."""
    await lock(world, told, "VPUB", OTHER)
    before = await asked(world)
    opened, requested, locked = locked_report(told, "VPUB", (FIRST, LAST), LOCKED_AT)
    former, correction = "report-VPUB-2023", "report-VPUB-2023-DC1"
    reports = Story(told.calendar)
    for event in (opened, CorrectionOpened(report=former, reason=SEALED)):
        reports.tell(correction, event, LOCKED_AT)
    await world.feed(REPORTS_PROJECTION, reports.records())
    during = await asked(world)
    assert (during["counted"], during["total"]) == (2, before["total"])
    [told_of] = [each for each in during["offices"] if each["office"] == "VPUB"]
    assert (told_of["report"], told_of["correction"]) == (former, correction)
    assert told_of["said"]["vi"].endswith("; đang đính chính")
    reports = Story(told.calendar)
    for done in (requested, locked):
        reports.tell(correction, done, LOCKED_AT)
    reports.tell(former, ReportSuperseded(by=correction), LOCKED_AT)
    await world.feed(REPORTS_PROJECTION, reports.records())
    after = await asked(world)
    [told_of] = [each for each in after["offices"] if each["office"] == "VPUB"]
    assert (told_of["report"], told_of["correction"], after["counted"]) == (correction, None, 2)


async def test_each_office_is_told_with_whether_its_report_was_sent_in_time(world: World, told: Dialogues) -> None:
    await lock(world, told, "VPUB")
    world.clock.move_to(at(LAST + timedelta(days=20)))  # the day before which it was to be sent
    [told_of] = [each for each in (await asked(world))["offices"] if each["office"] == "VPUB"]
    assert told_of["said"] == {"vi": "Đã chốt số liệu, quá hạn", "en": "Locked, late"}


async def test_where_nobody_has_locked_there_are_no_figures_rather_than_noughts(world: World, told: Dialogues) -> None:
    await lock(world, told, opened="VPUB")
    found = await asked(world)
    assert (found["counted"], found["rows"], found["total"]) == (0, [], None)


@pytest.mark.parametrize("table", Table)
async def test_every_table_of_the_province_adds_up_what_its_offices_show(world: World, told: Dialogues, table: Table) -> None:
    await lock(world, told, "VPUB", OTHER)
    found = await asked(world, table)
    each = [await world.table(table, (FIRST, LAST), office=office, subject=CHAIRMAN) for office in ("VPUB", OTHER)]
    for column in (column["key"] for column in found["columns"]):
        if not column.startswith("T"):
            assert found["total"][column] == sum(one["total"][column] for one in each)


async def test_offices_side_by_side_are_for_those_above_them(world: World, told: Dialogues) -> None:
    await lock(world, told, "VPUB")
    for role in (Role.CHAIRMAN, Role.RECIPIENT, Role.AUDITOR):
        assert (await asked(world, subject=replace(CHAIRMAN, capacities=frozenset({role}))))["counted"] == 1
    for role in (Role.HUB, Role.CHIEF, Role.FEEDER, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            await asked(world, subject=replace(CHAIRMAN, capacities=frozenset({role})))
