"""What a paper speaks of by itself: the case behind it, whose quarantine takes the paper's files along."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.handlers.streams import Folds
from shared.contracts.case import CaseQuarantined, CaseSplit
from shared.contracts.document import DocumentDrafted
from shared.contracts.task import TaskAssigned
from shared.decider import Fold, load
from shared.documents.states import NoDocument
from shared.eventlog.port import EventLog
from shared.papers.streams import DOCUMENT

# What is about a dialogue or a notice as a whole speaks of other cases too, and stays.
ITS_OWN: Final = ("case-", "task-", "document-")


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing that a paper is about: what that is about itself, into what it was split, whether it was quarantined."""

    about: str | None = None
    children: tuple[str, ...] = ()
    quarantined: bool = False


def _evolve(state: Matter, event: Any) -> Matter:
    match event:
        case DocumentDrafted() | TaskAssigned():
            return replace(state, about=event.about)
        case CaseSplit():
            return replace(state, children=event.children)
        case CaseQuarantined():
            return replace(state, quarantined=True)
    return state


MATTER: Final = Fold("matter", Matter(), _evolve)


def matters(document: str, states: Mapping[str, Any]) -> Folds:
    """The streams that a paper and what it is about name so far. What was split holds the words of its parts."""
    state = states[document]
    named = set() if isinstance(state, NoDocument) else {state.paper.drafted.about}
    for each in states.values():
        named |= {each.about, *each.children} if isinstance(each, Matter) else set()
    return {stream: MATTER for stream in sorted(filter(None, named)) if stream.startswith(ITS_OWN) and stream != document}


def quarantined(states: Mapping[str, Any]) -> bool:
    """Whether anything that was loaded for a paper was quarantined."""
    return any(isinstance(each, Matter) and each.quarantined for each in states.values())


async def is_erased(log: EventLog, document: str) -> bool:
    """Whether what a paper speaks of was quarantined, and the paper's files were destroyed with it."""
    stood = await load(log, {document: DOCUMENT}, lambda states: matters(document, states))
    return quarantined({stream: at.state for stream, at in stood.items()})
