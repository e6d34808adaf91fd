"""Vietnamese text folded for search: no case, no diacritics, on every database alike."""

import re
import unicodedata
from typing import Final

_SYLLABLE: Final = re.compile(r"[0-9a-z]+")
_STROKED: Final = str.maketrans({"đ": "d", "Đ": "d", "ð": "d"})


def fold(text: str) -> str:
    """Lower case without marks, `đ` as `d`: `Đề nghị` and `de nghi` are the same (domain brief §4.6)."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKED))
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare.casefold())


def syllables(text: str) -> list[str]:
    """The folded syllables of a text, in order."""
    return _SYLLABLE.findall(fold(text))
