"""A dialogue is proposed: three triggers and their rules, modes, short form, what it hangs on (R21-R25, invariant 4)."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.directory.refusals import UnknownField
from services.assignment.domain.session import proposing_refusals as refusals
from services.assignment.domain.session.commands import ProposeSession
from services.assignment.domain.session.proposing import Proposing
from services.assignment.domain.session.refusals import DayPassed, NotOfThisTrack
from shared.contracts.meeting import MeetingCancelled, MeetingKind, MeetingMoved
from shared.contracts.plan import Named, PlanClosed, PlannedDialogueUsed
from shared.contracts.proposal import ProposalLinked
from shared.contracts.refusals import Unknown
from shared.contracts.request import RequestAccepted, RequestWithdrawn
from shared.contracts.roles import Role
from shared.contracts.session import Mode, Origin, SessionCancelled, SessionProposed, Track, Trigger
from tests.assignment.sittings import (
    AD_HOC,
    AGREED,
    ASKED,
    AT_BRIEFING,
    BRIEFING,
    BROUGHT,
    CHAIRMANS,
    CONFERENCE_OF_PLAN,
    DENIED,
    GRANTED,
    IN_FORCE,
    MEETING,
    ON_REQUEST,
    OTHER_PROPOSAL,
    PERIODIC,
    PLAN,
    PLAN_DRAFTED,
    PROPOSAL,
    REQUEST,
    SCHEDULED,
    chairman,
    history,
    told,
)
from tests.assignment.stage import SESSION
from tests.support.scenario import Given, sealed

EARLIER = "session-00000000000000000009"
CALLED_OFF = [ON_REQUEST, SessionCancelled(reason=sealed(1))]
WHEN = told(date(2023, 1, 5), Proposing, session=SESSION)
HIS_SIDE = chairman(date(2023, 1, 5), Proposing, session=SESSION)
BESIDE: dict[str, Sequence[Any]] = {
    MEETING: [SCHEDULED],
    REQUEST: [ASKED],
    PROPOSAL: AGREED,
    OTHER_PROPOSAL: AGREED,
    PLAN: IN_FORCE,
}
OF_PLAN, OF_PLAN_STREAM = Named(plan=PLAN, number=2), "planned_dialogue-VPUB-2023-2"
USED = PlannedDialogueUsed(plan=PLAN, number=2, session=SESSION)
STANDING = history(beside=BESIDE)


def asked(was: SessionProposed, **changed: Any) -> ProposeSession:
    """The command that proposes it."""
    told_of = {field.name: getattr(was, field.name) for field in fields(was)}
    planned = OF_PLAN if was.origin is Origin.PLAN else None
    return ProposeSession(**{**told_of, "planned": planned, **changed})


def of_its_side(command: ProposeSession) -> Any:
    """Asked by whoever prepares a dialogue of that track."""
    return HIS_SIDE if command.track is Track.CHAIRMAN else WHEN


def with_meeting(*events: Any) -> Given:
    return history(beside={**BESIDE, MEETING: events})


def test_a_periodic_dialogue_is_with_staff_about_all_fields_at_a_meeting() -> None:
    STANDING.when(asked(PERIODIC), WHEN).then({SESSION: [PERIODIC], OF_PLAN_STREAM: [USED]})


def test_a_planned_dialogue_is_one_that_the_plan_in_force_names() -> None:
    for plan in (IN_FORCE[:1], [*IN_FORCE, PlanClosed()], [replace(PLAN_DRAFTED, dialogues=()), IN_FORCE[1]]):
        given = history(beside={**BESIDE, PLAN: plan})
        given.when(asked(PERIODIC), WHEN).refuses(refusals.NotInPlan, "planned")
    STANDING.when(asked(PERIODIC, planned=replace(OF_PLAN, number=3)), WHEN).refuses(refusals.NotInPlan, "planned")
    STANDING.when(asked(AD_HOC, origin=Origin.PLAN, planned=OF_PLAN), WHEN).refuses(refusals.NotInPlan, "planned")
    study = replace(SCHEDULED, kind=MeetingKind.DOCUMENT_STUDY)
    with_meeting(study).when(asked(PERIODIC), WHEN).refuses(refusals.NotInPlan, "planned")
    whatever = replace(PLAN_DRAFTED, dialogues=(replace(CONFERENCE_OF_PLAN, meeting=None),))
    given = history(beside={**BESIDE, MEETING: [study], PLAN: [whatever, IN_FORCE[1]]})
    given.when(asked(PERIODIC), WHEN).then({SESSION: [PERIODIC], OF_PLAN_STREAM: [USED]})


def test_a_plan_of_nobody_or_of_another_office_is_not_known() -> None:
    for plan in ((), [replace(PLAN_DRAFTED, office="UBND-MSO"), IN_FORCE[1]]):
        history(beside={**BESIDE, PLAN: plan}).when(asked(PERIODIC), WHEN).refuses(Unknown, "planned")


def test_a_dialogue_of_the_plan_is_used_once_unless_that_was_cancelled() -> None:
    used: dict[str, Sequence[Any]] = {**BESIDE, OF_PLAN_STREAM: [replace(USED, session=EARLIER)]}
    refused = history(beside={**used, EARLIER: [PERIODIC]}).when(asked(PERIODIC), WHEN).refuses(refusals.PlannedUsed, "planned")
    assert refused.facts == {"number": 2, "session": EARLIER}
    free = history(beside={**used, EARLIER: [PERIODIC, SessionCancelled(reason=sealed(1))]})
    free.when(asked(PERIODIC), WHEN).then({SESSION: [PERIODIC], OF_PLAN_STREAM: [USED]})


def test_no_dialogue_comes_from_a_plan_or_a_series_that_does_not_bear_it_out() -> None:
    STANDING.when(asked(PERIODIC, planned=None), WHEN).refuses(refusals.OriginUnfounded, "planned")
    STANDING.when(asked(AD_HOC, planned=OF_PLAN), WHEN).refuses(refusals.OriginUnfounded, "planned")
    STANDING.when(asked(AD_HOC, origin=Origin.RECURRENCE), WHEN).refuses(refusals.OriginUnfounded, "trigger")
    on_its_day = asked(AD_HOC, origin=Origin.RECURRENCE, meeting=MEETING, scheduled=BRIEFING.on)
    with_meeting(BRIEFING).when(on_its_day, WHEN).refuses(refusals.OriginUnfounded, "trigger")
    alone = with_meeting(replace(BRIEFING, series=None))
    alone.when(asked(AT_BRIEFING), WHEN).refuses(refusals.OriginUnfounded, "meeting")
    alone.when(asked(AT_BRIEFING, origin=Origin.ARISEN), WHEN).then({SESSION: [replace(AT_BRIEFING, origin=Origin.ARISEN)]})


def test_no_dialogue_comes_from_a_request_or_a_proposal_that_it_does_not_name() -> None:
    STANDING.when(asked(AD_HOC, origin=Origin.REQUEST), WHEN).refuses(refusals.OriginUnfounded, "requests")
    STANDING.when(asked(AD_HOC, origin=Origin.PROPOSAL), WHEN).refuses(refusals.OriginUnfounded, "proposals")
    STANDING.when(asked(CHAIRMANS, origin=Origin.REQUEST), HIS_SIDE).refuses(refusals.OriginUnfounded, "requests")
    STANDING.when(asked(ON_REQUEST, origin=Origin.PROPOSAL), WHEN).refuses(refusals.OriginUnfounded, "proposals")


def test_nothing_arose_by_itself_that_names_a_request_a_proposal_or_a_meeting_of_a_series() -> None:
    requested, proposed = asked(ON_REQUEST, origin=Origin.ARISEN), asked(CHAIRMANS, origin=Origin.ARISEN)
    assert STANDING.when(requested, WHEN).refuses(refusals.NotArisen, "origin").facts == {"origin": "yeu_cau"}
    assert STANDING.when(proposed, HIS_SIDE).refuses(refusals.NotArisen, "origin").facts == {"origin": "de_xuat"}
    recurring = with_meeting(BRIEFING).when(asked(AT_BRIEFING, origin=Origin.ARISEN), WHEN)
    assert recurring.refuses(refusals.NotArisen, "origin").facts == {"origin": "dinh_ky_lap"}
    # A conference of its own, and what had to be settled at once on the day of a briefing, do arise.
    conference = asked(PERIODIC, origin=Origin.ARISEN, planned=None)
    STANDING.when(conference, WHEN).then({SESSION: [replace(PERIODIC, origin=Origin.ARISEN)]})
    at_once = replace(AD_HOC, meeting=MEETING, scheduled=BRIEFING.on)
    with_meeting(BRIEFING).when(asked(at_once), WHEN).then({SESSION: [at_once]})


@pytest.mark.parametrize("was", [PERIODIC, ON_REQUEST, AD_HOC, CHAIRMANS], ids=lambda was: was.origin.name)
def test_where_a_dialogue_comes_from_is_said_by_what_it_names_unless_it_is_stated(was: SessionProposed) -> None:
    stated = asked(was)
    decided = STANDING.when(replace(stated, origin=None), of_its_side(stated)).decided()
    assert decided[SESSION] == [was]


def test_what_hangs_on_a_meeting_of_a_series_recurs_unless_it_is_stated() -> None:
    decided = with_meeting(BRIEFING).when(asked(AT_BRIEFING, origin=None), WHEN).decided()
    assert decided[SESSION] == [AT_BRIEFING]


def test_a_dialogue_on_request_accepts_the_request_in_the_same_append() -> None:
    accepted: dict[str, list[Any]] = {SESSION: [ON_REQUEST], REQUEST: [RequestAccepted(session=SESSION)]}
    STANDING.when(asked(ON_REQUEST, requests=(REQUEST, REQUEST)), WHEN).then(accepted)


@pytest.mark.parametrize("about", [{}, {"field": None, "topic": sealed(3)}, {"track": Track.STAFF}])
def test_an_ad_hoc_dialogue_is_about_one_field_or_one_topic_with_staff_or_the_people(about: dict[str, Any]) -> None:
    STANDING.when(asked(AD_HOC, **about), WHEN).then({SESSION: [replace(AD_HOC, **about)]})


def test_the_chairmans_dialogue_takes_up_several_proposals_and_has_no_trigger() -> None:
    both = (PROPOSAL, OTHER_PROPOSAL)
    taken_up = {name: [ProposalLinked(session=SESSION)] for name in both}
    STANDING.when(asked(CHAIRMANS, proposals=both), HIS_SIDE).then({SESSION: [replace(CHAIRMANS, proposals=both)], **taken_up})


@pytest.mark.parametrize("mode", list(Mode))
def test_it_is_held_face_to_face_online_or_both_whatever_the_trigger(mode: Mode) -> None:
    STANDING.when(asked(PERIODIC, mode=mode), WHEN).then({SESSION: [replace(PERIODIC, mode=mode)], OF_PLAN_STREAM: [USED]})


def test_an_opinion_put_at_a_briefing_is_dealt_with_in_short_form() -> None:
    with_meeting(BRIEFING).when(asked(AT_BRIEFING), WHEN).then({SESSION: [AT_BRIEFING]})


def test_the_chairmans_dialogue_is_proposed_by_his_side_and_the_head_s_by_the_office() -> None:
    hub = told(date(2023, 1, 5), Proposing, session=SESSION, person="p-hub", unit="TCHCQT", capacity=Role.HUB)
    for facts in (hub, WHEN):
        STANDING.when(asked(CHAIRMANS), facts).refuses(NotOfThisTrack)
    STANDING.when(asked(AD_HOC), hub).then({SESSION: [AD_HOC]})
    STANDING.when(asked(AD_HOC), HIS_SIDE).refuses(NotOfThisTrack)


def test_proposed_twice_it_is_proposed_once() -> None:
    history(PERIODIC, beside=BESIDE).when(asked(PERIODIC), WHEN).nothing()


def test_a_day_that_is_over_is_not_planned() -> None:
    late = told(date(2023, 2, 11), Proposing, session=SESSION)
    STANDING.when(asked(PERIODIC), late).refuses(DayPassed, "scheduled")
    same_day = told(PERIODIC.scheduled, Proposing, session=SESSION)
    STANDING.when(asked(PERIODIC), same_day).then({SESSION: [PERIODIC], OF_PLAN_STREAM: [USED]})


@pytest.mark.parametrize(
    "command",
    [asked(PERIODIC, trigger=None), asked(AD_HOC, trigger=None), asked(CHAIRMANS, trigger=Trigger.AD_HOC, field="nong-nghiep")],
)
def test_the_head_s_dialogue_has_a_trigger_and_the_chairmans_has_none(command: ProposeSession) -> None:
    STANDING.when(command, of_its_side(command)).refuses(refusals.TriggerMissing, "trigger")


@pytest.mark.parametrize("about", [{"topic": sealed(3)}, {"field": None}])
def test_an_ad_hoc_dialogue_on_two_contents_or_none_is_refused(about: dict[str, Any]) -> None:
    STANDING.when(asked(AD_HOC, **about), WHEN).refuses(refusals.OneFieldOrTopic, "field")


@pytest.mark.parametrize("about", [{"field": "dao-tao-boi-duong"}, {"topic": sealed(3)}, {"track": Track.PEOPLE}])
def test_a_periodic_dialogue_on_one_content_or_with_the_people_is_refused(about: dict[str, Any]) -> None:
    STANDING.when(asked(PERIODIC, **about), WHEN).refuses(refusals.AllFields, "field")


def test_a_periodic_dialogue_is_tied_to_a_meeting_that_stands_for_that_day() -> None:
    STANDING.when(asked(PERIODIC, meeting=None), WHEN).refuses(refusals.MeetingMissing, "meeting")
    moved = MeetingMoved(on=date(2023, 2, 17), reason=None)
    with_meeting(SCHEDULED, moved).when(asked(PERIODIC), WHEN).refuses(refusals.MeetingMissing, "meeting")
    cancelled = MeetingCancelled(reason=sealed(1))
    with_meeting(SCHEDULED, cancelled).when(asked(PERIODIC), WHEN).refuses(refusals.MeetingMissing, "meeting")


def test_a_meeting_of_nobody_or_of_another_office_is_not_known() -> None:
    with_meeting().when(asked(PERIODIC), WHEN).refuses(Unknown, "meeting")
    with_meeting(replace(SCHEDULED, office="UBND-MSO")).when(asked(PERIODIC), WHEN).refuses(Unknown, "meeting")


@pytest.mark.parametrize(
    "command",
    [
        asked(ON_REQUEST, requests=()),
        asked(ON_REQUEST, track=Track.STAFF),
        asked(AD_HOC, requests=(REQUEST,)),
        asked(PERIODIC, requests=(REQUEST,)),
        asked(CHAIRMANS, requests=(REQUEST,)),
    ],
)
def test_a_dialogue_on_request_names_the_request_and_no_other_does(command: ProposeSession) -> None:
    STANDING.when(command, of_its_side(command)).refuses(refusals.OnRequestNeedsRequest, "requests")


@pytest.mark.parametrize("answer", [GRANTED, DENIED, RequestWithdrawn(note=None)])
def test_a_request_that_was_answered_or_taken_back_causes_no_dialogue(answer: Any) -> None:
    given = history(beside={**BESIDE, REQUEST: [ASKED, replace(answer, session=EARLIER) if answer == GRANTED else answer]})
    refused = given.when(asked(ON_REQUEST), WHEN).refuses(refusals.RequestNotOpen, "requests")
    assert REQUEST in str(refused)


def test_a_request_whose_dialogue_was_cancelled_causes_another() -> None:
    waits_again: dict[str, Sequence[Any]] = {REQUEST: [ASKED, RequestAccepted(session=EARLIER)], EARLIER: CALLED_OFF}
    given = history(beside={**BESIDE, **waits_again})
    given.when(asked(ON_REQUEST), WHEN).then({SESSION: [ON_REQUEST], REQUEST: [GRANTED]})


def test_requests_and_proposals_of_another_office_are_not_known() -> None:
    others: dict[str, Sequence[Any]] = {
        REQUEST: [replace(ASKED, office="UBND-MSO")],
        PROPOSAL: [replace(BROUGHT, office="UBND-MSO"), *AGREED[1:]],
    }
    given = history(beside={**BESIDE, **others})
    given.when(asked(ON_REQUEST), WHEN).refuses(Unknown, "requests")
    given.when(asked(CHAIRMANS), HIS_SIDE).refuses(Unknown, "proposals")
    nothing = history(beside={MEETING: [SCHEDULED]})
    nothing.when(asked(ON_REQUEST), WHEN).refuses(Unknown, "requests")
    nothing.when(asked(CHAIRMANS), HIS_SIDE).refuses(Unknown, "proposals")


@pytest.mark.parametrize("command", [asked(CHAIRMANS, proposals=()), asked(AD_HOC, proposals=(PROPOSAL,))])
def test_the_chairmans_dialogue_names_its_proposals_and_no_other_does(command: ProposeSession) -> None:
    STANDING.when(command, of_its_side(command)).refuses(refusals.ProposalsForChairman, "proposals")


def test_a_proposal_the_chairman_has_not_approved_leads_to_no_dialogue() -> None:
    given = history(beside={**BESIDE, PROPOSAL: AGREED[:-1]})
    given.when(asked(CHAIRMANS), HIS_SIDE).refuses(refusals.ProposalNotApproved, "proposals")


def test_a_proposal_leads_to_one_dialogue_unless_that_was_cancelled() -> None:
    taken_up: dict[str, Sequence[Any]] = {**BESIDE, PROPOSAL: [*AGREED, ProposalLinked(session=EARLIER)]}
    standing = history(beside={**taken_up, EARLIER: [CHAIRMANS]})
    refused = standing.when(asked(CHAIRMANS), HIS_SIDE).refuses(refusals.ProposalDealtWith, "proposals")
    assert EARLIER in str(refused)
    free = history(beside={**taken_up, EARLIER: [CHAIRMANS, SessionCancelled(reason=sealed(1))]})
    free.when(asked(CHAIRMANS), HIS_SIDE).then({SESSION: [CHAIRMANS], PROPOSAL: [ProposalLinked(session=SESSION)]})


def test_only_the_head_s_dialogue_at_a_briefing_takes_the_short_form() -> None:
    STANDING.when(asked(PERIODIC, short_form=True), WHEN).refuses(refusals.ShortFormOnlyAtBriefing, "short_form")
    STANDING.when(asked(AD_HOC, short_form=True), WHEN).refuses(refusals.ShortFormOnlyAtBriefing, "short_form")
    monthly = replace(BRIEFING, kind=MeetingKind.MONTHLY_BRIEFING, on=CHAIRMANS.scheduled)
    at_briefing = asked(CHAIRMANS, short_form=True, meeting=MEETING)
    with_meeting(monthly).when(at_briefing, HIS_SIDE).refuses(refusals.ShortFormOnlyAtBriefing, "short_form")


def test_the_field_of_a_dialogue_is_one_of_the_directory() -> None:
    for was in (AD_HOC, CHAIRMANS):
        command = asked(was, field="khong-co")
        refused = STANDING.when(command, of_its_side(command)).refuses(UnknownField, "field")
        assert refused.facts == {"field_key": "khong-co"}
