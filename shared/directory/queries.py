"""Reads a service's copy of the directory: one row when nothing changed, everything when something did."""

import json
from bisect import bisect_right
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.calendar import Calendar, Deadline, Rules
from shared.clock import instant
from shared.contracts.directory import UnitKind
from shared.contracts.plan import Recipient
from shared.contracts.roles import Role
from shared.contracts.rules import Counting
from shared.database import Database
from shared.directory.history import History, Lasting
from shared.directory.snapshot import Directory
from shared.directory.tables import tables_of
from shared.directory.values import Delegation, Field, Holder, Letterhead, Post, SigningKey, Successors
from shared.look import Look

Row = dict[str, Any]
DAYS_KEPT: Final = 1024  # directories of so many days are kept ready; days between two turns share all they hold
TURNS_KEPT: Final = 64


class DirectoryNotYet(Exception):
    """Nothing of the directory has arrived here so far: a new service, or one whose source is away. Ask again soon."""


class Directories:
    """The directory of any day, for one tenant: cheap enough to be asked for every command."""

    def __init__(self, database: Database, name: str, tenant: str) -> None:
        self._database, self._tables, self._tenant = database, tables_of(name), tenant
        self._history = History()
        self._read_at = -1  # how often the database had been written before the history was read
        self._look = Look(self._read)
        self._turns: tuple[date, ...] = ()  # of that history
        self._since: dict[date, Directory] = {}  # by the turn that they are in force from
        self._days: dict[date, Directory] = {}
        self._mark = self._of(self._tables.mark, self._tables.mark.c.position)

    async def at(self, day: date) -> Directory:
        """The directory of `day`, as far as the copy has come.

        Raises:
            DirectoryNotYet: before its first event: to say then that a unit is unknown would refuse what is right.

        """
        history = await self._latest()
        if history.position == 0:
            raise DirectoryNotYet
        found = self._days.get(day)
        if found is None or found.position != history.position:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = replace(self._in_force(history, day), day=day)
        return found

    def _in_force(self, history: History, day: date) -> Directory:
        """As since the turn before `day`: a book of years is read in any order, and few of its days changed anything."""
        before = bisect_right(self._turns, day)
        turn = self._turns[before - 1] if before else date.min
        found = self._since.get(turn)
        if found is None or found.position != history.position:
            if len(self._since) >= TURNS_KEPT:
                self._since.clear()
            found = self._since[turn] = history.at(turn)
        return found

    async def history(self) -> History:
        """Every dated row, as far as the copy has come: what was in force before, and what will be."""
        return await self._latest()

    async def next_reorganisation(self, after: date) -> date | None:
        """The next day on which a unit ends or is succeeded, as far as that is known."""
        history = await self._latest()
        days = [each.since for _, each in history.successions] + [unit.until for unit in history.units if unit.until]
        return min((day for day in days if day > after), default=None)

    async def _latest(self) -> History:
        database = self._database
        # While a transaction is being written it may be visible already, and not yet counted.
        if database.alone and database.commits == self._read_at and not database.write_lock.locked():
            return self._history
        return await self._look.fresh()

    async def _read(self, _: frozenset[str]) -> History:
        commits = self._database.commits
        async with self._database.read() as connection:
            position = await self._position(connection)
            while position != self._history.position:
                found = await self._load(connection, position)
                # Each statement sees its own moment: what the copy took in between would tear the directory.
                position = await self._position(connection)
                if position == found.position:
                    self._history, self._turns = found, found.turns()
        self._read_at = commits
        return self._history

    async def _position(self, connection: AsyncConnection) -> int:
        return (await connection.execute(self._mark)).scalar() or 0

    async def _load(self, connection: AsyncConnection, position: int) -> History:
        tables = self._tables

        async def rows(table: Table, *order: str) -> list[dict[str, Any]]:
            found = await connection.execute(self._of(table, *table.c).order_by(*(table.c[name] for name in order)))
            return [dict(row) for row in found.mappings()]

        return History(
            position=position,
            units=tuple(_unit(row) for row in await rows(tables.unit, "position", "unit")),
            names=tuple(
                (row["unit"], _day(row["valid_from"]), (row["code"], row["name"]))
                for row in await rows(tables.unit_name, "valid_from")
            ),
            aliases=tuple((row["unit"], row["alias"]) for row in await rows(tables.alias, "unit", "alias")),
            successions=tuple((row["unit"], _successors(row)) for row in await rows(tables.succession, "position")),
            fields=tuple(
                (Field(row["field"], row["name"], row["restricted"]), _day(row["valid_from"]))
                for row in await rows(tables.field, "position", "field")
            ),
            leads=tuple(
                ((row["field"], row["office"]), _day(row["valid_from"]), row["lead"])
                for row in await rows(tables.lead, "valid_from")
            ),
            further=tuple(
                ((row["field"], row["office"]), _day(row["valid_from"]), tuple(json.loads(row["leads"])))
                for row in await rows(tables.further, "valid_from")
            ),
            charges=tuple(
                ((row["office"], row["post"]), _day(row["valid_from"]), _charge(row))
                for row in await rows(tables.charge, "valid_from", "position")
            ),
            letterheads=tuple(
                (row["office"], _day(row["valid_from"]), Letterhead(**json.loads(row["shown"])))
                for row in await rows(tables.letterhead, "valid_from", "position")
            ),
            signing_keys=tuple(_signing_key(row) for row in await rows(tables.signing_key, "position")),
            party=tuple(
                (_day(row["valid_from"]), frozenset(json.loads(row["fields"])))
                for row in await rows(tables.party, "valid_from", "position")
            ),
            people=tuple(
                (row["person"], _day(row["valid_from"]), row["unit"]) for row in await rows(tables.person, "valid_from")
            ),
            name_refs={row["person"]: row["ref"] for row in await rows(tables.name, "person")},
            members=tuple(
                ((row["person"], row["unit"]), _day(row["valid_from"]), bool(row["joined"]))
                for row in await rows(tables.member, "valid_from", "position")
            ),
            posts=tuple(_post(row) for row in await rows(tables.post, "position")),
            holdings=tuple(
                (row["post"], _day(row["valid_from"]), Holder(row["person"], bool(row["acting"])) if row["person"] else None)
                for row in await rows(tables.holding, "valid_from", "position")
            ),
            delegations=tuple(_delegation(row) for row in await rows(tables.delegation, "position")),
            recipients=tuple(
                ((row["office"], row["kind"]), _day(row["valid_from"]), _lines(row["lines"]))
                for row in await rows(tables.recipients, "valid_from", "position")
            ),
            rules=_rules(await rows(tables.rules, "valid_from", "position")),
            calendars=tuple(_calendar(row) for row in await rows(tables.calendar, "position")),
        )

    def _of(self, table: Table, *columns: Any) -> Select[Any]:
        return select(*columns).where(table.c.tenant == self._tenant)


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def _unit(row: Row) -> Lasting:
    end = row["dissolved_from"]
    return Lasting(
        row["unit"],
        UnitKind(row["kind"]),
        row["office"],
        row["parent"],
        _day(row["valid_from"]),
        _day(end) if end else None,
    )


