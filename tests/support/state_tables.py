"""State tables: what a cell says of a command that is asked in a state, and as a README has them written."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts.refusals import Refused
from tests.support.scenario import Given

Table = list[list[str]]


def by_type(state: Any) -> str:
    """The name of a state."""
    return type(state).__name__


def outcome(history: Given, command: Any, stream: str, facts: Any, named: Callable[[Any], str] = by_type) -> str:
    """What a cell says: the stage it leads to, `stays`, `nothing`, or the rule that says no."""
    before = named(history.state(stream))
    try:
        decided = history.when(command, facts).decided()
    except Refused as refused:
        return type(refused).__name__
    if not any(decided.values()):
        return "nothing"
    grown = {name: [*history.history.get(name, ()), *events] for name, events in decided.items()}
    after = named(Given(history.rules, {**history.history, **grown}).state(stream))
    return "stays" if after == before else f"→ {after}"


def written(readme: str, heading: str) -> Table:
    """The first table below a heading."""
    section = readme.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows if not row.startswith("|---")]


def show(tables: Mapping[str, Callable[[], Table]]) -> None:
    """Print the tables as a README has them."""
    for heading, table in tables.items():
        first, *rest = table()
        print(f"## {heading}\n")
        print("\n".join(["| " + " | ".join(first) + " |", "|---" * len(first) + "|"]))
        print("\n".join("| " + " | ".join(row) + " |" for row in rest), end="\n\n")
