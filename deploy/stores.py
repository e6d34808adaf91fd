"""What an installation keeps, opened: databases, logs, vault, tokens, and the clock they share."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.directory import SCRIPT_START
from deploy.ground import DATABASES, Ground
from shared import migrations
from shared.clock import Clock, ScriptClock, SystemClock, instant
from shared.config import SERVICES
from shared.database import Database
from shared.eventlog.port import EventLog
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.sqlite import SqliteLog
from shared.identity.tokens import Tokens
from shared.ids import RandomIds
from shared.keys import KeyedHash
from shared.vault.keyring import FileKeyring, Keyring, MemoryKeyring
from shared.vault.store import DatabaseVault


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What an installation keeps: its databases, the logs in them, the vault, the tokens."""

    databases: Mapping[str, Database]
    logs: Mapping[str, EventLog]
    vault: DatabaseVault
    tokens: Tokens
    clock: Clock

    async def close(self) -> None:
        for log in self.logs.values():
            await log.close()  # type: ignore[attr-defined]  # both adapters have it
        for database in self.databases.values():
            await database.close()


async def open_stores(ground: Ground, *, services: Sequence[str] = SERVICES, read_only: bool = False) -> Stores:
    """The stores of `ground`; those of an embedded installation are brought to the present schema first."""
    databases = {name: Database(ground.url(name, read_only=read_only)) for name in DATABASES if _needed(name, services)}
    if ground.home is not None and not read_only:
        await migrate(databases)
    clock: Clock = ScriptClock(SCRIPT_START) if ground.clock == "script" else SystemClock()
    logs: dict[str, EventLog] = {}
    for name in services:
        logs[name] = await _log(ground, databases[name], name, clock, read_only=read_only)
    if isinstance(clock, ScriptClock):
        latest = [instant((await log.head()).recorded) for log in logs.values()]
        clock.move_to(max(SCRIPT_START, *latest))
    keyed = KeyedHash(ground.hash_key)
    vault = DatabaseVault(ground.tenant, databases["vault"], _keyring(ground), keyed=keyed, ids=ground.ids, clock=clock)
    tokens = Tokens(ground.tenant, databases["access"], ids=ground.ids, clock=clock)
    return Stores(databases=databases, logs=logs, vault=vault, tokens=tokens, clock=clock)


async def migrate(databases: Mapping[str, Database], advance: Callable[[str], None] = lambda _name: None) -> None:
    """Bring every database to the newest schema of this code."""
    for name, database in databases.items():
        if not await migrations.is_current(database, name):
            await migrations.upgrade(database, name)
        advance(name)


async def _log(ground: Ground, database: Database, service: str, clock: Clock, *, read_only: bool) -> EventLog:
    name = f"{service}/{ground.tenant}"
    if ground.home is None:
        remote = PostgresLog(database.engine, name, clock=clock)
        await remote.open()
        return remote
    log = SqliteLog(ground.home.database(service), name, clock=clock, write_lock=database.write_lock, read_only=read_only)
    await log.open(incarnation_of(ground, name))
    return log


def incarnation_of(ground: Ground, log: str) -> str:
    """The incarnation that a new log gets."""
    return ground.ids.bytes("incarnation", log, 0, 16).hex()


def _keyring(ground: Ground) -> Keyring:
    if ground.home is not None:
        return FileKeyring.make(ground.home.keyring, ground.ids)
    return MemoryKeyring({"m1": ground.master_key}, "m1")


def _needed(database: str, services: Sequence[str]) -> bool:
    return database not in SERVICES or database in services


@asynccontextmanager
async def open_tokens(ground: Ground) -> AsyncIterator[Tokens]:
    """Only the tokens, which may be written beside whoever serves; a script's clock stands where its logs end."""
    stores = await open_stores(ground, read_only=True)
    database = Database(ground.url("access"))
    try:
        yield Tokens(ground.tenant, database, ids=RandomIds(), clock=stores.clock)
    finally:
        await database.close()
        await stores.close()
