"""Which rules a case holds: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class BeforeReceipt(Invalid):
    """Nothing happens to an opinion before it is handed in, or to an episode before it begins."""

    code = "before-receipt"
    rule = ("brief §6",)
    title_vi = "Thời điểm diễn ra trước khi tiếp nhận"
    title_en = "It cannot have happened before the opinion was received"
    advice_vi = "Kiểm tra thời điểm diễn ra; phải từ {earliest} trở đi."
    advice_en = "Check when it happened; it must be {earliest} or later."


class AuthorityNotHeld(Forbidden):
    """The head of an office decides in his own name, the Chairman in his; neither uses the other's (corrections)."""

    code = "authority-not-held"
    rule = ("R35", "brief, corrections")
    title_vi = "Không quyết định thay danh nghĩa của người khác"
    title_en = "This is decided in another name than the asker's"
    advice_vi = "Việc Chủ tịch giao (CT) do Chủ tịch quyết định; việc của Văn phòng (CVP) do người đứng đầu văn phòng quyết định."
    advice_en = "What the Chairman gave (CT) the Chairman decides about; the office's own work (CVP) its head."


class AlreadyAssigned(Refused):
    """A case has one lead unit at a time (invariant 1)."""

    code = "already-assigned"
    rule = ("invariant 1",)
    title_vi = "Hồ sơ đã giao cho {lead}"
    title_en = "The case is with {lead}"
    advice_vi = "Chuyển nhiệm vụ cho đơn vị khác, hoặc thu hồi (đơn vị trả lại) rồi giao lại."
    advice_en = "Transfer its task, or recall the case (or have the unit return it) and assign it anew."


class NotAssigned(Refused):
    """No unit has the case, so there is nobody to answer it."""

    code = "not-assigned"
    rule = ("R35",)
    title_vi = "Hồ sơ chưa được giao đơn vị chủ trì"
    title_en = "The case is with no unit yet"
    advice_vi = "Người đứng đầu văn phòng giao việc trước."
    advice_en = "The head of the office assigns it first."


class UnderReview(Refused):
    """A draft lies before whoever approves it; there is one at a time."""

    code = "under-review"
    rule = ("brief §6",)
    title_vi = "Dự thảo lần {draft} đang chờ duyệt"
    title_en = "Draft {draft} waits for approval"
    advice_vi = "Chờ duyệt hoặc bị trả lại để sửa rồi mới trình lại."
    advice_en = "Wait until it is approved or returned."


class NothingSubmitted(Refused):
    """There is no draft to approve, return or deliver."""

    code = "nothing-submitted"
    rule = ("brief §6",)
    title_vi = "Chưa có dự thảo trả lời được trình"
    title_en = "No draft is submitted"
    advice_vi = "Đơn vị chủ trì trình nội dung trả lời trước."
    advice_en = "The lead unit submits its answer first."


class NotApproved(Refused):
    """Only an approved answer goes to the speaker."""

    code = "not-approved"
    rule = ("brief §6",)
    title_vi = "Nội dung trả lời chưa được duyệt"
    title_en = "The answer is not approved"
    advice_vi = "Trình lãnh đạo duyệt trước khi trả lời."
    advice_en = "Have it approved before it is delivered."


class AnswerStands(Refused):
    """An approved answer is delivered, not written again or sent back."""

    code = "answer-stands"
    rule = ("brief §6",)
    title_vi = "Nội dung trả lời đã được duyệt"
    title_en = "The answer is approved"
    advice_vi = "Gửi trả lời đã duyệt; cần bổ sung thì mở lại sau khi giải quyết."
    advice_en = "Deliver it; if more is needed, reopen the case once it is resolved."


class AlreadyResolved(Refused):
    """The episode has ended; an answered opinion is not moved again."""

    code = "already-resolved"
    rule = ("brief §6", "design decision 14")
    title_vi = "Hồ sơ đã giải quyết"
    title_en = "The case is resolved"
    advice_vi = "Nếu cần xử lý tiếp thì mở lại, kèm lý do."
    advice_en = "If it must be taken up again, reopen it with the reason."


