"""What a path or query of the assignment service may hold; anything else is a problem with the field named."""

from typing import Annotated, Final

from fastapi import Path, Query

from services.assignment.readmodel.cases.lists import MAX_PAGE
from shared.cursors import MAX_CURSOR

LONGEST_WAIT_SECONDS: Final = 25
MAX_POSITION: Final = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=MAX_CURSOR)]
Beyond = Annotated[int, Query(ge=0, le=MAX_POSITION)]
Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS)]
AsOf = Annotated[str | None, Query(max_length=100)]
Id = Annotated[str, Path(max_length=100)]
DraftNumber = Annotated[int, Path(ge=1, le=10_000)]
Commands = tuple[tuple[str, type, int], ...]  # path, command, status of success
