"""The tables of random histories agree with an oracle, keep their identities, and are handed on from window to window."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy import forms
from services.reporting.readmodel.forms import Table
from shared.contracts.opinion import SourceGroup
from shared.contracts.session import Origin, Outcome, Track, Trigger
from shared.contracts.task import TaskUrged
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import FIRST, LAST, START, histories
from tests.reporting.meetings import meetings
from tests.reporting.oracle_tables import Tables
from tests.reporting.story import Story, at
from tests.reporting.test_figures import SHARED_WORLD
from tests.reporting.world import World, row

WINDOW = (FIRST, LAST)
LATER = datetime(2024, 1, 1, tzinfo=UTC)
FEBRUARY_10 = at(date(2023, 2, 10))


def counts(found: Any) -> dict[str, int]:
    return {key: value for key, value in found.items() if isinstance(value, int) and value and key != "item"}


@SHARED_WORLD
@given(story=meetings(), known_after_days=st.sampled_from([10, 27, 28, 35, 300]))
async def test_an_oracle_counts_the_same(world: World, story: Dialogues, known_after_days: int) -> None:
    await world.play(story)
    as_of = START + timedelta(days=known_after_days)
    oracle = Tables(story.told, FIRST, LAST, as_of)
    found = {table: await world.table(table, WINDOW, as_of=as_of) for table in Table}
    form_01 = found[Table.DIALOGUES]
    shown = {each["key"]: counts(each) for each in (*form_01["rows"], *form_01["outside"], form_01["total"])}
    assert {key: n for key, n in shown.items() if n} == {key: +n for key, n in oracle.form_01().items() if +n}
    form_05 = found[Table.CONCLUSIONS]
    assert {each["key"]: counts(each) for each in form_05["rows"]} == {key: +n for key, n in oracle.form_05().items()}
    assert counts(form_05["total"]) == +sum(oracle.form_05().values(), Counter())
    assert counts(found[Table.CHAIRMAN]["total"]) == +Counter({**oracle.proposals(), **oracle.form_01()["B"]})
    assert counts(found[Table.REQUESTS]["total"]) == +Counter(oracle.requests())
    assert counts(found[Table.DISSEMINATION]["total"]) == +Counter(oracle.dissemination())
    assert counts(found[Table.URGING]["total"]) == +Counter(oracle.urging())
    rounds = {each["key"]: counts(each) for each in found[Table.GATHERING]["rows"]}
    assert rounds == {key: +n for key, n in oracle.gathering().items()}
    assert counts(found[Table.GATHERING]["total"]) == +sum(oracle.gathering().values(), Counter())


@SHARED_WORLD
@given(story=meetings())
async def test_every_table_keeps_its_identities(world: World, story: Dialogues) -> None:
    await world.play(story)
    for table in Table:
        found = await world.table(table, WINDOW, as_of=LATER)
        assert "broken" not in found
        assert forms.broken_identities(found) == []


@SHARED_WORLD
@given(story=histories())
async def test_every_form_of_opinions_has_the_same_subtotals_and_keeps_its_identities(world: World, story: Story) -> None:
    await world.play(story)
    found = [await world.table(table, WINDOW) for table in (Table.OPINIONS, Table.BY_UNIT, Table.BY_PLACE)]
    assert all(each["subtotals"] == found[0]["subtotals"] and each["total"] == found[0]["total"] for each in found)
    assert [forms.broken_identities(each) for each in found] == [[], [], []]


@SHARED_WORLD
@given(story=meetings())
async def test_what_was_not_held_in_one_window_opens_the_next(world: World, story: Dialogues) -> None:
    await world.play(story)
    middle = FIRST + timedelta(days=13)
    whole, one, two = [
        (await world.table(Table.DIALOGUES, window, as_of=LATER))["total"]
        for window in (WINDOW, (FIRST, middle), (middle + timedelta(days=1), LAST))
    ]
    assert two["0"] == one["4"]
    for flow in ("1", "2", "3", "5", "6", "7", "8", "9", "10a", "10b", "10c", "11"):
        assert one[flow] + two[flow] == whole[flow]
    assert two["4"] == whole["4"]


@pytest.mark.parametrize("table", Table)
async def test_an_office_in_which_nothing_happened_has_tables_of_nought(world: World, table: Table) -> None:
    found = await world.table(table, WINDOW)
    assert not counts(found["total"])
    assert forms.broken_identities(found) == []


async def test_an_opinion_split_in_the_room_is_counted_by_its_parts(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", FEBRUARY_10, FEBRUARY_10.date())
    dialogues.raised("P", "S", FEBRUARY_10)
    dialogues.case_split("P", ("PA", "PB"), FEBRUARY_10, received=FEBRUARY_10, of="S")
    for part in ("PA", "PB"):
        dialogues.outcome(part, "S", Outcome.DIRECTED, FEBRUARY_10)
    dialogues.held("S", FEBRUARY_10, 3)
    await world.play(dialogues)
    total = (await world.table(Table.DIALOGUES, WINDOW))["total"]
    assert (total["7"], total["9"]) == (2, 2)
    assert (await world.figures(*WINDOW))["total"]["B1"] == 2


async def test_an_opinion_without_an_outcome_breaks_the_form_and_names_its_row(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", FEBRUARY_10, FEBRUARY_10.date())
    dialogues.raised("P", "S", FEBRUARY_10)
    dialogues.held("S", FEBRUARY_10, 3)
    await world.play(dialogues)
    found = await world.table(Table.DIALOGUES, WINDOW)
    assert [each["key"] for each in found["broken"]] == ["A1/dinh_ky", "total"]
    assert any("(7)" in line for line in forms.broken_identities(found))


async def test_a_dialogue_that_cannot_be_is_shown_instead_of_x_and_is_broken(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", FEBRUARY_10, FEBRUARY_10.date(), track=Track.PEOPLE, trigger=Trigger.PERIODIC)
    await world.play(dialogues)
    found = await world.table(Table.DIALOGUES, WINDOW)
    assert row(found, "A2/dinh_ky")["1"] == 1
    assert {"key": "A2/dinh_ky", "identities": ["there is no such dialogue"]} in found["broken"]


async def test_a_dialogue_cancelled_before_its_window_belongs_to_the_window_it_ended_in(
    world: World, dialogues: Dialogues
) -> None:
    dialogues.session("S", FEBRUARY_10, date(2023, 3, 15), origin=Origin.ARISEN)
    dialogues.cancelled("S", FEBRUARY_10)
    await world.play(dialogues)
    february, march = [
        (await world.table(Table.DIALOGUES, window))["total"] for window in (WINDOW, (date(2023, 3, 1), date(2023, 3, 31)))
    ]
    assert (february["2"], february["5"]) == (1, 1)
    assert (march["2"], march["5"], march["4"]) == (0, 0, 0)


async def test_a_notice_without_a_dialogue_counts_in_form_05_only(world: World, dialogues: Dialogues) -> None:
    dialogues.notice("N", FEBRUARY_10, {"X": date(2023, 3, 1)})
    await world.play(dialogues)
    assert (await world.table(Table.DIALOGUES, WINDOW))["total"]["11"] == 0
    assert (await world.table(Table.CONCLUSIONS, WINDOW))["total"]["given"] == 1


async def test_form_05_counts_what_the_lead_does_and_no_work_beside_it(world: World, dialogues: Dialogues) -> None:
    dialogues.notice("N", FEBRUARY_10, {"X": date(2023, 3, 1)}, beside=("TH",))
    dialogues.completed("TXTH", at(date(2023, 2, 20)))
    dialogues.task("TXTH", TaskUrged(unit="TH", times=1, letter=None), at(date(2023, 2, 19)))
    await world.play(dialogues)
    (line,) = (await world.table(Table.CONCLUSIONS, WINDOW))["rows"]
    assert (line["unit"], line["given"], line["open_in_time"], line["done_in_time"], line["urged"]) == ("TCHCQT", 1, 1, 0, 0)


async def test_an_extension_that_came_too_late_makes_nothing_in_time(world: World, dialogues: Dialogues) -> None:
    for name, granted in (("A", at(date(2023, 2, 15), 23)), ("B", at(date(2023, 2, 16), 0))):
        dialogues.notice(f"N{name}", FEBRUARY_10, {name: date(2023, 2, 15)})
        dialogues.extended(f"T{name}", granted, date(2023, 2, 15), date(2023, 2, 25))
        dialogues.completed(f"T{name}", at(date(2023, 2, 20)))
    await world.play(dialogues)
    found = await world.table(Table.CONCLUSIONS, WINDOW)
    assert [(each["done_in_time"], each["done_late"], each["due"]) for each in found["rows"]] == [
        (1, 0, "2023-02-25"),
        (0, 1, "2023-02-25"),
    ]


async def test_an_opinion_put_to_the_chairman_leaves_the_forms_of_the_office(world: World, dialogues: Dialogues) -> None:
    dialogues.session("B", FEBRUARY_10, FEBRUARY_10.date(), track=Track.CHAIRMAN, trigger=None)
    dialogues.received("X", FEBRUARY_10, source=SourceGroup.PEOPLE)
    dialogues.linked("X", "B", FEBRUARY_10 + timedelta(days=1))
    dialogues.unlinked("X", "B", FEBRUARY_10 + timedelta(days=20))
    dialogues.raised("Y", "B", FEBRUARY_10)
    await world.play(dialogues)
    assert (await world.figures(*WINDOW))["total"]["C"] == 0
    assert (await world.figures(FIRST, date(2023, 3, 31)))["total"]["C"] == 1
