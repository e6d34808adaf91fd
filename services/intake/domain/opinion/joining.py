"""Opinions are joined and parted before referral: merged into another, taken out again, split by their matters (invariant 3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.domain.opinion import refusals
from services.intake.domain.opinion.commands import MergeOpinion, SplitOpinion, UnmergeOpinion
from services.intake.domain.opinion.facts import Splitting
from services.intake.domain.opinion.states import (
    AwaitingCompletion,
    Classified,
    Ended,
    NoOpinion,
    Open,
    Opinion,
    RaisedReceipt,
    Received,
    Referred,
)
from shared.contracts.facts import Facts
from shared.contracts.opinion import (
    OpinionMerged,
    OpinionSplit,
    OpinionSplitOff,
    OpinionUnmerged,
    SubmitterAdded,
    SubmitterRemoved,
)
from shared.contracts.refusals import Unknown

Decided = dict[str, Sequence[Any]]


def refuse_before_receipt(state: Open | Referred | Ended, facts: Facts) -> None:
    if facts.at < state.receipt.received_at:
        raise refusals.BeforeReceipt("occurred_at", earliest=state.receipt.received_at.isoformat())


def unmerge(command: UnmergeOpinion, state: Opinion, states: Mapping[str, Opinion]) -> Decided:
    """The merge is void: neither this submitter nor those merged into this one wait for that answer any more."""
    match state:
        case Ended(how="merged", fact=fact, receipt=receipt):
            undone = OpinionUnmerged(episode=receipt.episode, out_of=fact.into, reason=command.reason)
            return {command.opinion: [undone], **_leaving(command.opinion, state, states)}
        case Received() | AwaitingCompletion() | Classified():
            return {}
    raise refusals.NotMerged


def _leaving(opinion: str, state: Ended, states: Mapping[str, Opinion]) -> Decided:
    """Out of what it was merged into, and what that was merged into, and so on."""
    leaving, decided = (opinion, *sorted(state.receipt.submitters)), dict[str, Sequence[Any]]()
    survivor: Opinion = state
    while isinstance(survivor, Ended) and survivor.how == "merged" and survivor.fact.into not in decided:
        into = survivor.fact.into
        survivor = states[into]
        known = survivor.receipt.submitters if isinstance(survivor, Open | Referred | Ended) else frozenset[str]()
        decided[into] = [SubmitterRemoved(merged=each) for each in leaving if each in known]
    return decided


def merge(command: MergeOpinion, state: Open, states: Mapping[str, Opinion], facts: Facts) -> Decided:
    """The same matter as another: that one's answer goes to this submitter too, and to those merged into this one."""
    if command.into == command.opinion:
        raise refusals.MergedIntoItself("into")
    survivor = states[command.into]
    if isinstance(survivor, NoOpinion | RaisedReceipt):
        raise Unknown("into")
    if survivor.receipt.office != state.receipt.office:
        raise refusals.OtherOffice("into")
    if isinstance(survivor, Referred | Ended):
        raise refusals.SurvivorNotOpen("into")
    refuse_before_receipt(survivor, facts)
    return {
        command.opinion: [OpinionMerged(episode=state.receipt.episode, into=command.into)],
        command.into: [SubmitterAdded(merged=each) for each in (command.opinion, *sorted(state.receipt.submitters))],
    }


def split(command: SplitOpinion, state: Open, facts: Splitting) -> Decided:
    if len(command.parts) < 2:
        raise refusals.TooFewParts("parts")
    receipt = state.receipt
    decided: Decided = {command.opinion: [OpinionSplit(episode=receipt.episode, children=facts.children)]}
    for child, part in zip(facts.children, command.parts, strict=True):
        decided[child] = [
            OpinionSplitOff(
                episode=f"{child.removeprefix('opinion-')}/1",
                parent=command.opinion,
                office=receipt.office,
                unit=receipt.unit,
                channel=receipt.channel,
                source_group=receipt.source_group,
                locality=receipt.locality,
                received_at=receipt.received_at,
                words=part.words,
                speaker=receipt.speaker,
                hidden=receipt.hidden,
            )
        ]
    return decided
