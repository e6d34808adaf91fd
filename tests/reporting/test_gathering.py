"""Rounds before meetings and dialogues: who handed in by the end of the window, counted and told by name (R30)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.reporting.domain.text.sections import sections
from services.reporting.domain.text.told import Asked, Told
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.definitions import comparable
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.locking import digest
from tests.reporting.dialogues import Dialogues
from tests.reporting.prose import told
from tests.reporting.story import at
from tests.reporting.world import HUB, World

FEBRUARY, MARCH = (date(2023, 2, 1), date(2023, 2, 28)), (date(2023, 3, 1), date(2023, 3, 31))
DUE, LATER = date(2023, 2, 10), date(2023, 2, 20)
NAMED = ("Phòng Tổng hợp", "Phòng Nội chính", "Phòng Kinh tế")


def february(day: int, hour: int = 8) -> Any:
    return at(date(2023, 2, day), hour)


def counted(found: Any) -> dict[str, int]:
    return {key: found["total"][key] for key in ("rounds", "asked", "handed_in", "listed", "nil", "silent")}


async def test_a_round_is_counted_where_its_day_falls_by_what_was_in_by_the_end_of_the_window(
    world: World, dialogues: Dialogues
) -> None:
    for unit in ("TH", "NC", "KT", "CD"):
        dialogues.asked("S", unit, DUE, february(1))
    dialogues.handed_in("S", "TH", february(9), "O1")
    dialogues.handed_in("S", "NC", february(27))  # after its day, and in all the same
    dialogues.handed_in("S", "KT", february(9), "O2")
    dialogues.list_returned("S", "KT", february(10))
    dialogues.handed_in("S", "CD", at(date(2023, 3, 2)), "O3")
    await world.play(dialogues)
    asked = await world.table(Table.GATHERING, FEBRUARY)
    assert counted(asked) == {"rounds": 1, "asked": 4, "handed_in": 2, "listed": 1, "nil": 1, "silent": 2}
    assert [(row["key"], row["label"]) for row in asked["rows"]] == [("session-S", "Đợt có hạn 10/02/2023")]
    assert counted(await world.table(Table.GATHERING, MARCH))["asked"] == 0
    whole = await world.table(Table.GATHERING, (FEBRUARY[0], MARCH[1]))
    assert counted(whole) == {"rounds": 1, "asked": 4, "handed_in": 3, "listed": 2, "nil": 1, "silent": 1}


async def test_of_a_dialogue_that_is_not_held_nobody_is_silent(world: World, dialogues: Dialogues) -> None:
    for name in ("S", "T"):
        for unit in ("TH", "NC"):
            dialogues.asked(name, unit, DUE, february(1))
    dialogues.handed_in("S", "TH", february(9), "O1")
    for name in ("S", "T"):
        dialogues.cancelled(name, february(12))
    await world.play(dialogues)
    found = await world.table(Table.GATHERING, FEBRUARY)
    assert counted(found) == {"rounds": 1, "asked": 1, "handed_in": 1, "listed": 1, "nil": 0, "silent": 0}
    before = await world.table(Table.GATHERING, (FEBRUARY[0], date(2023, 2, 10)))
    assert counted(before) == {"rounds": 2, "asked": 4, "handed_in": 1, "listed": 1, "nil": 0, "silent": 3}


async def test_a_unit_that_ended_before_it_handed_in_is_not_silent_but_what_it_handed_in_counts(
    world: World, dialogues: Dialogues
) -> None:
    for unit in ("TH", "NC", "KT"):
        dialogues.unit(unit)
        dialogues.asked("S", unit, DUE, february(1))
    dialogues.handed_in("S", "TH", february(9), "O1")
    for unit in ("TH", "NC"):
        dialogues.dissolved(unit, LATER, february(6))
    await world.play(dialogues)
    left = {"rounds": 1, "asked": 2, "handed_in": 1, "listed": 1, "nil": 0, "silent": 1}
    assert counted(await world.table(Table.GATHERING, FEBRUARY)) == left
    by_the_day_before = await world.table(Table.GATHERING, (FEBRUARY[0], date(2023, 2, 19)))
    assert counted(by_the_day_before) == {**left, "asked": 3, "silent": 2}
    cell = await world.queries.cell(
        HUB, cell="consolidation/session-S/silent", office="VPUB", first=FEBRUARY[0], last=FEBRUARY[1]
    )
    assert [each["name"] for each in cell["counted"]] == ["consolidation-session-S-KT"]


async def test_a_unit_whose_end_was_recorded_after_a_lock_stays_silent_in_what_was_locked(
    world: World, dialogues: Dialogues
) -> None:
    dialogues.unit("NC")
    dialogues.asked("S", "NC", DUE, february(1))
    positions = await world.lock(dialogues, FEBRUARY, at(date(2023, 3, 2)))
    dialogues.dissolved("NC", LATER, at(date(2023, 3, 10)))
    await world.play(dialogues)
    assert counted(await world.table(Table.GATHERING, FEBRUARY, as_of=Basis(positions, None)))["silent"] == 1
    assert counted(await world.table(Table.GATHERING, FEBRUARY))["asked"] == 0


async def test_what_was_locked_while_ended_units_were_silent_is_counted_again_so(world: World, dialogues: Dialogues) -> None:
    dialogues.unit("NC")
    dialogues.asked("S", "NC", DUE, february(1))
    dialogues.dissolved("NC", LATER, february(6))
    await world.play(dialogues)
    positions = await world.lock(dialogues, FEBRUARY, at(date(2023, 3, 2)))
    before, now = [await world.table(Table.GATHERING, FEBRUARY, as_of=Basis(positions, None, of)) for of in ("bieu.3", "bieu.4")]
    assert (counted(before)["silent"], counted(now)["asked"]) == (1, 0)
    assert comparable("bieu.3", "bieu.4")


async def test_a_round_that_was_opened_after_its_day_belongs_where_it_was_opened(world: World, dialogues: Dialogues) -> None:
    dialogues.asked("S", "TH", DUE, at(date(2023, 3, 1)))
    await world.play(dialogues)
    assert counted(await world.table(Table.GATHERING, FEBRUARY))["asked"] == 0
    assert counted(await world.table(Table.GATHERING, MARCH))["silent"] == 1


async def test_a_silent_unit_stands_behind_its_figure_with_the_log_that_tells_of_it(world: World, dialogues: Dialogues) -> None:
    dialogues.asked("S", "TH", DUE, february(1))
    await world.play(dialogues)
    days: dict[str, Any] = {"office": "VPUB", "first": FEBRUARY[0], "last": FEBRUARY[1]}
    cell = await world.queries.cell(HUB, cell="consolidation/session-S/silent", **days)
    [behind] = cell["counted"]
    assert (behind["name"], behind["because"]["silent"]["source"]) == ("consolidation-session-S-TH", "intake")
    why = await world.queries.why(HUB, episode="consolidation-session-S-TH", **days)
    assert {each["cell"] for each in why["cells"]} >= {"consolidation/session-S/silent", "consolidation/total/asked"}


def direction(of: Told) -> list[str]:
    [section] = [each for each in sections(of) if each.title.startswith("3. Phân công")]
    return list(section.drafted)


def gathered(*answers: tuple[str, date, str], rounds: int) -> Told:
    said = [answer for _, _, answer in answers]
    n = {name: said.count(name) for name in ("listed", "nil", "silent")}
    n |= {"rounds": rounds, "asked": len(said), "handed_in": n["listed"] + n["nil"]}
    return told(beside={"consolidation": n}, gathered=tuple(Asked(*each) for each in answers))


def test_no_round_one_round_and_many_are_worded_as_such() -> None:
    th, nc, kt = NAMED
    who = "của các phòng, ban, đơn vị, tổ chức đoàn thể"
    assert direction(told()) == [f"Trong kỳ không có đợt tổng hợp ý kiến {who}."]
    one = gathered((th, DUE, "listed"), (nc, DUE, "nil"), (kt, DUE, "silent"), rounds=1)
    assert direction(one) == [
        (
            f"Đã tổ chức 01 đợt tổng hợp ý kiến (hạn ngày 10/02/2023) {who}: 02/03 đơn vị đã gửi kết quả "
            "(có ý kiến 01, không có ý kiến 01); chưa gửi 01."
        ),
        "Đơn vị có ý kiến: Phòng Tổng hợp.",
        "Đơn vị báo cáo không có ý kiến: Phòng Nội chính.",
        "Đơn vị chưa gửi kết quả: Phòng Kinh tế (đợt có hạn ngày 10/02/2023).",
    ]
    many = gathered((th, DUE, "listed"), (th, LATER, "nil"), (nc, DUE, "nil"), (nc, LATER, "nil"), rounds=2)
    assert direction(many) == [
        f"Đã tổ chức 02 đợt tổng hợp ý kiến {who}: toàn bộ 04 lượt đơn vị đã gửi kết quả (có ý kiến 01, không có ý kiến 03).",
        "Đơn vị có ý kiến: Phòng Tổng hợp.",
        "Đơn vị báo cáo không có ý kiến: Phòng Nội chính.",
    ]
    none = direction(gathered((kt, DUE, "silent"), rounds=1))
    assert none[0].endswith(": chưa có đơn vị nào gửi kết quả trong số 01 đơn vị được yêu cầu.")


def test_a_unit_that_was_silent_often_is_named_with_its_first_and_last_round() -> None:
    days = [date(2023, 2, n) for n in (6, 13, 20, 27)]
    said = direction(gathered(*((NAMED[0], day, "silent") for day in days), rounds=4))
    assert said[-1] == (
        "Đơn vị chưa gửi kết quả: Phòng Tổng hợp (các đợt có hạn trong khoảng từ ngày 06/02/2023 đến ngày 27/02/2023)."
    )


@pytest.mark.parametrize(("silent", "said"), [(0, "Không có ý kiến giải quyết quá hạn"), (1, "Còn 01 lượt đơn vị chưa gửi")])
def test_what_is_not_handed_in_is_among_the_limits(silent: int, said: str) -> None:
    of = gathered(*((NAMED[0], DUE, "silent") for _ in range(silent)), rounds=silent)
    [limits] = [each for each in sections(of) if each.title.startswith("2. Tồn tại")]
    assert limits.drafted[0].startswith(said)


def test_a_report_locked_before_rounds_were_counted_says_nothing_of_them() -> None:
    of = told()
    assert direction(of)
    tables = {name: table for name, table in of.tables.items() if name != "consolidation"}
    assert direction(replace(of, tables=tables)) == []


async def test_what_was_locked_before_rounds_were_counted_is_counted_again_as_it_was_and_still_compared(
    world: World, dialogues: Dialogues
) -> None:
    dialogues.asked("S", "TH", DUE, february(1))
    await world.play(dialogues)
    positions = await world.lock(dialogues, FEBRUARY, at(date(2023, 3, 2)))
    before, now = [
        await world.locking.figures("VPUB", *FEBRUARY, Basis(positions, None, version)) for version in ("bieu.2", "bieu.3")
    ]
    assert now.keys() - before.keys() == {"consolidation"}
    assert digest(before) == digest({name: table for name, table in now.items() if name in before}) != digest(now)
    assert comparable("bieu.2", "bieu.3")
    assert not comparable("bieu.1", "bieu.3")
