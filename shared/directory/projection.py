"""Builds a service's copy of the directory from the events of the assignment service."""

import json
from datetime import date
from typing import Any, Final

from shared.canonical import canonical
from shared.contracts.calendar import CalendarPublished
from shared.contracts.directory import (
    ChargeSet,
    DelegationGranted,
    DelegationRevoked,
    FieldLeadSet,
    FieldRegistered,
    FurtherLeadsSet,
    LetterheadSet,
    PartyFieldsSet,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonRegistered,
    PostCreated,
    PostHeld,
    PostVacated,
    RecipientsSet,
    SigningKeyMade,
    SigningKeyRetired,
    UnitAliasAdded,
    UnitDissolved,
    UnitRegistered,
    UnitRenamed,
    UnitSucceeded,
)
from shared.contracts.rules import RulesPublished
from shared.directory.tables import Tables, tables_of
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

SOURCE: Final = "assignment"
SHOWN: Final = ("parent", "issuer", "above", "called", "place", "head")  # of a letterhead
EVENTS: Final = frozenset(
    {
        "unit.registered",
        "unit.renamed",
        "unit.dissolved",
        "unit.succeeded",
        "unit.alias_added",
        "field.registered",
        "field.lead_set",
        "field.further_leads_set",
        "party_fields.set",
        "person.registered",
        "person.moved",
        "person.joined",
        "person.left",
        "post.created",
        "post.held",
        "post.vacated",
        "delegation.granted",
        "delegation.revoked",
        "recipients.set",
        "charges.set",
        "letterhead.set",
        "signing_key.made",
        "signing_key.retired",
        "rules.published",
        "calendar.published",
    }
)


def directory_projection(name: str) -> Projection:
    """The copy called `name` (such as `intake_directory`), to be declared among a service's subscriptions.

    `Directories` with the same name reads it.
    """
    tables = tables_of(name)

    async def apply(recorded: Recorded, rows: Rows) -> None:
        base = {"tenant": recorded.record.tenant}
        placed = base | {"position": recorded.position}
        _take_in(tables, recorded, base, placed, rows)
        rows.put(tables.mark, placed)

    return Projection(name=name, version=6, sources=(SOURCE,), tables=tables.metadata, events=EVENTS, apply=apply)


