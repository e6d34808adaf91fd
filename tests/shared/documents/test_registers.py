"""Books of numbers: external ones with their gaps, internal ones without, voids in both (invariant 11)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shared.contracts.document import DispatchMeans, NumberVoided, RegisterOpened
from shared.contracts.document import NumberTaken as Taken
from shared.contracts.refusals import Refused
from shared.documents import issuing, refusals, registers
from shared.documents.issuing import Numbering
from tests.shared.documents import papers
from tests.shared.documents.papers import (
    COPIED,
    DAY,
    DOCUMENT,
    DRAFTED,
    ISSUED,
    NUMBERED,
    OTHER,
    SENT,
    SUPERSEDED,
    TO_NUMBER,
    TO_SENDING,
    TO_SIGNATURE,
    WORDS,
    after,
    book,
)

THIRD = Taken(number=3, document=OTHER)
REGISTER = "register-VPUB-TB-VPUB-2023"


def take(state: registers.Register, number: int | None = None, *, on: date = DAY, document: str = DOCUMENT) -> Any:
    return registers.take(state, office="VPUB", book="TB-VPUB", on=on, document=document, number=number)


def void(state: registers.Register, number: int, **more: Any) -> list[NumberVoided]:
    return registers.void(state, office="VPUB", book="TB-VPUB", year=2023, number=number, reason=WORDS, **more)


def refused(rule: type[Refused], asked: Callable[[], Any], field: str) -> Refused:
    with pytest.raises(rule) as found:
        asked()
    assert (type(found.value), found.value.field) == (rule, field)
    return found.value


def opened(**changed: Any) -> RegisterOpened:
    given = {"office": "VPUB", "register": "TB-VPUB", "year": 2023, "external": True, "pattern": "{number}/TB-VPUB"}
    return RegisterOpened(**{**given, **changed})


def test_a_register_is_opened_once_for_its_year() -> None:
    assert registers.open_register(registers.INITIAL, opened()) == [opened()]
    assert registers.open_register(book(), opened()) == []


@pytest.mark.parametrize(
    "otherwise", [{"external": False}, {"pattern": "{number}/TB"}, {"office": "VPUB-TB", "register": "VPUB"}]
)
def test_an_open_register_does_not_change_under_its_numbers(otherwise: dict[str, Any]) -> None:
    refused(refusals.RegisterStands, lambda: registers.open_register(book(), opened(**otherwise)), "book")


@pytest.mark.parametrize("pattern", ["/TB-VPUB", "{number}/{number}", "{number}/TB-{year}", "{}/TB"])
def test_a_pattern_holds_the_number_once_and_nothing_else_in_braces(pattern: str) -> None:
    found = refused(
        refusals.PatternWithoutNumber, lambda: registers.open_register(registers.INITIAL, opened(pattern=pattern)), "pattern"
    )
    assert found.said(found.title_en) == "The pattern must hold {number} once"


@pytest.mark.parametrize("year", [0, 1989, 2201])
def test_a_register_is_of_a_year_that_can_be(year: int) -> None:
    refused(refusals.YearOutOfRange, lambda: registers.open_register(registers.INITIAL, opened(year=year)), "year")


@pytest.mark.parametrize(("number", "written"), [(3, "03/TB-VPUB"), (11, "11/TB-VPUB"), (1037, "1037/TB-VPUB")])
def test_numbers_below_ten_are_written_with_a_nought(number: int, written: str) -> None:
    assert registers.symbol("{number}/TB-VPUB", number) == written


def test_an_external_register_takes_the_number_typed_in_whatever_lies_between() -> None:
    numbered, lines = take(book(THIRD), 7)
    assert (numbered.number, numbered.symbol, numbered.year, numbered.on) == (7, "07/TB-VPUB", 2023, DAY)
    assert lines == [Taken(number=7, document=DOCUMENT)]
    assert take(book(Taken(number=7, document=OTHER)), 2)[1] == [Taken(number=2, document=DOCUMENT)]


def test_an_external_register_needs_the_number() -> None:
    refused(refusals.NumberMissing, lambda: take(book()), "number")


def test_an_internal_register_gives_the_next_number_after_those_taken_and_those_voided() -> None:
    first = book(external=False)
    assert take(first)[0].number == 1
    later = book(Taken(number=1, document=OTHER), NumberVoided(number=2, reason=WORDS), external=False)
    assert take(later)[1] == [Taken(number=3, document=DOCUMENT)]
    assert take(later, 3)[1] == [Taken(number=3, document=DOCUMENT)]


def test_an_internal_register_gives_no_other_number() -> None:
    found = refused(refusals.NotTheNextNumber, lambda: take(book(external=False), 2), "number")
    assert found.facts == {"next": 1}


@pytest.mark.parametrize("external", [True, False])
def test_a_number_is_given_once(external: bool) -> None:
    taken = book(Taken(number=1, document=OTHER), external=external)
    found = refused(refusals.NumberTaken, lambda: take(taken, 1), "number")
    assert found.facts == {"number": 1, "document": OTHER}


@pytest.mark.parametrize("external", [True, False])
def test_a_voided_number_is_never_used(external: bool) -> None:
    spoiled = book(NumberVoided(number=1, reason=WORDS), external=external)
    refused(refusals.NumberVoid, lambda: take(spoiled, 1), "number")


def test_a_document_that_has_the_number_already_takes_nothing() -> None:
    mine = book(Taken(number=3, document=DOCUMENT))
    assert take(mine, 3)[1] == []
    assert take(mine)[0].number == 3


@pytest.mark.parametrize("number", [0, -1, 100_000])
def test_a_number_begins_at_one_and_ends_somewhere(number: int) -> None:
    refused(refusals.NumberOutOfRange, lambda: take(book(), number), "number")
    refused(refusals.NumberOutOfRange, lambda: void(book(), number), "number")


def test_numbers_come_only_from_a_register_of_that_office_key_and_year() -> None:
    refused(refusals.NoSuchRegister, lambda: take(registers.INITIAL, 1), "book")
    refused(refusals.NoSuchRegister, lambda: take(book(), 1, on=date(2024, 1, 2)), "book")
    refused(
        refusals.NoSuchRegister,
        lambda: registers.take(book(), office="UBND-MSO", book="TB-VPUB", on=DAY, document=DOCUMENT, number=1),
        "book",
    )


def test_numbering_begins_anew_each_year() -> None:
    assert take(book(external=False, year=2024), on=date(2024, 1, 2))[0].symbol == "01/TB-VPUB"


def test_a_spoiled_number_is_voided_once() -> None:
    assert void(book(), 5) == [NumberVoided(number=5, reason=WORDS)]
    assert void(book(NumberVoided(number=5, reason=WORDS)), 5) == []


def test_only_the_next_number_of_an_internal_register_can_be_spoiled() -> None:
    inner = book(Taken(number=1, document=OTHER), external=False)
    assert void(inner, 2) == [NumberVoided(number=2, reason=WORDS)]
    refused(refusals.NotTheNextNumber, lambda: void(inner, 3), "number")


@pytest.mark.parametrize("holder", [after(*TO_NUMBER), after(*TO_SENDING), after(*TO_SENDING, SUPERSEDED), None])
def test_a_number_in_use_or_ever_issued_is_not_voided(holder: Any) -> None:
    refused(refusals.NumberTaken, lambda: void(book(THIRD), 3, holder=holder), "number")


def test_the_number_of_a_document_that_never_was_issued_is_voided_once_another_stands_in_its_place() -> None:
    replaced = after(*TO_NUMBER, SUPERSEDED)
    (voided,) = void(book(THIRD), 3, holder=replaced)
    spoiled = book(THIRD, voided)
    assert isinstance(spoiled, registers.Book)
    assert spoiled.entries == (registers.Entry(3, None),)
    refused(refusals.NumberVoid, lambda: take(spoiled, 3, document=OTHER), "number")


def test_what_lies_between_the_numbers_of_an_external_register_is_listed() -> None:
    assert registers.gaps([3, 7, 8, 99_999]) == ((1, 2), (4, 6), (9, 99_998))
    assert registers.gaps([8, 9], after=7) == ()
    assert registers.gaps([]) == ()


# Numbering and issuing in one append


def test_numbering_from_an_external_register_leaves_the_issue_to_the_registry() -> None:
    decided = issuing.number(DOCUMENT, after(*TO_SIGNATURE), Numbering(book="TB-VPUB", register=book(), number=3), DAY)
    assert decided.symbol == "03/TB-VPUB"
    assert decided.events == {DOCUMENT: [NUMBERED], REGISTER: [Taken(number=3, document=DOCUMENT)]}


def test_numbering_from_an_internal_register_issues() -> None:
    inner = Numbering(book="TB-VPUB", register=book(Taken(number=1, document=OTHER), THIRD, external=False))
    decided = issuing.number(DOCUMENT, after(*TO_SIGNATURE), inner, DAY)
    assert [type(event) for event in decided.events[DOCUMENT]] == [type(NUMBERED), type(ISSUED)]
    assert decided.events[REGISTER] == [Taken(number=4, document=DOCUMENT)]


def test_issuing_numbers_issues_and_sends_in_one_go() -> None:
    numbering = Numbering(book="TB-VPUB", register=book(), number=3)
    decided = issuing.issue(DOCUMENT, after(*TO_SIGNATURE), DAY, numbering, DispatchMeans.INTERCHANGE)
    assert decided.events[DOCUMENT] == [NUMBERED, ISSUED, SENT, COPIED]
    assert decided.events[REGISTER] == [Taken(number=3, document=DOCUMENT)]


def test_a_numbered_document_is_issued_with_or_without_its_register_named() -> None:
    plain = issuing.issue(DOCUMENT, after(*TO_NUMBER), DAY)
    assert (plain.symbol, plain.events) == ("03/TB-VPUB", {DOCUMENT: [ISSUED]})
    named = issuing.issue(DOCUMENT, after(*TO_NUMBER), DAY, Numbering(book="TB-VPUB"))
    assert named == plain


def test_asked_again_even_in_another_year_a_number_stays_what_it_is() -> None:
    later = issuing.number(DOCUMENT, after(*TO_NUMBER), Numbering(book="TB-VPUB"), date(2024, 1, 2))
    assert (later.symbol, later.events) == ("03/TB-VPUB", {})


def test_an_unnumbered_document_is_not_issued_and_an_unsigned_one_takes_no_number() -> None:
    refused(refusals.NotNumbered, lambda: issuing.issue(DOCUMENT, after(*TO_SIGNATURE), DAY), "document")
    numbering = Numbering(book="TB-VPUB", register=book(), number=3)
    refused(refusals.NotSigned, lambda: issuing.issue(DOCUMENT, after(DRAFTED), DAY, numbering), "document")
    refused(refusals.NotSigned, lambda: issuing.number(DOCUMENT, after(DRAFTED), numbering, DAY), "document")


def test_another_number_for_a_numbered_document_is_refused() -> None:
    numbering = Numbering(book="TB-VPUB", register=book(Taken(number=3, document=DOCUMENT)), number=4)
    refused(refusals.AlreadyNumbered, lambda: issuing.number(DOCUMENT, after(*TO_NUMBER), numbering, DAY), "document")


def test_papers_stand_as_issued_when_their_successor_is() -> None:
    state = after(*papers.TO_ISSUE)
    assert issuing.issue(DOCUMENT, state, DAY).events == {DOCUMENT: []}
