"""What a file is, by its content: pictures and PDF by their first bytes, Office files by what is in them, text by being text."""

import io
import re
import zipfile
import zlib
from typing import Final
from xml.etree import ElementTree as ET

import filetype

from shared.blobs.refusals import FileEmpty, FileNameDiffers, FileTypeRefused, MacrosRefused

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
ENDINGS: Final = {**{media: media for media in MEDIA_TYPES}, "jpg": "jpeg"}
MOST_PARTS: Final = 10_000  # of an Office file
LARGEST_TYPES_BYTES: Final = 1_048_576  # of its list of content types, unpacked

_PICTURES_AND_PDF: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg"}
_MAIN_PARTS: Final = {f"{MEDIA_TYPES[media]}.main+xml": media for media in ("docx", "xlsx")}
_RUNS: Final = re.compile(r"macro|vba|activex|oleobject", re.IGNORECASE)
_PLAIN: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_UNTYPED: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_TYPES: Final = "[Content_Types].xml"
_PART: Final = b"PK\x01\x02"  # before each part in a package's directory


def recognise(content: bytes, name: str) -> str:
    """What `content` is: one of `MEDIA_TYPES`. `name` is what the file is called where it comes from.

    Text and tables of text look alike: there the name's ending decides.

    Raises:
        FileEmpty, FileTypeRefused, MacrosRefused, FileNameDiffers

    """
    if not content:
        raise FileEmpty("file")
    media = _by_first_bytes(content) or _office(content) or _text(content, _ending(name))
    if media is None:
        raise FileTypeRefused("file", allowed=", ".join(MEDIA_TYPES))
    if _ending(name) != media:
        raise FileNameDiffers("name", media=media)
    return media


def _ending(name: str) -> str | None:
    return ENDINGS.get(name.rpartition(".")[2].lower())


def _by_first_bytes(content: bytes) -> str | None:
    kind = filetype.guess(content[:8_192])
    return _PICTURES_AND_PDF.get(kind.mime) if kind is not None else None


def _text(content: bytes, ending: str | None) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if _UNTYPED.search(text):
        return None
    return "csv" if ending == "csv" else "txt"


def _office(content: bytes) -> str | None:
    """`docx` or `xlsx` by the main part that an OOXML package declares (ECMA-376 Part 2); nothing of it is unpacked but that.

    Raises:
        MacrosRefused

    """
    if not content.startswith(b"PK\x03\x04") or content.count(_PART) > MOST_PARTS:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            listed = [part for part in parts if part.filename == _TYPES]
            if len(listed) != 1 or any(part.flag_bits & 1 or part.compress_type not in _PLAIN for part in parts):
                return None  # two lists of which a reader takes either, a password, or a packing that Office does not use
            declared = _declared(package, listed[0])
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, ET.ParseError):
        return None
    main = [_MAIN_PARTS[each] for each in declared if each in _MAIN_PARTS]
    if any(_RUNS.search(each) for each in (*declared, *(part.filename for part in parts))):
        raise MacrosRefused("file")
    return main[0] if len(main) == 1 else None


def _declared(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[str]:
    """The content types that a package declares."""
    with package.open(part) as file:
        raw = file.read(LARGEST_TYPES_BYTES + 1)
    if len(raw) > LARGEST_TYPES_BYTES:
        raise ValueError("too long")
    text = raw.decode("utf-8-sig")
    if "<!" in text:  # entities unfold without end, and OOXML has no use for them
        raise ValueError("a document type")
    return [found.get("ContentType", "") for found in ET.fromstring(text).iter()]  # noqa: S314 — bounded, and no entities
