"""What the directory says on a day, and every dated row behind it, as rows of text by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.assignment.entrypoints.pages.directory.acts import Part
from shared.directory.history import History
from shared.directory.snapshot import Directory
from shared.text import fold

Cells = tuple[str, ...]
Versions = Iterable[tuple[date, str, str]]  # since when, about what, what holds
Names = Mapping[str, str]  # of people, as far as they were opened


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: the codes of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: Sequence[Cells]


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the directory: as it is in force on a day, and by the days from which its versions hold, the latest first."""

    now: Rows
    dated: Rows


def shown(part: Part, directory: Directory, history: History, names: Names) -> Shown:
    """A part of the directory."""
    return Shown(_NOW[part](directory, names), _dated(part, history, directory))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day is not None else "–"


def _sorted(rows: Iterable[Cells]) -> Sequence[Cells]:
    return sorted(rows, key=lambda row: fold(row[0]))


def _units(directory: Directory, names: Names) -> Rows:
    label = directory.label
    return Rows(
        ("name", "key", "unit_kind", "office", "since"),
        _sorted(
            (
                each.name,
                each.key,
                each.kind.value,
                label(each.office) if each.office else "–",
                _day(directory.named_from.get(key)),
            )
            for key, each in directory.units.items()
        ),
    )


def _people(directory: Directory, names: Names) -> Rows:
    return Rows(
        ("person", "name", "unit", "further", "posts"),
        _sorted(
            (
                person,
                names.get(person, "–"),
                directory.label(unit),
                ", ".join(map(directory.label, directory.joined.get(person, ()))) or "–",
                ", ".join(post.name for post in directory.posts_of(person)) or "–",
            )
            for person, unit in directory.people.items()
        ),
    )


def _posts(directory: Directory, names: Names) -> Rows:
    def holder(key: str) -> str:
        held = directory.holder(key)
        return f"{names.get(held.person, held.person)}{' (Q.)' if held.acting else ''}" if held is not None else "–"

    return Rows(
        ("name", "key", "unit", "role", "holder"),
        _sorted(
            (post.name, key, directory.label(post.unit), post.role.value, holder(key)) for key, post in directory.posts.items()
        ),
    )


def _fields(directory: Directory, names: Names) -> Rows:
    offices = sorted({office for _, office in (*directory.leads, *directory.further)})

    def leads(field: str) -> str:
        told = [(office, directory.leads_of(field, office)) for office in offices]
        return "; ".join(f"{office}: {', '.join(map(directory.label, units))}" for office, units in told if units) or "–"

    return Rows(
        ("name", "key", "restricted", "party", "leads"),
        _sorted(
            (each.name, key, _yes(each.restricted), _yes(key in directory.party_fields), leads(key))
            for key, each in directory.fields.items()
        ),
    )


def _calendar(directory: Directory, names: Names) -> Rows:
    published = directory.published
    days = [] if published is None else [(day, name, "off") for day, name in published.days_off.items()]
    days += [] if published is None else [(day, "", "workday") for day in published.workdays]
    return Rows(("day", "why", "kind_of_day"), [(_day(day), name or "–", kind) for day, name, kind in sorted(days)])


def _rules(directory: Directory, names: Names) -> Rows:
    offices = ["", *sorted(office for office in directory.rules if office)]
    return Rows(
        ("office", "version", "rule", "days", "counting"),
        [
            (directory.label(office) if office else "–", rules.version, rule, str(deadline.days), deadline.counting.value)
            for office in offices
            for rules in [directory.rules_of(office)]
            for rule, deadline in rules.deadlines.items()
        ],
    )


def _recipients(directory: Directory, names: Names) -> Rows:
    return Rows(
        ("office", "document_kind", "unit", "purpose", "mandatory"),
        [
            (directory.label(office), kind, directory.label(line.unit), line.purpose, _yes(line.mandatory))
            for office, kind in sorted(directory.lists)
            for line in directory.recipients(office, kind)
        ],
    )


def _charges(directory: Directory, names: Names) -> Rows:
    def post(key: str) -> str:
        return directory.posts[key].name if key in directory.posts else key

    return Rows(
        ("post", "office", "fields", "units"),
        _sorted(
            (post(key), directory.label(office), _labels(directory, fields), _labels(directory, units))
            for (office, key), (fields, units) in directory.charged.items()
        ),
    )


def _letterhead(directory: Directory, names: Names) -> Rows:
    return Rows(
        ("office", "parent", "issuer", "above", "called", "place", "head"),
        _sorted(
            (directory.label(office), each.parent, each.issuer, each.above, each.called, each.place, each.head)
            for office, each in directory.letterheads.items()
        ),
    )


def _keys(directory: Directory, names: Names) -> Rows:
    held = [each for each in directory.signing_keys if each.last is None and each.first <= directory.day]
    return Rows(
        ("office", "key", "since", "public"),
        _sorted((directory.label(each.office), each.key, _day(each.first), each.public) for each in held),
    )


