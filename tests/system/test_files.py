"""Files of a whole installation: papers played by a script, kept beside the databases, backed up with them, swept when loose."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from deploy import backup, directory
from deploy.ground import Ground, on_directory
from deploy.house import House, open_house, settle, writing
from deploy.performing import LineRefused, perform
from deploy.script import parse
from deploy.working import SWEEP_AFTER, swept_files, swept_registers
from services.intake.entrypoints.register.keeping import room_of
from shared.blobs.store import Blobs
from shared.config import Installation, WrongSettings, load
from shared.contracts.refusals import Refused
from tests.shared.blobs.files import PDF, png
from tests.support.commandline import doithoai, done

POSTGRES = "postgresql+asyncpg://app:secret@127.0.0.1:5432"


def line(at: str, actor: str, capacity: str, command: str, id: str | None = None, /, **data: Any) -> dict[str, Any]:
    given = {"at": f"2023-01-{at}:00+07:00", "office": "VPUB", "unit": "VPUB", "actor": actor, "capacity": capacity}
    return {**given, "command": command, "data": data} | ({"id": id} if id else {})


KH = {"ref": "KH"}
PLAN_PAPER = [
    line("03T08:00", "vt-01", "registry", "open_register", office="VPUB", book="KH-VPUB", year=2023, external=True,
         pattern="{number}/KH-VPUB"),
    line("03T09:00", "tc-01", "hub", "draft_document", "KH", kind="ke_hoach", summary="Thực hiện công tác đối thoại năm 2023",
         recipients=[{"recipient": "BDVTU", "purpose": "Báo cáo", "mandatory": True}]),
    line("03T10:00", "tc-01", "hub", "submit_document", document=KH),
    line("04T08:00", "pcvp-01", "deputy", "sign_document", document=KH, capacity="KT"),
    line("04T09:00", "vt-01", "registry", "issue_document", document=KH, book="KH-VPUB", number=1, means="truc_lien_thong"),
    line("04T10:00", "vt-01", "registry", "publish_document", document=KH, place="TTDT", content="5e" * 32, redacted=False),
]  # fmt: skip


def played(*lines: dict[str, Any]) -> Any:
    return parse(b"\n".join(orjson.dumps(each) for each in lines), "papers")


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return on_directory(directory.make(tmp_path / "data", clock="script", seed="giấy"))


@pytest.fixture
def real(tmp_path: Path) -> Ground:
    return on_directory(directory.make(tmp_path / "real"))


def blobs(house: House) -> Blobs:
    found = house.services["assignment"].kernel.blobs
    assert found is not None
    return found


async def test_a_paper_is_played_by_a_script_from_its_register_to_the_public(ground: Ground) -> None:
    async with writing(ground, "do") as house:
        tally = await perform(played(*PLAN_PAPER), house)
        assert (tally.done, tally.found) == (len(PLAN_PAPER), 0)
        again = await perform(played(*PLAN_PAPER), house)
        assert (again.done, again.found) == (0, len(PLAN_PAPER))
        twice = line(
            "05T08:00", "vt-01", "registry", "void_number", office="VPUB", book="KH-VPUB", year=2023, number=1, reason="x"
        )
        with pytest.raises(LineRefused, match="number-taken"):
            await perform(played(*PLAN_PAPER, twice), house)


async def test_files_lie_in_the_data_directory_and_travel_with_a_backup(ground: Ground, tmp_path: Path) -> None:
    assert ground.home is not None
    async with writing(ground, "do") as house:
        stored = await blobs(house).put(PDF, "pdf", command_id="c-1")
    assert list((tmp_path / "data" / "blobs").rglob(stored.address))
    manifest = backup.back_up(ground.home, tmp_path / "copy", tmp_path / "keys")
    assert f"blobs/sonla/{stored.address[:2]}/{stored.address}" in manifest["files"]
    restored = backup.restore(tmp_path / "copy", tmp_path / "keys", tmp_path / "again")
    async with open_house(on_directory(restored)) as house:
        assert (await blobs(house).open(stored.address, reader="p", purpose="t")).content == PDF


async def test_a_backup_whose_file_was_changed_is_not_restored(ground: Ground, tmp_path: Path) -> None:
    assert ground.home is not None
    async with writing(ground, "do") as house:
        await blobs(house).put(PDF, "pdf", command_id="c-1")
    backup.back_up(ground.home, tmp_path / "copy", tmp_path / "keys")
    [copy] = [file for file in (tmp_path / "copy" / "blobs").rglob("*") if file.is_file()]
    copy.write_bytes(copy.read_bytes() + b"x")
    with pytest.raises(backup.WrongBackup):
        backup.restore(tmp_path / "copy", tmp_path / "keys", tmp_path / "again")


async def test_a_file_that_nothing_came_to_refer_to_is_swept_after_a_day_and_no_other(
    real: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(real) as house:
        await settle(house)
        loose = await blobs(house).put(png(), "png", command_id="c-1")
        kept = await blobs(house).put(PDF, "pdf", command_id="c-2")
        made = [line("04T09:00", "tc-01", "hub", "draft_document", "BB", kind="bien_ban")]
        made.append(line("04T09:01", "tc-01", "hub", "add_attachment", about={"ref": "BB"}, file=kept.address, name="bb.pdf"))
        await perform(played(*({**each, "at": None} for each in made)), house)
        await house.drain()
        assert await swept_files(house) == 0

        async def tomorrow() -> datetime:
            return datetime.now(UTC) + SWEEP_AFTER + timedelta(minutes=1)

        monkeypatch.setattr(house, "now", tomorrow)
        assert await swept_files(house) == 1
        assert await blobs(house).stored(loose.address) is None
        assert await blobs(house).stored(kept.address) == kept


async def test_a_register_that_was_only_looked_at_is_destroyed_after_a_day(real: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house(real) as house:
        await settle(house)
        room = room_of(blobs(house), "VPUB")
        sent = await room.put(PDF, "pdf", command_id="c-1")
        assert await swept_registers(house) == 0

        async def tomorrow() -> datetime:
            return datetime.now(UTC) + SWEEP_AFTER + timedelta(minutes=1)

        monkeypatch.setattr(house, "now", tomorrow)
        assert (await swept_files(house), await swept_registers(house)) == (0, 1)
        assert await room.stored(sent.address) is None


async def test_a_read_model_that_is_behind_is_not_believed_about_files(real: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house(real) as house:
        await settle(house)
        stored = await blobs(house).put(PDF, "pdf", command_id="c-1")

        async def tomorrow() -> datetime:
            return datetime.now(UTC) + SWEEP_AFTER + timedelta(minutes=1)

        async def behind(vector: Any, timeout: float) -> bool:
            return False

        monkeypatch.setattr(house, "now", tomorrow)
        monkeypatch.setattr(house.followings["assignment"], "wait", behind)
        assert await swept_files(house) == 0
        assert await blobs(house).stored(stored.address) == stored


def test_a_file_is_erased_from_the_command_line_and_the_certificate_says_what_is_left_to_do(own_made: Path) -> None:
    ground = on_directory(directory.read(own_made))

    async def put() -> str:
        async with writing(ground, "do") as house:
            return (await blobs(house).put(PDF, "pdf", command_id="c-1")).address

    file = asyncio.run(put())
    answer = doithoai("vault", "erase-file", file, data=own_made, stdin="n\n")
    assert (answer.code, answer.out) == (1, "")
    certificate = done("vault", "erase-file", file, "--yes", "--json", data=own_made).json
    assert (certificate["records"], certificate["complete"]) == (1, False)
    assert not list((own_made / "blobs").rglob(file))
    assert done("vault", "erasures", "--json", data=own_made).json == [certificate]
    lost = doithoai("vault", "erase-file", file, "--yes", data=own_made)
    assert (lost.code, lost.err.splitlines()[-1]) == (1, f"There is no such file: {file}")
    assert doithoai("vault", "erase-file", "ảnh.png", "--yes", data=own_made).code == 2


@pytest.mark.parametrize("url", ["blobs", "ftp://x/y", "https://example.org"])
def test_a_place_for_files_that_cannot_be_is_refused_at_start(url: str) -> None:
    with pytest.raises(WrongSettings, match="DOITHOAI_BLOBS: must begin with s3://"):
        load(Installation, postgres=POSTGRES, seed="s", clock="script", blobs=url)


def test_embedded_files_lie_in_the_data_directory_and_nowhere_else() -> None:
    with pytest.raises(WrongSettings, match="DOITHOAI_BLOBS goes with DOITHOAI_POSTGRES"):
        load(Installation, blobs="s3://bucket/files")


async def test_a_distributed_installation_names_its_place_or_takes_no_files(tmp_path: Path) -> None:
    from deploy.ground import on_settings

    nowhere = on_settings(load(Installation, postgres=POSTGRES, seed="s", clock="script"))
    assert nowhere.files is None
    named = on_settings(load(Installation, postgres=POSTGRES, seed="s", clock="script", blobs=f"file://{tmp_path}/files"))
    assert named.files is not None
    await named.files.put("t/a", b"x")
    assert (tmp_path / "files" / "t" / "a").read_bytes() == b"x"


def test_a_missing_place_says_what_to_set() -> None:
    from shared.blobs.refusals import NoPlaceForFiles

    refused: Refused = NoPlaceForFiles()
    assert "DOITHOAI_BLOBS" in refused.advice_en
