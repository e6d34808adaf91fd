"""Stream `rules-<office>`: the deadlines in force, dated data: the plan is silent on them (domain brief §1.2)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.registry import event
from shared.contracts.types import Code, UnitKey, VersionName


class Counting(StrEnum):
    """In what days a deadline is counted."""

    WORKING_DAYS = "ngay_lam_viec"
    CALENDAR_DAYS = "ngay"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """How many days one rule gives."""

    rule: Code
    days: int
    counting: Counting


@event("rules.published")
class RulesPublished:
    """All deadlines of an office from a day on, or (none) of every office that has published none of its own.

    A due date names the version it was counted by.
    """

    office: UnitKey | None
    version: VersionName
    rules: tuple[DeadlineRule, ...]
    valid_from: date
