"""What the directory holds: units, fields, posts, delegations, as values of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.calendar import local_day
from shared.contracts.directory import UnitKind
from shared.contracts.roles import Role


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
class Post:
    """A post of a unit, and in which capacity its holder acts."""

    key: str
    unit: str
    name: str
    role: Role
    since: date


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post; `acting`: quyền (Q.)."""

    person: str
    acting: bool


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the holder of `post` lets `to` do; no actions: all that the post may."""

    key: str  # its stream
    post: str
    to: str
    actions: frozenset[str]
    first: date
    last: date
    revoked_from: date | None

    def holds(self, day: date) -> bool:
        """Whether its dates hold on `day`."""
        return self.first <= day <= self.last and (self.revoked_from is None or day < self.revoked_from)


@dataclass(frozen=True, slots=True)
class Successors:
    """Who took over from a unit from `since` on: by field, and (`rest`) in all that no field names.

    Where several are named, nothing decides between them but a person.
    """

    since: date
    by_field: Mapping[str, tuple[str, ...]]
    rest: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head and foot of an office's papers (NĐ 30/2020, Phụ lục I)."""

    parent: str  # UBND TỈNH SƠN LA
    issuer: str  # VĂN PHÒNG
    above: str  # UBND tỉnh, as prose names it
    called: str  # Văn phòng UBND tỉnh
    place: str  # Sơn La
    head: str  # Chánh Văn phòng


@dataclass(frozen=True, slots=True)
class Charge:
    """In which fields and over which units somebody leads, and who that is: the holder of the post, and whoever acts for it."""

    fields: frozenset[str]
    units: frozenset[str]
    persons: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key that an office's papers are or were signed with, by its public half (hex).

    `first` and `last` are its days, `made` and `retired` the instants at which they were recorded.
    """

    key: str
    office: str
    public: str
    private_ref: str  # where the vault keeps the private half
    first: date
    last: date | None  # None: it signs still
    made: datetime
    retired: datetime | None

    def signs(self, at: datetime) -> bool:
        """Whether it was in use at `at`: on its last day only until its retirement was recorded."""
        day = local_day(at)
        in_its_days = self.first <= day and (self.last is None or day <= self.last)
        return in_its_days and self.made <= at and (self.retired is None or at <= self.retired)
