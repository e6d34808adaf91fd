"""Which rules a meeting holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class MeetingOver(Refused):
    """What was held or cancelled is not changed any more."""

    code = "meeting-over"
    rule = ("year §1",)
    title_vi = "Cuộc họp đã tổ chức hoặc đã hủy"
    title_en = "The meeting was held or cancelled"
    advice_vi = "Lên lịch một cuộc họp mới nếu cần."
    advice_en = "Schedule another meeting if one is needed."


class MeetingNotYet(Invalid):
    """It cannot have been held before its day."""

    code = "meeting-not-yet"
    rule = ("year §1",)
    title_vi = "Cuộc họp được lên lịch ngày {on}"
    title_en = "The meeting is scheduled for {on}"
    advice_vi = "Đổi ngày họp trước, rồi ghi nhận đã tổ chức."
    advice_en = "Move it to the day on which it was held, then record that."


class DialogueHangsOnIt(Refused):
    """A dialogue that is to be held at a meeting is put off or cancelled before its meeting is (R23, invariant 4)."""

    code = "dialogue-hangs-on-it"
    rule = ("R23", "invariant 4")
    title_vi = "Cuộc đối thoại {session} gắn với cuộc họp này vào ngày {on}"
    title_en = "The dialogue {session} is to be held at this meeting on {on}"
    advice_vi = "Hoãn hoặc hủy cuộc đối thoại trước, rồi đổi ngày hoặc hủy cuộc họp."
    advice_en = "Postpone or cancel the dialogue first, then move or cancel the meeting."


class SeriesBackwards(Invalid):
    """A series runs from an earlier day to a later one, over two years at most."""

    code = "series-backwards"
    rule = ()
    title_vi = "Khoảng thời gian lặp không hợp lệ: {first} đến {last}"
    title_en = "A series cannot run from {first} to {last}"
    advice_vi = "Ngày đầu không sau ngày cuối, dài nhất hai năm."
    advice_en = "The first day comes no later than the last, two years at most."


class NotASeries(Invalid):
    """Only briefings come round by themselves (R23)."""

    code = "not-a-series"
    rule = ("R23",)
    title_vi = "Chỉ giao ban tuần, giao ban tháng mới lặp định kỳ"
    title_en = "Only weekly and monthly briefings come in series"
    advice_vi = "Lên lịch từng hội nghị một."
    advice_en = "Schedule each conference by itself."