def _successors(row: Row) -> Successors:
    lines = json.loads(row["lines"])
    by_field: dict[str, tuple[str, ...]] = {}
    for field, to in lines:
        if field is not None:
            by_field[field] = (*by_field.get(field, ()), to)
    rest = tuple(to for field, to in lines if field is None)
    return Successors(_day(row["valid_from"]), by_field, rest, row["basis"])


def _post(row: Row) -> Post:
    return Post(row["post"], row["unit"], row["name"], Role(row["role"]), _day(row["valid_from"]))


def _delegation(row: Row) -> Delegation:
    revoked = row["revoked_from"]
    return Delegation(
        key=row["delegation"],
        post=row["post"],
        to=row["to"],
        actions=frozenset(json.loads(row["actions"])),
        first=_day(row["valid_from"]),
        last=_day(row["valid_to"]),
        revoked_from=_day(revoked) if revoked else None,
    )


def _signing_key(row: Row) -> SigningKey:
    last = _day(row["last"]) if row["last"] else None
    return SigningKey(
        key=row["key"],
        office=row["office"],
        public=row["public"],
        private_ref=row["private_ref"],
        first=_day(row["first"]),
        last=last,
        made=instant(row["made"]),
        retired=instant(row["retired"]) if row["retired"] is not None else None,
    )


def _charge(row: Row) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(json.loads(row["fields"])), frozenset(json.loads(row["units"]))


def _lines(stored: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(**line) for line in json.loads(stored))


def _rules(rows: list[Row]) -> dict[str, tuple[Rules, ...]]:
    found: dict[str, tuple[Rules, ...]] = {}
    for row in rows:
        deadlines = {rule: Deadline(days, Counting(counting)) for rule, (days, counting) in json.loads(row["deadlines"]).items()}
        published = Rules(row["version"], _day(row["valid_from"]), deadlines)
        found[row["office"]] = (*found.get(row["office"], ()), published)
    return found


def _calendar(row: Row) -> Calendar:
    return Calendar(
        version=row["version"],
        first=_day(row["first"]),
        last=_day(row["last"]),
        days_off={_day(day): name for day, name in json.loads(row["days_off"]).items()},
        workdays=frozenset(map(_day, json.loads(row["workdays"]))),
    )
