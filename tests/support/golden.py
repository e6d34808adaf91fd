"""Golden histories: streams as they were once stored, each with the state it folded to then."""

from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any, Final

import orjson

from shared.canonical import canonical
from shared.contracts.registry import all_events
from shared.decider import Fold
from shared.eventlog import codec

HISTORY: Final = Path(__file__).parent.parent / "history"


def histories(folds: Mapping[str, Fold[Any]]) -> list[Path]:
    """The files of a service's streams; their names begin with the kind of the stream."""
    return sorted(path for path in HISTORY.glob("*.jsonl") if path.name.partition("-")[0].partition(".")[0] in folds)


def folds_as_ever(path: Path, folds: Mapping[str, Fold[Any]]) -> bool:
    """Whether a stored history loads, and folds to the state it always had."""
    lines = _stored(path)
    fold = folds[lines[0]["stream"].partition("-")[0]]
    events = [codec.decode(line["type"], line["schema_version"], orjson.dumps(line["data"])) for line in lines]
    state = reduce(fold.evolve, events, fold.initial)
    kept = orjson.loads(path.with_suffix(".state.json").read_bytes())
    return canonical({"state": type(state).__name__, "holds": state}) == canonical(kept)


def held(folds: Mapping[str, Fold[Any]]) -> set[str]:
    """The names of the events that the histories hold."""
    return {line["type"] for path in histories(folds) for line in _stored(path)}


def declared(folds: Mapping[str, Fold[Any]]) -> set[str]:
    """The names of all events of these streams."""
    return {each.name for each in all_events() if each.stream_kind in folds}


def _stored(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]
