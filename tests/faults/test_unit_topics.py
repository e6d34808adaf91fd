"""A unit's own topic of an installation at work, whose broker and whose service die meanwhile: nothing is missed."""

import csv
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from deploy.unit_topics import Opened
from shared.contracts.roles import Role
from tests.support.absent import absent
from tests.support.clerks import at_work, caught_up, desks
from tests.support.http import Wire
from tests.support.installation import Installation, installation
from tests.support.topics import followed

UNIT: Final = "TCHCQT"


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_what_a_units_system_reads_is_its_stream_whatever_died_meanwhile(tmp_path: Path) -> None:
    try:
        async with installation(temporary_directory(), DOITHOAI_UNIT_TOPICS="1") as house:
            await house.start()
            await house.directory_known()
            users = await users_of(house, tmp_path / "passwords.csv")
            async with desks(house, 3) as clerks:
                async with at_work(clerks):
                    await house.servers.broker.kill()
                    await house.servers.broker.start()
                    house.kill("assignment")
                    await house.start("assignment")
                await caught_up(house)
            expected = await over_http(house)
            assert len(expected) > 3
            said, err = await followed(house.servers.broker, users[UNIT], 0, len(expected))
            assert said == expected, err
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


async def users_of(house: Installation, file: Path) -> dict[str, Opened]:
    """The users that the verb makes, once for each unit of the directory."""
    await house.verb("topics", "apply", "--units", "--passwords", str(file))
    users = told(file)
    again = await house.ask("topics", "apply", "--units", "--passwords", str(file.with_suffix(".again")))
    assert again.code == 0
    assert "Everything is as declared." in again.out
    return users


def told(file: Path) -> dict[str, Opened]:
    assert file.stat().st_mode & 0o077 == 0
    with file.open(encoding="utf-8", newline="") as written:
        return {row["unit"]: Opened(**row) for row in csv.DictReader(written)}


async def over_http(house: Installation) -> list[str]:
    """The unit's stream, each item as the sample says it."""
    wire = Wire(house.ports["assignment"])
    headers = {"Authorization": f"Bearer {await house.token('tchcqt-01', UNIT, Role.UNIT_LEADER)}"}
    items: list[Any] = []
    while True:
        after = items[-1]["position"] if items else 0
        page = (await wire.ask("GET", f"/assignment/api/units/{UNIT}/tasks?after={after}", headers)).json()
        found = page["items"]
        if not found:
            await wire.close()
            return [f"{item['position']} {item['type']} {item['task']} {item['due']}" for item in items]
        items += found
