"""Stream `opinion-<id>`: what a row of the office's register adds to what its earlier readings said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.intake.domain.opinion import register_refusals as refusals
from services.intake.domain.opinion import states
from services.intake.domain.opinion.commands import RecordRegisterRow
from services.intake.domain.opinion.refusals import NotAnOffice, UnknownUnit
from shared.calendar import day_starts, local_day
from shared.contracts.facts import Dated, Facts
from shared.contracts.opinion import OpinionRedacted, SourceGroup, SubmitterAdded, SubmitterRemoved
from shared.contracts.opinion_register import (
    OpinionRegisterCorrected,
    OpinionRegisterDueSet,
    OpinionRegistered,
    OpinionRegisterEnded,
    OpinionRegisterReopened,
    OpinionRegisterSorted,
    RegisterOutcome,
)

FIRST_YEAR: Final = 2000
_FROM_REGISTER: Final = (
    OpinionRegistered,
    OpinionRegisterSorted,
    OpinionRegisterEnded,
    OpinionRegisterReopened,
    OpinionRegisterDueSet,
    OpinionRegisterCorrected,
)
# What the house does to an opinion and leaves its course to the register.
_BESIDE: Final = (SubmitterAdded, SubmitterRemoved, OpinionRedacted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row as it was last read. Texts are known by their keys only."""

    received: date
    source_group: SourceGroup
    locality: str | None
    words_key: str
    speaker_key: str
    note_key: str
    field: str | None = None
    lead: str | None = None
    due: date | None = None
    outcome: RegisterOutcome = RegisterOutcome.OPEN
    ended: date | None = None
    into: str | None = None
    reopened: date | None = None
    reopened_due: date | None = None
    resolved_again: date | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """An opinion, what the register said of it, and whether the house has dealt with it since."""

    opinion: states.Opinion
    entry: Entry | None = None
    taken_over: bool = False


INITIAL: Final = Booked(states.INITIAL)


def evolve(booked: Booked, event: Any) -> Booked:
    """The opinion and its row after `event`."""
    opinion = states.evolve(booked.opinion, event)
    if isinstance(event, OpinionRegistered):
        return Booked(opinion, _begun(event))
    if booked.entry is None or isinstance(event, _BESIDE):
        return replace(booked, opinion=opinion)
    if not isinstance(event, _FROM_REGISTER):
        return Booked(opinion, booked.entry, taken_over=True)
    return Booked(opinion, _read_on(booked.entry, event), booked.taken_over)


def _begun(event: OpinionRegistered) -> Entry:
    return Entry(
        received=local_day(event.received_at),
        source_group=event.source_group,
        locality=event.locality,
        words_key=event.words_key,
        speaker_key=event.speaker_key,
        note_key=event.note_key,
    )


