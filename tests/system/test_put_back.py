"""One service's database put back to an earlier state, the others not: whoever had read further notices and says so."""

import asyncio
import json
import os
from pathlib import Path
from typing import Final

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import make_url

from deploy.backup import HOW_TO_BACK_UP, HOW_TO_RESTORE
from deploy.directory import DATABASES
from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import OWNER, PostgresAbsent, temporary_directory, tools
from shared.config import SERVICES
from shared.eventlog.schema import APP_ROLE
from tests.support.absent import absent
from tests.support.clerks import House, caught_up, desks
from tests.support.installation import Installation, embedded, installation

PATIENCE_SECONDS: Final = 60.0
WINDOW: Final = ("--office", "VPUB", "--from", "2026-01-01", "--to", "2027-12-31")
READERS: Final = {
    "intake": (
        *("assignment/cases", "assignment/open-cases", "assignment/open-submissions", "assignment/give-rounds"),
        "assignment/attachments",
        *("reporting/milestone", "reporting/lock-reports"),
    ),
    "assignment": (
        *("intake/opinions", "intake/submissions", "intake/consolidations", "intake/receipts"),
        *("intake/record-receipts", "intake/record-quarantines", "intake/intake_directory"),
        *("reporting/milestone", "reporting/reporting_directory", "reporting/reports", "reporting/lock-reports"),
    ),
}
TABLES: Final = "select tablename::text, tableowner::text from pg_tables where schemaname = 'public'"
# An assignment service that was put back opens the lost cases anew: then its log is no longer short, but another one.
REASONS: Final = {"source-shorter-than-cursor", "another-history"}


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", READERS)
async def test_an_older_file_in_the_data_directory_is_noticed(tmp_path: Path, database: str) -> None:
    async with embedded(tmp_path) as house:
        await _put_back(house, database)
        await _is_noticed(house, database)


@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_read_models_that_were_put_back_read_again_what_they_lost(tmp_path: Path) -> None:
    """There is nothing in the reporting service's own log; its cursors were put back with its tables."""
    async with embedded(tmp_path) as house:
        await _put_back(house, "reporting")
        await caught_up(house)
        figures = json.loads(await house.verb("figures", *WINDOW, "--json"))
        assert (figures["total"]["B1"], figures["total"]["I"]) == (4, 4)
        await house.verb("rebuild", "milestone", "--check")
        await house.verb("verify")


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(400)
@pytest.mark.parametrize("database", READERS)
async def test_an_older_database_on_the_server_is_noticed(database: str) -> None:
    try:
        async with installation(temporary_directory()) as house:
            await _put_back(house, database)
            await _is_noticed(house, database)
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(400)
async def test_all_databases_of_one_moment_go_on_as_if_nothing_had_been_since() -> None:
    """The way that `restore` tells: all five databases, and the topics made anew."""
    try:
        async with installation(temporary_directory()) as house:
            await _live(house)
            for database in DATABASES:
                await house.set_aside(database)
            await _live(house)
            for database in DATABASES:
                await house.put_back(database)
            await _delete_topics(house.servers.kafka, [f"{service}.log" for service in SERVICES])
            await house.verb("topics", "apply")
            await house.verb("migrate")
            await house.verb("verify")
            await _live(house)
            received = await house.rows("intake", "select type, count(*) from event where type = 'opinion.received' group by 1")
            assert received == {"opinion.received": 4}
            await house.start()
            await caught_up(house)
            await house.verb("doctor")
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_what_stands_on_the_server_is_copied_and_put_back_by_the_commands_that_are_told(tmp_path: Path) -> None:
    try:
        async with installation(temporary_directory()) as house:
            before = {database: await house.rows(database, TABLES) for database in DATABASES}
            assert OWNER in before["assignment"].values()
            assert APP_ROLE not in before["assignment"].values()
            await _by_the_tools(house, HOW_TO_BACK_UP, tmp_path)
            await _by_the_tools(house, HOW_TO_RESTORE, tmp_path)
            assert {database: await house.rows(database, TABLES) for database in DATABASES} == before
            await house.verb("migrate")
            await house.verb("verify")
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


async def _by_the_tools(house: Installation, told: str, folder: Path) -> None:
    """Carry out the command that a text tells for each NAME, as whom it says."""
    [command] = [line.strip() for line in told.splitlines() if "--dbname=NAME" in line]
    owner = make_url(house.servers.postgres_owner)
    where = {"PGHOST": str(owner.host), "PGPORT": str(owner.port), "PGUSER": "postgres", "PGDATABASE": "postgres"}
    environment = {**os.environ, **where, "PATH": f"{tools()}{os.pathsep}{os.environ['PATH']}"}
    for database in DATABASES:
        done = await asyncio.create_subprocess_shell(
            command.replace("NAME", database).replace("OWNER", str(owner.username)),
            cwd=folder,
            env=environment,
            stderr=asyncio.subprocess.PIPE,
        )
        _, trouble = await done.communicate()
        assert (done.returncode, trouble.decode()) == (0, "")


async def _delete_topics(bootstrap: str, names: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.delete_topics(names)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while set(names) & set(await admin.list_topics()):  # noqa: ASYNC110 - it is another process's
            await asyncio.sleep(0.2)
    await admin.close()


async def _put_back(house: House, database: str) -> None:
    """Opinions live; a copy is made; more live; the copy takes the place of the database, and all go on."""
    await _live(house)
    await house.set_aside(database)
    await _live(house)
    assert (await house.ask("verify")).code == 0
    await house.put_back(database)
    await house.start()


async def _live(house: House) -> None:
    await house.start()
    await caught_up(house)
    async with desks(house, 2) as clerks:
        await asyncio.gather(*(clerk.live() for clerk in clerks))
    await caught_up(house)
    await house.stop()


async def _is_noticed(house: House, database: str) -> None:
    readers = {reader.partition("/")[0] for reader in READERS[database]}
    async with asyncio.timeout(PATIENCE_SECONDS):
        for name in readers:
            while (await house.health(name))["parts"][f"{name} subscriptions"] == "ok":  # noqa: ASYNC110 - it is another process's
                await asyncio.sleep(0.2)
    for name in SERVICES:
        assert (await house.health(name))["ready"]

    examined = await house.ask("doctor", "--json")
    assert examined.code == 1
    found = {row["what"]: row for row in json.loads(examined.out) if row["state"] == "fail"}
    for reader in READERS[database]:
        row = found[f"{reader} on {database}/sonla"]
        assert row["found"] in REASONS
        assert "restore all databases of one moment" in row["mend"]

    verified = await house.ask("verify", "--json")
    assert verified.code == 1
    faults = {report["log"]: report["faults"] for report in json.loads(verified.out)}
    assert {fault["kind"] for fault in faults[f"{database}/sonla"]} <= {"log-short", "cursor-differs"}
    holders = {fault["what"].split(" has read ")[0] for fault in faults[f"{database}/sonla"]}
    assert holders == {reader.partition("/")[2] for reader in READERS[database]}
