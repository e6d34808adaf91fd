"""The vault on SQLite and PostgreSQL: verbatim, logged, searchable, and gone when it is to be gone."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared import migrations
from shared.clock import ScriptClock, micros
from shared.database import Database
from shared.ids import Ids, RandomIds, SeededIds
from shared.keys import KeyedHash
from shared.vault.keyring import FileKeyring, KeyUnknown
from shared.vault.port import ERASED, PersonErased
from shared.vault.store import DatabaseVault
from tests.support.postgres import app_url, owner_url

KEYED = KeyedHash(b"h" * 32)
CLOCK = ScriptClock(datetime(2023, 1, 9, tzinfo=UTC))
WORDS = "Đường vào bản bị sạt lở từ mùa mưa năm trước, xe cấp cứu không vào được."


def vault_on(database: Database, keyring: Path, ids: Ids | None = None, tenant: str = "sonla") -> DatabaseVault:
    ring = FileKeyring.make(keyring, RandomIds())
    return DatabaseVault(tenant, database, ring, keyed=KEYED, ids=ids or RandomIds(), clock=CLOCK)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'vault.db'}")
        await migrations.upgrade(database, "vault")
    else:
        address, name = await asyncio.to_thread(
            lambda: (request.getfixturevalue("postgres"), request.getfixturevalue("database_name"))
        )
        owner = Database(owner_url(address, name))
        await migrations.upgrade(owner, "vault")
        await owner.close()
        database = Database(app_url(address, name))
    yield database
    await database.close()


@pytest.fixture
def vault(database: Database, tmp_path: Path) -> DatabaseVault:
    return vault_on(database, tmp_path / "keyring.json")


async def keep(vault: DatabaseVault, text: str = WORDS, *, command: str = "c-1", person: str | None = None) -> str:
    entry = vault.seal(command, "receive_opinion.words", text, person=person, searchable=person is None)
    await vault.put([entry])
    return entry.sealed.ref


@pytest.mark.parametrize("text", [WORDS, "Đề nghị", "a\r\n\tb", "𝕏 👩‍👩‍👧", "x" * 20_000])
async def test_a_text_comes_back_verbatim(vault: DatabaseVault, text: str) -> None:
    assert await vault.open(await keep(vault, text), reader="p-1", purpose="classify") == text


async def test_putting_again_changes_nothing(vault: DatabaseVault) -> None:
    entry = vault.seal("c-1", "words", WORDS)
    await vault.put([entry])
    await vault.put([entry, vault.seal("c-1", "note", "thêm")])
    assert await vault.open(entry.sealed.ref, reader="p", purpose="t") == WORDS


async def test_the_digest_tells_nothing_without_its_salt(vault: DatabaseVault) -> None:
    one, two = vault.seal("c-1", "words", WORDS), vault.seal("c-2", "words", WORDS)
    assert one.sealed.digest != two.sealed.digest
    assert one.sealed.ref != two.sealed.ref


def test_a_seeded_vault_seals_the_same_twice(tmp_path: Path) -> None:
    database = Database("sqlite+aiosqlite://")
    one = vault_on(database, tmp_path / "k", SeededIds("s")).seal("c-1", "words", WORDS)
    two = vault_on(database, tmp_path / "k", SeededIds("s")).seal("c-1", "words", WORDS)
    assert one == two


async def test_an_unknown_reference_is_said_to_be_unknown(vault: DatabaseVault) -> None:
    with pytest.raises(KeyError):
        await vault.open("0" * 32, reader="p", purpose="t")
    assert await vault.open_many(["0" * 32], reader="p", purpose="t") == {}


async def test_every_opening_is_written_down_a_list_as_one_access_that_names_all(vault: DatabaseVault) -> None:
    refs = [await keep(vault, f"ý kiến {n}", command=f"c-{n}") for n in range(3)]
    await vault.open_many(refs, reader="p-hub", purpose="list of opinions")
    await vault.open(refs[0], reader="p-chief", purpose="assign")
    log = sorted(await vault.accesses(), key=lambda line: len(line["refs"]))
    assert [(line["reader"], line["purpose"], line["refs"]) for line in log] == [
        ("p-chief", "assign", refs[:1]),
        ("p-hub", "list of opinions", refs),
    ]


async def test_a_search_finds_words_without_their_marks_and_neighbours_first(vault: DatabaseVault) -> None:
    apart = await keep(vault, "Bản tôi, sạt núi, lở sông", command="c-1")
    beside = await keep(vault, "ĐƯỜNG BỊ SẠT LỞ", command="c-2")
    await keep(vault, "Điện yếu", command="c-3")
    assert await vault.search("sat lo") == [beside, apart]
    assert await vault.search("Sạt lở") == [beside, apart]
    assert await vault.search("điện nước") == []
    assert await vault.search("  ,. ") == []


async def test_names_are_not_searchable(vault: DatabaseVault) -> None:
    await keep(vault, "Lò Thị Mai", person="s-1")
    assert await vault.search("Mai") == []


async def test_an_erased_text_opens_as_erased_and_is_found_no_more(vault: DatabaseVault) -> None:
    gone, stays = await keep(vault, command="c-1"), await keep(vault, command="c-2")
    certificate = await vault.erase_record(gone)
    assert (certificate.records, certificate.complete) == (1, False)
    assert "rotate" in certificate.advice
    assert await vault.open_many([gone, stays], reader="p", purpose="t") == {gone: ERASED, stays: WORDS}
    assert await vault.search("sạt lở") == [stays]


async def test_an_erased_person_takes_everything_along_and_can_never_come_back(vault: DatabaseVault) -> None:
    name = await keep(vault, "Lò Thị Mai", command="c-1", person="s-1")
    contact = await keep(vault, "0912", command="c-2", person="s-1")
    other = await keep(vault, "Cầm Văn Ba", command="c-3", person="s-2")
    assert (await vault.erase_person("s-1")).records == 2
    opened = await vault.open_many([name, contact, other], reader="p", purpose="t")
    assert opened == {name: ERASED, contact: ERASED, other: "Cầm Văn Ba"}
    with pytest.raises(PersonErased):
        await keep(vault, "Lò Thị Mai", command="c-4", person="s-1")


async def test_after_a_rotation_everything_opens_and_the_old_key_is_gone(vault: DatabaseVault) -> None:
    words, name = await keep(vault, command="c-1"), await keep(vault, "Mai", command="c-2", person="s-1")
    many = [await keep(vault, f"ý {n}", command=f"d-{n}") for n in range(30)]
    assert await vault.rotate_master_key() == "m2"
    assert await vault.open_many([words, name], reader="p", purpose="t") == {words: WORDS, name: "Mai"}
    assert len(await vault.open_many(many, reader="p", purpose="t")) == 30
    with pytest.raises(KeyUnknown):
        vault._keyring.key("m1")
    assert await vault.rotate_master_key() == "m3"


async def test_texts_of_commands_that_never_happened_are_swept(vault: DatabaseVault) -> None:
    done, orphan = await keep(vault, command="done"), await keep(vault, command="orphan")
    kept = vault.seal("feed", "body", "parked")
    await vault.put([kept], kept=True)

    async def known(commands: Sequence[str]) -> AbstractSet[str]:
        return {"done"} & set(commands)

    assert await vault.sweep_orphans(known, micros(CLOCK.now())) == 0  # not older than now: an append may still follow
    assert await vault.sweep_orphans(known, micros(CLOCK.now()) + 1) == 1
    opened = await vault.open_many([done, orphan, kept.sealed.ref], reader="p", purpose="t")
    assert opened == {done: WORDS, kept.sealed.ref: "parked"}
    assert await vault.sweep_orphans(known, micros(CLOCK.now()) + 1) == 0


async def test_another_tenant_sees_nothing(database: Database, vault: DatabaseVault, tmp_path: Path) -> None:
    ref = await keep(vault)
    other = vault_on(database, tmp_path / "keyring.json", tenant="laichau")
    assert await other.open_many([ref], reader="p", purpose="t") == {}
    assert await other.search("sạt lở") == []


async def test_after_erasure_and_rotation_no_file_holds_words_wrapped_key_or_tokens(tmp_path: Path) -> None:
    """The promise of an erasure, checked byte by byte over every file of the directory."""
    home = tmp_path / "home"
    home.mkdir()
    database = Database(f"sqlite+aiosqlite:///{home / 'vault.db'}")
    await migrations.upgrade(database, "vault")
    vault = vault_on(database, home / "keyring.json")
    for n in range(40):
        await keep(vault, f"ý kiến khác {n}", command=f"o-{n}")
    words = await keep(vault, command="c-1")
    name = await keep(vault, "Lò Thị Mai", command="c-2", person="s-1")
    traces = await _traces(database, (words, name))
    assert all(_holds(home, trace) for trace in traces)  # the check can fail: before, they are all there
    shutil.copytree(home, tmp_path / "old")

    await vault.erase_record(words)
    await vault.erase_person("s-1")
    await vault.rotate_master_key()
    for trace in traces:
        assert not _holds(home, trace)
    for text in (WORDS, "Lò Thị Mai"):
        assert not _holds(home, text.encode())
        assert not _holds(tmp_path / "old", text.encode())  # never in clear, not even before
    await database.close()

    stolen = Database(f"sqlite+aiosqlite:///{tmp_path / 'old' / 'vault.db'}")
    with pytest.raises(KeyUnknown):
        await vault_on(stolen, home / "keyring.json").open(words, reader="thief", purpose="t")
    await stolen.close()


async def _traces(database: Database, refs: Sequence[str]) -> list[bytes]:
    from sqlalchemy import select

    from shared.vault.schema import PERSON, RECORD, TOKEN

    async with database.read() as connection:
        records = (await connection.execute(select(RECORD).where(RECORD.c.ref.in_(refs)))).mappings().all()
        tokens = (await connection.execute(select(TOKEN.c.token).where(TOKEN.c.ref.in_(refs)))).scalars().all()
        persons = (await connection.execute(select(PERSON.c.wrapped_key))).scalars().all()
    found = [bytes(row[column]) for row in records for column in ("wrapped_key", "sealed")]
    return [*found, *(bytes(key) for key in persons), *(token.encode() for token in tokens)]


def _holds(directory: Path, trace: bytes) -> bool:
    return any(trace in path.read_bytes() for path in directory.rglob("*") if path.is_file())
