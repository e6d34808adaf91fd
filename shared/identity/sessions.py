"""Sessions in the browser: begun by signing in, kept in the database, ended by time, by hand, or with the account."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, insert, or_, select, update

from shared.clock import Clock, micros
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import Account, Post
from shared.identity.refusals import SignInRefused
from shared.identity.schema import ACCOUNT, ACCOUNT_CHOICE, ACCOUNT_POST, WEB_SESSION
from shared.permit import Subject

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
SEEN_EVERY: Final = 60_000_000  # microseconds between notes of use
SECRET_BYTES: Final = 32
ASKED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in, acting from which post."""

    id: str
    name: str
    subject: Subject
    must_change: bool
    begun_at: int
    seen_at: int
    single_keys: bool = True
    by_provider: bool = False
    others: tuple[Post, ...] = ()  # from which the account may act too


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A session as its owner or an operator sees it; `id` ends it and signs nobody in."""

    id: str
    name: str
    office: str
    unit: str
    begun_at: int
    seen_at: int


class Sessions:
    """The sessions of one tenant, in the database `access`."""

    def __init__(self, tenant: str, database: Database, *, clock: Clock) -> None:
        self._tenant, self._database, self._clock = tenant, database, clock

    async def begin(
        self, account: Account, *, instead_of: str | None = None, acting: Subject | None = None, by_provider: bool = False
    ) -> str:
        """A new session from the post that one was `acting` from, else the account's first; one that was carried before ends.

        Its secret is for the cookie alone.

        Raises:
            SignInRefused: the account was locked or got another password since it was looked up.

        """
        secret = secrets.token_urlsafe(SECRET_BYTES)
        of = (acting.office, acting.unit) if acting is not None else None
        now, post = self._now(), next((each for each in account.posts if (each.office, each.unit) == of), account.posts[0])
        row = {
            "id": _id(secret), "tenant": self._tenant, "name": account.name, "office": post.office, "unit": post.unit,
            "begun_at": now, "seen_at": now, "by_provider": by_provider,
        }  # fmt: skip
        stands = select(ACCOUNT.c.changed_at).where(
            ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.name == account.name, ACCOUNT.c.locked_at.is_(None)
        )
        async with self._database.write() as connection:
            if (await connection.execute(stands)).scalar() != account.changed_at:
                raise SignInRefused
            over = or_(WEB_SESSION.c.ended_at.is_not(None), *self._timed_out(now), WEB_SESSION.c.id == _id(instead_of or ""))
            await connection.execute(delete(WEB_SESSION).where(WEB_SESSION.c.tenant == self._tenant, over))
            await connection.execute(insert(WEB_SESSION), row)
        return secret

    async def find(self, secret: str, *, attended: bool = True) -> Session | None:
        """Who carries this secret, or None: unknown, ended, left alone for half an hour, begun twelve hours ago, locked out.

        What a page asks by itself, not `attended` by anybody, does not keep the session from ending.
        """
        async with self._database.read() as connection:
            row = (await connection.execute(self._held().where(WEB_SESSION.c.id == _id(secret)))).mappings().one_or_none()
            if row is None:
                return None
            posts = (await connection.execute(self._posts_beside(row))).mappings().all()
        now = self._now()
        if attended and row["seen_at"] + SEEN_EVERY < now:
            async with self._database.write() as connection:
                await connection.execute(update(WEB_SESSION).where(WEB_SESSION.c.id == row["id"]).values(seen_at=now))
        kept = {each: row[each] for each in ("id", "name", "begun_at", "seen_at")}
        by_provider = bool(row["by_provider"])
        return Session(
            subject=self._subject(row),
            single_keys=row["single_keys"] is not False,
            must_change=row["must_change"] and not by_provider,  # whoever signs in elsewhere may never have had it
            by_provider=by_provider,
            others=tuple(Post(office=each["office"], unit=each["unit"], capacities=_roles(each)) for each in posts),
            **kept,
        )

    def _posts_beside(self, row: Mapping[Any, Any]) -> Select[Any]:
        here = (ACCOUNT_POST.c.office == row["office"]) & (ACCOUNT_POST.c.unit == row["unit"])
        of = (ACCOUNT_POST.c.tenant == self._tenant, ACCOUNT_POST.c.name == row["name"], ~here)
        return select(ACCOUNT_POST).where(*of).order_by(ACCOUNT_POST.c.office, ACCOUNT_POST.c.unit)

    def _held(self) -> Select[Any]:
        """The sessions that hold, with what is known of who carries them."""
        return (
            select(WEB_SESSION, ACCOUNT.c.person, ACCOUNT.c.must_change, ACCOUNT_POST.c.capacities, ACCOUNT_CHOICE.c.single_keys)
            .join(ACCOUNT, (ACCOUNT.c.tenant == WEB_SESSION.c.tenant) & (ACCOUNT.c.name == WEB_SESSION.c.name))
            .join(
                ACCOUNT_POST,
                (ACCOUNT_POST.c.tenant == WEB_SESSION.c.tenant)
                & (ACCOUNT_POST.c.name == WEB_SESSION.c.name)
                & (ACCOUNT_POST.c.office == WEB_SESSION.c.office)
                & (ACCOUNT_POST.c.unit == WEB_SESSION.c.unit),
            )
            .outerjoin(
                ACCOUNT_CHOICE,
                (ACCOUNT_CHOICE.c.tenant == WEB_SESSION.c.tenant) & (ACCOUNT_CHOICE.c.name == WEB_SESSION.c.name),
            )
            .where(*self._open(), ACCOUNT.c.locked_at.is_(None))
        )

    def _subject(self, row: Mapping[Any, Any]) -> Subject:
        return Subject(
            person=row["person"],
            tenant=self._tenant,
            office=row["office"],
            unit=row["unit"],
            capacities=_roles(row),
        )

    async def still_open(self, ids: Collection[str]) -> dict[str, Subject]:
        """Those of these sessions that hold, each with the post it acts from; asking keeps none of them from ending."""
        found, asked = dict[str, Subject](), sorted(ids)
        async with self._database.read() as connection:
            for n in range(0, len(asked), ASKED_AT_ONCE):
                some = self._held().where(WEB_SESSION.c.id.in_(asked[n : n + ASKED_AT_ONCE]))
                found |= {row["id"]: self._subject(row) for row in (await connection.execute(some)).mappings()}
        return found

    async def act_from(self, session: Session, post: Post) -> None:
        """Go on from another post of the same account.

        Raises:
            Unknown: the account has no such post.

        """
        of = (
            ACCOUNT_POST.c.tenant == self._tenant,
            ACCOUNT_POST.c.name == session.name,
            ACCOUNT_POST.c.office == post.office,
            ACCOUNT_POST.c.unit == post.unit,
        )
        async with self._database.write() as connection:
            if (await connection.execute(select(ACCOUNT_POST.c.unit).where(*of))).one_or_none() is None:
                raise Unknown("post")
            mine = update(WEB_SESSION).where(WEB_SESSION.c.id == session.id)
            await connection.execute(mine.values(office=post.office, unit=post.unit))

    async def list(self, name: str | None = None) -> list[Listed]:
        """The sessions that hold, of one account or of all, newest first."""
        which = [] if name is None else [WEB_SESSION.c.name == name]
        query = select(WEB_SESSION).where(*self._open(), *which).order_by(WEB_SESSION.c.begun_at.desc())
        kept = ("id", "name", "office", "unit", "begun_at", "seen_at")
        async with self._database.read() as connection:
            return [Listed(**{each: row[each] for each in kept}) for row in (await connection.execute(query)).mappings()]

    async def end(self, id: str, *, name: str) -> bool:
        """End one session of an account; whether there was one to end."""
        return await self._end(WEB_SESSION.c.id == id, WEB_SESSION.c.name == name) == 1

    async def end_all(self, name: str, *, but: str | None = None) -> int:
        """Sign an account out everywhere, or everywhere but in one session; how many ended."""
        return await self._end(WEB_SESSION.c.name == name, *([] if but is None else [WEB_SESSION.c.id != but]))

    async def _end(self, *which: Any) -> int:
        async with self._database.write() as connection:
            changed = await connection.execute(update(WEB_SESSION).where(*self._open(), *which).values(ended_at=self._now()))
        return changed.rowcount

    def _open(self) -> tuple[Any, ...]:
        return (
            WEB_SESSION.c.tenant == self._tenant,
            WEB_SESSION.c.ended_at.is_(None),
            *(~over for over in self._timed_out(self._now())),
        )

    def _timed_out(self, now: int) -> tuple[Any, ...]:
        return WEB_SESSION.c.seen_at < now - _micros(IDLE), WEB_SESSION.c.begun_at < now - _micros(LONGEST)

    def _now(self) -> int:
        return micros(self._clock.now())


def _roles(row: Mapping[Any, Any]) -> frozenset[Role]:
    return frozenset(Role(code) for code in row["capacities"].split())


def _id(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _micros(span: timedelta) -> int:
    return int(span.total_seconds()) * 1_000_000
