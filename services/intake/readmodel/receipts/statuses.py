"""Where a submission stands, in the plain words of whoever handed it in: no unit's name, no code, no reason."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.intake.readmodel.languages import Said
from services.intake.readmodel.opinions.projections import CaseStage, Stage
from services.intake.readmodel.submissions.projections import FurtherStage, ReceiptStage


class Submitted(StrEnum):
    """What was handed in."""

    OPINION = "opinion"
    REQUEST = "request"
    PROPOSAL = "proposal"


_ENDED: Final[Mapping[str, Said]] = {
    Stage.REJECTED: Said("Không đủ điều kiện giải quyết", "Not eligible"),
    Stage.FORWARDED: Said("Đã chuyển đến cơ quan có thẩm quyền", "Forwarded to the body that is competent"),
    Stage.DIVERTED: Said("Đã chuyển theo thủ tục riêng của pháp luật", "Passed to a procedure of its own by law"),
    Stage.MERGED: Said("Đã gộp với một ý kiến cùng nội dung", "Merged with another of the same content"),
    Stage.SPLIT: Said("Đã tách thành nhiều ý kiến", "Split into several"),
    Stage.WITHDRAWN: Said("Đã rút", "Withdrawn"),
}
OPINIONS: Final[Mapping[str, Said]] = {
    **_ENDED,
    Stage.RECEIVED: Said("Đã tiếp nhận, chờ phân loại", "Received, waiting to be sorted"),
    Stage.AWAITING: Said("Chờ bổ sung thông tin", "Waiting for what was asked for"),
    Stage.CLASSIFIED: Said("Đã phân loại, chờ chuyển giải quyết", "Sorted, waiting to be handed on"),
    Stage.REFERRED: Said("Đã chuyển để giải quyết", "Handed on to be dealt with"),
    Stage.RESOLVED: Said("Đã giải quyết", "Resolved"),
    Stage.REOPENED: Said("Đã mở lại, đang giải quyết", "Reopened, being dealt with"),
}
CASES: Final[Mapping[str, Said]] = {
    **_ENDED,
    CaseStage.WAITING: Said("Chờ phân công đơn vị giải quyết", "Waiting to be given to a unit"),
    CaseStage.ASSIGNED: Said("Đơn vị được giao đang giải quyết", "A unit is dealing with it"),
    CaseStage.ANSWERED: Said("Đã trả lời", "Answered"),
    CaseStage.RESOLVED: Said("Đã giải quyết", "Resolved"),
    CaseStage.CLOSED: Said("Đã kết thúc", "Closed"),
    CaseStage.REOPENED: Said("Đã mở lại, đang giải quyết", "Reopened, being dealt with"),
}
RECEIPTS: Final[Mapping[str, Said]] = {
    ReceiptStage.RECEIVED: Said("Đã tiếp nhận", "Received"),
    ReceiptStage.REFERRED: Said("Đã chuyển để xem xét", "Handed on to be considered"),
    ReceiptStage.REJECTED: Said("Không đủ điều kiện xem xét", "Not eligible"),
    ReceiptStage.WITHDRAWN: Said("Đã rút", "Withdrawn"),
}
FURTHER: Final[Mapping[str, Said]] = {
    FurtherStage.OPENED: Said("Đang được xem xét", "Being considered"),
    FurtherStage.ACCEPTED: Said("Đã chấp nhận, sẽ tổ chức đối thoại", "Accepted, a dialogue will be held"),
    FurtherStage.REFUSED: Said("Không tổ chức đối thoại", "No dialogue will be held"),
    FurtherStage.MET: Said("Đã đối thoại", "The dialogue was held"),
    FurtherStage.WITHDRAWN: Said("Đã rút", "Withdrawn"),
    FurtherStage.RETURNED: Said("Chờ bổ sung hồ sơ", "Waiting to be completed"),
    FurtherStage.IN_APPRAISAL: Said("Đang thẩm định", "Being appraised"),
    FurtherStage.APPRAISED: Said("Đã thẩm định, chờ trình", "Appraised, waiting to be submitted"),
    FurtherStage.SUBMITTED: Said("Đã trình, chờ quyết định", "Submitted, waiting to be decided"),
    FurtherStage.APPROVED: Said("Đã đồng ý, sẽ tổ chức đối thoại", "Approved, a dialogue will be held"),
    FurtherStage.NOT_APPROVED: Said("Không đồng ý tổ chức đối thoại", "No dialogue will be held"),
    FurtherStage.DEFERRED: Said("Để kỳ sau", "Deferred to a later period"),
}

# Where something stands that was merged, when what it was merged into is dealt with, or ended without an answer for it.
JOINED: Final = Said("Đã gộp với ý kiến cùng nội dung, đang giải quyết chung", "Merged, and dealt with together")
JOINED_ENDED: Final = Said(
    "Ý kiến chung đã kết thúc mà không có câu trả lời; cơ quan sẽ báo riêng cho bạn",
    "What it was merged into ended without an answer; the office will tell you",
)
# What happened, as its speaker is told it; a fact that has no words here is not told.
STEPS: Final[Mapping[str, Said]] = {
    "opinion.received": Said("Đã tiếp nhận", "Received"),
    "opinion.receipt_recorded": Said("Đã ghi nhận tại cuộc đối thoại", "Recorded at the dialogue"),
    "opinion.completion_requested": Said("Cơ quan đề nghị bạn bổ sung thông tin", "You were asked for more"),
    "opinion.completed": Said("Đã nhận phần bổ sung", "What was missing came in"),
    "opinion.classified": Said("Đã phân loại", "Sorted"),
    "opinion.referred": Said("Đã chuyển để giải quyết", "Handed on to be dealt with"),
    "opinion.rejected": _ENDED[Stage.REJECTED],
    "opinion.forwarded": _ENDED[Stage.FORWARDED],
    "opinion.diverted": _ENDED[Stage.DIVERTED],
    "opinion.merged": _ENDED[Stage.MERGED],
    "opinion.unmerged": Said("Đã tách lại, giải quyết riêng", "Taken apart again, dealt with by itself"),
    "opinion.split": _ENDED[Stage.SPLIT],
    "opinion.withdrawn": Said("Đã rút theo đề nghị của bạn", "Withdrawn as you asked"),
    "opinion.wish_recorded": Said("Đã ghi nhận đề nghị của bạn", "What you asked for was noted"),
    "case.assigned": Said("Đã giao đơn vị giải quyết", "Given to a unit"),
    "case.answer_delivered": Said("Đã trả lời", "Answered"),
    "case.resolved": Said("Đã giải quyết", "Resolved"),
    "case.reopened": Said("Đã mở lại để giải quyết tiếp", "Reopened"),
    "case.reopening_declined": Said("Đã xem xét, không mở lại", "Considered, and not reopened"),
    "case.rejected": _ENDED[Stage.REJECTED],
    "case.forwarded": _ENDED[Stage.FORWARDED],
    "case.diverted": _ENDED[Stage.DIVERTED],
    "case.merged": _ENDED[Stage.MERGED],
    "case.unmerged": Said("Đã tách lại, giải quyết riêng", "Taken apart again, dealt with by itself"),
    "case.split": _ENDED[Stage.SPLIT],
    "case.withdrawn": Said("Đã rút theo đề nghị của bạn", "Withdrawn as you asked"),
    "case.closed": Said("Đã kết thúc", "Closed"),
    "request_receipt.received": Said("Đã tiếp nhận yêu cầu đối thoại", "The request for dialogue was received"),
    "request_receipt.referred": Said("Đã chuyển để người đứng đầu xem xét", "Handed on to the head"),
    "request_receipt.rejected": Said("Yêu cầu đối thoại không đủ điều kiện xem xét", "The request is not eligible"),
    "request_receipt.withdrawn": Said("Đã rút yêu cầu đối thoại", "The request was withdrawn"),
    "request.accepted": Said("Đã chấp nhận, sẽ tổ chức đối thoại", "Accepted, a dialogue will be held"),
    "request.refused": Said("Không tổ chức đối thoại", "No dialogue will be held"),
    "request.withdrawn": Said("Đã rút yêu cầu đối thoại", "The request was withdrawn"),
    "request.met": Said("Đã đối thoại", "The dialogue was held"),
}


def status_of(submitted: Submitted, stage: str, further: str | None) -> Said:
    """The words for a stage at the receipt, or for `further`, where it stands since it was handed on.

    What was taken back at the receipt is so whatever became of it.
    """
    here, there = (OPINIONS, CASES) if submitted is Submitted.OPINION else (RECEIPTS, FURTHER)
    return here[stage] if further is None or stage != ReceiptStage.REFERRED else there[further]
