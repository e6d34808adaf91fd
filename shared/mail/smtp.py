"""Mail through a server that speaks SMTP, one connection a letter."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Literal

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from shared.clock import Clock
from shared.mail.outlet import Bounced, Letter, ServerAway

SECONDS: Final = 20.0
FOR_GOOD: Final = 500  # replies from here on say that trying again changes nothing
Security = Literal["tls", "starttls", "none"]


class SmtpOutlet:
    """A server that relays for the house."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        clock: Clock,
        security: Security = "starttls",
        user: str = "",
        password: str = "",
    ) -> None:
        self._server, self._port, self._sender, self._clock = host, port, sender, clock
        self._security, self._user, self._password = security, user, password

    @property
    def host(self) -> str:
        return self._sender.rpartition("@")[2]

    async def send(self, letter: Letter) -> None:
        """Hand one letter over.

        Raises:
            Bounced, ServerAway

        """
        try:
            await aiosmtplib.send(
                self._message(letter),
                sender=self._sender,
                recipients=[letter.to],
                hostname=self._server,
                port=self._port,
                username=self._user or None,
                password=self._password or None,
                use_tls=self._security == "tls",
                start_tls=self._security == "starttls",
                timeout=SECONDS,
            )
        except SMTPAuthenticationError as error:
            raise ServerAway(type(error).__name__) from None  # the house's own fault, not that of the address
        except SMTPRecipientsRefused as refused:
            raise _failed(refused.recipients[0]) from None
        except SMTPResponseException as refused:
            raise _failed(refused) from None
        except (SMTPException, OSError, TimeoutError) as error:
            raise ServerAway(type(error).__name__) from None

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = Address(addr_spec=self._sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{letter.id}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers it by itself
        message.set_content(letter.text)
        return message


def _failed(refused: SMTPResponseException | SMTPRecipientRefused) -> Exception:
    return (Bounced if refused.code >= FOR_GOOD else ServerAway)(str(refused.code))
