"""Requests for dialogue and proposals over HTTP, as they come in."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.intake.domain.submission import commands
from services.intake.entrypoints.api.bounds import Commands, FieldAsked, Id, Listed
from services.intake.readmodel.submissions.projections import ReceiptStage
from services.intake.readmodel.submissions.queries import Submissions
from services.intake.readmodel.submissions.views import Filters, ProposalView, RequestView
from shared.web.api import After, Asker
from shared.web.responses import Json, etag

COMMANDS: Final[Commands] = (
    ("/requests", commands.ReceiveRequest, 201),
    ("/requests/{request_receipt}/referral", commands.ReferRequest, 200),
    ("/requests/{request_receipt}/rejection", commands.RejectRequest, 200),
    ("/requests/{request_receipt}/withdrawal", commands.WithdrawRequestReceipt, 200),
    ("/proposals", commands.ReceiveProposal, 201),
    ("/proposals/{proposal_receipt}/referral", commands.ReferProposal, 200),
    ("/proposals/{proposal_receipt}/rejection", commands.RejectProposal, 200),
)


def routes(router: APIRouter, requests: Submissions[RequestView], proposals: Submissions[ProposalView]) -> None:
    """Each by itself, lists of them, and what they say."""
    _requests(router, requests)
    _proposals(router, proposals)


def _filters(stage: ReceiptStage | None = None, field: FieldAsked = None) -> Filters:
    return Filters(stage=stage, field=field)


_Narrowed = Annotated[Filters, Depends(_filters)]


def _requests(routes: APIRouter, queries: Submissions[RequestView]) -> None:
    @routes.get("/requests")
    async def listed(subject: Asker, _at: After, asked: Listed, stage: ReceiptStage | None = None) -> Response:
        """The requests for dialogue of the asker's office (or of `office`), perhaps those a unit took in, the latest first."""
        return Json(await queries.of_office(subject, Filters(stage=stage), **asked))

    @routes.get("/requests/{request_receipt}")
    async def one(request_receipt: Id, subject: Asker, _at: After) -> Response:
        """A request at its receipt, and where it stands once handed on. The ETag is its version."""
        found = await queries.one(subject, request_receipt)
        return Json(found, headers=etag(found.version))

    @routes.get("/requests/{request_receipt}/words")
    async def words(request_receipt: Id, subject: Asker, _at: After) -> Response:
        """What is asked for; the opening is written down with who read."""
        return Json(await queries.words(subject, request_receipt))

    @routes.get("/requests/{request_receipt}/speaker")
    async def speaker(request_receipt: Id, subject: Asker, _at: After) -> Response:
        """Who asks, and how to reach him; the opening is written down with who read."""
        return Json(await queries.speaker(subject, request_receipt))


def _proposals(routes: APIRouter, queries: Submissions[ProposalView]) -> None:
    @routes.get("/proposals")
    async def listed(subject: Asker, _at: After, filters: _Narrowed, asked: Listed) -> Response:
        """The proposals to the asker's office (or to `office`), perhaps those of a division or proposer, the latest first."""
        return Json(await queries.of_office(subject, filters, **asked))

    @routes.get("/proposals/{proposal_receipt}")
    async def one(proposal_receipt: Id, subject: Asker, _at: After) -> Response:
        """A proposal at its receipt, and where it stands once handed on. The ETag is its version."""
        found = await queries.one(subject, proposal_receipt)
        return Json(found, headers=etag(found.version))

    @routes.get("/proposals/{proposal_receipt}/words")
    async def words(proposal_receipt: Id, subject: Asker, _at: After) -> Response:
        """What is proposed and why; the opening is written down with who read."""
        return Json(await queries.words(subject, proposal_receipt))
