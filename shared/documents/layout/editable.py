"""Writes an official paper as DOCX for people to edit: one font, no styles but its own, the same bytes each time.

python-docx builds it of values; no template language stands between, so nothing of the data is read as one.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shared.documents.layout.composition import (
    Align,
    Appendix,
    Block,
    Cell,
    Composition,
    Heading,
    Line,
    Paragraph,
    Signature,
    Style,
    Table,
)

FONT: Final = "Times New Roman"
PORTRAIT, LANDSCAPE = (Mm(210), Mm(297)), (Mm(297), Mm(210))
TEXT_WIDTH: Final = {False: 165.0, True: 252.0}  # mm between the margins, by whether the page lies
ALIGNED: Final = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
WIDEST_HEAD: Final = 9.0  # above it "Trong" breaks in a column of 9.4 mm
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # what a ZIP can date at the earliest: no day of the machine stands in the file


def docx(paper: Composition) -> bytes:
    """The paper as DOCX; where its pages break is the word processor's affair."""
    document = Document()
    _bare(document, paper)
    _page(document.sections[0], landscape=paper.landscape)
    _masthead(document, paper)
    if paper.kind is not None:
        _type_name(document, paper)
    _addressees(document, paper.to)
    for block in paper.body:
        _block(document, block, TEXT_WIDTH[paper.landscape])
    _closing(document, paper)
    for appendix in paper.appendices:
        _appendix(document, appendix)
    made = io.BytesIO()
    document.save(made)
    return _repeatable(made.getvalue())


def _bare(document: Any, paper: Composition) -> None:
    """Take out what the library's template brings: its theme fonts, language, author, compatibility mode and headings."""
    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(14), True, False
        style.font.color.rgb = None
        for colour in style.element.rPr.findall(qn("w:color")):
            style.element.rPr.remove(colour)
    for fonts in styles.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[name]
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(name), FONT)
    mode = next((each for each in document.settings.element.iter(qn("w:compatSetting")) if _is_mode(each)), None)
    if mode is not None:
        mode.set(qn("w:val"), "15")
    core = document.core_properties
    at = paper.at.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.language = paper.title, paper.author, "vi-VN"
    core.created = core.modified = at
    core.last_modified_by, core.comments, core.revision = paper.author, "", 1


def _is_mode(setting: Any) -> bool:
    return bool(setting.get(qn("w:name")) == "compatibilityMode")


