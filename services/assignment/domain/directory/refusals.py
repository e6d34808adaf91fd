"""Which rules the directory holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused, Unknown


class UnknownUnit(Invalid):
    """No unit was ever registered under this key."""

    code = "unknown-unit"
    title_vi = "Không có đơn vị {unit}"
    title_en = "There is no unit {unit}"
    advice_vi = "Kiểm tra mã đơn vị trong danh mục; đơn vị mới phải được đăng ký trước."
    advice_en = "Check the key in the directory; a new unit is registered first."


class UnitNotInForce(Invalid):
    """The unit is registered, but not for this day."""

    code = "unit-not-in-force"
    title_vi = "Đơn vị {unit} không hoạt động vào ngày {day}"
    title_en = "The unit {unit} is not in force on {day}"
    advice_vi = "Chọn đơn vị đang hoạt động vào ngày đó, hoặc kiểm tra lại ngày."
    advice_en = "Choose a unit that is in force on that day, or check the day."


class UnknownField(Invalid):
    """No field was ever registered under this key."""

    code = "unknown-field"
    title_vi = "Không có lĩnh vực {field_key}"
    title_en = "There is no field {field_key}"
    advice_vi = "Kiểm tra mã lĩnh vực trong danh mục; lĩnh vực mới phải được đăng ký trước."
    advice_en = "Check the key in the directory; a new field is registered first."


class UnitNotThere(Unknown):
    """The unit to be changed was never registered."""

    code = "unknown-unit"
    title_vi = "Không có đơn vị này"
    title_en = "There is no such unit"


class KeyTaken(Refused):
    """Keys are never reused, not even after a unit is dissolved: URLs, topics and history name them."""

    code = "key-taken"
    title_vi = "Mã {key} đã được dùng"
    title_en = "The key {key} is taken"
    advice_vi = "Mã không bao giờ dùng lại. Chọn mã khác, hoặc đổi tên mục đang mang mã này."
    advice_en = "A key is never used again. Choose another one, or rename what carries it."


class OfficeOfItself(Invalid):
    """An office belongs to itself; every division belongs to an office."""

    code = "office-of-itself"
    title_vi = "Văn phòng thuộc chính nó, và phòng phải thuộc một văn phòng"
    title_en = "An office belongs to itself, and a division belongs to an office"
    advice_vi = "Với văn phòng: bỏ trống hoặc ghi chính mã của nó. Với phòng: ghi mã văn phòng quản lý."
    advice_en = "For an office leave it out or name its own key; for a division name its office."


class NotAnOffice(Invalid):
    """The unit named as office holds no dialogues."""

    code = "not-an-office"
    title_vi = "{unit} không phải là văn phòng"
    title_en = "{unit} is no office"
    advice_vi = "Ghi mã của văn phòng tổ chức đối thoại, ví dụ VPUB."
    advice_en = "Name an office that holds dialogues, such as VPUB."


class OutOfDateOrder(Invalid):
    """Dated data grows forward: a change dated before the last one would rewrite the history of its days."""

    code = "out-of-date-order"
    title_vi = "Ngày hiệu lực phải từ {earliest} trở đi"
    title_en = "The day must be {earliest} or later"
    advice_vi = "Thay đổi có hiệu lực theo thứ tự thời gian; ghi ngày không sớm hơn thay đổi gần nhất."
    advice_en = "Changes follow one another in time; give a day no earlier than the last one's."


class AlreadyDissolved(Refused):
    """A unit ends once."""

    code = "already-dissolved"
    title_vi = "Đơn vị đã giải thể từ {since}"
    title_en = "The unit is dissolved from {since} on"
    advice_vi = "Đăng ký đơn vị mới với mã khác nếu cần."
    advice_en = "Register a new unit under another key if there is one."


class LeadOutsideOffice(Refused):
    """A head gives work only to units of his own office; what belongs to another body is forwarded (R35)."""

    code = "lead-outside-office"
    title_vi = "Đơn vị {lead} không thuộc {office}"
    title_en = "The unit {lead} is not a unit of {office}"
    advice_vi = "Chọn đơn vị thuộc văn phòng này. Việc của cơ quan khác thì chuyển, không giao."
    advice_en = "Choose a unit of this office. A matter of another body is forwarded, not assigned."


class PersonKnown(Refused):
    """A person is registered once; the name is sealed, so a second registration cannot be compared with the first."""

    code = "person-known"
    title_vi = "Mã người {person} đã được đăng ký"
    title_en = "The person {person} is registered"
    advice_vi = "Dùng mã khác cho người khác."
    advice_en = "Use another id for another person."
