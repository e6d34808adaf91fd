"""What a held session and its notice make of a case takes along its helpers and submitters, and bars whom it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.assignment.domain.case.commands import SplitCase, SplitMatter
from services.assignment.domain.case.judging import Splitting
from services.assignment.domain.case.refusals import AboutThatUnit
from services.assignment.domain.notice.decider import Issuing
from services.assignment.domain.notice.refusals import OutcomeWithoutConclusion
from services.assignment.domain.session.commands import HoldSession
from services.assignment.domain.session.refusals import MergedInACircle
from shared.contracts.case import (
    Authority,
    CaseAssigned,
    CaseMerged,
    CaseSubmitterAdded,
    CaseWithdrawn,
    Coordination,
    CoordinationSet,
)
from shared.contracts.notice import ConclusionKind, DraftItem, NoticeDrafted
from shared.contracts.opinion import SourceGroup
from shared.contracts.session import AttendanceRecorded, Outcome, OutcomeRecorded, Present, SessionHeld, SessionOpened
from shared.contracts.task import TaskCancelled, TaskCompleted
from tests.assignment.notices import BOOK, ISSUE, NOTICE, OPEN_BOOK, PAPER, PUT_FORWARD, SHEET
from tests.assignment.stage import (
    ASSIGNED,
    CASE,
    DUE,
    EPISODE,
    LINKED,
    NEW_TASK,
    OPENED,
    SESSION,
    TASK,
    WORK,
    facts,
    given,
    session,
)
from tests.shared.documents.papers import SIGNED
from tests.support.scenario import Given, sealed

THEN = datetime(2023, 3, 21, 9, tzinfo=UTC)
OTHER = "case-7Q2K9FXA3MBTW0000002"
EARLIER = "case-7Q2K9FXA3MBTW0000003"
HOLD = HoldSession(session=SESSION)
BESIDE = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TH", task=NEW_TASK, due=DUE),))
OTHERS = replace(OPENED, opinion="opinion-7Q2K9FXA3MBTW0000002", episode="7Q2K9FXA3MBTW0000002/1")


def became(outcome: Outcome, **more: Any) -> OutcomeRecorded:
    blank = dict.fromkeys(("reason", "to", "diverted", "into", "answer", "direction"))
    return OutcomeRecorded(**{"case": CASE, "episode": EPISODE, "outcome": outcome, **blank, **more})


def in_the_room(outcome: OutcomeRecorded, *on_case: Any, more: Any = None) -> Given:
    present = AttendanceRecorded(present=(Present(group=SourceGroup.PEOPLE, heads=9),), units=())
    told = {SESSION: [*session(), SessionOpened(), outcome, present], NEW_TASK: [replace(WORK, unit="TH")], **(more or {})}
    return given(OPENED, LINKED, ASSIGNED, *on_case, task=[WORK], more=told)


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [
        (became(Outcome.ANSWERED, answer=sealed(1)), lambda unit: TaskCompleted(unit=unit)),
        (became(Outcome.WITHDRAWN), lambda unit: TaskCancelled(unit=unit, reason=None)),
    ],
)
def test_whoever_helped_has_no_work_left_when_the_case_ends_in_the_room(outcome: OutcomeRecorded, ending: Any) -> None:
    decided = in_the_room(outcome, BESIDE).when(HOLD, facts(THEN)).decided()
    assert decided[TASK] == [ending("TCHCQT")]
    assert decided[NEW_TASK] == [ending("TH")]


def test_whoever_was_merged_into_what_is_merged_in_the_room_gets_the_survivor_s_answer_too() -> None:
    merged = became(Outcome.MERGED, into=OTHER)
    history = in_the_room(merged, CaseSubmitterAdded(merged=EARLIER), more={OTHER: [OTHERS]})
    decided = history.when(HOLD, facts(THEN)).decided()
    assert decided[OTHER] == [CaseSubmitterAdded(merged=CASE), CaseSubmitterAdded(merged=EARLIER)]


def test_nothing_is_merged_into_what_has_ended_since_the_outcome_was_recorded() -> None:
    gone = [OTHERS, CaseMerged(episode=OTHERS.episode, into=CASE)]
    history = in_the_room(became(Outcome.MERGED, into=OTHER), CaseSubmitterAdded(merged=OTHER), more={OTHER: gone})
    history.when(HOLD, facts(THEN)).refuses(MergedInACircle)


def test_what_is_split_after_its_session_was_held_leaves_the_session_as_it_was() -> None:
    children = ("case-0000000000000000000A", "case-0000000000000000000B")
    directed = became(Outcome.DIRECTED, direction=sealed(2))
    told = {SESSION: [*session(), SessionOpened(), directed, SessionHeld()]}
    parts = (SplitMatter(words=sealed(3)), SplitMatter(words=sealed(4)))
    at: dict[str, Any] = {
        "at": THEN,
        "now": THEN,
        "person": "p-chief",
        "office": "VPUB",
        "unit": "CVP",
        "capacity": facts().capacity,
    }
    history = given(OPENED, LINKED, ASSIGNED, task=[WORK], more=told)
    decided = history.when(SplitCase(case=CASE, parts=parts), Splitting(**at, children=children)).decided()
    assert SESSION not in decided


def concluding(*items: DraftItem) -> NoticeDrafted:
    return NoticeDrafted(office="VPUB", authority=Authority.HEAD, session=SESSION, meeting=None, document=PAPER, items=items)


def directs(case: str | None, unit: str) -> DraftItem:
    return DraftItem(
        number=1,
        kind=ConclusionKind.DIRECTS,
        case=case,
        text=sealed(5),
        unit=unit,
        coordinating=(),
        days=15,
        until=None,
    )


ON_PAPER: dict[str, list[Any]] = {PAPER: [replace(SHEET, about=SESSION), PUT_FORWARD, SIGNED], BOOK: [OPEN_BOOK]}
ISSUING = Issuing(
    at=THEN,
    now=THEN,
    person="p-chief",
    office="VPUB",
    unit="CVP",
    capacity=facts().capacity,
    tasks={1: NEW_TASK},
    beside=lambda number, unit: f"task-{number}-{unit}",
)


def held(*on_case: Any, item: DraftItem) -> Given:
    told = [*session(), SessionOpened(), became(Outcome.DIRECTED, direction=sealed(2)), SessionHeld()]
    return given(OPENED, LINKED, *on_case, more={SESSION: told, NOTICE: [concluding(item)], **ON_PAPER})


def test_what_was_directed_and_taken_back_since_needs_no_conclusion() -> None:
    aside = directs(None, "TH")
    held(item=aside).when(ISSUE, ISSUING).refuses(OutcomeWithoutConclusion)
    assert held(CaseWithdrawn(episode=EPISODE, note=None), item=aside).when(ISSUE, ISSUING).decided()


def test_a_notice_gives_the_answer_to_no_unit_that_the_opinion_is_about() -> None:
    told = [*session(), SessionOpened(), became(Outcome.DIRECTED, direction=sealed(2)), SessionHeld()]
    about = replace(OPENED, concerns_units=("TH",))
    history = given(about, LINKED, more={SESSION: told, NOTICE: [concluding(directs(CASE, "TH"))], **ON_PAPER})
    history.when(ISSUE, ISSUING).refuses(AboutThatUnit, "items.0.unit")
    to_others = given(about, LINKED, more={SESSION: told, NOTICE: [concluding(directs(CASE, "NC"))], **ON_PAPER})
    assert any(isinstance(event, CaseAssigned) for event in to_others.when(ISSUE, ISSUING).decided()[CASE])
