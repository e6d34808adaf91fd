"""What an office's key signs for somebody, with a key of the tests."""

from datetime import UTC, date, datetime
from typing import Any, Final

from shared.contracts.directory import SigningKeyMade
from shared.contracts.document import DocumentSigned, SigningCapacity
from shared.documents.statement import Signed, Statement
from shared.papers import keys
from tests.support.scenario import sealed

PRIVATE: Final = "11" * 32
PUBLIC: Final = keys.public_of(PRIVATE)
KEY: Final = keys.id_of(PUBLIC)
AT: Final = datetime(2023, 2, 17, 2, tzinfo=UTC)
MADE: Final = SigningKeyMade(office="VPUB", key=KEY, public=PUBLIC, private=sealed(), valid_from=date(2021, 1, 1))


def by_key(document: str, signer: str, capacity: SigningCapacity, content: str | None, **said: Any) -> Signed:
    """The key's signature over this; `said` is what else the statement says, such as its `office`, `post` or `at`."""
    statement = Statement(
        document=document,
        signer=signer,
        capacity=capacity,
        content=content,
        **{"office": "VPUB", "post": None, "at": AT, "key": KEY, **said},
    )
    return Signed(statement=statement, signature=keys.sign(PRIVATE, statement))


def recorded(by: Signed) -> DocumentSigned:
    """What is recorded of it."""
    said = by.statement
    return DocumentSigned(signer=said.signer, capacity=said.capacity, content=said.content, by_key=by.by_key)
