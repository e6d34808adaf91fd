"""Lists by pages, those of the highest sort key first: the most on one page, and where the next goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_

from shared import cursors
from shared.contracts.refusals import Invalid

MAX_PAGE: Final = 200
S = TypeVar("S", int, str)
T = TypeVar("T")
LONGEST_KEY: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some of a list, and the cursor of the next page, if there is one."""

    items: tuple[T, ...]
    cursor: str | None


def beyond(cursor: str, kind: type[S], sorted_by: ColumnElement[Any], name: ColumnElement[Any]) -> ColumnElement[bool]:
    """What comes after the cursor's place in the order (`sorted_by` descending, `name` ascending).

    Raises:
        Invalid: the cursor was not made by `paged`.

    """
    key, last = _place(cursor, kind)
    return or_(sorted_by < key, and_(sorted_by == key, name > last))


def paged(
    rows: Sequence[Mapping[Any, Any]], limit: int, sorted_by: str, name: str, view: Callable[[Mapping[Any, Any]], T]
) -> Page[T]:
    """A page of `rows`, as shown by `view`; there is a next one where they are one more than it takes."""
    cursor = cursors.encoded(rows[limit - 1][sorted_by], rows[limit - 1][name]) if len(rows) > limit else None
    return Page(items=tuple(view(row) for row in rows[:limit]), cursor=cursor)


def _place(cursor: str, kind: type[S]) -> tuple[S, str]:
    try:
        key, last = cursors.decoded(cursor)
    except ValueError:
        raise Invalid("cursor") from None
    if type(key) is not kind or not isinstance(last, str) or not last.isprintable():
        raise Invalid("cursor")
    # Or the database would choke on it.
    fits = abs(key) < 2**63 if isinstance(key, int) else key.isprintable() and len(key) <= LONGEST_KEY
    if not fits:
        raise Invalid("cursor")
    return key, last
