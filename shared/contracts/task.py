"""Stream `task-<id>`: what one unit or person must do."""

from enum import StrEnum

from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import EpisodeId, Note, PersonId, StreamId, UnitKey


class TaskType(StrEnum):
    """The six types of work a unit can be given."""

    ANSWER = "tham_muu_tra_loi"
    CARRY_OUT = "thuc_hien_ket_luan"
    DISSEMINATE = "tuyen_truyen"
    CONSOLIDATE = "tong_hop"
    APPRAISE = "tham_dinh"
    ATTEND = "du_doi_thoai"


@event("task.assigned")
class TaskAssigned:
    """A unit was given work on a case."""

    type: TaskType
    unit: UnitKey
    office: UnitKey
    case: StreamId
    episode: EpisodeId
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


@event("task.submitted")
class TaskSubmitted:
    """The unit's work was put forward for approval."""

    unit: UnitKey


@event("task.revision_requested")
class RevisionRequested:
    """The work came back to be changed."""

    unit: UnitKey


@event("task.completed")
class TaskCompleted:
    """The work is done."""

    unit: UnitKey
