"""The clock's work, by the script clock as `do` lets time pass: each job at its own instant, in order, once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2

from deploy.timekeeping import Due, reach
from shared.calendar import RULES, day_starts
from shared.contracts.roles import Role
from tests.assignment.house import ADMIN, AUDITOR, CHIEF, HUB, LEADER, OTHER_OFFICE, SPECIALIST, House
from tests.assignment.stage import PUBLISHED
from tests.support.hosting import START, subject

SUFFIXES = tuple(f"7Q2K9FXA3MBTW000000{n}" for n in range(1, 8))
DUE = date(2023, 1, 30)  # ten working days from 09/01, Tết skipped
REMINDED, NOTICED = day_starts(date(2023, 1, 19)), day_starts(date(2023, 1, 31))  # two working days before; the day's end
AFTER = datetime(2023, 3, 1, 2, tzinfo=UTC)


class Timed:
    """A house of one service whose clock a script moves; it writes down which job ran when."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.ran: list[tuple[datetime, str, int]] = []

    async def now(self) -> datetime:
        return self.house.clock.now()

    async def move(self, instant: datetime) -> None:
        self.house.clock.move_to(instant)

    async def due(self) -> Sequence[Due]:
        now = self.house.clock.now()
        waiting = [(job.name, await job.next_due(now)) for job in self.house.service.jobs]
        return [Due(at=at, service="assignment", name=name) for name, at in waiting if at is not None]

    async def run(self, job: Due) -> int:
        found = next(each for each in self.house.service.jobs if each.name == job.name)
        done = await found.run(self.house.clock.now())
        self.ran.append((self.house.clock.now(), job.name, done))
        return done

    async def drain(self) -> None:
        await self.house.follow()


async def given_to(house: House, suffix: str, unit: str = "TCHCQT", **referral: Any) -> tuple[str, str]:
    case = await house.refer(suffix, **referral)
    task = (await house.ask("assign_case", CHIEF, case=case, lead=unit)).answer["task"]
    await house.follow()
    return case, task


async def types(house: House, stream: str) -> list[str]:
    return [record.type for record in await house.log.read_stream(stream)]


async def occurred(house: House, stream: str, type: str) -> datetime:
    micros = next(record.occurred for record in await house.log.read_stream(stream) if record.type == type)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def overdue(task: str) -> str:
    return f"overdue-{task.removeprefix('task-')}"


async def test_a_task_is_reminded_and_its_passed_day_noticed_each_at_its_own_instant(house: House) -> None:
    _, task = await given_to(house, SUFFIXES[0])
    timed = Timed(house)
    await reach(timed, AFTER)
    assert timed.ran == [(REMINDED, "remind", 1), (NOTICED, "notice-overdue", 1)]
    assert await types(house, task) == ["task.assigned", "task.reminded"]
    assert await types(house, overdue(task)) == ["overdue.noticed"]
    assert await occurred(house, overdue(task), "overdue.noticed") == NOTICED
    assert house.clock.now() == AFTER


async def test_time_that_passes_again_changes_nothing(house: House) -> None:
    await given_to(house, SUFFIXES[0])
    timed = Timed(house)
    await reach(timed, AFTER)
    head = await house.log.head()
    await reach(timed, AFTER + timedelta(days=30))
    assert await house.log.head() == head
    for job in house.service.jobs:
        assert await job.run(house.clock.now()) == 0


async def test_a_job_that_ran_twice_before_its_read_model_caught_up_has_run_once(house: House) -> None:
    _, task = await given_to(house, SUFFIXES[0])
    house.clock.move_to(AFTER)
    job = next(each for each in house.service.jobs if each.name == "notice-overdue")
    assert await job.run(AFTER) == 1
    assert await job.run(AFTER) == 0
    await house.follow()
    assert await job.next_due(AFTER) is None
    assert await types(house, overdue(task)) == ["overdue.noticed"]
    assert await occurred(house, overdue(task), "overdue.noticed") == NOTICED


