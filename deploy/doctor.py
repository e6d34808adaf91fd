"""What is wrong with an installation, and how to mend it."""

import shutil
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import httpx2
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from deploy import keeping
from deploy import topics as declared_topics
from deploy.directory import HASH_KEY, KEYRING, MARKER, DataDirectory, WrongDirectory
from deploy.ground import DATABASES, Ground, ground_of
from deploy.house import reading
from deploy.working import PAPERS
from shared import migrations, row_security
from shared.blobs.place import PlaceUnavailable
from shared.blobs.scanner import Clamd
from shared.config import SERVICES, WrongSettings
from shared.database import Database
from shared.eventlog.port import LogUnavailable
from shared.papers.keeping import PaperFiles, keeper
from shared.subscriptions.follower import Status
from shared.subscriptions.parking import PARKED

State = Literal["ok", "warn", "fail"]
FREE_BYTES: Final = 512 * 1024 * 1024
DATABASES_OF_A_SERVICE: Final = 3  # its own, the vault, access
BESIDE_THE_POOLS: Final = 4  # sessions of one process that hold a lock: who relays, who does the jobs
OLDEST_SQLITE: Final = (3, 38, 0)
MOST_NAMED: Final = 10
HALTED: Final = {
    "another-incarnation": "the source is another log than the one it followed: put the right database back, then `rebuild`",
    "source-shorter-than-cursor": "the source was put back to an earlier state: restore all databases of one moment",
    "another-history": "the source tells another history than before: restore all databases of one moment, then `verify`",
    "newer-event": "an event is newer than this code: upgrade",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, what was found, what to do about it."""

    state: State
    what: str
    found: str
    mend: str = ""


async def examine(data: Path | None, tenant: str | None) -> list[Finding]:
    """Everything that can be seen without changing anything."""
    try:
        ground = ground_of(data, tenant)
    except (WrongSettings, WrongDirectory) as error:
        return [Finding("fail", "installation", "cannot be opened", str(error))]
    found = [_python(), Finding("ok", "installation", f"{ground.where}, tenant {ground.tenant}, {ground.clock} clock")]
    if ground.home is not None:
        found += _files(ground.home)
    schemas = [await _schema(ground, name) for name in DATABASES]
    found += schemas
    if all(each.state == "ok" for each in schemas):
        found += [await connections(ground)] if ground.home is None else []
        found += await _house(ground)
    if ground.scanner is not None:
        found.append(await _scanner(ground.scanner, ground.settings.clamd))
    if ground.home is None:
        found += [await _service(ground, name) for name in SERVICES]
        found += await _kafka(ground)
    return found


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("fail", "SQLite", sqlite3.sqlite_version, "use a Python with SQLite 3.38 or newer")
    return Finding("ok", "Python", f"{version}, SQLite {sqlite3.sqlite_version}")


def _files(home: DataDirectory) -> list[Finding]:
    found = []
    for name in (MARKER, HASH_KEY, KEYRING):
        path = home.path / name
        if not path.exists():
            found.append(
                Finding("fail", name, "missing", "put it back from the backup of the keys; without it words stay closed")
            )
        elif path.stat().st_mode & 0o077:
            found.append(Finding("fail", name, "others on this machine can read it", f"chmod 600 {path}"))
        else:
            found.append(Finding("ok", name, "there, and private"))
    free = shutil.disk_usage(home.path).free
    mend = "" if free > FREE_BYTES else "make room before the disk is full"
    found.append(Finding("warn" if mend else "ok", "disk", f"{free // 1_048_576} MiB free", mend))
    owner = home.owner()
    found.append(Finding("ok", "owner", f"`doithoai {owner.verb}`, process {owner.pid}" if owner else "nobody holds it"))
    return found


async def _schema(ground: Ground, name: str) -> Finding:
    if ground.home is not None and not ground.home.database(name).exists():
        return Finding(
            "fail", f"database {name}", "missing", "put it back with `doithoai restore`, or make it with `doithoai migrate`"
        )
    database = Database(ground.url(name, read_only=ground.home is not None), tenant=ground.tenant)
    try:
        current = await migrations.is_current(database, name)
        async with database.read() as connection:
            held = await connection.run_sync(row_security.is_held)
    except migrations.NewerSchema as error:
        return Finding("fail", f"database {name}", "a newer schema", str(error))
    except (SQLAlchemyError, OSError) as error:
        mend = "put it back with `doithoai restore`" if ground.home else "start PostgreSQL, or correct DOITHOAI_POSTGRES"
        return Finding("fail", f"database {name}", f"does not answer ({type(error).__name__})", mend)
    finally:
        await database.close()
    if current and not held:
        mend = "DOITHOAI_POSTGRES must name a role that owns no table and is no superuser (deploy/README.md)"
        return Finding("fail", f"database {name}", "no row security holds the services", mend)
    return (
        Finding("ok", f"database {name}", "current")
        if current
        else Finding("fail", f"database {name}", "an older schema", "run `doithoai migrate`")
    )


async def _house(ground: Ground) -> list[Finding]:
    found = []
    try:
        async with reading(ground) as house:
            for name, log in house.logs.items():
                head = await log.head()
                found.append(Finding("ok", f"log {name}", f"{head.position} events"))
            for name, following in house.followings.items():
                for follower in following.followers:
                    await follower.load()
                    await follower.check()
                    found.append(_subscription(name, follower.status()))
            parked = await keeping.letters(house, PARKED)
            found += [await _issued(name, service.queries.files) for name, service in house.services.items() if name in PAPERS]
    except LogUnavailable as error:
        return [*found, Finding("fail", "logs", str(error), "run `doithoai migrate`, then `doithoai init`")]
    mend = "see `doithoai dlq list`, mend the cause, then `doithoai dlq requeue`" if parked else ""
    return [*found, Finding("fail" if parked else "ok", "parked events", str(len(parked)), mend)]


async def _issued(service: str, files: PaperFiles) -> Finding:
    """Whether everything that a service has issued lies there as it was issued."""
    what = f"issued papers of {service}"
    try:
        missing = await files.missing()
    except PlaceUnavailable:
        return Finding("fail", what, "the place of files does not answer", "mount it, or correct DOITHOAI_BLOBS")
    except SQLAlchemyError:
        return Finding(
            "warn", what, "not known: their list is not made yet", "serve it, or run any writing command, such as `do`"
        )
    if missing.lost:
        mend = "put the place of files back with `doithoai restore`, or from its own backup"
        return Finding("fail", what, f"files lost, though not erased: {_some(missing.lost)}", mend)
    if missing.unkept:
        mend = f"see `doithoai dlq list`, mend the cause, then `doithoai dlq requeue {keeper(service)}`; else let its process run"
        return Finding("warn", what, f"not kept yet: {_some(missing.unkept)}", mend)
    return Finding("ok", what, "kept as issued, and there")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


def _subscription(service: str, status: Status) -> Finding:
    what = f"{service}/{status.subscription} on {status.source}"
    if status.state == "halted":
        return Finding("fail", what, status.reason, HALTED.get(status.reason, "see the log lines of its process"))
    behind = status.head - status.position
    if behind:
        return Finding("warn", what, f"{behind} events behind", "let its process run; embedded, any writing command catches up")
    return Finding("ok", what, f"at {status.position}")


async def connections(ground: Ground) -> Finding:
    """Whether PostgreSQL has room for the pools of one process a service, filled to the last connection."""
    database = Database(ground.url("access"), tenant=ground.tenant, pool_size=1)
    room = "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    ours = "select count(*) from pg_stat_activity where application_name like 'doithoai%'"
    try:
        async with database.read() as connection:
            most, used = (await connection.execute(text(f"select {room}, ({ours})"))).one()
    except (SQLAlchemyError, OSError) as error:
        return Finding("fail", "connections", f"PostgreSQL does not answer ({type(error).__name__})", "start PostgreSQL")
    finally:
        await database.close()
    pool = ground.settings.pool_size
    needed = len(SERVICES) * (DATABASES_OF_A_SERVICE * pool + BESIDE_THE_POOLS)
    found = f"{used} in use, {needed} at most with one process a service, room for {most}"
    if needed <= most:
        return Finding("ok", "connections", found)
    fitting = (most // len(SERVICES) - BESIDE_THE_POOLS) // DATABASES_OF_A_SERVICE
    return Finding(
        "warn", "connections", found, f"set `max_connections` of PostgreSQL to {needed + 10}, or DOITHOAI_POOL_SIZE to {fitting}"
    )


async def _scanner(scanner: Clamd, address: str) -> Finding:
    if await scanner.answers():
        return Finding("ok", "virus scanner", address)
    mend = "start clamd, or correct DOITHOAI_CLAMD; until it answers no file is given out, and none is lost"
    return Finding("warn", "virus scanner", f"{address} does not answer", mend)


async def _service(ground: Ground, name: str) -> Finding:
    url = ground.settings.url_of(name)
    try:
        async with httpx2.AsyncClient(timeout=3) as client:
            answer = await client.get(f"{url}/readyz")
    except httpx2.HTTPError as error:
        return Finding(
            "fail", f"service {name}", f"{url}: {type(error).__name__}", f"start `doithoai run {name}`, or correct its URL"
        )
    state = str(answer.json().get("state"))
    mend = "" if state == "ok" else f"see `{url}/readyz` for the part that is not well"
    return Finding("ok" if state == "ok" else "warn" if answer.status_code == 200 else "fail", f"service {name}", state, mend)


async def _kafka(ground: Ground) -> list[Finding]:
    bootstrap = ground.settings.kafka
    if not bootstrap:
        return [
            Finding(
                "warn",
                "Kafka",
                "DOITHOAI_KAFKA is not set",
                "services read each other's logs over HTTP; set it for more than a few",
            )
        ]
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        missing = sorted(set(declared_topics.read().topics) - set(await admin.list_topics()))
    except (KafkaError, OSError) as error:
        return [
            Finding(
                "fail", "Kafka", f"{bootstrap}: {type(error).__name__}", "start it, or correct DOITHOAI_KAFKA; nothing is lost"
            )
        ]
    finally:
        await admin.close()
    if missing:
        return [Finding("fail", "topics", f"missing: {', '.join(missing)}", "run `doithoai topics apply`")]
    return [Finding("ok", "Kafka", bootstrap)]
