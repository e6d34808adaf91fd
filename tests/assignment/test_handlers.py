"""Commands through the desk onto a SQLite log: permission, several streams in one append, replays, stale versions."""

from datetime import timedelta
from typing import Any

import pytest

from services.assignment.domain.case.refusals import AlreadyAssigned, NotApproved
from services.assignment.domain.task.refusals import TaskEnded
from shared.contracts.refusals import Forbidden, KeyReused, Stale, Unknown
from shared.documents.refusals import UnitNotInForce
from shared.eventlog.records import Record
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
    SPECIALIST,
    House,
)
from tests.support.hosting import START

SUFFIX = "7Q2K9FXA3MBTW0000001"


async def assigned(house: House, suffix: str = SUFFIX) -> tuple[str, str]:
    case = await house.refer(suffix, flags=())
    done = await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    return case, done.answer["task"]


async def answered(house: House, suffix: str = SUFFIX) -> tuple[str, str]:
    case, task = await assigned(house, suffix)
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Văn phòng sẽ tổ chức lớp trong quý II.")
    await house.ask("approve_answer", CHIEF, case=case)
    await house.ask("deliver_answer", SPECIALIST, case=case, means="van_ban")
    return case, task


async def types(house: House, stream: str) -> list[str]:
    return [record.type for record in await house.log.read_stream(stream)]


async def written_by_last(house: House) -> list[Record]:
    """The events of the command asked last."""
    head = await house.log.head()
    found = await house.log.find_command(f"test/{house.asked}")
    assert found is not None
    assert found.last == head.position
    return list((await house.log.read(found.first - 1, 100)).records)


async def test_a_case_from_referral_to_its_end(house: House) -> None:
    case, task = await answered(house)
    await house.ask("close_case", HUB, case=case)
    assert await types(house, case) == [
        "case.opened",
        "case.assigned",
        "case.answer_submitted",
        "case.answer_approved",
        "case.answer_delivered",
        "case.resolved",
        "case.closed",
    ]
    assert await types(house, task) == ["task.assigned", "task.submitted", "task.completed"]


async def test_case_and_task_move_in_one_append(house: House) -> None:
    case, task = await assigned(house)
    assert [(record.stream, record.type) for record in await written_by_last(house)] == [
        (case, "case.assigned"),
        (task, "task.assigned"),
    ]
    await house.ask("return_task", LEADER, task=task, reason="Không thuộc chức năng của phòng.")
    assert [(record.stream, record.type) for record in await written_by_last(house)] == [
        (task, "task.returned"),
        (case, "case.handed_back"),
    ]


async def test_a_returned_case_goes_to_another_unit_under_a_new_task(house: House) -> None:
    case, first = await assigned(house)
    await house.ask("return_task", LEADER, task=first, reason="Không thuộc chức năng của phòng.")
    second = (await house.ask("assign_case", CHIEF, case=case, lead="TH")).answer["task"]
    assert second != first
    await house.ask("accept_task", OTHER_UNIT, task=second)
    with pytest.raises(TaskEnded):
        await house.ask("accept_task", LEADER, task=first)
    with pytest.raises(Unknown):
        await house.ask("submit_answer", SPECIALIST, case=case, answer="Muộn rồi.")


async def test_a_reopened_case_gets_a_new_task_for_its_lead(house: House) -> None:
    case, first = await answered(house)
    done = await house.ask("reopen_case", HUB, case=case, reason="Mới thay được một nửa.")
    assert done.answer["task"] != first
    assert await types(house, done.answer["task"]) == ["task.assigned"]
    again = await house.ask("submit_answer", SPECIALIST, case=case, answer="Thay nốt phần còn lại.")
    assert await types(house, done.answer["task"]) == ["task.assigned", "task.submitted"]
    assert again.version == 8


async def test_the_same_command_asked_again_answers_its_first_outcome(house: House) -> None:
    case = await house.refer(SUFFIX)
    first = await house.ask("assign_case", CHIEF, command_id="http/1", case=case, lead="TCHCQT")
    again = await house.ask("assign_case", CHIEF, command_id="http/1", case=case, lead="TCHCQT")
    assert (again.replayed, again.answer, again.position) == (True, first.answer, first.position)
    assert await types(house, case) == ["case.opened", "case.assigned"]


async def test_a_command_that_is_no_longer_possible_still_answers_its_first_outcome(house: House) -> None:
    case, task = await assigned(house)
    first = await house.ask("return_task", LEADER, command_id="http/2", task=task, reason="Không thuộc chức năng.")
    again = await house.ask("return_task", LEADER, command_id="http/2", task=task, reason="Không thuộc chức năng.")
    assert (again.replayed, again.position) == (True, first.position)
    with pytest.raises(KeyReused):
        await house.ask("return_task", LEADER, command_id="http/2", task=task, reason="Một lý do khác.")
    assert (await types(house, case))[-1] == "case.handed_back"


