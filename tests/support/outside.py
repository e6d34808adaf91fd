"""Signs a PDF as somebody outside does: with a certificate of a CA that this house does not know."""

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

NAME: Final = "Chánh Văn phòng Nguyễn Văn A"


@cache
def _signer() -> Any:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME), x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def signed_outside(pdf: bytes, *fields: str) -> bytes:
    """The PDF with a signature in each of these fields, one after the other."""
    # In a thread of its own: the library runs a loop, and whoever asks may be in one.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(_signed, pdf, fields or ("ChuKy",)).result()


def _signed(pdf: bytes, fields: Sequence[str]) -> bytes:
    for field in fields:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
        pdf = signers.sign_pdf(writer, meta, signer=_signer()).getvalue()
    return pdf


def annotated(pdf: bytes, subtype: str = "/FreeText", **of: Any) -> bytes:
    """The PDF with an annotation over its first page: of a form field, with the type of that field."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    page, name = writer.root["/Pages"]["/Kids"][0], generic.NameObject
    rectangle = generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 400, 200)])  # type: ignore[no-untyped-call]
    said = {"/Type": name("/Annot"), "/Subtype": name(subtype), "/Rect": rectangle, **of}
    laid = writer.add_object(generic.DictionaryObject({name(key): each for key, each in said.items()}))
    page[name("/Annots")] = generic.ArrayObject([laid])
    writer.update_container(page)
    if subtype == "/Widget":
        fields = generic.DictionaryObject({name("/Fields"): generic.ArrayObject([laid])})
        writer.root[name("/AcroForm")] = fields
        writer.update_root()  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def added_to(pdf: bytes) -> bytes:
    """The PDF with a page changed after it was signed, as a revision of its own."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Rotate")] = generic.NumberObject(90)  # type: ignore[no-untyped-call]
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
