"""Whatever is asked in whatever order, the invariants of a case and its tasks hold (domain brief §6)."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.assignment.domain.case import states
from services.assignment.domain.case.commands import (
    ApproveAnswer,
    AssignCase,
    CloseCase,
    DeliverAnswer,
    ReopenCase,
    ReturnAnswer,
    SubmitAnswer,
)
from services.assignment.domain.task import decider as task
from services.assignment.domain.task.commands import AcceptTask, DelegateTask, ReturnTask
from services.assignment.handlers import CASE as CASE_FOLD
from shared.contracts.case import (
    AnswerApproved,
    AnswerReturned,
    AnswerSubmitted,
    CaseReopened,
    CaseResolved,
    Means,
)
from shared.contracts.refusals import Refused
from tests.assignment.stage import CASE, DECIDE, DIRECTORY, EPISODE, OPENED, RULES, facts
from tests.support.scenario import sealed

LEADS = st.sampled_from(["TCHCQT", "TH", "SGTVT"])
PERSONS = st.sampled_from(["p-chief", "p-deputy", "p-specialist", "p-other"])
ON_CASE = st.sampled_from(
    [
        SubmitAnswer(case=CASE, answer=sealed(1)),
        ReturnAnswer(case=CASE, reason=sealed(2)),
        ApproveAnswer(case=CASE),
        DeliverAnswer(case=CASE, means=Means.LETTER),
        CloseCase(case=CASE),
        ReopenCase(case=CASE, reason=sealed(3)),
    ]
)


class OneCase(RuleBasedStateMachine):
    """One case, asked anything by anybody whom permission let through."""

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = defaultdict(list)
        self.at = datetime(2023, 1, 11, 2, tzinfo=UTC)
        self.asked = 0

    @initialize()
    def opened(self) -> None:
        for stream, events in DIRECTORY.items():
            self.history[stream] = list(events)
        self.history[CASE] = [OPENED]

    @rule(lead=LEADS)
    def assign(self, lead: str) -> None:
        self.ask(AssignCase(case=CASE, lead=lead), "p-chief")

    @rule(command=ON_CASE, person=PERSONS)
    def on_the_case(self, command: Any, person: str) -> None:
        self.ask(command, person)

    @rule(data=st.data(), kind=st.sampled_from(["accept", "return", "delegate"]), to=PERSONS)
    def on_a_task(self, data: st.DataObject, kind: str, to: str) -> None:
        given = sorted(stream for stream in self.history if stream.startswith("task-"))
        if not given:
            return
        stream = data.draw(st.sampled_from(given))
        made = {
            "accept": AcceptTask(task=stream),
            "return": ReturnTask(task=stream, reason=sealed(4)),
            "delegate": DelegateTask(task=stream, to=to),
        }
        self.ask(made[kind], "p-leader")

    def ask(self, command: Any, person: str) -> None:
        self.asked += 1
        self.at += timedelta(hours=1)
        told = facts(self.at, person=person, task=f"task-{self.asked:020d}")
        try:
            decided = DECIDE[type(command)](command, RULES.states(self.history), told)
        except Refused:
            return
        for stream, events in decided.items():
            self.history[stream] += events

    @property
    def case(self) -> Any:
        return reduce(CASE_FOLD.evolve, self.history[CASE], CASE_FOLD.initial)

    @property
    def tasks(self) -> dict[str, Any]:
        return {
            stream: reduce(task.evolve, events, task.INITIAL)
            for stream, events in self.history.items()
            if stream.startswith("task-") and events
        }

    @invariant()
    def a_case_with_a_unit_has_exactly_one_open_task_and_it_is_that_unit_s(self) -> None:
        open_tasks = {
            stream: state.work.unit
            for stream, state in self.tasks.items()
            if not isinstance(state, task.Returned | task.Completed)
        }
        case = self.case
        with_unit = isinstance(case, states.Drafting | states.UnderApproval | states.Approved)
        assert open_tasks == ({case.task: case.lead} if with_unit else {})

    @invariant()
    def a_task_is_submitted_exactly_while_its_draft_is_under_approval_or_stands(self) -> None:
        submitted = [state for state in self.tasks.values() if isinstance(state, task.Submitted)]
        assert len(submitted) == isinstance(self.case, states.UnderApproval | states.Approved)

    @invariant()
    def each_episode_is_resolved_at_most_once_and_the_next_begins_only_after_that(self) -> None:
        episode, resolved = EPISODE, False
        for event in self.history[CASE]:
            if isinstance(event, CaseResolved):
                assert (event.episode, resolved) == (episode, False)
                resolved = True
            elif isinstance(event, CaseReopened):
                assert (event.previous, resolved) == (episode, True)
                episode, resolved = event.episode, False

    @invariant()
    def drafts_are_numbered_in_a_row_within_each_episode(self) -> None:
        drafts: dict[str, list[int]] = defaultdict(list)
        for event in self.history[CASE]:
            if isinstance(event, AnswerSubmitted):
                drafts[event.episode].append(event.draft)
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in drafts.values())

    @invariant()
    def nobody_reviews_a_draft_of_his_own(self) -> None:
        drafters = {}
        for event in self.history[CASE]:
            match event:
                case AnswerSubmitted():
                    drafters[event.episode, event.draft] = event.drafter
                case AnswerApproved() | AnswerReturned():
                    assert event.reviewer != drafters[event.episode, event.draft]


OneCase.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestOneCase = OneCase.TestCase
