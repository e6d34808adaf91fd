"""What a refusal is: a rule by name, in two languages, with what the asker can do; no transport knows of it here."""

from typing import Any, ClassVar


class Refused(Exception):
    """A rule of the domain says no; the facts are keyword arguments and fill the titles' and advice's braces.

    Subclasses are named for their rule and set `code`, `rule`, both titles and both pieces of advice. `rule` says where it is
    written, as `services/README.md` explains; it is empty for a refusal of form: of a value, reference or version that cannot be
    taken, whatever the rules of dialogue say.
    """

    code: ClassVar[str] = "refused"
    rule: ClassVar[tuple[str, ...]] = ()
    title_vi: ClassVar[str] = "Yêu cầu không được chấp nhận"
    title_en: ClassVar[str] = "The request is refused"
    advice_vi: ClassVar[str] = ""
    advice_en: ClassVar[str] = ""

    def __init__(self, field: str | None = None, **facts: Any) -> None:
        self.field = field
        self.facts = facts
        super().__init__(self.code)

    def said(self, sentence: str) -> str:
        """`sentence`, a title or a piece of advice, with its braces filled; a fact that is missing leaves its braces."""
        return sentence.format_map(_Facts(self.facts))

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {self.said(self.title_en)}" + (f" ({facts})" if facts else "")


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


class Unknown(Refused):
    """What the command or question names is not there, or not for this asker: both look the same from outside."""

    code = "unknown"
    title_vi = "Không tìm thấy"
    title_en = "Not found"
    advice_vi = "Kiểm tra lại mã, hoặc hỏi đơn vị đang giữ hồ sơ."
    advice_en = "Check the id, or ask the unit that holds it."


class Invalid(Refused):
    """A value that cannot be, whatever the state; `field` names it."""

    code = "invalid"
    title_vi = "Dữ liệu không hợp lệ"
    title_en = "A value is not valid"
    advice_vi = "Sửa trường được nêu rồi gửi lại."
    advice_en = "Correct the field named and send again."


class Forbidden(Refused):
    """The asker may see this but not do it."""

    code = "forbidden"
    rule: ClassVar[tuple[str, ...]] = ("R11", "invariant 15")
    title_vi = "Không có quyền thực hiện"
    title_en = "Not permitted"
    advice_vi = "Chọn đúng tư cách, hoặc chuyển cho người có thẩm quyền."
    advice_en = "Choose the right capacity, or pass it to whoever has the authority."


class Stale(Refused):
    """The asker decided on an older version than the one in force."""

    code = "stale-version"
    title_vi = "Hồ sơ đã thay đổi"
    title_en = "It has changed since you read it"
    advice_vi = "Đọc lại bản mới nhất rồi thực hiện lại."
    advice_en = "Read it again, then decide again."


class KeyReused(Refused):
    """One key (Idempotency-Key, script line, local id) was used for two different bodies; the first one stands."""

    code = "key-reused"
    title_vi = "Khóa đã dùng cho một nội dung khác"
    title_en = "This key was used for another body"
    advice_vi = "Nội dung đầu tiên được giữ nguyên. Dùng khóa mới cho nội dung mới."
    advice_en = "The first body stands. Use a new key for a new body."
