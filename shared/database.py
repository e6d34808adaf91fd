"""One database of a service: where transactions begin, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared import sqlite
from shared.config import DEFAULT_POOL_SIZE
from shared.row_security import SETTING

LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 30_000
CONNECT_SECONDS = 10  # a host that answers nothing is no reason to wait a minute, the driver's default
_IMMEDIATE = "doithoai_immediate"  # a transaction that will write takes SQLite's write lock at once, and waits for it


class Database:
    """An engine with four ways in: `read` for questions, `stream` for long ones, `write` for a transaction, `once` for one write.

    SQLite has one writer; `write` queues writers of this process fairly, so that none meets a busy database.
    On PostgreSQL the application's connections see rows of `tenant` alone (`row_security`).
    """

    def __init__(self, url: str, *, tenant: str = "", pool_size: int = DEFAULT_POOL_SIZE) -> None:
        self.url = make_url(url)
        self.engine: AsyncEngine = _engine(url, tenant, pool_size)
        # A question needs no transaction of its own: without, it is one round trip instead of three.
        self._reading = (
            _sqlite(url, reading=True)
            if self.dialect == "sqlite"
            else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        )
        self.write_lock = asyncio.Lock()
        self.commits = 0  # transactions of ours that may have written, on SQLite

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.get_backend_name()

    @property
    def alone(self) -> bool:
        """Whether nobody but us writes here, so that what was read holds as long as `commits` has not grown.

        The one process that owns a data directory has each file of it open for writing once.
        """
        return self.dialect == "sqlite" and self.url.query.get("mode") != "ro"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading. Each statement sees what was committed when it began."""
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading results of any size row by row, in one transaction that is rolled back."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end, rolled back on an error."""
        if self.dialect == "sqlite":
            async with self.write_lock, self.engine.connect() as opened:
                connection = await opened.execution_options(**{_IMMEDIATE: True})
                try:
                    async with connection.begin():
                        yield connection
                finally:
                    self.commits += 1  # whatever came of it: a commit may be done though we were cancelled waiting for it
        else:
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def once(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that writes: committed with it, in one round trip where the database can."""
        async with self.write() if self.dialect == "sqlite" else self._reading.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()
        await self._reading.dispose()


def _engine(url: str, tenant: str, pool_size: int) -> AsyncEngine:
    if url.startswith("sqlite"):
        return _sqlite(url)
    return create_async_engine(
        url,
        # None beyond the pool: those would be closed after each use, and a connection costs a process, its cache of
        # plans and the statements prepared on it. The one used last is the warmest.
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_pre_ping=False,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "server_settings": {
                "application_name": "doithoai",
                SETTING: tenant,
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
            },
        },
    )


def _sqlite(url: str, *, reading: bool = False) -> AsyncEngine:
    """An engine over a file; one for `reading` begins no transactions, and its connections can change nothing."""
    without: dict[str, Any] = {"skip_autocommit_rollback": True, "pool_reset_on_return": None} if reading else {}
    engine = create_async_engine(url, connect_args={"timeout": 30, "async_creator_fn": sqlite.Connection}, **without)
    pragmas = ("query_only=ON",) if reading else ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection, _record) -> None:  # type: ignore[no-untyped-def]
        # pysqlite begins transactions late and lets readers upgrade to writers, which ends in SQLITE_BUSY:
        # transactions are begun by us, explicitly.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if reading:
        return engine

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_IMMEDIATE) else "BEGIN")

    return engine