class NotResolved(Refused):
    """Only what is resolved is closed or reopened."""

    code = "not-resolved"
    rule = ("brief §6", "year §4")
    title_vi = "Hồ sơ chưa giải quyết"
    title_en = "The case is not resolved"
    advice_vi = "Hoàn thành trả lời trước."
    advice_en = "Have it answered first."


class ReviewerIsDrafter(Forbidden):
    """Nobody approves or returns a draft of his own (invariant 7)."""

    code = "reviewer-is-drafter"
    rule = ("invariant 7",)
    title_vi = "Người duyệt không được là người soạn"
    title_en = "The reviewer is the drafter"
    advice_vi = "Trình người khác có thẩm quyền duyệt."
    advice_en = "Have another person with the authority review it."


class CaseOver(Refused):
    """An episode ends by exactly one fact, and then nothing more is decided about it (invariant 2)."""

    code = "case-over"
    rule = ("invariant 2", "design decision 14")
    title_vi = "Lượt xử lý đã kết thúc ({how})"
    title_en = "The episode has ended ({how})"
    advice_vi = "Mở lại, hoặc bỏ gộp, nếu cần xử lý tiếp."
    advice_en = "Reopen it, or undo the merge, if it must go on."


class AboutThatUnit(Forbidden):
    """Nobody answers, co-ordinates or speaks on an opinion about his own unit (R16, R18, invariant 7)."""

    code = "about-that-unit"
    rule = ("R16", "R18", "invariant 7")
    title_vi = "Ý kiến phản ánh chính đơn vị {unit}"
    title_en = "The opinion is about the unit {unit} itself"
    advice_vi = (
        "Giao đơn vị khác, người của đơn vị khác thực hiện; đơn vị bị phản ánh không trả lời, không phối hợp, không duyệt."
    )
    advice_en = "Give it to another unit and its people: the one concerned neither answers, co-ordinates nor approves."


class AboutThatPost(Forbidden):
    """Nobody acts on an opinion about the post he holds; the head in person accounts for himself, no more (R16, corrections)."""

    code = "about-that-post"
    rule = ("R16", "invariant 7", "brief, corrections")
    title_vi = "Ý kiến phản ánh chính người đang giữ chức vụ {post}"
    title_en = "The opinion is about the holder of the post {post}"
    advice_vi = "Người khác thực hiện. Riêng người đứng đầu tự mình tiếp thu hoặc giải trình, không ủy quyền, không xử lý khác."
    advice_en = "Have another person do it. The head alone, in person, takes it on board or accounts for himself."


class MergedAwayFromConflict(Forbidden):
    """A matter is answered with another only where that is known to be about the same people (R16, invariant 7)."""

    code = "merged-away-from-conflict"
    rule = ("R16", "R18", "invariant 7")
    title_vi = "Hồ sơ nhận gộp chưa ghi nhận là phản ánh {concerns}"
    title_en = "The case it would be merged into is not known to be about {concerns}"
    advice_vi = "Phân loại lại hồ sơ {case}, nêu đủ đơn vị, chức vụ bị phản ánh (thu hồi nếu chính đơn vị đó chủ trì), rồi gộp."
    advice_en = "Reclassify {case} to name all whom it is about (recall it if such a unit leads it), then merge."


class NotOnTheChairmansTrack(Forbidden):
    """The Chairman gives work on what is put to his own dialogue; all else is forwarded (corrections)."""

    code = "not-on-the-chairmans-track"
    rule = ("R35", "brief, corrections")
    title_vi = "Hồ sơ không thuộc cuộc đối thoại của Chủ tịch"
    title_en = "The case was not put to the Chairman's dialogue"
    advice_vi = "Việc thuộc sở, huyện: chuyển, hướng dẫn. Việc của Văn phòng: người đứng đầu giao."
    advice_en = "What belongs to a sở or huyện is forwarded; the head gives the office's own work."


class CoordinatesItself(Invalid):
    """The lead unit leads, others co-ordinate, each once (invariant 1)."""

    code = "coordinates-itself"
    rule = ("invariant 1",)
    title_vi = "Đơn vị {unit} đã chủ trì hoặc nêu hai lần"
    title_en = "{unit} leads, or is named twice"
    advice_vi = "Chỉ nêu các đơn vị phối hợp khác, mỗi đơn vị một lần."
    advice_en = "Name the other units only, each once."


