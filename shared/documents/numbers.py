"""How numbers are written on official papers (Nghị định 30/2020/NĐ-CP, Phụ lục I and II)."""


def number(n: int) -> str:
    """`1.234`, and `−3` below nothing."""
    return f"{abs(n):,}".replace(",", ".") if n >= 0 else "−" + number(-n)


def two_digits(n: int) -> str:
    """`00`, `04`, `12`, `1.234`: nothing can be written before it."""
    return f"{n:02}" if 0 <= n < 10 else number(n)


def count(n: int) -> str:
    """Before a noun: `04`, `12`, `1.234`; nothing is said as `không`, never as `00`."""
    return two_digits(n) if n else "không"
