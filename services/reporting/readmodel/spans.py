"""From when to when a matter can be counted: what narrows a question down before the rules of `domain/figures` are asked.

A span says when a matter began, when anything of it happened last, and since when and up to which positions it is surely
over. It never decides what is counted: whatever it leaves out is in no column by the rules themselves, which tests hold.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select

from services.reporting.domain.figures.episodes import BEGINNINGS, JUDGED, Milestone
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel.asof import Vector
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.places import Dimension, Place, matter_of
from services.reporting.readmodel.tables import FACT, SPAN, VALUE

# What an episode has, as JSON: the first ending that nothing undoes, the first merge, and whether a merge was undone.
_FINAL, _MERGED, _UNDONE = 0, 1, 2
_RANKS: Final[Mapping[str, int]] = {"intake": 1, "assignment": 2}
Ended = list[int]  # when, by which log, at which position


async def follow(place: Place) -> None:
    """Widen the spans of the matters of an event; in whatever order the events of both logs come, they end up the same."""
    for matter in {matter_of(episode) for episode, _, _ in place.told} | place.offices.keys():
        key = {"tenant": place.tenant, "matter": matter}
        span = await place.rows.get(SPAN, key) or {"office": None, "begun": None, "last": place.occurred, "episodes": "{}"}
        told = [each for each in place.told if matter_of(each[0]) == matter]
        office = {"office": place.offices.get(matter, span["office"])}
        at = (place.occurred, _RANKS[place.source], place.position)
        place.rows.put(SPAN, {**key, **office, **_widened(span, told, at)})


def _widened(
    span: Mapping[str, Any], told: Iterable[tuple[str, Milestone, int | None]], at: tuple[int, int, int]
) -> dict[str, Any]:
    episodes: dict[str, list[Any]] = orjson.loads(span["episodes"])
    begun, last, occurred = span["begun"], max(span["last"], at[0]), at[0]
    for episode, kind, since in told:
        one = episodes.setdefault(episode, [None, None, False])
        if kind in BEGINNINGS:
            counted_from = occurred if since is None else since
            begun, last = counted_from if begun is None else min(begun, counted_from), max(last, counted_from)
        elif kind == Milestone.UNMERGED:
            one[_UNDONE] = True
        else:
            which = _MERGED if kind == Milestone.MERGED else _FINAL
            one[which] = min(one[which] or list(at), list(at))
    return {
        "begun": begun,
        "last": last,
        **_over([_surely(one) for one in episodes.values()]),
        "episodes": orjson.dumps(episodes, option=orjson.OPT_SORT_KEYS).decode(),
    }


def _surely(one: list[Any]) -> Ended | None:
    """By what an episode is over, whatever else comes of it."""
    ends = [one[_FINAL], None if one[_UNDONE] else one[_MERGED]]
    return min((end for end in ends if end is not None), default=None)


def _over(ends: list[Ended | None]) -> dict[str, int | None]:
    known = [end for end in ends if end is not None]
    reached = {source: max((end[2] for end in known if end[1] == rank), default=0) for source, rank in _RANKS.items()}
    whole = len(known) == len(ends) and known
    return {"over": max(end[0] for end in known) if whole else None, **{f"over_{source}": at for source, at in reached.items()}}


def of_office(tenant: str, office: str) -> ColumnElement[bool]:
    """Whose matters they are."""
    return and_(SPAN.c.tenant == tenant, SPAN.c.office == office)


def maybe_open(at: int, *known: Vector) -> ColumnElement[bool]:
    """Matters of which an episode may be open just before `at`, by what is known at any of these positions."""
    return and_(SPAN.c.begun < at, _not_over(at, known))


def maybe_counted(window: Window, *known: Vector) -> ColumnElement[bool]:
    """Matters that a column of `window` may count: not over before it, or something happened in it or later.

    An ending whose beginning nobody knows is among them: it is to be told as broken.
    """
    return or_(_not_over(window.begin, known), SPAN.c.last >= window.begin)


def ended_in(window: Window, kinds: Iterable[str]) -> ColumnElement[bool]:
    """Matters with a milestone of one of these `kinds` in the window."""
    return _fact(FACT.c.kind.in_([str(kind) for kind in kinds]), *_between(FACT.c.occurred, window))


def begun_in(window: Window, kind: Milestone) -> ColumnElement[bool]:
    """Matters with an episode that counts from an instant of the window on."""
    return _fact(FACT.c.kind == kind.value, *_between(func.coalesce(FACT.c.since, FACT.c.occurred), window))


def ever_valued(by: By, dimensions: Iterable[Dimension], key: str) -> ColumnElement[bool]:
    """Matters that stood under `key` in a breakdown once, whenever it was known: the row is that of the last value."""
    valued = _asked_one_by_one(
        VALUE.c.tenant == SPAN.c.tenant,
        VALUE.c.matter == SPAN.c.matter,
        VALUE.c.dimension.in_([dimension.value for dimension in dimensions]),
        VALUE.c.value == key,
    )
    return or_(valued, _fact(FACT.c.unit == key, FACT.c.kind.in_([k.value for k in JUDGED])) if by is By.UNIT else false())


def _not_over(at: int, known: Iterable[Vector]) -> ColumnElement[bool]:
    late = (SPAN.c[f"over_{source}"] > position for vector in known for source, position in vector.items() if source in _RANKS)
    return or_(SPAN.c.over.is_(None), SPAN.c.over >= at, *late)


def _fact(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return _asked_one_by_one(FACT.c.tenant == SPAN.c.tenant, FACT.c.matter == SPAN.c.matter, *conditions)


def _asked_one_by_one(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a row, asked of each matter as it comes: an offset keeps PostgreSQL from joining them all first."""
    return exists(select(literal(1)).where(*conditions).correlate(SPAN).offset(0))


def _between(column: ColumnElement[Any], window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= window.begin, column < window.end
