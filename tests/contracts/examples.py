"""An example of every declared type, so that each event can be written down once as a golden file."""

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any

from shared.contracts.types import Declared

_STRINGS = {
    "unit key": "TCHCQT",
    "field key": "dat-dai",
    "locality: a unit key": "MSO",
    "person id: permanent, says nothing of the person": "p-0001",
    "post key": "CVP",
    "register key, such as TB-VPUB": "TB-VPUB",
    "SHA-256 of a content, hex": "5e" * 32,
    "stream id": "opinion-7Q2K9FXA3MBTW0000001",
    "handling episode id": "7Q2K9FXA3MBTW0000001/1",
    "a unit's own id of an opinion": "2023/15",
    "a code of a closed list": "answer",
    "code of a refusal": "local-id-taken",
    "keyed hash, hex": "ab" * 32,
    "an official name, public by nature": "Phòng Tổ chức - Hành chính - Quản trị",
    "number and symbol of an official document": "01/KH-VPUB",
    "signing key id: the first half of its public half's SHA-256, hex": "7a" * 16,
    "public half of an Ed25519 key, hex": "8b" * 32,
    "Ed25519 signature, hex": "9c" * 64,
    "name of a dated version of rules or calendar": "2023.1",
    "vault reference": "0f" * 16,
    "salted digest": "c3" * 32,
}


def example(hint: Any) -> Any:
    """A value of the type `hint`, the same each time."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return example(next(arg for arg in typing.get_args(hint) if arg is not type(None)))
    if typing.get_origin(hint) is Annotated:
        declared = next((note for note in typing.get_args(hint)[1:] if isinstance(note, Declared)), None)
        return _STRINGS[declared.what] if declared else example(typing.get_args(hint)[0])
    if typing.get_origin(hint) is tuple:
        return (example(typing.get_args(hint)[0]),)
    if is_dataclass(hint):
        made = typing.cast(type[Any], hint)
        hints = typing.get_type_hints(made, include_extras=True)
        return made(**{field.name: example(hints[field.name]) for field in fields(made)})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    values = {bool: True, int: 3, date: date(2023, 1, 30), datetime: datetime(2023, 1, 9, 1, 30, tzinfo=UTC)}
    return values[hint]
