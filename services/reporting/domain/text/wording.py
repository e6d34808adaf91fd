"""How counts, rates and lists are written in the prose of a report (Nghị định 30/2020/NĐ-CP, Phụ lục I and II)."""

from collections.abc import Iterable


def number(n: int) -> str:
    """`1.234`, and `−3` below nothing."""
    return f"{abs(n):,}".replace(",", ".") if n >= 0 else "−" + number(-n)


def count(n: int) -> str:
    """Before a noun: `04`, `12`, `1.234`; nothing is said as `không`, never as `00`."""
    if n == 0:
        return "không"
    return f"{n:02}" if n < 10 else number(n)


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
