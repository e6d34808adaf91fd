"""What may be asked about a case, and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from services.assignment.domain.task.commands import PEOPLE
from shared.contracts.case import Authority, Means
from shared.contracts.due import Due
from shared.contracts.opinion import Channel, Flag, Kind, SourceGroup
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Declared, EpisodeId, FieldKey, LocalityKey, Note, StreamId, Text, UnitKey

HEADS: Final = (Role.CHIEF, Role.DEPUTY)

OPEN_CASE: Final = action("open_case", grants(Scope.OFFICE, Role.SYSTEM))
ASSIGN_CASE: Final = action("assign_case", grants(Scope.OFFICE, Role.CHIEF))
SUBMIT_ANSWER: Final = action("submit_answer", grants(Scope.LEAD, *PEOPLE))
RETURN_ANSWER: Final = action("return_answer", grants(Scope.OFFICE, *HEADS))
APPROVE_ANSWER: Final = action("approve_answer", grants(Scope.OFFICE, *HEADS))
DELIVER_ANSWER: Final = action("deliver_answer", grants(Scope.LEAD, *PEOPLE), grants(Scope.OFFICE, Role.HUB, Role.REGISTRY))
CLOSE_CASE: Final = action("close_case", grants(Scope.OFFICE, Role.HUB, *HEADS))
REOPEN_CASE: Final = action("reopen_case", grants(Scope.OFFICE, Role.HUB, *HEADS))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsInVault:
    """Words that were sealed when they were handed in: only their reference and digest travel."""

    ref: Annotated[str, Declared("vault reference", r"[0-9a-f]{32}", 32)]
    digest: Annotated[str, Declared("salted digest", r"[0-9a-f]{64}", 64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Take a referred opinion in as a case of its office; the house asks this itself when intake refers one."""

    case: StreamId
    opinion: StreamId
    episode: EpisodeId
    office: UnitKey
    unit: UnitKey
    source_group: SourceGroup
    channel: Channel
    locality: LocalityKey | None
    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...]
    due: Due
    received_at: datetime
    words: WordsInVault
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCase:
    """Give the case to one lead unit of the office (R35); the unit gets its task with it."""

    case: StreamId
    lead: UnitKey
    authority: Authority = Authority.HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAnswer:
    """Put the unit's draft to whoever approves it: the answer, and as needed solution, direction and legal basis (R34)."""

    case: StreamId
    answer: Text
    solution: Text | None = None
    direction: Text | None = None
    legal_basis: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAnswer:
    """Send the draft back with what is to be changed."""

    case: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAnswer:
    """Let the draft stand."""

    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverAnswer:
    """Record that the approved answer reached the speaker; this resolves the case."""

    case: StreamId
    means: Means


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """Put a resolved case away."""

    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase:
    """Take a resolved matter up again in a new episode, with its lead and a due date counted anew."""

    case: StreamId
    reason: Note
