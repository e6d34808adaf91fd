"""Streams `plan-<office>-<year>` and `planned_dialogue-<office>-<year>-<number>`: the yearly plan (R1, R2, R29, R45)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.contracts.due import Due
from shared.contracts.meeting import MeetingKind
from shared.contracts.registry import event
from shared.contracts.session import Track, Trigger
from shared.contracts.types import Code, DocumentNumber, Note, PublicName, StreamId, UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A document that the plan rests on, as it is cited first: `kind` such as "Quy định", its day and who issued it."""

    number: DocumentNumber
    kind: PublicName | None = None
    on: date | None = None
    issuer: PublicName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDialogue:
    """A dialogue that the plan names."""

    number: int
    track: Track
    trigger: Trigger | None
    meeting: MeetingKind | None
    planned: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One dialogue of a plan, by the number it has there."""

    plan: StreamId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWindow:
    """What days a report counts, both included, and before which day it is to be sent."""

    report: Code  # six_month | annual
    first: date
    last: date
    before: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A line of the distribution list: bound to a role, so that a successor takes its place."""

    role: Code
    unit: UnitKey
    purpose: PublicName  # such as "Báo cáo"
    mandatory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissemination:
    """A unit's task to make the plan known (R29)."""

    unit: UnitKey
    task: StreamId
    due: Due


def _by_number_alone(data: dict[str, Any]) -> dict[str, Any]:
    bases = [{"number": number, "kind": None, "on": None, "issuer": None} for number in data["bases"]]
    return {**data, "bases": bases}


@event("plan.drafted", version=2, upcasters={1: _by_number_alone})
class PlanDrafted:
    """The plan of a year as drafted; drafting again replaces it. Version 1 cited its bases by their numbers alone."""

    office: UnitKey
    year: int
    bases: tuple[Basis, ...]
    dialogues: tuple[PlannedDialogue, ...]
    windows: tuple[ReportWindow, ...]
    recipients: tuple[Recipient, ...]
    copied_from: StreamId | None
    document: StreamId | None


@event("plan.issued")
class PlanIssued:
    """Out on its signed paper, under that paper's number and day; paper and dissemination tasks stand in the same append."""

    document: StreamId
    number: DocumentNumber
    on: date
    disseminations: tuple[Dissemination, ...]


def _on_no_paper(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "document": None, "number": None, "on": None}


@event("plan.amended", version=2, upcasters={1: _on_no_paper})
class PlanAmended:
    """What it says from now on, by another signed paper, under that one's number and day. Version 1 named no paper."""

    document: StreamId | None
    number: DocumentNumber | None
    on: date | None
    dialogues: tuple[PlannedDialogue, ...]
    windows: tuple[ReportWindow, ...]
    recipients: tuple[Recipient, ...]
    reason: Note


@event("plan.closed")
class PlanClosed:
    """The year is over."""


@event("planned_dialogue.used")
class PlannedDialogueUsed:
    """A session is the dialogue that the plan names; `session.proposed` stands in the same append."""

    plan: StreamId
    number: int
    session: StreamId
