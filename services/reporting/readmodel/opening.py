"""Opens a cell of the tables that count no opinions: to dialogues, notices, the work on their items, requests, proposals, tasks.

What it answers are the parts that the table is the sum of, so that no second rule decides what is counted.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from services.reporting.domain.figures import beside, conclusions, dialogues
from services.reporting.domain.figures.lineage import Verdict
from services.reporting.domain.figures.parts import Part
from services.reporting.domain.figures.steps import Step, by_stream
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel import headings, steps
from services.reporting.readmodel.forms import Asked, Table, urged
from services.reporting.readmodel.lineage import TOTAL, VERDICTS, Cell
from services.reporting.readmodel.reading import Reading
from shared.clock import instant
from shared.contracts.session import Track
from shared.contracts.task import TaskType

SOURCE: Final = "assignment"  # whose log tells of all of them
CHAIRMAN: Final = Track.CHAIRMAN.value
PROPOSED: Final = ("session.proposed",)
OUTCOME: Final = "session.outcome_recorded"
# The kinds of facts that put a thing into a column.
BY_WHICH: Final[Mapping[Table, Mapping[str, tuple[str, ...]]]] = {
    Table.DIALOGUES: {
        **dict.fromkeys(("0", "0'", "1", "2", "4"), PROPOSED),
        "3": ("session.held",),
        "5": ("session.cancelled",),
        "6": ("session.attendance_recorded",),
        "7": ("session.case_linked", "session.item_raised", "session.item_split"),
        **dict.fromkeys(("8", "9", "10a", "10b", "10c"), (OUTCOME,)),
        "11": ("notice.issued",),
    },
    Table.CONCLUSIONS: {
        "given": ("task.assigned",),
        **dict.fromkeys(("done_in_time", "done_late"), ("task.completed",)),
        **dict.fromkeys(("open_in_time", "open_late"), ("task.assigned", "task.due_set", "task.extension_granted")),
        "dropped": ("task.returned", "task.recalled", "task.cancelled"),
        "urged": ("task.urged",),
        "extended": ("task.extension_granted",),
    },
    Table.REQUESTS: {
        **dict.fromkeys(("received", "waiting"), ("request.opened",)),
        **{column: (f"request.{column}",) for column in ("accepted", "refused", "withdrawn", "met")},
    },
    Table.DISSEMINATION: {
        **dict.fromkeys(("given", "open"), ("task.assigned",)),
        "done": ("task.completed",),
        "reached": ("task.proof_added",),
    },
    Table.URGING: dict.fromkeys(("letters", "answers"), ("task.urged",)),
}
PROPOSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "proposals": ("proposal.opened",),
    "appraised": ("proposal.appraisal_concluded",),
    "agreed": ("proposal.approved",),
    "refused": ("proposal.refused",),
    "deferred": ("proposal.deferred",),
}
HEADINGS: Final[Mapping[Table, Mapping[str, str]]] = {
    Table.DIALOGUES: headings.DIALOGUES,
    Table.CONCLUSIONS: headings.CONCLUSIONS,
    Table.CHAIRMAN: {**headings.PROPOSALS, **headings.DIALOGUES},
    Table.REQUESTS: headings.REQUESTS,
    Table.DISSEMINATION: headings.DISSEMINATION,
    Table.URGING: headings.URGING,
}
Parts = tuple[Sequence[Part], Sequence[Step]]  # what adds to the table, and what happened to it


def opened(cell: Cell, asked: Asked, parts: Sequence[Part], told: Iterable[Step]) -> list[dict[str, Any]]:
    """The things that the cell counts, in the order of their names: `{thing, counts, columns, because, facts}`.

    `counts` is what each adds to the cell, `columns` all that it adds to the row, `because` the facts that put it into the
    column, `facts` everything known of it, each with where it stands in which log.
    """
    found = sorted((part for part in parts if cell.column in part.columns and inside(cell, part)), key=lambda each: each.thing)
    happened = by_stream(told)
    return [_shown(cell, part, happened[part.thing], asked.window) for part in found]


def figure(cell: Cell, parts: Iterable[Part]) -> int:
    """The figure of a cell, as its table shows it."""
    return sum(part.columns.get(cell.column, 0) for part in parts if inside(cell, part))


def inside(cell: Cell, part: Part) -> bool:
    """Whether what the thing adds stands in the cell's row; Track B is outside the total of Biểu 01."""
    if cell.row != TOTAL:
        return part.row == cell.row
    return cell.table is not Table.DIALOGUES or part.row != CHAIRMAN


