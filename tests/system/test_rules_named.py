"""Every refusal of the three services names the rules it holds, or is one of form; none is left to be guessed."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

import services
import shared
from shared.blobs.refusals import FileTooLarge
from shared.contracts.refusals import Forbidden, Invalid, KeyReused, Refused, Stale, Unknown
from shared.web.problems import NotSignedIn, body_of

README: Final = (Path(__file__).parents[2] / "services" / "README.md").read_text(encoding="utf-8")
# Where a rule can be written, as `services/README.md` explains.
WRITTEN: Final = re.compile(
    r"R([1-9]|[1-4]\d|50)"
    r"|invariant ([1-9]|1[0-5])"
    r"|design decision ([1-9]|1\d|2[0-2])"
    r"|brief §[1-6](\.\d)?|brief, corrections|year §([14]|2\.\d)"
    r"|Nghị định \d+/\d{4}/NĐ-CP, (Điều \d+|Phụ lục [IVX]+)|Thông tư \d+/\d{4}/TT-[A-ZĐ]+|Luật [\w ]+"
)
# Rooms where rules of dialogue are held: each refusal of theirs says for itself which, or that it is of form.
RULED: Final = re.compile(r"services\.\w+\.domain\.|shared\.(documents|papers|calendar|desk|directory)\b")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in found.name:
            yield importlib.import_module(found.name)


REFUSALS: Final[dict[str, type[Refused]]] = {
    f"{module.__name__}.{name}": thing
    for package in (services, shared)
    for module in modules(package)
    for name, thing in vars(module).items()
    if isinstance(thing, type) and issubclass(thing, Refused) and thing.__module__ == module.__name__ and thing is not Refused
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_names_where_its_rules_are_written_or_none(refusal: str) -> None:
    rule = REFUSALS[refusal].rule
    assert isinstance(rule, tuple)
    assert [each for each in rule if not WRITTEN.fullmatch(each)] == []
    assert len(set(rule)) == len(rule)


def test_where_rules_are_held_every_refusal_says_for_itself_which_or_that_it_is_of_form() -> None:
    assert {name for name, refusal in REFUSALS.items() if RULED.match(name) and "rule" not in vars(refusal)} == set()


def test_what_the_frame_and_the_stores_refuse_is_of_form_and_only_permission_is_a_rule() -> None:
    elsewhere = {refusal for name, refusal in REFUSALS.items() if not RULED.match(name)}
    assert {Unknown, Invalid, Stale, KeyReused, NotSignedIn, FileTooLarge} < elsewhere
    assert [(each, each.rule) for each in elsewhere if each.rule] == [(Forbidden, ("R11", "invariant 15"))]


def test_numbers_in_a_refusal_s_sentence_are_those_of_its_rule() -> None:
    said = {
        name: {*re.findall(r"\bR\d+", refusal.__doc__ or ""), *re.findall(r"\binvariant \d+", refusal.__doc__ or "")}
        for name, refusal in REFUSALS.items()
    }
    assert {name: numbers for name, numbers in said.items() if numbers - set(REFUSALS[name].rule)} == {}


def test_a_problem_lists_the_rules_and_one_of_form_has_none() -> None:
    ruled = next(refusal for refusal in REFUSALS.values() if len(refusal.rule) > 1)
    assert body_of(ruled())["rule"] == list(ruled.rule)
    assert "rule" not in body_of(Unknown("case"))


@pytest.mark.parametrize("number", range(1, 16))
def test_the_readme_says_every_invariant_that_a_refusal_can_name(number: int) -> None:
    assert re.search(rf"^\| {number} \| .+ \|$", README, re.MULTILINE)
