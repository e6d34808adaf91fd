"""The page of a unit's work: what nobody has, who has how much, and passing it on, one piece or many."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor, Id
from services.assignment.entrypoints.pages.leading.acts import DELEGATE, RETURN
from services.assignment.readmodel.queries import Queries
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief
from shared.web.acting import Acting, new_key
from shared.web.acts import Counted, Option, Tried
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/unit-work"
PAGE: Final = 40  # so many rows fit in a form
NOBODY: Final = "nobody"
MOST_RETURNED: Final = 10  # whose forms to hand back stand on the page; of the others on their own
Of = Annotated[str | None, Query(max_length=40)]


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show, pass on, hand back."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def unit_work(request: Request, session: Working, of: Of = None, cursor: Cursor = None) -> Response:
        """The unit's open work, what nobody has ahead; that of one person, or of nobody, where it is named."""
        return await page.show(request, session, of, cursor)

    @router.post(f"{PATH}/delegate-task")
    async def delegate(request: Request, session: Working, of: Of = None) -> Response:
        """Every piece that was ticked goes to one person."""
        return await page.delegate(request, session, of)

    @router.post(f"{PATH}/{{thing}}/return-task")
    async def give_back(request: Request, thing: Id, session: Working) -> Response:
        """Hand one piece back: it is not the unit's to do."""
        return await page.give_back(request, session, thing)


class _Page:
    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def show(
        self,
        request: Request,
        session: Session,
        of: str | None = None,
        cursor: str | None = None,
        *,
        refused: Tried | None = None,
        found: Counted | None = None,
        to: str = "",
    ) -> Response:
        person = of if of not in (None, "", NOBODY) else None
        work = await self._queries.work.of_unit(session.subject, person=person, nobody=of == NOBODY, cursor=cursor, limit=PAGE)
        unheld = [each for each in work.waiting if each.person is None][:MOST_RETURNED]
        offers = [await self._acting.offer(RETURN, each.id, each.version, session.subject) for each in unheld]
        titles = {each.id: brief(each.title) for each in work.waiting if each.title}
        return self._pages.show(
            request,
            "assignment/leading/unit-work.html",
            status=refused.status if refused is not None else 409 if found is not None else 200,
            session=session,
            work=work,
            of=of,
            whose=next((load.name or load.person for load in work.loads if load.person == person), None) if person else None,
            titles=titles,
            named={each.id: titles.get(each.id, each.unit_label or each.id) for each in work.waiting},
            people=[Option(load.person, load.name or load.person) for load in work.loads if load.person is not None],
            returnable=[offer for offer in offers if offer is not None],
            cursor_shown=cursor,
            tried=refused,
            found=found,
            to=to,
            done=request.query_params.get("done") if refused is None and found is None else None,
            n=request.query_params.get("n", ""),
            behind="late" in request.query_params,
            key=new_key(),
            link=link,
        )

    async def delegate(self, request: Request, session: Session, of: str | None) -> Response:
        """One person for all that was ticked; what was refused is told."""
        form = await read_form(request)

        async def again(found: Counted) -> Response:
            return await self.show(request, session, of, found=found, to=form.get("to", ""))

        return await self._acting.ask_each(request, session, DELEGATE, again=again, onward=link(of=of), form=form)

    async def give_back(self, request: Request, session: Session, thing: str) -> Response:
        """Back to the head, with the reason."""

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, refused=refused)

        async def onward(done: Done) -> str:
            return PATH

        return await self._acting.ask(request, session, RETURN, thing, again=again, onward=onward)


def link(**wanted: Any) -> str:
    """This page with other values."""
    named = {name: str(value) for name, value in wanted.items() if value}
    return f"{PATH}?{urlencode(named)}" if named else PATH
