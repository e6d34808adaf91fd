"""What is erased is gone for good: from the vault at once, from old copies with the next rotation."""

import asyncio
import shutil
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from shared.clock import ScriptClock, micros
from shared.database import Database
from shared.vault.keyring import FileKeyring, KeyUnknown, given
from shared.vault.port import ERASED, PersonErased
from shared.vault.schema import PERSON, RECORD
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import DAY, WORDS, keep, keep_many, persons, read, records, vault_on

NAME = "Lò Thị Mai"


async def test_an_erased_text_opens_as_erased_and_is_found_no_more(vault: DatabaseVault) -> None:
    gone, stays = await keep(vault, command="c-1"), await keep(vault, command="c-2")
    await vault.erase_record(gone)
    assert await vault.open_many([gone, stays], reader="p", purpose="t") == {gone: ERASED, stays: WORDS}
    assert await vault.search("sạt lở") == [stays]
    with pytest.raises(KeyError):
        await vault.erase_record("0" * 32)


async def test_an_erased_person_takes_everything_along_and_can_never_come_back(vault: DatabaseVault) -> None:
    name = await keep(vault, NAME, command="c-1", person="s-1")
    contact = await keep(vault, "0912", command="c-2", person="s-1")
    other = await keep(vault, "Cầm Văn Ba", command="c-3", person="s-2")
    assert (await vault.erase_person("s-1")).records == 2
    opened = await vault.open_many([name, contact, other], reader="p", purpose="t")
    assert opened == {name: ERASED, contact: ERASED, other: "Cầm Văn Ba"}
    with pytest.raises(PersonErased):
        await keep(vault, NAME, command="c-4", person="s-1")


async def test_a_person_who_was_never_here_can_be_kept_out(vault: DatabaseVault) -> None:
    assert (await vault.erase_person("s-9")).records == 0
    with pytest.raises(PersonErased):
        await keep(vault, NAME, person="s-9")


async def test_an_erased_text_that_is_put_again_stays_erased(vault: DatabaseVault, clock: ScriptClock) -> None:
    """A retry may come late: after a sweep has doubted the text, and after it was erased."""
    entry = vault.seal("c-1", "words", WORDS, searchable=True)
    await vault.put([entry])
    assert await vault.sweep_orphans(_nothing, micros(clock.now()) + 1) == 0
    await vault.erase_record(entry.sealed.ref)
    await vault.put([entry])
    assert await read(vault, entry.sealed.ref) is ERASED
    assert await vault.search("sạt lở") == []


async def test_the_certificate_is_complete_once_the_master_key_of_its_day_is_gone(vault: DatabaseVault) -> None:
    ref = await keep(vault)
    await keep(vault, NAME, command="c-2", person="s-1")
    given_out = [await vault.erase_record(ref), await vault.erase_person("s-1")]
    assert [(each.subject, each.records, each.at) for each in given_out] == [(ref, 1, micros(DAY)), ("s-1", 1, micros(DAY))]
    assert all(each.master_keys == ("m1",) and not each.complete and "rotate" in each.advice for each in given_out)
    assert await vault.erasures() == given_out

    await vault.rotate_master_key()
    later = await keep(vault, command="c-3")
    await vault.erase_record(later)
    assert [(each.subject, each.complete) for each in await vault.erasures()] == [(ref, True), ("s-1", True), (later, False)]
    assert [each.complete for each in await vault.erasures("s-1")] == [True]
    assert "nothing is left" in (await vault.erasures(ref))[0].advice


async def test_erasing_again_gives_the_first_certificate(vault: DatabaseVault, clock: ScriptClock) -> None:
    ref, name = await keep(vault), await keep(vault, NAME, command="c-2", person="s-1")
    of_text, of_person = await vault.erase_record(ref), await vault.erase_person("s-1")
    clock.move_to(DAY.replace(year=2024))
    assert await vault.erase_record(ref) == of_text
    assert await vault.erase_person("s-1") == of_person
    assert await vault.erase_record(name) == of_person  # it went with the person
    assert len(await vault.erasures()) == 2


async def test_an_erasure_in_the_middle_of_a_rotation_waits_for_both_keys(vault: DatabaseVault, keyring: FileKeyring) -> None:
    ref = await keep(vault)
    keyring.add("m2", b"2" * 32)
    assert (await vault.erase_record(ref)).master_keys == ("m1", "m2")
    await vault.rotate_master_key()
    assert [each.complete for each in await vault.erasures()] == [True]


async def test_a_certificate_waits_for_whoever_holds_the_old_key_to_give_it_up(database: Database) -> None:
    old, new = "o" * 32, "n" * 32
    vault = vault_on(database, given(old))
    await vault.erase_record(await keep(vault))
    beside_old = vault_on(database, given(f"{new} {old}"))
    await beside_old.rotate_master_key()
    assert [each.complete for each in await beside_old.erasures()] == [False]
    assert [each.complete for each in await vault_on(database, given(new)).erasures()] == [True]


async def test_whoever_is_erased_while_texts_are_put_leaves_none_that_opens(
    database: Database, vault: DatabaseVault, beside: DatabaseVault
) -> None:
    async def put(person: str) -> None:
        with suppress(PersonErased):
            for n in range(8):
                await keep(beside, NAME, command=f"{person}/{n}", person=person)

    people = [f"s-{n}" for n in range(12)]
    putting = [asyncio.create_task(put(person)) for person in people]
    await asyncio.sleep(0.02)
    for person in people:
        await vault.erase_person(person)
    await asyncio.gather(*putting)
    kept = await records(database)
    assert [row["ref"] for row in kept if row["sealed"] is not None or row["wrapped_key"] is not None] == []
    assert [row["wrapped_key"] for row in await persons(database)] == [None] * len(people)


