"""Every figure beside the opinions opens too: what it counts adds up to it, and each says by which event it stands there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from services.reporting.domain.figures.dialogues import dialogues_of, form_01
from services.reporting.domain.figures.steps import Step
from services.reporting.domain.figures.tallies import Why
from services.reporting.domain.figures.window import begins, window
from services.reporting.readmodel.behind import named_rows
from services.reporting.readmodel.cells import COLUMNS, DaysUnclear, NoSuchCell
from services.reporting.readmodel.forms import BREAKDOWN, Table
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from shared.contracts.session import Origin, Outcome, Track
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import FIRST, LAST
from tests.reporting.meetings import meetings
from tests.reporting.story import at
from tests.reporting.test_figures import SHARED_WORLD
from tests.reporting.world import HUB, World
from tests.reporting.year_2023 import FIRST_LOCK, SECOND_LOCK, SIX_MONTHS, YEAR

FEBRUARY, MARCH = (date(2023, 2, 1), date(2023, 2, 28)), (date(2023, 3, 1), date(2023, 3, 31))
BESIDE = [table for table in Table if table not in BREAKDOWN]


def day(number: int, month: int = 2, hour: int = 8) -> datetime:
    return at(date(2023, month, number), hour)


async def opened(world: World, cell: str, days: tuple[date, date] = FEBRUARY, **asked: Any) -> dict[str, Any]:
    asked = {"subject": HUB, "office": "VPUB", **asked}
    return await world.queries.cell(cell=cell, first=days[0], last=days[1], **asked)


async def why(world: World, name: str, days: tuple[date, date] = FEBRUARY) -> dict[str, Any]:
    return await world.queries.why(HUB, episode=name, office="VPUB", first=days[0], last=days[1])


def shown(found: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(each["name"], each["n"]) for each in found["counted"]]


async def assert_all_open(world: World, days: tuple[date, date], **asked: Any) -> int:
    """Whatever is not nought opens to what adds up to it; how many cells did."""
    found = 0
    for table in BESIDE:
        for row, figures in named_rows(await world.table(table, days, **asked)).items():
            for column in (each for each in COLUMNS[table] if figures[each] not in (0, "x")):
                cell = await opened(world, f"{table}/{row}/{column}", days, limit=500, **asked)
                assert cell["value"] == figures[column] == sum(each["n"] for each in cell["counted"])
                assert all(column in each["because"] and column in each["why"] for each in cell["counted"])
                found += 1
    return found


@settings(SHARED_WORLD, max_examples=15)
@given(story=meetings())
async def test_what_stands_behind_a_figure_adds_up_to_it(world: World, story: Dialogues) -> None:
    await world.play(story)
    await assert_all_open(world, (FIRST, LAST), as_of=at(date(2024, 1, 1)))


async def test_every_figure_of_the_worked_year_opens(world: World, year: Dialogues) -> None:
    await world.play(year)
    await world.lock(year, SIX_MONTHS, FIRST_LOCK)
    assert await assert_all_open(world, YEAR, as_of=SECOND_LOCK) > 50
    second_half = (date(2023, 6, 1), date(2023, 10, 31))
    assert await assert_all_open(world, second_half, as_of=SECOND_LOCK) > 20
    left = await opened(world, "bieu-01/total/0", second_half, as_of=SECOND_LOCK)
    assert [each["why"]["0"]["code"] for each in left["counted"]] == ["left-open"]


async def test_a_dialogue_opens_with_its_steps_and_where_they_stand(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", day(1), date(2023, 2, 10))
    dialogues.raised("P", "S", day(10))
    dialogues.outcome("P", "S", Outcome.ANSWERED, day(10))
    dialogues.held("S", day(10, hour=10), 3)
    await world.play(dialogues)
    found = await opened(world, "bieu-01/A1/dinh_ky/3")
    assert (found["cell"], found["value"]) == ("bieu-01/A1/dinh_ky/3@2023-02-01..2023-02-28", 1)
    assert (found["heading"], found["label"]) == ("Đã tổ chức", "Với công chức, viên chức, người lao động, định kỳ")
    [one] = found["counted"]
    assert (one["name"], one["columns"]) == ("session-S", ["1", "3", "6"])
    record = next(each.record for each in dialogues.records() if each.record.type == "session.held")
    held = one["because"]["3"]
    assert (held["kind"], held["source"], held["position"]) == ("session.held", "assignment", record.position)
    assert one["why"]["3"]["said"]["vi"] == "Đã tổ chức trong kỳ"
    assert {fact["kind"] for fact in one["facts"]} >= {"session.proposed", "session.outcome_recorded", "session.held"}
    assert shown(await opened(world, "bieu-01/total/8")) == [("P/1", 1)]
    assert shown(await opened(world, "bieu-01/total/6")) == [("session-S", 3)]


async def test_a_dialogue_whose_day_was_moved_says_so(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", day(1), date(2023, 2, 10))
    dialogues.postponed("S", day(8), date(2023, 3, 10))
    dialogues.held("S", day(10, 3), 3)
    await world.play(dialogues)
    [moved] = (await opened(world, "bieu-01/total/4"))["counted"]
    assert (moved["why"]["4"]["code"], moved["because"]["4"]["kind"]) == ("postponed", "session.postponed")
    [held] = (await opened(world, "bieu-01/total/3", MARCH))["counted"]
    assert {column: reason["code"] for column, reason in held["why"].items()} == {"0": "put-off", "3": "held", "6": "attended"}


async def test_what_became_known_of_a_dialogue_since_the_report_before_stands_in_its_adjustment(
    world: World, dialogues: Dialogues
) -> None:
    january, since = (date(2023, 1, 1), date(2023, 1, 31)), day(10)
    dialogues.session("LATE", day(5, 1), date(2023, 1, 20), recorded=since)
    dialogues.session("GONE", day(5, 1), date(2023, 1, 20))
    dialogues.cancelled("GONE", day(19, 1), recorded=since)
    await world.play(dialogues)
    await world.lock(dialogues, january, day(3))
    found = await opened(world, "bieu-01/A1/dinh_ky/0'")
    assert (found["value"], shown(found)) == (0, [("session-GONE", -1), ("session-LATE", 1)])
    assert [each["because"]["0'"]["kind"] for each in found["counted"]] == ["session.cancelled", "session.proposed"]
    assert {each["why"]["0'"]["code"] for each in found["counted"]} == {"late"}
    assert shown(await opened(world, "bieu-01/total/0")) == [("session-GONE", 1)]


async def test_an_item_of_conclusions_opens_with_its_notice_and_its_task(world: World, dialogues: Dialogues) -> None:
    dialogues.notice("N", day(1), {"X": date(2023, 2, 15)})
    dialogues.urged("TX", day(10))
    dialogues.urged("TX", day(12), times=2)
    dialogues.completed("TX", day(20))
    await world.play(dialogues)
    [late] = (await opened(world, "bieu-05/total/done_late"))["counted"]
    assert (late["name"], late["streams"], late["why"]["done_late"]["code"]) == (
        "notice-N/1",
        ["notice-N", "task-TX"],
        "overdue",
    )
    assert late["because"]["done_late"]["kind"] == "task.completed"
    assert [fact["kind"] for fact in late["facts"]][-1] == "task.completed"
    urged = await opened(world, "bieu-05/notice-N/1/urged")
    assert (urged["value"], shown(urged)) == (2, [("notice-N/1", 2)])


async def test_requests_and_the_chairmans_line_open(world: World, dialogues: Dialogues) -> None:
    dialogues.request("R", day(1))
    dialogues.request("W", day(2))
    dialogues.request_refused("R", day(5))
    dialogues.session("B", day(1), date(2023, 2, 10), track=Track.CHAIRMAN, trigger=None)
    dialogues.proposal("P", day(3), "SGTVT")
    await world.play(dialogues)
    assert shown(await opened(world, "requests/total/received")) == [("request-R", 1), ("request-W", 1)]
    assert shown(await opened(world, "requests/total/waiting")) == [("request-W", 1)]
    assert shown(await opened(world, "track-b/total/proposals")) == [("proposal-P", 1)]
    assert shown(await opened(world, "track-b/total/1")) == shown(await opened(world, "bieu-01/outside.B/1"))
    assert (await opened(world, "bieu-01/total/1"))["value"] == 0


async def test_a_long_cell_beside_the_opinions_is_read_page_by_page(world: World, dialogues: Dialogues) -> None:
    for n in range(5):
        dialogues.request(f"R{n}", day(1))
    await world.play(dialogues)
    first = await opened(world, "requests/total/received", limit=2)
    second = await opened(world, "requests/total/received", limit=2, after=first["next"])
    last = await opened(world, "requests/total/received", limit=2, after=second["next"])
    assert [len(each["counted"]) for each in (first, second, last)] == [2, 2, 1]
    assert (first["value"], last["next"]) == (5, None)


@pytest.mark.parametrize(
    "cell", ["bieu-01/A1/khac/3", "bieu-01/A1/theo_yeu_cau/3", "bieu-05/notice-X/1/given", "requests/VPUB/met", "urging/total/A"]
)
async def test_a_row_that_is_not_there_or_can_hold_nothing_is_refused(world: World, dialogues: Dialogues, cell: str) -> None:
    await world.play(dialogues)
    with pytest.raises(NoSuchCell):
        await opened(world, cell)


async def test_whoever_may_not_open_figures_opens_none_of_these(world: World, dialogues: Dialogues) -> None:
    await world.play(dialogues)
    with pytest.raises(Forbidden):
        await opened(world, "bieu-01/total/3", subject=replace(HUB, capacities=frozenset({Role.SPECIALIST})))


async def test_a_stream_says_in_which_cells_it_is_counted_and_why(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", day(1), date(2023, 2, 10))
    dialogues.held("S", day(10), 3)
    dialogues.notice("N", day(12), {"X": date(2023, 3, 15)}, of="S")
    await world.play(dialogues)
    session, notice, task = [await why(world, name) for name in ("session-S", "notice-N", "task-TX")]
    assert [each["verdict"] for each in (session, notice, task)] == ["counted"] * 3
    assert {each["cell"] for each in session["cells"]} == {
        f"bieu-01/{row}/{column}" for row in ("A1/dinh_ky", "total") for column in ("1", "3", "6")
    }
    assert {each["cell"] for each in notice["cells"]} >= {"bieu-01/total/11", "bieu-05/notice-N/1/given"}
    assert {each["cell"] for each in task["cells"]} >= {"bieu-05/total/open_in_time"}
    assert session["facts"][0]["kind"] == "session.proposed"


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("session-PAST", "ended-before"),
        ("session-NEXT", "not-begun"),
        ("notice-OLD", "outside"),
        ("task-TX", "ended-before"),
        ("task-TXTH", "no-item"),
        ("request-R", "outside"),
    ],
)
async def test_a_stream_that_is_not_counted_says_why_not(world: World, dialogues: Dialogues, name: str, verdict: str) -> None:
    dialogues.session("PAST", day(1, 1), date(2023, 1, 10))
    dialogues.held("PAST", day(10, 1), 3)
    dialogues.session("NEXT", day(5), date(2023, 3, 10), origin=Origin.ARISEN)
    dialogues.notice("OLD", day(1, 1), {"X": date(2023, 1, 15)}, beside=("TH",))
    dialogues.completed("TX", day(10, 1))
    dialogues.request("R", day(1, 1))
    dialogues.request_refused("R", day(5, 1))
    await world.play(dialogues)
    found = await why(world, name)
    assert (found["verdict"], found["cells"]) == (verdict, [])
    assert found["said"]["vi"].startswith("Không tính")


async def test_of_a_stream_that_nobody_told_of_nothing_is_known(world: World, dialogues: Dialogues) -> None:
    await world.play(dialogues)
    with pytest.raises(Unknown):
        await why(world, "session-S")


def test_a_dialogue_stands_where_the_day_first_fixed_is_whatever_the_order_of_what_is_told() -> None:
    first, last = FEBRUARY
    said = {"track": "A1", "trigger": "dinh_ky", "origin": Origin.PLAN.value, "scheduled": "2023-02-10", "field": None}
    told = [
        Step("session-S", "session.held", begins(first) + 10, 2, {}),
        Step("session-S", "session.proposed", begins(first) - 10, 1, said),
    ]
    form = form_01(dialogues_of(told), [], window(first, last))
    reasons = {(each.row, each.column): each.why for each in form.total.tallies}
    assert reasons == {("total", "1"): Why.SCHEDULED, ("total", "3"): Why.HELD}
    early = form_01(dialogues_of([told[0], told[1]._replace(said={**said, "scheduled": "2023-03-10"})]), [], window(first, last))
    assert {each.column: each.why for each in early.total.tallies} == {"1": Why.ENDED_EARLY, "3": Why.HELD}


class TestACellNamedWithItsPeriod:
    async def asked(self, world: World, cell: str, **asked: Any) -> dict[str, Any]:
        return await world.asked.cell(HUB, cell=cell, office="VPUB", **asked)

    async def test_is_that_of_the_locked_report(self, world: World, year: Dialogues) -> None:
        await world.play(year)
        positions = await world.lock(year, SIX_MONTHS, FIRST_LOCK)  # the annual report, of that window
        found = await self.asked(world, "bieu-02/total/C@2023")
        assert (found["cell"], found["as_of"]) == ("bieu-02/total/C@2023", positions)
        known = await opened(world, "bieu-02/total/C", SIX_MONTHS, as_of=FIRST_LOCK)
        assert (found["value"], found["episodes"]) == (known["value"], known["episodes"])
        later = await self.asked(world, "bieu-02/total/C@2023", as_of=SECOND_LOCK)
        assert later["value"] == found["value"] + 1

    async def test_is_that_of_the_days_as_known_now_where_no_report_is_locked(self, world: World, year: Dialogues) -> None:
        await world.play(year)
        found = await self.asked(world, "bieu-01/total/3@2023-H1")
        assert (found["cell"], found["from"], found["to"]) == ("bieu-01/total/3@2023-H1", "2022-11-01", "2023-05-31")
        assert len(found["counted"]) == found["value"] == 4

    async def test_may_say_its_days_instead(self, world: World, year: Dialogues) -> None:
        await world.play(year)
        found = await self.asked(world, "bieu-01/total/3@2023-01-04..2023-05-31")
        assert found == await opened(world, "bieu-01/total/3", SIX_MONTHS)

    @pytest.mark.parametrize("cell", ["bieu-02/total/C@2023-H2", "bieu-02/total/C@2023-13-01..2023-05-31", "bieu-02/total/C@x"])
    async def test_is_refused_where_that_is_no_period(self, world: World, cell: str) -> None:
        with pytest.raises(NoSuchCell):
            await self.asked(world, cell)

    async def test_is_opened_for_its_days_once(self, world: World) -> None:
        first, last = FEBRUARY
        for cell, days in (("bieu-02/total/C", {}), ("bieu-02/total/C@2023", {"first": first, "last": last})):
            with pytest.raises(DaysUnclear):
                await self.asked(world, cell, **days)
        with pytest.raises(DaysUnclear):
            await self.asked(world, "bieu-02/total/C", first=first)

    async def test_is_unknown_of_a_correction_that_there_is_not(self, world: World) -> None:
        with pytest.raises(Unknown):
            await self.asked(world, "bieu-02/total/C@2023-DC1")
