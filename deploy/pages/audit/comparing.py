"""The page of two instants: which streams changed between them, and which figures of an office."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from deploy.house import House
from deploy.pages.audit.access import Auditing
from deploy.pages.audit.instants import LONGEST
from deploy.pages.audit.logs import MOST_LOOKED, Logs, Stood
from deploy.pages.audit.replay import read, told
from shared.contracts.refusals import Refused
from shared.eventlog.port import LogUnavailable
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.typed import DayUnclear, day_of

PATH: Final = "/audit/compare"
MOST_STREAMS: Final = 200
REPORTING: Final = "reporting"


class Wanted(BaseModel):
    """Two instants, and, where figures are to be compared, an office and the window they are counted in; all as typed."""

    earlier: str = Field("", max_length=LONGEST)
    later: str = Field("", max_length=LONGEST)
    office: str = Field("", max_length=32)
    first: str = Field("", max_length=30)
    last: str = Field("", max_length=30)


@dataclass(slots=True)
class Moved:
    """What was added to a stream: how many events, its versions before and after, the position and type of the last."""

    events: int
    before: int
    after: int
    position: int
    type: str


@dataclass(slots=True)
class Between:
    """What was added to a log beyond `after` up to `last`; `cut`: only so far was looked at."""

    service: str
    after: int
    last: int
    streams: dict[str, Moved] = field(default_factory=dict)
    types: Counter[str] = field(default_factory=Counter)
    cut: int | None = None

    @property
    def latest(self) -> list[tuple[str, Moved]]:
        """The streams that changed, the latest change first, at most so many as a page shows."""
        return sorted(self.streams.items(), key=lambda each: each[1].position, reverse=True)[:MOST_STREAMS]


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that was another one at the later instant."""

    table: str
    row: str
    heading: str
    before: int | None
    after: int


def routes(router: APIRouter, pages: Pages, logs: Logs, house: House) -> None:
    @router.get(PATH)
    async def compare(request: Request, session: Auditing, wanted: Annotated[Wanted, Query()]) -> Response:
        """What was added between two instants; the later one is now where none is typed."""
        earlier, wrong = read(request, "earlier", wanted.earlier, logs)
        later, wrong_later = read(request, "later", wanted.later, logs)
        refused = wrong or wrong_later
        between: list[Between] = []
        figures: list[Changed] | None = None
        if earlier is not None and refused is None:
            stood = await logs.positions(earlier.at), await logs.positions(later.at if later else None)
            between = [await _between(logs, service, *(each[service] for each in stood)) for service in stood[0]]
            try:
                figures = await _figures(house, session.subject, wanted, logs.clock.now().date(), *stood)
            except Refused as error:
                refused = told(request, error)
        return pages.show(
            request,
            "audit/compare.html",
            status=refused["status"] if refused else 200,
            session=session,
            wanted=wanted,
            earlier=earlier,
            later=later,
            backwards=earlier is not None and later is not None and later.at < earlier.at,
            now=logs.clock.now(),
            refused=refused,
            between=between,
            figures=figures,
            counts=REPORTING in house.services,
            most=MOST_STREAMS,
        )


async def _between(logs: Logs, service: str, earlier: Stood, later: Stood) -> Between:
    found = Between(service, earlier.position or 0, later.position or 0)
    if earlier.position is None or later.position is None:
        return found
    last = min(found.last, found.after + MOST_LOOKED)
    found.cut = last if last < found.last else None
    try:
        async for record in logs.between(service, found.after, last):
            moved = found.streams.setdefault(record.stream, Moved(0, record.version - 1, 0, 0, ""))
            moved.events += 1
            moved.after, moved.position, moved.type = record.version, record.position, record.type
            found.types[record.type] += 1
    except LogUnavailable:
        found.cut = found.after + found.types.total()
    return found


async def _figures(
    house: House, subject: Subject, wanted: Wanted, today: date, earlier: Mapping[str, Stood], later: Mapping[str, Stood]
) -> list[Changed] | None:
    """The figures of an office in a window that differ; None where none were asked for.

    Raises:
        DayUnclear, Unknown, WindowBackwards

    """
    if not wanted.office or REPORTING not in house.services:
        return None
    first, last = _day("first", wanted.first, today), _day("last", wanted.last, today)
    ask = house.services[REPORTING].queries.figures.tables
    vectors = [{name: each.position or 0 for name, each in stood.items()} for stood in (earlier, later)]
    before, after = [await ask(subject, office=wanted.office, first=first, last=last, as_of=vector) for vector in vectors]
    return [changed for table in after for changed in _differing(before[table], after[table])]


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Changed]:
    former = dict(_rows(before))
    for key, row in _rows(after):
        for column in after["columns"]:
            name = column["key"]
            was, now = former.get(key, {}).get(name), row.get(name)
            if isinstance(now, int) and was != now:  # rates follow from these
                yield Changed(after["title"], str(row.get("label", "")), column["heading"], was, now)


def _rows(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row in table["rows"]:
        yield str(row["key"]), row
    if isinstance(table.get("total"), dict):
        yield "total", {"label": "Tổng số", **table["total"]}


def _day(name: str, typed: str, today: date) -> date:
    try:
        day = day_of(typed, today)
    except ValueError:
        day = None
    if day is None:
        raise DayUnclear(name)
    return day
