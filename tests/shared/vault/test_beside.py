"""Questions asked side by side have their texts opened together, in one access; what one of them meets is its own."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.contracts.refusals import Unknown
from shared.vault.beside import BESIDE, beside

OPENED: list[tuple[tuple[str, ...], str, str]] = []


@pytest.fixture(autouse=True)
def nothing_opened() -> None:
    OPENED.clear()


async def opening(refs: Sequence[str], reader: str, purpose: str) -> dict[str, str]:
    OPENED.append((tuple(refs), reader, purpose))
    return {ref: ref.upper() for ref in refs if ref != "gone"}


async def texts(*refs: str) -> dict[str, Any]:
    """As a vault opens them for whoever asks beside others."""
    together = BESIDE.get()
    assert together is not None
    return dict(await together.texts(refs, opening))


async def nothing() -> int:
    return 7


async def refused() -> None:
    raise Unknown("case")


async def asked(*questions: Any) -> list[Any]:
    return await beside(*questions, reader="p", purpose="show x")


async def test_what_several_questions_want_is_opened_at_once_and_each_has_its_own() -> None:
    assert await asked(texts("a", "b"), nothing(), texts("b", "gone")) == [{"a": "A", "b": "B"}, 7, {"b": "B"}]
    assert OPENED == [(("a", "b", "gone"), "p", "show x")]


async def test_questions_within_a_question_are_asked_beside_all_of_them() -> None:
    async def within() -> list[Any]:
        return await beside(texts("b"), nothing(), texts("c"), reader="other", purpose="other")

    assert await asked(within(), texts("a")) == [[{"b": "B"}, 7, {"c": "C"}], {"a": "A"}]
    assert [(sorted(refs), purpose) for refs, _, purpose in OPENED] == [(["a", "b", "c"], "show x")]


async def test_who_wants_more_once_he_has_something_opens_it_by_itself() -> None:
    async def twice() -> dict[str, Any]:
        first = await texts("a")
        return first | await texts("b")

    assert await asked(twice(), texts("c")) == [{"a": "A", "b": "B"}, {"c": "C"}]
    assert [sorted(refs) for refs, _, _ in OPENED] == [["a", "c"], ["b"]]


async def test_what_one_is_refused_keeps_nobody_waiting() -> None:
    with pytest.raises(Unknown):
        await asked(refused(), texts("a"))
    with pytest.raises(Unknown):
        await asked(texts("a"), refused(), nothing())
    assert BESIDE.get() is None


async def test_where_nothing_can_be_opened_all_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> dict[str, str]:
        raise ValueError("away")

    async def wants(ref: str) -> str:
        together = BESIDE.get()
        assert together is not None
        try:
            await together.texts([ref], away)
        except ValueError as error:
            return str(error)
        return "opened"

    assert await asked(wants("a"), wants("b"), nothing()) == ["away", "away", 7]
