"""Whatever is asked in whatever order, the invariants of cases and their tasks hold (domain brief §6)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.assignment.domain.case import commands as asked
from services.assignment.domain.case import states
from services.assignment.domain.case.decider import GivingWork
from services.assignment.domain.case.judging import Splitting
from services.assignment.domain.task import commands as of_task
from services.assignment.domain.task import states as task
from shared.contracts import case as told
from shared.contracts.case import Authority, Means
from shared.contracts.directory import FieldRegistered
from shared.contracts.opinion import DivertedKind, Kind, RejectionReason
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.contracts.task import Rung, TaskAssigned, TaskTransferred, TaskType
from tests.assignment.stage import DECIDE, DIRECTORY, OPENED, RULES
from tests.support.scenario import sealed

SUFFIXES = ("7Q2K9FXA3MBTW0000001", "7Q2K9FXA3MBTW0000002", "7Q2K9FXA3MBTW0000003")
CASES = tuple(f"case-{suffix}" for suffix in SUFFIXES)
EVALUATION = "danh-gia-can-bo"  # where cấp ủy has its say
UNITS = st.sampled_from(["TCHCQT", "TH", "NC", "SGTVT"])
PERSONS = {
    "p-chief": ("CVP", Role.CHIEF),
    "p-deputy": ("CVP", Role.DEPUTY),
    "p-hub": ("TCHCQT", Role.HUB),
    "p-specialist": ("TCHCQT", Role.SPECIALIST),
    "p-other": ("TH", Role.UNIT_LEADER),
}
ENDINGS = (
    told.CaseResolved,
    told.CaseRejected,
    told.CaseForwarded,
    told.CaseDiverted,
    told.CaseWithdrawn,
    told.CaseMerged,
    told.CaseSplit,
)
WHO = st.sampled_from(sorted(PERSONS))
WHICH = st.sampled_from(CASES)


def on_case(case: str) -> list[Any]:
    """What is asked about a case while it is answered."""
    return [
        asked.SubmitAnswer(case=case, answer=sealed(1)),
        asked.ApproveAnswer(case=case),
        asked.DeliverAnswer(case=case, means=Means.LETTER),
        asked.DirectCase(case=case, direction=sealed(3)),
        asked.TakeOnBoard(case=case),
        asked.RecordPartyOpinion(case=case, opinion=sealed(4)),
        asked.RecallCase(case=case, reason=sealed(5)),
        asked.SetCaseDue(case=case, until=date(2023, 10, 2)),
        asked.CloseCase(case=case),
        asked.ReopenCase(case=case, reason=sealed(7)),
    ]


def judging(case: str) -> list[Any]:
    """What says anew what a case is, and now and then ends it otherwise than settled."""
    about = [
        asked.ReclassifyCase(case=case, kind=Kind.SUGGESTION),
        asked.ReclassifyCase(case=case, flags=()),
        asked.ReclassifyCase(case=case, concerns_units=("NC",)),
        asked.UnmergeCase(case=case, reason=sealed(8)),
        asked.RecordPartyOpinion(case=case, opinion=sealed(4)),
        asked.ReclassifyCase(case=case, field=EVALUATION),
    ]
    parts = (asked.SplitMatter(words=sealed(13)), asked.SplitMatter(words=sealed(14)))
    return [
        *about,
        *about,
        asked.RejectCase(case=case, reason=RejectionReason.FINAL_DECISION),
        asked.ForwardCase(case=case, to="SGTVT"),
        asked.DivertCase(case=case, kind=DivertedKind.COMPLAINT, to="TH"),
        asked.WithdrawCase(case=case),
        asked.SplitCase(case=case, parts=parts),
    ]


def on_task(stream: str) -> list[Any]:
    """What is asked about a task."""
    return [
        of_task.AcceptTask(task=stream),
        of_task.ReturnTask(task=stream, reason=sealed(9)),
        of_task.DelegateTask(task=stream, to="p-specialist"),
        of_task.AddProof(task=stream, reached=12),
        of_task.SubmitTask(task=stream),
        of_task.RequestRevision(task=stream, reason=sealed(1)),
        of_task.CompleteTask(task=stream),
        of_task.RequestExtension(task=stream, until=date(2023, 11, 2), reason=sealed(10)),
        of_task.GrantExtension(task=stream),
        of_task.RefuseExtension(task=stream),
        of_task.RemindTask(task=stream),
        of_task.UrgeTask(task=stream),
        of_task.EscalateTask(task=stream, to=Rung.DEPUTY),
        of_task.CancelTask(task=stream),
        of_task.RecallTask(task=stream, reason=sealed(11)),
    ]


class Office(RuleBasedStateMachine):
    """Three cases of an office, asked anything by anybody whom permission let through."""

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = defaultdict(list)
        self.at = datetime(2023, 1, 11, 2, tzinfo=UTC)
        self.asked = 0
        self.folded: dict[str, tuple[int, Any]] = {}

    @initialize(about=st.sampled_from([(), ("NC",)]), flags=st.sampled_from([OPENED.flags, ()]))
    def opened(self, about: tuple[str, ...], flags: tuple[Any, ...]) -> None:
        for stream, events in DIRECTORY.items():
            self.history[stream] = list(events)
        evaluation = FieldRegistered(field=EVALUATION, name="Đánh giá cán bộ", restricted=False, valid_from=date(2021, 1, 1))
        self.history[f"field-{EVALUATION}"] = [evaluation]
        for case, suffix in zip(CASES, SUFFIXES, strict=True):
            opened = replace(OPENED, opinion=f"opinion-{suffix}", episode=f"{suffix}/1", concerns_units=about, flags=flags)
            self.history[case] = [opened]

    @rule(case=WHICH, lead=UNITS, beside=st.lists(UNITS, max_size=2), who=WHO)
    def assign(self, case: str, lead: str, beside: list[str], who: str) -> None:
        self.ask(asked.AssignCase(case=case, lead=lead, coordinating=_coordinating(beside)), who)

    @rule(case=WHICH, beside=st.lists(UNITS, max_size=2), who=WHO)
    def set_coordination(self, case: str, beside: list[str], who: str) -> None:
        self.ask(asked.SetCoordination(case=case, coordinating=_coordinating(beside)), who)

    @rule(case=WHICH, unit=UNITS, who=WHO)
    def consult(self, case: str, unit: str, who: str) -> None:
        self.ask(asked.ConsultUnit(case=case, unit=unit, question=sealed(12)), who)
        self.ask(asked.GiveConsultation(case=case, given=sealed(6)), "p-other")
        self.ask(asked.ProposeAssignment(case=case, lead=unit), who)

    @rule(case=WHICH)
    def send_back(self, case: str) -> None:
        self.ask(asked.ReturnAnswer(case=case, reason=sealed(2)), "p-deputy")

    @rule(case=WHICH)
    def go_on(self, case: str) -> None:
        """The step that is next in an undisturbed life."""
        match self.state(case):
            case states.Waiting():
                self.ask(asked.AssignCase(case=case, lead="TCHCQT"), "p-chief")
            case states.Drafting():
                self.ask(asked.SubmitAnswer(case=case, answer=sealed(1)), "p-specialist")
            case states.UnderApproval():
                self.ask(asked.ApproveAnswer(case=case), "p-deputy")
            case states.Approved():
                self.ask(asked.DeliverAnswer(case=case, means=Means.LETTER), "p-hub")
            case states.Delivered(matter=matter):
                for stream in sorted(matter.carrying):
                    self.ask(of_task.SubmitTask(task=stream), "p-specialist")
                    self.ask(of_task.CompleteTask(task=stream), "p-hub")
            case states.Resolved() | states.Closed():
                self.ask(asked.ReopenCase(case=case, reason=sealed(7)), "p-hub")

    @rule(case=WHICH, data=st.data(), who=WHO)
    def answer(self, case: str, data: st.DataObject, who: str) -> None:
        self.ask(data.draw(st.sampled_from(on_case(case))), who)

    @rule(case=WHICH, data=st.data(), who=WHO)
    def judge(self, case: str, data: st.DataObject, who: str) -> None:
        self.ask(data.draw(st.sampled_from(judging(case))), who)

    @rule(case=WHICH, into=WHICH, who=WHO)
    def merge(self, case: str, into: str, who: str) -> None:
        self.ask(asked.MergeCase(case=case, into=into), who)

    @rule(case=WHICH, unit=UNITS)
    def conclude(self, case: str, unit: str) -> None:
        """As an issued notice does: an item that directs work, for a case that is open."""
        state = self.state(case)
        if not isinstance(state, states.HELD) or unit in (*state.matter.concerns_units, "SGTVT"):
            return
        self.asked += 1
        stream, episode, due = f"task-{self.asked:020d}", state.matter.episode, replace(state.matter.due, day=date(2023, 4, 3))
        self.history[stream].append(
            TaskAssigned(
                type=TaskType.CARRY_OUT,
                unit=unit,
                office="VPUB",
                about="notice-00000000000000000001",
                case=case,
                episode=episode,
                authority=Authority.HEAD,
                due=due,
            )
        )
        self.history[case] += [
            told.CaseConcluded(episode=episode, notice="notice-00000000000000000001", item=1, unit=unit, task=stream),
            told.CaseDueSet(episode=episode, base=told.DueBase.CONCLUSION, due=due),
        ]

    @rule(data=st.data(), who=WHO)
    def on_a_task(self, data: st.DataObject, who: str) -> None:
        given = sorted(self.open_tasks)
        if given:
            stream = data.draw(st.sampled_from(given))
            self.ask(data.draw(st.sampled_from(on_task(stream))), who)

    @rule(data=st.data(), to=UNITS)
    def transfer(self, data: st.DataObject, to: str) -> None:
        given = sorted(self.tasks)
        if not given:
            return
        stream = data.draw(st.sampled_from(given))
        before = self.state(stream).work
        still = len(self.open_tasks)
        self.ask(of_task.TransferTask(task=stream, to=to), "p-chief")
        assert self.state(stream).work.due == before.due
        assert len(self.open_tasks) == still

    @rule()
    def weeks_pass(self) -> None:
        self.at = min(self.at + timedelta(days=21), datetime(2023, 9, 1, tzinfo=UTC))

    def ask(self, command: Any, who: str) -> None:
        self.asked += 1
        self.at += timedelta(hours=1)
        unit, capacity = PERSONS[who]
        at: dict[str, Any] = {"at": self.at, "now": self.at, "person": who, "office": "VPUB"}
        at |= {"unit": unit, "capacity": capacity}
        if isinstance(command, asked.SplitCase):
            children = tuple(f"case-{self.asked:019d}{n}" for n in range(len(command.parts)))
            facts: Any = Splitting(**at, children=children)
        else:
            beside = {key: f"task-{self.asked:017d}{n:03d}" for n, key in enumerate(("TCHCQT", "TH", "NC", "SGTVT"), start=1)}
            facts = GivingWork(**at, task=f"task-{self.asked:020d}", tasks=beside)
        try:
            decided = DECIDE[type(command)](command, RULES.states(self.history), facts)
        except Refused:
            return
        for stream, events in decided.items():
            self.history[stream] += events

    def state(self, stream: str) -> Any:
        events = self.history[stream]
        if self.folded.get(stream, (-1, None))[0] != len(events):
            self.folded[stream] = (len(events), RULES.states(self.history)[stream])
        return self.folded[stream][1]

    def of_kind(self, kind: str) -> dict[str, Any]:
        return {stream: self.state(stream) for stream, events in list(self.history.items()) if stream.startswith(kind) and events}

    @property
    def cases(self) -> dict[str, Any]:
        return self.of_kind("case-")

    @property
    def tasks(self) -> dict[str, Any]:
        return self.of_kind("task-")

    @property
    def open_tasks(self) -> dict[str, Any]:
        return {stream: state for stream, state in self.tasks.items() if task.is_open(state)}

    @invariant()
    def every_open_task_that_answers_is_its_lead_s_or_one_of_those_who_help(self) -> None:
        allowed: dict[str, str] = {}
        for case in self.cases.values():
            if isinstance(case, states.HELD):
                allowed[case.task] = case.lead
            if isinstance(case, states.OPEN):
                allowed |= {each.task: each.unit for each in case.matter.coordinating}
                allowed |= {stream: self.tasks[stream].work.unit for _, stream in case.matter.consulting}
        answering = {
            stream: state.work.unit for stream, state in self.open_tasks.items() if state.work.given.type is TaskType.ANSWER
        }
        assert answering.items() <= allowed.items()

    @invariant()
    def a_unit_that_answers_has_the_task_for_it_in_hand(self) -> None:
        for case in self.cases.values():
            if isinstance(case, states.Drafting | states.UnderApproval | states.Approved):
                assert case.task in self.open_tasks or self.tasks[case.task].work.given.type is TaskType.CARRY_OUT

    @invariant()
    def a_case_names_the_open_work_that_carries_out_its_conclusion(self) -> None:
        for stream, case in self.cases.items():
            work = {
                name
                for name, state in self.open_tasks.items()
                if state.work.given.type is TaskType.CARRY_OUT and state.work.given.case == stream
            }
            reopened = any(isinstance(event, told.CaseReopened) for event in self.history[stream])
            assert case.matter.carrying == work or (reopened and case.matter.carrying < work)

    @invariant()
    def each_episode_ends_at_most_once_and_the_next_begins_only_after_it_was_resolved(self) -> None:
        for stream in self.cases:
            ended: Any = None
            for event in self.history[stream]:
                if isinstance(event, ENDINGS):
                    assert ended is None
                    ended = event
                elif isinstance(event, told.CaseUnmerged):
                    assert isinstance(ended, told.CaseMerged)
                    ended = None
                elif isinstance(event, told.CaseReopened):
                    assert isinstance(ended, told.CaseResolved)
                    assert event.previous == ended.episode
                    ended = None
            assert isinstance(self.state(stream), states.OPEN) is (ended is None)

    @invariant()
    def merges_make_no_circle_and_a_survivor_knows_whom_its_answer_goes_to(self) -> None:
        found = self.cases
        into = {stream: case.into for stream, case in found.items() if getattr(case, "into", None)}
        for stream, case in found.items():
            assert stream not in _chain(stream, into)
            assert case.matter.submitters == {each for each in into if stream in _chain(each, into)}

    @invariant()
    def nobody_about_whom_it_is_has_a_part_in_it(self) -> None:
        for case in self.cases.values():
            if not isinstance(case, states.OPEN):
                continue
            having = {getattr(case, "lead", None), *(each.unit for each in case.matter.coordinating)}
            having |= {self.tasks[stream].work.unit for _, stream in case.matter.consulting if stream in self.open_tasks}
            assert not having & set(case.matter.concerns_units)

    @invariant()
    def what_is_resolved_has_no_open_work_and_what_was_flagged_is_put_away_concluded(self) -> None:
        for stream, case in self.cases.items():
            if isinstance(case, states.Resolved | states.Closed) and getattr(case, "how", None) is None:
                assert not case.matter.carrying, stream
            if isinstance(case, states.Closed) and case.how is None and case.matter.flags:
                assert case.matter.concluded

    @invariant()
    def drafts_are_numbered_in_a_row_and_reviewed_by_another_person(self) -> None:
        for stream in self.cases:
            drafters: dict[tuple[str, int], str] = {}
            numbers: dict[str, list[int]] = defaultdict(list)
            for event in self.history[stream]:
                match event:
                    case told.AnswerSubmitted():
                        drafters[event.episode, event.draft] = event.drafter
                        numbers[event.episode].append(event.draft)
                    case told.AnswerApproved() | told.AnswerReturned():
                        assert event.reviewer != drafters[event.episode, event.draft]
            assert all(each == list(range(1, len(each) + 1)) for each in numbers.values())

    @invariant()
    def no_unit_of_another_body_is_given_work_by_the_head(self) -> None:
        assert all(state.work.unit != "SGTVT" for state in self.tasks.values())
        moved = [event for stream in self.tasks for event in self.history[stream] if isinstance(event, TaskTransferred)]
        assert all(event.unit != "SGTVT" for event in moved)


def _coordinating(units: list[str]) -> tuple[asked.CoordinatingUnit, ...]:
    return tuple(asked.CoordinatingUnit(unit=unit) for unit in units)


def _chain(stream: str, into: dict[str, str]) -> list[str]:
    """What a case was merged into, and that into what, and so on."""

    def follow(at: str) -> Iterator[str]:
        for _ in range(len(into)):
            if at not in into:
                return
            at = into[at]
            yield at

    return list(follow(stream))


Office.TestCase.settings = settings(max_examples=120, stateful_step_count=50, deadline=None)
TestOffice = Office.TestCase
