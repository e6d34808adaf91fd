"""The page of tokens, by which units' systems ask: made and seen once, listed without their secrets, revoked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from deploy.house import House
from deploy.pages.admin.access import Administering, noted, refuse_own
from deploy.pages.admin.accounts import told_of
from deploy.pages.admin.posts import choices, directory_of, person_of, post_of
from shared.clock import micros
from shared.contracts.refusals import Invalid, Refused, Unknown
from shared.identity.sessions import Session
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/admin/tokens"
LONGEST_DAYS: Final = 366
MOST_SHOWN: Final = 500


class LifeUnclear(Invalid):
    """A token holds for some days, and then no more."""

    code = "token-life-unclear"
    title_vi = "Số ngày hiệu lực không hợp lệ"
    title_en = "That is no number of days it can hold"
    advice_vi = "Nhập số ngày từ 1 đến {most}."
    advice_en = "Type a number of days from 1 to {most}."


def routes(router: APIRouter, pages: Pages, house: House) -> None:
    tokens = house.stores.access.tokens

    async def shown(
        request: Request,
        session: Session,
        *,
        secret: str | None = None,
        form: Mapping[str, str] | None = None,
        refused: Refused | None = None,
    ) -> Response:
        directory, now = await directory_of(house, await house.now()), micros(await house.now())
        told, listed = told_of(request, refused), await tokens.list()
        return pages.show(
            request,
            "admin/tokens.html",
            status=told["status"] if told else 200,
            session=session,
            tokens=sorted(listed, key=lambda each: each.revoked_at is not None or each.expires_at <= now)[:MOST_SHOWN],
            hidden=max(len(listed) - MOST_SHOWN, 0),
            now=now,
            secret=secret,
            kept=form or {},
            refused=told,
            done="revoked" if request.query_params.get("done") == "revoked" else None,
            label=directory.label,
            longest=LONGEST_DAYS,
            **choices(directory),
        )

    @router.get(PATH)
    async def listed(request: Request, session: Administering) -> Response:
        """All tokens, those that hold first."""
        return await shown(request, session)

    @router.post(PATH)
    async def create(request: Request, session: Administering) -> Response:
        """Make a token; it is seen on the page that answers, and nowhere again."""
        form = await read_form(request)
        try:
            person = person_of(form)
            refuse_own(session.subject, person)
            post = post_of(form, person, await directory_of(house, await house.now()))
            days = _days(form.get("days", ""))
            secret = await tokens.create(
                person=person, office=post.office, unit=post.unit, capacities=post.capacities, life=timedelta(days=days)
            )
        except Refused as refused:
            return await shown(request, session, form=form, refused=refused)
        held = " ".join(sorted(post.capacities))
        noted(session, "token.made", id=secret.split("_")[1], person=person, unit=post.unit, capacities=held, days=days)
        return await shown(request, session, secret=secret)

    @router.post(PATH + "/{id}/revoked")
    async def revoke(request: Request, session: Administering, id: str) -> Response:
        """End a token."""
        await read_form(request)
        if not await tokens.revoke(id):
            raise Unknown
        noted(session, "token.revoked", id=id)
        return RedirectResponse(f"{PATH}?done=revoked", 303)


def _days(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LONGEST_DAYS and len(text) <= 6):
        raise LifeUnclear("days", most=LONGEST_DAYS)
    return int(text)
