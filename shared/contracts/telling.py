"""Stream `telling-<opinion>`: whoever handed in an opinion that was rejected or forwarded was told so (brief §1.2)."""

from datetime import date
from enum import StrEnum

from shared.contracts.case import Means
from shared.contracts.registry import event
from shared.contracts.types import StreamId


class Ending(StrEnum):
    """What is told."""

    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"


@event("telling.recorded")
class TellingRecorded:
    """He was told on the day that it happened, in this way; until when that was to be is counted from `ended_on`."""

    opinion: StreamId
    ending: Ending
    ended_on: date
    means: Means
