"""What a stream folds to, now or as it was known at an instant or position, and what the units in it were called then."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final, get_args

from services.assignment.domain.directory.units import unit_stream
from services.assignment.handlers import FOLDS as ASSIGNMENT_FOLDS
from services.intake.handlers import FOLDS as INTAKE_FOLDS
from services.reporting.handlers import FOLDS as REPORTING_FOLDS
from shared.asof import Moment, position_at
from shared.clock import instant
from shared.contracts.directory import UnitRegistered, UnitRenamed
from shared.contracts.refusals import Unknown
from shared.contracts.types import UnitKey
from shared.decider import Fold
from shared.eventlog import codec
from shared.eventlog.port import EventLog

FOLDS: Final[Mapping[str, Mapping[str, Fold[Any]]]] = {
    "intake": INTAKE_FOLDS,
    "assignment": ASSIGNMENT_FOLDS,
    "reporting": REPORTING_FOLDS,
}

_UNIT: Final = re.compile(get_args(UnitKey)[1].pattern)


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


async def folded(logs: Mapping[str, EventLog], stream: str, *, as_of: Moment = None, now: datetime) -> Shown:
    """The state of `stream`; `as_of` is an instant of recording or a position of its log.

    Raises:
        Unknown: no such stream, or not yet then.
        AsOfAhead

    """
    kind = stream.partition("-")[0]
    for service in (name for name, folds in FOLDS.items() if kind in folds):  # papers stand in the log of whose they are
        if everything := await logs[service].read_stream(stream):
            break
    else:
        raise Unknown("stream")
    until = await position_at(logs[service], as_of, now)
    records = [record for record in everything if record.position <= until]
    if not records:
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


async def named(logs: Mapping[str, EventLog], shown: Mapping[str, Any], day: date) -> dict[str, str]:
    """What each unit that is named in what is shown (plain JSON values) was called on `day`, by its key (R49).

    Of a unit that was registered later it is the first name it bore.
    """
    keys = {each for each in _strings(shown) if _UNIT.fullmatch(each)}
    streams = await logs["assignment"].read_streams(tuple(unit_stream(key) for key in sorted(keys)))
    found: dict[str, str] = {}
    for stream, records in streams.items():
        events = [codec.read(record).event for record in records]
        borne = [(each.valid_from, each.name) for each in events if isinstance(each, UnitRegistered | UnitRenamed)]
        if borne:
            since = [name for valid_from, name in borne if valid_from <= day]
            found[stream.removeprefix(unit_stream(""))] = since[-1] if since else borne[0][1]
    return found


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
