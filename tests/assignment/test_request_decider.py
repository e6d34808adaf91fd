"""A request for direct dialogue: granted a dialogue, refused with a reason or taken back, and met (R21)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case.commands import WordsInVault
from services.assignment.domain.request import commands as asked
from services.assignment.domain.request.refusals import DialogueNotHeld, NotAccepted, NotOnRequest, RequestAnswered
from shared.contracts.opinion import RejectionReason
from shared.contracts.refusals import Unknown
from shared.contracts.request import RequestAccepted, RequestMet, RequestRefused, RequestWithdrawn
from shared.contracts.session import SessionCancelled, SessionConcluded, SessionRequestLinked
from tests.assignment.sittings import (
    AD_HOC,
    ASKED,
    BEGUN,
    DENIED,
    GRANTED,
    HELD,
    ON_REQUEST,
    PROGRAMME,
    REQUEST,
    REQUEST_DAY,
    UNITS,
    told,
)
from tests.assignment.stage import RULES, SESSION
from tests.support.scenario import Given, sealed

OTHER = "session-00000000000000000002"
BESIDE: dict[str, Any] = {OTHER: [ON_REQUEST]}
MARCH_9 = told(date(2023, 3, 9))
ACCEPT = asked.AcceptRequest(request=REQUEST, session=SESSION)
REFUSE = asked.RefuseRequest(request=REQUEST, reason=RejectionReason.FINAL_DECISION, note=sealed(12))
WITHDRAW = asked.WithdrawRequest(request=REQUEST)
MEET = asked.MeetRequest(request=REQUEST)
TAKEN_BACK, MET = RequestWithdrawn(note=None), RequestMet(session=SESSION)
CALLED_OFF = SessionCancelled(reason=sealed(6))
OPEN = asked.OpenRequest(
    request=REQUEST,
    receipt=ASKED.receipt,
    office="VPUB",
    unit="TH",
    source_group=ASKED.source_group,
    locality=None,
    received_at=ASKED.received_at,
    words=WordsInVault(ref=ASKED.words.ref, digest=ASKED.words.digest),
    opinions=(),
)


def given(*on_request: Any, session: tuple[Any, ...] = (ON_REQUEST,), **more: Any) -> Given:
    return RULES.given({**UNITS, REQUEST: on_request, SESSION: session, **more})


def test_the_office_has_it_and_the_asker_is_told_within_ten_working_days() -> None:
    assert ASKED.due.day == date(2023, 3, 20)
    given().when(OPEN, MARCH_9).then({REQUEST: [ASKED]})
    given(ASKED).when(OPEN, MARCH_9).nothing()


def test_received_in_the_evening_it_counts_from_the_day_it_was_there() -> None:
    late = datetime(2023, 3, 5, 18, tzinfo=UTC)  # 01:00 of 06/3 in Sơn La
    (opened,) = given().when(replace(OPEN, received_at=late), MARCH_9).decided()[REQUEST]
    assert opened.due == ASKED.due


def test_accepted_it_is_linked_to_the_dialogue_that_meets_it_in_the_same_append() -> None:
    linked: dict[str, list[Any]] = {REQUEST: [GRANTED], SESSION: [SessionRequestLinked(request=REQUEST)]}
    given(ASKED).when(ACCEPT, MARCH_9).then(linked)
    given(ASKED, GRANTED).when(ACCEPT, MARCH_9).nothing()
    state = given(session=(ON_REQUEST, SessionRequestLinked(request="request-2"))).state(SESSION)
    assert state.requests == (REQUEST, "request-2")


@pytest.mark.parametrize("session", [(AD_HOC,), (ON_REQUEST, PROGRAMME, BEGUN), (ON_REQUEST, CALLED_OFF)])
def test_it_is_met_by_a_dialogue_on_request_that_has_not_begun(session: tuple[Any, ...]) -> None:
    given(ASKED, session=session).when(ACCEPT, MARCH_9).refuses(NotOnRequest, "session")


@pytest.mark.parametrize("session", [(), (replace(ON_REQUEST, office="UBND-MSO"),)])
def test_a_dialogue_of_nobody_or_of_another_office_is_not_known(session: tuple[Any, ...]) -> None:
    given(ASKED, session=session).when(ACCEPT, MARCH_9).refuses(Unknown, "session")


def test_refused_it_has_a_reason() -> None:
    given(ASKED).when(REFUSE, MARCH_9).then({REQUEST: [DENIED]})
    given(ASKED, DENIED).when(REFUSE, MARCH_9).nothing()


def test_the_asker_takes_it_back_before_or_after_it_was_accepted() -> None:
    given(ASKED).when(WITHDRAW, MARCH_9).then({REQUEST: [TAKEN_BACK]})
    given(ASKED, GRANTED).when(WITHDRAW, MARCH_9).then({REQUEST: [TAKEN_BACK]})
    given(ASKED, TAKEN_BACK).when(WITHDRAW, MARCH_9).nothing()


@pytest.mark.parametrize("over", [(HELD,), (HELD, SessionConcluded(notice=None, meeting=None))])
def test_it_is_met_once_the_dialogue_was_held(over: tuple[Any, ...]) -> None:
    session = (ON_REQUEST, PROGRAMME, BEGUN, *over)
    given(ASKED, GRANTED, session=session).when(MEET, told(date(2023, 4, 12))).then({REQUEST: [MET]})
    given(ASKED, GRANTED, MET, session=session).when(MEET, told(date(2023, 4, 12))).nothing()


@pytest.mark.parametrize("session", [(ON_REQUEST,), (ON_REQUEST, BEGUN), (ON_REQUEST, CALLED_OFF)])
def test_it_is_not_met_by_a_dialogue_that_was_not_held(session: tuple[Any, ...]) -> None:
    refused = given(ASKED, GRANTED, session=session).when(MEET, told(REQUEST_DAY)).refuses(DialogueNotHeld)
    assert refused.facts == {"session": SESSION}


@pytest.mark.parametrize("answer", [(), (DENIED,), (TAKEN_BACK,)])
def test_only_what_was_accepted_is_met(answer: tuple[Any, ...]) -> None:
    given(ASKED, *answer).when(MEET, MARCH_9).refuses(NotAccepted)


@pytest.mark.parametrize(
    ("answer", "command"),
    [
        ((GRANTED,), REFUSE),
        ((GRANTED,), replace(ACCEPT, session=OTHER)),
        ((DENIED,), ACCEPT),
        ((DENIED,), WITHDRAW),
        ((TAKEN_BACK,), ACCEPT),
        ((TAKEN_BACK,), REFUSE),
        ((GRANTED, MET), REFUSE),
        ((GRANTED, MET), WITHDRAW),
    ],
)
def test_it_is_answered_once(answer: tuple[Any, ...], command: Any) -> None:
    given(ASKED, *answer, **BESIDE).when(command, MARCH_9).refuses(RequestAnswered)


def test_whose_dialogue_was_cancelled_it_waits_for_an_answer_again() -> None:
    waits = given(ASKED, GRANTED, session=(ON_REQUEST, CALLED_OFF), **BESIDE)
    again: dict[str, list[Any]] = {REQUEST: [RequestAccepted(session=OTHER)], OTHER: [SessionRequestLinked(request=REQUEST)]}
    waits.when(replace(ACCEPT, session=OTHER), MARCH_9).then(again)
    waits.when(REFUSE, MARCH_9).then({REQUEST: [RequestRefused(reason=REFUSE.reason, note=REFUSE.note)]})


@pytest.mark.parametrize("command", [ACCEPT, REFUSE, WITHDRAW, MEET])
def test_a_request_nobody_referred_is_not_known(command: Any) -> None:
    given().when(command, MARCH_9).refuses(Unknown, "request")
