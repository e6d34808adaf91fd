"""A projection's writes of one batch, merged by row and sent in few statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

PUT: Final = "put"
PATCH: Final = "patch"
DELETE: Final = "delete"
_KEY: Final = "key_"  # prefix of the parameters that find a row, apart from those that change it

Key = tuple[Any, ...]


class _Change(NamedTuple):
    kind: str
    values: Mapping[str, Any]


class RowBuffer:
    """`Rows` over one transaction. `stand_in` maps a table to the one that is written instead, for a rebuild beside it."""

    def __init__(self, connection: AsyncConnection, stand_in: Mapping[str, Table] | None = None) -> None:
        self._connection = connection
        self._stand_in = stand_in or {}
        self._changes: dict[str, dict[Key, list[_Change]]] = defaultdict(dict)
        self._found: dict[tuple[str, Key], Mapping[str, Any] | None] = {}
        self._tables: dict[str, Table] = {}

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        changes = self._of(table, _key(table, values))
        if changes and changes[-1].kind == PUT:
            changes[-1] = _Change(PUT, {**changes[-1].values, **values})
        else:
            changes.append(_Change(PUT, dict(values)))

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        if not values:
            return
        changes = self._of(table, _key(table, key))
        if not changes:
            changes.append(_Change(PATCH, dict(values)))
        elif changes[-1].kind != DELETE:  # a row that was deleted is not there to be changed
            changes[-1] = _Change(changes[-1].kind, {**changes[-1].values, **values})

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        self._of(table, _key(table, key))[:] = [_Change(DELETE, {})]

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        at = _key(table, key)
        changes = self._changes.get(table.name, {}).get(at, [])
        row = None if _is_whole(table, changes) else await self._stored(table, at)
        for change in changes:
            if change.kind == DELETE:
                row = None
            elif change.kind == PUT:
                row = {**(row or dict.fromkeys(table.c.keys())), **change.values}
            elif row is not None:
                row = {**row, **change.values}
        return row

    async def flush(self) -> None:
        """Send everything: round by round, so that the changes of one row keep their order."""
        for name, by_key in self._changes.items():
            table = self._stand_in.get(name, self._tables[name])
            rounds = max((len(changes) for changes in by_key.values()), default=0)
            for n in range(rounds):
                await self._send(table, {key: changes[n] for key, changes in by_key.items() if len(changes) > n})
        self._changes.clear()
        self._found.clear()

    def _of(self, table: Table, key: Key) -> list[_Change]:
        self._tables[table.name] = table
        return self._changes[table.name].setdefault(key, [])

    async def _stored(self, table: Table, key: Key) -> Mapping[str, Any] | None:
        if (table.name, key) not in self._found:
            actual = self._stand_in.get(table.name, table)
            wanted = [column == value for column, value in zip(actual.primary_key, key, strict=True)]
            row = (await self._connection.execute(select(actual).where(*wanted))).mappings().first()
            self._found[table.name, key] = dict(row) if row is not None else None
        return self._found[table.name, key]

    async def _send(self, table: Table, changes: Mapping[Key, _Change]) -> None:
        keys = [column.name for column in table.primary_key]
        groups: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
        for key, change in changes.items():
            found = {f"{_KEY}{name}": value for name, value in zip(keys, key, strict=True)}
            parameters = dict(change.values) if change.kind == PUT else {**found, **change.values}
            groups[change.kind, tuple(sorted(change.values))].append(parameters)
        for (kind, columns), rows in groups.items():
            await self._connection.execute(self._statement(table, kind, columns), rows)

    def _statement(self, table: Table, kind: str, columns: Sequence[str]) -> Any:
        at = [column == bindparam(f"{_KEY}{column.name}") for column in table.primary_key]
        if kind == DELETE:
            return delete(table).where(*at)
        if kind == PATCH:
            return update(table).where(*at).values({name: bindparam(name) for name in columns})
        insert = postgresql.insert(table) if self._connection.dialect.name == "postgresql" else sqlite.insert(table)
        keys = [column.name for column in table.primary_key]
        changed = {name: insert.excluded[name] for name in columns if name not in keys}
        values = insert.values({name: bindparam(name) for name in columns})
        return values.on_conflict_do_update(index_elements=keys, set_=changed) if changed else values.on_conflict_do_nothing()


def _key(table: Table, values: Mapping[str, Any]) -> Key:
    return tuple(values[column.name] for column in table.primary_key)


def _is_whole(table: Table, changes: Sequence[_Change]) -> bool:
    """Whether the row follows from the changes alone."""
    if not changes:
        return False
    first = changes[0]
    return first.kind == DELETE or (first.kind == PUT and len(first.values) == len(table.c))
