"""Every question to the intake service, by what it is about."""

from dataclasses import dataclass

from services.intake.readmodel.batches.queries import Batches
from services.intake.readmodel.consolidations.queries import Consolidations
from services.intake.readmodel.files import Files
from services.intake.readmodel.opinions.inbox import Inbox
from services.intake.readmodel.opinions.queries import Opinions
from services.intake.readmodel.opinions.tellings import Tellings
from services.intake.readmodel.receipts.queries import Receipts
from services.intake.readmodel.receipts.told import Telling
from services.intake.readmodel.submissions.queries import Submissions
from services.intake.readmodel.submissions.views import ProposalView, RequestView


@dataclass(frozen=True, slots=True)
class Queries:
    """The questions of one tenant."""

    opinions: Opinions
    inbox: Inbox
    tellings: Tellings
    receipts: Receipts
    telling: Telling
    requests: Submissions[RequestView]
    proposals: Submissions[ProposalView]
    consolidations: Consolidations
    batches: Batches
    files: Files
