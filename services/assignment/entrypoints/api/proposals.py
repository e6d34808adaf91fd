"""Proposals for the Chairman's dialogue over HTTP."""

from typing import Final

from services.assignment.domain.proposal import commands as asked
from services.assignment.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/proposals/{proposal}/return", asked.ReturnProposal, 200),
    ("/proposals/{proposal}/completion", asked.CompleteProposal, 200),
    ("/proposals/{proposal}/appraisal", asked.RequestAppraisal, 200),
    ("/proposals/{proposal}/appraisal/verdicts", asked.GiveAppraisal, 200),
    ("/proposals/{proposal}/appraisal/overrides", asked.OverrideAppraisal, 200),
    ("/proposals/{proposal}/appraisal/conclusion", asked.ConcludeAppraisal, 200),
    ("/proposals/{proposal}/checklist", asked.CheckLine, 200),
    ("/proposals/{proposal}/submission", asked.SubmitProposal, 200),
    ("/proposals/{proposal}/approval", asked.ApproveProposal, 200),
    ("/proposals/{proposal}/refusal", asked.RefuseProposal, 200),
    ("/proposals/{proposal}/deferral", asked.DeferProposal, 200),
)
