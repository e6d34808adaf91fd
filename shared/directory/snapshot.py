"""What the directory says on one day, held in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from shared.calendar import Calendar, Rules, rules_on
from shared.contracts.directory import PARTY_FIELDS, UnitKind
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.directory.values import Charge, Delegation, Field, Holder, Letterhead, Post, SigningKey, Successors, Unit
from shared.text import fold


class NoCalendar(Refused):
    """Without a calendar no deadline can be counted."""

    code = "no-calendar-yet"
    rule = ("brief §2.2",)
    title_vi = "Chưa công bố lịch làm việc"
    title_en = "No working-day calendar is published"
    advice_vi = "Quản trị công bố lịch làm việc trước, rồi thực hiện lại."
    advice_en = "Have the administrator publish a calendar first, then ask again."


@dataclass(frozen=True, slots=True)
class Directory:
    """Units, fields, people, posts and rules as in force on `day`, in the order in which they were registered.

    `position` is that of the last event of the assignment log it knows. The calendar is the one published last,
    whatever the day: a calendar replaces the former one as a whole.
    """

    day: date
    position: int
    units: Mapping[str, Unit]
    fields: Mapping[str, Field]
    leads: Mapping[tuple[str, str], str]  # by field and office
    people: Mapping[str, str]  # the unit that a person belongs to
    labels: Mapping[str, str]  # names of all units and fields ever, those of the day where they had one then
    published: Calendar | None
    named_from: Mapping[str, date] = field(default_factory=dict)  # since when a unit carries its name: its version
    former_names: Mapping[str, str] = field(default_factory=dict)  # what a unit was called before it was renamed
    names: Mapping[str, tuple[tuple[date, str], ...]] = field(default_factory=dict)  # every name of a unit, oldest first
    ended: Mapping[str, date] = field(default_factory=dict)  # from which day a unit is no more
    succeeded: Mapping[str, tuple[Successors, ...]] = field(default_factory=dict)  # oldest first
    spellings: Mapping[str, frozenset[str]] = field(default_factory=dict)  # units in force by folded name or alias
    further: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # by field and office
    charged: Mapping[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)  # by office and post
    name_refs: Mapping[str, str] = field(default_factory=dict)  # where the vault keeps what a person is called
    letterheads: Mapping[str, Letterhead] = field(default_factory=dict)  # by office
    signing_keys: tuple[SigningKey, ...] = ()  # every one ever made, oldest first
    party_fields: frozenset[str] = PARTY_FIELDS  # where cấp ủy leads
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # further units that a person acts for
    posts: Mapping[str, Post] = field(default_factory=dict)
    holders: Mapping[str, Holder] = field(default_factory=dict)  # by post; vacant ones are not in it
    delegations: tuple[Delegation, ...] = ()  # in force
    lists: Mapping[tuple[str, str], tuple[Recipient, ...]] = field(default_factory=dict)  # by office and kind of document
    registered: tuple[str, ...] = ()  # every unit there ever was, in the order in which they came
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # every one ever published, by version
    rules: Mapping[str, tuple[Rules, ...]] = field(default_factory=dict)  # every version ever, by office; "": of every one

    @property
    def calendar(self) -> Calendar:
        """The calendar in force.

        Raises:
            NoCalendar

        """
        if self.published is None:
            raise NoCalendar
        return self.published

    def unit(self, key: str) -> Unit | None:
        """The unit, if it is in force."""
        return self.units.get(key)

    def field(self, key: str) -> Field | None:
        """The field, if it is in force."""
        return self.fields.get(key)

    def office(self, key: str) -> Unit | None:
        """The office that holds dialogues under `key`, if there is one in force."""
        unit = self.units.get(key)
        return unit if unit is not None and unit.kind is UnitKind.OFFICE else None

    def letterhead(self, office: str) -> Letterhead:
        """What the papers of `office` show; while nothing was set, its own name and that of the unit above it."""
        if office in self.letterheads:
            return self.letterheads[office]
        unit = self.units.get(office)
        name, above = self.label(office), self.label(unit.parent) if unit is not None and unit.parent else ""
        return Letterhead(above.upper(), name.upper(), above, name, "", f"Thủ trưởng {name}")

    def signing_key(self, office: str) -> SigningKey | None:
        """The key that the papers of `office` are signed with on the directory's day, if it has one."""
        found = [each for each in self.signing_keys if each.office == office and each.last is None and each.first <= self.day]
        return found[-1] if found else None

    def lead(self, field: str, office: str) -> str | None:
        """The unit that answers for `field` at `office` unless the head decides otherwise."""
        return self.leads.get((field, office))

    def leads_of(self, field: str, office: str) -> tuple[str, ...]:
        """Every unit that answers for `field` at `office`, the usual one first."""
        lead = self.lead(field, office)
        return (*((lead,) if lead else ()), *self.further.get((field, office), ()))

    def fields_of(self, unit: str) -> tuple[str, ...]:
        """The fields that a unit answers for, at whichever office."""
        led = {field for (field, _), lead in self.leads.items() if lead == unit}
        led |= {field for (field, _), leads in self.further.items() if unit in leads}
        return tuple(sorted(led))

    def unit_of(self, person: str) -> str | None:
        """The unit a member of staff belongs to."""
        return self.people.get(person)

    def units_of(self, person: str) -> tuple[str, ...]:
        """Every unit a person acts for (R50): the one he belongs to, those he joined, those of his posts."""
        home = self.people.get(person)
        posts = [post.unit for post in self.posts_of(person)]
        return tuple(dict.fromkeys([*([home] if home else []), *self.joined.get(person, ()), *posts]))

    def holder(self, post: str) -> Holder | None:
        """Who holds a post."""
        return self.holders.get(post)

    def posts_of(self, person: str) -> tuple[Post, ...]:
        """The posts a person holds."""
        return tuple(self.posts[key] for key, held in self.holders.items() if held.person == person and key in self.posts)

    def post_of(self, person: str, unit: str | None = None) -> Post | None:
        """The post a person holds, in `unit` if one is named; the first of several."""
        return next((post for post in self.posts_of(person) if unit in (None, post.unit)), None)

    def leader_of(self, unit: str) -> Post | None:
        """The post that leads a unit of an office, whether it is held or not."""
        return next((post for post in self.posts.values() if post.unit == unit and post.role is Role.UNIT_LEADER), None)

    def delegations_to(self, person: str) -> tuple[Delegation, ...]:
        """What others let a person do. A delegation lapses when the post changes hands."""
        return tuple(each for each in self.delegations if each.to == person)

    def charges(self, office: str, action: str) -> tuple[Charge, ...]:
        """Who leads in what at `office` (phụ trách), with whoever may do `action` for him."""
        return tuple(
            Charge(fields, units, self._acting_as(post, action))
            for (of, post), (fields, units) in self.charged.items()
            if of == office and post in self.posts
        )

    def heads(self, office: str, action: str) -> frozenset[str]:
        """The head of `office`, with whoever may do `action` for him."""
        chiefs = (post for post in self.posts.values() if post.role is Role.CHIEF)
        held = [self._acting_as(post.key, action) for post in chiefs if self.units[post.unit].office == office]
        return frozenset().union(*held)

    def _acting_as(self, post: str, action: str) -> frozenset[str]:
        """Who holds a post, and to whom he delegated `action` or all that the post may."""
        holder = self.holder(post)
        acting = {each.to for each in self.delegations if each.post == post and (not each.actions or action in each.actions)}
        return frozenset(acting | ({holder.person} if holder is not None else set()))

    def recipients(self, office: str, kind: str) -> tuple[Recipient, ...]:
        """Who gets a kind of document of `office`: each line stands for a role, and its unit's successor takes its place."""
        found: dict[str, Recipient] = {}
        for line in self.lists.get((office, kind), ()):
            for unit in self._heirs(line.unit):
                found.setdefault(unit, replace(line, unit=unit))
        return tuple(found.values())

    def in_places_of(self, units: Collection[str]) -> frozenset[str]:
        """These units, and whoever alone has the place of one of them today."""
        heirs = (self._heirs(unit) for unit in units)
        return frozenset(units) | frozenset(found[0] for found in heirs if len(found) == 1)

    def _heirs(self, unit: str) -> tuple[str, ...]:
        """Who has a unit's place today: whoever took all the rest of its work, else all its successors, else itself."""
        seen: set[str] = set()
        while unit not in self.units and unit not in seen:
            seen.add(unit)
            rest = next((step.rest for step in self.succeeded.get(unit, ()) if step.rest), ())
            if len(rest) != 1:
                return self.successors(unit) or (unit,)
            unit = rest[0]
        return (unit,)

    def rules_of(self, office: str, day: date | None = None) -> Rules:
        """The deadlines of `office` on the directory's day, or on `day`: its own, else every office's, else the built-in ones."""
        return rules_on(day or self.day, self.rules_published(office))

    def rules_published(self, office: str) -> tuple[Rules, ...]:
        """Every version that `office` may count by, as `rules_on` takes them: its own stand before every office's."""
        return (*self.rules.get("", ()), *self.rules.get(office, ()))

    def successors(self, unit: str, field: str | None = None) -> tuple[str, ...]:
        """Which units in force hold what `unit` held, in `field` or, if none is named, in any: itself while it does.

        Several: nothing said decides between them. None: it ended and nobody took over.
        """
        found: dict[str, None] = {}
        self._follow(unit, field, found, seen=set())
        return tuple(found)

    def stands_for(self, unit: str) -> frozenset[str]:
        """A unit, and those that are no more of which it holds anything: what is about them is about it."""
        return frozenset({unit, *(former for former in self.ended if unit in self.successors(former))})

    def _follow(self, unit: str, field: str | None, found: dict[str, None], seen: set[str]) -> None:
        if unit in seen:
            return
        seen.add(unit)
        if unit in self.units and (field is None or not self._taken(unit, field)):
            found[unit] = None
            return
        for taken in self._taken(unit, field):
            self._follow(taken, field, found, seen)

    def _taken(self, unit: str, field: str | None) -> tuple[str, ...]:
        """Who took `field` over from `unit`; for no field, whoever took anything."""
        steps = self.succeeded.get(unit, ())
        if field is None:
            rest = [to for step in steps for to in step.rest]
            named = [to for step in steps for takers in step.by_field.values() for to in takers]
            return tuple(dict.fromkeys(rest + named))
        return next((found for step in steps if (found := step.by_field.get(field) or step.rest)), ())

    def find(self, name: str) -> tuple[str, ...]:
        """The units in force that `name` may mean, by name or by another spelling of it; several where they share one."""
        return tuple(sorted(self.spellings.get(fold(name).strip(), frozenset())))

    def label(self, key: str) -> str:
        """The name of a unit or field for a person to read; the key itself where there never was one."""
        return self.labels.get(key, key)

    def label_on(self, key: str, day: date) -> str:
        """The name that a unit bore on `day`, or its first one where it was not there yet."""
        borne = self.names.get(key, ())
        return next((name for since, name in reversed(borne) if since <= day), borne[0][1] if borne else self.label(key))

    def label_today(self, key: str, field: str | None = None, *, begun: date | None = None, first: str | None = None) -> str:
        """The name for a view of today: who holds it now, with what it was called before (domain brief §3).

        Of work `begun` on a day that is the name of then, of the unit that had it `first` where `key` succeeded that one;
        whoever bore the same name then is shown without it. With no such day it is the name before the present one.
        """
        name = self.label(key)
        if key in self.units:
            former = self.former_names.get(key) if begun is None else self.label_on(self._begun_by(key, field, first), begun)
            return f"{name} (trước là {former})" if former not in (None, name) else name
        if key not in self.ended:
            return name
        now = [self.label(unit) for unit in self.successors(key, field)]
        if len(now) == 1:
            former = name if begun is None else self.label_on(self._begun_by(key, field, first), begun)
            return f"{now[0]} (trước là {former})" if former != now[0] else former
        if now:
            return f"{name} (nay là {'; '.join(now)})"
        return f"{name} (đến {self.ended[key]:%d/%m/%Y})"

    def _begun_by(self, key: str, field: str | None, first: str | None) -> str:
        """The unit that had the work first, where `key` has it by succession: whoever else passed it on was not `key`."""
        if first is None or first == key:
            return key
        heirs = {*self.successors(first, field), *(self.successors(first) if first in self.ended else ())}
        return first if heirs & {key, *self.successors(key, field)} else key
