"""Commands as forms: which values each asks for, and what is said when one was refused."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from fastapi.responses import Response

from shared.contracts.refusals import Forbidden, Invalid, Refused, Stale, Unknown
from shared.desk import Done, name_of

SHORT: Final = 3  # so many values of an item stand on one line

Form = Mapping[str, str]


class Asks(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    YES = "yes"  # a tick
    CHOICE = "choice"  # one of the codes that the field names
    ONE = "one"  # one of the options that the page gives, or of the codes that the field names
    MANY = "many"  # any of them
    SEVERAL = "several"  # texts, each in a box of its own: `parts.0`, `parts.1`, …
    LINES = "lines"  # texts, one a line
    DAYS = "days"  # days, one a line; where the field has an `each`, what stands behind a day is that value of its item
    TABLE = "table"  # some items of more than a line: `of` says which value each of them has
    FIXED = "fixed"  # the value that the page gives it, shown by the label of its option
    FILE = "file"  # which the route reads and puts away: the command is given its address


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form, named as in the command; `speaker.name` lies within `speaker`.

    `each`: the name of the only value of each item, where a command takes items instead of keys or texts. `whole`: what was
    ticked replaces what stood there, so that nothing ticked is an answer too. `sealed`: what is typed is not kept as a draft
    in the browser, as long words otherwise are. `of`: what each item of a table holds; its values are named `items.0.text`
    within `items`, and one in which nothing was typed or only ticked is none.
    """

    name: str
    asks: Asks
    required: bool = True
    choices: tuple[str, ...] = ()
    longest: int = 4_000
    each: str = ""
    whole: bool = False
    sealed: bool = False
    of: tuple["Field", ...] = ()

    def has(self, name: str) -> bool:
        """Whether a refusal about `name` is about this field."""
        return name == self.name or name.startswith(f"{self.name}.")

    @property
    def label(self) -> str:
        """By which the labels of a room word it: `items.text` of `items.0.text`."""
        return ".".join(part for part in self.name.split(".") if not part.isdigit())

    def row(self, n: int) -> tuple["Field", ...]:
        """The fields of one row of a table."""
        return tuple(replace(each, name=f"{self.name}.{n}.{each.name}") for each in self.of)

    @property
    def short(self) -> bool:
        """Whether each item of a table fits on one line."""
        plain = (Asks.ONE, Asks.LINE, Asks.DAY, Asks.NUMBER, Asks.YES)
        return len(self.of) <= SHORT and all(each.asks in plain for each in self.of)

    def rows(self, form: Form) -> list[int]:
        """The rows of a table that a form has anything of, in their order."""
        found = {name[len(self.name) + 1 :].partition(".")[0] for name in form if name.startswith(f"{self.name}.")}
        return sorted(int(n) for n in found if n.isascii() and n.isdigit() and len(n) < 4)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose from; `note` is a code that the room's labels word. `barred`: shown, but not to be chosen."""

    value: str
    label: str
    note: str = ""
    barred: bool = False


Options = Mapping[str, Sequence[Option]]  # by field


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A command as a form. `on`: which value of it names what it is about. `apart`: never the first thing to do.

    `key`: the letter that leads to its form.
    """

    command: type
    on: str = ""
    fields: tuple[Field, ...] = ()
    apart: bool = False
    key: str = ""

    @property
    def name(self) -> str:
        return name_of(self.command)

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.name.replace("_", "-")

    def is_about(self, refused: Refused) -> bool:
        """Whether a refusal is about a value of the form, so that another value may do."""
        named = isinstance(refused, Invalid | Forbidden | Unknown) and refused.field
        return bool(named) and any(each.has(str(named)) for each in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act that somebody can do on a thing as it stands at `version`, or (`waits`) that a condition keeps from him."""

    act: Act
    thing: str
    version: int
    waits: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was asked and refused: shown again with what was typed. `told`: the refusal in the reader's language."""

    act: Act
    thing: str
    kept: Form
    refused: Refused
    told: Mapping[str, Any]
    status: int

    @property
    def stale(self) -> bool:
        """Whether somebody else changed the thing meanwhile."""
        return isinstance(self.refused, Stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What became of an act asked of many things: those that were done, and what each other was refused for."""

    act: Act
    done: tuple[str, ...]
    refused: Mapping[str, Mapping[str, Any]]


Again = Callable[[Tried], Awaitable[Response]]
Onward = Callable[[Done], Awaitable[str]]
