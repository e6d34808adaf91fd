"""Schema upgrades: alembic, one environment for all, one folder of versions for each of the five databases."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.database import Database
from shared.eventlog.schema import APP_ROLE

PACKAGES: Final = {
    "intake": "services.intake",
    "assignment": "services.assignment",
    "reporting": "services.reporting",
    "vault": "shared.vault",
    "access": "shared.identity",
}


class NewerSchema(Exception):
    """A database stands at a revision that this code does not know; the message says which, and what to do."""


async def upgrade(database: Database, name: str, to: str = "head") -> None:
    """Bring the database called `name` up to a revision; what stands there already is left alone."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade, name, to)


async def downgrade(database: Database, name: str, to: str = "base") -> None:
    """Take it back, for tests and for undoing a failed upgrade; a service's log goes with its tables."""
    async with database.write() as connection:
        await connection.run_sync(_downgrade, name, to)


async def is_current(database: Database, name: str) -> bool:
    """Whether the database stands at the newest revision of this code.

    Raises:
        NewerSchema

    """
    async with database.read() as connection:
        stands = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    head, known = _revisions(name)
    if stands is not None and stands not in known:
        raise NewerSchema(
            f"the database {name} has schema {stands}, which this version does not know: use the version that made it"
        )
    return stands == head


@cache
def _revisions(name: str) -> tuple[str | None, frozenset[str]]:
    """The newest revision, and all of them."""
    scripts = ScriptDirectory.from_config(_config(name))
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())


def _upgrade(connection: Connection, name: str, to: str) -> None:
    command.upgrade(_config(name, connection), to)
    if connection.dialect.name == "postgresql":
        # Whoever only looks, the doctor among them, asks as the application which schema stands there.
        connection.exec_driver_sql(f"grant select on alembic_version to {APP_ROLE}")


def _downgrade(connection: Connection, name: str, to: str) -> None:
    command.downgrade(_config(name, connection), to)


def _config(name: str, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(Path(str(files(PACKAGES[name]))) / "migrations" / "versions"))
    config.attributes["connection"] = connection
    return config
