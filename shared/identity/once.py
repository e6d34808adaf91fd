"""What opens once: whoever comes with it a second time, at whichever process, is refused."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from shared.clock import Clock, micros
from shared.database import Database
from shared.identity.schema import USED_ONCE


class Once:
    """The used ones of one tenant, in the database `access`, for as long as they could be tried again."""

    def __init__(self, tenant: str, database: Database, *, clock: Clock) -> None:
        self._tenant, self._database, self._clock = tenant, database, clock

    async def use(self, secret: str, *, within: timedelta) -> bool:
        """Whether this is the first use; after `within` it opens nothing anyway."""
        now = micros(self._clock.now())
        row = {
            "tenant": self._tenant,
            "id": hashlib.sha256(secret.encode()).hexdigest(),
            "until": now + int(within.total_seconds()) * 1_000_000,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(delete(USED_ONCE).where(USED_ONCE.c.tenant == self._tenant, USED_ONCE.c.until < now))
                await connection.execute(insert(USED_ONCE), row)
        except IntegrityError:
            return False
        return True