@pytest.mark.servers
async def test_a_put_that_meets_an_erasure_halfway_is_refused_alone(
    on_postgres: Database, vault_on_postgres: DatabaseVault
) -> None:
    """It found the person's key, and waits for the transaction that destroys it."""
    vault = vault_on_postgres
    await keep(vault, NAME, command="c-1", person="s-1")
    await keep(vault, command="c-0", person="s-2")
    async with on_postgres.write() as connection:
        await connection.execute(update(PERSON).where(PERSON.c.person == "s-1").values(wrapped_key=None))
        put = asyncio.create_task(keep(vault, NAME, command="c-2", person="s-1"))
        other = asyncio.create_task(keep(vault, command="c-3", person="s-2"))
        await asyncio.sleep(0.3)
        assert not put.done()
    with pytest.raises(PersonErased):
        await put
    assert await read(vault, await other) == WORDS


@pytest.mark.parametrize("person", [None, "s-1"])
async def test_a_copy_of_an_erased_text_does_not_open_after_the_next_rotation(
    database: Database, vault: DatabaseVault, person: str | None
) -> None:
    """Not even put back beside the present keys, nor the key of a person who lives on."""
    ref = await keep(vault, person=person)
    [copied] = await records(database, [ref])
    await vault.erase_record(ref)

    async def put_back() -> None:
        async with database.write() as connection:
            columns = ("wrapped_key", "sealed", "master")
            await connection.execute(update(RECORD).where(RECORD.c.ref == ref).values({name: copied[name] for name in columns}))

    await put_back()
    assert await read(vault, ref) == WORDS  # which is why the certificate is not complete before
    await vault.erase_record(ref)
    async with database.write() as connection:
        await connection.execute(update(RECORD).values(wrapped_key=None, sealed=None))
    await vault.rotate_master_key()
    await put_back()
    with pytest.raises(KeyUnknown):
        await read(vault, ref)


async def test_a_copy_of_an_erased_persons_key_does_not_open_after_the_next_rotation(
    database: Database, vault: DatabaseVault
) -> None:
    ref = await keep(vault, NAME, person="s-1")
    copied, keys = await records(database), await persons(database)
    await vault.erase_person("s-1")
    await vault.rotate_master_key()
    async with database.write() as connection:
        await connection.execute(RECORD.delete())
        await connection.execute(PERSON.delete())
        await connection.execute(insert(RECORD), [dict(row) for row in copied])
        await connection.execute(insert(PERSON), [dict(row) for row in keys])
    with pytest.raises(KeyUnknown):
        await read(vault, ref)


async def test_after_erasure_and_rotation_no_file_holds_words_keys_or_tokens(on_sqlite: Database, tmp_path: Path) -> None:
    """The promise of an erasure, checked byte by byte over every file of the directory."""
    home = tmp_path / "home"
    keyring = FileKeyring.make(home / "keyring.json", _Fixed())
    vault = vault_on(on_sqlite, keyring)
    others = await keep_many(vault, 400)
    words, name = await keep(vault, command="c-1"), await keep(vault, NAME, command="c-2", person="s-1")
    erased = await _traces(on_sqlite, [words, name])
    replaced = await _traces(on_sqlite, list(others)[:1], sealed=False)
    master = keyring.key("m1").hex().encode()
    # The check can fail: before, they are all there.
    assert all(_holds(home, trace) for trace in [*erased, *replaced, master])
    assert len(erased) > 20
    shutil.copytree(home, tmp_path / "old")

    await vault.erase_record(words)
    await vault.erase_person("s-1")
    await vault.rotate_master_key()
    assert [trace for trace in [*erased, *replaced, master] if _holds(home, trace)] == []
    for text in (WORDS, NAME):
        assert not _holds(home, text.encode())
        assert not _holds(tmp_path / "old", text.encode())  # never in clear, not even before
    assert await vault.open_many(list(others), reader="p", purpose="t") == others

    stolen = Database(f"sqlite+aiosqlite:///{tmp_path / 'old' / 'vault.db'}")
    for ref in (words, name):
        with pytest.raises(KeyUnknown):
            await read(vault_on(stolen, keyring), ref)
    await stolen.close()


async def _nothing(stored: Sequence[object]) -> frozenset[str]:
    return frozenset()


class _Fixed:
    def bytes(self, purpose: str, command_id: str, n: int = 0, length: int = 16) -> bytes:
        return bytes(range(length))


async def _traces(database: Database, refs: Sequence[str], *, sealed: bool = True) -> list[bytes]:
    """What lies in the file of these texts: wrapped keys, ciphertext if asked, and every search token."""
    found: list[bytes] = []
    for row in await records(database, refs):
        found.append(row["wrapped_key"])
        if sealed:
            found.append(row["sealed"])
        if row["person"] is not None:
            found += [key["wrapped_key"] for key in await persons(database) if key["person"] == row["person"]]
        found += _tokens(row["tokens"])
    return found


def _tokens(packed: Any) -> list[bytes]:
    if packed is None:
        return []
    assert len(packed) > 8
    return [struct.pack(">q", token) for token in struct.unpack(f">{len(packed) // 8}q", packed)]


def _holds(directory: Path, trace: bytes) -> bool:
    return any(trace in path.read_bytes() for path in directory.rglob("*") if path.is_file())
