"""What may be asked about the register that reports are numbered in, and by whom."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.documents import acts

OPEN_REPORT_REGISTER: Final = action(
    "open_report_register",
    grants(Scope.OFFICE, Role.REGISTRY, Role.HUB),
    grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR, Role.SYSTEM),
)
VOID_REPORT_NUMBER: Final = action("void_report_number", grants(Scope.OFFICE, Role.REGISTRY))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReportRegister(acts.OpenBook):
    """Open the book of numbers of an office's reports for a year, such as BC-VPUB with `{number}/BC-VPUB`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidReportNumber(acts.Void):
    """Record that a number is spoiled; it is never used."""
