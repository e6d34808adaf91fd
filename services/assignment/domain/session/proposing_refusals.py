"""Which rules the proposing of a session holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class TriggerMissing(Invalid):
    """The head's own dialogue has one of three triggers (R21-R23); the Chairman's has none (corrections)."""

    code = "trigger-missing"
    rule = ("R21", "R22", "R23", "brief, corrections")
    title_vi = "Cuộc đối thoại phải có đúng loại của nó"
    title_en = "A dialogue of track {track} has its own trigger, or none"
    advice_vi = "Với công chức hoặc với Nhân dân: chọn theo yêu cầu, đột xuất hoặc định kỳ. Của Chủ tịch: để trống."
    advice_en = "A1 and A2: on request, ad hoc or periodic. B: none."


class OneFieldOrTopic(Invalid):
    """An ad-hoc dialogue is about exactly one field or one topic (R22, invariant 4)."""

    code = "one-field-or-topic"
    rule = ("R22", "invariant 4")
    title_vi = "Đối thoại đột xuất chỉ về đúng một lĩnh vực hoặc một nội dung"
    title_en = "An ad-hoc dialogue is about exactly one field or one topic"
    advice_vi = "Nêu một lĩnh vực, hoặc một nội dung; không cả hai, không bỏ trống."
    advice_en = "Name one field, or one topic; neither both nor none."


class AllFields(Invalid):
    """A periodic dialogue is with staff, about all fields (R23)."""

    code = "all-fields"
    rule = ("R23",)
    title_vi = "Đối thoại định kỳ là với cán bộ, công chức, về mọi lĩnh vực"
    title_en = "A periodic dialogue is with staff, about all fields"
    advice_vi = "Chọn đối thoại với công chức, viên chức, người lao động; không nêu lĩnh vực hay nội dung riêng."
    advice_en = "Choose A1 and name no field or topic."


class MeetingMissing(Invalid):
    """A periodic dialogue is tied to a conference or briefing (R23, invariant 4)."""

    code = "meeting-missing"
    rule = ("R23", "invariant 4")
    title_vi = "Đối thoại định kỳ phải gắn với một hội nghị, cuộc họp"
    title_en = "A periodic dialogue is tied to a meeting"
    advice_vi = "Chọn cuộc họp đã lên lịch, cùng ngày."
    advice_en = "Name a meeting that is scheduled for the same day."


class OnRequestNeedsRequest(Invalid):
    """A dialogue on request is with the people and names the request that caused it (R21)."""

    code = "on-request-needs-request"
    rule = ("R21", "brief, corrections")
    title_vi = "Đối thoại theo yêu cầu phải nêu yêu cầu đã tiếp nhận"
    title_en = "A dialogue on request names the request that caused it"
    advice_vi = "Chọn đối thoại với Nhân dân và yêu cầu đối thoại đang chờ trả lời."
    advice_en = "Choose A2 and a request that waits for an answer."


class RequestNotOpen(Refused):
    """A request that was answered, refused or taken back causes no dialogue any more (R21)."""

    code = "request-not-open"
    rule = ("R21",)
    title_vi = "Yêu cầu {request} không còn chờ trả lời"
    title_en = "The request {request} does not wait for an answer"
    advice_vi = "Kiểm tra trạng thái của yêu cầu."
    advice_en = "Look at where the request stands."


class ProposalNotApproved(Refused):
    """The Chairman's dialogue deals with what he approved after appraisal (R27, invariant 4)."""

    code = "proposal-not-approved"
    rule = ("R27", "invariant 4")
    title_vi = "Đề xuất {proposal} chưa được Chủ tịch đồng ý"
    title_en = "The proposal {proposal} was not approved by the Chairman"
    advice_vi = "Thẩm định, trình Chủ tịch quyết định trước."
    advice_en = "Have it appraised and decided by the Chairman first."


