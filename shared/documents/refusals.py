"""Which rules the life cycle of a document and its books of numbers hold: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class RecipientTwice(Invalid):
    """One line for each recipient and purpose: two of them would be sent, and counted, twice (R45)."""

    code = "recipient-twice"
    rule = ("R45",)
    title_vi = "Nơi nhận {recipient} ghi hai lần với cùng mục đích"
    title_en = "The recipient {recipient} stands twice with the same purpose"
    advice_vi = "Bỏ một dòng, hoặc ghi mục đích khác nhau."
    advice_en = "Leave one line out, or give each its own purpose."


class RecipientsMissing(Invalid):
    """What is sent is sent to somebody: to the lines it was drafted with, or to its office's list for its kind (R42, R45)."""

    code = "recipients-missing"
    rule = ("R42", "R45")
    title_vi = "Văn bản chưa có nơi nhận nào"
    title_en = "The document goes to nobody"
    advice_vi = "Đặt danh sách nơi nhận cho loại văn bản này từ ngày đó, hoặc ghi nơi nhận khi soạn thảo."
    advice_en = "Set the office's list of recipients for this kind from that day on, or name recipients in the draft."


class UnitNotInForce(Invalid):
    """The unit is registered, but not for this day."""

    code = "unit-not-in-force"
    rule = ()
    title_vi = "Đơn vị {unit} không hoạt động vào ngày {day}"
    title_en = "The unit {unit} is not in force on {day}"
    advice_vi = "Chọn đơn vị đang hoạt động vào ngày đó, hoặc kiểm tra lại ngày."
    advice_en = "Choose a unit that is in force on that day, or check the day."


class BeforeTheSigner(Refused):
    """What lies before whoever signs is not changed under his hands (R41)."""

    code = "before-the-signer"
    rule = ("R41", "year §1")
    title_vi = "Văn bản đang trình ký"
    title_en = "The document lies before whoever signs it"
    advice_vi = "Người ký trả lại trước, rồi sửa hoặc góp ý."
    advice_en = "Have it returned first, then change it or comment on it."


class SignedStands(Refused):
    """What was signed is fixed by its digest: it is not changed, returned or signed anew (R41, invariant 10)."""

    code = "signed-stands"
    rule = ("R41", "invariant 10")
    title_vi = "Văn bản đã ký, nội dung không thay đổi"
    title_en = "The document is signed, and its content stands"
    advice_vi = "Soạn văn bản khác, ký, phát hành, rồi ghi văn bản này bị thay thế."
    advice_en = "Draft another one, have it signed and issued, then let it supersede this one."


class NotSubmitted(Refused):
    """Only what was put before the signer is signed or returned."""

    code = "not-submitted"
    rule = ("R41", "year §1")
    title_vi = "Văn bản chưa trình ký"
    title_en = "The document is not submitted for signature"
    advice_vi = "Trình ký trước."
    advice_en = "Submit it first."


class CapacityNotHeld(Forbidden):
    """Whoever signs holds on that day a post or a delegation that allows the capacity he signs in (R6; NĐ 30/2020 Đ.13)."""

    code = "capacity-not-held"
    rule = ("R6", "Nghị định 30/2020/NĐ-CP, Điều 13")
    title_vi = "Người ký không có thẩm quyền ký {wanted} vào ngày này"
    title_en = "The signer may not sign as {wanted} on that day"
    advice_vi = "Được ký: {allowed}. Chọn đúng thể thức ký, hoặc trình người có thẩm quyền."
    advice_en = "Allowed is: {allowed}. Choose that capacity, or put it before whoever has the authority."


class OtherContent(Invalid):
    """The signer says what he signs: it is what was drafted, or he saw another text (R41)."""

    code = "other-content"
    rule = ("R41",)
    title_vi = "Nội dung ký khác nội dung đã trình"
    title_en = "What is signed is not what was submitted"
    advice_vi = "Mở lại bản đã trình, đối chiếu mã băm, rồi ký hoặc trả lại."
    advice_en = "Open what was submitted, compare its digest, then sign or return it."


class SigningKeyMissing(Refused):
    """What is signed is signed by the office's key too, so that nobody can change it unseen (R41, invariant 10)."""

    code = "signing-key-missing"
    rule = ("R41", "invariant 10")
    title_vi = "Văn phòng {office} chưa có khóa ký"
    title_en = "The office {office} has no signing key"
    advice_vi = "Quản trị hoặc người đứng đầu tạo khóa: doithoai keys make --office {office}, rồi ký lại."
    advice_en = "Have its key made by an administrator or its head: doithoai keys make --office {office}; then sign again."


