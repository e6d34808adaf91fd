"""Stream `telling-<id>` of an opinion or of a part: its submitter was told that it was rejected or forwarded (brief §1.2)."""

from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.case import Means
from shared.contracts.registry import event
from shared.contracts.types import StreamId


class Ending(StrEnum):
    """What is told."""

    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"


def _of_the_whole(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "part": None}


@event("telling.recorded", version=2, upcasters={1: _of_the_whole})
class TellingRecorded:
    """He was told on the day that it happened, in this way; until when that was to be is counted from `ended_on`.

    Version 1 knew no parts: it told of the whole opinion.
    """

    opinion: StreamId
    part: StreamId | None  # the case of the matter that is told of, where the opinion was split after referral
    ending: Ending
    ended_on: date
    means: Means
