"""What the forms of the directory are filled from, and what stands in them at first."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from shared.contracts.directory import UnitKind
from shared.directory.history import History
from shared.directory.snapshot import Directory
from shared.text import fold
from shared.web.acts import Option, Options

BLANK_ROWS: Final = 4
LISTS: Final = ("succeed_unit", "set_recipients", "publish_rules")


def options(directory: Directory, history: History) -> Options:
    """By the name of a field, whichever act asks for it."""
    units = _by_label(Option(key, f"{unit.name} ({key})") for key, unit in directory.units.items())
    offices = [each for each in units if directory.units[each.value].kind is UnitKind.OFFICE]
    posts = _by_label(Option(key, f"{post.name} · {directory.label(post.unit)}") for key, post in directory.posts.items())
    fields = _by_label(Option(key, field.name) for key, field in directory.fields.items())
    keys = [
        Option(each.key, f"{each.key} · {directory.label(each.office)}") for each in directory.signing_keys if each.last is None
    ]
    granted = [
        Option(each.key, f"{each.post} → {each.to} ({each.first:%d/%m/%Y}–{each.last:%d/%m/%Y})")
        for each in history.delegations
        if each.revoked_from is None and each.last >= directory.day
    ]
    units_of = ("unit", "lead", "leads", "parent", "units", "successions.to", "recipients.unit")
    return {
        **dict.fromkeys(units_of, units),
        "office": offices,
        "post": posts,
        **dict.fromkeys(("field", "fields", "successions.field"), fields),
        **dict.fromkeys(("key", "replacing"), keys),
        "delegation": granted,
    }


def chosen(directory: Directory, office: str, list_of: tuple[str, str] | None) -> Mapping[str, Mapping[str, Any]]:
    """By the name of an act, what its form holds as long as nothing was typed: what it would replace, as it stands.

    `list_of`: the office and kind of document whose list of recipients is to be changed.
    """
    today = f"{directory.day:%d/%m/%Y}"
    rules = directory.rules_of(office)
    blank: list[dict[str, Any]] = [{}] * BLANK_ROWS
    recipients = directory.lists.get(list_of, ()) if list_of is not None else ()
    heads = directory.letterhead(office)
    return {
        "": {"valid_from": today, "office": office},
        "succeed_unit": {"valid_from": today, "dissolves": "true", "successions": blank},
        "publish_calendar": _calendar(directory),
        "publish_rules": {
            "valid_from": today,
            "office": office,
            "rules": [
                *({"rule": rule, "days": each.days, "counting": each.counting.value} for rule, each in rules.deadlines.items()),
                *blank,
            ],
        },
        "set_party_fields": {"valid_from": today, "fields": sorted(directory.party_fields)},
        "set_recipients": {
            "valid_from": today,
            "office": list_of[0] if list_of else office,
            "kind": list_of[1] if list_of else "",
            "recipients": [
                *(
                    {"role": each.role, "unit": each.unit, "purpose": each.purpose, "mandatory": "1" if each.mandatory else ""}
                    for each in recipients
                ),
                *blank,
            ],
        },
        "set_letterhead": {
            "valid_from": today,
            "office": office,
            **{name: getattr(heads, name) for name in ("parent", "issuer", "above", "called", "place", "head")},
        },
    }


def _calendar(directory: Directory) -> dict[str, Any]:
    published = directory.published
    if published is None:
        return {}
    return {
        "first": _typed(published.first),
        "last": _typed(published.last),
        "days_off": "\n".join(f"{_typed(day)} {name}" for day, name in sorted(published.days_off.items())),
        "workdays": "\n".join(_typed(day) for day in sorted(published.workdays)),
    }


def _typed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _by_label(found: Any) -> list[Option]:
    return sorted(found, key=lambda option: fold(option.label))
