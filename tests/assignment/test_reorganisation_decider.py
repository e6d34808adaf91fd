"""Open work outlives its unit: same id, history and due date; what no rule decides waits for a person (R49, invariant 9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

import pytest
from hypothesis import given as suppose
from hypothesis import strategies as st

from services.assignment.domain.case.refusals import AboutThatUnit, AuthorityNotHeld
from services.assignment.domain.directory.refusals import LeadOutsideOffice, UnknownUnit
from services.assignment.domain.reorganisation.commands import HandOver, SettleTransfer
from services.assignment.domain.reorganisation.decider import NotQueued, Queued, queue_stream
from services.assignment.domain.task.states import OPEN
from services.assignment.handlers import FOLDS
from shared.contracts.case import Authority, CaseConsulted, CaseTransferred, ConsultationMoved, Coordination, CoordinationSet
from shared.contracts.directory import (
    Succession,
    TransferQueued,
    TransferSettled,
    UnitDissolved,
    UnitKind,
    UnitSucceeded,
)
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.contracts.task import TaskAssigned, TaskCompleted, TaskTransferred, TaskType
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    DELIVERED,
    DUE,
    EPISODE,
    NEW_TASK,
    OPENED,
    RESOLVED,
    SUBMITTED,
    TASK,
    WORK,
    facts,
    given,
    unit,
)
from tests.support.scenario import sealed

DAY = date(2023, 3, 1)
MORNING = facts(datetime(2023, 2, 28, 17, tzinfo=UTC), person="jobs", unit="VPUB")
BASIS = "05/QĐ-VPUB"
ENDED = UnitDissolved(unit="TCHCQT", valid_from=DAY)
QUEUE = queue_stream(TASK)
HAND_OVER = HandOver(about=TASK)


def succeeded(*lines: tuple[str | None, str], ends: bool = True) -> dict[str, Sequence[Any]]:
    """TCHCQT is succeeded on 01/03/2023."""
    successions = tuple(Succession(field=field, to=to) for field, to in lines)
    step = UnitSucceeded(unit="TCHCQT", successions=successions, basis=BASIS, valid_from=DAY)
    return {"unit-TCHCQT": [unit("TCHCQT"), *([step] if lines else []), *([ENDED] if ends else [])]}


TO_TH = succeeded((None, "TH"))
UNDECIDED = succeeded()
TASK_MOVED = TaskTransferred(former="TCHCQT", unit="TH", basis=BASIS, succession="TCHCQT")
CASE_MOVED = CaseTransferred(episode=EPISODE, former="TCHCQT", lead="TH", basis=BASIS, succession="TCHCQT")
QUEUED = TransferQueued(about=TASK, office="VPUB", unit="TCHCQT", field="dao-tao-boi-duong")
SETTLED = TransferSettled(about=TASK, office="VPUB", to="TH")
SETTLE = SettleTransfer(about=TASK, to="TH")


def test_a_case_and_the_task_it_is_answered_by_move_together_in_one_append() -> None:
    moved: dict[str, Sequence[Any]] = {TASK: [TASK_MOVED], CASE: [CASE_MOVED]}
    given(OPENED, ASSIGNED, task=[WORK], more=TO_TH).when(HAND_OVER, MORNING).then(moved)
    given(OPENED, ASSIGNED, SUBMITTED, task=[WORK], more=TO_TH).when(HAND_OVER, MORNING).then(moved)
    given(OPENED, ASSIGNED, task=[WORK], more=TO_TH).when(HandOver(about=CASE), MORNING).nothing()


def test_what_was_moved_keeps_its_id_history_and_due_date() -> None:
    outcome = given(OPENED, ASSIGNED, task=[WORK], more=TO_TH).when(HAND_OVER, MORNING)
    state = reduce(FOLDS["task"].evolve, outcome.decided()[TASK], outcome.states[TASK])
    assert (state.work.unit, state.work.due, state.work.given) == ("TH", DUE, WORK)
    case = reduce(FOLDS["case"].evolve, outcome.decided()[CASE], outcome.states[CASE])
    assert (case.lead, case.task, case.matter.due, case.matter.episode) == ("TH", TASK, DUE, EPISODE)


def test_the_field_decides_between_several_successors() -> None:
    by_field = {**succeeded(("dao-tao-boi-duong", "TH"), (None, "KT")), "unit-KT": [unit("KT")]}
    given(OPENED, ASSIGNED, task=[WORK], more=by_field).when(HAND_OVER, MORNING).then({TASK: [TASK_MOVED], CASE: [CASE_MOVED]})
    other = replace(OPENED, field="tiep-cong-dan")
    decided = given(other, ASSIGNED, task=[WORK], more=by_field).when(HAND_OVER, MORNING).decided()
    assert decided[TASK] == [replace(TASK_MOVED, unit="KT")]


def test_before_its_day_and_where_the_unit_keeps_the_field_nothing_moves() -> None:
    before = facts(datetime(2023, 2, 28, 10, tzinfo=UTC))
    given(OPENED, ASSIGNED, task=[WORK], more=TO_TH).when(HAND_OVER, before).nothing()
    part = succeeded(("tiep-cong-dan", "TH"), ends=False)
    given(OPENED, ASSIGNED, task=[WORK], more=part).when(HAND_OVER, MORNING).nothing()
    given(OPENED, ASSIGNED, task=[WORK]).when(HAND_OVER, MORNING).nothing()


def test_closed_work_stays_where_it_was() -> None:
    done = (OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
    over = given(*done, task=[WORK, TaskCompleted(unit="TCHCQT")], more=TO_TH)
    over.when(HAND_OVER, MORNING).nothing()
    over.when(HandOver(about=CASE), MORNING).nothing()
    with pytest.raises(Unknown):
        given(more=TO_TH).when(HAND_OVER, MORNING).decided()


def test_a_case_whose_answer_is_delivered_moves_by_itself() -> None:
    directed = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, task=[WORK, TaskCompleted(unit="TCHCQT")], more=TO_TH)
    directed.when(HandOver(about=CASE), MORNING).then({CASE: [CASE_MOVED]})


def test_a_co_ordinating_unit_s_successor_takes_its_place() -> None:
    given_to = Coordination(unit="TCHCQT", task=NEW_TASK, due=DUE)
    assigned, work = replace(ASSIGNED, lead="KT"), replace(WORK, unit="KT")
    beside = CoordinationSet(episode=EPISODE, coordinating=(given_to,))
    more = {**TO_TH, NEW_TASK: [WORK]}
    given(OPENED, assigned, beside, task=[work], more=more).when(HandOver(about=NEW_TASK), MORNING).then(
        {
            NEW_TASK: [TASK_MOVED],
            CASE: [CoordinationSet(episode=EPISODE, coordinating=(replace(given_to, unit="TH"),))],
        }
    )


def test_a_question_goes_on_to_the_successor_of_whom_it_was_asked() -> None:
    assigned, work = replace(ASSIGNED, lead="KT"), replace(WORK, unit="KT")
    asked = CaseConsulted(episode=EPISODE, unit="TCHCQT", task=NEW_TASK, question=sealed(1), due=DUE)
    moved = ConsultationMoved(episode=EPISODE, task=NEW_TASK, former="TCHCQT", unit="TH")
    history = given(OPENED, assigned, asked, task=[work], more={**TO_TH, NEW_TASK: [WORK]})
    history.when(HandOver(about=NEW_TASK), MORNING).then({NEW_TASK: [TASK_MOVED], CASE: [moved]})


def test_work_that_belongs_to_no_case_moves_too() -> None:
    loose = replace(WORK, type=TaskType.DISSEMINATE, case=None, episode=None, about="plan-VPUB-2023")
    given(task=[loose], more=TO_TH).when(HAND_OVER, MORNING).then({TASK: [TASK_MOVED]})


def test_work_beside_the_lead_of_a_conclusion_moves_and_leaves_its_case_with_whom_it_was() -> None:
    assigned, work = replace(ASSIGNED, lead="KT"), replace(WORK, unit="KT")
    beside = replace(WORK, type=TaskType.CARRY_OUT, about="notice-00000000000000000001")
    history = given(OPENED, assigned, task=[work], more={**TO_TH, NEW_TASK: [beside]})
    history.when(HandOver(about=NEW_TASK), MORNING).then({NEW_TASK: [TASK_MOVED]})


def test_what_no_line_decides_is_queued_once() -> None:
    waiting = given(OPENED, ASSIGNED, task=[WORK], more=UNDECIDED)
    waiting.when(HAND_OVER, MORNING).then({QUEUE: [QUEUED]})
    given(OPENED, ASSIGNED, task=[WORK], more={**UNDECIDED, QUEUE: [QUEUED]}).when(HAND_OVER, MORNING).nothing()


def test_a_successor_that_is_no_more_itself_takes_nothing() -> None:
    gone = {**TO_TH, "unit-TH": [unit("TH"), UnitDissolved(unit="TH", valid_from=DAY)]}
    given(OPENED, ASSIGNED, task=[WORK], more=gone).when(HAND_OVER, MORNING).then({QUEUE: [QUEUED]})


def test_an_opinion_about_the_successor_is_not_given_to_it_by_rule() -> None:
    about_th = replace(OPENED, concerns_units=("TH",))
    given(about_th, ASSIGNED, task=[WORK], more=TO_TH).when(HAND_OVER, MORNING).then({QUEUE: [QUEUED]})


def test_a_person_settles_what_was_queued() -> None:
    by_hand: dict[str, Sequence[Any]] = {TASK: [replace(TASK_MOVED, basis=None)], CASE: [replace(CASE_MOVED, basis=None)]}
    queued = {**UNDECIDED, QUEUE: [QUEUED]}
    given(OPENED, ASSIGNED, task=[WORK], more=queued).when(SETTLE, MORNING).then({QUEUE: [SETTLED], **by_hand})
    settled = {**UNDECIDED, QUEUE: [QUEUED, SETTLED]}
    moved = [WORK, replace(TASK_MOVED, basis=None)]
    given(OPENED, ASSIGNED, replace(CASE_MOVED, basis=None), task=moved, more=settled).when(SETTLE, MORNING).nothing()


@pytest.mark.parametrize(
    ("to", "rule"),
    [("NOWHERE", UnknownUnit), ("CU", UnitNotInForce), ("TCHCQT", UnitNotInForce), ("SGTVT", LeadOutsideOffice)],
)
def test_whoever_is_to_take_it_can_be_given_work(to: str, rule: type[Refused]) -> None:
    queued = {**UNDECIDED, QUEUE: [QUEUED]}
    given(OPENED, ASSIGNED, task=[WORK], more=queued).when(replace(SETTLE, to=to), MORNING).refuses(rule)


def test_what_the_chairman_gave_may_go_outside_the_office() -> None:
    body = {"unit-SGTVT": [unit("SGTVT", None, UnitKind.PROVINCIAL_BODY)]}
    chairmans = replace(WORK, authority=Authority.CHAIRMAN)
    queued = given(OPENED, ASSIGNED, task=[chairmans], more={**UNDECIDED, **body, QUEUE: [QUEUED]})
    assert queued.when(replace(SETTLE, to="SGTVT"), MORNING).decided()[TASK][0].unit == "SGTVT"


def test_work_of_an_office_that_is_no_more_may_go_to_whoever_took_its_place() -> None:
    gone = {"unit-VPUB": [unit("VPUB", kind=UnitKind.OFFICE), UnitDissolved(unit="VPUB", valid_from=DAY)]}
    body = {"unit-SGTVT": [unit("SGTVT", None, UnitKind.PROVINCIAL_BODY)]}
    queued = given(OPENED, ASSIGNED, task=[WORK], more={**UNDECIDED, **body, **gone, QUEUE: [QUEUED]})
    assert queued.when(replace(SETTLE, to="SGTVT"), MORNING).decided()[TASK][0].unit == "SGTVT"


def test_only_what_was_queued_is_settled_and_not_on_whom_it_is_about() -> None:
    given(OPENED, ASSIGNED, task=[WORK], more=UNDECIDED).when(SETTLE, MORNING).refuses(NotQueued, "about")
    about_th = replace(OPENED, concerns_units=("TH",))
    queued = {**UNDECIDED, QUEUE: [QUEUED]}
    given(about_th, ASSIGNED, task=[WORK], more=queued).when(SETTLE, MORNING).refuses(AboutThatUnit, "to")


UNITS = ("TH", "KT", "NC", "KGVX", "VT")
FIELDS = ("dao-tao-boi-duong", "tiep-cong-dan", "thu-tuc-hanh-chinh")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(UNITS),
        st.dictionaries(st.sampled_from([*FIELDS, None]), st.sampled_from(UNITS), max_size=3),
        st.booleans(),
    ),
    max_size=6,
)
TASKS = st.lists(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(FIELDS), st.booleans()),
    min_size=1,
    max_size=8,
)


class Province:
    """Open work and the units that hold it, as events."""

    def __init__(self, tasks: Sequence[tuple[str, str, bool]]) -> None:
        self.events: dict[str, list[Any]] = {f"unit-{key}": [unit(key)] for key in UNITS}
        self.gone: set[str] = set()
        for n, (holder, field, done) in enumerate(tasks):
            task, case, episode = f"task-{n:020}", f"case-{n:020}", f"{n:020}/1"
            work: TaskAssigned = replace(WORK, unit=holder, case=case, about=case, episode=episode)
            opened = replace(OPENED, opinion=f"opinion-{n:020}", episode=episode, field=field)
            self.events[case] = [opened, replace(ASSIGNED, lead=holder, task=task, episode=episode)]
            self.events[task] = [work, *([TaskCompleted(unit=holder)] if done else [])]
        self.before = self.open_tasks()

    def state(self, stream: str) -> Any:
        fold = FOLDS[stream.partition("-")[0]]
        return reduce(fold.evolve, self.events.get(stream, ()), fold.initial)

    def open_tasks(self) -> dict[str, Any]:
        """Every open task with its due date."""
        found = {name: self.state(name) for name in self.events if name.startswith("task-")}
        return {name: state.work.due for name, state in found.items() if isinstance(state, OPEN)}

    def waiting(self) -> set[str]:
        """The work for which a person must name a taker."""
        queues = [name for name in self.events if name.startswith("reorganisation-")]
        return {name.removeprefix("reorganisation-") for name in queues if isinstance(self.state(name), Queued)}

    def succeed(self, day: date, key: str, lines: dict[str | None, str], *, ends: bool) -> None:
        """A unit is succeeded as far as that can be, and every piece of open work is looked at."""
        taken = {field: to for field, to in lines.items() if to != key and to not in self.gone}
        if key in self.gone or not (taken or ends):
            return
        successions = tuple(Succession(field=field, to=to) for field, to in taken.items())
        if successions:
            self.events[f"unit-{key}"].append(UnitSucceeded(unit=key, successions=successions, basis=BASIS, valid_from=day))
        if ends:
            self.events[f"unit-{key}"].append(UnitDissolved(unit=key, valid_from=day))
            self.gone.add(key)
        for task in self.before:
            self.ask(HandOver(about=task), day)

    def settle(self, taker: str, day: date) -> None:
        for about in self.waiting() if taker not in self.gone else ():
            self.ask(SettleTransfer(about=about, to=taker), day)

    def ask(self, command: Any, day: date) -> None:
        told = facts(datetime(day.year, day.month, day.day, 2, tzinfo=UTC), unit="VPUB")
        for stream, written in given(more=self.events).when(command, told).decided().items():
            self.events.setdefault(stream, []).extend(written)


@suppose(TASKS, STEPS, st.sampled_from(UNITS))
def test_a_reorganisation_leaves_as_much_open_work_as_it_found(
    tasks: list[tuple[str, str, bool]], steps: list[tuple[str, dict[str | None, str], bool]], taker: str
) -> None:
    """Any succession, step by step: every piece of open work is still open, under its id and due date, with one holder."""
    province = Province(tasks)
    for month, (key, lines, ends) in enumerate(steps, start=4):
        province.succeed(date(2023, month, 1), key, lines, ends=ends)
        waiting = province.waiting()
        assert province.open_tasks() == province.before
        for task in province.before:
            work = province.state(task).work
            assert work.unit not in province.gone or task in waiting
            assert province.state(work.given.case).lead == work.unit
    province.settle(taker, date(2023, 12, 1))
    assert province.open_tasks() == province.before
    assert not province.waiting() or taker in province.gone
    for n, (_, _, done) in enumerate(tasks):
        assert not done or len(province.events[f"task-{n:020}"]) == 2


def test_only_who_may_name_the_lead_settles_who_leads_a_case() -> None:
    """Hub and deputy settle other work (R35)."""
    waits = {f"reorganisation-{TASK}": [QUEUED]}
    history = given(OPENED, ASSIGNED, task=[WORK], more={**UNDECIDED, **waits})
    for capacity in (Role.HUB, Role.DEPUTY):
        clerk = facts(MORNING.at, person="p-clerk", unit="CVP", capacity=capacity)
        history.when(SETTLE, clerk).refuses(AuthorityNotHeld, "about")
        telling = given(task=[replace(WORK, case=None, episode=None)], more={**UNDECIDED, **waits})
        assert telling.when(SETTLE, clerk).decided()
    assert history.when(SETTLE, facts(MORNING.at)).decided()[CASE]
