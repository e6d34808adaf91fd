"""How long a report takes where a history is long: every table of a year, and one cell opened, beside a plain GROUP BY."""

import random
import resource
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.postgres import make_database, owner_url
from services.reporting.readmodel.forms import Table
from shared.clock import micros
from shared.database import Database
from tests.bench.rows import Place, Row
from tests.reporting.story import TENANT
from tests.reporting.world import HUB, World

SIZES: Final = {"100k": 100_000, "1m": 1_000_000}
FIRST, LAST = date(2023, 1, 4), date(2023, 10, 31)
FIELDS: Final = ("dat-dai", "giao-thong", "giao-duc", "y-te", "hanh-chinh-van-phong", "moi-truong", "khac")
UNITS: Final = ("TH", "NC", "KT", "TCHCQT", "BTCD", "VT")
SOURCES: Final = ("noi_bo", "nhan_dan", "to_chuc")
PLACES: Final = ("MSO", "TPSL", "thuan-chau", None)
OPEN_SHARE: Final = 0.1
CELL: Final = "bieu-03/KT/J2"
FLAT: Final = """
create table flat (
    field text, lead text, locality text, source text, received bigint not null, ended bigint, kind text, due date
)
"""
# What a table by one dimension is where everything about an episode stands in one row and nothing is ever known late.
PLAIN: Final = """
select {by}, count(*) filter (where received < $1 and (ended is null or ended >= $1)),
    count(*) filter (where received >= $1 and received < $2),
    count(*) filter (where ended >= $1 and ended < $2),
    count(*) filter (where ended >= $1 and ended < $2 and ended <= extract(epoch from due) * 1000000),
    count(*) filter (where received < $2 and (ended is null or ended >= $2)),
    count(*) filter (where received < $2 and (ended is null or ended >= $2) and due < $3)
from flat group by {by}
"""
Told = tuple[dict[str, list[tuple[Any, ...]]], list[tuple[Any, ...]]]


async def measure(place: Place) -> list[Row]:
    """`report_*`, `cell_*` and the memory that the process holds at most by then."""
    rows: list[Row] = []
    for name, whole in SIZES.items():
        rows += await _of(place, name, place.events(whole, 10_000))
    return rows


async def _of(place: Place, name: str, episodes: int) -> list[Row]:
    database_name = f"bench{uuid.uuid4().hex[:8]}"
    await make_database(place.postgres, database_name)
    address = owner_url(place.postgres, database_name)
    world = World(Database(address))
    await world.start()
    driver = await asyncpg.connect(address.replace("+asyncpg", ""))
    await driver.execute(FLAT)
    for tables, flat in _batches(episodes):
        for table, records in tables.items():
            await driver.copy_records_to_table(f"milestone_{table}", records=records)
        await driver.copy_records_to_table("flat", records=flat)
    marks = [(TENANT, source, 2**40) for source in ("intake", "assignment")]
    await driver.copy_records_to_table("milestone_mark", records=marks)
    engine = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql("vacuum analyze")
    await engine.dispose()
    ours, theirs, counted = await _tables(world, driver)
    begun = time.perf_counter()
    cell = await world.queries.cell(HUB, cell=CELL, office="VPUB", first=FIRST, last=LAST)
    opened = (time.perf_counter() - begun) * 1_000
    await driver.close()
    await world.database.close()
    place.notes.append(f"report_{name}: {counted} of {episodes} episodes are in C, {cell['value']} in the cell")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Row(f"report_{name}", "s", ours, theirs, "GROUP BY over a flat table"),
        Row(f"report_{name}_memory", "MiB", peak),
        Row(f"cell_{name}", "ms", opened),
    ]


async def _tables(world: World, driver: Any) -> tuple[float, float, int]:
    """Seconds for every table of the report, and for as many plain ones; how many episodes are to be handled."""
    begun = time.perf_counter()
    found = await world.queries.tables(HUB, office="VPUB", first=FIRST, last=LAST)
    ours = time.perf_counter() - begun
    bounds = [micros(datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=7)) for day in (FIRST, LAST)]
    begun = time.perf_counter()
    for by in ("field", "lead", "locality", "source"):
        await driver.fetch(PLAIN.format(by=by), bounds[0], bounds[1] + 86_400_000_000, LAST)
    theirs = time.perf_counter() - begun
    totals = {table: found[table.value]["total"]["C"] for table in (Table.OPINIONS, Table.BY_UNIT, Table.BY_PLACE)}
    assert len(set(totals.values())) == 1, totals
    return ours, theirs, totals[Table.OPINIONS]


def _batches(episodes: int, size: int = 50_000) -> Iterator[Told]:
    drawn = random.Random(2023)
    for first in range(0, episodes, size):
        yield _told(drawn, range(first, min(first + size, episodes)))


def _told(drawn: random.Random, numbers: Sequence[int]) -> Told:
    """What the projection would hold of these episodes, and the same in flat rows."""
    tables: dict[str, list[tuple[Any, ...]]] = {"office": [], "fact": [], "value": [], "span": []}
    flat = []
    for n in numbers:
        matter, received = f"{n:021d}", datetime(2022, 11, 1, tzinfo=UTC) + timedelta(minutes=drawn.randrange(364 * 1_440))
        field, lead, source, locality = (drawn.choice(each) for each in (FIELDS, UNITS, SOURCES, PLACES))
        due = (received + timedelta(days=14)).date()
        ended = None if drawn.random() < OPEN_SHARE else received + timedelta(days=drawn.randrange(1, 20))
        begun, over = micros(received), None if ended is None else micros(ended)

        def at(log: str, step: int, occurred: int, *, of: str = matter, number: int = n) -> tuple[Any, ...]:
            return TENANT, of, f"{of}/1", log, 4 * number + step, occurred, occurred

        tables["office"].append((TENANT, "VPUB", matter, "VT"))
        tables["fact"].append(_fact(at("intake", 1, begun), "received"))
        values = [("source", source, 1), ("locality", locality, 1), ("field", field, 2), ("due", due.isoformat(), 2)]
        for dimension, value, step in (*values, ("classifier", "TCHCQT", 2)):
            tables["value"].append(_value(at("intake", step, begun), dimension, value))
        tables["value"].append(_value(at("assignment", 3, begun), "lead", lead))
        if over is not None:
            tables["fact"].append(_fact(at("assignment", 4, over), "resolved", due=due.isoformat()))
        ended_by = None if over is None else [over, 2, 4 * n + 4]
        episodes = orjson.dumps({f"{matter}/1": [ended_by, None, False]}).decode()
        span = (TENANT, matter, "VPUB", begun, over or begun, over, 0, ended_by[2] if ended_by else 0, episodes)
        tables["span"].append(span)
        flat.append((field, lead, locality, source, begun, over, None if over is None else "resolved", due))
    return tables, flat


def _fact(at: tuple[Any, ...], kind: str, due: str | None = None) -> tuple[Any, ...]:
    tenant, matter, episode, source, position, recorded, occurred = at
    return tenant, matter, episode, source, position, recorded, kind, occurred, None, due, None, "TH"


def _value(at: tuple[Any, ...], dimension: str, value: str | None) -> tuple[Any, ...]:
    tenant, matter, episode, source, position, recorded, occurred = at
    return tenant, matter, episode, dimension, source, position, recorded, occurred, value
