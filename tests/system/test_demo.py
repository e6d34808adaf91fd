"""The demonstration in one process: what it leaves, and what it takes away first."""

import asyncio
import json
import sys
import unicodedata
from pathlib import Path

import pdfplumber
import pytest

from deploy import directory
from deploy.demo import checking, embedded
from deploy.demo.__main__ import main
from deploy.directory import HASH_KEY, Owned, WrongDirectory
from deploy.sample import OFFICE, SEED, YEAR, Period
from tests.support.commandline import done, files_of


def quietly(_step: str) -> None:
    """Nobody watches a test."""


@pytest.mark.parametrize(
    ("table", "options"), [("bieu-02", ()), ("track-b", ()), ("bieu-03-now", ("--units", "now"))], ids=["02", "B", "03-now"]
)
@pytest.mark.parametrize("period", YEAR.periods, ids=[period.name for period in YEAR.periods])
def test_it_leaves_what_the_command_line_prints(demonstrated: Path, period: Period, table: str, options: tuple[str, ...]) -> None:
    window = ("--office", OFFICE, "--from", period.first, "--to", period.last, "--as-of", period.as_of)
    asked = ("--table", table.removesuffix("-now"), *options)
    printed = done("figures", *window, *asked, "--json", data=demonstrated / "data").json
    left = json.loads((demonstrated / "out" / checking.FIGURES).read_text(encoding="utf-8"))
    assert left[period.name][table] == printed


def test_the_report_cites_what_its_plan_rests_on_and_names_the_day_that_an_extension_moved(demonstrated: Path) -> None:
    with pdfplumber.open(demonstrated / "out" / "report-VPUB-2023-H1.pdf") as pages:
        text = unicodedata.normalize("NFC", " ".join(" ".join((page.extract_text() or "").split()) for page in pages.pages))
        *_, works = [page.extract_tables()[0] for page in pages.pages if page.extract_tables()]
    assert "Căn cứ Quy định số 12-QĐi/TU ngày 27 tháng 02 năm 2019 của Ban Thường vụ Tỉnh ủy" in text
    assert (
        "Kế hoạch số 01/KH-VPUB ngày 04 tháng 01 năm 2023; gửi Ban Dân vận Tỉnh ủy, Sở Nội vụ và đăng công khai trên "
        "Trang Thông tin điện tử Văn phòng ngay trong ngày ban hành."
    ) in text
    assert "23/24 lượt đơn vị đã gửi kết quả (có ý kiến 03, không có ý kiến 20); chưa gửi 01." in text
    assert "Đơn vị chưa gửi kết quả: Phòng Nội chính (đợt có hạn ngày 06/01/2023)." in text
    assert " ".join((works[3][4] or "").split()) == "20/3/2023 (gia hạn từ 06/3/2023)"


def test_it_begins_anew_where_one_was_cut_short(demonstrated: Path) -> None:
    assert directory.read(demonstrated / "data").seed == SEED


def test_another_installation_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    directory.make(data)
    before = files_of(data)
    with pytest.raises(WrongDirectory, match="--home"):
        asyncio.run(embedded.play(YEAR, data, tmp_path / "out", quietly))
    assert files_of(data) == before


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / HASH_KEY).write_text("?", encoding="utf-8")
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WrongDirectory, match="--home"):
        asyncio.run(embedded.play(YEAR, tmp_path, tmp_path / "out", quietly))
    assert (tmp_path / "letters.txt").read_text(encoding="utf-8") == "mine"


def test_one_that_is_served_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    home = directory.make(data, clock="script", seed=SEED)
    with home.held("serve", port=8000), pytest.raises(Owned):
        asyncio.run(embedded.play(YEAR, data, tmp_path / "out", quietly))
    assert directory.is_made(data)


def test_what_stops_it_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    directory.make(tmp_path / "data")
    monkeypatch.setattr(sys, "argv", ["demo", "--home", str(tmp_path)])
    assert main() == 1
    assert "choose another place with --home" in capsys.readouterr().err
