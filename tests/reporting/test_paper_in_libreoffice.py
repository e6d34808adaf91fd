"""The paper to be edited, opened by a word processor, says and looks like what is signed."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from services.reporting.entrypoints.paper import composition
from services.reporting.readmodel.readable import Standing
from shared.documents.layout.composition import Paragraph, Signature
from shared.documents.layout.editable import docx
from shared.documents.layout.typeset import pdf
from tests.reporting.dialogues import Dialogues
from tests.reporting.test_composition import six_months
from tests.reporting.world import World
from tests.shared.documents.specimen import specimen
from tests.support.libreoffice import as_pdf

MM = 72 / 25.4
TOP = 19 * MM  # above it stands nothing but the page number
SIGNER = Signature("KT. CHÁNH VĂN PHÒNG", ("PHÓ CHÁNH VĂN PHÒNG",), "Nguyễn Văn A")

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


async def test_the_edited_report_is_the_signed_one_word_by_word_and_cell_by_cell(
    world: World, year: Dialogues, tmp_path: Path
) -> None:
    standing = Standing(signed=True, symbol="27/BC-VPUB", on=date(2023, 6, 9), signature=SIGNER)
    paper = composition(replace(await six_months(world, year), standing=standing))
    opened = as_pdf({"report": docx(paper)}, tmp_path)["report"]
    with pdfplumber.open(io.BytesIO(pdf(paper))) as signed, pdfplumber.open(opened) as edited:
        upright, lying = [[pages(each, lying=side) for each in (signed, edited)] for side in (False, True)]
        assert words(upright[1]) == words(upright[0])
        assert tables(lying[1]) == tables(lying[0])
        assert len(tables(lying[0])) == len(paper.appendices)
        assert beside_the_forms(lying[1]) == beside_the_forms(lying[0])
        # Lines of one font size are not broken alike to the letter by both.
        assert 0 <= len(upright[1]) - len(upright[0]) <= 1
        assert abs(len(lying[1]) - len(lying[0])) <= 1
        for here in (*signed.pages, *edited.pages):
            within_the_margins(here)
        assert [number(each) for each in upright[1]] == ["", *(str(n) for n in range(2, len(upright[1]) + 1))]


def test_a_name_never_stands_on_another_page_than_its_post(tmp_path: Path) -> None:
    line = Paragraph("Đã tiếp nhận 04 ý kiến.")
    papers = {f"{lines}": docx(replace(specimen(*[line] * lines), appendices=())) for lines in range(8, 26)}
    pages_used = set()
    for made in as_pdf(papers, tmp_path).values():
        with pdfplumber.open(made) as found:
            last = found.pages[-1].extract_text()
            assert all(part in last for part in ("Trên đây là báo cáo", "CHÁNH VĂN PHÒNG", "Nguyễn Văn A", "Nơi nhận:"))
            pages_used.add(len(found.pages))
    assert pages_used == {1, 2}


def pages(paper: Any, *, lying: bool) -> list[Any]:
    return [page for page in paper.pages if (page.width > page.height) is lying]


def number(page: Any) -> str:
    return str(page.crop((0, 0, page.width, TOP)).extract_text())


def words(sheets: Sequence[Any]) -> list[str]:
    """Every word in the order it is read in, the numbers of the pages aside."""
    return [word["text"] for page in sheets for word in page.extract_words() if word["top"] > TOP]


def tables(sheets: Sequence[Any]) -> list[list[list[str]]]:
    """Every form cell by cell; one that goes on over the page is one, and its head counts once."""
    found: list[list[list[str]]] = []
    for table in (each for page in sheets for each in page.extract_tables()):
        rows = [[" ".join((cell or "").split()) for cell in row] for row in table]
        if found and rows[0] == found[-1][0]:
            found[-1] += [row for row in rows if row not in found[-1][: head(found[-1])]]
        else:
            found.append(rows)
    return found


def head(rows: Sequence[Sequence[str]]) -> int:
    """How many rows the head of a form has: the last of them numbers the columns."""
    return next((n for n, row in enumerate(rows, start=1) if row[-1].startswith("(")), 1)


def beside_the_forms(sheets: Sequence[Any]) -> list[str]:
    """Every word above and below the forms."""
    found = []
    for page in sheets:
        forms = [form.bbox for form in page.find_tables()]
        found += [word["text"] for word in page.extract_words() if word["top"] > TOP and not _within(word, forms)]
    return found


def _within(word: Any, boxes: Sequence[Any]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return any(x0 <= across <= x1 and top <= down <= bottom for x0, top, x1, bottom in boxes)


def within_the_margins(page: Any) -> None:
    """20 mm above and below, 30 left, 15 right (NĐ 30/2020), but for the page number."""
    body = [char for char in page.chars if char["top"] > TOP and char["text"].strip()]
    assert min(char["x0"] for char in body) >= 29.9 * MM
    assert max(char["x1"] for char in body) <= page.width - 14.9 * MM
    assert max(char["bottom"] for char in body) <= page.height - 19.9 * MM
