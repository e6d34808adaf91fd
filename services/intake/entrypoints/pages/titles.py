"""How what people said is shortened where a page names it."""

from typing import Final

TITLE_LENGTH: Final = 120


def brief(text: str, length: int = TITLE_LENGTH) -> str:
    """The beginning of a text as a title: one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length + 1].rpartition(" ")[0] or line[:length]
    return f"{cut.rstrip(' ,;:.')}…"