async def read(table: Table, asked: Asked, reading: Reading) -> Parts:
    """What adds to a table, and the steps of everything that may."""
    return await _READ[table](asked, reading)


async def explained(thing: str, asked: Asked, reading: Reading) -> dict[str, Any] | None:
    """In which tables, rows and columns a thing is counted; None where nothing is known of it.

    `{thing, verdict, said, counted: [{table, row, columns}], facts}`.
    """
    counted, facts = [], list[Step]()
    for table in _READ:
        parts, told = await read(table, asked, reading)
        counted += [{"table": table.value, "row": part.row, "columns": part.columns} for part in parts if part.thing == thing]
        facts = facts or by_stream(told).get(thing, [])
    if not facts:
        return None
    verdict = Verdict.COUNTED if counted else Verdict.OUTSIDE
    return {
        "thing": thing,
        "verdict": verdict.value,
        "said": VERDICTS[verdict],
        "counted": counted,
        "facts": [_fact(step) for step in facts],
    }


async def _dialogues(asked: Asked, reading: Reading) -> Parts:
    found = await reading.dialogues()
    before = await reading.before.dialogues() if reading.before else None
    told = await reading.steps(steps.NOTICE)
    notices, _ = conclusions.notices_of(told, frozenset())
    parts = dialogues.parts_01(found, notices, asked.window, before)
    return parts, [*await reading.steps(steps.SESSION), *told]


async def _conclusions(asked: Asked, reading: Reading) -> Parts:
    found = await reading.dialogues()
    _, items = conclusions.notices_of(await reading.steps(steps.NOTICE), dialogues.chairmans(found.values()))
    tasks = await reading.steps(TaskType.CARRY_OUT.value)
    return conclusions.parts_05(conclusions.form_05(items, tasks, asked.window)), tasks


async def _chairman(asked: Asked, reading: Reading) -> Parts:
    parts, told = await _dialogues(asked, reading)
    proposed = await reading.steps(steps.PROPOSAL)
    held = [part for part in parts if part.row == CHAIRMAN]
    return [*beside.proposals(proposed, asked.window), *held], [*proposed, *told]


async def _requests(asked: Asked, reading: Reading) -> Parts:
    told = await reading.steps(steps.REQUEST)
    return beside.requests(told, asked.window), told


async def _dissemination(asked: Asked, reading: Reading) -> Parts:
    told = await reading.steps(TaskType.DISSEMINATE.value)
    return beside.dissemination(told, asked.window), told


async def _urging(asked: Asked, reading: Reading) -> Parts:
    told, is_chairmans = await urged(reading)
    return beside.urging(told, asked.window, is_chairmans), told


_READ: Final[Mapping[Table, Callable[[Asked, Reading], Awaitable[Parts]]]] = {
    Table.DIALOGUES: _dialogues,
    Table.CONCLUSIONS: _conclusions,
    Table.CHAIRMAN: _chairman,
    Table.REQUESTS: _requests,
    Table.DISSEMINATION: _dissemination,
    Table.URGING: _urging,
}


def _shown(cell: Cell, part: Part, told: Sequence[Step], window: Window) -> dict[str, Any]:
    return {
        "thing": part.thing,
        "counts": part.columns[cell.column],
        "columns": part.columns,
        "because": [_fact(step) for step in _deciding(cell, told, window)],
        "facts": [_fact(step) for step in told],
    }


def _deciding(cell: Cell, told: Sequence[Step], window: Window) -> list[Step]:
    """The steps by which it stands in the column: those of the window where there are such, else those before it."""
    of = {**BY_WHICH[Table.DIALOGUES], **PROPOSALS} if cell.table is Table.CHAIRMAN else BY_WHICH[cell.table]
    found = [step for step in told if step.kind in of[cell.column]]
    found = [step for step in found if step.kind != OUTCOME or dialogues.OUTCOMES.get(step.said["outcome"]) == cell.column]
    return [step for step in found if step.at >= window.begin] or found


def _fact(step: Step) -> dict[str, Any]:
    return {"kind": step.kind, "at": instant(step.at).isoformat(), "source": SOURCE, "position": step.position}
