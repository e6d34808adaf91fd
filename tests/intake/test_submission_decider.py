"""Requests for dialogue and proposals at their receipt: met again they are the same, and go on, or not, once (R21, R25, R48)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.intake.domain.opinion.refusals import LocalIdTaken, NotAnOffice, UnknownField, UnknownUnit
from services.intake.domain.submission import decider
from services.intake.domain.submission.commands import (
    ReceiveProposal,
    ReceiveRequest,
    ReferProposal,
    ReferRequest,
    RejectProposal,
    RejectRequest,
    WithdrawRequestReceipt,
)
from services.intake.domain.submission.decider import HandingIn
from services.intake.domain.submission.refusals import NotAProposer, ProposesForAnother, ReceiptEnded
from services.intake.handlers import FOLDS
from shared.contracts.directory import UnitKind
from shared.contracts.facts import Facts
from shared.contracts.opinion import Channel, SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.submission import (
    ProposalReceiptRejected,
    ProposalReferred,
    ReceiptRejection,
    RequestReceiptRejected,
    RequestReceiptWithdrawn,
    RequestReferred,
)
from tests.intake.stage import OPINION, hub
from tests.support.scenario import Given, Rules, sealed

REQUEST = "request_receipt-00000000000000000001"
PROPOSAL = "proposal_receipt-00000000000000000001"
RECEIVE = ReceiveRequest(
    office="VPUB", channel=Channel.LETTER, source_group=SourceGroup.PEOPLE, words=sealed(1), opinions=(OPINION,)
)
PROPOSE = ReceiveProposal(
    office="VPUB", proposer="SNNPTNT", division="KT", field="nong-nghiep", content=sealed(2), reason=sealed(3)
)


def told(command: Any) -> Facts:
    return handing_in(command) if isinstance(command, ReceiveRequest | ReceiveProposal) else hub()


def handing_in(command: Any, **changed: Any) -> HandingIn:
    common = {name: getattr(hub(), name) for name in ("at", "now", "person", "office", "unit", "capacity")}
    facts = HandingIn(
        **common,
        day=date(2023, 1, 11),
        receipt_stream=REQUEST if isinstance(command, ReceiveRequest) else PROPOSAL,
        local_id="YC-1",
        content_key="a" * 64,
        is_office=True,
        proposer_kind=UnitKind.PROVINCIAL_BODY,
        receipt=sealed(4),
        receipt_key="b" * 64,
    )
    return replace(facts, **changed)


RULES = Rules(folds=FOLDS, decide=decider.decide, told=told)
NOTHING = RULES.given({})
ASKED = RULES.given({REQUEST: NOTHING.when(RECEIVE).decided()[REQUEST]})
PROPOSED = RULES.given({PROPOSAL: NOTHING.when(PROPOSE).decided()[PROPOSAL]})


def after(history: Given, command: Any) -> Given:
    """The history once the command was asked."""
    return RULES.given(
        {stream: [*history.history.get(stream, ()), *new] for stream, new in history.when(command).decided().items()}
    )


def test_what_is_handed_in_again_meets_its_first_copy_and_another_content_is_refused() -> None:
    ASKED.when(RECEIVE).nothing()
    ASKED.when(RECEIVE, handing_in(RECEIVE, content_key="c" * 64)).refuses(LocalIdTaken, "local_id")
    PROPOSED.when(PROPOSE).nothing()


def test_what_the_directory_does_not_know_is_refused() -> None:
    NOTHING.when(RECEIVE, handing_in(RECEIVE, is_office=False)).refuses(NotAnOffice, "office")
    NOTHING.when(RECEIVE, handing_in(RECEIVE, unknown="locality")).refuses(UnknownUnit, "locality")
    NOTHING.when(PROPOSE, handing_in(PROPOSE, is_field=False)).refuses(UnknownField, "field")


@pytest.mark.parametrize("kind", [UnitKind.DIVISION, UnitKind.MASS_ORGANISATION, UnitKind.PARTY_BODY, None])
def test_only_a_department_or_a_district_proposes(kind: UnitKind | None) -> None:
    NOTHING.when(PROPOSE, handing_in(PROPOSE, proposer_kind=kind)).refuses(NotAProposer, "proposer")


def test_a_body_proposes_in_its_own_name_and_a_clerk_records_another_s_letter() -> None:
    by_itself = {"capacity": Role.PROPOSER}
    refused = NOTHING.when(PROPOSE, handing_in(PROPOSE, unit="SGTVT", **by_itself)).refuses(ProposesForAnother, "proposer")
    assert refused.facts == {"unit": "SNNPTNT", "own": "SGTVT"}
    own = NOTHING.when(PROPOSE, handing_in(PROPOSE, unit="SNNPTNT", **by_itself)).decided()
    for clerk in (Role.CONTENT_DIVISION, Role.REGISTRY, Role.HUB):
        assert NOTHING.when(PROPOSE, handing_in(PROPOSE, unit="KT", capacity=clerk)).decided() == own


def test_a_request_goes_on_with_the_opinions_that_came_with_it() -> None:
    (referred,) = ASKED.when(ReferRequest(request_receipt=REQUEST)).decided()[REQUEST]
    assert isinstance(referred, RequestReferred)
    assert (referred.opinions, referred.words) == ((OPINION,), sealed(1))
    after(ASKED, ReferRequest(request_receipt=REQUEST)).when(ReferRequest(request_receipt=REQUEST)).nothing()


def test_a_request_is_rejected_for_a_reason_and_then_goes_nowhere() -> None:
    reject = RejectRequest(request_receipt=REQUEST, reason=ReceiptRejection.UNCLEAR)
    ASKED.when(reject).then({REQUEST: [RequestReceiptRejected(reason=ReceiptRejection.UNCLEAR, note=None)]})
    rejected = after(ASKED, reject)
    rejected.when(reject).nothing()
    rejected.when(ReferRequest(request_receipt=REQUEST)).refuses(ReceiptEnded)


def test_a_request_is_taken_back_before_and_after_it_went_on() -> None:
    withdraw = WithdrawRequestReceipt(request_receipt=REQUEST)
    ASKED.when(withdraw).then({REQUEST: [RequestReceiptWithdrawn(office="VPUB", request=None, note=None)]})
    referred = after(ASKED, ReferRequest(request_receipt=REQUEST))
    request = REQUEST.replace("request_receipt-", "request-")
    referred.when(withdraw).then({REQUEST: [RequestReceiptWithdrawn(office="VPUB", request=request, note=None)]})
    after(ASKED, withdraw).when(withdraw).nothing()


def test_the_receipt_of_each_kind_holds_a_sealed_code_and_what_it_is_found_by() -> None:
    for stream, history in ((REQUEST, ASKED), (PROPOSAL, PROPOSED)):
        (received,) = history.history[stream]
        assert (received.receipt, received.receipt_key) == (sealed(4), "b" * 64)


def test_a_proposal_goes_on_to_its_division_or_is_rejected() -> None:
    (referred,) = PROPOSED.when(ReferProposal(proposal_receipt=PROPOSAL)).decided()[PROPOSAL]
    assert isinstance(referred, ProposalReferred)
    assert (referred.unit, referred.proposer) == ("KT", "SNNPTNT")
    reject = RejectProposal(proposal_receipt=PROPOSAL, reason=ReceiptRejection.MISSING_DETAILS)
    rejection = ProposalReceiptRejected(reason=ReceiptRejection.MISSING_DETAILS, note=None)
    PROPOSED.when(reject).then({PROPOSAL: [rejection]})
    after(PROPOSED, reject).when(reject).nothing()


def test_what_was_never_handed_in_is_unknown() -> None:
    NOTHING.when(ReferRequest(request_receipt=REQUEST)).refuses(Unknown, "receipt")
