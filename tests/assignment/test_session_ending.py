"""A dialogue ends: outcomes take effect, minutes are signed, conclusions issued, the session put away (R9, R14, R37)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.case.conflict import Acting
from services.assignment.domain.case.refusals import AboutThatPost, AboutThatUnit, AuthorityNotHeld, MergedAwayFromConflict
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.states import Stage
from shared.contracts.case import (
    Authority,
    CaseClosed,
    CaseDirected,
    CaseDiverted,
    CaseDueSet,
    CaseForwarded,
    CaseMerged,
    CaseRejected,
    CaseResolved,
    CaseSubmitterAdded,
    CaseWithdrawn,
    Coordination,
    CoordinationSet,
    DueBase,
    Resolution,
)
from shared.contracts.document import DocumentKind
from shared.contracts.notice import Beside, ConclusionKind, DraftItem, IssuedItem, NoticeDrafted, NoticeIssued
from shared.contracts.opinion import DivertedKind, Kind, RejectionReason
from shared.contracts.roles import Role
from shared.contracts.session import (
    AgendaKind,
    AttendanceAssigned,
    MinutesSigned,
    Outcome,
    SessionClosed,
    SessionConcluded,
    SessionItemSplit,
)
from shared.contracts.task import TaskCancelled, TaskCompleted, TaskDueSet
from tests.assignment.named_papers import signed_paper
from tests.assignment.sittings import (
    AT_BRIEFING,
    ATTENDING,
    BEGUN,
    CHAIRMANS,
    CHAIRMANS_DAY,
    CONFERENCE_DAY,
    HELD,
    MEETING,
    NOTICE,
    PERIODIC,
    PRESENT,
    PROGRAMME,
    announced,
    answered,
    answering,
    attend,
    became,
    case,
    chairman,
    drafting,
    due,
    episode,
    history,
    linked,
    on_the_day,
    opened,
    raised,
    task,
    told,
    waiting,
)
from tests.assignment.stage import DUE, SESSION
from tests.contracts.examples import example
from tests.support.scenario import Given, sealed

BEFORE = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), linked(1), BEGUN, PRESENT)
OF_THE_DAY = told(CONFERENCE_DAY)
HOLD = asked.HoldSession(session=SESSION)
SIGN = asked.SignMinutes(session=SESSION, document="document-00000000000000000001")
CONCLUDE = asked.ConcludeInMeeting(session=SESSION)
CLOSE = asked.CloseSession(session=SESSION)
SIGNED = MinutesSigned(document=None, cases=(case(1),))
CONCLUDED = SessionConcluded(notice=NOTICE, meeting=None)
TOGETHER = "task-00000000000000000301"
ASIDE = "task-00000000000000000302"
ASKED_OF = Coordination(unit="TH", task=TOGETHER, due=DUE)


def holding(*then: Any, beside: dict[str, Any]) -> Given:
    return history(*BEFORE, *then, beside=beside)


def resolved(n: int, how: Resolution) -> CaseResolved:
    return CaseResolved(episode=episode(n), how=how, due=DUE)


ENDINGS: dict[Outcome, tuple[dict[str, Any], Any]] = {
    Outcome.ANSWERED: ({"answer": sealed(3)}, resolved(1, Resolution.ON_THE_SPOT)),
    Outcome.TAKEN_ON_BOARD: ({}, resolved(1, Resolution.TAKEN_ON_BOARD)),
    Outcome.NOT_ACCEPTED: (
        {"reason": RejectionReason.SESSION_RULES},
        CaseRejected(episode=episode(), reason=RejectionReason.SESSION_RULES, note=None),
    ),
    Outcome.PASSED_ON: ({"to": "SGTVT"}, CaseForwarded(episode=episode(), to="SGTVT", note=None)),
    Outcome.WITHDRAWN: ({}, CaseWithdrawn(episode=episode(), note=None)),
}


@pytest.mark.parametrize("what", list(ENDINGS))
def test_when_it_is_held_every_outcome_takes_effect_in_the_same_append(what: Outcome) -> None:
    said, ending = ENDINGS[what]
    given = holding(became(1, what, **said), beside=waiting(1, kind=Kind.SUGGESTION))
    given.when(HOLD, OF_THE_DAY).then({SESSION: [HELD], case(1): [ending]})


def test_a_complaint_goes_to_its_own_procedure() -> None:
    given = holding(became(1, Outcome.PASSED_ON, to="TH", diverted=DivertedKind.COMPLAINT), beside=waiting())
    diverted = CaseDiverted(episode=episode(), kind=DivertedKind.COMPLAINT, to="TH")
    given.when(HOLD, OF_THE_DAY).then({SESSION: [HELD], case(1): [diverted]})


def test_a_merged_opinion_hangs_on_the_one_it_went_into() -> None:
    outcomes = (raised(2), became(1, Outcome.ANSWERED, answer=sealed(3)), became(2, Outcome.MERGED, into=case(1)))
    given = holding(*outcomes, beside={**waiting(1), **waiting(2)})
    given.when(HOLD, OF_THE_DAY).then(
        {
            SESSION: [HELD],
            case(1): [resolved(1, Resolution.ON_THE_SPOT), CaseSubmitterAdded(merged=case(2))],
            case(2): [CaseMerged(episode=episode(2), into=case(1))],
        }
    )


def test_what_had_been_merged_into_it_before_goes_along() -> None:
    with_others = {case(2): [*waiting(2)[case(2)], CaseSubmitterAdded(merged=case(7))]}
    outcomes = (linked(2), became(1, Outcome.WITHDRAWN), became(2, Outcome.MERGED, into=case(3)))
    given = holding(*outcomes, beside={**waiting(1), **with_others, case(3): [opened(3)]})
    joined = given.when(HOLD, OF_THE_DAY).decided()[case(3)]
    assert joined == [CaseSubmitterAdded(merged=case(2)), CaseSubmitterAdded(merged=case(7))]


def test_merged_away_meanwhile_the_survivor_takes_nothing_in() -> None:
    gone = {case(2): [opened(2), CaseMerged(episode=episode(2), into=case(1))]}
    given = holding(became(1, Outcome.MERGED, into=case(2)), beside={**waiting(1), **gone})
    given.when(HOLD, OF_THE_DAY).refuses(refusals.MergedInACircle)


@pytest.mark.parametrize(("what", "settled"), [(Outcome.TAKEN_ON_BOARD, True), (Outcome.NOT_ACCEPTED, False)])
def test_the_work_on_an_answer_ends_with_the_opinion_that_of_co_ordinating_units_too(what: Outcome, *, settled: bool) -> None:
    said, ending = ENDINGS[what]
    cases = drafting(1, kind=Kind.SUGGESTION)
    helped = [*cases[case(1)], CoordinationSet(episode=episode(1), coordinating=(ASKED_OF,))]
    beside = {**cases, case(1): helped, TOGETHER: [replace(answering(1), unit="TH")]}
    over: Any = (lambda unit: TaskCompleted(unit=unit)) if settled else (lambda unit: TaskCancelled(unit=unit, reason=None))
    holding(became(1, what, **said), beside=beside).when(HOLD, OF_THE_DAY).then(
        {SESSION: [HELD], case(1): [ending], task(1): [over("TCHCQT")], TOGETHER: [over("TH")]}
    )


def test_what_is_directed_goes_on_ten_working_days_from_the_direction_and_so_does_its_answer() -> None:
    given = holding(became(1, Outcome.DIRECTED, direction=sealed(3)), beside=answered(1))
    new = due(CONFERENCE_DAY, 10, "answer")
    given.when(HOLD, OF_THE_DAY).then(
        {
            SESSION: [HELD],
            case(1): [
                CaseDirected(
                    episode=episode(1), author="p-chief", authority=Authority.HEAD, direction=sealed(3), session=SESSION
                ),
                CaseDueSet(episode=episode(1), base=DueBase.DIRECTION, due=new),
            ],
            task(1): [TaskDueSet(unit="TCHCQT", due=new)],
        }
    )


def test_what_the_chairman_directs_he_directs_in_his_own_name() -> None:
    session = (CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), BEGUN, PRESENT, raised(1))
    given = history(*session, became(1, Outcome.DIRECTED, direction=sealed(3)), beside=waiting(1))
    directed, _ = given.when(HOLD, chairman(CHAIRMANS_DAY)).decided()[case(1)]
    assert (directed.author, directed.authority) == ("p-chairman", Authority.CHAIRMAN)


def test_what_was_withdrawn_on_the_day_has_its_ending_already() -> None:
    withdrawn = {case(1): [*waiting(1)[case(1)], CaseWithdrawn(episode=episode(1), note=None)]}
    given = holding(became(1, Outcome.WITHDRAWN), beside=withdrawn)
    given.when(HOLD, OF_THE_DAY).then({SESSION: [HELD]})


def test_withdrawn_after_its_outcome_was_recorded_it_is_recorded_anew() -> None:
    withdrawn = {case(1): [*waiting(1)[case(1)], CaseWithdrawn(episode=episode(1), note=None)]}
    given = holding(became(1, Outcome.DIRECTED, direction=sealed(3)), beside=withdrawn)
    given.when(HOLD, OF_THE_DAY).refuses(refusals.OutcomeAgainstEnding)


def test_whoever_was_to_attend_has_done_so() -> None:
    session = (PERIODIC, AttendanceAssigned(unit="TH", people=(), task=ATTENDING), *BEFORE[1:3], BEGUN, PRESENT)
    given = history(*session, beside={ATTENDING: [attend(CONFERENCE_DAY)]})
    given.when(HOLD, OF_THE_DAY).then({SESSION: [HELD], ATTENDING: [TaskCompleted(unit="TH")]})


def test_nothing_raised_is_dropped_every_opinion_has_its_outcome_first() -> None:
    given = holding(raised(2), became(1, Outcome.WITHDRAWN), beside={**waiting(1), **waiting(2)})
    refused = given.when(HOLD, OF_THE_DAY).refuses(refusals.OutcomesMissing)
    assert refused.facts == {"count": 1, "cases": case(2)}


def test_the_parts_of_a_matter_that_was_split_take_its_place_and_each_has_its_outcome() -> None:
    children = (case(5), case(6))
    split = (became(1, Outcome.WITHDRAWN), SessionItemSplit(case=case(1), children=children))
    given = holding(*split, beside={**waiting(5), **waiting(6)})
    refused = given.when(HOLD, OF_THE_DAY).refuses(refusals.OutcomesMissing)
    assert refused.facts == {"count": 2, "cases": ", ".join(children)}


def test_it_does_not_end_before_those_present_were_counted() -> None:
    given = history(*BEFORE[:-1], became(1, Outcome.WITHDRAWN), beside=waiting())
    given.when(HOLD, OF_THE_DAY).refuses(refusals.AttendanceMissing)


def test_a_briefing_at_which_nothing_was_put_is_no_dialogue() -> None:
    history(AT_BRIEFING, BEGUN, PRESENT).when(HOLD, OF_THE_DAY).refuses(refusals.NothingPut)
    history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), BEGUN, PRESENT).when(HOLD, OF_THE_DAY).then({SESSION: [HELD]})


def test_held_once_it_is_held() -> None:
    holding(HELD, beside=waiting()).when(HOLD, OF_THE_DAY).nothing()
    history(PERIODIC).when(HOLD, OF_THE_DAY).refuses(refusals.SessionNotInProgress)


# --- minutes and conclusions


def test_the_minutes_list_every_opinion_put_or_raised() -> None:
    session = (*BEFORE, raised(2), became(1, Outcome.WITHDRAWN), became(2, Outcome.WITHDRAWN), HELD)
    signed = MinutesSigned(document=SIGN.document, cases=(case(1), case(2)))
    paper = {"document-00000000000000000001": signed_paper(DocumentKind.MINUTES, SESSION)}
    history(*session, beside=paper).when(SIGN, OF_THE_DAY).then({SESSION: [signed]})
    history(*session, CONCLUDED, beside=paper).when(SIGN, OF_THE_DAY).then({SESSION: [signed]})
    history(*session, signed).when(SIGN, OF_THE_DAY).nothing()


def test_minutes_are_of_a_dialogue_that_was_held() -> None:
    history(*BEFORE).when(SIGN, OF_THE_DAY).refuses(refusals.SessionNotHeld)


def test_one_at_a_briefing_is_concluded_by_a_line_in_the_notice_of_the_briefing() -> None:
    given = history(AT_BRIEFING, BEGUN, HELD)
    line = SessionConcluded(notice=None, meeting=MEETING)
    given.when(CONCLUDE, OF_THE_DAY).then({SESSION: [line]})
    history(AT_BRIEFING, BEGUN, HELD, line).when(CONCLUDE, OF_THE_DAY).nothing()
    history(AT_BRIEFING, BEGUN).when(CONCLUDE, OF_THE_DAY).refuses(refusals.SessionNotHeld)


def test_one_in_full_form_has_a_notice_of_its_own() -> None:
    history(*BEFORE, HELD).when(CONCLUDE, OF_THE_DAY).refuses(refusals.NotShortForm)


# --- put away


def done(*then: Any, n: int = 1) -> dict[str, Any]:
    return {case(n): [*waiting(n)[case(n)], resolved(n, Resolution.ON_THE_SPOT), *then]}


def test_it_is_put_away_when_its_minutes_are_signed_and_nothing_of_it_is_open() -> None:
    history(*BEFORE, HELD, SIGNED, CONCLUDED, beside=done()).when(CLOSE, OF_THE_DAY).then({SESSION: [SessionClosed()]})
    put_away = done(CaseClosed(episode=episode()))
    history(*BEFORE, HELD, SIGNED, CONCLUDED, beside=put_away).when(CLOSE, OF_THE_DAY).then({SESSION: [SessionClosed()]})
    history(*BEFORE, HELD, SIGNED, CONCLUDED, SessionClosed()).when(CLOSE, OF_THE_DAY).nothing()


def test_one_at_a_briefing_needs_no_minutes_of_its_own() -> None:
    line = SessionConcluded(notice=None, meeting=MEETING)
    given = history(AT_BRIEFING, linked(1), BEGUN, HELD, line, beside=done())
    given.when(CLOSE, OF_THE_DAY).then({SESSION: [SessionClosed()]})


def test_it_is_not_put_away_before_its_conclusions_and_minutes() -> None:
    history(*BEFORE, HELD, SIGNED, beside=done()).when(CLOSE, OF_THE_DAY).refuses(refusals.SessionNotHeld)
    history(*BEFORE, HELD, CONCLUDED, beside=done()).when(CLOSE, OF_THE_DAY).refuses(refusals.MinutesMissing)


def test_it_is_not_put_away_while_an_opinion_or_a_task_of_its_notice_is_open() -> None:
    session = (*BEFORE, HELD, SIGNED, CONCLUDED)
    refused = history(*session, beside=answered(1)).when(CLOSE, OF_THE_DAY).refuses(refusals.WorkOpen)
    assert refused.facts == {"count": 1, "work": case(1)}
    # A conclusion about no opinion in particular gives work too.
    told_of: dict[str, Any] = {"number": 1, "kind": ConclusionKind.DIRECTS, "case": None, "unit": "TH"}
    by = on_the_day(date(2023, 3, 6))
    helping = Beside(unit="NC", task=ASIDE, due=by)
    item = IssuedItem(**told_of, coordinating=(helping,), episode=None, due=by, task=TOGETHER)
    drafted = NoticeDrafted(
        office="VPUB",
        authority=Authority.HEAD,
        session=SESSION,
        meeting=None,
        document=None,
        items=(DraftItem(**told_of, coordinating=("NC",), text=sealed(1), days=15, until=None),),
    )
    issued = replace(example(NoticeIssued), items=(item,))
    beside = {**done(), NOTICE: [drafted, issued], TOGETHER: [attend(CONFERENCE_DAY)]}
    refused = history(*session, beside=beside).when(CLOSE, OF_THE_DAY).refuses(refusals.WorkOpen)
    assert refused.facts == {"count": 1, "work": TOGETHER}
    # So does what a unit does beside the lead, which outlasts that.
    finished = {**beside, TOGETHER: [attend(CONFERENCE_DAY), TaskCompleted(unit="TH")]}
    still = {**finished, ASIDE: [replace(attend(CONFERENCE_DAY), unit="NC")]}
    refused = history(*session, beside=still).when(CLOSE, OF_THE_DAY).refuses(refusals.WorkOpen)
    assert refused.facts == {"count": 1, "work": ASIDE}
    history(*session, beside=finished).when(CLOSE, OF_THE_DAY).then({SESSION: [SessionClosed()]})


def test_each_step_of_the_end_leaves_its_stage() -> None:
    steps = (HELD, SIGNED, CONCLUDED, SessionClosed())
    stages = [history(*BEFORE, *steps[:n]).state(SESSION).stage for n in range(5)]
    assert stages == [Stage.IN_PROGRESS, Stage.HELD, Stage.HELD, Stage.CONCLUDED, Stage.CLOSED]


# --- who ends it


SECRETARY = told(CONFERENCE_DAY, person="p-secretary", capacity=Role.SECRETARY)


def test_a_direction_is_the_act_of_the_head_whoever_wrote_it_down() -> None:
    given = holding(became(1, Outcome.DIRECTED, direction=sealed(3)), beside=answered(1))
    for who in (SECRETARY, replace(SECRETARY, capacity=Role.DEPUTY)):
        given.when(HOLD, who).refuses(AuthorityNotHeld)
    session = (CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), BEGUN, PRESENT, raised(1))
    chairmans = history(*session, became(1, Outcome.DIRECTED, direction=sealed(3)), beside=waiting(1))
    chairmans.when(HOLD, told(CHAIRMANS_DAY, capacity=Role.SECRETARY)).refuses(AuthorityNotHeld)


def test_the_chairman_s_dialogue_is_prepared_and_run_by_his_people_alone() -> None:
    given = history(CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), BEGUN, PRESENT, raised(1), beside=waiting(1))
    steps = (
        asked.AnnounceSession(session=SESSION),
        asked.LinkCase(session=SESSION, case=case(1)),
        asked.UnlinkCase(session=SESSION, case=case(1)),
        asked.AssignAttendance(session=SESSION, unit="TH"),
        asked.ReportAnswers(session=SESSION),
        asked.PresentAgenda(session=SESSION, kind=AgendaKind.POLICY, content=sealed(1)),
        asked.RecordOutcome(session=SESSION, case=case(1), outcome=Outcome.WITHDRAWN),
        asked.RecordAttendance(session=SESSION, present=PRESENT.present),
        asked.CloseSession(session=SESSION),
    )
    for command in steps:
        for capacity in (Role.HUB, Role.CHIEF, Role.DEPUTY, Role.REGISTRY):
            given.when(command, told(CHAIRMANS_DAY, capacity=capacity)).refuses(refusals.NotOfThisTrack)


def test_the_chairman_s_dialogue_is_ended_by_his_people_and_the_head_s_not_by_him() -> None:
    chairmans = history(CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), BEGUN, PRESENT)
    for capacity in (Role.CHIEF, Role.DEPUTY, Role.HUB):
        refused = chairmans.when(HOLD, told(CHAIRMANS_DAY, capacity=capacity)).refuses(refusals.NotOfThisTrack)
        assert refused.facts == {"track": "B"}
    for capacity in (Role.CHAIRMAN, Role.CONTENT_DIVISION, Role.SECRETARY):
        chairmans.when(HOLD, told(CHAIRMANS_DAY, capacity=capacity)).then({SESSION: [HELD]})
    holding(beside={}).when(HOLD, chairman(CONFERENCE_DAY)).refuses(refusals.NotOfThisTrack)


def test_minutes_are_signed_by_whoever_holds_the_dialogue() -> None:
    chairmans = history(CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), BEGUN, PRESENT, HELD)
    sign = asked.SignMinutes(session=SESSION)
    for capacity in (Role.CHIEF, Role.DEPUTY):
        chairmans.when(sign, told(CHAIRMANS_DAY, capacity=capacity)).refuses(refusals.NotChairmans)
    signed = MinutesSigned(document=None, cases=())
    chairmans.when(sign, chairman(CHAIRMANS_DAY)).then({SESSION: [signed]})
    heads = history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), BEGUN, PRESENT, HELD)
    heads.when(sign, chairman(CONFERENCE_DAY)).refuses(refusals.NotChairmans)
    heads.when(sign, told(CONFERENCE_DAY, capacity=Role.DEPUTY)).then({SESSION: [signed]})


def test_where_nothing_is_directed_the_secretary_ends_it() -> None:
    given = holding(became(1, Outcome.ANSWERED, answer=sealed(3)), beside=answered(1))
    assert given.when(HOLD, SECRETARY).decided()[SESSION] == [HELD]


def test_nobody_below_the_head_ends_it_with_an_opinion_about_himself_or_his_unit() -> None:
    answered_there = became(1, Outcome.ANSWERED, answer=sealed(3))
    holding(answered_there, beside=answered(1, concerns_units=("CVP",))).when(HOLD, SECRETARY).refuses(AboutThatUnit)
    deputy = told(CONFERENCE_DAY, Acting, capacity=Role.DEPUTY, posts=frozenset({"PCVP"}))
    holding(answered_there, beside=answered(1, concerns_posts=("PCVP",))).when(HOLD, deputy).refuses(AboutThatPost)
    head = told(CONFERENCE_DAY, Acting, posts=frozenset({"CVP"}), head=True)
    about = {"concerns_units": ("CVP",), "concerns_posts": ("CVP",)}
    assert holding(answered_there, beside=answered(1, **about)).when(HOLD, head).decided()[SESSION] == [HELD]


def test_the_head_does_not_turn_away_criticism_of_himself_that_another_wrote_down() -> None:
    head = told(CONFERENCE_DAY, Acting, posts=frozenset({"CVP"}), head=True)
    turned_away = became(1, Outcome.NOT_ACCEPTED, reason=RejectionReason.UNCLEAR)
    holding(turned_away, beside=answered(1, concerns_posts=("CVP",))).when(HOLD, head).refuses(AboutThatPost)


def test_reclassified_since_it_is_not_merged_away_from_whom_it_is_about() -> None:
    given = holding(became(1, Outcome.MERGED, into=case(2)), beside={**answered(1, concerns_units=("TH",)), **waiting(2)})
    given.when(HOLD, OF_THE_DAY).refuses(MergedAwayFromConflict)
