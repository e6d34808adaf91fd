"""Opens in the vault what a thing says, as far as it is the asker's to read; asks permission first and never writes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.readmodel.access import READ_CHAIRMANS, SEE_TASK
from services.assignment.readmodel.cases.reading import PER_QUERY, Reader, helping, is_head_of, rows_of
from services.assignment.readmodel.dialogue.queries import SEE_DIALOGUE
from services.assignment.readmodel.tasks.projections import TaskStage
from services.assignment.readmodel.tasks.tables import unit_tasks_task
from services.assignment.readmodel.words.pieces import Filed, Piece, Told, filed_of, told_of
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.refusals import Invalid, Unknown
from shared.database import Database
from shared.directory.queries import Directories
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.permit import Resource, Subject, permit
from shared.vault.port import Vault

MOST: Final = 200
MAX_DIGITS: Final = 9
ASKING: Final = ("case-", "notice-")  # what puts words to the unit by a task
# Whoever handed work back, passed it on or had it taken away carries nothing out any more.
LET_GO: Final = (TaskStage.RETURNED.value, TaskStage.TRANSFERRED.value, TaskStage.CANCELLED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One text of a thing as opened: `part` of `fact`, and whose and about what it is where the fact says so.

    `text` is None where it was erased.
    """

    fact: str
    part: str
    at: datetime
    person: str | None
    unit: str | None
    number: int | None
    case: str | None
    task: str | None
    ref: str
    text: str | None
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage:
    """Some of what a thing says in the order it was told, and the cursor that leads on (None: these were the last)."""

    words: tuple[Word, ...]
    cursor: str | None


