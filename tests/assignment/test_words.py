"""What cases and tasks say, over HTTP: who reads which of it, what the vault writes down, and what was erased."""

from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

from services.assignment.readmodel.words.access import READERS
from services.assignment.readmodel.words.pieces import TELLING
from shared.contracts.case import AnswerReturned, AnswerSubmitted, Authority
from shared.contracts.opinion import Wish, WishRecorded
from shared.contracts.registry import all_events
from shared.contracts.types import Sealed
from tests.assignment.house import CHIEF, DEPUTY, FEEDER, HUB, LEADER, OTHER_UNIT, PARTY, PEOPLE, SPECIALIST, House
from tests.assignment.reading import BESIDE, EVERYBODY, readers, words
from tests.assignment.stage import ASSIGNED
from tests.assignment.test_misuse import get, hold_post

SUFFIX, OTHER = "7Q2K9FXA3MBTW0000001", "7Q2K9FXA3MBTW0000002"
OPINION = "Đề nghị tổ chức thêm lớp bồi dưỡng."
HEADS = ("p-chief", "p-deputy", "p-hub", "p-registry")


@pytest.fixture(autouse=True)
def _everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in BESIDE:
        monkeypatch.setitem(PEOPLE, each.person, each)


def parts(cls: type) -> Iterator[str]:
    """The sealed parts of a fact, and of its lines."""
    for name, hint in get_type_hints(cls, include_extras=True).items():
        for each in (hint, *get_args(hint)):
            if get_origin(each) is Annotated and get_args(each)[0] is Sealed:
                yield name
            elif is_dataclass(each) and isinstance(each, type):
                yield from parts(each)


def test_of_every_sealed_text_it_is_said_who_reads_it() -> None:
    there = {(declared.cls, part) for declared in all_events() if declared.stream_kind in TELLING for part in parts(declared.cls)}
    drafts = {(cls, part) for cls, part in there if cls in (AnswerSubmitted, AnswerReturned)}  # read as drafts, by number
    assert there - drafts == READERS.keys()


async def directed(house: House, **about: Any) -> str:
    """A case that TCHCQT answers, TH beside it, and that the head directed."""
    case = await house.refer(SUFFIX, **about)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT", coordinating=[{"unit": "TH"}])
    await house.ask("direct_case", CHIEF, case=case, direction="Mở lớp trong quý II.")
    return case


async def test_a_direction_is_read_by_the_heads_and_by_those_who_answer_and_each_reading_is_logged(house: House) -> None:
    case = await directed(house)
    both = {OPINION, "Mở lớp trong quý II."}
    answering = ("p-leader", "p-specialist", "p-other", "p-division")
    assert await readers(house, case) == dict.fromkeys((*HEADS, *answering), both)
    accesses = await house.vault.accesses()
    assert {each["reader"] for each in accesses} == {*HEADS, *answering}
    assert {each["purpose"] for each in accesses} == {f"read_words {case}"}
    assert {len(each["refs"]) for each in accesses} == {2}
    (found,) = (await get(house, HUB, f"/cases/{case}/words?fact=case.directed")).json()["items"]
    assert (found["part"], found["person"], found["case"]) == ("direction", "p-chief", case)


async def test_what_a_unit_is_asked_and_answers_is_between_it_and_the_lead(house: House) -> None:
    case = await directed(house)
    asked = await house.ask("consult_unit", LEADER, case=case, unit="BTCD", question="Còn kinh phí không?")
    await house.ask("give_consultation", EVERYBODY["p-third"], case=case, given="Còn 20 triệu.")
    said = ["Còn kinh phí không?", "Còn 20 triệu."]
    for by in ("p-chief", "p-specialist"):
        assert (await words(house, by, case) or [])[-2:] == said
    assert await words(house, "p-other", case) == [OPINION, "Mở lớp trong quý II."]
    assert await words(house, "p-third", asked.answer["task"]) == said
    assert await words(house, "p-other", asked.answer["task"]) is None


