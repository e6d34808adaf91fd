"""Papers written from the command line, in the name of whoever reads them."""

import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from deploy.sample import YEAR
from tests.support.commandline import doithoai, done

READER = ("--office", "VPUB", "--actor", "tchcqt-02")


@pytest.fixture
def own_year(year: Path, tmp_path: Path) -> Path:
    """The played year 2023 to write in."""
    return Path(shutil.copytree(year, tmp_path / "year"))


def the_only(kind: str, data: Path) -> str:
    listed: list[dict[str, Any]] = done("documents", "--office", "VPUB", "--json", data=data).json
    [paper] = [each["id"] for each in listed if each["kind"] == kind]
    return str(paper)


def the_plan(data: Path) -> str:
    return the_only("ke_hoach", data)


def rendered(paper: str, data: Path, *words: str) -> str:
    """All letters on the pages of a paper, without the breaks of lines and cells."""
    target = data / "paper.docx"
    done("document", "render", paper, *words, "--format", "docx", "--out", target, data=data)
    document: Any = Document(str(target))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return unicodedata.normalize("NFC", "\n".join([*(each.text for each in document.paragraphs), *cells]))


def spoken(script: Path) -> tuple[list[str], list[str]]:
    """What was said and the names of whoever said it, in a script."""
    asked = [json.loads(line).get("data", {}) for line in script.read_text(encoding="utf-8").splitlines() if line.strip()]
    names = [each["speaker_name"] for each in asked if each.get("speaker_name")]
    return [each["words"] for each in asked if each.get("words")], names


def test_the_table_of_answers_of_the_sample_holds_opinions_and_answers_and_nobody_who_spoke(own_year: Path) -> None:
    text = rendered(the_only("bang_tong_hop", own_year), own_year, "--office", "VPUB", "--by", "CVP", "--capacity", "chief")
    for said in (
        "Tiếp thu: niêm yết tiêu chí từ đầu năm.",
        "Ban hành bảng tiêu chí theo nhóm vị trí việc làm.",
        "Chi theo quy chế chi tiêu nội bộ, trong dự toán được giao.",
        "Phòng TCHCQT sửa quy chế chi tiêu nội bộ.",
        "Chánh Văn phòng duyệt; trả lời bằng văn bản ngày 17/3/2023",
    ):
        assert said in text
    assert "Chánh Văn phòng tiếp thu và sẽ hỏi ý kiến" not in text  # of an opinion about a post
    words, names = spoken(YEAR.path)
    quoted = [each for each in words if each in text]
    assert len(quoted) == 3  # of the four opinions put there one is about a post
    assert "Đề nghị xem xét chế độ làm thêm giờ cho bộ phận phục vụ họp ngoài giờ." in quoted
    assert "(không nêu nội dung theo quy định)" in text
    assert names
    assert [each for each in names if each in text] == []


def test_the_plan_of_the_sample_cites_what_it_rests_on_in_full(own_year: Path) -> None:
    text = rendered(the_plan(own_year), own_year, *READER)
    assert "Quy định số 12-QĐi/TU ngày 27 tháng 02 năm 2019 của Ban Thường vụ Tỉnh ủy; Công văn số 4639/UBND-NC" in text


def test_a_paper_is_written_to_sign_and_to_edit_and_the_reading_is_logged(own_year: Path) -> None:
    plan = the_plan(own_year)
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        target = own_year / f"plan.{form}"
        done("document", "render", plan, *READER, "--format", form, "--out", target, data=own_year)
        assert target.read_bytes().startswith(begins)
    accesses = done("vault", "accesses", "--reader", "tchcqt-02", "--json", data=own_year).json
    assert any(plan in access["purpose"] for access in accesses)


def test_what_is_not_the_readers_is_not_written(own_year: Path) -> None:
    plan, target = the_plan(own_year), own_year / "plan.pdf"
    for words in (("--capacity", "auditor"), ("--capacity", "recipient", "--by", "SNV")):
        refused = doithoai("document", "render", plan, *READER, *words, "--out", target, data=own_year)
        assert (refused.code, "unknown" in refused.err, target.exists()) == (1, True, False)
    nowhere = doithoai("document", "render", plan, *READER, "--out", own_year / "none" / "x.pdf", data=own_year)
    assert (nowhere.code, "--out" in nowhere.err) == (2, True)
