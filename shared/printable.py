"""Which characters an official paper can show: those that every face of its font has (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

import unicodedata
from dataclasses import dataclass
from typing import Final

# Of the vendored Liberation Serif, which has the measures of Times New Roman: code points, hexadecimal, as runs.
_RUNS: Final = (
    "0020-007E 00A0-036F 0374-0375 037A-037E 0384-038A 038C 038E-03A1 03A3-03CE 03D0-0513 051A-051D 0591-05C7 05D0-05EA "
    "05F0-05F4 1D00-1DCA 1DFE-1E9B 1E9E 1EA0-1EF9 1F00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D "
    "1F5F-1F7D 1F80-1FB4 1FB6-1FC4 1FC6-1FD3 1FD6-1FDB 1FDD-1FEF 1FF2-1FF4 1FF6-1FFE 2000-2010 2012-2022 2026 202A-2030 "
    "2032-2034 2039-203A 203C 203E 2044 205E 206A-206F 2074-2079 207F-2089 2090-2094 20A0-20B5 20BF 20F0 2105 2113 "
    "2116-2117 2122 2126 212E 214D-214E 2153-2154 215B-215E 2184 2190-2195 21A8 21D4 2202 2206 220F 2211-2212 2215 "
    "2219-221A 221E-221F 2229 222B 2248 2260-2262 2264-2265 2302 2310 2320-2321 2500 2502 250C 2510 2514 2518 251C 2524 "
    "252C 2534 253C 2550-256C 2580 2584 2588 258C 2590-2593 25A0-25A1 25AA-25AC 25B2 25BA 25BC 25C4 25CA-25CC 25CF-25D9 "
    "25E6 263A-263C 2640 2642 2660 2663 2665-2666 2669-266C 266F 2C60-2C6D 2C71-2C77 2E17 A717-A721 A788-A78C FB01-FB02 "
    "FB1D-FB36 FB38-FB3C FB3E FB40-FB41 FB43-FB44 FB46-FB4F FE20-FE23 FFFC"
)


def _between(run: str) -> range:
    first, _, last = run.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


GLYPHS: Final = frozenset(point for run in _RUNS.split() for point in _between(run)) | {0x2011}  # drawn as the hyphen it is
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs"})  # nothing is drawn of these
_SELECTORS: Final = range(0xFE00, 0xFE10)  # say how the character before is to look


@dataclass(frozen=True, slots=True)
class Unprintable:
    """A character that no paper can show, and where it stands, counted from 1 as letters are."""

    character: str
    position: int

    @property
    def named(self) -> str:
        """Its code point, and its name where it has one: U+2713 CHECK MARK."""
        return f"U+{ord(self.character):04X} {unicodedata.name(self.character, '')}".strip()


def unprintable(text: str) -> Unprintable | None:
    """The first character of `text` that a paper cannot show; a letter typed apart from its marks counts as one."""
    for position, character in enumerate(unicodedata.normalize("NFC", text), start=1):
        point = ord(character)
        if point not in GLYPHS and point not in _SELECTORS and unicodedata.category(character) not in _UNSEEN:
            return Unprintable(character, position)
    return None
