"""Every figure opens: the episodes behind a cell are those it counts, and each says by which event it stands there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.reporting.domain.figures.columns import COUNTS
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.cells import NoSuchCell, cell_of
from services.reporting.readmodel.forms import Table
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from shared.contracts.session import Track
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import FIRST, LAST, histories
from tests.reporting.story import Story, at
from tests.reporting.world import HUB, World

FEBRUARY = (date(2023, 2, 1), date(2023, 2, 28))
DUE = date(2023, 2, 15)
TABLES = {Table.OPINIONS: By.FIELD, Table.BY_UNIT: By.UNIT, Table.BY_PLACE: By.LOCALITY}


def day(number: int, month: int = 2) -> datetime:
    return at(date(2023, month, number), 8)


async def opened(world: World, cell: str, window: tuple[date, date] = FEBRUARY, **asked: Any) -> dict[str, Any]:
    asked = {"subject": HUB, "office": "VPUB", **asked}
    return await world.queries.cell(cell=cell, first=window[0], last=window[1], **asked)


async def why(world: World, episode: str, window: tuple[date, date] = FEBRUARY, **asked: Any) -> dict[str, Any]:
    asked = {"subject": HUB, "office": "VPUB", **asked}
    return await world.queries.why(episode=episode, first=window[0], last=window[1], **asked)


def names(found: Mapping[str, Any]) -> list[str]:
    return [each["episode"] for each in found["episodes"]]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(story=histories())
async def test_behind_every_figure_stand_as_many_episodes_as_it_says(world: World, story: Story) -> None:
    await world.play(story)
    for table in TABLES:
        shown = await world.table(table, (FIRST, LAST))
        groups = {"": [*shown["rows"], shown["total"]], "subtotal.": shown["subtotals"], "source.": shown.get("sources", [])}
        for prefix, rows in groups.items():
            for row in rows:
                for column in (each for each in COUNTS if row[each]):
                    found = await opened(world, f"{table}/{prefix}{row['key']}/{column}", (FIRST, LAST), limit=500)
                    assert found["value"] == row[column] == len(found["episodes"])
                    assert all(column in each["columns"] and each["because"][column] for each in found["episodes"])


async def test_a_cell_opens_to_its_episodes_and_the_events_that_put_them_there(world: World, story: Story) -> None:
    for name in ("A", "B"):
        story.received(name, day(1), locality="thuan-chau")
        story.classified(name, day(2), DUE)
        story.assigned(name, day(3), DUE, lead="KT")
    story.resolved("A", day(20), DUE)
    await world.play(story)
    late = await opened(world, "bieu-03/KT/I2")
    assert (late["cell"], late["label"]) == ("bieu-03/KT/I2@2023-02-01..2023-02-28", "Phòng Kinh tế")
    assert (late["heading"], late["value"], names(late)) == ("Đã giải quyết quá hạn", 1, ["A/1"])
    [one] = late["episodes"]
    assert one["columns"] == ["B1", "C", "H", "I", "I2"]
    resolved = one["because"]["I2"]
    assert (resolved["kind"], resolved["due"], resolved["at"]) == ("resolved", "2023-02-15", "2023-02-20T01:00:00+00:00")
    record = next(each for each in story.records() if each.record.type == "case.resolved")
    assert (resolved["source"], resolved["position"]) == ("assignment", record.position)
    assert one["because"]["B1"]["kind"] == "received"
    assert {value["dimension"] for value in one["values"]} >= {"lead", "source"}
    still = await opened(world, "bieu-03/KT/J2")
    assert (names(still), still["episodes"][0]["due"]) == (["B/1"], "2023-02-15")


async def test_subtotals_and_source_groups_open_too(world: World, story: Story) -> None:
    for name, source in (("A", SourceGroup.INTERNAL), ("B", SourceGroup.PEOPLE), ("C", SourceGroup.ORGANISATION)):
        story.received(name, day(1), source=source)
    await world.play(story)
    assert names(await opened(world, "bieu-02/subtotal.noi_bo/B1")) == ["A/1"]
    assert names(await opened(world, "bieu-02/subtotal.nhan_dan/B1")) == ["B/1", "C/1"]
    assert names(await opened(world, "bieu-04/source.to_chuc/B1")) == ["C/1"]
    assert names(await opened(world, "bieu-02/-/C")) == ["A/1", "B/1", "C/1"]


async def test_a_long_cell_is_read_page_by_page(world: World, story: Story) -> None:
    for n in range(5):
        story.received(f"A{n}", day(1))
    await world.play(story)
    first = await opened(world, "bieu-02/total/C", limit=2)
    assert (first["value"], names(first), first["next"]) == (5, ["A0/1", "A1/1"], "A1/1")
    second = await opened(world, "bieu-02/total/C", limit=2, after=first["next"])
    last = await opened(world, "bieu-02/total/C", limit=2, after=second["next"])
    assert (names(second), names(last), last["next"]) == (["A2/1", "A3/1"], ["A4/1"], None)


@pytest.mark.parametrize(
    "cell", ["", "bieu-02", "bieu-02/total", "bieu-02/total/T1", "bieu-02/total/Z", "bieu-05/x/I1", "bieu-02//C"]
)
def test_what_names_no_cell_is_refused_with_the_columns_there_are(cell: str) -> None:
    with pytest.raises(NoSuchCell) as refused:
        cell_of(cell)
    assert "I1" in refused.value.said(refused.value.advice_en)


async def test_a_subtotal_of_nobody_is_refused(world: World, story: Story) -> None:
    await world.play(story)
    with pytest.raises(NoSuchCell):
        await opened(world, "bieu-02/subtotal.khac/C")


async def test_a_row_that_there_cannot_be_is_refused_and_one_in_which_nothing_stands_is_nought(
    world: World, story: Story
) -> None:
    story.received("A", day(1))
    await world.play(story)
    with pytest.raises(NoSuchCell):
        await opened(world, "bieu-02/dat-day/C")
    assert (await opened(world, "bieu-02/dat-dai/C"))["value"] == 0


async def test_an_episode_says_where_it_is_counted_and_why(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.classified("A", day(2), DUE)
    story.assigned("A", day(3), DUE, lead="KT")
    await world.play(story)
    found = await why(world, "A/1")
    assert (found["verdict"], found["rows"]["unit"]) == ("counted", "KT")
    assert found["columns"] == ["B1", "C", "H", "J", "J2"]
    assert found["due"] == "2023-02-15"


async def test_an_episode_that_is_not_counted_says_why_not(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.classified("A", day(2), DUE)
    story.assigned("A", day(3), DUE)
    story.resolved("A", day(10), DUE)
    await world.play(story)
    march = (date(2023, 3, 1), date(2023, 3, 31))
    ended = await why(world, "A/1", march)
    assert (ended["verdict"], ended["columns"], ended["rows"]) == ("ended-before", [], {})
    assert [fact["kind"] for fact in ended["facts"]] == ["received", "resolved"]
    with pytest.raises(Unknown):
        await why(world, "A/1", (date(2023, 1, 1), date(2023, 1, 31)))


async def test_what_was_put_to_the_chairman_or_split_says_so(world: World, dialogues: Dialogues) -> None:
    dialogues.session("B", day(10), day(10).date(), track=Track.CHAIRMAN, trigger=None)
    dialogues.raised("A", "B", day(10))
    dialogues.received("P", day(1))
    dialogues.split("P", ("P1", "P2"), day(2), received=day(1), source=SourceGroup.PEOPLE)
    await world.play(dialogues)
    chairmans = await why(world, "A/1")
    assert (chairmans["verdict"], chairmans["columns"], chairmans["because"]) == ("chairman", [], {})
    assert (await why(world, "P/1"))["verdict"] == "split"
    assert (await why(world, "P1/1"))["verdict"] == "counted"


async def test_the_parts_of_what_was_the_chairman_s_and_is_taken_up_again_stay_out_of_the_office_s_tables(
    world: World, dialogues: Dialogues
) -> None:
    for name, track in (("B", Track.CHAIRMAN), ("H", Track.PEOPLE)):
        dialogues.session(name, day(10), day(10).date(), track=track, trigger=None)
    for name, to in (("A", "B"), ("C", "H")):
        dialogues.raised(name, to, day(10))
        dialogues.reopened(name, day(15), day(28).date())
        dialogues.case_split(name, (f"{name}1", f"{name}2"), day(16), received=day(10), once_of=to)
    await world.play(dialogues)
    for part in ("A1/1", "A2/1"):
        assert (await why(world, part))["verdict"] == "chairman"
    for part in ("C1/1", "C2/1"):
        assert (await why(world, part))["verdict"] == "counted"


async def test_who_may_see_figures_may_not_therefore_open_them(world: World, story: Story) -> None:
    story.received("A", day(1))
    await world.play(story)
    specialist = replace(HUB, capacities=frozenset({Role.SPECIALIST}))
    with pytest.raises(Forbidden):
        await opened(world, "bieu-02/total/C", subject=specialist)
    with pytest.raises(Forbidden):
        await why(world, "A/1", subject=specialist)
