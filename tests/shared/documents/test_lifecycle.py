"""The one life cycle of official papers: what leads from stage to stage, and each rule that stands in the way."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from shared.contracts.document import (
    DispatchMeans,
    DocumentDrafted,
    DocumentKept,
    DocumentKind,
    DocumentNumbered,
    Form,
    KeptForm,
    Line,
    SigningCapacity,
)
from shared.contracts.refusals import Refused, Unknown
from shared.documents import lifecycle, refusals
from shared.documents.statement import Signed, stated
from shared.documents.states import Document, Issued, Published, Sent, Superseded
from tests.shared.documents import papers
from tests.shared.documents.papers import (
    ALSO,
    BY_KEY,
    COMMENTED,
    COPIED,
    DOCUMENT,
    DRAFTED,
    ISSUED,
    MUST,
    NUMBERED,
    OTHER,
    PUBLISHED,
    RECALLED,
    REDACTED,
    RETURNED,
    SENT,
    SIGNED,
    SUBMITTED,
    TEXT,
    TO_ISSUE,
    TO_NUMBER,
    TO_SENDING,
    TO_SIGNATURE,
    WORDS,
    after,
    drafted,
)
from tests.support.signatures import by_key

HEAD = frozenset({SigningCapacity.IN_PERSON, SigningCapacity.ON_BEHALF})


def sign(
    state: Document,
    capacity: SigningCapacity = SigningCapacity.IN_PERSON,
    content: str | None = None,
    by_key: Signed | None = BY_KEY,
) -> list[Any]:
    return lifecycle.sign(
        state, document=DOCUMENT, signer="p-chief", capacity=capacity, may_sign=HEAD, by_key=by_key, content=content
    )


def refused(rule: type[Refused], asked: Callable[[], Any], field: str | None = None) -> Refused:
    with pytest.raises(rule) as found:
        asked()
    assert type(found.value) is rule
    assert found.value.field == (field or found.value.field)
    return found.value


def test_a_notice_goes_from_its_draft_to_the_public() -> None:
    assert lifecycle.draft(after(), DRAFTED) == [DRAFTED]
    assert lifecycle.comment(after(DRAFTED), "TH", WORDS) == [COMMENTED]
    assert lifecycle.submit(after(DRAFTED, COMMENTED), "p-hub") == [SUBMITTED]
    assert lifecycle.give_back(after(DRAFTED, SUBMITTED), "p-chief", WORDS) == [RETURNED]
    assert lifecycle.submit(after(DRAFTED, SUBMITTED, RETURNED), "p-hub") == [SUBMITTED]
    assert sign(after(DRAFTED, SUBMITTED), content=TEXT) == [SIGNED]
    assert lifecycle.number(after(*TO_SIGNATURE), NUMBERED) == [NUMBERED]
    assert lifecycle.issue(after(*TO_NUMBER), papers.DAY) == [ISSUED]
    assert lifecycle.dispatch_to_all(after(*TO_ISSUE), DispatchMeans.INTERCHANGE) == [SENT, COPIED]
    assert lifecycle.publish(after(*TO_SENDING), place="TTDT", content=REDACTED, redacted=True) == [PUBLISHED]


def test_asking_again_what_stands_changes_nothing() -> None:
    published = after(*TO_SENDING, PUBLISHED)
    assert lifecycle.draft(after(DRAFTED), DRAFTED) == []
    assert lifecycle.submit(after(DRAFTED, SUBMITTED), "p-hub") == []
    assert lifecycle.give_back(after(DRAFTED, SUBMITTED, RETURNED), "p-chief", WORDS) == []
    assert sign(published) == []
    assert lifecycle.number(published, NUMBERED) == []
    assert lifecycle.issue(published, papers.DAY) == []
    assert lifecycle.dispatch(published, SENT.recipient, SENT.purpose, SENT.means) == []
    assert lifecycle.publish(published, place="TTDT", content=REDACTED, redacted=True) == []
    taken = after(*TO_SENDING, papers.SUPERSEDED)
    assert lifecycle.supersede(taken, DOCUMENT, by=OTHER, successor=after(*TO_ISSUE)) == []


def test_a_document_is_recalled_once_so_that_no_second_reason_is_lost() -> None:
    refused(refusals.WasRecalled, lambda: lifecycle.recall(after(*TO_SENDING, RECALLED), WORDS), "document")


def test_the_last_draft_counts_and_comments_on_the_former_are_history() -> None:
    again = drafted(content="7a" * 32)
    assert lifecycle.draft(after(DRAFTED, COMMENTED), again) == [again]
    assert after(DRAFTED, COMMENTED, again) == after(again)


def test_one_recipient_may_stand_twice_with_two_purposes_but_not_with_one() -> None:
    twice = drafted(DocumentKind.NOTICE, MUST, Line(recipient="BDVTU", purpose="Phối hợp", mandatory=False))
    assert lifecycle.draft(after(), twice) == [twice]
    same = drafted(DocumentKind.NOTICE, MUST, Line(recipient="BDVTU", purpose="Báo cáo", mandatory=False))
    refused(refusals.RecipientTwice, lambda: lifecycle.draft(after(), same), "recipients")


@pytest.mark.parametrize("asked", ["draft", "comment"])
def test_nothing_is_changed_under_the_signer_s_hands(asked: str) -> None:
    under = after(DRAFTED, SUBMITTED)
    ask = {"draft": lambda: lifecycle.draft(under, DRAFTED), "comment": lambda: lifecycle.comment(under, "TH", WORDS)}
    refused(refusals.BeforeTheSigner, ask[asked], "document")


def test_what_was_signed_is_neither_changed_nor_returned_nor_signed_by_another() -> None:
    signed = after(*TO_SIGNATURE)
    for ask in (
        lambda: lifecycle.draft(signed, drafted(content="7a" * 32)),
        lambda: lifecycle.comment(signed, "TH", WORDS),
        lambda: lifecycle.submit(signed, "p-hub"),
        lambda: lifecycle.give_back(signed, "p-chief", WORDS),
        lambda: lifecycle.sign(
            signed, document=DOCUMENT, signer="p-other", capacity=SigningCapacity.IN_PERSON, may_sign=HEAD, by_key=None
        ),
    ):
        refused(refusals.SignedStands, ask, "document")


def test_only_what_was_submitted_is_signed_or_returned() -> None:
    refused(refusals.NotSubmitted, lambda: sign(after(DRAFTED)), "document")
    refused(refusals.NotSubmitted, lambda: sign(after(DRAFTED, SUBMITTED, RETURNED)), "document")
    refused(refusals.NotSubmitted, lambda: lifecycle.give_back(after(DRAFTED, COMMENTED), "p-chief", WORDS), "document")


def test_a_capacity_that_no_post_or_delegation_allows_on_the_day_is_refused_with_those_that_are() -> None:
    found = refused(refusals.CapacityNotHeld, lambda: sign(after(DRAFTED, SUBMITTED), SigningCapacity.FOR_THE_HEAD), "capacity")
    assert found.facts == {"wanted": "KT", "allowed": "TM, truc_tiep"}


def test_who_holds_nothing_signs_nothing() -> None:
    ask = lambda: lifecycle.sign(  # noqa: E731
        after(DRAFTED, SUBMITTED),
        document=DOCUMENT,
        signer="p-x",
        capacity=SigningCapacity.BY_ORDER,
        may_sign=frozenset(),
        by_key=None,
    )
    assert refused(refusals.CapacityNotHeld, ask).facts["allowed"] == "–"


def test_a_signer_who_saw_another_text_does_not_sign_this_one() -> None:
    refused(refusals.OtherContent, lambda: sign(after(DRAFTED, SUBMITTED), content="7a" * 32), "content")
    paper = after(drafted(content=None), SUBMITTED)
    refused(refusals.OtherContent, lambda: sign(paper, content=TEXT), "content")
    assert sign(paper, by_key=by_key(DOCUMENT, "p-chief", SigningCapacity.IN_PERSON, None))[0].content is None


def test_what_is_signed_is_signed_by_the_office_s_key_too_over_this_very_paper() -> None:
    (signed,) = sign(after(DRAFTED, SUBMITTED))
    assert signed.by_key == BY_KEY.by_key
    assert stated("VPUB", DOCUMENT, signed) == BY_KEY
    missing = refused(refusals.SigningKeyMissing, lambda: sign(after(DRAFTED, SUBMITTED), by_key=None), "document")
    assert missing.facts == {"office": "VPUB"}
    other = by_key(papers.OTHER, "p-chief", SigningCapacity.IN_PERSON, TEXT)
    refused(refusals.OtherContent, lambda: sign(after(DRAFTED, SUBMITTED), by_key=other), "content")


def test_what_was_signed_before_there_were_keys_stands_without_one() -> None:
    assert stated("VPUB", DOCUMENT, replace(papers.SIGNED, by_key=None)) is None


@pytest.mark.parametrize(
    "state", [after(DRAFTED), after(DRAFTED, COMMENTED), after(DRAFTED, SUBMITTED), after(DRAFTED, SUBMITTED, RETURNED)]
)
def test_an_unsigned_document_gets_no_number_is_not_issued_and_has_no_successor(state: Document) -> None:
    refused(refusals.NotSigned, lambda: lifecycle.number(state, NUMBERED), "document")
    refused(refusals.NotSigned, lambda: lifecycle.issue(state, papers.DAY), "document")
    ask = lambda: lifecycle.supersede(state, DOCUMENT, by=OTHER, successor=after(*TO_ISSUE))  # noqa: E731
    refused(refusals.NotSigned, ask, "document")


def test_a_document_is_issued_under_a_number() -> None:
    refused(refusals.NotNumbered, lambda: lifecycle.issue(after(*TO_SIGNATURE), papers.DAY), "document")


def test_a_document_keeps_its_number() -> None:
    other = DocumentNumbered(register="TB-VPUB", year=2023, number=4, symbol="04/TB-VPUB", on=papers.DAY)
    found = refused(refusals.AlreadyNumbered, lambda: lifecycle.number(after(*TO_ISSUE), other), "document")
    assert found.facts == {"symbol": "03/TB-VPUB"}


@pytest.mark.parametrize("state", [after(DRAFTED), after(*TO_SIGNATURE), after(*TO_NUMBER)])
def test_only_what_was_issued_is_sent_received_published_or_recalled(state: Document) -> None:
    for ask in (
        lambda: lifecycle.dispatch(state, "SNV", "Báo cáo", DispatchMeans.PAPER),
        lambda: lifecycle.dispatch_to_all(state, DispatchMeans.PAPER),
        lambda: lifecycle.deliver(state, "SNV", on_behalf=False),
        lambda: lifecycle.publish(state, place="TTDT", content=REDACTED, redacted=True),
        lambda: lifecycle.recall(state, WORDS),
    ):
        refused(refusals.NotIssued, ask, "document")


def test_it_is_sent_once_every_mandatory_recipient_was_and_the_others_stay_outstanding() -> None:
    sent = after(*TO_SENDING)
    assert isinstance(sent, Sent)
    assert sent.paper.outstanding == (ALSO,)
    assert isinstance(after(*TO_ISSUE, COPIED), Issued)
    assert isinstance(after(*TO_ISSUE, COPIED, SENT), Sent)


def test_where_no_line_is_mandatory_all_are_awaited_and_without_a_list_the_first_will_do() -> None:
    other = Line(recipient="STP", purpose="Để biết", mandatory=False)
    free = (drafted(DocumentKind.NOTICE, ALSO, other), SUBMITTED, SIGNED, NUMBERED, ISSUED)
    assert isinstance(after(*free, COPIED), Issued)
    assert isinstance(after(*free, COPIED, *lifecycle.dispatch_to_all(after(*free, COPIED), DispatchMeans.EMAIL)), Sent)
    nobody = DocumentDrafted(kind=DocumentKind.NOTICE, office="VPUB", about=None, summary=None, content=None, recipients=())
    assert isinstance(after(nobody, SUBMITTED, SIGNED, NUMBERED, ISSUED, COPIED), Sent)


def test_what_is_public_before_all_have_it_stays_public_and_is_sent_on() -> None:
    public = after(*TO_ISSUE, PUBLISHED)
    assert isinstance(public, Published)
    assert [event.recipient for event in lifecycle.dispatch_to_all(public, DispatchMeans.PAPER)] == ["BDVTU", "SNV"]
    later = after(*TO_ISSUE, PUBLISHED, SENT)
    assert isinstance(later, Published)
    assert later.paper.outstanding == (ALSO,)


def test_another_way_to_the_same_recipient_is_another_sending() -> None:
    again = lifecycle.dispatch(after(*TO_SENDING), SENT.recipient, SENT.purpose, DispatchMeans.PAPER)
    assert [event.means for event in again] == [DispatchMeans.PAPER]


def test_nobody_has_received_what_was_not_sent_to_him() -> None:
    refused(refusals.NotSentThere, lambda: lifecycle.deliver(after(*TO_SENDING), "SNV", on_behalf=True), "recipient")


def test_a_receipt_is_recorded_once_even_of_a_document_that_was_recalled_meanwhile() -> None:
    recalled = after(*TO_SENDING, RECALLED)
    (received,) = lifecycle.deliver(recalled, "BDVTU", on_behalf=False)
    assert lifecycle.deliver(after(*TO_SENDING, RECALLED, received), "BDVTU", on_behalf=True) == []


def test_inner_papers_are_not_published() -> None:
    minutes = after(drafted(DocumentKind.MINUTES), SUBMITTED, SIGNED, NUMBERED, ISSUED)
    ask = lambda: lifecycle.publish(minutes, place="TTDT", content=REDACTED, redacted=True)  # noqa: E731
    refused(refusals.NotForPublication, ask, "document")


def test_a_notice_is_published_with_the_names_taken_out() -> None:
    ask = lambda: lifecycle.publish(after(*TO_ISSUE), place="TTDT", content=TEXT, redacted=False)  # noqa: E731
    refused(refusals.NamesNotTakenOut, ask, "redacted")


def test_what_is_published_in_full_is_what_was_signed() -> None:
    plan = after(drafted(DocumentKind.PLAN), SUBMITTED, SIGNED, NUMBERED, ISSUED)
    assert lifecycle.publish(plan, place="TTDT", content=TEXT, redacted=False)
    ask = lambda: lifecycle.publish(plan, place="TTDT", content=REDACTED, redacted=False)  # noqa: E731
    refused(refusals.PublishedDiffers, ask, "content")


def test_another_text_at_the_same_place_takes_the_former_s_place() -> None:
    (again,) = lifecycle.publish(after(*TO_ISSUE, PUBLISHED), place="TTDT", content="7a" * 32, redacted=True)
    state = after(*TO_ISSUE, PUBLISHED, again)
    assert isinstance(state, Published)
    assert state.paper.published == (again,)


def test_a_recalled_document_is_not_sent_or_published_any_more() -> None:
    recalled = after(*TO_SENDING, RECALLED)
    refused(refusals.WasRecalled, lambda: lifecycle.dispatch(recalled, "SNV", "Báo cáo", DispatchMeans.PAPER), "document")
    refused(refusals.WasRecalled, lambda: lifecycle.publish(recalled, place="TTDT", content=REDACTED, redacted=True))
    refused(refusals.WasRecalled, lambda: lifecycle.number(recalled, NUMBERED))


def test_another_issued_document_of_the_kind_and_office_takes_its_place_and_then_nothing_is_done_to_it() -> None:
    successor = after(*TO_ISSUE)
    for former in (after(*TO_SIGNATURE), after(*TO_NUMBER), after(*TO_SENDING), after(*TO_SENDING, RECALLED)):
        (event,) = lifecycle.supersede(former, DOCUMENT, by=OTHER, successor=successor)
        assert event == papers.SUPERSEDED
    gone = after(*TO_SENDING, papers.SUPERSEDED)
    assert isinstance(gone, Superseded)
    assert refused(refusals.WasSuperseded, lambda: lifecycle.recall(gone, WORDS)).facts == {"by": OTHER}
    third = "document-00000000000000000003"
    refused(refusals.WasSuperseded, lambda: lifecycle.supersede(gone, DOCUMENT, by=third, successor=successor))


@pytest.mark.parametrize(
    "successor",
    [
        after(DRAFTED),
        after(*TO_NUMBER),
        after(*TO_SENDING, RECALLED),
        after(*TO_SENDING, papers.SUPERSEDED),
        after(drafted(DocumentKind.PLAN), SUBMITTED, SIGNED, NUMBERED, ISSUED),
    ],
)
def test_a_draft_a_fallen_one_or_one_of_another_kind_takes_nobody_s_place(successor: Document) -> None:
    ask = lambda: lifecycle.supersede(after(*TO_SENDING), DOCUMENT, by=OTHER, successor=successor)  # noqa: E731
    refused(refusals.SuccessorNotInForce, ask, "successor")


def test_no_document_takes_its_own_place() -> None:
    own = after(*TO_SENDING)
    refused(refusals.SuccessorNotInForce, lambda: lifecycle.supersede(own, DOCUMENT, by=DOCUMENT, successor=own), "successor")


def test_of_what_was_never_drafted_everything_else_is_unknown() -> None:
    for ask in (
        lambda: lifecycle.submit(after(), "p-hub"),
        lambda: sign(after()),
        lambda: lifecycle.issue(after(), papers.DAY),
        lambda: lifecycle.recall(after(), WORDS),
    ):
        refused(Unknown, ask, "document")


def test_a_copy_signed_outside_stands_for_the_paper_until_it_is_sent() -> None:
    attached = papers.ATTACHED
    for history in (TO_SIGNATURE, TO_NUMBER, TO_ISSUE):
        assert lifecycle.attach_copy(after(*history), attached) == [attached]
        assert lifecycle.attach_copy(after(*history, attached), attached) == []
    for sent in (TO_SENDING, (*TO_ISSUE, papers.PUBLISHED)):
        refused(refusals.SentAsIssued, partial(lifecycle.attach_copy, after(*sent), attached), "document")
    refused(refusals.NotSigned, lambda: lifecycle.attach_copy(after(DRAFTED, SUBMITTED), attached), "document")
    refused(refusals.WasRecalled, lambda: lifecycle.attach_copy(after(*TO_SENDING, papers.RECALLED), attached), "document")


def test_the_copy_signed_outside_is_kept_in_the_place_of_the_form_that_the_house_makes() -> None:
    made = KeptForm(form=Form.PDF, file="3c" * 32, sha256="4d" * 32, bytes=80_000)
    editable = KeptForm(form=Form.DOCX, file="5e" * 32, sha256="6f" * 32, bytes=70_000)
    composed = DocumentKept(content=TEXT, forms=(made, editable))
    outside = replace(composed, forms=(papers.ATTACHED.copy, editable))
    issued = after(*TO_NUMBER, papers.ATTACHED, papers.ISSUED)
    assert lifecycle.keep(issued, composed) == [outside]
    # What is kept already gives way to it, as long as nobody was sent that.
    assert lifecycle.attach_copy(after(*TO_ISSUE, composed), papers.ATTACHED) == [papers.ATTACHED, outside]
    assert lifecycle.keep(after(*TO_ISSUE, composed, papers.ATTACHED, outside), composed) == []
