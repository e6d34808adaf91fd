"""Stream `charges-<office>`: which of an office's leaders is in charge of which fields and units (phụ trách, R27)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.assignment.domain.directory.commands import SetCharge
from services.assignment.domain.directory.fields import NoField, field_stream
from services.assignment.domain.directory.posts import Post, post_stream
from services.assignment.domain.directory.refusals import NotALeaderOf, OutOfDateOrder, UnknownField, UnknownPost
from services.assignment.domain.directory.units import lead_on, refuse_unless_office, unit_on, unit_stream
from shared.contracts.directory import ChargeSet
from shared.contracts.roles import Role

LEADERS: Final = frozenset({Role.CHIEF, Role.DEPUTY})


@dataclass(frozen=True, slots=True)
class Charges:
    """The last charge of each post."""

    charges: tuple[ChargeSet, ...] = ()


NO_CHARGES: Final = Charges()


def charges_stream(office: str) -> str:
    """The stream of an office's charges."""
    return f"charges-{office}"


def evolve_charges(state: Charges, event: ChargeSet) -> Charges:
    """The charges after `event`."""
    return Charges((*(each for each in state.charges if each.post != event.post), event))


def decide_charge(command: SetCharge, states: Mapping[str, Any]) -> Sequence[ChargeSet]:
    """A post's charge as set, each field and unit once.

    Raises:
        UnknownUnit, NotAnOffice, UnknownPost, NotALeaderOf, UnknownField, UnitNotInForce, LeadOutsideOffice, OutOfDateOrder

    """
    refuse_unless_office(states, command.office)
    post = states[post_stream(command.post)]
    if not isinstance(post, Post):
        raise UnknownPost("post", post=command.post)
    unit_of_post = unit_on(states[unit_stream(post.created.unit)], post.created.unit, command.valid_from, "post")
    if post.created.role not in LEADERS or unit_of_post.office != command.office:
        raise NotALeaderOf("post", post=command.post, office=command.office)
    for field in command.fields:
        if isinstance(states[field_stream(field)], NoField):
            raise UnknownField("fields", field_key=field)
    for unit in command.units:
        lead_on(states[unit_stream(unit)], unit, command.office, command.valid_from)
    charge = ChargeSet(
        office=command.office,
        post=command.post,
        fields=tuple(sorted(set(command.fields))),
        units=tuple(sorted(set(command.units))),
        valid_from=command.valid_from,
    )
    state: Charges = states[charges_stream(command.office)]
    last = next((each for each in state.charges if each.post == command.post), None)
    if (charge.fields, charge.units) == ((last.fields, last.units) if last else ((), ())):
        return []
    earliest = last.valid_from if last else post.created.valid_from
    if command.valid_from < earliest:
        raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    return [charge]
