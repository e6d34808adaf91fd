"""Why nobody is signed in or an account is not changed; a wrong name and a wrong password are told in the same words."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class SignInRefused(Refused):
    """Unknown name, wrong password, or an account that is locked: from outside all look the same."""

    code = "sign-in-refused"
    title_vi = "Tên đăng nhập hoặc mật khẩu không đúng"
    title_en = "The name or the password is not right"
    advice_vi = "Kiểm tra phím hoa và bộ gõ rồi nhập lại; nếu quên mật khẩu, gọi quản trị của đơn vị bạn."
    advice_en = "Check caps lock and the keyboard's language, then try again; who forgot the password asks the administrator."


class SignInTooOften(Refused):
    """Too many attempts for one name or from one address."""

    code = "sign-in-too-often"
    title_vi = "Đã thử đăng nhập quá nhiều lần"
    title_en = "Too many attempts to sign in"
    advice_vi = "Chờ 15 phút rồi thử lại."
    advice_en = "Wait 15 minutes and try again."


class WrongPassword(Invalid):
    """Whoever changes a password knows the present one."""

    code = "wrong-password"
    title_vi = "Mật khẩu hiện tại không đúng"
    title_en = "The present password is not right"
    advice_vi = "Nhập lại mật khẩu đang dùng."
    advice_en = "Enter the password you use now."


class NameTaken(Invalid):
    """Another account signs in with this name."""

    code = "account-name-taken"
    title_vi = "Tên đăng nhập đã có người dùng"
    title_en = "This name is taken"
    advice_vi = "Chọn tên đăng nhập khác."
    advice_en = "Choose another name."


class WrongCode(Invalid):
    """Not the code of this moment, or one that was used before."""

    code = "wrong-code"
    title_vi = "Mã xác thực không đúng hoặc đã dùng"
    title_en = "The code is wrong or was used before"
    advice_vi = "Nhập mã đang hiện trong ứng dụng, hoặc một mã dự phòng chưa dùng; kiểm tra giờ của điện thoại."
    advice_en = "Enter the code that the app shows now, or a recovery code not used yet; check the clock of the phone."


class CodeOn(Refused):
    """The second step is switched on already."""

    code = "second-step-on"
    title_vi = "Xác thực hai bước đang bật"
    title_en = "The second step is switched on already"
    advice_vi = "Muốn dùng điện thoại khác: tắt rồi bật lại."
    advice_en = "To use another phone, switch it off and on again."


class ProviderAway(Refused):
    """The province's sign-in does not answer, or says nothing that can be used."""

    code = "provider-away"
    title_vi = "Chưa kết nối được với tài khoản của tỉnh"
    title_en = "The provincial sign-in cannot be reached"
    advice_vi = "Thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu của hệ thống này."
    advice_en = "Try again in a few minutes, or sign in with a password of this system."


class ProviderRefused(Refused):
    """What came back is not an answer to what this browser asked for: declined, too late, used before, or of somebody else."""

    code = "provider-refused"
    title_vi = "Đăng nhập bằng tài khoản của tỉnh không thành công"
    title_en = "Signing in with the provincial account did not succeed"
    advice_vi = "Bấm đăng nhập lại từ đầu; nếu lặp lại, gọi quản trị của đơn vị bạn."
    advice_en = "Begin again; if it happens again, call your administrator."


class SubjectUnknown(Forbidden):
    """Whom the provider names has no account here; being known there gives no right here."""

    code = "provider-subject-unknown"
    rule = ()
    title_vi = "Tài khoản của tỉnh này chưa gắn với tài khoản nào ở đây"
    title_en = "This provincial account is not linked with an account here"
    advice_vi = "Đăng nhập bằng mật khẩu rồi gắn ở trang Tài khoản, hoặc đọc mã này cho quản trị: {subject}."
    advice_en = "Sign in with your password and link it on the page Account, or give your administrator this code: {subject}."


class AlreadyLinked(Refused):
    """An account is linked with one account at the provider, and that with no other here."""

    code = "provider-linked"
    title_vi = "Đã gắn với tài khoản khác"
    title_en = "Linked with another account already"
    advice_vi = "Bỏ gắn ở tài khoản kia trước, hoặc gọi quản trị."
    advice_en = "Take the other link away first, or call the administrator."


class AccountClosed(Forbidden):
    """Whoever the provider names has an account here that is locked or has no post."""

    code = "account-closed"
    rule = ()
    title_vi = "Tài khoản của bạn ở đây đang khóa hoặc chưa có tư cách xử lý nào"
    title_en = "Your account here is locked or has no post"
    advice_vi = "Gọi quản trị của đơn vị bạn."
    advice_en = "Call your administrator."
