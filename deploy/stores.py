"""What an installation keeps, opened: databases, logs, vault, tokens, and the clock they share."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
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
from shared.identity.accounts import Accounts
from shared.identity.attempts import Attempts
from shared.identity.holders import Holders
from shared.identity.links import Links
from shared.identity.once import Once
from shared.identity.provider import Provider
from shared.identity.sealing import Seal
from shared.identity.second_step import SecondStep
from shared.identity.sessions import Sessions
from shared.identity.tokens import Tokens
from shared.identity.trail import Trail
from shared.ids import Ids, RandomIds
from shared.keys import KeyedHash
from shared.vault.store import DatabaseVault


class OlderSchema(Exception):
    """A database is behind this code, and whoever only reads does not upgrade it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who is let in: by a token, or by an account, opened in one of several ways, and its sessions in the browser."""

    tokens: Tokens
    accounts: Accounts
    sessions: Sessions
    holders: Holders
    codes: SecondStep
    links: Links
    trail: Trail
    attempts: Attempts
    provider: Provider | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What an installation keeps: its databases, the logs in them, the vault, who is let in."""

    databases: Mapping[str, Database]
    logs: Mapping[str, EventLog]
    vault: DatabaseVault
    access: Access
    clock: Clock

    async def close(self) -> None:
        for log in self.logs.values():
            await log.close()  # type: ignore[attr-defined]  # both adapters have it
        for database in self.databases.values():
            await database.close()


async def open_stores(ground: Ground, *, services: Sequence[str] = SERVICES, read_only: bool = False) -> Stores:
    """The stores of `ground`; those of an embedded installation are brought to the present schema first.

    Raises:
        KeyringLost: nothing can be written without the keys.
        NewerSchema, OlderSchema, LogUnavailable

    """
    keyring = ground.keyring
    if not read_only:
        keyring.key(keyring.current)
    async with AsyncExitStack() as opened:
        databases = {
            name: Database(ground.url(name, read_only=read_only), tenant=ground.tenant, pool_size=ground.settings.pool_size)
            for name in DATABASES
            if _needed(name, services)
        }
        for database in databases.values():
            opened.push_async_callback(database.close)
        if ground.home is not None:
            await (_refuse_older(databases) if read_only else migrate(databases))
        clock: Clock = ScriptClock(SCRIPT_START) if ground.clock == "script" else SystemClock()
        logs: dict[str, EventLog] = {}
        for name in services:
            logs[name] = await _log(ground, databases[name], name, clock, opened, read_only=read_only)
        if isinstance(clock, ScriptClock):
            latest = [instant((await log.head()).recorded) for log in logs.values()]
            clock.move_to(max(SCRIPT_START, *latest))
        keyed = KeyedHash(ground.hash_key)
        vault = DatabaseVault(ground.tenant, databases["vault"], keyring, keyed=keyed, ids=ground.ids, clock=clock)
        access = _access(ground, databases["access"], ids=ground.ids, clock=clock)
        opened.pop_all()
    return Stores(databases=databases, logs=logs, vault=vault, access=access, clock=clock)


async def migrate(databases: Mapping[str, Database], advance: Callable[[str], None] = lambda _name: None) -> None:
    """Bring every database to the newest schema of this code."""
    for name, database in databases.items():
        if not await migrations.is_current(database, name):
            await migrations.upgrade(database, name)
        advance(name)


async def _refuse_older(databases: Mapping[str, Database]) -> None:
    for name, database in databases.items():
        if not await migrations.is_current(database, name):
            raise OlderSchema(f"the database {name} has an older schema: run `doithoai migrate`")


async def _log(
    ground: Ground, database: Database, service: str, clock: Clock, opened: AsyncExitStack, *, read_only: bool
) -> EventLog:
    name = f"{service}/{ground.tenant}"
    if ground.home is None:
        remote = PostgresLog(database.engine, name, clock=clock)
        opened.push_async_callback(remote.close)
        await remote.open()
        return remote
    log = SqliteLog(ground.home.database(service), name, clock=clock, write_lock=database.write_lock, read_only=read_only)
    opened.push_async_callback(log.close)
    await log.open(incarnation_of(ground, name))
    return log


def incarnation_of(ground: Ground, log: str) -> str:
    """The incarnation that a new log gets."""
    return ground.ids.bytes("incarnation", log, 0, 16).hex()


def _needed(database: str, services: Sequence[str]) -> bool:
    return database not in SERVICES or database in services


def _access(ground: Ground, database: Database, *, ids: Ids, clock: Clock) -> Access:
    tenant, seal, attempts = ground.tenant, Seal(KeyedHash(ground.hash_key)), Attempts()
    return Access(
        tokens=Tokens(tenant, database, ids=ids, clock=clock),
        accounts=Accounts(tenant, database, clock=clock, attempts=attempts),
        sessions=Sessions(tenant, database, clock=clock),
        holders=Holders(tenant, database),
        codes=SecondStep(tenant, database, seal=seal, clock=clock, attempts=attempts),
        links=Links(tenant, database, clock=clock),
        trail=Trail(tenant, database, clock=clock),
        attempts=attempts,
        provider=_provider(ground, seal, Once(tenant, database, clock=clock)),
    )


def _provider(ground: Ground, seal: Seal, once: Once) -> Provider | None:
    """The province's sign-in, where the settings name one."""
    settings = ground.settings
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, seal=seal, once=once)


@asynccontextmanager
async def open_access(ground: Ground) -> AsyncIterator[Access]:
    """Only who is let in, which may be written beside whoever serves; a script's clock stands where its logs end."""
    stores = await open_stores(ground, read_only=True)
    database = Database(ground.url("access"), tenant=ground.tenant)
    try:
        yield _access(ground, database, ids=RandomIds(), clock=stores.clock)
    finally:
        await database.close()
        await stores.close()