class PartyOpinionMissing(Refused):
    """In the fields where cấp ủy leads, its opinion comes before the approval (corrections, N4, N8, N10-N12)."""

    code = "party-opinion-missing"
    rule = ("R11", "brief, corrections")
    title_vi = "Lĩnh vực {field_key} cần có ý kiến cấp ủy trước khi duyệt"
    title_en = "The field {field_key} needs the party committee's opinion before the approval"
    advice_vi = "Ghi ý kiến của cấp ủy rồi duyệt."
    advice_en = "Record the party committee's opinion, then approve."


class NotConsulted(Invalid):
    """A unit that was asked answers once."""

    code = "not-consulted"
    rule = ()
    title_vi = "Đơn vị {unit} không được hỏi ý kiến, hoặc đã trả lời"
    title_en = "{unit} was not asked, or has answered"
    advice_vi = "Đơn vị chủ trì hỏi ý kiến trước."
    advice_en = "Have the lead unit ask first."


class OnlySuggestions(Refused):
    """What is taken on board is a suggestion (R17)."""

    code = "only-suggestions"
    rule = ("R17",)
    title_vi = "Chỉ góp ý mới được tiếp thu không cần trả lời"
    title_en = "Only a suggestion is taken on board"
    advice_vi = "Trả lời bằng văn bản, hoặc chỉ đạo giải quyết."
    advice_en = "Answer it in writing, or direct how it is to be resolved."


class NothingReclassified(Invalid):
    """A reclassification says at least one thing anew."""

    code = "nothing-reclassified"
    rule = ()
    title_vi = "Chưa nêu điều phân loại lại"
    title_en = "Nothing is classified anew"
    advice_vi = "Nêu loại, lĩnh vực, cờ ưu tiên hoặc đối tượng được phản ánh."
    advice_en = "Give the kind, field, flags or whom it is about."


class ForwardedInside(Invalid):
    """Forwarding leads outside; work inside is assigned (column E)."""

    code = "forwarded-inside"
    rule = ("R19", "brief, corrections")
    title_vi = "{unit} thuộc chính cơ quan này"
    title_en = "{unit} is of this office itself"
    advice_vi = "Giao việc thay vì chuyển."
    advice_en = "Assign it instead."


class MergedInACircle(Invalid):
    """Merges make no circle: a case is not merged into itself, nor into what was merged into it (invariant 3)."""

    code = "case-merged-in-a-circle"
    rule = ("invariant 3",)
    title_vi = "Không gộp được vào hồ sơ {into}: hồ sơ đó đã gộp vào chính hồ sơ này"
    title_en = "It cannot be merged into {into}, which is merged into this very case"
    advice_vi = "Giữ như đang gộp; hoặc bỏ gộp {into} trước rồi gộp theo chiều ngược lại."
    advice_en = "Leave it as it is, or undo the merge of {into} first and then merge the other way round."


class OthersMergedInto(Refused):
    """Taken back by its speaker or split, it would leave those without an answer whose matter was merged into it."""

    code = "case-others-merged-into"
    rule = ("R9", "invariant 3")
    title_vi = "Còn {count} ý kiến của người khác đã gộp vào hồ sơ này, đang chờ trả lời"
    title_en = "{count} matters of others were merged into it and wait for its answer"
    advice_vi = "Bỏ gộp các ý kiến đó trước ({merged}), rồi làm lại; mỗi ý kiến gộp sau vào đúng phần được tách của nó."
    advice_en = "Undo those merges first ({merged}), then ask again; merge each into that part of a split that it is about."


class SurvivorNotOpen(Invalid):
    """What others are merged into is open, so that its answer can still reach every submitter (invariant 3)."""

    code = "case-survivor-not-open"
    rule = ("invariant 3",)
    title_vi = "Hồ sơ {into} không còn mở"
    title_en = "The case {into} is not open"
    advice_vi = "Chọn hồ sơ đang mở; nếu hồ sơ đó đã gộp vào hồ sơ khác thì gộp vào hồ sơ ấy; nếu đã giải quyết thì mở lại trước."
    advice_en = "Choose an open case: the one it was merged into itself, or reopen it first if it is resolved."


