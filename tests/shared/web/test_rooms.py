"""Where somebody's work begins, and in which order the menu stands."""

from collections.abc import Mapping

import pytest

from shared.contracts.roles import Role
from shared.permit import Delegated, Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room

EVERYBODY = frozenset({"/usual"})


def subject(*roles: Role, for_others: tuple[Role, ...] = ()) -> Subject:
    acting = tuple(Delegated("delegation-1", "post-1", role, "VPUB", "CVP") for role in for_others)
    return Subject(person="p", tenant="sonla", office="VPUB", unit="TH", capacities=frozenset(roles), delegated=acting)


def pages(first: Mapping[Role, str], reached: frozenset[str] = EVERYBODY) -> Pages:
    return Pages(
        [
            Room(package="shared.identity", otherwise="/usual", reached=lambda _: reached),
            Room(package="shared.identity", first=first),
        ]
    )


@pytest.mark.parametrize(
    ("who", "where"),
    [
        (subject(Role.SPECIALIST), "/usual"),
        (subject(Role.HUB), "/intake"),
        (subject(Role.SPECIALIST, Role.HUB), "/intake"),
        (subject(Role.HUB, Role.CHIEF), "/awaiting-me"),
        (subject(Role.SPECIALIST, for_others=(Role.CHIEF,)), "/awaiting-me"),
        (subject(Role.HUB, for_others=(Role.CHIEF,)), "/intake"),
    ],
)
def test_work_begins_where_the_capacity_leads(who: Subject, where: str) -> None:
    assert pages({Role.HUB: "/intake", Role.CHIEF: "/awaiting-me"}).first(who) == where


def test_nobody_is_led_to_a_page_that_he_does_not_reach() -> None:
    assert pages({}, reached=frozenset()).first(subject(Role.AUDITOR)) is None


@pytest.mark.parametrize(
    ("who", "daily"),
    [
        (subject(Role.CHIEF), {"/all", "/reports"}),
        (subject(Role.SPECIALIST), {"/all"}),
        (subject(Role.SPECIALIST, for_others=(Role.CHIEF,)), {"/all", "/reports"}),
        (subject(Role.SPECIALIST, Role.HUB), {"/all"}),
    ],
)
def test_a_page_is_daily_work_of_whom_it_is_named_for_else_of_whoever_reaches_it(who: Subject, daily: set[str]) -> None:
    works = {"/reports": frozenset({Role.CHIEF}), "/bell": frozenset[Role](), "/closed": frozenset({Role.HUB})}
    reached = frozenset({"/all", "/reports", "/bell"})
    room = Room(package="shared.identity", reached=lambda _: reached, works=works)
    assert Pages([room]).daily(who) == daily


def test_a_menu_has_its_groups_from_the_top() -> None:
    assert [group.value for group in Group][:2] == ["own", "intake"]
