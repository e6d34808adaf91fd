"""A projection's writes of one batch, merged by row and sent in few statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.subscriptions.statements import DELETE, PATCH, PUT, Shape, find, find_all, send

Key = tuple[Any, ...]


class _Change(NamedTuple):
    kind: str
    values: Mapping[str, Any]


class RowBuffer:
    """`Rows` over one transaction. `stand_in` maps a table to the one that is written instead, for a rebuild beside it."""

    def __init__(self, connection: AsyncConnection, stand_in: Mapping[str, Table] | None = None) -> None:
        self._connection = connection
        self._stand_in = stand_in or {}
        self._changes: dict[str, dict[Key, list[_Change]]] = {}
        self._found: dict[tuple[str, Key], Mapping[str, Any] | None] = {}
        self._tables: dict[str, tuple[Table, Callable[[Mapping[str, Any]], Key]]] = {}

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        by_key, key = self._at(table, values)
        changes = by_key.get(key)
        if changes is None:
            by_key[key] = [_Change(PUT, dict(values))]
        elif changes[-1].kind == PUT:
            changes[-1] = _Change(PUT, {**changes[-1].values, **values})
        else:
            changes.append(_Change(PUT, dict(values)))

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        if not values:
            return
        by_key, at = self._at(table, key)
        changes = by_key.get(at)
        if changes is None:
            by_key[at] = [_Change(PATCH, dict(values))]
        elif changes[-1].kind != DELETE:  # a row that was deleted is not there to be changed
            changes[-1] = _Change(changes[-1].kind, {**changes[-1].values, **values})

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        by_key, at = self._at(table, key)
        by_key[at] = [_Change(DELETE, {})]

    async def fetch(self, wanted: Iterable[tuple[Table, Mapping[str, Any]]]) -> None:
        """Read rows beforehand, in one question a table: whoever gets them later asks nothing more."""
        keys: dict[str, set[Key]] = defaultdict(set)
        for table, key in wanted:
            _, at = self._at(table, key)
            if (table.name, at) not in self._found:
                keys[table.name].add(at)
        for name, missing in keys.items():
            table = self._tables[name][0]
            found = await find_all(self._connection, self._stand_in.get(name, table), sorted(missing))
            self._found.update({(name, at): found.get(at) for at in missing})

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        by_key, at = self._at(table, key)
        changes = by_key.get(at, [])
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
            table = self._stand_in.get(name, self._tables[name][0])
            rounds = max(map(len, by_key.values()), default=0)
            for n in range(rounds):
                await self._send(table, {key: changes[n] for key, changes in by_key.items() if len(changes) > n})
        self._changes.clear()
        self._found.clear()

    def _at(self, table: Table, values: Mapping[str, Any]) -> tuple[dict[Key, list[_Change]], Key]:
        known = self._tables.get(table.name)
        if known is None:
            known = self._tables[table.name] = (table, _key_of(table))
        by_key = self._changes.get(table.name)
        if by_key is None:
            by_key = self._changes[table.name] = {}
        return by_key, known[1](values)

    async def _stored(self, table: Table, key: Key) -> Mapping[str, Any] | None:
        if (table.name, key) not in self._found:
            self._found[table.name, key] = await find(self._connection, self._stand_in.get(table.name, table), key)
        return self._found[table.name, key]

    async def _send(self, table: Table, changes: Mapping[Key, _Change]) -> None:
        # Grouped by the columns as they come, which costs least; then orders of the same columns are brought together.
        groups: dict[tuple[str, tuple[str, ...]], list[tuple[Key, Mapping[str, Any]]]] = defaultdict(list)
        for key, change in changes.items():
            groups[change.kind, tuple(change.values)].append((key, change.values))
        merged: dict[Shape, list[tuple[Key, Mapping[str, Any]]]] = defaultdict(list)
        for (kind, columns), rows in groups.items():
            merged[Shape(kind, tuple(sorted(columns)))] += rows
        for shape, rows in merged.items():
            await send(self._connection, table, shape, rows)


def _key_of(table: Table) -> Callable[[Mapping[str, Any]], Key]:
    names = [column.name for column in table.primary_key]
    if len(names) > 1:
        return itemgetter(*names)
    (name,) = names
    return lambda values: (values[name],)


def _is_whole(table: Table, changes: Sequence[_Change]) -> bool:
    """Whether the row follows from the changes alone."""
    if not changes:
        return False
    first = changes[0]
    return first.kind == DELETE or (first.kind == PUT and len(first.values) == len(table.c))
