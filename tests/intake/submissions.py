"""Requests for dialogue and proposals of every kind of life, at their receipt and after they were handed on."""

from dataclasses import fields
from typing import Any, Final

from services.intake.domain.submission.decider import request_of
from services.intake.handlers.submissions import proposal_of
from shared.contracts import proposal, request
from shared.contracts.opinion import RejectionReason
from shared.contracts.submission import ProposalReferred, RequestReferred
from shared.desk import Done
from shared.eventlog import codec
from shared.permit import Subject
from tests.intake.house import CONTENT, FEEDER, HUB, OTHER_OFFICE, House
from tests.intake.stage import DUE
from tests.support.scenario import sealed

SESSION: Final = "session-00000000000000000001"
NAME: Final = "Lò Thị Mẫu"
ASKED: Final = "Xin được đối thoại trực tiếp với Chánh Văn phòng về đường vào bản."
CONTENT_OF: Final = "Đối thoại với nông dân về giao thông nông thôn."
WHY: Final = "Nhiều ý kiến trong kỳ."
OF_THE_REQUEST: Final[dict[str, Any]] = {
    "accepted": request.RequestAccepted(session=SESSION),
    "met": request.RequestMet(session=SESSION),
}
REFUSED: Final = request.RequestRefused(reason=RejectionReason.FINAL_DECISION, note=sealed(1))
OF_THE_PROPOSAL: Final[dict[str, Any]] = {
    "returned": proposal.ProposalReturned(reason=sealed(2)),
    "completed": proposal.ProposalCompleted(content=sealed(3), attachments=()),
    "appraisal requested": proposal.AppraisalRequested(leader="p-deputy", appraisers=("BDV", "MTTQ"), due=DUE),
    "appraised": proposal.AppraisalConcluded(by="p-deputy", verdict=proposal.Verdict.AGREES, note=None),
    "submitted": proposal.ProposalSubmitted(to_chairman=True, document=None),
    "deferred": proposal.ProposalDeferred(reason=None),
    "approved": proposal.ProposalApproved(note=None),
    "linked": proposal.ProposalLinked(session=SESSION),
}
NOT_APPROVED: Final = proposal.ProposalRefused(reason=sealed(4))


async def request_in(house: House, by: Subject = FEEDER, **changed: Any) -> Done:
    """Someone asks for a dialogue."""
    asked = {"office": "VPUB", "channel": "van_ban", "source_group": "nhan_dan", "words": ASKED, "speaker_name": NAME}
    return await house.ask("receive_request", by, **{**asked, "speaker_contact": "0912 000 001", **changed})


async def proposal_in(house: House, by: Subject = CONTENT, **changed: Any) -> Done:
    """A sở proposes content for the Chairman's dialogue."""
    brought = {"office": "VPUB", "proposer": "SGTVT", "division": "TH", "field": "giao-thong", "content": CONTENT_OF}
    return await house.ask("receive_proposal", by, **{**brought, "reason": WHY, **changed})


async def request_on(house: House, receipt: str) -> None:
    """It is handed on, and the assignment service opens the request."""
    await house.ask("refer_request", HUB, request_receipt=receipt)
    referred = codec.read((await house.log.read_stream(receipt))[-1]).event
    assert isinstance(referred, RequestReferred)
    carried = {field.name: getattr(referred, field.name) for field in fields(referred)}
    await become(house, receipt, request.RequestOpened(**carried, receipt=receipt, due=DUE))


async def proposal_on(house: House, receipt: str) -> None:
    """It is handed on, and the assignment service opens the proposal."""
    await house.ask("refer_proposal", CONTENT, proposal_receipt=receipt)
    referred = codec.read((await house.log.read_stream(receipt))[-1]).event
    assert isinstance(referred, ProposalReferred)
    carried = {field.name: getattr(referred, field.name) for field in fields(referred) if field.name != "unit"}
    opened = proposal.ProposalOpened(**carried, receipt=receipt, division=referred.unit, checklist="2023.1")
    await become(house, receipt, opened)


async def become(house: House, receipt: str, *facts: Any) -> None:
    """What the assignment service records of what was handed on."""
    thing = request_of(receipt) if receipt.startswith("request") else proposal_of(receipt)
    await house.happen("assignment", {thing: facts})


async def every_life(house: House) -> dict[str, str]:
    """Live them, followed after every few steps; the receipts by what becomes of them."""
    found = {
        name: (await request_in(house, local_id=f"YC-{n}")).stream
        for n, name in enumerate(("met", "refused", "taken back", "rejected", "open"))
    }
    found |= {
        name: (await proposal_in(house, local_id=f"DX-{n}")).stream
        for n, name in enumerate(("linked", "not approved", "unclear"))
    }
    found["theirs"] = (await request_in(house, OTHER_OFFICE, office="UBND-MSO")).stream
    await house.follow()
    for name in ("met", "refused", "taken back"):
        await request_on(house, found[name])
    for name in ("linked", "not approved"):
        await proposal_on(house, found[name])
    await house.follow()
    await house.ask("withdraw_request_receipt", FEEDER, request_receipt=found["taken back"], note="Đã giải quyết ở xã.")
    await house.ask("reject_request", HUB, request_receipt=found["rejected"], reason="KHONG_RO_NOI_DUNG", note="Không rõ.")
    await house.ask("reject_proposal", CONTENT, proposal_receipt=found["unclear"], reason="TRUNG")
    await become(house, found["met"], *OF_THE_REQUEST.values())
    await become(house, found["refused"], REFUSED)
    await house.follow()
    await become(house, found["linked"], *OF_THE_PROPOSAL.values())
    await become(house, found["not approved"], NOT_APPROVED)
    await house.follow()
    return found
