"""Many rows of one shape written by one statement: in whole columns on PostgreSQL, row by row on SQLite; one found by its key."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ARRAY, Column, Dialect, Select, String, Table, bindparam, delete, select, tuple_, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.ext.asyncio import AsyncConnection

PUT: Final = "put"
PATCH: Final = "patch"
DELETE: Final = "delete"
_FOUND_AT_ONCE: Final = 500  # rows of one question to SQLite, which takes so many values and no arrays
_KEY: Final = "key_"  # prefix of the parameters that find a row, apart from those that change it

Row = tuple[tuple[Any, ...], Mapping[str, Any]]  # its key, and the values to write


class Shape(NamedTuple):
    """What is done to rows, and to which of their columns."""

    kind: str
    columns: tuple[str, ...]


async def find(connection: AsyncConnection, table: Table, key: tuple[Any, ...]) -> dict[str, Any] | None:
    """The row with that primary key."""
    if connection.dialect.name != "postgresql":
        one, names = _one_of(table)
        row = (await connection.execute(one, dict(zip(names, key, strict=True)))).mappings().first()
        return dict(row) if row is not None else None
    # The driver's own question: most of the time of a projection that reads before it writes is spent around it.
    question, readers = _question(table, connection.dialect)
    found = await (await _driver(connection)).fetchrow(question, *key)
    if found is None:
        return None
    return {name: value if read is None else read(value) for (name, read), value in zip(readers, found, strict=True)}


async def find_all(
    connection: AsyncConnection, table: Table, keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows with those primary keys, by key; those that are not there are left out."""
    names = _keys(table)
    if connection.dialect.name != "postgresql":
        key = tuple_(*(table.c[name] for name in names))
        questions = [select(table).where(key.in_(keys[n : n + _FOUND_AT_ONCE])) for n in range(0, len(keys), _FOUND_AT_ONCE)]
        rows = [dict(row) for question in questions for row in (await connection.execute(question)).mappings()]
    else:
        question, readers = _question_of_many(table, connection.dialect)
        columns = [[key[n] for key in keys] for n in range(len(names))]
        rows = [
            {name: value if read is None else read(value) for (name, read), value in zip(readers, found, strict=True)}
            for found in await (await _driver(connection)).fetch(question, *columns)
        ]
    return {tuple(row[name] for name in names): row for row in rows}


async def send(connection: AsyncConnection, table: Table, shape: Shape, rows: Sequence[Row]) -> None:
    """Write the rows, which have different keys."""
    if connection.dialect.name == "postgresql" and _is_plain(table, shape):
        await _send_columns(connection, table, shape, rows)
    else:
        await connection.execute(
            _statement(table, shape, connection.dialect.name), [_parameters(table, shape, row) for row in rows]
        )


def _is_plain(table: Table, shape: Shape) -> bool:
    """Whether columns of values say all: arrays in arrays would be torn apart, and defaults are made row by row."""
    given = shape.columns if shape.kind == PUT else (*_keys(table), *shape.columns)
    return not any(
        isinstance(column.type, ARRAY) or (column.name not in given and column.default is not None and shape.kind == PUT)
        for column in table.columns
    )


async def _send_columns(connection: AsyncConnection, table: Table, shape: Shape, rows: Sequence[Row]) -> None:
    # A prepared statement with one array a column takes a fifth of the time that 500 single ones take, on both sides; and
    # for a single row it still costs less than what stands between us and the driver.
    driver = await _driver(connection)
    statement, processors = _columns_statement(table, shape, connection.dialect)
    keys = 0 if shape.kind == PUT else len(_keys(table))
    columns: list[list[Any]] = [[key[n] for key, _ in rows] for n in range(keys)]
    columns += [[new[name] for _, new in rows] for name in shape.columns]
    bound = [
        values if process is None else list(map(process, values)) for process, values in zip(processors, columns, strict=True)
    ]
    await driver.execute(statement, *bound)


async def _driver(connection: AsyncConnection) -> Any:
    """The connection of asyncpg itself, within the transaction that a statement has begun."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    return driver


@lru_cache(maxsize=1_000)
def _one_of(table: Table) -> tuple[Select[Any], tuple[str, ...]]:
    """The question for one row by its key, and the names of the key's values. Made once: making it costs as much as asking."""
    names = _keys(table)
    return select(table).where(*(table.c[name] == bindparam(name) for name in names)), names