async def test_finished_work_is_neither_reminded_nor_noticed(house: House) -> None:
    case, task = await given_to(house, SUFFIXES[0])
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Trả lời.")
    await house.ask("approve_answer", CHIEF, case=case)
    await house.ask("deliver_answer", SPECIALIST, case=case, means="van_ban")
    timed = Timed(house)
    await reach(timed, AFTER)
    assert timed.ran == []
    assert await types(house, overdue(task)) == []


async def test_work_given_shortly_before_its_day_is_not_reminded(house: House) -> None:
    case = await house.refer(SUFFIXES[0])
    house.clock.move_to(datetime(2023, 1, 27, 2, tzinfo=UTC))
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    timed = Timed(house)
    await reach(timed, AFTER)
    assert [name for _, name, _ in timed.ran] == ["notice-overdue"]


async def test_after_an_extension_the_new_day_is_reminded_and_noticed_in_its_turn(house: House) -> None:
    _, task = await given_to(house, SUFFIXES[0])
    timed = Timed(house)
    await reach(timed, datetime(2023, 2, 1, 2, tzinfo=UTC))
    await house.ask("request_extension", LEADER, task=task, until="2023-02-15", reason="Cần thêm nguồn kinh phí.")
    await house.ask("grant_extension", CHIEF, task=task)
    await reach(timed, AFTER)
    assert [(at, name) for at, name, _ in timed.ran] == [
        (REMINDED, "remind"),
        (NOTICED, "notice-overdue"),
        (day_starts(date(2023, 2, 13)), "remind"),
        (day_starts(date(2023, 2, 16)), "notice-overdue"),
    ]
    assert await types(house, overdue(task)) == ["overdue.noticed", "overdue.noticed"]


async def test_a_new_calendar_counts_open_due_dates_anew_until_none_is_older(house: House) -> None:
    open_case, open_task = await given_to(house, SUFFIXES[0])
    waiting = await house.refer(SUFFIXES[1])
    done, done_task = await given_to(house, SUFFIXES[2])
    await house.ask("submit_answer", SPECIALIST, case=done, answer="Trả lời.")
    await house.ask("approve_answer", CHIEF, case=done)
    await house.ask("deliver_answer", SPECIALIST, case=done, means="van_ban")
    await republish(house, "2023.2", "2023-01-27")
    timed = Timed(house)
    await reach(timed, START + timedelta(hours=1))
    assert timed.ran == [(START, "revise-dues", 3)]
    assert (await types(house, open_case))[-1] == "case.due_set"
    assert (await types(house, open_task))[-1] == "task.due_set"
    assert await types(house, waiting) == ["case.opened", "case.due_set"]
    assert "case.due_set" not in await types(house, done)
    assert "task.due_set" not in await types(house, done_task)
    async with house.client(HUB) as client:
        shown = (await client.get(f"/assignment/api/cases/{open_case}")).json()
    assert (shown["due"], shown["derivation"]["calendar"]) == ("2023-01-31", "2023.2")


async def test_a_revision_goes_on_in_parts_where_it_was_broken_off(house: House) -> None:
    works = [await given_to(house, suffix) for suffix in SUFFIXES[:3]]
    await republish(house, "2023.2", "2023-01-27")
    half = await house.ask("revise_due", subject("jobs", "VPUB", Role.SYSTEM), about=works[0][0])
    assert half.position > 0
    await reach(Timed(house), START + timedelta(hours=1))
    for case, task in works:
        assert (await types(house, case)).count("case.due_set") == 1
        assert (await types(house, task)).count("task.due_set") == 1


async def test_a_new_calendar_never_makes_late_what_was_in_time(house: House) -> None:
    case, _ = await given_to(house, SUFFIXES[0])
    timed = Timed(house)
    await reach(timed, datetime(2023, 1, 30, 2, tzinfo=UTC))
    worked: dict[str, Any] = {"days_off": [], "workdays": ["2023-01-14", "2023-01-15"]}
    await house.ask("publish_calendar", ADMIN, version="2023.3", first="2023-01-01", last="2023-12-31", **worked)
    await reach(timed, datetime(2023, 1, 30, 3, tzinfo=UTC))
    async with house.client(HUB) as client:
        assert (await client.get(f"/assignment/api/cases/{case}")).json()["due"] == "2023-01-30"


