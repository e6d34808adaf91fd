"""The sample that follows a unit's topic, run as a department would."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from deploy.sample import follow_unit
from deploy.servers.kafka import Broker
from deploy.unit_topics import Opened

SECONDS: Final = 60


async def followed(kafka: Broker, user: Opened, position: int, wanted: int) -> tuple[list[str], str]:
    """What the sample says until it has said so many lines, or ends; and why it ended."""
    sample = str(Path(follow_unit.__file__))
    process = await asyncio.create_subprocess_exec(
        sys.executable, sample, kafka.for_units, user.user, user.password, user.topic, str(position),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    said: list[str] = []
    async with asyncio.timeout(SECONDS):
        while len(said) < wanted and (line := await process.stdout.readline()):
            said.append(line.decode().strip())
        if len(said) == wanted:
            process.terminate()
        _, err = await process.communicate()
    return said, err.decode()