class NotMerged(Refused):
    """Only a merge is undone by unmerging, which voids it (year §4)."""

    code = "case-not-merged"
    rule = ("year §4",)
    title_vi = "Hồ sơ không ở trạng thái gộp"
    title_en = "The case is not merged"
    advice_vi = "Chỉ bỏ gộp hồ sơ đã gộp."
    advice_en = "Unmerge only what was merged."


class TooFewParts(Invalid):
    """A split has at least two matters."""

    code = "too-few-matters"
    rule = ("Thông tư 05/2021/TT-TTCP",)
    title_vi = "Tách phải có ít nhất hai nội dung"
    title_en = "A split has at least two matters"
    advice_vi = "Nêu từng nội dung."
    advice_en = "Give each matter."


class WorkStillOpen(Refused):
    """A case ends or is put away when the work that carries out its conclusion is done (invariant 5)."""

    code = "work-still-open"
    rule = ("invariant 5", "brief, corrections")
    title_vi = "Còn {count} nhiệm vụ thực hiện kết luận chưa xong"
    title_en = "{count} tasks that carry out its conclusion are open"
    advice_vi = "Đơn vị trình kết quả, Phòng TCHCQT hoặc người đứng đầu xác nhận hoàn thành, rồi thực hiện lại."
    advice_en = "Have the units submit their results and the hub or head complete the tasks, then ask again."


class ConclusionMissing(Refused):
    """A complex, pressing, backlog or long-drawn matter is put away only with a conclusion (R5)."""

    code = "conclusion-missing"
    rule = ("R5",)
    title_vi = "Vụ việc {flags} phải có kết luận của người đứng đầu mới đóng được"
    title_en = "A matter marked {flags} is closed only with a conclusion of the head"
    advice_vi = "Ban hành thông báo kết luận có mục của hồ sơ này."
    advice_en = "Issue a notice with an item for this case."


class DayNotAhead(Invalid):
    """A due date is not moved into the past (decision 18)."""

    code = "due-not-ahead"
    rule = ("design decision 18",)
    title_vi = "Ngày {until} đã qua"
    title_en = "The day {until} has passed"
    advice_vi = "Chọn ngày từ hôm nay trở đi."
    advice_en = "Choose today or a later day."


class QuarantineInstead(Invalid):
    """Words that may be a state secret are not kept beside their rejection (Luật Bảo vệ bí mật nhà nước)."""

    code = "quarantine-instead"
    rule = ("Luật Bảo vệ bí mật nhà nước",)
    title_vi = "Nội dung nghi bí mật nhà nước phải được cách ly"
    title_en = "What may be a state secret is quarantined"
    advice_vi = "Dùng cách ly vụ việc, nêu số văn bản giấy; mọi nội dung của vụ việc sẽ bị xóa."
    advice_en = "Quarantine the case and name its paper; all that it says is erased."


class AlreadyQuarantined(Refused):
    """It is quarantined once, under the number of one paper (Luật Bảo vệ bí mật nhà nước)."""

    code = "already-quarantined"
    rule = ("Luật Bảo vệ bí mật nhà nước",)
    title_vi = "Vụ việc đã được cách ly"
    title_en = "The case is quarantined already"
    advice_vi = "Không cần làm gì thêm; số văn bản giấy đã ghi vẫn giữ nguyên."
    advice_en = "Nothing is left to do; the number of its paper stays as it was written down."


class NothingWished(Refused):
    """Only what somebody wished is declined: nothing is recorded before it happened (invariant 12)."""

    code = "nothing-wished"
    rule = ("invariant 12",)
    title_vi = "Không có đề nghị mở lại nào đang chờ trả lời"
    title_en = "No wish to have the case taken up again waits for an answer"
    advice_vi = "Xem danh sách vụ việc có đề nghị mở lại; đề nghị đã trả lời thì không trả lời lần nữa."
    advice_en = "See the cases that are wished to be reopened; a wish is answered once."
