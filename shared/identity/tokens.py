"""Bearer tokens: made once, checked on every request without a query, revoked within seconds everywhere."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, select, update

from shared.clock import Clock, micros
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.schema import ACCESS_TOKEN
from shared.ids import Ids, base32
from shared.look import Look
from shared.permit import Subject

PREFIX: Final = "dt"
REMEMBER_SECONDS: Final = 2.0  # how long a revoked token may still pass
USED_EVERY: Final = 60_000_000  # microseconds between notes of use
MOST_REMEMBERED: Final = 10_000
DEFAULT_LIFE: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as listed: everything but its secret. Instants in microseconds since 1970 UTC."""

    id: str
    person: str
    office: str
    unit: str
    capacities: frozenset[Role]
    created_at: int
    expires_at: int
    revoked_at: int | None
    used_at: int | None


class Known(NamedTuple):
    """A token as remembered for a while, with whoever holds it."""

    until: float  # of `time.monotonic`
    secret_hash: bytes
    token: Token
    subject: Subject


class Tokens:
    """The tokens of one tenant, in the database `access`."""

    def __init__(self, tenant: str, database: Database, *, ids: Ids, clock: Clock) -> None:
        self._tenant, self._database, self._ids, self._clock = tenant, database, ids, clock
        self._remembered: dict[str, Known] = {}
        self._look = Look(self._look_up)

    async def create(
        self,
        *,
        person: str,
        office: str,
        unit: str,
        capacities: Iterable[Role],
        life: timedelta = DEFAULT_LIFE,
        key: str | None = None,
    ) -> str:
        """A new token, whole: the only time its secret is seen. `key` tells seeded ones apart.

        Raises:
            ValueError: no capacity, or one that no person can hold.
        """
        held = frozenset(capacities)
        if not held or Role.SYSTEM in held:
            raise ValueError("a token needs at least one capacity, and `system` is the house's own")
        source = key or secrets.token_hex(16)
        token_id = base32(self._ids.bytes("token-id", source, 0, 10), 16).lower()
        secret = base32(self._ids.bytes("token-secret", source, 0, 25), 40).lower()
        now = micros(self._clock.now())
        row = {
            "id": token_id,
            "secret_hash": hashlib.sha256(secret.encode()).digest(),
            "tenant": self._tenant,
            "person": person,
            "office": office,
            "unit": unit,
            "capacities": " ".join(sorted(held)),
            "created_at": now,
            "expires_at": now + int(life.total_seconds()) * 1_000_000,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(ACCESS_TOKEN), row)
        return f"{PREFIX}_{token_id}_{secret}"

    async def subject(self, secret: str) -> Subject | None:
        """Who holds the token, or None: unknown, expired or revoked."""
        prefix, _, rest = secret.partition("_")
        token_id, _, given = rest.partition("_")
        if prefix != PREFIX or not token_id or not given:
            return None
        found = self._remembered.get(token_id)
        if found is None or found.until < time.monotonic():
            found = (await self._look.fresh(token_id)).get(token_id)
        if found is None or not hmac.compare_digest(found.secret_hash, hashlib.sha256(given.encode()).digest()):
            return None
        now, token = micros(self._clock.now()), found.token
        if token.revoked_at is not None or token.expires_at <= now:
            return None
        if token.used_at is None or token.used_at + USED_EVERY < now:
            await self._note_use(found, now)
        return found.subject

    async def list(self) -> list[Token]:
        """All tokens of the tenant, newest first."""
        query = select(ACCESS_TOKEN).where(ACCESS_TOKEN.c.tenant == self._tenant).order_by(ACCESS_TOKEN.c.created_at.desc())
        async with self._database.read() as connection:
            return [_token(row) for row in (await connection.execute(query)).mappings()]

    async def revoke(self, token_id: str) -> bool:
        """End a token; whether there was one to end."""
        at = (ACCESS_TOKEN.c.id == token_id, ACCESS_TOKEN.c.tenant == self._tenant, ACCESS_TOKEN.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            changed = await connection.execute(update(ACCESS_TOKEN).where(*at).values(revoked_at=micros(self._clock.now())))
        self._remembered.pop(token_id, None)
        return changed.rowcount == 1

    async def _look_up(self, token_ids: frozenset[str]) -> dict[str, Known]:
        query = select(ACCESS_TOKEN).where(ACCESS_TOKEN.c.id.in_(token_ids), ACCESS_TOKEN.c.tenant == self._tenant)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        until = time.monotonic() + REMEMBER_SECONDS
        found = {row["id"]: Known(until, bytes(row["secret_hash"]), _token(row), self._subject(row)) for row in rows}
        self._remembered |= found
        return found

    def _subject(self, row: Mapping[Any, Any]) -> Subject:
        return Subject(
            person=row["person"],
            tenant=self._tenant,
            office=row["office"],
            unit=row["unit"],
            capacities=_capacities(row),
        )

    async def _note_use(self, known: Known, now: int) -> None:
        # Remembered first: the others who come with it meanwhile need not note it again, one behind the other.
        token = replace(known.token, used_at=now)
        self._remembered[token.id] = known._replace(token=token)
        async with self._database.write() as connection:
            await connection.execute(update(ACCESS_TOKEN).where(ACCESS_TOKEN.c.id == token.id).values(used_at=now))


def _capacities(row: Mapping[Any, Any]) -> frozenset[Role]:
    return frozenset(Role(code) for code in row["capacities"].split())


def _token(row: Mapping[Any, Any]) -> Token:
    return Token(
        capacities=_capacities(row),
        **{name: row[name] for name in ("id", "person", "office", "unit", "created_at", "expires_at", "revoked_at", "used_at")},
    )
