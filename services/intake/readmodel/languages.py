"""What is told to people outside, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """The same in Vietnamese and in English."""

    vi: str
    en: str
