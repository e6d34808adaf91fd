"""A case from referral to the end of each episode; its task moves in the same append."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.assignment.domain.calendar.decider import NoCalendarYet
from services.assignment.domain.case.answering import Declining
from services.assignment.domain.case.commands import (
    ApproveAnswer,
    AssignCase,
    CloseCase,
    DeclineReopening,
    DeliverAnswer,
    OpenCase,
    ReopenCase,
    ReturnAnswer,
    SubmitAnswer,
    WordsInVault,
)
from services.assignment.domain.case.conflict import Acting
from services.assignment.domain.case.refusals import (
    AlreadyAssigned,
    AlreadyResolved,
    AnswerStands,
    AuthorityNotHeld,
    BeforeReceipt,
    ConclusionMissing,
    NotApproved,
    NotAssigned,
    NothingSubmitted,
    NothingWished,
    NotResolved,
    ReviewerIsDrafter,
    UnderReview,
)
from services.assignment.domain.directory.refusals import LeadOutsideOffice, UnknownUnit
from shared.calendar import OutsideCalendar
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerReturned,
    AnswerSubmitted,
    Authority,
    CaseAssigned,
    CaseClosed,
    CaseConcluded,
    CaseDiverted,
    CaseForwarded,
    CaseHandedBack,
    CaseRejected,
    CaseReopened,
    CaseResolved,
    CaseWithdrawn,
    Means,
    ReopeningDeclined,
    Resolution,
)
from shared.contracts.directory import UnitDissolved
from shared.contracts.opinion import DivertedKind, RejectionReason
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.contracts.task import RevisionRequested, TaskCompleted, TaskReturned, TaskSubmitted
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CALENDAR,
    CASE,
    CHAIRMAN,
    DELIVERED,
    DEPUTY,
    DUE,
    EPISODE,
    HUB,
    NEW_TASK,
    OPENED,
    OPINION,
    RECEIVED,
    RESOLVED,
    SECOND_EPISODE,
    SUBMITTED,
    TASK,
    WORK,
    facts,
    given,
    unit,
)
from tests.support.scenario import sealed

ASSIGN = AssignCase(case=CASE, lead="TCHCQT")
SUBMIT = SubmitAnswer(case=CASE, answer=sealed(1), solution=sealed(2))
RETURN = ReturnAnswer(case=CASE, reason=sealed(5))
APPROVE = ApproveAnswer(case=CASE)
DELIVER = DeliverAnswer(case=CASE, means=Means.LETTER)
CLOSE = CloseCase(case=CASE)
REOPEN = ReopenCase(case=CASE, reason=sealed(6))
SPECIALIST = facts(person="p-specialist", unit="TCHCQT", capacity=Role.SPECIALIST)

WAITING = given(OPENED)
DRAFTING = given(OPENED, ASSIGNED, task=[WORK])
UNDER_APPROVAL = given(OPENED, ASSIGNED, SUBMITTED, task=[WORK, TaskSubmitted(unit="TCHCQT", by="p-specialist")])
STANDING = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, task=[WORK, TaskSubmitted(unit="TCHCQT", by="p-specialist")])
ANSWERED = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, task=[WORK, TaskCompleted(unit="TCHCQT")])
UNFLAGGED = given(replace(OPENED, flags=()), ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
PUT_AWAY = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, CaseClosed(episode=EPISODE))


def open_case() -> OpenCase:
    return OpenCase(
        case=CASE,
        opinion=OPINION,
        episode=EPISODE,
        office="VPUB",
        unit="TH",
        source_group=OPENED.source_group,
        channel=OPENED.channel,
        locality=None,
        kind=OPENED.kind,
        field=OPENED.field,
        flags=OPENED.flags,
        concerns_units=(),
        concerns_posts=(),
        due=DUE,
        received_at=RECEIVED,
        words=WordsInVault(ref=OPENED.words.ref, digest=OPENED.words.digest),
        hidden=False,
    )


def test_a_referred_opinion_becomes_a_case_with_its_due_date_and_the_reference_of_its_words() -> None:
    given().when(open_case()).then({CASE: [OPENED]})


def test_opening_a_case_twice_changes_nothing() -> None:
    WAITING.when(open_case()).nothing()


def test_the_head_gives_a_case_and_its_task_in_one_append_with_the_opinion_s_due_date() -> None:
    WAITING.when(ASSIGN).then(
        {
            CASE: [CaseAssigned(episode=EPISODE, lead="TCHCQT", authority=Authority.HEAD, task=NEW_TASK, due=DUE)],
            NEW_TASK: [WORK],
        }
    )


def test_giving_it_to_the_same_unit_again_changes_nothing() -> None:
    DRAFTING.when(ASSIGN).nothing()
    UNDER_APPROVAL.when(ASSIGN).nothing()


def test_a_case_has_one_lead_unit_at_a_time() -> None:
    DRAFTING.when(AssignCase(case=CASE, lead="TH")).refuses(AlreadyAssigned)


@pytest.mark.parametrize("lead", ["SGTVT", "MS1", "VPUB"])
def test_a_head_gives_work_only_to_a_unit_of_his_own_office(lead: str) -> None:
    WAITING.when(AssignCase(case=CASE, lead=lead)).refuses(LeadOutsideOffice, "lead")


def test_a_unit_nobody_registered_is_given_nothing() -> None:
    WAITING.when(AssignCase(case=CASE, lead="NOWHERE")).refuses(UnknownUnit, "lead")


def test_a_unit_is_given_work_only_while_it_is_in_force() -> None:
    refused = WAITING.when(AssignCase(case=CASE, lead="CU")).refuses(UnitNotInForce, "lead")
    assert refused.facts == {"unit": "CU", "day": "2023-01-11"}
    later = replace(unit("MOI"), valid_from=date(2023, 1, 12))
    given(OPENED, more={"unit-MOI": [later]}).when(AssignCase(case=CASE, lead="MOI")).refuses(UnitNotInForce, "lead")


def test_the_local_day_decides_whether_a_unit_is_in_force() -> None:
    begins = replace(unit("MOI"), valid_from=date(2023, 1, 12))
    evening_in_utc = facts(datetime(2023, 1, 11, 17, tzinfo=UTC))
    decided = given(OPENED, more={"unit-MOI": [begins]}).when(AssignCase(case=CASE, lead="MOI"), evening_in_utc).decided()
    assert set(decided) == {CASE, NEW_TASK}


def test_the_chairman_s_name_is_not_the_head_s_to_use() -> None:
    WAITING.when(AssignCase(case=CASE, lead="TCHCQT", authority=Authority.CHAIRMAN)).refuses(AuthorityNotHeld)


def test_what_is_answered_in_the_chairman_s_name_he_clears_and_nobody_for_him() -> None:
    his = given(OPENED, replace(ASSIGNED, authority=Authority.CHAIRMAN), SUBMITTED, task=[WORK])
    for command in (APPROVE, RETURN):
        for who in (facts(), DEPUTY):
            his.when(command, who).refuses(AuthorityNotHeld)
        assert his.when(command, CHAIRMAN).decided()
        UNDER_APPROVAL.when(command, CHAIRMAN).refuses(AuthorityNotHeld)


def test_the_lead_unit_submits_an_answer_and_its_task_with_it() -> None:
    DRAFTING.when(SUBMIT, SPECIALIST).then({CASE: [SUBMITTED], TASK: [TaskSubmitted(unit="TCHCQT", by="p-specialist")]})


def test_drafts_are_numbered_within_the_episode() -> None:
    returned = AnswerReturned(episode=EPISODE, draft=1, reviewer="p-chief", reason=sealed(5))
    again = given(OPENED, ASSIGNED, SUBMITTED, returned, task=[WORK]).when(SUBMIT, SPECIALIST).decided()
    assert again[CASE] == [replace(SUBMITTED, draft=2)]


def test_a_returned_draft_asks_the_unit_for_a_revision() -> None:
    UNDER_APPROVAL.when(RETURN).then(
        {
            CASE: [AnswerReturned(episode=EPISODE, draft=1, reviewer="p-chief", reason=sealed(5))],
            TASK: [RevisionRequested(unit="TCHCQT", reason=sealed(5))],
        }
    )


def test_an_approved_draft_stands() -> None:
    UNDER_APPROVAL.when(APPROVE).then({CASE: [AnswerApproved(episode=EPISODE, draft=1, reviewer="p-chief")]})
    STANDING.when(APPROVE).nothing()


@pytest.mark.parametrize("command", [APPROVE, RETURN])
def test_nobody_reviews_a_draft_of_his_own(command: object) -> None:
    UNDER_APPROVAL.when(command, facts(person="p-specialist")).refuses(ReviewerIsDrafter)


def test_a_delivered_answer_resolves_the_case_and_completes_the_task_in_one_append() -> None:
    STANDING.when(DELIVER, SPECIALIST).then(
        {
            CASE: [
                AnswerDelivered(episode=EPISODE, draft=1, means=Means.LETTER),
                CaseResolved(episode=EPISODE, how=Resolution.WRITTEN, due=DUE),
            ],
            TASK: [TaskCompleted(unit="TCHCQT")],
        }
    )
    ANSWERED.when(DELIVER, SPECIALIST).nothing()


@pytest.mark.parametrize(
    ("history", "command", "rule"),
    [
        (given(), ASSIGN, Unknown),
        (given(), SUBMIT, Unknown),
        (WAITING, SUBMIT, NotAssigned),
        (WAITING, RETURN, NothingSubmitted),
        (WAITING, APPROVE, NothingSubmitted),
        (WAITING, DELIVER, NothingSubmitted),
        (WAITING, CLOSE, NotResolved),
        (WAITING, REOPEN, NotResolved),
        (DRAFTING, APPROVE, NothingSubmitted),
        (DRAFTING, RETURN, NothingSubmitted),
        (DRAFTING, DELIVER, NothingSubmitted),
        (DRAFTING, CLOSE, NotResolved),
        (UNDER_APPROVAL, SUBMIT, UnderReview),
        (UNDER_APPROVAL, DELIVER, NotApproved),
        (UNDER_APPROVAL, REOPEN, NotResolved),
        (STANDING, SUBMIT, AnswerStands),
        (STANDING, RETURN, AnswerStands),
        (STANDING, CLOSE, NotResolved),
        (ANSWERED, ASSIGN, AlreadyResolved),
        (ANSWERED, SUBMIT, AlreadyResolved),
        (ANSWERED, RETURN, AlreadyResolved),
        (ANSWERED, APPROVE, AlreadyResolved),
        (PUT_AWAY, ASSIGN, AlreadyResolved),
        (PUT_AWAY, SUBMIT, AlreadyResolved),
    ],
)
def test_what_comes_out_of_order_is_refused_by_the_rule_it_breaks(history: object, command: object, rule: type[Refused]) -> None:
    history.when(command).refuses(rule)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "ending",
    [
        CaseRejected(episode=EPISODE, reason=RejectionReason.OUTSIDE_COMPETENCE, note=None),
        CaseForwarded(episode=EPISODE, to="SGTVT", note=None),
        CaseDiverted(episode=EPISODE, kind=DivertedKind.COMPLAINT, to="SGTVT"),
    ],
)
def test_a_flagged_matter_that_this_office_did_not_settle_is_put_away_without_a_conclusion(ending: object) -> None:
    given(OPENED, ASSIGNED, ending).when(CLOSE).then({CASE: [CaseClosed(episode=EPISODE)]})


@pytest.mark.parametrize("how", list(Resolution))
def test_a_flagged_matter_that_it_settled_in_whatever_way_is_not(how: Resolution) -> None:
    given(OPENED, ASSIGNED, replace(RESOLVED, how=how)).when(CLOSE).refuses(ConclusionMissing)


def test_a_resolved_case_is_closed_once() -> None:
    UNFLAGGED.when(CLOSE).then({CASE: [CaseClosed(episode=EPISODE)]})
    PUT_AWAY.when(CLOSE).nothing()


def test_a_flagged_matter_is_put_away_only_with_a_conclusion() -> None:
    ANSWERED.when(CLOSE).refuses(ConclusionMissing)
    concluded = CaseConcluded(episode=EPISODE, notice="notice-00000000000000000001", item=1, unit=None, task=None)
    given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, concluded).when(CLOSE).then(
        {CASE: [CaseClosed(episode=EPISODE)]}
    )


@pytest.mark.parametrize("history", [ANSWERED, PUT_AWAY])
def test_a_reopened_case_is_a_new_episode_with_its_lead_and_a_due_date_counted_from_the_reopening(history: object) -> None:
    # 13/01/2023 + 10 working days over Tết (domain brief §2.2).
    told = facts(datetime(2023, 1, 13, 2, tzinfo=UTC))
    decided = history.when(REOPEN, told).decided()  # type: ignore[attr-defined]
    reopened = decided[CASE][0]
    assert reopened == CaseReopened(
        episode=SECOND_EPISODE,
        previous=EPISODE,
        reason=sealed(6),
        field=OPENED.field,
        lead="TCHCQT",
        task=NEW_TASK,
        due=reopened.due,
    )
    assert (reopened.due.day, reopened.due.start) == (date(2023, 2, 3), date(2023, 1, 13))
    assert (reopened.due.calendar, reopened.due.rule) == ("2023.1", "answer")
    assert decided[NEW_TASK] == [replace(WORK, episode=SECOND_EPISODE, due=reopened.due)]


def test_a_reopened_case_is_answered_in_its_own_episode_with_drafts_from_one() -> None:
    told = facts(datetime(2023, 1, 13, 2, tzinfo=UTC))
    reopened = ANSWERED.when(REOPEN, told).decided()
    again = given(
        OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, *reopened[CASE], more={NEW_TASK: reopened[NEW_TASK]}
    )
    later = facts(told.at + timedelta(days=1), person="p-specialist")
    decided = again.when(SUBMIT, later).decided()
    assert decided[CASE] == [replace(SUBMITTED, episode=SECOND_EPISODE)]
    assert list(decided) == [CASE, NEW_TASK]


def test_a_lead_that_was_dissolved_meanwhile_does_not_get_the_reopened_case() -> None:
    gone = {"unit-TCHCQT": [unit("TCHCQT"), UnitDissolved(unit="TCHCQT", valid_from=date(2023, 1, 12))]}
    history = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, more=gone)
    decided = history.when(REOPEN, facts(datetime(2023, 1, 13, 2, tzinfo=UTC))).decided()
    assert (decided[CASE][0].lead, decided[CASE][0].task) == (None, None)
    assert NEW_TASK not in decided
    waiting = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, *decided[CASE])
    assert waiting.when(AssignCase(case=CASE, lead="TH"), facts(datetime(2023, 1, 13, 3, tzinfo=UTC))).decided()[CASE]


def test_nothing_is_reopened_before_a_calendar_is_published_or_outside_it() -> None:
    given(OPENED, ASSIGNED, RESOLVED, more={CALENDAR: []}).when(REOPEN).refuses(NoCalendarYet)
    given(OPENED, ASSIGNED, RESOLVED).when(REOPEN, facts(datetime(2024, 2, 1, tzinfo=UTC))).refuses(OutsideCalendar)


def test_nothing_happens_to_an_opinion_before_it_was_received() -> None:
    early = facts(RECEIVED - timedelta(seconds=1))
    refused = WAITING.when(ASSIGN, early).refuses(BeforeReceipt, "occurred_at")
    assert refused.facts == {"earliest": "2023-01-09"}


def test_nothing_happens_in_an_episode_before_the_day_it_began() -> None:
    reopened = ANSWERED.when(REOPEN, facts(datetime(2023, 1, 13, 2, tzinfo=UTC))).decided()
    history = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, *reopened[CASE])
    history.when(SUBMIT, facts(datetime(2023, 1, 12, 2, tzinfo=UTC))).refuses(BeforeReceipt, "occurred_at")


def test_a_case_handed_back_waits_and_keeps_counting_its_drafts() -> None:
    back = CaseHandedBack(episode=EPISODE, lead="TCHCQT", task=TASK, reason=sealed(5))
    returned = AnswerReturned(episode=EPISODE, draft=1, reviewer="p-chief", reason=sealed(5))
    history = (OPENED, ASSIGNED, SUBMITTED, returned, back)
    given(*history).when(SUBMIT).refuses(NotAssigned)
    to_th = CaseAssigned(episode=EPISODE, lead="TH", authority=Authority.HEAD, task=NEW_TASK, due=DUE)
    decided = given(*history, to_th, task=[WORK, TaskReturned(unit="TCHCQT", reason=sealed(5))]).when(SUBMIT).decided()
    assert isinstance(decided[CASE][0], AnswerSubmitted)
    assert decided[CASE][0].draft == 2


def test_a_matter_is_not_taken_up_again_for_a_reason_however_it_ended() -> None:
    decline = DeclineReopening(case=CASE, reason=sealed(6))
    declined = ReopeningDeclined(episode=EPISODE, reason=sealed(6))
    wanted = declining(wanted=True)
    for ended in ((RESOLVED,), (RESOLVED, CaseClosed(episode=EPISODE)), (CaseWithdrawn(episode=EPISODE, note=None),)):
        given(OPENED, *ended).when(decline, wanted).then({CASE: [declined]})
        given(OPENED, *ended).when(decline, declining(wanted=False)).refuses(NothingWished)
    given(OPENED, RESOLVED, declined).when(decline, wanted).then({CASE: [declined]})  # of what was wanted once more
    UNDER_APPROVAL.when(decline, wanted).refuses(NotResolved)


def declining(*, wanted: bool) -> Declining:
    """What the hub is told of a matter that its speaker wished to be taken up again, or did not."""
    told = {field.name: getattr(HUB, field.name) for field in fields(Acting)}
    return Declining(**told, wanted=wanted)