async def republish(house: House, version: str, *more: str) -> None:
    off = [{"day": off.day.isoformat(), "name": off.name} for off in PUBLISHED.days_off]
    off += [{"day": day, "name": "Nghỉ thêm"} for day in more]
    await house.ask("publish_calendar", ADMIN, version=version, first="2023-01-01", last="2023-12-31", days_off=off)
    await house.follow()


async def succeed(house: House, *lines: dict[str, Any], day: str = "2023-02-01") -> None:
    await house.ask("succeed_unit", ADMIN, unit="TCHCQT", successions=list(lines), basis="05/QĐ-VPUB", valid_from=day)
    await house.follow()


async def test_open_work_moves_to_the_successor_on_its_day_and_closed_work_stays(house: House) -> None:
    case, task = await given_to(house, SUFFIXES[0])
    done, done_task = await given_to(house, SUFFIXES[1])
    await house.ask("submit_answer", SPECIALIST, case=done, answer="Trả lời.")
    await house.ask("approve_answer", CHIEF, case=done)
    await house.ask("deliver_answer", SPECIALIST, case=done, means="van_ban")
    await succeed(house, {"field": None, "to": "TH"})
    timed = Timed(house)
    await reach(timed, AFTER)
    assert (day_starts(date(2023, 2, 1)), "transfer-work", 1) in timed.ran
    assert "case.transferred" in await types(house, case)
    assert "task.transferred" in await types(house, task)
    assert "case.transferred" not in await types(house, done)
    assert "task.transferred" not in await types(house, done_task)
    async with house.client(HUB) as client:
        shown = (await client.get(f"/assignment/api/cases/{case}")).json()
        moved = (await client.get(f"/assignment/api/tasks/{task}")).json()
        stayed = (await client.get(f"/assignment/api/cases/{done}")).json()
    assert (shown["lead"], shown["due"], moved["unit"], moved["id"]) == ("TH", "2023-01-30", "TH", task)
    assert shown["lead_label"] == moved["unit_label"] == "TH (trước là TCHCQT)"
    assert (stayed["lead"], stayed["lead_label"]) == ("TCHCQT", "TH (trước là TCHCQT)")


async def test_the_field_decides_and_what_nothing_decides_waits_in_a_queue(house: House) -> None:
    _, first = await given_to(house, SUFFIXES[0])
    _, second = await given_to(house, SUFFIXES[1], field="dao-duc-loi-song")
    await house.ask("register_field", ADMIN, field="xu-ly-don-thu", name="Đơn thư", valid_from="2021-01-01")
    await succeed(house, {"field": "dao-tao-boi-duong", "to": "TH"}, {"field": "xu-ly-don-thu", "to": "BTCD"})
    await reach(Timed(house), AFTER)
    async with house.client(HUB) as client:
        waiting = (await client.get("/assignment/api/offices/VPUB/transfers")).json()["waiting"]
        assert [(each["about"], each["unit"], each["field"], each["may_take"]) for each in waiting] == [
            (second, "TCHCQT", "dao-duc-loi-song", ["TH", "BTCD"])
        ]
    headers, asked = {"Idempotency-Key": "settle-1"}, {"to": "BTCD"}
    async with house.client(CHIEF) as client:  # it leads a case: that is the head's to say
        answer = await client.post(f"/assignment/api/transfers/{second}/settlement", json=asked, headers=headers)
        assert answer.status_code == httpx2.codes.OK, answer.text
        await house.follow()
        assert (await client.get("/assignment/api/offices/VPUB/transfers")).json()["waiting"] == []
        units = [(await client.get(f"/assignment/api/tasks/{task}")).json()["unit"] for task in (first, second)]
    assert units == ["TH", "BTCD"]
    async with house.client(OTHER_OFFICE) as client:
        assert (await client.get("/assignment/api/offices/VPUB/transfers")).status_code == httpx2.codes.NOT_FOUND
        answer = await client.post(f"/assignment/api/transfers/{first}/settlement", json=asked, headers=headers)
        assert answer.status_code == httpx2.codes.NOT_FOUND


