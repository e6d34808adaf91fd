"""The report of the worked year as the paper that is signed: what stands on it, and that its figures are those of its tables."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.reporting.entrypoints.paper import composition
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.locking import digest
from services.reporting.readmodel.readable import Readable, Standing
from shared.contracts.directory import LetterheadSet, RecipientsSet
from shared.contracts.plan import Recipient
from shared.contracts.report import Section
from shared.documents.layout.composition import Appendix, Composition, Heading, Paragraph, Signature, Style
from shared.documents.layout.composition import Table as Form
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import Story
from tests.reporting.world import HUB, World
from tests.reporting.year_2023 import FIRST_LOCK, SIX_MONTHS

LETTERHEAD = LetterheadSet(
    office="VPUB",
    parent="UBND TỈNH SƠN LA",
    issuer="VĂN PHÒNG",
    above="UBND tỉnh",
    called="Văn phòng UBND tỉnh",
    place="Sơn La",
    head="Chánh Văn phòng",
    valid_from=date(2021, 1, 1),
)

LIST = RecipientsSet(
    office="VPUB",
    kind="bao_cao",
    recipients=tuple(
        Recipient(role=role, unit=unit, purpose=purpose, mandatory=purpose == "Kính gửi")
        for role, unit, purpose in (
            ("ubnd_tinh", "UBND-T", "Kính gửi"),
            ("dan_van", "BDVTU", "Kính gửi"),
            ("lanh_dao_van_phong", "VPUB", "LĐVP UBND tỉnh"),
            ("don_vi", "TH", "Để biết"),
            ("don_vi", "NC", "Để biết"),
            ("van_thu", "VT", "Lưu"),
            ("dau_moi", "TCHCQT", "Lưu"),
        )
    ),
    valid_from=date(2021, 1, 1),
)


async def six_months(world: World, year: Story) -> Readable:
    """The six months of 2023, locked; the tests' lock stands under the year's name."""
    await world.play(year)
    await world.reorganise(("letterhead-VPUB", LETTERHEAD), ("recipients-VPUB", LIST))
    positions = await world.lock(year, SIX_MONTHS, FIRST_LOCK)
    counted = digest(await world.locking.figures("VPUB", *SIX_MONTHS, Basis(positions, None)))
    await world.lock(year, SIX_MONTHS, FIRST_LOCK, counted)
    return await world.readable.readable(HUB, "report-VPUB-2023")


def prose(paper: Composition) -> list[str]:
    return [block.text for block in paper.body if isinstance(block, Paragraph | Heading)]


def rows(appendix: Appendix) -> dict[str, list[str]]:
    """The rows of an appendix by their label, a list of cells each."""
    [form] = [block for block in appendix.body if isinstance(block, Form)]
    return {row.cells[1].text: [cell.text for cell in row.cells[2:]] for row in form.rows}


async def test_it_has_its_head_its_addressees_and_all_sections_in_order(world: World, year: Dialogues) -> None:
    paper = composition(await six_months(world, year))
    assert (paper.parent, paper.issuer) == ("UBND TỈNH SƠN LA", "VĂN PHÒNG")
    assert (paper.symbol or "").strip() == "/BC-VPUB"
    assert paper.to == ("Ủy ban nhân dân tỉnh Sơn La", "Ban Dân vận Tỉnh ủy")
    assert paper.recipients == ("Như trên;", "LĐVP UBND tỉnh;", "Các phòng, ban, đơn vị, đoàn thể;", "Lưu: VT, TCHCQT.")
    headings = [block.text for block in paper.body if isinstance(block, Heading) and block.level == 1]
    assert [text.partition(".")[0] for text in headings] == ["I", "II", "III", "IV", "V"]
    assert [appendix.number for appendix in paper.appendices] == ["I", "II", "III", "IV", "V"]
    assert paper.closing.endswith("./.")
    assert (paper.mark, [each.name for each in paper.signatures]) == ("DỰ THẢO", [""])


async def test_numbered_and_signed_it_carries_symbol_day_and_signer_everywhere(world: World, year: Dialogues) -> None:
    signer = Signature("KT. CHÁNH VĂN PHÒNG", ("PHÓ CHÁNH VĂN PHÒNG",), "Nguyễn Văn A")
    standing = Standing(signed=True, symbol="27/BC-VPUB", on=date(2023, 6, 9), signature=signer)
    paper = composition(replace(await six_months(world, year), standing=standing))
    assert (paper.symbol, paper.day, paper.mark) == ("27/BC-VPUB", "Sơn La, ngày 09 tháng 6 năm 2023", None)
    belongs = "(Kèm theo Báo cáo số 27/BC-VPUB ngày 09 tháng 6 năm 2023 của Văn phòng UBND tỉnh)"
    assert {appendix.belongs for appendix in paper.appendices} == {belongs}
    assert paper.signatures == (signer,)


async def test_a_superseded_report_says_so_above_its_text(world: World, year: Dialogues) -> None:
    signer = Signature("KT. CHÁNH VĂN PHÒNG", ("PHÓ CHÁNH VĂN PHÒNG",), "Nguyễn Văn A")
    standing = Standing(state="thay_the", signed=True, symbol="27/BC-VPUB", on=date(2023, 6, 9), signature=signer)
    assert composition(replace(await six_months(world, year), standing=standing)).mark == "ĐÃ ĐƯỢC THAY THẾ"


async def test_what_people_wrote_stands_in_its_section_and_what_says_nothing_is_left_out(world: World, year: Dialogues) -> None:
    readable = await six_months(world, year)
    bare = prose(composition(readable))
    assert "3. Nguyên nhân" not in bare
    assert "Văn phòng UBND tỉnh không có đề xuất, kiến nghị." in bare
    written = {Section.CAUSES: "Thiếu người.\n\n  Thiếu máy.  ", Section.PROPOSALS: "Đề nghị bổ sung biên chế."}
    full = prose(composition(replace(readable, written=written)))
    at = full.index("3. Nguyên nhân")
    assert full[at + 1 : at + 3] == ["Thiếu người.", "Thiếu máy."]
    assert full[-1] == "Đề nghị bổ sung biên chế."
    assert "Văn phòng UBND tỉnh không có đề xuất, kiến nghị." not in full


async def test_every_figure_of_the_prose_stands_in_a_table(world: World, year: Dialogues) -> None:
    readable = await six_months(world, year)
    paper = composition(readable)
    known: set[str] = set()
    for table in readable.told.tables.values():
        for row in (*table["rows"], *table.get("subtotals", ()), *table.get("outside", ()), table["total"]):
            known |= {_written(value) for value in row.values() if isinstance(value, int | str)}
    known |= {str(each.heads) for each in readable.told.held}  # one dialogue's part of a row
    for track in ("A1", "A2"):
        counted = readable.told.dialogues(track)
        known |= {_written(n) for n in (*counted.values(), counted["0"] + counted["0'"] + counted["1"] + counted["2"])}
    n = readable.told.opinions
    known |= {_written(sum(n[column] for column in "DEFG"))}
    for text in prose(paper)[2:]:
        bare = re.sub(r"ngày \d+/\d+/\d+|\d+/[A-Z]+-[A-Z]+|NĂM \d+|[Nn]ăm \d+|6 (tháng|THÁNG)|^\d\. |Phụ lục", "", text)
        for figure in re.findall(r"\d[\d.,]*\d|\d", bare):
            assert figure.lstrip("0") in known, f"{figure} in: {text}"


def _written(value: int | str) -> str:
    return str(value).replace(".", ",")


async def test_the_forms_of_the_appendices_have_one_total_and_the_figures_of_the_walkthrough(
    world: World, year: Dialogues
) -> None:
    dialogues, field, unit, place, work = composition(await six_months(world, year)).appendices
    expected = ["0", "0", "13", "0", "13", "1", "2", "0", "1", "9", "7", "6", "1", "2", "1", "1", "77,8", "85,7", "75,0"]
    assert rows(field)["TỔNG"] == rows(unit)["TỔNG"] == rows(place)["TỔNG"] == expected
    assert rows(field)["Trong đó: Nội bộ"][4] == "6"
    assert "Chưa phân loại" in rows(field)
    assert all(any(cell not in ("0", "—") for cell in cells) for label, cells in rows(field).items() if "Chưa" not in label)
    form = rows(dialogues)
    assert form["TỔNG (I + II)"] == ["0", "0", "3", "2", "4", "1", "0", "180", "11", "3", "5", "0", "2", "1", "3"]
    assert form["Đối thoại với Nhân dân"][7] == "40"
    assert {"Định kỳ", "Đột xuất", "Trực tiếp (theo yêu cầu)"} <= set(form)
    [staff] = [block for block in dialogues.body if isinstance(block, Form)]
    asked = next(row for row in staff.rows if "theo yêu cầu" in row.cells[1].text)
    assert {cell.text for cell in asked.cells[2:]} == {"x"}
    assert rows(work)["TỔNG"] == ["4", "2", "1", "1", "0", "0", "1", "1"]


@pytest.mark.parametrize("form", list(Table)[:5])
async def test_every_form_says_what_its_columns_are(world: World, year: Dialogues, form: Table) -> None:
    appendix = composition(await six_months(world, year)).appendices[list(Table).index(form)]
    [table] = [block for block in appendix.body if isinstance(block, Form)]
    assert [len(row.cells) for row in table.rows] == [len(table.columns)] * len(table.rows)
    assert len(table.numbered) == len(table.columns)
    taken = sum(cell.rows * cell.columns for row in table.head for cell in row)
    assert taken == len(table.head) * len(table.columns)
    notes: list[Any] = [block for block in appendix.body if isinstance(block, Paragraph)]
    assert [note.style for note in notes] == [Style.NOTE]
