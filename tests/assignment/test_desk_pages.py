"""The pages of whoever leads and follows: decided in place, one or many, each by itself; nothing of it for anybody else."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from services.assignment.entrypoints.pages.following import cases as following_cases
from services.assignment.entrypoints.pages.following.sheet import sheet
from services.assignment.entrypoints.pages.leading.acts import AT_ONCE, BY_SLUG
from shared.permit import Subject
from tests.assignment.browsing import SAID, SUFFIX, Browsers, Person, put_forward, text_of, with_a_unit
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    DEPUTY,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.shared.identity.browser import HOUSE

SUFFIXES = [f"7Q2K9FXA3MBTW00000{n:02}" for n in range(10, 30)]
HOSTILE = '<script>alert(1)</script> {{7*7}} "onfocus=x'


async def proposed(house: House, n: int, lead: str = "TH", *coordinating: str) -> str:
    case = await house.refer(SUFFIXES[n], flags=())
    await house.ask("propose_assignment", HUB, case=case, lead=lead, coordinating=list(coordinating))
    await house.follow()
    return case


def fields_of(shown: str, action: str) -> tuple[str, dict[str, str]]:
    """The address and hidden fields of the first form whose address begins so."""
    found = re.search(rf'<form method="post" action="({re.escape(action)}[^"]*)"[^>]*>(.*?)</form>', shown, re.DOTALL)
    assert found is not None, action
    return found[1].replace("&amp;", "&"), dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[2]))


async def decide(person: Person, page: str, action: str, **fields: str) -> httpx2.Response:
    where, hidden = fields_of((await person.open(page)).text, action)
    return await person.post(where, **{**hidden, **fields})


async def types(house: House, stream: str) -> list[str]:
    return [each.type for each in await house.log.read_stream(stream)]


async def last_task(house: House) -> str:
    return [each.stream for each in (await house.log.read(0, 900)).records if each.type == "task.assigned"][-1]


async def test_the_head_gives_work_as_proposed_in_place(house: House, browsers: Browsers) -> None:
    case = await proposed(house, 0, "TH", "TCHCQT")
    chief = await browsers.of(CHIEF)
    shown = text_of((await chief.open("/awaiting-me")).text)
    assert "Đề xuất chủ trì TH ; phối hợp TCHCQT." in shown
    assert SAID in shown
    answer = await decide(chief, "/awaiting-me", f"/awaiting-me/{case}/assign-case")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/awaiting-me?done=assign-case#assign")
    detail = await house.service.queries.cases.case(CHIEF, case)
    assert (detail.lead, detail.coordinating) == ("TH", ("TCHCQT",))
    empty = text_of((await chief.open("/awaiting-me")).text)
    assert "Không có việc chờ quyết định." in empty
    assert "Hôm nay không ai được ủy quyền" in empty


async def test_a_proposal_that_changed_meanwhile_is_not_given_as_it_was(house: House, browsers: Browsers) -> None:
    case = await proposed(house, 0)
    chief = await browsers.of(CHIEF)
    where, hidden = fields_of((await chief.open("/awaiting-me")).text, f"/awaiting-me/{case}/assign-case")
    await house.ask("propose_assignment", HUB, case=case, lead="TCHCQT")
    await house.follow()
    answer = await chief.post(where, **hidden)
    assert answer.status_code == 412
    assert "nội dung đã đổi trong lúc bạn làm" in text_of(answer.text)
    assert "case.assigned" not in await types(house, case)
    read = {f"version.{case}": hidden["version"], f"proposed.{case}": "TH"}
    listed = {f"on.{case}": "1", **read, "token": hidden["token"], "key": "k"}
    many = await chief.post("/awaiting-me/all/assign-case", **listed)
    assert many.status_code == 409
    assert "Đã ghi 0, chưa ghi 1" in text_of(many.text)


async def test_many_are_given_at_once_and_what_is_refused_is_named(house: House, browsers: Browsers) -> None:
    good, gone = await proposed(house, 0), await proposed(house, 1, "TCHCQT")
    chief = await browsers.of(CHIEF)
    assert "Giao cả 2 việc theo đề xuất…" in text_of((await chief.open("/awaiting-me")).text)
    where, hidden = fields_of((await chief.open("/awaiting-me/all?kind=assign")).text, "/awaiting-me/all/assign-case")
    await house.ask("assign_case", CHIEF, case=gone, lead="BTCD")
    await house.follow()
    answer = await chief.post(where, **hidden, **{f"on.{good}": "1", f"on.{gone}": "1"})
    assert answer.status_code == 409
    told = text_of(answer.text)
    assert "Đã ghi 1, chưa ghi 1" in told
    assert (await house.service.queries.cases.case(CHIEF, good)).lead == "TH"
    nothing = await chief.post(where, **hidden)
    assert "Chưa chọn dòng nào" in text_of(nothing.text)


async def test_a_second_press_of_many_gives_nothing_twice(house: House, browsers: Browsers) -> None:
    cases = [await proposed(house, 0), await proposed(house, 1)]
    chief = await browsers.of(CHIEF)
    where, hidden = fields_of((await chief.open("/awaiting-me/all?kind=assign")).text, "/awaiting-me/all/assign-case")
    ticked = {**hidden, **{f"on.{case}": "1" for case in cases}}
    first, again = await chief.post(where, **ticked), await chief.post(where, **ticked)
    assert (first.status_code, again.status_code) == (303, 303)
    assert [(await types(house, case)).count("case.assigned") for case in cases] == [1, 1]


async def test_a_draft_is_cleared_or_sent_back_in_place_with_what_was_typed_kept(house: House, browsers: Browsers) -> None:
    case = await put_forward(house)
    deputy = await browsers.of(DEPUTY)
    assert "Sẽ tổ chức trong quý II." in text_of((await deputy.open("/awaiting-me")).text)
    long = HOSTILE + "x" * 5_000
    refused = await decide(deputy, "/awaiting-me", f"/awaiting-me/{case}/return-answer", reason=long)
    assert refused.status_code == 422
    assert "<title>Lỗi: " in refused.text
    assert "&lt;script&gt;" in refused.text
    assert "<script>alert" not in refused.text
    assert "{{7*7}}" in refused.text
    answer = await decide(deputy, "/awaiting-me", f"/awaiting-me/{case}/return-answer", reason="Nêu kinh phí.")
    assert answer.status_code == 303
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Bản hai.")
    await house.follow()
    assert (await decide(deputy, "/awaiting-me", f"/awaiting-me/{case}/approve-answer")).status_code == 303
    assert (await house.service.queries.cases.case(CHIEF, case)).stage == "da_duyet"


async def test_an_extension_is_granted_or_refused_in_place_with_its_reason_in_view(house: House, browsers: Browsers) -> None:
    await with_a_unit(house, SUFFIXES[0])
    task = await last_task(house)
    await house.ask("request_extension", LEADER, task=task, until="2023-02-20", reason="Chờ nhà cung cấp.")
    await house.follow()
    chief = await browsers.of(CHIEF)
    shown = text_of((await chief.open("/awaiting-me")).text)
    assert "đến 20/02/2023" in shown
    assert "“Chờ nhà cung cấp.”" in shown
    assert (await decide(chief, "/awaiting-me", f"/awaiting-me/{task}/grant-extension")).status_code == 303
    assert "task.extension_granted" in await types(house, task)


@pytest.mark.parametrize("by", [LEADER, SPECIALIST, REGISTRY, AUDITOR, OTHER_OFFICE, OTHER_UNIT], ids=lambda each: each.person)
async def test_what_waits_for_the_head_is_nobody_elses(house: House, browsers: Browsers, by: Subject) -> None:
    assigned, drafted = await proposed(house, 0), await put_forward(house)
    await house.ask("request_extension", LEADER, task=await last_task(house), until="2023-02-20", reason="Chờ.")
    await house.follow()
    browser = await browsers.of(by)
    shown = await browser.open("/awaiting-me")
    assert SAID not in shown.text
    assert shown.status_code == (200 if by is OTHER_OFFICE else 404)
    token = re.search(r'name="token" value="(\w+)"', (await browser.open("/my-work")).text)
    assert token is not None
    before = (await house.log.head()).position
    for slug in BY_SLUG:
        for thing in (assigned, drafted, await last_task(house)):
            sent = {"token": token[1], "key": slug, "version": str(len(await house.log.read_stream(thing))), "reason": "x"}
            assert (await browser.post(f"/awaiting-me/{thing}/{slug}", **sent)).status_code >= 403
    for act in AT_ONCE.values():
        versions = {f"version.{thing}": str(len(await house.log.read_stream(thing))) for thing in (assigned, drafted)}
        many = {"token": token[1], "key": "all", f"on.{assigned}": "1", f"on.{drafted}": "1", **versions}
        assert (await browser.post(f"/awaiting-me/all/{act.slug}", **many)).status_code >= 403
    assert (await house.log.head()).position == before


async def test_whoever_acts_for_the_head_is_named_to_him(house: House, browsers: Browsers) -> None:
    await house.ask("create_post", ADMIN, post="CVP", unit="CVP", name="Chánh Văn phòng", role="chief", valid_from="2021-01-01")
    for person, name in (("p-chief", "Tòng Văn C"), ("p-deputy", "Lò Văn B")):
        await house.ask("register_person", ADMIN, person=person, name=name, unit="CVP", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="CVP", person="p-chief", valid_from="2021-01-01")
    dates: dict[str, Any] = {"valid_from": "2023-01-09", "valid_to": "2023-02-28"}
    await house.ask("grant_delegation", CHIEF, post="CVP", to="p-deputy", basis="02/GUQ-VPUB", **dates)
    case = await proposed(house, 0)
    assert "Lò Văn B được ủy quyền của Chánh Văn phòng đến hết 28/02/2023." in text_of(
        (await (await browsers.of(CHIEF)).open("/awaiting-me")).text
    )
    deputy = await browsers.of(DEPUTY)
    assert (await decide(deputy, "/awaiting-me", f"/awaiting-me/{case}/assign-case")).status_code == 303


async def test_a_leader_sees_who_has_how_much_and_passes_many_on(house: House, browsers: Browsers) -> None:
    for n in range(3):
        await with_a_unit(house, SUFFIXES[n])
    tasks = [each.stream for each in (await house.log.read(0, 900)).records if each.type == "task.assigned"]
    leader = await browsers.of(LEADER)
    shown = text_of((await leader.open("/unit-work")).text)
    assert "3 việc đang mở" in shown
    assert "Nguyễn Văn A 0 0" in shown
    where, hidden = fields_of((await leader.open("/unit-work")).text, "/unit-work/delegate-task")
    nobody = await leader.post(where, **hidden, **{f"on.{tasks[0]}": "1"}, to="")
    assert (nobody.status_code, (await types(house, tasks[0])).count("task.delegated")) == (409, 0)
    answer = await leader.post(where, **hidden, **{f"on.{task}": "1" for task in tasks[:2]}, to="p-specialist")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/unit-work?done=delegate-task&n=2"
    of_one = text_of((await leader.open("/unit-work?of=p-specialist")).text)
    assert "Việc của Nguyễn Văn A" in of_one
    assert "Nguyễn Văn A 2 0" in of_one
    assert len(re.findall('name="on.task-', (await leader.open("/unit-work?of=nobody")).text)) == 1
    returned = await decide(leader, "/unit-work", f"/unit-work/{tasks[2]}/return-task", reason="Không thuộc phòng.")
    assert returned.status_code == 303
    assert "task.returned" in await types(house, tasks[2])


@pytest.mark.parametrize("by", [SPECIALIST, HUB, REGISTRY, AUDITOR, ADMIN], ids=lambda each: each.person)
async def test_a_unit_s_work_is_its_leaders_to_pass_on(house: House, browsers: Browsers, by: Subject) -> None:
    await with_a_unit(house, SUFFIXES[0])
    browser = await browsers.of(by)
    assert (await browser.open("/unit-work")).status_code == 404
    assert "/unit-work" not in (await browser.open("/my-work")).text


async def test_a_unit_that_a_case_is_about_is_not_offered_to_lead_it(house: House, browsers: Browsers) -> None:
    about, other = [await house.refer(SUFFIXES[n], flags=(), concerns_units=units) for n, units in enumerate((("TH",), ()))]
    shown = (await (await browsers.of(HUB)).open("/assignments")).text
    offered = {}
    for case in (about, other):
        choice = re.search(rf'<select name="lead\.{case}".*?</select>', shown, re.DOTALL)
        assert choice is not None
        offered[case] = set(re.findall(r'value="([^"]+)"', choice[0]))
    assert offered[other] - offered[about] == {"TH"}


async def test_the_hub_proposes_for_many_and_another_lead_instead(house: House, browsers: Browsers) -> None:
    cases = [await house.refer(SUFFIXES[n], flags=()) for n in range(2)]
    hub = await browsers.of(HUB)
    where, hidden = fields_of((await hub.open("/assignments")).text, "/assignments/propose-assignment")
    leads = {f"lead.{cases[0]}": "TH", f"lead.{cases[1]}": ""}
    answer = await hub.post(where, **hidden, **leads, **{f"on.{case}": "1" for case in cases})
    assert answer.status_code == 409
    assert "Đã ghi 1, chưa ghi 1" in text_of(answer.text)
    again = await decide(
        hub, "/assignments", "/assignments/propose-assignment", **{f"lead.{cases[1]}": "BTCD", f"on.{cases[1]}": "1"}
    )
    assert again.status_code == 303
    assert "Đang đề xuất: TH" in text_of((await hub.open("/assignments?pile=proposed")).text)
    instead = {f"lead.{cases[0]}": "TCHCQT", f"on.{cases[0]}": "1"}
    other = await decide(hub, "/assignments?pile=proposed", "/assignments/propose-assignment", **instead)
    assert other.status_code == 303
    assert (await house.service.queries.cases.case(CHIEF, cases[0])).proposed == ("TCHCQT",)
    for by in (LEADER, CHIEF, OTHER_UNIT):
        assert (await (await browsers.of(by)).open("/assignments")).status_code == 404


async def test_each_step_of_the_ladder_is_taken_from_the_page(house: House, browsers: Browsers) -> None:
    for n in range(2):
        case = await with_a_unit(house, SUFFIXES[n])
        await house.ask("set_case_due", CHIEF, case=case, until="2023-02-15")
    await house.follow()
    tasks = [each.stream for each in (await house.log.read(0, 900)).records if each.type == "task.assigned"]
    hub = await browsers.of(HUB)
    for day, slug, fact in ((13, "remind-task", "reminded"), (16, "urge-task", "urged"), (23, "escalate-task", "escalated")):
        house.clock.move_to(datetime(2023, 2, day, 2, tzinfo=UTC))
        await house.follow()
        page = (await hub.open("/follow-up")).text
        _, hidden = fields_of(page, "/follow-up/urge-task")
        answer = await hub.post(f"/follow-up/{slug}", **hidden, **{f"on.{task}": "1" for task in tasks})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/follow-up?done={slug}&n=2")
        assert [(await types(house, task)).count(f"task.{fact}") for task in tasks] == [1, 1]
    assert "Phó Chánh Văn phòng phụ trách" in text_of((await hub.open("/follow-up")).text)
    early = await hub.post("/follow-up/urge-task", **hidden, **{"on.task-1": "1"})
    assert early.status_code == 409
    then = await hub.open("/follow-up?as_of=13/02/2023")
    assert "Về hiện tại" in then.text
    assert '<form method="post" action="/follow-up' not in then.text


async def test_follow_up_and_the_cases_are_saved_as_they_are_shown(house: House, browsers: Browsers) -> None:
    await with_a_unit(house, SUFFIXES[0])
    await house.refer(SUFFIXES[1], flags=(), field="dao-duc-loi-song")
    hub = await browsers.of(HUB)
    saved = await hub.open("/cases.csv?unit=TCHCQT")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(saved.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["Ý kiến", SAID]
    both = list(csv.reader(io.StringIO((await hub.open("/cases.csv")).text.removeprefix("\ufeff"))))
    assert sorted(row[0] for row in both[1:]) == ["", SAID]  # of a restricted field the hub reads nothing
    follow = list(csv.reader(io.StringIO((await hub.open("/follow-up.csv")).text.removeprefix("\ufeff"))))
    assert [row[2] for row in follow] == ["Đơn vị", "TCHCQT"]


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    body = bytes(sheet("x", ("a",), [("=1+1",), ("+1",), ("-1",), ("@x",), (None,), (3,)]).body).decode("utf-8-sig")
    assert body.splitlines() == ["a", "'=1+1", "'+1", "'-1", "'@x", '""', "3"]


async def test_cases_are_found_narrowed_and_looked_at_as_of_then(house: House, browsers: Browsers) -> None:
    first = await with_a_unit(house, SUFFIXES[0])
    house.clock.move_to(datetime(2023, 2, 20, 2, tzinfo=UTC))
    await house.refer(SUFFIXES[1], flags=())
    hub = await browsers.of(HUB)
    for query, found in (
        ("", 2),
        ("?q=lop+boi+duong", 2),
        ("?q=xe+buyt", 0),
        ("?unit=TCHCQT", 1),
        ("?view=overdue", 2),
        ("?view=over", 0),
    ):
        page = (await hub.open(f"/cases{query}")).text
        assert len(re.findall(r'<td class="m">', page)) == found, query
    then = (await hub.open("/cases?as_of=10/01/2023")).text
    assert re.findall(r'<td class="m"><a href="/cases/([^"]+)"', then) == [f"{first}?as_of=10/01/2023"]
    assert (await hub.open("/cases?as_of=01/01/2030")).status_code == 422
    assert (await hub.open("/cases?as_of=10/01/2023&q=lop")).status_code == 422
    assert (await hub.open("/cases?as_of=hom+qua")).status_code == 422
    hostile = await hub.open("/cases?q=%3Cscript%3E%7B%7B7*7%7D%7D&stage=%3Cx&sort=%22&view=zz&due=-1")
    assert hostile.status_code == 200
    assert "<script>{" not in hostile.text
    assert "{{7*7}}" in hostile.text
    for by in (LEADER, SPECIALIST, OTHER_UNIT):
        assert (await (await browsers.of(by)).open("/cases")).status_code == 404
    assert first not in (await (await browsers.of(OTHER_OFFICE)).open("/cases?view=all")).text
    foreign = await browsers.of(replace(HUB, person="p-far", tenant="elsewhere"))
    assert first not in (await foreign.open("/cases?view=all")).text


async def test_words_searched_for_stand_in_no_link_but_those_of_the_file_and_the_other_language(
    house: House, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_cases, "PAGE", 1)
    for suffix in SUFFIXES[:2]:
        await house.refer(suffix, flags=())
    hub = await browsers.of(HUB)
    for page in (
        "/cases?q=lop+boi+duong&field=dao-tao-boi-duong",
        "/cases?q=khong+co+gi",
        "/cases?q=khong+co+gi&cursor=" + "WyIyMDIzLTAxLTEwIiwiY2FzZS14Il0",
    ):
        shown = (await hub.open(page)).text
        links = {html.unescape(each) for each in re.findall(r'href="([^"]*[?;&]q=[^"]*)"', shown)}
        assert len(links) == 2, links
        assert {each.partition("?")[0] for each in links} == {"/cases.csv", ""}
        assert any("lang=en" in each for each in links), links
    first = await hub.open("/cases?q=lop+boi+duong&field=dao-tao-boi-duong")
    form = re.search(r'<form id="find".*?</form>', first.text, re.DOTALL)
    assert form is not None
    assert 'name="q" value="lop boi duong"' in form[0]
    onward = re.search(r'<button form="find"[^>]* name="cursor" value="([^"]+)"', first.text)
    assert onward is not None
    asked = "/cases?q=lop+boi+duong&field=dao-tao-boi-duong&sort=newest"
    assert len(re.findall(r'<td class="m">', (await hub.open(f"{asked}")).text)) == 1
    second = (await hub.open(f"/cases?q=lop+boi+duong&field=dao-tao-boi-duong&cursor={onward[1]}")).text
    found = [re.findall(r'<td class="m"><a href="([^"]+)"', each) for each in (first.text, second)]
    assert [len(each) for each in found] == [1, 1]
    assert found[0] != found[1]
    assert '<a href="/cases?sort=newest"' in (await hub.open("/cases")).text


async def test_a_case_is_shown_as_it_was_known_then_with_nothing_to_do(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house, SUFFIX)
    known = (await house.log.head()).position
    house.clock.move_to(datetime(2023, 2, 20, 2, tzinfo=UTC))
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    await house.follow()
    chief = await browsers.of(CHIEF)
    now, then = (await chief.open(f"/cases/{case}")).text, (await chief.open(f"/cases/{case}?as_of=10/01/2023")).text
    assert "Sẽ tổ chức trong quý II." in now
    assert "Sẽ tổ chức trong quý II." not in then
    assert "Đang tham mưu" in text_of(then)
    assert f"đến vị trí {known}" in text_of(then)
    main = then.partition("<main")[2]
    assert '<form method="post"' not in main
    for early in ("01/01/2023", "0"):
        assert (await chief.open(f"/cases/{case}?as_of={early}")).status_code == 404
    assert (await chief.open(f"/cases/{case}?as_of=01/01/2030")).status_code == 422
    assert (await (await browsers.of(OTHER_UNIT)).open(f"/cases/{case}?as_of=10/01/2023")).status_code == 404


PDF = b"%PDF-1.4\r\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\r\ntrailer<</Root 1 0 R>>\r\n%%EOF\r\n"


async def test_a_file_is_handed_in_by_the_page_byte_for_byte_and_what_runs_is_not(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house, SUFFIX)
    leader = await browsers.of(LEADER)
    where, hidden = fields_of((await leader.open(f"/cases/{case}")).text, "/files?about=")
    head = {"Origin": HOUSE}

    async def send(name: str, content: bytes, **fields: str) -> httpx2.Response:
        files = {"file": (name, content, "application/octet-stream")}
        return await leader.client.post(where, data={**hidden, **fields}, files=files, headers=head)

    answer = await send("Biên bản.pdf", PDF)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case}?done=add-attachment")
    shown = (await leader.open(f"/cases/{case}")).text
    found = re.search(r'href="(/files/[0-9a-f]{64}\?about=[^"]+)"', shown)
    assert found is not None
    assert "Biên bản.pdf" in shown
    assert (await leader.open(found[1].replace("&amp;", "&"))).content == PDF
    before = (await house.log.head()).position
    assert (await send("x.pdf", PDF, note="a\0b")).status_code == 422  # as any other form: no field holds what no text does
    two = [("file", ("x.pdf", PDF)), ("file", ("y.pdf", PDF))]
    assert (await leader.client.post(where, data=hidden, files=two, headers=head)).status_code == 422
    for name, content in (("x.exe", b"MZ" + b"\0" * 100), ("x.pdf", b""), ("x.html", b"<script>alert(1)</script>"), ("", PDF)):
        refused = await send(name, content, key=f"k{name}")
        assert 400 <= refused.status_code < 500, name
    assert (await send("x.pdf", PDF, token="0" * 64)).status_code == 403
    broken = {**head, "Content-Type": "multipart/form-data; boundary=x"}
    assert 400 <= (await leader.client.post(where, content=b"--x\r\n", headers=broken)).status_code < 500
    other = await browsers.of(OTHER_UNIT)
    stranger = await other.client.post(where, data=hidden, files={"file": ("x.pdf", PDF)}, headers=head)
    assert stranger.status_code == 404
    assert (await house.log.head()).position == before
