"""Looks into a PDF that was signed outside, by itself in a process of its own: what kills this one harms nobody.

Run as a script: the file on standard input; on standard output one JSON object, `{"signer", "signed_at", "words"}`, or
`{"wrong": "not-a-pdf" | "unsigned" | "changed" | "annotated"}`. With the argument `words` signatures are not looked for.
It imports nothing of the house.

What is checked: every signature's digest over its /ByteRange, the signature over that by the certificate inside, and that nothing
followed in the file but further signatures, after the last one nothing but proofs of its validity. Whether anybody should trust
the certificate is not: that needs the roots of whoever issued it.
"""

import io
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 30
MAX_SIGNATURES = 20
MAX_PAGES = 1_000
MAX_WORDS = 500_000
LONGEST_NAME = 200


class Wrong(Exception):
    """Why the file is not taken."""


def bound() -> None:
    """Take from this process what it must not have: memory, time, files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def signature(raw: bytes) -> dict[str, Any]:
    """Who signed last and when he says so, of a file whose signatures all hold.

    Raises:
        Wrong

    """
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(raw), strict=False)
        signatures = reader.embedded_signatures
    except (PdfReadError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Wrong("not-a-pdf") from error
    if reader.encrypted:
        raise Wrong("not-a-pdf")
    if not 0 < len(signatures) <= MAX_SIGNATURES:
        raise Wrong("unsigned")
    last = signatures[-1]
    for each in signatures:
        if not _holds(each, last=each is last):
            raise Wrong("changed")
    subject, told = last.signer_cert.subject, last.self_reported_timestamp
    name = subject.native.get("common_name")
    return {
        "signer": (name if isinstance(name, str) else subject.human_friendly)[:LONGEST_NAME],
        "signed_at": told.isoformat() if told is not None and told.tzinfo is not None else None,
    }


def _holds(signature: Any, *, last: bool) -> bool:
    """Whether what a signature covers is what was signed, and whatever follows it in the file only adds to it."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    except Exception:  # noqa: BLE001  whatever it is, this signature does not hold
        return False
    if not (status.intact and status.valid) or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    level = status.modification_level
    most = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    return level is not None and level <= most


def words(raw: bytes) -> list[str]:
    """The words of its pages in the order in which the file has them; none where it holds pictures of pages.

    Raises:
        Wrong

    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
        if len(document) > MAX_PAGES:
            raise Wrong("not-a-pdf")
        found: list[str] = []
        for page in document:
            # PDFium writes U+0002 for a hyphen at the end of a line, and joins what it parts.
            found += page.get_textpage().get_text_bounded().replace("\x02", "-").split()
            if len(found) > MAX_WORDS:
                raise Wrong("not-a-pdf")
    except pypdfium2.PdfiumError as error:
        raise Wrong("not-a-pdf") from error
    return found


def refuse_annotations(raw: bytes) -> None:
    """Hold that nothing lies over the pages but fields of signatures: what the words of the pages do not tell, a reader sees.

    Raises:
        Wrong

    """
    import pypdfium2
    from pypdfium2 import raw as pdfium

    document = pypdfium2.PdfDocument(raw)
    document.init_forms()
    for page in document:
        for n in range(pdfium.FPDFPage_GetAnnotCount(page)):
            annotation = pdfium.FPDFPage_GetAnnot(page, n)
            if (
                document.formenv is None
                or pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_WIDGET
                or pdfium.FPDFAnnot_GetFormFieldType(document.formenv, annotation) != pdfium.FPDF_FORMFIELD_SIGNATURE
            ):
                raise Wrong("annotated")
            pdfium.FPDFPage_CloseAnnot(annotation)


def main() -> None:
    """Look into the file on standard input."""
    bound()
    try:
        raw = sys.stdin.buffer.read()
        if not raw.startswith(b"%PDF-"):
            raise Wrong("not-a-pdf")
        answer: dict[str, object] = {} if sys.argv[1:] == ["words"] else signature(raw)
        answer["words"] = words(raw)
        refuse_annotations(raw)
    except Wrong as wrong:
        answer = {"wrong": str(wrong)}
    except Exception:  # noqa: BLE001  whatever it is, this file cannot be read
        answer = {"wrong": "not-a-pdf"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
