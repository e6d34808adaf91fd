"""Which rules the receipt of a request or proposal holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class ReceiptEnded(Refused):
    """What was handed on, rejected or taken back is decided elsewhere, or no more (design decision 14)."""

    code = "receipt-ended"
    rule = ("design decision 14",)
    title_vi = "Đã chuyển, từ chối hoặc rút"
    title_en = "It was handed on, rejected or taken back"
    advice_vi = "Xem trạng thái hồ sơ ở nơi đã chuyển đến."
    advice_en = "Look at where it was handed on to."


class NotAProposer(Invalid):
    """Only a sở, ban, ngành or huyện proposes content for the Chairman's dialogue (R25)."""

    code = "not-a-proposer"
    rule = ("R25", "brief, corrections")
    title_vi = "{unit} không thuộc diện đề xuất nội dung đối thoại của Chủ tịch"
    title_en = "{unit} does not propose content for the Chairman's dialogue"
    advice_vi = "Ý kiến của công dân, tổ chức: tiếp nhận như một ý kiến."
    advice_en = "Take a citizen's or organisation's in as an opinion."


class ProposesForAnother(Invalid):
    """A body that hands content in by itself proposes it in its own name (R25); a clerk records another's letter."""

    code = "proposes-for-another"
    rule = ("R25",)
    title_vi = "{own} không đề xuất thay cho {unit}"
    title_en = "{own} does not propose in the name of {unit}"
    advice_vi = "Ghi cơ quan của mình; văn bản của cơ quan khác do phòng chuyên môn, văn thư hoặc đầu mối ghi nhận."
    advice_en = "Name your own body; another's letter is recorded by the content division, the registry or the hub."
