"""Texts come back verbatim, once for each reference, only to their tenant, and never changed unnoticed."""

import pytest
from sqlalchemy import text, update

from shared.database import Database
from shared.ids import SeededIds
from shared.vault.keyring import FileKeyring, MemoryKeyring
from shared.vault.port import PersonErased, VaultDamaged
from shared.vault.schema import PERSON, RECORD
from shared.vault.sealing import BUCKET_BYTES
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import WORDS, again, keep, keep_many, read, records, vault_on


@pytest.mark.parametrize("text", [WORDS, "Đề nghị", "a\r\n\tb", "a\0b", "", "𝕏 👩‍👩‍👧", "x" * 20_000])
@pytest.mark.parametrize("person", [None, "s-1"])
async def test_a_text_comes_back_verbatim(vault: DatabaseVault, text: str, person: str | None) -> None:
    assert await read(vault, await keep(vault, text, person=person)) == text


async def test_what_one_process_puts_another_opens(vault: DatabaseVault, beside: DatabaseVault) -> None:
    words, name = await keep(vault), await keep(vault, "Lò Thị Mai", command="c-2", person="s-1")
    contact = await keep(beside, "0912", command="c-3", person="s-1")
    opened = await beside.open_many([words, name, contact], reader="p", purpose="t")
    assert opened == {words: WORDS, name: "Lò Thị Mai", contact: "0912"}


async def test_putting_again_changes_nothing(vault: DatabaseVault) -> None:
    entry = vault.seal("c-1", "words", WORDS)
    await vault.put([entry])
    await vault.put([entry, vault.seal("c-1", "note", "thêm")])
    assert await read(vault, entry.sealed.ref) == WORDS


async def test_a_put_for_an_erased_person_stores_nothing_and_the_puts_beside_it_are_stored(vault: DatabaseVault) -> None:
    await vault.erase_person("s-1")
    refused = [vault.seal("c-1", "words", WORDS), vault.seal("c-1", "name", "Lò Thị Mai", person="s-1")]
    with pytest.raises(PersonErased):
        await vault.put(refused)
    assert await vault.open_many([entry.sealed.ref for entry in refused], reader="p", purpose="t") == {}
    other = await keep(vault, command="c-2", person="s-2")
    assert await read(vault, other) == WORDS


async def test_the_digest_tells_nothing_without_its_salt(vault: DatabaseVault) -> None:
    one, two = vault.seal("c-1", "words", WORDS), vault.seal("c-2", "words", WORDS)
    assert one.sealed.digest != two.sealed.digest
    assert one.sealed.ref != two.sealed.ref


def test_a_seeded_vault_seals_the_same_twice() -> None:
    database, keyring = Database("sqlite+aiosqlite://"), MemoryKeyring({"m1": b"k" * 32}, "m1")
    one = vault_on(database, keyring, ids=SeededIds("s")).seal("c-1", "words", WORDS)
    two = vault_on(database, keyring, ids=SeededIds("s")).seal("c-1", "words", WORDS)
    assert one == two


async def test_an_unknown_reference_is_said_to_be_unknown(vault: DatabaseVault) -> None:
    with pytest.raises(KeyError):
        await read(vault, "0" * 32)
    assert await vault.open_many(["0" * 32], reader="p", purpose="t") == {}


async def test_five_thousand_texts_are_opened_at_once_and_no_more(vault: DatabaseVault) -> None:
    kept = await keep_many(vault, 1_200)
    unknown = [f"{n:032x}" for n in range(3_800)]
    assert await vault.open_many([*kept, *unknown], reader="p", purpose="t") == kept
    with pytest.raises(ValueError, match="at most 5000"):
        await vault.open_many([*kept, *unknown, "f" * 32], reader="p", purpose="t")


async def test_another_tenant_sees_nothing(database: Database, vault: DatabaseVault, keyring: FileKeyring) -> None:
    ref = await keep(vault)
    elsewhere = again(database, "laichau")
    other = vault_on(elsewhere, keyring, tenant="laichau")
    assert await other.open_many([ref], reader="p", purpose="t") == {}
    assert await other.search("sạt lở") == []
    assert await vault.accesses() == []
    with pytest.raises(KeyError):
        await other.erase_record(ref)
    await elsewhere.close()


async def test_a_name_of_any_length_is_sealed_into_as_many_bytes(database: Database, vault: DatabaseVault) -> None:
    for n, name in enumerate(["", "Ba", "Lò Thị Mai", "Nguyễn Hoàng Bảo"]):
        await keep(vault, name, command=f"c-{n}", person="s-1")
    assert len({len(row["sealed"]) for row in await records(database)}) == 1
    await keep(vault, "x" * BUCKET_BYTES, command="long")
    assert len({len(row["sealed"]) for row in await records(database)}) == 2


@pytest.mark.parametrize("at", [0, 12, -1])
@pytest.mark.parametrize("column", ["sealed", "wrapped_key"])
async def test_a_changed_byte_is_noticed_and_named(database: Database, vault: DatabaseVault, column: str, at: int) -> None:
    sound, ref = await keep(vault, command="c-1"), await keep(vault, command="c-2")
    [row] = await records(database, [ref])
    changed = bytearray(row[column])
    changed[at] ^= 1
    async with database.write() as connection:
        await connection.execute(update(RECORD).where(RECORD.c.ref == ref).values({column: bytes(changed)}))
    with pytest.raises(VaultDamaged, match=ref):
        await read(vault, ref)
    assert await read(vault, sound) == WORDS


async def test_a_text_does_not_open_in_anothers_place(database: Database, vault: DatabaseVault) -> None:
    one, two = await keep(vault, "được", command="c-1"), await keep(vault, "không được", command="c-2")
    [moved] = await records(database, [two])
    async with database.write() as connection:
        values = {"sealed": moved["sealed"], "wrapped_key": moved["wrapped_key"]}
        await connection.execute(update(RECORD).where(RECORD.c.ref == one).values(values))
    with pytest.raises(VaultDamaged, match=one):
        await read(vault, one)


async def test_a_persons_key_does_not_open_under_another_persons_name(database: Database, vault: DatabaseVault) -> None:
    ref = await keep(vault, "Lò Thị Mai", person="s-1")
    await keep(vault, "Cầm Văn Ba", command="c-2", person="s-2")
    async with database.write() as connection:
        await connection.execute(text("delete from person where person = 's-1'"))
        await connection.execute(update(PERSON).where(PERSON.c.person == "s-2").values(person="s-1"))
    with pytest.raises(VaultDamaged, match="s-1"):
        await read(vault, ref)
