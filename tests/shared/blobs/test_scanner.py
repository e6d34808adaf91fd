"""Files before a virus scanner: what it calls harmful is neither taken nor given out; until it answers, nothing is given out."""

from pathlib import Path

import pytest

from deploy.doctor import examine
from shared.blobs.place import Place, in_memory
from shared.blobs.refusals import FileHarmful, FileInQuarantine
from shared.blobs.scanner import CHUNK_BYTES, Clamd, Scanner, ScannerAway
from shared.blobs.store import Blobs
from shared.config import Installation, WrongSettings, load
from shared.ids import RandomIds
from shared.vault.store import DatabaseVault
from tests.shared.blobs.files import PDF
from tests.shared.blobs.test_store import KEYED, database, vault
from tests.support.scanning import HARM, Daemon, listening

__all__ = ["database", "vault"]  # fixtures of the store
NOBODY = "tcp://127.0.0.1:9"


def blobs_of(place: Place, vault: DatabaseVault, scanner: Scanner | None) -> Blobs:
    return Blobs(place, tenant="sonla", vault=vault, keyed=KEYED, ids=RandomIds(), scanner=scanner)


async def test_a_file_goes_whole_and_in_bounded_pieces_and_comes_back_as_clean_or_harmful() -> None:
    content = b"x" * (2 * CHUNK_BYTES + 7)
    daemon = Daemon()
    async with listening(daemon) as address:
        assert await Clamd(address).is_clean(content)
        assert not await Clamd(address).is_clean(b"before " + HARM)
        assert await Clamd(address).is_clean(b"")
        assert await Clamd(address).answers()
    assert daemon.files[0] == content
    assert daemon.pieces[:3] == [CHUNK_BYTES, CHUNK_BYTES, 7]


async def test_it_is_spoken_to_over_a_socket_of_the_machine_too(tmp_path: Path) -> None:
    async with listening(Daemon(), tmp_path / "clamd.ctl") as address:
        assert not await Clamd(address).is_clean(HARM)


@pytest.mark.parametrize(
    "daemon",
    [
        Daemon(limit=10),
        Daemon(silent=True),
        Daemon(reply=b"stream: Can't allocate memory ERROR"),
        Daemon(reply=b"stream: OK" + b" " * 5_000),
        Daemon(reply=b"OK"),
    ],
)
async def test_whatever_is_no_verdict_is_no_verdict(daemon: Daemon) -> None:
    async with listening(daemon) as address:
        with pytest.raises(ScannerAway):
            await Clamd(address, seconds=0.3).is_clean(b"x" * 4 * CHUNK_BYTES)


async def test_nobody_there_is_no_verdict_either() -> None:
    with pytest.raises(ScannerAway):
        await Clamd(NOBODY).is_clean(b"x")
    assert not await Clamd(NOBODY).answers()


async def test_a_harmful_file_is_not_taken_and_nothing_of_it_is_kept(vault: DatabaseVault) -> None:
    place = in_memory()
    async with listening(Daemon()) as address:
        blobs = blobs_of(place, vault, Clamd(address))
        with pytest.raises(FileHarmful):
            await blobs.put(PDF + HARM, "pdf", command_id="c-1")
        assert await blobs.stored(blobs.address(PDF + HARM)) is None


async def test_a_file_waits_in_quarantine_until_the_scanner_answers(vault: DatabaseVault) -> None:
    place = in_memory()
    stored = await blobs_of(place, vault, Clamd(NOBODY)).put(PDF, "pdf", command_id="c-1")
    with pytest.raises(FileInQuarantine):
        await blobs_of(place, vault, Clamd(NOBODY)).open(stored.address, reader="p", purpose="t")
    async with listening(Daemon()) as address:
        blobs = blobs_of(place, vault, Clamd(address))
        assert (await blobs.open(stored.address, reader="p", purpose="t")).content == PDF
    assert (await blobs.open(stored.address, reader="p", purpose="t")).content == PDF  # its answer is remembered


async def test_a_harmful_file_that_came_before_the_scanner_did_is_not_given_out(vault: DatabaseVault) -> None:
    place = in_memory()
    stored = await blobs_of(place, vault, None).put(PDF + HARM, "pdf", command_id="c-1")
    async with listening(Daemon()) as address:
        rooms = blobs_of(place, vault, Clamd(address))
        for _ in range(2):
            with pytest.raises(FileHarmful):
                await rooms.open(stored.address, reader="p", purpose="t")


async def test_rooms_apart_are_scanned_as_well(vault: DatabaseVault) -> None:
    async with listening(Daemon()) as address:
        with pytest.raises(FileHarmful):
            await blobs_of(in_memory(), vault, Clamd(address)).apart("register").put(HARM, "csv", command_id="c-1")


@pytest.mark.parametrize("address", ["clamd", "http://127.0.0.1:3310", "tcp://", "tcp://host:x", "unix://run/clamd", "tcp://h/x"])
def test_an_address_that_is_none_is_refused_at_start(address: str) -> None:
    with pytest.raises(WrongSettings, match="DOITHOAI_CLAMD: must be tcp://host:port or unix:///path"):
        load(Installation, clamd=address)


async def test_the_doctor_says_whether_the_scanner_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from deploy import directory

    data = directory.make(tmp_path / "data").path
    async with listening(Daemon()) as address:
        monkeypatch.setenv("DOITHOAI_CLAMD", address)
        found = {each.what: each.state for each in await examine(data, None)}
        assert found["virus scanner"] == "ok"
    found = {each.what: each.state for each in await examine(data, None)}
    assert found["virus scanner"] == "warn"
