"""A scanner on loopback that speaks clamd's protocol, and finds one thing harmful."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

HARM: Final = b"HARMFUL-7319"


class Daemon:
    """What was sent to it, and how it behaves: `limit` is the largest file it takes, `silent` one that never replies."""

    def __init__(self, *, limit: int = 1_000_000, silent: bool = False, reply: bytes | None = None) -> None:
        self.limit, self.silent, self.reply = limit, silent, reply
        self.files: list[bytes] = []
        self.pieces: list[int] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command = await reader.readuntil(b"\0")
        reply = b"UNKNOWN COMMAND"
        if command == b"zPING\0":
            reply = b"PONG"
        elif command == b"zINSTREAM\0":
            reply = await self._stream(reader)
        if not self.silent:
            writer.write((self.reply or reply) + b"\0")
            await writer.drain()
        else:
            await reader.read()

    async def _stream(self, reader: asyncio.StreamReader) -> bytes:
        content = b""
        while length := struct.unpack(">I", await reader.readexactly(4))[0]:
            self.pieces.append(length)
            content += await reader.readexactly(length)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.files.append(content)
        return b"stream: Sample.Thing-1 FOUND" if HARM in content else b"stream: OK"


@asynccontextmanager
async def listening(daemon: Daemon, socket: Path | None = None) -> AsyncIterator[str]:
    """Its address while it listens: a socket of the machine where a path is given, else a port of loopback."""
    if socket is not None:
        server = await asyncio.start_unix_server(daemon.serve, socket)
        address = f"unix://{socket}"
    else:
        server = await asyncio.start_server(daemon.serve, "127.0.0.1", 0)
        address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield address
