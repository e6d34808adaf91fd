"""The pages of work in hand: what waits for somebody, a case, a piece of work."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.work import case, my_work
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.work.piles import Pile, piles_of
from services.assignment.readmodel.work.queries import Work
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.reading import or_none
from shared.web.rooms import Found, Room, Waiting
from shared.web.routes import undescribed

MENU: Final = "assignment/work/menu.html"
WAITED_FOR: Final = (Pile.PASSED_ON, Pile.PUT_FORWARD, Pile.PROPOSED, Pile.GIVEN)


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        reached=reached,
        waiting=partial(_waiting, behind.queries.work),
        otherwise=my_work.PATH,
        topics=(behind.queries.work.news(),),
        finds=partial(_finds, behind.queries),
    )


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path: who has no work here gets no link to it."""
    return frozenset({my_work.PATH}) if piles_of(subject) else frozenset()


async def _waiting(work: Work, subject: Subject) -> Mapping[str, Waiting]:
    """How much there is for him to do; what he only waits for is not counted."""
    counts = [each for each in await work.counts(subject) if each.pile not in WAITED_FOR]
    return {my_work.PATH: Waiting(sum(each.all for each in counts), sum(each.overdue for each in counts))} if counts else {}


async def _finds(queries: Queries, subject: Subject, typed: str) -> Sequence[Found]:
    """A case by its code or its opinion's, or a piece of work by its code."""
    kind, _, code = typed.rpartition("-")
    found = list[Found]()
    if kind in ("", "case", "opinion"):
        case = await or_none(queries.cases.case(subject, f"case-{code.upper()}"))
        found += [Found("case", f"/cases/{case.id}", case.id)] if case is not None else []
    if kind == "task" and (await or_none(queries.tasks.task(subject, typed))) is not None:
        found.append(Found("task", f"/tasks/{typed}", typed))
    return found


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    my_work.routes(router, pages, behind.queries.work)
    case.routes(router, pages, behind.queries, behind.acting, behind.files)
    return router
