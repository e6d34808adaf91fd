"""Every question to the intake service, by what it is about."""

from dataclasses import dataclass

from services.intake.readmodel.consolidations.queries import Consolidations
from services.intake.readmodel.opinions.queries import Opinions


@dataclass(frozen=True, slots=True)
class Queries:
    """The questions of one tenant."""

    opinions: Opinions
    consolidations: Consolidations
