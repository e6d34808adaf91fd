"""What a stream folds to, now or as it was known at an instant or position."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Final

from services.assignment.handlers import FOLDS as ASSIGNMENT_FOLDS
from services.intake.handlers import FOLDS as INTAKE_FOLDS
from services.reporting.handlers import FOLDS as REPORTING_FOLDS
from shared.clock import instant, micros
from shared.contracts.refusals import Unknown
from shared.decider import Fold
from shared.eventlog.port import EventLog

FOLDS: Final[Mapping[str, Mapping[str, Fold[Any]]]] = {
    "intake": INTAKE_FOLDS,
    "assignment": ASSIGNMENT_FOLDS,
    "reporting": REPORTING_FOLDS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A stream's state by its name and values, and the event it stands at."""

    stream: str
    service: str
    state: str
    values: Mapping[str, Any]
    version: int
    position: int
    recorded_at: datetime


async def folded(logs: Mapping[str, EventLog], stream: str, *, as_of: datetime | int | None = None) -> Shown:
    """The state of `stream`; `as_of` is an instant of recording or a position of its log.

    Raises:
        Unknown: no such stream, or not yet then.

    """
    kind = stream.partition("-")[0]
    until = as_of if isinstance(as_of, int) else None
    for service in (name for name, folds in FOLDS.items() if kind in folds):  # papers stand in the log of whose they are
        records = await logs[service].read_stream(stream, until_position=until)
        if isinstance(as_of, datetime):
            records = [record for record in records if record.recorded <= micros(as_of)]
        if records:
            break
    else:
        raise Unknown("stream")
    state, last = FOLDS[service][kind].over(records), records[-1]
    return Shown(
        stream=stream,
        service=service,
        state=type(state).__name__,
        values={field.name: getattr(state, field.name) for field in fields(state)} if is_dataclass(state) else {"value": state},
        version=last.version,
        position=last.position,
        recorded_at=instant(last.recorded),
    )