def _read_on(entry: Entry, event: Any) -> Entry:
    match event:
        case OpinionRegisterSorted():
            return replace(entry, field=event.field, lead=event.lead, due=event.due)
        case OpinionRegisterEnded() if entry.reopened is not None:
            return replace(entry, resolved_again=event.on)
        case OpinionRegisterEnded():
            return replace(entry, outcome=event.how, ended=event.on, into=event.into)
        case OpinionRegisterReopened():
            return replace(entry, reopened=event.on, reopened_due=event.due)
        case OpinionRegisterDueSet():
            return replace(entry, reopened_due=event.due)
    return replace(
        entry,
        source_group=event.source_group,
        locality=event.locality,
        words_key=event.words_key,
        speaker_key=event.speaker_key,
        note_key=event.note_key,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name in a row stands for: a key, or none and what is near, or several. Without a name, neither."""

    written: str | None = None
    key: str | None = None
    several: bool = False
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering(Facts):
    """The facts of a row: what the directory makes of its names, which stream it is, and those it may be merged into."""

    is_office: bool
    is_unit: bool
    field: Named
    lead: Named
    locality: Named
    opinion: str
    number: str  # with its year
    year: int  # of the number
    into: Mapping[int, str]  # by year, the streams of the number to merge into; one where the year was stated
    words_key: str
    speaker_key: str
    note_key: str
    speaker: str | None


Decided = dict[str, Sequence[Any]]


def decide(command: RecordRegisterRow, found: Mapping[str, Booked], facts: Registering) -> Decided:
    """What the row adds, each fact dated by the day that it states; nothing where it reads as before.

    Raises:
        Refused: one of the rules in `register_refusals`; an office or unit that is none.

    """
    _refuse_form(command, facts)
    _refuse_directory(command, facts)
    booked = found[facts.opinion]
    survivor = _survivor(command, found, facts)
    entry = Entry(
        received=command.received,
        source_group=command.source_group,
        locality=facts.locality.key,
        words_key=facts.words_key,
        speaker_key=facts.speaker_key,
        note_key=facts.note_key,
        field=facts.field.key,
        lead=facts.lead.key,
        due=command.due,
        outcome=command.outcome,
        ended=command.ended,
        into=survivor,
        reopened=command.reopened,
        reopened_due=command.reopened_due,
        resolved_again=command.resolved_again,
    )
    if booked.entry == entry:
        return {}
    if booked.taken_over:
        raise refusals.HandledHere
    if booked.entry is not None:
        _refuse_rewriting(booked.entry, entry)
    merges = survivor is not None and (booked.entry is None or booked.entry.into is None)
    if survivor is not None and merges:
        state = found[survivor].opinion
        if survivor == facts.opinion or (isinstance(state, states.Ended) and state.how == "merged"):
            raise refusals.MergedIntoMerged("into", number=command.into)
    decided: Decided = {facts.opinion: list(_facts_of(command, booked.entry, entry, facts))}
    if survivor is not None and merges:
        assert entry.ended is not None
        decided[survivor] = [Dated(SubmitterAdded(merged=facts.opinion), day_starts(entry.ended))]
    return decided


def _refuse_form(command: RecordRegisterRow, facts: Registering) -> None:
    """What cannot be, whatever the directory and the history say."""
    today = local_day(facts.now)
    if facts.year != command.received.year:
        raise refusals.NumberOfAnotherYear("number", number=command.number, year=command.received.year)
    if command.received.year < FIRST_YEAR:
        raise refusals.DayTooEarly("received", day=command.received.isoformat(), first=FIRST_YEAR)
    for column in ("received", "ended", "reopened", "resolved_again"):
        day = getattr(command, column)
        if day is not None and day > today:
            raise refusals.DayToCome(column, day=day.isoformat())
    is_open = command.outcome is RegisterOutcome.OPEN
    if is_open is not (command.ended is None):
        raise refusals.ResultAndDay("ended", outcome=command.outcome.value)
    if (command.outcome is RegisterOutcome.MERGED) is not (command.into is not None):
        raise refusals.MergeAndNumber("into", outcome=command.outcome.value)
    if command.reopened is not None and command.outcome is not RegisterOutcome.RESOLVED:
        raise refusals.OnlyResolvedReopens("reopened")
    for column in ("reopened_due", "resolved_again"):
        if getattr(command, column) is not None and command.reopened is None:
            raise refusals.OnlyResolvedReopens(column)
    for column, day, earliest in (
        ("due", command.due, command.received),
        ("ended", command.ended, command.received),
        ("reopened", command.reopened, command.ended),
        ("reopened_due", command.reopened_due, command.reopened),
        ("resolved_again", command.resolved_again, command.reopened),
    ):
        if day is not None and earliest is not None and day < earliest:
            raise refusals.DaysOutOfOrder(column, day=day.isoformat(), earliest=earliest.isoformat())


def _refuse_directory(command: RecordRegisterRow, facts: Registering) -> None:
    if not facts.is_office:
        raise NotAnOffice("office", unit=command.office)
    if not facts.is_unit:
        raise UnknownUnit("unit", unit=facts.unit, day=command.received.isoformat())
    for column, named in (("field", facts.field), ("lead", facts.lead), ("locality", facts.locality)):
        if named.written is not None and named.key is None:
            rule = refusals.NamesSeveral if named.several else refusals.NotInDirectory
            raise rule(column, written=named.written, near=", ".join(named.near) or "–")


def _survivor(command: RecordRegisterRow, found: Mapping[str, Booked], facts: Registering) -> str | None:
    """The stream that the row was merged into: of its own year, else the only one there is."""
    if command.into is None:
        return None
    there = {year: stream for year, stream in facts.into.items() if stream in found and found[stream].entry is not None}
    if facts.year in there:
        return there[facts.year]
    if not there:
        raise refusals.NoSuchRow("into", number=command.into)
    if len(there) > 1:
        raise refusals.NumberInSeveralYears("into", number=command.into, years=", ".join(map(str, sorted(there))))
    return next(iter(there.values()))


def _refuse_rewriting(was: Entry, now: Entry) -> None:
    """What a later reading cannot unsay: a day or a result that was recorded, and the day by which it was judged."""
    fixed = ["received"]
    if was.ended is not None:
        fixed += ["outcome", "ended", "into"]
    if was.outcome is RegisterOutcome.RESOLVED:
        fixed += ["due"]
    if was.reopened is not None:
        fixed += ["reopened"]
    if was.resolved_again is not None:
        fixed += ["reopened_due", "resolved_again"]
    for column in fixed:
        before, after = getattr(was, column), getattr(now, column)
        if before != after:
            # A survivor is named by its stream, which says nothing to whoever keeps the register.
            said = {} if column == "into" else {"was": before or "–", "now": after or "–"}
            raise refusals.ChangesHistory(column, **{"was": "gop_vao", "now": "gop_vao", **said})


def _facts_of(command: RecordRegisterRow, was: Entry | None, now: Entry, facts: Registering) -> Iterator[Dated]:
    first = f"{facts.opinion.partition('-')[2]}/1"
    second = f"{facts.opinion.partition('-')[2]}/2"
    received = day_starts(now.received)
    if was is None:
        yield Dated(_registered(command, now, facts, first), received)
    elif _receipt_of(was) != _receipt_of(now):
        yield Dated(_corrected(command, was, now, facts, first), received)
    sorted_before = (None, None, None) if was is None else (was.field, was.lead, was.due)
    if sorted_before != (now.field, now.lead, now.due):
        yield Dated(OpinionRegisterSorted(episode=first, field=now.field, lead=now.lead, due=now.due), received)
    if now.ended is not None and (was is None or was.ended is None):
        due = now.due if now.outcome is RegisterOutcome.RESOLVED else None
        ended = OpinionRegisterEnded(episode=first, how=now.outcome, on=now.ended, due=due, into=now.into)
        yield Dated(ended, day_starts(now.ended))
    if now.reopened is None:
        return
    again = day_starts(now.reopened)
    if was is None or was.reopened is None:
        reopened = OpinionRegisterReopened(episode=second, previous=first, on=now.reopened, due=now.reopened_due)
        yield Dated(reopened, again)
    elif was.reopened_due != now.reopened_due:
        yield Dated(OpinionRegisterDueSet(episode=second, due=now.reopened_due), again)
    if now.resolved_again is not None and (was is None or was.resolved_again is None):
        settled = OpinionRegisterEnded(
            episode=second, how=RegisterOutcome.RESOLVED, on=now.resolved_again, due=now.reopened_due, into=None
        )
        yield Dated(settled, day_starts(now.resolved_again))


def _receipt_of(entry: Entry) -> tuple[Any, ...]:
    return (entry.source_group, entry.locality, entry.words_key, entry.speaker_key, entry.note_key)


def _registered(command: RecordRegisterRow, now: Entry, facts: Registering, episode: str) -> OpinionRegistered:
    return OpinionRegistered(
        episode=episode,
        office=command.office,
        unit=facts.unit,
        number=facts.number,
        source_group=now.source_group,
        locality=now.locality,
        received_at=day_starts(now.received),
        words=command.words,
        words_key=now.words_key,
        speaker=facts.speaker,
        speaker_name=command.speaker_name,
        speaker_contact=command.speaker_contact,
        speaker_key=now.speaker_key,
        note=command.note,
        note_key=now.note_key,
    )


def _corrected(command: RecordRegisterRow, was: Entry, now: Entry, facts: Registering, episode: str) -> OpinionRegisterCorrected:
    spoken = was.speaker_key != now.speaker_key
    return OpinionRegisterCorrected(
        episode=episode,
        source_group=now.source_group,
        locality=now.locality,
        words=command.words if was.words_key != now.words_key else None,
        words_key=now.words_key,
        speaker=facts.speaker,
        speaker_name=command.speaker_name if spoken else None,
        speaker_contact=command.speaker_contact if spoken else None,
        speaker_key=now.speaker_key,
        note=command.note if was.note_key != now.note_key else None,
        note_key=now.note_key,
    )
