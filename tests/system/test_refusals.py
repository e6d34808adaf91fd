"""Every rule that a decider refuses by is provoked by a test that expects that very rule."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import services.assignment.domain
import services.intake.domain
import services.reporting.domain
import shared.documents
import shared.papers
from shared.contracts.refusals import Refused

TESTS: Final = Path(__file__).parents[1]
ROOMS: Final[tuple[ModuleType, ...]] = (
    services.assignment.domain,
    services.intake.domain,
    services.reporting.domain,
    shared.documents,
    shared.papers,
)
# How a test says that something is refused: by the rule's class to a decider or handler, by its code over HTTP.
EXPECTING: Final = frozenset({"refuses", "raises", "refused", "not_created"})


def rules() -> dict[str, type[Refused]]:
    """Each refusal that the domains define, by module and name."""
    modules = (
        importlib.import_module(found.name)
        for room in ROOMS
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
    )
    return {
        f"{module.__name__}.{name}": thing
        for module in modules
        for name, thing in vars(module).items()
        if isinstance(thing, type) and issubclass(thing, Refused) and thing.__module__ == module.__name__
    }


def expected(source: str) -> set[str]:
    """The names and codes that a test file expects to be refused by; elsewhere in the file they do not count.

    What is expected by a parameter of the test, or by what a loop goes through, is looked up there.
    """
    tree = ast.parse(source)
    found = {each for call in _calls(tree) for each in _said(*call.args, *(keyword.value for keyword in call.keywords))}
    found |= {each for node in ast.walk(tree) if isinstance(node, ast.Assert) and _on_code(node) for each in _said(node)}
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names, given = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}, node.decorator_list
            case ast.For():
                names, given = set(_said(node.target)), [node.iter]
            case _:
                continue
        compared = (each.test for each in ast.walk(node) if isinstance(each, ast.Assert) and _on_code(each))
        if names.intersection(_said(*compared, *(each for call in _calls(node) for each in call.args))):
            said = set(_said(*given))
            # A table that is gone through stands at the top of the file.
            found |= said | {each for name in said for each in _table(tree, name)}
    return found


def _on_code(node: ast.Assert) -> bool:
    """Whether it looks at the code of a problem, or at what the command line said went wrong."""
    return any(
        (isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant) and each.slice.value == "code")
        or (isinstance(each, ast.Attribute) and each.attr == "err")
        for each in ast.walk(node.test)
    )


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in EXPECTING:
                yield node


def _said(*nodes: ast.AST) -> Iterator[str]:
    for node in (each for top in nodes for each in ast.walk(top)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str() as code):
                yield code


def _table(tree: ast.Module, name: str) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                yield from _said(value)
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                yield from _said(value)


def test_every_refusal_is_expected_by_a_test() -> None:
    files = [file for file in TESTS.rglob("test_*.py") if file != Path(__file__)]
    said = {each for file in files for each in expected(file.read_text(encoding="utf-8"))}
    assert {rule for rule, refusal in rules().items() if not {refusal.__name__, refusal.code} & said} == set()


def test_a_mention_is_no_expectation() -> None:
    named = "from rules import Stands\n\ndef test_it() -> None:\n    assert 'stands' and Stands\n"
    assert not {"Stands", "stands"} & expected(named)
    assert "Stands" in expected("def test_it() -> None:\n    given().when(ASK).refuses(Stands, 'on')\n")
    assert "stands" in expected("async def test_it(house):\n    await refused(house, HUB, '/x', 'stands', 409)\n")
    assert "stands" in expected("def test_it():\n    assert ask().json()['code'] == 'stands'\n")
    looped = "def test_it():\n    for rule in (Stands, Falls):\n        given().when(ASK).refuses(rule)\n"
    assert {"Stands", "Falls"} <= expected(looped)
    by_parameter = (
        "@pytest.mark.parametrize('rule', [Stands])\ndef test_it(rule):\n    with pytest.raises(rule):\n        ask()\n"
    )
    assert "Stands" in expected(by_parameter)


def test_every_refusal_says_in_both_languages_what_would_make_it_possible() -> None:
    silent = [
        rule
        for rule, refusal in rules().items()
        if not all((refusal.__doc__, refusal.title_vi, refusal.title_en, refusal.advice_vi, refusal.advice_en))
    ]
    assert silent == []
