"""The command by which open due dates follow a new calendar: which streams it reads, who may ask it, what decides."""

from functools import partial

from services.assignment.domain.deadlines import decider as deadlines
from services.assignment.domain.deadlines.commands import REVISE_DUE, ReviseDue
from services.assignment.handlers.streams import calendar_stream, of_work, work_stream
from shared.desk import Handler


def handlers(tenant: str) -> list[Handler]:
    """The handlers of one tenant."""
    return [
        Handler(
            command=ReviseDue,
            action=REVISE_DUE,
            streams=lambda asking: {**work_stream(asking), **calendar_stream(asking)},
            resource=partial(of_work, tenant),
            decide=deadlines.decide,
            additive=True,
        )
    ]
