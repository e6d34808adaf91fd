"""Opens a cell of Biểu 02 to 04 down to episodes and events, and says of one episode where it is counted and why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_

from services.reporting.domain.figures.columns import ENDS, NOTHING, Counted
from services.reporting.domain.figures.episodes import Happened, Milestone, Valued
from services.reporting.domain.figures.lineage import Adjustment, Standing, Verdict, adjusting, columns_with_h, standing_of
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel import headings, spans
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.breakdown import AUDIENCES, By, label_of
from services.reporting.readmodel.cells import SOURCE, SUBTOTAL, TOTAL, Cell, NoSuchCell
from services.reporting.readmodel.counting import DIMENSIONS, Counting, Roll, counting, dimensions_of, left_open, open_at
from services.reporting.readmodel.forms import Asked
from services.reporting.readmodel.places import LOGS, Dimension, matter_of
from services.reporting.readmodel.reading import Read
from services.reporting.readmodel.rolling import Rolling
from shared.clock import instant

BREAKDOWNS: Final = (By.FIELD, By.UNIT, By.LOCALITY, By.SOURCE)
ADJUSTMENTS: Final[Mapping[tuple[Adjustment, int], Mapping[str, str]]] = {
    (Adjustment.LATE, 1): {"vi": "Nay mới biết: còn tồn khi kỳ trước kết thúc", "en": "Known since: open when that window ended"},
    (Adjustment.LATE, -1): {"vi": "Nay mới biết: đã kết thúc trước kỳ", "en": "Known since: over when that window ended"},
    (Adjustment.MOVED, 1): {"vi": "Chuyển đến từ dòng khác", "en": "It has come from another row"},
    (Adjustment.MOVED, -1): {"vi": "Chuyển sang dòng khác", "en": "It has gone to another row"},
}


def read_for(cell: Cell, *, rolled: bool) -> list[Dimension]:
    """What has to be read to open a cell."""
    return dimensions_of([cell.by, By.SOURCE], rolled=rolled)


def narrowed(cell: Cell, asked: Asked, basis: Basis) -> ColumnElement[bool]:
    """The matters that a cell may count an episode of: all that it does count are among them."""
    held, key = _may_be_in(cell, asked, basis), cell.row.removeprefix(SOURCE)
    if key in (TOTAL, NOTHING) or cell.row.startswith(SUBTOTAL) or asked.today is not None:
        return held
    by = By.SOURCE if cell.row.startswith(SOURCE) else cell.by
    return and_(held, spans.ever_valued(by, DIMENSIONS[by], key))


def _may_be_in(cell: Cell, asked: Asked, basis: Basis) -> ColumnElement[bool]:
    known, asked_for = basis.positions, asked.window
    former = [basis.predecessor.positions] if basis.predecessor else []
    match cell.column:
        case "A" | "A1":
            return spans.maybe_open(asked_for.begin, known, *former)
        case "B1":
            return spans.begun_in(asked_for, Milestone.RECEIVED)
        case "B2":
            return spans.begun_in(asked_for, Milestone.REOPENED)
        case "J" | "J1" | "J2":
            return spans.maybe_open(asked_for.end, known)
        case column if kinds := [kind for kind, letter in ENDS.items() if column[0] == letter]:
            return spans.ended_in(asked_for, kinds)
    return spans.maybe_counted(asked_for, known)


def figure(cell: Cell, counted: Counted, by_source: Counted, named: Container[str]) -> int:
    """The figure of a cell, as its table shows it; of what is `named` in the directory and nothing is counted of, nought.

    Raises:
        NoSuchCell: no row of that key, and nothing that could have one.

    """
    if cell.row == TOTAL:
        return counted.total.counted[cell.column]
    inside = _row(cell)
    if not (cell.row.startswith((SUBTOTAL, SOURCE)) or cell.row == NOTHING or cell.row in counted.rows or cell.row in named):
        raise NoSuchCell(str(cell))
    rows = by_source.rows if cell.row.startswith((SUBTOTAL, SOURCE)) else counted.rows
    return sum(row.counted[cell.column] for key, row in rows.items() if inside(key))


def head(cell: Cell, asked: Asked) -> dict[str, Any]:
    """What stands over and before a cell: `{heading, label}`.

    Raises:
        NoSuchCell: no row of that key.

    """
    _row(cell)
    return {"heading": headings.OPINIONS[cell.column], "label": _label(cell, asked)}


def opened(cell: Cell, asked: Asked, read: Read) -> list[dict[str, Any]]:
    """The episodes that the cell counts of those read, each with its columns and the facts and values that put it there.

    In the order of their names, matter by matter.
    """
    ready = counting(read, [cell.by, By.SOURCE], _roll(asked))
    inside = _inside(cell, ready)
    found = {
        each.id: each
        for each in ready.episodes
        if inside(each) and cell.column in columns_with_h(each, asked.window, ready.due(each))
    }
    told, values = _told(read.milestones, found), _values(read, found)
    standings = [standing_of(found[name], told[name], asked.window, ready.due(found[name])) for name in sorted(found, key=place)]
    return [_shown(each, told[each.episode], values.get(each.episode, [])) for each in standings]


def opened_before(cell: Cell, asked: Asked, former: Window, read: Read) -> list[dict[str, Any]]:
    """The episodes of A where a report carries over: what that report counted as open when its own window, `former`, ended.

    As `opened` shows them, with facts and values as that report knew them.
    """
    assert read.before is not None
    left = opened(replace(cell, column="J"), replace(asked, window=former), read.before)
    return [{**each, "because": {cell.column: each["because"]["J"]}} for each in left]


def adjusted(cell: Cell, asked: Asked, read: Read) -> list[dict[str, Any]]:
    """The episodes of A′: as `opened`, each with `change` (1 or -1) and `why` it differs from the report before.

    `because` is the last fact or value of it that the report before did not know.
    """
    breakdowns, roll = [cell.by, By.SOURCE], _roll(asked)
    ready = counting(read, breakdowns, roll)
    known = {**{each.id: each for each in ready.episodes}, **ready.apart}
    at = 0 if not cell.row.startswith((SUBTOTAL, SOURCE)) else 1  # which of the breakdowns the row is of
    now = open_at(ready, asked.window.begin)[at]
    carried = left_open(read, asked.window, breakdowns, roll)
    before = carried.rows[at] if carried is not None else now
    row = _row(cell)
    changes = {name: adjusting(now.get(name), before.get(name), row) for name in sorted({*now, *before}, key=place)}
    found = {name: change for name, change in changes.items() if change is not None}
    told, values, known_then = _told(read.milestones, found), _values(read, found), _known_by(read.before, found)
    shown = []
    for name, (sign, why) in found.items():
        standing = standing_of(known[name], told[name], asked.window, ready.due(known[name]))
        reason = {"change": sign, "why": {"code": why.value, "said": ADJUSTMENTS[why, sign]}}
        new = [each for each in values.get(name, []) if (each[0], tuple(each[1])) not in known_then]
        reason["because"] = {cell.column: _news(told[name], _deciding(cell, new), known_then, why)}
        shown.append({**_shown(standing, told[name], values.get(name, [])), **reason})
    return shown


def place(episode: str) -> tuple[str, str]:
    """Where an episode stands among others: by its matter, then by its turn."""
    return matter_of(episode), episode


def explained(episode: str, asked: Asked, read: Read) -> dict[str, Any] | None:
    """Where one episode is counted and why, or why it is not; None where nothing is known of it.

    `{episode, verdict, said, rows: {field, unit, locality, source}, columns, because, facts, values, due}`, and where a report
    carries over `left_open`: the rows in which that one left it open, None where it did not.
    """
    roll = _roll(asked)
    ready = counting(read, BREAKDOWNS, roll)
    told = _told(read.milestones, {episode})
    apart = ready.apart.get(episode)
    one = apart or next((each for each in ready.episodes if each.id == episode), None)
    if one is None:
        return None
    standing = standing_of(one, told[episode], asked.window, ready.due(one))
    verdict = Verdict.CHAIRMAN if apart else standing.verdict
    counted = verdict is Verdict.COUNTED
    rows = {by.value: key(one) for by, key in zip(BREAKDOWNS, ready.keys, strict=True)} if counted else {}
    shown = _shown(standing, told[episode], _values(read, {episode}).get(episode, []))
    if not counted:
        shown |= {"columns": [], "because": {}}
    carried = left_open(read, asked.window, BREAKDOWNS, roll)
    if carried is not None:
        left = {by.value: of[episode] for by, of in zip(BREAKDOWNS, carried.rows, strict=True) if episode in of}
        shown["left_open"] = left or None
    return {**shown, "verdict": verdict.value, "said": headings.VERDICTS[verdict], "rows": rows}


def _roll(asked: Asked) -> Roll | None:
    return Rolling(asked.today).roll if asked.today else None


def _inside(cell: Cell, ready: Counting) -> Callable[[Any], bool]:
    by_row, by_source = ready.keys
    row = _row(cell)
    of = by_source if cell.row.startswith((SUBTOTAL, SOURCE)) else by_row
    return lambda episode: row(of(episode))


def _known_by(read: Read | None, of: Collection[str]) -> frozenset[Any]:
    """The facts and values of these episodes that were read, to tell what is new."""
    if read is None:
        return frozenset()
    values = ((dimension, tuple(valued)) for each in _values(read, of).values() for dimension, valued in each)
    return frozenset([*values, *(tuple(fact) for each in _told(read.milestones, of).values() for fact in each)])


def _deciding(cell: Cell, values: Sequence[tuple[Dimension, Valued]]) -> list[tuple[Dimension, Valued]]:
    """Those of the values that decide in which row of the cell's kind an episode stands, the first dimension that has any."""
    by = By.SOURCE if cell.row.startswith((SUBTOTAL, SOURCE)) else cell.by
    for dimension in (*DIMENSIONS[by], Dimension.FIELD):
        if found := [each for each in values if each[0] is dimension]:
            return found
    return []


