"""What may be asked about files, and by whom."""

from dataclasses import dataclass
from typing import Final

from services.assignment.domain.task.commands import PEOPLE
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Digest, Note, StreamId

# Of the office, whoever works on its cases and papers; of other units, whoever took the matter in or is to answer it.
ADD_ATTACHMENT: Final = action(
    "add_attachment",
    grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.HUB, Role.SECRETARY, Role.REGISTRY, Role.CONTENT_DIVISION),
    grants(Scope.LEAD, *PEOPLE),
    grants(Scope.UNIT, *PEOPLE, Role.FEEDER, Role.REGISTRY, Role.PROPOSER, Role.APPRAISER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment:
    """Let a stored file belong to something; the file itself is handed in over HTTP first, which asks this."""

    about: StreamId
    file: Digest
    name: Note
