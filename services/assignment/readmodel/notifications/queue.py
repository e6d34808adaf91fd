"""Mail that waits for its hour: entered once for each fact and person, put into letters, settled when they are sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.assignment.readmodel.notifications.kept import notice_mail, notice_seen
from services.assignment.readmodel.notifications.views import MailState
from shared.clock import instant, micros
from shared.database import Database

AT_ONCE: Final = 50  # letters of one round
MOST_OF_ONE: Final = 500  # notices of one letter
M: Final = notice_mail.c
S: Final = notice_seen.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A letter that is due: to whom, of how much, and until when the first of it is due; `opens` where it is one thing."""

    letter: str
    person: str
    count: int
    due: date
    opens: str | None
    attempts: int


class MailQueue:
    """The queue of one tenant."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database, self._tenant = database, tenant

    async def enter(self, event: str, person: str, notice: Mapping[str, Any], *, now: datetime, send_at: datetime) -> None:
        """A notice waits for its hour; entered before, it is left as it is."""
        values = {
            "tenant": self._tenant,
            "event": event,
            "person": person,
            **{name: notice[name] for name in ("opens", "kind", "due_day", "position")},
            "state": MailState.QUEUED.value,
            "send_at": micros(send_at),
            "attempts": 0,
            "queued_at": micros(now),
        }
        async with self._database.write() as connection:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            put: Any = insert(notice_mail).values(values)
            await connection.execute(put.on_conflict_do_nothing())

    async def next_due(self) -> datetime | None:
        """When the first of it is to be sent."""
        asked = select(func.min(M.send_at)).where(*self._queued())
        async with self._database.read() as connection:
            found = (await connection.execute(asked)).scalar()
        return instant(found) if found is not None else None

    async def due(self, now: datetime) -> Sequence[Waiting]:
        """The letters to be sent by now, at most fifty; what was looked at meanwhile is told no more."""
        await self._drop_seen(now)
        asked = select(M.person).where(*self._queued(), M.send_at <= micros(now)).distinct().order_by(M.person).limit(AT_ONCE)
        async with self._database.read() as connection:
            people = (await connection.execute(asked)).scalars().all()
        for person in people:
            await self._put_into_letters(person, now)
        return await self._letters(people, now)

    async def settle(self, letter: str, state: MailState, now: datetime) -> None:
        """It was sent, or never will be."""
        of = (*self._queued(), M.letter == letter)
        async with self._database.write() as connection:
            await connection.execute(update(notice_mail).where(*of).values(state=state.value, settled_at=micros(now)))

    async def claim(self, waiting: Waiting, until: datetime) -> bool:
        """Take a letter for this try; false where somebody else has. Unless it is settled, it is due again at `until`."""
        of = (*self._queued(), M.letter == waiting.letter, M.attempts == waiting.attempts)
        tried = {"attempts": waiting.attempts + 1, "send_at": micros(until)}
        async with self._database.write() as connection:
            return bool((await connection.execute(update(notice_mail).where(*of).values(tried))).rowcount)

    async def _drop_seen(self, now: datetime) -> None:
        """Only of what is in no letter yet: one that was tried may have been sent."""
        looked = and_(S.tenant == M.tenant, S.person == M.person, S.opens == M.opens, S.position >= M.position)
        of = (*self._queued(), M.letter.is_(None), select(S.person).where(looked).exists())
        dropped = {"state": MailState.DROPPED.value, "settled_at": micros(now)}
        async with self._database.write() as connection:
            await connection.execute(update(notice_mail).where(*of).values(dropped))

    async def _put_into_letters(self, person: str, now: datetime) -> None:
        """What is due and in no letter becomes one, before it is tried."""
        loose = (*self._queued(), M.person == person, M.letter.is_(None), M.send_at <= micros(now))
        async with self._database.write() as connection:
            events = (
                (await connection.execute(select(M.event).where(*loose).order_by(M.event).limit(MOST_OF_ONE))).scalars().all()
            )
            if events:
                letter = hashlib.sha256("/".join((self._tenant, person, *events)).encode()).hexdigest()
                await connection.execute(update(notice_mail).where(*loose, M.event.in_(events)).values(letter=letter))

    async def _letters(self, people: Sequence[str], now: datetime) -> Sequence[Waiting]:
        mine = (*self._queued(), M.person.in_(people), M.letter.is_not(None), M.send_at <= micros(now))
        things = func.count(M.opens.distinct())
        asked = (
            select(M.letter, M.person, func.min(M.due_day).label("due"))
            .add_columns(things.label("things"), func.min(M.opens).label("opens"), func.max(M.attempts).label("attempts"))
            .where(*mine)
            .group_by(M.letter, M.person)
            .order_by(func.min(M.send_at), M.letter)
            .limit(AT_ONCE)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).mappings().all() if people else []
        return [
            Waiting(
                letter=row["letter"],
                person=row["person"],
                count=row["things"],
                due=date.fromisoformat(row["due"]),
                opens=row["opens"] if row["things"] == 1 else None,
                attempts=row["attempts"],
            )
            for row in rows
        ]

    def _queued(self) -> tuple[Any, ...]:
        return (M.tenant == self._tenant, M.state == MailState.QUEUED.value)
