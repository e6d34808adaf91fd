"""Bearer tokens: made once, checked on every request without a query, revoked within seconds everywhere."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update

from shared.clock import Clock, micros
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.schema import ACCESS_TOKEN
from shared.ids import Ids, base32
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


class Tokens:
    """The tokens of one tenant, in the database `access`."""

    def __init__(self, tenant: str, database: Database, *, ids: Ids, clock: Clock) -> None:
        self._tenant, self._database, self._ids, self._clock = tenant, database, ids, clock
        self._remembered: dict[str, tuple[float, bytes, Token, Subject]] = {}

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
        if found is None or found[0] < time.monotonic():
            found = await self._look_up(token_id)
        if found is None or not hmac.compare_digest(found[1], hashlib.sha256(given.encode()).digest()):
            return None
        now = micros(self._clock.now())
        if found[2].revoked_at is not None or found[2].expires_at <= now:
            return None
        if found[2].used_at is None or found[2].used_at + USED_EVERY < now:
            await self._note_use(token_id, now)
        return found[3]

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

    async def _look_up(self, token_id: str) -> tuple[float, bytes, Token, Subject] | None:
        query = select(ACCESS_TOKEN).where(ACCESS_TOKEN.c.id == token_id, ACCESS_TOKEN.c.tenant == self._tenant)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        token = _token(row)
        subject = Subject(
            person=token.person, tenant=self._tenant, office=token.office, unit=token.unit, capacities=token.capacities
        )
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        found = (time.monotonic() + REMEMBER_SECONDS, bytes(row["secret_hash"]), token, subject)
        self._remembered[token_id] = found
        return found

    async def _note_use(self, token_id: str, now: int) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(ACCESS_TOKEN).where(ACCESS_TOKEN.c.id == token_id).values(used_at=now))
        self._remembered.pop(token_id, None)


def _token(row: Mapping[Any, Any]) -> Token:
    values = dict(row)
    return Token(
        capacities=frozenset(Role(code) for code in values["capacities"].split()),
        **{
            name: values[name] for name in ("id", "person", "office", "unit", "created_at", "expires_at", "revoked_at", "used_at")
        },
    )
