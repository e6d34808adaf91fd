"""Turns what intake and assignment record into milestones and values, each row by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from services.reporting.domain.figures.episodes import Milestone
from services.reporting.readmodel.tables import FACT, MARK, METADATA, MILESTONE, OFFICE, VALUE
from shared.clock import micros
from shared.contracts import case, opinion
from shared.contracts.case import Resolution
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

SOURCES: Final = ("intake", "assignment")
EVENTS: Final = frozenset(
    {
        "opinion.received",
        "opinion.split_off",
        "opinion.classified",
        "opinion.rejected",
        "opinion.forwarded",
        "opinion.diverted",
        "opinion.withdrawn",
        "opinion.merged",
        "opinion.split",
        "case.assigned",
        "case.handed_back",
        "case.resolved",
        "case.reopened",
    }
)
ENDINGS: Final[Mapping[type, Milestone]] = {
    opinion.OpinionRejected: Milestone.REJECTED,
    opinion.OpinionForwarded: Milestone.FORWARDED,
    opinion.OpinionDiverted: Milestone.DIVERTED,
    opinion.OpinionWithdrawn: Milestone.WITHDRAWN,
    opinion.OpinionMerged: Milestone.MERGED,
    opinion.OpinionSplit: Milestone.SPLIT,
}


class Dimension(StrEnum):
    """What an episode has a value of, changing with time."""

    FIELD = "field"
    LEAD = "lead"
    CLASSIFIER = "classifier"  # the unit that classified it
    LOCALITY = "locality"
    SOURCE = "source"
    DUE = "due"
    PARENT = "parent"  # the episode it was split from


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an event stands, and the rows it becomes."""

    rows: Rows
    tenant: str
    source: str
    position: int
    recorded: int
    occurred: int

    def office(self, office: str, episode: str, unit: str) -> None:
        matter = matter_of(episode)
        self.rows.put(OFFICE, {"tenant": self.tenant, "office": office, "matter": matter, "received_by": unit})

    def milestone(self, kind: Milestone, episode: str, **columns: Any) -> None:
        none = {"since": None, "due": None, "previous": None, "unit": None}
        self.rows.put(FACT, {**self._at(episode), "kind": kind.value, **none, **columns})

    def values(self, episode: str, values: Mapping[Dimension, str | None]) -> None:
        for dimension, value in values.items():
            self.rows.put(VALUE, {**self._at(episode), "dimension": dimension.value, "value": value})

    def _at(self, episode: str) -> dict[str, Any]:
        return {
            "tenant": self.tenant,
            "matter": matter_of(episode),
            "episode": episode,
            "source": self.source,
            "position": self.position,
            "recorded_at": self.recorded,
            "occurred": self.occurred,
        }


def matter_of(episode: str) -> str:
    """What all episodes of one opinion share: `X` of `X/2`."""
    return episode.rpartition("/")[0]


def first_episode(stream: str) -> str:
    """The first episode of an opinion: `X/1` of `opinion-X`."""
    return f"{stream.partition('-')[2]}/1"


def sequence_keys(recorded: Recorded) -> Iterable[str]:
    """An opinion and its case are one sequence, and the children of a split belong to their parent's."""
    keys = [recorded.stream.partition("-")[2]]
    if isinstance(recorded.event, opinion.OpinionSplit):
        keys += [child.partition("-")[2] for child in recorded.event.children]
    return keys


async def apply(recorded: Recorded, rows: Rows) -> None:
    """Write the rows of one event."""
    record = recorded.record
    place = _Place(rows, record.tenant, record.service, record.position, record.recorded, record.occurred)
    rows.put(MARK, {"tenant": record.tenant, "source": record.service, "position": record.position})
    match recorded.event:
        case opinion.OpinionReceived() | opinion.OpinionSplitOff() as event:
            _begun(place, event)
        case opinion.OpinionClassified() as event:
            classifier = str(recorded.metadata.get("unit") or "") or None
            values = {Dimension.FIELD: event.field, Dimension.DUE: event.due.day.isoformat(), Dimension.CLASSIFIER: classifier}
            place.values(first_episode(recorded.stream), values)
        case event if type(event) in ENDINGS:
            unit = str(recorded.metadata.get("unit") or "") or None
            place.milestone(ENDINGS[type(event)], event.episode, unit=unit)
            for child in event.children if isinstance(event, opinion.OpinionSplit) else ():
                place.values(first_episode(child), {Dimension.PARENT: event.episode})
        case event:
            _in_case(place, event)


def _begun(place: _Place, event: opinion.OpinionReceived | opinion.OpinionSplitOff) -> None:
    place.office(event.office, event.episode, event.unit)
    since = micros(event.received_at) if isinstance(event, opinion.OpinionSplitOff) else None
    place.milestone(Milestone.RECEIVED, event.episode, since=since)
    place.values(event.episode, {Dimension.LOCALITY: event.locality, Dimension.SOURCE: event.source_group.value})


def _in_case(place: _Place, event: Any) -> None:
    # `case.opened` says nothing that intake's classification has not said.
    match event:
        case case.CaseAssigned():
            place.values(event.episode, {Dimension.LEAD: event.lead, Dimension.DUE: event.due.day.isoformat()})
        case case.CaseHandedBack():
            place.values(event.episode, {Dimension.LEAD: None})
        case case.CaseResolved():
            on_the_spot = event.how is Resolution.ON_THE_SPOT  # always in time, whatever the due day
            place.milestone(Milestone.RESOLVED, event.episode, due=None if on_the_spot else event.due.day.isoformat())
        case case.CaseReopened():
            place.milestone(Milestone.REOPENED, event.episode, previous=event.previous)
            place.values(
                event.episode,
                {Dimension.FIELD: event.field, Dimension.LEAD: event.lead, Dimension.DUE: event.due.day.isoformat()},
            )


MILESTONES: Final = Projection(
    name=MILESTONE,
    version=1,
    sources=SOURCES,
    tables=METADATA,
    events=EVENTS,
    apply=apply,
    keys=sequence_keys,
)
