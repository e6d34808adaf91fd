"""The data directory: what makes one, what is refused, and who holds it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import directory
from deploy.directory import Owned, WrongDirectory


def test_a_directory_says_its_tenant_clock_and_format(tmp_path: Path) -> None:
    made = directory.make(tmp_path / "data", clock="script", seed="một")
    marker = json.loads((tmp_path / "data" / directory.MARKER).read_text(encoding="utf-8"))
    assert marker == {
        "format": 1,
        "tenant": "sonla",
        "clock": "script",
        "seed": "một",
        "created": "2021-01-01T00:00:00+07:00",
    }
    assert directory.read(tmp_path / "data") == made


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    directory.make(tmp_path / "data")
    for name in (directory.HASH_KEY, directory.MARKER):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600


def test_two_directories_of_one_seed_have_the_same_keys_and_two_real_ones_do_not(tmp_path: Path) -> None:
    one, two = (directory.make(tmp_path / n, clock="script", seed="s").hash_key for n in ("a", "b"))
    three, four = (directory.make(tmp_path / n).hash_key for n in ("c", "d"))
    assert one == two
    assert len({one, three, four}) == 3
    assert len(one) == 32


def test_a_real_clock_refuses_a_seed_and_a_script_clock_needs_one(tmp_path: Path) -> None:
    with pytest.raises(WrongDirectory, match="refuses a seed"):
        directory.make(tmp_path / "data", seed="s")
    with pytest.raises(WrongDirectory, match="needs a seed"):
        directory.make(tmp_path / "data", clock="script")


def test_neither_an_installation_nor_other_files_are_overwritten(tmp_path: Path) -> None:
    directory.make(tmp_path / "data")
    with pytest.raises(WrongDirectory, match="already"):
        directory.make(tmp_path / "data")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(WrongDirectory, match="other files"):
        directory.make(tmp_path / "full")


def test_a_directory_of_another_tenant_or_a_newer_format_is_not_opened(tmp_path: Path) -> None:
    directory.make(tmp_path / "data")
    with pytest.raises(WrongDirectory, match="tenant sonla"):
        directory.read(tmp_path / "data", tenant="hoabinh")
    marker = tmp_path / "data" / directory.MARKER
    marker.write_text(marker.read_text(encoding="utf-8").replace('"format": 1', '"format": 2'), encoding="utf-8")
    with pytest.raises(WrongDirectory, match="format 2"):
        directory.read(tmp_path / "data")
    with pytest.raises(WrongDirectory, match="doithoai init"):
        directory.read(tmp_path / "nothing")


def test_one_process_holds_a_directory_and_says_who_it_is(tmp_path: Path) -> None:
    made = directory.make(tmp_path / "data")
    assert made.owner() is None
    with made.held("serve", port=8000) as owner:
        assert made.owner() == owner
        assert (owner.pid, owner.port) == (os.getpid(), 8000)
        assert owner.token
        assert (made.path / directory.OWNER).stat().st_mode & 0o777 == 0o600
        with pytest.raises(Owned, match="doithoai serve"), made.held("do"):
            pass
    assert made.owner() is None


def test_a_killed_owner_leaves_nothing_behind(tmp_path: Path) -> None:
    made = directory.make(tmp_path / "data")
    code = (
        "import os, sys; from pathlib import Path; from deploy import directory\n"
        "with directory.read(Path(sys.argv[1])).held('serve', port=1): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(made.path)], check=False)
    assert made.owner() is None
    with made.held("do"):
        pass