class ProposalsForChairman(Invalid):
    """The Chairman's dialogue takes up what was proposed for it; the head's own is about no proposal (R25)."""

    code = "proposals-for-chairman"
    rule = ("R25",)
    title_vi = "Cuộc đối thoại của Chủ tịch, và chỉ cuộc đó, phải nêu đề xuất đã được đồng ý"
    title_en = "The Chairman's dialogue, and no other, names the proposals it takes up"
    advice_vi = "Của Chủ tịch: nêu ít nhất một đề xuất. Với công chức hoặc với Nhân dân: không nêu đề xuất."
    advice_en = "B: name at least one proposal. A1 and A2: name none."


class ProposalDealtWith(Refused):
    """Several proposals can lead to one dialogue; each leads to one only (domain brief, corrections)."""

    code = "proposal-dealt-with"
    rule = ("brief, corrections", "year §1")
    title_vi = "Đề xuất {proposal} đã gắn với cuộc đối thoại {session}"
    title_en = "The proposal {proposal} is taken up in {session}"
    advice_vi = "Bỏ đề xuất này, hoặc hủy cuộc đối thoại kia trước."
    advice_en = "Leave it out, or cancel that dialogue first."


class ShortFormOnlyAtBriefing(Invalid):
    """Only an opinion put to the head at a briefing is dealt with in short form (domain brief, corrections)."""

    code = "short-form-only-at-briefing"
    rule = ("brief, corrections",)
    title_vi = "Chỉ đối thoại tại giao ban mới theo hình thức rút gọn"
    title_en = "Only a dialogue at a briefing takes the short form"
    advice_vi = "Track A: gắn với giao ban tuần hoặc tháng; hoặc theo hình thức đầy đủ."
    advice_en = "Track A: tie it to a weekly or monthly briefing; or hold it in full form."


class OriginUnfounded(Invalid):
    """What a dialogue comes from is named: a line of the plan, a meeting of a series, a request, a proposal (Biểu 01)."""

    code = "origin-unfounded"
    rule = ("R1", "R23", "brief §5.2")
    title_vi = "Nguồn gốc {origin} của cuộc đối thoại không có căn cứ"
    title_en = "Nothing bears out that the dialogue comes from {origin}"
    advice_vi = (
        "Theo kế hoạch: nêu kế hoạch và số thứ tự. Định kỳ lặp: chọn cuộc họp của một chuỗi. "
        "Theo yêu cầu, đề xuất: nêu yêu cầu, đề xuất đó. Khác: không nêu kế hoạch."
    )
    advice_en = (
        "Planned: name the plan and the number in it. Recurring: name a meeting of a series. "
        "On request or proposal: name it. Else: name no plan."
    )


class NotArisen(Invalid):
    """What was asked for, proposed, or recurs with its meeting did not arise by itself (R21, R23, R25; Biểu 01)."""

    code = "not-arisen"
    rule = ("R21", "R23", "R25", "brief §5.2")
    title_vi = "Cuộc đối thoại này không phải phát sinh: căn cứ đã nêu cho thấy nguồn gốc là {origin}"
    title_en = "The dialogue did not arise by itself: what it names says that it comes from {origin}"
    advice_vi = "Ghi nguồn gốc {origin}, hoặc để trống; phát sinh: không nêu yêu cầu, đề xuất hay cuộc họp định kỳ."
    advice_en = "State {origin}, or nothing; what arises names no request, proposal or meeting of a series."


class NotInPlan(Refused):
    """What counts as planned is named by the plan in force: its track, trigger and kind of meeting (R1)."""

    code = "not-in-plan"
    rule = ("R1", "brief §5.2")
    title_vi = "Kế hoạch đang có hiệu lực không nêu cuộc đối thoại số {number} như vậy"
    title_en = "The plan in force names no such dialogue under number {number}"
    advice_vi = "Ban hành hoặc điều chỉnh kế hoạch trước; hoặc ghi nguồn gốc khác."
    advice_en = "Issue or amend the plan first; or state another origin."


class PlannedUsed(Refused):
    """A dialogue of the plan is held once (R1)."""

    code = "planned-used"
    rule = ("R1", "brief §5.2")
    title_vi = "Cuộc đối thoại số {number} của kế hoạch đã là {session}"
    title_en = "Dialogue {number} of the plan is {session} already"
    advice_vi = "Chọn cuộc khác của kế hoạch, hoặc hủy cuộc kia trước."
    advice_en = "Name another dialogue of the plan, or cancel that one first."
