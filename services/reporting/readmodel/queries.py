"""Answers what the figures of an office are, for a window, by a breakdown, as known at a position."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import Select, and_, case, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain.figures.columns import NOTHING, Counted, count
from services.reporting.domain.figures.episodes import (
    JUDGED,
    UNJUDGED,
    Episode,
    Happened,
    Milestone,
    Valued,
    episodes_of,
    inherited,
    latest,
)
from services.reporting.domain.figures.window import Window, window
from services.reporting.readmodel.access import READ_FIGURES, office_resource
from services.reporting.readmodel.asof import AsOf, Vector, known, resolve
from services.reporting.readmodel.breakdown import By, shown
from services.reporting.readmodel.projections import Dimension
from services.reporting.readmodel.tables import FACT, OFFICE, VALUE
from shared.contracts.refusals import Forbidden, Unknown
from shared.database import Database
from shared.directory.queries import Directories
from shared.permit import Subject, permit

RANK: Final = case((VALUE.c.source == "intake", 1), else_=2)  # an opinion is classified before its case is given to a unit
DIMENSIONS: Final[Mapping[By, tuple[Dimension, ...]]] = {
    By.TOTAL: (),
    By.FIELD: (Dimension.FIELD,),
    By.UNIT: (Dimension.LEAD, Dimension.CLASSIFIER),
    By.LOCALITY: (Dimension.LOCALITY,),
    By.SOURCE: (Dimension.SOURCE,),
}
Values = Mapping[Dimension, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Read:
    """The rows that the counting needs."""

    milestones: Sequence[Happened]
    values: Mapping[Dimension, Sequence[Valued]]


class Queries:
    """What can be asked of reporting, by one tenant's people."""

    def __init__(self, database: Database, directories: Directories, tenant: str) -> None:
        self._database, self._directories, self._tenant = database, directories, tenant

    async def figures(
        self,
        subject: Subject,
        *,
        office: str,
        first: date,
        last: date,
        by: By = By.TOTAL,
        as_of: AsOf = None,
    ) -> dict[str, Any]:
        """Biểu 02's columns for `office` from `first` to `last`, both counted, as JSON values.

        `{office, from, to, by, as_of, rows: [{key, label, A, A1, ..., T3}], total}`: A1 is A′, rates are per cent as
        strings or None, `as_of` is the position vector the answer holds for. Where identities do not hold, `broken`
        says in which row and names the episodes that are told two ways.

        Raises:
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        self._permit(subject, office)
        asked = window(first, last)
        directory = await self._directories.at(last)
        if directory.office(office) is None:
            raise Unknown("office")
        async with self._database.read() as connection:
            positions = await resolve(connection, self._tenant, as_of)
            read = await self._read(connection, office, asked, by, positions)
        counted = await asyncio.to_thread(counted_by, read, asked, by)  # a second's work at 100,000 episodes
        return {
            "office": office,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "by": by.value,
            "as_of": positions,
            **shown(counted, by, directory),
        }

    def _permit(self, subject: Subject, office: str) -> None:
        decision = permit(subject, READ_FIGURES, office_resource(self._tenant, office))
        if not decision.allowed:
            if subject.tenant == self._tenant and subject.office == office:
                raise Forbidden(rule=decision.rule)
            raise Unknown("office")

    async def _read(self, connection: AsyncConnection, office: str, asked: Window, by: By, positions: Vector) -> Read:
        happened = await connection.execute(self._milestones(office, asked.end, positions))
        milestones = happened.all()
        values = {}
        for dimension in (*DIMENSIONS[by], Dimension.DUE, Dimension.PARENT):
            valued = await connection.execute(self._values(office, dimension, asked.end, positions))
            values[dimension] = valued.all()
        return Read(cast(Sequence[Happened], milestones), cast(Mapping[Dimension, Sequence[Valued]], values))

    def _milestones(self, office: str, end: int, positions: Vector) -> Select[Any]:
        """Every milestone of the office's matters before `end`, in the shape of `Happened`."""
        return (
            select(FACT.c.episode, FACT.c.kind, FACT.c.occurred, FACT.c.since, FACT.c.due, FACT.c.previous, FACT.c.unit)
            .select_from(OFFICE)
            .join(FACT, and_(FACT.c.tenant == OFFICE.c.tenant, FACT.c.matter == OFFICE.c.matter))
            .where(OFFICE.c.tenant == self._tenant, OFFICE.c.office == office)
            .where(FACT.c.occurred < end, known(FACT, positions))
        )

    def _values(self, office: str, dimension: Dimension, end: int, positions: Vector) -> Select[Any]:
        """Every value of a dimension before `end`, in the shape of `Valued`.

        Due days only of what is not over: where most of it is, they are the bulk of the rows.
        """
        query = (
            select(VALUE.c.episode, VALUE.c.occurred, RANK, VALUE.c.position, VALUE.c.value)
            .select_from(OFFICE)
            .join(VALUE, and_(VALUE.c.tenant == OFFICE.c.tenant, VALUE.c.matter == OFFICE.c.matter))
            .where(OFFICE.c.tenant == self._tenant, OFFICE.c.office == office, VALUE.c.dimension == dimension.value)
            .where(VALUE.c.occurred < end, known(VALUE, positions))
        )
        if dimension is not Dimension.DUE:
            return query
        over = exists().where(
            FACT.c.tenant == VALUE.c.tenant,
            FACT.c.matter == VALUE.c.matter,
            FACT.c.episode == VALUE.c.episode,
            FACT.c.kind.not_in((Milestone.RECEIVED.value, Milestone.REOPENED.value, Milestone.SPLIT.value)),
            FACT.c.occurred < end,
            known(FACT, positions),
        )
        return query.where(~over)


def counted_by(read: Read, asked: Window, by: By) -> Counted:
    """Count what was read, by the breakdown asked for."""
    episodes = episodes_of(read.milestones)
    values = {dimension: latest(valued) for dimension, valued in read.values.items()}
    return count(episodes.values(), asked, key=_key(episodes, values, by), due=_due(values))


def _key(episodes: Mapping[str, Episode], values: Values, by: By) -> Callable[[Episode], str]:
    """Which row an episode stands in, by its values at the cut-off."""
    if by is By.TOTAL:
        return lambda _episode: By.TOTAL.value
    of_dimension = values[DIMENSIONS[by][0]]

    def valued(episode: Episode) -> str:
        return inherited(episode, episodes, of_dimension) or NOTHING

    if by is not By.UNIT:
        return valued
    classifiers = values[Dimension.CLASSIFIER]

    def unit(episode: Episode) -> str:
        lead = valued(episode)
        if lead != NOTHING or not episode.endings or any(ending.kind in UNJUDGED for ending in episode.endings):
            return lead
        judge = next((ending.unit for ending in episode.endings if ending.kind in JUDGED), None)
        return classifiers.get(episode.id) or judge or NOTHING

    return unit


def _due(values: Values) -> Callable[[Episode], str | None]:
    """The due day in force: the episode's own, or until it has one that of the opinion it was split from."""
    dues, parents = values[Dimension.DUE], values[Dimension.PARENT]

    def due(episode: Episode) -> str | None:
        return dues.get(episode.id) or dues.get(parents.get(episode.id) or "")

    return due
