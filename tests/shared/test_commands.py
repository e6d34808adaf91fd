"""Commands at the edge: in bounds, sealed, with nothing that was not asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pytest
from pydantic import ValidationError

from shared.commands import build, model_of
from shared.contracts.opinion import Flag
from shared.contracts.types import FieldKey, Most, PersonalText, Sealed, Text, UnitKey, Words, Year


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One of several."""

    words: Text
    field: FieldKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """Something to hand in."""

    office: UnitKey
    words: Text
    name: PersonalText | None = None
    flags: tuple[Flag, ...] = ()
    matters: tuple[Matter, ...] = ()
    days: Annotated[tuple[date, ...], Most(300)] = ()
    day: date | None = None
    year: Year = 2023
    count: int = 0
    named: Annotated[tuple[FieldKey, ...], Most(2, least=1)] = ("dat-dai",)


def sealed(path: str, text: str, words: Words) -> Sealed:
    return Sealed(ref=f"{path}:{text}", digest=str(words.max_length))


def parse(**sent: object) -> HandIn:
    return build(HandIn, model_of(HandIn).model_validate(sent), sealed)


def test_words_become_references_wherever_they_stand() -> None:
    command = parse(office="VPUB", words="Xin chào", matters=[{"words": "một"}, {"words": "hai", "field": "dat-dai"}])
    assert command.words.ref == "words:Xin chào"
    assert [matter.words.ref for matter in command.matters] == ["matters.0.words:một", "matters.1.words:hai"]
    assert command.name is None


def test_text_is_kept_as_it_came_even_decomposed() -> None:
    decomposed = "Đề nghị"
    assert parse(office="VPUB", words=decomposed).words.ref == f"words:{decomposed}"


def test_a_list_that_says_so_takes_more() -> None:
    assert len(parse(office="VPUB", words="x", days=["2023-01-09"] * 300).days) == 300


def test_lists_flags_and_dates_are_read_from_json() -> None:
    command = parse(office="VPUB", words="x", flags=["buc_xuc", "keo_dai"], day="2023-01-09")
    assert command.flags == (Flag.PRESSING, Flag.LONG_DRAWN)
    assert command.day == date(2023, 1, 9)


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("office", {"office": "văn phòng", "words": "x"}),
        ("office", {"office": "V" * 33, "words": "x"}),
        ("office", {"words": "x"}),
        ("year", {"office": "VPUB", "words": "x", "year": 0}),
        ("year", {"office": "VPUB", "words": "x", "year": 2200}),
        ("count", {"office": "VPUB", "words": "x", "count": 2**63}),
        ("named", {"office": "VPUB", "words": "x", "named": []}),
        ("named", {"office": "VPUB", "words": "x", "named": ["a", "b", "c"]}),
        ("words", {"office": "VPUB", "words": ""}),
        ("words", {"office": "VPUB", "words": " \n\t "}),
        ("words", {"office": "VPUB", "words": "a\x00b"}),
        ("words", {"office": "VPUB", "words": "a\x1bb"}),
        ("words", {"office": "VPUB", "words": "x" * 20_001}),
        ("words", {"office": "VPUB", "words": 7}),
        ("name", {"office": "VPUB", "words": "x", "name": "x" * 201}),
        ("flags", {"office": "VPUB", "words": "x", "flags": ["khan_cap"]}),
        ("flags", {"office": "VPUB", "words": "x", "flags": ["buc_xuc"] * 201}),
        ("days", {"office": "VPUB", "words": "x", "days": ["2023-01-09"] * 301}),
        ("matters", {"office": "VPUB", "words": "x", "matters": [[[[[]]]]]}),
        ("kinh_phi", {"office": "VPUB", "words": "x", "kinh_phi": 1}),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_its_field(field: str, sent: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        model_of(HandIn).model_validate(sent)
    assert refused.value.errors()[0]["loc"][0] == field


def test_the_schema_of_a_command_states_its_bounds() -> None:
    schema = model_of(HandIn).model_json_schema()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["words"]["maxLength"] == 20_000
    assert schema["required"] == ["office", "words"]
