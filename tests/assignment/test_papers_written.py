"""Each kind of paper as a file: what stands on it, that nobody who spoke does, and who may have it (NĐ 30/2020; R7, R16)."""

import hashlib
import io
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pdfplumber
import pytest
from docx import Document

from services.assignment.entrypoints.papers import COMPOSERS
from services.assignment.entrypoints.papers.frame import in_lines
from shared.contracts.document import DocumentKind
from shared.documents.days import short_day
from shared.permit import Subject
from tests.assignment.house import AUDITOR, CHAIRMAN, CHIEF, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, SPECIALIST, House
from tests.assignment.test_document_api import drafted, furnished, get, post
from tests.assignment.test_misuse import FIRST
from tests.assignment.test_session_handlers import AD_HOC
from tests.assignment.test_session_misuse import held, ready

SPOKEN = "thêm lớp bồi dưỡng"  # of the opinion that the house of these tests is handed
LETTERHEAD: dict[str, Any] = {
    "parent": "UBND TỈNH SƠN LA",
    "issuer": "VĂN PHÒNG",
    "above": "UBND tỉnh",
    "called": "Văn phòng UBND tỉnh",
    "place": "Sơn La",
    "head": "Chánh Văn phòng",
    "valid_from": "2021-01-01",
}


async def text_of(house: House, document: str, by: Subject = HUB, **asked: str) -> str:
    """All that stands on the pages, on one line."""
    answer = await get(house, by, f"/documents/{document}/file", **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{document}.pdf"'
    with pdfplumber.open(io.BytesIO(answer.content)) as pages:
        read = " ".join(page.extract_text() for page in pages.pages)
    return unicodedata.normalize("NFC", " ".join(read.split()))


@pytest.fixture
async def office(house: House) -> House:
    """An office with its letterhead and books."""
    await furnished(house)
    await house.ask("set_letterhead", HUB, office="VPUB", **LETTERHEAD)
    return house


async def test_a_draft_has_room_for_its_number_and_an_issued_paper_carries_number_day_and_signer(office: House) -> None:
    paper = await drafted(office, "cong_van")
    draft = await text_of(office, paper)
    assert "DỰ THẢO" in draft
    assert "V/v Ý kiến kết luận tại đối thoại" in draft
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    await office.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=3)
    await office.ask("issue_document", REGISTRY, document=paper)
    issued = await text_of(office, paper)
    assert "Số: 03/TB-VPUB Sơn La, ngày 09 tháng 01 năm 2023" in issued
    assert "CHÁNH VĂN PHÒNG" in issued
    assert "DỰ THẢO" not in issued


async def test_an_issued_paper_is_given_as_it_was_issued_after_the_letterhead_changed(office: House) -> None:
    paper = await drafted(office, "cong_van")
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    await office.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=3)
    await office.ask("issue_document", REGISTRY, document=paper)
    before = await get(office, HUB, f"/documents/{paper}/file")
    await office.ask("set_letterhead", HUB, office="VPUB", **{**LETTERHEAD, "issuer": "VĂN PHÒNG MỚI"})
    after = await get(office, HUB, f"/documents/{paper}/file")
    assert (after.content, after.headers["paper-issued"]) == (before.content, hashlib.sha256(before.content).hexdigest())
    await office.ask("recall_document", CHIEF, document=paper, reason="Sai căn cứ.")
    assert (await get(office, HUB, f"/documents/{paper}/file")).content == before.content
    copy = await get(office, HUB, f"/documents/{paper}/file?marked=true")
    with pdfplumber.open(io.BytesIO(copy.content)) as pages:
        assert "ĐÃ THU HỒI" in unicodedata.normalize("NFC", pages.pages[0].extract_text())
    assert "paper-issued" not in copy.headers


