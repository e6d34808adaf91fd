"""What the pages of the intake service stand on."""

from dataclasses import dataclass
from functools import cached_property

from services.intake.readmodel.queries import Queries
from shared.blobs.store import Blobs
from shared.clock import Clock
from shared.desk import Desk
from shared.directory.queries import Directories
from shared.keys import KeyedHash
from shared.web.acting import Acting

SERVICE = "intake"


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Desk, queries and what else a page may need, of one tenant."""

    tenant: str
    desk: Desk
    queries: Queries
    directories: Directories
    blobs: Blobs
    keyed: KeyedHash
    clock: Clock

    @cached_property
    def acting(self) -> Acting:
        """The service's commands as forms."""
        return Acting(self.desk, self.clock, SERVICE)