def _take_in(tables: Tables, recorded: Recorded, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    event = recorded.event
    match event:
        case UnitRegistered() | UnitRenamed() | UnitDissolved() | UnitSucceeded() | UnitAliasAdded():
            _unit(tables, event, base, placed, rows)
        case FieldRegistered() | FieldLeadSet() | FurtherLeadsSet():
            _field(tables, event, base, placed, rows)
        case PersonRegistered() | PersonMoved() | PersonJoined() | PersonLeft():
            _person(tables, event, base, placed, rows)
        case PostCreated() | PostHeld() | PostVacated():
            _post(tables, event, base, placed, rows)
        case DelegationGranted() | DelegationRevoked():
            _delegation(tables, recorded.stream, event, base, placed, rows)
        case RecipientsSet() | RulesPublished() | CalendarPublished() | PartyFieldsSet() | ChargeSet() | LetterheadSet():
            _published(tables, event, placed, rows)
        case SigningKeyMade() | SigningKeyRetired():
            _signing_key(tables, recorded, base, placed, rows)


def _unit(tables: Tables, event: Any, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    match event:
        case UnitRegistered():
            registered = {"kind": event.kind.value, "office": event.office, "parent": event.parent, "dissolved_from": None}
            rows.put(tables.unit, placed | registered | {"unit": event.unit, "valid_from": _day(event)})
            rows.put(tables.unit_name, base | _named(event))
        case UnitRenamed():
            rows.put(tables.unit_name, base | _named(event))
        case UnitDissolved():
            rows.patch(tables.unit, base | {"unit": event.unit}, {"dissolved_from": _day(event)})
        case UnitSucceeded():
            lines = [[line.field, line.to] for line in event.successions]
            row = {"unit": event.unit, "valid_from": _day(event), "lines": json.dumps(lines), "basis": event.basis}
            rows.put(tables.succession, placed | row)
        case UnitAliasAdded():
            rows.put(tables.alias, base | {"unit": event.unit, "alias": event.alias})


def _named(event: UnitRegistered | UnitRenamed) -> dict[str, Any]:
    return {"unit": event.unit, "valid_from": _day(event), "code": event.code, "name": event.name}


def _field(tables: Tables, event: Any, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    row = {"field": event.field, "valid_from": _day(event)}
    match event:
        case FieldRegistered():
            rows.put(tables.field, placed | row | {"name": event.name, "restricted": event.restricted})
        case FieldLeadSet():
            rows.put(tables.lead, base | row | {"office": event.office, "lead": event.lead})
        case FurtherLeadsSet():
            rows.put(tables.further, base | row | {"office": event.office, "leads": json.dumps(event.leads)})


def _person(tables: Tables, event: Any, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    row = {"person": event.person, "unit": event.unit, "valid_from": _day(event)}
    match event:
        case PersonRegistered() | PersonMoved():
            rows.put(tables.person, base | row)
            if isinstance(event, PersonRegistered):
                rows.put(tables.name, base | {"person": event.person, "ref": event.name.ref})
        case PersonJoined():
            rows.put(tables.member, placed | row | {"joined": True})
        case PersonLeft():
            rows.put(tables.member, placed | row | {"joined": False})


def _post(tables: Tables, event: Any, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    row = placed | {"post": event.post, "valid_from": _day(event)}
    match event:
        case PostCreated():
            rows.put(tables.post, row | {"unit": event.unit, "name": event.name, "role": event.role.value})
        case PostHeld():
            rows.put(tables.holding, row | {"person": event.person, "acting": event.acting})
        case PostVacated():
            rows.put(tables.holding, row | {"person": None, "acting": False})


def _delegation(tables: Tables, stream: str, event: Any, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    match event:
        case DelegationGranted():
            granted = {
                "post": event.post,
                "to": event.to,
                "actions": json.dumps(event.actions),
                "valid_from": _day(event),
                "valid_to": event.valid_to.isoformat(),
                "revoked_from": None,
            }
            rows.put(tables.delegation, placed | {"delegation": stream} | granted)
        case DelegationRevoked():
            rows.patch(tables.delegation, base | {"delegation": stream}, {"revoked_from": _day(event)})


def _signing_key(tables: Tables, recorded: Recorded, base: dict[str, Any], placed: dict[str, Any], rows: Rows) -> None:
    event, at = recorded.event, recorded.record.recorded
    match event:
        case SigningKeyMade():
            made = {"key": event.key, "office": event.office, "public": event.public, "private_ref": event.private.ref}
            rows.put(tables.signing_key, placed | made | {"first": _day(event), "last": None, "made": at, "retired": None})
        case SigningKeyRetired():
            rows.patch(tables.signing_key, base | {"key": event.key}, {"last": event.last.isoformat(), "retired": at})


def _published(tables: Tables, event: Any, placed: dict[str, Any], rows: Rows) -> None:
    match event:
        case RecipientsSet():
            row = {"office": event.office, "kind": event.kind, "valid_from": _day(event)}
            rows.put(tables.recipients, placed | row | {"lines": canonical(event.recipients).decode()})
        case ChargeSet():
            row = {"office": event.office, "post": event.post, "valid_from": _day(event)}
            led = {"fields": json.dumps(event.fields), "units": json.dumps(event.units)}
            rows.put(tables.charge, placed | row | led)
        case LetterheadSet():
            shown = {name: getattr(event, name) for name in SHOWN}
            row = {"office": event.office, "valid_from": _day(event), "shown": json.dumps(shown, ensure_ascii=False)}
            rows.put(tables.letterhead, placed | row)
        case PartyFieldsSet():
            rows.put(tables.party, placed | {"valid_from": _day(event), "fields": json.dumps(event.fields)})
        case RulesPublished():
            deadlines = {rule.rule: [rule.days, rule.counting.value] for rule in event.rules}
            row = {"office": event.office or "", "version": event.version, "valid_from": _day(event)}
            rows.put(tables.rules, placed | row | {"deadlines": json.dumps(deadlines, sort_keys=True)})
        case CalendarPublished():
            rows.put(
                tables.calendar,
                placed
                | {
                    "version": event.version,
                    "first": event.first.isoformat(),
                    "last": event.last.isoformat(),
                    "days_off": json.dumps({off.day.isoformat(): off.name for off in event.days_off}, sort_keys=True),
                    "workdays": json.dumps(sorted(day.isoformat() for day in event.workdays)),
                },
            )


def _day(event: Any) -> str:
    day: date = event.valid_from
    return day.isoformat()
