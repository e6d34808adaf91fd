"""A sheet of opinions as a unit keeps it, CSV or JSON Lines: read and checked row by row before anything is handed in."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from deploy.catalogue import all_commands
from deploy.script import LocalInstant
from services.intake.domain.consolidation.commands import MAX_ROWS
from shared.bodies import NotAnObject, object_of
from shared.commands import model_of
from shared.text import fold

MAX_BYTES: Final = 16 * 1024 * 1024
COMMAND: Final = "receive_opinion"
OCCURRED: Final = "occurred_at"
LOCAL_ID: Final = "local_id"
REQUIRED: Final = (LOCAL_ID, "channel", "source_group", "words")
OPTIONAL: Final = ("locality", "speaker_name", "speaker_contact", "hidden", OCCURRED)
COLUMNS: Final = (*REQUIRED, *OPTIONAL)
# How people tick a box; anything else is judged as it stands.
TICKED: Final = {"co": True, "x": True, "khong": False}
_INSTANT: Final[TypeAdapter[datetime]] = TypeAdapter(LocalInstant)


class WrongSheet(Exception):
    """The file cannot be read as a sheet, and nothing of it is done; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Why a row makes no opinion: the code of the refusal, the column, and what to do. Never what was written there."""

    code: str
    field: str | None
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it is counted in the file: the heading of a CSV is row 1. Either its `data`, or why it is `unfit`."""

    number: int
    data: Mapping[str, Any]
    occurred_at: datetime | None = None
    unfit: Unfit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that was read whole; `digest` is the SHA-256 of its bytes, in hex."""

    digest: str
    rows: Sequence[Row]


def read(raw: bytes, *, office: str) -> Sheet:
    """The rows of a file, each checked as an opinion for `office`; empty ones are passed over.

    Raises:
        WrongSheet: too large, not UTF-8, without rows or with too many, or with columns that are missing or unknown.

    """
    if len(raw) > MAX_BYTES:
        raise WrongSheet(f"is larger than {MAX_BYTES} bytes: split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongSheet(f"is not UTF-8 (byte {error.start}): save it as CSV UTF-8, then import it") from None
    found = _json_lines(text) if text.lstrip().startswith(("{", "[")) else _csv(text)
    rows: list[Row] = []
    for number, written in found:
        if len(rows) == MAX_ROWS:
            raise WrongSheet(f"holds more than {MAX_ROWS} rows: split it")
        rows.append(_row(number, written, office))
    if not rows:
        raise WrongSheet("holds no rows: below the heading, or one JSON object a line, stands one opinion each")
    return Sheet(digest=hashlib.sha256(raw).hexdigest(), rows=tuple(rows))


def _json_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any] | Unfit]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, object_of(line.encode())
        except NotAnObject:
            yield number, Unfit(code="not-json", field=None, advice="write one JSON object on one line, each key once")


def _csv(text: str) -> Iterator[tuple[int, Mapping[str, Any] | Unfit]]:
    heading = text.lstrip().partition("\n")[0]
    # Spreadsheets set to Vietnamese part cells by semicolons, because the comma is theirs for decimals.
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    try:
        records = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1)
        columns: list[str] | None = None
        for number, cells in records:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
            elif any(cell.strip() for cell in cells[len(columns) :]):
                yield number, Unfit(code="too-many-cells", field=None, advice="put a text that holds the separator in quotes")
            else:
                yield number, {name: _cell(name, cell) for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    except csv.Error as error:
        raise WrongSheet(f"is not CSV: {error}") from None


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise WrongSheet(f"has columns that are not known ({len(unknown)} of {len(columns)}): they are {', '.join(COLUMNS)}")
    if len(set(columns)) < len(columns):
        raise WrongSheet("has a column twice: leave one of them out")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise WrongSheet(f"lacks the columns {', '.join(missing)}")
    return columns


def _cell(name: str, cell: str) -> Any:
    """Words as they stand; of anything else without the blanks around it."""
    if name == "hidden":
        return TICKED.get(fold(cell.strip()), cell.strip())
    return cell if name == "words" else cell.strip()


def _row(number: int, written: Mapping[str, Any] | Unfit, office: str) -> Row:
    if isinstance(written, Unfit):
        return Row(number=number, data={}, unfit=written)
    if not written.get(LOCAL_ID):
        advice = "give the unit's own id, so that the row is known when it comes again"
        return Row(number=number, data={}, unfit=Unfit(code="local-id-missing", field=LOCAL_ID, advice=advice))
    try:
        said = written.get(OCCURRED)
        occurred_at = None if said is None else _INSTANT.validate_python(said)
    except ValidationError:  # what it says may quote the cell
        advice = "write an ISO date, with or without a time, such as 2023-01-06T09:00"
        return Row(number=number, data={}, unfit=Unfit(code="invalid", field=OCCURRED, advice=advice))
    data = {**{name: value for name, value in written.items() if name != OCCURRED}, "office": office}
    try:
        body = model_of(all_commands()[COMMAND]).model_validate_json(orjson.dumps(data))
    except ValidationError as error:
        return Row(number=number, data={}, unfit=_invalid(error))
    return Row(number=number, data=body.model_dump(mode="json"), occurred_at=occurred_at)


def _invalid(error: ValidationError) -> Unfit:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    named = str(problem["loc"][0])
    if named not in COLUMNS:  # what a column is called may be anything
        return Unfit(code="invalid", field=None, advice=f"use the names {', '.join(COLUMNS)}")
    return Unfit(code="invalid", field=named, advice=problem["msg"].removeprefix("Value error, "))
