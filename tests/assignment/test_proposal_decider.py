"""Content proposed for the Chairman's dialogue: completed, appraised, submitted, decided, prepared (R25-R28, invariant 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case.commands import WordsInVault
from services.assignment.domain.directory.checklist import BUILT_IN
from services.assignment.domain.directory.refusals import UnknownUnit
from services.assignment.domain.proposal import commands as asked
from services.assignment.domain.proposal import refusals
from services.assignment.domain.proposal.decider import Appraising, InCharge
from shared.contracts.case import Authority
from shared.contracts.checklist import ChecklistPublished
from shared.contracts.directory import Succession, UnitDissolved, UnitSucceeded
from shared.contracts.proposal import (
    AppraisalConcluded,
    AppraisalOverridden,
    ChecklistItemChecked,
    ProposalApproved,
    ProposalCompleted,
    ProposalDeferred,
    ProposalLinked,
    ProposalOpened,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    Verdict,
)
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.task import TaskAssigned, TaskCancelled, TaskCompleted, TaskTransferred, TaskType
from shared.documents.refusals import UnitNotInForce
from tests.assignment.sittings import (
    AGREED,
    APPRAISAL,
    BEFORE_CHAIRMAN,
    BROUGHT,
    CONCLUDED,
    PROPOSAL,
    TO_BE_HELD,
    UNITS,
    agreed,
    chairman,
    told,
)
from tests.assignment.stage import RULES, SESSION, unit
from tests.support.scenario import Given, sealed

TASKS = {"BDVTU": "task-00000000000000000401", "MTTQ": "task-00000000000000000402"}
JUNE_12, JUNE_16, JUNE_19, JUNE_20 = (date(2023, 6, day) for day in (12, 16, 19, 20))
RETURN = asked.ReturnProposal(proposal=PROPOSAL, reason=sealed(1))
COMPLETE = asked.CompleteProposal(proposal=PROPOSAL, content=sealed(2))
REQUEST = asked.RequestAppraisal(proposal=PROPOSAL, leader="p-deputy")
GIVE = asked.GiveAppraisal(proposal=PROPOSAL, appraiser="BDVTU", verdict=Verdict.AGREES, on=date(2023, 6, 16))
OVERRIDE = asked.OverrideAppraisal(proposal=PROPOSAL, appraiser="MTTQ", reason=sealed(3))
CONCLUDE = asked.ConcludeAppraisal(proposal=PROPOSAL, verdict=Verdict.AGREES)
SUBMIT = asked.SubmitProposal(proposal=PROPOSAL)
APPROVE = asked.ApproveProposal(proposal=PROPOSAL)
REFUSE = asked.RefuseProposal(proposal=PROPOSAL, reason=sealed(4))
DEFER = asked.DeferProposal(proposal=PROPOSAL)
CHECK = asked.CheckLine(proposal=PROPOSAL, line=1)
RETURNED = ProposalReturned(reason=sealed(1))
COMPLETED = ProposalCompleted(content=sealed(2), attachments=())
OVERRIDDEN = AppraisalOverridden(appraiser="MTTQ", reason=sealed(3))
BEFORE_LEADERS = ProposalSubmitted(to_chairman=False, document=None)
REFUSED, DEFERRED = ProposalRefused(reason=sealed(4)), ProposalDeferred(reason=None)
OPEN = asked.OpenProposal(
    proposal=PROPOSAL,
    receipt=BROUGHT.receipt,
    office="VPUB",
    division="TH",
    proposer="SNNPTNT",
    received_at=BROUGHT.received_at,
    field="nong-nghiep",
    content=WordsInVault(ref=BROUGHT.content.ref, digest=BROUGHT.content.digest),
    reason=WordsInVault(ref=BROUGHT.reason.ref, digest=BROUGHT.reason.digest),
    attachments=(),
)


def appraise(unit: str) -> TaskAssigned:
    return TaskAssigned(
        type=TaskType.APPRAISE,
        unit=unit,
        office="VPUB",
        about=PROPOSAL,
        case=None,
        episode=None,
        authority=Authority.CHAIRMAN,
        due=APPRAISAL.due,
    )


def given(*on_proposal: Any) -> Given:
    """With the tasks of whoever was asked to appraise it."""
    asked_of = {task: [appraise(unit)] for unit, task in TASKS.items()} if APPRAISAL in on_proposal else {}
    return RULES.given({**UNITS, PROPOSAL: on_proposal, **asked_of})


DEPUTIES = InCharge(
    fields=frozenset({"nong-nghiep"}), units=frozenset({"KT"}), persons=frozenset({"p-deputy", "p-other", "p-second"})
)
OF_SCHOOLS = InCharge(fields=frozenset({"giao-duc"}), units=frozenset({"TH"}), persons=frozenset({"p-schools"}))


def by(unit: str, capacity: Role, day: date = JUNE_16, person: str = "p-clerk", tasks: Mapping[str, str] | None = None) -> Any:
    return told(
        day, Appraising, person=person, unit=unit, capacity=capacity, tasks=tasks or TASKS, charges=(DEPUTIES, OF_SCHOOLS)
    )


DIVISION = by("TH", Role.CONTENT_DIVISION, JUNE_12)
CLERK = by("TH", Role.CONTENT_DIVISION)
DEPUTY = by("CVP", Role.DEPUTY, JUNE_19, "p-deputy")
CT = chairman(date(2023, 6, 28))
UNDER = (BROUGHT, APPRAISAL)
BOTH = (*UNDER, agreed("BDVTU"), agreed("MTTQ"))
APPRAISED = (*BOTH, CONCLUDED)
SUBMITTED = (*APPRAISED, BEFORE_CHAIRMAN)


# --- received, completed


def test_the_division_in_charge_has_it_with_the_checklist_of_its_day() -> None:
    given().when(OPEN, DIVISION).then({PROPOSAL: [BROUGHT]})
    given(BROUGHT).when(OPEN, DIVISION).nothing()


def test_it_goes_back_to_be_completed_and_comes_again() -> None:
    given(BROUGHT).when(RETURN, DIVISION).then({PROPOSAL: [RETURNED]})
    given(BROUGHT, RETURNED).when(RETURN, DIVISION).nothing()
    given(BROUGHT, RETURNED).when(COMPLETE, DIVISION).then({PROPOSAL: [COMPLETED]})
    assert REQUEST.leader in str(given(BROUGHT, RETURNED, COMPLETED).when(REQUEST, DIVISION).decided()[PROPOSAL])


# --- appraised


def test_the_appraisal_is_asked_of_dan_van_and_mat_tran_each_with_a_task_of_five_working_days() -> None:
    assert APPRAISAL.due.day == JUNE_19
    tasks = {task: [appraise(unit)] for unit, task in TASKS.items()}
    given(BROUGHT).when(REQUEST, DIVISION).then({PROPOSAL: [APPRAISAL], **tasks})
    given(*UNDER).when(REQUEST, DIVISION).nothing()


@pytest.mark.parametrize("appraisers", [(), ("BDVTU",), ("BDVTU", "BDVTU")])
def test_two_different_bodies_appraise_it(appraisers: tuple[str, ...]) -> None:
    command = replace(REQUEST, appraisers=appraisers)
    given(BROUGHT).when(command, DIVISION).refuses(refusals.TwoAppraisers, "appraisers")


def test_appraisers_are_units_in_force() -> None:
    given(BROUGHT).when(replace(REQUEST, appraisers=("BDVTU", "CU")), DIVISION).refuses(UnitNotInForce, "appraisers")
    given(BROUGHT).when(replace(REQUEST, appraisers=("BDVTU", "KHONG-CO")), DIVISION).refuses(UnknownUnit, "appraisers")


@pytest.mark.parametrize("appraisers", [("SNNPTNT", "MTTQ"), ("BDVTU", "TH"), ("BDVTU", "MTTQ", "SNNPTNT")])
def test_no_other_body_appraises_than_dan_van_and_mat_tran(appraisers: tuple[str, ...]) -> None:
    refused = (
        given(BROUGHT).when(replace(REQUEST, appraisers=appraisers), DIVISION).refuses(refusals.NotDanVanOrMatTran, "appraisers")
    )
    other = next(unit for unit in appraisers if unit not in TASKS)
    assert refused.facts == {"unit": other, "appraisers": "BDVTU, MTTQ"}


SUCCEEDED: Mapping[str, Sequence[Any]] = {
    "unit-BDVTU": [
        unit("BDVTU", None),
        UnitSucceeded(
            unit="BDVTU",
            successions=(Succession(field=None, to="BTGDVTU"),),
            basis="02/QĐ-TU",
            valid_from=date(2023, 6, 13),
        ),
        UnitDissolved(unit="BDVTU", valid_from=date(2023, 6, 13)),
    ],
    "unit-BTGDVTU": [unit("BTGDVTU", None)],
}
SUCCESSOR_S = "task-00000000000000000403"


def reorganised(*on_proposal: Any, **tasks: Sequence[Any]) -> Given:
    """With Dân vận merged into another board on 13/6/2023."""
    return RULES.given({**UNITS, **SUCCEEDED, PROPOSAL: on_proposal, **tasks})


@pytest.mark.parametrize("named", [("BDVTU", "MTTQ"), ("BTGDVTU", "MTTQ")])
def test_who_has_the_place_of_an_appraiser_that_is_no_more_is_asked(named: tuple[str, ...]) -> None:
    asked_now = by("TH", Role.CONTENT_DIVISION, JUNE_19, tasks={**TASKS, "BTGDVTU": SUCCESSOR_S})
    decided = reorganised(BROUGHT).when(replace(REQUEST, appraisers=named), asked_now).decided()
    assert decided[PROPOSAL][0].appraisers == ("BTGDVTU", "MTTQ")
    assert {task: events[0].unit for task, events in decided.items() if task != PROPOSAL} == {
        SUCCESSOR_S: "BTGDVTU",
        TASKS["MTTQ"]: "MTTQ",
    }
    with pytest.raises(refusals.TwoAppraisers):
        reorganised(BROUGHT).when(replace(REQUEST, appraisers=("BDVTU", "BTGDVTU")), asked_now).decided()


def test_an_appraisal_that_was_asked_before_goes_on_under_the_successor() -> None:
    moved = TaskTransferred(former="BDVTU", unit="BTGDVTU", basis=None, succession="02/QĐ-TU")
    running = reorganised(*UNDER, **{TASKS["BDVTU"]: [appraise("BDVTU"), moved]})
    itself = by("BTGDVTU", Role.APPRAISER, JUNE_19)
    running.when(replace(GIVE, appraiser="BTGDVTU"), itself).then(
        {PROPOSAL: [agreed("BDVTU")], TASKS["BDVTU"]: [TaskCompleted(unit="BTGDVTU")]}
    )
    passed_on = replace(APPRAISAL, leader="p-other")
    running.when(replace(REQUEST, leader="p-other"), by("TH", Role.CONTENT_DIVISION, JUNE_19)).then({PROPOSAL: [passed_on]})
    before = by("BTGDVTU", Role.APPRAISER, JUNE_12)
    running.when(replace(GIVE, appraiser="BTGDVTU", on=JUNE_12), before).refuses(refusals.NotAnAppraiser, "appraiser")


def test_the_lead_of_an_appraisal_passes_to_another_while_the_verdicts_stand() -> None:
    passed_on = replace(APPRAISAL, leader="p-other")
    running = (*UNDER, agreed("BDVTU"))
    given(*running).when(replace(REQUEST, leader="p-other"), DIVISION).then({PROPOSAL: [passed_on]})
    state = given(*running, passed_on).state(PROPOSAL)
    assert (state.asked.leader, dict(state.given)) == ("p-other", {"BDVTU": Verdict.AGREES})


@pytest.mark.parametrize("verdict", list(Verdict))
def test_an_appraiser_gives_its_verdict_and_its_task_is_done(verdict: Verdict) -> None:
    command = replace(GIVE, verdict=verdict, comment=sealed(5))
    said = replace(agreed("BDVTU", verdict), comment=sealed(5))
    done = {TASKS["BDVTU"]: [TaskCompleted(unit="BDVTU")]}
    given(*UNDER).when(command, by("BDVTU", Role.APPRAISER)).then({PROPOSAL: [said], **done})
    given(*UNDER, said).when(command, by("BDVTU", Role.APPRAISER)).nothing()


def test_a_verdict_without_a_day_is_of_the_day_it_is_given() -> None:
    decided = given(*UNDER).when(replace(GIVE, on=None), by("BDVTU", Role.APPRAISER, JUNE_19)).decided()
    assert decided[PROPOSAL][0].on == JUNE_19


def test_a_clerk_records_the_letter_a_verdict_came_by() -> None:
    given(*UNDER).when(GIVE, CLERK).refuses(refusals.LetterMissing, "letter")
    by_letter = given(*UNDER).when(replace(GIVE, letter="112/BDVTU"), CLERK).decided()
    assert by_letter[PROPOSAL] == [replace(agreed("BDVTU"), letter="112/BDVTU", itself=False)]


def test_what_a_body_said_itself_is_changed_by_itself_and_a_letter_by_whoever_recorded_it() -> None:
    against = replace(GIVE, verdict=Verdict.DISAGREES)
    by_letter = replace(against, letter="113/BDVTU")
    refused = given(*UNDER, agreed("BDVTU")).when(by_letter, CLERK).refuses(refusals.VerdictStands)
    assert refused.facts == {"unit": "BDVTU"}
    given(*UNDER, agreed("BDVTU")).when(replace(GIVE, letter="113/BDVTU"), CLERK).nothing()
    itself = given(*UNDER, agreed("BDVTU")).when(against, by("BDVTU", Role.APPRAISER)).decided()
    assert itself[PROPOSAL] == [agreed("BDVTU", Verdict.DISAGREES)]
    recorded = replace(agreed("BDVTU"), letter="112/BDVTU", itself=False)
    corrected = given(*UNDER, recorded).when(by_letter, CLERK).decided()[PROPOSAL]
    assert [(event.verdict, event.letter) for event in corrected] == [(Verdict.DISAGREES, "113/BDVTU")]
    since_in_writing = given(*UNDER, agreed("BDVTU"), recorded).when(by_letter, CLERK).decided()
    assert since_in_writing[PROPOSAL] == corrected


def test_what_a_body_said_itself_on_a_letter_is_not_changed_by_a_clerk_with_another() -> None:
    (own,) = given(*UNDER).when(replace(GIVE, letter="112/BDVTU"), by("BDVTU", Role.APPRAISER)).decided()[PROPOSAL]
    assert own == replace(agreed("BDVTU"), letter="112/BDVTU")
    against = replace(GIVE, verdict=Verdict.DISAGREES, letter="113/BDVTU")
    assert given(*UNDER, own).when(against, CLERK).refuses(refusals.VerdictStands).facts == {"unit": "BDVTU"}
    assert given(*UNDER, own).when(against, by("BDVTU", Role.APPRAISER)).decided()[PROPOSAL]


def test_a_verdict_is_of_no_day_that_has_not_come() -> None:
    ahead = given(*UNDER).when(replace(GIVE, on=JUNE_20), by("BDVTU", Role.APPRAISER, JUNE_19))
    assert ahead.refuses(refusals.VerdictAhead, "on").facts == {"on": "2023-06-20"}
    given(*UNDER).when(replace(GIVE, on=JUNE_19), by("BDVTU", Role.APPRAISER, JUNE_19)).decided()


def test_only_whoever_was_asked_has_a_verdict_or_can_be_gone_without() -> None:
    stranger = replace(GIVE, appraiser="SGTVT")
    given(*UNDER).when(stranger, by("SGTVT", Role.APPRAISER)).refuses(refusals.NotAnAppraiser, "appraiser")
    given(*UNDER).when(replace(OVERRIDE, appraiser="SGTVT"), DEPUTY).refuses(refusals.NotAnAppraiser, "appraiser")


def test_a_verdict_is_gone_without_after_its_day_and_not_before() -> None:
    refused = given(*UNDER).when(OVERRIDE, DEPUTY).refuses(refusals.AppraisalNotLate)
    assert refused.facts == {"due": "2023-06-19"}
    late = by("CVP", Role.DEPUTY, JUNE_20, "p-deputy")
    cancelled = {TASKS["MTTQ"]: [TaskCancelled(unit="MTTQ", reason=None)]}
    given(*UNDER).when(OVERRIDE, late).then({PROPOSAL: [OVERRIDDEN], **cancelled})
    given(*UNDER, OVERRIDDEN).when(OVERRIDE, late).nothing()
    given(*UNDER, agreed("MTTQ")).when(OVERRIDE, late).nothing()


def test_a_verdict_that_comes_after_all_counts() -> None:
    given(*UNDER, OVERRIDDEN).when(replace(GIVE, appraiser="MTTQ"), by("MTTQ", Role.APPRAISER, JUNE_20)).decided()
    assert given(*UNDER, OVERRIDDEN, agreed("MTTQ")).state(PROPOSAL).given == {"MTTQ": Verdict.AGREES}


def test_the_appraisal_is_concluded_when_both_have_answered_or_are_gone_without() -> None:
    refused = given(*UNDER, agreed("BDVTU")).when(CONCLUDE, DEPUTY).refuses(refusals.AppraisalOpen)
    assert refused.facts == {"missing": "MTTQ"}
    given(*BOTH).when(CONCLUDE, DEPUTY).then({PROPOSAL: [CONCLUDED]})
    given(*UNDER, agreed("BDVTU"), OVERRIDDEN).when(CONCLUDE, DEPUTY).then({PROPOSAL: [CONCLUDED]})


def test_the_leader_in_charge_concludes_whatever_the_appraisers_said() -> None:
    chief = told(JUNE_19, Appraising, tasks=TASKS)
    refused = given(*BOTH).when(CONCLUDE, chief).refuses(refusals.NotTheLeader)
    assert refused.facts == {"leader": "p-deputy"}
    against = (*UNDER, agreed("BDVTU", Verdict.DISAGREES), agreed("MTTQ", Verdict.WITH_CHANGES))
    command = replace(CONCLUDE, verdict=Verdict.DISAGREES)
    concluded = AppraisalConcluded(by="p-deputy", verdict=Verdict.DISAGREES, note=None)
    given(*against).when(command, DEPUTY).then({PROPOSAL: [concluded]})


# --- submitted, decided


def test_the_division_puts_it_before_the_leaders_of_the_office_and_they_before_the_chairman() -> None:
    given(*APPRAISED).when(replace(SUBMIT, to_chairman=False), DIVISION).then({PROPOSAL: [BEFORE_LEADERS]})
    given(*APPRAISED).when(SUBMIT, DIVISION).refuses(refusals.LeadersFirst)
    given(*APPRAISED, BEFORE_LEADERS).when(SUBMIT, DIVISION).refuses(refusals.LeadersFirst)
    given(*APPRAISED, BEFORE_LEADERS).when(SUBMIT, DEPUTY).then({PROPOSAL: [BEFORE_CHAIRMAN]})
    given(*APPRAISED).when(SUBMIT, DEPUTY).then({PROPOSAL: [BEFORE_CHAIRMAN]})
    given(*SUBMITTED).when(SUBMIT, DIVISION).nothing()


@pytest.mark.parametrize(("command", "decision"), [(APPROVE, TO_BE_HELD), (REFUSE, REFUSED), (DEFER, DEFERRED)])
def test_the_chairman_holds_a_dialogue_on_it_or_none_or_later(command: Any, decision: Any) -> None:
    given(*SUBMITTED).when(command, CT).then({PROPOSAL: [decision]})
    given(*SUBMITTED, decision).when(command, CT).nothing()


@pytest.mark.parametrize(("command", "decision"), [(APPROVE, TO_BE_HELD), (REFUSE, REFUSED)])
def test_what_was_left_to_another_period_is_decided_then(command: Any, decision: Any) -> None:
    given(*SUBMITTED, DEFERRED).when(command, CT).then({PROPOSAL: [decision]})


def test_an_approved_one_knows_the_dialogue_that_takes_it_up() -> None:
    assert given(*AGREED, ProposalLinked(session=SESSION)).state(PROPOSAL).session == SESSION
    assert isinstance(TO_BE_HELD, ProposalApproved)


# --- by the leader in charge


def refused_to(leader: str, facts: Any, was: ProposalOpened = BROUGHT) -> dict[str, Any]:
    refused = given(was).when(replace(REQUEST, leader=leader), facts).refuses(refusals.NotInCharge, "leader")
    return dict(refused.facts)


def may_lead(leader: str, facts: Any, was: ProposalOpened = BROUGHT) -> bool:
    decided = given(was).when(replace(REQUEST, leader=leader), facts).decided()[PROPOSAL]
    return bool(decided[0].leader == leader)


def test_the_leader_in_charge_of_the_field_leads_the_appraisal_else_of_the_division() -> None:
    in_charge = "p-deputy, p-other, p-second"
    assert refused_to("p-schools", DIVISION) == {"leader": "p-schools", "field_key": "nong-nghiep", "in_charge": in_charge}
    assert may_lead("p-deputy", DIVISION)
    nobody_s_field = replace(BROUGHT, field="dat-dai")
    assert may_lead("p-schools", DIVISION, nobody_s_field)
    assert refused_to("p-deputy", DIVISION, nobody_s_field)["in_charge"] == "p-schools"


def test_where_nobody_is_in_charge_the_head_leads_it_or_whom_he_delegates_it_to() -> None:
    nobody = replace(DIVISION, charges=(), heads=frozenset({"p-chief", "p-delegate"}))
    assert refused_to("p-deputy", nobody)["in_charge"] == "p-chief, p-delegate"
    assert may_lead("p-chief", nobody)
    assert may_lead("p-delegate", nobody)
    by_credential = replace(nobody, heads=frozenset(), person="p-chief", capacity=Role.CHIEF)
    assert may_lead("p-chief", by_credential)
    assert refused_to("p-deputy", replace(nobody, heads=frozenset()))["in_charge"] == "-"


def test_it_is_concluded_passed_on_and_gone_without_by_who_is_in_charge_on_that_day() -> None:
    since_moved = replace(DEPUTY, charges=(replace(DEPUTIES, persons=frozenset({"p-second"})),))
    given(*BOTH).when(CONCLUDE, since_moved).refuses(refusals.NotInCharge, "leader")
    late = replace(since_moved, at=by("CVP", Role.DEPUTY, JUNE_20).at)
    given(*UNDER).when(OVERRIDE, late).refuses(refusals.NotInCharge, "leader")
    given(*UNDER).when(replace(REQUEST, leader="p-other"), since_moved).refuses(refusals.NotInCharge, "leader")
    passed_on = replace(APPRAISAL, leader="p-second")
    given(*UNDER).when(replace(REQUEST, leader="p-second"), since_moved).then({PROPOSAL: [passed_on]})


# --- prepared


def test_every_line_of_the_checklist_of_its_version_is_ticked_once() -> None:
    lines = len(BUILT_IN.lines)
    given(*AGREED).when(replace(CHECK, line=lines), DIVISION).then({PROPOSAL: [ChecklistItemChecked(line=lines)]})
    given(*AGREED, ChecklistItemChecked(line=1)).when(CHECK, DIVISION).nothing()
    for line in (0, lines + 1):
        refused = given(*AGREED).when(replace(CHECK, line=line), DIVISION).refuses(refusals.NoSuchLine, "line")
        assert refused.facts == {"lines": lines}


def test_a_proposal_keeps_the_checklist_it_began_with() -> None:
    later = ChecklistPublished(version="dieu-8.2023.1", lines=("Nội dung", "Thành phần"), valid_from=date(2023, 6, 6))
    published = {"checklist-every": [later]}
    RULES.given({**UNITS, **published}).when(OPEN, DIVISION).then({PROPOSAL: [BROUGHT]})
    begun = replace(OPEN, received_at=datetime(2023, 6, 6, 2, tzinfo=UTC))
    opened = replace(BROUGHT, received_at=begun.received_at, checklist="dieu-8.2023.1")
    RULES.given({**UNITS, **published}).when(begun, DIVISION).then({PROPOSAL: [opened]})
    third = replace(CHECK, line=3)
    RULES.given({**UNITS, **published, PROPOSAL: [BROUGHT]}).when(third, DIVISION).then(
        {PROPOSAL: [ChecklistItemChecked(line=3)]}
    )
    refused = RULES.given({**UNITS, **published, PROPOSAL: [opened]}).when(third, DIVISION).refuses(refusals.NoSuchLine, "line")
    assert refused.facts == {"lines": 2}


# --- step by step


@pytest.mark.parametrize(
    ("stage", "command"),
    [
        (UNDER, RETURN),
        ((BROUGHT,), COMPLETE),
        ((BROUGHT, RETURNED), REQUEST),
        (APPRAISED, REQUEST),
        ((BROUGHT,), GIVE),
        (APPRAISED, GIVE),
        (APPRAISED, OVERRIDE),
        ((BROUGHT,), CONCLUDE),
        (BOTH, SUBMIT),
        ((*SUBMITTED, REFUSED), SUBMIT),
        (APPRAISED, APPROVE),
        ((*APPRAISED, BEFORE_LEADERS), APPROVE),
        ((*APPRAISED, BEFORE_LEADERS), REFUSE),
        ((*SUBMITTED, REFUSED), APPROVE),
        ((*SUBMITTED, TO_BE_HELD), REFUSE),
        ((*SUBMITTED, TO_BE_HELD), DEFER),
        ((BROUGHT, RETURNED), CHECK),
        ((*SUBMITTED, REFUSED), CHECK),
        ((*SUBMITTED, DEFERRED), CHECK),
    ],
)
def test_each_step_follows_the_one_before_it(stage: tuple[Any, ...], command: Any) -> None:
    given(*stage).when(command, DEPUTY).refuses(refusals.ProposalElsewhere)


@pytest.mark.parametrize("command", [RETURN, REQUEST, GIVE, CONCLUDE, APPROVE, CHECK])
def test_a_proposal_nobody_referred_is_not_known(command: Any) -> None:
    given().when(command, DEPUTY).refuses(Unknown, "proposal")
