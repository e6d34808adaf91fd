"""How counted rows are put before a reader: which rows there are, in which order, under which names."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from services.reporting.domain.figures.columns import NOTHING, Counted, Row
from shared.contracts.opinion import SOURCE_LABELS, SourceGroup
from shared.directory.snapshot import Directory


class By(StrEnum):
    """What figures are broken down by."""

    TOTAL = "total"
    FIELD = "field"
    UNIT = "unit"
    LOCALITY = "locality"
    SOURCE = "source"


# The row that closes a breakdown, even when it is empty: everything that has no place in it yet.
CLOSING: Final[Mapping[By, str]] = {By.FIELD: "Chưa phân loại", By.UNIT: "Chưa phân công", By.LOCALITY: "Không xác định địa bàn"}
TOTAL_LABEL: Final = "Tổng"
UNKNOWN_LABEL: Final = "Không rõ"


# Whose opinions they are, as the report tells them apart: staff, and people with their organisations.
AUDIENCES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    SourceGroup.INTERNAL.value: ("Nội bộ", frozenset({SourceGroup.INTERNAL.value})),
    SourceGroup.PEOPLE.value: ("Nhân dân, tổ chức", frozenset({SourceGroup.PEOPLE.value, SourceGroup.ORGANISATION.value})),
}


def subtotals(by_source: Counted) -> list[dict[str, Any]]:
    """Staff and people apart, added up from the source groups; what is of neither is shown only where there is any."""
    found = []
    placed: set[str] = set()
    for key, (label, sources) in AUDIENCES.items():
        row = by_source.empty(key)
        for source in sorted(sources & by_source.rows.keys()):
            row.take(by_source.rows[source])
        placed |= sources
        found.append(_row(row, label))
    return found + [_row(row, UNKNOWN_LABEL) for key, row in by_source.rows.items() if key not in placed]


def shown(counted: Counted, by: By, directory: Directory, *, today: bool = False) -> dict[str, Any]:
    """`rows` and `total` as JSON values, and `broken` where identities do not hold.

    Rows stand in the order of the directory, under the names of its day; what has no place comes last. With `today` the
    name of a unit that is no more says who came after it.
    """
    keys = [key for key in _ordered(counted.rows, by, directory) if key != NOTHING]
    if by is By.TOTAL:
        keys = [By.TOTAL.value]
    elif by in CLOSING or NOTHING in counted.rows:
        keys.append(NOTHING)
    answer: dict[str, Any] = {
        "rows": [_row(counted.row(key), label_of(key, by, directory, today=today)) for key in keys],
        "total": _row(counted.total, TOTAL_LABEL),
    }
    broken = counted.broken()
    if broken:
        answer["broken"] = [{"key": b.key, "identities": list(b.identities), "episodes": list(b.episodes)} for b in broken]
    return answer


def _row(row: Row, label: str) -> dict[str, Any]:
    return {"key": row.key, "label": label, **row.columns()}


def _ordered(rows: Mapping[str, Row], by: By, directory: Directory) -> list[str]:
    # Of units also those that are no more: what becomes of one later moves no row of what was reported.
    known = list(directory.fields if by is By.FIELD else SOURCE_LABELS if by is By.SOURCE else directory.registered)
    place = {key: n for n, key in enumerate(known)}
    return sorted(rows, key=lambda key: (place.get(key, len(known)), key))


def label_of(key: str, by: By, directory: Directory, *, today: bool = False) -> str:
    """The name of a row; with `today` that of a unit that is no more says who came after it."""
    if key == NOTHING:
        return CLOSING.get(by, UNKNOWN_LABEL)
    if by is By.TOTAL:
        return TOTAL_LABEL
    if by is By.SOURCE:
        return SOURCE_LABELS.get(key, key)
    return directory.label_today(key) if today and key not in directory.units else directory.label(key)
