"""Nobody sees or does by a page what is not his, and nothing that is typed does harm."""

import re
from typing import Any

import pytest

from services.assignment.entrypoints.pages.work.acts import ACTS, OnTask
from shared.permit import Subject
from shared.web.acts import Asks
from shared.web.pages import Pages
from tests.assignment.browsing import (
    SAID,
    SUFFIX,
    Browsers,
    form_of,
    put_forward,
    with_a_unit,
)
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    PEOPLE,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.shared.identity.browser import HOUSE
from tests.support.strange import urls_of

XSS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "javascript:alert(1)", "' onfocus='alert(1)")


def without_trace(text: str) -> str:
    return re.sub(r"<code>\w+</code>|\?lang=\w+", "", text)


@pytest.mark.parametrize(
    ("by", "status", "words"),
    [
        (CHIEF, 200, True),
        (DEPUTY, 200, True),
        (HUB, 200, True),
        (LEADER, 200, True),
        (SPECIALIST, 200, True),
        (REGISTRY, 200, True),
        (FEEDER, 200, False),  # its unit took it in
        (AUDITOR, 200, False),
        (OTHER_UNIT, 404, False),
        (OTHER_OFFICE, 404, False),
        (ADMIN, 404, False),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_who_sees_a_case_and_who_its_words(house: House, browsers: Browsers, by: Subject, status: int, words: bool) -> None:
    case = await with_a_unit(house)
    browser = await browsers.of(by)
    answer = await browser.open(f"/cases/{case}")
    assert answer.status_code == status
    assert (SAID in answer.text) is words
    if status == 404:
        nowhere = await browser.open("/cases/case-7Q2K9FXA3MBTW0000099")
        assert without_trace(nowhere.text) == without_trace(answer.text)
    async with house.client(by) as client:
        over_http = await client.get(f"/assignment/api/cases/{case}")
    assert over_http.status_code == status


async def test_what_a_page_does_not_offer_is_refused_when_it_is_sent_all_the_same(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    action, _ = form_of((await leader.open(f"/cases/{case}")).text, "accept-task")
    before = (await house.log.head()).position
    for by in (OTHER_UNIT, OTHER_OFFICE, ADMIN, FEEDER, AUDITOR, REGISTRY, SPECIALIST):
        browser = await browsers.of(by)
        token = re.search(r'name="token" value="(\w+)"', (await browser.open("/my-work")).text)
        assert token is not None
        sent = {"token": token[1], "key": "k", "version": "1"}
        returned = await browser.post(action.replace("accept-task", "return-task"), **sent, reason="x")
        approved = await browser.post(f"/cases/{case}/approve-answer", **{**sent, "version": "2"})
        assert returned.status_code in (403, 404), by.person
        assert approved.status_code in (403, 404), by.person
        assert (await browser.post(f"/cases/{case}/no-such-act", **sent)).status_code == 404
        assert (await browser.post(f"/cases/{case}/accept-task", **sent)).status_code == 404  # it is an act of the task
    assert (await house.log.head()).position == before


async def test_a_form_of_another_site_without_its_token_or_version_does_nothing(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    action, hidden = form_of((await leader.open(f"/cases/{case}")).text, "accept-task")
    before = (await house.log.head()).position
    foreign = await leader.send_from("https://evil.example", action, **hidden)
    cross = await leader.send_from(HOUSE, action, site="cross-site", **hidden)
    assert (foreign.status_code, cross.status_code) == (403, 403)
    assert (await leader.post(action, **{**hidden, "token": "0" * 64})).status_code == 403
    assert (await leader.client.get(action)).status_code == 405
    unstated = {name: value for name, value in hidden.items() if name != "version"}
    assert (await leader.post(action, **unstated)).status_code == 428
    for version in ("x", "-1", "99999999999", "١"):
        assert (await leader.post(action, **{**hidden, "version": version})).status_code == 422, version
    assert (await house.log.head()).position == before


async def test_nobody_works_without_signing_in_or_with_a_first_password(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    stranger = await browsers.of(LEADER)
    stranger.client.cookies.clear()
    for page in ("/my-work", f"/cases/{case}", "/tasks/task-1"):
        asked = await stranger.open(page)
        assert (asked.status_code, asked.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    assert (await stranger.post(f"/cases/{case}/approve-answer")).headers["Location"] == "/sign-in"
    browsers.app.state.door.must_change.add(SPECIALIST.person)
    fresh = await browsers.of(SPECIALIST)
    for page in ("/my-work", f"/cases/{case}"):
        assert (await fresh.open(page)).headers["Location"] == "/account"


async def test_what_people_write_is_shown_as_text_wherever_it_stands(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    page = f"/cases/{case}"
    leader, specialist, deputy = [await browsers.of(each) for each in (LEADER, SPECIALIST, DEPUTY)]
    payload = " ".join(XSS)
    parts = dict.fromkeys(("answer", "solution", "direction", "legal_basis"), payload)
    pages = [await leader.press(page, "request-extension", until=payload[:20], reason=payload)]
    assert (await leader.press(page, "request-extension", until="28/02/2023", reason=payload)).status_code == 303
    assert (await leader.press(page, "consult-unit", unit="TH", question=payload)).status_code == 303
    stale = (await specialist.open(page)).text
    assert (await specialist.press(page, "submit-answer", **parts)).status_code == 303
    pages.append(await specialist.press_on(stale, "submit-answer", **parts))
    assert (await deputy.press(page, "return-answer", reason=payload)).status_code == 303
    pages += [await leader.open(page), await leader.open(f"{page}?done={XSS[1]}"), await leader.open(f"/my-work?done={XSS[1]}")]
    pages += [await leader.open(f"/my-work?cursor={XSS[0]}"), await leader.open(f"/my-work?pile={XSS[0]}")]
    seen = [each.status_code for each in pages]
    assert seen == [422, 412, 200, 200, 200, 422, 422]
    for each in pages:
        assert "<script" not in each.text.partition("<body")[2]
        assert "<img" not in each.text
        assert not re.search(r"<[^>]*\son\w+=", each.text)
        assert " style=" not in each.text
        assert "{{ 7*7 }}" in each.text or payload not in each.text
        assert "'unsafe" not in each.headers["Content-Security-Policy"]
        assert each.headers["Cache-Control"] == "no-store"
    assert "&lt;script&gt;" in pages[2].text


async def test_what_is_opened_for_a_page_is_logged_with_reader_and_purpose(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    await (await browsers.of(LEADER)).open("/my-work")
    await (await browsers.of(LEADER)).open(f"/cases/{case}")
    logged = {(each["reader"], each["purpose"]) for each in await house.vault.accesses()}
    assert {(LEADER.person, "my_work"), (LEADER.person, f"show {case}")} <= logged


async def test_whatever_is_asked_of_a_page_is_answered_and_never_fails(house: House, browsers: Browsers) -> None:
    await with_a_unit(house)
    rooms = house.service.rooms()
    pages = Pages(rooms)
    leader = await browsers.of(LEADER)
    failed = {}
    for url in dict.fromkeys(url for room in rooms if room.routes for url in urls_of(room.routes(pages), {})):
        answer = await leader.open(url)
        if answer.status_code >= 500:
            failed[url[:120]] = answer.status_code
    assert failed == {}


@pytest.mark.parametrize(
    "strange", ["", " ", "\x07", "x" * 20_000, "🚑", "ＶＰＵＢ", "+9999", "31/12/9999", "-1", "../..", "\u202eabc"]
)
async def test_whatever_is_typed_into_a_form_is_taken_or_refused_and_never_fails(
    house: House, browsers: Browsers, strange: str
) -> None:
    case = await with_a_unit(house)
    [task] = [each.stream for each in (await house.log.read(0, 500)).records if each.type == "task.assigned"]
    for by in (LEADER, CHIEF, HUB):
        browser = await browsers.of(by)
        token = re.search(r'name="token" value="(\w+)"', (await browser.open(f"/cases/{case}")).text)
        assert token is not None
        for n, act in enumerate(ACTS):
            thing = task if act.on == "task" else case
            version = str(len(await house.log.read_stream(thing)))
            typed = {f"{field.name}.{strange}" if field.asks is Asks.MANY else field.name: strange for field in act.fields}
            sent = {"token": token[1], "key": f"{by.person}-{n}", "version": version, **typed}
            answer = await browser.post(f"/{act.on}s/{thing}/{act.slug}", **sent)
            assert answer.status_code < 500, (by.person, act.name, answer.status_code)


VALUES = {
    Asks.TEXT: "Nội dung.",
    Asks.LINE: "Luật.",
    Asks.DAY: "28/02/2023",
    Asks.ONE: "TH",
    Asks.CHOICE: "van_ban",
}


async def waiting(house: House) -> str:
    return await house.refer(SUFFIX, flags=())


async def cleared(house: House) -> str:
    case = await put_forward(house)
    await house.ask("approve_answer", DEPUTY, case=case)
    return case


async def delivered(house: House) -> str:
    case = await cleared(house)
    await house.ask("deliver_answer", SPECIALIST, case=case, means="van_ban")
    return case


@pytest.mark.parametrize("stage", [waiting, with_a_unit, put_forward, cleared, delivered], ids=lambda stage: stage.__name__)
async def test_nothing_is_done_by_a_form_that_the_page_does_not_offer_to_this_person(
    house: House, browsers: Browsers, stage: Any
) -> None:
    case = await stage(house)
    await house.follow()
    tasks = [each.stream for each in (await house.log.read(0, 500)).records if each.type == "task.assigned"]
    for by in PEOPLE.values():
        browser = await browsers.of(by)
        shown = (await browser.open(f"/cases/{case}")).text
        token = re.search(r'name="token" value="(\w+)"', (await browser.open("/my-work")).text)
        assert token is not None
        may = {(thing, slug) for _, thing, slug in re.findall(r'action="/(cases|tasks)/([^"/]+)/([a-z-]+)">', shown)}
        before = (await house.log.head()).position, await house.sealed()
        for act in (
            each for each in ACTS if not isinstance(each, OnTask) or not each.of_work
        ):  # these are offered for other work than answers: no right is asked
            for thing in tasks if act.on == "task" else [case]:
                if (thing, act.slug) in may:
                    continue
                typed = {field.name: "p-other" if field.name == "to" else VALUES.get(field.asks, "") for field in act.fields}
                sent = {"token": token[1], "key": f"{act.slug}-{thing}", "version": str(len(await house.log.read_stream(thing)))}
                answer = await browser.post(f"/{act.on}s/{thing}/{act.slug}", **sent, **typed)
                now = (await house.log.head()).position, await house.sealed()
                assert now == before, (by.person, act.slug, answer.status_code)
