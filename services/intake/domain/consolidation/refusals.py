"""Which rules a consolidation round holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class NilOrOpinions(Invalid):
    """A return is nil, or names its opinions: neither both nor none (R30)."""

    code = "nil-or-opinions"
    rule = ("R30",)
    title_vi = "Chọn không có ý kiến, hoặc nêu các ý kiến"
    title_en = "A return is nil, or names its opinions"
    advice_vi = "Không có ý kiến thì đánh dấu; có thì liệt kê."
    advice_en = "Mark it as nil, or list them."


class UnitOutsideOffice(Invalid):
    """An office asks its own units for their lists; another body is given no work by it (R30, R35)."""

    code = "unit-outside-office"
    rule = ("R30", "R35")
    title_vi = "Đơn vị {unit} không thuộc {office}"
    title_en = "The unit {unit} is not a unit of {office}"
    advice_vi = "Chọn các đơn vị thuộc văn phòng này."
    advice_en = "Choose units of this office."


class NotThisUnits(Invalid):
    """A unit hands in what it took in itself (R30)."""

    code = "not-this-units"
    rule = ("R30",)
    title_vi = "Ý kiến {opinion} không do đơn vị này tiếp nhận"
    title_en = "The opinion {opinion} was not taken in by this unit"
    advice_vi = "Chỉ nộp ý kiến đơn vị đã tiếp nhận."
    advice_en = "Hand in only what the unit took in."


class AlreadySubmitted(Refused):
    """What was handed in is amended, not handed in again (R30)."""

    code = "already-submitted"
    rule = ("R30",)
    title_vi = "Đơn vị đã nộp bản tổng hợp"
    title_en = "The unit has handed in its list"
    advice_vi = "Dùng sửa bản tổng hợp, có lý do."
    advice_en = "Amend it, with the reason."


class NotSubmitted(Refused):
    """There is nothing to amend, return or report yet (R30)."""

    code = "not-submitted"
    rule = ("R30", "year §1")
    title_vi = "Đơn vị chưa nộp bản tổng hợp"
    title_en = "The unit has not handed in its list"
    advice_vi = "Đơn vị nộp bản tổng hợp hoặc báo không có ý kiến."
    advice_en = "Have the unit hand it in, or report none."


class AlreadyReported(Refused):
    """What was put before the head stays as it was put (R30)."""

    code = "already-reported"
    rule = ("R30", "year §1")
    title_vi = "Bản tổng hợp đã báo cáo tại cuộc họp"
    title_en = "The list was reported at the meeting"
    advice_vi = "Ý kiến mới đưa vào đợt sau."
    advice_en = "Put what is new into the next round."


class BatchMiscounted(Invalid):
    """Each row is an opinion or refused, and the counts agree: nothing is dropped (invariant 2)."""

    code = "batch-miscounted"
    rule = ("invariant 2",)
    title_vi = "Số dòng không khớp: mỗi dòng phải thành ý kiến hoặc bị từ chối"
    title_en = "The rows do not add up: each is an opinion, or refused"
    advice_vi = "Nạp lại tệp."
    advice_en = "Import the file again."
