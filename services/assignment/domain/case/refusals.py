"""Which rules a case holds: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class BeforeReceipt(Invalid):
    """Nothing happens to an opinion before it is handed in, or to an episode before it begins."""

    code = "before-receipt"
    title_vi = "Thời điểm diễn ra trước khi tiếp nhận"
    title_en = "It cannot have happened before the opinion was received"
    advice_vi = "Kiểm tra thời điểm diễn ra; phải từ {earliest} trở đi."
    advice_en = "Check when it happened; it must be {earliest} or later."


class AuthorityNotHeld(Forbidden):
    """The head of an office gives work in his own name; the Chairman's name is not his to use."""

    code = "authority-not-held"
    title_vi = "Không giao việc thay danh nghĩa Chủ tịch"
    title_en = "Work is not given in the Chairman's name here"
    advice_vi = "Giao với danh nghĩa người đứng đầu văn phòng (CVP)."
    advice_en = "Give it in the name of the head of the office (CVP)."


class AlreadyAssigned(Refused):
    """A case has one lead unit at a time (invariant 1)."""

    code = "already-assigned"
    title_vi = "Hồ sơ đã giao cho {lead}"
    title_en = "The case is with {lead}"
    advice_vi = "Đơn vị đang giữ trả lại nhiệm vụ kèm lý do, rồi giao đơn vị khác."
    advice_en = "Have that unit return its task with the reason, then assign another."


class NotAssigned(Refused):
    """No unit has the case, so there is nobody to answer it."""

    code = "not-assigned"
    title_vi = "Hồ sơ chưa được giao đơn vị chủ trì"
    title_en = "The case is with no unit yet"
    advice_vi = "Người đứng đầu văn phòng giao việc trước."
    advice_en = "The head of the office assigns it first."


class UnderReview(Refused):
    """A draft lies before whoever approves it; there is one at a time."""

    code = "under-review"
    title_vi = "Dự thảo lần {draft} đang chờ duyệt"
    title_en = "Draft {draft} waits for approval"
    advice_vi = "Chờ duyệt hoặc bị trả lại để sửa rồi mới trình lại."
    advice_en = "Wait until it is approved or returned."


class NothingSubmitted(Refused):
    """There is no draft to approve, return or deliver."""

    code = "nothing-submitted"
    title_vi = "Chưa có dự thảo trả lời được trình"
    title_en = "No draft is submitted"
    advice_vi = "Đơn vị chủ trì trình nội dung trả lời trước."
    advice_en = "The lead unit submits its answer first."


class NotApproved(Refused):
    """Only an approved answer goes to the speaker."""

    code = "not-approved"
    title_vi = "Nội dung trả lời chưa được duyệt"
    title_en = "The answer is not approved"
    advice_vi = "Trình lãnh đạo duyệt trước khi trả lời."
    advice_en = "Have it approved before it is delivered."


class AnswerStands(Refused):
    """An approved answer is delivered, not written again or sent back."""

    code = "answer-stands"
    title_vi = "Nội dung trả lời đã được duyệt"
    title_en = "The answer is approved"
    advice_vi = "Gửi trả lời đã duyệt; cần bổ sung thì mở lại sau khi giải quyết."
    advice_en = "Deliver it; if more is needed, reopen the case once it is resolved."


class AlreadyResolved(Refused):
    """The episode has ended; an answered opinion is not moved again."""

    code = "already-resolved"
    title_vi = "Hồ sơ đã giải quyết"
    title_en = "The case is resolved"
    advice_vi = "Nếu cần xử lý tiếp thì mở lại, kèm lý do."
    advice_en = "If it must be taken up again, reopen it with the reason."


class NotResolved(Refused):
    """Only what is resolved is closed or reopened."""

    code = "not-resolved"
    title_vi = "Hồ sơ chưa giải quyết"
    title_en = "The case is not resolved"
    advice_vi = "Hoàn thành trả lời trước."
    advice_en = "Have it answered first."


class ReviewerIsDrafter(Forbidden):
    """Nobody approves or returns a draft of his own (invariant 7)."""

    code = "reviewer-is-drafter"
    title_vi = "Người duyệt không được là người soạn"
    title_en = "The reviewer is the drafter"
    advice_vi = "Trình người khác có thẩm quyền duyệt."
    advice_en = "Have another person with the authority review it."
