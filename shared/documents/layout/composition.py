"""An official paper put into its elements: what both the PDF and the editable DOCX are made of, so that they say the same."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import orjson


class Align(StrEnum):
    """How the cells of a column stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Style(StrEnum):
    """What a paragraph is to the reader."""

    PLAIN = "plain"
    BASIS = "basis"  # căn cứ, a reference to an appendix: italic
    NOTE = "note"  # small, under a table


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part: level 1 in capitals, level 2 bold."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; no markup is read in it."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph that begins with what it tells: `Thời gian: 14 giờ 00 phút`."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell of a table, and over how many rows and columns it goes."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` in mm, None shares what is left."""

    width: float | None
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the body; sums and groups are strong."""

    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its head repeats on every page, the row `numbered` under it names the columns; sizes in points.

    The last `closing` rows stay on one page with the row before them: a sum stands with what it is made of. So does a note
    that follows the table.
    """

    columns: tuple[Column, ...]
    head: tuple[tuple[Cell, ...], ...]
    numbered: tuple[str, ...] = ()
    rows: tuple[Row, ...]
    closing: int = 0
    size: float = 12.0
    head_size: float = 12.0


DRAFT: Final = "DỰ THẢO"
_MARKS: Final = {"thu_hoi": "ĐÃ THU HỒI", "thay_the": "ĐÃ ĐƯỢC THAY THẾ"}  # by the label of its state
# The purposes of a distribution list that have a place of their own on the paper.
ADDRESSED: Final = "Kính gửi"
FILED: Final = "Lưu"
Block = Heading | Paragraph | Line | Table


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: `authority` such as KT. CHÁNH VĂN PHÒNG, his own post in lines, his name; blank while it is not signed."""

    authority: str | None
    post: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix on pages of its own: its number in Roman numerals, title, what it belongs to."""

    number: str
    title: str
    belongs: str
    body: tuple[Block, ...]
    landscape: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """An official paper; `at`, in UTC, is the instant that its file is dated with.

    `parent` is empty where nobody stands above its issuer, as above the People's Committee of the province.

    `symbol` is what follows "Số:", with room for the number while there is none; `day` the line of place and date. A letter
    has no `kind` and says what it is `regarding`; minutes have no day, and two people sign them. Those who sign stand side
    by side; beside one stands Nơi nhận, else below. `mark` says what it is while it does not stand: a draft, recalled,
    superseded.
    """

    parent: str
    issuer: str
    symbol: str | None
    day: str | None
    kind: str | None
    regarding: str | None = None
    summary: tuple[str, ...]  # trích yếu, a line each
    to: tuple[str, ...]
    body: tuple[Block, ...]
    closing: str
    recipients: tuple[str, ...]
    signatures: tuple[Signature, ...]
    landscape: bool = False
    appendices: tuple[Appendix, ...] = ()
    mark: str | None = None
    at: datetime

    @property
    def title(self) -> str:
        """Kind and summary in one line, as a viewer names the file."""
        return f"{self.kind.capitalize()} {' '.join(self.summary)}" if self.kind else f"Công văn {self.regarding}"

    @property
    def content(self) -> str:
        """SHA-256 of what it says, hex: of all but number, day and signatures, which it gets after it was drafted."""
        said = {"kind": self.kind, "regarding": self.regarding, "summary": self.summary, "to": self.to, "closing": self.closing}
        forms = [{"number": each.number, "title": each.title, "body": each.body} for each in self.appendices]
        told = orjson.dumps({**said, "body": self.body, "appendices": forms}, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(told).hexdigest()

    @property
    def author(self) -> str:
        """Whose paper it is, as a viewer shows it."""
        own = " ".join(self.issuer.split())
        return f"{own.capitalize()} {self.parent}" if self.parent else own


def mark_of(state: str | None, *, signed: bool) -> str | None:
    """What a paper in that state of its life cycle says above its text: nothing once it is signed and stands."""
    return _MARKS.get(state or "") or (None if signed else DRAFT)
