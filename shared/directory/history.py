"""The dated rows that the directory of any day is taken from."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeVar

from shared.calendar import Calendar, Rules
from shared.contracts.directory import PARTY_FIELDS, UnitKind
from shared.contracts.plan import Recipient
from shared.directory.snapshot import Directory
from shared.directory.values import Delegation, Field, Holder, Letterhead, Post, SigningKey, Successors, Unit
from shared.text import fold

PLACES: Final = (UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.WARD)
_PLACE: Final = re.compile(r"^(thanh pho|thi xa|thi tran|huyen|phuong|xa) ")  # what a place is, folded, before its name
K = TypeVar("K")
V = TypeVar("V")
Dated = tuple[tuple[K, date, V], ...]  # of what, from when, what


@dataclass(frozen=True, slots=True)
class Lasting:
    """A unit as registered: in force from `since` until the day before `until`."""

    key: str
    kind: UnitKind
    office: str | None
    parent: str | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class History:
    """Every dated row of the directory, oldest first where several speak of one thing."""

    position: int = 0
    units: tuple[Lasting, ...] = ()
    names: Dated[str, tuple[str, str]] = ()  # code and name by unit
    aliases: tuple[tuple[str, str], ...] = ()
    successions: tuple[tuple[str, Successors], ...] = ()
    fields: tuple[tuple[Field, date], ...] = ()
    leads: Dated[tuple[str, str], str] = ()  # by field and office
    further: Dated[tuple[str, str], tuple[str, ...]] = ()
    letterheads: Dated[str, Letterhead] = ()  # by office
    signing_keys: tuple[SigningKey, ...] = ()  # every one ever made, oldest first
    charges: Dated[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = ()  # fields and units, by office and post
    party: tuple[tuple[date, frozenset[str]], ...] = ()  # the fields in which cấp ủy leads, from when
    people: Dated[str, str | None] = ()
    name_refs: Mapping[str, str] = field(default_factory=dict)  # where the vault keeps what a person is called
    members: Dated[tuple[str, str], bool] = ()  # whether a person acts for a further unit
    posts: tuple[Post, ...] = ()
    holdings: Dated[str, Holder | None] = ()
    delegations: tuple[Delegation, ...] = ()
    recipients: Dated[tuple[str, str], tuple[Recipient, ...]] = ()
    rules: Mapping[str, tuple[Rules, ...]] = field(default_factory=dict)
    calendars: tuple[Calendar, ...] = ()

    def turns(self) -> tuple[date, ...]:
        """The days on which something begins to be in force or ends, in order: from one to the next nothing differs."""
        dated = (
            *(self.names, self.leads, self.further, self.letterheads, self.charges),
            *(self.people, self.members, self.holdings, self.recipients),
        )
        begun = {since for rows in dated for _, since, _ in rows} | {since for since, _ in self.party}
        begun |= {since for _, since in self.fields} | {each.since for _, each in self.successions}
        begun |= {unit.since for unit in self.units} | {post.since for post in self.posts}
        begun |= {each.first for each in self.delegations}
        ended = {unit.until for unit in self.units if unit.until is not None}
        ended |= {each.revoked_from for each in self.delegations if each.revoked_from is not None}
        ended |= {each.last + timedelta(days=1) for each in self.delegations if each.last < date.max}
        return tuple(sorted(begun | ended))

    def at(self, day: date) -> Directory:
        """The directory of `day`."""
        names = _in_force(self.names, day)
        first_names = {key: name for key, _, name in reversed(self.names)}
        labels = {key: name for key, (_, name) in (first_names | names).items()}
        labels |= {field.key: field.name for field, _ in self.fields}
        units = {
            unit.key: Unit(unit.key, *names[unit.key], unit.kind, unit.office, unit.parent)
            for unit in self.units
            if unit.since <= day and (unit.until is None or day < unit.until) and unit.key in names
        }
        holders = {post: held for post, held in _in_force(self.holdings, day).items() if held is not None}
        homes = _in_force(self.people, day)
        return Directory(
            day=day,
            position=self.position,
            units=units,
            registered=tuple(unit.key for unit in self.units),
            fields={field.key: field for field, since in self.fields if since <= day},
            leads=_in_force(self.leads, day),
            name_refs=self.name_refs,
            people={person: unit for person, unit in homes.items() if unit is not None},
            labels=labels,
            published=self.calendars[-1] if self.calendars else None,
            named_from={key: since for key, since, _ in self.names if since <= day},
            former_names=self._former_names(day),
            names=_grouped((key, (since, name)) for key, since, (_, name) in self.names if since <= day),
            ended={unit.key: unit.until for unit in self.units if unit.until is not None and unit.until <= day},
            succeeded=_grouped((key, each) for key, each in self.successions if each.since <= day),
            spellings=self._spellings(units),
            further=_in_force(self.further, day),
            charged=_in_force(self.charges, day),
            letterheads=_in_force(self.letterheads, day),
            signing_keys=self.signing_keys,
            party_fields=next((fields for since, fields in reversed(self.party) if since <= day), PARTY_FIELDS),
            joined=self._joined(day),
            posts={post.key: post for post in self.posts if post.since <= day and post.unit in units},
            holders=holders,
            delegations=tuple(each for each in self.delegations if self._holds(each, holders.get(each.post), day)),
            lists=_in_force(self.recipients, day),
            calendars={calendar.version: calendar for calendar in self.calendars},
            rules=self.rules,
        )

    def _former_names(self, day: date) -> dict[str, str]:
        """The name before the present one, of units that were renamed."""
        former: dict[str, str] = {}
        last: dict[str, str] = {}
        for key, since, (_, name) in self.names:
            if since > day:
                continue
            if key in last and last[key] != name:
                former[key] = last[key]
            last[key] = name
        return former

    def _spellings(self, units: Mapping[str, Unit]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for unit in units.values():
            found[fold(unit.name)].add(unit.key)
            if unit.kind in PLACES:
                found[_PLACE.sub("", fold(unit.name))].add(unit.key)
        for key, alias in self.aliases:
            if key in units:
                found[fold(alias).strip()].add(key)
        return {spelling: frozenset(keys) for spelling, keys in found.items()}

    def _joined(self, day: date) -> dict[str, tuple[str, ...]]:
        left = {person: since for person, since, unit in self.people if since <= day and unit is None}
        since_of = {key: since for key, since, joined in self.members if since <= day and joined}
        joined = (key for key, acts in _in_force(self.members, day).items() if acts)
        # Who left the service left every unit with it, and comes back to the one he is put into.
        return _grouped((person, unit) for person, unit in joined if since_of[person, unit] >= left.get(person, date.min))

    def _holds(self, delegation: Delegation, holder: Holder | None, day: date) -> bool:
        """It lapses when the post is vacated or changes hands: nobody acts for a holder who is no longer there."""
        if holder is None or not delegation.holds(day):
            return False
        return all(
            held is not None and held.person == holder.person
            for post, since, held in self.holdings
            if post == delegation.post and delegation.first < since <= day
        )


def _in_force(rows: Iterable[tuple[K, date, V]], day: date) -> dict[K, V]:
    return {key: value for key, since, value in rows if since <= day}


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
