"""A store filled by COPY: opinions received, classified and forwarded, as if the house had taken them in."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import asyncpg

from shared.canonical import canonical
from shared.clock import micros
from shared.contracts.due import Due
from shared.contracts.opinion import Channel, Kind, OpinionClassified, OpinionForwarded, OpinionReceived, SourceGroup
from shared.contracts.types import Sealed
from shared.eventlog import codec
from shared.eventlog.records import ZERO, NewEvent, event_hash
from shared.ids import base32
from tests.support.installation import Installation

LOG: Final = "intake/sonla"
AT: Final = datetime(2026, 11, 2, 2, tzinfo=UTC)
COLUMNS: Final = (
    "log", "position", "stream", "version", "event_id", "type", "schema_version", "data", "metadata", "occurred_at",
    "recorded_at", "prev_hash", "hash",
)  # fmt: skip


async def store(house: Installation, opinions: int) -> None:
    """Add so many opinions to the intake log of an installation whose services are stopped."""
    owner = house.environment["DOITHOAI_POSTGRES_OWNER"].replace("+asyncpg", "")
    connection = await asyncpg.connect(f"{owner}/intake")
    last = await connection.fetchrow("select position, recorded_at from event where log = $1 order by position desc limit 1", LOG)
    position, recorded = (last[0], last[1]) if last else (0, micros(AT))
    heads: list[tuple[str, str, int, bytes]] = []
    events = _events(opinions, position, recorded, heads)
    await connection.copy_records_to_table("event", records=events, columns=COLUMNS, timeout=600)
    await connection.copy_records_to_table(
        "stream_head", records=heads, columns=("log", "stream", "version", "hash"), timeout=600
    )
    await connection.execute("analyze")
    await connection.close()


def _events(opinions: int, position: int, recorded: int, heads: list[tuple[str, str, int, bytes]]) -> Iterator[tuple[Any, ...]]:
    metadata = canonical({"actor": "th-01", "capacity": "hub", "command": "stored", "office": "VPUB", "unit": "TCHCQT"})
    for n in range(opinions):
        suffix = base32(n.to_bytes(13, "big"), 20)
        stream, previous = f"opinion-{suffix}", ZERO
        for version, event in enumerate(_life(suffix, n), start=1):
            name, schema_version, data = codec.encode(event)
            new = NewEvent(uuid.UUID(int=(n << 8) + version, version=4), name, schema_version, data, metadata, micros(AT))
            hash = event_hash(LOG, stream, version, new, previous)
            position += 1
            yield (LOG, position, stream, version, *new, recorded, previous, hash)
            previous = hash
        heads.append((LOG, stream, version, previous))


def _life(suffix: str, n: int) -> tuple[OpinionReceived, OpinionClassified, OpinionForwarded]:
    sealed = Sealed(ref=f"{n:032x}", digest=f"{n:064x}")
    episode = f"{suffix}/1"
    received = OpinionReceived(
        episode=episode,
        office="VPUB",
        unit="TCHCQT",
        local_id=f"stored-{n}",
        content_key=f"{n:064x}",
        channel=Channel.LETTER,
        source_group=SourceGroup.PEOPLE,
        locality=None,
        received_at=AT,
        words=sealed,
        speaker=None,
        speaker_name=None,
        speaker_contact=None,
        hidden=False,
        receipt=sealed,
        receipt_key=f"{n:064x}",
    )
    day = date(2026, 11, 16)
    due = Due(day=day, rule="answer", start=AT.date(), days=10, skipped=(), calendar="VN-2027", rules="2023.1")
    classified = OpinionClassified(kind=Kind.PROPOSAL, field="dat-dai", flags=(), due=due)
    return received, classified, OpinionForwarded(episode=episode, to="STNMT", note=None)
