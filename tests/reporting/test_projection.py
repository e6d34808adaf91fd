"""Milestones and values from events: each row by itself, whatever the order in which the logs arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Table

from services.reporting.readmodel.projections import EVENTS, MILESTONES, reads, sequence_keys
from services.reporting.readmodel.tables import FACT, OFFICE, STEP, STREAM, VALUE
from shared.clock import micros
from shared.contracts.case import DueBase, Resolution
from shared.contracts.opinion import SourceGroup
from shared.contracts.registry import event_type
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import SEALED, Story, at
from tests.reporting.year_2023 import year_2023

DUE = date(2023, 2, 15)


class Kept(Rows):
    """The rows of a projection as they stand."""

    def __init__(self, projection: Projection) -> None:
        self.tables: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = {table: {} for table in projection.tables.sorted_tables}

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        self.tables[table].setdefault(self._key(table, values), {}).update(values)

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        row = self.tables[table].get(self._key(table, key))
        if row is not None:
            row.update(values)

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        self.tables[table].pop(self._key(table, key), None)

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return self.tables[table].get(self._key(table, key))

    def _key(self, table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values[column.name] for column in table.primary_key)


class Asked(Kept):
    """The same, with the rows that are asked for."""

    def __init__(self, projection: Projection) -> None:
        super().__init__(projection)
        self.asked: set[tuple[str, tuple[Any, ...]]] = set()

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        self.asked.add((table.name, self._key(table, key)))
        return await super().get(table, key)


async def rows_of(records: Sequence[Recorded]) -> Kept:
    rows = Kept(MILESTONES)
    for recorded in records:
        await MILESTONES.apply(recorded, rows)
    return rows


def full_life(story: Story) -> Story:
    story.received("A", at(date(2023, 2, 1)), locality="MSO", source=SourceGroup.INTERNAL)
    story.classified("A", at(date(2023, 2, 2)), DUE, area="khac")
    story.assigned("A", at(date(2023, 2, 3)), DUE, lead="TH")
    story.handed_back("A", at(date(2023, 2, 4)), lead="TH")
    story.assigned("A", at(date(2023, 2, 5)), DUE, lead="KT")
    story.resolved("A", at(date(2023, 2, 6)), DUE)
    story.reopened("A", at(date(2023, 3, 1)), date(2023, 3, 15), lead="KT", area="khac")
    return story


def values(rows: Kept, dimension: str) -> list[Any]:
    return [row["value"] for row in rows.tables[VALUE].values() if row["dimension"] == dimension]


async def test_a_life_becomes_milestones_and_dated_values(story: Story) -> None:
    rows = await rows_of(full_life(story).records())
    facts = [(row["episode"], row["kind"]) for row in rows.tables[FACT].values()]
    assert facts == [("A/1", "received"), ("A/1", "resolved"), ("A/2", "reopened")]
    assert values(rows, "lead") == ["TH", None, "KT", "KT"]
    assert values(rows, "field") == ["khac", "khac"]
    assert values(rows, "due") == ["2023-02-15", "2023-02-15", "2023-02-15", "2023-03-15"]
    assert values(rows, "locality") == ["MSO"]
    assert values(rows, "source") == ["noi_bo"]
    assert values(rows, "classifier") == ["TCHCQT"]
    assert [row["office"] for row in rows.tables[OFFICE].values()] == ["VPUB"]


async def test_rows_keep_when_it_happened_and_when_it_was_recorded(story: Story) -> None:
    happened, recorded = at(date(2023, 5, 30)), at(date(2023, 6, 12))
    story.received("A", happened, recorded=recorded)
    rows = await rows_of(story.records())
    row = next(iter(rows.tables[FACT].values()))
    assert (row["occurred"], row["recorded_at"], row["position"]) == (micros(happened), micros(recorded), 1)


async def test_the_order_in_which_two_logs_arrive_changes_no_row(story: Story) -> None:
    records = full_life(story).records()
    assignment_first = sorted(records, key=lambda each: each.record.service)
    intake_first = assignment_first[::-1]
    intake_first.sort(key=lambda each: (each.record.service == "assignment", each.position))
    assert (await rows_of(assignment_first)).tables == (await rows_of(intake_first)).tables


async def test_reading_again_changes_nothing(story: Story) -> None:
    records = full_life(story).records()
    assert (await rows_of([*records, *records])).tables == (await rows_of(records)).tables


async def test_a_split_gives_children_their_receipt_and_their_parent(story: Story) -> None:
    received = at(date(2023, 2, 1))
    story.received("P", received)
    story.split("P", ("PA", "PB"), at(date(2023, 2, 3)), received=received, source=SourceGroup.PEOPLE)
    rows = await rows_of(story.records())
    since = {row["episode"]: (row["kind"], row["since"]) for row in rows.tables[FACT].values() if row["episode"] != "P/1"}
    assert since == {"PA/1": ("received", micros(received)), "PB/1": ("received", micros(received))}
    assert values(rows, "parent") == ["P/1", "P/1"]


async def test_what_was_settled_on_the_spot_has_no_due_day_to_miss(story: Story) -> None:
    story.resolved("A", at(date(2023, 2, 6)), date(2023, 1, 1), how=Resolution.ON_THE_SPOT)
    rows = await rows_of(story.records())
    assert [row["due"] for row in rows.tables[FACT].values()] == [None]


def test_an_opinion_its_case_and_its_children_are_parked_together(story: Story) -> None:
    story.received("P", at(date(2023, 2, 1)))
    story.split("P", ("PA", "PB"), at(date(2023, 2, 3)), received=at(date(2023, 2, 1)), source=SourceGroup.PEOPLE)
    story.assigned("PA", at(date(2023, 2, 4)), DUE)
    keys = {recorded.record.type: list(sequence_keys(recorded)) for recorded in story.records()}
    assert keys["opinion.received"] == ["P"]
    assert keys["opinion.split"] == ["P", "PA", "PB"]
    assert keys["case.assigned"] == ["PA"]


def test_every_event_it_reads_is_of_the_published_language() -> None:
    assert all(event_type(name) is not None for name in EVENTS)


async def test_what_intake_told_is_not_told_again_by_the_case(dialogues: Dialogues) -> None:
    dialogues.raised("A", "S", at(date(2023, 2, 1)))
    opened = dialogues.told[0].event
    dialogues.told.clear()
    dialogues.decided("A", replace(opened, session=None), at(date(2023, 2, 1)))
    rows = await rows_of(dialogues.records())
    assert not any(rows.tables[table] for table in (FACT, VALUE, OFFICE))


async def test_what_was_raised_begins_with_its_receipt_and_its_session(dialogues: Dialogues) -> None:
    happened = at(date(2023, 2, 1))
    dialogues.raised("A", "S", happened, due=DUE, area="khac", unit="TH")
    rows = await rows_of(dialogues.records())
    [fact] = rows.tables[FACT].values()
    assert (fact["episode"], fact["kind"], fact["since"]) == ("A/1", "received", micros(happened))
    found = {name: values(rows, name) for name in ("session", "field", "due", "classifier")}
    assert found == {"session": ["session-S"], "field": ["khac"], "due": ["2023-02-15"], "classifier": ["TH"]}


async def test_an_extension_is_kept_apart_from_a_due_day_set_by_rule(dialogues: Dialogues) -> None:
    dialogues.due_set("A", at(date(2023, 2, 1)), DUE)
    dialogues.due_set("A", at(date(2023, 2, 2)), date(2023, 3, 1), DueBase.EXTENSION)
    rows = await rows_of(dialogues.records())
    assert (values(rows, "due"), values(rows, "extension")) == (["2023-02-15"], ["2023-03-01"])


async def test_a_dialogue_its_notice_and_their_tasks_become_steps_that_hold_no_words(dialogues: Dialogues) -> None:
    when = at(date(2023, 2, 1))
    dialogues.session("S", when, DUE)
    dialogues.held("S", when, 9)
    dialogues.notice("N", when, {"A": DUE}, of="S")
    rows = await rows_of(dialogues.records())
    owned = [(row["office"], row["family"], row["stream"]) for row in rows.tables[STREAM].values()]
    assert owned == [
        ("VPUB", "session", "session-S"),
        ("VPUB", "notice", "notice-N"),
        ("VPUB", "thuc_hien_ket_luan", "task-TA"),
    ]
    steps = [(row["stream"], row["kind"]) for row in rows.tables[STEP].values()]
    assert [kind for stream, kind in steps if stream == "session-S"] == [
        *("session.proposed", "session.attendance_recorded", "session.held")
    ]
    assert SEALED.ref not in "".join(row["said"] for row in rows.tables[STEP].values())


def test_a_split_case_is_parked_with_its_children(dialogues: Dialogues) -> None:
    when = at(date(2023, 2, 1))
    dialogues.case_split("P", ("PA", "PB"), when, received=when)
    keys = {recorded.record.type: list(sequence_keys(recorded)) for recorded in dialogues.records()}
    assert keys["case.split"] == ["P", "PA", "PB"]


async def test_whatever_an_event_asks_for_is_known_before_so_that_a_page_of_them_asks_once() -> None:
    for recorded in year_2023().records():
        rows = Asked(MILESTONES)
        await MILESTONES.apply(recorded, rows)
        known = {(table.name, tuple(key[column.name] for column in table.primary_key)) for table, key in reads(recorded)}
        assert rows.asked
        assert rows.asked <= known, recorded.record.type
