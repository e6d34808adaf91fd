"""What the pages of the intake service stand on."""

from dataclasses import dataclass
from typing import Final

from services.intake.readmodel.queries import Queries
from shared.blobs.store import Blobs
from shared.clock import Clock
from shared.desk import Desk
from shared.directory.queries import Directories
from shared.web.acts import Acting

SERVICE: Final = "intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The desk and the questions of one tenant."""

    desk: Desk
    queries: Queries
    directories: Directories
    clock: Clock
    tenant: str
    imports: Blobs  # files that are being looked at before their rows are taken in

    @property
    def acting(self) -> Acting:
        """Commands as forms."""
        return Acting(self.desk, self.clock, SERVICE)
