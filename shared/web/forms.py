"""Forms of pages: read within bounds, and only where a page of this house sent them."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import Response

from shared.contracts.refusals import Forbidden, Invalid
from shared.web.gateway import origin_of
from shared.web.problems import Unreadable

SESSION: Final = "doithoai"
FORM: Final = "doithoai-form"  # whoever is not signed in yet carries this, so that his form too has a token of its own
MOST_FIELDS: Final = 300  # a list of fifty lines, each with its version, and a form beside it
LONGEST_FIELD: Final = 20_000
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
FORM_TYPE: Final = "application/x-www-form-urlencoded"


class ForeignForm(Forbidden):
    """A form that no page of this house made for whoever sends it."""

    code = "foreign-form"
    rule = ()
    title_vi = "Biểu mẫu không được gửi từ trang này"
    title_en = "The form does not come from this page"
    advice_vi = "Mở lại trang rồi gửi lại; nếu vừa đăng nhập hoặc đăng xuất ở cửa sổ khác, tải lại trang trước."
    advice_en = "Open the page again and send it from there; load it again if you signed in or out in another window."


class OpenLine(Forbidden):
    """A password would pass a network that anybody on it can read."""

    code = "open-line"
    rule = ()
    title_vi = "Đường truyền chưa được mã hóa"
    title_en = "The connection is not encrypted"
    advice_vi = "Mở trang này bằng địa chỉ https; chỉ trên chính máy chủ mới dùng http://127.0.0.1."
    advice_en = "Open this page by its https address; http://127.0.0.1 serves on the machine itself alone."


def refuse_open_line(request: Request) -> None:
    """Refuse to take or give a secret over plain HTTP, but for this machine itself.

    Raises:
        OpenLine

    """
    if not secure(request) and request.url.hostname not in LOOPBACK:
        raise OpenLine


def secure(request: Request) -> bool:
    """Whether the browser's connection is TLS, here or at a gateway that is believed and says so."""
    return request.url.scheme == "https"


def carried(request: Request, cookie: str = SESSION) -> str:
    """The secret in a cookie of ours, or nothing."""
    return request.cookies.get(_named(request, cookie), "")


def carry(response: Response, request: Request, secret: str, cookie: str = SESSION) -> None:
    """Give the browser a secret that no script and no other host sees; it goes when the browser is closed."""
    response.set_cookie(_named(request, cookie), secret, path="/", secure=secure(request), httponly=True, samesite="lax")


def drop(response: Response, request: Request, cookie: str = SESSION) -> None:
    """Take it back."""
    response.delete_cookie(_named(request, cookie), path="/", secure=secure(request), httponly=True, samesite="lax")


def form_secret(request: Request) -> str:
    """What a form's token hangs on: the session, before signing in a secret of its own."""
    return carried(request) or carried(request, FORM) or secrets.token_urlsafe(32)


def token_of(secret: str) -> str:
    """The token of a form shown to whoever carries `secret`; it does not give the secret away."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form that one of our pages sent; of a field named twice the last.

    Raises:
        OpenLine, ForeignForm
        Unreadable: no form, or too many fields.
        Invalid: a field too long.

    """
    refuse_foreign(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise Unreadable
    try:
        sent = (await request.body()).decode("utf-8")
        fields = dict(parse_qsl(sent, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))
    except ValueError as error:  # of which a wrong encoding is one
        raise Unreadable from error
    for name, value in fields.items():
        if len(value) > LONGEST_FIELD or "\0" in value:
            raise Invalid(name if name.isidentifier() else None)
    refuse_another_s_token(request, fields)
    return fields


def refuse_foreign(request: Request) -> None:
    """Refuse what a page of another host sent.

    Raises:
        OpenLine, ForeignForm

    """
    refuse_open_line(request)
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = site == "same-origin" if site is not None else origin == origin_of(request)
    if not own:
        raise ForeignForm


def refuse_another_s_token(request: Request, fields: Mapping[str, str]) -> None:
    """Refuse a form that was not made for whoever sends it.

    Raises:
        ForeignForm

    """
    held = carried(request) or carried(request, FORM)
    if not held or not hmac.compare_digest(token_of(held).encode(), fields.get("token", "").encode()):
        raise ForeignForm


def path_within(given: str, otherwise: str) -> str:
    """Where to go on after signing in: a path of this house, never an address of another."""
    plain = given.isascii() and given.isprintable() and " " not in given and "\\" not in given and len(given) <= 500
    return given if plain and given.startswith("/") and not given.startswith("//") else otherwise


def _named(request: Request, cookie: str) -> str:
    return f"__Host-{cookie}" if secure(request) else cookie
