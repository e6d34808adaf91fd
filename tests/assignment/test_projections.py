"""The cases as the read side holds them: the same whether followed one by one or rebuilt."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.assignment.readmodel.cases.projections import CASE_EVENTS, CASES_PROJECTION
from services.assignment.readmodel.cases.tables import cases_case, cases_draft
from services.assignment.readmodel.cases.views import Filters
from services.assignment.readmodel.tasks.projections import TASK_EVENTS, UNIT_TASKS_PROJECTION
from shared.contracts.opinion import Wish, WishRecorded
from shared.contracts.refusals import Unknown
from shared.contracts.registry import all_events
from tests.assignment.house import CHIEF, DEPUTY, HUB, LEADER, OTHER_UNIT, SPECIALIST, House

SUFFIX = "7Q2K9FXA3MBTW0000001"


async def rows(house: House) -> list[dict[str, Any]]:
    async with house.database.read() as connection:
        return [
            dict(row)
            for table in (cases_case, cases_draft)
            for row in (await connection.execute(select(table).order_by(*table.primary_key))).mappings()
        ]


async def whole_life(house: House) -> str:
    """Given, returned, given again, drafted twice, delivered, closed, reopened; followed after each step."""
    case = await house.refer(SUFFIX, flags=())
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TH")).answer["task"]
    await house.ask("return_task", OTHER_UNIT, task=task, reason="Không thuộc chức năng.")
    await house.follow()
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Một.")
    await house.follow()
    await house.ask("return_answer", CHIEF, case=case, reason="Sửa.")
    await house.ask("submit_answer", LEADER, case=case, answer="Hai.", direction="Giao phòng thực hiện.")
    await house.ask("approve_answer", DEPUTY, case=case)
    await house.follow()
    await house.ask("deliver_answer", HUB, case=case, means="truc_tiep")
    await house.ask("close_case", HUB, case=case)
    await house.ask("reopen_case", HUB, case=case, reason="Mới xong một nửa.")
    await house.follow()
    return case


async def test_a_reopened_case_stands_in_its_new_episode_with_its_lead_and_keeps_its_former_drafts(house: House) -> None:
    await whole_life(house)
    case, first, second = await rows(house)
    assert (case["stage"], case["lead"], case["episode"]) == ("da_phan_cong", "TCHCQT", f"{SUFFIX}/2")
    assert (case["resolved_at"], case["drafts"], case["version"]) == (None, 0, 12)
    assert (first["outcome"], first["reviewer"], first["episode"]) == ("yeu_cau_sua", "p-chief", f"{SUFFIX}/1")
    assert (second["outcome"], second["reviewer"], second["means"]) == ("da_duyet", "p-deputy", "truc_tiep")


async def seen(house: House, case: str) -> dict[str, Any]:
    await house.follow()
    found = await house.service.queries.cases.case(HUB, case)
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


async def test_a_case_shows_whom_it_is_proposed_for_who_helps_and_whom_it_is_about(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("propose_assignment", HUB, case=case, lead="TCHCQT", coordinating=["TH"])
    assert (await seen(house, case))["proposed"] == ("TCHCQT", "TH")
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT", coordinating=[{"unit": "TH"}])
    await house.ask("consult_unit", LEADER, case=case, unit="BTCD", question="Đã từng trả lời chưa?")
    await house.ask("reclassify_case", HUB, case=case, concerns_units=["CVP"], concerns_posts=["PCVP"])
    found = await seen(house, case)
    assert (found["proposed"], found["coordinating"], found["consulting"]) == ((), ("TH",), ("BTCD",))
    assert (found["concerns_units"], found["concerns_posts"], found["authority"]) == (("CVP",), ("PCVP",), "CVP")


async def test_those_who_help_see_the_case_and_read_its_words_and_answer_what_they_are_asked(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.follow()
    with pytest.raises(Unknown):
        await house.service.queries.words.of(OTHER_UNIT, "case", case)
    await house.ask("consult_unit", LEADER, case=case, unit="TH", question="Đã từng trả lời chưa?")
    await house.follow()
    assert (await house.service.queries.words.of(OTHER_UNIT, "case", case)).words
    await house.ask("give_consultation", OTHER_UNIT, case=case, given="Chưa.")
    assert (await seen(house, case))["consulting"] == ()


async def test_whoever_takes_a_question_over_sees_the_case_and_answers_and_the_one_before_does_not(house: House) -> None:
    case = await house.refer(SUFFIX, unit="TCHCQT")
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    task = (await house.ask("consult_unit", LEADER, case=case, unit="BTCD", question="Đã từng trả lời chưa?")).answer["task"]
    await house.ask("transfer_task", CHIEF, task=task, to="TH")
    assert (await seen(house, case))["consulting"] == ("TH",)
    assert (await house.service.queries.words.of(OTHER_UNIT, "case", case)).words
    with pytest.raises(Unknown):
        await house.service.queries.words.of(replace(LEADER, unit="BTCD"), "case", case)
    await house.ask("give_consultation", OTHER_UNIT, case=case, given="Chưa.")
    assert (await seen(house, case))["consulting"] == ()


async def test_of_what_was_diverted_only_the_head_reads_the_words_also_when_it_is_put_away(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("divert_case", HUB, case=case, kind="to_cao", to="BTCD")
    for _ in range(2):
        await house.follow()
        assert (await house.service.queries.words.of(CHIEF, "case", case)).words
        for by in (HUB, DEPUTY, LEADER):
            with pytest.raises(Unknown):
                await house.service.queries.words.of(by, "case", case)
        await house.ask("close_case", HUB, case=case)


async def test_a_withdrawal_that_intake_records_ends_the_case_and_comes_too_late_after_that(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    wish = WishRecorded(case=case, office="VPUB", wish=Wish.WITHDRAW, note=None)
    await house.happen("intake", {f"opinion-{SUFFIX}": [wish]})
    assert (await seen(house, case))["stage"] == "rut"
    before = (await house.log.head()).position
    await house.happen("intake", {f"opinion-{SUFFIX}": [wish]})
    await house.follow()
    assert (await house.log.head()).position == before


async def wanted(house: House, case: str) -> tuple[Any, list[str]]:
    """The wishes that its page shows, and the cases that are listed as wanted."""
    await house.follow()
    listed = await house.service.queries.lists.office_cases(CHIEF, "VPUB", Filters(wished=True))
    others = await house.service.queries.lists.office_cases(CHIEF, "VPUB", Filters(wished=False))
    assert {each.id for each in listed.cases}.isdisjoint(each.id for each in others.cases)
    return (await seen(house, case))["wishes"], [each.id for each in listed.cases]


async def test_what_is_wanted_of_a_matter_is_seen_by_the_head_until_it_is_taken_up_again(house: House) -> None:
    case = await house.refer(SUFFIX, flags=())
    await house.refer("7Q2K9FXA3MBTW0000002")

    async def wish(what: Wish) -> None:
        house.clock.move_to(house.clock.now() + timedelta(hours=1))
        await house.happen("intake", {f"opinion-{SUFFIX}": [WishRecorded(case=case, office="VPUB", wish=what, note=None)]})

    await wish(Wish.ADD)
    assert await wanted(house, case) == (("bo_sung",), [case])
    await wish(Wish.REOPEN)
    assert await wanted(house, case) == (("bo_sung",), [case])  # it is open still
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Một.")
    await house.ask("approve_answer", DEPUTY, case=case)
    await house.ask("deliver_answer", HUB, case=case, means="truc_tiep")
    assert await wanted(house, case) == (("mo_lai",), [case])
    await house.ask("close_case", HUB, case=case)
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    await house.ask("decline_reopening", HUB, case=case, reason="Đã trả lời đủ.")
    assert await wanted(house, case) == ((), [])  # it was decided against
    await wish(Wish.REOPEN)
    assert await wanted(house, case) == (("mo_lai",), [case])  # and is wanted once more
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    await house.ask("reopen_case", HUB, case=case, reason="Mới xong một nửa.")
    assert await wanted(house, case) == ((), [])
    assert (await house.following.rebuild("cases", check=True)).equal


async def test_a_wish_that_comes_before_its_case_parks_nothing(house: House) -> None:
    early = WishRecorded(case=f"case-{SUFFIX}", office="VPUB", wish=Wish.ADD, note=None)
    await house.happen("intake", {f"opinion-{SUFFIX}": [early]})
    await house.follow()
    assert (await house.service.queries.lists.office_cases(CHIEF, "VPUB", Filters(wished=True))).cases == ()
    assert sum(status.parked for status in house.following.status()) == 0


async def full_lives(house: House) -> None:
    """Merged and taken out again, directed and concluded, transferred, passed on: followed after each step."""
    first, second, third = [await house.refer(f"7Q2K9FXA3MBTW000000{n}") for n in range(3)]
    await house.ask("merge_case", HUB, case=second, into=first)
    await house.ask("merge_case", HUB, case=third, into=first)
    await house.follow()
    await house.ask("unmerge_case", HUB, case=second, reason="Nhầm.")
    await house.ask("forward_case", HUB, case=second, to="UBND-MSO")
    await house.ask("assign_case", CHIEF, case=first, lead="TCHCQT", coordinating=[{"unit": "TH", "due": "2023-01-18"}])
    await house.ask("direct_case", CHIEF, case=first, direction="Giải quyết dứt điểm.")
    await house.follow()
    item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "case": first, "unit": "TH", "days": 15}
    notice = (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream
    await house.issue(notice)
    await house.ask("submit_answer", SPECIALIST, case=first, answer="Đã giao phòng thực hiện.")
    await house.ask("approve_answer", CHIEF, case=first)
    await house.ask("deliver_answer", HUB, case=first, means="van_ban")
    await house.follow()


async def test_a_case_whose_work_is_open_is_being_implemented(house: House) -> None:
    await full_lives(house)
    found = {row["case_id"][-1]: row for row in await rows(house) if "stage" in row}
    assert [found[n]["stage"] for n in "012"] == ["dang_thuc_hien", "chuyen_ngoai", "gop"]
    assert (found["0"]["submitters"], found["0"]["directed"], found["0"]["concluded"]) == (found["2"]["case_id"], 1, 1)
    assert found["2"]["into_case"] == found["0"]["case_id"]


async def test_other_lives_are_rebuilt_alike(house: House) -> None:
    await full_lives(house)
    followed = await rows(house)
    await house.following.rebuild("cases")
    assert await rows(house) == followed


async def test_a_rebuild_gives_what_was_followed_one_by_one(house: House) -> None:
    await whole_life(house)
    followed = await rows(house)
    await house.following.rebuild("cases")
    assert await rows(house) == followed


def test_the_projections_read_every_event_of_cases_and_tasks() -> None:
    named = {declared.name for declared in all_events() if declared.stream_kind in ("case", "task")}
    assert named == CASE_EVENTS | TASK_EVENTS


def test_tables_begin_with_their_projection_s_name() -> None:
    for projection in (CASES_PROJECTION, UNIT_TASKS_PROJECTION):
        assert all(name.startswith(f"{projection.name}_") for name in projection.tables.tables)