def _page(section: Any, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = LANDSCAPE if landscape else PORTRAIT
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True  # no number on its first page
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = number.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001 - the library has no fields
    begins = OxmlElement("w:pgNumType")
    begins.set(qn("w:start"), "1")  # each appendix counts its own pages
    section._sectPr.find(qn("w:pgMar")).addnext(begins)  # noqa: SLF001 - the schema has an order


def _masthead(document: Any, paper: Composition) -> None:
    share = TEXT_WIDTH[paper.landscape] / 165
    grid = _frame(document, (66.0 * share, 99.0 * share), rows=2)
    left, right = grid.rows[0].cells
    if paper.parent:
        _line(left, paper.parent, 13)
    _line(left, paper.issuer, 13, bold=True)
    _rule(left, 66.0, 0.3)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", 14, bold=True)
    _rule(right, 99.0, 0.61)
    left, right = grid.rows[1].cells
    if paper.symbol is not None:
        _line(left, f"Số: {paper.symbol}", 13)
    if paper.day is not None:
        _line(right, paper.day, 14, italic=True)
    if paper.regarding is not None:
        _line(left, f"V/v {paper.regarding}", 13)
        left.paragraphs[-1].paragraph_format.space_before = Pt(6)
    if paper.mark is not None:
        _line(left, paper.mark, 13, bold=True)


def _type_name(document: Any, paper: Composition) -> None:
    title = _paragraph(document, paper.kind or "", bold=True, centred=True, before=16)
    title.paragraph_format.keep_with_next = True
    for line in paper.summary:
        _paragraph(document, line, bold=True, centred=True).paragraph_format.keep_with_next = True
    _rule(document, TEXT_WIDTH[paper.landscape], 0.25, after=14)


def _addressees(document: Any, to: Sequence[str]) -> None:
    if len(to) == 1:
        _paragraph(document, f"Kính gửi: {to[0]}.", centred=True, after=14)
    elif to:
        for n, each in enumerate(
            ("Kính gửi:", *(f"- {each}{'.' if n == len(to) else ';'}" for n, each in enumerate(to, start=1)))
        ):
            line = _paragraph(document, each, after=14 if n == len(to) else 3)
            line.paragraph_format.left_indent = Mm(35 if n == 0 else 54)


def _block(container: Any, block: Block, width: float) -> None:
    match block:
        case Heading(level=level, text=text):
            heading = container.add_paragraph(style=f"Heading {level}")
            heading.add_run(text)
            _spaced(heading, before=6, after=6, indent=12.7)
            heading.paragraph_format.keep_with_next = True
        case Paragraph(text=text, style=Style.NOTE):
            note = container.add_paragraph()
            _run(note, "Ghi chú: ", 11, italic=True)
            _run(note, text, 11)
            _spaced(note, before=6, after=0, exact=False)
        case Paragraph(text=text, style=style):
            paragraph = container.add_paragraph()
            _run(paragraph, text, 14, italic=style is Style.BASIS)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            _spaced(paragraph, before=0, after=6, indent=12.7)
        case Line(label=label, text=text):
            line = container.add_paragraph()
            _run(line, f"{label}: ", 14, bold=True)
            _run(line, text, 14)
            line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            _spaced(line, before=0, after=6, indent=12.7)
        case Table():
            _table(container, block, width)


def _closing(document: Any, paper: Composition) -> None:
    if paper.closing:
        last = _paragraph(document, paper.closing, after=10)
        last.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        last.paragraph_format.first_line_indent = Mm(12.7)
        last.paragraph_format.keep_with_next = True  # a signature never stands alone on a page
    width = TEXT_WIDTH[paper.landscape]
    if len(paper.signatures) == 1:
        [signature] = paper.signatures
        row = _frame(document, (width * 0.42, width * 0.58), rows=1).rows[0]
        _unbroken(row)  # nor does a name without its post
        left, right = row.cells
        _recipients(left, paper)
        _signed(right, signature)
        return
    share = width / max(len(paper.signatures), 1)
    grid = _frame(document, [share] * len(paper.signatures), rows=1)
    _unbroken(grid.rows[0])
    for cell, signature in zip(grid.rows[0].cells, paper.signatures, strict=True):
        _signed(cell, signature)
    if paper.recipients:
        _recipients(_frame(document, (width,), rows=1).rows[0].cells[0], paper)


def _recipients(cell: Any, paper: Composition) -> None:
    _line(cell, "Nơi nhận:", 12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    for line in paper.recipients:
        _line(cell, f"- {line}", 11, align=WD_ALIGN_PARAGRAPH.LEFT)


def _signed(cell: Any, signature: Signature) -> None:
    for text in (*((signature.authority,) if signature.authority else ()), *signature.post):
        _line(cell, text, 14, bold=True)
    _line(cell, "", 14)
    cell.paragraphs[-1].paragraph_format.space_after = Mm(26)
    _line(cell, signature.name, 14, bold=True)


def _appendix(document: Any, appendix: Appendix) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    for begins in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 - copied from the section before
        section._sectPr.remove(begins)  # noqa: SLF001
    _page(section, landscape=appendix.landscape)
    for level, text in ((1, f"Phụ lục {appendix.number}"), (2, appendix.title)):
        heading = document.add_paragraph(style=f"Heading {level}")
        heading.add_run(text)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _spaced(heading, before=0, after=0, exact=False)
    _paragraph(document, appendix.belongs, italic=True, centred=True)
    _rule(document, TEXT_WIDTH[appendix.landscape], 0.16, after=4)
    for block in appendix.body:
        _block(document, block, TEXT_WIDTH[appendix.landscape])


def _table(document: Any, block: Table, width: float) -> None:
    fixed = sum(column.width or 0 for column in block.columns)
    shares = sum(column.width is None for column in block.columns)
    widths = [column.width if column.width is not None else (width - fixed) / shares for column in block.columns]
    heads = [*block.head, *((tuple(Cell(text) for text in block.numbered),) if block.numbered else ())]
    table = document.add_table(rows=len(heads) + len(block.rows), cols=len(block.columns), style="Table Grid")
    _fixed(table, widths)
    _heads(table, heads, block)
    # A sum keeps a row of what it adds up beside it.
    closing = len(heads) + len(block.rows) - (block.closing + 1 if block.closing else 0)
    for n, row in enumerate(block.rows, start=len(heads)):
        at = 0
        cells = table.rows[n].cells
        _unbroken(table.rows[n])
        for cell in row.cells:
            here = cells[at] if cell.columns == 1 else cells[at].merge(cells[at + cell.columns - 1])
            _line(here, cell.text, block.size, bold=row.strong, align=ALIGNED[block.columns[at].align])
            here.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            at += cell.columns
        if closing <= n < len(table.rows) - 1:
            for each in cells[0].paragraphs:
                each.paragraph_format.keep_with_next = True


def _heads(table: Any, heads: Sequence[Sequence[Cell]], block: Table) -> None:
    taken: set[tuple[int, int]] = set()
    for n, row in enumerate(heads):
        _repeated(table.rows[n])
        at = 0
        for cell in row:
            while (n, at) in taken:
                at += 1
            taken |= {(n + down, at + across) for down in range(cell.rows) for across in range(cell.columns)}
            here = table.cell(n, at)
            if cell.rows > 1 or cell.columns > 1:
                here = here.merge(table.cell(n + cell.rows - 1, at + cell.columns - 1))
            numbered = bool(block.numbered) and n == len(heads) - 1
            _line(here, cell.text, 9 if numbered else min(block.head_size, WIDEST_HEAD), bold=not numbered, italic=numbered)
            here.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            at += cell.columns


def _frame(document: Any, widths: Sequence[float], rows: int) -> Any:
    """A table without lines: what stands side by side."""
    table = document.add_table(rows=rows, cols=len(widths))
    _fixed(table, widths)
    return table


def _fixed(table: Any, widths: Sequence[float]) -> None:
    """Widths in the grid and in every cell: word processors believe one or the other."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "11")  # else narrow columns break their heads within a word
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001
    if look is None:
        table._tbl.tblPr.append(margins)  # noqa: SLF001
    else:
        look.addprevious(margins)  # the schema has an order


def _repeated(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001
    _unbroken(row)


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _line(
    cell: Any,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> None:
    """A line in a cell; its first one takes the paragraph that is there."""
    first = cell.paragraphs[0]
    begun = len(cell.paragraphs) > 1 or first.paragraph_format.keep_together
    line = cell.add_paragraph() if begun else first
    line.paragraph_format.keep_together = True
    _run(line, text, size, bold=bold, italic=italic)
    line.alignment = align
    _spaced(line, before=0, after=0, exact=False)


def _paragraph(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    before: float = 0,
    after: float = 0,
) -> Any:
    line = document.add_paragraph()
    _run(line, text, 14, bold=bold, italic=italic)
    if centred:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _spaced(line, before=before, after=after, exact=False)
    return line


def _run(paragraph: Any, text: str, size: float, *, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _rule(container: Any, width: float, share: float, after: float = 0) -> None:
    """A line under what stands before it: the upper border of a thin paragraph, `share` of the width in mm."""
    line = container.add_paragraph()
    side = Mm(width * (1 - share) / 2)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = side
    _spaced(line, before=2, after=after, exact=False)
    line.paragraph_format.line_spacing = Pt(3)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    line._p.get_or_add_pPr().find(qn("w:spacing")).addprevious(border)  # noqa: SLF001 - the schema has an order


def _spaced(paragraph: Any, *, before: float, after: float, indent: float = 0, exact: bool = True) -> None:
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.first_line_indent = Pt(before), Pt(after), Mm(indent)
    if exact:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
    else:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _repeatable(made: bytes) -> bytes:
    """The same file with its parts in order and without the time of writing."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as read, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as written:
        for name in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            written.writestr(zipfile.ZipInfo(name, FIRST_DAY), read.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()