async def test_work_given_to_a_unit_after_it_gave_a_field_away_stays_with_it(house: House) -> None:
    lines: Any = [{"field": "dao-tao-boi-duong", "to": "TH"}]
    given_away = {"unit": "TCHCQT", "successions": lines, "basis": "05/QĐ", "valid_from": "2023-02-01"}
    await house.ask("succeed_unit", ADMIN, **given_away, dissolves=False)
    _, before = await given_to(house, SUFFIXES[0])
    timed = Timed(house)
    await reach(timed, datetime(2023, 2, 2, 2, tzinfo=UTC))
    _, after = await given_to(house, SUFFIXES[1])
    await reach(timed, AFTER)
    assert "task.transferred" in await types(house, before)
    assert "task.transferred" not in await types(house, after)


async def test_whoever_urges_sees_what_is_due(house: House) -> None:
    _, task = await given_to(house, SUFFIXES[0])
    await given_to(house, SUFFIXES[1], unit="TH")
    timed = Timed(house)

    async def listed(day: date) -> list[Any]:
        await reach(timed, day_starts(day) + timedelta(hours=9))
        async with house.client(HUB) as client:
            answer = (await client.get("/assignment/api/offices/VPUB/urging")).json()["tasks"]
        return [each for each in answer if each["task"] == task]

    assert await listed(date(2023, 1, 30)) == []
    (late,) = await listed(date(2023, 1, 31))
    assert (late["working_days_late"], late["due_now"], late["urge_from"]) == (1, ["urge"], "2023-01-31")
    await house.ask("urge_task", HUB, task=task)
    (urged,) = await listed(date(2023, 2, 1))
    assert (urged["urged"], urged["due_now"], urged["escalate_from"]) == (1, [], "2023-02-06")
    (higher,) = await listed(date(2023, 2, 6))
    assert higher["due_now"] == ["escalate"]
    await house.ask("escalate_task", HUB, task=task, to="lanh_dao_don_vi")
    (climbed,) = await listed(date(2023, 2, 7))
    assert (climbed["rung"], climbed["due_now"]) == ("lanh_dao_don_vi", ["urge"])
    for other in (SPECIALIST, OTHER_OFFICE):
        async with house.client(other) as client:
            assert (await client.get("/assignment/api/offices/VPUB/urging")).status_code == httpx2.codes.NOT_FOUND


async def test_anybody_is_told_how_a_deadline_is_counted(house: House) -> None:
    async with house.client(SPECIALIST) as client:
        path = "/assignment/api/calendar/due"
        found = (await client.get(path, params={"from": "2023-01-13", "rule": "notice"})).json()
        assert (found["due"]["day"], found["due"]["calendar"], found["due"]["rules"]) == ("2023-01-27", "2023.1", "2023.1")
        assert {"day": "2023-01-20", "why": "Tết Nguyên đán"} in found["passed"]
        rolled = (await client.get(path, params={"from": "2023-02-17", "days": 15})).json()
        assert (rolled["rolled_from"], rolled["due"]["day"], rolled["counting"]) == ("2023-03-04", "2023-03-06", "ngay")
        days = (await client.get(path, params={"from": "2023-01-13", "working_days": 10})).json()
        assert days["due"]["day"] == "2023-02-03"
        before = (await client.get("/assignment/api/calendar/before", params={"day": "2023-06-10"})).json()
        assert before["due"]["day"] == "2023-06-09"
        refused: list[dict[str, Any]] = [{}, {"rule": "notice", "days": 3}, {"rule": "no-such"}, {"days": -1}]
        refused.append({"working_days": 5_000})
        for wrong in refused:
            assert (await client.get(path, params={"from": "2023-01-13", **wrong})).status_code == 422, wrong
        assert (await client.get(path, params={"from": "2031-01-13", "days": 3})).status_code == 422
    async with house.client() as client:
        assert (await client.get(path, params={"from": "2023-01-13", "days": 3})).status_code == httpx2.codes.UNAUTHORIZED


