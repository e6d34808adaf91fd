"""Reads the facts that counting needs: of one office, before the end of a window, at or below a position vector."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import orjson
from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain.figures.dialogues import Dialogue, chairmans, dialogues_of
from services.reporting.domain.figures.episodes import Happened, Milestone, Valued
from services.reporting.domain.figures.steps import Step
from services.reporting.domain.figures.window import window
from services.reporting.readmodel import steps as kinds
from services.reporting.readmodel.asof import Basis, Vector, known
from services.reporting.readmodel.places import Dimension
from services.reporting.readmodel.tables import FACT, OFFICE, STEP, STREAM, VALUE

# An opinion is classified before its case is given to a unit.
VALUE_RANK: Final = case((VALUE.c.source == "intake", 1), else_=2)
FACT_RANK: Final = case((FACT.c.source == "intake", 1), else_=2)
# What of these an episode has does not say that it is over: it begins it, may be undone, or hands its due day on.
NOT_OVER: Final = tuple(
    kind.value for kind in (Milestone.RECEIVED, Milestone.REOPENED, Milestone.SPLIT, Milestone.MERGED, Milestone.UNMERGED)
)


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

    async def matters(self, dimensions: Collection[Dimension]) -> Read:
        """Milestones and values of every opinion of the office."""
        milestones: Sequence[Happened] = await self._rows("milestones", self._milestones())
        wanted = (*dimensions, Dimension.DUE, Dimension.EXTENSION, Dimension.PARENT, Dimension.SESSION)
        values = {dimension: await self.values(dimension) for dimension in dict.fromkeys(wanted)}
        before = await self.before.matters(dimensions) if self.before else None
        return Read(milestones, values, chairmans((await self.dialogues()).values()), before)

    async def values(self, dimension: Dimension) -> Sequence[Valued]:
        """Every value of one dimension."""
        return await self._rows(dimension, self._values(dimension))

    async def dialogues(self) -> dict[str, Dialogue]:
        """Every dialogue of the office."""
        return dialogues_of(await self.steps(kinds.SESSION))

    async def steps(self, family: str, *, of_those: str | None = None) -> list[Step]:
        """Every step of one family's streams; with `of_those` only of the streams that have a step of that kind."""
        query = (
            select(STEP.c.stream, STEP.c.kind, STEP.c.occurred, STEP.c.position, STEP.c.said)
            .select_from(STREAM)
            .join(STEP, and_(STEP.c.tenant == STREAM.c.tenant, STEP.c.stream == STREAM.c.stream))
            .where(STREAM.c.tenant == self.tenant, STREAM.c.office == self.office, STREAM.c.family == family)
            .where(STEP.c.occurred < self.end, known(STEP, self.positions))
        )
        if of_those is not None:
            one = STEP.alias()
            such = exists().where(one.c.tenant == STREAM.c.tenant, one.c.stream == STREAM.c.stream, one.c.kind == of_those)
            query = query.where(such)
        found = await self._rows((family, of_those), query)
        return [Step(row.stream, row.kind, row.occurred, row.position, orjson.loads(row.said)) for row in found]

    async def _rows(self, key: Hashable, query: Select[Any]) -> Sequence[Any]:
        if key not in self.kept:
            self.kept[key] = (await self.connection.execute(query)).all()
        return cast(Sequence[Any], self.kept[key])

    def _milestones(self) -> Select[Any]:
        """Every milestone of the office's matters, in the shape of `Happened`."""
        told = (FACT.c.episode, FACT.c.kind, FACT.c.occurred, FACT.c.since, FACT.c.due, FACT.c.previous, FACT.c.unit)
        return (
            select(*told, FACT_RANK, FACT.c.position)
            .select_from(OFFICE)
            .join(FACT, and_(FACT.c.tenant == OFFICE.c.tenant, FACT.c.matter == OFFICE.c.matter))
            .where(OFFICE.c.tenant == self.tenant, OFFICE.c.office == self.office)
            .where(FACT.c.occurred < self.end, known(FACT, self.positions))
        )

    def _values(self, dimension: Dimension) -> Select[Any]:
        """Every value of a dimension, in the shape of `Valued`.

        Due days only of what is not over or was extended: where most of it is over, they are the bulk of the rows.
        """
        query = (
            select(VALUE.c.episode, VALUE.c.occurred, VALUE_RANK, VALUE.c.position, VALUE.c.value)
            .select_from(OFFICE)
            .join(VALUE, and_(VALUE.c.tenant == OFFICE.c.tenant, VALUE.c.matter == OFFICE.c.matter))
            .where(OFFICE.c.tenant == self.tenant, OFFICE.c.office == self.office, VALUE.c.dimension == dimension.value)
            .where(VALUE.c.occurred < self.end, known(VALUE, self.positions))
        )
        return query.where(or_(~self._over(), _extended())) if dimension is Dimension.DUE else query

    def _over(self) -> ColumnElement[bool]:
        return exists().where(
            FACT.c.tenant == VALUE.c.tenant,
            FACT.c.matter == VALUE.c.matter,
            FACT.c.episode == VALUE.c.episode,
            FACT.c.kind.not_in(NOT_OVER),
            FACT.c.occurred < self.end,
            known(FACT, self.positions),
        )


def _extended() -> ColumnElement[bool]:
    other = VALUE.alias()
    return exists().where(
        other.c.tenant == VALUE.c.tenant,
        other.c.dimension == Dimension.EXTENSION.value,
        other.c.matter == VALUE.c.matter,
        other.c.episode == VALUE.c.episode,
    )
