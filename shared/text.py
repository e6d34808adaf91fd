"""Vietnamese text: folded for search, the same on every database, without case or diacritics; and cut short for titles."""

import re
import unicodedata
from typing import Final

TITLE_LENGTH: Final = 120
_SYLLABLE: Final = re.compile(r"[^\W_]+")
# Eth looks like the stroked d and is typed for it.
_STROKED: Final = str.maketrans({"đ": "d", "ð": "d"})


def fold(text: str) -> str:
    """Lower case without marks, `đ` as `d`: `Đề nghị`, its decomposed form and `de nghi` are the same (domain brief §4.6)."""
    lowered = unicodedata.normalize("NFD", text).casefold()
    # Folding the case of a letter may bring a mark of its own, so marks are dropped last.
    decomposed = unicodedata.normalize("NFD", lowered).translate(_STROKED)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def syllables(text: str) -> list[str]:
    """The folded syllables and numbers of a text, in order."""
    return _SYLLABLE.findall(fold(text))


def brief(text: str, length: int = TITLE_LENGTH) -> str:
    """The beginning of a text as a title: one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length + 1].rpartition(" ")[0] or line[:length]
    return f"{cut.rstrip(' ,;:.')}…"
