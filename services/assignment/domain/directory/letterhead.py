"""Stream `letterhead-<office>`: what stands at the head and foot of an office's papers (NĐ 30/2020, Phụ lục I)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from services.assignment.domain.directory.commands import SetLetterhead
from services.assignment.domain.directory.refusals import OutOfDateOrder
from services.assignment.domain.directory.units import refuse_unless_office
from shared.contracts.directory import LetterheadSet


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What was set last."""

    last: LetterheadSet | None = None


NO_LETTERHEAD: Final = Letterhead()


def letterhead_stream(office: str) -> str:
    """The stream of an office's letterhead."""
    return f"letterhead-{office}"


def evolve_letterhead(state: Letterhead, event: LetterheadSet) -> Letterhead:
    """The letterhead after `event`."""
    return Letterhead(event)


def decide_letterhead(command: SetLetterhead, states: Mapping[str, Any]) -> Sequence[LetterheadSet]:
    """An office's letterhead as set; the same again changes nothing.

    Raises:
        UnknownUnit, NotAnOffice, OutOfDateOrder

    """
    refuse_unless_office(states, command.office)
    last = states[letterhead_stream(command.office)].last
    asked = LetterheadSet(**asdict(command))
    if last is not None and replace(last, valid_from=asked.valid_from) == asked:
        return []
    if last is not None and command.valid_from < last.valid_from:
        raise OutOfDateOrder("valid_from", earliest=last.valid_from.isoformat())
    return [asked]
