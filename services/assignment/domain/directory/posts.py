"""Stream `post-<key>`: a post, which is not the person who holds it, and who held it when (R6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import POST_HOLDERS, CreatePost, HoldPost, VacatePost
from services.assignment.domain.directory.people import person_on, person_stream
from services.assignment.domain.directory.refusals import KeyTaken, OutOfDateOrder, RoleNotForPost, UnknownPost
from services.assignment.domain.directory.units import unit_on, unit_stream
from shared.contracts.directory import PostCreated, PostHeld, PostVacated


@dataclass(frozen=True, slots=True)
class NoPost:
    """Nothing was created under this key."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds it from `since` on; nobody where `person` is none."""

    since: date
    person: str | None
    acting: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A post and everyone who ever held it, oldest first."""

    created: PostCreated
    holdings: tuple[Holding, ...] = ()

    def holder(self, day: date) -> str | None:
        """Who holds it on `day`."""
        return next((each.person for each in reversed(self.holdings) if each.since <= day), None)


PostEvent = PostCreated | PostHeld | PostVacated
NO_POST: Final[NoPost | Post] = NoPost()


def post_stream(key: str) -> str:
    """The stream of the post under `key`."""
    return f"post-{key}"


def evolve_post(state: NoPost | Post, event: PostEvent) -> NoPost | Post:
    """The post after `event`."""
    match state, event:
        case _, PostCreated():
            return Post(event)
        case Post(), PostHeld():
            return replace(state, holdings=(*state.holdings, Holding(event.valid_from, event.person, event.acting)))
        case Post(), PostVacated():
            return replace(state, holdings=(*state.holdings, Holding(event.valid_from, None)))
    return state


def refuse_unless_post(states: Mapping[str, Any], key: str, day: date, name: str) -> None:
    """Hold `key` to be a post of that day; `name` says where it was named.

    Raises:
        UnknownPost

    """
    state = states[post_stream(key)]
    if not isinstance(state, Post) or day < state.created.valid_from:
        raise UnknownPost(name, post=key)


def decide_post(command: Any, states: Mapping[str, Any]) -> Sequence[PostEvent]:
    """What a command does to a post.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    state: NoPost | Post = states[post_stream(command.post)]
    if isinstance(command, CreatePost):
        return _create(command, state, states)
    if isinstance(state, NoPost):
        raise UnknownPost("post", post=command.post)
    last = state.holdings[-1] if state.holdings else Holding(state.created.valid_from, None)
    wanted = (command.person, command.acting) if isinstance(command, HoldPost) else (None, False)
    if isinstance(command, HoldPost):
        person_on(states[person_stream(command.person)], command.person, command.valid_from, "person")
    if (last.person, last.acting) == wanted:
        return []
    if command.valid_from < last.since:
        raise OutOfDateOrder("valid_from", earliest=last.since.isoformat())
    match command:
        case HoldPost(post=post, person=person, acting=acting, valid_from=day):
            return [PostHeld(post=post, person=person, acting=acting, valid_from=day)]
        case VacatePost(post=post, valid_from=day):
            return [PostVacated(post=post, valid_from=day)]
    raise TypeError(f"a post is not asked to {type(command).__name__}")


def _create(command: CreatePost, state: NoPost | Post, states: Mapping[str, Any]) -> list[PostEvent]:
    created = PostCreated(
        post=command.post,
        unit=command.unit,
        name=command.name,
        role=command.role,
        valid_from=command.valid_from,
    )
    match state:
        case Post(created=known) if known == created:
            return []
        case Post():
            raise KeyTaken("post", key=command.post)
    if command.role not in POST_HOLDERS:
        raise RoleNotForPost("role", role=command.role.value)
    unit_on(states[unit_stream(command.unit)], command.unit, command.valid_from, "unit")
    return [created]