class FileDiffers(Refused):
    """What was issued is handed out as it was issued, or not at all (R41)."""

    code = "file-differs"
    rule = ("R41",)
    title_vi = "Tệp đang lưu không còn là tệp đã phát hành"
    title_en = "The stored file is not the one that was issued"
    advice_vi = "Báo người vận hành: khôi phục tệp từ bản sao lưu rồi kiểm tra lại."
    advice_en = "Tell the operator: restore the file from the backup, then look again."


class SentAsIssued(Refused):
    """Whoever was sent a paper holds its file: another one does not take its place afterwards (R41)."""

    code = "sent-as-issued"
    rule = ("R41",)
    title_vi = "Văn bản đã gửi hoặc công khai, tệp phát hành không thay được"
    title_en = "The paper was sent or published: its file is not replaced any more"
    advice_vi = "Nộp tệp ký số sau khi ký hoặc cấp số, trước khi gửi nơi nhận."
    advice_en = "Hand the signed file in once the paper is signed or numbered, before it is sent."


class NotAPdf(Invalid):
    """A copy that was signed outside is a PDF that can be read without a password."""

    code = "not-a-pdf"
    rule = ("Nghị định 30/2020/NĐ-CP, Điều 4",)
    title_vi = "Tệp không phải PDF đọc được"
    title_en = "The file is no PDF that can be read"
    advice_vi = "Chọn tệp PDF đã ký số, không đặt mật khẩu."
    advice_en = "Choose the signed PDF; it has no password."


class NoSignatureInside(Invalid):
    """What is handed in as signed outside carries a digital signature of its own."""

    code = "no-signature-inside"
    rule = ("R41",)
    title_vi = "Tệp PDF không có chữ ký số"
    title_en = "The PDF carries no digital signature"
    advice_vi = "Ký số tệp PDF trước, rồi nộp lại."
    advice_en = "Sign the PDF digitally first, then hand it in."


class ChangedAfterSigning(Invalid):
    """A signature inside a file holds over its bytes, and nothing was changed after it (R41)."""

    code = "changed-after-signing"
    rule = ("R41",)
    title_vi = "Chữ ký số trong tệp không còn khớp: tệp đã thay đổi sau khi ký"
    title_en = "A signature in the file does not hold: the file was changed after it was signed"
    advice_vi = "Lấy lại tệp gốc từ người ký, hoặc ký lại."
    advice_en = "Get the file as its signer saved it, or have it signed again."


class AnnotationsInside(Invalid):
    """What was signed outside has nothing over its pages but signatures: what is laid over a text changes what is read (R41)."""

    code = "annotations-inside"
    rule = ("R41",)
    title_vi = "Tệp PDF có chú thích hoặc ô nhập đặt trên trang, ngoài chữ ký số"
    title_en = "The PDF has annotations or fields on its pages besides its digital signatures"
    advice_vi = "Bỏ chú thích và ô nhập, ký số lại chính tệp PDF do hệ thống lập (render), rồi nộp tệp đó."
    advice_en = "Sign the very PDF that the house writes (render), without annotations or fields, and hand that in."


class OtherText(Invalid):
    """What was signed outside says what was signed here, in the same words, number and day aside (R41)."""

    code = "other-text"
    rule = ("R41",)
    title_vi = "Lời văn của tệp khác văn bản đã ký, từ “{differs}”"
    title_en = "The file does not say what was signed here, from “{differs}” on"
    advice_vi = "Ký số chính tệp PDF do hệ thống lập (render) rồi nộp tệp đó."
    advice_en = "Sign the very PDF that the house writes (render), and hand that in."


class NotSigned(Refused):
    """A number, an issue, a publication belong to a signed document only (NĐ 30/2020 Đ.15)."""

    code = "not-signed"
    rule = ("year §1", "Nghị định 30/2020/NĐ-CP, Điều 15")
    title_vi = "Văn bản chưa ký"
    title_en = "The document is not signed"
    advice_vi = "Trình ký và ký trước; bản chưa ký thì soạn lại."
    advice_en = "Have it signed first; what is not signed is drafted again."


class AlreadyNumbered(Refused):
    """A document carries one number for good (invariant 11)."""

    code = "already-numbered"
    rule = ("invariant 11",)
    title_vi = "Văn bản đã có số {symbol}"
    title_en = "The document carries the number {symbol}"
    advice_vi = "Dùng số đã cấp. Nếu số sai, thay văn bản rồi hủy số, kèm lý do."
    advice_en = "Use the number it has. If that is wrong, supersede the document and void the number, with the reason."


