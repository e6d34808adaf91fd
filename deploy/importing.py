"""What `import` does with a sheet: each row is handed in by itself, once, and what became of all of them is recorded."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from deploy.performing import Halted, LineRefused, Outcome, Performer
from deploy.script import Line, body_of
from deploy.sheet import COLUMNS, COMMAND, Row, Sheet, Unfit
from shared.contracts.roles import Role

RECORD: Final = "record_batch"
NOT_THE_ROWS: Final = frozenset({"office", "unit"})
NOT_THE_ROWS_CODES: Final = frozenset({"unknown", "forbidden"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """In whose name the rows are handed in, and for which office."""

    office: str
    unit: str
    actor: str
    capacity: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A row that is an opinion now. `known`: it had been handed in before, by this unit under the same id."""

    row: int
    opinion: str
    receipt: str | None  # to be given to the speaker
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that is none."""

    row: int
    code: str
    field: str | None
    advice: str
    rule: Sequence[str] = ()  # empty: the row was refused for its form


@dataclass(slots=True, kw_only=True)
class Imported:
    """How an import went. `before`: the same file of this unit had been imported, and nothing was done now."""

    batch: str | None = None
    before: bool = False
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def refusals(sheet: Sheet) -> list[Refusal]:
    """The rows that can be seen to be unfit without asking anybody."""
    return [_unfit(row.number, row.unfit) for row in sheet.rows if row.unfit is not None]


async def hand_in(
    sheet: Sheet, house: Performer, clerk: Clerk, *, source: str, advance: Callable[[], None] = lambda: None
) -> Imported:
    """Hand in every row, then record the batch; broken off and begun again, it goes on, and ended it changes nothing.

    Raises:
        LineRefused: by a rule that has nothing to do with a row, such as an office that is none; nothing of it is recorded.
        Halted: before anything was done.

    """
    if halted := await house.halted():
        raise Halted(halted)
    known = await house.known()
    record = _id("batch", clerk.unit, sheet.digest)
    if await house.performed([record]):
        return Imported(before=True)
    # Whoever goes on with it is somebody else perhaps: his rows are commands of his own, and meet their first copies.
    ids = {row.number: _id("row", clerk.unit, clerk.actor, sheet.digest, str(row.number)) for row in sheet.rows}
    done: list[tuple[Row, Outcome]] = []
    imported = Imported(refused=refusals(sheet))
    for row in sheet.rows:
        if row.unfit is None:
            line = _line(row.number, COMMAND, row.data, clerk, ids[row.number], row)
            try:
                done.append((row, await house.ask(line, body_of(line, known[COMMAND], row.data))))
            except LineRefused as refused:
                imported.refused.append(_refused(row.number, refused))
        advance()
    imported.refused.sort(key=lambda each: each.row)
    performed = await house.performed([ids[row.number] for row, _ in done])
    imported.taken = [_taken(row, outcome, known=ids[row.number] not in performed) for row, outcome in done]
    data = _batch(sheet, imported, clerk, source)
    line = _line(0, RECORD, data, clerk, record)
    imported.batch = (await house.ask(line, body_of(line, known[RECORD], data))).stream
    await house.drain()
    return imported


def _batch(sheet: Sheet, imported: Imported, clerk: Clerk, source: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [{"row": each.row, "opinion": each.opinion} for each in imported.taken]
    rows += [{"row": each.row, "code": each.code, "field": each.field} for each in imported.refused]
    return {
        "office": clerk.office,
        "source": source,
        "file": sheet.digest,
        "rows": sorted(rows, key=lambda each: each["row"]),
        "known": sum(each.known for each in imported.taken),
    }


def _id(*parts: str) -> str:
    return f"import-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:40]}"


def _line(number: int, command: str, data: Any, clerk: Clerk, command_id: str, row: Row | None = None) -> Line:
    return Line(
        number=number,
        at=None,
        name=None,
        occurred_at=row.occurred_at if row is not None else None,
        office=clerk.office,
        actor=clerk.actor,
        unit=clerk.unit,
        capacity=clerk.capacity,
        command=command,
        data=data,
        command_id=command_id,
    )


def _taken(row: Row, outcome: Outcome, *, known: bool) -> Taken:
    return Taken(row=row.number, opinion=outcome.stream, receipt=outcome.answer.get("receipt"), known=known)


def _unfit(row: int, unfit: Unfit) -> Refusal:
    return Refusal(row=row, code=unfit.code, field=unfit.field, advice=unfit.advice)


def _refused(row: int, refused: LineRefused) -> Refusal:
    """The refusal of one row; what would refuse every row alike, or is no refusal, ends the import."""
    problem = refused.problem
    named, code = problem.get("field"), str(problem["code"])
    passing = int(problem.get("status", 422)) in (408, 429) or int(problem.get("status", 422)) >= 500
    if passing or named in NOT_THE_ROWS or code in NOT_THE_ROWS_CODES:
        raise refused
    return Refusal(
        row=row,
        code=code,
        field=named if named in COLUMNS else None,
        advice=str(problem["advice"]["en"]),
        rule=problem.get("rule", ()),
    )


def summary(sheet: Sheet, imported: Imported) -> Sequence[tuple[str, Any]]:
    """The counts, in the order in which they are said."""
    known = sum(each.known for each in imported.taken)
    return (
        ("rows", len(sheet.rows)),
        ("taken", len(imported.taken)),
        ("known", known),
        ("refused", len(imported.refused)),
        ("batch", imported.batch),
        ("imported_before", imported.before),
    )
