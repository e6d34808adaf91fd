"""Files that come with a submission: who may add one is asked of the submission."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from services.intake.domain.attachment import decider
from services.intake.domain.attachment.commands import ATTACH_TO_SUBMISSION, AttachToSubmission
from services.intake.domain.attachment.decider import Attaching, KeptFile, attachment_of
from services.intake.handlers.opinions import OPINION, seen_opinion
from services.intake.handlers.submissions import REQUEST_RECEIPT, seen_receipt
from services.intake.readmodel.access import SEE_REQUEST
from shared.blobs.store import Blobs
from shared.contracts.facts import Facts
from shared.decider import Fold
from shared.desk import Asking, Handler, States
from shared.permit import Resource

ATTACHMENT: Final = Fold("attachment", decider.INITIAL, decider.evolve)


def handlers(tenant: str, blobs: Blobs) -> list[Handler]:
    """The handler of one tenant; `blobs` says which files are kept."""
    return [
        Handler(
            command=AttachToSubmission,
            action=ATTACH_TO_SUBMISSION,
            streams=_streams,
            resource=partial(_of_submission, tenant),
            decide=decider.decide,
            facts=_kept(blobs),
            additive=True,
            permitted_first=True,
        )
    ]


def _streams(asking: Asking) -> dict[str, Fold[Any]]:
    about = asking.body.about
    fold = REQUEST_RECEIPT if about.startswith("request_receipt-") else OPINION
    return {attachment_of(about, asking.body.number): ATTACHMENT, about: fold}


def _of_submission(tenant: str, asking: Asking, found: States) -> Resource:
    if asking.body.about.startswith("request_receipt-"):
        return seen_receipt(tenant, "about", SEE_REQUEST, asking, found)
    return seen_opinion(tenant, asking, found, "about")


def _kept(blobs: Blobs) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        found = await blobs.stored(asking.body.file)
        kept = KeptFile(media=found.media, size=found.size) if found is not None else None
        return Attaching(**asdict(common), kept=kept)

    return facts
