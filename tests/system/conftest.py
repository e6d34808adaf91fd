"""Data directories under a script clock: made once and only read, or a copy of one's own to write in."""

import asyncio
import shutil
from pathlib import Path

import pytest

from deploy import directory
from deploy.demo import embedded
from deploy.directory import MARKER
from deploy.sample import YEAR
from tests.support import story
from tests.support.commandline import done


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new installation of Sơn La; only to be read."""
    data = tmp_path_factory.mktemp("made") / "data"
    done("init", "--clock", "script", "--seed", "truyện", data=data)
    return data


@pytest.fixture(scope="session")
def played(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in which the story was performed; only to be read."""
    folder = tmp_path_factory.mktemp("played")
    script = folder / story.SCRIPT
    script.write_text(story.jsonl(*story.LINES), encoding="utf-8")
    data = folder / "data"
    shutil.copytree(made, data)
    done("do", script, data=data)
    return data


@pytest.fixture
def own_made(made: Path, tmp_path: Path) -> Path:
    """A new installation to write in."""
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def own_played(played: Path, tmp_path: Path) -> Path:
    """One with the story to write in."""
    return Path(shutil.copytree(played, tmp_path / "data"))


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demonstration leaves, begun where an earlier one was cut short: `data` and `out`; only to be read."""
    folder = tmp_path_factory.mktemp("demo")
    directory.make(folder / "data", clock="script", seed="another")
    (folder / "data" / MARKER).unlink()
    asyncio.run(embedded.play(YEAR, folder / "data", folder / "out", lambda _step: None))
    return folder


@pytest.fixture(scope="session")
def year(demonstrated: Path) -> Path:
    """A data directory in which the year 2023 was played; only to be read."""
    return demonstrated / "data"
