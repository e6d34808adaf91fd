"""What can be done from the page of a proposal, and which values each act asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.assignment.domain.attachment.commands import AddAttachment
from services.assignment.domain.proposal import commands as asked
from services.assignment.domain.proposal import refusals
from shared.contracts.proposal import Verdict
from shared.contracts.refusals import Refused
from shared.web.acts import Act, Asks, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class OnProposal(Act):
    """What can be done on a proposal."""

    on: str = "proposal"


VERDICT: Final = Field("verdict", Asks.CHOICE, choices=tuple(Verdict))
NOTE: Final = Field("note", Asks.TEXT, required=False)
REASON: Final = Field("reason", Asks.TEXT)
COMPLETE: Final = OnProposal(command=asked.CompleteProposal, fields=(Field("content", Asks.TEXT, longest=20_000),))
GIVE: Final = OnProposal(
    command=asked.GiveAppraisal,
    fields=(
        Field("appraiser", Asks.ONE),
        VERDICT,
        Field("comment", Asks.TEXT, required=False),
        Field("letter", Asks.LINE, required=False, longest=80),
        Field("on", Asks.DAY, required=False),
    ),
)
SUBMIT: Final = OnProposal(
    command=asked.SubmitProposal,
    fields=(Field("to_chairman", Asks.CHOICE, choices=("false", "true")), Field("document", Asks.ONE, required=False)),
)
CHECK: Final = OnProposal(command=asked.CheckLine, fields=(Field("line", Asks.NUMBER),))
FILE: Final = Act(command=AddAttachment, on="about", fields=(Field("file", Asks.FILE),), apart=True)

# In the order in which they come first where several can be done.
ACTS: Final[tuple[OnProposal, ...]] = (
    OnProposal(command=asked.ApproveProposal, fields=(NOTE,)),
    OnProposal(command=asked.RefuseProposal, fields=(REASON,)),
    OnProposal(command=asked.DeferProposal, fields=(Field("reason", Asks.TEXT, required=False),)),
    OnProposal(command=asked.ConcludeAppraisal, fields=(VERDICT, NOTE)),
    GIVE,
    OnProposal(command=asked.RequestAppraisal, fields=(Field("leader", Asks.ONE),)),
    SUBMIT,
    COMPLETE,
    OnProposal(command=asked.ReturnProposal, fields=(REASON,)),
    OnProposal(command=asked.OverrideAppraisal, fields=(Field("appraiser", Asks.ONE), REASON)),
)
BY_SLUG: Final[Mapping[str, OnProposal]] = {act.slug: act for act in (*ACTS, CHECK)}

# Conditions that are told beside the act, which cannot be done yet.
TOLD: Final[tuple[type[Refused], ...]] = (refusals.AppraisalOpen, refusals.AppraisalNotLate)
