"""What is answered about notices to people."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.assignment.readmodel.notifications.matrix import Kind


class MailState(StrEnum):
    """What became of the mail of a notice."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # no server took it, or it said that nobody has this address
    DROPPED = "dropped"  # looked at before it was sent, or the person is not reached by mail any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice as its reader has it: why, until when, and what to open."""

    kind: Kind
    opens: str
    due: date
    at: datetime
    seen: bool
    mail: MailState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """His notices, the newest first; `unseen` counts all of them, `more` says that older ones are left out."""

    notices: tuple[Notice, ...]
    unseen: int
    more: bool
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """An address of his calendar, as he sees it afterwards: without its secret."""

    id: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How somebody is reached: his address, where he gave one, and whether he wants mail."""

    address: str
    mail: bool
