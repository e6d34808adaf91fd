"""Section II of a period report, its results: what was held, handled, concluded and marked (brief §5.1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from services.reporting.domain.figures.comparison import grown, points
from services.reporting.domain.text.told import BroughtPaper, Held, Row, Told
from services.reporting.domain.text.wording import change, listed, per_cent, some
from shared.contracts.session import AUDIENCES, TRIGGER_LABELS, Track, Trigger
from shared.documents.days import short_day
from shared.documents.numbers import count

LEAP_DAY: Final = timedelta(days=1)
NOTHING_OVERDUE: Final = "không có nhiệm vụ quá hạn chưa hoàn thành"


def chairman(told: Told) -> tuple[str, ...]:
    """1: proposals for the Chairman's dialogues, what he decided, and what was held."""
    n, held = told.total("track-b"), told.dialogues(Track.CHAIRMAN)
    decided = listed([some(n["agreed"], "đồng ý"), some(n["refused"], "không đồng ý"), some(n["deferred"], "để kỳ sau")])
    held_too = f"đã tổ chức {count(held['3'])} cuộc đối thoại{_heads(held['6'])}" if held["3"] else _no_dialogue(told)
    parts = [
        f"tiếp nhận {count(n['proposals'])} đề xuất nội dung đối thoại" if n["proposals"] else "",
        f"đã thẩm định {count(n['appraised'])}" if n["appraised"] else "",
        "chưa thẩm định xong đề xuất nào" if n["proposals"] and not n["appraised"] else "",
        f"Chủ tịch {told.parent} {decided}" if decided else "",
        held_too,
    ]
    further = (*_not_held(told, Track.CHAIRMAN), *_raised(held), *_issued(told, Track.CHAIRMAN))
    if not any((n["proposals"], n["appraised"], decided, *held.values())):
        none = "chưa nhận được đề xuất nội dung đối thoại của các sở, ban, ngành, địa phương"
        return (f"Trong kỳ báo cáo, {told.office} {none}; {_no_dialogue(told)}.",)
    return (f"Trong kỳ, {'; '.join(part for part in parts if part)}.", *further)


def _heads(n: int) -> str:
    """Nobody is counted as there where nobody was recorded."""
    return f" với {count(n)} lượt người dự" if n else ""


def _no_dialogue(told: Told) -> str:
    return f"chưa phát sinh cuộc đối thoại của Chủ tịch {told.parent} với Nhân dân"


def dialogues(told: Told, track: Track) -> tuple[str, ...]:
    """2 and 3: the dialogues of one track, held, put off and cancelled, and what was raised there."""
    n = told.dialogues(track)
    due = n["0"] + n["0'"] + n["1"] + n["2"]
    whom = AUDIENCES[track]
    if not any(n.values()):
        return (f"Trong kỳ không phát sinh cuộc đối thoại với {whom}; không có cuộc đối thoại bị hoãn, hủy.",)
    parts = [
        some(n["0"], "kỳ trước hoãn sang"),
        f"điều chỉnh số kỳ trước {change(moved)}" if (moved := n["0'"]) else "",
        some(n["1"], "theo Kế hoạch"),
        some(n["2"], "phát sinh"),
    ]
    if not due:
        how = f" ({listed(parts)})" if listed(parts) else ""
        return (f"Trong kỳ không phải tổ chức cuộc đối thoại với {whom}{how}.", *_raised(n), *_issued(told, track))
    said = f"{_due(due, n, parts)}; "
    said += f"đã tổ chức {count(n['3'])} cuộc" if n["3"] else "chưa tổ chức cuộc nào"
    held = [each for each in told.held if each.track == track]
    if n["3"]:
        said += _heads(n["6"])
        said += f": {'; '.join(_one(each) for each in held)}" if held else ""
    return (f"{said}.", *_not_held(told, track), *_raised(n), *_issued(told, track))


def _due(due: int, n: Mapping[str, int], parts: Sequence[str]) -> str:
    """How many were to be held; what all of them are is said once."""
    if len([part for part in parts if part]) == 1 and n["1"]:
        return f"Theo Kế hoạch, trong kỳ phải tổ chức {count(due)} cuộc đối thoại"
    if len([part for part in parts if part]) == 1 and n["2"]:
        return f"Trong kỳ phát sinh {count(due)} cuộc đối thoại"
    return f"Trong kỳ phải tổ chức {count(due)} cuộc đối thoại ({listed(parts)})"


