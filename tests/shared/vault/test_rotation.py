"""A master key takes over from another beside everything else, and nothing is lost or left behind."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text, update

from shared.clock import ScriptClock
from shared.database import Database
from shared.vault import rotation
from shared.vault.keyring import FileKeyring, KeyUnknown, given
from shared.vault.port import VaultDamaged, VaultUnavailable
from shared.vault.schema import RECORD
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import WORDS, again, keep, keep_many, persons, read, records, vault_on

OLD, NEW = "o" * 32, "n" * 32


async def test_after_a_rotation_everything_opens_and_the_old_key_is_gone(
    database: Database, vault: DatabaseVault, keyring: FileKeyring
) -> None:
    words, name = await keep(vault, command="c-1"), await keep(vault, "Mai", command="c-2", person="s-1")
    many = await keep_many(vault, 2 * rotation.BATCH + 30)
    assert await vault.rotate_master_key() == "m2"
    assert await vault.open_many([words, name, *many], reader="p", purpose="t") == {words: WORDS, name: "Mai", **many}
    assert await vault.search("sat lo") == [words]
    with pytest.raises(KeyUnknown):
        keyring.key("m1")
    assert {row["master"] for row in [*await records(database), *await persons(database)]} == {"m2"}
    assert await vault.rotate_master_key() == "m3"


async def test_whoever_watches_hears_of_every_batch(vault: DatabaseVault) -> None:
    await keep(vault, "Mai", command="c-2", person="s-1")
    await keep_many(vault, rotation.BATCH + 30)
    heard: list[tuple[int, int]] = []
    await vault.rotate_master_key(lambda done, total: heard.append((done, total)))
    whole = 2 + rotation.BATCH + 30  # a person's key, and what was said of her
    assert heard == [(1, whole), (1 + rotation.BATCH, whole), (whole, whole)]


async def test_a_rotation_covers_every_tenant(database: Database, vault: DatabaseVault, keyring: FileKeyring) -> None:
    elsewhere = again(database, "laichau")
    other = vault_on(elsewhere, keyring, tenant="laichau")
    words, name = await keep(other), await keep(other, "Mai", command="c-2", person="s-1")
    await vault.rotate_master_key()
    assert await other.open_many([words, name], reader="p", purpose="t") == {words: WORDS, name: "Mai"}
    assert await other.search("sat lo") == [words]
    await elsewhere.close()


async def test_what_is_put_during_a_rotation_lands_under_the_new_key(
    database: Database, vault: DatabaseVault, beside: DatabaseVault, keyring: FileKeyring
) -> None:
    before = await keep_many(vault, 4 * rotation.BATCH)
    before |= await keep_many(vault, rotation.BATCH, person="s-0")
    rotating = asyncio.create_task(vault.rotate_master_key())
    during: dict[str, str] = {}

    async def put(n: int, where: DatabaseVault) -> None:
        for m in range(10_000):
            person = f"s-{n}-{m % 3}" if m % 2 else None
            said = f"đang xoay {n} {m}"
            during[await keep(where, said, command=f"d-{n}-{m}", person=person)] = said
            if rotating.done():
                return

    await asyncio.gather(put(1, vault), put(2, beside), put(3, beside))
    assert await rotating == "m2"
    assert keyring.ids == {"m2"}
    assert {row["master"] for row in [*await records(database), *await persons(database)]} == {"m2"}
    assert await beside.open_many([*before, *during], reader="p", purpose="t") == before | during
    searchable = {row["ref"] for row in await records(database, list(during)) if row["person"] is None}
    assert set(await beside.search("dang xoay", limit=10_000)) == searchable


async def test_texts_open_and_are_found_all_through_a_rotation(vault: DatabaseVault, beside: DatabaseVault) -> None:
    many = await keep_many(vault, 3 * rotation.BATCH)
    rotating = asyncio.create_task(vault.rotate_master_key())
    while not rotating.done():
        assert await beside.open_many(list(many), reader="p", purpose="t") == many
        assert set(await beside.search("y kien so", limit=1_000)) == set(many)
    try:
        await rotating
    except VaultUnavailable:  # whoever reads without a pause may hold the old pages: it says to rotate again
        await vault.rotate_master_key()
    assert await beside.open_many(list(many), reader="p", purpose="t") == many


async def test_a_rotation_that_was_cut_short_is_begun_again(
    vault: DatabaseVault, keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = await keep_many(vault, 3 * rotation.BATCH) | await keep_many(vault, 3, person="s-1")
    whole, left = rotation._Rotating._rewrapped, [None] * (rotation.BATCH + 10)

    def cut(self: Any, *row: Any) -> Any:
        left.pop()
        return whole(self, *row)

    monkeypatch.setattr(rotation._Rotating, "_rewrapped", cut)
    with pytest.raises(IndexError):
        await vault.rotate_master_key()
    monkeypatch.undo()
    assert keyring.ids == {"m1", "m2"}
    assert await vault.open_many(list(many), reader="p", purpose="t") == many
    assert len(await vault.search("so 1 y kien", limit=1_000)) == 1
    assert await vault.rotate_master_key() == "m3"
    assert keyring.ids == {"m3"}
    assert await vault.open_many(list(many), reader="p", purpose="t") == many


async def test_of_two_rotations_at_once_the_later_does_the_work_and_nothing_is_lost(
    vault: DatabaseVault, beside: DatabaseVault, keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second passes every text while the first stands still, and then destroys the key of the first."""
    many = await keep_many(vault, 2 * rotation.BATCH)
    begun, passed = asyncio.Event(), asyncio.Event()
    records, compact = rotation._Rotating.records, beside._tables.compact

    async def stand_still(self: Any) -> None:
        if self._new == "m2":
            begun.set()
            await passed.wait()
        await records(self)

    async def let_the_first_go_on(*, whole: bool) -> bool:
        passed.set()
        await asyncio.wait([first])
        return await compact(whole=whole)

    monkeypatch.setattr(rotation._Rotating, "records", stand_still)
    monkeypatch.setattr(beside._tables, "compact", let_the_first_go_on)
    first = asyncio.create_task(vault.rotate_master_key())
    await begun.wait()
    assert await beside.rotate_master_key() == "m3"
    with pytest.raises(VaultUnavailable, match="another rotation"):
        await first
    assert keyring.ids == {"m3"}
    assert await vault.open_many(list(many), reader="p", purpose="t") == many