async def test_the_papers_of_a_dialogue_tell_its_day_its_opinions_by_field_and_what_became_of_them(office: House) -> None:
    session, _ = await held(office, {"outcome": "giao_giai_quyet", "direction": "Tổ chức trong quý II."})
    wanted: dict[str, tuple[str, ...]] = {
        "chuong_trinh": ("CHƯƠNG TRÌNH", "Ngày 09 tháng 01 năm 2023 (thứ Hai)", "Chánh Văn phòng UBND tỉnh kết luận."),
        "giay_moi": ("GIẤY MỜI", "trân trọng kính mời", "Tới dự: Cuộc đối thoại đột xuất"),
        "bien_ban": ("BIÊN BẢN", "20 người", "Giao giải quyết", "Tổng số ý kiến nêu: 01; giao giải quyết 01; không", "CHỦ TỌA"),
    }
    for kind, sentences in wanted.items():
        text = await text_of(office, await drafted(office, kind, about=session))
        for sentence in sentences:
            assert sentence in text, (kind, text)
        assert "Số: " in text
        assert "quý II" not in text  # what was said is nobody's to read on a paper that goes out
        assert SPOKEN not in text


async def put_to_a_dialogue(house: House, **answer: Any) -> tuple[str, str]:
    """A dialogue with one opinion that its lead unit answered. Returns both."""
    session, case = await ready(house)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, **answer)
    return session, case


def letters(text: str) -> str:
    """All letters without the breaks of lines and cells."""
    return "".join(text.split())


async def cells_of(house: House, document: str, by: Subject = CHIEF) -> list[list[str]]:
    """The rows of the table on the pages, heads included, each cell on one line."""
    answer = await get(house, by, f"/documents/{document}/file")
    assert answer.status_code == 200, answer.text
    with pdfplumber.open(io.BytesIO(answer.content)) as pages:
        rows = [row for page in pages.pages for table in page.extract_tables() for row in table]
    return [[unicodedata.normalize("NFC", " ".join((cell or "").split())) for cell in row] for row in rows]


ANSWER: dict[str, Any] = {
    "answer": "Văn phòng mở hai lớp trong quý I.",
    "solution": "Phối hợp Sở Thông tin và Truyền thông.",
    "direction": "Tiếp thu.",
    "legal_basis": "Thông tư liên tịch số 08/2005/TTLT-BNV-BTC",
}


async def test_the_table_of_answers_tells_each_answer_its_solution_direction_basis_and_who_gave_it(office: House) -> None:
    session, case = await put_to_a_dialogue(office, **ANSWER)
    paper = await drafted(office, "bang_tong_hop", about=session)
    waiting = await text_of(office, paper)
    assert "Đã tham mưu," in waiting
    assert ANSWER["solution"] not in waiting  # what nobody approved is no answer yet
    await office.ask("approve_answer", CHIEF, case=case)
    await office.ask("direct_case", CHIEF, case=case, direction="Mở thêm lớp ở huyện.")
    *_, row = await cells_of(office, paper)
    assert SPOKEN in row[1]
    assert row[5].startswith(f"{ANSWER['answer']} (")
    assert row[6] == ANSWER["solution"]
    assert row[7].startswith("Tiếp thu.")
    assert row[7].endswith("Mở thêm lớp ở huyện.")
    assert row[8] == ANSWER["legal_basis"]
    assert "tham mưu ngày 09/01/2023" in row[5]
    assert "duyệt" in row[5]
    text = await text_of(office, paper)
    assert "Tổng số: 01 ý kiến; đã báo cáo nội dung trả lời 01 ý kiến." in text
    assert "NGƯỜI LẬP BẢNG" in text
    assert "Số: " not in text  # a working paper has no number
    await office.ask("deliver_answer", HUB, case=case, means="van_ban")
    *_, row = await cells_of(office, paper)
    assert row[5].endswith("trả lời bằng văn bản ngày 09/01/2023)")
    read = [(line["reader"], line["purpose"]) for line in await office.vault.accesses()]
    assert (CHIEF.person, f"read_document {paper}") in read


async def test_the_table_of_answers_says_what_has_no_answer(office: House) -> None:
    session, _ = await ready(office)
    text = await text_of(office, await drafted(office, "bang_tong_hop", about=session), by=CHIEF)
    assert "Chưa có trả lời" in text
    assert "Tổng số: 01 ý kiến; chưa báo cáo nội dung trả lời ý kiến nào." in text


async def test_the_table_of_answers_tells_what_was_answered_in_the_room(office: House) -> None:
    session, _ = await held(office, {"outcome": "tra_loi_tai_cho", "answer": "Sẽ mở lớp trong quý II."})
    *_, row = await cells_of(office, await drafted(office, "bang_tong_hop", about=session))
    assert row[5] == "Sẽ mở lớp trong quý II. (Trả lời tại cuộc đối thoại ngày 09/01/2023)"


