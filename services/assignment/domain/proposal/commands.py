"""What may be asked about a proposal for the Chairman's dialogue, and by whom (R25-R28)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.assignment.domain.case.commands import WordsInVault
from shared.contracts.proposal import Verdict
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Digest, DocumentNumber, FieldKey, Note, PersonId, StreamId, Text, UnitKey

DIVISION: Final = grants(Scope.LEAD, Role.CONTENT_DIVISION)
# The leader of the Office in charge of the field: a deputy, or the Chief himself.
LEADING: Final = (Role.DEPUTY, Role.CHIEF)
LEADERS: Final = grants(Scope.OFFICE, *LEADING)
CHAIRMAN: Final = grants(Scope.OFFICE, Role.CHAIRMAN)
APPRAISERS: Final = ("BDVTU", "MTTQ")  # Dân vận and Mặt trận, or whoever has their places on the day

OPEN_PROPOSAL: Final = action("open_proposal", grants(Scope.OFFICE, Role.SYSTEM))
RETURN_PROPOSAL: Final = action("return_proposal", DIVISION)
COMPLETE_PROPOSAL: Final = action("complete_proposal", grants(Scope.UNIT, Role.PROPOSER), DIVISION)
REQUEST_APPRAISAL: Final = action("request_appraisal", DIVISION, LEADERS)
GIVE_APPRAISAL: Final = action(
    "give_appraisal", grants(Scope.UNIT, Role.APPRAISER), DIVISION, grants(Scope.OFFICE, Role.REGISTRY)
)
OVERRIDE_APPRAISAL: Final = action("override_appraisal", LEADERS)
CONCLUDE_APPRAISAL: Final = action("conclude_appraisal", LEADERS)
CHECK_LINE: Final = action("check_line", DIVISION)
SUBMIT_PROPOSAL: Final = action("submit_proposal", DIVISION, LEADERS)
APPROVE_PROPOSAL: Final = action("approve_proposal", CHAIRMAN)
REFUSE_PROPOSAL: Final = action("refuse_proposal", CHAIRMAN)
DEFER_PROPOSAL: Final = action("defer_proposal", CHAIRMAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProposal:
    """Take a referred proposal in; the house asks this itself when intake refers one."""

    proposal: StreamId
    receipt: StreamId
    office: UnitKey
    division: UnitKey
    proposer: UnitKey
    received_at: datetime
    field: FieldKey
    content: WordsInVault
    reason: WordsInVault
    attachments: tuple[Digest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnProposal:
    """Ask the proposer to complete it."""

    proposal: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteProposal:
    """Record it as the proposer completed it."""

    proposal: StreamId
    content: Text
    attachments: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAppraisal:
    """Have it appraised under the leader in charge, by Dân vận and Mặt trận or their successors (R27), each with a task."""

    proposal: StreamId
    leader: PersonId
    appraisers: tuple[UnitKey, ...] = APPRAISERS


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAppraisal:
    """Record one appraiser's verdict; a clerk who records what came on paper names the letter."""

    proposal: StreamId
    appraiser: UnitKey
    verdict: Verdict
    comment: Note | None = None
    letter: DocumentNumber | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideAppraisal:
    """Go on without a verdict that is late, and say why."""

    proposal: StreamId
    appraiser: UnitKey
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeAppraisal:
    """Conclude the appraisal."""

    proposal: StreamId
    verdict: Verdict
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """Tick a line of the Điều 8 checklist (R26)."""

    proposal: StreamId
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitProposal:
    """Put it before the leaders of the Office; they put it before the Chairman (R26)."""

    proposal: StreamId
    to_chairman: bool = True
    document: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveProposal:
    """Hold a dialogue on it."""

    proposal: StreamId
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseProposal:
    """Hold none, and say why."""

    proposal: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferProposal:
    """Leave it to another period."""

    proposal: StreamId
    reason: Note | None = None
