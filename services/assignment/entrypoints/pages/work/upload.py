"""A file handed in by a form of a page: its bytes, its name, and that it is a form of ours."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Final

from fastapi import Request

from shared.contracts.refusals import Invalid
from shared.web.forms import FORM, ForeignForm, carried, refuse_open_line, token_of
from shared.web.problems import Unreadable
from shared.web.uploads import body_of

FORM_TYPE: Final = "multipart/form-data"
MOST_PARTS: Final = 10
LONGEST_HEAD: Final = 2_000
LONGEST_NAME: Final = 255
BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,\-./:=?]{1,70}")


@dataclass(frozen=True, slots=True)
class Handed:
    """What a form with one file carries."""

    fields: Mapping[str, str]
    name: str
    content: bytes


async def handed_in(request: Request) -> Handed:
    """The only file of a form that one of our pages sent, and its other fields; its bound is the route's.

    Raises:
        OpenLine, ForeignForm, TooSlow
        Unreadable: no such form, or not as a browser sends it.
        Invalid: no file was chosen, or its name is none.

    """
    refuse_open_line(request)
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if not (site == "same-origin" if site is not None else origin == f"{request.url.scheme}://{request.url.netloc}"):
        raise ForeignForm
    head = Message()
    head["content-type"] = request.headers.get("content-type", "")
    boundary = head.get_param("boundary")
    if head.get_content_type() != FORM_TYPE or not isinstance(boundary, str) or not BOUNDARY.fullmatch(boundary):
        raise Unreadable
    handed = parts_of(await body_of(request), boundary)
    held = carried(request) or carried(request, FORM)
    if not held or not hmac.compare_digest(token_of(held).encode(), handed.fields.get("token", "").encode()):
        raise ForeignForm
    if not handed.name:
        raise Invalid("file")
    return handed


def parts_of(body: bytes, boundary: str) -> Handed:
    """The parts of a form's body (RFC 7578): each after its own head, the only one with a file name as it is.

    Raises:
        Unreadable: not so, several files, or too many parts.
        Invalid: a file name that is none.

    """
    first, *parts = (b"\r\n" + body).split(f"\r\n--{boundary}".encode(), MOST_PARTS + 1)
    if first or len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise Unreadable
    fields: dict[str, str] = {}
    name, content, files = "", b"", 0
    for part in parts[:-1]:
        head, between, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        said = _disposition(head) if between and len(head) <= LONGEST_HEAD else None
        field = said.get_param("name", header="content-disposition") if said is not None else None
        if said is None or not isinstance(field, str):
            raise Unreadable
        if (given := said.get_param("filename", header="content-disposition")) is not None:
            files += 1
            name, content = _name(given if isinstance(given, str) else ""), value
        else:
            fields[field] = _text(value)
    if files != 1:
        raise Unreadable
    return Handed(fields, name, content)


def _disposition(head: bytes) -> Message | None:
    for line in _text(head).split("\r\n"):
        label, colon, value = line.partition(":")
        if colon and label.strip().lower() == "content-disposition":
            found = Message()
            found["content-disposition"] = value.strip()
            return found
    return None


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable from None


def _name(given: str) -> str:
    """The name without its folders; nothing where no file was chosen."""
    name = given.replace("\\", "/").rpartition("/")[2].strip()
    if len(name) > LONGEST_NAME or (name and not name.isprintable()):
        raise Invalid("file")
    return name
