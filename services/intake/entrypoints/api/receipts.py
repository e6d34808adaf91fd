"""Receipts over HTTP: for whoever holds a code, without a sign-in (R8)."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.intake.entrypoints.api.bounds import Id
from services.intake.readmodel.receipts.codes import receipt_key
from services.intake.readmodel.receipts.queries import Receipts
from shared.keys import KeyedHash
from shared.web.api import After
from shared.web.limits import limited
from shared.web.responses import Json


def routes(router: APIRouter, queries: Receipts, keyed: KeyedHash, tenant: str) -> None:
    """The one question."""

    @router.get("/receipts/{code}", dependencies=[Depends(limited("receipt", "100/second"))])
    async def receipt(code: Id, _at: After) -> Response:
        """Where an opinion, a request or a proposal stands, for whoever holds its receipt code; no sign-in."""
        return Json(await queries.receipt(receipt_key(keyed, tenant, code)))
