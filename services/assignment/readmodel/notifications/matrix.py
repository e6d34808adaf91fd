"""Which fact is told to whom, as what, and by which ways: dated data (`matrix.csv`), one line a fact and audience. Pure."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Final

from services.assignment.readmodel.work.piles import Pile


class Kind(StrEnum):
    """Why somebody is told; the order is that of the page."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DECISION = "decision"
    RETURNED = "returned"
    GIVEN = "given"
    RESULT = "result"


class Channel(StrEnum):
    """How it reaches him. Mail goes to whoever chose it, where the installation sends any."""

    PAGE = "page"
    MAIL = "mail"


class Audience(StrEnum):
    """Whom a fact concerns; an office's people are those who may do what the pile of that name waits for."""

    UNIT = "unit"  # whoever leads the unit that has the work
    PERSON = "person"  # whom it was passed on to
    ASSIGN = "assign"
    PROPOSE = "propose"
    CLEAR = "clear"
    EXTEND = "extend"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the fact by its name in the log, whom it concerns, why he is told, and by which ways."""

    fact: str
    audience: Audience
    kind: Kind
    channels: frozenset[Channel]


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole matrix as it is in force from a day on."""

    valid_from: date
    lines: tuple[Line, ...]

    def lines_of(self, fact: str) -> tuple[Line, ...]:
        """What is told of a fact."""
        return tuple(line for line in self.lines if line.fact == fact)

    def by_mail(self, fact: str, kind: Kind) -> bool:
        """Whether a notice that this fact made is one for mail too."""
        return any(line.kind is kind and Channel.MAIL in line.channels for line in self.lines_of(fact))


class WrongMatrix(ValueError):
    """A row that cannot be; the message names its line."""


def read(text: str) -> tuple[Edition, ...]:
    """The editions of a table (CSV) of facts, audiences, kinds and ways, the earliest first: rows of one day are one edition.

    Raises:
        WrongMatrix

    """
    found: dict[date, dict[tuple[str, Audience], Line]] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            day = date.fromisoformat(row["valid_from"])
            channels = frozenset(map(Channel, row["channels"].split()))
            line = Line(row["fact"], Audience(row["audience"]), Kind(row["kind"]), channels)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise WrongMatrix(f"line {number}: {error}") from error
        if Channel.PAGE not in line.channels:
            raise WrongMatrix(f"line {number}: whoever is told at all is told on the page")
        edition = found.setdefault(day, {})
        if (line.fact, line.audience) in edition:
            raise WrongMatrix(f"line {number}: {line.fact} is told to {line.audience} already")
        edition[line.fact, line.audience] = line
    if not found:
        raise WrongMatrix("no line")
    return tuple(Edition(day, tuple(found[day].values())) for day in sorted(found))


EDITIONS: Final = read(files(__package__).joinpath("matrix.csv").read_text(encoding="utf-8"))
TOLD: Final = frozenset(line.fact for edition in EDITIONS for line in edition.lines)
MAILED: Final = frozenset(line.fact for edition in EDITIONS for line in edition.lines if Channel.MAIL in line.channels)
OF_OFFICE: Final = {each: Pile(each.value) for each in Audience if each not in (Audience.UNIT, Audience.PERSON)}


def matrix_on(day: date, editions: Sequence[Edition] = EDITIONS) -> Edition:
    """The edition in force on a day: the last that holds by then, else the first."""
    return next((each for each in reversed(editions) if each.valid_from <= day), editions[0])
