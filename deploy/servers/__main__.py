"""`make servers`: PostgreSQL and Kafka on loopback under `.servers/`, until Ctrl-C."""

import asyncio
import secrets
import shutil
import signal
import sys
from pathlib import Path
from typing import Final

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.local import servers
from deploy.servers.postgres import PostgresAbsent

DIRECTORY: Final = Path(__file__).resolve().parents[2] / ".servers"
SECRETS: Final = ("DOITHOAI_MASTER_KEY", "DOITHOAI_HASH_KEY", "DOITHOAI_SERVICE_TOKEN")


async def main() -> None:
    """Run them, say how to reach them, and stop both on Ctrl-C."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with servers(DIRECTORY) as running:
        # New databases, new secrets: what the old ones sealed is gone with the servers of the last time.
        for name, value in {**running.environment, **{name: secrets.token_hex(32) for name in SECRETS}}.items():
            print(f"export {name}={value}", flush=True)
        print("PostgreSQL and Kafka are running; Ctrl-C stops them", file=sys.stderr, flush=True)
        await ended.wait()
    shutil.rmtree(DIRECTORY, ignore_errors=True)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (KafkaAbsent, PostgresAbsent) as reason:
        sys.exit(str(reason))
