"""How a page names an opinion: by the beginning of what it says, and by the day on which it was received."""

from datetime import date, datetime

from services.intake.readmodel.opinions.rows import OpinionView
from shared.calendar import local_day


def received_on(view: OpinionView) -> date:
    """The day, here, on which it was handed in; of what was diverted no more than the day is told."""
    told = view.received_at
    return date.fromisoformat(told) if len(told) == len("2023-03-20") else local_day(datetime.fromisoformat(told))
