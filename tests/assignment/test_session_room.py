"""In the room: what is presented, raised, answered and counted (R3, R9, R14, R15, R33)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.case.conflict import Acting
from services.assignment.domain.case.refusals import (
    AboutThatPost,
    AboutThatUnit,
    ForwardedInside,
    MergedAwayFromConflict,
    OnlySuggestions,
    OthersMergedInto,
    QuarantineInstead,
    SurvivorNotOpen,
    WorkStillOpen,
)
from services.assignment.domain.directory.refusals import UnknownField, UnknownPost, UnknownUnit
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.room import Raising
from shared.contracts.case import CaseConcluded, CaseMerged, CaseOpened, CaseSubmitterAdded, CaseWithdrawn
from shared.contracts.directory import PostCreated
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.contracts.session import AgendaKind, AgendaPresented, AttendanceRecorded, FromUnit, ItemRaised, Outcome, Present
from shared.documents.refusals import UnitNotInForce
from tests.assignment.sittings import (
    BEGUN,
    CHAIRMANS,
    CHAIRMANS_DAY,
    CONFERENCE_DAY,
    HELD,
    PERIODIC,
    PRESENT,
    PROGRAMME,
    announced,
    answered,
    became,
    case,
    chairman,
    drafting,
    due,
    episode,
    history,
    linked,
    opened,
    raised,
    told,
    waiting,
)
from tests.assignment.stage import SESSION
from tests.support.scenario import Given, sealed

IN_THE_ROOM = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), linked(1), BEGUN)
OF_THE_DAY = told(CONFERENCE_DAY)
PRESENT_POLICY = asked.PresentAgenda(session=SESSION, kind=AgendaKind.POLICY, content=sealed(1))
RAISE = asked.RaiseItem(
    session=SESSION,
    source_group=SourceGroup.INTERNAL,
    kind=Kind.PROPOSAL,
    field="hanh-chinh-van-phong",
    words=sealed(2),
    flags=(Flag.PRESSING, Flag.PRESSING, Flag.BACKLOG),
    hidden=True,
)
COUNT = asked.RecordAttendance(session=SESSION, present=PRESENT.present)


def raising(day: date = CONFERENCE_DAY, n: int = 4, *, by: Any = told) -> Any:
    suffix = case(n).removeprefix("case-")
    return by(day, Raising, item=f"item-{suffix}", case=case(n), opinion=f"opinion-{suffix}", speaker="s-1")


def outcome(what: Outcome, n: int = 1, **said: Any) -> asked.RecordOutcome:
    return asked.RecordOutcome(session=SESSION, case=case(n), outcome=what, **said)


def in_the_room(*then: Any, beside: dict[str, Any] | None = None) -> Given:
    return history(*IN_THE_ROOM, *then, beside=beside or waiting())


# --- presented


@pytest.mark.parametrize("kind", list(AgendaKind))
def test_policy_and_matters_of_public_concern_are_presented_without_any_opinion(kind: AgendaKind) -> None:
    presented = AgendaPresented(kind=kind, content=sealed(1))
    in_the_room().when(replace(PRESENT_POLICY, kind=kind), OF_THE_DAY).then({SESSION: [presented]})


def test_what_may_be_a_state_secret_is_quarantined_and_not_only_not_accepted() -> None:
    suspected = outcome(Outcome.NOT_ACCEPTED, reason=RejectionReason.STATE_SECRET)
    in_the_room().when(suspected, OF_THE_DAY).refuses(QuarantineInstead, "reason")


# --- raised


def test_what_is_raised_is_received_classified_and_referred_in_one_append_with_its_case() -> None:
    decided = in_the_room().when(RAISE, raising()).decided()
    item = ItemRaised(
        session=SESSION,
        case=case(4),
        opinion="opinion-7Q2K9FXA3MBTW0000004",
        episode=episode(4),
        office="VPUB",
        source_group=SourceGroup.INTERNAL,
        kind=Kind.PROPOSAL,
        field="hanh-chinh-van-phong",
        words=sealed(2),
        speaker="s-1",
        speaker_name=None,
        hidden=True,
        agenda=None,
    )
    born = CaseOpened(
        opinion="opinion-7Q2K9FXA3MBTW0000004",
        episode=episode(4),
        office="VPUB",
        unit="CVP",
        source_group=SourceGroup.INTERNAL,
        channel=Channel.SESSION,
        locality=None,
        kind=Kind.PROPOSAL,
        field="hanh-chinh-van-phong",
        flags=tuple(sorted({Flag.PRESSING, Flag.BACKLOG})),
        concerns_units=(),
        concerns_posts=(),
        due=due(CONFERENCE_DAY, 10, "answer"),
        received_at=OF_THE_DAY.at,
        words=sealed(2),
        hidden=True,
        session=SESSION,
    )
    assert decided == {SESSION: [raised(4)], "item-7Q2K9FXA3MBTW0000004": [item], case(4): [born]}


def test_who_spoke_stands_in_the_item_and_not_in_the_case() -> None:
    decided = in_the_room().when(RAISE, raising()).decided()
    assert not any("s-1" in str(event) for event in decided[case(4)])


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"field": "khong-co"}, UnknownField, "field"),
        ({"concerns_units": ("TH", "KHONG-CO")}, UnknownUnit, "concerns_units"),
        ({"concerns_units": ("CU",)}, UnitNotInForce, "concerns_units"),
        ({"concerns_posts": ("KHONG-CO",)}, UnknownPost, "concerns_posts"),
        ({"locality": "KHONG-CO"}, UnknownUnit, "locality"),
        ({"source_group": SourceGroup.PEOPLE}, refusals.OtherPeople, "source_group"),
    ],
)
def test_what_is_raised_names_what_the_directory_knows_and_comes_from_those_it_is_held_with(
    changed: dict[str, Any], rule: type[Refused], field: str
) -> None:
    in_the_room().when(replace(RAISE, **changed), raising()).refuses(rule, field)
    post = PostCreated(post="CVP", unit="CVP", name="Chánh Văn phòng", role=Role.CHIEF, valid_from=date(2023, 1, 1))
    known = replace(RAISE, concerns_units=("TH",), concerns_posts=("CVP",), locality="SNNPTNT")
    decided = in_the_room(beside={**waiting(), "post-CVP": [post]}).when(known, raising()).decided()[case(4)]
    assert [(event.concerns_units, event.concerns_posts) for event in decided] == [(("TH",), ("CVP",))]


def test_raised_twice_it_is_raised_once() -> None:
    in_the_room(raised(4), beside={**waiting(), case(4): [opened(4)]}).when(RAISE, raising()).nothing()


def test_something_is_raised_while_it_goes_on_and_for_the_chairman_before_it_begins_too() -> None:
    before = history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY))
    before.when(RAISE, raising()).refuses(refusals.SessionNotInProgress)
    people = replace(RAISE, source_group=SourceGroup.PEOPLE)
    for capacity in (Role.HUB, Role.CHIEF, Role.DEPUTY, Role.REGISTRY):
        by_another = replace(raising(date(2023, 8, 1)), capacity=capacity)
        history(CHAIRMANS, PROGRAMME).when(people, by_another).refuses(refusals.NotOfThisTrack)
    written_down = history(CHAIRMANS, PROGRAMME).when(people, raising(date(2023, 8, 1), by=chairman))
    assert written_down.decided()[SESSION] == [raised(4)]
    over = history(CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), BEGUN, HELD)
    over.when(people, raising(CHAIRMANS_DAY, by=chairman)).refuses(refusals.SessionNotInProgress)


# --- what became of it

SAID: dict[Outcome, dict[str, Any]] = {
    Outcome.ANSWERED: {"answer": sealed(3)},
    Outcome.DIRECTED: {"direction": sealed(3)},
    Outcome.NOT_ACCEPTED: {"reason": RejectionReason.SESSION_RULES},
    Outcome.PASSED_ON: {"to": "SGTVT"},
    Outcome.MERGED: {"into": case(2)},
}


@pytest.mark.parametrize("what", list(Outcome))
def test_every_outcome_is_recorded_with_what_it_needs(what: Outcome) -> None:
    suggestion = {**waiting(1, kind=Kind.SUGGESTION), **waiting(2)}
    said = SAID.get(what, {})
    in_the_room(beside=suggestion).when(outcome(what, **said), OF_THE_DAY).then({SESSION: [became(1, what, **said)]})


@pytest.mark.parametrize("what", list(SAID))
def test_an_outcome_without_what_it_needs_is_refused(what: Outcome) -> None:
    (needed,) = SAID[what]
    refused = in_the_room().when(outcome(what), OF_THE_DAY).refuses(refusals.OutcomeIncomplete, needed)
    assert refused.facts == {"outcome": what.value, "missing": needed}


def test_what_has_an_answer_before_the_head_is_answered_by_it() -> None:
    given = in_the_room(beside=answered())
    given.when(outcome(Outcome.ANSWERED), OF_THE_DAY).then({SESSION: [became(1, Outcome.ANSWERED)]})


def test_a_complaint_raised_is_passed_on_to_its_own_procedure() -> None:
    said: dict[str, Any] = {"to": "TH", "diverted": DivertedKind.COMPLAINT}
    given = in_the_room().when(outcome(Outcome.PASSED_ON, **said), OF_THE_DAY)
    given.then({SESSION: [became(1, Outcome.PASSED_ON, **said)]})


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"to": "KHONG-CO"}, UnknownUnit),
        ({"to": "CU"}, UnitNotInForce),
        ({"to": "TH"}, ForwardedInside),
        ({"to": "VPUB"}, ForwardedInside),
        ({"to": "KHONG-CO", "diverted": DivertedKind.COMPLAINT}, UnknownUnit),
    ],
)
def test_what_is_passed_on_goes_to_a_unit_in_force_outside_the_office(said: dict[str, Any], rule: type[Refused]) -> None:
    in_the_room().when(outcome(Outcome.PASSED_ON, **said), OF_THE_DAY).refuses(rule, "to")


def test_until_it_is_held_an_outcome_is_put_right() -> None:
    first, second = became(1, Outcome.DIRECTED, direction=sealed(3)), became(1, Outcome.WITHDRAWN)
    assert in_the_room(first, second).state(SESSION).puts[case()].outcome == second


def test_only_what_was_put_or_raised_here_has_an_outcome_here() -> None:
    elsewhere = outcome(Outcome.WITHDRAWN, 2)
    in_the_room(beside={**waiting(1), **waiting(2)}).when(elsewhere, OF_THE_DAY).refuses(refusals.NotPutHere, "case")


def test_only_a_suggestion_is_taken_on_board() -> None:
    in_the_room().when(outcome(Outcome.TAKEN_ON_BOARD), OF_THE_DAY).refuses(OnlySuggestions, "outcome")


def test_what_ended_on_the_day_has_that_as_its_outcome() -> None:
    withdrawn = {case(): [*waiting()[case()], CaseWithdrawn(episode=episode(), note=None)]}
    refused = in_the_room(beside=withdrawn).when(outcome(Outcome.ANSWERED, answer=sealed(3)), OF_THE_DAY)
    assert refused.refuses(refusals.OutcomeAgainstEnding, "outcome").facts == {"case": case(), "outcome": "rut"}
    taken_back = in_the_room(beside=withdrawn).when(outcome(Outcome.WITHDRAWN), OF_THE_DAY)
    taken_back.then({SESSION: [became(1, Outcome.WITHDRAWN)]})


def test_what_a_notice_ordered_is_carried_out_before_the_matter_ends_here() -> None:
    ordered = CaseConcluded(episode=episode(), notice="notice-9", item=1, unit="TH", task="task-00000000000000000009")
    carrying = {case(): [*drafting()[case()], ordered]}
    in_the_room(beside=carrying).when(outcome(Outcome.ANSWERED, answer=sealed(3)), OF_THE_DAY).refuses(WorkStillOpen)
    said: dict[str, Any] = {"direction": sealed(3)}
    directed = in_the_room(beside=carrying).when(outcome(Outcome.DIRECTED, **said), OF_THE_DAY)
    directed.then({SESSION: [became(1, Outcome.DIRECTED, **said)]})


@pytest.mark.parametrize("into", [1, 3, 4])
def test_opinions_are_not_merged_in_a_circle(into: int) -> None:
    """Into itself, into one that hangs on it, into one that is merged already."""
    merged = {case(4): [opened(4), CaseMerged(episode=episode(4), into=case(1))]}
    beside = {**waiting(1), **waiting(3), **merged}
    given = in_the_room(raised(3), became(3, Outcome.MERGED, into=case(1)), beside=beside)
    given.when(outcome(Outcome.MERGED, into=case(into)), OF_THE_DAY).refuses(refusals.MergedInACircle, "into")


def test_what_others_were_merged_into_is_not_merged_away() -> None:
    given = in_the_room(raised(3), became(3, Outcome.MERGED, into=case(1)), beside={**waiting(1), **waiting(2), **waiting(3)})
    given.when(outcome(Outcome.MERGED, into=case(2)), OF_THE_DAY).refuses(refusals.MergedInACircle, "into")


def test_what_is_taken_back_in_the_room_answers_for_nobody_else() -> None:
    merged = in_the_room(raised(3), became(3, Outcome.MERGED, into=case(1)), beside={**waiting(1), **waiting(3)})
    refused = merged.when(outcome(Outcome.WITHDRAWN), OF_THE_DAY).refuses(OthersMergedInto)
    assert refused.facts == {"count": 1, "merged": case(3)}
    joined = {case(1): [*waiting(1)[case(1)], CaseSubmitterAdded(merged=case(4))]}
    in_the_room(beside=joined).when(outcome(Outcome.WITHDRAWN), OF_THE_DAY).refuses(OthersMergedInto)
    gone = in_the_room(raised(3), became(3, Outcome.WITHDRAWN), beside={**waiting(1), **waiting(3)})
    gone.when(outcome(Outcome.MERGED, into=case(3)), OF_THE_DAY).refuses(SurvivorNotOpen, "into")


def test_a_survivor_of_another_office_is_not_known() -> None:
    for beside in ({**waiting(1), case(2): [opened(2, office="UBND-MSO")]}, waiting(1)):
        in_the_room(beside=beside).when(outcome(Outcome.MERGED, into=case(2)), OF_THE_DAY).refuses(Unknown, "into")


# --- counted


def test_who_was_there_is_counted_by_group_and_counted_again() -> None:
    groups = (Present(group=SourceGroup.PEOPLE, heads=6), Present(group=SourceGroup.INTERNAL, heads=3))
    in_the_room().when(replace(COUNT, present=groups), OF_THE_DAY).then({SESSION: [AttendanceRecorded(present=groups, units=())]})
    assert in_the_room(PRESENT, AttendanceRecorded(present=groups, units=())).state(SESSION).present == 9


def test_of_those_who_came_it_is_recorded_which_unit_they_are_of() -> None:
    units = (FromUnit(unit="TH", heads=3), FromUnit(unit="NC", heads=2))
    recorded = AttendanceRecorded(present=PRESENT.present, units=units)
    in_the_room().when(replace(COUNT, units=units), OF_THE_DAY).then({SESSION: [recorded]})
    assert in_the_room(recorded).state(SESSION).present == 118


@pytest.mark.parametrize("units", [[("TH", 119)], [("TH", 100), ("NC", 19)], [("TH", 2), ("TH", 3)], [("TH", -1), ("NC", 2)]])
def test_the_units_people_are_among_all_who_came_each_unit_once(units: list[tuple[str, int]]) -> None:
    asked_of = replace(COUNT, units=tuple(FromUnit(unit=unit, heads=heads) for unit, heads in units))
    in_the_room().when(asked_of, OF_THE_DAY).refuses(refusals.UnitsBeyondTotal, "units")


def test_nobody_came_from_a_unit_that_is_not_there() -> None:
    unknown = replace(COUNT, units=(FromUnit(unit="KHONG-CO", heads=1),))
    in_the_room().when(unknown, OF_THE_DAY).refuses(UnknownUnit, "units")


@pytest.mark.parametrize("command", [PRESENT_POLICY, outcome(Outcome.WITHDRAWN), COUNT, RAISE])
@pytest.mark.parametrize("stage", [IN_THE_ROOM[:-1], (*IN_THE_ROOM, HELD)])
def test_what_happens_in_the_room_is_recorded_while_it_goes_on(stage: tuple[Any, ...], command: Any) -> None:
    facts = raising() if command is RAISE else OF_THE_DAY
    history(*stage, beside=waiting()).when(command, facts).refuses(refusals.SessionNotInProgress)


# --- about whom


@pytest.mark.parametrize("what", [Outcome.ANSWERED, Outcome.DIRECTED, Outcome.NOT_ACCEPTED, Outcome.WITHDRAWN])
def test_nobody_below_the_head_gives_an_opinion_about_himself_or_his_unit_its_outcome(what: Outcome) -> None:
    needed: dict[Outcome, dict[str, Any]] = {
        Outcome.ANSWERED: {"answer": sealed(3)},
        Outcome.DIRECTED: {"direction": sealed(3)},
        Outcome.NOT_ACCEPTED: {"reason": RejectionReason.UNCLEAR},
    }
    said = needed.get(what, {})
    record = outcome(what, **said)
    hub = told(CONFERENCE_DAY, Acting, person="p-hub", unit="TCHCQT", capacity=Role.HUB)
    in_the_room(beside=waiting(concerns_units=("TCHCQT",))).when(record, hub).refuses(AboutThatUnit)
    deputy = told(CONFERENCE_DAY, Acting, person="p-deputy", capacity=Role.DEPUTY, posts=frozenset({"PCVP"}))
    in_the_room(beside=waiting(concerns_posts=("PCVP",))).when(record, deputy).refuses(AboutThatPost)
    in_the_room(beside=waiting(concerns_posts=("PCVP",))).when(record, hub).then({SESSION: [became(1, what, **said)]})


def test_the_head_answers_criticism_of_himself_in_the_room_and_does_not_turn_it_away() -> None:
    head = told(CONFERENCE_DAY, Acting, posts=frozenset({"CVP"}), head=True)
    about = in_the_room(beside=waiting(concerns_posts=("CVP",)))
    answer: dict[str, Any] = {"answer": sealed(3)}
    about.when(outcome(Outcome.ANSWERED, **answer), head).then({SESSION: [became(1, Outcome.ANSWERED, **answer)]})
    for away in (
        outcome(Outcome.NOT_ACCEPTED, reason=RejectionReason.UNCLEAR),
        outcome(Outcome.PASSED_ON, to="SGTVT"),
        outcome(Outcome.MERGED, into=case(2)),
        outcome(Outcome.WITHDRAWN),
    ):
        about.when(away, head).refuses(AboutThatPost)


def test_what_has_ended_on_the_day_the_head_writes_down_as_it_ended() -> None:
    head = told(CONFERENCE_DAY, Acting, posts=frozenset({"CVP"}), head=True)
    gone = {case(): [*waiting(concerns_posts=("CVP",))[case()], CaseWithdrawn(episode=episode(), note=None)]}
    in_the_room(beside=gone).when(outcome(Outcome.WITHDRAWN), head).then({SESSION: [became(1, Outcome.WITHDRAWN)]})


def test_in_the_room_too_it_is_not_answered_under_the_name_of_another() -> None:
    beside = {**waiting(1, concerns_units=("TH",)), **waiting(2)}
    merge = outcome(Outcome.MERGED, into=case(2))
    in_the_room(beside=beside).when(merge, OF_THE_DAY).refuses(MergedAwayFromConflict, "into")
