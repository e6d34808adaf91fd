"""What the pages of reporting stand on."""

from dataclasses import dataclass
from typing import Final

from services.reporting.readmodel.queries import Queries
from shared.clock import Clock
from shared.desk import Desk
from shared.directory.queries import Directories
from shared.web.acting import Acting

SERVICE: Final = "reporting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The desk, the questions, the directory and the clock of one tenant."""

    desk: Desk
    queries: Queries
    directories: Directories
    clock: Clock
    tenant: str

    @property
    def acting(self) -> Acting:
        """Commands as forms."""
        return Acting(self.desk, self.clock, SERVICE)
