"""Receipt codes: how one is written, and how it is found again."""

from typing import Final

from shared.ids import base32
from shared.keys import KeyedHash

LENGTH: Final = 13  # 65 bits: not to be guessed
BYTES: Final = 9
MISREAD: Final = str.maketrans("OIL", "011")


def written(raw: bytes) -> str:
    """A receipt code of these bytes: `7Q2K-9FXA-3MBTW`."""
    code = base32(raw, LENGTH)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def receipt_key(keyed: KeyedHash, tenant: str, code: str) -> str:
    """The keyed hash under which a receipt code is found; dashes, blanks and case do not matter, nor letters no code has."""
    plain = "".join(char for char in code.upper() if char.isalnum()).translate(MISREAD)
    return keyed.hex("receipt", tenant, plain)


def of_a_proposal_without(keyed: KeyedHash, tenant: str, proposal_receipt: str) -> str:
    """The code that was given for a proposal whose receipt holds none (version 1): it follows from the hash key."""
    return written(keyed.digest("proposal-receipt", tenant, proposal_receipt)[:BYTES])
