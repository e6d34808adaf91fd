"""The page of what the Chairman gave: what is under way, what waits for his confirmation, and giving more."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.assignment.domain.task.commands import GiveTask
from services.assignment.domain.task.decider import OF_A_CASE
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.work.piles import Pile, piles_of
from shared.contracts.case import Authority
from shared.contracts.refusals import Unknown
from shared.contracts.session import Track
from shared.contracts.task import TaskType
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief, fold
from shared.web.acting import Acting, new_key
from shared.web.acts import Act, Asks, Field, Option, Tried
from shared.web.pages import Pages
from shared.web.reading import or_none

PATH: Final = "/given-work"
PAGE: Final = 100
GIVE: Final = Act(
    command=GiveTask,
    fields=(
        Field("unit", Asks.ONE),
        Field("type", Asks.CHOICE, choices=tuple(each for each in TaskType if each not in OF_A_CASE)),
        Field("about", Asks.ONE),
        Field("due", Asks.DAY),
    ),
    apart=True,
)


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show, give."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def given_work(request: Request, session: Working) -> Response:
        """What was given in the Chairman's name and is open, by its day."""
        return await page.show(request, session)

    @router.post(f"{PATH}/{GIVE.slug}")
    async def give(request: Request, session: Working) -> Response:
        """Give a body work that belongs to a dialogue of his."""
        return await page.give(request, session)


class _Page:
    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def show(self, request: Request, session: Session, refused: Tried | None = None) -> Response:
        subject = session.subject
        piled = await self._queries.work.waiting(subject, Pile.GIVEN, limit=PAGE)
        directory = await self._queries.directories.at(self._acting.today)
        bodies = [unit.key for unit in directory.units.values() if unit.key != subject.office]
        held = await or_none(self._queries.dialogues.of_office(subject, subject.office, "session")) or []
        return self._pages.show(
            request,
            "assignment/leading/given-work.html",
            status=refused.status if refused is not None else 200,
            session=session,
            piled=piled,
            confirm=next((each.all for each in piled.counts if each.pile is Pile.CONFIRM), 0),
            titles={each.id: brief(each.title) for each in piled.waiting if each.title},
            act=GIVE,
            options={
                "unit": sorted((Option(unit, directory.label(unit)) for unit in bodies), key=lambda each: fold(each.label)),
                "about": [
                    Option(each.id, f"{each.day:%d/%m/%Y}" if each.day else each.id)
                    for each in reversed(held)
                    if each.track == Track.CHAIRMAN
                ],
            },
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            behind="late" in request.query_params,
            key=new_key(),
        )

    async def give(self, request: Request, session: Session) -> Response:
        """In his own name, of his office."""
        if Pile.GIVEN not in piles_of(session.subject):
            raise Unknown

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, refused)

        async def onward(done: Done) -> str:
            return PATH

        values: dict[str, Any] = {"office": session.subject.office, "authority": Authority.CHAIRMAN}
        return await self._acting.ask(request, session, GIVE, "", again=again, onward=onward, **values)
