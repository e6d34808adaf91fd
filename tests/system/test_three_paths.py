"""One history, three ways: embedded, through Kafka with a broker that dies, and rebuilt from the logs.

It is that of 2025 with its reorganisations; the year 2023 goes the same three ways in both demonstrations.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.demo import checking, embedded
from deploy.ground import on_settings
from deploy.house import open_house
from deploy.performing import Outcome, perform
from deploy.remote import Remote
from deploy.sample import REORGANISED, SEED
from deploy.script import Line, parse
from deploy.servers.kafka import Broker
from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from shared import commands
from shared.config import SERVICES, load
from shared.config import Installation as Settings
from tests.support.absent import absent
from tests.support.installation import installation

FAULTS: Final[Mapping[int, str]] = {60: "while a line is performed", 120: "after a line", 180: "before a line"}


class Faulty(Remote):
    """The three services, whose broker dies around some lines and comes back."""

    broker: Broker
    survived = 0

    async def ask(self, line: Line, body: commands.Body) -> Outcome:
        fault = FAULTS.get(line.number)
        if fault == "before a line":
            await self._die()
            await self.broker.start()
        elif fault == "while a line is performed":
            await self._die()
        outcome = await super().ask(line, body)
        if fault == "after a line":
            await self._die()
        if not self.broker.running:
            await self.broker.start()
        return outcome

    async def _die(self) -> None:
        await self.broker.kill()
        self.survived += 1


def quietly(_step: str) -> None:
    """Nobody watches a test."""


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(400)
async def test_one_history_by_three_paths_ends_in_equal_state(tmp_path: Path) -> None:
    """`check` rebuilds every read model and compares it with the live one: the third path, in both installations."""
    await embedded.play(REORGANISED, tmp_path / "embedded", tmp_path / "one", quietly)
    try:
        async with installation(temporary_directory(), seed=SEED) as house:
            await house.start()
            given: dict[str, Any] = {name.removeprefix("DOITHOAI_").lower(): value for name, value in house.environment.items()}
            ground = on_settings(load(Settings, **given))
            playing = Faulty([ground.settings.url_of(service) for service in SERVICES], ground.service_token)
            playing.broker = house.servers.broker
            await perform(parse(REORGANISED.path.read_bytes(), REORGANISED.script), playing)
            await playing.close()
            assert playing.survived == len(FAULTS)
            await house.stop()
            async with open_house(ground) as opened:
                await checking.check(opened, REORGANISED, tmp_path / "two", quietly)
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)
    for name in checking.FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
