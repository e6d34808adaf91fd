"""Whether the text of a conclusion says who spoke: names that are known, and what looks like a name, number or address. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.text import fold

_WORD: Final = re.compile(r"\w+")
_CAPITAL: Final = r"[^\W\d_a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]\w*"
# Somebody addressed by name (ông Nguyễn Văn A), a telephone number, an identity number of twelve digits, an e-mail address.
_LIKELY: Final = (
    re.compile(rf"(?i:\b(?:ông|bà|anh|chị|cô|chú|bác|đồng chí))\s+{_CAPITAL}(?:\s+{_CAPITAL})+"),
    re.compile(r"(?<!\d)(?:\+84|0)(?:[ .-]?\d){8,9}(?!\d)"),
    re.compile(r"(?<!\d)\d{12}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """The words of an item that say who spoke; `known`: they are the name that a speaker gave, else they only look so."""

    item: int
    words: str
    known: bool


def identities_in(texts: Mapping[int, str], names: Collection[str]) -> tuple[Found, ...]:
    """What the texts of these items say of who spoke, each finding once, by item."""
    wanted = {tuple(fold(word) for word in _WORD.findall(name)) for name in names}
    found: set[Found] = set()
    for item, text in texts.items():
        known = {Found(item, words, known=True) for words in _named(text, {name for name in wanted if name})}
        covered = [each.words for each in known]
        likely = {match[0] for pattern in _LIKELY for match in pattern.finditer(text)}
        found |= known | {Found(item, each, known=False) for each in likely if not any(words in each for words in covered)}
    return tuple(sorted(found))


def _named(text: str, names: Collection[tuple[str, ...]]) -> Iterator[str]:
    """The stretches of a text that are one of these names, whatever their marks and capitals.

    A name of one word is a word of the language too: only where it is written with a capital is it somebody's.
    """
    words = list(_WORD.finditer(text))
    folded = [fold(word[0]) for word in words]
    for name in names:
        size = len(name)
        for start in range(len(words) - size + 1):
            if tuple(folded[start : start + size]) != name:
                continue
            said = text[words[start].start() : words[start + size - 1].end()]
            if size > 1 or said[:1].isupper():
                yield said
