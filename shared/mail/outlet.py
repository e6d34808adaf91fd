"""The contract of whoever takes mail out of the house."""

from dataclasses import dataclass
from typing import Protocol


class Bounced(Exception):
    """The server does not take it, now or ever: nobody has this address, or it takes no mail from here."""


class ServerAway(Exception):
    """No server took it this time; later one may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A piece of mail. `id` is its Message-ID without brackets: a copy sent twice has the same."""

    id: str
    to: str
    subject: str
    text: str


class MailOutlet(Protocol):
    """Where mail leaves."""

    @property
    def host(self) -> str:
        """What stands behind the @ of message ids."""
        ...

    async def send(self, letter: Letter) -> None:
        """Return when a server has taken it.

        Raises:
            Bounced, ServerAway

        """
        ...
