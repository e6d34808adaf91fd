"""Stream `attachment-<id>`: a file and what it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.assignment.domain.attachment.commands import AddAttachment
from services.assignment.domain.attachment.refusals import FileNotStored
from services.assignment.domain.case import states as case
from services.assignment.domain.case.conflict import Acting, refuse_concerned
from services.assignment.domain.case.refusals import AlreadyQuarantined, CaseOver
from services.assignment.domain.proposal import states as proposal
from services.assignment.domain.proposal.refusals import ProposalElsewhere
from services.assignment.domain.request import states as request
from services.assignment.domain.request.refusals import RequestAnswered
from services.assignment.domain.task import states as task
from services.assignment.domain.task.refusals import TaskEnded
from shared.contracts.document import AttachmentAdded
from shared.contracts.types import StreamId
from shared.documents import states as documents
from shared.documents.refusals import WasRecalled, WasSuperseded


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What the store says of a file: what it is by its content, and how long."""

    media: str
    size: int  # in bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching(Acting):
    """The facts of whoever acts, with the attachment's id and what the store says of the file."""

    attachment: StreamId
    stored: StoredFile | None


@dataclass(frozen=True, slots=True)
class NoAttachment:
    """Nothing was attached under this id."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file belongs to something."""

    added: AttachmentAdded


Attachment = NoAttachment | Attached
INITIAL: Final[Attachment] = NoAttachment()


def evolve(state: Attachment, event: AttachmentAdded) -> Attachment:
    """The attachment after `event`."""
    return Attached(event)


def decide(command: AddAttachment, states: Mapping[str, Any], facts: Attaching) -> dict[str, Sequence[AttachmentAdded]]:
    """Attach the file, once for each thing it belongs to.

    Raises:
        FileNotStored
        Refused: nothing is said of it any more, or it is about whoever acts (`refuse_what_is_over`, `refuse_whom_it_is_about`).

    """
    if isinstance(states[facts.attachment], Attached):
        return {}
    refuse_what_is_over(states)
    refuse_whom_it_is_about(command.about, states, facts)
    if facts.stored is None:
        raise FileNotStored("file")
    added = AttachmentAdded(
        about=command.about,
        file=command.file,
        media=facts.stored.media,
        bytes=facts.stored.size,
        name=command.name,
    )
    return {facts.attachment: [added]}


def refuse_what_is_over(states: Mapping[str, Any]) -> None:
    """A file comes with words: where nothing is said any more, of a thing or of a case that it speaks of, none is added.

    Raises:
        TaskEnded, RequestAnswered, ProposalElsewhere, WasRecalled, WasSuperseded
        CaseOver: it was handed to a statutory procedure, and its papers with it (R47, invariant 13).
        AlreadyQuarantined: it may hold a state secret.

    """
    for state in states.values():
        match state:
            case task.Returned() | task.Completed() | task.Withdrawn():
                raise TaskEnded("about")
            case request.Met() | request.Refused() | request.Withdrawn():
                raise RequestAnswered("about")
            case proposal.Refused():
                raise ProposalElsewhere("about", stage=type(state).__name__)
            case documents.Recalled():
                raise WasRecalled("about")
            case documents.Superseded():
                raise WasSuperseded("about")
            case case.Ended(how="diverted") | case.Closed(how="diverted"):
                raise CaseOver("about", how="diverted")
        if isinstance(getattr(state, "matter", None), case.Quarantined):
            raise AlreadyQuarantined("about")


def refuse_whom_it_is_about(about: str, states: Mapping[str, Any], facts: Acting) -> None:
    """Nobody adds to the work on an opinion about himself or his unit; to the case itself, whoever carries its files does.

    Raises:
        AboutThatPost, AboutThatUnit

    """
    for stream, state in states.items():
        matter = getattr(state, "matter", None)
        if stream != about and isinstance(matter, case.Matter):
            refuse_concerned(matter, facts)
