"""As of when something is asked for: an instant becomes a position of a log, which is answered, so that it can be asked again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.clock import micros
from shared.contracts.refusals import Invalid
from shared.eventlog.port import LogReader
from shared.instants import countable

Moment = datetime | int | None  # as recorded until then, up to a position, or now
MAX_DIGITS: Final = 18


class UnreadableAsOf(Invalid):
    """An instant with its zone, or a position of every log that is asked."""

    code = "unreadable-as-of"
    title_vi = "Không hiểu thời điểm hoặc vị trí “tính đến”"
    title_en = "It cannot be told as of when"
    advice_vi = "Ghi thời điểm có múi giờ, ví dụ 2023-06-02T17:00:00+07:00, hoặc vị trí của mọi nhật ký: {sources}."
    advice_en = "Give an instant with its zone such as 2023-06-02T17:00:00+07:00, or a position of every log: {sources}."

    def __init__(self, logs: Sequence[str]) -> None:
        super().__init__("as_of", sources=",".join(f"{log}=12" for log in logs))


class NotAsOf(Invalid):
    """One thing and figures can be told as they were known earlier; search and most lists cannot (design decision 19)."""

    code = "not-as-of"
    title_vi = "Không xem được nội dung này theo thời điểm trước"
    title_en = "This cannot be told as it was known earlier"
    advice_vi = "Bỏ as_of; xem lịch sử của từng hồ sơ (timeline), danh sách đối thoại hoặc số liệu báo cáo tính đến thời điểm đó."
    advice_en = "Leave as_of out; ask a timeline of one thing, a list of dialogues or the figures as of then."


class AsOfAhead(Invalid):
    """Beyond what was recorded or counted: what will stand there nobody knows, and it would be answered otherwise later."""

    code = "as-of-ahead"
    title_vi = "“Tính đến” vượt quá {last}: sau đó chưa có gì được ghi nhận"
    title_en = "It is asked as of beyond {last}: what will stand there is not known yet"
    advice_vi = (
        "Ghi thời điểm hoặc vị trí không sau {last}, hoặc bỏ trống để xem hiện tại; có thể hỏi lại khi dữ liệu đã cập nhật."
    )
    advice_en = "Give nothing beyond {last}, or leave it out for now; ask again once it has come further."

    def __init__(self, last: str) -> None:
        super().__init__("as_of", last=last)


def is_position(text: str) -> bool:
    """Whether it can be the position of a log."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS


def instant_of(text: str, logs: Sequence[str]) -> datetime:
    """An ISO 8601 instant with its zone.

    Raises:
        UnreadableAsOf

    """
    try:
        # A query string turns the plus sign of a zone into a blank.
        instant = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise UnreadableAsOf(logs) from None
    if instant.tzinfo is None or not countable(instant):
        raise UnreadableAsOf(logs)
    return instant


def moment_of(text: str | None, log: str) -> Moment:
    """What `text` says of one log: `assignment=12`, `12` or an instant with its zone; nothing is now.

    Raises:
        UnreadableAsOf

    """
    if not text:
        return None
    position = text.strip().removeprefix(f"{log}=")
    return int(position) if is_position(position) else instant_of(text, (log,))


async def position_at(log: LogReader, asked: Moment, now: datetime) -> int:
    """The last position recorded at or before an instant, or the one named; the head of the log for now.

    Positions have no holes and are recorded in order, so an instant is found in some twenty looks.

    Raises:
        AsOfAhead

    """
    head = (await log.head()).position
    if isinstance(asked, int) and asked > head:
        raise AsOfAhead(f"{log.name.partition('/')[0]}={head}")
    if asked is None or isinstance(asked, int):
        return head if asked is None else asked
    if asked > now:
        raise AsOfAhead(now.isoformat())
    known, beyond = 0, head + 1
    while beyond - known > 1:
        middle = (known + beyond) // 2
        (record,) = (await log.read(middle - 1, 1)).records
        known, beyond = (middle, beyond) if record.recorded <= micros(asked) else (known, middle)
    return known
