"""What the verbs print: answers on standard output, progress and trouble on standard error."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from shared.clock import VIETNAM, instant

PAPER_WIDTH: Final = 140
WIDEST: Final = 10_000  # a list that is no terminal's is as wide as what it holds


def out(paper: int | None = None) -> Console:
    """Standard output, never wrapped when it is no terminal: then `paper` is how wide it is."""
    terminal = sys.stdout.isatty()
    return Console(soft_wrap=not terminal, highlight=False, width=None if terminal else paper or PAPER_WIDTH)


def err() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def shown_instant(at: int) -> str:
    """Microseconds as the local time of Vietnam, to the second."""
    return instant(at).astimezone(VIETNAM).isoformat(timespec="seconds")


def local(at: str) -> str:
    """An instant in ISO 8601 as the local time of Vietnam, to the second."""
    return datetime.fromisoformat(at).astimezone(VIETNAM).isoformat(timespec="seconds")


def json_line(value: Any) -> None:
    """One JSON value on one line."""
    sys.stdout.write(orjson.dumps(value).decode() + "\n")


def json_value(value: Any) -> None:
    """One JSON value, indented."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def listing(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, as_json: bool, empty: str) -> None:
    """Rows as a table with `columns` (key -> heading), or as a JSON list with everything they hold.

    What has a label in its row (`unit_label` of `unit`) is shown with it.
    """
    if as_json:
        json_value([dict(row) for row in rows])
        return
    if not rows:
        out().print(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(named(_cell(row.get(key)), row.get(f"{key}_label")) for key in columns))
    console = out()
    wide = console.measure(table, options=console.options.update(max_width=WIDEST)).maximum
    out(max(wide, PAPER_WIDTH)).print(table)


def named(key: str, label: str | None) -> str:
    """A key, which is what is typed, with the name that people know it by."""
    return key if label in (None, key) else f"{key} · {label}"


def facts(values: Mapping[str, Any], *, as_json: bool) -> None:
    """Names and values, one a line, or a JSON object."""
    if as_json:
        json_value(dict(values))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in values.items():
        table.add_row(name, _cell(value))
    out().print(table)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator["Bar"]:
    """A bar on standard error, shown only on a terminal."""
    console = err()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as shown:
        yield Bar(shown, shown.add_task(what, total=total))


class Bar:
    """A bar that moves on."""

    def __init__(self, shown: Progress, task: TaskID) -> None:
        self._shown, self._task = shown, task

    def advance(self, steps: int = 1) -> None:
        self._shown.advance(self._task, steps)

    def stand(self, done: int, total: int) -> None:
        """So many steps are done, of so many."""
        self._shown.update(self._task, completed=done, total=total)


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item) for item in value)
    return value if isinstance(value, str) else orjson.dumps(value).decode().strip('"')


def replaced(path: Path, make: Callable[[], bytes]) -> None:
    """Write a file whole or not at all: whoever had one there keeps it until this one is complete.

    Raises:
        BadParameter: it cannot be written there.

    """
    if not path.parent.is_dir() or path.is_dir():
        raise typer.BadParameter(f"{path} cannot be written there: name a file in a folder that exists", param_hint="--out")
    made = make()
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(made)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint="--out") from error
