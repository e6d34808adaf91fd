"""The pages of whoever leads: what waits for a decision of the head or a deputy, and who of a unit has how much work."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.leading import awaiting_me, given_work, unit_work
from services.assignment.entrypoints.pages.leading.acts import DECISIONS
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.work.piles import Pile, piles_of, reach
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Room, Waiting
from shared.web.routes import undescribed

MENU: Final = "assignment/leading/menu.html"
DECIDES: Final = frozenset({Pile.ASSIGN, Pile.CLEAR, Pile.EXTEND})
UNITS: Final = frozenset({Role.UNIT_LEADER, Role.UNIT_DEPUTY, Role.PROPOSER})
WORKS: Final = {unit_work.PATH: UNITS, given_work.PATH: frozenset({Role.CHAIRMAN})}


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        reached=reached,
        works=WORKS,
        waiting=partial(_waiting, behind.queries),
        first=dict.fromkeys((Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN), awaiting_me.PATH),
    )


def reached(subject: Subject) -> frozenset[str]:
    """Whoever may decide anything of an office, and whoever passes on the work of a unit."""
    found = set[str]()
    if DECIDES.intersection(piles_of(subject)):
        found.add(awaiting_me.PATH)
    if reach(subject, Pile.PASSED_ON).units:
        found.add(unit_work.PATH)
    if Pile.GIVEN in piles_of(subject):
        found.add(given_work.PATH)
    return frozenset(found)


async def _waiting(queries: Queries, subject: Subject) -> Mapping[str, Waiting]:
    """How much waits for his decision."""
    if awaiting_me.PATH not in reached(subject):
        return {}
    counts = [each for each in await queries.work.counts(subject) if each.pile in DECISIONS]
    programmes = await queries.dialogues.how_many_to_approve(subject)
    return {awaiting_me.PATH: Waiting(sum(each.all for each in counts) + programmes, sum(each.overdue for each in counts))}


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    awaiting_me.routes(router, pages, behind.queries, behind.acting)
    given_work.routes(router, pages, behind.queries, behind.acting)
    unit_work.routes(router, pages, behind.queries, behind.acting)
    return router
