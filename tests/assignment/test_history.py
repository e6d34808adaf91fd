"""Histories as they were once stored still load, and fold to the states they folded to then."""

from functools import reduce
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.assignment.handlers import FOLDS
from shared.canonical import canonical
from shared.contracts.registry import all_events
from shared.eventlog import codec

HISTORY = Path(__file__).parent.parent / "history"
KINDS = frozenset(FOLDS)
OURS = sorted(path for path in HISTORY.glob("*.jsonl") if path.name.partition("-")[0].partition(".")[0] in KINDS)


def stored(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_a_stored_history_folds_to_the_state_it_always_had(path: Path) -> None:
    lines = stored(path)
    fold = FOLDS[lines[0]["stream"].partition("-")[0]]
    events = [codec.decode(line["type"], line["schema_version"], orjson.dumps(line["data"])) for line in lines]
    state = reduce(fold.evolve, events, fold.initial)
    kept = orjson.loads(path.with_suffix(".state.json").read_bytes())
    assert canonical({"state": type(state).__name__, "holds": state}) == canonical(kept)


def test_the_histories_hold_every_event_of_our_streams() -> None:
    held = {line["type"] for path in OURS for line in stored(path)}
    assert held == {declared.name for declared in all_events() if declared.stream_kind in KINDS}
