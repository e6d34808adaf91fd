"""Stream `proposal-<id>`: content proposed for the Chairman's dialogue, appraised and decided (R25-R28, Track B)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import Digest, DocumentNumber, FieldKey, Note, PersonId, StreamId, Text, UnitKey, VersionName


class Verdict(StrEnum):
    """What an appraiser says (R27)."""

    AGREES = "dong_y"
    WITH_CHANGES = "dong_y_co_sua_doi"
    DISAGREES = "khong_dong_y"


@event("proposal.opened")
class ProposalOpened:
    """The content division in charge of the field has it."""

    receipt: StreamId
    office: UnitKey
    division: UnitKey
    proposer: UnitKey
    received_at: datetime
    field: FieldKey
    content: Text
    reason: Text
    attachments: tuple[Digest, ...]
    checklist: VersionName  # the dated template of Điều 8


@event("proposal.returned")
class ProposalReturned:
    """The proposer is asked to complete it."""

    reason: Note


@event("proposal.completed")
class ProposalCompleted:
    """The proposer completed it."""

    content: Text
    attachments: tuple[Digest, ...]


@event("proposal.appraisal_requested")
class AppraisalRequested:
    """The leader in charge appraises it with Dân vận and Mặt trận (R27), each with a task of its own."""

    leader: PersonId
    appraisers: tuple[UnitKey, ...]
    due: Due


def _by_letter_not_itself(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "itself": data["letter"] is None}


@event("proposal.appraisal_given", version=2, upcasters={1: _by_letter_not_itself})
class AppraisalGiven:
    """One appraiser's verdict, by `itself` or recorded by a clerk; `letter` where it came on paper.

    Version 1 took what a letter brought for a clerk's.
    """

    appraiser: UnitKey
    verdict: Verdict
    comment: Note | None
    letter: DocumentNumber | None
    on: date
    itself: bool


@event("proposal.appraisal_overridden")
class AppraisalOverridden:
    """After its date the leader goes on without an appraiser's verdict, with the reason."""

    appraiser: UnitKey
    reason: Note


@event("proposal.appraisal_concluded")
class AppraisalConcluded:
    """The leader's conclusion of the appraisal."""

    by: PersonId
    verdict: Verdict
    note: Note | None


@event("proposal.checked")
class ChecklistItemChecked:
    """A line of the Điều 8 checklist is done."""

    line: int


@event("proposal.submitted")
class ProposalSubmitted:
    """Put before the leaders of the Office, or before the Chairman."""

    to_chairman: bool
    document: StreamId | None


@event("proposal.approved")
class ProposalApproved:
    """The Chairman holds a dialogue on it."""

    note: Note | None


@event("proposal.refused")
class ProposalRefused:
    """The Chairman does not; with the reason."""

    reason: Note


@event("proposal.deferred")
class ProposalDeferred:
    """Later, in another period."""

    reason: Note | None


@event("proposal.linked")
class ProposalLinked:
    """It is dealt with in this session, with others perhaps."""

    session: StreamId
