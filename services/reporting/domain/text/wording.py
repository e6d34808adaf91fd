"""How adjustments, rates and lists are written in the prose of a report (Nghị định 30/2020/NĐ-CP, Phụ lục I and II)."""

from collections.abc import Iterable

from shared.documents.numbers import count, two_digits


def change(n: int) -> str:
    """An adjustment: `+01`, `−02`, `0`."""
    if n == 0:
        return "0"
    return ("+" if n > 0 else "−") + count(abs(n))


def per_cent(rate: str) -> str:
    """`76,3%` of a rate such as `76.3`."""
    return rate.replace(".", ",") + "%"


def listed(parts: Iterable[str]) -> str:
    """What is not empty, parted by commas."""
    return ", ".join(part for part in parts if part)


def some(n: int, what: str) -> str:
    """`quá hạn 02`, or nothing where there is none: parts of nothing are left out of a sentence."""
    return f"{what} {count(n)}" if n else ""


def out_of(part: int, whole: int) -> str:
    """`07/09`, `11/12`; nothing of it is `0/12`."""
    return f"{two_digits(part) if part else part}/{two_digits(whole)}"
