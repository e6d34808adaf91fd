"""What the directory says on one day, held in memory, and the dated rows it is taken from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shared.calendar import Calendar
from shared.contracts.directory import UnitKind
from shared.contracts.refusals import Refused

K = TypeVar("K")
V = TypeVar("V")


class NoCalendar(Refused):
    """Without a calendar no deadline can be counted."""

    code = "no-calendar-yet"
    title_vi = "Chưa công bố lịch làm việc"
    title_en = "No working-day calendar is published"
    advice_vi = "Quản trị công bố lịch làm việc trước, rồi thực hiện lại."
    advice_en = "Have the administrator publish a calendar first, then ask again."


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit under the name and code of the day; `office` is the office it is a unit of (an office's own key), if any."""

    key: str
    code: str
    name: str
    kind: UnitKind
    office: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of opinions."""

    key: str
    name: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """Units, fields, leads and people as in force on `day`, in the order in which they were registered.

    `position` is that of the last event of the assignment log it knows. The calendar is the one published last,
    whatever the day: a calendar replaces the former one as a whole.
    """

    day: date
    position: int
    units: Mapping[str, Unit]
    fields: Mapping[str, Field]
    leads: Mapping[tuple[str, str], str]  # by field and office
    people: Mapping[str, str]  # the unit of a person
    labels: Mapping[str, str]  # names of all units and fields ever, those of the day where they had one then
    published: Calendar | None

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

    def lead(self, field: str, office: str) -> str | None:
        """The unit that answers for `field` at `office` unless the head decides otherwise."""
        return self.leads.get((field, office))

    def unit_of(self, person: str) -> str | None:
        """The unit a member of staff belongs to."""
        return self.people.get(person)

    def label(self, key: str) -> str:
        """The name of a unit or field for a person to read; the key itself where there never was one."""
        return self.labels.get(key, key)


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
    names: tuple[tuple[str, date, tuple[str, str]], ...] = ()  # unit, from when, code and name
    fields: tuple[tuple[Field, date], ...] = ()
    leads: tuple[tuple[tuple[str, str], date, str], ...] = ()  # field and office, from when, lead
    people: tuple[tuple[str, date, str], ...] = ()  # person, from when, unit
    calendar: Calendar | None = None

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
        return Directory(
            day=day,
            position=self.position,
            units=units,
            fields={field.key: field for field, since in self.fields if since <= day},
            leads=_in_force(self.leads, day),
            people=_in_force(self.people, day),
            labels=labels,
            published=self.calendar,
        )


def _in_force(rows: Iterable[tuple[K, date, V]], day: date) -> dict[K, V]:
    return {key: value for key, since, value in rows if since <= day}
