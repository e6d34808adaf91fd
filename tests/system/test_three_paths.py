"""One history, three ways: embedded, through Kafka with a broker that dies, and rebuilt from the logs."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from deploy import sample
from deploy.demo import checking, embedded
from deploy.ground import on_settings
from deploy.house import open_house
from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from shared.config import Installation as Settings
from shared.config import load
from tests.support.absent import absent
from tests.support.installation import installation

FILES: Final = (checking.FIGURES, checking.HASHES)


def quietly(_step: str) -> None:
    """Nobody watches a test."""


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(400)
async def test_one_history_by_three_paths_ends_in_equal_state(tmp_path: Path) -> None:
    """`check` rebuilds every read model and compares it with the live one: the third path, in both installations."""
    await embedded.play(tmp_path / "embedded", tmp_path / "one", quietly)
    try:
        async with installation(temporary_directory(), seed=sample.SEED) as house:
            await house.start()
            playing = asyncio.create_task(house.verb("do", str(sample.script())))
            for _ in range(3):
                await asyncio.sleep(5)
                await house.servers.broker.kill()
                await house.servers.broker.start()
            assert not playing.done()
            await playing
            await house.stop()
            given = {name.removeprefix("DOITHOAI_").lower(): value for name, value in house.environment.items()}
            async with open_house(on_settings(load(Settings, **given))) as opened:
                await checking.check(opened, tmp_path / "two", quietly)
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
