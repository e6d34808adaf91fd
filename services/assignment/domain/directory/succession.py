"""Who takes over from a unit, field by field, and what that means for a piece of its work (R49)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.assignment.domain.directory.commands import SucceedUnit
from services.assignment.domain.directory.fields import NoField, field_stream
from services.assignment.domain.directory.refusals import (
    AlreadyDissolved,
    OutOfDateOrder,
    SucceedsItself,
    SuccessionRepeated,
    SuccessorMissing,
    UnitNotThere,
    UnknownField,
)
from services.assignment.domain.directory.units import (
    NO_UNIT,
    Dissolved,
    InForce,
    NoUnit,
    Unit,
    UnitEvent,
    holds_on,
    unit_on,
    unit_stream,
)
from shared.contracts.directory import UnitDissolved, UnitSucceeded


def decide_succession(command: SucceedUnit, states: Mapping[str, Any]) -> Sequence[UnitEvent]:
    """Who takes over, and with it the unit's end where it ends.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    state: Unit = states[unit_stream(command.unit)]
    succeeded = UnitSucceeded(
        unit=command.unit,
        successions=tuple(sorted(command.successions, key=lambda line: (line.field or "", line.to))),
        basis=command.basis,
        valid_from=command.valid_from,
    )
    match state:
        case NoUnit():
            raise UnitNotThere("unit")
        case InForce(successions=known) if succeeded in known and not command.dissolves:
            return []
        case Dissolved(was=InForce(successions=known), dissolved_from=command.valid_from) if succeeded in known:
            return []
        case Dissolved(dissolved_from=since) if since != command.valid_from:
            raise AlreadyDissolved("unit", since=since.isoformat())
        case InForce(registered=registered, successions=known):
            earliest = max([registered.valid_from, *(each.valid_from for each in known)])
            if command.valid_from < earliest or (command.dissolves and command.valid_from <= registered.valid_from):
                raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    _refuse_wrong_lines(command, states)
    ended = isinstance(state, Dissolved) or not command.dissolves
    again = isinstance(state, InForce) and succeeded in state.successions
    dissolved = [] if ended else [UnitDissolved(unit=command.unit, valid_from=command.valid_from)]
    return [*([] if again else [succeeded]), *dissolved]


def _refuse_wrong_lines(command: SucceedUnit, states: Mapping[str, Any]) -> None:
    if not command.successions:
        raise SuccessorMissing("successions")
    if len(set(command.successions)) < len(command.successions):
        raise SuccessionRepeated("successions")
    for line in command.successions:
        if line.to == command.unit:
            raise SucceedsItself("successions")
        if line.field is not None and isinstance(states[field_stream(line.field)], NoField):
            raise UnknownField("successions", field_key=line.field)
        unit_on(states[unit_stream(line.to)], line.to, command.valid_from, "successions")


@dataclass(frozen=True, slots=True)
class Stays:
    """Nobody took this over: the unit keeps it."""


@dataclass(frozen=True, slots=True)
class Goes:
    """By rule it goes to one unit, from `since` on."""

    to: str
    basis: str
    since: date


@dataclass(frozen=True, slots=True)
class Undecided:
    """The unit is no more, or gave away only parts that this is not said to be of: a person must decide."""


def takers(state: object) -> tuple[str, ...]:
    """Every unit that ever took something over from this one."""
    match state:
        case InForce(successions=successions) | Dissolved(was=InForce(successions=successions)):
            return tuple(dict.fromkeys(line.to for each in successions for line in each.successions))
    return ()


def taken_over(state: Unit, field: str | None, day: date) -> Stays | Goes | Undecided:
    """What becomes on `day` of a unit's work in `field` (none: work that belongs to no field).

    The first succession that names the field, or all the rest, decides, where it names one unit for it; a district's work
    that may go to any of its communes waits for a person. Of a unit that ended, what none names goes to its successor where
    there is only one, and waits where there are more or none.
    """
    ended = False
    match state:
        case InForce(successions=successions):
            pass
        case Dissolved(was=InForce(successions=successions), dissolved_from=end):
            ended = end <= day
        case _:
            return Stays()
    known = [each for each in successions if each.valid_from <= day]
    for each in known:
        named = [line.to for line in each.successions if line.field == field]
        found = named or [line.to for line in each.successions if line.field is None]
        if found:
            return Goes(found[0], each.basis, each.valid_from) if len(found) == 1 else Undecided()
    if not ended:
        return Stays()
    heirs = {line.to for each in known for line in each.successions}
    return Goes(heirs.pop(), known[-1].basis, known[-1].valid_from) if len(heirs) == 1 else Undecided()


def in_its_place(states: Mapping[str, Any], key: str, day: date) -> str:
    """Who has the place of the unit `key` on `day`: itself while it is in force, else whoever took all the rest of its work.

    As far as the streams of the units are among the states; where a person must decide, whom it stops at is not in force.
    """
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        state: Unit = states.get(unit_stream(key), NO_UNIT)
        if holds_on(state, day):
            break
        match taken_over(state, None, day):
            case Goes(to=to):
                key = to
    return key
