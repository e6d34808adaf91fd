"""What an opinion is at each moment of its way through intake."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from shared.contracts.due import Due
from shared.contracts.opinion import (
    Channel,
    CompletionRequested,
    Flag,
    Kind,
    OpinionClassified,
    OpinionCompleted,
    OpinionDiverted,
    OpinionForwarded,
    OpinionMerged,
    OpinionReceived,
    OpinionReferred,
    OpinionRejected,
    OpinionSplit,
    OpinionSplitOff,
    OpinionWithdrawn,
    SourceGroup,
    SubmitterAdded,
)
from shared.contracts.types import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was handed in, by whom, when; the same in every state."""

    episode: str
    office: str
    unit: str
    channel: Channel
    source_group: SourceGroup
    locality: str | None
    received_at: datetime
    words: Sealed
    speaker: str | None
    hidden: bool
    content_key: str | None  # none for a part of a split opinion
    receipt_code: Sealed | None


@dataclass(frozen=True, slots=True)
class NoOpinion:
    """Nothing was handed in under this id."""


@dataclass(frozen=True, slots=True)
class Received:
    """Handed in, not yet classified."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class AwaitingCompletion:
    """The speaker was asked for what is missing. `classified` is what stood before, if anything."""

    receipt: Receipt
    asked: Sealed
    classified: "Classified | None"


@dataclass(frozen=True, slots=True)
class Classified:
    """It is known what it is, and until when it is to be answered."""

    receipt: Receipt
    kind: Kind
    field: str
    flags: tuple[Flag, ...]
    due: Due


@dataclass(frozen=True, slots=True)
class Referred:
    """The assignment service decides from here on."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Ended:
    """Its episode ended here: `how` is the last word of the fact that ended it."""

    receipt: Receipt
    how: str
    fact: Any  # the event itself, so that asking for the same again changes nothing


Opinion = NoOpinion | Received | AwaitingCompletion | Classified | Referred | Ended
Open = Received | AwaitingCompletion | Classified
INITIAL: Final[Opinion] = NoOpinion()

_ENDINGS: Final[dict[type, str]] = {
    OpinionRejected: "rejected",
    OpinionForwarded: "forwarded",
    OpinionDiverted: "diverted",
    OpinionMerged: "merged",
    OpinionSplit: "split",
    OpinionWithdrawn: "withdrawn",
}


def evolve(state: Opinion, event: Any) -> Opinion:
    """The state after `event`; history is never refused."""
    if isinstance(event, OpinionReceived | OpinionSplitOff):
        return Received(_receipt(event))
    if isinstance(state, NoOpinion) or isinstance(event, SubmitterAdded):
        return state
    receipt = state.receipt
    match event:
        case CompletionRequested(asked=asked):
            return AwaitingCompletion(receipt, asked, _classified(state))
        case OpinionCompleted(words=words):
            more = replace(receipt, words=words)
            before = _classified(state)
            return replace(before, receipt=more) if before else Received(more)
        case OpinionClassified(kind=kind, field=field, flags=flags, due=due):
            return Classified(receipt, kind, field, flags, due)
        case OpinionReferred():
            return Referred(receipt)
    return Ended(receipt, _ENDINGS[type(event)], event)


def _classified(state: Opinion) -> Classified | None:
    """What stood, or stood before a completion was asked for, however often."""
    return state.classified if isinstance(state, AwaitingCompletion) else state if isinstance(state, Classified) else None


def _receipt(event: OpinionReceived | OpinionSplitOff) -> Receipt:
    return Receipt(
        episode=event.episode,
        office=event.office,
        unit=event.unit,
        channel=event.channel,
        source_group=event.source_group,
        locality=event.locality,
        received_at=event.received_at,
        words=event.words,
        speaker=event.speaker,
        hidden=event.hidden,
        content_key=event.content_key if isinstance(event, OpinionReceived) else None,
        receipt_code=event.receipt if isinstance(event, OpinionReceived) else None,
    )
