"""The page of what waits for a decision of the head or a deputy: decided in place, one by one or many at once."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor, Id
from services.assignment.entrypoints.pages.leading.acts import AS_PROPOSED, AT_ONCE, BY_SLUG
from services.assignment.entrypoints.pages.leading.deciding import Deciding, Kind, as_proposed
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.work.piles import Pile
from shared.contracts.refusals import Unknown
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief
from shared.web.acting import ON, Acting, new_key, tried
from shared.web.acts import Act, Counted, Tried
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/awaiting-me"
PROPOSED: Final = "proposed"
Chosen = Annotated[Pile | None, Query()]
Slug = Annotated[str, Path(max_length=40)]


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show, decide, decide on many."""
    page = _Page(pages, Deciding(queries, acting), acting)

    @router.get(PATH)
    async def awaiting_me(request: Request, session: Working, kind: Chosen = None, cursor: Cursor = None) -> Response:
        """By kind what waits, with what it is decided by; one kind by itself, where it is named."""
        return await page.show(request, session, kind, cursor)

    @router.get(f"{PATH}/all")
    async def many(request: Request, session: Working, kind: Annotated[Pile, Query()]) -> Response:
        """One kind as a list with a tick for each."""
        return await page.many(request, session, kind)

    @router.post(f"{PATH}/all/{{slug}}")
    async def decide_many(request: Request, slug: Slug, session: Working) -> Response:
        """Each that was ticked is a decision of its own."""
        pile = next((pile for pile, act in AT_ONCE.items() if act.slug == slug), None)
        if pile is None:
            raise Unknown
        return await page.decide_many(request, session, pile, AT_ONCE[pile])

    @router.post(f"{PATH}/{{thing}}/{{slug}}")
    async def decide(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask the decision on one thing."""
        pile, act = BY_SLUG.get(slug, (None, None))
        if pile is None or act is None:
            raise Unknown
        return await page.decide(request, session, thing, pile, act)


class _Page:
    def __init__(self, pages: Pages, deciding: Deciding, acting: Acting) -> None:
        self._pages, self._deciding, self._acting = pages, deciding, acting

    async def show(
        self, request: Request, session: Session, chosen: Pile | None, cursor: str | None = None, refused: Tried | None = None
    ) -> Response:
        kinds = await self._deciding.all(session.subject, chosen, cursor)
        counts = await self._deciding.counts(session.subject)
        stands = await self._deciding.stands(session.subject)
        programmes = await self._deciding.programmes(session.subject) if chosen is None else ()
        facts = {"counts": counts, "chosen": chosen, "cursor": cursor, "stands": stands, "programmes": programmes}
        return self._shown(request, session, "awaiting-me.html", kinds, refused=refused, **facts)

    async def many(self, request: Request, session: Session, pile: Pile, found: Counted | None = None) -> Response:
        [kind] = await self._deciding.all(session.subject, pile)
        act = AT_ONCE[pile]
        can = tuple(item for item in kind.items if item.ready)
        return self._shown(request, session, "all.html", (kind,), act=act, can=can, found=found)

    def _shown(
        self,
        request: Request,
        session: Session,
        template: str,
        kinds: tuple[Kind, ...],
        refused: Tried | None = None,
        **facts: Any,
    ) -> Response:
        items = [item for kind in kinds for item in kind.items]
        found: Counted | None = facts.setdefault("found", None)
        return self._pages.show(
            request,
            f"assignment/leading/{template}",
            status=refused.status if refused is not None else 409 if found is not None else 200,
            session=session,
            kinds=kinds,
            titles={item.thing: brief(item.waiting.title) for item in items if item.waiting.title},
            reasons=_reasons(request, kinds),
            tried=refused,
            offered=refused is not None and any(item.thing == refused.thing for item in items),
            today=self._acting.today,
            done=request.query_params.get("done") if refused is None and found is None else None,
            n=request.query_params.get("n", ""),
            behind="late" in request.query_params,
            key=new_key(),
            link=link,
            **facts,
        )

    async def decide(self, request: Request, session: Session, thing: str, pile: Pile, act: Act) -> Response:
        """One decision; afterwards the page with what is left."""
        values = as_proposed(request.query_params.get(PROPOSED, "").split()) if act is AS_PROPOSED else {}

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, None, refused=refused)

        async def onward(done: Done) -> str:
            return f"{PATH}#{pile.value}"

        return await self._acting.ask(request, session, act, thing, again=again, onward=onward, **values)

    async def decide_many(self, request: Request, session: Session, pile: Pile, act: Act) -> Response:
        """Many, each by itself; what was refused stands on the list with why."""
        form = await read_form(request)
        own: Mapping[str, Mapping[str, Any]] = {}
        if act is AS_PROPOSED:
            ticked = [name.removeprefix(ON) for name in form if name.startswith(ON)]
            own = {case: as_proposed(form.get(f"{PROPOSED}.{case}", "").split()) for case in ticked}

        async def again(found: Counted) -> Response:
            return await self.many(request, session, pile, found)

        return await self._acting.ask_each(request, session, act, again=again, onward=PATH, form=form, own=own)


def _reasons(request: Request, kinds: tuple[Kind, ...]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Why an act waits for its condition, by thing and act."""
    return {
        (item.thing, offer.act.name): tried(request, offer.act, offer.thing, {}, offer.waits).told
        for kind in kinds
        for item in kind.items
        for offer in item.offers
        if offer.waits is not None
    }


def link(**wanted: Any) -> str:
    """This page with other values."""
    named = {name: str(value) for name, value in wanted.items() if value is not None}
    return f"{PATH}?{urlencode(named)}" if named else PATH
