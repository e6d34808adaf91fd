"""Biểu 02's identities are checked row by row and in sum."""

from typing import Any

from deploy.form02 import broken_identities

GOOD: dict[str, Any] = {
    "key": "k", "label": "Nội bộ", "A": 12, "A1": 1, "B1": 86, "B2": 3, "C": 102, "D": 5, "E": 9, "F": 2, "G": 6, "H": 80,
    "I": 61, "I1": 54, "I2": 7, "J": 19, "J1": 15, "J2": 4, "T1": "76.3", "T2": "88.5", "T3": "83.1",
}  # fmt: skip


def test_the_figures_of_the_brief_keep_every_identity() -> None:
    assert broken_identities([GOOD], GOOD) == []


def test_an_opinion_that_is_counted_nowhere_breaks_an_identity() -> None:
    assert broken_identities([{**GOOD, "J": 18}], GOOD) == [
        "k: J = J1 + J2 fails (18 ≠ 19)",
        "k: H = I + J fails (80 ≠ 79)",
        "total: the rows of J add up to 18, the total is 19",
    ]


def test_rows_that_do_not_make_the_total_are_named() -> None:
    assert "total: the rows of A add up to 24, the total is 12" in broken_identities([GOOD, GOOD], GOOD)
