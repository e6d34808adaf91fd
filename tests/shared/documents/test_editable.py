"""The paper to be edited: its page, font, heads and language, read from the file."""

import io
import zipfile
from dataclasses import replace
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shared.documents.layout.composition import Block, Line, Paragraph, Signature
from shared.documents.layout.editable import docx
from tests.shared.documents.specimen import HOSTILE, specimen, table


def opened(*more: Block, draft: bool = False) -> Any:
    """The paper as a word processor's library reads it."""
    return Document(io.BytesIO(docx(specimen(*more, draft=draft))))


def texts(document: Any) -> list[str]:
    """Every paragraph, those in tables too."""
    return ["".join(text.text or "" for text in each.iter(qn("w:t"))) for each in document.element.body.iter(qn("w:p"))]


def test_every_section_has_its_page_margins_and_no_number_on_its_first() -> None:
    sections = opened().sections
    assert len(sections) == 3
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in sections] == [False, True, True]
    for section in sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(margin / Mm(1)) for margin in margins] == [20, 20, 30, 15]
        assert section.different_first_page_header_footer
        assert [paragraph.text for paragraph in section.first_page_header.paragraphs] == [""]
        assert "PAGE" in section.header._element.xml
        [begins] = section._sectPr.findall(qn("w:pgNumType"))
        assert begins.get(qn("w:start")) == "1"


def test_one_font_and_one_language_and_nothing_of_a_template() -> None:
    document = opened()
    styles = document.styles.element.xml
    assert "Theme=" not in styles.replace("w:themeColor", "").replace("w:themeShade", "").replace("w:themeTint", "")
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        assert {fonts.get(qn(name)) for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")} == {"Times New Roman"}
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"vi-VN"}
    assert document.styles["Normal"].font.size == Pt(14)
    assert document.core_properties.author == "Văn phòng UBND TỈNH SƠN LA"
    assert document.core_properties.title.startswith("Báo cáo Kết quả")
    modes = [
        each for each in document.settings.element.iter(qn("w:compatSetting")) if each.get(qn("w:name")) == "compatibilityMode"
    ]
    assert [mode.get(qn("w:val")) for mode in modes] == ["15"]


def test_heads_of_tables_repeat_rows_hold_together_and_widths_are_fixed() -> None:
    form = next(table for table in opened().tables if "TT" in table.rows[0].cells[0].text)
    marks = [bool(row._tr.findall(f"{qn('w:trPr')}/{qn('w:tblHeader')}")) for row in form.rows]
    assert marks == [True, True, True, False, False, False, False]
    assert all(row._tr.findall(f"{qn('w:trPr')}/{qn('w:cantSplit')}") for row in form.rows)
    assert round(sum(column.width for column in form.columns) / Mm(1)) == 252
    assert form.cell(0, 0).text == form.cell(1, 0).text == "TT"
    assert form.cell(0, 2).text == form.cell(0, 3).text == "Số ý kiến"


def test_a_sum_stands_on_one_page_with_what_it_is_made_of() -> None:
    form = next(each for each in opened(replace(table(9), closing=3)).tables if "TT" in each.rows[0].cells[0].text)
    held = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next is True for row in form.rows]
    assert held[-5:] == [False, True, True, True, False]  # and with a row that it adds up


def test_what_data_says_is_text_and_what_the_paper_needs_is_there() -> None:
    found = texts(opened(Paragraph(HOSTILE)))
    assert HOSTILE in found
    for wanted in ("Số: 27/BC-VPUB", "Kính gửi:", "- Ban Dân vận Tỉnh ủy.", "Nơi nhận:", "KT. CHÁNH VĂN PHÒNG", "Nguyễn Văn A"):
        assert wanted in found
    assert "DỰ THẢO" in texts(opened(draft=True))


def test_a_letter_and_minutes_have_their_own_head_and_foot() -> None:
    letter = replace(specimen(), kind=None, summary=(), regarding="đôn đốc")
    found = texts(Document(io.BytesIO(docx(letter))))
    assert "V/v đôn đốc" in found
    assert "BÁO CÁO" not in found
    two = (Signature(None, ("THƯ KÝ",), "Cà Thị D"), Signature(None, ("CHỦ TỌA",), "Nguyễn Văn B"))
    minutes = Document(
        io.BytesIO(docx(replace(specimen(Line("Địa điểm", "Hội trường")), day=None, signatures=two, landscape=True)))
    )
    found = texts(minutes)
    assert "Địa điểm: Hội trường" in found
    assert found.index("Nguyễn Văn B") < found.index("Nơi nhận:")
    assert minutes.sections[0].orientation == WD_ORIENT.LANDSCAPE


def test_the_same_paper_gives_the_same_bytes_without_a_day_of_the_machine() -> None:
    made = docx(specimen())
    assert made == docx(specimen())
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.namelist()[0] == "[Content_Types].xml"
        assert "2023-06-09T01:00:00Z" in parts.read("docProps/core.xml").decode()
