"""Biểu 02 counted a second time, from what the machine was told of and by the rules' text, without any code of reporting."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from services.reporting.readmodel.breakdown import By
from tests.reporting.oracle import LETTERS, Oracle
from tests.reporting.story import Told
from tests.support.chronicle import Chronicle

KEYS: Final[Mapping[By, Callable[[Oracle], Callable[[str], str]]]] = {
    By.TOTAL: lambda _oracle: lambda _episode: "total",
    By.FIELD: lambda oracle: oracle.field,
    By.UNIT: lambda oracle: oracle.unit,
    By.LOCALITY: lambda oracle: oracle.locality,
    By.SOURCE: lambda oracle: oracle.source,
}
COUNTED: Final = ("C", "H", *LETTERS)
COUNTED_OF: Final = ("opinion-", "case-", "session-")
Lines = dict[str, dict[str, int]]


def told_of(facts: Chronicle) -> list[Told]:
    """Everything that happened, in the order of the logs."""
    remembered = [each for events in facts.history.values() for each in events]
    return [
        Told(each.record.service, each.stream, each.event, each.occurred_at, each.recorded_at, each.metadata.get("unit") or "")
        for each in sorted(remembered, key=lambda each: (each.record.log, each.position))
    ]


def counted_again(facts: Chronicle, by: By, first: date, last: date, now: datetime) -> Lines:
    """The columns by row and under `total`, from what the machine remembers; rows of nothing are none."""
    told = [each for each in told_of(facts) if each.stream.startswith(COUNTED_OF)]
    oracle = Oracle(told, first, last, now)
    return _lines(oracle.form_02(KEYS[by](oracle)))


def reported(found: Mapping[str, Any]) -> Lines:
    """The same columns of what the report says."""
    return _lines({each["key"]: each for each in (*found["rows"], found["total"])})


def _lines(rows: Mapping[str, Mapping[str, Any]]) -> Lines:
    lines = {key: {column: row[column] for column in COUNTED} for key, row in rows.items()}
    return {key: line for key, line in lines.items() if any(line.values())}
