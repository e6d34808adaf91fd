"""The `eventsourcing` library in its default (lock) mode, as its documentation sets it up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application

from deploy.servers.postgres import OWNER

NAME = "eventsourcing"


class Peer(Application[UUID]):
    """An application of the peer's."""


@contextmanager
def peer(environment: dict[str, str]) -> Iterator[Peer]:
    """Such an application, closed at the end."""
    application = Peer(env=environment)
    try:
        yield application
    finally:
        application.close()


def on_postgres(address: str, database: str) -> dict[str, str]:
    """Its settings for a database of its own on the same server."""
    host, _, port = address.partition(":")
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": database,
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": port,
        "POSTGRES_USER": OWNER,
        "POSTGRES_PASSWORD": "trusted",
        "POSTGRES_POOL_SIZE": "10",
    }


def on_sqlite(path: Path) -> dict[str, str]:
    """Its settings for a file; it sets WAL itself, and SQLite's default is synchronous=FULL."""
    return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}


def saved(application: Peer, *aggregates: Any) -> None:
    """Save what the aggregates hold."""
    application.save(*aggregates)
