"""A line of a register as the command that records it, or why it is none; nothing of what was written there is repeated."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from services.intake.domain.opinion.commands import RecordRegisterRow
from services.intake.entrypoints.register.reading import Line
from services.intake.handlers.registering import number_of
from shared.commands import Body, model_of
from shared.contracts.opinion import SourceGroup
from shared.contracts.opinion_register import RegisterOutcome
from shared.contracts.refusals import Refused
from shared.text import fold

# Which column fills which field of the command.
FIELDS: Final[Mapping[str, str]] = {
    "so": "number",
    "ngay_nhan": "received",
    "nguon": "source_group",
    "nguoi_neu": "speaker_name",
    "lien_he": "speaker_contact",
    "dia_ban": "locality",
    "noi_dung": "words",
    "linh_vuc": "field",
    "chu_tri": "lead",
    "han": "due",
    "ket_qua": "outcome",
    "ngay_ket_qua": "ended",
    "gop_vao": "into",
    "ngay_mo_lai": "reopened",
    "han_mo_lai": "reopened_due",
    "ngay_giai_quyet_lai": "resolved_again",
    "ly_do": "note",
}
COLUMNS: Final[Mapping[str, str]] = {field: column for column, field in FIELDS.items()}
DAYS: Final = frozenset({"ngay_nhan", "han", "ngay_ket_qua", "ngay_mo_lai", "han_mo_lai", "ngay_giai_quyet_lai"})
NUMBERS: Final = frozenset({"so", "gop_vao"})
CODES: Final[Mapping[str, Sequence[str]]] = {
    "nguon": tuple(each.value for each in SourceGroup),
    "ket_qua": tuple(each.value for each in RegisterOutcome),
}
_VIETNAMESE_DAY: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a line is not recorded: `column` as it is headed, the refusal's code, and what to do, in both languages."""

    code: str
    column: str | None
    vi: str
    en: str
    rule: Sequence[str] = ()  # empty: rejected for its form

    @classmethod
    def of(cls, refused: Refused) -> "Rejection":
        """The rejection that a refusal of the command is."""
        told = {
            language: f"{refused.said(title)}. {refused.said(advice)}".rstrip()
            for language, title, advice in (
                ("vi", refused.title_vi, refused.advice_vi),
                ("en", refused.title_en, refused.advice_en),
            )
        }
        column = COLUMNS.get(refused.field or "")
        return cls(code=refused.code, column=column, vi=told["vi"], en=told["en"], rule=refused.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line that can be asked: `key` is its number and year, `into` the number it was merged into, with a year or none."""

    line: int
    key: tuple[str, int]
    into: tuple[str, int | None] | None
    body: Body


@dataclass(slots=True, kw_only=True)
class Sorted:
    """The lines of a register: those that can be asked, and those that cannot, by line."""

    rows: list[Row] = field(default_factory=list)
    rejected: dict[int, Rejection] = field(default_factory=dict)


def rows_of(lines: Iterable[Line], office: str) -> Sorted:
    """Every line as a command for `office`. Of two lines with one number in one year the first is taken, the others are not."""
    found = Sorted()
    taken: dict[tuple[str, int], int] = {}
    for line in lines:
        made = _row(line, office)
        if isinstance(made, Rejection):
            found.rejected[line.number] = made
        elif (first := taken.setdefault(made.key, line.number)) != line.number:
            found.rejected[line.number] = _twice(first)
        else:
            found.rows.append(made)
    return found


def day_of(written: str) -> date | None:
    """The day that is written: 09/01/2023, 9-1-2023 or 2023-01-09."""
    found = _VIETNAMESE_DAY.fullmatch(written)
    try:
        if found is not None:
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _row(line: Line, office: str) -> Row | Rejection:
    if line.too_many:
        return Rejection(
            code="too-many-cells",
            column=None,
            vi="Dòng có nhiều ô hơn tiêu đề. Đặt nội dung có dấu phân cách trong ngoặc kép.",
            en="The line has more cells than the heading. Put a text that holds the separator in quotes.",
        )
    data: dict[str, Any] = {"office": office}
    for column, written in line.cells.items():
        value = _value(column, written)
        if isinstance(value, Rejection):
            return value
        data[FIELDS[column]] = value
    for column in ("so", "ngay_nhan", "nguon", "noi_dung"):
        if FIELDS[column] not in data:
            return Rejection(code="missing", column=column, vi=f"Thiếu {column}. Ghi bổ sung.", en=f"{column} is missing.")
    try:
        body = model_of(RecordRegisterRow).model_validate(data)
    except ValidationError as error:
        return _invalid(error)
    into = data.get("into")
    number, year = number_of(into, 0) if into else ("", 0)
    key = number_of(data["number"], data["received"].year)
    return Row(line=line.number, key=key, into=(number, year or None) if into else None, body=body)


def _value(column: str, written: str) -> Any:
    if column in DAYS:
        return day_of(written) or Rejection(
            code="not-a-day",
            column=column,
            vi="Không phải là ngày. Ghi dd/mm/yyyy, ví dụ 09/01/2023, hoặc 2023-01-09.",
            en="It is no day. Write dd/mm/yyyy, such as 09/01/2023, or 2023-01-09.",
        )
    if column in CODES:
        code = "_".join(fold(written).split())
        if code in CODES[column]:
            return code
        known = ", ".join(CODES[column])
        return Rejection(code="not-a-code", column=column, vi=f"Ghi một trong: {known}.", en=f"Write one of {known}.")
    return written


def _twice(first: int) -> Rejection:
    return Rejection(
        code="number-twice",
        column="so",
        vi=f"Số này đã có ở dòng {first} cùng năm; chỉ dòng {first} được nhận. Đổi số hoặc bỏ một dòng.",
        en=f"Line {first} has this number in the same year, and is the one taken. Renumber it, or leave one of them out.",
    )


def _invalid(error: ValidationError) -> Rejection:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    column = COLUMNS.get(str(problem["loc"][0]))
    if column in NUMBERS:  # what it is checked by says nothing to whoever keeps the book
        return Rejection(
            code="not-a-number",
            column=column,
            vi="Số phải gồm chữ, số không dấu, tối đa 40 ký tự, có thể kèm năm, ví dụ 15 hoặc 15/2023. Sửa lại số.",
            en="A number is up to 40 plain letters and digits, perhaps with its year, such as 15 or 15/2023. Write it so.",
        )
    said = problem["msg"].removeprefix("Value error, ")
    return Rejection(code="invalid", column=column, vi=f"Giá trị không hợp lệ ({said}).", en=f"The value is not valid: {said}.")
