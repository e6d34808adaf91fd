"""Requests for dialogue and proposals over HTTP, as they come in."""

from typing import Final

from services.intake.domain.submission import commands as asked
from services.intake.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/requests", asked.ReceiveRequest, 201),
    ("/requests/{request_receipt}/referral", asked.ReferRequest, 200),
    ("/requests/{request_receipt}/rejection", asked.RejectRequest, 200),
    ("/requests/{request_receipt}/withdrawal", asked.WithdrawRequestReceipt, 200),
    ("/proposals", asked.ReceiveProposal, 201),
    ("/proposals/{proposal_receipt}/referral", asked.ReferProposal, 200),
    ("/proposals/{proposal_receipt}/rejection", asked.RejectProposal, 200),
)
