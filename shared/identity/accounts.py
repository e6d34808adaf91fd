"""Local accounts: who signs in with a name and a password, for which person of the directory, from which posts."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, micros
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.attempts import Attempts
from shared.identity.passwords import Checking, hashed, refuse_weak
from shared.identity.refusals import NameTaken, SignInRefused, WrongPassword
from shared.identity.schema import ACCOUNT, ACCOUNT_CHOICE, ACCOUNT_POST, WEB_SESSION
from shared.ids import base32

NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,38})[a-z0-9]")
OF_SAMPLES: Final = "sample-"  # how the names begin that `set_up` alone gives away


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """From where a person acts, and in which capacities."""

    office: str
    unit: str
    capacities: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account without its password. Instants in microseconds since 1970 UTC."""

    name: str
    person: str
    posts: tuple[Post, ...]
    must_change: bool
    created_at: int
    changed_at: int
    locked_at: int | None


class Accounts:
    """The accounts of one tenant, in the database `access`."""

    def __init__(self, tenant: str, database: Database, *, clock: Clock, attempts: Attempts | None = None) -> None:
        self._tenant, self._database, self._clock = tenant, database, clock
        self._attempts = attempts or Attempts()
        self._checking = Checking()

    async def create(self, name: str, *, person: str, post: Post) -> str:
        """A new account with its first password, seen only here; it is to be changed at the first sign-in.

        Raises:
            Invalid: `name` has not the form of a sign-in name or is a sample's; a post without a capacity that a person can hold.
            NameTaken

        """
        if not NAME.fullmatch(name) or name.startswith(OF_SAMPLES):
            raise Invalid("name")
        now, password = micros(self._clock.now()), self._first()
        row = {
            "tenant": self._tenant, "name": name, "person": person, "password": await hashed(password),
            "must_change": True, "created_at": now, "changed_at": now,
        }  # fmt: skip
        async with self._database.write() as connection:
            if await self._row(connection, name) is not None:
                raise NameTaken("name")
            await connection.execute(insert(ACCOUNT), row)
            await self._put_post(connection, name, post)
        return password

    async def set_up(self, seats: Mapping[str, tuple[str, Post]]) -> str:
        """The accounts of a sample, by name: all are opened by one new password, seen only here, and need not change it.

        Accounts of these names that were there are these people's now, and whoever was signed in is signed out.

        Raises:
            Invalid: no sign-in name of a sample, or a post without a capacity that a person can hold.

        """
        now, password = micros(self._clock.now()), self._first()
        opened: dict[str, Any] = {"password": await hashed(password), "must_change": False}
        for name, (person, post) in seats.items():
            if not NAME.fullmatch(name) or not name.startswith(OF_SAMPLES):
                raise Invalid("name")
            if not await self._set(name, person=person, locked_at=None, **opened):
                row = {"tenant": self._tenant, "name": name, "person": person, "created_at": now, "changed_at": now, **opened}
                async with self._database.write() as connection:
                    await connection.execute(insert(ACCOUNT), row)
            async with self._database.write() as connection:
                of = (ACCOUNT_POST.c.tenant == self._tenant, ACCOUNT_POST.c.name == name)
                await connection.execute(delete(ACCOUNT_POST).where(*of))
                await self._put_post(connection, name, post)
        return password

    async def take_down(self) -> None:
        """Lock what `set_up` opened: nobody signs in with a printed password any more, and whoever was is signed out."""
        for account in await self._accounts(ACCOUNT.c.name.startswith(OF_SAMPLES), ACCOUNT.c.locked_at.is_(None)):
            await self.lock(account.name)

    async def add_post(self, name: str, post: Post) -> None:
        """Let an account act from one more post, or in other capacities from one it has.

        Raises:
            Unknown: no such account.
            Invalid: no capacity that a person can hold.

        """
        async with self._database.write() as connection:
            if await self._row(connection, name) is None:
                raise Unknown("name")
            await self._put_post(connection, name, post)

    async def take_post(self, name: str, *, office: str, unit: str) -> None:
        """Let an account act from a post no more; sessions that acted from it end. Without any, nobody signs in with it.

        Raises:
            Unknown: no such account, or it has no such post.

        """
        of = [ACCOUNT_POST.c.tenant == self._tenant, ACCOUNT_POST.c.name == name]
        acting = [WEB_SESSION.c.tenant == self._tenant, WEB_SESSION.c.name == name, WEB_SESSION.c.ended_at.is_(None)]
        of += [ACCOUNT_POST.c.office == office, ACCOUNT_POST.c.unit == unit]
        acting += [WEB_SESSION.c.office == office, WEB_SESSION.c.unit == unit]
        async with self._database.write() as connection:
            if not (await connection.execute(delete(ACCOUNT_POST).where(*of))).rowcount:
                raise Unknown("post")
            await connection.execute(update(WEB_SESSION).where(*acting).values(ended_at=micros(self._clock.now())))

    async def reset(self, name: str) -> str:
        """A new first password; all sessions end, and an account that was locked opens again.

        Raises:
            Unknown: no such account.

        """
        password = self._first()
        if not await self._set(name, password=await hashed(password), must_change=True, locked_at=None):
            raise Unknown("name")
        return password

    async def lock(self, name: str) -> None:
        """Nobody signs in with it any more, and its sessions end.

        Raises:
            Unknown: no such account.

        """
        if not await self._set(name, locked_at=micros(self._clock.now())):
            raise Unknown("name")

    async def check(self, name: str, password: str, *, address: str) -> Account:
        """The account that a name and a password open; every attempt counts, also of names that nobody has.

        Raises:
            SignInTooOften: for this name, or from this address.
            SignInRefused

        """
        typed = name.strip().lower()[:40]
        await self._attempts.count(typed, address)
        async with self._database.read() as connection:
            row = await self._row(connection, typed)
        held = await self._checking.holds(password, row["password"] if row else None)
        if row is None or not held or row["locked_at"] is not None:
            raise SignInRefused
        await self._attempts.forget(typed, address)
        found = await self.find(typed)
        if found is None or not found.posts or found.changed_at != row["changed_at"]:  # another password since
            raise SignInRefused
        return found

    async def change(self, name: str, *, before: str, password: str, address: str) -> None:
        """Another password, by whoever knows the present one; all sessions of the account end.

        Raises:
            SignInTooOften, WrongPassword, PasswordTooWeak

        """
        kept = await self._owned(name, before, address)
        refuse_weak(password, name=name, before=before)
        if not await self._set(name, was=kept, password=await hashed(password), must_change=False):
            raise WrongPassword("before")  # it was reset in the meantime

    async def confirm(self, name: str, *, before: str, address: str) -> None:
        """Whoever is about to change how an account is opened knows its password.

        Raises:
            SignInTooOften, WrongPassword

        """
        await self._owned(name, before, address)

    async def choose(self, name: str, *, single_keys: bool) -> None:
        """Whether single letters press what the pages of this account offer."""
        at = (ACCOUNT_CHOICE.c.tenant == self._tenant, ACCOUNT_CHOICE.c.name == name)
        async with self._database.write() as connection:
            if not (await connection.execute(update(ACCOUNT_CHOICE).where(*at).values(single_keys=single_keys))).rowcount:
                chosen = {"tenant": self._tenant, "name": name, "single_keys": single_keys}
                await connection.execute(insert(ACCOUNT_CHOICE), chosen)

    async def find(self, name: str) -> Account | None:
        """The account of this name."""
        return next((account for account in await self._accounts(ACCOUNT.c.name == name)), None)

    async def list(self) -> tuple[Account, ...]:
        """All accounts, by name."""
        return await self._accounts()

    async def _accounts(self, *which: Any) -> tuple[Account, ...]:
        query = select(ACCOUNT).where(ACCOUNT.c.tenant == self._tenant, *which).order_by(ACCOUNT.c.name)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
            names = [row["name"] for row in rows]
            of = (ACCOUNT_POST.c.tenant == self._tenant, ACCOUNT_POST.c.name.in_(names))
            ordered = select(ACCOUNT_POST).where(*of).order_by(ACCOUNT_POST.c.office, ACCOUNT_POST.c.unit)
            found = (await connection.execute(ordered)).mappings().all()
        posts: dict[str, list[Post]] = {}
        for row in found:
            held = frozenset(Role(code) for code in row["capacities"].split())
            posts.setdefault(row["name"], []).append(Post(office=row["office"], unit=row["unit"], capacities=held))
        kept = ("name", "person", "must_change", "created_at", "changed_at", "locked_at")
        return tuple(Account(posts=tuple(posts.get(row["name"], ())), **{each: row[each] for each in kept}) for row in rows)

    async def _owned(self, name: str, before: str, address: str) -> str:
        """What is kept of the password that its owner gave."""
        who = f"change {name}"  # counted apart: whoever fails to sign in with a name keeps nobody from changing its password
        await self._attempts.count(who, address)
        async with self._database.read() as connection:
            row = await self._row(connection, name)
        if row is None or not await self._checking.holds(before, row["password"]):
            raise WrongPassword("before")
        await self._attempts.forget(who, address)
        return str(row["password"])

    async def _row(self, connection: AsyncConnection, name: str) -> Any:
        query = select(ACCOUNT).where(ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.name == name)
        return (await connection.execute(query)).mappings().one_or_none()

    async def _set(self, name: str, *, was: str | None = None, **values: Any) -> bool:
        """Change how an account is opened, if its password still is what it `was`; whoever was let in before signs in again."""
        now = micros(self._clock.now())
        account = [ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.name == name]
        account += [ACCOUNT.c.password == was] if was is not None else []
        sessions = (WEB_SESSION.c.tenant == self._tenant, WEB_SESSION.c.name == name, WEB_SESSION.c.ended_at.is_(None))
        async with self._database.write() as connection:
            changed = await connection.execute(update(ACCOUNT).where(*account).values(changed_at=now, **values))
            if changed.rowcount:
                await connection.execute(update(WEB_SESSION).where(*sessions).values(ended_at=now))
        return bool(changed.rowcount)

    async def _put_post(self, connection: AsyncConnection, name: str, post: Post) -> None:
        if not post.capacities or Role.SYSTEM in post.capacities:
            raise Invalid("capacity")
        key = {"tenant": self._tenant, "name": name, "office": post.office, "unit": post.unit}
        held = " ".join(sorted(post.capacities))
        at = [ACCOUNT_POST.c[column] == value for column, value in key.items()]
        if not (await connection.execute(update(ACCOUNT_POST).where(*at).values(capacities=held))).rowcount:
            await connection.execute(insert(ACCOUNT_POST), {**key, "capacities": held})

    def _first(self) -> str:
        return "-".join(base32(secrets.token_bytes(4), 5).lower() for _ in range(4))