class NotNumbered(Refused):
    """A document is issued under its number and date (NĐ 30/2020 Đ.15)."""

    code = "not-numbered"
    rule = ("invariant 11", "Nghị định 30/2020/NĐ-CP, Điều 15")
    title_vi = "Văn bản chưa có số"
    title_en = "The document has no number"
    advice_vi = "Văn thư cấp số từ sổ đăng ký trước, hoặc phát hành kèm sổ và số."
    advice_en = "Have the registry number it from a register first, or name register and number when issuing."


class NotIssued(Refused):
    """Only an issued document is sent, published or recalled."""

    code = "not-issued"
    rule = ("year §1",)
    title_vi = "Văn bản chưa phát hành"
    title_en = "The document is not issued"
    advice_vi = "Cấp số và phát hành trước."
    advice_en = "Have it numbered and issued first."


class NotSentThere(Refused):
    """Nobody has received what was not sent to him (R42)."""

    code = "not-sent-there"
    rule = ("R42",)
    title_vi = "Văn bản chưa gửi {recipient}"
    title_en = "The document was not sent to {recipient}"
    advice_vi = "Ghi việc gửi trước, kèm mục đích và phương thức."
    advice_en = "Record the sending first, with its purpose and means."


class NotForOthers(Forbidden):
    """A recipient says what it has received itself; the registry may record that for those who do not answer here."""

    code = "not-for-others"
    rule = ("R42", "invariant 15")
    title_vi = "Không xác nhận thay {recipient}"
    title_en = "The receipt of {recipient} is not yours to record"
    advice_vi = "Đơn vị nhận tự xác nhận, hoặc văn thư ghi thay."
    advice_en = "The recipient records it, or the registry on its behalf."


class NotForPublication(Refused):
    """Plans, programmes, notices, invitations and reports are made public; inner papers, which may name people, are not (R7)."""

    code = "not-for-publication"
    rule = ("R7",)
    title_vi = "Loại văn bản này không công khai"
    title_en = "A document of this kind is not published"
    advice_vi = "Công khai kế hoạch, chương trình, giấy mời, thông báo hoặc báo cáo."
    advice_en = "Publish the plan, programme, invitation, notice or report."


class NamesNotTakenOut(Refused):
    """A notice of conclusions is published without the names in it (R7)."""

    code = "names-not-taken-out"
    rule = ("R7",)
    title_vi = "Thông báo chỉ công khai bản đã lược bỏ danh tính"
    title_en = "A notice is published with the names taken out"
    advice_vi = "Lược bỏ danh tính, gửi mã băm của bản đó và ghi redacted là true."
    advice_en = "Take the names out, give that text's digest and say redacted: true."


class PublishedDiffers(Invalid):
    """What is published unredacted is what was signed (R7, R41)."""

    code = "published-differs"
    rule = ("R7", "R41")
    title_vi = "Bản công khai khác bản đã ký"
    title_en = "What is published is not what was signed"
    advice_vi = "Công khai đúng bản đã ký, hoặc ghi redacted là true nếu đã lược bỏ danh tính."
    advice_en = "Publish what was signed, or say redacted: true where names were taken out."


class WasRecalled(Refused):
    """A recalled document is out of force: it is neither sent nor published any more."""

    code = "was-recalled"
    rule = ("year §1", "Nghị định 30/2020/NĐ-CP, Điều 18")
    title_vi = "Văn bản đã thu hồi"
    title_en = "The document was recalled"
    advice_vi = "Soạn, ký và phát hành văn bản khác."
    advice_en = "Draft, sign and issue another one."


class WasSuperseded(Refused):
    """Another document stands in its place."""

    code = "was-superseded"
    rule = ("year §1", "Nghị định 30/2020/NĐ-CP, Điều 18")
    title_vi = "Văn bản đã được thay thế bằng {by}"
    title_en = "The document is superseded by {by}"
    advice_vi = "Làm việc trên văn bản thay thế."
    advice_en = "Work on the one that stands."


class SuccessorNotInForce(Refused):
    """What takes another's place is issued and stands, of the same office and kind, and is another document."""

    code = "successor-not-in-force"
    rule = ("year §1", "Nghị định 30/2020/NĐ-CP, Điều 18")
    title_vi = "Văn bản thay thế phải là văn bản khác, cùng loại, cùng cơ quan, đã phát hành và còn hiệu lực"
    title_en = "The successor must be another document of the same kind and office, issued and standing"
    advice_vi = "Ký, cấp số và phát hành văn bản thay thế trước."
    advice_en = "Have the successor signed, numbered and issued first."


