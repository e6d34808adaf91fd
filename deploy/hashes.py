"""One hash for the whole state of an installation, by log and by projection, so that two ways of running can be compared."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from shared.canonical import canonical
from shared.eventlog.port import EventLog

STREAMS_AT_ONCE: Final = 200


async def log_hash(log: EventLog) -> dict[str, Any]:
    """`{"events", "hash"}` of a log: over its streams by id, then version, type, data and occurred time.

    Positions, event ids, recorded times and metadata are left out: they may differ between equal histories.
    """
    digest = hashlib.sha256()
    events = 0
    after = ""
    while streams := await log.streams(after=after, limit=STREAMS_AT_ONCE):
        found = await log.read_streams(tuple(streams))
        for stream in streams:
            for record in found[stream]:
                digest.update(canonical([stream, record.version, record.type, record.occurred, len(record.data)]))
                digest.update(record.data)
                events += 1
        after = streams[-1]
    return {"events": events, "hash": digest.hexdigest()}


async def log_hashes(logs: Mapping[str, EventLog]) -> dict[str, Any]:
    """The hashes of several logs, by service."""
    return {service: await log_hash(log) for service, log in sorted(logs.items())}
