"""What the pages of reporting stand on."""

from dataclasses import dataclass

from services.reporting.readmodel.queries import Queries
from shared.clock import Clock
from shared.desk import Desk
from shared.directory.queries import Directories


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The desk, the questions, the directory and the clock of one tenant."""

    desk: Desk
    queries: Queries
    directories: Directories
    clock: Clock
    tenant: str
