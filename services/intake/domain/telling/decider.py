"""Stream `telling-<id>`: telling a submitter that his opinion, or a part of it, ended without an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.intake.domain.telling.commands import TellSubmitter
from services.intake.domain.telling.refusals import NothingToTell, ToldBefore
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.telling import Ending, TellingRecorded


@dataclass(frozen=True, slots=True)
class NotTold:
    """Nothing was told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told, once; a merge that is undone takes its ending back, and another ending is told anew."""

    ending: Ending
    ended_on: date


Telling = NotTold | Told
INITIAL: Final[Telling] = NotTold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an opinion or its part ended without an answer, and on which day; `into`: by what it was merged into."""

    how: Ending
    on: date
    into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEnding(Facts):
    """The facts, with how the opinion ended, if it was so that it is told."""

    ended: Ended | None


def telling_stream(opinion: str, part: str | None) -> str:
    """The stream of what was told about an opinion, or about the case that is a part of it."""
    return f"telling-{opinion.removeprefix('opinion-') if part is None else part.removeprefix('case-')}"


def evolve(state: Telling, event: Any) -> Telling:
    """What was told after `event`."""
    return Told(event.ending, event.ended_on) if isinstance(event, TellingRecorded) else state


def decide(command: TellSubmitter, states: Mapping[str, Any], facts: OfEnding) -> dict[str, Sequence[Any]]:
    """That he was told, once.

    Raises:
        NothingToTell, ToldBefore

    """
    stream = telling_stream(command.opinion, command.part)
    if facts.ended is None:
        raise NothingToTell("opinion" if command.part is None else "part")
    if local_day(facts.at) < facts.ended.on:
        raise ToldBefore("occurred_at", on=facts.ended.on.isoformat())
    ended = facts.ended
    if states[stream] == Told(ended.how, ended.on):
        return {}
    told = TellingRecorded(
        opinion=command.opinion,
        part=command.part,
        into=ended.into,
        ending=ended.how,
        ended_on=ended.on,
        means=command.means,
    )
    return {stream: [told]}
