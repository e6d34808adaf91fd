"""Section I.3 of a period report: who gathered opinions before meetings and dialogues, who had none, who was silent (R30)."""

from datetime import date
from typing import Final

from services.reporting.domain.figures.gathering import LISTED, NIL, SILENT
from services.reporting.domain.text.told import Row, Told
from services.reporting.domain.text.wording import listed, out_of, some
from shared.documents.days import short_day
from shared.documents.numbers import count

WHO: Final = "phòng, ban, đơn vị, tổ chức đoàn thể"
MOST_DAYS: Final = 3  # of a unit that are named one by one


def gathered(told: Told) -> tuple[str, ...]:
    """How many handed in, then by name: whoever had opinions, whoever had none, whoever is still to answer."""
    n = told.gathering
    if n is None:
        return ()
    if not n["asked"]:
        return (f"Trong kỳ không có đợt tổng hợp ý kiến của các {WHO}.",)
    answers: dict[str, dict[str, list[date]]] = {LISTED: {}, NIL: {}, SILENT: {}}
    for each in told.gathered:
        answers[each.answer].setdefault(each.unit, []).append(each.due)
    only_nil = [unit for unit in answers[NIL] if unit not in answers[LISTED]]
    named = [
        f"có ý kiến: {'; '.join(answers[LISTED])}" if answers[LISTED] else "",
        f"báo cáo không có ý kiến: {'; '.join(only_nil)}" if only_nil else "",
        f"chưa gửi kết quả: {'; '.join(_with_days(*each) for each in answers[SILENT].items())}" if answers[SILENT] else "",
    ]
    return (_counted(told, n), *(f"Đơn vị {each}." for each in named if each))


def _counted(told: Told, n: Row) -> str:
    if n["rounds"] == 1:
        due = min(each.due for each in told.gathered)
        begun, of = f"Đã tổ chức 01 đợt tổng hợp ý kiến (hạn ngày {short_day(due)})", "đơn vị"
    else:
        begun, of = f"Đã tổ chức {count(n['rounds'])} đợt tổng hợp ý kiến", "lượt đơn vị"
    return f"{begun} của các {WHO}: {_answered(n, of)}."


def _answered(n: Row, of: str) -> str:
    if not n["handed_in"]:
        return f"chưa có đơn vị nào gửi kết quả trong số {count(n['asked'])} {of} được yêu cầu"
    how = listed([some(n["listed"], "có ý kiến"), some(n["nil"], "không có ý kiến")])
    if not n["silent"]:
        return f"toàn bộ {count(n['asked'])} {of} đã gửi kết quả ({how})"
    return f"{out_of(n['handed_in'], n['asked'])} {of} đã gửi kết quả ({how}); chưa gửi {count(n['silent'])}"


def _with_days(unit: str, days: list[date]) -> str:
    """The rounds by their days, of many the first and the last."""
    if len(days) <= MOST_DAYS:
        return f"{unit} (đợt có hạn {', '.join(f'ngày {short_day(day)}' for day in days)})"
    return f"{unit} (các đợt có hạn trong khoảng từ ngày {short_day(days[0])} đến ngày {short_day(days[-1])})"
