"""Reads the facts that counting needs: of one office, before the end of a window, at or below a position vector."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import orjson
from sqlalchemy import ARRAY, ColumnElement, Select, String, and_, any_, bindparam, case, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain.figures.dialogues import Dialogue, chairmans, dialogues_of
from services.reporting.domain.figures.episodes import Happened, Valued
from services.reporting.domain.figures.steps import Step
from services.reporting.domain.figures.window import window
from services.reporting.readmodel import spans
from services.reporting.readmodel import steps as kinds
from services.reporting.readmodel.asof import Basis, Vector, known
from services.reporting.readmodel.places import Dimension, matter_of
from services.reporting.readmodel.tables import FACT, SPAN, STEP, STREAM, VALUE

# An opinion is classified before its case is given to a unit.
VALUE_RANK: Final = case((VALUE.c.source == "intake", 1), else_=2)
FACT_RANK: Final = case((FACT.c.source == "intake", 1), else_=2)
PAGE: Final = 1_000  # matters that are read together
ALWAYS: Final = (Dimension.DUE, Dimension.EXTENSION, Dimension.PARENT, Dimension.SESSION)


@dataclass(frozen=True, slots=True)
class Read:
    """The rows that the counting of episodes needs."""

    milestones: Sequence[Happened]
    values: Mapping[Dimension, Sequence[Valued]]
    chairmans: frozenset[str]  # the sessions of Track B
    before: "Read | None" = None  # the same as the report before read it, where one carries over


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of `office` before `end`, on a basis. What was read is kept, for the next table that needs it."""

    connection: AsyncConnection
    tenant: str
    office: str
    end: int
    basis: Basis
    kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def positions(self) -> Vector:
        return self.basis.positions

    @property
    def before(self) -> "Reading | None":
        """The same as the report before knew it, where one carries over."""
        former = self.basis.predecessor
        if former is not None and "before" not in self.kept:
            end, basis = window(former.first, former.last).end, Basis(former.positions, None)
            self.kept["before"] = replace(self, end=end, basis=basis, kept={})
        return cast("Reading | None", self.kept.get("before"))

    async def named(self, narrowed: ColumnElement[bool], after: str = "", limit: int = PAGE) -> list[str]:
        """The next matters of the office that a condition on their spans lets through, in the order of their names."""
        query = select(SPAN.c.matter).where(spans.of_office(self.tenant, self.office), narrowed, SPAN.c.matter > after)
        return list((await self.connection.execute(query.order_by(SPAN.c.matter).limit(limit))).scalars())

    async def matters(self, dimensions: Collection[Dimension], names: Sequence[str]) -> Read:
        """Milestones and values of these matters of the office, and due days of what they were split from."""
        milestones = (await self.connection.execute(self._milestones(names))).all()
        values = await self._values((*dimensions, *ALWAYS), names)
        apart = {matter_of(valued.value) for valued in values[Dimension.PARENT] if valued.value} - set(names)
        if apart:
            for dimension, further in (await self._values((Dimension.DUE, Dimension.EXTENSION), sorted(apart))).items():
                values[dimension] += further
        before = await self.before.matters(dimensions, names) if self.before else None
        return Read(milestones, values, await self.chairmans(), before)

    async def values_of(self, dimension: Dimension, names: Collection[str]) -> Sequence[Valued]:
        """Every value of one dimension of these matters."""
        found: list[Valued] = []
        ordered = sorted(names)
        for first in range(0, len(ordered), PAGE):
            found += (await self._values((dimension,), ordered[first : first + PAGE]))[dimension]
        return found

    async def valued(self, dimension: Dimension) -> list[str]:
        """The matters of the office that ever had a value of a dimension that few have."""
        at = and_(VALUE.c.tenant == SPAN.c.tenant, VALUE.c.matter == SPAN.c.matter, VALUE.c.dimension == dimension.value)
        query = select(SPAN.c.matter).join(VALUE, at).where(spans.of_office(self.tenant, self.office)).distinct()
        return sorted((await self.connection.execute(query)).scalars())

    async def chairmans(self) -> frozenset[str]:
        """The sessions of Track B."""
        if "chairmans" not in self.kept:
            self.kept["chairmans"] = chairmans((await self.dialogues()).values())
        return cast(frozenset[str], self.kept["chairmans"])

    async def dialogues(self) -> dict[str, Dialogue]:
        """Every dialogue of the office."""
        return dialogues_of(await self.steps(kinds.SESSION))

    async def steps(self, family: str, *, of_those: str | None = None) -> list[Step]:
        """Every step of one family's streams; with `of_those` only of the streams that have a step of that kind."""
        query = self._steps().where(STREAM.c.family == family)
        if of_those is not None:
            one = STEP.alias()
            such = exists().where(one.c.tenant == STREAM.c.tenant, one.c.stream == STREAM.c.stream, one.c.kind == of_those)
            query = query.where(such)
        return [_step(row) for row in await self._rows((family, of_those), query)]

    async def told(self, streams: Collection[str]) -> dict[str, tuple[str, list[Step]]]:
        """What is known of these streams of the office: the family of each, and its steps in order."""
        if not streams:
            return {}
        query = self._steps().add_columns(STREAM.c.family).where(self._among(STREAM.c.stream, sorted(streams)))
        found: dict[str, tuple[str, list[Step]]] = {}
        for row in (await self.connection.execute(query.order_by(STEP.c.occurred, STEP.c.position))).all():
            found.setdefault(row.stream, (row.family, []))[1].append(_step(row))
        return found

    def _steps(self) -> Select[Any]:
        """Every step of the office's dialogues, notices, requests, proposals, plans and tasks."""
        return (
            select(STEP.c.stream, STEP.c.kind, STEP.c.occurred, STEP.c.position, STEP.c.said, STEP.c.source)
            .select_from(STREAM)
            .join(STEP, and_(STEP.c.tenant == STREAM.c.tenant, STEP.c.stream == STREAM.c.stream))
            .where(STREAM.c.tenant == self.tenant, STREAM.c.office == self.office)
            .where(STEP.c.occurred < self.end, known(STEP, self.positions))
        )

    async def _rows(self, key: Hashable, query: Select[Any]) -> Sequence[Any]:
        if key not in self.kept:
            self.kept[key] = (await self.connection.execute(query)).all()
        return cast(Sequence[Any], self.kept[key])

    def _milestones(self, names: Sequence[str]) -> Select[Any]:
        """Every milestone of these matters, in the shape of `Happened`."""
        told = (FACT.c.episode, FACT.c.kind, FACT.c.occurred, FACT.c.since, FACT.c.due, FACT.c.previous, FACT.c.unit)
        return select(*told, FACT_RANK, FACT.c.position).where(
            FACT.c.tenant == self.tenant,
            self._among(FACT.c.matter, names),
            FACT.c.occurred < self.end,
            known(FACT, self.positions),
        )

    def _among(self, column: ColumnElement[str], names: Sequence[str]) -> ColumnElement[bool]:
        """PostgreSQL takes all names as one parameter: a thousand would cost more than what they find."""
        if self.connection.dialect.name == "postgresql":
            return column == any_(bindparam(None, list(names), type_=ARRAY(String)))
        return column.in_(names)

    async def _values(self, dimensions: Sequence[Dimension], names: Sequence[str]) -> dict[Dimension, list[Valued]]:
        """Every value of these dimensions of these matters, in the shape of `Valued`."""
        wanted = tuple(dict.fromkeys(dimensions))
        query = select(VALUE.c.dimension, VALUE.c.episode, VALUE.c.occurred, VALUE_RANK, VALUE.c.position, VALUE.c.value).where(
            VALUE.c.tenant == self.tenant,
            VALUE.c.dimension.in_([dimension.value for dimension in wanted]),
            self._among(VALUE.c.matter, names),
            VALUE.c.occurred < self.end,
            known(VALUE, self.positions),
        )
        found: dict[Dimension, list[Valued]] = {dimension: [] for dimension in wanted}
        into = {dimension.value: rows.append for dimension, rows in found.items()}
        for dimension, episode, at, rank, position, value in (await self.connection.execute(query)).all():
            into[dimension](Valued(episode, at, rank, position, value))
        return found


def _step(row: Any) -> Step:
    return Step(row.stream, row.kind, row.occurred, row.position, orjson.loads(row.said), row.source)
