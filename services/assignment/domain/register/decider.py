"""Stream `register-<office>-<key>-<year>`: a book of numbers, opened for a year, and the numbers spoiled in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.assignment.domain.directory.decider import Dissolved, InForce, unit_stream
from services.assignment.domain.directory.refusals import NotAnOffice, UnknownUnit
from services.assignment.domain.register.commands import OpenRegister, VoidNumber
from shared.contracts.directory import UnitKind
from shared.contracts.document import RegisterOpened
from shared.contracts.facts import Facts
from shared.documents import registers
from shared.documents.registers import Book, Register, register_stream


def stream_of(command: OpenRegister | VoidNumber) -> str:
    """The register a command is about."""
    return register_stream(command.office, command.book, command.year)


def decide(command: OpenRegister | VoidNumber, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    """What a command does to the register.

    Raises:
        Refused: one of the rules in `shared.documents.refusals`, or of the directory's.

    """
    stream = stream_of(command)
    state: Register = states[stream]
    if isinstance(command, OpenRegister):
        return {stream: _open(command, state, states)}
    return {stream: _void(command, state, states)}


def _open(command: OpenRegister, state: Register, states: Mapping[str, Any]) -> Sequence[Any]:
    match states[unit_stream(command.office)]:
        case InForce(registered=unit) | Dissolved(was=InForce(registered=unit)):
            if unit.kind is not UnitKind.OFFICE:
                raise NotAnOffice("office", unit=command.office)
        case _:
            raise UnknownUnit("office", unit=command.office)
    opened = RegisterOpened(
        office=command.office,
        register=command.book,
        year=command.year,
        external=command.external,
        pattern=command.pattern,
    )
    return registers.open_register(state, opened)


def _void(command: VoidNumber, state: Register, states: Mapping[str, Any]) -> Sequence[Any]:
    entry = state.at(command.number) if isinstance(state, Book) else None
    return registers.void(
        state,
        office=command.office,
        book=command.book,
        year=command.year,
        number=command.number,
        reason=command.reason,
        holder=states[entry.document] if entry is not None and entry.document is not None else None,
    )
