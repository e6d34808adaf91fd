"""What a signature of an office's key stands over: who signed what, for whom, in which capacity, and when."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.document import DocumentSigned, KeySignature, SigningCapacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The facts that a signature binds together; `content` is the digest of the text, none where the draft has none."""

    office: str
    document: str
    content: str | None
    signer: str
    post: str | None
    capacity: SigningCapacity
    at: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement, and the signature of its key over it (hex)."""

    statement: Statement
    signature: str

    @property
    def by_key(self) -> KeySignature:
        """What is recorded of it beside who signed what."""
        said = self.statement
        return KeySignature(key=said.key, post=said.post, at=said.at, signature=self.signature)


def stated(office: str, document: str, signed: DocumentSigned) -> Signed | None:
    """What was signed as it is recorded; None where no key had a part in it.

    Whatever of it was changed since, the signature no longer fits what this gives.
    """
    by = signed.by_key
    if by is None:
        return None
    statement = Statement(
        office=office,
        document=document,
        content=signed.content,
        signer=signed.signer,
        post=by.post,
        capacity=signed.capacity,
        at=by.at,
        key=by.key,
    )
    return Signed(statement=statement, signature=by.signature)
