"""The vault from the command line: beside whoever serves and on PostgreSQL, asked before anything goes for good."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from deploy.directory import DATABASES, KEYRING
from deploy.ground import ground_of, on_settings
from deploy.servers import postgres as pg
from deploy.stores import open_stores
from shared.config import Installation, load
from shared.eventlog.schema import APP_ROLE
from shared.vault.keyring import KeyUnknown
from shared.vault.port import Erased
from shared.vault.store import DatabaseVault
from tests.support.commandline import Answer, Serving, doithoai, done, serving
from tests.support.story import jsonl, received

T = TypeVar("T")
OLD, NEW = "o" * 64, "n" * 64
SAID: Final = "Cầu treo bản Co Mạ hỏng mặt, cháu bé nhà tôi suýt ngã."
NAMED: Final = {"speaker_name": "Lò Thị Mai", "speaker_contact": "0912 345 678"}
SECRETS: Final = {"DOITHOAI_HASH_KEY": "h" * 64, "DOITHOAI_SERVICE_TOKEN": "s" * 64}


def opinion(data: Path, at: str, name: str, **more: Any) -> dict[str, Any]:
    """Hand one in; its event."""
    done("do", "-", "--name", name, data=data, stdin=jsonl(received(at, name, **more)))
    event: dict[str, Any] = done("events", "--service", "intake", data=data).lines[-1]
    return event


def words_of(house: Serving, event: dict[str, Any], token: str) -> Any:
    """The answer to whoever asks what was said."""
    return house.get(f"/intake/api/opinions/{event['stream']}/words", token)


@pytest.fixture
def house(own_made: Path) -> Iterator[Serving]:
    with serving(own_made) as running:
        yield running


@pytest.fixture
def token(own_made: Path) -> str:
    """Of a specialist who reads what was handed in."""
    whose = ("--person", "th-01", "--office", "VPUB", "--unit", "TH", "--capacity", "specialist", "--days", "3660")
    return str(done("token", "create", *whose, "--json", data=own_made).json["token"])


def test_a_person_is_erased_and_the_certificate_says_what_is_left_to_do(own_made: Path) -> None:
    speaker = opinion(own_made, "2023-03-01T09:00", "V-1", **NAMED)["data"]["speaker"]
    certificate = done("vault", "erase-person", speaker, "--yes", "--json", data=own_made).json
    assert (certificate["subject"], certificate["complete"]) == (speaker, False)
    assert certificate["records"] >= 2
    assert certificate["at"] == "2023-03-01T09:00:00+07:00"
    assert "rotate" in certificate["advice"]
    assert done("vault", "erasures", "--json", data=own_made).json == [certificate]
    assert done("vault", "erase-person", speaker, "--yes", "--json", data=own_made).json == certificate  # again, the same


def test_a_text_is_erased_by_its_reference(own_made: Path) -> None:
    ref = opinion(own_made, "2023-03-01T09:00", "V-1")["data"]["words"]["ref"]
    assert done("vault", "erase-record", ref, "--yes", "--json", data=own_made).json["records"] == 1
    assert ref in done("vault", "erasures", data=own_made).out
    lost = doithoai("vault", "erase-record", "0" * 32, "--yes", data=own_made)
    assert (lost.code, lost.out, lost.err.splitlines()[-1]) == (1, "", f"There is no such text: {'0' * 32}")


def test_a_rotation_destroys_the_old_key_and_completes_what_was_erased(own_made: Path) -> None:
    event = opinion(own_made, "2023-03-01T09:00", "V-1")
    done("vault", "erase-record", event["data"]["words"]["ref"], "--yes", data=own_made)
    answer = done("vault", "rotate", "--yes", "--json", data=own_made)
    assert answer.json == {"current": "m2", "destroyed": ["m1"], "kept": []}
    assert "Copy the keys anew" in answer.err
    assert list(json.loads((own_made / KEYRING).read_text(encoding="ascii"))["keys"]) == ["m2"]
    assert [each["complete"] for each in done("vault", "erasures", "--json", data=own_made).json] == [True]
    opinion(own_made, "2023-03-01T10:00", "V-2")  # what comes is sealed under the new one


def test_of_a_person_who_was_erased_no_file_of_the_directory_holds_anything_once_the_keys_are_rotated(
    own_made: Path, tmp_path: Path
) -> None:
    """Read models, logs and the list of tokens included; and what was copied before opens nothing with the keys of now."""
    event = opinion(own_made, "2023-03-01T09:00", "V-1", words=SAID, **NAMED)
    others = opinion(own_made, "2023-03-01T10:00", "V-2", words="Một ý kiến khác.")
    traces = sealed_of(own_made, event["data"]["speaker"])
    assert len(traces) > 10
    assert [trace for trace in traces if not anywhere(own_made, trace)] == []  # it can fail: now they are all there
    shutil.copytree(own_made, tmp_path / "old")

    done("vault", "erase-person", event["data"]["speaker"], "--yes", data=own_made)
    done("vault", "rotate", "--yes", data=own_made)
    in_clear = [text.encode(form) for text in (SAID, *NAMED.values()) for form in ("utf-8", "utf-16-le")]
    assert [trace for trace in (*traces, *in_clear) if anywhere(own_made, trace)] == []
    assert [trace for trace in in_clear if anywhere(tmp_path / "old", trace)] == []  # in clear it never lay anywhere
    assert opened(own_made, others["data"]["words"]["ref"]) == "Một ý kiến khác."

    shutil.copyfile(own_made / KEYRING, tmp_path / "old" / KEYRING)
    for said in (event, others):
        with pytest.raises(KeyUnknown):
            opened(tmp_path / "old", said["data"]["words"]["ref"])


def sealed_of(data: Path, person: str) -> list[bytes]:
    """What lies in the vault's file of a person's texts: wrapped keys, ciphertexts, search tokens."""
    with closing(sqlite3.connect(f"file:{data / 'vault.db'}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select wrapped_key, sealed, tokens from record where person = ?", (person,)).fetchall()
        keys = connection.execute("select wrapped_key from person where person = ?", (person,)).fetchall()
    packed = [tokens for *_, tokens in rows if tokens]
    tokens = [each[n : n + 8] for each in packed for n in range(0, len(each), 8)]
    return [*(part for row in rows for part in row[:2]), *(key for (key,) in keys), *tokens]


def anywhere(data: Path, trace: bytes) -> bool:
    """Whether any file of the directory holds these bytes."""
    return any(trace in file.read_bytes() for file in data.rglob("*") if file.is_file())


def opened(data: Path, ref: str) -> Any:
    """A text of the vault, opened with the keys of the directory."""

    async def run() -> Any:
        stores = await open_stores(ground_of(data, None))
        try:
            return await stores.vault.open(ref, reader="auditor-01", purpose="test")
        finally:
            await stores.close()

    return asyncio.run(run())


@pytest.mark.parametrize("said", ["n\n", "\n", ""])
@pytest.mark.parametrize("verb", ["rotate", "erase-person s-1", f"erase-record {'0' * 32}"])
def test_nothing_is_done_before_a_person_has_said_yes(own_made: Path, verb: str, said: str) -> None:
    keys = (own_made / KEYRING).read_bytes()
    answer = doithoai("vault", *verb.split(), data=own_made, stdin=said)
    assert (answer.code, answer.out) == (1, "")
    assert "Go on?" in answer.err
    assert (own_made / KEYRING).read_bytes() == keys
    assert done("vault", "erasures", "--json", data=own_made).json == []


def test_whoever_says_yes_is_obeyed_and_gets_nothing_but_json(own_made: Path) -> None:
    assert done("vault", "erase-person", "s-1", "--json", data=own_made, stdin="y\n").json["records"] == 0
    assert done("vault", "rotate", "--json", data=own_made, stdin="y\n").json["current"] == "m2"


@pytest.mark.parametrize(
    "words",
    [
        "erase-person",
        "erase-person Mai --yes",
        "erase-record --yes",
        "erase-record words --yes",
        "accesses --ref words",
        "accesses --after -1",
        "accesses --limit 0",
        "rotate m2",
    ],
)
def test_a_name_is_no_person_and_words_are_no_reference(made: Path, words: str) -> None:
    answer = doithoai("vault", *words.split(), data=made)
    assert (answer.code, answer.out) == (2, "")
    assert "Usage:" in answer.err


def test_of_nothing_erased_and_nothing_opened_it_is_said_so(made: Path) -> None:
    assert "Nothing was erased." in done("vault", "erasures", data=made).out
    assert "Nobody opened anything." in done("vault", "accesses", data=made).out
    assert done("vault", "accesses", "--json", data=made).json == []


def test_who_read_what_is_listed_while_it_is_read(house: Serving, token: str) -> None:
    one, two = (opinion(house.data, f"2023-03-01T0{n}:00", f"V-{n}") for n in (8, 9))
    assert words_of(house, one, token).json()["words"] == words_of(house, two, token).json()["words"]
    words_of(house, one, token)
    refs = [event["data"]["words"]["ref"] for event in (one, two)]
    lines = done("vault", "accesses", "--reader", "th-01", "--json", data=house.data).json
    assert [line["refs"] for line in lines] == [[refs[0]], [refs[1]], [refs[0]]]
    assert {line["at"] for line in lines} == {"2023-03-01T09:00:00+07:00"}
    assert done("vault", "accesses", "--ref", refs[0], "--json", data=house.data).json == [lines[0], lines[2]]
    assert done("vault", "accesses", "--reader", "th-02", "--json", data=house.data).json == []
    beyond = done("vault", "accesses", "--reader", "th-01", "--after", lines[0]["id"], "--limit", 1, "--json", data=house.data)
    assert beyond.json == [lines[1]]
    assert refs[1] in done("vault", "accesses", data=house.data).out


def test_keys_are_rotated_and_texts_erased_beside_whoever_serves(house: Serving, token: str) -> None:
    stays = opinion(house.data, "2023-03-01T08:00", "V-1", words="Đề nghị sửa đường.")
    goes = opinion(house.data, "2023-03-01T09:00", "V-2", words="Đề nghị xem lại.", **NAMED)
    assert words_of(house, stays, token).json()["words"] == "Đề nghị sửa đường."
    done("vault", "erase-record", goes["data"]["words"]["ref"], "--yes", data=house.data)
    done("vault", "erase-person", goes["data"]["speaker"], "--yes", data=house.data)
    for current in ("m2", "m3"):
        assert done("vault", "rotate", "--yes", "--json", data=house.data).json["current"] == current
        assert words_of(house, stays, token).json()["words"] == "Đề nghị sửa đường."
        added = opinion(house.data, "2023-03-01T10:00", f"V-{current}", words=f"Sau {current}.")
        assert words_of(house, added, token).json()["words"] == f"Sau {current}."
    assert words_of(house, goes, token).json()["words"] is None
    assert {each["complete"] for each in done("vault", "erasures", "--json", data=house.data).json} == {True}


def test_without_the_keys_nothing_is_rotated_or_erased(own_made: Path) -> None:
    ref = opinion(own_made, "2023-03-01T09:00", "V-1")["data"]["words"]["ref"]
    (own_made / KEYRING).unlink()
    for words in ("rotate --yes", f"erase-record {ref} --yes"):
        answer = doithoai("vault", *words.split(), data=own_made)
        assert (answer.code, answer.out) == (1, "")
        assert "put it back from where keys are kept" in answer.err
    assert not (own_made / KEYRING).exists()


@pytest.fixture
def distributed(postgres: str) -> dict[str, str]:
    """The settings of a migrated installation on PostgreSQL, but for its master keys."""
    for name in DATABASES:
        asyncio.run(pg.make_database(postgres, name))
    settings = {
        **SECRETS,
        "DOITHOAI_POSTGRES": f"postgresql+asyncpg://{APP_ROLE}@{postgres}",
        "DOITHOAI_POSTGRES_OWNER": f"postgresql+asyncpg://{pg.OWNER}@{postgres}",
    }
    assert doithoai("migrate", env={**settings, "DOITHOAI_MASTER_KEY": OLD}).code == 0
    return settings


@pytest.mark.servers
def test_on_postgresql_a_new_secret_takes_over_and_the_old_one_is_taken_out(distributed: dict[str, str]) -> None:
    def verb(master: str, *words: str) -> Answer:
        return doithoai("vault", *words, env={**distributed, "DOITHOAI_MASTER_KEY": master})

    ref, gone = in_vault(distributed, OLD, _put_two)
    assert verb(OLD, "erase-record", gone, "--yes").code == 0
    alone = verb(OLD, "rotate", "--yes")
    assert (alone.code, alone.out) == (1, "")
    assert "put a new secret before it in DOITHOAI_MASTER_KEY" in alone.err

    both = f"{NEW}\n{OLD}"
    rotated = verb(both, "rotate", "--yes", "--json")
    assert (rotated.code, rotated.json["destroyed"], len(rotated.json["kept"])) == (0, [], 1)
    assert "take the old secrets out" in rotated.err
    [waiting] = verb(both, "erasures", "--json").json
    assert (waiting["subject"], waiting["complete"]) == (gone, False)
    [complete] = verb(NEW, "erasures", "--json").json
    assert complete["complete"] is True

    async def read(vault: DatabaseVault) -> str | Erased:
        return await vault.open(ref, reader="p-1", purpose="check")

    assert in_vault(distributed, NEW, read) == "được"
    [line] = verb(NEW, "accesses", "--reader", "p-1", "--json").json
    assert (line["purpose"], line["refs"]) == ("check", [ref])
    assert verb(NEW, "erase-person", "th-09", "--yes", "--json").json["complete"] is False


@pytest.mark.servers
def test_a_rotation_that_was_not_given_the_key_of_what_it_finds_is_refused(distributed: dict[str, str]) -> None:
    in_vault(distributed, OLD, _put_two)
    answer = doithoai("vault", "rotate", "--yes", env={**distributed, "DOITHOAI_MASTER_KEY": f"{NEW} {'x' * 64}"})
    assert (answer.code, answer.out) == (1, "")
    assert "there is no master key" in answer.err
    short = doithoai("vault", "rotate", "--yes", env={**distributed, "DOITHOAI_MASTER_KEY": f"{NEW} short"})
    assert (short.code, "DOITHOAI_MASTER_KEY: each master key needs at least 32" in short.err) == (2, True)


async def _put_two(vault: DatabaseVault) -> tuple[str, str]:
    entries = [vault.seal(f"c-{n}", "words", said) for n, said in enumerate(("được", "không được"))]
    await vault.put(entries)
    return entries[0].sealed.ref, entries[1].sealed.ref


def in_vault(settings: dict[str, str], master: str, work: Callable[[DatabaseVault], Awaitable[T]]) -> T:
    """Do something as a process of the installation does that was started with these master keys."""
    given = {name.removeprefix("DOITHOAI_").lower(): value for name, value in settings.items()}

    async def run() -> T:
        stores = await open_stores(on_settings(load(Installation, **given, master_key=master)), services=())
        try:
            return await work(stores.vault)
        finally:
            await stores.close()

    return asyncio.run(run())
