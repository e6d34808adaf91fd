"""Servers of the test session: started once, absent ones skipped by name, and a failure where CI=true."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from deploy.collector import spare_what_stands
from deploy.servers import postgres as pg
from tests.support.absent import absent

pytest_plugins = ["tests.support.kafka_fixtures"]


def pytest_collection_finish() -> None:
    """What was imported and collected stays."""
    spare_what_stands()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    # In a thread of its own: an async fixture may ask for these while its loop runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL with the installation's two roles."""
    directory = pg.temporary_directory()
    try:
        server = pg.server(directory)
        _apart(server.start())
    except pg.PostgresAbsent as reason:
        absent(f"PostgreSQL: {reason}")
    _apart(pg.make_roles(server.address))
    yield server.address
    _apart(server.stop())
    pg.remove(directory)


@pytest.fixture
def database_name(postgres: str) -> str:
    """An empty database of its own."""
    name = f"t_{uuid4().hex[:12]}"
    _apart(pg.make_database(postgres, name))
    return name