async def test_the_table_of_answers_says_nothing_of_an_opinion_about_a_unit_but_whose_work_it_is(office: House) -> None:
    case = await office.refer(FIRST, flags=(), concerns_units=("TH",))
    session = (await office.ask("propose_session", HUB, **AD_HOC)).stream
    await office.ask("approve_programme", CHIEF, session=session)
    await office.ask("link_case", HUB, session=session, case=case)
    await office.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await office.ask("submit_answer", SPECIALIST, case=case, **ANSWER)
    await office.ask("approve_answer", CHIEF, case=case)
    *_, row = await cells_of(office, await drafted(office, "bang_tong_hop", about=session))
    assert row[1] == "(không nêu nội dung theo quy định)"
    assert [row[2], row[3], *row[5:]] == ["—"] * 6
    assert row[4]


async def test_the_table_of_answers_is_the_same_for_all_who_may_read_what_was_said_and_nothing_for_others(office: House) -> None:
    session, case = await put_to_a_dialogue(office, **ANSWER)
    await office.ask("approve_answer", CHIEF, case=case)
    await office.ask("direct_case", CHIEF, case=case, direction="Mở thêm lớp ở huyện.")
    paper = await drafted(office, "bang_tong_hop", about=session)
    assert await cells_of(office, paper, by=HUB) == await cells_of(office, paper, by=CHIEF)
    assert await cells_of(office, paper, by=REGISTRY) == await cells_of(office, paper, by=CHIEF)
    other = OTHER_UNIT
    assert (await get(office, other, f"/documents/{paper}/file")).status_code == 404


async def test_an_answer_longer_than_a_page_goes_on_over_pages_under_the_head_of_its_table(office: House) -> None:
    long = " ".join(f"Câu thứ {n} của nội dung trả lời." for n in range(1, 161))
    session, case = await put_to_a_dialogue(office, answer=long)
    await office.ask("approve_answer", CHIEF, case=case)
    paper = await drafted(office, "bang_tong_hop", about=session)
    answer = await get(office, CHIEF, f"/documents/{paper}/file")
    with pdfplumber.open(io.BytesIO(answer.content)) as pages:
        tables = [table for page in pages.pages for table in page.extract_tables()]
        lowest = max(float(word["bottom"]) for page in pages.pages for word in page.extract_words())
        bottom = float(pages.pages[0].height) - 20 / 25.4 * 72  # the margin
    assert len(tables) > 1
    assert {unicodedata.normalize("NFC", table[0][5] or "") for table in tables} == {"Nội dung trả lời"}
    told = letters(" ".join(row[5] for row in await cells_of(office, paper) if row[5] not in ("Nội dung trả lời", "(6)")))
    assert told.startswith(letters(long))
    assert lowest <= bottom + 1


@pytest.mark.parametrize(
    ("summary", "lines"),
    [
        ("Dự cuộc đối thoại với Nhân dân ngày 21/3/2023", ("Dự cuộc đối thoại với Nhân dân ngày 21/3/2023",)),
        (
            "Phục vụ cuộc đối thoại đột xuất với công chức, viên chức, người lao động ngày 09/01/2023",
            ("Phục vụ cuộc đối thoại đột xuất với công chức, viên chức,", "người lao động ngày 09/01/2023"),
        ),
    ],
)
def test_a_summary_is_broken_at_a_phrase_and_leaves_no_day_alone(summary: str, lines: tuple[str, ...]) -> None:
    assert in_lines(summary) == lines


async def test_a_letter_that_has_no_number_yet_shows_who_drafts_it(office: House) -> None:
    assert "/VPUB-TCHCQT" in await text_of(office, await drafted(office, "cong_van"))


async def test_a_notice_lists_its_conclusions_with_unit_and_day_after_the_dialogue(office: House) -> None:
    session, case = await held(office, {"outcome": "giao_giai_quyet", "direction": "Tổ chức trong quý II."})
    item = {"kind": "chi_dao_giai_quyet", "case": case, "text": "Mở 02 lớp bồi dưỡng.", "unit": "TH", "until": "2023-02-10"}
    await office.ask("draft_notice", HUB, office="VPUB", session=session, items=[item])
    text = await text_of(office, await drafted(office, "thong_bao", about=session))
    assert "Ngày 09 tháng 01 năm 2023, Chánh Văn phòng UBND tỉnh chủ trì cuộc đối thoại đột xuất" in text
    assert "Dự cuộc đối thoại có 20 người. Tại cuộc đối thoại đã nghe, trao đổi 01 ý kiến." in text
    assert "Mở 02 lớp bồi" in text
    assert "10/02/2023" in text
    assert SPOKEN not in text


