"""Stream `recipients-<office>`: who gets each kind of document from which day on (R45)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import SetRecipients
from services.assignment.domain.directory.refusals import OutOfDateOrder, RecipientRepeated
from services.assignment.domain.directory.units import refuse_unless_office, unit_on, unit_stream
from shared.contracts.directory import RecipientsSet


@dataclass(frozen=True, slots=True)
class Recipients:
    """The last list of each kind of document."""

    lists: tuple[RecipientsSet, ...] = ()


NO_RECIPIENTS: Final = Recipients()


def recipients_stream(office: str) -> str:
    """The stream of an office's lists."""
    return f"recipients-{office}"


def evolve_recipients(state: Recipients, event: RecipientsSet) -> Recipients:
    """The lists after `event`."""
    return Recipients((*(each for each in state.lists if each.kind != event.kind), event))


def decide_recipients(command: SetRecipients, states: Mapping[str, Any]) -> Sequence[RecipientsSet]:
    """A list as set.

    Raises:
        UnknownUnit, NotAnOffice, UnitNotInForce, RecipientRepeated, OutOfDateOrder

    """
    refuse_unless_office(states, command.office)
    seen: set[str] = set()
    for line in command.recipients:
        if line.unit in seen:
            raise RecipientRepeated("recipients", unit=line.unit)
        seen.add(line.unit)
        unit_on(states[unit_stream(line.unit)], line.unit, command.valid_from, "recipients")
    state: Recipients = states[recipients_stream(command.office)]
    last = next((each for each in state.lists if each.kind == command.kind), None)
    if last is not None and last.recipients == command.recipients:
        return []
    earliest = last.valid_from if last else date.min
    if command.valid_from < earliest:
        raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    return [
        RecipientsSet(
            office=command.office,
            kind=command.kind.value,
            recipients=command.recipients,
            valid_from=command.valid_from,
        )
    ]
