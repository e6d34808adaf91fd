"""Servers of the test session: started once, absent ones skipped by name, and a failure where CI=true."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.support import postgres as pg
from tests.support.absent import absent

pytest_plugins = ["tests.support.kafka_fixtures"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL with the installation's two roles."""
    directory = pg.temporary_directory()
    try:
        server = pg.server(directory)
        asyncio.run(server.start())
    except pg.PostgresAbsent as reason:
        absent(f"PostgreSQL: {reason}")
    asyncio.run(pg.make_roles(server.address))
    yield server.address
    asyncio.run(server.stop())
    pg.remove(directory)


@pytest.fixture
def database_name(postgres: str) -> str:
    """An empty database of its own."""
    name = f"t_{uuid4().hex[:12]}"
    asyncio.run(pg.make_database(postgres, name))
    return name
