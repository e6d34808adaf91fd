"""Every rule of the assignment service's deciders is named by a test that provokes it."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Final

from services.assignment import domain
from shared.contracts.refusals import Refused

TESTS: Final = Path(__file__).parent


def rules() -> dict[str, type[Refused]]:
    """Each refusal that the domain defines, by room and name."""
    modules = (importlib.import_module(found.name) for found in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."))
    return {
        f"{module.__name__.split('.')[3]}.{name}": thing
        for module in modules
        for name, thing in vars(module).items()
        if isinstance(thing, type) and issubclass(thing, Refused) and thing.__module__ == module.__name__
    }


def test_every_refusal_is_named_by_a_test() -> None:
    files = [file for file in TESTS.glob("test_*.py") if file != Path(__file__)]
    named = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}
    assert {rule for rule, refusal in rules().items() if refusal.__name__ not in named} == set()


def test_every_refusal_says_in_both_languages_what_would_make_it_possible() -> None:
    silent = [
        rule
        for rule, refusal in rules().items()
        if not all((refusal.__doc__, refusal.title_vi, refusal.title_en, refusal.advice_vi, refusal.advice_en))
    ]
    assert silent == []
