"""Answers what lies on the desk of whoever takes opinions in: piles with counts, one opinion with all that sorting needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from services.intake.readmodel import access
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.rows import SHOWN, OpinionView, is_barred, not_diverted, opinion_view, opinions_with_cases
from services.intake.readmodel.opinions.tables import opinions_opinion, opinions_survivor
from services.intake.readmodel.paging import beyond, paged
from shared.calendar import CLASSIFY, local_day
from shared.clock import Clock, instant
from shared.contracts.due import Due
from shared.contracts.opinion import OpinionClassified, OpinionDueSet, OpinionReceived, SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.database import Database
from shared.derivation import after
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.nearness import Left, left_until
from shared.permit import Resource, Subject, permit
from shared.vault.port import Erased, Vault

DAY_MICROS: Final = 86_400_000_000
ZONE_MICROS: Final = 7 * 3_600_000_000  # a day here begins seven hours before it does in UTC
EPOCH: Final = date(1970, 1, 1).toordinal()
TITLES: Final = "intake_desk"  # what words are opened for
AGAIN: Final = "receipt given again"
PER_QUERY: Final = 500


class Pile(StrEnum):
    """What lies on the desk, in the order in which it is taken up."""

    UNSORTED = "chua_phan_loai"
    OVERDUE = "qua_han"
    AWAITING = "cho_bo_sung"
    SORTED = "cho_chuyen"
    REFERRED = "da_chuyen"
    ENDED = "da_ket_thuc"


STAGES: Final[Mapping[Pile, tuple[Stage, ...]]] = {
    Pile.UNSORTED: (Stage.RECEIVED,),
    Pile.AWAITING: (Stage.AWAITING,),
    Pile.SORTED: (Stage.CLASSIFIED,),
    Pile.REFERRED: (Stage.REFERRED,),
    Pile.ENDED: tuple(each for each in Stage if each not in (Stage.RECEIVED, Stage.AWAITING, Stage.CLASSIFIED, Stage.REFERRED)),
}
OLDEST_FIRST: Final = frozenset({Pile.UNSORTED, Pile.OVERDUE, Pile.AWAITING, Pile.SORTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a pile is narrowed to: whose opinions; `number` is what the unit that took it in calls it."""

    source_group: SourceGroup | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """One opinion of a pile. `left`: until it is to be classified, then until its answer is due; None while its clock stands.

    `title` is what it says, None where that is not the asker's to read or is there no more.
    """

    view: OpinionView
    left: Left | None
    field_label: str | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piled:
    """A page of one pile, with how much lies in each, of an office or of one unit (`of_unit`)."""

    today: date
    pile: Pile
    of_unit: bool
    counts: Mapping[Pile, int]
    lying: tuple[Lying, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the page of an opinion adds to it: its due date as counted, whom it is about, what was merged into it.

    Of what is not the asker's to read it says nothing.
    """

    due: Due | None
    left: Left | None
    concerns: tuple[tuple[str, str], ...]  # key and label of each unit
    posts: tuple[str, ...]
    merged: tuple[str, ...]
    field_label: str | None


class Inbox:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(
        self, *, database: Database, tenant: str, vault: Vault, clock: Clock, directories: Directories, log: EventLog
    ) -> None:
        self._database, self._tenant, self._vault, self._log = database, tenant, vault, log
        self._clock, self._directories = clock, directories

    async def piled(
        self, subject: Subject, pile: Pile | None, filters: Filters, *, cursor: str | None = None, limit: int = 50
    ) -> Piled:
        """A pile of his office, or of what his unit took in where he sees no more; unless one is named, the first with any.

        What is to be done lies with the oldest ahead, what is done with the latest. Titles are opened in his name, in one access.

        Raises:
            Unknown: he has no part in taking opinions in.
            Invalid: the cursor was not made here.

        """
        whose, of_unit = self._whose(subject)
        directory = await self._directory()
        counts, late = await self._counts(subject, whose, directory)
        named = pile or next((each for each in Pile if counts[each]), Pile.UNSORTED)
        order = opinions_opinion.c.received_at * (-1 if named in OLDEST_FIRST else 1)
        wanted = [*self._narrowed(subject, whose, filters), *_of_pile(named, late)]
        if cursor is not None:
            wanted.append(beyond(cursor, int, order, opinions_opinion.c.opinion))
        query = (
            select(*SHOWN, order.label("ordered"))
            .select_from(opinions_with_cases())
            .where(*wanted)
            .order_by(order.desc(), opinions_opinion.c.opinion)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        titles = await self._opened(subject, rows[:limit], directory)
        page = paged(rows, limit, "ordered", "opinion", lambda row: self._lying(subject, row, directory, titles))
        return Piled(today=directory.day, pile=named, of_unit=of_unit, counts=counts, lying=page.items, cursor=page.cursor)

    async def sheet(self, subject: Subject, opinion: str) -> Sheet:
        """What sorting needs to know of one opinion beside itself."""
        row, directory = await self._seen(subject, opinion), await self._directory()
        if is_barred(subject, row, directory):
            return Sheet(due=None, left=None, concerns=(), posts=(), merged=(), field_label=None)
        survivor = select(opinions_survivor.c.merged).where(
            opinions_survivor.c.tenant == self._tenant, opinions_survivor.c.survivor == opinion
        )
        async with self._database.read() as connection:
            merged = (await connection.execute(survivor)).scalar()
        return Sheet(
            due=await self._due(opinion),
            left=_left(row, directory),
            concerns=tuple((unit, directory.label(unit)) for unit in row["concerns_units"].split()),
            posts=tuple(
                directory.posts[each].name if each in directory.posts else each for each in row["concerns_posts"].split()
            ),
            merged=tuple((merged or "").split()),
            field_label=directory.label(row["field_now"]) if row["field_now"] else None,
        )

    async def titles(self, subject: Subject, opinions: Collection[str]) -> Mapping[str, str]:
        """What those of them say that are his to read, opened in one access."""
        if not opinions:
            return {}
        table, rows = opinions_opinion.c, list[Mapping[Any, Any]]()
        named = sorted(set(opinions))
        async with self._database.read() as connection:
            for start in range(0, len(named), PER_QUERY):
                wanted = (table.tenant == self._tenant, table.opinion.in_(named[start : start + PER_QUERY]))
                query = select(*SHOWN).select_from(opinions_with_cases()).where(*wanted)
                rows += (await connection.execute(query)).mappings().all()
        return await self._opened(subject, rows, await self._directory())

    async def numbered(self, subject: Subject, number: str) -> str | None:
        """The opinion that the asker's unit took in under `number`, its own id of it."""
        access.refuse_unless_seen(subject, access.LIST_UNIT, access.unit_resource(self._tenant, subject.unit))
        table = opinions_opinion.c
        query = select(table.opinion).where(
            table.tenant == self._tenant, table.unit == subject.unit, table.local_id == number, table.parent.is_(None)
        )
        async with self._database.read() as connection:
            found: str | None = (await connection.execute(query.limit(1))).scalar()
        return found

    async def receipt(self, subject: Subject, opinion: str) -> str | None:
        """The receipt code, to be given to the speaker again by the unit that took it in; None where it is there no more.

        Raises:
            Unknown: not there, taken in by another unit, or about whoever asks.

        """
        row, directory = await self._seen(subject, opinion), await self._directory()
        access.refuse_unless_seen(subject, access.GIVE_RECEIPT, access.unit_resource(self._tenant, row["unit"]))
        if is_barred(subject, row, directory):
            raise Unknown("receipt")
        [first, *_] = await self._log.read_stream(row["parent"] or opinion)
        event = codec.read(first).event
        if not isinstance(event, OpinionReceived):
            return None
        opened = await self._vault.open(event.receipt.ref, reader=subject.person, purpose=AGAIN)
        return None if isinstance(opened, Erased) else opened

    async def head(self) -> int:
        """The position of the last fact recorded here: a page that shows what others did waits for it."""
        return (await self._log.head()).position

    def _whose(self, subject: Subject) -> tuple[ColumnElement[bool], bool]:
        office = Resource(tenant=self._tenant, office=subject.office)
        if permit(subject, access.LIST_OFFICE, office).allowed:
            return opinions_opinion.c.office == subject.office, False
        access.refuse_unless_seen(subject, access.LIST_UNIT, access.unit_resource(self._tenant, subject.unit))
        return opinions_opinion.c.unit == subject.unit, True

    def _narrowed(self, subject: Subject, whose: ColumnElement[bool], filters: Filters) -> list[ColumnElement[bool]]:
        table = opinions_opinion.c
        wanted = [table.tenant == self._tenant, whose]
        if filters.source_group is not None:
            wanted.append(table.source_group == filters.source_group.value)
        if filters.number is not None:
            wanted.append(or_(table.local_id == filters.number, table.local_id.startswith(f"{filters.number}/", autoescape=True)))
        if (filters.source_group or filters.number) and Role.CHIEF not in subject.capacities:
            wanted += not_diverted()
        return wanted

    async def _counts(
        self, subject: Subject, whose: ColumnElement[bool], directory: Directory
    ) -> tuple[Mapping[Pile, int], Sequence[int]]:
        """How much lies in each pile, and the days of receipt from which the days to classify are over."""
        table = opinions_opinion.c
        day = _day_of_receipt()
        staged = select(table.stage, func.count()).where(table.tenant == self._tenant, whose).group_by(table.stage)
        received = (
            select(day, table.office, func.count())
            .where(table.tenant == self._tenant, whose, table.stage == Stage.RECEIVED.value)
            .group_by(day, table.office)
        )
        async with self._database.read() as connection:
            by_stage = {row[0]: row[1] for row in (await connection.execute(staged)).all()}
            by_day = (await connection.execute(received)).all()
        late = {number: _is_late(number, office, directory) for number, office, _ in by_day}
        counts = {pile: sum(by_stage.get(stage.value, 0) for stage in stages) for pile, stages in STAGES.items()}
        counts[Pile.OVERDUE] = sum(count for number, _, count in by_day if late[number])
        return counts, [number for number, over in late.items() if over]

    async def _due(self, opinion: str) -> Due | None:
        """The last due date that was recorded of it, with its derivation."""
        events = [codec.read(record).event for record in await self._log.read_stream(opinion)]
        return next((each.due for each in reversed(events) if isinstance(each, OpinionClassified | OpinionDueSet)), None)

    async def _opened(self, subject: Subject, rows: Sequence[Mapping[Any, Any]], directory: Directory) -> Mapping[str, str]:
        readable = {
            row["words_ref"]: row["opinion"]
            for row in rows
            if row["words_ref"]
            and permit(subject, access.READ_WORDS, access.opinion_resource(self._tenant, row["office"], row["unit"])).allowed
            and not is_barred(subject, row, directory)
        }
        texts = await self._vault.open_many(list(readable), reader=subject.person, purpose=TITLES) if readable else {}
        return {opinion: text for ref, opinion in readable.items() if isinstance(text := texts.get(ref), str)}

    async def _seen(self, subject: Subject, opinion: str) -> Mapping[Any, Any]:
        query = (
            select(*SHOWN)
            .select_from(opinions_with_cases())
            .where(opinions_opinion.c.tenant == self._tenant, opinions_opinion.c.opinion == opinion)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Unknown
        resource = access.opinion_resource(self._tenant, row["office"], row["unit"])
        access.refuse_unless_seen(subject, access.SEE_OPINION, resource)
        return row

    async def _directory(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))

    def _lying(self, subject: Subject, row: Mapping[Any, Any], directory: Directory, titles: Mapping[str, str]) -> Lying:
        view = opinion_view(subject, row, directory)
        pointer = view.channel is None
        return Lying(
            view=view,
            left=None if pointer else _left(row, directory),
            field_label=directory.label(view.field) if view.field else None,
            title=titles.get(view.id),
        )


def _of_pile(pile: Pile, late: Sequence[int]) -> list[ColumnElement[bool]]:
    stage = opinions_opinion.c.stage
    if pile is Pile.OVERDUE:
        return [stage == Stage.RECEIVED.value, _day_of_receipt().in_(late)]
    return [stage.in_([each.value for each in STAGES[pile]])]


def _day_of_receipt() -> Any:
    """The day of receipt here, as days since 1970."""
    return (opinions_opinion.c.received_at + ZONE_MICROS) // DAY_MICROS


def _is_late(number: int, office: str, directory: Directory) -> bool:
    day = date.fromordinal(EPOCH + number)
    by = after(directory.rules_of(office, day), directory.published, CLASSIFY, day)
    return by is not None and directory.day > by.due.day


def _left(row: Mapping[Any, Any], directory: Directory) -> Left | None:
    """Until when something is to be done here: it is to be classified, then answered; a clock that stands has no end."""
    if directory.published is None:
        return None
    if row["stage"] == Stage.RECEIVED:
        day = local_day(instant(row["received_at"]))
        by = after(directory.rules_of(row["office"], day), directory.published, CLASSIFY, day)
        return left_until(directory.published, directory.day, by.due.day) if by is not None else None
    if row["stage"] in (Stage.CLASSIFIED, Stage.REFERRED) and row["due"]:
        return left_until(directory.published, directory.day, date.fromisoformat(row["due"]))
    return None
