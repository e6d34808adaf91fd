"""What the pages work out from what the queries answer: titles, groups, the history, differences, days as they are typed."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.task.commands import AcceptTask
from services.assignment.entrypoints.pages import work as rooms
from services.assignment.entrypoints.pages.work.acts import ACTS, BY_SLUG
from services.assignment.entrypoints.pages.work.views import ECHOES, by_nearness, changes, timeline
from services.assignment.readmodel.cases.history import Happened
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.people import by_given_name
from services.assignment.readmodel.tasks.projections import TaskStage
from services.assignment.readmodel.words.queries import Word
from services.assignment.readmodel.work.piles import Pile, piles_of
from services.assignment.readmodel.work.views import Order, Waiting
from shared.calendar import Calendar
from shared.commands import model_of
from shared.contracts.case import Means
from shared.contracts.opinion import Channel, Flag, Kind, SourceGroup
from shared.contracts.registry import all_events
from shared.contracts.roles import Role
from shared.contracts.task import TaskType
from shared.nearness import Left, Nearness, left_until
from shared.text import brief
from shared.timeline import Entry
from shared.web.acts import Asks
from shared.web.filling import body_of
from shared.web.pages import LANGUAGES, Pages
from shared.web.problems import InvalidBody
from shared.web.rooms import Room
from shared.web.typed import DayUnclear, day_of
from tests.assignment.stage import PUBLISHED
from tests.support.hosting import subject

TODAY = date(2023, 1, 9)
CALENDAR = Calendar(
    version=PUBLISHED.version,
    first=date(2023, 1, 1),
    last=date(2023, 12, 31),
    days_off={off.day: off.name for off in PUBLISHED.days_off},
    workdays=frozenset(),
)


def waiting(id: str, nearness: Nearness) -> Waiting:
    values: dict[str, Any] = {each.name: None for each in fields(Waiting)}
    return Waiting(**{**values, "id": id, "left": Left(TODAY, nearness, 1)})


def happened(type: str, command: str, stream: str = "case-1", refs: tuple[str, ...] = ()) -> Happened:
    entry: dict[str, Any] = {each.name: None for each in fields(Entry)}
    values: dict[str, Any] = {each.name: None for each in fields(Happened)}
    told = Entry(**{**entry, "fact": type, "version": 1, "position": 1})
    return Happened(**{**values, "entry": told, "command": command, "stream": stream, "refs": refs})


def word(ref: str, text: str | None) -> Word:
    values: dict[str, Any] = {each.name: None for each in fields(Word)}
    return Word(**{**values, "ref": ref, "text": text, "at": datetime(2023, 1, 9, tzinfo=UTC)})


def test_a_title_is_the_beginning_of_what_was_said_cut_between_words() -> None:
    assert brief("Đề nghị\n  mở lớp.") == "Đề nghị mở lớp."
    assert brief("Đề nghị mở thêm lớp", 12) == "Đề nghị mở…"
    assert brief("x" * 30, 10) == "xxxxxxxxxx…"


def test_work_is_grouped_by_how_near_its_day_is_as_long_as_it_is_sorted_by_that() -> None:
    found = [waiting("a", Nearness.OVERDUE), waiting("b", Nearness.SOON), waiting("c", Nearness.SOON)]
    assert [(group.nearness, len(group.waiting)) for group in by_nearness(found, Order.DUE)] == [("overdue", 1), ("soon", 2)]
    assert [(group.nearness, len(group.waiting)) for group in by_nearness(found, Order.NEWEST)] == [(None, 3)]
    assert by_nearness([], Order.NEWEST) == ()


@pytest.mark.parametrize(
    ("due", "nearness", "days"),
    [
        (date(2023, 1, 6), Nearness.OVERDUE, 1),
        (date(2023, 1, 9), Nearness.SOON, 0),
        (date(2023, 1, 11), Nearness.SOON, 2),
        (date(2023, 1, 12), Nearness.LATER, 3),
        (date(2023, 1, 30), Nearness.LATER, 10),  # Tết lies between
        (date(2031, 1, 30), Nearness.LATER, None),  # no calendar reaches so far
        (date(2019, 1, 30), Nearness.OVERDUE, None),
    ],
)
def test_days_left_are_working_days_and_the_last_day_is_in_time(due: date, nearness: Nearness, days: int | None) -> None:
    assert left_until(CALENDAR, TODAY, due) == Left(due, nearness, days)


def test_what_a_task_repeats_of_its_case_stands_once_in_the_history() -> None:
    history = [
        happened("case.assigned", "c1"),
        happened("task.assigned", "c1", "task-1"),
        happened("task.accepted", "c2", "task-1"),
        happened("task.returned", "c3", "task-1", ("r1",)),
    ]
    told = timeline(history, [word("r1", None)])
    assert [(each.happened.type, each.words) for each in told] == [
        ("task.returned", (None,)),
        ("task.accepted", ()),
        ("case.assigned", ()),
    ]
    assert {event.name for event in all_events()} >= ECHOES


def test_a_difference_is_told_word_by_word_and_loses_nothing() -> None:
    before, now = "Thanh toán trong tháng, công khai.", "Thanh toán trước ngày 10, công khai."
    runs = changes(before, now)
    assert "".join(run.text for run in runs if run.how != "ins") == before
    assert "".join(run.text for run in runs if run.how != "del") == now
    assert [run.text.strip() for run in runs if run.how == "ins"] == ["trước ngày 10,"]
    assert [run.how for run in changes("cũ", "")] == ["del"]


def test_long_texts_that_differ_much_are_told_whole_and_what_they_begin_and_end_with_is_still_seen() -> None:
    before, now = (f"Kính gửi. {word * 9_000} Trân trọng." for word in ("a ", "b "))
    runs = changes(before, now)
    assert [run.how for run in runs] == ["same", "del", "ins", "same"]
    assert (runs[0].text, runs[-1].text) == ("Kính gửi. ", " Trân trọng." if runs[1].text.endswith("a") else "Trân trọng.")
    assert "".join(run.text for run in runs if run.how != "ins") == before
    assert "".join(run.text for run in runs if run.how != "del") == now


def test_people_are_listed_by_given_name_then_by_the_rest() -> None:
    names = ["Lò Thị Đào", "Cà Văn Ân", "Quàng Văn Bình", "Lò Văn Bình"]
    assert sorted(names, key=by_given_name) == ["Cà Văn Ân", "Lò Văn Bình", "Quàng Văn Bình", "Lò Thị Đào"]


@pytest.mark.parametrize("typed", ["20/03/2023", "20/3/23", "20032023", " 20-3-2023 ", "20.3.2023"])
def test_a_day_is_typed_as_people_here_write_it(typed: str) -> None:
    assert day_of(typed, TODAY) == date(2023, 3, 20)


def test_today_and_days_ahead_are_days_too() -> None:
    assert day_of("Hôm nay", TODAY) == TODAY
    assert day_of("+5", TODAY) == date(2023, 1, 14)
    assert day_of("  ", TODAY) is None


@pytest.mark.parametrize("typed", ["31/02/2023", "mai", "2023-03-20T00", "13/13/2023", "+", "<b>", "٣/٣/٢٠٢٣x"])
def test_what_is_no_day_is_told(typed: str) -> None:
    with pytest.raises(DayUnclear) as refused:
        body_of(BY_SLUG["set-case-due"], "case-1", {"until": typed}, TODAY)
    assert refused.value.field == "until"


def test_a_form_becomes_the_command_that_the_api_takes() -> None:
    form = {"lead": "TH", "coordinating.KT": "1", "coordinating.NC": "1", "token": "x", "version": "3"}
    body = body_of(BY_SLUG["assign-case"], "case-1", form, TODAY)
    assert body == model_of(BY_SLUG["assign-case"].command).model_validate(
        {"case": "case-1", "lead": "TH", "coordinating": [{"unit": "KT"}, {"unit": "NC"}]}
    )
    proposed = body_of(BY_SLUG["propose-assignment"], "case-1", form, TODAY)
    assert proposed.model_dump()["coordinating"] == ("KT", "NC")
    with pytest.raises(InvalidBody):
        body_of(BY_SLUG["submit-answer"], "case-1", {"answer": " \r\n "}, TODAY)


def test_every_field_of_a_form_is_one_of_its_command_and_every_value_that_it_needs_is_asked_for() -> None:
    for act in ACTS:
        model = model_of(act.command).model_fields
        named = {field.name for field in act.fields}
        needed = {name for name, each in model.items() if each.is_required()} - {"task", "case"}
        assert needed <= named <= set(model), act.name
        assert act.on in model, act.name
        assert all(field.choices for field in act.fields if field.asks is Asks.CHOICE)
    assert BY_SLUG["accept-task"].command is AcceptTask


def test_the_menu_names_what_a_capacity_reaches() -> None:
    for role in (Role.CHIEF, Role.UNIT_LEADER, Role.SPECIALIST, Role.HUB, Role.CHAIRMAN, Role.REGISTRY, Role.PROPOSER):
        assert rooms.reached(subject("p", "TH", role)) == {"/my-work"}, role
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CITIZEN, Role.RECIPIENT):
        assert rooms.reached(subject("p", "VPUB", role)) == frozenset(), role


def test_each_capacity_has_the_piles_that_its_commands_allow() -> None:
    assert piles_of(subject("p", "CVP", Role.CHIEF))[:4] == (Pile.MINE, Pile.ASSIGN, Pile.CLEAR, Pile.EXTEND)
    assert Pile.PASSED_ON not in piles_of(subject("p", "TH", Role.SPECIALIST))
    assert Pile.ASSIGN not in piles_of(subject("p", "CVP", Role.DEPUTY))
    assert piles_of(subject("p", "VT", Role.REGISTRY)) == (Pile.DELIVER,)
    assert piles_of(subject("p", "VPUB", Role.AUDITOR)) == ()


CODES: list[tuple[str, object]] = [
    *(("case_stage", each) for each in CaseStage),
    *(("task_stage", each) for each in TaskStage),
    *(("kind", each) for each in Kind),
    *(("flag", each) for each in Flag),
    *(("source", each) for each in SourceGroup),
    *(("channel", each) for each in Channel),
    *(("means", each) for each in Means),
    *(("type", each) for each in TaskType),
    *(("pile", each) for each in Pile),
    *(("act", act.name) for act in ACTS),
    *(("button", act.name) for act in ACTS),
    *(("done_words", act.slug) for act in ACTS),
    *(("event", event.name) for event in all_events() if event.stream_kind in ("case", "task")),
]


def test_every_code_has_its_words_in_both_languages() -> None:
    room = Room(package=rooms.__name__)
    pages = Pages([room])
    source = "{% import 'assignment/work/labels.html' as say with context %}{{ say[macro](code)|striptags }}"
    for language in LANGUAGES:
        template = pages.environments[language].from_string(source)
        for macro, code in CODES:
            assert template.render(macro=macro, code=str(code)).strip(), (language, macro, code)
