"""Stream `telling-<id>` of an opinion or of a part: its submitter was told that it ended without an answer (brief §1.2)."""

from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.case import Means
from shared.contracts.registry import event
from shared.contracts.types import StreamId


class Ending(StrEnum):
    """What is told: of the last two, whoever waited with another's matter is told, by what that ended."""

    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"
    DIVERTED = "chuyen_kntc"
    WITHDRAWN = "rut"


def _of_the_whole(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "part": None}


def _by_itself(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "into": None}


@event("telling.recorded", version=3, upcasters={1: _of_the_whole, 2: _by_itself})
class TellingRecorded:
    """He was told on the day that it happened, in this way; until when that was to be is counted from `ended_on`.

    Version 1 knew no parts: it told of the whole opinion. Version 2 told nobody whose matter was merged into another.
    """

    opinion: StreamId
    part: StreamId | None  # the case of the matter that is told of, where the opinion was split after referral
    into: StreamId | None  # the opinion or case that it was merged into, and ended with; none where it ended by itself
    ending: Ending
    ended_on: date
    means: Means
