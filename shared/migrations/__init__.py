"""Schema upgrades: alembic, one environment for all, one folder of versions for each of the five databases."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.database import Database

PACKAGES: Final = {
    "intake": "services.intake",
    "assignment": "services.assignment",
    "reporting": "services.reporting",
    "vault": "shared.vault",
    "access": "shared.identity",
}


async def upgrade(database: Database, name: str, to: str = "head") -> None:
    """Bring the database called `name` up to a revision; what stands there already is left alone."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade, name, to)


async def downgrade(database: Database, name: str, to: str = "base") -> None:
    """Take it back, for tests and for undoing a failed upgrade; a service's log goes with its tables."""
    async with database.write() as connection:
        await connection.run_sync(_downgrade, name, to)


async def is_current(database: Database, name: str) -> bool:
    """Whether the database stands at the newest revision of this code."""
    async with database.read() as connection:
        stands = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    return stands == ScriptDirectory.from_config(_config(name)).get_current_head()


def _upgrade(connection: Connection, name: str, to: str) -> None:
    command.upgrade(_config(name, connection), to)


def _downgrade(connection: Connection, name: str, to: str) -> None:
    command.downgrade(_config(name, connection), to)


def _config(name: str, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(Path(str(files(PACKAGES[name]))) / "migrations" / "versions"))
    config.attributes["connection"] = connection
    return config
