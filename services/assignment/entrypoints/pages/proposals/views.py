"""What the pages of proposals show, worked out from what the queries answer. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.assignment.domain.proposal.commands import CONCLUDE_APPRAISAL
from services.assignment.readmodel.dialogue.proposals import (
    ProposalStage,
    Proposed,
    waits_for,
)
from shared.directory.snapshot import Directory
from shared.nearness import Left
from shared.permit import Subject

LeftUntil = Callable[[date], Left]


class Group(StrEnum):
    """A saved view of the list of proposals."""

    MINE = "mine"  # what waits for somebody in his capacities
    PREPARE = "prepare"
    APPRAISE = "appraise"
    DECIDE = "decide"
    DECIDED = "decided"
    ALL = "all"


STAGES: Final[Mapping[Group, tuple[str, ...]]] = {
    Group.PREPARE: (ProposalStage.RECEIVED, ProposalStage.TO_COMPLETE),
    Group.APPRAISE: (ProposalStage.APPRAISAL, ProposalStage.APPRAISED),
    Group.DECIDE: (ProposalStage.BEFORE_LEADERS, ProposalStage.BEFORE_CHAIRMAN),
    Group.DECIDED: (ProposalStage.APPROVED, ProposalStage.REFUSED, ProposalStage.DEFERRED),
    Group.ALL: (),
}


def groups_of(subject: Subject, stages: Mapping[str, int]) -> dict[Group, int]:
    """How many each view holds for him, of how many stand in each stage; without `mine` where nothing can wait for him."""
    mine = waits_for(subject)
    counts = {Group.MINE: sum(stages.get(stage, 0) for stage in mine)} if mine else {}
    for group, of in STAGES.items():
        counts[group] = sum(many for stage, many in stages.items() if not of or stage in of)
    return counts


def stages_of(group: Group, subject: Subject) -> tuple[str, ...]:
    """The stages that a view holds; none: all."""
    return waits_for(subject) if group is Group.MINE else STAGES[group]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What somebody owes a proposal: a unit by its name (`label`), or `who` by what he is; `left`: until when, if by a day."""

    what: str
    who: str = ""
    label: str | None = None
    left: Left | None = None


def owed(proposed: Proposed, left_until: LeftUntil) -> tuple[Owed, ...]:
    """Who owes it what by when, in the stage it is in; nobody anything once it is dealt with."""
    division = proposed.division_label
    match proposed.stage:
        case ProposalStage.RECEIVED:
            return (Owed(what="proceed", label=division),)
        case ProposalStage.TO_COMPLETE:
            return (Owed(what="complete", label=proposed.proposer_label),)
        case ProposalStage.APPRAISAL:
            missing = [each for each in proposed.appraisers if each.verdict is None and not each.gone_without]
            if missing:
                return tuple(
                    Owed(what="appraise", label=each.label, left=left_until(each.due) if each.due is not None else None)
                    for each in missing
                )
            return (Owed(what="conclude", who="leader"),) if proposed.appraisers else ()
        case ProposalStage.APPRAISED:
            return (Owed(what="submit", label=division),)
        case ProposalStage.BEFORE_LEADERS:
            return (Owed(what="put_forward", who="leaders"),)
        case ProposalStage.BEFORE_CHAIRMAN:
            return (Owed(what="decide", who="chairman"),)
        case ProposalStage.APPROVED if proposed.session is None:
            return (Owed(what="propose_session", label=division),)
        case ProposalStage.DEFERRED:
            return (Owed(what="take_up", who="chairman"),)
    return ()


PROPOSING: Final = ("proposal.opened", "proposal.completed")  # what its proposer writes


def content_of(words: Sequence[tuple[str, str, str | None]]) -> str | None:
    """What is proposed as it stands: the last that its proposer wrote, of fact, part and text."""
    said = [text for fact, part, text in words if part == "content" and fact in PROPOSING]
    return next((text for text in reversed(said) if text), None)


def leaders_of(directory: Directory, proposed: Proposed) -> tuple[str, ...]:
    """Who of the office may lead the appraisal: whoever is in charge of the field, else of the division, else the head (R27)."""
    action = CONCLUDE_APPRAISAL.name
    charges = directory.charges(proposed.office, action)
    of_field = [charge.persons for charge in charges if proposed.field in charge.fields]
    of_division = [charge.persons for charge in charges if proposed.division in charge.units]
    found = frozenset[str]().union(*(of_field or of_division)) or directory.heads(proposed.office, action)
    return tuple(sorted(found))
