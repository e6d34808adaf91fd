"""Internal routes for the operator's verbs beside a house that is served: rebuild, and parked events."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from deploy import keeping
from deploy.house import House
from shared.web.responses import Json
from shared.web.routes import undescribed


def routes(house: House) -> APIRouter:
    """The routes; whoever includes them asks for the service token."""
    router = undescribed()
    stands: dict[str, tuple[int, int]] = {}  # how far each rebuild that is under way has come

    @router.post("/rebuild")
    async def rebuild(projection: Annotated[str, Body()], check: Annotated[bool, Body()] = False) -> Response:
        def stand(done: int, total: int) -> None:
            stands[projection] = done, total

        try:
            return Json(asdict(await keeping.rebuild(house, projection, check=check, stand=stand)))
        finally:
            stands.pop(projection, None)

    @router.get("/rebuild")
    async def rebuilding(projection: str) -> Response:
        done, total = stands.get(projection, (0, 0))
        return Json({"done": done, "total": total})

    @router.post("/dlq/requeue")
    async def requeue(
        subscription: Annotated[str, Body()],
        by: Annotated[str, Body()],
        source: Annotated[str | None, Body()] = None,
        position: Annotated[int | None, Body()] = None,
    ) -> Response:
        return Json({"succeeded": await keeping.requeue(house, subscription, source, position, by=by)})

    @router.post("/dlq/discard")
    async def discard(
        subscription: Annotated[str, Body()],
        source: Annotated[str, Body()],
        position: Annotated[int, Body()],
        reason: Annotated[str, Body()],
        by: Annotated[str, Body()],
    ) -> Response:
        await keeping.discard(house, subscription, source, position, reason, by=by)
        return Json({"discarded": position})

    return router
