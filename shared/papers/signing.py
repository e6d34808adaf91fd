"""In which capacities whoever asks may sign on a day: what the directory says of his posts, and what was delegated to him."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from typing import Final

from shared.calendar import local_day
from shared.contracts.document import SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.desk import Asking
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.directory.values import Post
from shared.documents.acts import Signing
from shared.documents.signing import capacities
from shared.permit import Subject

HEADS: Final = (Role.CHIEF, Role.CHAIRMAN)


def signing(directories: Directories | None) -> Callable[[Asking, Facts], Awaitable[Signing]]:
    """Looks up in which capacities whoever asks may sign on the day."""

    async def look_up(asking: Asking, facts: Facts) -> Signing:
        directory = await directories.at(local_day(facts.at)) if directories is not None else None
        return Signing(
            **asdict(facts),
            may_sign=may_sign(directory, asking.subject),
        )

    return look_up


def may_sign(directory: Directory | None, subject: Subject) -> dict[str, frozenset[SigningCapacity]]:
    """In which capacities a person may sign, by office: those of his posts there, and by authorisation where one was delegated.

    An office none of whose posts is held yet goes by what the credential says.
    """
    allowed: dict[str, frozenset[SigningCapacity]] = {}
    if directory is None or not any(_office_of(directory, post) == subject.office for post in _held(directory)):
        allowed[subject.office] = capacities(subject.capacities - {Role.UNIT_DEPUTY})  # whom he signs for, only posts say
        if Role.CHAIRMAN in subject.capacities:
            allowed[""] = capacities({Role.CHAIRMAN})
    if directory is not None:
        for post in directory.posts_of(subject.person):
            office = "" if post.role is Role.CHAIRMAN else _office_of(directory, post)
            acting = directory.holders[post.key].acting
            found = capacities((), acting=(post.role,)) if acting and post.role in HEADS else capacities((post.role,))
            if post.role is Role.UNIT_DEPUTY and directory.leader_of(post.unit) is None:
                continue  # nobody signs by order there, for whom he could
            allowed[office] = allowed.get(office, frozenset()) | found
    for under in subject.delegated:
        if under.role not in HEADS:
            continue  # only a head authorises others to sign (NĐ 30/2020 Đ.13)
        allowed[under.office] = allowed.get(under.office, frozenset()) | capacities((), delegated=True)
    return allowed


def _held(directory: Directory) -> Iterable[Post]:
    return (directory.posts[key] for key in directory.holders if key in directory.posts)


def _office_of(directory: Directory, post: Post) -> str:
    unit = directory.unit(post.unit)
    return (unit.office or unit.key) if unit is not None else post.unit
