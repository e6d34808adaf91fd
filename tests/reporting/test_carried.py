"""A report carries on what the one before left open: A is its J, and A′ says what is known otherwise since, late or moved."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting.readmodel.forms import Table
from shared.contracts import case
from shared.contracts.opinion import SourceGroup
from shared.contracts.session import Track, Trigger
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import FIRST, LAST, START, histories
from tests.reporting.story import Story, at
from tests.reporting.test_year_2023 import columns
from tests.reporting.world import HUB, World, row
from tests.reporting.year_2023 import FIRST_LOCK, SECOND_LOCK, SIX_MONTHS

JANUARY, FEBRUARY = (date(2023, 1, 1), date(2023, 1, 31)), (date(2023, 2, 1), date(2023, 2, 28))
LOCKED_AT = at(date(2023, 2, 3), 9)
SINCE = at(date(2023, 2, 10))  # what is recorded then was not known at the lock
FORMS = (Table.OPINIONS, Table.BY_UNIT, Table.BY_PLACE)
DUE = date(2023, 3, 15)


def day(number: int, month: int = 1) -> datetime:
    return at(date(2023, month, number))


async def told(world: World, story: Story, window: tuple[date, date] = JANUARY, when: datetime = LOCKED_AT) -> None:
    await world.play(story)
    await world.lock(story, window, when)


async def opened(world: World, cell: str) -> dict[str, Any]:
    return await world.queries.cell(HUB, cell=cell, office="VPUB", first=FEBRUARY[0], last=FEBRUARY[1], limit=500)


def adjustment(found: Any) -> tuple[int, ...]:
    return tuple(found[column] for column in ("A", "A1", "A1_late", "A1_moved", "C"))


async def test_the_second_half_of_2023_carries_on_what_the_six_months_left_open(world: World, year: Story) -> None:
    await told(world, year, SIX_MONTHS, FIRST_LOCK)
    figures = await world.figures(date(2023, 6, 1), date(2023, 10, 31), as_of=SECOND_LOCK)
    assert columns(figures["total"]) == (2, 1, 3, 1, 7, 0, 0, 1, 0, 6, 5, 4, 1, 1, 1, 0, "83.3", "80.0", "80.0")
    assert (figures["predecessor"], figures["total"]["A1_late"]) == ("report-VPUB-2023", 1)


async def test_what_was_left_open_carries_over_though_nothing_has_happened_since_the_lock(world: World, story: Story) -> None:
    story.received("A", day(5))
    await world.play(story)
    await world.lock(story, JANUARY, LOCKED_AT, beyond=1)
    for as_of in (None, LOCKED_AT, {"intake": 2, "assignment": 1}):
        found = await world.table(Table.OPINIONS, FEBRUARY, as_of=as_of)
        assert adjustment(found["total"]) == (1, 0, 0, 0, 1)
    assert "predecessor" not in await world.table(Table.OPINIONS, FEBRUARY, as_of=LOCKED_AT - timedelta(hours=1))


async def test_tables_that_are_asked_for_together_are_those_asked_for_one_by_one(world: World, year: Story) -> None:
    await told(world, year, SIX_MONTHS, FIRST_LOCK)
    for first, last in (SIX_MONTHS, (date(2023, 6, 1), date(2023, 10, 31))):
        together = await world.queries.tables(HUB, office="VPUB", first=first, last=last, as_of=SECOND_LOCK)
        assert together == {table.value: await world.table(table, (first, last), as_of=SECOND_LOCK) for table in Table}


async def test_only_a_report_that_adjoins_and_was_locked_by_then_carries_over(world: World, story: Story) -> None:
    story.received("A", day(5))
    story.withdrawn("A", day(20), SINCE)
    await told(world, story)
    table = await world.table(Table.OPINIONS, FEBRUARY)
    assert (table["predecessor"], adjustment(table["total"])) == ("report-VPUB-2023", (1, -1, -1, 0, 0))
    later = await world.table(Table.OPINIONS, (date(2023, 2, 2), date(2023, 2, 28)))
    assert ("predecessor" in later, later["total"]["A"], "A1_late" in later["total"]) == (False, 0, False)
    before = await world.table(Table.OPINIONS, FEBRUARY, as_of={"intake": 0, "assignment": 0})
    assert "predecessor" not in before


async def test_what_was_over_by_then_and_recorded_late_is_taken_off(world: World, story: Story) -> None:
    story.received("A", day(5))
    story.withdrawn("A", day(20), SINCE)
    await told(world, story)
    [left] = (await opened(world, "bieu-02/total/A"))["episodes"]
    assert (left["episode"], left["columns"]) == ("A/1", ["B1", "C", "H", "J", "J1"])  # as that report counted it
    found = await opened(world, "bieu-02/total/A1")
    [one] = found["episodes"]
    assert (found["value"], one["episode"], one["change"], one["why"]["code"]) == (-1, "A/1", -1, "late")
    assert one["why"]["said"]["vi"] == "Nay mới biết: đã kết thúc trước kỳ"
    assert one["because"]["A1"]["kind"] == "withdrawn"
    assert left["because"]["A"]["kind"] == "received"
    assert {fact["kind"] for fact in one["facts"]} == {"received", "withdrawn"}


async def test_of_one_episode_is_said_where_the_report_before_left_it_open(world: World, story: Story) -> None:
    story.received("A", day(5))
    story.classified("A", day(6), DUE, area="dat-dai")
    story.received("B", day(5), recorded=SINCE)
    await told(world, story)
    asked: dict[str, Any] = {"office": "VPUB", "first": FEBRUARY[0], "last": FEBRUARY[1]}
    left, late = [await world.queries.why(HUB, episode=f"{name}/1", **asked) for name in "AB"]
    assert left["left_open"] == {"field": "dat-dai", "unit": "-", "locality": "-", "source": "nhan_dan"}
    assert (late["verdict"], late["left_open"]) == ("counted", None)


async def test_what_was_handed_in_by_then_and_recorded_late_is_added(world: World, story: Story) -> None:
    story.received("A", day(5), recorded=SINCE)
    await told(world, story)
    total = (await world.table(Table.OPINIONS, FEBRUARY))["total"]
    assert (adjustment(total), total["B1"], total["J"]) == ((0, 1, 1, 0, 1), 0, 1)


async def test_parts_of_what_was_left_open_are_added_but_for_the_whole(world: World, story: Story) -> None:
    story.received("A", day(5), source=SourceGroup.PEOPLE)
    story.split("A", ("A1", "A2", "A3"), SINCE, received=day(5), source=SourceGroup.PEOPLE)
    await told(world, story)
    assert adjustment((await world.table(Table.OPINIONS, FEBRUARY))["total"]) == (1, 2, 2, 0, 3)


async def test_what_was_transferred_or_reclassified_since_moves_from_row_to_row(world: World, dialogues: Dialogues) -> None:
    dialogues.received("A", day(5))
    dialogues.classified("A", day(6), DUE, area="dat-dai")
    dialogues.assigned("A", day(7), DUE, lead="KT")
    moved = case.CaseTransferred(episode="A/1", former="KT", lead="NC", basis=None, succession=None)
    dialogues.decided("A", moved, SINCE)
    anew = {"flags": (), "concerns_units": (), "concerns_posts": ()}
    again = case.CaseReclassified(episode="A/1", kind="gop_y", field="giao-thong", **anew)  # type: ignore[arg-type]
    dialogues.decided("A", again, SINCE + timedelta(days=1))
    await told(world, dialogues)
    for table, (former, now) in {Table.BY_UNIT: ("KT", "NC"), Table.OPINIONS: ("dat-dai", "giao-thong")}.items():
        found = await world.table(table, FEBRUARY)
        assert adjustment(row(found, former)) == (1, -1, 0, -1, 0)
        assert adjustment(row(found, now)) == (0, 1, 0, 1, 1)
        assert adjustment(found["total"]) == (1, 0, 0, 0, 1)
    assert (await opened(world, "bieu-02/dat-dai/A1"))["episodes"][0]["because"]["A1"]["kind"] == "field"
    assert (await opened(world, "bieu-03/KT/A1"))["episodes"][0]["because"]["A1"]["kind"] == "lead"
    gone, come = [await opened(world, f"bieu-03/{unit}/A1") for unit in ("KT", "NC")]
    assert [(each["change"], each["why"]["said"]["en"]) for each in gone["episodes"]] == [(-1, "It has gone to another row")]
    assert [(each["change"], each["why"]["said"]["en"]) for each in come["episodes"]] == [(1, "It has come from another row")]


async def test_a_dialogue_put_off_then_and_known_since_to_have_been_held_is_adjusted(world: World, dialogues: Dialogues) -> None:
    for name in ("A", "B"):
        dialogues.session(name, day(2), date(2023, 1, 20), track=Track.STAFF, trigger=Trigger.PERIODIC)
    dialogues.held("A", day(20), 12, SINCE)
    dialogues.session("C", day(2), date(2023, 1, 25), track=Track.PEOPLE, trigger=Trigger.ON_REQUEST, recorded=SINCE)
    await told(world, dialogues)
    found = await world.table(Table.DIALOGUES, FEBRUARY)
    assert [(each["0"], each["0'"], each["4"]) for each in (row(found, "A1/dinh_ky"), row(found, "A2/theo_yeu_cau"))] == [
        (2, -1, 1),
        (0, 1, 1),
    ]
    assert (found["total"]["0"], found["total"]["0'"], "broken" in found) == (2, 0, False)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(story=histories(), days=st.integers(0, 40))
async def test_in_every_row_the_stock_is_what_was_left_open_and_what_is_known_otherwise(
    world: World, story: Story, days: int
) -> None:
    before, when = (FIRST - timedelta(days=30), FIRST - timedelta(days=1)), START + timedelta(days=days)
    await world.play(story)
    for table in FORMS:
        positions = await world.lock(story, (date(2000, 1, 1), date(2000, 1, 2)), when)  # adjoins nothing
        apart = await world.table(table, (FIRST, LAST))
        left = await world.table(table, before, as_of=positions)
        await world.lock(story, before, when)
        found = await world.table(table, (FIRST, LAST))
        assert found["predecessor"] == f"report-VPUB-{before[1].year}"
        assert "broken" not in found
        alone = {each["key"]: each for each in (*apart["rows"], *apart["subtotals"], apart["total"])}
        stood = {each["key"]: each["J"] for each in (*left["rows"], *left["subtotals"], left["total"])}
        for each in (*found["rows"], *found["subtotals"], found["total"]):
            assert each["A"] == stood.get(each["key"], 0)
            assert each["A"] + each["A1"] == alone.get(each["key"], {"A": 0})["A"]
            assert each["A1"] == each["A1_late"] + each["A1_moved"]
            assert each["C"] == each["A"] + each["A1"] + each["B1"] + each["B2"]
        assert sum(each["A1_moved"] for each in found["rows"]) == 0


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(story=histories(), days=st.integers(0, 40))
async def test_what_was_left_open_and_each_adjustment_of_it_opens(world: World, story: Story, days: int) -> None:
    await world.play(story)
    await world.lock(story, (FIRST - timedelta(days=30), FIRST - timedelta(days=1)), START + timedelta(days=days))
    for table in FORMS:
        shown = await world.table(table, (FIRST, LAST))
        groups = {"": [*shown["rows"], shown["total"]], "subtotal.": shown["subtotals"], "source.": shown.get("sources", [])}
        for prefix, rows in groups.items():
            for each in rows:
                left = await opened(world, f"{table}/{prefix}{each['key']}/A")
                assert left["value"] == each["A"] == len(left["episodes"])
                changed = await opened(world, f"{table}/{prefix}{each['key']}/A1")
                assert changed["value"] == each["A1"] == sum(one["change"] for one in changed["episodes"])
                late = [one["change"] for one in changed["episodes"] if one["why"]["code"] == "late"]
                assert sum(late) == each["A1_late"]