def _news(
    told: Sequence[Happened], values: Sequence[tuple[Dimension, Valued]], known: frozenset[Any], why: Adjustment
) -> dict[str, Any]:
    """The last fact, of what has moved the last of the new `values`, that was not `known`; else what it begins with."""
    if why is Adjustment.MOVED and values:
        return _value(*max(values, key=lambda each: (each[1].at, each[1].rank, each[1].position)))
    return _event(max((fact for fact in told if tuple(fact) not in known), key=lambda fact: fact.order, default=told[0]))


def _row(cell: Cell) -> Callable[[str], bool]:
    """Whether what has this key in the breakdown that the cell's row is of stands in that row."""
    if cell.row == TOTAL:
        return lambda _key: True
    if cell.row.startswith(SUBTOTAL):
        audience = AUDIENCES.get(cell.row.removeprefix(SUBTOTAL))
        if audience is None:
            raise NoSuchCell(str(cell))
        return lambda key: key in audience[1]
    return lambda key: key == cell.row.removeprefix(SOURCE)


def _told(milestones: Iterable[Happened], of: Collection[str]) -> dict[str, list[Happened]]:
    """What happened to these episodes, in order."""
    told: dict[str, list[Happened]] = defaultdict(list)
    for row in milestones:
        if row[0] in of:
            told[row[0]].append(Happened(*row))
    for each in told.values():
        each.sort(key=lambda fact: fact.order)
    return told


