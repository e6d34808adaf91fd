"""Stream `opinion-<id>`: what intake decides about an opinion, until it is referred or has ended."""

from collections.abc import Mapping
from typing import Any, Final

from services.intake.domain.opinion import refusals
from services.intake.domain.opinion.commands import (
    ClassifyOpinion,
    CompleteOpinion,
    CorrectOpinion,
    DivertOpinion,
    ForwardOpinion,
    MergeOpinion,
    QuarantineOpinion,
    ReceiveOpinion,
    RecordQuarantine,
    RecordRaisedReceipt,
    RecordWish,
    RedactOpinion,
    ReferOpinion,
    RejectOpinion,
    RequestCompletion,
    ReviseOpinionDue,
    SplitOpinion,
    UnmergeOpinion,
    WithdrawOpinion,
)
from services.intake.domain.opinion.dues import due_again, due_of, revise
from services.intake.domain.opinion.facts import GivingReceipt, HandingIn, Sorting, Splitting
from services.intake.domain.opinion.joining import Decided, merge, refuse_before_receipt, split, unmerge
from services.intake.domain.opinion.states import (
    AwaitingCompletion,
    Classified,
    Ended,
    NoOpinion,
    Open,
    Opinion,
    RaisedReceipt,
    Receipt,
    Received,
    Referred,
    known_of,
)
from shared.contracts.facts import Facts
from shared.contracts.opinion import (
    CompletionRequested,
    OpinionClassified,
    OpinionCompleted,
    OpinionCorrected,
    OpinionDiverted,
    OpinionForwarded,
    OpinionMerged,
    OpinionQuarantined,
    OpinionReceived,
    OpinionRedacted,
    OpinionReferred,
    OpinionRejected,
    OpinionWithdrawn,
    RaisedReceiptRecorded,
    RejectionReason,
    WishRecorded,
)
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role

# What those whom an opinion is about do not do to it, as little as later to its case (R16).
PUTTING_AWAY: Final = (
    ClassifyOpinion,
    RejectOpinion,
    QuarantineOpinion,
    ForwardOpinion,
    DivertOpinion,
    MergeOpinion,
    WithdrawOpinion,
    SplitOpinion,
)
RECEIPT_VERSION: Final = 1  # the event that a correction of the receipt corrects


def decide(command: Any, states: Mapping[str, Opinion], facts: Facts) -> Decided:
    """What a command does, by stream.

    Raises:
        Unknown: no such opinion.
        Refused: one of the rules in `refusals`, or the calendar's.
    """
    if isinstance(command, ReceiveOpinion):
        assert isinstance(facts, HandingIn)
        return {facts.opinion: _receive(command, states[facts.opinion], facts)}
    state = states[command.opinion]
    if isinstance(command, RecordRaisedReceipt):
        assert isinstance(facts, GivingReceipt)
        return {command.opinion: _record_raised(command, state, facts)}
    if isinstance(command, RecordQuarantine):
        return _record_quarantine(command, state, states)
    if isinstance(state, NoOpinion):
        raise Unknown("opinion")
    if isinstance(state, RaisedReceipt):
        raise refusals.AlreadyReferred
    refuse_before_receipt(state, facts)
    match command:
        case ReferOpinion():
            return {command.opinion: _refer(command, state, states)}
        case UnmergeOpinion():
            return unmerge(command, state, states)
        case RecordWish():
            return {command.opinion: _wish(command, state)}
        case ReviseOpinionDue():
            assert isinstance(facts, Sorting)
            return {command.opinion: revise(state, facts)}
    assert isinstance(facts, Sorting)
    return _sort(command, state, states, facts)


def _sort(command: Any, state: Open | Referred | Ended, states: Mapping[str, Opinion], facts: Sorting) -> Decided:
    """What intake decides about an opinion that is still its own."""
    ending = _ending(command, state)
    if isinstance(state, Ended) and ending is not None and type(state.fact) is type(ending) and _same(state.fact, ending):
        return {}  # said before
    still = _open(state)
    if isinstance(command, PUTTING_AWAY):
        _refuse_concerned(command, still, facts)
    match command:
        case WithdrawOpinion() | SplitOpinion() if still.receipt.submitters:
            others = still.receipt.submitters
            raise refusals.OthersMergedInto(count=len(others), merged=", ".join(sorted(others)))
        case MergeOpinion():
            return merge(command, still, states, facts)
        case SplitOpinion():
            assert isinstance(facts, Splitting)
            return split(command, still, facts)
        case RejectOpinion(reason=RejectionReason.STATE_SECRET):
            raise refusals.QuarantineInstead("reason")
        case QuarantineOpinion():
            return _quarantine(command, still, states)
        case RedactOpinion(words=words, reason=reason):
            return {command.opinion: [OpinionRedacted(words=words, former=_former(still, states), reason=reason)]}
        case ForwardOpinion() | DivertOpinion():
            _refuse_unknown_target(command, still, facts)
    if ending is not None:
        return {command.opinion: [ending]}
    return {command.opinion: _go_on(command, still, facts)}


