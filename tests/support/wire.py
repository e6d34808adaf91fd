"""A wire to a server that can be cut at a chosen moment, on the way there or on the way back, or swallow what goes over it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Wire:
    """Forwards TCP on loopback. `address` is `host:port`."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = host, int(port)
        self._cut_next: str | None = None
        self._cut_on = False
        self._black_holes: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._forwarding: set[asyncio.Task[None]] = set()
        self.cuts = 0

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut_next_request(self) -> None:
        """What is sent next never arrives, and its connection ends."""
        self._cut_next = "request"

    def cut_next_answer(self) -> None:
        """What is sent next arrives and is done, and its connection ends instead of the answer."""
        self._cut_next = "answer"

    def cut_all_requests(self) -> None:
        """Nothing arrives any more, until it is mended."""
        self._cut_next, self._cut_on = "request", True

    def mend(self) -> None:
        """Everything arrives again."""
        self._cut_next, self._cut_on = None, False

    def swallow(self) -> None:
        """What goes over the connections that stand now gets lost from here on, without a word; new ones are well."""
        self._black_holes |= self._open

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._target)
        both = (writer, there_writer)
        self._open.update(both)
        for way, source, sink in (("request", reader, there_writer), ("answer", there_reader, writer)):
            task = asyncio.create_task(self._forward(way, source, sink, both))
            self._forwarding.add(task)
            task.add_done_callback(self._forwarding.discard)

    async def _forward(
        self,
        way: str,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        both: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                if self._cut_next == way:
                    self._cut_next = self._cut_next if self._cut_on else None
                    self.cuts += 1
                    break
                if sink in self._black_holes:
                    continue
                sink.write(data)
                await sink.drain()
        for end in both:
            self._open.discard(end)
            end.close()

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in [*self._forwarding]:
            task.cancel()
        await asyncio.gather(*self._forwarding, return_exceptions=True)


@asynccontextmanager
async def wire(target: str) -> AsyncIterator[Wire]:
    """A wire to `target`, `host:port`."""
    made = Wire(target)
    made._server = await asyncio.start_server(made._accept, "127.0.0.1", 0)
    try:
        yield made
    finally:
        await made.stop()
