"""Both servers of a distributed installation, empty, on loopback."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy import topics_applied
from deploy.directory import DATABASES
from deploy.servers import kafka, postgres
from deploy.servers.kafka import Broker
from shared.eventlog.schema import APP_ROLE

SECRETS: Final = ("DOITHOAI_MASTER_KEY", "DOITHOAI_HASH_KEY", "DOITHOAI_SERVICE_TOKEN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """What runs, as settings: URLs without a database, brokers as `host:port`."""

    postgres: str
    postgres_owner: str
    kafka: str
    broker: Broker  # to be killed, stopped and started by tests of faults

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point an installation at them."""
        return {
            "DOITHOAI_POSTGRES": self.postgres,
            "DOITHOAI_POSTGRES_OWNER": self.postgres_owner,
            "DOITHOAI_KAFKA": self.kafka,
        }


@asynccontextmanager
async def servers(directory: Path) -> AsyncIterator[Servers]:
    """Both servers with empty databases and the declared topics; gone with the block, and what they kept with them.

    Raises:
        KafkaAbsent, PostgresAbsent: one of them cannot be had on this machine.

    """
    await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    database = postgres.server(directory)
    broker = kafka.broker(directory / "kafka")
    try:
        await asyncio.gather(database.start(), broker.start())
        await postgres.make_roles(database.address)
        for name in DATABASES:
            await postgres.make_database(database.address, name)
        await topics_applied.apply(broker.bootstrap)
        yield Servers(
            postgres=f"postgresql+asyncpg://{APP_ROLE}@{database.address}",
            postgres_owner=f"postgresql+asyncpg://{postgres.OWNER}@{database.address}",
            kafka=broker.bootstrap,
            broker=broker,
        )
    finally:
        await asyncio.gather(database.stop(), broker.stop())


def fresh_secrets() -> dict[str, str]:
    """What an installation needs beside the servers: new for new databases, for what the old ones sealed is gone."""
    return {name: secrets.token_hex(32) for name in SECRETS}
