"""What notices, sessions, requests, proposals, plans and meetings say, over HTTP: who reads which of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.meeting import MeetingCancelled
from shared.contracts.opinion import RejectionReason
from shared.contracts.plan import PlanAmended, PlanDrafted
from shared.contracts.proposal import (
    AppraisalConcluded,
    AppraisalOverridden,
    ProposalCompleted,
    ProposalRefused,
    ProposalReturned,
    Verdict,
)
from shared.contracts.request import RequestRefused
from shared.contracts.session import AgendaKind, AgendaPresented, Outcome, ReadinessWaived, SessionCancelled
from shared.papers.composing import PROCESS
from tests.assignment.house import CHIEF, HUB, OTHER_OFFICE, OTHER_UNIT, PEOPLE, REGISTRY, House
from tests.assignment.reading import BESIDE, EVERYBODY, readers, sealed, words
from tests.assignment.sittings import (
    AD_HOC,
    APPRAISAL,
    ASKED,
    BROUGHT,
    CHAIRMANS,
    MEETING,
    PERIODIC,
    PROGRAMME,
    PROPOSAL,
    REQUEST,
    SCHEDULED,
    agreed,
    became,
)
from tests.assignment.stage import SESSION
from tests.assignment.test_misuse import get, register
from tests.contracts.examples import example
from tests.support.hosting import START

FIRST, SECOND = "7Q2K9FXA3MBTW0000001", "7Q2K9FXA3MBTW0000002"
HEADS = ("p-chief", "p-deputy", "p-hub")


@pytest.fixture(autouse=True)
def _everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in BESIDE:
        monkeypatch.setitem(PEOPLE, each.person, each)


def orders(text: str, unit: str, **more: Any) -> dict[str, Any]:
    """An item of a notice that gives a unit work."""
    return {"kind": "chi_dao_giai_quyet", "text": text, "unit": unit, "days": 15, **more}


async def drafted(house: House, *items: dict[str, Any]) -> str:
    return (await house.ask("draft_notice", HUB, office="VPUB", items=list(items))).stream


async def tasks_of(house: House, notice: str) -> list[str]:
    """The tasks that a notice gave, in the order of its items."""
    records = (await house.log.read(0, 1_000)).records
    return [record.stream for record in records if record.type == "task.assigned" and notice.encode() in record.data]


async def test_a_unit_reads_the_items_it_carries_out_or_helps_with_and_no_others(house: House) -> None:
    notice = await drafted(
        house, orders("Mở lớp.", "TCHCQT", coordinating=[{"unit": "TH"}]), orders("Sửa trụ sở.", "BTCD"), orders("Báo cáo.", "TH")
    )
    for _ in ("drafted", "issued"):
        assert await words(house, "p-specialist", notice) == ["Mở lớp."]
        assert await words(house, "p-third", notice) == ["Sửa trụ sở."]
        assert await words(house, "p-other", notice) == ["Mở lớp.", "Báo cáo."]
        for by in (*HEADS, "p-registry"):
            assert await words(house, by, notice) == ["Mở lớp.", "Sửa trụ sở.", "Báo cáo."]
        for by in ("p-auditor", "p-feeder", "p-admin", "p-mso", "p-chairman", "p-party", "p-secretary"):
            assert await words(house, by, notice) is None
        if _ == "drafted":
            await house.issue(notice)
    opened = {
        each["reader"]: len(each["refs"]) for each in await house.vault.accesses() if not each["reader"].startswith(PROCESS)
    }
    assert opened == {"p-specialist": 1, "p-third": 1, "p-other": 2, **dict.fromkeys((*HEADS, "p-registry"), 3)}


async def test_the_text_of_an_item_is_read_by_its_task_too_and_goes_with_the_task(house: House) -> None:
    notice = await drafted(house, orders("Mở lớp.", "TCHCQT"), orders("Sửa trụ sở.", "BTCD"))
    await house.issue(notice)
    task, other = await tasks_of(house, notice)
    assert await words(house, "p-specialist", task) == ["Mở lớp."]
    assert await words(house, "p-specialist", other) is None
    (found,) = (await get(house, EVERYBODY["p-specialist"], f"/tasks/{task}/words")).json()["items"]
    assert (found["fact"], found["number"], found["task"], found["unit"]) == ("notice.drafted", 1, task, "TCHCQT")
    await house.ask("transfer_task", CHIEF, task=task, to="TH")
    assert await words(house, "p-specialist", notice) is None
    assert await words(house, "p-specialist", task) is None
    assert await words(house, "p-other", task) == await words(house, "p-other", notice) == ["Mở lớp."]


async def test_a_unit_beside_the_lead_has_a_task_of_its_own_by_which_it_reads_works_and_is_urged(house: House) -> None:
    beside = [{"unit": "TH", "due": "2023-01-18"}, {"unit": "BTCD"}]
    notice = await drafted(house, orders("Mở lớp.", "TCHCQT", coordinating=beside))
    given = (await house.issue(notice)).answer["tasks"]
    assert given == await tasks_of(house, notice)
    _, task, other = given
    await house.follow()
    found = (await get(house, OTHER_UNIT, "/units/TH/tasks")).json()["items"]
    assert [(item["task"], item["work"], item["about"], item["due"]) for item in found] == [
        (task, "thuc_hien_ket_luan", notice, "2023-01-18")
    ]
    assert (await get(house, OTHER_UNIT, f"/tasks/{other}")).status_code == 404
    assert await words(house, "p-other", task) == await words(house, "p-other", notice) == ["Mở lớp."]
    assert await words(house, "p-other", other) is None
    assert await words(house, "p-other", other) is None
    house.clock.move_to(START + timedelta(days=20))
    await house.ask("urge_task", HUB, task=task)
    await house.ask("transfer_task", CHIEF, task=task, to="BTCD")
    assert await words(house, "p-other", notice) is None
    assert await words(house, "p-third", task) == await words(house, "p-third", notice) == ["Mở lớp."]
    await house.ask("accept_task", EVERYBODY["p-third"], task=task)
    await house.ask("submit_task", EVERYBODY["p-third"], task=task)
    await house.ask("complete_task", HUB, task=task)
    await house.follow()
    assert (await get(house, EVERYBODY["p-third"], f"/tasks/{task}")).json()["stage"] == "hoan_thanh"


async def test_an_item_on_a_restricted_matter_is_read_by_the_head_and_whoever_carries_it_out(house: House) -> None:
    case = await house.refer(FIRST, field="dao-duc-loi-song")
    about = await house.refer(SECOND, concerns_units=("TCHCQT",))
    notice = await drafted(
        house,
        orders("Kiểm điểm.", "TH", case=case),
        orders("Xin lỗi người dân.", "BTCD", case=about),
        orders("Mở lớp.", "TH"),
    )
    await house.ask("comment_notice", OTHER_UNIT, notice=notice, comment="Nên kiểm điểm trong quý I.")
    assert await words(house, "p-chief", notice) == [
        "Kiểm điểm.",
        "Xin lỗi người dân.",
        "Mở lớp.",
        "Nên kiểm điểm trong quý I.",
    ]
    assert await words(house, "p-other", notice) == ["Kiểm điểm.", "Mở lớp.", "Nên kiểm điểm trong quý I."]
    assert await words(house, "p-deputy", notice) == ["Xin lỗi người dân.", "Mở lớp."]
    assert await words(house, "p-hub", notice) == ["Mở lớp."]
    assert await words(house, "p-third", notice) == ["Xin lỗi người dân."]
    await house.ask("divert_case", CHIEF, case=about, kind="to_cao", to="BTCD")
    assert await words(house, "p-deputy", notice) == ["Mở lớp."]
    assert await words(house, "p-third", notice) is None


async def test_a_draft_drafted_again_says_what_it_says_now_and_why_an_item_was_amended_is_told_its_unit(house: House) -> None:
    notice = await drafted(house, orders("Mở một lớp.", "TH"))
    items = [orders("Mở hai lớp.", "TH"), orders("Sửa trụ sở.", "BTCD")]
    await house.ask("draft_notice", HUB, office="VPUB", notice=notice, items=items)
    assert await words(house, "p-other", notice) == ["Mở hai lớp."]
    await house.issue(notice)
    paper = await house.paper(notice)
    amended: dict[str, Any] = {"item": 1, "until": "2023-03-01", "reason": "Chờ kinh phí.", "document": paper}
    await house.ask("amend_notice", REGISTRY, notice=notice, book="TB-VPUB", number=4, means="giay", **amended)
    assert await words(house, "p-other", notice) == ["Mở hai lớp.", "Chờ kinh phí."]
    assert await words(house, "p-third", notice) == ["Sửa trụ sở."]


async def test_in_the_chairman_s_name_a_body_reads_its_item_and_its_head_nothing_about_his_house(house: House) -> None:
    await register(house, "SGTVT", "so_nganh", None)
    await house.happen("assignment", {SESSION: [CHAIRMANS]})
    about = await house.refer(FIRST)
    items = [orders("Sửa đường.", "SGTVT", case=about), orders("Báo cáo.", "TH")]
    drafting: dict[str, Any] = {"office": "VPUB", "authority": "CT", "session": SESSION, "items": items}
    notice = (await house.ask("draft_notice", EVERYBODY["p-division"], **drafting)).stream
    assert await words(house, "p-gtvt", notice) == ["Sửa đường."]
    for by in ("p-chairman", "p-division", *HEADS):
        assert await words(house, by, notice) == ["Sửa đường.", "Báo cáo."]
    await house.ask("reclassify_case", HUB, case=about, concerns_units=["SGTVT"])
    assert await words(house, "p-gtvt", notice) is None


async def test_what_is_announced_of_a_dialogue_is_for_those_who_hold_prepare_and_attend_it(house: House) -> None:
    about: dict[str, Any] = {"office": "VPUB", "track": "A1", "trigger": "dot_xuat", "scheduled": "2023-02-10"}
    session = (await house.ask("propose_session", HUB, topic="Nhà ở công vụ.", **about)).stream
    assert await words(house, "p-third", session) is None
    await house.ask("assign_attendance", CHIEF, session=session, unit="TH", people=["p-other"])
    await house.ask("postpone_session", HUB, session=session, to="2023-03-10", reason="Trùng lịch.")
    both = {"Nhà ở công vụ.", "Trùng lịch."}
    beside = ("p-secretary", "p-registry", "p-party", "p-other", "p-division")
    assert await readers(house, session) == dict.fromkeys((*HEADS, *beside), both)


async def test_what_was_said_in_the_room_is_for_whoever_writes_it_down_and_for_those_who_answer(house: House) -> None:
    case = await house.refer(FIRST)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    said = {each: await sealed(house, each) for each in ("Sẽ xem.", "Giao mở lớp.", "Nghị quyết mới.", "Lãnh đạo vắng.")}
    first = replace(became(1, Outcome.ANSWERED, answer=said["Sẽ xem."]), case=case)
    then = replace(became(1, Outcome.DIRECTED, direction=said["Giao mở lớp."]), case=case)
    presented = AgendaPresented(kind=AgendaKind.POLICY, content=said["Nghị quyết mới."])
    waived = ReadinessWaived(by="p-chief", reason=said["Lãnh đạo vắng."])
    await house.happen("assignment", {SESSION: [PERIODIC, PROGRAMME, waived, presented, first, then]})
    presented_only, directed_only = {"Nghị quyết mới."}, {"Giao mở lớp."}
    everything = {"Lãnh đạo vắng.", *presented_only, *directed_only}
    assert await readers(house, SESSION) == {
        **dict.fromkeys((*HEADS, "p-secretary"), everything),
        **dict.fromkeys(("p-registry", "p-party"), presented_only),
        **dict.fromkeys(("p-leader", "p-specialist"), directed_only),
    }
    await house.ask("reclassify_case", CHIEF, case=case, field="dao-duc-loi-song")
    found = await readers(house, SESSION)
    assert found["p-secretary"] == found["p-deputy"] == {"Nghị quyết mới.", "Lãnh đạo vắng."}
    assert found["p-chief"] == everything


async def test_the_chairman_and_his_divisions_read_his_dialogues_and_not_the_head_s(house: House) -> None:
    why = SessionCancelled(reason=await sealed(house, "Chủ trì vắng."))
    await house.happen("assignment", {SESSION: [CHAIRMANS, why]})
    other = "session-00000000000000000002"
    await house.happen("assignment", {other: [AD_HOC, why]})
    for by in ("p-chairman", "p-division", "p-division-kt"):
        assert await words(house, by, SESSION) == ["Chủ trì vắng."]
        assert await words(house, by, other) is None


async def test_a_request_is_read_by_those_who_decide_and_by_the_unit_that_took_it_in(house: House) -> None:
    opened = replace(ASKED, words=await sealed(house, "Xin gặp về đất đai."))
    denied = RequestRefused(reason=RejectionReason.FINAL_DECISION, note=await sealed(house, "Đã có quyết định."))
    await house.happen("assignment", {REQUEST: [opened, denied]})
    both = {"Xin gặp về đất đai.", "Đã có quyết định."}
    beside = ("p-registry", "p-other", "p-division")
    assert await readers(house, REQUEST) == dict.fromkeys((*HEADS, *beside), both)


async def test_a_request_about_a_matter_is_closed_to_whom_the_matter_is_closed(house: House) -> None:
    await house.refer(FIRST, field="dao-duc-loi-song")
    asked = replace(ASKED, words=await sealed(house, "Xin gặp."), opinions=(f"opinion-{FIRST}",))
    unknown = replace(ASKED, words=await sealed(house, "Xin gặp nữa."), opinions=(f"opinion-{SECOND}",))
    other = "request-00000000000000000002"
    await house.happen("assignment", {REQUEST: [asked], other: [unknown]})
    for request in (REQUEST, other):
        assert set(await readers(house, request)) == {"p-chief"}


async def test_a_proposal_is_read_by_its_division_its_proposer_and_its_appraisers_each_as_far_as_it_is_theirs(
    house: House,
) -> None:
    text = {
        each: await sealed(house, each)
        for each in ("Nông sản.", "Ế.", "Rõ hơn.", "Nông sản vụ tới.", "Nên.", "Quá hạn.", "Đồng ý.", "Chưa.")
    }
    told = (
        replace(BROUGHT, content=text["Nông sản."], reason=text["Ế."]),
        ProposalReturned(reason=text["Rõ hơn."]),
        ProposalCompleted(content=text["Nông sản vụ tới."], attachments=()),
        APPRAISAL,
        replace(agreed("BDVTU"), comment=text["Nên."]),
        AppraisalOverridden(appraiser="MTTQ", reason=text["Quá hạn."]),
        AppraisalConcluded(by="p-deputy", verdict=Verdict.AGREES, note=text["Đồng ý."]),
        ProposalRefused(reason=text["Chưa."]),
    )
    await house.happen("assignment", {PROPOSAL: told})
    content, everything = {"Nông sản.", "Ế.", "Nông sản vụ tới."}, set(text)
    assert await readers(house, PROPOSAL) == {
        **dict.fromkeys(("p-chief", "p-deputy", "p-chairman", "p-division"), everything),
        "p-registry": {*content, "Rõ hơn.", "Chưa."},
        "p-snn": {*content, "Rõ hơn.", "Chưa."},
        "p-bdv": {*content, "Nên."},
        "p-mttq": content,
    }


async def test_why_a_plan_was_amended_or_a_meeting_called_off_is_read_by_the_house(house: House) -> None:
    drafted = PlanDrafted(
        office="VPUB", year=2023, bases=(), dialogues=(), windows=(), recipients=(), copied_from=None, document=None
    )
    amended = replace(example(PlanAmended), reason=await sealed(house, "Đổi ngày."))
    off = MeetingCancelled(reason=await sealed(house, "Bão."))
    plan = f"plan-VPUB-{date(2023, 1, 4).year}"
    await house.happen("assignment", {plan: [drafted, amended], MEETING: [SCHEDULED, off]})
    house_s = {by for by, each in EVERYBODY.items() if each.office == "VPUB"} - {"p-auditor", "p-admin", "p-feeder"}
    assert set(await readers(house, plan)) == set(await readers(house, MEETING)) == house_s


async def test_how_several_requests_begin_is_opened_in_one_access_as_far_as_it_is_his_to_read(house: House) -> None:
    other = "request-00000000000000000002"
    for thing, said in ((REQUEST, "Xin gặp về đất đai."), (other, "Xin gặp về đường.")):
        await house.happen("assignment", {thing: [replace(ASKED, words=await sealed(house, said))]})
    begun = house.service.queries.words.begun
    found = await begun(CHIEF, "request", (REQUEST, other, "request-0"), ("request.opened",), purpose="requests")
    assert {thing: said[0].text for thing, said in found.items()} == {REQUEST: "Xin gặp về đất đai.", other: "Xin gặp về đường."}
    assert [len(each["refs"]) for each in await house.vault.accesses() if each["purpose"] == "requests"] == [2]
    assert await begun(OTHER_OFFICE, "request", (REQUEST, other), ("request.opened",), purpose="requests") == {}
