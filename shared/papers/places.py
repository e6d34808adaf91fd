"""Where papers are made public, by the code that the registry records."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Public(StrEnum):
    """A place where papers are made public."""

    OFFICE_SITE = "trang_tin_van_phong"  # the office's own page
    PORTAL = "cong_thong_tin"  # the province's
    NOTICE_BOARD = "niem_yet_tru_so"  # on paper, at the seat of the office


# Codes that were recorded for these places before.
_FORMER: Final[Mapping[str, Public]] = {"TTDT": Public.OFFICE_SITE, "niem_yet": Public.NOTICE_BOARD}
# Places that everybody reaches from anywhere; what hangs on a notice board is public there alone.
ON_THE_WEB: Final = frozenset({Public.OFFICE_SITE, Public.PORTAL})


def public_place(code: str) -> Public | None:
    """The place that a code means; None for one that is not known here."""
    return _FORMER.get(code) or (Public(code) if code in frozenset(Public) else None)
