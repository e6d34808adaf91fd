"""Notices that go out by mail: put into the queue by a dispatch, sent by a job when the office works."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from services.assignment.readmodel.notifications.hours import is_open, opens_after, send_at
from services.assignment.readmodel.notifications.matrix import MAILED, Channel, Kind, matrix_on
from services.assignment.readmodel.notifications.posts import Posts
from services.assignment.readmodel.notifications.projections import NOTIFICATIONS_PROJECTION
from services.assignment.readmodel.notifications.queries import Notifications
from services.assignment.readmodel.notifications.queue import MailQueue, Waiting
from services.assignment.readmodel.notifications.reaching import Reaching
from services.assignment.readmodel.notifications.views import MailState
from shared.calendar import Calendar, local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Refused
from shared.database import Database
from shared.directory.queries import Directories, DirectoryNotYet
from shared.eventlog.records import Recorded
from shared.mail.outlet import Bounced, Letter, MailOutlet, ServerAway
from shared.service import Job
from shared.subscriptions import checkpoints
from shared.subscriptions.declared import Dispatch, Message

LOOKS: Final = 50
LOOK_SECONDS: Final = 0.02
NEWS: Final = timedelta(days=1)  # what is older is news to nobody: mail that is turned on later begins with today
AGAIN: Final = timedelta(minutes=5)
AGAIN_AT_MOST: Final = timedelta(hours=2)
MOST_TRIES: Final = 20  # some two working days
PEOPLE: Final = "people"
PAGES: Final = {"case": "cases", "session": "sessions", "meeting": "meetings"}

_log = structlog.get_logger()


class NoticesNotYet(TimeoutError):
    """The read model has not come so far yet: it is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What mail for people stands on. `origin` is where he finds the pages."""

    database: Database
    tenant: str
    clock: Clock
    directories: Directories
    notifications: Notifications
    reaching: Reaching
    queue: MailQueue
    posts: Posts
    outlet: MailOutlet
    origin: str

    def dispatch(self) -> Dispatch:
        """Puts what a fact tells people into the queue, once for each of them who wants mail."""

        async def put(message: Message) -> None:
            await self._queue(message.body["event"], message.body["position"], instant(message.body["at"]))

        return Dispatch(name="mail-notices", sources=("assignment",), events=MAILED, messages=notices_of, send=put)

    def job(self) -> Job:
        """Sends what is due while the office works."""
        return Job(name="send-mail", next_due=self.next_due, run=self.run)

    async def next_due(self, now: datetime) -> datetime | None:
        """The first hour of the office at which something waits."""
        first = await self.queue.next_due()
        if first is None or first > now:
            return first
        calendar = await self._calendar(now)
        return now if is_open(now, calendar) else opens_after(now, calendar)

    async def run(self, now: datetime) -> int:
        """Send what is due; how many letters were sent."""
        if not is_open(now, await self._calendar(now)):
            return 0
        return sum([await self._send(each, now) for each in await self.queue.due(now)])

    async def _queue(self, event: str, position: int, at: datetime) -> None:
        now = self.clock.now()
        if now - at > NEWS:
            return
        await self._wait_for(position)
        matrix = matrix_on(local_day(at))
        made = await self.notifications.made_at(position)
        notices = [each for each in made if matrix.by_mail(each["fact"], Kind(each["kind"]))]
        if not notices:
            return
        calendar = await self._calendar(now)
        for person in await self.reaching.mailed():
            posts = await self.posts.of(person)
            for notice in notices:
                if any([await self.notifications.may_be_told(each, notice) for each in posts]):
                    hour = send_at(now, date.fromisoformat(notice["due_day"]), calendar)
                    await self.queue.enter(event, person, notice, now=now, send_at=hour)

    async def _wait_for(self, position: int) -> None:
        """Until the notices hold what happened there.

        Raises:
            NoticesNotYet

        """
        for _ in range(LOOKS):
            async with self.database.read() as connection:
                stands = await checkpoints.load(connection, NOTIFICATIONS_PROJECTION.name, f"assignment/{self.tenant}")
            if stands.position >= position:
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise NoticesNotYet(str(position))

    async def _send(self, waiting: Waiting, now: datetime) -> int:
        """Try one letter; whether it was sent."""
        if not await self.queue.claim(waiting, now + min(AGAIN * 2**waiting.attempts, AGAIN_AT_MOST)):
            return 0
        address = await self.reaching.address(waiting.person)
        if not address or not await self.posts.of(waiting.person):
            await self.queue.settle(waiting.letter, MailState.DROPPED, now)
            return 0
        try:
            await self.outlet.send(letter_of(waiting, address, self.outlet.host, self.origin))
        except Bounced as bounced:
            _log.warning("mail.bounced", reply=str(bounced))
            await self.queue.settle(waiting.letter, MailState.FAILED, now)
        except ServerAway as away:
            _log.warning("mail.server_away", reason=str(away), attempts=waiting.attempts + 1)
            if waiting.attempts + 1 >= MOST_TRIES:
                await self.queue.settle(waiting.letter, MailState.FAILED, now)
        else:
            await self.queue.settle(waiting.letter, MailState.SENT, self.clock.now())
            return 1
        return 0

    async def _calendar(self, now: datetime) -> Calendar | None:
        try:
            return (await self.directories.at(local_day(now))).calendar
        except (DirectoryNotYet, Refused):
            return None


def notices_of(recorded: Recorded) -> Sequence[Message]:
    """That the notices of this fact are to be mailed; to whom, the read model says."""
    record = recorded.record
    body = {"event": record.event_id.hex, "position": record.position, "at": record.recorded}
    return [Message(recipient=PEOPLE, channel=Channel.MAIL.value, body=body)]


def letter_of(waiting: Waiting, address: str, host: str, origin: str) -> Letter:
    """The letter: that there is something, until when, and where; nothing of what it is."""
    day = f"{waiting.due:%d/%m/%Y}"
    told = f"Có việc mới, hạn {day}" if waiting.opens else f"Có {waiting.count} việc mới, hạn gần nhất {day}"
    return Letter(
        id=f"{waiting.letter[:32]}@{host}",
        to=address,
        subject=told,
        text=f"{told}\n{origin}{path_of(waiting.opens) if waiting.opens else '/notifications'}\n",
    )


def path_of(opens: str) -> str:
    """The page of a case, dialogue, meeting or piece of work."""
    return f"/{PAGES.get(opens.partition('-')[0], 'tasks')}/{opens}"
