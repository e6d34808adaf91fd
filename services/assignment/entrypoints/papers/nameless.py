"""Verbatim words on a paper, without what tells who spoke: numbers to reach or know somebody by, and a name given of oneself.

Names in running words are people's to take out at intake (`redact_opinion`); this is the last net, not the first.
"""

import re
import unicodedata
from typing import Final

LEFT_OUT: Final = "(…)"
_CAPITALS: Final = "".join(letter for letter in map(chr, range(0x1F00)) if letter.isupper() and letter.isidentifier())
_NAME: Final = rf"[{_CAPITALS}]\w*(?:[ \t]+[{_CAPITALS}]\w*){{1,5}}"
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A telephone number in its groups; a number of nine or twelve digits in one piece is of an identity card.
_NUMBER: Final = re.compile(r"(?<![\d/.,])(?:(?:\+84|0)(?:[ .\-]?\d){8,10}|\d{9}|\d{12})(?![\d/])")
_ONESELF: Final = re.compile(
    rf"(?i:\b(tôi|em|cháu|con|mình|chúng tôi|người (?:viết|gửi|nêu|phản ánh|kiến nghị)|họ (?:và )?tên|tên)"
    rf"((?:[ \t]+(?:tên[ \t]+)?là|[ \t]*:)[ \t]*))(?:(?i:ông|bà|anh|chị)[ \t]+)?{_NAME}"
)


def nameless(words: str) -> str:
    """`words` with these taken out, as NFC."""
    words = unicodedata.normalize("NFC", words)
    for pattern, instead in ((_MAIL, LEFT_OUT), (_NUMBER, LEFT_OUT), (_ONESELF, rf"\1\2{LEFT_OUT}")):
        words = pattern.sub(instead, words)
    return words
