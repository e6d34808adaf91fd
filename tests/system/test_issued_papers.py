"""An operator is told which issued papers are not there, and loose files of papers are swept like attached ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy import directory
from deploy.doctor import Finding, examine
from deploy.ground import Ground, on_directory
from deploy.house import open_house, settle, writing
from deploy.performing import perform
from deploy.working import SWEEP_AFTER, swept_issued
from shared.contracts.document import Form
from tests.system.test_files import PLAN_PAPER, played


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return on_directory(directory.make(tmp_path / "data", clock="script", seed="giấy"))


@pytest.fixture
def real(tmp_path: Path) -> Ground:
    return on_directory(directory.make(tmp_path / "real"))


async def of_papers(ground: Ground) -> dict[str, Finding]:
    """What the doctor finds of issued papers, by service."""
    assert ground.home is not None
    found = await examine(ground.home.path, None)
    return {each.what.rpartition(" ")[2]: each for each in found if each.what.startswith("issued papers")}


async def test_the_doctor_tells_what_was_lost_of_what_was_issued(ground: Ground) -> None:
    assert ground.home is not None
    async with writing(ground, "do") as house:
        await perform(played(*PLAN_PAPER), house)
        await house.drain()
    assert {service: each.state for service, each in (await of_papers(ground)).items()} == {"assignment": "ok", "reporting": "ok"}
    lying = [each for folder in ground.home.path.rglob("*.issued-assignment") for each in folder.rglob("*") if each.is_file()]
    assert len(lying) == len(Form)
    lying[0].unlink()
    found = (await of_papers(ground))["assignment"]
    assert found.state == "fail"
    assert found.found.startswith("files lost, though not erased: document-")
    assert "doithoai restore" in found.mend


async def test_what_was_sealed_for_a_paper_that_was_never_kept_is_swept_after_a_day(
    real: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(real) as house:
        await settle(house)
        rooms = [house.services[name].kernel.files.apart(f"issued-{name}") for name in ("assignment", "reporting")]
        loose = [await room.put(b"left by a crash", "pdf", command_id=f"c-{n}") for n, room in enumerate(rooms)]
        assert await swept_issued(house) == 0

        async def tomorrow() -> datetime:
            return datetime.now(UTC) + SWEEP_AFTER + timedelta(minutes=1)

        monkeypatch.setattr(house, "now", tomorrow)
        assert await swept_issued(house) == 2
        assert [await room.stored(each.address) for room, each in zip(rooms, loose, strict=True)] == [None, None]
