"""Papers that a command names beside what it does."""

from datetime import date
from typing import Any, Final

from shared.contracts.document import (
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentSigned,
    DocumentSubmitted,
    SigningCapacity,
)

CONTENT: Final = "5e" * 32
DAY: Final = date(2023, 1, 31)


def drafted_paper(kind: DocumentKind, about: str, office: str = "VPUB") -> tuple[Any, ...]:
    """A paper of an office about something, before whoever signs."""
    drafted = DocumentDrafted(kind=kind, office=office, about=about, summary=None, content=CONTENT, recipients=())
    return (drafted, DocumentSubmitted(by="p-hub"))


def signed_paper(
    kind: DocumentKind, about: str, capacity: SigningCapacity = SigningCapacity.IN_PERSON, signer: str = "p-chief"
) -> tuple[Any, ...]:
    """The same, signed."""
    return (*drafted_paper(kind, about), DocumentSigned(signer=signer, capacity=capacity, content=CONTENT, by_key=None))


def issued_paper(kind: DocumentKind, about: str, capacity: SigningCapacity = SigningCapacity.IN_PERSON) -> tuple[Any, ...]:
    """The same, numbered and issued."""
    numbered = DocumentNumbered(register="CV-VPUB", year=2023, number=7, symbol="07/VPUB", on=DAY)
    return (*signed_paper(kind, about, capacity), numbered, DocumentIssued(on=DAY))