async def test_what_the_chairman_signs_goes_out_from_the_people_s_committee(office: House) -> None:
    paper = await drafted(office, "thong_bao")
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHAIRMAN, document=paper, capacity="TM")
    answer = await get(office, HUB, f"/documents/{paper}/file")
    with pdfplumber.open(io.BytesIO(answer.content)) as pages:
        first = pages.pages[0]
        left = first.crop((0, 0, float(first.width) * 0.42, 110)).extract_text()
    assert unicodedata.normalize("NFC", left).split("\n")[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH SƠN LA"]
    text = await text_of(office, paper)
    assert "TM. ỦY BAN NHÂN DÂN" in text
    assert "Ủy ban nhân dân tỉnh thông báo để các cơ quan" in text
    found: Any = Document(io.BytesIO((await get(office, HUB, f"/documents/{paper}/file", form="docx")).content))
    assert found.tables[0].cell(0, 0).text.startswith("ỦY BAN NHÂN DÂN\nTỈNH SƠN LA")


async def test_slips_and_letters_say_whose_work_it_is_and_name_nobody(office: House) -> None:
    case = await office.refer(FIRST, flags=())
    slip = await text_of(office, await drafted(office, "phieu_chuyen", about=case, summary="Ý kiến của công dân"))
    assert "tiếp nhận ngày" in slip
    assert "thuộc thẩm quyền giải quyết của" in slip
    assert SPOKEN not in slip
    await office.ask("assign_case", CHIEF, case=case, lead="TH")
    task = (await get(office, HUB, f"/cases/{case}")).json()["task"]
    letter = await text_of(office, await drafted(office, "cong_van_don_doc", about=task, summary="đôn đốc trả lời"))
    assert "V/v đôn đốc trả lời" in letter
    assert "hoàn thành chậm nhất ngày" in letter
    submission = await text_of(office, await drafted(office, "phieu_trinh", summary="Chương trình đối thoại"))
    assert "Nội dung trình: Chương trình đối thoại." in submission


async def issued_letter(house: House, task: str, number: int) -> str:
    """A letter that urges the work on, signed and sent, and recorded with the work."""
    letter = await drafted(house, "cong_van_don_doc", about=task, summary="đôn đốc trả lời")
    await house.ask("submit_document", HUB, document=letter)
    await house.ask("sign_document", CHIEF, document=letter, capacity="truc_tiep")
    await house.ask("number_document", REGISTRY, document=letter, book="TB-VPUB", number=number)
    await house.ask("issue_document", REGISTRY, document=letter)
    await house.ask("urge_task", HUB, task=task, letter=letter)
    return letter


async def test_an_urging_letter_written_again_later_says_what_was_so_when_it_was_signed(office: House) -> None:
    case = await office.refer(FIRST, flags=())
    await office.ask("assign_case", CHIEF, case=case, lead="TH")
    task = (await get(office, HUB, f"/cases/{case}")).json()["task"]
    due = short_day(date.fromisoformat((await get(office, HUB, f"/tasks/{task}")).json()["due"]))
    office.clock.move_to(datetime(2023, 2, 6, 2, tzinfo=UTC))
    first = await issued_letter(office, task, 3)
    office.clock.move_to(datetime(2023, 2, 8, 2, tzinfo=UTC))
    await office.ask("request_extension", OTHER_UNIT, task=task, until="2023-02-15", reason="Cần thêm nguồn kinh phí.")
    await office.ask("grant_extension", CHIEF, task=task)
    office.clock.move_to(datetime(2023, 2, 20, 2, tzinfo=UTC))
    second = await issued_letter(office, task, 4)
    office.clock.move_to(datetime(2023, 12, 1, 2, tzinfo=UTC))
    await office.ask("recall_document", CHIEF, document=first, reason="Nhầm nơi nhận.")
    again = await text_of(office, first, marked="true")  # composed anew, with what became of it
    assert "ĐÃ THU HỒI" in again
    assert "Sơn La, ngày 06 tháng 02 năm 2023" in again
    assert f"hoàn thành chậm nhất ngày {due}." in again
    assert "lần đôn đốc" not in again
    later = await text_of(office, second, marked="true")
    assert "Sơn La, ngày 20 tháng 02 năm 2023" in later
    assert "hoàn thành chậm nhất ngày 15/02/2023." in later
    assert "Đây là lần đôn đốc thứ 02." in later


async def test_a_draft_urges_by_what_is_so_now(office: House) -> None:
    case = await office.refer(FIRST, flags=())
    await office.ask("assign_case", CHIEF, case=case, lead="TH")
    task = (await get(office, HUB, f"/cases/{case}")).json()["task"]
    draft = await drafted(office, "cong_van_don_doc", about=task, summary="đôn đốc trả lời")
    await office.ask("request_extension", OTHER_UNIT, task=task, until="2023-02-15", reason="Cần thêm nguồn kinh phí.")
    await office.ask("grant_extension", CHIEF, task=task)
    assert "hoàn thành chậm nhất ngày 15/02/2023." in await text_of(office, draft)


async def test_what_came_in_after_midnight_was_received_that_day_in_vietnam(office: House) -> None:
    case = await office.refer(FIRST, flags=(), received_at=datetime(2023, 1, 4, 17, 30, tzinfo=UTC))  # 00:30 of the fifth
    slip = await text_of(office, await drafted(office, "phieu_chuyen", about=case, summary="Ý kiến của công dân"))
    assert "tiếp nhận ngày 05 tháng 01 năm 2023" in slip


async def test_every_kind_that_this_service_drafts_is_written_as_pdf_and_to_be_edited(office: House) -> None:
    for kind in COMPOSERS:
        paper = await drafted(office, kind.value)
        assert await text_of(office, paper)
        answer = await get(office, HUB, f"/documents/{paper}/file", form="docx")
        assert answer.status_code == 200
        found: Any = Document(io.BytesIO(answer.content))
        assert any("Độc lập - Tự do - Hạnh phúc" in cell.text for cell in found.tables[0]._cells)
    assert set(COMPOSERS) == set(DocumentKind) - {DocumentKind.REPORT}


async def test_a_paper_is_written_for_the_offices_own_people_and_the_reading_is_logged(office: House) -> None:
    paper = await drafted(office, "cong_van")
    for stranger in (OTHER_OFFICE, AUDITOR):
        assert (await get(office, stranger, f"/documents/{paper}/file")).status_code == 404
    await text_of(office, paper)
    read = [(line["reader"], line["purpose"]) for line in await office.vault.accesses()]
    assert (HUB.person, f"read_document {paper}") in read


async def test_a_signed_paper_is_no_draft_and_a_recalled_one_says_so(office: House) -> None:
    paper = await drafted(office, "thong_bao")
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    assert "DỰ THẢO" not in await text_of(office, paper)  # signed, it is no draft though it has no number yet
    await office.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=7)
    await office.ask("issue_document", REGISTRY, document=paper)
    await office.ask("recall_document", CHIEF, document=paper, reason="Sai đơn vị.")
    assert "ĐÃ THU HỒI" not in await text_of(office, paper)  # what was issued stays as it was issued
    assert "ĐÃ THU HỒI" in await text_of(office, paper, marked="true")


async def test_the_field_of_an_opinion_about_a_unit_or_in_a_restricted_field_stands_on_no_paper(office: House) -> None:
    about_a_unit = await office.refer(FIRST, flags=(), concerns_units=("TH",))
    slip = await text_of(office, await drafted(office, "phieu_chuyen", about=about_a_unit), by=CHIEF)
    assert "thuộc lĩnh vực" not in slip


async def test_an_emoji_is_refused_where_it_is_written_with_its_place(office: House) -> None:
    body: dict[str, Any] = {"kind": "cong_van", "summary": "Kính báo \U0001f600", "recipients": []}
    refused = await post(office, HUB, "/documents", key="emoji-1", **body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    (wrong,) = refused.json()["errors"]
    assert (wrong["field"], wrong["code"]) == ("summary", "unprintable_character")
    assert "thứ 10 (U+1F600 GRINNING FACE)" in wrong["messages"]["vi"]
    assert "Character 10 (U+1F600 GRINNING FACE)" in wrong["messages"]["en"]
