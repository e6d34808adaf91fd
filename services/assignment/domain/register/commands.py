"""What may be asked about a register, and by whom."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.documents import acts

OPEN_REGISTER: Final = action(
    "open_register",
    grants(Scope.OFFICE, Role.REGISTRY, Role.HUB),
    grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR, Role.SYSTEM),
)
VOID_NUMBER: Final = action("void_number", grants(Scope.OFFICE, Role.REGISTRY))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRegister(acts.OpenBook):
    """Open a book of numbers of an office for a year; its symbols are `pattern` with the number in it: {number}/TB-VPUB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidNumber(acts.Void):
    """Record that a number is spoiled; it is never used."""
