"""What a room with pages brings along: templates, routes, its part of the menu, what waits in it, what it tells of live."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fastapi import APIRouter

from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.topics import Topic


class Group(StrEnum):
    """Under which heading of the menu links stand, from the top."""

    OWN = "own"  # without a heading: what is to be done
    INTAKE = "intake"
    COORDINATION = "coordination"
    DIALOGUE = "dialogue"
    REPORTS = "reports"
    LOOKUP = "lookup"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits behind a link of the menu, and how much of it is overdue."""

    all: int
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is called as somebody typed: of which kind, where its page is, its code or number."""

    kind: str
    path: str
    name: str


def _nowhere(subject: Subject) -> frozenset[str]:
    return frozenset()


async def _nothing(subject: Subject) -> Mapping[str, Waiting]:
    return {}


async def _nothing_called(subject: Subject, typed: str) -> Sequence[Found]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Pages of one place in the house.

    `package` has a folder `templates` and, where it speaks of more than the frame, `translations`. `routes` are made once the
    templates are read (`shared.web.pages.Pages`). `menu` is the template of its links, which stand in `group`; of them
    `reached` names those, by path, that a person's capacities reach: the others are not shown to him. `works` names, by path,
    for whom a page is daily work: for others who reach it its link is folded away, and one that it does not name is daily work
    of whoever reaches it. `header` is the template of what it puts into the head of every page, such as a search. `waiting`
    counts what waits behind links, by path: it is asked again only when a read model has moved, and left out where it takes
    too long. `first` says with which page people of a capacity begin; `otherwise` where those begin who reach it and are not led
    elsewhere. `topics` are what its pages can be told of while they are open. `finds` answers what of it somebody may see is
    called as he typed, by code or number.
    """

    package: str
    routes: Callable[[Any], APIRouter] | None = None
    menu: str | None = None
    header: str | None = None
    group: Group = Group.OWN
    reached: Callable[[Subject], frozenset[str]] = _nowhere
    works: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    waiting: Callable[[Subject], Awaitable[Mapping[str, Waiting]]] = _nothing
    first: Mapping[Role, str] = field(default_factory=dict)
    otherwise: str | None = None
    topics: tuple[Topic, ...] = ()
    finds: Callable[[Subject, str], Awaitable[Sequence[Found]]] = _nothing_called
