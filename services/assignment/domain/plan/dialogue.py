"""Stream `planned_dialogue-<office>-<year>-<number>`: which session a dialogue of the plan was used for."""

from dataclasses import dataclass
from typing import Any, Final

from shared.contracts.plan import PlannedDialogueUsed


@dataclass(frozen=True, slots=True)
class Unused:
    """No session was made of it."""


@dataclass(frozen=True, slots=True)
class Used:
    """This session is it; once that is cancelled, another may be."""

    session: str


PlannedFor = Unused | Used
INITIAL: Final[PlannedFor] = Unused()


def evolve(state: PlannedFor, event: Any) -> PlannedFor:
    """What it was used for after `event`."""
    return Used(event.session) if isinstance(event, PlannedDialogueUsed) else state
