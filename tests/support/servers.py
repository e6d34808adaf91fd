"""`make servers`: PostgreSQL and Kafka on loopback under `.servers/`, until Ctrl-C."""

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy import topics
from shared.eventlog.schema import APP_ROLE
from tests.support import kafka, postgres
from tests.support.kafka import Broker
from tests.support.kafka_jars import KafkaAbsent

DIRECTORY: Final = Path(__file__).resolve().parents[2] / ".servers"
DATABASES: Final = ("intake", "assignment", "reporting", "vault", "access")


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
        await topics.apply(broker.bootstrap)
        yield Servers(
            postgres=f"postgresql+asyncpg://{APP_ROLE}@{database.address}",
            postgres_owner=f"postgresql+asyncpg://{postgres.OWNER}@{database.address}",
            kafka=broker.bootstrap,
            broker=broker,
        )
    finally:
        await asyncio.gather(database.stop(), broker.stop())


async def main() -> None:
    """Run them, say how to reach them, and stop both on Ctrl-C."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with servers(DIRECTORY) as running:
        for name, value in running.environment.items():
            print(f"export {name}={value}", flush=True)
        print("PostgreSQL and Kafka are running; Ctrl-C stops them", file=sys.stderr, flush=True)
        await ended.wait()
    shutil.rmtree(DIRECTORY, ignore_errors=True)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (KafkaAbsent, postgres.PostgresAbsent) as reason:
        sys.exit(str(reason))
