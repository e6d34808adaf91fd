"""How counted rows are put before a reader: which rows there are, in which order, under which names."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from services.reporting.domain.figures.columns import NOTHING, Counted, Row
from shared.directory.snapshot import Directory


class By(StrEnum):
    """What figures are broken down by."""

    TOTAL = "total"
    FIELD = "field"
    UNIT = "unit"
    LOCALITY = "locality"
    SOURCE = "source"


# The row that closes a breakdown, even when it is empty: everything that has no place in it yet.
CLOSING: Final[Mapping[By, str]] = {By.FIELD: "Chưa phân loại", By.UNIT: "Chưa phân công", By.LOCALITY: "Không xác định"}
SOURCE_LABELS: Final[Mapping[str, str]] = {"noi_bo": "Nội bộ", "nhan_dan": "Nhân dân", "to_chuc": "Tổ chức"}
TOTAL_LABEL: Final = "Tổng"


def shown(counted: Counted, by: By, directory: Directory) -> dict[str, Any]:
    """`rows` and `total` as JSON values, and `broken` where identities do not hold.

    Rows stand in the order of the directory, under the names of its day; what has no place comes last.
    """
    keys = [key for key in _ordered(counted.rows, by, directory) if key != NOTHING]
    if by is By.TOTAL:
        keys = [By.TOTAL.value]
    elif by in CLOSING or NOTHING in counted.rows:
        keys.append(NOTHING)
    answer: dict[str, Any] = {
        "rows": [_row(counted.rows.get(key, Row(key)), _label(key, by, directory)) for key in keys],
        "total": _row(counted.total, TOTAL_LABEL),
    }
    broken = counted.broken()
    if broken:
        answer["broken"] = [{"key": b.key, "identities": list(b.identities), "episodes": list(b.episodes)} for b in broken]
    return answer


def _row(row: Row, label: str) -> dict[str, Any]:
    return {"key": row.key, "label": label, **row.columns()}


def _ordered(rows: Mapping[str, Row], by: By, directory: Directory) -> list[str]:
    known = list(directory.fields if by is By.FIELD else SOURCE_LABELS if by is By.SOURCE else directory.units)
    place = {key: n for n, key in enumerate(known)}
    return sorted(rows, key=lambda key: (place.get(key, len(known)), key))


def _label(key: str, by: By, directory: Directory) -> str:
    if key == NOTHING:
        return CLOSING.get(by, "Không rõ")
    if by is By.TOTAL:
        return TOTAL_LABEL
    return SOURCE_LABELS.get(key, key) if by is By.SOURCE else directory.label(key)
