"""Reference data of the province of Sơn La: units of 2023 and of 2025, fields with their leads, calendar, who gets papers."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from shared.calendar import Calendar, rules_on
from shared.contracts.directory import UnitKind


def commands() -> list[dict[str, Any]]:
    """What seeds an installation, in an order that works: `{"command", "data"}`, each by its name and fields on the wire."""
    seeds = [_asked("publish_calendar", _data("calendar"))]
    seeds += [_asked("register_unit", unit) for unit in (*_data("units"), *_data("units-2025"))]
    seeds += [_asked("add_unit_alias", alias) for alias in _data("aliases")]
    fields = _data("fields")
    seeds += [_asked("register_field", {k: field[k] for k in ("field", "name", "restricted", "valid_from")}) for field in fields]
    seeds += [_asked("set_field_lead", {"field": field["field"], **lead}) for field in fields for lead in field["leads"]]
    seeds += [_asked("set_party_fields", _data("party-fields")), _asked("publish_checklist", _data("checklist"))]
    seeds.append(_asked("set_letterhead", _data("letterhead")))
    offices = [unit["unit"] for unit in _data("units") if unit["kind"] == UnitKind.OFFICE]
    seeds += [_asked("make_signing_key", {"office": office}) for office in offices]
    seeds += [_asked("set_recipients", recipients) for recipients in _data("recipients")]
    return seeds


@cache
def builtin_calendar() -> Calendar:
    """The calendar that ships, 2021 to 2027: the same as `commands` publishes, for whoever has no installation at hand."""
    data = _data("calendar")
    return Calendar(
        version=data["version"],
        first=date.fromisoformat(data["first"]),
        last=date.fromisoformat(data["last"]),
        days_off={date.fromisoformat(off["day"]): off["name"] for off in data["days_off"]},
        workdays=frozenset(map(date.fromisoformat, data["workdays"])),
    )


def due_day(start: date, working_days: int) -> date:
    """The day on which so many working days, counted from the day after `start`, are over.

    Raises:
        OutsideCalendar

    """
    return builtin_calendar().due(start, working_days, rule="asked", rules=rules_on(start).version).day


@cache
def forward_bodies() -> Mapping[str, tuple[str, ...]]:
    """By field, the bodies outside the Office that a matter of it is forwarded to; the first is the usual one."""
    return {field["field"]: tuple(field["forward"]) for field in _data("fields") if "forward" in field}


def _asked(command: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"command": command, "data": dict(data)}


def _data(name: str) -> Any:
    return json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
