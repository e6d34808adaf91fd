"""Stream `attachment-<submission>-<number>`: a file, and the submission that it came with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.intake.domain.attachment.commands import MOST_FILES, AttachToSubmission
from services.intake.domain.attachment.refusals import FileNotKept, NumberHasFile, SubmissionDecided, TooManyFiles
from services.intake.domain.opinion import states as opinion
from services.intake.domain.submission import decider as submission
from shared.contracts.document import AttachmentAdded
from shared.contracts.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """What the store says of a file: what it is by its content, and how many bytes it has."""

    media: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching(Facts):
    """What the store says of the file, if it has it."""

    kept: KeptFile | None


@dataclass(frozen=True, slots=True)
class NoAttachment:
    """There is no file of this number."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file belongs to a submission."""

    added: AttachmentAdded


Attachment = NoAttachment | Attached
INITIAL: Final[Attachment] = NoAttachment()


def attachment_of(about: str, number: int) -> str:
    """The stream of a submission's `number`-th file."""
    return f"attachment-{about.partition('-')[2]}-{number}"


def evolve(state: Attachment, event: AttachmentAdded) -> Attachment:
    """The attachment after `event`."""
    return Attached(event)


def decide(command: AttachToSubmission, states: Mapping[str, Any], facts: Attaching) -> dict[str, Sequence[AttachmentAdded]]:
    """Attach the file; again, it is attached already.

    Raises:
        TooManyFiles, NumberHasFile, FileNotKept
        SubmissionDecided: intake decides about it no longer.

    """
    if not 1 <= command.number <= MOST_FILES:
        raise TooManyFiles("number", most=MOST_FILES)
    stream = attachment_of(command.about, command.number)
    found = states[stream]
    if isinstance(found, Attached):
        if found.added.file != command.file:
            raise NumberHasFile(number=command.number)
        return {}
    if not isinstance(states[command.about], opinion.Open | submission.Received):
        raise SubmissionDecided("about")
    if facts.kept is None:
        raise FileNotKept("file")
    added = AttachmentAdded(
        about=command.about, file=command.file, media=facts.kept.media, bytes=facts.kept.size, name=command.name
    )
    return {stream: [added]}
