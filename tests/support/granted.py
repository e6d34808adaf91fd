"""Every action that the house asks permission for, found in its modules, and what the reviewed tables say of each (ADR 0037)."""

import csv
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import services
import shared
from shared.contracts.roles import Action, Role, Scope

TABLE: Final = Path(__file__).parents[1] / "system" / "authorisation.csv"
ROUTES: Final = TABLE.with_name("authorisation_routes.csv")
LETTERS: Final = {
    "T": Scope.TENANT,
    "O": Scope.OFFICE,
    "U": Scope.UNIT,
    "L": Scope.LEAD,
    "P": Scope.ASSIGNEE,
    "S": Scope.SELF,
}
Reach = Mapping[Role, frozenset[Scope]]


@cache
def actions() -> Mapping[str, Action]:
    """By name; each is said once, so that no two places answer the same question differently."""
    found: dict[str, Action] = {}
    for module in _modules():
        for value in _values(module):
            if isinstance(value, Action):
                assert found.setdefault(value.name, value) == value, f"{value.name} is granted twice, differently"
    return dict(sorted(found.items()))


@cache
def expected() -> Mapping[str, Reach]:
    """What the table says: by action, how far each role reaches."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {row["action"]: {role: frozenset(LETTERS[letter] for letter in row[role.value]) for role in Role} for row in rows}
    assert len(read) == len(rows), "an action has two rows"
    return read


@cache
def routes() -> Mapping[tuple[str, str], str]:
    """What the table of routes says each asks, by method and path."""
    with ROUTES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {(row["method"], row["path"]): row["asks"] for row in rows}
    assert len(read) == len(rows), "a route has two rows"
    return read


def reach_of(action: Action) -> Reach:
    """The same of an action as it is granted."""
    return {role: frozenset(grant.scope for grant in action.grants if grant.role is role) for role in Role}


def _modules() -> Iterator[ModuleType]:
    for package in (services, shared):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                yield importlib.import_module(found.name)


def _values(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        yield value
        if isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, tuple | list | frozenset):
            yield from value
