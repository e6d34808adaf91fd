"""What the directory says of whoever asks, as far as conflicts of interest need it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from typing import Any

from services.assignment.domain.case.conflict import Acting, Place
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.desk import Asking
from shared.directory.queries import Directories, DirectoryNotYet
from shared.directory.snapshot import Directory
from shared.permit import Subject

Lookup = Callable[[Asking, Facts], Awaitable[Facts]]


def acting(directories: Directories | None) -> Lookup:
    """The facts, with what the directory of the day it happened says of whoever asks."""
    heirs = heirs_kept()

    async def looked_up(asking: Asking, facts: Facts) -> Acting:
        directory = await _directory(directories, asking)
        if directory is None:
            return Acting(**told(facts), head=Role.CHIEF in asking.subject.capacities)
        return Acting(
            **told(facts),
            posts=frozenset(post.key for post in directory.posts_of(asking.subject.person)),
            acts_for=_acts_for(asking.subject),
            head=_heads(asking.subject, directory),
            heirs=heirs(directory),
        )

    return looked_up


def heirs_kept() -> Callable[[Directory], Mapping[str, frozenset[str]]]:
    """Whoever took anything over by a directory, by the former unit; of the last directory asked for it is known still."""
    last: tuple[Directory | None, Mapping[str, frozenset[str]]] = (None, {})

    def heirs(directory: Directory) -> Mapping[str, frozenset[str]]:
        nonlocal last
        if last[0] is not directory:  # the directory of a day is one value until something of it changes
            last = directory, {unit: frozenset(directory.successors(unit)) for unit in directory.ended}
        return last[1]

    return heirs


def told(facts: Facts) -> dict[str, Any]:
    """The facts by name, for those that extend them."""
    return {each.name: getattr(facts, each.name) for each in fields(facts)}


async def _directory(directories: Directories | None, asking: Asking) -> Directory | None:
    if directories is None:
        return None
    try:
        return await directories.at(local_day(asking.at))
    except DirectoryNotYet:
        return None  # before the first fact of the directory nobody holds a post


def _acts_for(subject: Subject) -> tuple[Place, ...]:
    """The posts whose delegation covers what is asked, but those whose capacity he has himself in that office."""
    return tuple(
        Place(post=each.post, unit=each.unit, role=each.role)
        for each in subject.delegated
        if each.office != subject.office or each.role not in subject.capacities
    )


def _heads(subject: Subject, directory: Directory) -> bool:
    """Whether he heads his office himself: in his own capacity, and nobody else holds the head's post."""
    heads = [
        post for post in directory.posts.values() if post.role is Role.CHIEF and _office(post.unit, directory) == subject.office
    ]
    holders = {held.person for post in heads if (held := directory.holder(post.key)) is not None}
    return Role.CHIEF in subject.capacities and (not holders or subject.person in holders)


def _office(unit: str, directory: Directory) -> str:
    found = directory.unit(unit)
    return (found.office or found.key) if found is not None else ""