def _values(read: Read, of: Collection[str]) -> dict[str, list[tuple[Dimension, Valued]]]:
    found: dict[str, list[tuple[Dimension, Valued]]] = defaultdict(list)
    for dimension, values in read.values.items():
        for row in values:
            if row[0] in of:
                found[row[0]].append((dimension, Valued(*row)))
    return found


def _label(cell: Cell, asked: Asked) -> str:
    if cell.row.startswith(SUBTOTAL):
        return AUDIENCES[cell.row.removeprefix(SUBTOTAL)][0]
    if cell.row.startswith(SOURCE):
        return label_of(cell.row.removeprefix(SOURCE), By.SOURCE, asked.names)
    by = By.TOTAL if cell.row == TOTAL else cell.by
    return label_of(cell.row, by, asked.names, today=asked.today is not None)


def _shown(standing: Standing, told: Sequence[Happened], values: Sequence[tuple[Dimension, Valued]]) -> dict[str, Any]:
    return {
        "episode": standing.episode,
        "columns": list(standing.columns),
        "because": {column: _event(fact) for column, fact in standing.because.items()},
        "due": standing.due,
        "facts": [_event(fact) for fact in told],
        "values": [
            {"dimension": dimension.value, "value": valued.value, **_place(valued.at, valued.rank, valued.position)}
            for dimension, valued in sorted(values, key=lambda each: (each[1].at, each[1].rank, each[1].position, each[0]))
        ],
    }


def _event(fact: Happened) -> dict[str, Any]:
    return {"kind": str(fact.kind), "unit": fact.unit, "due": fact.due, **_place(fact.at, fact.rank, fact.position)}


def _value(dimension: Dimension, valued: Valued) -> dict[str, Any]:
    return {"kind": dimension.value, "unit": None, "due": None, **_place(valued.at, valued.rank, valued.position)}


def _place(at: int, rank: int, position: int) -> dict[str, Any]:
    """When it happened, and where the event stands by which it is known."""
    return {"at": instant(at).isoformat(), "source": LOGS[rank - 1], "position": position}