async def test_whoever_takes_a_question_over_reads_it_and_the_one_before_does_not(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    task = (await house.ask("consult_unit", LEADER, case=case, unit="BTCD", question="Còn kinh phí không?")).answer["task"]
    assert await words(house, "p-third", case) == [OPINION, "Còn kinh phí không?"]
    await house.ask("transfer_task", CHIEF, task=task, to="TH")
    assert await words(house, "p-other", case) == [OPINION, "Còn kinh phí không?"]
    assert await words(house, "p-third", case) is None
    assert await words(house, "p-third", task) is None


async def test_the_unit_that_took_an_opinion_in_reads_why_it_is_not_taken_up_and_no_more(house: House) -> None:
    case = await house.refer(SUFFIX)
    assert await words(house, FEEDER.person, case) is None
    await house.ask("reject_case", CHIEF, case=case, reason="KHONG_RO_NOI_DUNG", note="Chưa rõ lớp nào.")
    assert await words(house, FEEDER.person, case) == ["Chưa rõ lớp nào."]
    assert set(await readers(house, case)) == {*HEADS, "p-feeder", "p-third"}
    await house.ask("reclassify_case", CHIEF, case=(other := await house.refer(OTHER)), field="dao-duc-loi-song")
    await house.ask("reject_case", CHIEF, case=other, reason="KHONG_RO_NOI_DUNG", note="Chưa rõ ai.")
    assert set(await readers(house, other)) == {"p-chief", "p-party"}


async def test_the_party_committee_reads_where_it_leads_and_its_own_opinion(house: House) -> None:
    case = await directed(house, field="dao-duc-loi-song")
    await house.ask("record_party_opinion", PARTY, case=case, opinion="Nhất trí.")
    found = await readers(house, case)
    assert set(found) == {"p-chief", "p-party", "p-leader", "p-specialist", "p-hub", "p-other", "p-division"}
    assert found["p-party"] == found["p-chief"] == {OPINION, "Mở lớp trong quý II.", "Nhất trí."}


async def test_what_was_given_in_the_chairman_s_name_is_read_by_him_who_is_to_approve_it(house: House) -> None:
    case = await house.refer(SUFFIX)
    assert await words(house, "p-chairman", case) is None
    given = replace(ASSIGNED, episode=f"{SUFFIX}/1", lead="SGTVT", authority=Authority.CHAIRMAN)
    await house.happen("assignment", {case: [given]})
    await house.follow()
    assert await words(house, "p-chairman", case) == [OPINION]
    assert await words(house, "p-division", case) == [OPINION]  # it prepares what he decides


async def test_of_a_restricted_field_in_his_name_the_chairman_alone_reads_with_whoever_answers(house: House) -> None:
    case = await house.refer(SUFFIX, field="dao-duc-loi-song")
    assert await words(house, "p-chairman", case) is None
    given = replace(ASSIGNED, episode=f"{SUFFIX}/1", lead="TH", authority=Authority.CHAIRMAN)
    await house.happen("assignment", {case: [given]})
    await house.follow()
    assert await words(house, "p-chairman", case) == [OPINION]
    assert {"p-hub", "p-deputy", "p-secretary"}.isdisjoint(await readers(house, case))


async def test_of_a_restricted_field_neither_deputy_nor_hub_reads_what_was_directed_or_returned(house: House) -> None:
    case = await house.refer(SUFFIX, field="dao-duc-loi-song")
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TH")).answer["task"]
    await house.ask("direct_case", CHIEF, case=case, direction="Làm rõ.")
    await house.ask("return_task", OTHER_UNIT, task=task, reason="Không thuộc thẩm quyền.")
    assert set(await readers(house, case)) == {"p-chief", "p-party"}
    assert set(await readers(house, task)) == {"p-chief", "p-other", "p-division"}


async def test_nobody_reads_a_direction_or_a_reason_about_himself_or_his_unit(house: House) -> None:
    await hold_post(house, "PCVP", "p-deputy", "deputy")
    case = await house.refer(SUFFIX)
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")).answer["task"]
    await house.ask("recall_case", CHIEF, case=case, reason="Ý kiến phản ánh chính đơn vị này.")
    assert await words(house, LEADER.person, task) == ["Ý kiến phản ánh chính đơn vị này."]
    await house.ask("reclassify_case", CHIEF, case=case, concerns_units=["TCHCQT"], concerns_posts=["PCVP"])
    for by in (LEADER, SPECIALIST, HUB, DEPUTY):
        assert await words(house, by.person, task) is None
        assert await words(house, by.person, case) is None
    assert await words(house, "p-chief", case) == [OPINION, "Ý kiến phản ánh chính đơn vị này."]


async def test_of_what_was_diverted_only_the_head_reads_whatever_was_said_of_it(house: House) -> None:
    case = await directed(house)
    await house.ask("divert_case", CHIEF, case=case, kind="to_cao", to="BTCD")
    assert set(await readers(house, case)) == {"p-chief"}


async def test_what_a_task_says_is_read_by_its_unit_and_by_those_who_gave_it(house: House) -> None:
    case = await house.refer(SUFFIX)
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TH")).answer["task"]
    assert await words(house, "p-other", task) == []
    assert await words(house, "p-specialist", task) is None
    await house.ask("request_extension", OTHER_UNIT, task=task, until="2023-02-10", reason="Chờ số liệu.")
    await house.ask("refuse_extension", CHIEF, task=task, reason="Đã đủ số liệu.")
    both = {"Chờ số liệu.", "Đã đủ số liệu."}
    assert await readers(house, task) == dict.fromkeys(("p-chief", "p-deputy", "p-hub", "p-other", "p-division"), both)
    await house.ask("submit_answer", OTHER_UNIT, case=case, answer="Sẽ mở lớp.")
    await house.ask("return_answer", CHIEF, case=case, reason="Nêu rõ thời gian.")
    assert "Nêu rõ thời gian." in (await words(house, "p-other", task) or [])
    assert await words(house, "p-auditor", task) is None


async def test_what_was_erased_is_said_to_be_erased(house: House) -> None:
    case = await directed(house)
    found = (await get(house, CHIEF, f"/cases/{case}/words")).json()["items"]
    await house.vault.erase_record(found[1]["ref"])
    assert await words(house, "p-chief", case) == [OPINION, None]
    await house.vault.erase_record(found[0]["ref"])
    assert await words(house, "p-chief", case) == [None, None]


async def test_words_are_read_page_by_page_and_only_as_many_as_are_shown_are_opened(house: House) -> None:
    case = await directed(house)
    await house.ask("direct_case", CHIEF, case=case, direction="Báo cáo trước ngày 30.")
    first = (await get(house, CHIEF, f"/cases/{case}/words?limit=2")).json()
    rest = (await get(house, CHIEF, f"/cases/{case}/words?limit=2&cursor={first['cursor']}")).json()
    said = [item["text"] for item in (*first["items"], *rest["items"])]
    assert said == [OPINION, "Mở lớp trong quý II.", "Báo cáo trước ngày 30."]
    assert rest["cursor"] is None
    assert [len(each["refs"]) for each in await house.vault.accesses()] == [2, 1]
    for narrowed in ("?cursor=x", "?limit=201", "?limit=0"):
        assert (await get(house, CHIEF, f"/cases/{case}/words{narrowed}")).status_code == 422


async def test_what_is_another_s_looks_like_what_is_not_there(house: House) -> None:
    case = await directed(house)
    theirs = await get(house, EVERYBODY["p-mso"], f"/cases/{case}/words")
    nothing = await get(house, EVERYBODY["p-mso"], "/cases/case-NEVER0000000000000/words")
    other = await get(house, CHIEF, f"/sessions/{case}/words")
    assert [answer.status_code for answer in (theirs, nothing, other)] == [404, 404, 404]
    assert theirs.json().keys() == nothing.json().keys()
    assert {**theirs.json(), "trace_id": ""} == {**nothing.json(), "trace_id": ""}
    assert await house.vault.accesses() == []


async def test_what_is_to_be_changed_of_a_result_is_read_by_the_unit_that_is_to_change_it(house: House) -> None:
    work: dict[str, Any] = {
        "type": "tuyen_truyen",
        "unit": "TH",
        "office": "VPUB",
        "about": "plan-VPUB-2023",
        "due": "2023-02-10",
    }
    task = (await house.ask("give_task", CHIEF, **work)).stream
    await house.ask("add_proof", OTHER_UNIT, task=task, reached=12)
    await house.ask("submit_task", OTHER_UNIT, task=task)
    await house.ask("request_revision", HUB, task=task, reason="Thiếu danh sách người dự.")
    found = (await get(house, OTHER_UNIT, f"/tasks/{task}/words?fact=task.revision_requested")).json()["items"]
    assert [(each["part"], each["unit"], each["text"]) for each in found] == [("reason", "TH", "Thiếu danh sách người dự.")]


async def test_the_unit_that_took_an_opinion_in_reads_why_it_is_not_taken_up_again(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("withdraw_case", HUB, case=case)
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    again = WishRecorded(case=case, office="VPUB", wish=Wish.REOPEN, note=None)
    await house.happen("intake", {f"opinion-{SUFFIX}": [again]})
    await house.follow()
    await house.ask("decline_reopening", HUB, case=case, reason="Không có tình tiết mới.")
    assert await words(house, FEEDER.person, case) == ["Không có tình tiết mới."]
    version = (await get(house, HUB, f"/cases/{case}")).headers["ETag"]
    async with house.client(HUB) as client:  # the wish has its answer
        path, asked = f"/assignment/api/cases/{case}/reopening/refusal", {"reason": "Như trên."}
        twice = await client.post(path, json=asked, headers={"If-Match": version})
    assert (twice.status_code, twice.json()["code"], twice.json()["rule"]) == (409, "nothing-wished", ["invariant 12"])
