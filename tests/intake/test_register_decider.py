"""A row of the office's register: dated facts as far as it states them, once, and only what a later reading adds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any, Final

import pytest

from services.intake.domain.opinion import register_refusals as refusals
from services.intake.domain.opinion import registering, states
from services.intake.domain.opinion.commands import RecordRegisterRow
from services.intake.domain.opinion.refusals import NotAnOffice, UnknownUnit
from services.intake.domain.opinion.registering import Booked, Named, Registering, decide
from shared.calendar import day_starts
from shared.contracts.facts import Dated
from shared.contracts.opinion import OpinionRedacted, OpinionWithdrawn, SourceGroup, SubmitterAdded
from shared.contracts.opinion_register import (
    OpinionRegisterCorrected,
    OpinionRegisterDueSet,
    OpinionRegistered,
    OpinionRegisterEnded,
    OpinionRegisterReopened,
    OpinionRegisterSorted,
    RegisterOutcome,
)
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from tests.intake.stage import CLASSIFIED, EPISODE, OPINION
from tests.support.scenario import sealed

SECOND: Final = f"{EPISODE.rpartition('/')[0]}/2"
OTHER: Final = "opinion-7Q2K9FXA3MBTW0000002"
THIRD: Final = "opinion-7Q2K9FXA3MBTW0000003"
RECEIVED: Final = date(2023, 1, 9)
DUE: Final = date(2023, 1, 30)
SETTLED: Final = date(2023, 1, 27)
AGAIN: Final = date(2023, 2, 6)
ROW: Final = RecordRegisterRow(
    office="VPUB",
    number="15",
    received=RECEIVED,
    source_group=SourceGroup.PEOPLE,
    words=sealed(1),
    speaker_name=sealed(2),
)
SORTED: Final = replace(ROW, field="giao thông", lead="th", due=DUE)
RESOLVED: Final = replace(SORTED, outcome=RegisterOutcome.RESOLVED, ended=SETTLED)
REOPENED: Final = replace(RESOLVED, reopened=AGAIN, reopened_due=date(2023, 2, 20))
RESOLVED_AGAIN: Final = replace(REOPENED, resolved_again=date(2023, 2, 21))
MERGED: Final = replace(ROW, outcome=RegisterOutcome.MERGED, ended=SETTLED, into="14")

REGISTERED: Final = OpinionRegistered(
    episode=EPISODE,
    office="VPUB",
    unit="VPUB",
    number="15/2023",
    source_group=SourceGroup.PEOPLE,
    locality=None,
    received_at=day_starts(RECEIVED),
    words=sealed(1),
    words_key="a" * 64,
    speaker="s-1",
    speaker_name=sealed(2),
    speaker_contact=None,
    speaker_key="b" * 64,
    note=None,
    note_key="c" * 64,
)
SORTED_FACT: Final = OpinionRegisterSorted(episode=EPISODE, field="giao-thong", lead="TH", due=DUE)
RESOLVED_FACT: Final = OpinionRegisterEnded(episode=EPISODE, how=RegisterOutcome.RESOLVED, on=SETTLED, due=DUE, into=None)
REOPENED_FACT: Final = OpinionRegisterReopened(episode=SECOND, previous=EPISODE, on=AGAIN, due=date(2023, 2, 20))


def told(row: RecordRegisterRow, **changed: Any) -> Registering:
    """What the house knows of a row, where its names mean what they seem to."""
    return Registering(
        **{
            "at": datetime(2026, 1, 5, tzinfo=UTC),
            "now": datetime(2026, 1, 5, tzinfo=UTC),
            "person": "p-hub",
            "office": "VPUB",
            "unit": "VPUB",
            "capacity": Role.HUB,
            "is_office": True,
            "is_unit": True,
            "field": Named(written=row.field, key="giao-thong" if row.field else None),
            "lead": Named(written=row.lead, key=row.lead.upper() if row.lead else None),
            "locality": Named(),
            "opinion": OPINION,
            "number": "15/2023",
            "year": 2023,
            "into": {2023: OTHER} if row.into else {},
            "words_key": "a" * 64,
            "speaker_key": "b" * 64,
            "note_key": "c" * 64,
            "speaker": "s-1",
            **changed,
        }
    )


def booked(*facts: Any) -> Booked:
    return reduce(registering.evolve, facts, registering.INITIAL)


def decided(
    row: RecordRegisterRow, *facts: Any, others: Mapping[str, Booked] | None = None, **changed: Any
) -> dict[str, list[Any]]:
    found = decide(row, {OPINION: booked(*facts), **(others or {})}, told(row, **changed))
    return {stream: list(events) for stream, events in found.items()}


def refuses(rule: type[Refused], column: str | None, row: RecordRegisterRow, *facts: Any, **changed: Any) -> None:
    with pytest.raises(rule) as refused:
        decided(row, *facts, **changed)
    assert refused.value.field == column


def on(day: date, event: Any) -> Dated:
    return Dated(event, day_starts(day))


def other() -> OpinionRegistered:
    return replace(REGISTERED, episode=f"{OTHER.partition('-')[2]}/1", number="14/2023")


def test_a_row_that_states_only_a_receipt_is_a_receipt_on_its_day() -> None:
    assert decided(ROW) == {OPINION: [on(RECEIVED, REGISTERED)]}


def test_a_row_becomes_the_whole_history_that_it_states_each_fact_on_its_own_day() -> None:
    settled_again = OpinionRegisterEnded(
        episode=SECOND, how=RegisterOutcome.RESOLVED, on=date(2023, 2, 21), due=date(2023, 2, 20), into=None
    )
    assert decided(RESOLVED_AGAIN) == {
        OPINION: [
            on(RECEIVED, REGISTERED),
            on(RECEIVED, SORTED_FACT),
            on(SETTLED, RESOLVED_FACT),
            on(AGAIN, REOPENED_FACT),
            on(date(2023, 2, 21), settled_again),
        ]
    }


@pytest.mark.parametrize(
    "outcome",
    [RegisterOutcome.REJECTED, RegisterOutcome.FORWARDED, RegisterOutcome.DIVERTED, RegisterOutcome.WITHDRAWN],
)
def test_what_ended_otherwise_is_held_to_no_day(outcome: RegisterOutcome) -> None:
    *_, ended = decided(replace(SORTED, outcome=outcome, ended=SETTLED))[OPINION]
    assert ended == on(SETTLED, OpinionRegisterEnded(episode=EPISODE, how=outcome, on=SETTLED, due=None, into=None))


@pytest.mark.parametrize(
    ("row", "facts"),
    [
        (ROW, (REGISTERED,)),
        (SORTED, (REGISTERED, SORTED_FACT)),
        (REOPENED, (REGISTERED, SORTED_FACT, RESOLVED_FACT, REOPENED_FACT)),
    ],
)
def test_a_row_that_reads_as_before_changes_nothing(row: RecordRegisterRow, facts: tuple[Any, ...]) -> None:
    assert decided(row, *facts) == {}


def test_a_later_reading_adds_what_has_happened_since() -> None:
    assert decided(SORTED, REGISTERED) == {OPINION: [on(RECEIVED, SORTED_FACT)]}
    assert decided(RESOLVED, REGISTERED, SORTED_FACT) == {OPINION: [on(SETTLED, RESOLVED_FACT)]}
    assert decided(REOPENED, REGISTERED, SORTED_FACT, RESOLVED_FACT) == {OPINION: [on(AGAIN, REOPENED_FACT)]}


def test_field_lead_and_an_open_due_day_are_replaced_as_of_the_receipt() -> None:
    later = replace(SORTED, lead="vt", due=date(2023, 2, 3))
    moved = OpinionRegisterSorted(episode=EPISODE, field="giao-thong", lead="VT", due=date(2023, 2, 3))
    assert decided(later, REGISTERED, SORTED_FACT) == {OPINION: [on(RECEIVED, moved)]}
    emptied = OpinionRegisterSorted(episode=EPISODE, field=None, lead=None, due=None)
    assert decided(ROW, REGISTERED, SORTED_FACT) == {OPINION: [on(RECEIVED, emptied)]}


def test_what_was_taken_up_again_gets_another_day_while_it_is_open() -> None:
    later = replace(REOPENED, reopened_due=date(2023, 3, 1))
    moved = OpinionRegisterDueSet(episode=SECOND, due=date(2023, 3, 1))
    facts = (REGISTERED, SORTED_FACT, RESOLVED_FACT, REOPENED_FACT)
    assert decided(later, *facts) == {OPINION: [on(AGAIN, moved)]}
    assert decided(later, *facts, moved) == {}


def test_words_that_read_otherwise_are_kept_anew_and_the_speaker_is_left_alone() -> None:
    corrected = OpinionRegisterCorrected(
        episode=EPISODE,
        source_group=SourceGroup.INTERNAL,
        locality=None,
        words=sealed(9),
        words_key="d" * 64,
        speaker="s-1",
        speaker_name=None,
        speaker_contact=None,
        speaker_key="b" * 64,
        note=None,
        note_key="c" * 64,
    )
    again = replace(ROW, words=sealed(9), source_group=SourceGroup.INTERNAL)
    assert decided(again, REGISTERED, words_key="d" * 64) == {OPINION: [on(RECEIVED, corrected)]}
    state = booked(REGISTERED, corrected)
    assert state.entry is not None
    assert state.entry.words_key == "d" * 64
    assert isinstance(state.opinion, states.Received)
    assert (state.opinion.receipt.words, state.opinion.receipt.earlier) == (sealed(9), (sealed(1).ref,))


def test_a_merged_row_ends_and_its_submitter_stands_with_the_other() -> None:
    ended = OpinionRegisterEnded(episode=EPISODE, how=RegisterOutcome.MERGED, on=SETTLED, due=None, into=OTHER)
    assert decided(MERGED, others={OTHER: booked(other())}) == {
        OPINION: [on(RECEIVED, REGISTERED), on(SETTLED, ended)],
        OTHER: [on(SETTLED, SubmitterAdded(merged=OPINION))],
    }
    assert decided(MERGED, REGISTERED, ended, others={OTHER: booked(other(), SubmitterAdded(merged=OPINION))}) == {}


def test_a_number_without_a_year_is_of_its_year_else_of_the_only_one_there_is() -> None:
    into = {2021: THIRD, 2022: OTHER, 2023: OPINION[:-1] + "9"}
    row = replace(MERGED, into="14")
    assert OTHER in decided(row, others={OTHER: booked(other())}, into=into)
    both = {OTHER: booked(other()), THIRD: booked(other())}
    refuses(refusals.NumberInSeveralYears, "into", row, others=both, into=into)
    refuses(refusals.NoSuchRow, "into", row, into=into)


def test_a_row_is_merged_into_one_that_stands() -> None:
    gone = OpinionRegisterEnded(
        episode=f"{OTHER.partition('-')[2]}/1", how=RegisterOutcome.MERGED, on=SETTLED, due=None, into=THIRD
    )
    refuses(refusals.MergedIntoMerged, "into", MERGED, others={OTHER: booked(other(), gone)})
    refuses(refusals.MergedIntoMerged, "into", MERGED, REGISTERED, into={2023: OPINION})


@pytest.mark.parametrize(
    ("rule", "column", "row"),
    [
        (refusals.DayTooEarly, "received", replace(ROW, received=date(1923, 1, 9))),
        (refusals.DayToCome, "received", replace(ROW, received=date(2026, 1, 6))),
        (refusals.DayToCome, "ended", replace(RESOLVED, ended=date(2026, 1, 6))),
        (refusals.ResultAndDay, "ended", replace(ROW, outcome=RegisterOutcome.RESOLVED)),
        (refusals.ResultAndDay, "ended", replace(ROW, ended=SETTLED)),
        (refusals.MergeAndNumber, "into", replace(MERGED, into=None)),
        (refusals.MergeAndNumber, "into", replace(RESOLVED, into="14")),
        (refusals.OnlyResolvedReopens, "reopened", replace(MERGED, reopened=AGAIN)),
        (refusals.OnlyResolvedReopens, "reopened_due", replace(RESOLVED, reopened_due=AGAIN)),
        (refusals.OnlyResolvedReopens, "resolved_again", replace(RESOLVED, resolved_again=AGAIN)),
        (refusals.DaysOutOfOrder, "due", replace(ROW, due=date(2023, 1, 8))),
        (refusals.DaysOutOfOrder, "ended", replace(RESOLVED, ended=date(2023, 1, 8))),
        (refusals.DaysOutOfOrder, "reopened", replace(REOPENED, reopened=date(2023, 1, 26))),
        (refusals.DaysOutOfOrder, "reopened_due", replace(REOPENED, reopened_due=date(2023, 2, 5))),
        (refusals.DaysOutOfOrder, "resolved_again", replace(REOPENED, resolved_again=date(2023, 2, 5))),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_with_the_column(
    rule: type[Refused], column: str, row: RecordRegisterRow
) -> None:
    refuses(rule, column, row, year=row.received.year)


def test_the_number_is_of_the_year_of_receipt() -> None:
    refuses(refusals.NumberOfAnotherYear, "number", replace(ROW, number="15/2022"), year=2022)


def test_names_are_those_of_the_directory_and_what_is_near_is_said() -> None:
    near = Named(written="gia thong", near=("giao-thong (Giao thông)",))
    refuses(refusals.NotInDirectory, "field", SORTED, field=near)
    refuses(refusals.NamesSeveral, "lead", SORTED, lead=Named(written="phòng", several=True, near=("TH", "VT")))
    refuses(NotAnOffice, "office", ROW, is_office=False)
    refuses(UnknownUnit, "unit", ROW, is_unit=False)


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("received", replace(RESOLVED_AGAIN, received=date(2023, 1, 10))),
        ("outcome", replace(SORTED, outcome=RegisterOutcome.WITHDRAWN, ended=SETTLED)),
        ("outcome", SORTED),
        ("ended", replace(RESOLVED_AGAIN, ended=date(2023, 1, 28))),
        ("due", replace(RESOLVED_AGAIN, due=date(2023, 1, 26))),
        ("reopened", replace(RESOLVED_AGAIN, reopened=date(2023, 2, 7))),
        ("reopened", RESOLVED),
        ("reopened_due", replace(RESOLVED_AGAIN, reopened_due=date(2023, 2, 22))),
        ("resolved_again", replace(RESOLVED_AGAIN, resolved_again=date(2023, 2, 22))),
        ("resolved_again", REOPENED),
    ],
)
def test_what_was_recorded_is_not_unsaid_by_a_later_reading(column: str, row: RecordRegisterRow) -> None:
    history = [each.event for each in decided(RESOLVED_AGAIN)[OPINION]]
    refuses(refusals.ChangesHistory, column, row, *history)


def test_a_settled_matter_may_still_be_sorted_otherwise() -> None:
    moved = OpinionRegisterSorted(episode=EPISODE, field="giao-thong", lead="VT", due=DUE)
    assert decided(replace(RESOLVED, lead="vt"), REGISTERED, SORTED_FACT, RESOLVED_FACT) == {OPINION: [on(RECEIVED, moved)]}


def test_once_the_house_deals_with_it_the_register_says_no_more() -> None:
    refuses(refusals.HandledHere, None, SORTED, REGISTERED, CLASSIFIED)
    assert decided(ROW, REGISTERED, CLASSIFIED) == {}
    refuses(refusals.HandledHere, None, SORTED, REGISTERED, OpinionWithdrawn(episode=EPISODE, note=None))


def test_taking_names_out_of_the_words_leaves_its_course_to_the_register() -> None:
    redacted = OpinionRedacted(words=sealed(8), former=(sealed(1).ref,), reason=sealed(7))
    assert decided(SORTED, REGISTERED, redacted) == {OPINION: [on(RECEIVED, SORTED_FACT)]}


def test_an_open_row_is_sorted_and_referred_like_any_other_and_one_that_ended_is_not() -> None:
    assert isinstance(booked(REGISTERED, SORTED_FACT).opinion, states.Received)
    ended = booked(REGISTERED, SORTED_FACT, RESOLVED_FACT).opinion
    assert isinstance(ended, states.Ended)
    assert ended.how == "resolved"
    assert booked(REGISTERED, SORTED_FACT, RESOLVED_FACT, REOPENED_FACT).opinion == ended
