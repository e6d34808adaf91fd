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
    OpinionCorrected,
    OpinionDiverted,
    OpinionDueSet,
    OpinionForwarded,
    OpinionMerged,
    OpinionQuarantined,
    OpinionReceived,
    OpinionRedacted,
    OpinionReferred,
    OpinionRejected,
    OpinionSplit,
    OpinionSplitOff,
    OpinionUnmerged,
    OpinionWithdrawn,
    RaisedReceiptRecorded,
    SourceGroup,
    SubmitterAdded,
    SubmitterRemoved,
    WishRecorded,
)
from shared.contracts.opinion_register import (
    OpinionRegisterCorrected,
    OpinionRegisterDueSet,
    OpinionRegistered,
    OpinionRegisterEnded,
    OpinionRegisterReopened,
    OpinionRegisterSorted,
    RegisterOutcome,
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
    earlier: tuple[str, ...]  # references of the words before a completion or correction, which stay until they are erased
    parent: str | None  # the opinion that it was split off
    speaker: str | None
    hidden: bool
    content_key: str | None  # none for a part of a split opinion
    receipt_code: Sealed | None
    submitters: frozenset[str] = frozenset()  # opinions merged into it, to whose submitters its answer goes too


@dataclass(frozen=True, slots=True)
class NoOpinion:
    """Nothing was handed in under this id."""


@dataclass(frozen=True, slots=True)
class Received:
    """Handed in, not yet classified. `since` is when its time began anew, once it was completed."""

    receipt: Receipt
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AwaitingCompletion:
    """The speaker was asked for what is missing. `classified` is what stood before, if anything."""

    receipt: Receipt
    asked: Sealed
    classified: "Classified | None"
    at: datetime | None  # since when the clock stands still


@dataclass(frozen=True, slots=True)
class Classified:
    """It is known what it is, and until when it is to be answered."""

    receipt: Receipt
    kind: Kind
    field: str
    flags: tuple[Flag, ...]
    concerns_units: tuple[str, ...]
    concerns_posts: tuple[str, ...]
    due: Due


@dataclass(frozen=True, slots=True)
class Referred:
    """The assignment service decides from here on."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedReceipt:
    """The receipt of what was raised in a session, where all else of it is decided elsewhere."""

    case: str
    office: str
    received_at: datetime
    receipt_code: Sealed


@dataclass(frozen=True, slots=True)
class Ended:
    """Its episode ended here: `how` is the last word of the fact that ended it."""

    receipt: Receipt
    how: str
    fact: Any  # the event itself, so that asking for the same again changes nothing
    before: "Open"  # what it goes back to where the ending is undone


Opinion = NoOpinion | Received | AwaitingCompletion | Classified | Referred | RaisedReceipt | Ended
Open = Received | AwaitingCompletion | Classified
INITIAL: Final[Opinion] = NoOpinion()

# Facts about an opinion that leave it as it is.
_BESIDE: Final = (
    WishRecorded,
    OpinionQuarantined,
    OpinionRegisterSorted,
    OpinionRegisterDueSet,
    OpinionRegisterReopened,  # only the register goes on with what it took up again
)
_ENDINGS: Final[dict[type, str]] = {
    OpinionRejected: "rejected",
    OpinionForwarded: "forwarded",
    OpinionDiverted: "diverted",
    OpinionMerged: "merged",
    OpinionSplit: "split",
    OpinionWithdrawn: "withdrawn",
}
BY_REGISTER: Final[dict[RegisterOutcome, str]] = {
    RegisterOutcome.RESOLVED: "resolved",
    RegisterOutcome.REJECTED: "rejected",
    RegisterOutcome.FORWARDED: "forwarded",
    RegisterOutcome.DIVERTED: "diverted",
    RegisterOutcome.WITHDRAWN: "withdrawn",
    RegisterOutcome.MERGED: "merged",
}


def evolve(state: Opinion, event: Any) -> Opinion:
    """The state after `event`; history is never refused."""
    if isinstance(event, OpinionReceived | OpinionSplitOff):
        return Received(_receipt(event))
    if isinstance(event, OpinionRegistered):
        return Received(_registered(event))
    if isinstance(event, RaisedReceiptRecorded):
        return RaisedReceipt(case=event.case, office=event.office, received_at=event.received_at, receipt_code=event.receipt)
    if isinstance(state, NoOpinion | RaisedReceipt) or isinstance(event, _BESIDE):
        return state
    if isinstance(event, SubmitterAdded | SubmitterRemoved):
        return _joined(state, event)
    return _moved(state, event)


def _moved(state: "Open | Referred | Ended", event: Any) -> Opinion:
    receipt = state.receipt
    match event:
        case OpinionUnmerged():
            return state.before if isinstance(state, Ended) else state
        case OpinionCorrected():
            return replace(state, receipt=_corrected(receipt, event))
        case OpinionRegisterCorrected():
            return replace(state, receipt=_written_anew(receipt, event))
        case OpinionRegisterEnded(how=how):
            return state if isinstance(state, Ended) else Ended(receipt, BY_REGISTER[how], event, Received(receipt))
        case OpinionRedacted(words=words):
            return replace(state, receipt=replace(receipt, words=words, earlier=()))
        case OpinionDueSet(due=due):
            return replace(state, due=due) if isinstance(state, Classified) else state
        case CompletionRequested(asked=asked, at=at):
            # Asked for more, the clock stands still since the first time.
            since = state.at if isinstance(state, AwaitingCompletion) else at
            return AwaitingCompletion(receipt, asked, _classified(state), since)
        case OpinionCompleted(words=words, at=at):
            more = _reworded(receipt, words)
            before = _classified(state)
            return replace(before, receipt=more) if before else Received(more, at)
        case OpinionClassified():
            return Classified(
                receipt, event.kind, event.field, event.flags, event.concerns_units, event.concerns_posts, event.due
            )
        case OpinionReferred():
            return Referred(receipt)
    stood = state if isinstance(state, Received | AwaitingCompletion | Classified) else Received(receipt)
    return Ended(receipt, _ENDINGS[type(event)], event, stood)


def _joined(state: "Open | Referred | Ended", event: SubmitterAdded | SubmitterRemoved) -> Opinion:
    without = state.receipt.submitters - {event.merged}
    submitters = without | {event.merged} if isinstance(event, SubmitterAdded) else without
    joined: Opinion = _with_receipt(state, replace(state.receipt, submitters=submitters))
    return joined


def _with_receipt(state: Any, receipt: Receipt) -> Any:
    """The state with another receipt, also in what it would go back to."""
    match state:
        case AwaitingCompletion(classified=known) if known is not None:
            return replace(state, receipt=receipt, classified=replace(known, receipt=receipt))
        case Ended(before=before):
            return replace(state, receipt=receipt, before=_with_receipt(before, receipt))
    return replace(state, receipt=receipt)


def _corrected(receipt: Receipt, event: OpinionCorrected) -> Receipt:
    return replace(
        _reworded(receipt, event.words) if event.words else receipt,
        channel=event.channel or receipt.channel,
        source_group=event.source_group or receipt.source_group,
        locality=event.locality or receipt.locality,
    )


def _written_anew(receipt: Receipt, event: OpinionRegisterCorrected) -> Receipt:
    said = _reworded(receipt, event.words) if event.words else receipt
    return replace(said, source_group=event.source_group, locality=event.locality, speaker=event.speaker)


def _reworded(receipt: Receipt, words: Sealed) -> Receipt:
    """The receipt with other words; what they replace still lies in the vault."""
    return replace(receipt, words=words, earlier=(*receipt.earlier, receipt.words.ref))


def known_of(state: Opinion) -> Classified | None:
    """What it is known to be, or was when it ended."""
    return _classified(state.before if isinstance(state, Ended) else state)


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
        earlier=(),
        parent=event.parent if isinstance(event, OpinionSplitOff) else None,
        speaker=event.speaker,
        hidden=event.hidden,
        content_key=event.content_key if isinstance(event, OpinionReceived) else None,
        receipt_code=event.receipt if isinstance(event, OpinionReceived) else None,
    )


def _registered(event: OpinionRegistered) -> Receipt:
    return Receipt(
        episode=event.episode,
        office=event.office,
        unit=event.unit,
        channel=Channel.REGISTER,
        source_group=event.source_group,
        locality=event.locality,
        received_at=event.received_at,
        words=event.words,
        earlier=(),
        parent=None,
        speaker=event.speaker,
        hidden=False,
        content_key=None,
        receipt_code=None,
    )
