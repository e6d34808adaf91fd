"""Stream `request-<id>`: a request for direct dialogue from its hand-over to its answer (R21)."""

from datetime import datetime

from shared.contracts.due import Due
from shared.contracts.opinion import RejectionReason, SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import LocalityKey, Note, StreamId, Text, UnitKey


@event("request.opened")
class RequestOpened:
    """The office has it; `due` is until when the asker must be told."""

    receipt: StreamId
    office: UnitKey
    unit: UnitKey
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime
    words: Text
    opinions: tuple[StreamId, ...]
    due: Due


@event("request.accepted")
class RequestAccepted:
    """The head holds a dialogue for it."""

    session: StreamId


@event("request.refused")
class RequestRefused:
    """No dialogue, with the reason (R21)."""

    reason: RejectionReason
    note: Note


@event("request.withdrawn")
class RequestWithdrawn:
    """The asker took it back."""

    note: Note | None


@event("request.met")
class RequestMet:
    """The dialogue was held and what was asked was answered."""

    session: StreamId
