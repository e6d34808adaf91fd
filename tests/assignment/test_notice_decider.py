"""The head's conclusions: drafted, and out on a signed and numbered paper with their work in one append (R31, R37, R38)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import SignedByAnother
from services.assignment.domain.notice.commands import CommentNotice, IssueNotice
from shared.contracts.case import Authority, CaseAssigned, CaseConcluded
from shared.contracts.document import (
    NumberTaken,
    SigningCapacity,
)
from shared.contracts.notice import (
    ConclusionKind,
    NoticeCommented,
)
from shared.contracts.session import SessionConcluded, Track
from tests.assignment.notices import (
    BOOK,
    CARRY_OUT,
    CONCLUDED,
    DIRECTS,
    DRAFT,
    DRAFTED,
    DUE,
    FIRST,
    HUB,
    IN_FORCE,
    ISSUE,
    ISSUED,
    LATER,
    MOVED_BY_NOTICE,
    NOTICE,
    NUMBERED,
    OPEN_BOOK,
    OPEN_OWN,
    ORDER,
    OUT,
    OWN_BOOK,
    PAPER,
    PUT_FORWARD,
    SENT,
    SHEET,
    draft,
    held,
    noticed,
    of_a_dialogue,
    refused,
    told,
)
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    DELIVERED,
    EPISODE,
    OPENED,
    RESOLVED,
    SESSION,
    SUBMITTED,
)
from tests.shared.documents.papers import SIGNED
from tests.support.scenario import sealed


def test_conclusions_are_drafted_without_a_dialogue() -> None:
    noticed().when(draft(DIRECTS), HUB).then({NOTICE: [DRAFTED]})


def test_a_draft_is_commented_on_and_drafted_again_and_the_last_one_counts() -> None:
    comment = CommentNotice(notice=NOTICE, comment=sealed(2))
    DRAFT.when(comment, told(Listing, unit="TH")).then({NOTICE: [NoticeCommented(unit="TH", comment=sealed(2))]})
    again = replace(DRAFTED, items=(replace(ORDER, unit="NC"),))
    commented = noticed(DRAFTED, NoticeCommented(unit="TH", comment=sealed(2)))
    commented.when(draft(replace(DIRECTS, unit="NC"), notice=NOTICE), HUB).then({NOTICE: [again]})


def test_issuing_numbers_issues_and_sends_the_paper_and_gives_the_work_in_one_append() -> None:
    assert DUE.day == date(2023, 3, 6)  # 15 calendar days end on a Saturday
    DRAFT.when(ISSUE, told()).then(
        {
            PAPER: [NUMBERED, OUT, SENT],
            BOOK: [NumberTaken(number=3, document=PAPER)],
            NOTICE: [ISSUED],
            FIRST: [CARRY_OUT],
            CASE: [CONCLUDED, MOVED_BY_NOTICE],
        }
    )


def test_an_internal_book_gives_the_next_number() -> None:
    history = noticed(DRAFTED, more={OWN_BOOK: [OPEN_OWN, NumberTaken(number=1, document="document-of-another")]})
    found = history.when(replace(ISSUE, book="TBNB", number=None), told()).decided()
    assert found[OWN_BOOK] == [NumberTaken(number=2, document=PAPER)]
    assert found[NOTICE] == [replace(ISSUED, number="02/TB-NB")]


def test_the_paper_may_be_named_when_issuing() -> None:
    history = noticed(replace(DRAFTED, document=None))
    assert history.when(replace(ISSUE, document=PAPER), told()).decided()[NOTICE] == [ISSUED]


@pytest.mark.parametrize(
    ("done", "left"),
    [((), [NUMBERED, OUT, SENT]), ((NUMBERED,), [OUT, SENT]), ((NUMBERED, OUT), [SENT]), ((NUMBERED, OUT, SENT), [])],
)
def test_what_the_registry_did_to_the_paper_before_is_not_done_again(done: tuple[Any, ...], left: list[Any]) -> None:
    book = [OPEN_BOOK, *([NumberTaken(number=3, document=PAPER)] if done else [])]
    history = noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, SIGNED, *done), more={BOOK: book})
    found = history.when(ISSUE, told()).decided()
    assert (found.get(PAPER, []), found[NOTICE]) == (left, [ISSUED])
    assert (BOOK in found) is not bool(done)


def test_a_paper_that_was_issued_before_keeps_its_number_and_its_day() -> None:
    history = noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, SIGNED, NUMBERED, OUT, SENT))
    found = history.when(IssueNotice(notice=NOTICE), told(at=LATER)).decided()
    assert found[NOTICE] == [ISSUED]


def test_a_named_day_is_never_rolled_forward() -> None:
    sunday = replace(ORDER, days=None, until=date(2023, 3, 5))
    found = noticed(replace(DRAFTED, items=(sunday,))).when(ISSUE, told()).decided()
    assert found[NOTICE][0].items[0].due.day == date(2023, 3, 5)


def test_a_case_that_nobody_has_is_given_to_whoever_carries_it_out() -> None:
    found = noticed(DRAFTED, case=(OPENED,)).when(ISSUE, told()).decided()
    led = CaseAssigned(episode=EPISODE, lead="TH", authority=Authority.HEAD, task=FIRST, due=DUE)
    assert found[CASE] == [led, CONCLUDED, MOVED_BY_NOTICE]


def test_what_only_concludes_gives_no_work_and_moves_no_day() -> None:
    item = replace(ORDER, kind=ConclusionKind.CONCLUDES, unit=None, days=None)
    found = noticed(replace(DRAFTED, items=(item,))).when(ISSUE, told()).decided()
    assert found[CASE] == [CaseConcluded(episode=EPISODE, notice=NOTICE, item=1, unit=None, task=None)]
    assert FIRST not in found


def test_a_settled_matter_is_still_concluded_on() -> None:
    item = replace(ORDER, kind=ConclusionKind.CONCLUDES, unit=None, days=None)
    over = (OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
    found = noticed(replace(DRAFTED, items=(item,)), case=over).when(ISSUE, told()).decided()
    assert [type(event) for event in found[CASE]] == [CaseConcluded]


def test_the_notice_of_a_dialogue_concludes_it_in_the_same_append() -> None:
    found = of_a_dialogue(*held()).when(ISSUE, told()).decided()
    assert found[SESSION] == [SessionConcluded(notice=NOTICE, meeting=None)]
    assert (found[FIRST], found[NOTICE]) == ([CARRY_OUT], [ISSUED])


def test_the_chairman_gives_work_to_any_body_after_his_own_dialogue() -> None:
    sheet = replace(SHEET, about=SESSION)
    drafted = replace(DRAFTED, authority=Authority.CHAIRMAN, session=SESSION, items=(replace(ORDER, unit="SGTVT"),))
    signed = replace(SIGNED, capacity=SigningCapacity.BY_ORDER)
    history = noticed(drafted, paper=(sheet, PUT_FORWARD, signed), more={SESSION: held(Track.CHAIRMAN)})
    (work,) = history.when(ISSUE, told()).decided()[FIRST]
    assert (work.unit, work.authority) == ("SGTVT", Authority.CHAIRMAN)


@pytest.mark.parametrize("capacity", [SigningCapacity.BY_ORDER, SigningCapacity.ON_BEHALF])
def test_no_work_is_given_on_a_paper_that_is_not_signed_for_the_head(capacity: SigningCapacity) -> None:
    signed = replace(SIGNED, signer="p-leader", capacity=capacity)
    outcome = noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, signed)).when(ISSUE, told())
    refused(outcome, SignedByAnother, "signed-by-another", "document")


@pytest.mark.parametrize("capacity", ["truc_tiep", "KT", "Q", "TUQ"])
def test_a_notice_rests_on_what_head_deputy_acting_head_or_delegate_signed(capacity: str) -> None:
    signed = replace(SIGNED, capacity=SigningCapacity(capacity))
    assert noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, signed)).when(ISSUE, told()).decided()[NOTICE] == [ISSUED]


def test_a_notice_of_the_chairman_rests_on_his_signature_or_one_by_his_order() -> None:
    drafted = replace(DRAFTED, authority=Authority.CHAIRMAN, items=(replace(ORDER, unit="SGTVT"),))
    outcome = noticed(drafted).when(ISSUE, told())
    refused(outcome, SignedByAnother, "signed-by-another", "document")
    own = replace(SIGNED, signer="p-chairman")
    assert noticed(drafted, paper=(SHEET, PUT_FORWARD, own)).when(ISSUE, told()).decided()[NOTICE]


def test_issuing_again_under_the_same_number_changes_nothing() -> None:
    IN_FORCE.when(ISSUE, told()).nothing()
    IN_FORCE.when(IssueNotice(notice=NOTICE), told()).nothing()