def _one(held: Held) -> str:
    how = f"cuộc {TRIGGER_LABELS[Trigger(held.trigger)] if held.trigger else 'đối thoại'}"
    about = f" về lĩnh vực {held.field}" if held.field and held.trigger == Trigger.AD_HOC else ""
    heads = f" ({count(held.heads)} người dự)" if held.heads else ""
    return f"{how} ngày {short_day(held.on)}{about}{heads}"


def _not_held(told: Told, track: Track) -> tuple[str, ...]:
    n = told.dialogues(track)
    moved = [
        f"từ ngày {short_day(each.planned)}" + (f" sang ngày {short_day(each.to)}" if each.to else ", chưa ấn định ngày")
        for each in told.put_off
        if each.track == track
    ]
    put_off = f"Hoãn sang kỳ sau {count(n['4'])} cuộc" + (f" ({'; '.join(moved)})" if moved else "") if n["4"] else ""
    cancelled = f"hủy {count(n['5'])} cuộc" if n["5"] else "không có cuộc đối thoại bị hủy"
    if put_off:
        return (f"{put_off}; {cancelled}.",)
    return (f"{cancelled[0].upper()}{cancelled[1:]}.",)


def _raised(n: Mapping[str, int]) -> tuple[str, ...]:
    there = "tại cuộc đối thoại" if n["3"] == 1 else "tại các cuộc đối thoại"
    if not n["7"]:
        return (f"Không có ý kiến nêu {there}.",) if n["3"] else ()
    parts = [
        some(n["8"], "trả lời, tiếp thu tại chỗ"),
        some(n["9"], "giao giải quyết"),
        some(n["10a"], "không tiếp nhận, có lý do"),
        some(n["10b"], "chuyển cơ quan có thẩm quyền"),
        some(n["10c"], "gộp trùng hoặc rút"),
    ]
    outcomes = f": {listed(parts)}" if listed(parts) else ""
    return (f"Có {count(n['7'])} ý kiến nêu {there}{outcomes}.",)


def _issued(told: Told, track: Track) -> tuple[str, ...]:
    issued = [each.paper for each in told.notices if each.track == track]
    counted = told.dialogues(track)["11"]
    if not counted:
        return ()
    named = "; ".join(f"số {paper.number} ngày {short_day(paper.on)}" for paper in issued)
    return (f"Đã ban hành {count(counted)} Thông báo kết luận" + (f" ({named})." if named else "."),)


def requests(told: Told) -> tuple[str, ...]:
    """3: requests for a dialogue, and why some were refused."""
    n = told.total("requests")
    if not any(n[column] for column in ("received", "accepted", "refused", "withdrawn", "waiting")):
        return ("Trong kỳ không tiếp nhận yêu cầu đối thoại trực tiếp của công dân.",)
    why = f" ({'; '.join(told.refusals)})" if told.refusals else ""
    parts = [
        some(n["accepted"], "chấp nhận"),
        some(n["refused"], "từ chối") + (why if n["refused"] else ""),
        some(n["withdrawn"], "rút"),
        some(n["waiting"], "đang xem xét"),
    ]
    if not n["received"]:
        return (f"Yêu cầu đối thoại trực tiếp của công dân tiếp nhận từ trước: {listed(parts)}.",)
    became = f": {listed(parts)}" if listed(parts) else ""
    return (f"Tiếp nhận {count(n['received'])} yêu cầu đối thoại trực tiếp của công dân{became}.",)


def opinions(told: Told) -> tuple[str, ...]:
    """4: from all that was to be handled to the rates, and beside last year."""
    n = told.opinions
    if not any(n[column] for column in ("A", "A1", "B1", "B2", "C")):
        return ("Trong kỳ không tiếp nhận ý kiến; không có ý kiến kỳ trước chuyển sang.", _compared(told), *_added_up(told))
    return (_to_handle(told, n), *_brought(told), _handled(n), _compared(told), *_added_up(told))


def _brought(told: Told) -> tuple[str, ...]:
    """What of the stock is known from documents only, by document: how many of which."""
    counts: Counter[BroughtPaper] = Counter()
    for line in told.brought:
        counts[line.paper] += line.carried
    parts = [f"{count(n)} lượt theo {paper.said}" for paper, n in counts.items() if n]
    if not parts:
        return ()
    whole = count(sum(counts.values()))
    return (f"Trong số phải xử lý có {whole} lượt chuyển kỳ lấy theo số liệu của văn bản: {'; '.join(parts)}.",)


