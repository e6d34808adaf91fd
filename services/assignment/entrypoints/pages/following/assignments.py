"""The page of proposing: cases that wait for a lead, to be proposed to the head one by one or many at once."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.domain.case.commands import ProposeAssignment
from services.assignment.entrypoints.api.bounds import Cursor
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.work.piles import Pile
from services.assignment.readmodel.work.views import Waiting
from shared.contracts.refusals import Unknown
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief, fold
from shared.web.acting import ON, Acting, new_key
from shared.web.acts import Act, Counted, Form, Option
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/assignments"
PAGE: Final = 30  # so many rows, each with a tick and a choice, fit in a form
PILES: Final = (Pile.PROPOSE, Pile.PROPOSED)
LEAD: Final = "lead."
PROPOSE: Final = Act(command=ProposeAssignment, on="case")


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show, propose."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def assignments(
        request: Request, session: Working, pile: Annotated[Pile, Query()] = Pile.PROPOSE, cursor: Cursor = None
    ) -> Response:
        """What waits for a proposal, or what was proposed and waits for the head."""
        if pile not in PILES:
            raise Unknown("pile")
        return await page.show(request, session, pile, cursor)

    @router.post(f"{PATH}/propose-assignment")
    async def propose(request: Request, session: Working, pile: Annotated[Pile, Query()] = Pile.PROPOSE) -> Response:
        """Each that was ticked is proposed to the lead chosen beside it."""
        if pile not in PILES:
            raise Unknown("pile")
        return await page.propose(request, session, pile)


class _Page:
    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def show(
        self,
        request: Request,
        session: Session,
        pile: Pile,
        cursor: str | None = None,
        *,
        found: Counted | None = None,
        form: Form | None = None,
    ) -> Response:
        piled = await self._queries.work.waiting(session.subject, pile, cursor=cursor, limit=PAGE)
        directory = await self._queries.directories.at(self._acting.today)
        options = _units(directory, session.subject.office)
        return self._pages.show(
            request,
            "assignment/following/assignments.html",
            status=409 if found is not None else 200,
            session=session,
            piled=piled,
            counts=[each for each in piled.counts if each.pile in PILES],
            titles={each.id: brief(each.title) for each in piled.waiting if each.title},
            named={each.id: brief(each.title or each.field_label or each.id) for each in piled.waiting},
            options={each.id: [one for one in options if one.value not in each.barred] for each in piled.waiting},
            chosen={each.id: (form or {}).get(f"{LEAD}{each.id}") or _first(each) for each in piled.waiting},
            label=directory.label,
            found=found,
            cursor=cursor,
            done=request.query_params.get("done") if found is None else None,
            n=request.query_params.get("n", ""),
            behind="late" in request.query_params,
            key=new_key(),
            link=link,
        )

    async def propose(self, request: Request, session: Session, pile: Pile) -> Response:
        """What was proposed before keeps those to co-ordinate, unless the new lead is one of them."""
        form = await read_form(request)
        own = {case: await self._proposal(session, case, form) for case in _ticked(form)}

        async def again(found: Counted) -> Response:
            return await self.show(request, session, pile, found=found, form=form)

        return await self._acting.ask_each(request, session, PROPOSE, again=again, onward=link(pile=pile), form=form, own=own)

    async def _proposal(self, session: Session, case: str, form: Form) -> Mapping[str, Any]:
        lead = form.get(f"{LEAD}{case}", "")
        try:
            before = (await self._queries.cases.case(session.subject, case)).proposed
        except Unknown:
            before = ()
        return {"lead": lead, "coordinating": [unit for unit in before[1:] if unit != lead]}


def _ticked(form: Form) -> Sequence[str]:
    return [name.removeprefix(ON) for name in form if name.startswith(ON)]


def _units(directory: Directory, office: str) -> Sequence[Option]:
    """Whom the office gives work to; itself is none of them."""
    units = [unit.key for unit in directory.units.values() if unit.office == office and unit.key != office]
    return sorted((Option(unit, directory.label(unit)) for unit in units), key=lambda each: fold(each.label))


def _first(waiting: Waiting) -> str:
    """Whom it was proposed to, else who usually answers for its field, unless it is about them."""
    first = next(iter(waiting.proposed), "") or waiting.usual or ""
    return "" if first in waiting.barred else first


def link(**wanted: Any) -> str:
    """This page with other values."""
    named = {name: str(value) for name, value in wanted.items() if value and value != Pile.PROPOSE}
    return f"{PATH}?{urlencode(named)}" if named else PATH
