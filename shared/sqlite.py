"""Connections to SQLite files that go to a thread once for a statement: only it may have to wait for a disk or a lock."""

import asyncio
import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import aiosqlite
from aiosqlite.context import contextmanager

AT_ONCE: Final = 64  # rows that are fetched in the same go as the statement


class _Cursor(aiosqlite.Cursor):
    """A cursor whose statement comes back with its first rows, which are mostly all."""

    def __init__(self, connection: "Connection", cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._rows: list[Any] = []
        self._more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._rows, self._more = [], False
        self._rows = await self._execute(self._executed, sql, parameters or ())  # type: ignore[no-untyped-call]
        self._more = len(self._rows) == AT_ONCE
        return self

    def _executed(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchmany(AT_ONCE) if self._cursor.description is not None else []

    async def fetchall(self) -> Iterable[Any]:
        rows, self._rows = self._rows, []
        return [*rows, *await super().fetchall()] if self._more else rows

    async def fetchmany(self, size: int | None = None) -> Iterable[Any]:
        wanted = self.arraysize if size is None else size
        if not self._rows and self._more:
            return await super().fetchmany(wanted)
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def fetchone(self) -> Any:
        if self._rows:
            return self._rows.pop(0)
        return await super().fetchone() if self._more else None

    async def close(self) -> None:
        if self._connection.disturbed:
            await super().close()
        else:
            self._cursor.close()

    @property
    def _connection(self) -> "Connection":
        assert isinstance(self._conn, Connection)
        return self._conn


class Connection(aiosqlite.Connection):
    """One connection with its thread. Cursors are made and closed at once: neither touches the file."""

    disturbed = False  # somebody left while the thread was at work: from then on everything queues behind it

    def __init__(self, path: str, **kwargs: Any) -> None:
        super().__init__(partial(sqlite3.connect, path, **{**kwargs, "check_same_thread": False}), AT_ONCE)
        self._thread.daemon = True  # a process that ends does not wait for it

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        made = await self._execute(self._conn.cursor) if self.disturbed else self._conn.cursor()
        return _Cursor(self, made)

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self.disturbed = True
            raise