async def test_giving_a_case_to_its_unit_again_answers_the_task_it_has(house: House) -> None:
    case, task = await assigned(house)
    again = await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    assert (again.answer["task"], again.position) == (task, 0)


async def test_what_was_decided_on_an_older_version_is_stale(house: House) -> None:
    case, _ = await assigned(house)
    with pytest.raises(Stale):
        await house.ask("submit_answer", SPECIALIST, expected=1, case=case, answer="Trả lời.")
    assert (await house.ask("submit_answer", SPECIALIST, expected=2, case=case, answer="Trả lời.")).version == 3


async def test_a_unit_dissolved_in_the_same_moment_is_not_given_the_case(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("dissolve_unit", ADMIN, unit="TCHCQT", valid_from="2023-01-09")
    with pytest.raises(UnitNotInForce):
        await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")


@pytest.mark.parametrize(
    ("command", "data", "allowed", "seen_but_not_allowed"),
    [
        ("assign_case", {"lead": "TCHCQT"}, CHIEF, [DEPUTY, HUB, FEEDER, AUDITOR]),
        ("close_case", {}, None, [FEEDER, AUDITOR]),
        ("approve_answer", {}, None, [HUB, FEEDER]),
    ],
)
async def test_only_those_who_may_are_asked_to_decide(
    house: House, command: str, data: dict[str, Any], allowed: Any, seen_but_not_allowed: list[Any]
) -> None:
    case = await house.refer(SUFFIX)
    for other in seen_but_not_allowed:
        with pytest.raises(Forbidden):
            await house.ask(command, other, case=case, **data)
    if allowed is not None:
        await house.ask(command, allowed, case=case, **data)


async def test_someone_else_s_case_looks_as_if_it_were_not_there(house: House) -> None:
    case, task = await assigned(house)
    for other in (OTHER_OFFICE, OTHER_UNIT, ADMIN):
        with pytest.raises(Unknown):
            await house.ask("submit_answer", other, case=case, answer="Trả lời thay.")
        with pytest.raises(Unknown):
            await house.ask("accept_task", other, task=task)
    with pytest.raises(Unknown):
        await house.ask("approve_answer", CHIEF, case="case-NEVER0000000000000")


async def test_the_lead_s_people_answer_and_nobody_else(house: House) -> None:
    case, _ = await assigned(house)
    with pytest.raises(Forbidden):
        await house.ask("submit_answer", CHIEF, case=case, answer="Tôi trả lời.")
    await house.ask("submit_answer", LEADER, case=case, answer="Phòng trả lời.")
    with pytest.raises(NotApproved):
        await house.ask("deliver_answer", LEADER, case=case, means="van_ban")


async def test_only_the_leader_passes_the_work_on(house: House) -> None:
    _, task = await assigned(house)
    with pytest.raises(Forbidden):
        await house.ask("delegate_task", SPECIALIST, task=task, to="p-specialist")
    await house.ask("delegate_task", LEADER, task=task, to="p-specialist")
    assert await types(house, task) == ["task.assigned", "task.delegated"]


@pytest.mark.parametrize("command", ["register_unit", "publish_calendar"])
async def test_heads_do_not_keep_the_directory(house: House, command: str) -> None:
    data: dict[str, dict[str, Any]] = {
        "register_unit": {"unit": "X", "code": "X", "name": "X", "kind": "huyen", "valid_from": "2023-01-01"},
        "publish_calendar": {"version": "x", "first": "2023-01-01", "last": "2024-01-01", "days_off": []},
    }
    with pytest.raises(Forbidden):
        await house.ask(command, CHIEF, **data[command])


async def test_a_fact_may_be_recorded_after_it_happened_but_not_before_the_receipt(house: House) -> None:
    case = await house.refer(SUFFIX)
    house.clock.move_to(START + timedelta(days=3))
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT", at=START + timedelta(hours=1))
    (last,) = [record for record in await house.log.read_stream(case) if record.type == "case.assigned"]
    assert last.occurred < last.recorded


async def test_words_go_to_the_vault_and_not_into_the_log(house: House) -> None:
    case, _ = await assigned(house)
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Nội dung trả lời kín.", legal_basis="Luật 10/2022.")
    stored = b"".join(record.data + record.metadata for record in (await house.log.read(0, 1_000)).records)
    assert "Nội dung".encode() not in stored
    assert "Nguyễn".encode() not in stored
    assert {each["purpose"] for each in await house.sealed()} >= {
        "submit_answer.answer",
        "submit_answer.legal_basis",
        "register_person.name",
    }


async def test_a_person_s_name_hangs_on_the_person_s_key(house: House) -> None:
    names = [each for each in await house.sealed() if each["purpose"] == "register_person.name"]
    assert {each["person"] for each in names} == {"p-specialist", "p-other"}


async def test_two_heads_at_once_give_a_case_to_one_unit(house: House) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, expected=1, case=case, lead="TH")
    with pytest.raises((Stale, AlreadyAssigned)):
        await house.ask("assign_case", CHIEF, expected=1, case=case, lead="TCHCQT")