async def test_deadlines_follow_the_rules_that_are_published(house: House) -> None:
    rules = [
        {"rule": code, "days": 5 if code == "answer" else each.days, "counting": each.counting.value}
        for code, each in RULES[0].deadlines.items()
    ]
    await house.ask("publish_rules", ADMIN, office="VPUB", version="VPUB.1", rules=rules, valid_from="2023-01-01")
    await house.follow()
    case, _ = await given_to(house, SUFFIXES[0])
    await house.ask("direct_case", CHIEF, case=case, direction="Giải quyết dứt điểm.")
    await house.follow()
    async with house.client(AUDITOR) as client:
        shown = (await client.get(f"/assignment/api/cases/{case}")).json()
        asked = (await client.get("/assignment/api/calendar/due", params={"from": "2023-01-09", "rule": "answer"})).json()
    assert (shown["due"], shown["derivation"]["rules"]) == ("2023-01-16", "VPUB.1")
    assert asked["due"] == shown["derivation"]


async def test_what_the_office_itself_has_to_do_by_when_follows_the_rules_that_are_published(house: House) -> None:
    case = await house.refer(SUFFIXES[0], flags=())
    ad_hoc: dict[str, Any] = {
        "office": "VPUB",
        "track": "A1",
        "trigger": "dot_xuat",
        "field": "dao-tao-boi-duong",
        "scheduled": "2023-02-10",
    }
    session = (await house.ask("propose_session", CHIEF, **ad_hoc)).stream

    async def dates() -> dict[str, dict[str, Any]]:
        await house.follow()
        async with house.client(AUDITOR) as client:
            waiting = (await client.get(f"/assignment/api/cases/{case}")).json()["assign_by"]
            found = (await client.get(f"/assignment/api/sessions/{session}")).json()["dates"]
        return {each["due"]["rule"]: each for each in (waiting, *found)}

    told = await dates()
    assert {rule: each["due"]["day"] for rule, each in told.items()} == {
        "assign": "2023-01-10",
        "report_answers": "2023-02-07",
        "minutes": "2023-02-13",
        "notice": "2023-02-17",
    }
    assert {each["due"]["rules"] for each in told.values()} == {"2023.1"}
    assert told["report_answers"]["counted"] == ["2023-02-07", "2023-02-08", "2023-02-09"]
    longer = [
        {"rule": code, "days": each.days + 1 if code in told else each.days, "counting": each.counting.value}
        for code, each in RULES[0].deadlines.items()
    ]
    await house.ask("publish_rules", ADMIN, office="VPUB", version="VPUB.1", rules=longer, valid_from="2023-01-01")
    told = await dates()
    assert {rule: (each["due"]["day"], each["due"]["days"], each["due"]["rules"]) for rule, each in told.items()} == {
        "assign": ("2023-01-11", 2, "VPUB.1"),
        "report_answers": ("2023-02-06", 4, "VPUB.1"),
        "minutes": ("2023-02-14", 2, "VPUB.1"),
        "notice": ("2023-02-20", 6, "VPUB.1"),
    }
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    await house.ask("cancel_session", CHIEF, session=session, reason="Thôi.")
    await house.follow()
    async with house.client(AUDITOR) as client:
        assert (await client.get(f"/assignment/api/cases/{case}")).json()["assign_by"] is None
        left = (await client.get(f"/assignment/api/sessions/{session}")).json()["dates"]
    assert [(each["due"]["rule"], each["standing"], each["met_on"]) for each in left] == [
        (rule, "khong_con", None) for rule in ("report_answers", "minutes", "notice")
    ]


async def test_a_case_taken_out_of_a_merge_is_held_by_no_unit_that_could_be_succeeded(house: House) -> None:
    case, _ = await given_to(house, SUFFIXES[0])
    into, _ = await given_to(house, SUFFIXES[1])
    await house.ask("merge_case", HUB, case=case, into=into)
    await house.ask("unmerge_case", HUB, case=case, reason="Gộp nhầm.")
    await house.follow()
    await succeed(house, {"field": None, "to": "TH"})
    timed = Timed(house)
    await reach(timed, AFTER)
    assert [done for _, name, done in timed.ran if name == "transfer-work"] == [1]
