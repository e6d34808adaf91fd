"""Builds a service's copy of the directory from the events of the assignment service."""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, MetaData, String, Table, Text

from shared.contracts.calendar import CalendarPublished
from shared.contracts.directory import (
    FieldLeadSet,
    FieldRegistered,
    PersonRegistered,
    UnitDissolved,
    UnitRegistered,
    UnitRenamed,
)
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

SOURCE: Final = "assignment"
EVENTS: Final = frozenset(
    {
        "unit.registered",
        "unit.renamed",
        "unit.dissolved",
        "field.registered",
        "field.lead_set",
        "person.registered",
        "calendar.published",
    }
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one copy; days are ISO dates, so that they order and compare alike on every database."""

    metadata: MetaData
    unit: Table
    unit_name: Table
    field: Table
    lead: Table
    person: Table
    calendar: Table
    mark: Table  # the position of the last event taken in, one row a tenant


def tables_of(name: str) -> Tables:
    """The tables of the copy called `name`; theirs begin with it."""
    metadata = MetaData()

    def table(suffix: str, *columns: Column[Any]) -> Table:
        return Table(f"{name}_{suffix}", metadata, _key("tenant"), *columns)

    return Tables(
        metadata=metadata,
        unit=table(
            "unit",
            _key("unit"),
            Column("kind", String(20), nullable=False),
            Column("office", String(32)),
            Column("parent", String(32)),
            Column("valid_from", String(10), nullable=False),
            Column("dissolved_from", String(10)),
            Column("position", BigInteger, nullable=False),
        ),
        unit_name=table(
            "unit_name",
            _key("unit"),
            _key("valid_from"),
            Column("code", String(200), nullable=False),
            Column("name", String(200), nullable=False),
        ),
        field=table(
            "field",
            _key("field"),
            Column("name", String(200), nullable=False),
            Column("restricted", Boolean, nullable=False),
            Column("valid_from", String(10), nullable=False),
            Column("position", BigInteger, nullable=False),
        ),
        lead=table("lead", _key("office"), _key("field"), _key("valid_from"), Column("lead", String(32), nullable=False)),
        person=table("person", _key("person"), _key("valid_from"), Column("unit", String(32), nullable=False)),
        calendar=table(
            "calendar",
            _key("version"),
            Column("first", String(10), nullable=False),
            Column("last", String(10), nullable=False),
            Column("days_off", Text, nullable=False),  # a JSON object, names by day
            Column("workdays", Text, nullable=False),  # a JSON list of days
            Column("position", BigInteger, nullable=False),
        ),
        mark=table("mark", Column("position", BigInteger, nullable=False)),
    )


def directory_projection(name: str) -> Projection:
    """The copy called `name` (such as `intake_directory`), to be declared among a service's subscriptions.

    `Directories` with the same name reads it.
    """
    tables = tables_of(name)

    async def apply(recorded: Recorded, rows: Rows) -> None:
        tenant, position = recorded.record.tenant, recorded.position
        _take_in(tables, tenant, position, recorded.event, rows)
        rows.put(tables.mark, {"tenant": tenant, "position": position})

    return Projection(name=name, version=1, sources=(SOURCE,), tables=tables.metadata, events=EVENTS, apply=apply)


def _take_in(tables: Tables, tenant: str, position: int, event: Any, rows: Rows) -> None:
    match event:
        case UnitRegistered():
            rows.put(
                tables.unit,
                {
                    "tenant": tenant,
                    "unit": event.unit,
                    "kind": event.kind.value,
                    "office": event.office,
                    "parent": event.parent,
                    "valid_from": event.valid_from.isoformat(),
                    "dissolved_from": None,
                    "position": position,
                },
            )
            _name(tables, tenant, event, rows)
        case UnitRenamed():
            _name(tables, tenant, event, rows)
        case UnitDissolved():
            key = {"tenant": tenant, "unit": event.unit}
            rows.patch(tables.unit, key, {"dissolved_from": event.valid_from.isoformat()})
        case FieldRegistered():
            rows.put(
                tables.field,
                {
                    "tenant": tenant,
                    "field": event.field,
                    "name": event.name,
                    "restricted": event.restricted,
                    "valid_from": event.valid_from.isoformat(),
                    "position": position,
                },
            )
        case FieldLeadSet():
            rows.put(
                tables.lead,
                {
                    "tenant": tenant,
                    "office": event.office,
                    "field": event.field,
                    "valid_from": event.valid_from.isoformat(),
                    "lead": event.lead,
                },
            )
        case PersonRegistered():
            since = event.valid_from.isoformat()
            rows.put(tables.person, {"tenant": tenant, "person": event.person, "valid_from": since, "unit": event.unit})
        case CalendarPublished():
            rows.put(
                tables.calendar,
                {
                    "tenant": tenant,
                    "version": event.version,
                    "first": event.first.isoformat(),
                    "last": event.last.isoformat(),
                    "days_off": json.dumps({off.day.isoformat(): off.name for off in event.days_off}, sort_keys=True),
                    "workdays": json.dumps(sorted(day.isoformat() for day in event.workdays)),
                    "position": position,
                },
            )


def _name(tables: Tables, tenant: str, event: UnitRegistered | UnitRenamed, rows: Rows) -> None:
    rows.put(
        tables.unit_name,
        {
            "tenant": tenant,
            "unit": event.unit,
            "valid_from": event.valid_from.isoformat(),
            "code": event.code,
            "name": event.name,
        },
    )


def _key(name: str) -> Column[Any]:
    return Column(name, String(40), primary_key=True)