def _to_handle(told: Told, n: Mapping[str, Any]) -> str:
    said = f"Tổng số ý kiến phải xử lý trong kỳ là {count(n['C'])} (tính theo lượt xử lý)"
    if not n["A"] and not n["A1"] and not n["B2"]:
        of = {row["key"]: row["B1"] for row in told.tables["bieu-02"]["subtotals"]}
        groups = listed([some(of.get("noi_bo", 0), "nội bộ"), some(of.get("nhan_dan", 0), "Nhân dân, tổ chức")])
        new = f"đều là ý kiến tiếp nhận mới{f': {groups}' if groups else ''}"
        said += f", {new}; không có ý kiến kỳ trước chuyển sang, không có ý kiến mở lại."
    else:
        parts = [
            some(n["A"], "kỳ trước chuyển sang"),
            f"điều chỉnh {change(n['A1'])}{_why_adjusted(n)}" if n["A1"] else "",
            some(n["B1"], "tiếp nhận mới"),
            some(n["B2"], "mở lại"),
        ]
        said += f", gồm: {listed(parts)}."
    out = sum(n[column] for column in "DEFG")
    if not out:
        return said
    parts = [
        some(n["D"], "không đủ điều kiện"),
        some(n["E"], "chuyển, hướng dẫn đến cơ quan có thẩm quyền"),
        some(n["F"], "rút"),
        some(n["G"], "gộp trùng"),
    ]
    return f"{said} Trong đó, không thuộc diện phải giải quyết {count(out)} lượt: {listed(parts)}."


def _why_adjusted(n: Mapping[str, Any]) -> str:
    late = n.get("A1_late")
    return " do ghi nhận muộn sau ngày chốt số liệu kỳ trước" if late is not None and late == n["A1"] else ""


def _handled(n: Mapping[str, Any]) -> str:
    if not n["H"]:
        return "Trong kỳ không có ý kiến thuộc diện phải giải quyết."
    said = f"Số phải giải quyết là {count(n['H'])}; "
    if not n["I"]:
        said += "chưa có ý kiến giải quyết xong."
    else:
        all_done = n["I"] == n["H"]
        done = f"đã giải quyết xong toàn bộ {count(n['I'])} ý kiến" if all_done else f"đã giải quyết {count(n['I'])}"
        late = f"quá hạn {count(n['I2'])}" if n["I2"] else "không có ý kiến giải quyết quá hạn"
        in_time = f"đúng hạn {count(n['I1'])} ({per_cent(n['T2'])} số đã giải quyết)"
        in_time = in_time if n["I1"] else "không có ý kiến giải quyết đúng hạn"
        said += f"{done}, đạt {per_cent(n['T1'])}, trong đó {in_time}, {late}."
    if not n["J"]:
        return f"{said} Không còn ý kiến đang giải quyết."
    late = f"quá hạn {count(n['J2'])}" if n["J2"] else "không có ý kiến quá hạn"
    open_ = listed([some(n["J1"], "trong hạn"), late])
    strict = f" Tỷ lệ đúng hạn tính cả việc quá hạn chưa xong là {per_cent(n['T3'])}." if n["T3"] is not None else ""
    return f"{said} Đang giải quyết {count(n['J'])}: {open_}.{strict}"


def _compared(told: Told) -> str:
    """Beside the same days of the year before: only where they are as many, and only flows, which a year does not carry on."""
    former = told.last_year
    if former is None and told.carries_on:
        return f"Không có báo cáo cùng kỳ năm {told.year - 1} theo cùng hệ thống chỉ tiêu để so sánh."
    if former is None:
        return f"Năm {told.year} là năm đầu tiên tổng hợp theo hệ thống chỉ tiêu này nên chưa có số liệu cùng kỳ để so sánh."
    before = f"cùng kỳ năm {told.year - 1}"
    if abs((told.last - told.first) - (former.last - former.first)) > LEAP_DAY:
        days = f"từ ngày {short_day(former.first)} đến hết ngày {short_day(former.last)}"
        return f"Kỳ số liệu năm {told.year - 1} tính {days}, khác độ dài kỳ báo cáo này nên không so sánh."
    came = _beside(told.opinions["B1"], former.opinions["B1"])
    done = _beside(told.opinions["I"], former.opinions["I"])
    said = f"So với {before}: số ý kiến tiếp nhận mới {came}; số ý kiến đã giải quyết {done}"
    now, then = told.opinions["T2"], former.opinions["T2"]
    return f"{said}; tỷ lệ đúng hạn {_points(now, then)}." if now is not None and then is not None else f"{said}."


