"""Which rules a request for dialogue holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class RequestAnswered(Refused):
    """A request is answered once: a dialogue, or a refusal with its reason (R21)."""

    code = "request-answered"
    rule = ("R21",)
    title_vi = "Yêu cầu đã được trả lời hoặc đã rút"
    title_en = "The request was answered or taken back"
    advice_vi = "Người yêu cầu có thể gửi yêu cầu mới."
    advice_en = "The asker can hand in another one."


class NotAccepted(Refused):
    """Only a request for which a dialogue was granted can be met."""

    code = "request-not-accepted"
    rule = ("R21", "year §1")
    title_vi = "Yêu cầu chưa được chấp nhận"
    title_en = "The request was not accepted"
    advice_vi = "Chấp nhận yêu cầu và tổ chức đối thoại trước."
    advice_en = "Accept it and hold the dialogue first."


class DialogueNotHeld(Refused):
    """A request is met by a dialogue that was held (R21)."""

    code = "dialogue-not-held"
    rule = ("R21", "year §1")
    title_vi = "Cuộc đối thoại {session} chưa tổ chức"
    title_en = "The dialogue {session} was not held"
    advice_vi = "Ghi nhận đáp ứng sau khi đối thoại đã tổ chức."
    advice_en = "Record it as met after the dialogue was held."


class NotOnRequest(Invalid):
    """A request is met by a dialogue with the people, held on request, that has not begun (R21)."""

    code = "not-on-request"
    rule = ("R21", "brief, corrections")
    title_vi = "Cuộc đối thoại {session} không phải theo yêu cầu, hoặc đã bắt đầu"
    title_en = "{session} is not a dialogue on request, or has begun"
    advice_vi = "Chọn cuộc đối thoại theo yêu cầu chưa diễn ra, hoặc đề xuất cuộc mới."
    advice_en = "Choose one on request that has not begun, or propose a new one."
