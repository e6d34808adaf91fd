"""What may be asked about a report, and by whom; figures are read without one (R40–R44)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.report import ReportKind
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Code, Note, StreamId, UnitKey, Year

OPEN_REPORT: Final = action("open_report", grants(Scope.OFFICE, Role.HUB))
REQUEST_LOCK: Final = action("request_lock", grants(Scope.OFFICE, Role.HUB))
# A unit speaks for itself; what a mass organisation or a member of staff without its leader sends, the leader confirms.
CONFIRM_FIGURES: Final = action("confirm_figures", grants(Scope.UNIT, Role.UNIT_LEADER, Role.MASS_ORGANISATION, Role.HUB))
WITHDRAW_CONFIRMATION: Final = action("withdraw_confirmation", CONFIRM_FIGURES.grants)
WAIVE_CONFIRMATION: Final = action("waive_confirmation", grants(Scope.OFFICE, Role.HUB, Role.CHIEF, Role.DEPUTY))
TAKE_FENCE: Final = action("take_fence", grants(Scope.TENANT, Role.SYSTEM))
LOCK_DATA: Final = action("lock_data", grants(Scope.TENANT, Role.SYSTEM))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """Open the period of a report; days that are left out are those of the office's plan, else of its profile."""

    office: UnitKey
    year: Year
    kind: ReportKind
    first: date | None = None
    last: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFigures:
    """Say that a unit has nothing more to enter for the period."""

    report: StreamId
    unit: UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConfirmation:
    """Take that word back, before the lock: something is to be entered after all."""

    report: StreamId
    unit: UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveConfirmation:
    """Lock without waiting for a unit's word."""

    report: StreamId
    unit: UnitKey
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLock:
    """Have the figures of a period locked, once it is over and every unit has confirmed or was waived."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFence:
    """Take note of a source's fence."""

    report: StreamId
    source: Code
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockData:
    """Lock the figures when every source has its fence and all up to it is counted; else leave it."""

    report: StreamId
