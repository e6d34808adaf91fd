"""Nobody sees or does by the pages of dialogues what is not his, what is typed does no harm, and nothing is written twice."""

import re
from typing import Any

import pytest

from shared.permit import Subject
from tests.assignment.browsing import SAID, Browsers, form_of, text_of
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SECRETARY,
    House,
)
from tests.assignment.test_misuse import FIRST, SECOND
from tests.assignment.test_page_sessions import offered
from tests.assignment.test_session_handlers import ON_REQUEST, REQUEST, referred_request
from tests.assignment.test_session_misuse import AD_HOC, ready

XSS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "=1+1", "' onfocus='alert(1)")
MEETING: dict[str, Any] = {"office": "VPUB", "kind": "giao_ban_tuan", "body": "van_phong", "on": "2023-01-09"}


async def open_session(house: House) -> tuple[str, str]:
    session, case = await ready(house)
    await house.ask("waive_readiness", CHIEF, session=session, reason="Việc gấp.")
    await house.ask("open_session", CHIEF, session=session)
    await house.follow()
    return session, case


@pytest.mark.parametrize(
    ("by", "status", "words"),
    [
        (CHIEF, 200, True),
        (HUB, 200, True),
        (SECRETARY, 200, True),  # he writes down what becomes of it
        (REGISTRY, 200, True),
        (AUDITOR, 200, False),
        (OTHER_UNIT, 200, False),
        (CHAIRMAN, 200, False),
        (OTHER_OFFICE, 404, False),
        (FEEDER, 404, False),
        (ADMIN, 404, False),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_who_sees_a_dialogue_and_who_what_is_put_to_it(
    house: House, browsers: Browsers, by: Subject, status: int, words: bool
) -> None:
    session, _ = await open_session(house)
    browser = await browsers.of(by)
    shown = await browser.open(f"/sessions/{session}")
    assert (shown.status_code, SAID in shown.text) == (status, words)
    reached = by is OTHER_OFFICE or status == 200  # of another office he reaches the pages, and nothing of this one there
    assert ("/sessions" in re.findall(r'<li><a href="([^"]+)"', shown.text)) is reached
    room = await browser.open(f"/sessions/{session}/room")
    assert room.status_code == (200 if by in (CHIEF, HUB, SECRETARY) or by is CHAIRMAN else 404)
    for path in (
        f"/sessions/{session}?as_of=1",
        "/sessions/session-9",
        "/meetings/meeting-9",
        "/requests/request-9",
        "/notices/notice-9",
    ):
        assert (await browser.open(path)).status_code == 404
    over_http = 200 if status == 200 else 404
    async with house.client(by) as client:
        assert (await client.get(f"/assignment/api/sessions/{session}")).status_code == over_http


async def test_a_page_offers_what_he_may_and_refuses_what_is_sent_all_the_same(house: House, browsers: Browsers) -> None:
    session, case = await ready(house)
    await house.follow()
    page = f"/sessions/{session}"
    hub, chief, unit = [await browsers.of(each) for each in (HUB, CHIEF, OTHER_UNIT)]
    assert offered((await hub.open(page)).text) == {"unlink-case"}
    assert offered((await chief.open(page)).text) == {"unlink-case", "waive-readiness"}
    assert offered((await unit.open(page)).text) == set()
    assert offered((await hub.open(f"{page}?tab=programme")).text) == {"arrange-session", "announce-session", "postpone-session"}
    assert "cancel-session" in offered((await chief.open(f"{page}?tab=programme")).text)
    _, hidden = form_of((await chief.open(page)).text, "waive-readiness")
    before = (await house.log.head()).position
    for by in (HUB, DEPUTY, OTHER_UNIT, OTHER_OFFICE, FEEDER, ADMIN):
        browser = await browsers.of(by)
        found = re.search(
            r'name="token" value="(\w+)"', (await browser.open("/account")).text + (await browser.open("/my-work")).text
        )
        assert found is not None
        sent = {**hidden, "token": found[1]}
        waived = await browser.post(f"{page}/waive-readiness", **sent, reason="x")
        assert waived.status_code in (403, 404), by.person
        assert (await browser.post(f"{page}/no-such-act", **sent)).status_code == 404
        if by not in (HUB, DEPUTY):
            assert (await browser.post(f"{page}/link-case", **sent, case=case)).status_code in (403, 404, 409), by.person
    assert (await house.log.head()).position == before


async def test_an_opinion_sent_twice_is_written_down_once(house: House, browsers: Browsers) -> None:
    session, _ = await open_session(house)
    secretary = await browsers.of(SECRETARY)
    shown = (await secretary.open(f"/sessions/{session}/room")).text
    said = {"words": "Nhà để xe dột.", "kind": "kien_nghi", "field": "dao-tao-boi-duong", "source_group": "noi_bo"}
    first = await secretary.press_on(shown, "raise-item", **said)
    after = (await house.log.head()).position
    second = await secretary.press_on(shown, "raise-item", **said)
    assert (first.status_code, second.status_code) == (303, 303)
    assert (await house.log.head()).position == after
    await house.follow()
    assert text_of((await secretary.open(f"/sessions/{session}/room")).text).count("Nhà để xe dột.") == 1


async def test_what_was_typed_stays_where_it_is_refused_and_stands_as_text(house: House, browsers: Browsers) -> None:
    session, _ = await open_session(house)
    room, payload = f"/sessions/{session}/room", " ".join(XSS)
    secretary, hub, chief = [await browsers.of(each) for each in (SECRETARY, HUB, CHIEF)]
    pages = [await secretary.press(room, "raise-item", words=payload, speaker_name=payload, field="")]
    assert pages[0].status_code == 422
    said = {"words": payload, "kind": "kien_nghi", "field": "dao-tao-boi-duong", "source_group": "noi_bo"}
    assert (await secretary.press(room, "raise-item", **said, speaker_name=XSS[0])).status_code == 303
    await house.follow()
    pages.append(await secretary.press(f"{room}?opinion=2", "record-outcome", outcome="giao_giai_quyet", answer=payload))
    assert (
        await secretary.press(f"{room}?opinion=2", "record-outcome", outcome="giao_giai_quyet", direction=payload)
    ).status_code == 303
    await house.follow()
    pages += [await chief.open(room), await hub.open(f"/sessions/{session}"), await hub.open(f"{room}?done={XSS[1]}")]
    new = {"kind": "ket_luan", "text": payload}
    form = (await hub.open("/notices/draft-notice")).text
    drafted = await hub.press_on(form, "draft-notice", **{f"items.0.{name}": value for name, value in new.items()})
    assert drafted.status_code == 303, text_of(drafted.text)
    await house.follow()
    notice = drafted.headers["Location"].partition("?")[0]
    pages += [await hub.open(notice), await hub.open(f"{notice}/draft-notice")]
    pages += [
        await hub.open(f"/sessions?tab={XSS[0]}"),
        await hub.open(f"/calendar?day={XSS[0]}"),
        await hub.open(f"{room}?opinion=x"),
    ]
    assert [each.status_code for each in pages] == [422, 422, 200, 200, 200, 200, 200, 422, 422, 422]
    for each in pages:
        assert "<script>" not in each.text
        assert "<img" not in each.text
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', each.text))
        assert " style=" not in each.text
        assert "49" not in re.findall(r"\b49\b", text_of(each.text))
    assert all("&lt;script&gt;" in each.text for each in pages[:2])
    assert "&lt;script&gt;" in pages[2].text


async def test_a_form_shown_before_somebody_else_acted_tells_so_and_keeps_the_words(house: House, browsers: Browsers) -> None:
    session, _ = await ready(house)
    await house.follow()
    page = f"/sessions/{session}?tab=programme"
    hub, chief = await browsers.of(HUB), await browsers.of(CHIEF)
    stale = (await hub.open(page)).text
    assert (await chief.press(page, "approve-programme", note="Bản 2.")).status_code == 303
    await house.follow()
    answer = await hub.press_on(stale, "arrange-session", place="Hội trường tầng 3")
    assert answer.status_code == 412
    assert "nội dung đã đổi trong lúc bạn làm" in text_of(answer.text)
    assert 'value="Hội trường tầng 3"' in answer.text
    again = await hub.press_on(answer.text, "arrange-session", place="Hội trường tầng 3")
    assert again.status_code == 303


async def test_meetings_are_scheduled_moved_held_and_cancelled_by_who_may(house: House, browsers: Browsers) -> None:
    hub, unit = await browsers.of(HUB), await browsers.of(OTHER_UNIT)
    assert (await unit.open("/meetings/schedule-meeting")).status_code == 403
    series = {"kind": "giao_ban_tuan", "body": "lanh_dao_van_phong", "every": "tuan", "first": "09/01/2023", "last": "31/01/2023"}
    wrong = await hub.press("/meetings/schedule-meetings", "schedule-meetings", **{**series, "last": "01/01/2023"})
    assert (wrong.status_code, 'value="01/01/2023"' in wrong.text) == (422, True)
    assert (await hub.press("/meetings/schedule-meetings", "schedule-meetings", **series)).status_code == 303
    await house.follow()
    shown = (await unit.open("/meetings")).text
    meetings = re.findall(r'<a href="(/meetings/meeting-[^"]+)">', shown.partition("<table")[2])
    assert len(meetings) == 4
    assert offered((await unit.open(meetings[1])).text) == set()
    assert (await hub.press(meetings[1], "move-meeting", on="17/01/2023", reason="Trùng lịch.")).status_code == 303
    assert (await hub.press(meetings[2], "cancel-meeting", reason="Nghỉ Tết.")).status_code == 303
    assert (await hub.press(meetings[0], "hold-meeting")).status_code == 303
    await house.follow()
    moved, cancelled = [text_of((await unit.open(each)).text) for each in meetings[1:3]]
    assert ("17/01/2023" in moved, "Trùng lịch." in moved) == (True, True)
    assert ("Đã hủy" in cancelled, "Nghỉ Tết." in cancelled) == (True, True)


async def test_the_chief_decides_a_request_from_its_page(house: House, browsers: Browsers) -> None:
    await referred_request(house)
    hub, chief, unit = [await browsers.of(each) for each in (HUB, CHIEF, LEADER)]
    page = f"/requests/{REQUEST}"
    assert SAID in (await chief.open("/requests")).text
    assert SAID not in (await unit.open(page)).text
    assert offered((await hub.open(page)).text) == {"withdraw-request"}
    assert offered((await chief.open(page)).text) == {"refuse-request"}
    session = (await house.ask("propose_session", CHIEF, **ON_REQUEST, requests=[REQUEST])).stream
    await house.follow()
    assert session in (await chief.open(page)).text
    assert offered((await chief.open(page)).text) == set()
    await house.ask("cancel_session", CHIEF, session=session, reason="Không tổ chức.")
    await house.follow()
    refused = await chief.press(page, "refuse-request", reason="KHONG_THUOC_THAM_QUYEN", note="")
    assert (refused.status_code, "cần có nội dung" in text_of(refused.text)) == (422, True)
    given = await chief.press(page, "refuse-request", reason="KHONG_THUOC_THAM_QUYEN", note="Không thuộc chức năng.")
    assert given.status_code == 303
    await house.follow()
    told = text_of((await hub.open(page)).text)
    assert ("Không thuộc thẩm quyền" in told, "Không thuộc chức năng." in told) == (True, True)


async def test_who_proposes_a_dialogue_and_that_a_wrong_one_keeps_what_was_typed(house: House, browsers: Browsers) -> None:
    assert AD_HOC["office"] == "VPUB"
    hub, auditor = await browsers.of(HUB), await browsers.of(AUDITOR)
    assert (await auditor.open("/sessions/propose-session")).status_code == 403
    assert "/sessions/propose-session" not in (await auditor.open("/sessions")).text
    _, hidden = form_of((await hub.open("/sessions/propose-session")).text, "propose-session")
    sent = {"track": "A1", "trigger": "dinh_ky", "mode": "gap_mat", "scheduled": "10/02/2023", "topic": "Chuyển đổi số."}
    answer = await hub.post("/sessions/propose-session", **hidden, **sent)
    assert (answer.status_code, "Chuyển đổi số." in answer.text) == (422, True)


async def test_the_secretary_reads_nothing_of_a_restricted_field_nor_of_what_is_about_his_unit(
    house: House, browsers: Browsers
) -> None:
    kept = await house.refer(FIRST, flags=(), field="dao-duc-loi-song")
    his = await house.refer(SECOND, flags=(), concerns_units=("TCHCQT",))
    told = []
    for case, field in ((kept, "dao-duc-loi-song"), (his, "dao-tao-boi-duong")):
        session = (await house.ask("propose_session", HUB, **{**AD_HOC, "field": field})).stream
        await house.ask("link_case", CHIEF, session=session, case=case)
        await house.follow()
        for by in (CHIEF, SECRETARY):
            browser = await browsers.of(by)
            told.append((by.person, SAID in (await browser.open(f"/sessions/{session}")).text))
    assert told == [("p-chief", True), ("p-secretary", False)] * 2


async def test_the_week_shows_what_is_due_to_those_who_may_list_it(house: House, browsers: Browsers) -> None:
    case = await house.refer(FIRST, flags=())
    await house.follow()
    async with house.client(CHIEF) as client:
        due = (await client.get(f"/assignment/api/cases/{case}")).json()["due"]
    day = "/".join(reversed(due.split("-")))
    hub, unit = await browsers.of(HUB), await browsers.of(OTHER_UNIT)
    assert SAID in (await hub.open(f"/calendar?day={day}")).text
    assert case not in (await unit.open(f"/calendar?day={day}")).text
    assert case not in (await hub.open("/calendar?day=01/06/2023")).text
