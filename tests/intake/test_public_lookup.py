"""What whoever holds a code is told of what he handed in, and what he can do about it; nobody else learns anything."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
import structlog
from fastapi import FastAPI

from services.intake.handlers.opinions import case_of
from services.intake.readmodel.receipts.told import PURPOSE
from shared.contracts.case import (
    AnswerDelivered,
    AnswerSubmitted,
    CaseDiverted,
    CaseForwarded,
    CaseMerged,
    CaseRejected,
    CaseResolved,
    CaseWithdrawn,
    Means,
    Resolution,
)
from shared.contracts.due import Due
from shared.contracts.opinion import DivertedKind, RejectionReason
from shared.contracts.request import RequestAccepted
from shared.contracts.session import SessionAnnounced
from shared.contracts.types import Sealed
from tests.intake.browsing import CODE, TYPED, Citizen, application, citizen, hidden_of, offered
from tests.intake.house import HUB, House
from tests.intake.submissions import become, request_on

DUE = Due(day=date(2023, 2, 10), rule="answer", start=date(2023, 1, 9), days=10, skipped=(), calendar="2023.1", rules="2023.1")


@pytest.fixture(name="app")
async def an_app(house: House) -> FastAPI:
    return application(house)


@pytest.fixture(name="person")
async def a_person(app: FastAPI) -> AsyncIterator[Citizen]:
    async with citizen(app) as browser:
        yield browser


async def handed_in(house: House, person: Citizen, **changed: Any) -> tuple[str, str]:
    """The code and the opinion."""
    code = await person.handed_in(**changed)
    page = (await house.log.read(0, 1_000)).records
    return code, next(each.stream for each in reversed(page) if each.type == "opinion.received")


async def referred(house: House, person: Citizen, **changed: Any) -> tuple[str, str]:
    code, opinion = await handed_in(house, person, **changed)
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    await house.refer(opinion)
    return code, opinion


async def sealed(house: House, text: str) -> Sealed:
    """A text of the assignment service in the vault."""
    entry = house.vault.seal(f"test/{text}", "submit_answer.answer", text)
    await house.vault.put([entry])
    return entry.sealed


def said(shown: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.partition("<main")[2]))


async def test_a_wrong_code_and_one_that_is_no_code_are_answered_alike(person: Citizen) -> None:
    code = await person.handed_in()
    wrong = [("0" if code[0] != "0" else "1") + code[1:], "", "x", "<script>alert(1)</script>", "a" * 200, code[:-1]]
    answers = [await person.send("/lookup", "/lookup", code=each) for each in wrong]
    assert {each.status_code for each in answers} == {404}
    assert len({re.sub(r"[0-9a-f]{64}", "", each.text) for each in answers}) == 1
    assert all("alert(1)" not in each.text for each in answers)


async def test_a_code_is_found_however_it_is_typed_and_stands_in_no_address(person: Citizen) -> None:
    code = await person.handed_in()
    misread = code.replace("0", "O").replace("1", "l")
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", misread):
        answer = await person.send("/lookup", "/lookup", code=typed)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/lookup/result")
    shown = await person.open("/lookup/result")
    assert CODE.search(shown.text) is None
    assert shown.headers["Referrer-Policy"] == "same-origin"


async def test_no_log_line_holds_a_code_a_name_or_a_word(person: Citizen, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    with structlog.testing.capture_logs() as logged:
        code = await person.handed_in()
        await person.look_up(code)
        await person.look_up("0000-0000-00000")
        await person.press("withdraw", note="Đã xong.")
    told = f"{logged} {caplog.text}"
    for secret in (code, code.replace("-", ""), TYPED["name"], TYPED["contact"], TYPED["words"][:20]):
        assert secret not in told


async def test_an_address_looks_up_so_often(app: FastAPI) -> None:
    async with citizen(app, "203.0.113.40") as person:
        for _ in range(20):
            assert (await person.send("/lookup", "/lookup", code="0000-0000-00000")).status_code == 404
        often = await person.send("/lookup", "/lookup", code="0000-0000-00000")
        assert often.status_code == 429
        assert "Tra cứu quá nhiều lần" in often.text


async def test_the_promise_comes_first_then_what_happened(house: House, person: Citizen) -> None:
    code, opinion = await handed_in(house, person)
    assert "Bạn được trả lời chậm nhất ngày 30/01/2023" in said((await person.look_up(code)).text)
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    shown = said((await person.look_up(code)).text)
    assert "Đã phân loại, chờ chuyển giải quyết" in shown
    assert shown.index("Bạn được trả lời chậm nhất ngày") < shown.index("09/01/2023 Đã phân loại")
    house.clock.move_to(house.clock.now() + timedelta(days=30))
    shown = said((await person.look_up(code)).text)
    assert "đã quá hạn" in shown


async def test_what_was_asked_for_is_shown_and_completed(house: House, person: Citizen) -> None:
    code, opinion = await handed_in(house, person)
    await house.ask("request_completion", HUB, opinion=opinion, asked="Cho biết số hồ sơ <b>.")
    shown = (await person.look_up(code)).text
    assert "Cho biết số hồ sơ &lt;b&gt;." in shown
    assert offered(shown) == {"complete", "withdraw"}
    empty = await person.press("complete", words=" ")
    assert "cần có nội dung" in empty.text
    done = await person.press("complete", words="Hồ sơ số 412.")
    assert "Đã nhận phần bổ sung của bạn." in done.text
    assert offered(done.text) == {"withdraw"}
    assert await house.service.queries.opinions.words(HUB, opinion) == f"{TYPED['words']}\n\n[09/01/2023] Hồ sơ số 412."


async def test_what_is_added_by_two_presses_is_added_once(house: House, person: Citizen) -> None:
    code, opinion = await handed_in(house, person)
    await house.ask("request_completion", HUB, opinion=opinion, asked="Cho biết số hồ sơ.")
    hidden = hidden_of((await person.look_up(code)).text, "/lookup/1/complete")
    for _ in range(2):
        answer = await person.post("/lookup/1/complete", **{**hidden, "words": "Hồ sơ số 412."})
        assert answer.status_code == 303
        assert "Đã nhận phần bổ sung của bạn." in (await person.open(answer.headers["Location"])).text
    assert await house.service.queries.opinions.words(HUB, opinion) == f"{TYPED['words']}\n\n[09/01/2023] Hồ sơ số 412."
    other = await person.post("/lookup/1/complete", **{**hidden, "words": "Một việc khác."})
    assert other.status_code in (409, 412, 422)
    assert "Một việc khác." in other.text or "complete" not in offered(other.text)


async def test_results_are_shown_so_often_and_then_nothing_is_opened(house: House, app: FastAPI) -> None:
    async with citizen(app, "203.0.113.41") as person:
        await person.look_up(await person.handed_in())
        answers = [(await person.open("/lookup/result")).status_code for _ in range(40)]
        assert (answers[0], answers[-1]) == (200, 429)
        opened = len(await house.vault.accesses())
        for path in ("/lookup/result", "/receipt"):
            await person.open(path)
        assert (await person.open("/lookup/result")).status_code == 429
        assert len(await house.vault.accesses()) == opened


async def test_after_referral_wishes_are_passed_on(house: House, person: Citizen) -> None:
    code, opinion = await referred(house, person)
    shown = (await person.look_up(code)).text
    assert offered(shown) == {"add", "ask-to-withdraw"}
    assert "Đã ghi nhận đề nghị của bạn." in (await person.press("add", note="Thêm ảnh hiện trường.")).text
    assert "Đã ghi nhận đề nghị của bạn." in (await person.press("ask-to-withdraw", note="Xã đã giải quyết.")).text
    assert (await house.types(opinion)).count("opinion.wish_recorded") == 2


async def test_the_answer_that_was_delivered_is_read_and_taking_it_up_again_is_asked_for(house: House, person: Citizen) -> None:
    code, opinion = await referred(house, person)
    episode = f"{opinion.removeprefix('opinion-')}/1"
    answer = {"solution": None, "direction": await sealed(house, "Sửa trong quý II."), "legal_basis": None}
    first = await sealed(house, "Bản nháp đầu.")
    final = await sealed(house, "Cơ quan tiếp thu <i>.")
    await house.become(
        opinion,
        AnswerSubmitted(episode=episode, draft=1, drafter="p-x", answer=first, **answer),
        AnswerSubmitted(episode=episode, draft=2, drafter="p-x", answer=final, **answer),
    )
    assert "tiếp thu" not in (await person.look_up(code)).text  # not before it was delivered
    await house.become(opinion, AnswerDelivered(episode=episode, draft=2, means=Means.LETTER))
    await house.become(opinion, CaseResolved(episode=episode, how=Resolution.WRITTEN, due=DUE))
    shown = (await person.look_up(code)).text
    assert "Cơ quan tiếp thu &lt;i&gt;." in shown
    assert "Sửa trong quý II." in shown
    assert "Bản nháp đầu." not in shown
    assert offered(shown) == {"reopen"}
    assert "Đã ghi nhận" in (await person.press("reopen", note="Đường vẫn chưa sửa.")).text
    await house.vault.erase_record(final.ref)
    assert "tiếp thu" not in (await person.open("/lookup/result")).text


async def test_a_merged_opinion_leads_to_what_became_of_the_other(house: House, app: FastAPI, person: Citizen) -> None:
    _, survivor = await handed_in(house, person)
    async with citizen(app) as other:
        code, merged = await handed_in(house, other, words="Cùng một việc, gửi lần khác.")
        await house.ask("merge_opinion", HUB, opinion=merged, into=survivor)
        shown = (await other.look_up(code)).text
        assert "được giải quyết chung" in said(shown)
        assert offered(shown) == set()
        await house.ask("classify_opinion", HUB, opinion=survivor, kind="kien_nghi", field="giao-thong")
        await house.refer(survivor)
        episode = f"{survivor.removeprefix('opinion-')}/1"
        text = await sealed(house, "Trả lời chung.")
        nothing: dict[str, Any] = {"solution": None, "direction": None, "legal_basis": None}
        await house.become(
            survivor,
            AnswerSubmitted(episode=episode, draft=1, drafter="p-x", answer=text, **nothing),
            AnswerDelivered(episode=episode, draft=1, means=Means.LETTER),
        )
        shown = (await other.look_up(code)).text
        assert "Trả lời chung." in shown
        assert "Đã trả lời" in said(shown)


async def test_what_was_said_to_the_other_s_speaker_before_it_was_merged_stays_with_him(
    house: House, app: FastAPI, person: Citizen
) -> None:
    _, survivor = await handed_in(house, person)
    await house.ask("request_completion", HUB, opinion=survivor, asked="Cho biết số hồ sơ riêng.")
    await house.ask("classify_opinion", HUB, opinion=survivor, kind="kien_nghi", field="giao-thong")
    await house.refer(survivor)
    episode = f"{survivor.removeprefix('opinion-')}/1"
    nothing: dict[str, Any] = {"solution": None, "direction": None, "legal_basis": None}
    texts = [await sealed(house, each) for each in ("Trả lời riêng.", "Trả lời chung.")]
    before, after = [
        AnswerSubmitted(episode=episode, draft=n, drafter="p-x", answer=t, **nothing) for n, t in enumerate(texts, 1)
    ]
    await house.become(survivor, before, AnswerDelivered(episode=episode, draft=1, means=Means.LETTER))
    async with citizen(app) as other:
        code, merged = await referred(house, other, words="Cùng một việc, gửi lần khác.")
        await house.become(merged, CaseMerged(episode=f"{merged.removeprefix('opinion-')}/1", into=case_of(survivor)))
        seen = len(await house.vault.accesses())
        shown = (await other.look_up(code)).text
        assert "Trả lời riêng." not in shown
        assert "số hồ sơ riêng" not in shown
        assert not [each for each in (await house.vault.accesses())[seen:] if each["purpose"] == PURPOSE]
        await house.become(survivor, after, AnswerDelivered(episode=episode, draft=2, means=Means.LETTER))
        shown = (await other.look_up(code)).text
        assert "Trả lời chung." in shown
        assert "Trả lời riêng." not in shown


async def test_merged_into_what_its_own_speaker_withdrew_it_does_not_say_that_you_did(
    house: House, app: FastAPI, person: Citizen
) -> None:
    _, survivor = await referred(house, person)
    async with citizen(app) as other:
        code, merged = await referred(house, other, words="Cùng một việc, gửi lần khác.")
        await house.become(merged, CaseMerged(episode=f"{merged.removeprefix('opinion-')}/1", into=case_of(survivor)))
        await house.become(survivor, CaseWithdrawn(episode=f"{survivor.removeprefix('opinion-')}/1", note=None))
        shown = said((await other.look_up(code)).text)
        assert "Ý kiến chung đã kết thúc mà không có câu trả lời" in shown
        assert "theo đề nghị của bạn" not in shown


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (lambda e: CaseDiverted(episode=e, kind=DivertedKind.DENUNCIATION, to="BTCD"), "thủ tục riêng của pháp luật"),
        (lambda e: CaseForwarded(episode=e, to="SGTVT", note=None), "thẩm quyền cơ quan khác"),
        (lambda e: CaseRejected(episode=e, reason=RejectionReason.UNCLEAR, note=None), "Không đủ điều kiện"),
    ],
    ids=["diverted", "forwarded", "rejected"],
)
async def test_how_it_ended_is_said_without_a_unit_or_what_it_is_called_in_law(
    house: House, person: Citizen, ending: Any, words: str
) -> None:
    code, opinion = await referred(house, person)
    await house.become(opinion, ending(f"{opinion.removeprefix('opinion-')}/1"))
    shown = (await person.look_up(code)).text
    assert words in said(shown)
    for never in ("Đơn vị BTCD", "Đơn vị SGTVT", "tố cáo</", "Bạn được trả lời chậm nhất"):
        assert never not in shown
    assert offered(shown) == set()


async def test_a_request_is_followed_to_the_announced_day(house: House, person: Citizen) -> None:
    code = await person.handed_in(wants="dialogue")
    page = (await house.log.read(0, 1_000)).records
    receipt = next(each.stream for each in page if each.type == "request_receipt.received")
    await request_on(house, receipt)
    await become(house, receipt, RequestAccepted(session="session-1"))
    await house.happen("assignment", {"session-1": [SessionAnnounced(on=date(2023, 2, 20), invitation=None)]})
    shown = said((await person.look_up(code)).text)
    assert "Cuộc đối thoại với bạn được tổ chức ngày 20/02/2023" in shown


async def test_what_is_not_offered_is_not_done_when_it_is_sent_all_the_same(house: House, person: Citizen) -> None:
    code, _ = await handed_in(house, person)
    await person.look_up(code)
    await person.press("withdraw")
    before = (await house.log.head()).position
    token = re.search(r'name="token" value="(\w+)"', (await person.open("/lookup")).text)
    assert token is not None
    for word in ("withdraw", "reopen", "complete"):
        sent = {"token": token[1], "key": f"k-{word}", "version": "2", "note": "x", "words": "x"}
        answer = await person.post(f"/lookup/1/{word}", **sent)
        assert answer.status_code in (303, 409, 412)
    assert (await person.post("/lookup/2/withdraw", token=token[1], key="k", version="2")).status_code == 404
    assert (await person.post("/lookup/1/approve", token=token[1], key="k", version="2")).status_code == 404
    assert (await house.log.head()).position == before


async def test_whoever_leaves_holds_nothing_and_another_browser_never_did(app: FastAPI, house: House, person: Citizen) -> None:
    code = await person.handed_in()
    await person.look_up(code)
    await person.send("/lookup/result", "/lookup/done")
    assert (await person.open("/lookup/result")).headers["Location"] == "/lookup"
    before = (await house.log.head()).position
    async with citizen(app) as other:
        answer = await other.send("/lookup", "/lookup/1/withdraw", key="k", version="1")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/lookup")
    assert (await house.log.head()).position == before


async def test_every_script_is_the_house_s_own_and_the_page_works_without_it(person: Citizen) -> None:
    shown = await person.open("/lookup")
    sources = re.findall(r'<script[^>]* src="([^"]*)"', shown.text)
    assert "/lookup/code.js" in sources
    assert all(each.startswith("/") for each in sources)
    assert (await person.open("/lookup/code.js")).headers["Content-Type"].startswith("text/javascript")
