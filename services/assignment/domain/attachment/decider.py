"""Stream `attachment-<id>`: a file and what it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.assignment.domain.attachment.commands import AddAttachment
from services.assignment.domain.attachment.refusals import FileNotStored
from shared.contracts.document import AttachmentAdded
from shared.contracts.facts import Facts
from shared.contracts.types import StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What the store says of a file: what it is by its content, and how long."""

    media: str
    size: int  # in bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching(Facts):
    """The facts, with the attachment's id and what the store says of the file."""

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

    """
    if isinstance(states[facts.attachment], Attached):
        return {}
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
