"""Acting from another post: chosen on the account's page or in the menu of any page, to which it leads back."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Unknown
from shared.identity.pages import ACCOUNT, Door, SignedIn, held
from shared.web.forms import path_within, read_form


def add(router: APIRouter, door: Door) -> None:
    """Add its route."""

    @router.post("/account/post")
    async def post(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        asked = (form.get("office"), form.get("unit"))
        found = [each for each in (await held(door, session)).posts if (each.office, each.unit) == asked]
        if not found or session.must_change:
            raise Unknown("post")
        await door.sessions.act_from(session, found[0])
        door.left(session.id)
        return RedirectResponse(path_within(form.get("next", ""), f"{ACCOUNT}?done=post"), 303)
