"""Turns what intake and assignment record into milestones, values and steps, each row by itself."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Table

from services.reporting.readmodel import matters, spans, steps
from services.reporting.readmodel.places import SOURCES, Place, place_of
from services.reporting.readmodel.tables import MARK, METADATA, MILESTONE, SPAN, STREAM
from shared.contracts import case, opinion
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

EVENTS: Final = matters.EVENTS | steps.EVENTS


def sequence_keys(recorded: Recorded) -> Iterable[str]:
    """An opinion and its case are one sequence, and the children of a split belong to their parent's."""
    keys = [recorded.stream.partition("-")[2]]
    if isinstance(recorded.event, opinion.OpinionSplit | case.CaseSplit):
        keys += [child.partition("-")[2] for child in recorded.event.children]
    return keys


def reads(recorded: Recorded) -> Iterable[tuple[Table, Mapping[str, Any]]]:
    """The mark of the log, the spans of the matters that the event is about, the row of a plan's paper."""
    tenant = recorded.record.tenant
    yield MARK, {"tenant": tenant, "source": recorded.record.service}
    if recorded.record.type in matters.EVENTS:
        for matter in sequence_keys(recorded):
            yield SPAN, {"tenant": tenant, "matter": matter}
    elif isinstance(recorded.event, steps.SENT):
        yield STREAM, steps.paper_key(recorded)


async def apply(recorded: Recorded, rows: Rows) -> None:
    """Write the rows of one event."""
    place = place_of(recorded, rows)
    await _reach(place)
    if recorded.record.type in matters.EVENTS:
        matters.apply(recorded, place)
        await spans.follow(place)
    else:
        await steps.apply(recorded, place)


async def _reach(place: Place) -> None:
    """Move the mark of a log on; what was parked and comes later moves it back nowhere."""
    key = {"tenant": place.tenant, "source": place.source}
    mark = await place.rows.get(MARK, key)
    place.rows.put(MARK, {**key, "position": max(place.position, mark["position"] if mark else 0)})


MILESTONES: Final = Projection(
    name=MILESTONE,
    version=7,
    sources=SOURCES,
    tables=METADATA,
    events=EVENTS,
    apply=apply,
    keys=sequence_keys,
    reads=reads,
)
