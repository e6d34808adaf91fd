"""Papers by pages: from the draft to the receipt, the book they are numbered from, and who sees and does what."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from services.assignment.entrypoints.pages import papers as rooms
from services.assignment.entrypoints.pages.papers.acts import ACTS, DRAFT, OPEN_BOOK, VOID
from services.assignment.entrypoints.pages.papers.books import HEADER
from services.assignment.entrypoints.pages.papers.views import Group
from shared.contracts.document import DispatchMeans, DocumentKind, SigningCapacity
from shared.contracts.registry import all_events
from shared.documents.states import LABELS
from shared.papers.forms import PLACES
from shared.papers.verifying import Verdict
from shared.permit import Subject
from shared.web.pages import LANGUAGES, Pages
from shared.web.rooms import Room
from tests.assignment.browsing import Browsers, Person, ended_well, form_of, text_of
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHAIRMAN,
    CHIEF,
    FEEDER,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.assignment.test_document_api import BDV, SNV, drafted, furnished, signed
from tests.shared.identity.browser import HOUSE

BOOK = "/registers/register-VPUB-TB-VPUB-2023"
ELSEWHERE = replace(HUB, person="p-elsewhere", tenant="dienbien")
HOSTILE = "<script>alert(1)</script>{{7*7}}=1+1"


@pytest.fixture(autouse=True)
def _recipients(house: House) -> None:
    house.people = {**house.people, **{each.person: each for each in (BDV, SNV)}}


def offered(shown: str) -> set[str]:
    """The acts that a page of a paper has forms for."""
    return set(re.findall(r'<form method="post" action="/(?:papers|registers)/(?:[\w-]+/)?([a-z-]+)(?:\?of=[\w-]+)?"', shown))


async def hand_in(person: Person, page: str, to: str, content: bytes, name: str = "ban-ky.pdf", **fields: str) -> httpx2.Response:
    """Choose a file in the form of a page that takes one, and press its button."""
    shown = (await person.open(page)).text
    found = re.search(rf'<form method="post" action="([^"]*{to}[^"]*)"([^>]*)>(.*?)</form>', shown, re.DOTALL)
    assert found is not None
    assert 'enctype="multipart/form-data"' in found[2]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[3]))
    files = {"file": (name, content, "application/octet-stream")}
    return await person.client.post(found[1], data={**hidden, **fields}, files=files, headers={"Origin": HOUSE})


async def issued(house: House) -> str:
    """A notice that stands under a number, its two recipients not yet sent it."""
    paper = await signed(house)
    await house.ask("issue_document", REGISTRY, document=paper, book="TB-VPUB", number=3)
    await house.follow()
    return paper


async def test_a_notice_goes_from_its_draft_to_its_receipt_by_pages_alone(house: House, browsers: Browsers) -> None:
    await furnished(house)
    await house.follow()
    hub, chief, registry = [await browsers.of(each) for each in (HUB, CHIEF, REGISTRY)]
    rows = {"recipients.0.recipient": "BDVTU", "recipients.0.purpose": "Báo cáo", "recipients.0.mandatory": "1"}
    rows |= {"recipients.2.recipient": "TH", "recipients.2.purpose": "Thực hiện"}
    made = await hub.press("/papers/new", "draft-document", kind="thong_bao", summary="Ý kiến kết luận", **rows)
    assert made.status_code == 303, text_of(made.text)
    page = str(made.headers["Location"]).partition("?")[0]
    ended_well(
        await (await browsers.of(OTHER_UNIT)).press(page, "comment-on-document", comment="Bổ sung hạn."),
        page,
        "comment-on-document",
    )
    shown = (await hub.open(page)).text
    assert "Bổ sung hạn." in shown
    assert 'value="BDVTU" selected' in shown
    rows = {"recipients.0.recipient": "BDVTU", "recipients.0.purpose": "Báo cáo", "recipients.0.mandatory": "1"}
    ended_well(await hub.press(page, "redraft-document", summary="Kết luận, có hạn", **rows), page, "redraft-document")
    ended_well(await hub.press(page, "submit-document"), page, "submit-document")
    ended_well(await chief.press(page, "return-document", reason="Ghi rõ đơn vị."), page, "return-document")
    assert "Ghi rõ đơn vị." in (await hub.open(page)).text
    ended_well(await hub.press(page, "submit-document"), page, "submit-document")
    ended_well(await chief.press(page, "sign-document", capacity="truc_tiep"), page, "sign-document")
    ended_well(await registry.press(page, "number-document", book="TB-VPUB", number="3"), page, "number-document")
    ended_well(await registry.press(page, "issue-document"), page, "issue-document")
    await house.follow()
    # The first such form is the one beside the line of the list that waits.
    ended_well(await registry.press(page, "dispatch-document", means="truc_lien_thong"), page, "dispatch-document")
    recipient = await browsers.of(BDV)
    assert "Kết luận, có hạn" not in (await recipient.open("/papers")).text  # its words stay in the house
    ended_well(await recipient.press(page, "deliver-document"), page, "deliver-document")
    await house.follow()
    told = text_of((await registry.open(page)).text)
    assert "Thông báo số 03/TB-VPUB" in told
    assert "Đã gửi" in told
    assert "Đúng khóa, chưa gắn với nội dung" in told
    book = text_of((await registry.open(BOOK)).text)
    assert "03/TB-VPUB 09/01/2023 Thông báo: Kết luận, có hạn p-chief BDVTU" in book


async def test_the_registry_says_for_a_recipient_that_he_has_it_and_takes_it_back(house: House, browsers: Browsers) -> None:
    await furnished(house)
    paper = await issued(house)
    page, registry = f"/papers/{paper}", await browsers.of(REGISTRY)
    for unit in ("BDVTU", "TH"):
        sent = {"recipient": unit, "purpose": "Báo cáo" if unit == "BDVTU" else "Thực hiện", "means": "giay"}
        ended_well(await registry.press(page, "dispatch-document", **sent), page, "dispatch-document")
        ended_well(await registry.press(page, "deliver-document", recipient=unit), page, "deliver-document")
    await house.follow()
    assert text_of((await registry.open(page)).text).count("Văn thư ghi thay") == 2
    ended_well(await registry.press(page, "recall-document", reason="Sai đơn vị."), page, "recall-document")
    await house.follow()
    shown = (await registry.open(page)).text
    assert "Đã thu hồi" in shown
    assert "Sai đơn vị." in shown
    assert offered(shown) == set()
    marked = await registry.open(f"{page}/file?form=docx&marked=true")
    assert marked.headers["Content-Disposition"] == f'attachment; filename="{paper}.docx"'


async def test_another_paper_takes_the_place_of_one(house: House, browsers: Browsers) -> None:
    await furnished(house)
    former, later = await issued(house), await signed(house)
    await house.ask("issue_document", REGISTRY, document=later, book="TB-VPUB", number=5)
    await house.follow()
    page, registry = f"/papers/{former}", await browsers.of(REGISTRY)
    assert f'<option value="{later}"' in (await registry.open(page)).text
    ended_well(await registry.press(page, "supersede-document", successor=later), page, "supersede-document")
    await house.follow()
    assert f'href="/papers/{later}"' in (await registry.open(page)).text


async def test_of_a_notice_only_a_copy_without_names_is_made_public_and_its_digest_is_that_of_the_file(
    house: House, browsers: Browsers
) -> None:
    await furnished(house)
    paper = await issued(house)
    page, registry = f"/papers/{paper}", await browsers.of(REGISTRY)
    refused = await hand_in(registry, page, "publications", b"", name="", place="trang_tin_van_phong")
    assert (refused.status_code, "chỉ công khai bản đã lược bỏ danh tính" in refused.text) == (409, True)
    done = await hand_in(registry, page, "publications", b"cong khai", place="trang_tin_van_phong", redacted="1")
    ended_well(done, page, "publish-document")
    await house.follow()
    history = (await house.service.queries.papers.document(REGISTRY, paper)).history
    (step,) = [each for each in history if each.type == "document.published"]
    assert step.detail["content"] == hashlib.sha256(b"cong khai").hexdigest()


async def test_a_file_that_was_not_signed_does_not_stand_for_a_paper_and_says_why(house: House, browsers: Browsers) -> None:
    await furnished(house)
    paper = await signed(house)
    await house.follow()
    page, registry = f"/papers/{paper}", await browsers.of(REGISTRY)
    for content, words in ((b"", "Tệp rỗng"), (b"khong phai PDF", "không phải PDF")):
        refused = await hand_in(registry, page, "signed-copies", content)
        assert refused.status_code == 422
        assert words in text_of(refused.text), text_of(refused.text)[:500]
    recipient = await browsers.of(SPECIALIST)
    assert "attach-signed" not in "".join(offered((await recipient.open(page)).text))


async def test_a_book_shows_its_gaps_and_voids_and_its_sheet_says_the_same(house: House, browsers: Browsers) -> None:
    await furnished(house)
    await house.ask("issue_document", REGISTRY, document=await signed(house, summary="=1+1"), book="TB-VPUB", number=3)
    await house.follow()
    registry = await browsers.of(REGISTRY)
    ended_well(await registry.press(BOOK, "void-number", number="6", reason="Viết hỏng."), BOOK, "void-number")
    await house.follow()
    told = text_of((await registry.open(BOOK)).text)
    assert re.search(r"1–2 Trống.* 03/TB-VPUB .* 4–5 Trống.* 06/TB-VPUB .*Viết hỏng\.", told), told
    gaps = text_of((await registry.open(f"{BOOK}?show=gap")).text)
    assert "03/TB-VPUB" not in gaps
    assert "4–5" in gaps
    assert "06/TB-VPUB" in text_of((await registry.open(f"{BOOK}?show=void&after=3")).text)
    sheet = await registry.open(f"{BOOK}/csv")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Số", "1-2", "03/TB-VPUB", "4-5", "06/TB-VPUB"]
    assert "'=1+1" in lines[2]


async def test_a_book_is_opened_and_a_wrong_pattern_is_told_beside_it(house: House, browsers: Browsers) -> None:
    registry = await browsers.of(REGISTRY)
    typed = {"book": "CV-VPUB", "year": "2023", "external": "false"}
    wrong = await registry.press("/registers", "open-register", pattern="không có số", **typed)
    assert wrong.status_code == 422
    assert 'value="không có số"' in wrong.text
    done = await registry.press("/registers", "open-register", pattern="{number}/CV-VPUB", **typed)
    ended_well(done, "/registers/register-VPUB-CV-VPUB-2023", "open-register")
    await house.follow()
    assert "số tiếp theo 1" in (await registry.open("/registers")).text


@pytest.mark.parametrize(
    ("by", "papers", "paper", "registers"),
    [
        (CHIEF, 200, 200, 200),
        (HUB, 200, 200, 200),
        (SPECIALIST, 200, 200, 404),
        (REGISTRY, 200, 200, 200),
        (OTHER_UNIT, 200, 200, 404),
        (AUDITOR, 200, 200, 200),
        (CHAIRMAN, 200, 200, 404),
        (FEEDER, 200, 404, 404),
        (BDV, 200, 200, 404),  # it was sent the paper
        (SNV, 200, 404, 404),
        (OTHER_OFFICE, 200, 404, 200),
        (ADMIN, 404, 404, 200),
        (ELSEWHERE, 404, 404, 404),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_who_sees_what(house: House, browsers: Browsers, by: Subject, papers: int, paper: int, registers: int) -> None:
    await furnished(house)
    document = await issued(house)
    await house.ask("dispatch_document", REGISTRY, document=document, recipient="BDVTU", purpose="Báo cáo", means="giay")
    await house.follow()
    person = await browsers.of(by)
    found = await person.open("/papers")
    assert found.status_code == papers
    assert (await person.open(f"/papers/{document}")).status_code == paper
    assert (await person.open("/registers")).status_code == registers
    if by is OTHER_OFFICE:
        assert document not in found.text
        assert (await person.open(BOOK)).status_code == 404


async def test_an_act_is_offered_only_to_whoever_may_do_it_and_refused_to_the_others(house: House, browsers: Browsers) -> None:
    await furnished(house)
    paper = await drafted(house)
    await house.follow()
    page = f"/papers/{paper}"
    hub = await browsers.of(HUB)
    assert {"submit-document", "redraft-document", "comment-on-document"} <= offered((await hub.open(page)).text)
    auditor = await browsers.of(AUDITOR)
    assert offered((await auditor.open(page)).text) == set()
    await house.ask("submit_document", HUB, document=paper)
    await house.follow()
    assert "sign-document" in offered((await (await browsers.of(CHIEF)).open(page)).text)
    for by in (HUB, SPECIALIST, REGISTRY, AUDITOR):
        assert "sign-document" not in offered((await (await browsers.of(by)).open(page)).text), by
    chief = await browsers.of(CHIEF)
    action, hidden = form_of((await chief.open(page)).text, "sign-document")
    token = re.search(r'name="token" value="(\w+)"', (await hub.open("/papers/new")).text)
    assert token is not None
    refused = await hub.post(action, **{**hidden, "token": token[1], "capacity": "truc_tiep"})
    assert refused.status_code == 403


async def test_what_was_typed_is_kept_where_the_book_refuses_the_number(house: House, browsers: Browsers) -> None:
    await furnished(house)
    await issued(house)
    paper = await signed(house)
    await house.follow()
    registry = await browsers.of(REGISTRY)
    refused = await registry.press(f"/papers/{paper}", "number-document", book="TB-VPUB", number="3")
    assert refused.status_code == 409
    assert "Số 3 đã cấp cho văn bản khác" in text_of(refused.text)
    assert re.search(r'name="number" value="3"', refused.text)


async def test_hostile_words_stand_on_the_page_as_words(house: House, browsers: Browsers) -> None:
    await furnished(house)
    paper = await drafted(house, summary=HOSTILE)
    await house.ask("comment_on_document", OTHER_UNIT, document=paper, comment=HOSTILE)
    await house.follow()
    hub = await browsers.of(HUB)
    for path in ("/papers", f"/papers/{paper}"):
        shown = (await hub.open(path)).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}=1+1" in shown


async def test_the_list_is_narrowed_by_kind_number_and_view(house: House, browsers: Browsers) -> None:
    await furnished(house)
    paper, other = await issued(house), await drafted(house, kind="ke_hoach", summary="Kế hoạch năm")
    await house.follow()
    hub = await browsers.of(HUB)

    async def listed(query: str) -> set[str]:
        return set(re.findall(r'<td class="m"><a href="/papers/([\w-]+)"', (await hub.open(f"/papers?{query}")).text))

    assert await listed("group=all") == {paper, other}
    assert await listed("group=draft") == {other}
    assert await listed("group=all&kind=thong_bao") == {paper}
    assert await listed("group=all&number=3") == {paper}
    assert await listed("group=all&number=4") == set()
    assert (await hub.open("/papers?number=0")).status_code == 422


def test_every_code_of_papers_has_its_words() -> None:
    codes: dict[str, Iterable[str]] = {
        "kind": DocumentKind,
        "stage": [label for label in LABELS.values() if label],
        "stage_words": [label for label in LABELS.values() if label],
        "group": Group,
        "capacity": SigningCapacity,
        "means": DispatchMeans,
        "verdict": Verdict,
        "event": [each.name for each in all_events() if each.stream_kind == "document"],
        "column": HEADER,
    }
    pages = Pages([Room(package=rooms.__name__)])
    for language in LANGUAGES:
        say: Any = pages.environments[language].get_template("assignment/papers/labels.html").module
        for macro, named in codes.items():
            for code in named:
                assert str(getattr(say, macro)(str(code))).strip(), (language, macro, code)
        for act in (*ACTS, DRAFT, OPEN_BOOK, VOID):
            assert all(str(each).strip() for each in (say.act(act.name), say.button(act.name), say.done_words(act.slug)))
            for field in act.fields:
                assert str(say.field(act.name, field.name)).strip()
                assert all(str(say.choice(field.name, str(code))).strip() for code in field.choices)
        assert all(str(say.place(code)) != code for code in PLACES)


async def test_the_papers_about_a_thing_are_listed_apart_and_a_new_one_is_about_it(house: House, browsers: Browsers) -> None:
    await furnished(house)
    about, other = await signed(house, summary="Về kế hoạch", about="plan-VPUB-2023"), await signed(house, summary="Việc khác")
    await house.follow()
    hub = await browsers.of(HUB)
    shown = (await hub.open("/papers?about=plan-VPUB-2023")).text
    assert f'href="/papers/{about}"' in shown
    assert f'href="/papers/{other}"' not in shown
    assert 'href="/papers/new?about=plan-VPUB-2023"' in shown
    assert 'href="/plan/2023"' in shown
    assert f'href="/papers/{other}"' in (await hub.open("/papers?group=all")).text


async def test_a_paper_that_nobody_would_get_says_so_before_it_is_put_forward(house: House, browsers: Browsers) -> None:
    await furnished(house)
    hub = await browsers.of(HUB)
    made = await hub.press("/papers/new", "draft-document", kind="phieu_trinh", summary="Trình lãnh đạo")
    page = str(made.headers["Location"]).partition("?")[0]
    await house.follow()
    assert "chưa có danh sách nơi nhận chung" in text_of((await hub.open(page)).text)
    ended_well(
        await hub.press(page, "redraft-document", **{"recipients.0.recipient": "TH", "recipients.0.purpose": "Thực hiện"}),
        page,
        "redraft-document",
    )
    await house.follow()
    assert "chưa có danh sách nơi nhận chung" not in text_of((await hub.open(page)).text)
