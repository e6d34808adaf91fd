"""Papers as they read now: put together from the read models, for whoever asks or for the house itself."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from shared.contracts.roles import Role
from shared.database import Database
from shared.decider import load
from shared.documents.layout.composition import Composition
from shared.documents.states import Document
from shared.eventlog.port import EventLog, LogUnavailable
from shared.papers.streams import DOCUMENT
from shared.permit import Subject
from shared.subscriptions import checkpoints

PAUSE_SECONDS: Final = 0.02
PROCESS: Final = "process:"  # no person's id has a colon: the access log tells the house from people
Compose = Callable[[Subject, str], Awaitable[Composition]]


def house_reader(tenant: str, office: str, *, name: str, purpose: str) -> Subject:
    """The house, reading all that the office's hub and head read; the access log has `process:<name>` and the purpose."""
    capacities = frozenset({Role.HUB, Role.CHIEF})
    person = f"{PROCESS}{name}"
    return Subject(person=person, tenant=tenant, office=office, unit=office, capacities=capacities, purpose=purpose)


class Composed:
    """Papers of one service and tenant as they read now.

    `compose` puts a paper's elements together for a reader; `copies` are the projections of the service's own log that it
    reads.
    """

    def __init__(
        self, compose: Compose, *, database: Database, log: EventLog, service: str, tenant: str, copies: Collection[str]
    ) -> None:
        self._compose, self._database, self._log = compose, database, log
        self._source, self._copies = f"{service}/{tenant}", frozenset(copies)
        self.service, self.tenant = service, tenant

    async def now(self, reader: Subject, document: str) -> Composition:
        """The paper as it reads when everything is known that stands in its stream.

        Raises:
            LogUnavailable: the read models have not come up to that yet; ask again soon.
            Unknown: it says nothing that may be read, such as of a matter that was quarantined.

        """
        await self.come_to(await self.stands_at(document))
        return await self._compose(reader, document)

    async def stands_at(self, document: str) -> int:
        """The log position of the last fact of the document; 0 where there is none."""
        return max((record.position for record in await self._log.read_stream(document)), default=0)

    async def come_to(self, position: int, *, within_seconds: float = 0.0) -> None:
        """Wait until the read models hold the service's log up to `position`.

        Raises:
            LogUnavailable: not within that time; ask again soon.

        """
        until = time.monotonic() + within_seconds
        while True:
            async with self._database.read() as connection:
                stand = await checkpoints.positions(connection, set(self._copies))
            behind = next((copy for copy in self._copies if stand.get((copy, self._source), 0) < position), None)
            if behind is None:
                return
            if time.monotonic() >= until:
                raise LogUnavailable(f"{behind} has not read {self._source} up to {position} yet")
            await asyncio.sleep(PAUSE_SECONDS)

    async def read(self, subject: Subject, document: str) -> Composition:
        """The paper as it reads now, for whoever asks.

        Raises:
            Unknown: it is not there, or not his to read.

        """
        return await self._compose(subject, document)

    async def state_of(self, document: str) -> Document:
        """How the document stands in the log."""
        state: Document = (await load(self._log, {document: DOCUMENT}))[document].state
        return state