def _refuse_concerned(command: Any, state: Open, facts: Sorting) -> None:
    """Whoever it was classified as being about, or took over from whom it was, neither says it is not nor puts it away."""
    known = state.classified if isinstance(state, AwaitingCompletion) else state
    if not isinstance(known, Classified) or facts.capacity is Role.CITIZEN:
        return  # whoever spoke takes back what he said, whomever it is about
    if isinstance(command, ClassifyOpinion):
        still_units, still_posts = set(command.concerns_units), set(command.concerns_posts)
        if still_units >= set(known.concerns_units) and still_posts >= set(known.concerns_posts):
            return  # only the hub sorts: what it asked to have completed must be able to go on
    held = sorted(facts.posts & set(known.concerns_posts))
    if held:
        raise refusals.AboutThatPost(post=held[0])
    if {facts.unit, *facts.units} & set(known.concerns_units):
        raise refusals.AboutThatUnit(unit=facts.unit)


def _receive(command: ReceiveOpinion, state: Opinion, facts: HandingIn) -> list[OpinionReceived]:
    if isinstance(state, RaisedReceipt):
        raise refusals.LocalIdTaken("local_id", local_id=facts.local_id)
    if not isinstance(state, NoOpinion):
        if state.receipt.content_key != facts.content_key:
            raise refusals.LocalIdTaken("local_id", local_id=facts.local_id)
        return []
    day = facts.day.isoformat()
    if not facts.is_unit:
        raise refusals.UnknownUnit("unit", unit=facts.unit, day=day)
    if not facts.is_office:
        raise refusals.NotAnOffice("office", unit=command.office)
    if command.locality is not None and not facts.is_locality:
        raise refusals.UnknownUnit("locality", unit=command.locality, day=day)
    return [
        OpinionReceived(
            episode=f"{facts.opinion.removeprefix('opinion-')}/1",
            office=command.office,
            unit=facts.unit,
            local_id=facts.local_id,
            content_key=facts.content_key,
            channel=command.channel,
            source_group=command.source_group,
            locality=command.locality,
            received_at=facts.at,
            words=command.words,
            speaker=facts.speaker,
            speaker_name=command.speaker_name,
            speaker_contact=command.speaker_contact,
            hidden=command.hidden,
            receipt=facts.receipt,
            receipt_key=facts.receipt_key,
        )
    ]


def _go_on(command: Any, state: Open, facts: Sorting) -> list[Any]:
    """What leaves the opinion open."""
    match command:
        case RequestCompletion(asked=asked):
            return [CompletionRequested(asked=asked, at=facts.at)]
        case CompleteOpinion(words=words):
            if not isinstance(state, AwaitingCompletion):
                raise refusals.NothingAsked
            return [OpinionCompleted(words=words, at=facts.at), *due_again(state, facts)]
        case CorrectOpinion():
            return _correct(command, facts)
        case ClassifyOpinion():
            return _classify(command, state, facts)
    raise TypeError(f"an opinion is not asked to {type(command).__name__}")


def _classify(command: ClassifyOpinion, state: Open, facts: Sorting) -> list[OpinionClassified]:
    if not facts.is_field:
        raise refusals.UnknownField("field", field_key=command.field, day=facts.day.isoformat())
    assert facts.calendar is not None
    flags = tuple(sorted(set(command.flags)))
    classified = OpinionClassified(
        kind=command.kind,
        field=command.field,
        flags=flags,
        concerns_units=tuple(sorted(set(command.concerns_units))),
        concerns_posts=tuple(sorted(set(command.concerns_posts))),
        due=due_of(state, facts),
    )
    if isinstance(state, Classified) and _says_the_same(state, classified):
        return []
    return [classified]


def _says_the_same(state: Classified, again: OpinionClassified) -> bool:
    names = ("kind", "field", "flags", "concerns_units", "concerns_posts")
    return all(getattr(state, name) == getattr(again, name) for name in names)


def _correct(command: CorrectOpinion, facts: Sorting) -> list[OpinionCorrected]:
    if command.locality is not None and not facts.is_unit:
        raise refusals.UnknownUnit("locality", unit=command.locality, day=facts.day.isoformat())
    if not any((command.channel, command.source_group, command.locality, command.words)):
        raise refusals.NothingCorrected
    return [
        OpinionCorrected(
            corrects=RECEIPT_VERSION,
            channel=command.channel,
            source_group=command.source_group,
            locality=command.locality,
            words=command.words,
            reason=command.reason,
        )
    ]


def _quarantine(command: QuarantineOpinion, state: Open, states: Mapping[str, Opinion]) -> Decided:
    hidden = _hidden(command.opinion, state, command.paper, states)
    rejected = OpinionRejected(episode=state.receipt.episode, reason=RejectionReason.STATE_SECRET, note=None)
    return {**hidden, command.opinion: [*hidden[command.opinion], rejected]}


