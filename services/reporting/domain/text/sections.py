"""The sections I to V of a period report, drafted from its figures; people add to them and change no number (brief §5.1).

A part of nothing is left out of a sentence, except what a reader must see denied: overdue, cancelled, left aside.
A rate of nothing is not spoken of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reporting.domain.figures.columns import rate
from services.reporting.domain.text.gathering import gathered
from services.reporting.domain.text.results import chairman, conclusions, dialogues, flagged, opinions, requests
from services.reporting.domain.text.told import Told
from services.reporting.domain.text.wording import listed, out_of, per_cent
from shared.contracts.report import ReportKind, Section
from shared.contracts.session import AUDIENCES, Track
from shared.documents.days import full_day, short_day
from shared.documents.numbers import count


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the report: `level` 1 or 2, its title, what the figures say, and where people may write on."""

    level: int
    title: str
    drafted: tuple[str, ...] = ()
    part: Section | None = None
    instead: str | None = None  # what stands there while nobody wrote anything
    see: str | None = None  # which appendices have the details


# The office's own dialogues; the Chairman's are told apart.
OWN: Final = (Track.STAFF, Track.PEOPLE)


def opening(told: Told) -> str:
    """The first paragraph: by which plan, of which days."""
    days = f"số liệu tính từ ngày {short_day(told.first)} đến hết ngày {short_day(told.last)}"
    if not told.carries_on:
        days += f"; năm {told.year} là năm đầu thực hiện nên {_since(told)}"
    subject = f"{told.office} báo cáo kết quả thực hiện công tác đối thoại {told.period} ({days}), như sau:"
    if told.plan is None:
        return subject
    plan = f"Kế hoạch số {told.plan.number} {full_day(told.plan.on)} của {told.office}"
    return f"Thực hiện {plan} về thực hiện công tác đối thoại năm {told.year}, {subject}"


def _since(told: Told) -> str:
    """Why a first report begins on its day: it is that of the plan, or nothing came before it."""
    if told.plan is not None and told.plan.on == told.first:
        return "kỳ báo cáo tính từ ngày ban hành Kế hoạch"
    return "không có báo cáo kỳ trước"


def closing(told: Told) -> str:
    """The last paragraph."""
    return f"Trên đây là báo cáo kết quả thực hiện công tác đối thoại {told.period}, {told.office} trân trọng báo cáo./."


def sections(told: Told) -> tuple[Passage, ...]:
    """All sections, in order."""
    return (
        Passage(1, "I. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TRIỂN KHAI"),
        Passage(2, "1. Ban hành Kế hoạch và văn bản chỉ đạo", _planned(told)),
        Passage(2, "2. Quán triệt, tuyên truyền", _spread(told)),
        Passage(2, "3. Phân công, theo dõi, đôn đốc", gathered(told), Section.DIRECTION),
        Passage(1, "II. KẾT QUẢ THỰC HIỆN"),
        Passage(2, f"1. Tham mưu tổ chức đối thoại của Chủ tịch {told.parent} với Nhân dân", chairman(told)),
        Passage(2, f"2. Đối thoại với {AUDIENCES[Track.STAFF]}", dialogues(told, Track.STAFF)),
        Passage(
            2, f"3. Đối thoại với {AUDIENCES[Track.PEOPLE]}", (*requests(told), *dialogues(told, Track.PEOPLE)), see="Phụ lục I"
        ),
        Passage(2, "4. Tiếp nhận, giải quyết ý kiến", opinions(told), see=_tables_of_opinions(told)),
        Passage(2, "5. Thực hiện các Thông báo kết luận", conclusions(told), see="Phụ lục V"),
        Passage(2, "6. Vụ việc phức tạp, bức xúc, tồn đọng, kéo dài", flagged(told), Section.MATTERS),
        Passage(1, "III. ĐÁNH GIÁ CHUNG"),
        Passage(2, "1. Ưu điểm", _achieved(told), Section.STRENGTHS),
        Passage(2, "2. Tồn tại, hạn chế", _limits(told), Section.LIMITS),
        Passage(2, "3. Nguyên nhân", part=Section.CAUSES),
        Passage(1, f"IV. NHIỆM VỤ TRỌNG TÂM {_next(told)}", _tasks(told), Section.TASKS),
        Passage(1, "V. ĐỀ XUẤT, KIẾN NGHỊ", part=Section.PROPOSALS, instead=f"{told.office} không có đề xuất, kiến nghị."),
    )


def _tables_of_opinions(told: Told) -> str:
    return "các Phụ lục II, III, IV, VI" if told.brought else "các Phụ lục II, III, IV"


def _planned(told: Told) -> tuple[str, ...]:
    """By which documents the plan was made, its number and day."""
    if told.plan is None:
        return (f"{told.office} chưa ban hành Kế hoạch thực hiện công tác đối thoại năm {told.year}.",)
    based = f"Căn cứ {'; '.join(told.bases)}, " if told.bases else ""
    shown = "".join(f"; {' và '.join(acts)} {_when(on, told.plan.on)}" for on, acts in _made_known(told).items())
    return (f"{based}{told.office} đã ban hành Kế hoạch số {told.plan.number} {full_day(told.plan.on)}{shown}.",)


