"""Rows of a projection in memory: what its tables held as of a position is what the facts up to there make of nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table

from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection


class FoldedRows:
    """The rows that a projection writes, kept by table and primary key; columns that nobody wrote are None."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        key = _key(table, values)
        blank = dict.fromkeys(column.name for column in table.columns)
        self._table(table)[key] = {**self._table(table).get(key, blank), **values}

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        if (row := self._table(table).get(_key(table, key))) is not None:
            row.update(values)

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        self._table(table).pop(_key(table, key), None)

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        row = self._table(table).get(_key(table, key))
        return dict(row) if row is not None else None

    def of(self, table: Table) -> list[Mapping[str, Any]]:
        """Every row of a table."""
        return list(self._table(table).values())

    def _table(self, table: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
        return self._rows.setdefault(table.name, {})


def _key(table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values[column.name] for column in table.primary_key.columns)


async def folded(projection: Projection, facts: Iterable[Recorded]) -> FoldedRows:
    """What `projection` makes of these facts alone, each thing's in their order; those it does not read are passed over."""
    rows = FoldedRows()
    for fact in facts:
        if fact.record.type in projection.events:
            await projection.apply(fact, rows)
    return rows
