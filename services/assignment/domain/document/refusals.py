"""Which rules the paper of a notice or plan holds beside those of its life cycle: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid


class PaperMissing(Invalid):
    """What is concluded or planned goes out as a signed and numbered paper (R1, R37; design decision 20)."""

    code = "paper-missing"
    rule = ("R1", "R37", "design decision 20")
    title_vi = "Chưa nêu văn bản để ban hành"
    title_en = "There is no paper to issue it on"
    advice_vi = "Soạn văn bản, trình ký, ký; rồi nêu văn bản đó khi dự thảo hoặc khi ban hành."
    advice_en = "Draft the document, have it signed, and name it in the draft or when issuing."


class OtherPaper(Invalid):
    """One paper says one thing: it is of that kind and about it, so that its number stands for nothing else (invariant 11)."""

    code = "other-paper"
    rule = ("invariant 11", "design decision 20")
    title_vi = "Văn bản {document} không phải {kind} về việc này"
    title_en = "The document {document} is not a {kind} about this"
    advice_vi = "Nêu văn bản đúng loại, trường about ghi: {about}."
    advice_en = "Name a document of that kind whose about is one of: {about}."


class MeansMissing(Invalid):
    """What is issued is sent to its whole list in the same moment (R45)."""

    code = "means-missing"
    rule = ("R45",)
    title_vi = "Chưa nêu phương thức gửi văn bản đến nơi nhận"
    title_en = "It is not said how the paper is sent to its recipients"
    advice_vi = "Ghi means: giay, truc_lien_thong, thu_dien_tu hoặc trao_tay."
    advice_en = "Give means: giay, truc_lien_thong, thu_dien_tu or trao_tay."