def _made_known(told: Told) -> dict[date, list[str]]:
    """Day by day, to whom outside the office the plan was dispatched, and where it was made public."""
    days: dict[date, list[str]] = {}
    for each in told.sent:
        days.setdefault(each.on, []).append(each.to)
    acts = {on: [f"gửi {', '.join(names)}"] for on, names in days.items()}
    if told.published is not None:
        acts.setdefault(told.published.on, []).append(told.published.to)
    return dict(sorted(acts.items()))


def _when(on: date, issued: date) -> str:
    return "ngay trong ngày ban hành" if on == issued else f"ngày {short_day(on)}"


def _spread(told: Told) -> tuple[str, ...]:
    """How far the plan was made known, and by whom not yet."""
    n = told.total("dissemination")
    if n["given"]:
        made = f"{out_of(n['done'], n['given'])} phòng, ban, đơn vị, tổ chức đoàn thể đã hoàn thành việc phổ biến Kế hoạch"
        reached = f" tới {count(n['reached'])} lượt công chức, viên chức, người lao động" if n["reached"] else ""
        whole = rate(n["done"], n["given"])
        reached += f", đạt {per_cent(whole)}" if n["done"] and whole is not None else ""
        rest = f"; còn {count(len(told.silent))} đơn vị chưa báo cáo kết quả ({'; '.join(told.silent)})" if told.silent else ""
        return (f"{made}{reached}{rest}.",)
    if n["done"]:
        return (f"Trong kỳ, {count(n['done'])} đơn vị hoàn thành việc phổ biến Kế hoạch.",)
    return ("Trong kỳ không phát sinh nhiệm vụ phổ biến, tuyên truyền Kế hoạch.",)


def _achieved(told: Told) -> tuple[str, ...]:
    """What the figures alone say; the judgement is people's."""
    n = told.opinions
    held = sum(told.dialogues(track)["3"] for track in OWN)
    parts = [
        f"tổ chức {count(held)} cuộc đối thoại" if held else "",
        f"giải quyết {out_of(n['I'], n['H'])} ý kiến, đạt {per_cent(n['T1'])}" if n["I"] else "",
        f"hoàn thành {count(done)} nhiệm vụ theo Thông báo kết luận" if (done := _done(told)) else "",
    ]
    said = listed(parts)
    return (f"Trong kỳ đã {said}.",) if said else ()


def _done(told: Told) -> int:
    n = told.total("bieu-05")
    return int(n["done_in_time"] + n["done_late"])


def _limits(told: Told) -> tuple[str, ...]:
    n, work = told.opinions, told.total("bieu-05")
    unanswered = told.gathering["silent"] if told.gathering is not None else 0
    put_off = sum(told.dialogues(track)["4"] for track in OWN)
    late = [
        f"{count(n['I2'])} ý kiến giải quyết quá hạn" if n["I2"] else "",
        f"{count(n['J2'])} ý kiến đang quá hạn chưa giải quyết xong" if n["J2"] else "",
        f"{count(work['open_late'])} nhiệm vụ theo Thông báo kết luận quá hạn chưa hoàn thành" if work["open_late"] else "",
        f"{count(put_off)} cuộc đối thoại phải hoãn" if put_off else "",
        f"{count(len(told.silent))} đơn vị chưa báo cáo kết quả phổ biến Kế hoạch" if told.silent else "",
        f"{count(unanswered)} lượt đơn vị chưa gửi kết quả tổng hợp ý kiến" if unanswered else "",
    ]
    if not any(late):
        return (f"Không có ý kiến giải quyết quá hạn; không có cuộc đối thoại của {told.office} phải hoãn.",)
    return (f"Còn {listed(late)}.",)


def _next(told: Told) -> str:
    return f"6 THÁNG CUỐI NĂM {told.year}" if told.kind is ReportKind.SIX_MONTH else f"NĂM {told.year + 1}"


def _tasks(told: Told) -> tuple[str, ...]:
    n, work = told.opinions, told.total("bieu-05")
    left = work["open_in_time"] + work["open_late"]
    put_off: Sequence[str] = [f"ngày {short_day(each.to)}" for each in told.put_off if each.to and each.track in OWN]
    count_put_off = sum(told.dialogues(track)["4"] for track in OWN)
    tasks = []
    if count_put_off:
        when = f" ({'; '.join(put_off)})" if put_off else ""
        tasks.append(f"Tổ chức {count(count_put_off)} cuộc đối thoại hoãn từ kỳ này{when}.")
    if n["J"]:
        first = f", trong đó tập trung {count(n['J2'])} ý kiến quá hạn" if n["J2"] else ""
        tasks.append(f"Giải quyết dứt điểm {count(n['J'])} ý kiến đang giải quyết{first}.")
    if left:
        tasks.append(f"Hoàn thành {count(left)} nhiệm vụ đang thực hiện theo các Thông báo kết luận.")
    tasks.append("Tiếp nhận, tổ chức đối thoại định kỳ theo Kế hoạch, đối thoại theo yêu cầu và đột xuất khi phát sinh.")
    tasks.append(f"Tham mưu, thẩm định đề xuất nội dung đối thoại của Chủ tịch {told.parent} với Nhân dân theo quy định.")
    if told.kind is ReportKind.SIX_MONTH:
        tasks.append(f"Tổng hợp, báo cáo kết quả thực hiện năm {told.year} đúng thời hạn.")
    return tuple(f"{n}. {task}" for n, task in enumerate(tasks, start=1))
