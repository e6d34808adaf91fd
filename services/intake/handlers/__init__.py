"""Every command of the intake service, by the stream it is about."""

from collections.abc import Mapping
from typing import Any, Final

from services.intake.handlers import consolidations, opinions, registering, submissions
from services.intake.handlers.consolidations import BATCH, CONSOLIDATION
from services.intake.handlers.opinions import OPINION
from services.intake.handlers.submissions import PROPOSAL_RECEIPT, REQUEST_RECEIPT
from shared import fences
from shared.decider import Fold
from shared.desk import Handler
from shared.directory.queries import Directories

FOLDS: Final[Mapping[str, Fold[Any]]] = {
    fold.kind: fold for fold in (OPINION, REQUEST_RECEIPT, PROPOSAL_RECEIPT, CONSOLIDATION, BATCH, fences.FENCE)
}


def handlers(tenant: str, directories: Directories) -> list[Handler]:
    """The handlers of one tenant."""
    return [
        *opinions.handlers(tenant, directories),
        registering.handler(tenant, directories),
        *submissions.handlers(tenant, directories),
        *consolidations.handlers(tenant, directories),
        fences.handler(tenant),
    ]