def _hidden(opinion: str, state: Open | Referred | Ended, paper: str, states: Mapping[str, Opinion]) -> Decided:
    """The words of the opinion, and of those merged into it, which say the same."""
    found: dict[str, Opinion] = {opinion: state, **{each: states[each] for each in sorted(state.receipt.submitters)}}
    return {
        stream: [OpinionQuarantined(paper=paper, former=_former(each, states))]
        for stream, each in found.items()
        if isinstance(each, Open | Referred | Ended)
    }


def _record_quarantine(command: RecordQuarantine, state: Opinion, states: Mapping[str, Opinion]) -> Decided:
    """Assignment has rejected its case: the words go here too. Of what was raised in a session, the case had them all."""
    if isinstance(state, NoOpinion | RaisedReceipt):
        return {}
    return _hidden(command.opinion, state, command.paper, states)


def _former(state: Open | Referred | Ended, states: Mapping[str, Opinion]) -> tuple[str, ...]:
    """Every text that holds what is to go: its words, those they replaced, and those of the opinion it was split off."""
    former: dict[str, None] = {}
    receipt: Receipt | None = state.receipt
    while receipt is not None:
        former |= dict.fromkeys((*receipt.earlier, receipt.words.ref))
        parent = states.get(receipt.parent) if receipt.parent else None
        receipt = None if parent is None or isinstance(parent, NoOpinion | RaisedReceipt) else parent.receipt
    return tuple(former)


def _wish(command: RecordWish, state: Opinion) -> list[WishRecorded]:
    if not isinstance(state, Referred):
        raise refusals.NotReferred
    case = f"case-{command.opinion.removeprefix('opinion-')}"
    return [WishRecorded(case=case, office=state.receipt.office, wish=command.wish, note=command.note)]


def _record_raised(command: RecordRaisedReceipt, state: Opinion, facts: GivingReceipt) -> list[RaisedReceiptRecorded]:
    if not isinstance(state, NoOpinion):
        return []
    return [
        RaisedReceiptRecorded(
            case=command.case,
            session=command.session,
            episode=command.episode,
            office=command.office,
            received_at=command.received_at,
            receipt=facts.receipt,
            receipt_key=facts.receipt_key,
        )
    ]


def _ending(command: Any, state: Open | Referred | Ended) -> Any:
    """The fact that ends the episode, where one fact alone does."""
    episode = state.receipt.episode
    match command:
        case RejectOpinion(reason=reason, note=note):
            return OpinionRejected(episode=episode, reason=reason, note=note)
        case ForwardOpinion(to=to, note=note):
            return OpinionForwarded(episode=episode, to=to, note=note)
        case DivertOpinion(kind=kind, to=to):
            return OpinionDiverted(episode=episode, kind=kind, to=to)
        case MergeOpinion(into=into):
            return OpinionMerged(episode=episode, into=into)
        case WithdrawOpinion(note=note):
            return OpinionWithdrawn(episode=episode, note=note)
    return None


def _same(fact: Any, again: Any) -> bool:
    """Whether two endings say the same; the words of a note may differ."""
    return all(getattr(fact, name) == getattr(again, name) for name in ("reason", "to", "kind", "into") if hasattr(fact, name))


def _open(state: Open | Referred | Ended) -> Open:
    match state:
        case Received() | AwaitingCompletion() | Classified():
            return state
        case Referred():
            raise refusals.AlreadyReferred
        case Ended(how=how):
            raise refusals.AlreadyEnded(how=how)


def _refuse_unknown_target(command: ForwardOpinion | DivertOpinion, state: Open, facts: Sorting) -> None:
    if not facts.is_unit:
        raise refusals.UnknownUnit("to", unit=command.to, day=facts.day.isoformat())
    if isinstance(command, ForwardOpinion) and facts.unit_office == state.receipt.office:
        raise refusals.ForwardedInside("to", unit=command.to)


def _refer(command: ReferOpinion, state: Open | Referred | Ended, states: Mapping[str, Opinion]) -> list[OpinionReferred]:
    """What was merged into it is answered with it: what marks that, and whom that is about, goes along (R5, R16)."""
    if isinstance(state, Referred):
        return []
    if isinstance(state, Ended):
        raise refusals.AlreadyEnded(how=state.how)
    if not isinstance(state, Classified):
        raise refusals.NotClassified
    receipt = state.receipt
    merged = tuple(sorted(receipt.submitters))
    all_known = [state, *(known for each in merged if (known := known_of(states[each])) is not None)]
    return [
        OpinionReferred(
            episode=receipt.episode,
            office=receipt.office,
            unit=receipt.unit,
            source_group=receipt.source_group,
            channel=receipt.channel,
            locality=receipt.locality,
            kind=state.kind,
            field=state.field,
            flags=tuple(sorted({flag for known in all_known for flag in known.flags})),
            due=state.due,
            concerns_units=tuple(sorted({unit for known in all_known for unit in known.concerns_units})),
            concerns_posts=tuple(sorted({post for known in all_known for post in known.concerns_posts})),
            received_at=receipt.received_at,
            words=receipt.words,
            hidden=receipt.hidden,
            into=command.into,
            merged=merged,
        )
    ]