def _delegations(directory: Directory, names: Names) -> Rows:
    return Rows(
        ("post", "to", "since", "until", "actions"),
        _sorted(
            (
                directory.posts[each.post].name if each.post in directory.posts else each.post,
                names.get(each.to, each.to),
                _day(each.first),
                _day(each.last),
                ", ".join(sorted(each.actions)) or "all",
            )
            for each in directory.delegations
        ),
    )


_NOW: Final[Mapping[Part, Callable[[Directory, Names], Rows]]] = {
    Part.UNITS: _units,
    Part.PEOPLE: _people,
    Part.POSTS: _posts,
    Part.FIELDS: _fields,
    Part.CALENDAR: _calendar,
    Part.RULES: _rules,
    Part.RECIPIENTS: _recipients,
    Part.CHARGES: _charges,
    Part.LETTERHEAD: _letterhead,
    Part.KEYS: _keys,
    Part.DELEGATIONS: _delegations,
}


def _dated(part: Part, history: History, directory: Directory) -> Rows:
    """Since when which version holds, the latest first: also what was in force before, and what will be."""
    found = sorted(_VERSIONS[part](history, directory), key=lambda each: each[0], reverse=True)
    return Rows(("since", "about", "what"), [(_day(since), about, what) for since, about, what in found])


def _units_dated(history: History, directory: Directory) -> Versions:
    yield from ((since, key, f"{name} ({code})") for key, since, (code, name) in history.names)
    yield from ((each.until, each.key, "ended") for each in history.units if each.until is not None)
    for key, step in history.successions:
        takers = [f"{field}: {', '.join(to)}" for field, to in step.by_field.items()] + [", ".join(step.rest)]
        yield step.since, key, "→ " + "; ".join(filter(None, takers))


def _people_dated(history: History, directory: Directory) -> Versions:
    yield from ((since, person, directory.label(unit) if unit else "left") for person, since, unit in history.people)
    yield from ((since, who, f"{'+' if on else '−'} {directory.label(unit)}") for (who, unit), since, on in history.members)


def _posts_dated(history: History, directory: Directory) -> Versions:
    yield from ((post.since, post.key, f"{post.name} · {directory.label(post.unit)}") for post in history.posts)
    yield from ((since, key, held.person if held else "vacant") for key, since, held in history.holdings)


def _fields_dated(history: History, directory: Directory) -> Versions:
    label = directory.label
    yield from ((since, label(field.key), field.name) for field, since in history.fields)
    yield from ((since, f"{label(field)} · {office}", label(lead)) for (field, office), since, lead in history.leads)
    for (field, office), since, further in history.further:
        yield since, f"{label(field)} · {office}", _labels(directory, further)
    yield from ((since, "party", _labels(directory, fields)) for since, fields in history.party)


def _calendar_dated(history: History, directory: Directory) -> Versions:
    yield from ((each.first, each.version, f"{_day(each.first)}–{_day(each.last)}") for each in history.calendars)


def _rules_dated(history: History, directory: Directory) -> Versions:
    for office, versions in history.rules.items():
        yield from ((each.valid_from, directory.label(office) if office else "–", each.version) for each in versions)


def _recipients_dated(history: History, directory: Directory) -> Versions:
    for (office, kind), since, lines in history.recipients:
        yield since, f"{directory.label(office)} · {kind}", ", ".join(directory.label(line.unit) for line in lines)


def _charges_dated(history: History, directory: Directory) -> Versions:
    for (_, post), since, (fields, units) in history.charges:
        yield since, post, f"{_labels(directory, fields)} · {_labels(directory, units)}"


def _letterhead_dated(history: History, directory: Directory) -> Versions:
    for office, since, each in history.letterheads:
        yield since, directory.label(office), f"{each.parent} · {each.issuer}"


def _keys_dated(history: History, directory: Directory) -> Versions:
    for each in history.signing_keys:
        yield each.first, directory.label(each.office), each.key
        if each.last is not None:
            yield each.last, f"{directory.label(each.office)} · {each.key}", "retired"


def _delegations_dated(history: History, directory: Directory) -> Versions:
    for each in history.delegations:
        yield each.first, each.post, f"{each.to}, {_day(each.first)}–{_day(each.revoked_from or each.last)}"


_VERSIONS: Final[Mapping[Part, Callable[[History, Directory], Versions]]] = {
    Part.UNITS: _units_dated,
    Part.PEOPLE: _people_dated,
    Part.POSTS: _posts_dated,
    Part.FIELDS: _fields_dated,
    Part.CALENDAR: _calendar_dated,
    Part.RULES: _rules_dated,
    Part.RECIPIENTS: _recipients_dated,
    Part.CHARGES: _charges_dated,
    Part.LETTERHEAD: _letterhead_dated,
    Part.KEYS: _keys_dated,
    Part.DELEGATIONS: _delegations_dated,
}


def _labels(directory: Directory, keys: Iterable[str]) -> str:
    return ", ".join(sorted(map(directory.label, keys))) or "–"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
