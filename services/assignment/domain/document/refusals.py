"""Which rules the paper of a notice or plan holds beside those of its life cycle: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


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
    advice_vi = "Chọn cách gửi: bản giấy, trục liên thông văn bản, thư điện tử hoặc trao tay."
    advice_en = "Give means: giay, truc_lien_thong, thu_dien_tu or trao_tay."


class SignedByAnother(Invalid):
    """What directs work is the act of the head, or of the Chairman where it is in his name: nobody else's signature does."""

    code = "signed-by-another"
    rule = ("R35", "R37", "R41")
    title_vi = "Văn bản {document} ký {capacity}, không do người có thẩm quyền ký"
    title_en = "The document {document}, signed as {capacity}, is not signed by whoever has the authority"
    advice_vi = "Người đứng đầu ký, cấp phó ký KT., quyền ký Q., người được ủy quyền ký TUQ.; của Chủ tịch: Chủ tịch hoặc TL."
    advice_en = "The head signs, a deputy as KT., the acting head as Q., a delegate as TUQ.; for the Chairman: he, or by TL."


class NotByOrder(Forbidden):
    """By order (TL.) what directs work is signed for the Chairman alone, by the Chief or in his place his deputy (TL., KT.)."""

    code = "not-by-order"
    rule = ("R37", "R41")
    title_vi = "Lãnh đạo đơn vị không ký TL. thông báo kết luận hoặc kế hoạch"
    title_en = "The leader of a unit does not sign a notice of conclusion or a plan by order"
    advice_vi = "Trình Chánh Văn phòng hoặc Phó Chánh Văn phòng ký."
    advice_en = "Put it before the Chief or his deputy."


class SigningKeyNotInUse(Refused):
    """Nothing is signed with a key whose retirement is recorded, however late the directory's copy hears of it (R41)."""

    code = "signing-key-not-in-use"
    rule = ("R41", "invariant 10")
    title_vi = "Khóa ký của văn phòng {office} vừa được thay hoặc thôi dùng"
    title_en = "The signing key of the office {office} has just been replaced or retired"
    advice_vi = "Ký lại sau ít giây; nếu văn phòng không còn khóa, tạo khóa: doithoai keys make --office {office}."
    advice_en = "Sign again in a few seconds; if the office has no key left, have one made: doithoai keys make --office {office}."


class ReportsPaper(Invalid):
    """A report's paper is drafted from its locked figures by the service that locks them, under its own register."""

    code = "reports-paper"
    rule = ("R40", "design decision 20")
    title_vi = "Văn bản của báo cáo không soạn ở đây"
    title_en = "The paper of a report is not drafted here"
    advice_vi = "Chốt số liệu, rồi dự thảo ở trang của báo cáo."
    advice_en = "Lock the figures, then draft it from the report: draft_report (doithoai report draft)."
