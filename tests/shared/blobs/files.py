"""Small files of every kind the house takes, and of some it does not."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(64) + b"\xff\xd9"
GIF: Final = b"GIF89a" + bytes(32)
EXE: Final = b"MZ" + bytes(200)
DOCX_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX_MAIN: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def png(width: int = 1) -> bytes:
    """A picture; another width is another picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + (1).to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(bytes(width + 1))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def package(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


def types(*declared: str) -> str:
    """The list of content types of an Office file."""
    overrides = "".join(f'<Override PartName="/p{n}" ContentType="{each}"/>' for n, each in enumerate(declared))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def office(main: str = DOCX_MAIN, *more: str, **parts: bytes | str) -> bytes:
    """An Office file with this main part, these further content types and parts."""
    return package({"[Content_Types].xml": types(main, *more), "word/document.xml": "<w:document/>", **parts})
