"""The sample year's first weeks with every text and name marked by words that nobody says, and that do harm where they run."""

import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from deploy.sample import YEAR
from shared.commands import _unwrap
from shared.contracts.types import Sealed, Words

SAID: Final = "KANARIWORDS7319"  # what people said and were answered
NAMED: Final = "KANARINAME7319"  # who they are
NOTED: Final = "KANARINOTE7319"  # what officials wrote beside it
MARKS: Final = (SAID, NAMED, NOTED)
RUNS: Final = "<script>alert(7319)</script>\"'><img src=x onerror=alert(7319)>{{7*191}}${7*191}"
RAN: Final = "1337"  # what 7*191 is
OPINION_TEXTS: Final = frozenset({"words", "answer", "speaker_name", "speaker_contact"})
LAST: Final = "2023-02-21"


def script(commands: Mapping[str, type]) -> str:
    """The lines until the third week of February, as `do` reads them."""
    lines = (json.loads(line) for line in YEAR.path.read_text(encoding="utf-8").splitlines() if line.strip())
    told = [line for line in lines if (line.get("at") or "") < LAST]
    return "".join(json.dumps(_marked(line, commands), ensure_ascii=False) + "\n" for line in told)


def _marked(line: dict[str, Any], commands: Mapping[str, type]) -> dict[str, Any]:
    command = commands.get(line["command"])
    return line if command is None else {**line, "data": _of(command, line["data"])}


def _of(command: type, data: Mapping[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(command, include_extras=True)
    known = {field.name for field in fields(command)}
    return {name: _value(hints[name], name, each) if name in known else each for name, each in data.items()}


def _value(hint: Any, name: str, value: Any) -> Any:
    inner, words, _ = _unwrap(hint)
    if inner is Sealed and isinstance(value, str):
        return _mark(name, words or Words(1), value)
    if is_dataclass(inner) and isinstance(value, dict) and "ref" not in value:
        return _of(typing.cast(type, inner), value)
    if typing.get_origin(inner) is tuple and isinstance(value, list):
        item = typing.get_args(inner)[0]
        return [_value(item, name, each) for each in value]
    return value


def _mark(name: str, words: Words, text: str) -> str:
    mark = NAMED if words.personal else SAID if name in OPINION_TEXTS else NOTED
    return f"=2+5 {mark} {RUNS} {text}"[: words.max_length]


def told(marks: Iterator[str] | tuple[str, ...], content: bytes) -> list[str]:
    """The marks that stand in it, however their letters are written."""
    lowered = content.lower()
    return [mark for mark in marks if mark.lower().encode() in lowered]
