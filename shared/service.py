"""What a service is made of, and what the house hands it: the seam between `app.build` and whoever runs it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from shared.blobs.store import Blobs
from shared.clock import Clock
from shared.database import Database
from shared.desk import Desk
from shared.directory.queries import Directories
from shared.eventlog.port import EventLog, LogReader
from shared.feeds.foreign import ForeignTopic
from shared.feeds.outlet import Outlet
from shared.ids import Ids
from shared.keys import KeyedHash
from shared.mail.outlet import MailOutlet
from shared.permit import Subject
from shared.subscriptions.declared import Subscription
from shared.vault.port import Vault
from shared.web.rooms import Room

Holders = Callable[[str], Awaitable[Sequence[Subject]]]  # a person as he acts from each of his posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """Everything a service stands on, for one tenant."""

    service: str
    tenant: str
    clock: Clock
    ids: Ids
    keyed: KeyedHash
    database: Database  # the service's own: log, checkpoints, read models
    log: EventLog  # its own log
    logs: Mapping[str, LogReader]  # by service, its own among them
    vault: Vault
    blobs: Blobs | None = None  # files; none where nothing here handles them
    outlet: Outlet | None = None  # where messages leave for those outside; none where nothing leaves
    holders: Holders | None = None  # who people are when they are not signed in
    mail: MailOutlet | None = None  # where mail leaves; none where none does
    origin: str = ""  # where people find the pages

    @property
    def files(self) -> Blobs:
        """The files; without a place, where nothing here handles them."""
        return self.blobs or Blobs(None, tenant=self.tenant, vault=self.vault, keyed=self.keyed, ids=self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that falls due by itself: `next_due` says when (None: nothing is waiting), `run` does what is due at `now`."""

    name: str
    next_due: Callable[[datetime], Awaitable[datetime | None]]
    run: Callable[[datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service as built: what it serves, follows, and does by the clock."""

    name: str
    kernel: Kernel
    desk: Desk
    directories: Directories  # its copy of the directory
    routes: Callable[[], APIRouter]  # made when they are served: a command on a command line would wait for them
    subscriptions: Sequence[Subscription]
    topics: Sequence[ForeignTopic] = ()  # what others write to the broker for this service
    jobs: Sequence[Job] = ()
    rooms: Callable[[], Sequence[Room]] = tuple  # its pages, made when they are served
    queries: Any = None  # the service's readmodel.queries bound to its database, for the command line
