"""One of several processes leads: a session lock of PostgreSQL on a connection of its own."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

# A process whose machine vanished keeps its lock until the server gives its connection up: after about 25 s.
SESSION: Final = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}


class LostLeadership(Exception):
    """The lock's connection is gone, and with it the lock."""


class Leadership:
    """Being the one, as long as the connection lives."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Make sure that the session that holds the lock is still there.

        Raises:
            LostLeadership

        """
        try:
            await self._connection.execute(text("select 1"))
        except (SQLAlchemyError, OSError) as error:
            raise LostLeadership from error


@asynccontextmanager
async def try_to_lead(url: URL, purpose: str) -> AsyncIterator[Leadership | None]:
    """Leadership for `purpose` in that database, or None while another session holds it. Ends with the block.

    The connection must not go through a pooler that hands sessions around.
    """
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": {"application_name": f"doithoai {purpose}"[:63], **SESSION}},
    )
    try:
        async with engine.connect() as connection:
            taken = await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": lock_key(purpose)})
            yield Leadership(connection) if taken else None
    finally:
        await engine.dispose()


def lock_key(purpose: str) -> int:
    """The 64-bit number of an advisory lock."""
    return int.from_bytes(hashlib.sha256(f"doithoai/lock/{purpose}".encode()).digest()[:8], "big", signed=True)
