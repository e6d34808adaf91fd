"""Proposals for the Chairman's dialogue by pages: each role does its part, sees its own, and knows who owes what by when."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from services.assignment.entrypoints.pages import proposals as rooms
from services.assignment.entrypoints.pages.proposals.acts import ACTS, CHECK, FILE
from services.assignment.entrypoints.pages.proposals.views import Group, owed
from services.assignment.readmodel.dialogue.proposals import Appraiser, ProposalStage, Proposed
from services.assignment.readmodel.words.access import READERS
from shared.contracts import proposal as facts
from shared.contracts.proposal import Verdict
from shared.contracts.registry import all_events, name_of_event
from shared.contracts.roles import Role
from shared.nearness import Left, Nearness
from shared.permit import Subject
from shared.web.pages import LANGUAGES, Pages
from shared.web.rooms import Room
from tests.assignment.browsing import Browsers, Person, ended_well, text_of
from tests.assignment.house import ADMIN, AUDITOR, CHAIRMAN, CHIEF, DEPUTY, FEEDER, HUB, OTHER_OFFICE, SPECIALIST, House
from tests.assignment.reading import APPRAISER, DIVISION, OTHER_APPRAISER, PROPOSER
from tests.assignment.test_misuse import register
from tests.assignment.test_session_handlers import PROPOSAL, in_charge, referred_proposal
from tests.shared.identity.browser import HOUSE
from tests.support.hosting import subject

PAGE = f"/proposals/{PROPOSAL}"
SAID = "Đề nghị tổ chức thêm lớp bồi dưỡng."
ELSEWHERE = replace(CHIEF, person="p-elsewhere", tenant="dienbien")
OTHER_PROPOSER = subject("p-sct", "SCT", Role.PROPOSER, office="SCT")


def offered(shown: str) -> set[str]:
    return set(re.findall(r'<form method="post" action="/proposals/(?:[\w-]+/)?([a-z-]+)(?:\?of=[\w-]+)?"', shown))


@pytest.fixture(autouse=True)
def _beside(house: House) -> None:
    house.people = {**house.people, **{each.person: each for each in (DIVISION, PROPOSER, APPRAISER)}}


async def received(house: House) -> None:
    """A proposal of a sở that the division has, in a field where the deputy is in charge."""
    for unit in ("BDVTU", "MTTQ", "SNNPTNT", "SCT"):
        await register(house, unit, "so_nganh", None)
    await in_charge(house)
    await referred_proposal(house)
    await house.follow()


async def press(browsers: Browsers, by: Subject, slug: str, **typed: str) -> None:
    ended_well(await (await browsers.of(by)).press(PAGE, slug, **typed), PAGE, slug)


async def hand_in(person: Person, content: bytes, name: str) -> httpx2.Response:
    shown = (await person.open(PAGE)).text
    found = re.search(r'<form method="post" action="(/proposals/files[^"]*)"[^>]*>(.*?)</form>', shown, re.DOTALL)
    assert found is not None
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[2]))
    files = {"file": (name, content, "application/octet-stream")}
    return await person.client.post(found[1], data=hidden, files=files, headers={"Origin": HOUSE})


async def test_a_proposal_goes_from_its_proposer_to_the_chairman_by_pages_alone(house: House, browsers: Browsers) -> None:
    await received(house)
    await press(browsers, DIVISION, "return-proposal", reason="Nêu rõ số hộ.")
    proposer = await browsers.of(PROPOSER)
    shown = text_of((await proposer.open(PAGE)).text)
    assert "Nêu rõ số hộ." in shown
    assert "SNNPTNT : bổ sung" in shown
    await press(browsers, PROPOSER, "complete-proposal", content="Tiêu thụ nông sản của 120 hộ.")
    assert "Tiêu thụ nông sản của 120 hộ." in (await (await browsers.of(DIVISION)).open("/proposals")).text
    await press(browsers, DIVISION, "check-line")
    await press(browsers, DIVISION, "request-appraisal", leader="p-deputy")
    told = text_of((await (await browsers.of(DEPUTY)).open(PAGE)).text)
    assert "Chưa có ý kiến thẩm định của: BDVTU, MTTQ" in told
    assert re.search(r"BDVTU : cho ý kiến thẩm định, hạn \d\d/\d\d/2023", told)
    await press(browsers, APPRAISER, "give-appraisal", appraiser="BDVTU", verdict="dong_y", comment="Nhất trí.")
    await press(browsers, DIVISION, "give-appraisal", appraiser="MTTQ", verdict="dong_y_co_sua_doi", letter="111/MTTQ-BTT")
    await press(browsers, DEPUTY, "conclude-appraisal", verdict="dong_y", note="Tổ chức trong quý I.")
    await press(browsers, DIVISION, "submit-proposal", to_chairman="false")
    await press(browsers, DEPUTY, "submit-proposal", to_chairman="true")
    await press(browsers, CHAIRMAN, "approve-proposal", note="Đồng ý.")
    told = text_of((await (await browsers.of(CHAIRMAN)).open(PAGE)).text)
    for words in ("Chủ tịch đồng ý", "Đồng ý, có sửa đổi", "văn bản số 111/MTTQ-BTT", "Nhất trí.", "Tổ chức trong quý I."):
        assert words in told, words
    assert "TH : đề xuất cuộc đối thoại" in told


@pytest.mark.parametrize(("slug", "words"), [("refuse-proposal", "Chủ tịch không đồng ý"), ("defer-proposal", "Để kỳ sau")])
async def test_the_chairman_refuses_or_defers_and_says_why(house: House, browsers: Browsers, slug: str, words: str) -> None:
    await received(house)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    for appraiser in ("BDVTU", "MTTQ"):
        await house.ask("give_appraisal", DIVISION, proposal=PROPOSAL, appraiser=appraiser, verdict="dong_y", letter="1/CV")
    await house.ask("conclude_appraisal", DEPUTY, proposal=PROPOSAL, verdict="dong_y")
    await house.ask("submit_proposal", DEPUTY, proposal=PROPOSAL)
    await house.follow()
    await press(browsers, CHAIRMAN, slug, reason="Đã giải quyết.")
    told = text_of((await (await browsers.of(CHAIRMAN)).open(PAGE)).text)
    assert words in told
    assert "Đã giải quyết." in told


async def test_whoever_appraises_sees_and_gives_only_his_own_appraisal(house: House, browsers: Browsers) -> None:
    await received(house)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    await house.ask("give_appraisal", DIVISION, proposal=PROPOSAL, appraiser="MTTQ", verdict="khong_dong_y", letter="9/MTTQ")
    await house.follow()
    shown = (await (await browsers.of(APPRAISER)).open(PAGE)).text
    assert "MTTQ" not in shown.partition("<main")[2]
    assert "9/MTTQ" not in shown
    assert offered(shown) >= {"give-appraisal"}
    assert "override-appraisal" not in offered(shown)
    listed = text_of((await (await browsers.of(APPRAISER)).open("/proposals")).text)
    assert "BDVTU : cho ý kiến thẩm định" in listed


async def test_an_appraiser_who_is_late_is_gone_without_with_a_reason(house: House, browsers: Browsers) -> None:
    await received(house)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    await house.follow()
    waiting = (await (await browsers.of(DEPUTY)).open(PAGE)).text
    assert "Hạn thẩm định đến hết ngày" in waiting
    assert "override-appraisal" not in offered(waiting)
    house.clock.move_to(datetime(2023, 3, 1, 2, tzinfo=UTC))
    await house.follow()
    assert "quá hạn" in text_of((await (await browsers.of(DEPUTY)).open("/proposals")).text)
    await press(browsers, DEPUTY, "override-appraisal", appraiser="MTTQ", reason="Đã quá hạn.")
    assert "Đã quá hạn." in (await (await browsers.of(DEPUTY)).open(PAGE)).text


async def test_a_file_is_handed_in_listed_and_saved_and_what_is_no_file_is_refused(house: House, browsers: Browsers) -> None:
    await received(house)
    division = await browsers.of(DIVISION)
    refused = await hand_in(division, b"", "")
    assert (refused.status_code, "Tệp rỗng" in refused.text) == (422, True)
    ended_well(await hand_in(division, b"%PDF-1.4\n%%EOF\n", "Công văn <b>.pdf"), PAGE, "add-attachment")
    shown = (await division.open(PAGE)).text
    found = re.search(r'href="(/files/[0-9a-f]{64}\?about=[\w-]+)">.*?Công văn &lt;b&gt;\.pdf', shown)
    assert found is not None
    saved = await division.open(found[1])
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.content == b"%PDF-1.4\n%%EOF\n"


@pytest.mark.parametrize(
    ("by", "status", "content"),
    [
        (DIVISION, 200, True),
        (CHIEF, 200, True),
        (DEPUTY, 200, True),
        (CHAIRMAN, 200, True),
        (PROPOSER, 200, True),
        (HUB, 200, False),  # it has no part in the Chairman's dialogue
        (SPECIALIST, 200, False),
        (AUDITOR, 200, False),
        (OTHER_PROPOSER, 404, False),
        (OTHER_APPRAISER, 404, False),  # nobody asked it yet
        (FEEDER, 404, False),
        (ADMIN, 404, False),
        (OTHER_OFFICE, 404, False),
        (ELSEWHERE, 404, False),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_who_sees_a_proposal_and_reads_it(
    house: House, browsers: Browsers, by: Subject, status: int, content: bool
) -> None:
    await received(house)
    answer = await (await browsers.of(by)).open(PAGE)
    assert answer.status_code == status
    assert (SAID in answer.text) is content
    if by in (HUB, SPECIALIST, AUDITOR):
        assert offered(answer.text) == set()
    if status == 404:
        listed = await (await browsers.of(by)).open("/proposals")
        assert PROPOSAL not in listed.text


async def test_who_may_not_is_refused_and_what_he_typed_stays(house: House, browsers: Browsers) -> None:
    await received(house)
    division = await browsers.of(DIVISION)
    wrong = await division.press(PAGE, "request-appraisal", leader="p-chief")
    assert wrong.status_code == 409
    kept = await division.press(PAGE, "return-proposal", reason=" ")
    assert (kept.status_code, "cần có nội dung" in kept.text) == (422, True)
    hub = await browsers.of(HUB)
    token = re.search(r'name="token" value="(\w+)"', (await hub.open("/papers/new")).text)
    assert token is not None
    asked = await hub.post(f"{PAGE}/return-proposal", token=token[1], key="k", version="1", reason="x")
    assert asked.status_code == 403


async def test_hostile_words_of_a_proposal_stand_as_words(house: House, browsers: Browsers) -> None:
    await received(house)
    await house.ask("return_proposal", DIVISION, proposal=PROPOSAL, reason="<script>alert(1)</script>")
    await house.ask("complete_proposal", PROPOSER, proposal=PROPOSAL, content="{{7*7}}<img src=x>")
    await house.follow()
    division = await browsers.of(DIVISION)
    for path in ("/proposals", PAGE):
        shown = (await division.open(path)).text
        assert "<script>alert" not in shown
        assert "{{7*7}}&lt;img src=x&gt;" in shown


def proposed(stage: str, *appraisers: Appraiser, session: str | None = None) -> Proposed:
    return Proposed(
        id=PROPOSAL,
        office="VPUB",
        stage=stage,
        field="nong-nghiep",
        field_label="Nông nghiệp",
        proposer="SNNPTNT",
        proposer_label="Sở Nông nghiệp",
        division="TH",
        division_label="Phòng Tổng hợp",
        session=session,
        leader=None,
        appraisers=appraisers,
        received_at=datetime(2023, 1, 6, 2, tzinfo=UTC),
        version=1,
    )


def asked(unit: str, verdict: str | None = None, *, gone: bool = False) -> Appraiser:
    return Appraiser(unit=unit, label=unit, due=date(2023, 1, 20), verdict=verdict, gone_without=gone)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (proposed("da_tiep_nhan"), [("proceed", "Phòng Tổng hợp")]),
        (proposed("yeu_cau_bo_sung"), [("complete", "Sở Nông nghiệp")]),
        (proposed("dang_tham_dinh", asked("BDVTU"), asked("MTTQ", "dong_y")), [("appraise", "BDVTU")]),
        (proposed("dang_tham_dinh", asked("BDVTU", gone=True), asked("MTTQ", "dong_y")), [("conclude", "leader")]),
        (proposed("da_tham_dinh"), [("submit", "Phòng Tổng hợp")]),
        (proposed("trinh_lanh_dao"), [("put_forward", "leaders")]),
        (proposed("trinh_chu_tich"), [("decide", "chairman")]),
        (proposed("dong_y"), [("propose_session", "Phòng Tổng hợp")]),
        (proposed("dong_y", session="session-1"), []),
        (proposed("khong_dong_y"), []),
        (proposed("de_ky_sau"), [("take_up", "chairman")]),
    ],
    ids=lambda each: each.stage if isinstance(each, Proposed) else "",
)
def test_whom_a_proposal_waits_for(line: Proposed, expected: list[tuple[str, str]]) -> None:
    found = owed(line, lambda due: Left(due, Nearness.LATER, 5))
    assert [(each.what, each.label or each.who) for each in found] == expected


def test_every_code_of_proposals_has_its_words() -> None:
    pages = Pages([Room(package=rooms.__name__)])
    events = [each.name for each in all_events() if each.stream_kind == "proposal"]
    said = [(name_of_event(kind), part) for kind, part in READERS if kind.__module__ == facts.__name__]
    for language in LANGUAGES:
        say: Any = pages.environments[language].get_template("assignment/proposals/labels.html").module
        codes: dict[str, Any] = {"stage": ProposalStage, "group": Group, "verdict": Verdict, "event": events}
        for macro, named in codes.items():
            assert all(str(getattr(say, macro)(str(code))).strip() for code in named), (language, macro)
        assert all(str(say.part(*each)).strip() for each in said)
        for act in (*ACTS, CHECK, FILE):
            assert all(str(each).strip() for each in (say.act(act.name), say.button(act.name), say.done_words(act.slug)))
            for field in act.fields:
                assert str(say.field(act.name, field.name)).strip()
                assert all(str(say.choice(field.name, str(code))).strip() for code in field.choices)


async def test_a_list_opens_only_how_its_proposals_begin_and_that_in_one_access(house: House, browsers: Browsers) -> None:
    await received(house)
    await press(browsers, DIVISION, "return-proposal", reason="Nêu rõ số hộ.")
    shown = (await (await browsers.of(DIVISION)).open("/proposals")).text
    assert SAID in shown
    listing = [each for each in await house.vault.accesses() if each["purpose"] == "proposals"]
    assert [len(each["refs"]) for each in listing] == [1]  # what it was returned with is not opened
