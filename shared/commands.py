"""Commands at the edge: the JSON schema of each, parsing with bounds, and sealing of its words."""

import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from shared.contracts.types import Between, Declared, Most, Sealed, Words
from shared.instants import Day, Instant
from shared.printable import unprintable

C = TypeVar("C")
N = TypeVar("N")
MAX_NUMBER: Final = 2**63 - 1  # what every database keeps
MAX_ITEMS: Final = 200  # of a list in a command, unless it says otherwise
Seal = Callable[[str, str, Words], Sealed]  # path of the field, the text, its bound -> where it will live


class Body(BaseModel):
    """What the edge parsed: values in bounds, words still in clear."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@cache
def model_of(command: type) -> type[Body]:
    """The pydantic model of a command dataclass: declared strings held to their patterns, sealed texts taken as text."""
    hints = _hints(command)
    members: dict[str, Any] = {}
    for field in fields(command):
        default = field.default if field.default is not MISSING else ...
        members[field.name] = (_edge_type(hints[field.name]), default)
    return create_model(command.__name__, __base__=Body, __doc__=command.__doc__, **members)


def build(command: type[C], body: BaseModel, seal: Seal, path: str = "") -> C:
    """The domain's command from the parsed body; `seal` is called for every text, with its path such as `parts.0.words`."""
    hints = _hints(command)  # type: ignore[arg-type]  # a class is hashable
    values = {f.name: _inner(hints[f.name], getattr(body, f.name), seal, f"{path}{f.name}") for f in fields(command)}  # type: ignore[arg-type]
    return command(**values)


def texts_of(body: BaseModel) -> Mapping[str, Any]:
    """The body as plain JSON values, for fingerprints."""
    return body.model_dump(mode="json")


@cache
def _hints(command: type) -> Mapping[str, Any]:
    """The type of each field with what is declared beside it; read once, because every command is built by it."""
    return typing.get_type_hints(command, include_extras=True)


def _inner(hint: Any, value: Any, seal: Seal, path: str) -> Any:
    if value is None:
        return None
    hint, words, _ = _unwrap(hint)
    if hint is Sealed:
        return seal(path, value, words or Words(1))
    if is_dataclass(hint):
        return build(typing.cast(type[Any], hint), value, seal, f"{path}.")
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return tuple(_inner(item, each, seal, f"{path}.{n}") for n, each in enumerate(value))
    return value


def _edge_type(hint: Any) -> Any:
    optional = _is_optional(hint)
    inner, words, declared = _unwrap(hint)
    edge: Any
    if inner is Sealed:
        bound = words or Words(1)
        check = AfterValidator(_to_be_printed if bound.printed else _readable)
        edge = Annotated[str, Field(min_length=1, max_length=bound.max_length), check]
    elif declared is not None:
        bounds = Field(min_length=1, max_length=declared.max_length, pattern=f"^(?:{declared.pattern})$")
        edge = Annotated[str, bounds, AfterValidator(_printable)] if declared.printed else Annotated[str, bounds]
    elif is_dataclass(inner):
        edge = model_of(inner)  # type: ignore[arg-type]
    elif typing.get_origin(inner) is tuple:
        most = _noted(hint, Most) or Most(MAX_ITEMS)
        bounds = Field(min_length=most.least or None, max_length=most.items)
        edge = Annotated[tuple[_edge_type(typing.get_args(inner)[0]), ...], bounds]  # type: ignore[misc]
    elif inner is int:
        between = _noted(hint, Between) or Between(-MAX_NUMBER, MAX_NUMBER)
        edge = Annotated[int, Field(ge=between.first, le=between.last)]
    else:
        edge = {datetime: Instant, date: Day}.get(inner, inner)
    return edge | None if optional else edge


def _is_optional(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType) and type(None) in typing.get_args(hint)


def _unwrap(hint: Any) -> tuple[Any, Words | None, Declared | None]:
    """The bare type of a hint, with the bound or declaration it was annotated with."""
    if _is_optional(hint):
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
    if typing.get_origin(hint) is Annotated:
        bare, *notes = typing.get_args(hint)
        words = next((note for note in notes if isinstance(note, Words)), None)
        declared = next((note for note in notes if isinstance(note, Declared)), None)
        return bare, words, declared
    return hint, None, None


def _noted(hint: Any, kind: type[N]) -> N | None:
    """The note of that kind that a hint was annotated with."""
    return next((note for note in getattr(hint, "__metadata__", ()) if isinstance(note, kind)), None)


def _readable(text: str) -> str:
    """Refuse what no person typed: control characters other than line ends and tabs, lone surrogates, nothing but blanks."""
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\r\t":
            named = {"character": f"U+{ord(char):04X}"}
            raise PydanticCustomError("control_character", "holds the control character {character}", named)
    if not text.strip():
        raise PydanticCustomError("blank", "holds nothing but blanks")
    return text


def _to_be_printed(text: str) -> str:
    return _printable(_readable(text))


def _printable(text: str) -> str:
    """Refuse what no official paper can show, where it is written and not when it is printed."""
    found = unprintable(text)
    if found is not None:
        named = {"character": found.named, "position": found.position}
        raise PydanticCustomError("unprintable_character", "holds {character} at {position}, which papers cannot show", named)
    return text
