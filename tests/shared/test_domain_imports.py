"""The domain stands on the standard library and the published language: what it may import is listed, all else is refused."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
DOMAINS = tuple(f"services.{name}.domain" for name in ("intake", "assignment", "reporting"))

# What a package may import besides the standard library and itself.
ALLOWED = {
    **dict.fromkeys(DOMAINS, ("shared.contracts", "shared.calendar", "shared.documents")),
    "shared.contracts": (),
    "shared.calendar": ("shared.contracts",),
    "shared.documents": ("shared.contracts",),
}
# How papers look is drawn by libraries: it stands beside their life cycle and is no part of it.
LAYOUT = "shared.documents.layout"


def modules_of(package: str) -> list[Path]:
    at = HOUSE.joinpath(*package.split("."))
    found = sorted(at.rglob("*.py")) if at.is_dir() else [at.with_suffix(".py")]
    return [path for path in found if HOUSE.joinpath(*LAYOUT.split(".")) not in path.parents]


def imported(source: str, package: str) -> Iterator[str]:
    """Every module that `source`, a module in `package`, imports anywhere, functions and type checking included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def refused(source: str, package: str, room: str) -> list[str]:
    """What a module of `room` imports and may not."""
    allowed = (room, *ALLOWED[room])
    return [
        name
        for name in imported(source, package)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and (name.startswith(LAYOUT) or not any(name == each or name.startswith(f"{each}.") for each in allowed))
    ]


@pytest.mark.parametrize("room", ALLOWED)
def test_nothing_is_imported_that_is_not_listed(room: str) -> None:
    found = {}
    for path in modules_of(room):
        package = ".".join(path.relative_to(HOUSE).parent.parts)
        if wrong := refused(path.read_text(encoding="utf-8"), package, room):
            found[str(path.relative_to(HOUSE))] = wrong
    assert found == {}


def test_the_look_of_papers_is_nothing_that_the_domain_may_import() -> None:
    assert refused("from shared.documents.layout import composition", "services.reporting.domain", DOMAINS[2])
    assert not refused("from shared.documents import lifecycle", "services.reporting.domain", DOMAINS[2])


def test_every_service_has_a_domain_that_is_looked_at() -> None:
    assert {f"services.{path.parent.name}.domain" for path in HOUSE.glob("services/*/domain")} == set(DOMAINS)
    assert all(len(modules_of(domain)) > 1 for domain in DOMAINS)


@pytest.mark.parametrize(
    "source",
    [
        "import asyncpg",
        "import sqlalchemy.ext.asyncio as sa",
        "from shared.text import fold",
        "from shared import migrations",
        "from shared import contracts, desk",
        "from shared.calendars import due",
        "from services.assignment.domain.case import decider",
        "from services.intake import handlers",
        "from ... import handlers",
        "def decide():\n    import httpx2",
        "if TYPE_CHECKING:\n    from alembic import op",
        "try:\n    import typer\nexcept ImportError:\n    pass",
    ],
)
def test_what_is_not_listed_is_seen_wherever_it_is_written(source: str) -> None:
    assert len(refused(source, "services.intake.domain.opinion", "services.intake.domain")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import enum, dataclasses",
        "from collections.abc import Mapping",
        "from shared import calendar, contracts",
        "from shared.contracts.types import UnitKey",
        "from shared.documents.lifecycle import Signed",
        "from services.intake.domain.opinion.states import Open",
        "from . import states",
        "from ..opinion.states import Open",
    ],
)
def test_what_is_listed_passes(source: str) -> None:
    assert refused(source, "services.intake.domain.opinion", "services.intake.domain") == []
