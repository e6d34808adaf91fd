"""What an official paper looks like once it is typeset, measured on the file (NĐ 30/2020, Phụ lục I)."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pdfplumber
import pytest
from pdfminer.pdftypes import resolve1

from shared.documents.layout.composition import Cell, Composition, Line, Paragraph, Row, Signature, Style
from shared.documents.layout.typeset import pdf
from shared.documents.refusals import LetterNotPrintable
from tests.shared.documents.specimen import HOSTILE, specimen, table

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)


def opened(paper: Composition) -> Any:
    """The typeset paper, page by page."""
    return pdfplumber.open(io.BytesIO(pdf(paper)))


def line_with(page: Any, text: str) -> Any:
    """The line of a page that holds the text."""
    lines = [line for line in page.extract_text_lines() if text in unicodedata.normalize("NFC", line["text"])]
    assert lines, f"no line of the page holds {text}"
    return lines[0]


def chars_of(line: Any, text: str) -> Sequence[Any]:
    """The letters of a text in a line, blanks aside."""
    letters = [char for char in line["chars"] if char["text"].strip()]
    whole, wanted = "".join(char["text"] for char in letters), text.replace(" ", "")
    at = whole.index(wanted)
    return letters[at : at + len(wanted)]


@pytest.fixture(scope="module")
def typeset() -> Any:
    with opened(specimen(rows=70)) as found:
        yield found


def test_a_page_is_a4_upright_and_an_appendix_lies(typeset: Any) -> None:
    first, appendix = typeset.pages[0], typeset.pages[1]
    assert (first.width, first.height) == pytest.approx(A4, abs=0.5)
    assert (appendix.width, appendix.height) == pytest.approx(A4[::-1], abs=0.5)


def test_all_text_stands_within_the_margins_but_the_page_number(typeset: Any) -> None:
    for page in typeset.pages:
        body = [char for char in page.chars if char["top"] > 19 * MM and char["text"].strip()]
        assert min(char["x0"] for char in body) >= 29.9 * MM
        assert max(char["x1"] for char in body) <= page.width - 14.9 * MM
        assert max(char["bottom"] for char in body) <= page.height - 19.9 * MM


def test_first_pages_show_no_number_and_the_others_of_an_appendix_count_on_in_the_middle(typeset: Any) -> None:
    numbers = []
    for page in typeset.pages:
        above = [char for char in page.chars if char["top"] < 19 * MM]
        numbers.append("".join(char["text"] for char in above))
        if above:
            middle = (min(char["x0"] for char in above) + max(char["x1"] for char in above)) / 2
            assert middle == pytest.approx((30 * MM + page.width - 15 * MM) / 2, abs=1 * MM)
            assert {round(char["size"], 1) for char in above} == {13.0}
    appendix = len(numbers) - 2
    assert appendix > 1
    assert numbers == ["", "", *(str(n) for n in range(2, appendix + 1)), ""]


def test_only_the_embedded_serif_is_used(typeset: Any) -> None:
    names = {char["fontname"].partition("+")[2] for page in typeset.pages for char in page.chars}
    assert names <= {f"LiberationSerif{style}" for style in ("", "-Bold", "-Italic", "-BoldItalic")}
    fonts = {id(font): font for page in typeset.pages for font in _fonts(page)}
    assert fonts
    for font in fonts.values():
        [descendant] = map(resolve1, resolve1(font["DescendantFonts"]))
        descriptor = resolve1(descendant["FontDescriptor"])
        assert {"FontFile2", "FontFile3"} & descriptor.keys()
        assert "ToUnicode" in font


def _fonts(page: Any) -> list[dict[str, Any]]:
    return [resolve1(font) for font in resolve1(resolve1(page.page_obj.resources)["Font"]).values()]


def test_the_file_says_that_it_is_archival_tagged_and_vietnamese() -> None:
    made = pdf(specimen())
    with pdfplumber.open(io.BytesIO(made)) as found:
        catalog = found.doc.catalog
        tags = list(_tags(catalog["StructTreeRoot"]))
        metadata = resolve1(catalog["Metadata"]).get_data().decode()
        assert resolve1(catalog["MarkInfo"])["Marked"] is True
        assert {"StructTreeRoot", "OutputIntents"} <= catalog.keys()
        assert resolve1(catalog["Lang"]) == b"vi-VN"
        assert resolve1(catalog["ViewerPreferences"])["DisplayDocTitle"] is True
        assert found.doc.encryption is None
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "Báo cáo Kết quả thực hiện công tác đối thoại 6 tháng đầu năm 2023" in metadata
    assert "2023-06-09T01:00:00" in metadata
    assert tags.count("Table") == tags.count("THead") == 2
    assert {"Document", "Title", "H1", "H2", "P", "TH", "TD"} <= set(tags)


def _tags(node: Any) -> Iterator[str]:
    """What the elements of the structure are, from the root down."""
    element = resolve1(node)
    if isinstance(element, dict):
        if "S" in element:
            yield str(element["S"].name)
        children = resolve1(element.get("K", []))
        for child in children if isinstance(children, list) else [children]:
            yield from _tags(child)


def test_motto_issuer_and_number_have_their_sizes_places_and_rules(typeset: Any) -> None:
    page = typeset.pages[0]
    nation = chars_of(line_with(page, "CỘNG HÒA"), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = chars_of(line_with(page, "Độc lập"), "Độc lập - Tự do - Hạnh phúc".replace("\u00a0", " "))
    assert {(round(char["size"], 1), char["fontname"][-4:]) for char in nation} == {(13.0, "Bold")}
    assert {(round(char["size"], 1), char["fontname"][-4:]) for char in motto} == {(14.0, "Bold")}
    left, right = motto[0]["x0"], motto[-1]["x1"]
    assert (nation[0]["x0"] + nation[-1]["x1"]) / 2 == pytest.approx((left + right) / 2, abs=0.5)
    rules = sorted((line for line in page.lines if line["top"] < 60 * MM), key=lambda line: line["x0"])
    issuer = chars_of(line_with(page, "VĂN PHÒNG"), "VĂN PHÒNG")
    third, half = (share * (issuer[-1]["x1"] - issuer[0]["x0"]) for share in (1 / 3, 1 / 2))
    assert third <= rules[0]["x1"] - rules[0]["x0"] <= half
    [under_motto] = [line for line in rules if line["x0"] == pytest.approx(left, abs=1)]
    assert under_motto["x1"] == pytest.approx(right, abs=1)
    assert 0 < under_motto["top"] - motto[0]["bottom"] < 6
    number, day = line_with(page, "Số:"), line_with(page, "ngày 09 tháng 6 năm 2023")
    assert number["top"] == pytest.approx(day["top"], abs=2)
    assert {char["fontname"].partition("-")[2] for char in chars_of(day, "ngày 09 tháng 6 năm 2023")} == {"Italic"}


def test_recipients_stand_at_the_left_margin_level_with_who_signs(typeset: Any) -> None:
    page = typeset.pages[0]
    recipients, signer = line_with(page, "Nơi nhận:"), line_with(page, "KT. CHÁNH VĂN PHÒNG")
    letters = chars_of(recipients, "Nơi nhận:")
    assert letters[0]["x0"] == pytest.approx(30 * MM, abs=1)
    assert {(round(char["size"], 1), char["fontname"].partition("-")[2]) for char in letters} == {(12.0, "BoldItalic")}
    assert recipients["top"] == pytest.approx(signer["top"], abs=4)
    assert line_with(page, "- Lưu: VT, TCHCQT.")["bottom"] < page.height


def test_a_long_table_repeats_its_head_and_breaks_no_row(typeset: Any) -> None:
    pages = typeset.pages[1:-1]
    assert len(pages) > 1
    for page in pages:
        assert "Đúng hạn" in page.extract_text()
    rows = [row for page in pages for row in page.extract_text().splitlines() if "12.345" in row]
    assert len(rows) == 71


def test_what_data_says_is_text_and_nothing_else() -> None:
    with opened(specimen(Paragraph(HOSTILE))) as found:
        text = unicodedata.normalize("NFC", " ".join(page.extract_text() for page in found.pages))
    assert HOSTILE in " ".join(text.split())


def test_a_draft_has_room_for_its_number_and_says_what_it_is() -> None:
    with opened(specimen(draft=True)) as found:
        text = found.pages[0].extract_text()
    assert "DỰ THẢO" in text
    assert "/BC-VPUB" in text
    assert not any("27/BC" in line for line in text.splitlines())


def test_one_addressee_stands_on_the_line_itself() -> None:
    with opened(specimen(to=("Ủy ban nhân dân tỉnh",))) as found:
        assert "Kính gửi: Ủy ban nhân dân tỉnh." in unicodedata.normalize("NFC", found.pages[0].extract_text())


def test_a_letter_says_under_its_number_what_it_is_about_and_has_no_name_of_its_kind() -> None:
    letter = replace(specimen(), kind=None, summary=(), regarding="đôn đốc thực hiện Thông báo số 03/TB-VPUB")
    with opened(letter) as found:
        page = found.pages[0]
        about, number = line_with(page, "V/v đôn đốc thực hiện"), line_with(page, "Số:")
        assert 5 < about["top"] - number["bottom"] < 9
        assert "BÁO CÁO" not in page.extract_text()


def test_minutes_are_signed_by_two_whose_names_stand_level_above_whom_they_go_to() -> None:
    two = (Signature(None, ("THƯ KÝ",), "Cà Thị D"), Signature(None, ("CHỦ TỌA", "CHÁNH VĂN PHÒNG"), "Nguyễn Văn B"))
    minutes = replace(specimen(Line("Địa điểm", "Hội trường")), day=None, signatures=two)
    with opened(minutes) as found:
        page = found.pages[0]
        assert "ngày 09" not in page.extract_text()
        names = line_with(page, "Cà Thị D")
        assert "Nguyễn Văn B" in unicodedata.normalize("NFC", names["text"])
        assert names["bottom"] < line_with(page, "Nơi nhận:")["top"]
        assert {char["fontname"][-4:] for char in chars_of(line_with(page, "Địa điểm"), "Địa điểm:")} == {"Bold"}


def test_a_signature_never_stands_alone_on_a_page() -> None:
    for lines in range(30, 36):
        with opened(specimen(*(Paragraph(f"Dòng {n}.") for n in range(lines)))) as found:
            [page] = [page for page in found.pages if "Nguyễn Văn A" in unicodedata.normalize("NFC", page.extract_text())]
            assert "báo cáo kết quả./." in unicodedata.normalize("NFC", page.extract_text())


def test_a_long_list_of_recipients_goes_on_over_the_page_and_loses_nobody() -> None:
    many = tuple(f"Đơn vị số {n:02};" for n in range(1, 91))
    with opened(replace(specimen(), recipients=many)) as found:
        pages = [page for page in found.pages if not page.width > page.height]
        said = unicodedata.normalize("NFC", " ".join(page.extract_text() for page in pages))
        assert all(each in said for each in many)
        assert max(char["bottom"] for page in pages for char in page.chars) < A4[1]


def test_a_row_of_a_table_holds_together_on_one_page() -> None:
    with opened(specimen(rows=9)) as found:
        assert len(found.pages) == 3
    long = table(12, "Từng " * 200)
    with opened(specimen(long)) as found:
        pages = [unicodedata.normalize("NFC", page.extract_text()) for page in found.pages]
        counts = [page.count("Từng") for page in pages]
        assert sum(counts) == 12 * 200
        assert all(n % 200 == 0 for n in counts)


def test_a_sum_stands_on_one_page_with_what_it_is_made_of() -> None:
    broken = 0
    for rows in range(20, 32):  # the end of a page lies among them
        long = table(rows)
        parts = tuple(Row((Cell(""), Cell(f"Trong đó {part}"), Cell("1"), Cell("0"))) for part in ("một", "hai"))
        with opened(specimen(replace(long, rows=(*long.rows, *parts), closing=3))) as found:
            pages = [unicodedata.normalize("NFC", page.extract_text()) for page in found.pages]
        held = [page for page in pages if "Trong đó" in page]
        assert len(held) == 1
        assert "TỔNG" in held[0].partition("Trong đó một")[0]
        assert "Trong đó hai" in held[0]
        assert f"\n{rows} Phòng" in held[0]  # a sum has a row that it adds up beside it
        broken += f"\n{rows - 1} Phòng" not in held[0]
    assert broken  # the sum went over to another page at least once


def test_a_note_stays_on_the_page_of_the_sum_that_it_explains() -> None:
    for rows in range(20, 32):
        with opened(specimen(table(rows), Paragraph("Đơn vị tính: lượt xử lý.", Style.NOTE))) as found:
            pages = [unicodedata.normalize("NFC", page.extract_text()) for page in found.pages]
        [held] = [page for page in pages if "Đơn vị tính" in page]
        assert "TỔNG" in held.partition("Ghi chú")[0]


def test_a_paper_without_a_summary_has_its_kind_alone() -> None:
    with opened(replace(specimen(), summary=())) as found:
        assert "BÁO CÁO" in unicodedata.normalize("NFC", found.pages[0].extract_text())


def test_the_same_paper_gives_the_same_bytes_and_another_others() -> None:
    assert pdf(specimen()) == pdf(specimen())
    other = replace(specimen(), signatures=(Signature(None, ("CHÁNH VĂN PHÒNG",), "Nguyễn Văn B"),))
    assert pdf(other) != pdf(specimen())


def test_a_letter_that_the_font_does_not_have_is_said() -> None:
    with pytest.raises(LetterNotPrintable):
        pdf(specimen(Paragraph("\U0001f600")))
