"""Which rules a session holds once it is proposed: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class DayPassed(Invalid):
    """A dialogue is not planned for a day that is over."""

    code = "day-passed"
    rule = ()
    title_vi = "Ngày {on} đã qua"
    title_en = "The day {on} has passed"
    advice_vi = "Chọn ngày từ hôm nay trở đi."
    advice_en = "Choose today or a later day."


class DayUnknown(Refused):
    """Postponed without a day, it cannot be announced or opened."""

    code = "day-unknown"
    rule = ("brief §6",)
    title_vi = "Chưa ấn định ngày đối thoại mới"
    title_en = "No new day is fixed yet"
    advice_vi = "Hoãn sang một ngày cụ thể trước."
    advice_en = "Postpone it to a day first."


class NotChairmans(Forbidden):
    """The Chairman approves and cancels his own dialogue; the head of the office his (Track A and B are not mixed)."""

    code = "not-the-holder"
    rule = ("brief §1",)
    title_vi = "Việc này thuộc người chủ trì cuộc đối thoại"
    title_en = "This is for whoever holds a dialogue of track {track}"
    advice_vi = "Đối thoại của Chủ tịch: Chủ tịch quyết định. Đối thoại khác: người đứng đầu cơ quan quyết định."
    advice_en = "Track B: the Chairman decides. Track A: the head of the office."


class UnitsBeyondTotal(Invalid):
    """Who came from the units is among those who came at all, each unit counted once (R33)."""

    code = "units-beyond-total"
    rule = ("R33",)
    title_vi = "Số người dự theo đơn vị ({heads}) không khớp tổng số người dự ({total})"
    title_en = "Those from the units ({heads}) do not go with all who were there ({total})"
    advice_vi = "Ghi mỗi đơn vị một lần; tổng theo đơn vị không vượt tổng số người dự."
    advice_en = "Name each unit once; together they are no more than all who were there."


class NotOfThisTrack(Forbidden):
    """The Chairman's dialogue is prepared and run by his people, the head's own by the office (Track A and B are not mixed)."""

    code = "not-of-this-track"
    rule = ("brief §1",)
    title_vi = "Người làm việc này không thuộc bộ phận tổ chức cuộc đối thoại"
    title_en = "This is not for whoever asks at a dialogue of track {track}"
    advice_vi = "Đối thoại của Chủ tịch: Chủ tịch, thư ký hoặc phòng nội dung phụ trách. Đối thoại khác: người của cơ quan."
    advice_en = "Track B: the Chairman, the secretary or the content division. Track A: the office's own people."


class MeetingFellAway(Refused):
    """A periodic dialogue is held at its meeting, on the day of that (R23, invariant 4)."""

    code = "meeting-fell-away"
    rule = ("R23", "invariant 4")
    title_vi = "Cuộc họp {meeting} đã hủy hoặc đã chuyển sang ngày khác"
    title_en = "The meeting {meeting} was cancelled or is on another day"
    advice_vi = "Hoãn cuộc đối thoại sang ngày của cuộc họp; nếu đã hủy thì hủy đối thoại, đề xuất lại gắn với cuộc họp khác."
    advice_en = "Postpone it to the meeting's day; where that was cancelled, cancel it and propose it at another meeting."


class ProgrammeMissing(Refused):
    """It is announced and opened with an approved programme (R28)."""

    code = "programme-missing"
    rule = ("R28",)
    title_vi = "Chương trình chưa được duyệt"
    title_en = "The programme is not approved yet"
    advice_vi = "Duyệt chương trình trước."
    advice_en = "Approve the programme first."


class TooLateToAnnounce(Refused):
    """Announced as many days ahead as the rules in force ask, seven unless published otherwise; ad-hoc ones are exempt."""

    code = "too-late-to-announce"
    rule = ("R22", "brief §1.2")
    title_vi = "Phải thông báo trước ít nhất {days} ngày (thời hạn {rules})"
    title_en = "It is announced at least {days} days ahead (rules {rules})"
    advice_vi = "Hoãn sang ngày muộn hơn, hoặc tổ chức đột xuất về một lĩnh vực."
    advice_en = "Postpone it, or hold an ad-hoc one on one field."


class NotAnnounced(Refused):
    """A dialogue in full form opens only after it was announced."""

    code = "not-announced"
    rule = ("brief §6",)
    title_vi = "Cuộc đối thoại chưa được thông báo"
    title_en = "It was not announced"
    advice_vi = "Thông báo trước khi mở."
    advice_en = "Announce it first."


class NotYetDay(Refused):
    """It opens on its day."""

    code = "not-yet-day"
    rule = ("brief §6",)
    title_vi = "Cuộc đối thoại được ấn định ngày {on}"
    title_en = "It is fixed for {on}"
    advice_vi = "Mở vào đúng ngày."
    advice_en = "Open it on its day."


class AnswersMissing(Refused):
    """Answers are reported to the head before the dialogue (R36, invariant 5)."""

    code = "answers-missing"
    rule = ("R36", "invariant 5")
    title_vi = "Còn {count} ý kiến chưa có nội dung trả lời trình người chủ trì"
    title_en = "{count} opinions have no answer before the head yet"
    advice_vi = "Các đơn vị trình nội dung trả lời; hoặc người đứng đầu cho mở, có lý do. Hồ sơ: {cases}"
    advice_en = "Have the units submit their answers, or have the head waive it with his reason. Cases: {cases}"


class PartyOpinionsMissing(Refused):
    """Where cấp ủy leads, its opinion comes before the dialogue; it is a step, not an option (R11, corrections)."""

    code = "party-opinions-missing"
    rule = ("R11", "brief, corrections")
    title_vi = "Còn {count} ý kiến thuộc lĩnh vực cấp ủy lãnh đạo chưa có ý kiến của cấp ủy"
    title_en = "{count} opinions in fields where the Party committee leads lack its opinion"
    advice_vi = "Ghi ý kiến của cấp ủy, hoặc gỡ khỏi cuộc đối thoại. Hồ sơ: {cases}"
    advice_en = "Record the Party committee's opinion, or take them off the dialogue. Cases: {cases}"


class NothingToWaive(Refused):
    """There is nothing to be waived before it begins, or after."""

    code = "nothing-to-waive"
    rule = ("R36",)
    title_vi = "Cuộc đối thoại đã bắt đầu hoặc đã kết thúc"
    title_en = "It has begun or is over"
    advice_vi = "Chỉ cho phép mở trước khi cuộc đối thoại bắt đầu."
    advice_en = "Waive it before it begins."


class NothingToArrange(Refused):
    """Place and secretary are settled once the minutes are signed; a dialogue that is not held has none."""

    code = "nothing-to-arrange"
    rule = ("R9",)
    title_vi = "Cuộc đối thoại đã hủy, đã kết thúc hoặc biên bản đã ký (bước {stage})"
    title_en = "It is cancelled or put away, or its minutes are signed (it stands at {stage})"
    advice_vi = "Ghi địa điểm và thư ký trước khi ký biên bản."
    advice_en = "Name place and secretary before the minutes are signed."


class SessionBegun(Refused):
    """What is prepared is prepared before it begins."""

    code = "session-begun"
    rule = ("brief §6",)
    title_vi = "Cuộc đối thoại đang ở bước {stage}"
    title_en = "The dialogue stands at {stage}"
    advice_vi = "Việc này làm trước khi cuộc đối thoại bắt đầu."
    advice_en = "This is done before it begins."


class SessionNotInProgress(Refused):
    """What happens in the room is recorded while it is going on."""

    code = "session-not-in-progress"
    rule = ("brief §6",)
    title_vi = "Cuộc đối thoại không đang diễn ra (bước {stage})"
    title_en = "The dialogue is not in progress (it stands at {stage})"
    advice_vi = "Mở cuộc đối thoại trước; sau khi kết thúc thì không ghi thêm."
    advice_en = "Open it first; nothing is added after it was held."


class SessionNotHeld(Refused):
    """Minutes and conclusions follow the dialogue."""

    code = "session-not-held"
    rule = ("brief §6",)
    title_vi = "Cuộc đối thoại chưa tổ chức hoặc đã kết luận (bước {stage})"
    title_en = "It was not held, or is concluded (it stands at {stage})"
    advice_vi = "Kết thúc cuộc đối thoại trước."
    advice_en = "Hold it first."


class CaseElsewhere(Refused):
    """A case is put to one session at a time."""

    code = "case-elsewhere"
    rule = ("year §4",)
    title_vi = "Hồ sơ đang gắn với cuộc đối thoại {session}"
    title_en = "The case is put to {session}"
    advice_vi = "Gỡ khỏi cuộc đối thoại kia trước."
    advice_en = "Take it off that one first."


class CaseNotOpen(Refused):
    """What has ended is not put to a dialogue."""

    code = "case-not-open"
    rule = ("brief §6",)
    title_vi = "Hồ sơ đã kết thúc"
    title_en = "The case has ended"
    advice_vi = "Mở lại hồ sơ trước nếu cần."
    advice_en = "Reopen it first if it must be."


class OtherField(Invalid):
    """An ad-hoc dialogue takes only what is of its field (R22)."""

    code = "other-field"
    rule = ("R22",)
    title_vi = "Cuộc đối thoại đột xuất chỉ về lĩnh vực {field_key}"
    title_en = "This ad-hoc dialogue is about {field_key} only"
    advice_vi = "Chọn hồ sơ cùng lĩnh vực."
    advice_en = "Choose a case of that field."


class OtherPeople(Invalid):
    """Staff at A1, the people at A2 (R12, R19)."""

    code = "other-people"
    rule = ("R12", "R19")
    title_vi = "Ý kiến này không thuộc đối tượng của cuộc đối thoại"
    title_en = "The opinion is not from those with whom track {track} is held"
    advice_vi = "Với công chức: nội bộ. Với Nhân dân: nhân dân, tổ chức."
    advice_en = "A1: staff. A2: people and organisations."


class NotPutHere(Invalid):
    """Only what was put to the session or raised in it has an outcome there."""

    code = "not-put-here"
    rule = ("R9",)
    title_vi = "Hồ sơ không thuộc cuộc đối thoại này"
    title_en = "The case was not put to this session"
    advice_vi = "Ghi ý kiến nêu tại chỗ, hoặc gắn hồ sơ trước."
    advice_en = "Write it down as raised, or put the case to the session first."


class OutcomeIncomplete(Invalid):
    """Each outcome says what it needs: a reason, an addressee, a survivor, a direction (R9, R14)."""

    code = "outcome-incomplete"
    rule = ("R9", "R14")
    title_vi = "Kết quả đã chọn còn thiếu nội dung phải có kèm theo"
    title_en = "The outcome lacks what has to go with it"
    advice_vi = "Điền mục được nêu: nội dung trả lời, ý kiến chỉ đạo, lý do, nơi chuyển đến hoặc ý kiến gộp vào."
    advice_en = "Fill in what is named: an answer, a direction, a reason, where it is passed on to or merged into."


class OutcomeAgainstEnding(Refused):
    """What ended on the day outside the room has no other outcome in it (R9)."""

    code = "outcome-against-ending"
    rule = ("R9", "year §4")
    title_vi = "Hồ sơ {case} đã kết thúc: {outcome}"
    title_en = "The case {case} has ended as {outcome}"
    advice_vi = "Ghi kết quả đúng như hồ sơ đã kết thúc: {outcome}."
    advice_en = "Record the outcome as which it ended: {outcome}."


class MergedInACircle(Invalid):
    """Merges make no circle (invariant 3)."""

    code = "merged-in-a-circle"
    rule = ("invariant 3",)
    title_vi = "Không gộp vòng tròn"
    title_en = "Opinions are not merged in a circle"
    advice_vi = "Chọn hồ sơ được giữ lại, chưa gộp vào hồ sơ khác."
    advice_en = "Choose a survivor that is not merged itself."


class OutcomesMissing(Refused):
    """Every opinion ends in exactly one recorded outcome; none is dropped (R9, invariant 5)."""

    code = "outcomes-missing"
    rule = ("R9", "invariant 5")
    title_vi = "Còn {count} ý kiến chưa có kết quả"
    title_en = "{count} opinions have no outcome yet"
    advice_vi = "Ghi kết quả từng ý kiến. Hồ sơ: {cases}"
    advice_en = "Record the outcome of each. Cases: {cases}"


class NothingPut(Refused):
    """A briefing becomes a dialogue only when an opinion is put there (domain brief, corrections)."""

    code = "nothing-put"
    rule = ("brief, corrections",)
    title_vi = "Giao ban chưa có ý kiến nào được nêu thì chưa phải là đối thoại"
    title_en = "A briefing at which no opinion was put is no dialogue"
    advice_vi = "Ghi ý kiến nêu tại giao ban; nếu không có, không ghi nhận là đối thoại."
    advice_en = "Write down what was raised; where nothing was, do not record it as a dialogue."


class AttendeeOutsideUnit(Invalid):
    """A unit sends its own people, those of the day; whoever is not of the office comes as one of a group (R33)."""

    code = "attendee-outside-unit"
    rule = ("R33", "brief, corrections")
    title_vi = "Người {person} không thuộc đơn vị {unit} vào ngày {day}"
    title_en = "The person {person} is not of the unit {unit} on {day}"
    advice_vi = "Cử người của đơn vị, hoặc cử đơn vị của người đó; người ngoài cơ quan: ghi số người dự theo nhóm khi đối thoại."
    advice_en = "Name people of the unit, or their own unit; people from outside are counted by group when they are there."


class AttendanceMissing(Refused):
    """Who was there is recorded before it is ended (R33)."""

    code = "attendance-missing"
    rule = ("R33",)
    title_vi = "Chưa ghi số người dự"
    title_en = "Attendance was not recorded"
    advice_vi = "Ghi số người dự theo nhóm rồi kết thúc."
    advice_en = "Record how many of each group were there, then end it."


class MinutesMissing(Refused):
    """A dialogue in full form is put away with its minutes signed (R9)."""

    code = "minutes-missing"
    rule = ("R9",)
    title_vi = "Biên bản chưa ký"
    title_en = "The minutes are not signed"
    advice_vi = "Ký biên bản trước."
    advice_en = "Sign the minutes first."


class WorkOpen(Refused):
    """A session is not closed while work of it is open (invariant 5)."""

    code = "work-open"
    rule = ("invariant 5",)
    title_vi = "Còn {count} hồ sơ, nhiệm vụ chưa xong"
    title_en = "{count} of its cases and tasks are not settled"
    advice_vi = "Hoàn thành, trả lời xong rồi đóng. Còn: {work}"
    advice_en = "Complete and answer them first. Open: {work}"


class NotShortForm(Refused):
    """Only what was held at a briefing is concluded by a line in its notice."""

    code = "not-short-form"
    rule = ("R37", "brief, corrections")
    title_vi = "Cuộc đối thoại này cần thông báo kết luận riêng"
    title_en = "This dialogue needs a notice of its own"
    advice_vi = "Dự thảo và ban hành thông báo ý kiến kết luận."
    advice_en = "Draft and issue a notice of conclusions."
