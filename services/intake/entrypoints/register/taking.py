"""Records the rows of a register: many at once, so that they share commits, and each for itself, so that one stops no other."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.intake.domain.opinion.commands import RecordRegisterRow
from services.intake.domain.opinion.register_refusals import NoSuchRow
from services.intake.entrypoints.register.rows import Rejection, Row, Sorted
from shared.contracts.refusals import Forbidden, Refused, Unknown
from shared.desk import Asked, Desk, name_of
from shared.permit import Subject

COMMAND: Final = name_of(RecordRegisterRow)
AT_ONCE: Final = 128  # rows that wait for commits together
BATCH: Final = 512  # rows between two steps of the bar
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
# What refuses every row alike ends the import.
_NOT_THE_ROWS: Final = (Forbidden, Unknown)
_FIELDS_OF_ALL: Final = frozenset({"office", "unit"})

Became = str | Rejection
Take = Callable[[Sequence[Row]], Awaitable[Sequence[Became]]]


@dataclass(slots=True, kw_only=True)
class Taken:
    """What became of a register: by line what a row did, or why it was rejected."""

    became: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, Rejection] = field(default_factory=dict)

    def counts(self) -> Mapping[str, int]:
        """How many rows there were, and what became of them."""
        done = list(self.became.values())
        told = {state: done.count(state) for state in (NEW, CHANGED, UNCHANGED)}
        return {"rows": len(done) + len(self.rejected), **told, "rejected": len(self.rejected)}

    def refusals(self) -> list[dict[str, Any]]:
        """The rejected lines with column, code and reason, in their order."""
        return [
            {"line": line, "column": why.column, "code": why.code, "reason": why.vi, "advice": why.en, "rule": list(why.rule)}
            for line, why in sorted(self.rejected.items())
        ]


async def take_all(
    found: Sorted, take: Take, *, rehearsed: bool = False, advance: Callable[[int], None] = lambda _rows: None
) -> Taken:
    """Hand every row to `take`, those that are merged into others after these; `advance` hears how many are behind us.

    Begun again after it was broken off, it goes on: what was recorded before reads as before.
    """
    taken = Taken(rejected=dict(found.rejected))
    advance(len(found.rejected))
    standing = {row.key for row in found.rows if row.into is None}
    for rows in ([row for row in found.rows if row.into is None], [row for row in found.rows if row.into is not None]):
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            for row, became in zip(batch, await take(batch), strict=True):
                if isinstance(became, Rejection) and rehearsed and _comes_with(row, became, standing):
                    taken.became[row.line] = NEW
                elif isinstance(became, Rejection):
                    taken.rejected[row.line] = became
                    standing.discard(row.key)
                else:
                    taken.became[row.line] = became
            advance(len(batch))
    return taken


def _comes_with(row: Row, why: Rejection, standing: set[tuple[str, int]]) -> bool:
    """Whether a rehearsed row misses only what the same file would have brought before it."""
    if why.code != NoSuchRow.code or row.into is None:
        return False
    number, year = row.into
    years = {each for named, each in standing if named == number}
    return (year in years) if year is not None else row.key[1] in years or len(years) == 1


def taking(desk: Desk, subject: Subject, run: str, *, rehearsed: bool = False) -> Take:
    """Takes rows at the desk of this process, in the name of `subject`; `run` makes the commands of this import its own.

    What a row did before is seen in its stream, not by its command: a row may be put back to what it once said.

    Raises (from the function):
        Refused: what would refuse every row alike.

    """
    free = asyncio.Semaphore(AT_ONCE)

    async def one(row: Row) -> Became:
        asked = Asked(command=COMMAND, body=row.body, subject=subject, command_id=f"register-{run}-{row.line}")
        try:
            async with free:
                done = await (desk.rehearse if rehearsed else desk.handle)(asked)
        except Refused as refused:
            if isinstance(refused, _NOT_THE_ROWS) or refused.field in _FIELDS_OF_ALL:
                raise
            return Rejection.of(refused)
        return NEW if done.begins else CHANGED if done.changes else UNCHANGED

    async def in_turn(rows: Sequence[Row], into: dict[int, Became]) -> None:
        # Those that one row takes in write to its stream, one after the other.
        for row in rows:
            into[row.line] = await one(row)

    async def take(rows: Sequence[Row]) -> Sequence[Became]:
        turns: dict[Any, list[Row]] = {}
        for row in rows:
            turns.setdefault(("into", row.into[0]) if row.into else row.line, []).append(row)
        became: dict[int, Became] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for turn in turns.values():
                    group.create_task(in_turn(turn, became))
        except BaseExceptionGroup as several:
            # What stops one row stops them all alike, so the first tells of the others.
            raise several.exceptions[0] from None
        return [became[row.line] for row in rows]

    return take
