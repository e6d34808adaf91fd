"""The schema of every database, brought up by the role that owns it; a service's log gets its place there."""

from collections.abc import Callable

from deploy.ground import DATABASES, Ground
from deploy.stores import incarnation_of
from shared import migrations
from shared.config import SERVICES
from shared.database import Database
from shared.eventlog import schema


async def migrate(ground: Ground, advance: Callable[[str], None] = lambda _name: None) -> list[str]:
    """Upgrade what is behind, make the tenant's logs; the names of the databases that were changed."""
    changed = []
    for name in DATABASES:
        database = Database(ground.owner_url(name), pool_size=1)
        try:
            if not await migrations.is_current(database, name):
                await migrations.upgrade(database, name)
                changed.append(name)
            if name in SERVICES:
                log = f"{name}/{ground.tenant}"
                async with database.write() as connection:
                    await connection.run_sync(schema.open_log, log, incarnation_of(ground, log))
        finally:
            await database.close()
        advance(name)
    return changed