async def test_a_key_that_is_given_first_takes_over_and_the_old_one_is_needed_until_it_is_taken_out(database: Database) -> None:
    before = vault_on(database, given(OLD))
    words, name = await keep(before), await keep(before, "Mai", command="c-2", person="s-1")
    both = given(f"{NEW}\n{OLD}\n")
    rotated = vault_on(database, both)
    new = await keep(rotated, "mới", command="c-3")
    with pytest.raises(KeyUnknown):
        await read(vault_on(database, given(NEW)), words)
    assert set(await rotated.search("sat lo")) == {words}

    assert await rotated.rotate_master_key() == both.current
    assert both.ids == given(OLD).ids | given(NEW).ids  # they are not ours to destroy
    after = vault_on(database, given(NEW))
    assert await after.open_many([words, name, new], reader="p", purpose="t") == {words: WORDS, name: "Mai", new: "mới"}
    assert await after.search("sat lo") == [words]
    assert await after.rotate_master_key() == both.current  # nothing is left to do, and nothing is done


async def test_a_process_that_was_not_given_the_new_key_puts_nothing_more(database: Database) -> None:
    left_behind = vault_on(database, given(OLD))
    await keep(left_behind)
    await vault_on(database, given(f"{NEW} {OLD}")).rotate_master_key()
    with pytest.raises(VaultUnavailable, match="retired"):
        await keep(left_behind, command="c-2")
    with pytest.raises(VaultUnavailable, match="retired"):
        await keep(left_behind, command="c-3", person="s-1")


async def test_a_key_that_is_put_first_again_takes_over_again(database: Database) -> None:
    """A new key that got lost before every process had it: the old one is put back in front."""
    forth, back = vault_on(database, given(f"{NEW} {OLD}")), vault_on(database, given(f"{OLD} {NEW}"))
    ref = await keep(vault_on(database, given(OLD)))
    await forth.rotate_master_key()
    await back.rotate_master_key()
    only = vault_on(database, given(OLD))
    assert await read(only, ref) == WORDS
    assert await read(only, await keep(only, command="c-2")) == WORDS


async def test_a_text_that_is_damaged_is_named_and_holds_the_old_key_until_it_is_erased(
    database: Database, vault: DatabaseVault, keyring: FileKeyring
) -> None:
    many, damaged = await keep_many(vault, 5), await keep(vault)
    async with database.write() as connection:
        await connection.execute(update(RECORD).where(RECORD.c.ref == damaged).values(sealed=b"\0" * 64))
    with pytest.raises(VaultDamaged, match=damaged):
        await vault.rotate_master_key()
    assert "m1" in keyring.ids
    await vault.erase_record(damaged)
    await vault.rotate_master_key()
    assert "m1" not in keyring.ids
    assert await vault.open_many(list(many), reader="p", purpose="t") == many


async def test_the_old_key_is_kept_while_somebody_reads_what_was(
    on_sqlite: Database, keyring: FileKeyring, clock: ScriptClock
) -> None:
    """A backup under way would copy texts that no key opens any more; and old pages cannot be blanked beside it."""
    vault, backup = vault_on(on_sqlite, keyring, clock=clock), again(on_sqlite)
    ref = await keep(vault)
    async with backup.stream() as reading:
        await reading.execute(select(RECORD.c.n))
        rotating = asyncio.create_task(vault.rotate_master_key())
        with pytest.raises(VaultUnavailable, match="rotate again"):
            await rotating
        assert keyring.ids == {"m1", "m2"}
        # Nor does whoever writes wait for it, longer than a moment.
        async with asyncio.timeout(10):
            await asyncio.gather(vault.erase_record(ref), keep(vault, command="c-2"))
    await backup.close()
    assert await vault.rotate_master_key() == "m3"
    assert keyring.ids == {"m3"}
    assert [each.complete for each in await vault.erasures()] == [True]


async def test_a_rotation_leaves_no_token_behind_and_doubles_none(on_sqlite: Database, keyring: FileKeyring) -> None:
    vault = vault_on(on_sqlite, keyring)
    await keep_many(vault, 30)

    async def tokens() -> int:
        async with on_sqlite.read() as connection:
            return int((await connection.execute(text("select count(*) from token"))).scalar_one())

    before = await tokens()
    await vault.rotate_master_key()
    assert await tokens() == before > 0
