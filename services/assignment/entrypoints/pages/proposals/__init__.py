"""The pages of what is proposed for the Chairman's dialogue (Track B)."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.proposals import listed, proposal
from services.assignment.readmodel.dialogue.proposals import Proposals, waits_for
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room, Waiting
from shared.web.routes import undescribed

MENU: Final = "assignment/proposals/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.DIALOGUE,
        reached=reached,
        works={listed.PATH: frozenset(Role) - {Role.REGISTRY}},
        waiting=partial(_waiting, behind.queries.proposals),
        first={Role.PROPOSER: listed.PATH, Role.APPRAISER: listed.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path: whom no proposal can wait for gets no link to them."""
    return frozenset({listed.PATH}) if waits_for(subject) or Role.REGISTRY in subject.capacities else frozenset()


async def _waiting(proposals: Proposals, subject: Subject) -> Mapping[str, Waiting]:
    """How many proposals are in a stage that waits for somebody in his capacities."""
    stages = waits_for(subject)
    counts = await proposals.counts(subject) if stages else {}
    waits = sum(counts.get(stage, 0) for stage in stages)
    return {listed.PATH: Waiting(waits)} if waits else {}


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    listed.routes(router, pages, behind)
    proposal.routes(router, pages, behind)
    return router
