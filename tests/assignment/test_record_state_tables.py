"""The state tables of registers, posts, people and delegations in the service's README say what the deciders do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from services.assignment.domain.directory import commands as of_directory
from services.assignment.domain.directory.delegations import Granted
from services.assignment.domain.directory.people import Person
from services.assignment.domain.directory.posts import Post
from services.assignment.domain.register.commands import OpenRegister, VoidNumber
from services.assignment.entrypoints.api import directory, documents
from shared.contracts.directory import DelegationRevoked, PersonRegistered
from shared.contracts.document import NumberTaken, NumberVoided, RegisterOpened
from shared.desk import name_of
from shared.documents.registers import register_stream
from tests.assignment import test_people_decider as people
from tests.assignment import test_posts_decider as posts
from tests.assignment.stage import given
from tests.assignment.test_state_tables import README
from tests.support.scenario import Given, sealed
from tests.support.state_tables import outcome, show, written

States = Mapping[str, tuple[Any, ...]]
JULY: Final = date(2023, 7, 1)

# --- registers: an internal book in which number 1 is spoiled, or is that of a paper

REGISTER: Final = register_stream("VPUB", "KH-VPUB", 2023)
OPENED: Final = RegisterOpened(office="VPUB", register="KH-VPUB", year=2023, external=False, pattern="{number}/KH-VPUB")
REGISTERS: Final[States] = {
    "NoRegister": (),
    "Book": (OPENED,),
    "Voided": (OPENED, NumberVoided(number=1, reason=sealed(1))),
    "Taken": (OPENED, NumberTaken(number=1, document="document-00000000000000000001")),
}
OPEN: Final = OpenRegister(office="VPUB", book="KH-VPUB", year=2023, external=False, pattern="{number}/KH-VPUB")
ON_REGISTERS: Final[dict[str, Any]] = {
    "open_register": OPEN,
    "open_register, otherwise": replace(OPEN, external=True),
    "void_number": VoidNumber(office="VPUB", book="KH-VPUB", year=2023, number=1, reason=sealed(2)),
}

# --- posts: held from 1/3, vacant from 1/4

POSTS: Final[States] = {
    "NoPost": (),
    "Vacant": (posts.CREATED,),
    "Held": (posts.CREATED, posts.HELD),
    "Vacated": (posts.CREATED, posts.HELD, posts.VACATED),
}
ON_POSTS: Final[dict[str, Any]] = {
    "create_post": posts.CREATE,
    "create_post, otherwise": replace(posts.CREATE, name="Phó Trưởng phòng"),
    "hold_post": replace(posts.HOLD, valid_from=JULY),
    "hold_post, from before": replace(posts.HOLD, person="p-specialist", valid_from=date(2022, 1, 1)),
    "vacate_post": of_directory.VacatePost(post="TP-TH", valid_from=JULY),
}

# --- people: registered with one unit; beside it in another from 1/3; that ended on 1/5; out of the service from 1/7

AT_HOME: Final = PersonRegistered(person=people.PERSON_ID, name=sealed(8), unit="TCHCQT", valid_from=date(2021, 1, 1))
PEOPLE: Final[States] = {
    "NoPerson": (),
    "InOne": (AT_HOME,),
    "InSeveral": (AT_HOME, people.JOINED),
    "Left": (AT_HOME, people.JOINED, people.LEFT),
    "Gone": (AT_HOME, people.GONE),
}
LATER: Final = date(2023, 9, 1)
ON_PEOPLE: Final[dict[str, Any]] = {
    "register_person": of_directory.RegisterPerson(
        person=people.PERSON_ID, name=sealed(8), unit="TCHCQT", valid_from=date(2021, 1, 1)
    ),
    "move_person": replace(people.MOVE, valid_from=LATER),
    "move_person, out of the service": replace(people.MOVE, unit=None, valid_from=LATER),
    "join_unit": replace(people.JOIN, valid_from=LATER),
    "leave_unit": replace(people.LEAVE, valid_from=LATER),
}

# --- delegations: from 1/3 to 10/3, revoked from 5/3

MARCH_5: Final = date(2023, 3, 5)
DELEGATIONS: Final[States] = {
    "NoDelegation": (),
    "Granted": (posts.GRANTED,),
    "Revoked": (posts.GRANTED, DelegationRevoked(valid_from=MARCH_5, basis=None)),
}
REVOKE: Final = of_directory.RevokeDelegation(delegation=posts.DELEGATION, valid_from=MARCH_5)
ON_DELEGATIONS: Final[dict[str, Any]] = {
    "grant_delegation": posts.GRANT,
    "revoke_delegation": REVOKE,
    "revoke_delegation, earlier": replace(REVOKE, valid_from=date(2023, 3, 2)),
    "revoke_delegation, after its last day": replace(REVOKE, valid_from=date(2023, 3, 11)),
}


def stands(state: Any) -> str:
    """The name of a state: of a post, a person and a delegation what holds of it at last."""
    match state:
        case Post(holdings=()):
            return "Vacant"
        case Post(holdings=(*_, last)):
            return "Held" if last.person else "Vacated"
        case Person(memberships=memberships):
            standing = [each for each in memberships if each.until is None]
            if any(not each.home for each in standing):
                return "InSeveral"
            if not standing:
                return "Gone"
            return "Left" if any(not each.home for each in memberships) else "InOne"
        case Granted(revoked_from=day):
            return "Granted" if day is None else "Revoked"
    return type(state).__name__


def number_one(state: Any) -> str:
    """The name of a register's state: what its number 1 is."""
    entry = state.at(1) if hasattr(state, "at") else None
    return stands(state) if entry is None else "Taken" if entry.document else "Voided"


