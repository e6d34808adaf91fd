"""Who may do what to which things: every action against every role and place, as the reviewed table says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from deploy.catalogue import all_commands
from shared.contracts.roles import Role, Scope
from shared.permit import Delegated, Resource, Subject, permit
from tests.support.granted import actions, expected, reach_of

OWN, OTHER = "VPUB", "UBND-MSO"
UNIT, OTHER_UNIT = "TH", "NC"
ME: Final = Subject(person="p-1", tenant="sonla", office=OWN, unit=UNIT, capacities=frozenset())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing lies as seen from whoever asks, and which reach gets there."""

    resource: Resource
    within: frozenset[Scope]


def _place(office: str, *within: Scope, tenant: str = "sonla", **more: Any) -> Place:
    return Place(Resource(tenant, office, **more), frozenset(within))


THEIRS: Final[Mapping[str, Any]] = {"units": frozenset({OTHER_UNIT}), "leads": frozenset({OTHER_UNIT}), "owner": "p-2"}
MINE: Final[Mapping[str, Any]] = {
    "units": frozenset({UNIT}),
    "leads": frozenset({UNIT}),
    "assignees": frozenset({"p-1"}),
    "owner": "p-1",
}
PLACES: Final[Mapping[str, Place]] = {
    "of his office, of another unit": _place(OWN, Scope.TENANT, Scope.OFFICE, assignees=frozenset({"p-2"}), **THEIRS),
    "of another office and unit": _place(OTHER, Scope.TENANT, assignees=frozenset({"p-2"}), **THEIRS),
    "of no office": _place("", Scope.TENANT),
    "of another office, that his unit took in": _place(OTHER, Scope.TENANT, Scope.UNIT, **{**THEIRS, "units": frozenset({UNIT})}),
    "of another office, that his unit answers": _place(OTHER, Scope.TENANT, Scope.LEAD, **{**THEIRS, "leads": frozenset({UNIT})}),
    "of another office, given to him": _place(OTHER, Scope.TENANT, Scope.ASSIGNEE, assignees=frozenset({"p-1"}), **THEIRS),
    "of another office, that he handed in": _place(OTHER, Scope.TENANT, Scope.SELF, **{**THEIRS, "owner": "p-1"}),
    "all his": _place(OWN, *Scope, **MINE),
    "all his, in another installation": _place(OWN, tenant="laichau", **MINE),
}


# --- The table


def test_every_action_has_its_row_and_every_row_its_action() -> None:
    assert set(expected()) == set(actions())


def test_every_row_says_what_is_granted() -> None:
    differing = {name: action for name, action in actions().items() if reach_of(action) != expected()[name]}
    assert not differing


@pytest.mark.parametrize("place", PLACES)
def test_every_cell_of_the_table_is_what_permission_answers(place: str) -> None:
    there = PLACES[place]
    wrong = [
        (name, role.value)
        for name, action in actions().items()
        for role in Role
        if permit(replace(ME, capacities=frozenset({role})), action, there.resource).allowed
        is not bool(expected()[name][role] & there.within)
    ]
    assert not wrong


@pytest.mark.parametrize("place", PLACES)
def test_whoever_acts_for_a_post_reaches_what_its_holder_does_and_no_further(place: str) -> None:
    there, wrong = PLACES[place], []
    for name, action in actions().items():
        for role in Role:
            post = Delegated("delegation-1", "TP-TH", role, OWN, UNIT)
            deputised = replace(ME, office="UBND-YCH", unit="YCH-VP", delegated=(post,))
            if permit(deputised, action, there.resource).allowed is not bool(expected()[name][role] & there.within):
                wrong.append((name, role.value))
    assert not wrong


def test_administrators_have_no_access_to_cases_and_auditors_change_nothing() -> None:
    """Invariant 15, read off the table by itself."""
    about = ("case", "opinion", "answer", "words", "speaker", "task", "request", "proposal", "conclusion", "minutes", "figures")
    reached = {
        name
        for name, reach in expected().items()
        if any(each in name for each in about) and reach[Role.ADMINISTRATOR] | reach[Role.OPERATOR]
    }
    assert reached == {"read_figures"}  # which name nobody
    written = {name for name in all_commands() if expected()[name][Role.AUDITOR]}
    assert written == {"grant_delegation", "revoke_delegation"}  # of a post of his own


def test_nobody_but_the_house_itself_does_what_only_processes_do() -> None:
    alone = {name for name, reach in expected().items() if {role for role in Role if reach[role]} == {Role.SYSTEM}}
    assert {"open_case", "lock_data", "take_fence", "fence_log", "hand_over", "settle_task"} <= alone
