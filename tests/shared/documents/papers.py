"""A notice at each stage of its life, and books of numbers, to be asked things."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import Any, Final

from shared.contracts.document import (
    DispatchMeans,
    DocumentCommented,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentPublished,
    DocumentRecalled,
    DocumentReturned,
    DocumentSubmitted,
    DocumentSuperseded,
    Form,
    KeptForm,
    Line,
    RegisterOpened,
    SignedCopyAttached,
    SigningCapacity,
)
from shared.contracts.types import Sealed
from shared.documents import registers
from shared.documents.states import INITIAL, Document, evolve
from tests.support.signatures import by_key, recorded

DOCUMENT: Final = "document-00000000000000000001"
OTHER: Final = "document-00000000000000000002"
TEXT: Final = "5e" * 32
REDACTED: Final = "6f" * 32
DAY: Final = date(2023, 2, 17)
WORDS: Final = Sealed(ref="0f" * 16, digest="c3" * 32)

MUST: Final = Line(recipient="BDVTU", purpose="Báo cáo", mandatory=True)
ALSO: Final = Line(recipient="SNV", purpose="Báo cáo", mandatory=False)


def drafted(kind: DocumentKind = DocumentKind.NOTICE, *lines: Line, content: str | None = TEXT) -> DocumentDrafted:
    return DocumentDrafted(kind=kind, office="VPUB", about=None, summary=None, content=content, recipients=lines or (MUST, ALSO))


DRAFTED: Final = drafted()
COMMENTED: Final = DocumentCommented(unit="TH", comment=WORDS)
SUBMITTED: Final = DocumentSubmitted(by="p-hub")
RETURNED: Final = DocumentReturned(by="p-chief", reason=WORDS)
BY_KEY: Final = by_key(DOCUMENT, "p-chief", SigningCapacity.IN_PERSON, TEXT)
SIGNED: Final = recorded(BY_KEY)
ATTACHED: Final = SignedCopyAttached(
    copy=KeptForm(form=Form.PDF, file="1a" * 32, sha256="2b" * 32, bytes=90_000), signer=WORDS, signed_at=None, compared=True
)
NUMBERED: Final = DocumentNumbered(register="TB-VPUB", year=2023, number=3, symbol="03/TB-VPUB", on=DAY)
ISSUED: Final = DocumentIssued(on=DAY)
SENT: Final = DocumentDispatched(recipient="BDVTU", purpose="Báo cáo", means=DispatchMeans.INTERCHANGE)
COPIED: Final = DocumentDispatched(recipient="SNV", purpose="Báo cáo", means=DispatchMeans.INTERCHANGE)
PUBLISHED: Final = DocumentPublished(place="TTDT", content=REDACTED, redacted=True)
RECALLED: Final = DocumentRecalled(reason=WORDS)
SUPERSEDED: Final = DocumentSuperseded(by=OTHER, reason=None)

TO_SIGNATURE: Final = (DRAFTED, SUBMITTED, SIGNED)
TO_NUMBER: Final = (*TO_SIGNATURE, NUMBERED)
TO_ISSUE: Final = (*TO_NUMBER, ISSUED)
TO_SENDING: Final = (*TO_ISSUE, SENT)

HISTORIES: Final[dict[str, Sequence[Any]]] = {
    "(chưa có)": (),
    "du_thao": (DRAFTED,),
    "lay_y_kien": (DRAFTED, COMMENTED),
    "trinh_ky": (DRAFTED, SUBMITTED),
    "tra_lai": (DRAFTED, SUBMITTED, RETURNED),
    "da_ky": TO_SIGNATURE,
    "da_cap_so": TO_NUMBER,
    "da_phat_hanh": TO_ISSUE,
    "da_gui": TO_SENDING,
    "da_cong_khai": (*TO_SENDING, PUBLISHED),
    "thu_hoi": (*TO_SENDING, RECALLED),
    "thay_the": (*TO_SENDING, SUPERSEDED),
}


def after(*events: Any) -> Document:
    """The document that these facts make."""
    return reduce(evolve, events, INITIAL)


def book(*events: Any, external: bool = True, year: int = 2023) -> registers.Register:
    """The register of notices of the office after these facts."""
    opened = RegisterOpened(office="VPUB", register="TB-VPUB", year=year, external=external, pattern="{number}/TB-VPUB")
    return reduce(registers.evolve, events, registers.evolve(registers.INITIAL, opened))
