"""As of when figures are asked for: now, an instant, a position vector, or what a lock rests on; each becomes a basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import FromClause

from services.reporting.readmodel.places import OWN, SOURCES
from services.reporting.readmodel.reports.tables import reports_opening, reports_report
from services.reporting.readmodel.tables import FACT, MARK, MILESTONE, STEP, VALUE
from shared.asof import AsOfAhead, UnreadableAsOf, instant_of, is_position
from shared.clock import micros
from shared.subscriptions import checkpoints

Vector = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A locked report whose window ends where another begins: its name and days, and the positions it counted up to."""

    report: str
    first: date
    last: date
    positions: Vector

    @classmethod
    def told(cls, carried: Mapping[str, Any]) -> "Predecessor":
        """From what a lock, as JSON values, says of the report that it carries on (`CarriedOver`)."""
        first, last = (date.fromisoformat(carried[name]) for name in ("first", "last"))
        return cls(carried["report"], first, last, _reached_by(carried))


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures rest on: the positions up to which facts are known, and the report whose open matters they carry on.

    `definitions` are those of a lock; None: today's.
    """

    positions: Vector
    predecessor: Predecessor | None
    definitions: str | None = None

    @classmethod
    def locked(cls, lock: Mapping[str, Any]) -> "Basis":
        """What a lock, as JSON values, says that its figures rest on."""
        carried = lock["predecessor"]
        return cls(_reached_by(lock), Predecessor.told(carried) if carried else None, lock["definitions"])

    @property
    def told(self) -> dict[str, Any]:
        """What an answer says of it: `as_of`, and `predecessor` where a report carries over."""
        named = {"predecessor": self.predecessor.report} if self.predecessor else {}
        return {"as_of": self.positions, **named}


AsOf = datetime | Vector | Basis | None
REPORTS: Final = "reports"  # the read model that follows reporting's own log


def _reached_by(lock: Mapping[str, Any]) -> dict[str, int]:
    return {each["source"]: each["position"] for each in lock["positions"]}


def as_of(text: str | None) -> AsOf:
    """What `text` says: `intake=12,assignment=7` or an ISO 8601 instant with its zone; nothing is now.

    Raises:
        UnreadableAsOf

    """
    if not text:
        return None
    return _vector(text) if "=" in text else instant_of(text, SOURCES)


def _vector(text: str) -> Vector:
    parts = [part.strip().partition("=") for part in text.split(",")]
    vector = {name: position for name, _, position in parts}
    if not all(map(is_position, vector.values())) or set(vector) - {OWN} != set(SOURCES) or len(parts) != len(vector):
        raise UnreadableAsOf(SOURCES)
    return {source: int(vector[source]) for source in (*SOURCES, OWN) if source in vector}


async def resolve(connection: AsyncConnection, tenant: str, office: str, first: date, asked: AsOf) -> Basis:
    """What the figures of a window of `office` from `first` on rest on; position 0 where nothing of a log is meant.

    Raises:
        AsOfAhead

    """
    if isinstance(asked, Basis):
        return asked
    positions = await _positions(connection, tenant, asked)
    own = await _brought(connection, tenant, office, asked) if OWN not in positions else None
    if own is not None:
        positions[OWN] = own
    return Basis(positions, await _predecessor(connection, tenant, office, first, asked))


async def _positions(connection: AsyncConnection, tenant: str, asked: datetime | Vector | None) -> dict[str, int]:
    if isinstance(asked, Mapping):
        await _refuse_ahead(connection, tenant, asked)
        return dict(asked)
    positions = dict.fromkeys(SOURCES, 0)
    for source, position in await _reached(connection, tenant, asked):
        positions[source] = max(positions.get(source, 0), position)
    return positions


async def _refuse_ahead(connection: AsyncConnection, tenant: str, asked: Vector) -> None:
    """What the subscriptions have passed is counted, whether or not it held a fact."""
    passed = await checkpoints.positions(connection, {MILESTONE, REPORTS})
    last = dict(await _reached(connection, tenant, None))
    brought = select(func.max(reports_opening.c.position)).where(reports_opening.c.tenant == tenant)
    last[OWN] = (await connection.execute(brought)).scalar() or 0
    for source, position in asked.items():
        follower = REPORTS if source == OWN else MILESTONE
        reached = max(passed.get((follower, f"{source}/{tenant}"), 0), last.get(source, 0))
        if position > reached:
            raise AsOfAhead(f"{source}={reached}")


async def _brought(connection: AsyncConnection, tenant: str, office: str, asked: datetime | Vector | None) -> int | None:
    """Up to where the office's opening balance is known: by an instant, else all of it; None where there is none."""
    table = reports_opening.c
    until = (table.recorded_at <= micros(asked),) if isinstance(asked, datetime) else ()
    wanted = select(func.max(table.position)).where(table.tenant == tenant, table.office == office, *until)
    found: int | None = (await connection.execute(wanted)).scalar()
    return found


async def _predecessor(
    connection: AsyncConnection, tenant: str, office: str, first: date, asked: datetime | Vector | None
) -> Predecessor | None:
    """The report whose cut-off adjoins, if it was locked by then (design decision 15).

    A vector knows of a lock when it reaches its fences, an instant when it is no earlier: what is counted of a log may end
    before the fence, which is no fact itself.
    """
    table = reports_report.c
    wanted = select(table.report, table.first, table.last, table.lock).where(
        *((table.locked_at <= micros(asked),) if isinstance(asked, datetime) else ()),
        table.tenant == tenant,
        table.office == office,
        table.last == (first - timedelta(days=1)).isoformat(),
        table.lock.is_not(None),
    )
    for row in (await connection.execute(wanted.order_by(table.locked_at.desc()))).mappings():
        former = Predecessor.told({**row, "positions": orjson.loads(row["lock"])["positions"]})
        if not isinstance(asked, Mapping) or all(asked.get(source, 0) >= former.positions.get(source, 0) for source in SOURCES):
            return former
    return None


def known(table: FromClause, positions: Vector) -> ColumnElement[bool]:
    """Whether a fact of `table` stands at or below `positions`."""
    return or_(*(and_(table.c.source == source, table.c.position <= position) for source, position in positions.items()))


async def _reached(connection: AsyncConnection, tenant: str, instant: datetime | None) -> list[tuple[str, int]]:
    if instant is None:
        found = await connection.execute(select(MARK.c.source, MARK.c.position).where(MARK.c.tenant == tenant))
        return [(row.source, row.position) for row in found]
    reached = []
    for table in (FACT, VALUE, STEP):
        found = await connection.execute(
            select(table.c.source, func.max(table.c.position).label("position"))
            .where(table.c.tenant == tenant, table.c.recorded_at <= micros(instant))
            .group_by(table.c.source)
        )
        reached += [(row.source, row.position) for row in found]
    return reached