class PatternWithoutNumber(Invalid):
    """The symbols of a register carry the number once (NĐ 30/2020, Phụ lục I)."""

    code = "pattern-without-number"
    rule = ("brief §2.1", "Nghị định 30/2020/NĐ-CP, Phụ lục I")
    title_vi = "Mẫu ký hiệu phải chứa {{number}} đúng một lần"
    title_en = "The pattern must hold {{number}} once"
    advice_vi = "Ví dụ: {{number}}/TB-VPUB."
    advice_en = "Such as {{number}}/TB-VPUB."


class YearOutOfRange(Invalid):
    """A register is of a year that can be."""

    code = "year-out-of-range"
    rule = ()
    title_vi = "Năm phải từ {first} đến {last}"
    title_en = "The year must lie between {first} and {last}"
    advice_vi = "Kiểm tra lại năm."
    advice_en = "Check the year."


class RegisterStands(Refused):
    """A register is opened once for its year; what it is does not change under its numbers (invariant 11)."""

    code = "register-stands"
    rule = ("invariant 11",)
    title_vi = "Sổ đăng ký đã mở theo cách khác"
    title_en = "The register is open already, otherwise than asked"
    advice_vi = "Dùng sổ đang mở, hoặc mở sổ với mã khác."
    advice_en = "Use the register that is open, or open one under another key."


class NoSuchRegister(Invalid):
    """A number comes only from a register that is open for the year; numbering begins anew each year (invariant 11)."""

    code = "no-such-register"
    rule = ("invariant 11",)
    title_vi = "Chưa mở sổ đăng ký {book} năm {year}"
    title_en = "There is no register {book} of {year}"
    advice_vi = "Mở sổ của năm đó trước, rồi cấp số."
    advice_en = "Open the register of that year first, then number."


class NumberMissing(Invalid):
    """The office's own book also numbers other papers: the registry types what stands there (design decision 20)."""

    code = "number-missing"
    rule = ("design decision 20",)
    title_vi = "Sổ ngoài cần ghi số lấy từ sổ của cơ quan"
    title_en = "An external register needs the number that stands in the office's book"
    advice_vi = "Ghi số Văn thư đã cấp."
    advice_en = "Give the number that the registry assigned."


class NumberOutOfRange(Invalid):
    """A number in a register begins at 1."""

    code = "number-out-of-range"
    rule = ("brief §2.1",)
    title_vi = "Số phải từ 1 đến {last}"
    title_en = "The number must lie between 1 and {last}"
    advice_vi = "Kiểm tra lại số."
    advice_en = "Check the number."


class NotTheNextNumber(Refused):
    """An internal register is consecutive: it gives, or spoils, the next number and no other (invariant 11)."""

    code = "not-the-next-number"
    rule = ("invariant 11",)
    title_vi = "Số tiếp theo của sổ là {next}"
    title_en = "The next number of the register is {next}"
    advice_vi = "Bỏ trống số để lấy số tiếp theo."
    advice_en = "Leave the number out and the register gives the next one."


class NumberTaken(Refused):
    """A number belongs to one document for good, and is given once (invariant 11)."""

    code = "number-taken"
    rule = ("invariant 11",)
    title_vi = "Số {number} đã cấp cho văn bản khác"
    title_en = "The number {number} belongs to another document"
    advice_vi = "Kiểm tra sổ, ghi đúng số. Số đã cấp không dùng lại và không hủy khi văn bản còn dùng số đó."
    advice_en = "Check the book and give the right number. One that is used is neither reused nor voided."


class NumberVoid(Refused):
    """A spoiled number is a recorded void and never used (invariant 11)."""

    code = "number-void"
    rule = ("invariant 11",)
    title_vi = "Số {number} đã hủy"
    title_en = "The number {number} was voided"
    advice_vi = "Dùng số khác."
    advice_en = "Use another number."


class LetterNotPrintable(Refused):
    """A paper is set in Times New Roman or what has its measures: what that lacks cannot stand on it (Phụ lục I)."""

    code = "letter-not-printable"
    rule = ("Nghị định 30/2020/NĐ-CP, Phụ lục I",)
    title_vi = "Văn bản có ký tự không in được bằng phông chữ quy định"
    title_en = "The paper holds a character that its font does not have"
    advice_vi = "Bỏ biểu tượng cảm xúc, ký hiệu lạ, rồi lập lại văn bản."
    advice_en = "Take out emoji and unusual signs, then write it again."