class Words:
    """What the things of one tenant say."""

    def __init__(
        self, *, database: Database, tenant: str, log: EventLog, clock: Clock, vault: Vault, directories: Directories
    ) -> None:
        self._database, self._tenant, self._log = database, tenant, log
        self._clock, self._vault, self._directories = clock, vault, directories

    async def of(
        self,
        subject: Subject,
        kind: str,
        thing: str,
        *,
        fact: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
        until: int | None = None,
    ) -> WordsPage:
        """What a thing says to the asker, up to a position, opened in one access of the vault that names all of it.

        Raises:
            Unknown: it is not there, or none of what it says is the asker's to read.
            Invalid: the cursor was not made here.

        """
        told = await self._told(kind, thing, until)
        if told is None:
            raise Unknown(kind)
        readable = await self._readable(subject, told)
        if not readable and (told.pieces or not self._sees(subject, kind, told)):
            raise Unknown(kind)
        wanted = [piece for piece in readable if fact in (None, piece.fact)]
        start, limit = _start(cursor), max(1, min(limit, MOST))
        page = wanted[start : start + limit]
        texts = await self._vault.open_many(
            [each.ref for each in page], reader=subject.person, purpose=subject.reads_for(f"read_words {thing}")
        )
        more = str(start + limit) if len(wanted) > start + limit else None
        return WordsPage(words=tuple(_word(each, texts.get(each.ref)) for each in page), cursor=more)

    async def begun(
        self, subject: Subject, kind: str, things: Sequence[str], facts: Collection[str], *, purpose: str
    ) -> dict[str, tuple[Word, ...]]:
        """What these facts of some things say, as far as it is his to read, opened in one access; else left out."""
        found: dict[str, list[Piece]] = {}
        for thing in things[:MOST]:
            told = await self._told(kind, thing, None)
            if told is not None:
                found[thing] = [piece for piece in await self._readable(subject, told) if piece.fact in facts]
        refs = [piece.ref for pieces in found.values() for piece in pieces]
        texts = await self._vault.open_many(refs, reader=subject.person, purpose=subject.reads_for(purpose)) if refs else {}
        return {thing: tuple(_word(each, texts.get(each.ref)) for each in pieces) for thing, pieces in found.items() if pieces}

    async def reads_files_of(self, subject: Subject, thing: str) -> bool:
        """Whether the files of a task, a request, a proposal or a paper are the asker's to read: as what it says is.

        Its papers may name who spoke, which even the head does not see where a case is about himself or his house (R16, R18).
        """
        filed = await self._filed(thing)
        if filed is None:
            return False
        reader, readable = await self._opened(subject, replace(filed.told, pieces=(filed.piece,)))
        return bool(readable) and not any(reader.is_about(row) for row in readable[0][1])

    async def _filed(self, thing: str) -> Filed | None:
        """As what its files are read; those of a paper as what they may speak of too."""
        kind = thing.partition("-")[0]
        filed = filed_of(kind, [codec.read(record) for record in await self._log.read_stream(thing)])
        if filed is None or filed.about is None:
            return filed
        about = filed.about.partition("-")[0]
        if about == "case":
            return replace(filed, piece=replace(filed.piece, speaks_of=frozenset({filed.about})))
        behind = await self._filed(filed.about) if about in ("task", "request") else None
        return replace(filed, piece=replace(filed.piece, speaks_of=behind.piece.speaks_of)) if behind else filed

    async def _told(self, kind: str, thing: str, until: int | None = None) -> Told | None:
        """What it says; a task also what of its case or notice is asked of the unit by it."""
        if thing.partition("-")[0] != kind:
            return None
        records = await self._log.read_stream(thing)
        facts = [codec.read(record) for record in records if until is None or record.position <= until]
        told = told_of(kind, facts)
        if kind != "task" or told is None:
            return told
        about = facts[0].event.about
        behind = await self._told(about.partition("-")[0], about) if about.startswith(ASKING) else None
        pieces = behind.pieces if behind is not None else ()
        asked = tuple(replace(piece, task=thing, through=frozenset({thing})) for piece in pieces if thing in piece.through)
        return replace(told, pieces=(*asked, *told.pieces))

    def _sees(self, subject: Subject, kind: str, told: Told) -> bool:
        """Whether he may know that it is there and says nothing."""
        seeing = SEE_TASK if kind == "task" else SEE_DIALOGUE
        return permit(subject, seeing, Resource(tenant=self._tenant, office=told.office, leads=told.holders)).allowed

    async def _readable(self, subject: Subject, told: Told) -> list[Piece]:
        _, readable = await self._opened(subject, told)
        return [piece for piece, _ in readable]

    async def _opened(self, subject: Subject, told: Told) -> tuple[Reader, list[tuple[Piece, list[Mapping[str, Any]]]]]:
        """What he may read, each with the cases it speaks of, as far as they are there."""
        directory = await self._directories.at(local_day(self._clock.now()))
        reader = Reader(subject, directory)
        # What was asked of a unit or handed in by it is read by whoever has its place by now (R49).
        told = replace(told, pieces=tuple(replace(each, units=directory.in_places_of(each.units)) for each in told.pieces))
        async with self._database.read() as connection:
            cases = sorted({case for piece in told.pieces for case in piece.speaks_of})
            rows = await rows_of(connection, self._tenant, cases)
            holders = await self._holders(connection, {task for piece in told.pieces for task in piece.through})
        return reader, [
            (piece, [rows[case] for case in piece.speaks_of if case in rows])
            for piece in told.pieces
            if self._reads(subject, reader, told, piece, rows, holders)
        ]

    def _reads(
        self,
        subject: Subject,
        reader: Reader,
        told: Told,
        piece: Piece,
        rows: Mapping[str, Mapping[str, Any]],
        holders: Mapping[str, str],
    ) -> bool:
        case = rows.get(piece.case) if piece.case is not None else None
        leads = piece.leads | {holders[task] for task in piece.through if task in holders} | _answering(piece, case)
        resource = Resource(tenant=self._tenant, office=told.office, units=piece.units, leads=leads)
        allowed = permit(subject, piece.action, resource).allowed
        allowed = allowed or (told.chairmans and permit(subject, READ_CHAIRMANS, resource).allowed)
        allowed = allowed or (piece.for_behind and case is not None and reader.stands_behind(case, resource))
        return allowed and not any(self._is_kept(subject, reader, rows.get(name), resource) for name in piece.speaks_of)

    def _is_kept(self, subject: Subject, reader: Reader, row: Mapping[str, Any] | None, resource: Resource) -> bool:
        """Of an opinion that is no case nobody here knows whom it is about: what may speak of it is the head's."""
        if row is None:
            return not is_head_of(subject, resource.office)
        return reader.is_kept_from(row, replace(resource, office=row["office"]))

    async def _holders(self, connection: AsyncConnection, tasks: Iterable[str]) -> dict[str, str]:
        """The unit that carries each of these tasks out, or has."""
        table = unit_tasks_task
        named = sorted(tasks)
        found: dict[str, str] = {}
        for start in range(0, len(named), PER_QUERY):
            part = named[start : start + PER_QUERY]
            asked = select(table.c.task_id, table.c.unit).where(
                table.c.tenant == self._tenant, table.c.task_id.in_(part), table.c.stage.not_in(LET_GO)
            )
            found |= {row.task_id: row.unit for row in await connection.execute(asked)}
        return found


def _answering(piece: Piece, case: Mapping[str, Any] | None) -> set[str]:
    """The units that answer the case it is about, as far as it is for them."""
    if case is None:
        return set()
    lead = {case["lead"]} if piece.for_lead and case["lead"] else set()
    return lead | (set(helping(case)) if piece.for_helpers else set())


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MAX_DIGITS):
        raise Invalid("cursor")
    return int(cursor)


def _word(piece: Piece, opened: object) -> Word:
    text = opened if isinstance(opened, str) else None
    return Word(
        fact=piece.fact,
        part=piece.part,
        at=piece.at,
        person=piece.person,
        unit=piece.unit,
        number=piece.number,
        case=piece.case,
        task=piece.task,
        ref=piece.ref,
        text=text,
        erased=text is None,
    )
