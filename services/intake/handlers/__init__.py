"""Every command of the intake service, by the stream it is about."""

from collections.abc import Mapping
from typing import Any, Final

from services.intake.handlers import attachments, consolidations, opinions, registering, submissions, tellings
from services.intake.handlers.attachments import ATTACHMENT
from services.intake.handlers.consolidations import BATCH, CONSOLIDATION
from services.intake.handlers.opinions import OPINION
from services.intake.handlers.submissions import PROPOSAL_RECEIPT, REQUEST_RECEIPT
from services.intake.handlers.tellings import TELLING
from services.intake.readmodel.opinions.tellings import Tellings
from shared import fences
from shared.blobs.store import Blobs
from shared.decider import Fold
from shared.desk import Handler
from shared.directory.queries import Directories

FOLDS: Final[Mapping[str, Fold[Any]]] = {
    fold.kind: fold
    for fold in (OPINION, TELLING, REQUEST_RECEIPT, PROPOSAL_RECEIPT, CONSOLIDATION, BATCH, ATTACHMENT, fences.FENCE)
}


def handlers(tenant: str, directories: Directories, told: Tellings, blobs: Blobs) -> list[Handler]:
    """The handlers of one tenant; `told` says what there is to tell, `blobs` which files are kept."""
    return [
        *opinions.handlers(tenant, directories),
        registering.handler(tenant, directories),
        *tellings.handlers(tenant, told),
        *submissions.handlers(tenant, directories),
        *consolidations.handlers(tenant, directories),
        *attachments.handlers(tenant, blobs),
        fences.handler(tenant),
    ]
