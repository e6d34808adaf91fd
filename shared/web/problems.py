"""Problem details (RFC 9457): the one table from refusals and faults to HTTP."""

import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import Scope

from shared.blobs.place import PlaceUnavailable
from shared.blobs.refusals import FileInQuarantine, FileTooLarge, NoPlaceForFiles
from shared.contracts.refusals import Forbidden, Invalid, KeyReused, Refused, Stale, Unknown
from shared.directory.queries import DirectoryNotYet
from shared.eventlog.port import AppendRefused, LogUnavailable, StreamConflict
from shared.subscriptions.faults import is_transient
from shared.telemetry import trace_id
from shared.vault.port import PersonErased, VaultUnavailable
from shared.web.fields import wrong_fields, wrong_parameters
from shared.web.responses import Json, hardened_headers

log = structlog.get_logger()
MEDIA_TYPE: Final = "application/problem+json"
_DAY: Final = re.compile(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])")

# The first class that fits decides; a rule of the domain that none names is a conflict with what stands.
STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (Unknown, 404),
    (Forbidden, 403),
    (Stale, 412),
    (KeyReused, 422),
    (Invalid, 422),
    (Refused, 409),
)


class NotSignedIn(Refused):
    """No credential, or one that does not hold."""

    code = "not-signed-in"
    title_vi = "Chưa đăng nhập hoặc mã truy cập không còn hiệu lực"
    title_en = "No valid credential"
    advice_vi = "Gửi kèm tiêu đề Authorization: Bearer <mã truy cập> còn hiệu lực."
    advice_en = "Send the header Authorization: Bearer <token> with a token that holds."


class PasswordToChange(Forbidden):
    """A first password opens nothing but the page that changes it."""

    code = "password-to-change"
    rule = ()
    title_vi = "Đổi mật khẩu lần đầu trước khi làm việc"
    title_en = "The first password is to be changed first"
    advice_vi = "Mở trang Tài khoản và đặt mật khẩu của riêng bạn."
    advice_en = "Open the page Account and set a password of your own."


class NotYet(Refused):
    """The read model has not reached the position asked for within the wait."""

    code = "not-yet"
    title_vi = "Dữ liệu chưa cập nhật kịp"
    title_en = "The answer is not up to date yet"
    advice_vi = "Thử lại sau một giây."
    advice_en = "Try again in a second."


class Unreadable(Refused):
    """The request's body or headers cannot be read at all."""

    code = "unreadable"
    title_vi = "Không đọc được nội dung gửi lên"
    title_en = "The body cannot be read"
    advice_vi = "Gửi JSON hợp lệ, mã hóa UTF-8, mỗi khóa chỉ một lần."
    advice_en = "Send valid JSON in UTF-8, each key once."


