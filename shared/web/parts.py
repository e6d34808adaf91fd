"""Forms that bring a file along (multipart/form-data): read in memory, within bounds, where a page of this house sent them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from shared.web.forms import held_to, refuse_foreign
from shared.web.problems import Unreadable
from shared.web.uploads import body_of

MOST_PARTS: Final = 50
LONGEST_HEADER: Final = 2_000  # of a part, its names and values together
LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The fields of a form, and the file that came with it: its content, none where nothing was chosen, and what it is called."""

    fields: Mapping[str, str]
    content: bytes
    name: str


@dataclass(slots=True)
class _Part:
    header: bytearray = field(default_factory=bytearray)
    disposition: bytes = b""
    content: bytearray = field(default_factory=bytearray)


async def read_form_with_file(request: Request) -> Sent:
    """A form and its file; the body's bound is the route's (`shared.web.limits.takes`), and nothing of it touches a disk.

    Raises:
        OpenLine, ForeignForm
        Unreadable: it is no such form, or has too many parts or files.
        Invalid: a field too long.
        TooSlow

    """
    refuse_foreign(request)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Unreadable
    body = await body_of(request)
    try:
        parts = await asyncio.to_thread(_parts, body, boundary)
        fields, files = _sorted(parts)
    except (FormParserError, ValueError) as error:  # of which a wrong encoding is one
        raise Unreadable from error
    if len(files) > 1:
        raise Unreadable
    name, content = files[0] if files else ("", b"")
    return Sent(fields=held_to(request, fields), content=content, name=name)


def _parts(body: bytes, boundary: bytes) -> list[_Part]:
    """Every part of a body.

    Raises:
        FormParserError, ValueError

    """
    parts: list[_Part] = []
    named = bytearray()
    ended: list[bool] = []

    def begin() -> None:
        if len(parts) == MOST_PARTS:
            raise ValueError("too many parts")
        parts.append(_Part())

    def header(data: bytes, start: int, end: int) -> None:
        part = parts[-1]
        part.header += data[start:end]
        if len(part.header) > LONGEST_HEADER:
            raise ValueError("a header is too long")

    def name(data: bytes, start: int, end: int) -> None:
        named.extend(data[start:end])
        header(data, start, end)

    def value(data: bytes, start: int, end: int) -> None:
        header(data, start, end)
        if bytes(named).lower() == b"content-disposition":
            parts[-1].disposition += data[start:end]

    def content(data: bytes, start: int, end: int) -> None:
        parts[-1].content += data[start:end]

    called: dict[str, Callable[..., Any]] = {
        "on_part_begin": begin,
        "on_header_field": name,
        "on_header_value": value,
        "on_header_end": named.clear,
        "on_part_data": content,
        "on_end": lambda: ended.append(True),
    }
    parser = MultipartParser(boundary, called)  # type: ignore[arg-type]
    parser.write(body)
    parser.finalize()
    if not ended:
        raise ValueError("it breaks off")
    return parts


def _sorted(parts: list[_Part]) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
    """The fields, and the files with their names; a choice of no file is none.

    Raises:
        ValueError

    """
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    for part in parts:
        _, options = parse_options_header(part.disposition)
        if b"name" not in options:
            raise ValueError("a part has no name")
        if b"filename" not in options:
            fields[options[b"name"].decode()] = bytes(part.content).decode()
            continue
        # A browser sends the name as it is, an older one with the folders that it lay in.
        called = options[b"filename"].decode().replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:]
        if called or part.content:
            files.append((called, bytes(part.content)))
    return fields, files
