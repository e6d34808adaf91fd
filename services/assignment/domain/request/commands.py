"""What may be asked about a request for dialogue, and by whom (R21)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.assignment.domain.case.commands import WordsInVault
from shared.contracts.opinion import RejectionReason, SourceGroup
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import LocalityKey, Note, StreamId, UnitKey

OPEN_REQUEST: Final = action("open_request", grants(Scope.OFFICE, Role.SYSTEM))
ACCEPT_REQUEST: Final = action("accept_request", grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY))
REFUSE_REQUEST: Final = action("refuse_request", grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY))
WITHDRAW_REQUEST: Final = action("withdraw_request", grants(Scope.OFFICE, Role.HUB, Role.SYSTEM))
MEET_REQUEST: Final = action("meet_request", grants(Scope.OFFICE, Role.HUB, Role.CHIEF, Role.DEPUTY))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """Take a referred request in; the house asks this itself when intake refers one."""

    request: StreamId
    receipt: StreamId
    office: UnitKey
    unit: UnitKey
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime
    words: WordsInVault
    opinions: tuple[StreamId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRequest:
    """Let a dialogue that is already proposed meet it too; a new dialogue for it is proposed with `propose_session`."""

    request: StreamId
    session: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRequest:
    """Hold no dialogue, and say why."""

    request: StreamId
    reason: RejectionReason
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRequest:
    """Record that the asker took it back."""

    request: StreamId
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetRequest:
    """Record that the dialogue was held and the asker has the answer."""

    request: StreamId
