"""The cases as the read side holds them: the same whether followed one by one or rebuilt."""

from typing import Any

from sqlalchemy import select

from services.assignment.readmodel.projections import CASE_EVENTS, CASES_PROJECTION, TASK_EVENTS, UNIT_TASKS_PROJECTION
from services.assignment.readmodel.tables import cases_case, cases_draft
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
    case = await house.refer(SUFFIX)
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
