"""The writes of a batch, merged by row: the database ends as if each had been done at once."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest
from asyncpg import StringDataRightTruncationError
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.subscriptions.rows import RowBuffer
from tests.support.tallying import Stage

TABLES: Final = MetaData()
PAIR: Final = Table(
    "pair",
    TABLES,
    Column("a", Text, primary_key=True),
    Column("b", Integer, primary_key=True),
    Column("x", Integer),
    Column("y", Text),
)
ONLY_KEY: Final = Table("only_key", TABLES, Column("a", Text, primary_key=True))
SHORT: Final = Table("short", TABLES, Column("a", String(3), primary_key=True), Column("x", String(3)))
BYTES: Final = Table("some_bytes", TABLES, Column("a", Integer, primary_key=True), Column("raw", LargeBinary))

keys = st.fixed_dictionaries({"a": st.sampled_from("pq"), "b": st.integers(1, 2)})
values = st.fixed_dictionaries({}, optional={"x": st.none() | st.integers(0, 9), "y": st.none() | st.sampled_from("uvw")})
writes = st.tuples(st.sampled_from(["put", "patch", "delete", "get", "fetch", "flush"]), keys, values)

Model = dict[tuple[Any, ...], dict[str, Any]]


def done(model: Model, kind: str, key: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """What a write means."""
    at = (key["a"], key["b"])
    if kind == "put":
        model[at] = {**model.get(at, {**key, "x": None, "y": None}), **new}
    elif kind == "patch" and at in model:
        model[at] = {**model[at], **new}
    elif kind == "delete":
        model.pop(at, None)


async def write(rows: RowBuffer, model: Model, kind: str, key: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    match kind:
        case "put":
            rows.put(PAIR, {**key, **new})
        case "patch":
            rows.patch(PAIR, key, new)
        case "delete":
            rows.delete(PAIR, key)
        case "fetch":
            await rows.fetch([(PAIR, key)])
        case "flush":
            await rows.flush()
        case _:
            assert await rows.get(PAIR, key) == model.get((key["a"], key["b"]))


async def stored(connection: AsyncConnection) -> Model:
    return {(row.a, row.b): dict(row._mapping) for row in await connection.execute(select(PAIR))}


@settings(max_examples=150, deadline=None)
@given(st.lists(writes, max_size=30))
def test_any_writes_end_as_if_done_at_once(sequence: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    async def compare() -> None:
        engine = create_async_engine("sqlite+aiosqlite:///:memory:")
        async with engine.begin() as connection:
            await connection.run_sync(TABLES.create_all)
            rows, model = RowBuffer(connection), dict[tuple[Any, ...], dict[str, Any]]()
            for kind, key, new in sequence:
                await write(rows, model, kind, key, new)
                done(model, kind, key, new)
            await rows.flush()
            assert await stored(connection) == model
        await engine.dispose()

    asyncio.run(compare())


async def test_hundreds_of_rows_of_many_shapes_are_stored(either: Stage) -> None:
    model: Model = {}
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
        rows = RowBuffer(connection)
        for n in range(2_000):
            key = {"a": f"k{n % 700}", "b": n % 3}
            kind = ("put", "patch", "put", "delete", "put")[n % 5]
            new: dict[str, Any] = ({"x": n}, {"y": f"v{n}"}, {"x": None, "y": "w"})[n % 3]
            await write(rows, model, kind, key, new)
            done(model, kind, key, new)
        await rows.flush()
        assert await stored(connection) == model


async def test_rows_that_are_read_beforehand_are_got_without_another_question(either: Stage) -> None:
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
        rows = RowBuffer(connection)
        for n in range(1_200):
            rows.put(PAIR, {"a": f"k{n}", "b": n, "x": n, "y": "v"})
        rows.put(BYTES, {"a": 1, "raw": b"\x00\xff"})
        await rows.flush()
        there = [{"a": f"k{n}", "b": n} for n in range(1_200)]
        await rows.fetch([*((PAIR, key) for key in there), (PAIR, {"a": "k1", "b": 2}), (BYTES, {"a": 1})])
        await connection.run_sync(TABLES.drop_all)  # nobody could be asked any more
        assert [await rows.get(PAIR, key) for key in there] == [{**key, "x": key["b"], "y": "v"} for key in there]
        assert await rows.get(PAIR, {"a": "k1", "b": 2}) is None
        assert await rows.get(BYTES, {"a": 1}) == {"a": 1, "raw": b"\x00\xff"}


async def test_a_row_of_nothing_but_its_key_may_be_put_twice(either: Stage) -> None:
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
        for _ in range(2):
            rows = RowBuffer(connection)
            rows.put(ONLY_KEY, {"a": "k"})
            rows.put(ONLY_KEY, {"a": "l"})
            await rows.flush()
        assert await rows.get(ONLY_KEY, {"a": "k"}) == {"a": "k"}
        assert len((await connection.execute(select(ONLY_KEY))).all()) == 2


async def test_bytes_stay_bytes(either: Stage) -> None:
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
        rows = RowBuffer(connection)
        rows.put(BYTES, {"a": 1, "raw": b"\x00\xff"})
        await rows.flush()
        assert await rows.get(BYTES, {"a": 1}) == {"a": 1, "raw": b"\x00\xff"}


async def test_the_write_of_one_row_that_cannot_be_stored_fails_the_batch(either: Stage) -> None:
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
    try:
        async with either.database.write() as connection:
            rows = RowBuffer(connection)
            rows.put(PAIR, {"a": "k", "b": 1})
            rows.put(PAIR, {"a": None, "b": 2})
            await rows.flush()
    except Exception:  # noqa: BLE001  of another kind on each database
        pass
    async with either.database.read() as connection:
        assert await stored(connection) == {}


@pytest.mark.parametrize(
    "too_long", [{"put": {"a": "kkkk", "x": "v"}}, {"put": {"a": "k", "x": "vvvv"}}, {"patch": {"x": "vvvv"}}]
)
async def test_text_that_is_longer_than_its_column_is_never_cut(either: Stage, too_long: dict[str, dict[str, Any]]) -> None:
    """SQLite keeps it whole, PostgreSQL refuses it."""
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
        rows = RowBuffer(connection)
        rows.put(SHORT, {"a": "m", "x": "w"})
        await rows.flush()
    refused = False
    try:
        async with either.database.write() as connection:
            rows = RowBuffer(connection)
            for kind, values in too_long.items():
                if kind == "put":
                    rows.put(SHORT, values)
                else:
                    rows.patch(SHORT, {"a": "m"}, values)
            await rows.flush()
    except StringDataRightTruncationError:
        refused = True
    async with either.database.read() as connection:
        stored = {row.a: row.x for row in await connection.execute(select(SHORT))}
    new = too_long.get("put", {"a": "m", **too_long.get("patch", {})})
    assert stored == ({"m": "w"} if refused else {"m": "w", new["a"]: new["x"]})
    assert refused == (either.database.dialect == "postgresql")


async def test_a_longer_key_finds_no_row_of_a_shorter_one(either: Stage) -> None:
    async with either.database.write() as connection:
        await connection.run_sync(TABLES.create_all)
        rows = RowBuffer(connection)
        rows.put(SHORT, {"a": "kkk", "x": "v"})
        await rows.flush()
        await rows.fetch([(SHORT, {"a": "kkkk"})])
        assert await rows.get(SHORT, {"a": "kkkk"}) is None
        assert await rows.get(SHORT, {"a": "kkkl"}) is None  # asked by itself
        rows.patch(SHORT, {"a": "kkkk"}, {"x": "w"})
        rows.delete(SHORT, {"a": "kkkl"})
        await rows.flush()
        assert await rows.get(SHORT, {"a": "kkk"}) == {"a": "kkk", "x": "v"}
