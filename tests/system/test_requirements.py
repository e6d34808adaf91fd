"""The table of requirements in `services/README.md` leads somewhere: to commands, events and tests that there are."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints
from unittest.mock import Mock

import typer

from deploy.catalogue import all_commands
from deploy.cli import app
from services.intake.entrypoints import api as intake
from services.intake.handlers import handlers
from services.reporting.entrypoints import api as reporting
from services.reporting.handlers import handlers as report_handlers
from shared.contracts.registry import event_type
from shared.desk import Desk

TESTS: Final = Path(__file__).parents[1]
TABLE: Final = TESTS.parent / "services" / "README.md"
REQUIREMENTS: Final = [f"R{number}" for number in range(1, 51)]
ENVELOPE: Final = {
    "actor",
    "capacity",
    "office",
    "post",
    "unit",
    "unit_version",
    "delegation",
}  # what each event says of its actor
ABOUT_ALL: Final = "every event"  # where no event carries it more than another


@dataclass(frozen=True, slots=True)
class Row:
    """What one requirement is carried by: the cells of its row."""

    number: str
    commands: str
    events: str
    tests: str


def rows() -> list[Row]:
    found = re.findall(r"^\| (R\S+) \|[^|]+\|([^|]+)\|([^|]+)\|([^|]+)\|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return [Row(*cells) for cells in found]


def named(cell: str) -> list[str]:
    """The code names of a cell that stand by themselves."""
    return re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", cell))


def narrowed(cell: str) -> list[str]:
    """The code names in brackets: fields, or values of fields, of what stands before them."""
    return [name for bracket in re.findall(r"\(([^)]*)\)", cell) for name in re.findall(r"`([^`]+)`", bracket)]


def said_by(classes: Iterable[type]) -> set[str]:
    """The names of the fields of `classes`, and the values of those that have a choice of them."""
    return {name for cls in classes for name in _said(cls)}


def _said(cls: type) -> Iterator[str]:
    hints = get_type_hints(cls)
    for field in fields(cls):
        yield field.name
        for each in (hints[field.name], *get_args(hints[field.name])):
            if isinstance(each, type) and issubclass(each, Enum):
                yield from (str(member.value) for member in each)


@cache
def routes() -> frozenset[str]:
    nothing: Any = None
    asked = [*handlers("t", nothing, nothing, nothing), *report_handlers("t", Mock())]
    desk = Desk(asked, log=nothing, vault=nothing, clock=nothing, ids=nothing, keyed=nothing)
    routers = (intake.router(desk, Mock(), nothing, "t"), reporting.router(desk, Mock()))
    return frozenset(f"{method} {each.path}" for router in routers for each in router.routes for method in each.methods)  # type: ignore[attr-defined]


@cache
def verbs() -> frozenset[str]:
    return frozenset(f"doithoai {verb}" for verb in typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@cache
def functions_of(file: str) -> frozenset[str]:
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    found = ast.parse(path.read_text(encoding="utf-8")).body
    return frozenset(each.name for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_requirement_has_a_row_of_its_own() -> None:
    assert [row.number for row in rows()] == REQUIREMENTS


def test_every_row_names_commands_that_there_are() -> None:
    known = all_commands()
    for row in rows():
        assert named(row.commands), row.number
        missing = set(named(row.commands)) - known.keys() - routes() - verbs()
        assert not missing, f"{row.number}: nothing is asked by {missing}"
        fields_of = said_by(known[name] for name in named(row.commands) if name in known)
        assert set(narrowed(row.commands)) <= fields_of, f"{row.number}: {narrowed(row.commands)} is said in no such command"


def test_every_row_names_events_that_the_contracts_have() -> None:
    for row in rows():
        assert named(row.events) or ABOUT_ALL in row.events, row.number
        found = {name: event_type(name) for name in named(row.events)}
        missing = [name for name, event in found.items() if event is None]
        assert not missing, f"{row.number}: no event is called {missing}"
        said = said_by(event.cls for event in found.values() if event is not None) | ENVELOPE
        assert set(narrowed(row.events)) <= said, f"{row.number}: {narrowed(row.events)} stands in no such event"


def test_every_row_names_tests_that_there_are() -> None:
    for row in rows():
        assert named(row.tests), row.number
        for name in named(row.tests):
            file, _, function = name.partition("::")
            assert function in functions_of(file), f"{row.number}: there is no test {name}"
