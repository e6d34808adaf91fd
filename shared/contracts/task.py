"""Stream `task-<id>`: what one unit or person must do."""

from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.case import Authority
from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import Digest, DocumentNumber, EpisodeId, Note, PersonId, StreamId, UnitKey


class TaskType(StrEnum):
    """The six types of work a unit can be given."""

    ANSWER = "tham_muu_tra_loi"
    CARRY_OUT = "thuc_hien_ket_luan"
    DISSEMINATE = "tuyen_truyen"
    CONSOLIDATE = "tong_hop"
    APPRAISE = "tham_dinh"
    ATTEND = "du_doi_thoai"


def _about_its_case(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "about": data["case"], "authority": "CVP"}


@event("task.assigned", version=2, upcasters={1: _about_its_case})
class TaskAssigned:
    """A unit was given work. Version 1 knew only answers to cases, given by the head of the office."""

    type: TaskType
    unit: UnitKey
    office: UnitKey
    about: StreamId  # the case, notice, session, plan, consolidation or proposal it belongs to
    case: StreamId | None
    episode: EpisodeId | None
    authority: Authority
    due: Due


@event("task.accepted")
class TaskAccepted:
    """The unit took the work."""

    unit: UnitKey


@event("task.returned")
class TaskReturned:
    """Not this unit's to do: back to the head, with the reason. Ends the task."""

    unit: UnitKey
    reason: Note


@event("task.delegated")
class TaskDelegated:
    """The unit's leader gave the work to a person of the unit (R32, R33)."""

    unit: UnitKey
    to: PersonId


def _by_somebody(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "by": None}


@event("task.submitted", version=2, upcasters={1: _by_somebody})
class TaskSubmitted:
    """The unit's work was put forward for approval. Version 1 did not say by whom."""

    unit: UnitKey
    by: PersonId | None  # who therefore does not confirm that it is done (invariant 7)


def _without_a_reason(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "reason": None}


@event("task.revision_requested", version=2, upcasters={1: _without_a_reason})
class RevisionRequested:
    """The work came back to be changed, with what is to be changed. Version 1 did not say what."""

    unit: UnitKey
    reason: Note | None


@event("task.completed")
class TaskCompleted:
    """The work is done."""

    unit: UnitKey


class Rung(StrEnum):
    """The ladder of urging, upwards: whom a delay is put before (R39)."""

    SPECIALIST = "chuyen_vien"
    UNIT_LEADER = "lanh_dao_don_vi"
    DEPUTY = "pho_chanh_van_phong"
    CHIEF = "chanh_van_phong"


@event("task.proof_added")
class ProofAdded:
    """What shows that the work was done: a sealed file, or for dissemination the heads reached and the day."""

    unit: UnitKey
    file: Digest | None
    reached: int | None
    on: date | None
    result: Note | None


@event("task.recalled")
class TaskRecalled:
    """Whoever gave the work takes it back, given by mistake. Ends the task."""

    unit: UnitKey
    reason: Note


@event("task.cancelled")
class TaskCancelled:
    """The work is no longer needed. Ends the task."""

    unit: UnitKey
    reason: Note | None


@event("task.transferred")
class TaskTransferred:
    """Another unit holds the same task, with its history and due date (invariant 9)."""

    former: UnitKey
    unit: UnitKey
    basis: DocumentNumber | None
    succession: UnitKey | None


@event("task.extension_requested")
class ExtensionRequested:
    """The unit asks for more time, until `until`."""

    unit: UnitKey
    until: date
    reason: Note


@event("task.extension_granted")
class ExtensionGranted:
    """The head moved the due date; one granted after the day it moves does not count for "in time"."""

    unit: UnitKey
    reviewer: PersonId
    former: date
    due: Due


@event("task.extension_refused")
class ExtensionRefused:
    """The due date stays."""

    unit: UnitKey
    reviewer: PersonId
    reason: Note | None


@event("task.due_set")
class TaskDueSet:
    """Another due date by rule: a new calendar, a session moved, the head's order."""

    unit: UnitKey
    due: Due


@event("task.reminded")
class TaskReminded:
    """Before the day: the unit is reminded."""

    unit: UnitKey
    due: date


@event("task.urged")
class TaskUrged:
    """After the day: urged in writing, for the `times`-th time (R39)."""

    unit: UnitKey
    times: int
    letter: StreamId | None  # the urging letter


@event("task.escalated")
class TaskEscalated:
    """The delay is put before a higher rung of the ladder than so far."""

    unit: UnitKey
    to: Rung


@event("overdue.noticed")
class OverdueNoticed:
    """The day has passed and the task was open: noticed once, drives urging, and no report reads it."""

    task: StreamId
    unit: UnitKey
    due: date
