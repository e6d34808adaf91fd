"""What an office's streams held as of a position: their facts up to there, of no more streams than somebody waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared.asof import position_at
from shared.calendar import local_day
from shared.clock import instant
from shared.contracts.refusals import Refused
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded

MOST_FOLDED: Final = 2_000
AT_ONCE: Final = 500


class TooManyToFold(Refused):
    """A list as of an instant folds each of its things: of so many nobody waits for it."""

    code = "too-many-to-fold"
    title_vi = "Danh sách quá {most} mục, không tính lại theo thời điểm trước được"
    title_en = "There are more than {most}: the list cannot be told as it was known then"
    advice_vi = "Xem từng mục bằng dòng thời gian của nó với as_of, hoặc số liệu báo cáo tính đến thời điểm đó."
    advice_en = "Look at one of them by its timeline with as_of, or at the figures as of then."


@dataclass(frozen=True, slots=True)
class Then:
    """What was known of one stream up to a position of its log, and the day in Vietnam of that moment."""

    facts: tuple[Recorded, ...]
    until: int
    day: date


async def then(log: EventLog, stream: str, as_of: datetime | int, now: datetime) -> Then:
    """The facts of a stream as they were known at an instant or a position.

    Raises:
        AsOfAhead

    """
    until = await position_at(log, as_of, now)
    facts = await facts_until(log, (stream,), until)
    return Then(tuple(facts), until, await day_of(log, as_of, until))


async def facts_until(log: EventLog, streams: Sequence[str], until: int) -> list[Recorded]:
    """The facts of these streams up to a position of their log, each stream's in order.

    Raises:
        TooManyToFold

    """
    if len(streams) > MOST_FOLDED:
        raise TooManyToFold("as_of", most=MOST_FOLDED)
    found: list[Recorded] = []
    for start in range(0, len(streams), AT_ONCE):
        stored = await log.read_streams(tuple(streams[start : start + AT_ONCE]))
        found += [codec.read(each) for records in stored.values() for each in records if each.position <= until]
    return found


async def day_of(log: EventLog, as_of: datetime | int, until: int) -> date:
    """The day in Vietnam of a moment; a position has none of its own: what stood at it last was recorded on one."""
    if isinstance(as_of, datetime) or not until:
        return local_day(as_of if isinstance(as_of, datetime) else instant(0))
    (record,) = (await log.read(until - 1, 1)).records
    return local_day(instant(record.recorded))