class InvalidBody(Invalid):
    """The body was read but holds values that cannot be; each is named."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        self.errors = errors
        super().__init__(errors[0]["field"] or None)

    @classmethod
    def of(cls, error: ValidationError, *, at: str = "") -> "InvalidBody":
        """What pydantic found wrong with a body, or with its one field `at`."""
        errors = wrong_fields(error)
        return cls([each | {"field": at} for each in errors] if at else errors)


class WrongMethod(Refused):
    """The path is known, but not with this method; `Allow` names those it has."""

    code = "wrong-method"
    title_vi = "Đường dẫn này không nhận phương thức vừa gửi"
    title_en = "This path does not take that method"
    advice_vi = "Dùng phương thức nêu trong tiêu đề Allow; xem /openapi.json."
    advice_en = "Use a method that the header Allow names; see /openapi.json."


class NotAcceptable(Refused):
    """The asker takes no form that the answer has."""

    code = "not-acceptable"
    title_vi = "Không có dạng trả lời phù hợp"
    title_en = "The answer has no form that is accepted"
    advice_vi = "Gửi Accept: application/json."
    advice_en = "Send Accept: application/json."


class WrongMediaType(Refused):
    """The body is in a form that is not read."""

    code = "wrong-media-type"
    title_vi = "Định dạng nội dung không được hỗ trợ"
    title_en = "The body is in a form that is not read here"
    advice_vi = "Gửi JSON với Content-Type: application/json."
    advice_en = "Send JSON with Content-Type: application/json."


class NotServed(Refused):
    """Any other request that the frame does not serve, under the status it gave."""

    code = "not-served"
    title_vi = "Yêu cầu này không được phục vụ"
    title_en = "This request is not served"
    advice_vi = "Kiểm tra phương thức, đường dẫn và tiêu đề; xem /openapi.json."
    advice_en = "Check method, path and headers; see /openapi.json."

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__()


class TooLarge(Refused):
    """The body is over the limit."""

    code = "too-large"
    title_vi = "Nội dung gửi lên quá lớn"
    title_en = "The body is too large"
    advice_vi = "Giảm dung lượng hoặc chia thành nhiều lần gửi."
    advice_en = "Make it smaller or send it in parts."


class PreconditionMissing(Refused):
    """A change must say which version it was decided on."""

    code = "precondition-missing"
    title_vi = "Thiếu tiêu đề If-Match"
    title_en = "If-Match is missing"
    advice_vi = "Đọc hồ sơ, rồi gửi kèm If-Match với ETag vừa nhận."
    advice_en = 'Read it first, then send If-Match with the ETag you got, such as "3".'


class KeyMissing(Refused):
    """A creating request must carry a key, so that sending it again creates nothing twice."""

    code = "idempotency-key-missing"
    title_vi = "Thiếu tiêu đề Idempotency-Key"
    title_en = "Idempotency-Key is missing"
    advice_vi = "Gửi kèm Idempotency-Key do phía gửi tự đặt, giữ nguyên khi gửi lại."
    advice_en = "Send an Idempotency-Key of your own and keep it when you send again."


class TooOften(Refused):
    """More requests than the limit of this route."""

    code = "too-often"
    title_vi = "Gửi quá nhiều lần"
    title_en = "Too many requests"
    advice_vi = "Chờ một phút rồi thử lại."
    advice_en = "Wait a minute and try again."


class TooSlow(Refused):
    """The body did not arrive in time."""

    code = "too-slow"
    title_vi = "Gửi quá lâu"
    title_en = "The body took too long"
    advice_vi = "Kiểm tra đường truyền rồi gửi lại với cùng Idempotency-Key."
    advice_en = "Check the connection and send again with the same Idempotency-Key."


class Away(Refused):
    """A store did not answer in time."""

    code = "unavailable"
    title_vi = "Hệ thống tạm thời chưa phục vụ được"
    title_en = "Not available for the moment"
    advice_vi = "Gửi lại với cùng Idempotency-Key; không có gì bị ghi hai lần."
    advice_en = "Send again with the same Idempotency-Key; nothing is written twice."


class KeepsMoving(Refused):
    """Others changed the same thing at every attempt."""

    code = "keeps-moving"
    title_vi = "Hồ sơ đang được nhiều người cập nhật"
    title_en = "Others are changing it at this moment"
    advice_vi = "Đọc lại rồi thực hiện lại."
    advice_en = "Read it again, then try again."


class Failed(Refused):
    """A fault of the house, not of the asker."""

    code = "failed"
    title_vi = "Hệ thống gặp lỗi"
    title_en = "Something went wrong on our side"
    advice_vi = "Thử lại; nếu lặp lại, báo quản trị kèm mã trace_id."
    advice_en = "Try again; if it stays, tell the operator the trace_id."


_OWN_STATUS: Final[Mapping[type[Refused], int]] = {
    NotSignedIn: 401,
    NotYet: 503,
    Unreadable: 400,
    WrongMethod: 405,
    NotAcceptable: 406,
    TooLarge: 413,
    WrongMediaType: 415,
    PreconditionMissing: 428,
    KeyMissing: 400,
    TooOften: 429,
    TooSlow: 408,
    FileTooLarge: 413,
    NoPlaceForFiles: 503,
    FileInQuarantine: 503,
    Away: 503,
    KeepsMoving: 409,
    Failed: 500,
}
_HEADERS: Final[Mapping[type[Refused], Mapping[str, str]]] = {
    NotSignedIn: {"WWW-Authenticate": "Bearer"},
    NotYet: {"Retry-After": "1"},
    TooOften: {"Retry-After": "60"},
    Away: {"Retry-After": "2"},
    FileInQuarantine: {"Retry-After": "60"},
}
# What the frame itself raises, by status.
_RAISED: Final[Mapping[int, type[Refused]]] = {
    400: Unreadable,
    401: NotSignedIn,
    403: Forbidden,
    404: Unknown,
    405: WrongMethod,
    406: NotAcceptable,
    413: TooLarge,
    415: WrongMediaType,
    429: TooOften,
    500: Failed,
    503: Away,
}
_OF_ANY_SERVICE: Final = ((412, Stale), (422, KeyReused), (422, Invalid))
# How a driver says that it cannot go on; `is_transient` tells which of these pass by themselves.
_STORES: Final = (
    DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError, TimeoutError, socket.gaierror,
)  # fmt: skip


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    if isinstance(refused, NotServed):
        return refused.status
    own = _OWN_STATUS.get(type(refused))
    return own if own is not None else next(status for kind, status in STATUS if isinstance(refused, kind))


def _kinds() -> Iterator[tuple[int, type[Refused]]]:
    yield from _RAISED.items()
    yield from ((status, kind) for kind, status in _OWN_STATUS.items())
    yield from _OF_ANY_SERVICE


def kinds_by_status() -> dict[int, tuple[str, ...]]:
    """The codes of the frame's own problems by their status; those of a rule of the domain are told by the rule."""
    found: dict[int, set[str]] = {}
    for status, kind in _kinds():
        found.setdefault(status, set()).add(kind.code)
    return {status: tuple(sorted(codes)) for status, codes in found.items()}