def _added_up(told: Told) -> tuple[str, ...]:
    """Since the first report, counted from the events: stocks of reports do not add up."""
    if told.added_up is None:
        return ()
    n = told.added_up.opinions
    days = f"từ ngày {short_day(told.added_up.first)} đến hết ngày {short_day(told.last)}"
    parts = (some(n["B1"], "tiếp nhận mới"), some(n["B2"], "mở lại"), some(n["I"], "đã giải quyết"))
    return (f"Lũy kế {days}: {listed(parts) or 'không tiếp nhận ý kiến'}.",)


def _beside(now: int, then: int) -> str:
    """`tăng 03 (30,0%)`; of a base below 10 only the difference, because a per cent of it says nothing."""
    if not then:
        return f"là {count(now)}, cùng kỳ năm trước không phát sinh" if now else "không phát sinh như cùng kỳ"
    if now == then:
        return "bằng cùng kỳ"
    more = f"{'tăng' if now > then else 'giảm'} {count(abs(now - then))}"
    by = grown(now, then)
    return f"{more} ({per_cent(by)})" if by is not None else more


def _points(now: str, then: str) -> str:
    tenths = points(now, then)
    if not tenths:
        return "bằng cùng kỳ"
    by = f"{abs(tenths) // 10},{abs(tenths) % 10}"
    return f"{'tăng' if tenths > 0 else 'giảm'} {by} điểm phần trăm"


def conclusions(told: Told) -> tuple[str, ...]:
    """5: the work that notices gave, and how far it is."""
    n, urged = told.total("bieu-05"), told.total("urging")
    said = ["Trong kỳ không có nhiệm vụ giao tại Thông báo kết luận."]
    if n["given"]:
        given = f"Từ {count(told.directing)} Thông báo kết luận, {told.head} giao {count(n['given'])} nhiệm vụ"
        said = [f"{given}, {_only(n)}." if n["given"] == 1 else f"{given}: {_how_far(n)}."]
    further = listed(
        [
            f"đôn đốc bằng văn bản {count(n['urged'])} lần" if n["urged"] else "",
            f"gia hạn {count(n['extended'])} lần" if n["extended"] else "",
        ]
    )
    if further:
        said.append(f"Đã {further}.")
    if urged["letters"]:
        said.append(f"Ngoài ra, đôn đốc {count(urged['letters'])} lần việc tham mưu trả lời {count(urged['answers'])} ý kiến.")
    return (" ".join(said),)


def _how_far(n: Row) -> str:
    parts = [
        some(n["done_in_time"], "hoàn thành đúng hạn"),
        some(n["done_late"], "hoàn thành quá hạn"),
        some(n["open_in_time"], "đang thực hiện trong hạn"),
        some(n["dropped"], "thôi giao"),
        some(n["open_late"], "quá hạn chưa hoàn thành") or NOTHING_OVERDUE,
    ]
    return listed(parts)


def _only(n: Row) -> str:
    """How far the one task is: in words, not parted by numbers."""
    outcomes = {
        "done_in_time": "đã hoàn thành đúng hạn",
        "done_late": "đã hoàn thành nhưng quá hạn",
        "open_in_time": "đang thực hiện trong hạn",
        "dropped": "nay thôi giao",
        "open_late": "đã quá hạn, chưa hoàn thành",
    }
    return next(said for outcome, said in outcomes.items() if n[outcome])


def flagged(told: Told) -> tuple[str, ...]:
    """6: matters to be settled for good (R5)."""
    if not told.flagged:
        return ("Trong kỳ không phát sinh vụ việc phức tạp, bức xúc, tồn đọng, kéo dài thuộc chức năng, nhiệm vụ của Văn phòng.",)
    parts = [
        f"{each.name} {count(each.matters)} ({f'đang giải quyết {count(each.open)}' if each.open else 'đã giải quyết xong'})"
        for each in told.flagged
    ]
    return (f"Vụ việc phải giải quyết dứt điểm, theo dấu hiệu: {'; '.join(parts)}.",)
