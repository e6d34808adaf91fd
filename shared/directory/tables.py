"""The tables of one copy of the directory; days are ISO dates, so that they order and compare alike on every database."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, MetaData, String, Table, Text


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one copy. Rows that carry `valid_from` in their key are dated: the last one by a day is in force."""

    metadata: MetaData
    unit: Table
    unit_name: Table
    alias: Table
    succession: Table
    field: Table
    lead: Table
    further: Table
    party: Table
    charge: Table
    letterhead: Table
    signing_key: Table
    person: Table
    name: Table
    member: Table
    post: Table
    holding: Table
    delegation: Table
    recipients: Table
    rules: Table
    calendar: Table
    mark: Table  # the position of the last event taken in, one row a tenant


@cache  # whoever writes the copy and whoever reads it name the same tables
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
            _text("kind", 20),
            Column("office", String(32)),
            Column("parent", String(32)),
            _text("valid_from", 10),
            Column("dissolved_from", String(10)),
            _position(),
        ),
        unit_name=table("unit_name", _key("unit"), _key("valid_from"), _text("code", 200), _text("name", 200)),
        alias=table("alias", _key("unit"), Column("alias", String(200), primary_key=True)),
        succession=table("succession", _key("unit"), _key("valid_from"), _json("lines"), _text("basis", 80), _position()),
        field=table(
            "field",
            _key("field"),
            _text("name", 200),
            Column("restricted", Boolean, nullable=False),
            _text("valid_from", 10),
            _position(),
        ),
        lead=table("lead", _key("office"), _key("field"), _key("valid_from"), _text("lead", 32)),
        further=table("further", _key("office"), _key("field"), _key("valid_from"), _json("leads")),
        charge=table("charge", _key("office"), _key("post"), _key("valid_from"), _json("fields"), _json("units"), _position()),
        letterhead=table("letterhead", _key("office"), _key("valid_from"), _json("shown"), _position()),
        signing_key=table(
            "signing_key",
            _key("key"),
            _text("office", 32),
            _text("public", 64),
            _text("private_ref", 40),
            _text("first", 10),
            Column("last", String(10)),
            Column("made", BigInteger, nullable=False),  # when it and its end were recorded: microseconds since 1970 UTC
            Column("retired", BigInteger),
            _position(),
        ),
        party=table("party", _key("valid_from"), _json("fields"), _position()),
        person=table("person", _key("person"), _key("valid_from"), Column("unit", String(32))),  # no unit: left the service
        name=table("name", _key("person"), _text("ref", 40)),  # a reference into the vault
        member=table(
            "member",
            _key("person"),
            _key("unit"),
            _key("valid_from"),
            Column("joined", Boolean, nullable=False),
            _position(),
        ),
        post=table(
            "post",
            _key("post"),
            _text("unit", 32),
            _text("name", 200),
            _text("role", 40),
            _text("valid_from", 10),
            _position(),
        ),
        holding=table(
            "holding",
            _key("post"),
            _key("valid_from"),
            Column("person", String(40)),  # nobody: vacant
            Column("acting", Boolean, nullable=False),
            _position(),
        ),
        delegation=table(
            "delegation",
            Column("delegation", String(100), primary_key=True),
            _text("post", 32),
            _text("to", 40),
            _json("actions"),
            _text("valid_from", 10),
            _text("valid_to", 10),
            Column("revoked_from", String(10)),
            _position(),
        ),
        recipients=table("recipients", _key("office"), _key("kind"), _key("valid_from"), _json("lines"), _position()),
        rules=table(
            "rules",
            _key("office"),  # empty: every office
            _key("version"),
            _text("valid_from", 10),
            _json("deadlines"),
            _position(),
        ),
        calendar=table(
            "calendar",
            _key("version"),
            _text("first", 10),
            _text("last", 10),
            _json("days_off"),  # an object, names by day
            _json("workdays"),
            _position(),
        ),
        mark=table("mark", _position()),
    )


def _key(name: str) -> Column[Any]:
    return Column(name, String(40), primary_key=True)


def _text(name: str, length: int) -> Column[Any]:
    return Column(name, String(length), nullable=False)


def _json(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _position() -> Column[Any]:
    return Column("position", BigInteger, nullable=False)
