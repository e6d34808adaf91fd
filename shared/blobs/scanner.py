"""What a virus scanner says of a file: clamd, spoken to by INSTREAM over TCP or a local socket."""

import asyncio
import contextlib
import struct
from typing import Final, Protocol
from urllib.parse import urlsplit

SCHEMES: Final = ("tcp", "unix")
PORT: Final = 3310
CHUNK_BYTES: Final = 65_536
SECONDS: Final = 30.0  # from the first byte to the verdict
LONGEST_REPLY: Final = 1_024
_LENGTH: Final = struct.Struct(">I")


class ScannerAway(Exception):
    """The scanner gave no verdict: it is away, too slow, or does not take a file of this size. Nothing is known of the file."""


class Scanner(Protocol):
    """Looks into files."""

    async def is_clean(self, content: bytes) -> bool:
        """Whether nothing harmful was found.

        Raises:
            ScannerAway

        """
        ...


class Clamd:
    """A clamd at `tcp://host:port` or `unix:///path`; each file over a connection of its own, as the protocol wants it."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._at, self._seconds = urlsplit(address), seconds

    async def is_clean(self, content: bytes) -> bool:
        """Whether clamd found nothing in it.

        Raises:
            ScannerAway

        """
        reply = await self._asked(b"zINSTREAM\0", content)
        if reply.endswith(b" FOUND"):
            return False
        if reply == b"stream: OK":
            return True
        raise ScannerAway(reply.decode("ascii", "replace")[:100])

    async def answers(self) -> bool:
        """Whether it is there and well."""
        try:
            return await self._asked(b"zPING\0") == b"PONG"
        except ScannerAway:
            return False

    async def _asked(self, command: bytes, content: bytes | None = None) -> bytes:
        """What it replies, without the NUL that ends it.

        Raises:
            ScannerAway

        """
        try:
            async with asyncio.timeout(self._seconds):
                reader, writer = await self._connected()
                try:
                    writer.write(command)
                    # Over its own limit it replies and closes before all is sent: then its reply counts, not the broken pipe.
                    with contextlib.suppress(ConnectionError):
                        await _send(writer, content)
                    return (await reader.readuntil(b"\0"))[:-1].strip()
                finally:
                    writer.transport.abort()  # whatever is not sent yet nobody waits for
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(type(error).__name__) from None

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._at.scheme == "unix":
            return await asyncio.open_unix_connection(self._at.path, limit=LONGEST_REPLY)
        return await asyncio.open_connection(self._at.hostname, self._at.port or PORT, limit=LONGEST_REPLY)


async def _send(writer: asyncio.StreamWriter, content: bytes | None) -> None:
    """The file in pieces, each after its length; a piece of no length ends it."""
    if content is not None:
        for start in range(0, len(content), CHUNK_BYTES):
            piece = content[start : start + CHUNK_BYTES]
            writer.write(_LENGTH.pack(len(piece)) + piece)
            await writer.drain()
        writer.write(_LENGTH.pack(0))
    await writer.drain()
