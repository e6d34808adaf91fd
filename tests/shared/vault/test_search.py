"""Words are found without their marks, also while the key of their tokens changes, and names are not found at all."""

import pytest

from shared.database import Database
from shared.vault.sealing import MOST_TOKENS
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import keep, records


async def test_words_are_found_without_their_marks_and_neighbours_first(vault: DatabaseVault) -> None:
    apart = await keep(vault, "Bản tôi, sạt núi, lở sông", command="c-1")
    beside = await keep(vault, "ĐƯỜNG BỊ SẠT LỞ", command="c-2")
    await keep(vault, "Điện yếu", command="c-3")
    assert await vault.search("sat lo") == [beside, apart]
    assert await vault.search("Sạt lở") == [beside, apart]
    assert await vault.search("sat lo", limit=1) == [beside]
    assert await vault.search("điện nước") == []
    assert await vault.search("  ,. ") == []


async def test_names_are_not_searchable(database: Database, vault: DatabaseVault) -> None:
    await keep(vault, "Lò Thị Mai", person="s-1")
    assert await vault.search("Mai") == []
    assert [row["tokens"] for row in await records(database)] == [None]


async def test_a_text_of_more_words_than_tokens_are_kept_is_found_by_those_that_are(vault: DatabaseVault) -> None:
    words = [f"từ{n}" for n in range(MOST_TOKENS + 100)]
    long = await keep(vault, " ".join(words))
    assert await vault.search(f"{words[0]} {words[MOST_TOKENS - 1]}") == [long]
    assert await vault.search(words[MOST_TOKENS]) == []
    await vault.rotate_master_key()
    assert await vault.search(f"{words[0]} {words[MOST_TOKENS - 1]}") == [long]
    await vault.erase_record(long)
    assert await vault.search(words[0]) == []


@pytest.mark.parametrize("rotations", [1, 2])
async def test_a_text_is_found_although_a_rotation_ends_while_it_is_looked_for(
    vault: DatabaseVault, beside: DatabaseVault, monkeypatch: pytest.MonkeyPatch, rotations: int
) -> None:
    ref = await keep(vault, "sạt lở")
    look, left = vault._tables.search, [None] * rotations

    async def look_late(*asked: object) -> list[str]:
        if left:
            left.pop()
            await beside.rotate_master_key()
        return await look(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(vault._tables, "search", look_late)
    assert await vault.search("sat lo") == [ref]
