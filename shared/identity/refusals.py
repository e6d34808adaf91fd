"""Why nobody is signed in or an account is not changed; a wrong name and a wrong password are told in the same words."""

from shared.contracts.refusals import Invalid, Refused


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
