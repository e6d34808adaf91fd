"""What may be asked about the files of a submission, and by whom."""

from dataclasses import dataclass
from typing import Final

from services.intake.domain.opinion.commands import COLLECTORS, HUB_OF_OFFICE, ONE_S_OWN
from shared.contracts.roles import Scope, action, grants
from shared.contracts.types import Digest, Note, StreamId

MOST_FILES: Final = 5  # of one submission

ATTACH_TO_SUBMISSION: Final = action("attach_to_submission", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachToSubmission:
    """Let a stored file belong to an opinion or a request as it came in: the `number`-th of its files, from 1 on."""

    about: StreamId
    number: int
    file: Digest
    name: Note
