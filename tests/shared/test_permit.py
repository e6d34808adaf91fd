"""Permission: denied unless a grant reaches, and only as far as the grant says."""

from dataclasses import replace

from shared.contracts.roles import Role, Scope, action, grants
from shared.permit import Delegated, Resource, Standing, Subject, permit

CLASSIFY = action("opinion.classify", grants(Scope.OFFICE, Role.HUB))
ANSWER = action("case.answer", grants(Scope.LEAD, Role.SPECIALIST), grants(Scope.ASSIGNEE, Role.DEPUTY))
HAND_IN = action("opinion.read", grants(Scope.UNIT, Role.FEEDER), grants(Scope.SELF, Role.CITIZEN))
NOTHING = action("nothing")


def subject(*capacities: Role, person: str = "p-1", tenant: str = "sonla", office: str = "VPUB", unit: str = "TCHCQT") -> Subject:
    return Subject(person=person, tenant=tenant, office=office, unit=unit, capacities=frozenset(capacities))


def test_nobody_may_do_what_nobody_was_granted() -> None:
    assert not permit(subject(*Role), NOTHING, Resource("sonla", "VPUB")).allowed


def test_a_capacity_counts_only_where_it_is_held() -> None:
    assert permit(subject(Role.HUB), CLASSIFY, Resource("sonla", "VPUB")).allowed
    assert not permit(subject(Role.CHIEF), CLASSIFY, Resource("sonla", "VPUB")).allowed


def test_an_office_s_grant_ends_at_its_door() -> None:
    assert not permit(subject(Role.HUB), CLASSIFY, Resource("sonla", "UBND-MSO")).allowed
    assert not permit(subject(Role.HUB), CLASSIFY, Resource("sonla")).allowed


def test_another_installation_is_always_out_of_reach() -> None:
    assert not permit(subject(Role.HUB, tenant="laichau"), CLASSIFY, Resource("sonla", "VPUB")).allowed


def test_the_lead_unit_and_the_person_it_was_given_to_may_answer() -> None:
    case = Resource("sonla", "VPUB", leads=frozenset({"TH"}), assignees=frozenset({"p-9"}))
    assert permit(subject(Role.SPECIALIST, unit="TH"), ANSWER, case).allowed
    assert not permit(subject(Role.SPECIALIST, unit="NC"), ANSWER, case).allowed
    assert permit(subject(Role.DEPUTY, person="p-9", unit="NC"), ANSWER, case).allowed


def test_whoever_handed_it_in_sees_it_and_their_unit_does() -> None:
    handed_in = Resource("sonla", "VPUB", units=frozenset({"MSO"}), owner="p-7")
    assert permit(subject(Role.FEEDER, unit="MSO"), HAND_IN, handed_in).allowed
    assert permit(subject(Role.CITIZEN, person="p-7", unit=""), HAND_IN, handed_in).allowed
    assert not permit(subject(Role.CITIZEN, person="", unit=""), HAND_IN, Resource("sonla", "VPUB")).allowed


def test_the_decision_names_its_rule_and_the_capacity_used() -> None:
    decision = permit(subject(Role.HUB, Role.AUDITOR), CLASSIFY, Resource("sonla", "VPUB"))
    assert decision.rule == "opinion.classify: hub within office"
    assert decision.capacity is Role.HUB


HEAD = Delegated(delegation="delegation-1", post="CVP", role=Role.HUB, office="VPUB", unit="CVP")


def test_what_was_delegated_reaches_from_the_post_and_is_named() -> None:
    deputy = replace(subject(Role.DEPUTY, office="UBND-MSO", unit="MSO-VP"), delegated=(HEAD,))
    decision = permit(deputy, CLASSIFY, Resource("sonla", "VPUB"))
    assert (decision.allowed, decision.capacity, decision.under) == (True, Role.HUB, HEAD)
    assert not permit(deputy, CLASSIFY, Resource("sonla", "UBND-MSO")).allowed


def test_one_s_own_capacity_goes_before_a_delegation() -> None:
    hub = replace(subject(Role.HUB), delegated=(HEAD,))
    assert permit(hub, CLASSIFY, Resource("sonla", "VPUB")).under is None


def test_a_delegation_covers_the_actions_it_names_or_all_of_the_post_s() -> None:
    standing = Standing(delegations=((HEAD, frozenset()), (replace(HEAD, delegation="delegation-2"), frozenset({"close"}))))
    assert [each.delegation for each in standing.delegated("close")] == ["delegation-1", "delegation-2"]
    assert [each.delegation for each in standing.delegated("assign")] == ["delegation-1"]
