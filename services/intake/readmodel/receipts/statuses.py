"""Where a submission stands, in the plain words of whoever handed it in: no unit's name, no code, no reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.intake.readmodel.opinions.projections import CaseStage, Stage
from services.intake.readmodel.submissions.projections import FurtherStage, ReceiptStage


class Submitted(StrEnum):
    """What was handed in."""

    OPINION = "opinion"
    REQUEST = "request"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Status:
    """The same in both languages."""

    vi: str
    en: str


_ENDED: Final[Mapping[str, Status]] = {
    Stage.REJECTED: Status("Không đủ điều kiện giải quyết", "Not eligible"),
    Stage.FORWARDED: Status("Đã chuyển đến cơ quan có thẩm quyền", "Forwarded to the body that is competent"),
    Stage.DIVERTED: Status("Đã chuyển theo thủ tục riêng của pháp luật", "Passed to a procedure of its own by law"),
    Stage.MERGED: Status("Đã gộp với một ý kiến cùng nội dung", "Merged with another of the same content"),
    Stage.SPLIT: Status("Đã tách thành nhiều ý kiến", "Split into several"),
    Stage.WITHDRAWN: Status("Đã rút", "Withdrawn"),
}
OPINIONS: Final[Mapping[str, Status]] = {
    **_ENDED,
    Stage.RECEIVED: Status("Đã tiếp nhận, chờ phân loại", "Received, waiting to be sorted"),
    Stage.AWAITING: Status("Chờ bổ sung thông tin", "Waiting for what was asked for"),
    Stage.CLASSIFIED: Status("Đã phân loại, chờ chuyển giải quyết", "Sorted, waiting to be handed on"),
    Stage.REFERRED: Status("Đã chuyển để giải quyết", "Handed on to be dealt with"),
}
CASES: Final[Mapping[str, Status]] = {
    **_ENDED,
    CaseStage.WAITING: Status("Chờ phân công đơn vị giải quyết", "Waiting to be given to a unit"),
    CaseStage.ASSIGNED: Status("Đơn vị được giao đang giải quyết", "A unit is dealing with it"),
    CaseStage.ANSWERED: Status("Đã trả lời", "Answered"),
    CaseStage.RESOLVED: Status("Đã giải quyết", "Resolved"),
    CaseStage.CLOSED: Status("Đã kết thúc", "Closed"),
    CaseStage.REOPENED: Status("Đã mở lại, đang giải quyết", "Reopened, being dealt with"),
}
RECEIPTS: Final[Mapping[str, Status]] = {
    ReceiptStage.RECEIVED: Status("Đã tiếp nhận", "Received"),
    ReceiptStage.REFERRED: Status("Đã chuyển để xem xét", "Handed on to be considered"),
    ReceiptStage.REJECTED: Status("Không đủ điều kiện xem xét", "Not eligible"),
    ReceiptStage.WITHDRAWN: Status("Đã rút", "Withdrawn"),
}
FURTHER: Final[Mapping[str, Status]] = {
    FurtherStage.OPENED: Status("Đang được xem xét", "Being considered"),
    FurtherStage.ACCEPTED: Status("Đã chấp nhận, sẽ tổ chức đối thoại", "Accepted, a dialogue will be held"),
    FurtherStage.REFUSED: Status("Không tổ chức đối thoại", "No dialogue will be held"),
    FurtherStage.MET: Status("Đã đối thoại", "The dialogue was held"),
    FurtherStage.WITHDRAWN: Status("Đã rút", "Withdrawn"),
    FurtherStage.RETURNED: Status("Chờ bổ sung hồ sơ", "Waiting to be completed"),
    FurtherStage.IN_APPRAISAL: Status("Đang thẩm định", "Being appraised"),
    FurtherStage.APPRAISED: Status("Đã thẩm định, chờ trình", "Appraised, waiting to be submitted"),
    FurtherStage.SUBMITTED: Status("Đã trình, chờ quyết định", "Submitted, waiting to be decided"),
    FurtherStage.APPROVED: Status("Đã đồng ý, sẽ tổ chức đối thoại", "Approved, a dialogue will be held"),
    FurtherStage.NOT_APPROVED: Status("Không đồng ý tổ chức đối thoại", "No dialogue will be held"),
    FurtherStage.DEFERRED: Status("Để kỳ sau", "Deferred to a later period"),
}


def status_of(submitted: Submitted, stage: str, further: str | None) -> Status:
    """The words for a stage at the receipt, or for `further`, where it stands since it was handed on.

    What was taken back at the receipt is so whatever became of it.
    """
    here, there = (OPINIONS, CASES) if submitted is Submitted.OPINION else (RECEIPTS, FURTHER)
    return here[stage] if further is None or stage != ReceiptStage.REFERRED else there[further]
