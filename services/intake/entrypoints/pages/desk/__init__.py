"""The pages of whoever takes opinions, requests and proposals in: the inbox, one opinion, registration, import, submissions."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.intake.domain.opinion.commands import COLLECTORS, RECORD_REGISTER_ROW
from services.intake.domain.submission.commands import RECEIVE_PROPOSAL
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.desk import batch, inbox, opinion, receiving, submissions
from services.intake.entrypoints.pages.desk.runs import Runs
from services.intake.entrypoints.pages.desk.scene import Shows
from services.intake.readmodel.access import LIST_OFFICE, LIST_REQUESTS
from shared.contracts.roles import Action, Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room

MENU: Final = "intake/desk/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.INTAKE,
        reached=reached,
        first={Role.FEEDER: receiving.PATH},
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


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    acting = behind.acting
    shows = Shows(behind, acting)
    desk = inbox.Desk(pages, behind.queries.inbox, shows)
    receiving.routes(router, pages, behind, acting)
    batch.routes(router, pages, behind, Runs(behind))
    submissions.routes(router, pages, behind, acting)
    inbox.routes(router, desk)
    opinion.routes(router, pages, behind, shows, acting, desk)
    return router
