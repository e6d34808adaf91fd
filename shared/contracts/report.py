"""Stream `report-<office>-<period>`: a period's report, and the lock its figures rest on (R40–R44, decisions 15, 16)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.registry import event
from shared.contracts.types import Code, Digest, EpisodeId, Note, StreamId, Text, UnitKey, VersionName


class ReportKind(StrEnum):
    """Which report of the year."""

    SIX_MONTH = "six_month"
    ANNUAL = "annual"


class Blocker(StrEnum):
    """What a lock is refused for."""

    PARKED = "parked"  # events of a source that could not be counted wait to be dealt with
    BROKEN = "broken"  # identities of a table that do not hold
    PREDECESSOR = "predecessor"  # the report before, which is open
    WINDOW = "window"  # days of the window that are not over
    SILENT = "silent"  # units that have not confirmed and were not waived
    LATER = "later"  # a report of a later window, whose figures are locked
    OVERLAP = "overlap"  # a report of another year that counts the same days
    OPENING = "opening"  # stock that is recorded opinion by opinion, or by a report before, and brought along as a number too


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Up to which position of a source's log the report counts."""

    source: Code
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """One reason why a lock was refused: in which source, table or kind of report, how many, which episodes."""

    why: Blocker
    where: Code
    count: int
    episodes: tuple[EpisodeId, ...]


@event("report.opened")
class ReportOpened:
    """The period is open: its days, both counted, and before which day the report is to be sent."""

    office: UnitKey
    kind: ReportKind
    year: int
    first: date
    last: date
    before: date
    plan: StreamId | None  # whose windows they are; None where the office's profile gave them


@event("report.figures_confirmed")
class FiguresConfirmed:
    """A unit has nothing more to enter for the period."""

    unit: UnitKey


@event("report.confirmation_withdrawn")
class ConfirmationWithdrawn:
    """A unit has something to enter after all."""

    unit: UnitKey


@event("report.confirmation_waived")
class ConfirmationWaived:
    """The lock does not wait for this unit's word."""

    unit: UnitKey
    reason: Note


@event("report.lock_requested")
class LockRequested:
    """The sources are asked, one after the other, to put up a fence in their logs; `attempt` counts from 1."""

    attempt: int


@event("report.source_fenced")
class SourceFenced:
    """What the report may count of a source stands at or below this position of its log, in this attempt."""

    source: Code
    position: int
    attempt: int


@event("report.lock_refused")
class LockRefused:
    """The figures cannot be locked as they stand; the period is open again."""

    blocked: tuple[Blocked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """The locked report whose window ends where this one begins: what it left open is this one's opening stock."""

    report: StreamId
    first: date
    last: date
    positions: tuple[Reached, ...]
    figures: Digest


def _carrying_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "predecessor": None}


@event("report.data_locked", version=2, upcasters={1: _carrying_nothing})
class DataLocked:
    """The figures, as counted from what stands at or below these positions.

    `directory` is the position of the directory's last event that was known, `figures` the digest of the canonical JSON of
    every table without its names, `definitions` the version of the rules that counted it. Version 1 took the opening stock
    as it was known at the lock, whatever report came before.
    """

    positions: tuple[Reached, ...]
    predecessor: CarriedOver | None
    directory: int
    calendar: VersionName
    definitions: VersionName
    figures: Digest


class Section(StrEnum):
    """A part of the report's text in which people write beside what its figures say (brief §5.1)."""

    DIRECTION = "I"
    MATTERS = "II.6"
    STRENGTHS = "III.1"
    LIMITS = "III.2"
    CAUSES = "III.3"
    TASKS = "IV"
    PROPOSALS = "V"


@event("report.section_written")
class SectionWritten:
    """The free text of a section; its figures come from the lock and are written by nobody."""

    section: Section
    words: Text


@event("report.drafted")
class ReportDrafted:
    """Its paper was drafted from what is locked and written by now."""

    document: StreamId


@event("report.correction_opened")
class CorrectionOpened:
    """This one is to stand in the place of a signed report of the same window, and why."""

    report: StreamId
    reason: Note


@event("report.superseded")
class ReportSuperseded:
    """A corrected report was issued in its place; it stays readable and can be counted again."""

    by: StreamId
