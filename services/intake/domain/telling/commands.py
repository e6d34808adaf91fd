"""What may be asked about telling a submitter what became of his opinion, and by whom."""

from dataclasses import dataclass
from typing import Final

from services.intake.domain.opinion.commands import COLLECTORS
from shared.contracts.case import Means
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import StreamId

TELL_SUBMITTER: Final = action(
    "tell_submitter",
    grants(Scope.OFFICE, Role.HUB, Role.REGISTRY, Role.CHIEF, Role.DEPUTY),
    grants(Scope.UNIT, *COLLECTORS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSubmitter:
    """Record that whoever handed it in was told that it, or what it was merged into, ended without an answer, and how.

    `part` is the case of the matter that is told of, where the opinion was split after referral.
    """

    opinion: StreamId
    means: Means
    part: StreamId | None = None
