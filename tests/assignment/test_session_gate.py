"""A dialogue opens on its day, with its answers reported or waived (R36, invariant 5)."""

from datetime import date

from services.assignment.domain.session import refusals
from shared.contracts.case import (
    CaseWithdrawn,
    PartyOpinionRecorded,
)
from shared.contracts.meeting import MeetingCancelled, MeetingHeld, MeetingMoved
from shared.contracts.roles import Role
from shared.contracts.session import (
    AnswersReported,
    SessionOpened,
)
from tests.assignment.preparations import FEB_7, OPEN, PUBLIC, PUT_OFF, PUT_OFF_WITHOUT_A_DAY, READY, REPORT, WAIVE, WAIVED
from tests.assignment.sittings import (
    AD_HOC,
    AT_BRIEFING,
    BEGUN,
    BRIEFING,
    CHAIRMANS,
    CHAIRMANS_DAY,
    CONFERENCE_DAY,
    MEETING,
    PERIODIC,
    PROGRAMME,
    SCHEDULED,
    announced,
    answered,
    case,
    chairman,
    drafting,
    episode,
    history,
    linked,
    raised,
    told,
    waiting,
)
from tests.assignment.stage import SESSION
from tests.support.scenario import sealed


def test_answers_are_reported_when_every_case_put_to_it_has_one() -> None:
    session = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), linked(1), linked(2))
    missing = history(*session, beside={**answered(1), **drafting(2)})
    refused = missing.when(REPORT, told(FEB_7)).refuses(refusals.AnswersMissing)
    assert refused.facts == {"count": 1, "cases": case(2)}
    complete = history(*session, beside={**answered(1), **answered(2)})
    complete.when(REPORT, told(FEB_7)).then({SESSION: [AnswersReported(cases=(case(1), case(2)))]})
    history(*READY, beside=answered()).when(REPORT, told(FEB_7)).nothing()


def test_what_the_chairmans_dialogue_is_to_answer_is_written_down_before_it_and_is_part_of_the_gate() -> None:
    session = (CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), raised(1))
    given = history(*session, beside=drafting(1, **PUBLIC))
    given.when(REPORT, told(date(2023, 8, 10), capacity=Role.CONTENT_DIVISION)).refuses(refusals.AnswersMissing)
    given.when(OPEN, chairman(CHAIRMANS_DAY)).refuses(refusals.AnswersMissing)
    in_the_room = history(*session, BEGUN, raised(2)).state(SESSION)
    assert [put.case for put in in_the_room.linked] == [case(1)]


def test_answers_are_reported_after_the_announcement_unless_there_need_be_none() -> None:
    history(PERIODIC, PROGRAMME).when(REPORT, told(FEB_7)).refuses(refusals.NotAnnounced)
    history(AD_HOC, PROGRAMME).when(REPORT, told(FEB_7)).then({SESSION: [AnswersReported(cases=())]})


def test_only_whoever_holds_it_waives_the_answers_and_only_before_it_begins() -> None:
    history(PERIODIC).when(WAIVE, told(FEB_7)).then({SESSION: [WAIVED]})
    history(PERIODIC, WAIVED).when(WAIVE, told(FEB_7)).nothing()
    history(CHAIRMANS).when(WAIVE, told(FEB_7)).refuses(refusals.NotChairmans)
    history(PERIODIC, PROGRAMME, BEGUN).when(WAIVE, told(FEB_7)).refuses(refusals.NothingToWaive)


def test_it_opens_on_its_day_with_programme_announcement_and_answers() -> None:
    for session, day, rule in (
        ((PERIODIC,), CONFERENCE_DAY, refusals.ProgrammeMissing),
        ((PERIODIC, PROGRAMME), CONFERENCE_DAY, refusals.NotAnnounced),
        ((PERIODIC, PROGRAMME, announced(CONFERENCE_DAY)), FEB_7, refusals.NotYetDay),
        ((PERIODIC, PROGRAMME, PUT_OFF_WITHOUT_A_DAY), CONFERENCE_DAY, refusals.DayUnknown),
        ((PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), PUT_OFF), date(2023, 7, 20), refusals.NotAnnounced),
    ):
        history(*session).when(OPEN, told(day)).refuses(rule)
    history(*READY, beside=answered()).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})
    history(*READY, BEGUN).when(OPEN, told(CONFERENCE_DAY)).nothing()


def test_an_answer_sent_back_after_the_report_closes_the_gate_again_unless_it_is_waived() -> None:
    history(*READY, beside=drafting()).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.AnswersMissing)
    history(*READY, WAIVED, beside=drafting()).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_a_waiver_is_for_the_day_it_was_given_for() -> None:
    session = (PERIODIC, PROGRAMME, linked(), WAIVED, PUT_OFF, announced(date(2023, 7, 20)))
    given = history(*session, beside=drafting())
    given.when(OPEN, told(date(2023, 7, 20))).refuses(refusals.AnswersMissing)


def test_a_case_withdrawn_on_the_day_does_not_keep_the_gate_closed() -> None:
    withdrawn = {case(): [*waiting()[case()], CaseWithdrawn(episode=episode(), note=None)]}
    history(*READY, beside=withdrawn).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_where_the_party_committee_leads_its_opinion_comes_first_and_is_not_waived() -> None:
    cases = answered(field="danh-gia-can-bo")
    for session in (READY, (*READY, WAIVED)):
        refused = history(*session, beside=cases).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.PartyOpinionsMissing)
        assert refused.facts == {"count": 1, "cases": case()}
    spoken = {**cases, case(): [*cases[case()], PartyOpinionRecorded(episode=episode(), opinion=sealed(8))]}
    history(*READY, beside=spoken).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_an_ad_hoc_dialogue_opens_without_announcement_and_one_at_a_briefing_without_anything() -> None:
    history(AD_HOC, PROGRAMME).when(OPEN, told(AD_HOC.scheduled)).then({SESSION: [SessionOpened()]})
    history(AD_HOC).when(OPEN, told(AD_HOC.scheduled)).refuses(refusals.ProgrammeMissing)
    at_briefing = history(AT_BRIEFING, linked(), beside=waiting())
    at_briefing.when(OPEN, told(AT_BRIEFING.scheduled)).then({SESSION: [SessionOpened()]})


def test_a_periodic_dialogue_opens_at_its_meeting_and_not_where_that_fell_away() -> None:
    begun = {SESSION: [SessionOpened()]}
    moved, off = MeetingMoved(on=date(2023, 2, 17), reason=None), MeetingCancelled(reason=sealed(6))
    for on_meeting in ((SCHEDULED,), (SCHEDULED, MeetingHeld())):
        at = {MEETING: on_meeting, **answered()}
        history(*READY, beside=at).when(OPEN, told(CONFERENCE_DAY)).then(begun)
    for fell_away in (moved, off):
        at = {MEETING: (SCHEDULED, fell_away), **answered()}
        refused = history(*READY, beside=at).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.MeetingFellAway)
        assert refused.facts == {"meeting": MEETING}
    short = history(AT_BRIEFING, beside={MEETING: [BRIEFING, off]})
    short.when(OPEN, told(AT_BRIEFING.scheduled)).refuses(refusals.MeetingFellAway)
