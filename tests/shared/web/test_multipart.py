"""Forms with files: read as browsers write them, within bounds, and refused when they are cut or forged."""

from typing import Any

import pytest

from shared.web.forms import MOST_FIELDS
from shared.web.multipart import _parts, _plain_name
from shared.web.problems import Unreadable


def body(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


FIELD = b'Content-Disposition: form-data; name="words"\r\n\r\nM\xe1\xbb\x99t d\xc3\xb2ng\r\nhai'
FILE = b'Content-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x00'


def test_bytes_are_kept_as_they_are() -> None:
    field, file = _parts(body(FIELD, FILE), b"b")
    assert bytes(field.data).decode() == "Một dòng\r\nhai"
    assert bytes(file.data) == b"\x89PNG\r\n\x00"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no form at all",
        body(FIELD, end=b""),
        body(FIELD)[:-8],
        body(b"X: " + b"y" * 9_000 + b"\r\n\r\nz"),
        body(*([FIELD] * (MOST_FIELDS + 1))),
    ],
    ids=["empty", "none", "no end", "cut", "long head", "many"],
)
def test_what_is_no_form_is_not_read(content: bytes) -> None:
    with pytest.raises(Unreadable):
        _parts(content, b"b")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\ảnh\\đơn.pdf", "đơn.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\nb\x07.png", "ab.png"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_of_a_file_s_name_only_the_name_is_kept(given: str, kept: str) -> Any:
    assert _plain_name(given) == kept
