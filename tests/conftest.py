"""Servers of the test session: started once, absent ones skipped by name, and a failure where CI=true."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any
from uuid import uuid4

import pytest

from deploy.collector import spare_what_stands
from deploy.servers import postgres as pg
from tests.support.absent import absent

pytest_plugins = ["tests.support.kafka_fixtures"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker begin with modules that may take long: one of them at the end keeps all but one waiting."""
    workers, usual = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), float(config.getini("timeout"))
    modules = [list(tests) for _, tests in groupby(items, key=lambda item: item.nodeid.partition("::")[0])]
    longest = [max(float(mark.args[0]) for test in tests for mark in _timeouts(test, usual)) for tests in modules]
    long = sorted((each for each in zip(longest, modules, strict=True) if each[0] > usual), key=lambda each: -each[0])
    rest = [test for may_take, tests in zip(longest, modules, strict=True) if may_take <= usual for test in tests]
    dealt: list[pytest.Item] = []
    for worker in range(workers):  # each is given a share of the list as it stands
        share = (len(items) - len(dealt)) // (workers - worker)
        begun = [test for _, tests in long[worker::workers] for test in tests]
        rest, taken = rest[max(share - len(begun), 0) :], rest[: max(share - len(begun), 0)]
        dealt += begun + taken
    items[:] = dealt + rest


def _timeouts(test: pytest.Item, usual: float) -> list[pytest.Mark]:
    return [*test.iter_markers("timeout")] or [pytest.mark.timeout(usual).mark]


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
