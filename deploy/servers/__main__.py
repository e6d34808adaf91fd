"""`make servers`: PostgreSQL and Kafka on loopback under `.servers/`, until Ctrl-C."""

import asyncio
import shutil
import signal
import sys
from pathlib import Path
from typing import Final

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.local import fresh_secrets, servers
from deploy.servers.postgres import PostgresAbsent

DIRECTORY: Final = Path(__file__).resolve().parents[2] / ".servers"


async def main() -> None:
    """Run them, say how to reach them, and stop both on Ctrl-C."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with servers(DIRECTORY) as running:
        for name, value in {**running.environment, **fresh_secrets()}.items():
            print(f"export {name}={value}", flush=True)
        print("PostgreSQL and Kafka are running; Ctrl-C stops them", file=sys.stderr, flush=True)
        await ended.wait()
    shutil.rmtree(DIRECTORY, ignore_errors=True)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (KafkaAbsent, PostgresAbsent) as reason:
        sys.exit(str(reason))
