"""Stream `register-<office>-<key>-<year>`: a book of numbers, opened for a year, and the numbers spoiled in it."""

from collections.abc import Mapping
from typing import Any

from services.assignment.domain.directory.decider import Dissolved, InForce, unit_stream
from services.assignment.domain.directory.refusals import NotAnOffice, UnknownUnit
from services.assignment.domain.register.commands import OpenRegister, VoidNumber
from shared.contracts.directory import UnitKind
from shared.contracts.facts import Facts
from shared.documents import acts
from shared.documents.acts import Decided


def decide(command: OpenRegister | VoidNumber, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to the register.

    Raises:
        Refused: one of the rules in `shared.documents.refusals`, or of the directory's.

    """
    if isinstance(command, VoidNumber):
        return acts.void(command, states)
    match states[unit_stream(command.office)]:
        case InForce(registered=unit) | Dissolved(was=InForce(registered=unit)):
            if unit.kind is not UnitKind.OFFICE:
                raise NotAnOffice("office", unit=command.office)
        case _:
            raise UnknownUnit("office", unit=command.office)
    return acts.open_book(command, states)
