"""No rate without its proof: what a benchmark wrote is verified, and the run fails where it is not sound."""

from shared.database import Database
from shared.eventlog.port import EventLog
from shared.eventlog.tree import TreeFollower
from shared.eventlog.verify import verify


class Unsound(Exception):
    """What was measured did not write a sound log; the message names the faults."""


async def prove(log: EventLog, database: Database) -> int:
    """Verify a whole log against its tree and everything in its database that remembers it; how many events it holds.

    Raises:
        Unsound

    """
    await TreeFollower(log, database).drain()
    report = await verify(log, database)
    if not report.sound:
        raise Unsound(f"{log.name}: {'; '.join(map(str, report.faults[:5]))}")
    return report.events
