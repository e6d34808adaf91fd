"""What the pages of the assignment service stand on."""

from dataclasses import dataclass
from typing import Final

from services.assignment.entrypoints.api.attachments import Files
from services.assignment.readmodel.notifications.posts import Posts
from services.assignment.readmodel.queries import Queries
from shared.clock import Clock
from shared.desk import Desk
from shared.web.acts import Acting

SERVICE: Final = "assignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The commands, queries and files of one tenant."""

    desk: Desk
    queries: Queries
    files: Files
    clock: Clock
    posts: Posts
    mails: bool = False  # whether mail leaves the house

    @property
    def acting(self) -> Acting:
        """Commands as forms."""
        return Acting(self.desk, self.clock, SERVICE)
