"""Which opinions intake still has a due date for, and by which calendar it was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Index, MetaData, Table, Text, or_, select

from shared.contracts.opinion import (
    OpinionClassified,
    OpinionDueSet,
    OpinionReceived,
    OpinionSplitOff,
)
from shared.contracts.opinion_register import OpinionRegistered
from shared.database import Database
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

MOST: Final = 200
DUES: Final = MetaData()

dues_opinion: Final = Table(
    "dues_opinion",
    DUES,
    Column("tenant", Text, primary_key=True),
    Column("opinion", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("calendar", Text),  # none: not classified, or its clock stands still
    Index("dues_opinion_by_calendar", "tenant", "calendar"),
)


async def project_due(recorded: Recorded, rows: Rows) -> None:
    """One fact into what is due: what ended or was referred is no longer intake's."""
    event = recorded.event
    key = {"tenant": recorded.record.tenant, "opinion": recorded.stream}
    match event:
        case OpinionReceived() | OpinionSplitOff() | OpinionRegistered():
            rows.put(dues_opinion, {**key, "office": event.office, "calendar": None})
        case OpinionClassified(due=due) | OpinionDueSet(due=due):
            rows.patch(dues_opinion, key, {"calendar": due.calendar})
        case _:
            rows.patch(dues_opinion, key, {"calendar": None})


DUES_PROJECTION: Final = Projection(
    name="opinion_dues",
    version=1,
    sources=("intake",),
    tables=DUES,
    events=frozenset(
        {
            "opinion.received",
            "opinion.registered",
            "opinion.split_off",
            "opinion.classified",
            "opinion.due_set",
            "opinion.completion_requested",
            "opinion.referred",
            "opinion.rejected",
            "opinion.forwarded",
            "opinion.diverted",
            "opinion.merged",
            "opinion.split",
            "opinion.withdrawn",
        }
    ),
    apply=project_due,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """What the house's own job asks; nobody else does."""

    database: Database
    tenant: str

    async def outdated(self, calendar: str) -> Sequence[tuple[str, str]]:
        """Opinions with their offices whose due date was counted by another calendar than the one of this version."""
        c = dues_opinion.c
        asked = (
            select(c.opinion, c.office)
            .where(c.tenant == self.tenant, or_(c.calendar < calendar, c.calendar > calendar))
            .order_by(c.opinion)
            .limit(MOST)
        )
        async with self.database.read() as connection:
            rows: list[Any] = list((await connection.execute(asked)).all())
        return [(row.opinion, row.office) for row in rows]
