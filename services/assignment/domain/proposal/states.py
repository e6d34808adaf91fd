"""The states of a proposal, and how each fact moves it from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from shared.contracts.due import Due
from shared.contracts.proposal import (
    AppraisalConcluded,
    AppraisalGiven,
    AppraisalOverridden,
    AppraisalRequested,
    ChecklistItemChecked,
    ProposalApproved,
    ProposalCompleted,
    ProposalDeferred,
    ProposalLinked,
    ProposalOpened,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What every stage of a proposal has."""

    was: ProposalOpened
    checked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NoProposal:
    """Nothing was referred under this id."""


@dataclass(frozen=True, slots=True)
class Received:
    """The content division has it."""

    matter: Proposed


@dataclass(frozen=True, slots=True)
class ToComplete:
    """Back with its proposer."""

    matter: Proposed


@dataclass(frozen=True, slots=True)
class UnderAppraisal:
    """The appraisers have it; `given` by appraiser, None where the leader went on without."""

    matter: Proposed
    asked: AppraisalRequested
    given: Mapping[str, Verdict | None] = field(default_factory=dict)
    itself: frozenset[str] = frozenset()  # who gave its verdict itself

    @property
    def due(self) -> Due:
        """Until when the appraisers answer."""
        return self.asked.due


@dataclass(frozen=True, slots=True)
class Appraised:
    """The leader in charge concluded."""

    matter: Proposed
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Submitted:
    """Before the leaders of the Office, or the Chairman."""

    matter: Proposed
    to_chairman: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """The Chairman holds a dialogue on it; `session` once one is proposed."""

    matter: Proposed
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The Chairman holds none."""

    matter: Proposed


@dataclass(frozen=True, slots=True)
class Deferred:
    """Left to another period."""

    matter: Proposed


Proposal = NoProposal | Received | ToComplete | UnderAppraisal | Appraised | Submitted | Approved | Refused | Deferred
INITIAL: Final[Proposal] = NoProposal()


def evolve(state: Proposal, event: Any) -> Proposal:
    """The proposal after `event`."""
    if isinstance(event, ProposalOpened):
        return Received(Proposed(event))
    if isinstance(state, NoProposal):
        return state
    if isinstance(event, ChecklistItemChecked):
        return replace(state, matter=replace(state.matter, checked=state.matter.checked | {event.line}))
    if isinstance(event, AppraisalGiven | AppraisalOverridden):
        return _appraised_by(state, event)
    if isinstance(state, UnderAppraisal) and isinstance(event, AppraisalRequested):
        return replace(state, asked=event)
    return _moved(state.matter, event)


def _appraised_by(state: Proposal, event: AppraisalGiven | AppraisalOverridden) -> Proposal:
    if not isinstance(state, UnderAppraisal):
        return state
    verdict, itself = None, state.itself - {event.appraiser}
    if isinstance(event, AppraisalGiven):
        verdict = event.verdict
        itself = itself | {event.appraiser} if event.itself else itself
    return replace(state, given={**state.given, event.appraiser: verdict}, itself=itself)


def _moved(matter: Proposed, event: Any) -> Proposal:
    match event:
        case ProposalReturned():
            return ToComplete(matter)
        case ProposalCompleted():
            return Received(matter)
        case AppraisalRequested():
            return UnderAppraisal(matter, event)
        case AppraisalConcluded(verdict=verdict):
            return Appraised(matter, verdict)
        case ProposalSubmitted(to_chairman=to_chairman):
            return Submitted(matter, to_chairman)
        case ProposalApproved():
            return Approved(matter)
        case ProposalRefused():
            return Refused(matter)
        case ProposalDeferred():
            return Deferred(matter)
        case ProposalLinked(session=session):
            return Approved(matter, session)
    raise TypeError(f"a proposal knows no {type(event).__name__}")
