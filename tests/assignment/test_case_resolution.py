"""When a case is resolved, and when it may be put away: written, taken on board, directed (corrections: resolved at; R5)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case import refusals
from services.assignment.domain.case.commands import (
    ApproveAnswer,
    CloseCase,
    DeliverAnswer,
    DirectCase,
    RecordPartyOpinion,
    ReopenCase,
    TakeOnBoard,
)
from services.assignment.domain.task.commands import CompleteTask
from shared.contracts.case import (
    AnswerApproved,
    Authority,
    CaseCarriedOut,
    CaseClosed,
    CaseConcluded,
    CaseConsulted,
    CaseDirected,
    CaseDueSet,
    CaseMerged,
    CaseReopened,
    CaseResolved,
    CaseSubmitterAdded,
    CaseUnlinked,
    CaseWithdrawn,
    Coordination,
    CoordinationSet,
    DueBase,
    Means,
    PartyOpinionRecorded,
    Resolution,
)
from shared.contracts.opinion import Kind
from shared.contracts.session import SessionCaseUnlinked, SessionHeld, SessionOpened, Track
from shared.contracts.task import TaskAssigned, TaskCancelled, TaskCompleted, TaskDueSet, TaskSubmitted, TaskType
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    CHAIRMAN,
    DELIVERED,
    DEPUTY,
    DUE,
    EPISODE,
    HANDED_IN,
    HUB,
    LINKED,
    NEW_TASK,
    OPENED,
    RESOLVED,
    SESSION,
    SPECIALIST,
    SUBMITTED,
    TASK,
    WORK,
    facts,
    given,
    session,
)
from tests.support.scenario import Given, sealed

NOTICE, CARRYING, ALSO = "notice-00000000000000000001", "task-00000000000000000005", "task-00000000000000000006"
HELPING, ASKED = "task-00000000000000000003", "task-00000000000000000004"
DIRECT = DirectCase(case=CASE, direction=sealed(1))
DELIVER = DeliverAnswer(case=CASE, means=Means.LETTER)
TAKE = TakeOnBoard(case=CASE)
CLOSE = CloseCase(case=CASE)
DIRECTED = CaseDirected(episode=EPISODE, author="p-chief", authority=Authority.HEAD, direction=sealed(1), session=None)
CONCLUDED = CaseConcluded(episode=EPISODE, notice=NOTICE, item=1, unit="TH", task=CARRYING)
NOTED = replace(CONCLUDED, unit=None, task=None)
CARRY_OUT = TaskAssigned(
    type=TaskType.CARRY_OUT,
    unit="TH",
    office="VPUB",
    about=NOTICE,
    case=CASE,
    episode=EPISODE,
    authority=Authority.HEAD,
    due=DUE,
)
BY_DIRECTION = CaseResolved(episode=EPISODE, how=Resolution.DIRECTED, due=DUE)
SUGGESTION = replace(OPENED, kind=Kind.SUGGESTION)
PARTY_FIELDS = (
    "danh-gia-can-bo",
    "xay-dung-dang-chinh-quyen",
    "lanh-dao-chi-dao",
    "quan-he-lanh-dao-nhan-vien",
    "dao-duc-loi-song",
)


def standing(*between: Any, work: list[Any] | None = None, more: dict[str, Any] | None = None) -> Given:
    """A case whose answer is approved, with facts that happened before that."""
    return given(OPENED, ASSIGNED, *between, SUBMITTED, APPROVED, task=work or [WORK, HANDED_IN], more=more)


def test_a_direction_is_the_head_s_and_counts_the_due_date_anew_for_case_and_answer() -> None:
    decided = given(OPENED, ASSIGNED, task=[WORK]).when(DIRECT).decided()
    due = decided[CASE][1].due
    assert decided[CASE] == [DIRECTED, CaseDueSet(episode=EPISODE, base=DueBase.DIRECTION, due=due)]
    # 11/01/2023 + 10 working days over Tết (domain brief §2.2).
    assert (due.day, due.start, due.days) == (date(2023, 2, 1), date(2023, 1, 11), 10)
    assert decided[TASK] == [TaskDueSet(unit="TCHCQT", due=due)]
    assert given(OPENED, DIRECTED).state(CASE).matter.directed


def test_what_was_put_to_the_chairman_s_dialogue_the_chairman_directs() -> None:
    on_his_track = given(OPENED, LINKED, more={SESSION: session(Track.CHAIRMAN)})
    on_his_track.when(DIRECT).refuses(refusals.AuthorityNotHeld)
    decided = on_his_track.when(DIRECT, CHAIRMAN).decided()
    assert (decided[CASE][0].authority, decided[CASE][0].session) == (Authority.CHAIRMAN, SESSION)
    given(OPENED).when(DIRECT, CHAIRMAN).refuses(refusals.AuthorityNotHeld)


def test_nothing_is_directed_once_the_speaker_has_the_answer() -> None:
    given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED).when(DIRECT).refuses(refusals.AnswerStands)
    given(OPENED, ASSIGNED, RESOLVED).when(DIRECT).refuses(refusals.AlreadyResolved)


def test_a_directed_case_without_a_notice_is_resolved_by_the_delivery() -> None:
    decided = standing(DIRECTED).when(DELIVER, SPECIALIST).decided()
    assert decided[CASE] == [DELIVERED, BY_DIRECTION]


def test_while_work_is_open_the_delivery_only_brings_the_answer() -> None:
    decided = standing(CONCLUDED, more={CARRYING: [CARRY_OUT]}).when(DELIVER, SPECIALIST).decided()
    assert decided == {CASE: [DELIVERED], TASK: [TaskCompleted(unit="TCHCQT")]}


def test_the_last_work_done_resolves_what_was_delivered_in_the_same_append() -> None:
    done = [CARRY_OUT, TaskSubmitted(unit="TH", by="p-other")]
    history = given(OPENED, ASSIGNED, CONCLUDED, SUBMITTED, APPROVED, DELIVERED, more={CARRYING: done})
    history.when(CompleteTask(task=CARRYING), HUB).then(
        {
            CARRYING: [TaskCompleted(unit="TH")],
            CASE: [CaseCarriedOut(episode=EPISODE, task=CARRYING), BY_DIRECTION],
        }
    )


def test_work_done_before_the_delivery_leaves_the_resolving_to_that() -> None:
    done = [CARRY_OUT, TaskSubmitted(unit="TH", by="p-other")]
    carried_out = standing(CONCLUDED, more={CARRYING: done}).when(CompleteTask(task=CARRYING), HUB).decided()
    assert carried_out[CASE] == [CaseCarriedOut(episode=EPISODE, task=CARRYING)]
    decided = standing(CONCLUDED, *carried_out[CASE]).when(DELIVER, SPECIALIST).decided()
    assert decided[CASE] == [DELIVERED, BY_DIRECTION]


def test_of_several_tasks_the_last_one_resolves() -> None:
    two = (CONCLUDED, replace(CONCLUDED, item=2, task=ALSO))
    done = [CARRY_OUT, TaskSubmitted(unit="TH", by="p-other")]
    more: dict[str, list[Any]] = {CARRYING: done, ALSO: [CARRY_OUT]}
    history = given(OPENED, ASSIGNED, *two, SUBMITTED, APPROVED, DELIVERED, more=more)
    decided = history.when(CompleteTask(task=CARRYING), HUB).decided()
    assert decided[CASE] == [CaseCarriedOut(episode=EPISODE, task=CARRYING)]


def test_work_of_a_case_that_ended_meanwhile_is_still_noted_as_done() -> None:
    done = [CARRY_OUT, TaskSubmitted(unit="TH", by="p-other")]
    history = given(OPENED, ASSIGNED, CONCLUDED, CaseWithdrawn(episode=EPISODE, note=None), more={CARRYING: done})
    decided = history.when(CompleteTask(task=CARRYING), HUB).decided()
    assert decided[CASE] == [CaseCarriedOut(episode=EPISODE, task=CARRYING)]
    history.when(CLOSE, HUB).refuses(refusals.WorkStillOpen)
    over = given(OPENED, ASSIGNED, CONCLUDED, CaseWithdrawn(episode=EPISODE, note=None), *decided[CASE])
    over.when(CLOSE, HUB).then({CASE: [CaseClosed(episode=EPISODE)]})


def test_what_was_directed_at_a_dialogue_waits_for_its_notice_but_not_at_a_briefing() -> None:
    held = [*session(), SessionOpened(), SessionHeld()]
    waiting = standing(LINKED, replace(DIRECTED, session=SESSION), more={SESSION: held})
    assert waiting.when(DELIVER, SPECIALIST).decided()[CASE] == [DELIVERED]
    briefing = [*session(short_form=True), SessionOpened(), SessionHeld()]
    at_once = standing(LINKED, replace(DIRECTED, session=SESSION), more={SESSION: briefing})
    assert at_once.when(DELIVER, SPECIALIST).decided()[CASE] == [DELIVERED, BY_DIRECTION]
    concluded = standing(LINKED, replace(DIRECTED, session=SESSION), NOTED, more={SESSION: held})
    assert concluded.when(DELIVER, SPECIALIST).decided()[CASE] == [DELIVERED, BY_DIRECTION]


def test_a_delivery_ends_the_tasks_of_those_who_helped() -> None:
    beside = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TH", task=HELPING, due=DUE),))
    question = CaseConsulted(episode=EPISODE, unit="NC", task=ASKED, question=sealed(2), due=DUE)
    tasks = {HELPING: [replace(WORK, unit="TH")], ASKED: [replace(WORK, unit="NC")]}
    decided = standing(beside, question, more=tasks).when(DELIVER, SPECIALIST).decided()
    assert decided[HELPING] == [TaskCompleted(unit="TH")]
    assert decided[ASKED] == [TaskCancelled(unit="NC", reason=None)]


def test_settled_before_the_dialogue_it_is_no_longer_put_there() -> None:
    decided = standing(LINKED, more={SESSION: session()}).when(DELIVER, SPECIALIST).decided()
    assert decided[CASE] == [CaseUnlinked(episode=EPISODE, session=SESSION), DELIVERED, RESOLVED]
    assert decided[SESSION] == [SessionCaseUnlinked(case=CASE, episode=EPISODE)]


def test_a_suggestion_is_taken_on_board_without_an_answer() -> None:
    taken = CaseResolved(episode=EPISODE, how=Resolution.TAKEN_ON_BOARD, due=DUE)
    given(SUGGESTION).when(TAKE).then({CASE: [taken]})
    given(SUGGESTION, ASSIGNED, task=[WORK]).when(TAKE).then({CASE: [taken], TASK: [TaskCompleted(unit="TCHCQT")]})
    given(SUGGESTION, taken).when(TAKE).nothing()
    given(SUGGESTION, taken, CaseClosed(episode=EPISODE)).when(TAKE).nothing()


def test_only_a_suggestion_that_is_open_and_without_work_is_taken_on_board() -> None:
    given(OPENED).when(TAKE).refuses(refusals.OnlySuggestions)
    given(SUGGESTION, ASSIGNED, CONCLUDED).when(TAKE).refuses(refusals.WorkStillOpen)
    given(SUGGESTION, ASSIGNED, SUBMITTED, APPROVED, DELIVERED).when(TAKE).refuses(refusals.AnswerStands)
    given(SUGGESTION, CaseWithdrawn(episode=EPISODE, note=None)).when(TAKE).refuses(refusals.CaseOver)


@pytest.mark.parametrize("field", PARTY_FIELDS)
def test_where_the_party_committee_leads_its_opinion_comes_before_the_approval(field: str) -> None:
    opened = replace(OPENED, field=field)
    approve, party = ApproveAnswer(case=CASE), facts(person="p-party", unit="DU")
    history = (opened, ASSIGNED, SUBMITTED)
    given(*history, task=[WORK, HANDED_IN]).when(approve, DEPUTY).refuses(refusals.PartyOpinionMissing)
    spoken = given(*history).when(RecordPartyOpinion(case=CASE, opinion=sealed(2)), party).decided()[CASE]
    assert spoken == [PartyOpinionRecorded(episode=EPISODE, opinion=sealed(2))]
    given(*history, *spoken).when(approve, DEPUTY).then({CASE: [AnswerApproved(episode=EPISODE, draft=1, reviewer="p-deputy")]})


def test_a_party_committee_speaks_on_what_is_open_and_anew_in_a_new_episode() -> None:
    record = RecordPartyOpinion(case=CASE, opinion=sealed(2))
    given(OPENED, ASSIGNED, RESOLVED).when(record).refuses(refusals.AlreadyResolved)
    spoken = PartyOpinionRecorded(episode=EPISODE, opinion=sealed(2))
    settled = given(OPENED, ASSIGNED, SUBMITTED, spoken, APPROVED, DELIVERED, RESOLVED)
    again = settled.when(ReopenCase(case=CASE, reason=sealed(3)), facts(datetime(2023, 1, 13, 2, tzinfo=UTC))).decided()
    history = (OPENED, ASSIGNED, SUBMITTED, spoken, APPROVED, DELIVERED, RESOLVED, *again[CASE])
    assert not given(*history).state(CASE).matter.party_opinion


def test_a_flagged_matter_is_put_away_only_with_a_conclusion() -> None:
    settled = (OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
    refused = given(*settled).when(CLOSE, HUB).refuses(refusals.ConclusionMissing)
    assert refused.facts == {"flags": "buc_xuc"}
    given(*settled, NOTED).when(CLOSE, HUB).then({CASE: [CaseClosed(episode=EPISODE)]})
    given(replace(OPENED, flags=()), *settled[1:]).when(CLOSE, HUB).then({CASE: [CaseClosed(episode=EPISODE)]})


@pytest.mark.parametrize("drafted", [(), (ASSIGNED,), (ASSIGNED, SUBMITTED)])
def test_the_last_word_of_a_notice_is_delivered_as_the_answer_without_a_draft(drafted: tuple[Any, ...]) -> None:
    told = [replace(DELIVERED, draft=0), RESOLVED]
    work = [WORK] if drafted else []
    expected: dict[str, list[Any]] = {CASE: told} | ({TASK: [TaskCompleted(unit="TCHCQT")]} if drafted else {})
    given(OPENED, *drafted, NOTED, task=work).when(DELIVER, HUB).then(expected)
    given(OPENED, *drafted, NOTED, *told, task=work).when(DELIVER, HUB).nothing()
    given(OPENED, *drafted, NOTED, *told, task=work).when(CLOSE, HUB).then({CASE: [CaseClosed(episode=EPISODE)]})


def test_a_notice_has_the_last_word_only_where_no_work_is_left_and_the_party_has_spoken() -> None:
    given(OPENED, NOTED, CONCLUDED).when(DELIVER, HUB).refuses(refusals.NothingSubmitted)
    given(OPENED, CONCLUDED, NOTED).when(DELIVER, HUB).refuses(refusals.WorkStillOpen)
    led = replace(OPENED, field=PARTY_FIELDS[0])
    given(led, NOTED).when(DELIVER, HUB).refuses(refusals.PartyOpinionMissing)
    assert given(led, PartyOpinionRecorded(episode=EPISODE, opinion=sealed(2)), NOTED).when(DELIVER, HUB).decided()
    later = f"{EPISODE[:-1]}2"
    again = CaseReopened(episode=later, previous=EPISODE, reason=sealed(2), field=OPENED.field, lead=None, task=None, due=DUE)
    given(OPENED, NOTED, RESOLVED, again).when(DELIVER, HUB).refuses(refusals.NothingSubmitted)


def test_a_flagged_matter_that_was_merged_is_concluded_with_its_survivor() -> None:
    calm = replace(OPENED, flags=())
    merged = "case-7Q2K9FXA3MBTW0000009"
    settled = (calm, CaseSubmitterAdded(merged=merged), ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
    flagged = {merged: [OPENED, CaseMerged(episode="7Q2K9FXA3MBTW0000009/1", into=CASE)]}
    assert given(*settled, more=flagged).when(CLOSE, HUB).refuses(refusals.ConclusionMissing).facts == {"flags": "buc_xuc"}
    given(*settled, NOTED, more=flagged).when(CLOSE, HUB).then({CASE: [CaseClosed(episode=EPISODE)]})
    given(*settled, more={merged: [calm]}).when(CLOSE, HUB).then({CASE: [CaseClosed(episode=EPISODE)]})


def test_a_case_with_open_work_is_not_put_away() -> None:
    answered = given(OPENED, ASSIGNED, CONCLUDED, SUBMITTED, APPROVED, DELIVERED)
    assert answered.when(CLOSE, HUB).refuses(refusals.WorkStillOpen).facts == {"count": 1}
    afterwards = given(OPENED, ASSIGNED, RESOLVED, CONCLUDED)
    afterwards.when(CLOSE, HUB).refuses(refusals.WorkStillOpen)


def test_a_reopened_case_of_the_chairman_s_goes_back_to_its_body_in_his_name() -> None:
    theirs = replace(ASSIGNED, lead="SGTVT", authority=Authority.CHAIRMAN)
    reopen = ReopenCase(case=CASE, reason=sealed(3))
    decided = given(OPENED, theirs, RESOLVED).when(reopen, facts(datetime(2023, 1, 13, 2, tzinfo=UTC))).decided()
    assert decided[CASE][0].lead == "SGTVT"
    assert (decided[NEW_TASK][0].unit, decided[NEW_TASK][0].authority) == ("SGTVT", Authority.CHAIRMAN)


def test_a_lead_about_which_it_turned_out_to_be_does_not_get_it_back() -> None:
    about = replace(OPENED, concerns_units=("TCHCQT",))
    told = facts(datetime(2023, 1, 13, 2, tzinfo=UTC))
    decided = given(about, ASSIGNED, RESOLVED).when(ReopenCase(case=CASE, reason=sealed(3)), told).decided()
    assert (decided[CASE][0].lead, decided[CASE][0].task) == (None, None)
