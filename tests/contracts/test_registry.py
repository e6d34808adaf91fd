"""The published language: every fact ever stored still reads, and none can carry words or floats."""

import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import orjson
import pytest

import shared.contracts  # noqa: F401  declares every event
from shared.canonical import canonical_event
from shared.contracts.registry import EventType, all_events, event, event_type
from shared.contracts.types import Declared
from shared.eventlog import codec
from tests.contracts.examples import example

GOLDEN = Path(__file__).parent / "golden"
EVENTS = list(all_events())


@pytest.mark.parametrize("declared", EVENTS, ids=lambda declared: declared.name)
def test_every_name_and_version_ever_stored_has_a_golden_file(declared: EventType) -> None:
    for version in range(1, declared.version + 1):
        assert (GOLDEN / f"{declared.name}.v{version}.json").is_file()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_ever_stored_still_reads(path: Path) -> None:
    name, _, version = path.stem.rpartition(".v")
    declared = event_type(name)
    assert declared is not None, f"{name} was stored once and is no longer known: keep it, or an upcaster"
    stored = path.read_bytes().strip()
    read = codec.decode(name, int(version), stored)
    assert isinstance(read, declared.cls)
    if int(version) == declared.version:
        assert codec.encode(read) == (name, int(version), stored)


@pytest.mark.parametrize("declared", EVENTS, ids=lambda declared: declared.name)
def test_today_s_golden_file_is_the_example_of_today_s_class(declared: EventType) -> None:
    today = (GOLDEN / f"{declared.name}.v{declared.version}.json").read_bytes().strip()
    assert canonical_event(example(declared.cls)) == today


@pytest.mark.parametrize("declared", EVENTS, ids=lambda declared: declared.name)
def test_no_event_carries_an_undeclared_string_or_a_float(declared: EventType) -> None:
    for path, hint in _leaves(declared.cls):
        assert hint is not float, f"{declared.name}: {path} is a float"
        assert hint is not str, f"{declared.name}: {path} is a bare string; declare what it is in shared/contracts/types.py"
        assert hint is not Any, f"{declared.name}: {path} can be anything"


def test_a_newer_version_is_not_guessed() -> None:
    with pytest.raises(codec.NewerEvent):
        codec.decode("opinion.received", 99, b"{}")


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    with pytest.raises(codec.UnknownEvent):
        codec.decode("opinion.levitated", 1, b"{}")


def test_a_version_without_an_upcaster_from_below_is_refused_at_declaration() -> None:
    with pytest.raises(TypeError, match="upcaster"):

        @event("opinion.never_stored", version=2)
        class NeverStored:
            pass


def test_bytes_are_canonical_whatever_the_order_of_fields() -> None:
    for declared in EVENTS:
        data = canonical_event(example(declared.cls))
        assert data == orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)


def _leaves(hint: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        for arg in typing.get_args(hint):
            if arg is not type(None):
                yield from _leaves(arg, path)
    elif typing.get_origin(hint) is Annotated:
        bare, *notes = typing.get_args(hint)
        if not any(isinstance(note, Declared) for note in notes):
            yield from _leaves(bare, path)
    elif typing.get_origin(hint) is tuple:
        yield from _leaves(typing.get_args(hint)[0], f"{path}[]")
    elif is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        for field in fields(hint):
            yield from _leaves(hints[field.name], f"{path}.{field.name}")
    elif isinstance(hint, type) and issubclass(hint, Enum):
        return
    else:
        yield path, hint
