"""Which rules a task holds: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class TaskEnded(Refused):
    """A returned or completed task is history."""

    code = "task-ended"
    rule = ("brief §6",)
    title_vi = "Nhiệm vụ đã kết thúc"
    title_en = "The task has ended"
    advice_vi = "Xem nhiệm vụ hiện hành của hồ sơ."
    advice_en = "Look at the task that the case has now."


class WorkSubmitted(Refused):
    """While the answer is before whoever approves it, the unit neither passes the work on nor hands it back."""

    code = "work-submitted"
    rule = ("brief §6",)
    title_vi = "Kết quả đã trình, đang chờ duyệt"
    title_en = "The work is submitted and waits for approval"
    advice_vi = "Chờ ý kiến duyệt; nếu bị trả lại để sửa thì thực hiện sau đó."
    advice_en = "Wait for the approval; if it is returned, ask again then."


class UnknownPerson(Invalid):
    """Nobody is registered under this id."""

    code = "unknown-person"
    rule = ()
    title_vi = "Không có người mang mã {person}"
    title_en = "There is no person {person}"
    advice_vi = "Kiểm tra mã; người mới phải được đăng ký trước."
    advice_en = "Check the id; a new person is registered first."


class DelegateOutsideUnit(Invalid):
    """A leader gives work to the people of the unit only."""

    code = "delegate-outside-unit"
    rule = ("R32", "brief, corrections")
    title_vi = "Người {person} không thuộc đơn vị {unit}"
    title_en = "The person {person} is not of the unit {unit}"
    advice_vi = "Chọn người thuộc đơn vị; việc không thuộc đơn vị thì trả lại, kèm lý do."
    advice_en = "Choose a person of the unit; return what is not the unit's to do, with the reason."


class NothingSubmitted(Refused):
    """Only what was put forward is confirmed or sent back (brief §6)."""

    code = "nothing-submitted-yet"
    rule = ("brief §6",)
    title_vi = "Đơn vị chưa trình kết quả"
    title_en = "The unit has put nothing forward"
    advice_vi = "Đơn vị trình kết quả trước."
    advice_en = "Have the unit submit its result first."


class OwnWork(Forbidden):
    """Nobody confirms what he put forward himself (invariant 7)."""

    code = "own-work"
    rule = ("invariant 7",)
    title_vi = "Không tự xác nhận kết quả do mình trình"
    title_en = "Nobody confirms a result of his own"
    advice_vi = "Người khác trong đơn vị theo dõi xác nhận."
    advice_en = "Have another person confirm it."


class AnswerGoesWithItsDraft(Invalid):
    """An answer is put forward with its text, and done when it is delivered (R34)."""

    code = "answer-goes-with-its-draft"
    rule = ("R34",)
    title_vi = "Nhiệm vụ trả lời được trình cùng dự thảo trả lời"
    title_en = "An answer is submitted with its draft, and ends when it is delivered"
    advice_vi = "Trình dự thảo trả lời của hồ sơ."
    advice_en = "Submit the answer of the case."


class WorkOfACase(Invalid):
    """What belongs to a case moves with it, so that both always agree (design decision 14)."""

    code = "work-of-a-case"
    rule = ("design decision 14",)
    title_vi = "Nhiệm vụ này gắn với hồ sơ {case}"
    title_en = "The task belongs to the case {case}"
    advice_vi = "Thu hồi, chuyển hoặc kết thúc ở hồ sơ."
    advice_en = "Recall, transfer or end it at the case."


class ProofMissing(Invalid):
    """A proof says at least one thing: a file, heads reached, a result (R29)."""

    code = "proof-missing"
    rule = ("R29",)
    title_vi = "Chưa nêu minh chứng"
    title_en = "The proof shows nothing"
    advice_vi = "Đính kèm tệp, hoặc số người được tuyên truyền, hoặc kết quả."
    advice_en = "Give a file, the heads reached, or the result."


class NotLater(Invalid):
    """An extension moves the day to a later one (invariant 8)."""

    code = "not-later"
    rule = ("invariant 8",)
    title_vi = "Ngày {until} không sau hạn hiện tại {due}"
    title_en = "The day {until} does not lie after the present one, {due}"
    advice_vi = "Chọn ngày sau hạn hiện tại."
    advice_en = "Choose a day after the present one."


class NothingAskedFor(Refused):
    """Only an extension that was asked for is granted or refused (invariant 8)."""

    code = "nothing-asked-for"
    rule = ("invariant 8",)
    title_vi = "Đơn vị không xin gia hạn"
    title_en = "The unit has asked for no extension"
    advice_vi = "Đơn vị xin gia hạn, nêu lý do; hoặc người đứng đầu ra lệnh đổi hạn của hồ sơ."
    advice_en = "Have the unit ask with its reason, or order another day at the case."


class ExtensionAsked(Refused):
    """One extension waits for an answer at a time."""

    code = "extension-asked"
    rule = ("brief §6",)
    title_vi = "Đã xin gia hạn đến {until}, đang chờ ý kiến"
    title_en = "An extension until {until} waits for an answer"
    advice_vi = "Chờ đồng ý hoặc từ chối."
    advice_en = "Wait until it is granted or refused."


class NotOverdue(Refused):
    """Urging follows the day, reminding goes before it (R39)."""

    code = "not-overdue"
    rule = ("R39",)
    title_vi = "Hạn đến hết ngày {due}, chưa quá hạn"
    title_en = "It is not overdue: the day is {due}"
    advice_vi = "Trước hạn: nhắc việc. Sau hạn: đôn đốc."
    advice_en = "Remind before the day, urge after it."


class RungPassed(Refused):
    """The ladder is climbed upwards (R39)."""

    code = "rung-passed"
    rule = ("R39",)
    title_vi = "Đã báo cáo đến cấp {rung}"
    title_en = "It was put before {rung} already"
    advice_vi = "Báo cáo lên cấp trên kế tiếp."
    advice_en = "Put it before a higher one."


class SameUnit(Invalid):
    """A transfer names another unit."""

    code = "same-unit"
    rule = ("brief §6",)
    title_vi = "Nhiệm vụ đang do {unit} giữ"
    title_en = "The task is with {unit}"
    advice_vi = "Chọn đơn vị khác."
    advice_en = "Choose another unit."


class TransferKeepsTheDay(Invalid):
    """Whoever takes a task over takes it with its due date: a transfer never moves that (invariants 8, 9)."""

    code = "transfer-keeps-the-day"
    rule = ("invariant 8", "invariant 9")
    title_vi = "Chuyển giao không đổi hạn: hạn đang là {due}"
    title_en = "A transfer does not move the due date, which is {due}"
    advice_vi = "Chuyển giao giữ nguyên hạn; đơn vị mới xin gia hạn, hoặc người đứng đầu ra lệnh đổi hạn của hồ sơ."
    advice_en = "Transfer it as it is; then the new unit asks for an extension, or the head orders another day at the case."


class WorkNeedsItsCase(Invalid):
    """Answers come with a case, carrying out with a conclusion: each in one append with what it belongs to (R35, R38)."""

    code = "work-needs-its-case"
    rule = ("R35", "R38", "design decision 14")
    title_vi = "Nhiệm vụ loại {type} chỉ được giao cùng hồ sơ hoặc thông báo kết luận"
    title_en = "Work of the type {type} is given with its case or its conclusion only"
    advice_vi = "Giao ở hồ sơ ý kiến, hoặc ban hành thông báo kết luận có mục chỉ đạo giải quyết."
    advice_en = "Assign the case (assign_case), or issue a notice with an item that directs it."


class ConclusionStands(Refused):
    """Each item of an issued notice that directs has exactly one task: it is not handed back or dropped (invariant 6)."""

    code = "conclusion-stands"
    rule = ("invariant 6",)
    title_vi = "Nhiệm vụ thực hiện kết luận không trả lại, không thu hồi, không hủy"
    title_en = "Work that carries out a conclusion is neither returned, recalled nor cancelled"
    advice_vi = "Người đứng đầu chuyển nhiệm vụ cho đơn vị khác, hoặc sửa thông báo kết luận."
    advice_en = "Have the head transfer the task to another unit (transfer_task), or amend the notice."
