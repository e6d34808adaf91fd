"""What the pages of the assignment service stand on."""

from dataclasses import dataclass
from typing import Final

from services.assignment.entrypoints.api.attachments import Files
from services.assignment.readmodel.notifications.posts import Posts
from services.assignment.readmodel.queries import Queries
from shared.clock import Clock
from shared.desk import Desk
from shared.eventlog.port import EventLog
from shared.web.acting import Acting

SERVICE: Final = "assignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The commands, queries, files and log of one tenant."""

    desk: Desk
    log: EventLog
    queries: Queries
    files: Files
    clock: Clock
    posts: Posts
    mails: bool = False  # whether mail leaves the house

    @property
    def acting(self) -> Acting:
        """Commands as forms."""
        return Acting(self.desk, self.clock, SERVICE)