@lru_cache(maxsize=1_000)
def _question(table: Table, dialect: Dialect) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """The same as PostgreSQL reads it, with what each column's type makes of its value."""
    quote = dialect.identifier_preparer.quote
    at = " and ".join(f"{quote(name)} = ${n}" for n, name in enumerate(_keys(table), start=1))
    names, readers = _columns_read(table, dialect)
    return f"select {names} from {quote(table.name)} where {at}", readers


@lru_cache(maxsize=1_000)
def _question_of_many(table: Table, dialect: Dialect) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """The question for many rows, with one array for each column of the key."""
    quote = dialect.identifier_preparer.quote
    name, keys = quote(table.name), [table.c[key] for key in _keys(table)]
    arrays = _arrays(keys, dialect)
    given = f"unnest({arrays}) as given({', '.join(quote(column.name) for column in keys)})"
    at = " and ".join(f"{name}.{quote(column.name)} = given.{quote(column.name)}" for column in keys)
    names, readers = _columns_read(table, dialect)
    return f"select {names} from {name} join {given} on {at}", readers


def _columns_read(table: Table, dialect: Dialect) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    quote = dialect.identifier_preparer.quote
    names = ", ".join(f"{quote(table.name)}.{quote(column.name)}" for column in table.columns)
    types = {column.name: column.type.dialect_impl(dialect) for column in table.columns}
    return names, tuple((name, type.result_processor(dialect, None)) for name, type in types.items())


@lru_cache(maxsize=1_000)
def _columns_statement(table: Table, shape: Shape, dialect: Dialect) -> tuple[str, tuple[Callable[[Any], Any] | None, ...]]:
    """What writes whole columns, and what each column's type makes of its values: the key's first, where they find rows."""
    found = () if shape.kind == PUT else _keys(table)
    columns = [table.c[name] for name in (*found, *shape.columns)]
    processors = tuple(column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns)
    return _columns_text(table, shape, columns, dialect), processors


def _columns_text(table: Table, shape: Shape, columns: Sequence[Column[Any]], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    name, keys = quote(table.name), [quote(key) for key in _keys(table)]
    names = [quote(column.name) for column in columns]
    arrays = _arrays(columns, dialect)
    given = f"unnest({arrays}) as given({', '.join(names)})"
    at = " and ".join(f"{name}.{key} = given.{key}" for key in keys)
    if shape.kind == DELETE:
        return f"delete from {name} using {given} where {at}"
    changed = [quote(column) for column in shape.columns if column not in _keys(table)]
    if shape.kind == PATCH:
        return f"update {name} set {', '.join(f'{each} = given.{each}' for each in changed)} from {given} where {at}"
    action = f"update set {', '.join(f'{each} = excluded.{each}' for each in changed)}" if changed else "nothing"
    return f"insert into {name} ({', '.join(names)}) select * from {given} on conflict ({', '.join(keys)}) do {action}"


def _arrays(columns: Sequence[Column[Any]], dialect: Dialect) -> str:
    # Text without a length: a cast to one cuts what is longer, and says nothing; storing it in such a column is refused.
    types = ("TEXT" if isinstance(column.type, String) else column.type.compile(dialect) for column in columns)
    return ", ".join(f"${n}::{type}[]" for n, type in enumerate(types, start=1))


@lru_cache(maxsize=1_000)
def _statement(table: Table, shape: Shape, dialect: str) -> Any:
    at = [column == bindparam(f"{_KEY}{column.name}") for column in table.primary_key]
    if shape.kind == DELETE:
        return delete(table).where(*at)
    if shape.kind == PATCH:
        return update(table).where(*at).values({name: bindparam(name) for name in shape.columns})
    insert = postgresql_insert(table) if dialect == "postgresql" else sqlite.insert(table)
    keys = _keys(table)
    changed = {name: insert.excluded[name] for name in shape.columns if name not in keys}
    values = insert.values({name: bindparam(name) for name in shape.columns})
    return values.on_conflict_do_update(index_elements=keys, set_=changed) if changed else values.on_conflict_do_nothing()


def _parameters(table: Table, shape: Shape, row: Row) -> dict[str, Any]:
    key, values = row
    if shape.kind == PUT:
        return dict(values)
    return {**{f"{_KEY}{name}": value for name, value in zip(_keys(table), key, strict=True)}, **values}


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)
