"""What a path or query of the intake service may hold; anything else is a problem with the field named."""

from typing import Annotated, Final, TypedDict

from fastapi import Depends, Path, Query

from services.intake.readmodel.paging import MAX_PAGE
from shared.cursors import MAX_CURSOR
from shared.web.api import Asker

MAX_POSITION: Final = 2**63 - 1
_TEXT: Final = r"^[^\x00-\x1f\x7f]*$"  # no database takes a NUL

Commands = tuple[tuple[str, type, int], ...]  # path, command, status of success
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=MAX_CURSOR)]
Number = Annotated[int, Query(ge=0, le=MAX_POSITION)]
AsOf = Annotated[str | None, Query(max_length=100)]
Id = Annotated[str, Path(max_length=100, pattern=_TEXT)]
FieldAsked = Annotated[str | None, Query(max_length=40, pattern=_TEXT)]
UnitAsked = Annotated[str | None, Query(max_length=32, pattern=_TEXT)]
StreamAsked = Annotated[str | None, Query(max_length=100, pattern=_TEXT)]


class _Listed(TypedDict):
    office: str
    unit: str | None
    cursor: str | None
    limit: int


def _listed(
    subject: Asker, office: UnitAsked = None, unit: UnitAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> _Listed:
    return _Listed(office=office or subject.office, unit=unit, cursor=cursor, limit=limit)


# A page of what the asker's office has, or `office`, or of it what is of one unit.
Listed = Annotated[_Listed, Depends(_listed)]
