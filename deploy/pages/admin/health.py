"""The page of the house's health: its parts, how far its readers are, what is parked and what becomes of it, its versions."""

from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from deploy import keeping
from deploy.house import House
from deploy.pages.admin.access import Administering, noted
from deploy.pages.admin.accounts import told_of
from shared.config import SERVICES
from shared.contracts.refusals import Refused
from shared.contracts.registry import all_events
from shared.identity.sessions import Session
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/admin/health"
MOST_PARKED: Final = 200

Health = Callable[[], Awaitable[Mapping[str, Any]]]


def routes(router: APIRouter, pages: Pages, house: House, health: Health) -> None:
    async def shown(
        request: Request, session: Session, *, form: Mapping[str, str] | None = None, refused: Refused | None = None
    ) -> Response:
        standing = await house.standing()
        parked = await keeping.letters(house, "parked")
        told = told_of(request, refused)
        query = request.query_params
        return pages.show(
            request,
            "admin/health.html",
            status=told["status"] if told else 200,
            session=session,
            health=await health(),
            heads=standing["heads"],
            subscriptions=[
                {**each, "behind": max(standing["heads"].get(each["source"], each["head"]) - each["position"], 0)}
                for each in standing["subscriptions"]
            ],
            elsewhere=[service for service in SERVICES if service not in house.services],
            parked=parked[:MOST_PARKED],
            total=len(parked),
            decided=[each for state in ("requeued", "discarded") for each in await keeping.letters(house, state)][:MOST_PARKED],
            kept=form or {},
            refused=told,
            done=query.get("done") if query.get("done") in ("requeued", "discarded") and refused is None else None,
            succeeded=query.get("n", ""),
            version=version("doithoai"),
            events=len(list(all_events())),
        )

    @router.get(PATH)
    async def read(request: Request, session: Administering) -> Response:
        """How the house is."""
        return await shown(request, session)

    @router.post(f"{PATH}/requeued")
    async def requeue(request: Request, session: Administering) -> Response:
        """Try one parked event again, or all of a subscription in their order."""
        form = await read_form(request)
        subscription, source, position = _at(form)
        try:
            n = await keeping.requeue(house, subscription, source, position, by=session.subject.person)
        except Refused as refused:
            return await shown(request, session, form=form, refused=refused)
        noted(session, "dead_letter.requeued", subscription=subscription, source=source, position=position, succeeded=n)
        return RedirectResponse(f"{PATH}?done=requeued&n={n}", 303)

    @router.post(f"{PATH}/discarded")
    async def discard(request: Request, session: Administering) -> Response:
        """Give one up for good, for a reason that is kept with it."""
        form = await read_form(request)
        subscription, source, position = _at(form)
        reason = form.get("reason", "").strip().upper()
        try:
            if source is None or position is None:
                raise keeping.NothingParked(reason=subscription)
            await keeping.discard(house, subscription, source, position, reason, by=session.subject.person)
        except Refused as refused:
            return await shown(request, session, form=form, refused=refused)
        noted(session, "dead_letter.discarded", subscription=subscription, source=source, position=position, reason=reason)
        return RedirectResponse(f"{PATH}?done=discarded", 303)


def _at(form: Mapping[str, str]) -> tuple[str, str | None, int | None]:
    """Which parked event a form is about; without a position all of the subscription."""
    position = form.get("position", "")
    return (
        form.get("subscription", ""),
        form.get("source") or None,
        int(position) if position.isascii() and position.isdigit() else None,
    )
