"""Forms that bring files along (RFC 7578): read within bounds, in memory, and only where a page of this house sent them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from shared.contracts.refusals import Invalid
from shared.web.forms import LONGEST_FIELD, MOST_FIELDS, read_form, refuse_another_s_token, refuse_foreign
from shared.web.problems import Unreadable
from shared.web.uploads import body_of

TYPE: Final = "multipart/form-data"
MOST_HEADERS_BYTES: Final = 8_192  # of one part
LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form, with the name that the browser gives it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form brought: of a field named twice the last, of files all that hold something."""

    fields: Mapping[str, str]
    files: tuple[SentFile, ...] = ()


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    data: bytearray = field(default_factory=bytearray)
    read: int = 0


async def read_form_and_files(request: Request) -> Sent:
    """The fields and files of a form that one of our pages sent; its bound in bytes is the route's.

    Raises:
        OpenLine, ForeignForm
        Unreadable: no form, or too many parts.
        Invalid: a field or a file's name too long.
        TooSlow

    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != TYPE.encode():
        return Sent(await read_form(request))
    refuse_foreign(request)
    fields: dict[str, str] = {}
    files: list[SentFile] = []
    for part in _parts(await body_of(request), options.get(b"boundary", b"")):
        kind, told = parse_options_header(part.headers.get(b"content-disposition", b""))
        try:
            name = told.get(b"name", b"").decode("utf-8")
            file = told[b"filename"].decode("utf-8") if b"filename" in told else None
            value = "" if file is not None else part.data.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise Unreadable from error
        if kind != b"form-data" or not name:
            raise Unreadable
        if file is not None:
            if part.data:  # a browser sends an empty one where none was chosen
                files.append(SentFile(_plain_name(file), bytes(part.data)))
        elif len(value) > LONGEST_FIELD or "\0" in value:
            raise Invalid(name if name.isidentifier() else None)
        else:
            fields[name] = value
    refuse_another_s_token(request, fields)
    return Sent(fields, tuple(files))


def _plain_name(given: str) -> str:
    """A file's name without the folders that some browsers tell, cut to its bound from the front: its ending counts."""
    name = given.replace("\\", "/").rpartition("/")[2].strip()
    return "".join(each for each in name if each.isprintable())[-LONGEST_NAME:]


def _parts(content: bytes, boundary: bytes) -> list[_Part]:
    parts: list[_Part] = []

    def begin() -> None:
        if len(parts) >= MOST_FIELDS:
            raise Unreadable
        parts.append(_Part())

    def header_name(data: bytes, start: int, end: int) -> None:
        parts[-1].name += _within(parts[-1], data[start:end])

    def header_value(data: bytes, start: int, end: int) -> None:
        parts[-1].value += _within(parts[-1], data[start:end])

    def header_end() -> None:
        part = parts[-1]
        part.headers[bytes(part.name).lower()] = bytes(part.value)
        part.name, part.value = bytearray(), bytearray()

    def part_data(data: bytes, start: int, end: int) -> None:
        parts[-1].data += data[start:end]

    ended: list[bool] = []
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": begin,
                "on_header_field": header_name,
                "on_header_value": header_value,
                "on_header_end": header_end,
                "on_part_data": part_data,
                "on_end": lambda: ended.append(True),
            },
        )
        parser.write(content)
        parser.finalize()
    except (MultipartParseError, ValueError) as error:
        raise Unreadable from error
    if not ended:
        raise Unreadable  # cut off on its way
    return parts


def _within(part: _Part, more: bytes) -> bytes:
    part.read += len(more)
    if part.read > MOST_HEADERS_BYTES:
        raise Unreadable
    return more
