"""One tenant's files: what comes back, what lies on the disk, who read it, and what is left of one that was erased."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import migrations
from shared.blobs.place import Place, at, in_memory
from shared.blobs.refusals import NoPlaceForFiles
from shared.blobs.store import BlobDamaged, BlobGone, Blobs, Stored
from shared.clock import ScriptClock
from shared.database import Database
from shared.ids import Ids, RandomIds, SeededIds
from shared.keys import KeyedHash
from shared.vault.keyring import FileKeyring
from shared.vault.port import PersonErased
from shared.vault.store import DatabaseVault
from tests.shared.blobs.files import PDF, png

KEYED = KeyedHash(b"h" * 32)
CLOCK = ScriptClock(datetime(2023, 1, 9, tzinfo=UTC))
LETTER = PDF + "Đơn của bà Lò Thị A, bản Mòng".encode() * 50


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'vault.db'}")
    await migrations.upgrade(made, "vault")
    yield made
    await made.close()


Make = Callable[..., Blobs]


@pytest.fixture(params=["folder", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return at(tmp_path / "blobs") if request.param == "folder" else in_memory()


@pytest.fixture
def vault(database: Database, tmp_path: Path) -> DatabaseVault:
    return vault_of("sonla", database, tmp_path, RandomIds())


def vault_of(tenant: str, database: Database, path: Path, ids: Ids) -> DatabaseVault:
    return DatabaseVault(tenant, database, FileKeyring.make(path / "keyring.json", ids), keyed=KEYED, ids=ids, clock=CLOCK)


def blobs_of(place: Place | None, vault: DatabaseVault, tenant: str = "sonla", ids: Ids | None = None) -> Blobs:
    return Blobs(place, tenant=tenant, vault=vault, keyed=KEYED, ids=ids or RandomIds())


@pytest.fixture
def blobs(place: Place, vault: DatabaseVault) -> Blobs:
    return blobs_of(place, vault)


def written(path: Path) -> bytes:
    """Everything that stands in any file."""
    return b"".join(file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file())


async def test_a_file_comes_back_byte_for_byte(blobs: Blobs) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    assert stored == Stored(blobs.address(LETTER), "pdf", len(LETTER))
    assert await blobs.stored(stored.address) == stored
    opened = await blobs.open(stored.address, reader="p-1", purpose="read_attachment")
    assert (opened.media, opened.content) == ("pdf", LETTER)


async def test_a_file_of_one_byte_and_a_large_one_come_back(blobs: Blobs) -> None:
    for content in (b"a", secrets.token_bytes(3 * 1024 * 1024)):
        stored = await blobs.put(content, "txt", command_id=f"c-{len(content)}")
        assert (await blobs.open(stored.address, reader="p", purpose="t")).content == content


async def test_every_opening_is_written_down_in_the_vault(blobs: Blobs, vault: DatabaseVault) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    await blobs.open(stored.address, reader="p-1", purpose="read_attachment case-1")
    assert [(each["reader"], each["purpose"]) for each in await vault.accesses()] == [("p-1", "read_attachment case-1")]


async def test_the_same_file_lies_there_once_and_opens_whoever_brought_it(blobs: Blobs, place: Place) -> None:
    one = await blobs.put(LETTER, "pdf", command_id="c-1")
    assert await blobs.put(LETTER, "pdf", command_id="c-2") == one
    assert [lying.name async for lying in place.lying("sonla")] == [f"sonla/{one.address[:2]}/{one.address}"]
    assert (await blobs.open(one.address, reader="p", purpose="t")).content == LETTER


async def test_the_same_file_stored_at_the_same_moment_opens(place: Place, vault: DatabaseVault) -> None:
    several = [blobs_of(place, vault) for _ in range(4)]
    stored = await asyncio.gather(*(each.put(LETTER, "pdf", command_id=f"c-{n}") for n, each in enumerate(several)))
    assert len(set(stored)) == 1
    assert (await several[0].open(stored[0].address, reader="p", purpose="t")).content == LETTER


async def test_equal_files_of_two_tenants_do_not_tell_of_each_other(
    place: Place, vault: DatabaseVault, database: Database, tmp_path: Path
) -> None:
    ours = blobs_of(place, vault)
    theirs = blobs_of(place, vault_of("dienbien", database, tmp_path, RandomIds()), "dienbien")
    stored = await ours.put(LETTER, "pdf", command_id="c-1")
    assert theirs.address(LETTER) != stored.address
    assert await theirs.stored(stored.address) is None
    with pytest.raises(BlobGone):
        await theirs.open(stored.address, reader="p", purpose="t")


async def test_nothing_of_a_file_is_at_rest_in_clear_and_its_name_is_not_its_hash(vault: DatabaseVault, tmp_path: Path) -> None:
    import hashlib

    stored = await blobs_of(at(tmp_path / "blobs"), vault).put(LETTER, "pdf", command_id="c-1")
    everything = written(tmp_path)
    assert b"%PDF" not in everything
    assert "Lò Thị A".encode() not in everything
    assert stored.address != hashlib.sha256(LETTER).hexdigest()
    assert hashlib.sha256(LETTER).hexdigest().encode() not in everything


async def test_after_erasing_and_rotating_no_file_and_no_key_of_it_is_left_anywhere(
    vault: DatabaseVault, database: Database, tmp_path: Path
) -> None:
    ids = SeededIds("tết")
    blobs = blobs_of(at(tmp_path / "blobs"), vault_of("sonla", database, tmp_path, ids), ids=ids)
    kept = await blobs.put(png(), "png", command_id="c-1")
    stored = await blobs.put(LETTER, "pdf", command_id="c-2")
    lying = next(file for file in (tmp_path / "blobs").rglob(stored.address)).read_bytes()
    key = ids.bytes(f"blob-key/{stored.address}", "c-2", 0, 32)

    erasure = await blobs.erase(stored.address)

    assert erasure is not None
    await vault_of("sonla", database, tmp_path, ids).rotate_master_key()
    everything = written(tmp_path)
    for trace in (LETTER[:40], lying[:56], lying[-64:], key, key.hex().encode(), stored.address.encode()[:16] + b".pdf"):
        assert trace not in everything
    assert await blobs.stored(stored.address) is None
    with pytest.raises(BlobGone):
        await blobs.open(stored.address, reader="p", purpose="t")
    assert (await blobs.open(kept.address, reader="p", purpose="t")).content == png()
    assert await blobs.erase(stored.address) is None


async def test_a_backup_of_the_sealed_file_does_not_open_once_its_key_is_erased(blobs: Blobs, place: Place) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    name = f"sonla/{stored.address[:2]}/{stored.address}"
    copy = await place.read(name)
    assert copy is not None
    await blobs.erase(stored.address)
    await place.put(name, copy)
    with pytest.raises(BlobGone):
        await blobs.open(stored.address, reader="p", purpose="t")


async def test_a_file_handed_in_anew_after_it_was_erased_opens_again(blobs: Blobs, place: Place) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    name = f"sonla/{stored.address[:2]}/{stored.address}"
    copy = await place.read(name)
    assert copy is not None
    await blobs.erase(stored.address)
    await place.put(name, copy)  # its bytes came back from a backup, without a key: they do not stand in the way
    await blobs.put(LETTER, "pdf", command_id="c-2")
    assert (await blobs.open(stored.address, reader="p", purpose="t")).content == LETTER


async def test_a_file_whose_key_the_vault_never_heard_of_is_destroyed_all_the_same(
    blobs: Blobs, place: Place, database: Database, tmp_path: Path
) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    (tmp_path / "other").mkdir()
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'other' / 'vault.db'}")
    await migrations.upgrade(other, "vault")
    assert await blobs_of(place, vault_of("sonla", other, tmp_path / "other", RandomIds())).erase(stored.address) is None
    await other.close()
    assert await blobs.stored(stored.address) is None


async def test_a_rotated_master_key_opens_what_lay_there_before(blobs: Blobs, vault: DatabaseVault) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    await vault.rotate_master_key()
    assert (await blobs.open(stored.address, reader="p", purpose="t")).content == LETTER


async def test_a_file_that_hangs_on_a_person_goes_with_the_person(blobs: Blobs, vault: DatabaseVault) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1", person="s-1")
    await vault.erase_person("s-1")
    with pytest.raises(BlobGone):
        await blobs.open(stored.address, reader="p", purpose="t")
    with pytest.raises(PersonErased):
        await blobs.put(LETTER, "pdf", command_id="c-2", person="s-1")


@pytest.mark.parametrize("at_byte", [5, 30, 45, 60, -1])
async def test_a_changed_byte_is_noticed(blobs: Blobs, place: Place, at_byte: int) -> None:
    stored = await blobs.put(LETTER, "pdf", command_id="c-1")
    name = f"sonla/{stored.address[:2]}/{stored.address}"
    lying = bytearray(await place.read(name) or b"")
    lying[at_byte] ^= 1
    await place.put(name, bytes(lying), replace=True)
    with pytest.raises((BlobDamaged, BlobGone)):
        await blobs.open(stored.address, reader="p", purpose="t")


async def test_a_file_moved_to_another_s_name_does_not_open_there(blobs: Blobs, place: Place) -> None:
    one = await blobs.put(LETTER, "pdf", command_id="c-1")
    other = await blobs.put(png(), "png", command_id="c-2")
    lying = await place.read(f"sonla/{one.address[:2]}/{one.address}")
    assert lying is not None
    await place.put(f"sonla/{other.address[:2]}/{other.address}", lying, replace=True)
    with pytest.raises(BlobDamaged):
        await blobs.open(other.address, reader="p", purpose="t")


async def test_files_that_nothing_refers_to_are_swept_when_they_are_old_enough(blobs: Blobs) -> None:
    wanted = await blobs.put(LETTER, "pdf", command_id="c-1")
    loose = await blobs.put(png(), "png", command_id="c-2")

    async def known(addresses: Sequence[str]) -> AbstractSet[str]:
        return {wanted.address} & set(addresses)

    now = datetime.now(UTC)
    assert await blobs.sweep(known, now - timedelta(hours=1)) == 0
    assert await blobs.sweep(known, now + timedelta(hours=1)) == 1
    assert await blobs.stored(loose.address) is None
    assert await blobs.stored(wanted.address) == wanted


async def test_what_lies_in_a_former_room_is_found_and_erased_there_and_not_swept(blobs: Blobs, place: Place) -> None:
    former = blobs.apart("papers")
    old = await former.put(LETTER, "pdf", command_id="c-1")
    moved = blobs.apart("papers-of-one", formerly="papers")
    assert (await moved.open(old.address, reader="p", purpose="t")).content == LETTER
    assert await moved.put(LETTER, "pdf", command_id="c-2") == old

    async def nothing(_addresses: Sequence[str]) -> AbstractSet[str]:
        return frozenset()

    assert await moved.sweep(nothing, datetime.now(UTC) + timedelta(hours=1)) == 0
    assert await moved.erase(old.address) is not None
    assert await former.stored(old.address) is None


async def test_an_installation_that_names_no_place_says_what_to_set(vault: DatabaseVault) -> None:
    blobs = blobs_of(None, vault)
    with pytest.raises(NoPlaceForFiles):
        await blobs.put(LETTER, "pdf", command_id="c-1")
    with pytest.raises(NoPlaceForFiles):
        await blobs.stored(blobs.address(LETTER))
