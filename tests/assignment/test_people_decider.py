"""People move, act for several units, and leave: dated facts that follow one another."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.assignment.domain.directory.commands import JoinUnit, LeaveUnit, MovePerson
from services.assignment.domain.directory.people import evolve_person
from services.assignment.domain.directory.refusals import NotJoined, OutOfDateOrder, PersonNotInService, UnknownUnit
from services.assignment.handlers.streams import PERSON
from shared.contracts.directory import PersonJoined, PersonLeft, PersonMoved, PersonRegistered
from shared.contracts.refusals import Unknown
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import DIRECTORY, given

PERSON_ID = "p-specialist"
STREAM = "person-p-specialist"
MARCH, MAY, JULY = date(2023, 3, 1), date(2023, 5, 1), date(2023, 7, 1)
MOVE = MovePerson(person=PERSON_ID, unit="TH", valid_from=MARCH)
JOIN = JoinUnit(person=PERSON_ID, unit="TH", valid_from=MARCH)
LEAVE = LeaveUnit(person=PERSON_ID, unit="TH", valid_from=MAY)
MOVED = PersonMoved(person=PERSON_ID, unit="TH", valid_from=MARCH)
JOINED = PersonJoined(person=PERSON_ID, unit="TH", valid_from=MARCH)
LEFT = PersonLeft(person=PERSON_ID, unit="TH", valid_from=MAY)
GONE = PersonMoved(person=PERSON_ID, unit=None, valid_from=JULY)


def known(*more: object) -> dict[str, list[object]]:
    return {STREAM: [*DIRECTORY[STREAM], *more]}


def test_a_person_moves_to_another_unit_from_a_day_on() -> None:
    given().when(MOVE).then({STREAM: [MOVED]})
    given(more=known(MOVED)).when(MOVE).nothing()
    given(more=known(MOVED)).when(replace(MOVE, unit="TCHCQT", valid_from=date(2023, 2, 1))).refuses(OutOfDateOrder, "valid_from")


def test_a_person_moves_only_to_a_unit_that_is_there() -> None:
    given().when(replace(MOVE, unit="NOWHERE")).refuses(UnknownUnit, "unit")
    given().when(replace(MOVE, unit="CU")).refuses(UnitNotInForce, "unit")
    given().when(MovePerson(person="p-nobody", unit="TH", valid_from=MARCH)).refuses(Unknown, "person")


def test_a_person_acts_for_several_units_until_he_leaves_one() -> None:
    given().when(JOIN).then({STREAM: [JOINED]})
    given(more=known(JOINED)).when(JOIN).nothing()
    given(more=known(JOINED)).when(LEAVE).then({STREAM: [LEFT]})
    given(more=known(JOINED, LEFT)).when(LEAVE).nothing()
    given(more=known(JOINED, LEFT)).when(replace(JOIN, valid_from=JULY)).then({STREAM: [replace(JOINED, valid_from=JULY)]})


def test_only_what_was_joined_is_left() -> None:
    given().when(LEAVE).refuses(NotJoined, "unit")
    given().when(replace(LEAVE, unit="TCHCQT")).refuses(NotJoined, "unit")


def test_who_leaves_the_service_leaves_every_unit_and_joins_none() -> None:
    given(more=known(JOINED)).when(MovePerson(person=PERSON_ID, valid_from=JULY)).then({STREAM: [GONE]})
    given(more=known(JOINED, GONE)).when(MovePerson(person=PERSON_ID, valid_from=JULY)).nothing()
    given(more=known(GONE)).when(replace(JOIN, valid_from=JULY)).refuses(PersonNotInService, "person")


def test_the_units_of_a_day_are_those_that_hold_on_it() -> None:
    state: Any = PERSON.initial
    registered = PersonRegistered(person=PERSON_ID, name=DIRECTORY[STREAM][0].name, unit="TCHCQT", valid_from=date(2021, 1, 1))
    for event in (registered, JOINED, LEFT, replace(MOVED, unit="KT", valid_from=date(2023, 6, 1)), GONE):
        state = evolve_person(state, event)
    days = (date(2020, 1, 1), date(2023, 2, 28), MARCH, date(2023, 4, 30), MAY, date(2023, 6, 1), date(2023, 6, 30), JULY)
    expected = [(), ("TCHCQT",), ("TCHCQT", "TH"), ("TCHCQT", "TH"), ("TCHCQT",), ("KT",), ("KT",), ()]
    assert [state.units(day) for day in days] == expected
