"""What the prose of a report draws on: its locked tables, and the papers and dialogues of the period by name and day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.contracts.report import ReportKind
from shared.documents.days import short_day

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper by its number and day."""

    number: str
    on: date


@dataclass(frozen=True, slots=True)
class Held:
    """A dialogue of the period that was held."""

    track: str
    trigger: str | None
    on: date
    heads: int
    field: str | None  # the name of the field of an ad-hoc one


@dataclass(frozen=True, slots=True)
class PutOff:
    """A dialogue of the period that is still to be held; `to`: the day it was moved to, if one is known."""

    track: str
    planned: date
    to: date | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Conclusions issued in the period."""

    track: str
    paper: Cited


@dataclass(frozen=True, slots=True)
class Sent:
    """That the plan went out to a body outside the office or, as prose says it, was made public somewhere, on which day."""

    to: str
    on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit that was asked to gather opinions by a day, and how it answered: `listed`, `nil` or `silent`."""

    unit: str
    due: date
    answer: str


@dataclass(frozen=True, slots=True)
class Work:
    """A line of Biểu 05 by name and day: the notice and item that give it, whose it is, when it was done or dropped.

    `ref` leads to what the item says in the vault, where that may stand in a paper that everybody reads alike; `words` are
    those once they are opened, None until then and where they may not.
    """

    notice: Cited
    item: int
    unit: str | None
    done: date | None
    dropped: bool
    extended_from: date | None = None  # the day that its first extension moved
    ref: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class LastYear:
    """The report of the same kind a year before: its days, and the total of its Biểu 02."""

    first: date
    last: date
    opinions: Row


@dataclass(frozen=True, slots=True)
class Flagged:
    """Matters that must be settled for good, by the mark they bear (R5): how many, and how many of them are open."""

    name: str
    matters: int
    open: int


@dataclass(frozen=True, slots=True)
class AddedUp:
    """What has added up since the office's first report ("lũy kế"): from when, and the total of Biểu 02 of all those days."""

    first: date
    opinions: Row


@dataclass(frozen=True, slots=True)
class BroughtPaper:
    """The document that an opening balance's numbers come from; `issuer` is whose it is, where that was recorded."""

    number: str
    dated: date
    name: str
    issuer: str | None

    @property
    def said(self) -> str:
        """`Báo cáo … số 120/BC-VPUB ngày 30/12/2022 của Văn phòng UBND tỉnh`."""
        of = f" của {self.issuer}" if self.issuer else ""
        return f"{self.name} số {self.number} ngày {short_day(self.dated)}{of}"


@dataclass(frozen=True, slots=True)
class BroughtLine:
    """A line of the opening balance that figures rest on: in which rows, how many then, at the start and at the end."""

    line: int
    count: int
    carried: int  # open at the start of the window, as known now
    left: int  # open at its end
    field: str
    unit: str
    locality: str
    source: str
    due: date | None
    paper: BroughtPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that the sections say; figures stand in `tables` alone, as they were locked.

    `tables` are those of `Locking.locked`, by name.
    """

    office: str  # as it calls itself: Văn phòng UBND tỉnh
    parent: str  # UBND tỉnh
    head: str  # the title of its head: Chánh Văn phòng
    kind: ReportKind
    year: int
    first: date
    last: date
    before: date
    carries_on: bool  # a locked report ends where this one begins
    plan: Cited | None
    bases: tuple[str, ...]  # what the plan rests on, each cited in full
    sent: tuple[Sent, ...]  # to which bodies outside the office the plan's paper was dispatched
    published: Sent | None  # when it was made public first, `đăng công khai trên …`
    silent: tuple[str, ...]  # units that have not made the plan known
    gathered: tuple[Asked, ...]  # the units of the rounds of the period, in the order of the directory
    held: tuple[Held, ...]
    put_off: tuple[PutOff, ...]
    notices: tuple[Notice, ...]
    work: Mapping[str, Work]  # by the key of its row in Biểu 05
    refusals: tuple[str, ...]  # why requests for dialogue were refused, one a request
    flagged: tuple[Flagged, ...]
    last_year: LastYear | None
    added_up: AddedUp | None  # none where the window itself begins there
    brought: tuple[BroughtLine, ...]  # what figures rest on a document for, instead of on opinions
    tables: Mapping[str, Mapping[str, Any]]

    @property
    def period(self) -> str:
        """`6 tháng đầu năm 2023`, `năm 2023`."""
        return f"6 tháng đầu năm {self.year}" if self.kind is ReportKind.SIX_MONTH else f"năm {self.year}"

    @property
    def opinions(self) -> Row:
        """The total of Biểu 02."""
        return self.total("bieu-02")

    @property
    def gathering(self) -> Row | None:
        """The total of the rounds of consolidation; None of a report that was locked before they were counted."""
        return self.total("consolidation") if "consolidation" in self.tables else None

    def total(self, table: str) -> Row:
        """The total of a table."""
        found: Row = self.tables[table]["total"]
        return found

    @property
    def directing(self) -> int:
        """How many notices the lines of Biểu 05 come from."""
        return len({row["notice"] for row in self.tables["bieu-05"]["rows"]})

    def dialogues(self, track: str) -> dict[str, int]:
        """Biểu 01 of one track, its rows added up; Track B is outside the total."""
        form = self.tables["bieu-01"]
        rows = form["outside"] if track == "B" else form["rows"]
        counted: dict[str, int] = {column["key"]: 0 for column in form["columns"]}
        for row in rows:
            if row["key"].partition("/")[0] == track:
                for column in form["columns"]:
                    value = row[column["key"]]
                    counted[column["key"]] += value if isinstance(value, int) else 0
        return counted
