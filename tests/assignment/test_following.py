"""Whom to remind and urge today: what of the ladder is due of each piece of open work, and how much each unit has."""

from datetime import UTC, date, datetime

import pytest

from services.assignment.entrypoints.pages.following.sheet import sheet
from services.assignment.readmodel import folding
from services.assignment.readmodel.deadlines.views import Board, Followed, Step
from shared.asof import AsOfAhead
from shared.contracts.refusals import Unknown
from shared.contracts.task import Rung
from shared.nearness import Nearness
from tests.assignment.house import AUDITOR, CHAIRMAN, CHIEF, HUB, LEADER, OTHER_OFFICE, House

NAMES = [f"7Q2K9FXA3MBTW00000{n:02}" for n in range(10, 14)]


async def given(house: House, until: str, n: int = 0, lead: str = "TCHCQT") -> str:
    """A case with a unit, due on a day. Returns its task."""
    case = await house.refer(NAMES[n], flags=())
    await house.ask("assign_case", CHIEF, case=case, lead=lead)
    await house.ask("set_case_due", CHIEF, case=case, until=until)
    await house.follow()
    return [each.stream for each in (await house.log.read(0, 900)).records if each.type == "task.assigned"][-1]


async def on(house: House, day: date) -> Board:
    house.clock.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
    await house.follow()
    found: Board = await house.service.queries.following.board(HUB, "VPUB")
    return found


def one(board: Board, task: str) -> Followed:
    return next(each for each in board.work if each.task == task)


async def test_work_climbs_the_ladder_as_its_days_pass(house: House) -> None:
    task = await given(house, "2023-02-15")  # a Wednesday
    far = one(await on(house, date(2023, 2, 10)), task)
    assert (far.steps, far.soon, far.following) == ((), True, date(2023, 2, 13))
    assert one(await on(house, date(2023, 2, 13)), task).steps == (Step.REMIND,)
    await house.ask("remind_task", HUB, task=task)
    reminded = one(await on(house, date(2023, 2, 14)), task)
    assert (reminded.steps, reminded.reminded, reminded.following) == ((), True, date(2023, 2, 16))
    assert one(await on(house, date(2023, 2, 16)), task).steps == (Step.URGE,)
    await house.ask("urge_task", HUB, task=task)
    urged = one(await on(house, date(2023, 2, 17)), task)
    assert (urged.steps, urged.urged, urged.following) == ((), 1, date(2023, 2, 22))
    late = one(await on(house, date(2023, 2, 22)), task)
    assert (late.steps, late.next_rung, late.left.nearness) == ((Step.ESCALATE,), Rung.DEPUTY, Nearness.OVERDUE)
    await house.ask("escalate_task", HUB, task=task, to="pho_chanh_van_phong")
    later = one(await on(house, date(2023, 2, 23)), task)
    assert (later.steps, later.rung, later.next_rung) == ((Step.URGE,), Rung.DEPUTY, Rung.CHIEF)
    assert one(await on(house, date(2023, 3, 1)), task).steps == (Step.ESCALATE, Step.URGE)
    await house.ask("escalate_task", HUB, task=task, to="chanh_van_phong")
    assert one(await on(house, date(2023, 3, 20)), task).steps == (Step.URGE,)


async def test_what_is_due_of_late_work_is_what_the_list_of_urging_says(house: House) -> None:
    task = await given(house, "2023-02-15")
    for day in (date(2023, 2, 16), date(2023, 2, 22), date(2023, 2, 28)):
        found = one(await on(house, day), task)
        (late,) = await house.service.queries.deadlines.urging(HUB, "VPUB")
        assert {step.value for step in found.steps} == set(late.due_now)
        await house.ask("urge_task", HUB, task=task)


async def test_work_given_too_late_to_be_reminded_is_not(house: House) -> None:
    house.clock.move_to(datetime(2023, 2, 14, 2, tzinfo=UTC))
    task = await given(house, "2023-02-15")
    assert one(await on(house, date(2023, 2, 14)), task).steps == ()


async def test_each_unit_has_its_load_the_most_overdue_ahead(house: House) -> None:
    await given(house, "2023-02-20", 0)
    await given(house, "2023-02-20", 1)
    await given(house, "2023-02-15", 2, "TH")
    board = await on(house, date(2023, 2, 16))
    assert [(load.unit, load.open, load.overdue) for load in board.loads] == [("TH", 1, 1), ("TCHCQT", 2, 0)]
    assert (board.ladder.remind, board.ladder.urge, board.ladder.escalate) == (2, 1, 5)


async def test_as_of_then_the_board_is_the_one_of_that_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [await given(house, "2023-02-15"), await given(house, "2023-02-20", 1)]
    then = await on(house, date(2023, 2, 16))
    known = (await house.log.head()).position
    house.clock.move_to(datetime(2023, 2, 16, 3, tzinfo=UTC))
    await house.ask("urge_task", HUB, task=tasks[0])
    case = next(each.case for each in then.work if each.task == tasks[1])
    await house.ask("recall_case", CHIEF, case=case, reason="Giao nhầm.")
    await given(house, "2023-03-15", 2)
    now = await on(house, date(2023, 3, 1))
    asked = house.service.queries.following
    assert await asked.board(HUB, "VPUB", as_of=(await house.log.head()).position) != then
    again = await asked.board(HUB, "VPUB", as_of=datetime(2023, 2, 16, 2, tzinfo=UTC))
    assert (again.work, again.loads, again.until) == (then.work, then.loads, known)
    by_position = await asked.board(HUB, "VPUB", as_of=known)  # of the day on which that was recorded
    assert [each.task for each in by_position.work] == tasks
    assert {each.task for each in now.work} == {tasks[0], now.work[-1].task}
    with pytest.raises(AsOfAhead):
        await asked.board(HUB, "VPUB", as_of=99_999)
    monkeypatch.setattr(folding, "MOST_FOLDED", 1)
    with pytest.raises(folding.TooManyToFold):
        await asked.board(HUB, "VPUB", as_of=known)


async def test_only_whoever_leads_or_urges_asks_for_it(house: House) -> None:
    asked = house.service.queries.following
    for by in (HUB, CHIEF, CHAIRMAN, AUDITOR):
        assert (await asked.board(by, "VPUB")).work == ()
    for by in (LEADER, OTHER_OFFICE):
        with pytest.raises(Unknown):
            await asked.board(by, "VPUB")


async def test_work_on_what_is_about_his_unit_is_on_nobodys_board_of_that_unit(house: House) -> None:
    case = await house.refer(NAMES[0], flags=(), concerns_units=("TCHCQT",))
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    await house.ask("set_case_due", CHIEF, case=case, until="2023-02-15")
    board = await on(house, date(2023, 2, 20))
    asked = house.service.queries
    assert (board.work, board.loads, await asked.deadlines.urging(HUB, "VPUB")) == ((), (), ())
    assert (await asked.following.board(HUB, "VPUB", as_of=(await house.log.head()).position)).work == ()
    assert [each.case for each in (await asked.following.board(CHIEF, "VPUB")).work] == [case]
    assert [each.case for each in await asked.deadlines.urging(CHIEF, "VPUB")] == [case]


def test_no_cell_of_a_saved_list_is_a_formula_however_it_begins() -> None:
    saved = sheet("x", ("Ý kiến",), [("=1+1",), (" ＝1+1",), ("  -2",), (None,), (3,)])
    assert bytes(saved.body).decode("utf-8-sig").splitlines() == ["Ý kiến", "'=1+1", "' ＝1+1", "'  -2", '""', "3"]
