"""Which rules the directory holds: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused, Unknown


class UnknownUnit(Invalid):
    """No unit was ever registered under this key."""

    code = "unknown-unit"
    rule = ()
    title_vi = "Không có đơn vị {unit}"
    title_en = "There is no unit {unit}"
    advice_vi = "Kiểm tra mã đơn vị trong danh mục; đơn vị mới phải được đăng ký trước."
    advice_en = "Check the key in the directory; a new unit is registered first."


class UnknownField(Invalid):
    """No field was ever registered under this key."""

    code = "unknown-field"
    rule = ()
    title_vi = "Không có lĩnh vực {field_key}"
    title_en = "There is no field {field_key}"
    advice_vi = "Kiểm tra mã lĩnh vực trong danh mục; lĩnh vực mới phải được đăng ký trước."
    advice_en = "Check the key in the directory; a new field is registered first."


class UnitNotThere(Unknown):
    """The unit to be changed was never registered."""

    code = "unknown-unit"
    rule = ()
    title_vi = "Không có đơn vị này"
    title_en = "There is no such unit"


class KeyTaken(Refused):
    """Keys are never reused, not even after a unit is dissolved: URLs, topics and history name them."""

    code = "key-taken"
    rule = ("design decision 17",)
    title_vi = "Mã {key} đã được dùng"
    title_en = "The key {key} is taken"
    advice_vi = "Mã không bao giờ dùng lại. Chọn mã khác, hoặc đổi tên mục đang mang mã này."
    advice_en = "A key is never used again. Choose another one, or rename what carries it."


class OfficeOfItself(Invalid):
    """An office belongs to itself; every division belongs to an office."""

    code = "office-of-itself"
    rule = ("design decision 1",)
    title_vi = "Văn phòng thuộc chính nó, và phòng phải thuộc một văn phòng"
    title_en = "An office belongs to itself, and a division belongs to an office"
    advice_vi = "Với văn phòng: bỏ trống hoặc ghi chính mã của nó. Với phòng: ghi mã văn phòng quản lý."
    advice_en = "For an office leave it out or name its own key; for a division name its office."


class NotAnOffice(Invalid):
    """The unit named as office holds no dialogues."""

    code = "not-an-office"
    rule = ()
    title_vi = "{unit} không phải là văn phòng"
    title_en = "{unit} is no office"
    advice_vi = "Ghi mã của văn phòng tổ chức đối thoại, ví dụ VPUB."
    advice_en = "Name an office that holds dialogues, such as VPUB."


class OutOfDateOrder(Invalid):
    """Dated data grows forward: a change dated before the last one would rewrite the history of its days."""

    code = "out-of-date-order"
    rule = ("R46", "design decision 17")
    title_vi = "Ngày hiệu lực phải từ {earliest} trở đi"
    title_en = "The day must be {earliest} or later"
    advice_vi = "Thay đổi có hiệu lực theo thứ tự thời gian; ghi ngày không sớm hơn thay đổi gần nhất."
    advice_en = "Changes follow one another in time; give a day no earlier than the last one's."


class AlreadyDissolved(Refused):
    """A unit ends once."""

    code = "already-dissolved"
    rule = ("R49",)
    title_vi = "Đơn vị đã giải thể từ {since}"
    title_en = "The unit is dissolved from {since} on"
    advice_vi = "Đăng ký đơn vị mới với mã khác nếu cần."
    advice_en = "Register a new unit under another key if there is one."


class LeadOutsideOffice(Refused):
    """A head gives work only to units of his own office; what belongs to another body is forwarded (R35)."""

    code = "lead-outside-office"
    rule = ("R35", "brief, corrections")
    title_vi = "Đơn vị {lead} không thuộc {office}"
    title_en = "The unit {lead} is not a unit of {office}"
    advice_vi = "Chọn đơn vị thuộc văn phòng này. Việc của cơ quan khác thì chuyển, không giao."
    advice_en = "Choose a unit of this office. A matter of another body is forwarded, not assigned."


class PersonKnown(Refused):
    """A person is registered once; the name is sealed, so a second registration cannot be compared with the first."""

    code = "person-known"
    rule = ("design decision 5",)
    title_vi = "Mã người {person} đã được đăng ký"
    title_en = "The person {person} is registered"
    advice_vi = "Dùng mã khác cho người khác."
    advice_en = "Use another id for another person."


class UnknownPerson(Invalid):
    """Nobody is registered under this id."""

    code = "unknown-person"
    rule = ()
    title_vi = "Không có người mang mã {person}"
    title_en = "There is no person {person}"
    advice_vi = "Kiểm tra mã; người mới phải được đăng ký trước."
    advice_en = "Check the id; a new person is registered first."


class PersonNotInService(Invalid):
    """A post or delegation goes to somebody who belongs to a unit on that day."""

    code = "person-not-in-service"
    rule = ("design decision 17",)
    title_vi = "Người {person} không thuộc đơn vị nào vào ngày {day}"
    title_en = "The person {person} belongs to no unit on {day}"
    advice_vi = "Chọn người đang công tác vào ngày đó, hoặc kiểm tra lại ngày."
    advice_en = "Choose somebody who is in service on that day, or check the day."


class NotJoined(Refused):
    """Only what was joined is left; the unit a person belongs to is changed by moving."""

    code = "not-joined"
    rule = ("R50",)
    title_vi = "Người {person} không kiêm nhiệm tại {unit}"
    title_en = "The person {person} has not joined the unit {unit}"
    advice_vi = "Đơn vị chính thì điều chuyển, không rời."
    advice_en = "The unit a person belongs to is changed by move_person."


class UnknownPost(Invalid):
    """No post was ever created under this key."""

    code = "unknown-post"
    rule = ()
    title_vi = "Không có chức vụ {post}"
    title_en = "There is no post {post}"
    advice_vi = "Kiểm tra mã chức vụ; chức vụ mới phải được lập trước."
    advice_en = "Check the key; a new post is created first."


class RoleNotForPost(Invalid):
    """No person acts as the house itself, and a citizen holds no post."""

    code = "role-not-for-post"
    rule = ("invariant 15", "brief, corrections")
    title_vi = "Tư cách {role} không gắn với chức vụ"
    title_en = "No post gives the capacity {role}"
    advice_vi = "Chọn tư cách của cán bộ, công chức."
    advice_en = "Choose a capacity of the staff."


class PostVacant(Refused):
    """What nobody holds, nobody delegates (R6)."""

    code = "post-vacant"
    rule = ("R6",)
    title_vi = "Chức vụ {post} không có người giữ vào ngày {day}"
    title_en = "Nobody holds the post {post} on {day}"
    advice_vi = "Ghi nhận người giữ chức vụ trước, rồi ủy quyền."
    advice_en = "Record who holds the post first, then delegate."


class DelegationBackwards(Invalid):
    """A delegation ends no earlier than it begins."""

    code = "delegation-backwards"
    rule = ()
    title_vi = "Ngày hết hiệu lực trước ngày có hiệu lực"
    title_en = "The delegation ends before it begins"
    advice_vi = "Kiểm tra hai ngày; ủy quyền một ngày thì hai ngày bằng nhau."
    advice_en = "Check both days; for a single day they are the same."


class DelegationBackdated(Invalid):
    """What was done without authority is not made right afterwards: a delegation begins on its own day or later (R6)."""

    code = "delegation-backdated"
    rule = ("R6",)
    title_vi = "Ủy quyền không có hiệu lực trước ngày ký ({day})"
    title_en = "A delegation holds no earlier than the day it is granted or revoked ({day})"
    advice_vi = "Ghi ngày hiệu lực từ {day} trở đi."
    advice_en = "Give {day} or a later day."


class DelegationNotSigned(Refused):
    """Whoever holds a post delegates it; others only record what a paper says that he signed and that has its number (R6)."""

    code = "delegation-not-signed"
    rule = ("R6", "R35")
    title_vi = "Chưa có văn bản ủy quyền do người giữ chức vụ {post} ký"
    title_en = "No paper about it that the holder of {post} signed is named"
    advice_vi = "Người giữ chức vụ tự ủy quyền, hoặc ghi văn bản (document) về post-{post} đã ký, đã cấp số và còn hiệu lực."
    advice_en = "The holder delegates it himself, or name his paper (document) about post-{post}, numbered and in force."


class DelegationToHimself(Forbidden):
    """Nobody records a delegation in his own favour (R6)."""

    code = "delegation-to-himself"
    rule = ("R6", "R35")
    title_vi = "Không tự ghi nhận ủy quyền cho chính mình"
    title_en = "Nobody records a delegation to himself"
    advice_vi = "Người giữ chức vụ tự ủy quyền, hoặc người khác ghi nhận."
    advice_en = "The holder delegates it himself, or another person records it."


class DelegationOutlasts(Invalid):
    """Nobody delegates for longer than he holds the post (R6)."""

    code = "delegation-outlasts"
    rule = ("R6",)
    title_vi = "Người ủy quyền không còn giữ chức vụ {post} vào ngày {day}"
    title_en = "Whoever delegates the post {post} no longer holds it on {day}"
    advice_vi = "Ghi ngày hết hiệu lực trong thời gian giữ chức vụ."
    advice_en = "Let it end while the post is still held."


class DelegateHoldsPost(Invalid):
    """Nobody delegates to himself."""

    code = "delegate-holds-post"
    rule = ()
    title_vi = "Người {person} đang giữ chức vụ này"
    title_en = "The person {person} holds the post"
    advice_vi = "Chọn người khác nhận ủy quyền."
    advice_en = "Choose another person."


class DelegateOutsideOffice(Invalid):
    """A head delegates to people of his own office (R35: work stays inside it)."""

    code = "delegate-outside-office"
    rule = ("R35", "brief, corrections")
    title_vi = "Người {person} không thuộc cơ quan của chức vụ"
    title_en = "The person {person} is not of the office that the post belongs to"
    advice_vi = "Chọn người của cùng văn phòng hoặc cùng đơn vị."
    advice_en = "Choose somebody of the same office, or of the same unit outside one."


class SuccessorMissing(Invalid):
    """A succession says who takes over (R49)."""

    code = "successor-missing"
    rule = ("R49",)
    title_vi = "Chưa nêu đơn vị kế thừa"
    title_en = "No successor is named"
    advice_vi = (
        "Ghi ít nhất một dòng: lĩnh vực (hoặc bỏ trống cho phần còn lại) và đơn vị nhận. Chỉ giải thể thì dùng dissolve_unit."
    )
    advice_en = "Name at least one: a field (or none for the rest) and who takes it. To end a unit only, use dissolve_unit."


class SuccessionRepeated(Invalid):
    """A line says once which unit takes a field over; several lines of one field leave the choice to a person (R49)."""

    code = "succession-repeated"
    rule = ("R49",)
    title_vi = "Một dòng kế thừa ghi hai lần"
    title_en = "A line of the succession stands twice"
    advice_vi = "Mỗi cặp lĩnh vực và đơn vị nhận ghi một lần."
    advice_en = "Name each pair of field and unit once."


class SucceedsItself(Invalid):
    """A unit does not take over from itself."""

    code = "succeeds-itself"
    rule = ("R49",)
    title_vi = "Đơn vị không kế thừa chính nó"
    title_en = "A unit does not succeed itself"
    advice_vi = "Phần việc đơn vị giữ lại thì không ghi; đổi tên thì ghi tên mới của đơn vị."
    advice_en = "Leave out what it keeps; for another name use rename_unit."


class RuleUnknown(Invalid):
    """A deadline is published under a code that the software counts by."""

    code = "rule-unknown"
    rule = ()
    title_vi = "Không có thời hạn {rule}"
    title_en = "There is no deadline {rule}"
    advice_vi = "Các mã: {known}."
    advice_en = "The codes are: {known}."


class RulesIncomplete(Invalid):
    """A version holds every deadline once, so that its name alone says what was in force."""

    code = "rules-incomplete"
    rule = ("design decision 18",)
    title_vi = "Bộ thời hạn phải nêu đủ, mỗi mã một lần; thiếu hoặc lặp: {rules}"
    title_en = "A set of rules names every code once; missing or repeated: {rules}"
    advice_vi = "Ghi lại cả những thời hạn không thay đổi."
    advice_en = "Name the deadlines that do not change as well."


class RuleOutOfBounds(Invalid):
    """A deadline gives some days, and not years."""

    code = "rule-out-of-bounds"
    rule = ()
    title_vi = "Số ngày của {rule} phải từ 0 đến {most}"
    title_en = "The days of {rule} lie between 0 and {most}"
    advice_vi = "Kiểm tra số ngày."
    advice_en = "Check the number of days."


class RulesVersionStands(Refused):
    """Due dates name the version they were counted by, so a published version never changes."""

    code = "rules-version-stands"
    rule = ("design decision 18",)
    title_vi = "Bộ thời hạn phiên bản {version} đã công bố và không thay đổi"
    title_en = "The rules of version {version} are published and do not change"
    advice_vi = "Công bố bộ thời hạn đã sửa dưới một tên phiên bản mới."
    advice_en = "Publish the corrected rules under a new version name."


class RecipientRepeated(Invalid):
    """A unit is one line of a distribution list."""

    code = "recipient-repeated"
    rule = ("R45",)
    title_vi = "Đơn vị {unit} có hai dòng trong nơi nhận"
    title_en = "The unit {unit} stands twice in the list"
    advice_vi = "Mỗi nơi nhận một dòng, với một mục đích gửi."
    advice_en = "One line for each, with one purpose."


class ChecklistEmpty(Invalid):
    """What is to be prepared has at least one line (R26)."""

    code = "checklist-empty"
    rule = ("R26",)
    title_vi = "Danh mục chuẩn bị không có dòng nào"
    title_en = "The checklist has no line"
    advice_vi = "Ghi đủ các nội dung phải chuẩn bị theo Điều 8."
    advice_en = "Name every line that is to be prepared."


class ChecklistVersionStands(Refused):
    """A proposal names the version it is prepared by, so a published version never changes (R26)."""

    code = "checklist-version-stands"
    rule = ("R26",)
    title_vi = "Danh mục chuẩn bị phiên bản {version} đã công bố và không thay đổi"
    title_en = "The checklist of version {version} is published and does not change"
    advice_vi = "Công bố danh mục đã sửa dưới một tên phiên bản mới."
    advice_en = "Publish the corrected checklist under a new version name."


class NotALeaderOf(Invalid):
    """A Chief or deputy of the office is in charge, nobody else (R27)."""

    code = "not-a-leader-of"
    rule = ("R27",)
    title_vi = "Chức vụ {post} không phải là lãnh đạo của {office}"
    title_en = "The post {post} is none of the leaders of {office}"
    advice_vi = "Chọn Chánh Văn phòng hoặc một Phó Chánh Văn phòng của văn phòng này."
    advice_en = "Choose the Chief or a deputy of this office."


class UnknownSigningKey(Invalid):
    """The office never had this key."""

    code = "unknown-signing-key"
    rule = ()
    title_vi = "Văn phòng không có khóa ký {key}"
    title_en = "The office never had the signing key {key}"
    advice_vi = "Xem danh sách khóa: doithoai keys list --office …"
    advice_en = "Look at its keys: doithoai keys list --office …"
