"""The pages of whoever takes opinions, requests and proposals in: the inbox, one opinion, registration, import, submissions."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.intake.domain.opinion.commands import COLLECTORS, RECORD_REGISTER_ROW
from services.intake.domain.submission.commands import RECEIVE_PROPOSAL
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.desk import batch, files, inbox, opinion, receiving, submissions
from services.intake.entrypoints.pages.desk.runs import Runs
from services.intake.entrypoints.pages.desk.scene import Shows
from services.intake.readmodel.access import LIST_OFFICE, LIST_REQUESTS
from services.intake.readmodel.queries import Queries
from shared.contracts.roles import Action, Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.reading import or_none
from shared.web.rooms import Found, Group, Room
from shared.web.routes import undescribed

MENU: Final = "intake/desk/menu.html"
DESKS: Final = frozenset(COLLECTORS)
WORKS: Final = {
    inbox.PATH: DESKS,
    submissions.REQUESTS_PATH: frozenset({Role.REGISTRY, Role.FEEDER}),
    submissions.PROPOSALS_PATH: frozenset({Role.REGISTRY, Role.CONTENT_DIVISION, Role.PROPOSER}),
    batch.PATH: frozenset(),
}


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.INTAKE,
        reached=reached,
        works=WORKS,
        finds=partial(_finds, behind.queries),
        first={Role.HUB: inbox.PATH, Role.FEEDER: receiving.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path: who has no work here gets no link to it."""
    found = set[str]()
    if _has(subject, LIST_OFFICE) or set(COLLECTORS) & _roles(subject):
        found.add(inbox.PATH)
    if set(COLLECTORS) & _roles(subject):
        found.add(receiving.PATH)
    if _has(subject, LIST_REQUESTS):
        found.add(submissions.REQUESTS_PATH)
    if _has(subject, RECEIVE_PROPOSAL):
        found.add(submissions.PROPOSALS_PATH)
    if _has(subject, RECORD_REGISTER_ROW):
        found.add(batch.PATH)
    return frozenset(found)


def _roles(subject: Subject) -> set[str]:
    return {*subject.capacities, *(each.role for each in subject.delegated)}


def _has(subject: Subject, action: Action) -> bool:
    return bool({grant.role for grant in action.grants} & _roles(subject))


async def _finds(queries: Queries, subject: Subject, typed: str) -> Sequence[Found]:
    """An opinion by its code, or by the number under which his unit took it in."""
    kind, _, code = typed.rpartition("-")
    codes = [f"opinion-{code.upper()}"] if kind in ("", "opinion") else []
    numbered = await or_none(queries.inbox.numbered(subject, typed))
    found = dict.fromkeys([*codes, *([numbered] if numbered is not None else [])])
    return [
        Found("opinion", f"/opinions/{each}", typed if each == numbered else each)
        for each in found
        if await or_none(queries.opinions.opinion(subject, each))
    ]


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    acting = behind.acting
    shows = Shows(behind, acting)
    desk = inbox.Desk(pages, behind.queries.inbox, shows)
    receiving.routes(router, pages, behind, acting)
    batch.routes(router, pages, behind, Runs(behind))
    page = opinion.Page(pages, behind, shows, acting, desk)
    # Ahead of the acts, any of which the address of a page may name.
    files.routes(router, behind, opinion.PATH, behind.queries.opinions.opinion, page.show)
    submissions.routes(router, pages, behind, acting)
    inbox.routes(router, desk)
    opinion.routes(router, pages, behind, acting, page)
    return router