def _dated(sentence: str) -> str:
    """A Vietnamese sentence with its days as an office writes them: 20/03/2023."""
    return _DAY.sub(r"\3/\2/\1", sentence)


def body_of(refused: Refused, *, language: str = "vi") -> dict[str, Any]:
    """The problem as JSON: title, advice and messages in both languages, `title`, `detail` and `message` in the asker's.

    `rule` lists the rules that say no, and is left out where the request was refused for its form.
    """
    english = language == "en"
    facts = {name: value for name, value in refused.facts.items() if isinstance(value, str | int | bool | None)}
    titles = {"vi": _dated(refused.said(refused.title_vi)), "en": refused.said(refused.title_en)}
    advice = {"vi": _dated(refused.said(refused.advice_vi)), "en": refused.said(refused.advice_en)}
    problem: dict[str, Any] = {
        "type": f"/problems/{refused.code}",
        "title": titles["en" if english else "vi"],
        "status": status_of(refused),
        "detail": advice["en" if english else "vi"],
        "code": refused.code,
        "titles": titles,
        "advice": advice,
        "trace_id": trace_id(),
    }
    if refused.rule:
        problem["rule"] = list(refused.rule)
    if refused.field:
        problem["field"] = refused.field
    if facts:
        problem["facts"] = facts
    if isinstance(refused, InvalidBody):
        problem["errors"] = [each | {"message": each["messages"][language]} for each in refused.errors]
    return problem


def answer(refused: Refused, *, language: str = "vi", headers: Mapping[str, str] | None = None) -> Response:
    """The refusal as a response."""
    return Json(
        body_of(refused, language=language),
        status_code=status_of(refused),
        media_type=MEDIA_TYPE,
        headers={**_HEADERS.get(type(refused), {}), **(headers or {})},
    )


def language_of(request: Request) -> str:
    """`en` where the asker prefers English to Vietnamese, else `vi`."""
    if (asked := request.query_params.get("lang")) in ("vi", "en"):
        return asked
    accepted = request.headers.get("accept-language", "").lower()
    vi, en = accepted.find("vi"), accepted.find("en")
    return "en" if en >= 0 and (vi < 0 or en < vi) else "vi"


def route_of(scope: Scope) -> str:
    """The route that a request met, such as `/intake/api/receipts/{code}`: its path may name what nobody is to read."""
    return getattr(scope.get("route"), "path", "-")


def install(app: FastAPI, page: Callable[[Request, Refused], Response | None] = lambda _request, _refused: None) -> None:
    """Answer every exception of the app as a problem, or as the `page` that there is for whoever asks."""

    def told(request: Request, refusal: Refused, headers: Mapping[str, str] | None = None) -> Response:
        return page(request, refusal) or answer(refusal, language=language_of(request), headers=headers)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return told(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        problems = error.errors()
        unreadable = any(each["type"] == "json_invalid" for each in problems)
        refusal = Unreadable() if unreadable else InvalidBody(wrong_parameters(problems))
        return told(request, refusal)

    async def away(request: Request, error: Exception) -> Response:
        log.warning("request.unavailable", error=type(error).__name__, route=route_of(request.scope))
        return told(request, Away())

    async def moving(request: Request, error: Exception) -> Response:
        assert isinstance(error, StreamConflict)
        return told(request, KeepsMoving(stream=error.stream))

    async def unstorable(request: Request, _error: Exception) -> Response:
        return told(request, TooLarge())

    async def erased(request: Request, _error: Exception) -> Response:
        return told(request, Unknown())

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        known = _RAISED.get(error.status_code)
        refusal = known() if known else NotServed(error.status_code)
        return told(request, refusal, error.headers)

    async def failed(request: Request, error: Exception) -> Response:
        log.error("request.failed", error=type(error).__name__, route=route_of(request.scope), exc_info=error)
        answered = told(request, Failed())
        answered.raw_headers = hardened_headers(answered.raw_headers)  # what nobody foresaw passes outside the bounds
        return answered

    async def store(request: Request, error: Exception) -> Response:
        return await (away if is_transient(error) else failed)(request, error)

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(LogUnavailable, away)
    app.add_exception_handler(VaultUnavailable, away)
    app.add_exception_handler(DirectoryNotYet, away)
    app.add_exception_handler(PlaceUnavailable, away)
    app.add_exception_handler(StreamConflict, moving)
    app.add_exception_handler(AppendRefused, unstorable)
    app.add_exception_handler(PersonErased, erased)
    app.add_exception_handler(HTTPException, http)
    for kind in _STORES:
        app.add_exception_handler(kind, store)
    app.add_exception_handler(Exception, failed)
