"""The demonstration in one process: what it leaves, and what it takes away first."""

import asyncio
import sys
from pathlib import Path

import pytest

from deploy import directory, sample
from deploy.demo import checking, embedded
from deploy.demo.__main__ import main
from deploy.directory import HASH_KEY, MARKER, Owned, WrongDirectory
from services.reporting.readmodel.breakdown import By
from tests.support.commandline import done, files_of

WINDOW = ("--office", sample.OFFICE, "--from", sample.FIRST_DAY, "--to", sample.LAST_DAY)


def quietly(_step: str) -> None:
    """Nobody watches a test."""


def test_it_begins_anew_where_one_was_cut_short_and_leaves_what_the_command_line_prints(tmp_path: Path) -> None:
    data, results = tmp_path / "data", tmp_path / "out"
    directory.make(data, clock="script", seed="another")
    (data / MARKER).unlink()
    asyncio.run(embedded.play(data, results, quietly))
    for by in By:
        printed = done("figures", *WINDOW, "--by", by.value, "--json", data=data).out
        assert (results / checking.figures_file(by)).read_text(encoding="utf-8") == printed
    assert directory.read(data).seed == sample.SEED


def test_another_installation_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    directory.make(data)
    before = files_of(data)
    with pytest.raises(WrongDirectory, match="--home"):
        asyncio.run(embedded.play(data, tmp_path / "out", quietly))
    assert files_of(data) == before


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / HASH_KEY).write_text("?", encoding="utf-8")
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WrongDirectory, match="--home"):
        asyncio.run(embedded.play(tmp_path, tmp_path / "out", quietly))
    assert (tmp_path / "letters.txt").read_text(encoding="utf-8") == "mine"


def test_one_that_is_served_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    home = directory.make(data, clock="script", seed=sample.SEED)
    with home.held("serve", port=8000), pytest.raises(Owned):
        asyncio.run(embedded.play(data, tmp_path / "out", quietly))
    assert directory.is_made(data)


def test_what_stops_it_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    directory.make(tmp_path / "data")
    monkeypatch.setattr(sys, "argv", ["demo", "--home", str(tmp_path)])
    assert main() == 1
    assert "choose another place with --home" in capsys.readouterr().err
