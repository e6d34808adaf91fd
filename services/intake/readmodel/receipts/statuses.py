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


def status_of(submitted: Submitted, stage: str, further: str | None) -> Said:
    """The words for a stage at the receipt, or for `further`, where it stands since it was handed on.

    What was taken back at the receipt is so whatever became of it.
    """
    here, there = (OPINIONS, CASES) if submitted is Submitted.OPINION else (RECEIPTS, FURTHER)
    return here[stage] if further is None or stage != ReceiptStage.REFERRED else there[further]