def _table(
    stream: str, states: States, commands: Mapping[str, Any], named: Callable[[Any], str] = stands, facts: Any = None
) -> list[list[str]]:
    rows = [["command \\ in", *states]]
    for name, command in commands.items():
        code, _, how = name.partition(", ")
        histories = [_after(stream, events) for events in states.values()]
        assert [named(history.state(stream)) for history in histories] == list(states)
        cells = [outcome(history, command, stream, facts, named) for history in histories]
        rows.append([f"`{code}`" + (f", {how}" if how else ""), *cells])
    return rows


def _after(stream: str, events: tuple[Any, ...]) -> Given:
    beside = {posts.STREAM: [posts.CREATED, replace(posts.HELD, valid_from=date(2021, 1, 1))]}
    return given(more={**(beside if stream == posts.DELEGATION else {}), stream: events})


TABLES: Final[dict[str, Callable[[], list[list[str]]]]] = {
    "States of a register": lambda: _table(REGISTER, REGISTERS, ON_REGISTERS, number_one),
    "States of a post": lambda: _table(posts.STREAM, POSTS, ON_POSTS),
    "States of a person": lambda: _table(people.STREAM, PEOPLE, ON_PEOPLE),
    "States of a delegation": lambda: _table(posts.DELEGATION, DELEGATIONS, ON_DELEGATIONS, facts=posts.told()),
}


@pytest.mark.parametrize("heading", list(TABLES))
def test_a_state_table_says_what_the_decider_does(heading: str) -> None:
    assert written(README, heading) == TABLES[heading]()


@pytest.mark.parametrize(
    ("routes", "beginning", "rows"),
    [
        (documents, ("/registers",), ON_REGISTERS),
        (directory, ("/posts",), ON_POSTS),
        (directory, ("/persons",), ON_PEOPLE),
        (directory, ("/delegations",), ON_DELEGATIONS),
    ],
)
def test_the_tables_have_a_row_for_every_command_that_people_ask(
    routes: Any, beginning: tuple[str, ...], rows: Mapping[str, Any]
) -> None:
    asked = {name_of(command) for path, command, _ in routes.COMMANDS if path.startswith(beginning)}
    assert asked == {row.partition(",")[0] for row in rows}


if __name__ == "__main__":
    show(TABLES)
