"""A corrected report lists every figure that it counts otherwise than the one it corrects, and by which episodes and facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from services.reporting.domain.figures.columns import COUNTS
from services.reporting.domain.report.refusals import NoCorrection, NotLocked
from services.reporting.readmodel.breakdown import AUDIENCES
from services.reporting.readmodel.differences import Differences, differing
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from shared.contracts.session import Outcome
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import TENANT, Story, at
from tests.reporting.world import HUB, World
from tests.reporting.year_2023 import FIRST_LOCK, SECOND_LOCK, SIX_MONTHS

JANUARY = (date(2023, 1, 1), date(2023, 1, 31))
LOCKED_AT, SINCE = at(date(2023, 2, 3), 9), at(date(2023, 2, 10))
BY = {"bieu-02": "field", "bieu-03": "unit", "bieu-04": "locality"}


def day(number: int) -> datetime:
    return at(date(2023, 1, number))


async def lock(world: World, story: Story, window: tuple[date, date], when: datetime) -> dict[str, Any]:
    """What a lock of that window rests on with what was known at `when`, as a report tells it."""
    positions = await world.lock(story, window, when)
    rests = [{"source": source, "position": position} for source, position in positions.items()]
    lock = {"positions": rests, "predecessor": None, "definitions": "bieu.3", "calendar": "VN", "figures": "5e" * 32}
    days = {"from": window[0].isoformat(), "to": window[1].isoformat()}
    return {"report": "report-VPUB-2023", "office": "VPUB", **days, "lock": lock}


async def corrected(
    world: World, story: Story, window: tuple[date, date] = JANUARY, first: datetime = LOCKED_AT, then: datetime = SINCE
) -> dict[str, Any]:
    await world.play(story)
    former, later = await lock(world, story, window, first), await lock(world, story, window, then)
    return await Differences(world.database, world.locking, TENANT).differences(
        HUB, {**later, "report": "report-VPUB-2023-DC1"}, former
    )


def cells(found: Mapping[str, Any], table: str = "bieu-02") -> dict[str, tuple[Any, Any, list[str]]]:
    """The counts of a table that differ, by row and column."""
    return {
        each["cell"].partition("/")[2]: (each["was"], each["now"], each["episodes"])
        for each in found["cells"]
        if each["cell"].startswith(f"{table}/") and each["cell"].rpartition("/")[2] in COUNTS
    }


def counted(found: Mapping[str, Any], table: str) -> dict[str, tuple[Any, Any, list[str]]]:
    """The figures that differ of a table beside the opinions, by row and column, with what makes the difference."""
    return {
        each["cell"].partition("/")[2]: (each["was"], each["now"], each["counted"])
        for each in found["cells"]
        if each["cell"].startswith(f"{table}/")
    }


async def test_what_was_recorded_after_the_former_lock_is_a_late_fact(world: World, story: Story) -> None:
    story.received("A", day(5))
    story.received("B", day(10), recorded=SINCE)
    found = await corrected(world, story)
    assert cells(found)["total/C"] == (1, 2, ["B/1"])
    assert cells(found)["total/J"] == (1, 2, ["B/1"])
    [one] = found["episodes"]
    assert (one["episode"], one["why"]["code"], one["was"]) == ("B/1", "late", None)
    assert {each["kind"] for each in one["because"]} >= {"received"}
    assert {each["position"] for each in one["because"]} == {2}


async def test_what_ended_otherwise_stands_in_another_column(world: World, story: Story) -> None:
    story.received("A", day(5))
    story.withdrawn("A", day(20), SINCE)
    found = await corrected(world, story)
    assert {name: (was, now) for name, (was, now, _) in cells(found).items() if name.startswith("total/")} == {
        "total/F": (0, 1),
        "total/H": (1, 0),
        "total/J": (1, 0),
        "total/J1": (1, 0),
    }
    assert [(each["why"]["code"], [fact["kind"] for fact in each["because"]]) for each in found["episodes"]] == [
        ("late", ["withdrawn"])
    ]


async def test_what_only_changed_its_row_has_moved(world: World, story: Story) -> None:
    story.received("A", day(5))
    story.classified("A", day(6), area="dat-dai", due=date(2023, 3, 1))
    story.classified("A", day(7), area="moi-truong", due=date(2023, 3, 1), recorded=SINCE)
    found = await corrected(world, story)
    assert cells(found)["dat-dai/C"] == (1, None, ["A/1"])
    assert cells(found)["moi-truong/C"] == (None, 1, ["A/1"])
    assert "total/C" not in cells(found)
    assert [each["why"]["code"] for each in found["episodes"]] == ["moved"]


async def test_nothing_differs_where_nothing_was_recorded_since(world: World, story: Story) -> None:
    story.received("A", day(5))
    found = await corrected(world, story)
    assert (found["cells"], found["episodes"], found["steps"], found["rests_on"]) == ([], [], [], {})


async def test_a_figure_of_form_01_differs_by_the_dialogues_and_opinions_that_are_named(
    world: World, dialogues: Dialogues
) -> None:
    for name, recorded in (("S", None), ("T", SINCE)):
        dialogues.session(name, day(5), date(2023, 1, 20), recorded=recorded)
        dialogues.held(name, day(20), 3, recorded)
    dialogues.raised("P", "S", day(20), recorded=SINCE)
    dialogues.outcome("P", "S", Outcome.ANSWERED, day(20), recorded=SINCE)
    found = counted(await corrected(world, dialogues), "bieu-01")
    assert found["total/3"] == found["A1/dinh_ky/3"] == (1, 2, ["session-T"])
    assert found["total/6"] == (3, 6, ["session-T"])
    assert found["total/7"] == (0, 1, ["P/1"])
    assert "total/5" not in found


async def test_a_figure_of_form_05_differs_by_the_items_that_are_named(world: World, dialogues: Dialogues) -> None:
    dialogues.notice("N", day(5), {"X": date(2023, 2, 15), "Y": date(2023, 2, 15)})
    dialogues.completed("TX", day(20), SINCE)
    dialogues.extended("TY", day(20), date(2023, 2, 15), date(2023, 3, 15), recorded=SINCE)
    found = counted(await corrected(world, dialogues), "bieu-05")
    assert found["total/done_in_time"] == (0, 1, ["notice-N/1"])
    assert found["total/open_in_time"] == (2, 1, ["notice-N/1"])
    assert found["total/extended"] == (0, 1, ["notice-N/2"])
    assert found["notice-N/2/due"] == ("2023-02-15", "2023-03-15", ["notice-N/2"])


async def test_every_count_that_differs_is_made_of_the_episodes_that_are_named(world: World, year: Dialogues) -> None:
    found = await corrected(world, year, SIX_MONTHS, FIRST_LOCK, SECOND_LOCK)
    episodes = {each["episode"]: each for each in found["episodes"]}

    def stands(placed: Mapping[str, Any] | None, table: str, row: str, column: str) -> bool:
        if placed is None or column not in placed["columns"]:
            return False
        source = placed["rows"]["source"]
        if row.startswith("subtotal."):
            return source in AUDIENCES[row.removeprefix("subtotal.")][1]
        if row.startswith("source."):
            return bool(source == row.removeprefix("source."))
        return bool(row == "total" or placed["rows"][BY[table]] == row)

    checked = 0
    for table in BY:
        for name, (was, now, by) in cells(found, table).items():
            row, _, column = name.rpartition("/")
            gained = [
                stands(episodes[each]["now"], table, row, column) - stands(episodes[each]["was"], table, row, column)
                for each in by
            ]
            assert (now or 0) - (was or 0) == sum(gained)
            checked += 1
    assert checked > 0
    for table in ("bieu-01", "track-b", "requests", "dissemination", "urging"):
        assert all(by for _, _, by in counted(found, table).values())
    before, after = [
        await world.queries.tables(HUB, office="VPUB", first=SIX_MONTHS[0], last=SIX_MONTHS[1], as_of=when)
        for when in (FIRST_LOCK, SECOND_LOCK)
    ]
    assert {each["cell"] for each in found["cells"]} == {"/".join(each[:3]) for each in differing(before, after)}


async def test_only_a_locked_correction_has_differences_and_only_who_answers_for_the_report_opens_them(
    world: World, story: Story
) -> None:
    await world.play(story)
    former = await lock(world, story, JANUARY, LOCKED_AT)
    asked = Differences(world.database, world.locking, TENANT)
    with pytest.raises(NoCorrection):
        await asked.differences(HUB, former, None)
    with pytest.raises(NotLocked):
        await asked.differences(HUB, {**former, "lock": None}, former)
    with pytest.raises(Forbidden):
        await asked.differences(replace(HUB, capacities=frozenset({Role.SPECIALIST})), former, former)
    with pytest.raises(Unknown):
        await asked.differences(replace(HUB, office="UBND-MSO"), former, former)
