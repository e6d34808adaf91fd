"""Data directories under a script clock: made once and only read, or a copy of one's own to write in."""

import shutil
from pathlib import Path

import pytest

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
