"""What may be asked about a yearly plan, and by whom (R1, R2, R29, R45)."""

from dataclasses import dataclass
from typing import Final

from services.assignment.domain.document.carrying import OnPaper
from shared.contracts.plan import Basis, PlannedDialogue, Recipient, ReportWindow
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Note, StreamId, UnitKey, Year

DRAFT_PLAN: Final = action("draft_plan", grants(Scope.OFFICE, Role.HUB))
COPY_PLAN: Final = action("copy_plan", grants(Scope.OFFICE, Role.HUB))
# The head decides by signing its paper; the registry numbers and sends it.
ISSUE_PLAN: Final = action("issue_plan", grants(Scope.OFFICE, Role.REGISTRY))
AMEND_PLAN: Final = action("amend_plan", grants(Scope.OFFICE, Role.REGISTRY))
CLOSE_PLAN: Final = action("close_plan", grants(Scope.OFFICE, Role.HUB, Role.CHIEF, Role.DEPUTY))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """Draft the plan of a year; drafted again before it is issued, it is replaced."""

    office: UnitKey
    year: Year
    bases: tuple[Basis, ...] = ()
    dialogues: tuple[PlannedDialogue, ...] = ()
    windows: tuple[ReportWindow, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    document: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPlan:
    """Draft the next year's plan from this one: every day a year later, nothing issued."""

    plan: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePlan(OnPaper):
    """Issue it on its signed paper, which is numbered and sent; each unit named gets the task to make it known (R29)."""

    plan: StreamId
    disseminate: tuple[UnitKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPlan(OnPaper):
    """Change what it plans, by another document about the plan; what is left out stays as it was."""

    plan: StreamId
    reason: Note
    dialogues: tuple[PlannedDialogue, ...] | None = None
    windows: tuple[ReportWindow, ...] | None = None
    recipients: tuple[Recipient, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePlan:
    """Put it away when the year is over."""

    plan: StreamId
