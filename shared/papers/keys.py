"""The keys of offices (Ed25519, RFC 8032): made, used to sign a statement, and to check one."""

import hashlib
from dataclasses import fields
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.canonical import canonical
from shared.documents.statement import Statement
from shared.ids import Ids

PRIVATE_BYTES: Final = 32
ID_CHARACTERS: Final = 32
# What is signed begins with what it is: no signature under this can be taken for one over something else, or the reverse.
PREFIX: Final = b"doithoai document signature v1\n"


def fresh(ids: Ids, office: str, command_id: str) -> str:
    """A private half in hex, for the vault and nothing else."""
    return ids.bytes(f"signing-key/{office}", command_id, 0, PRIVATE_BYTES).hex()


def public_of(private: str) -> str:
    """The public half of a private one, both in hex."""
    return _private(private).public_key().public_bytes_raw().hex()


def id_of(public: str) -> str:
    """What a key is called: the first half of its public half's SHA-256."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:ID_CHARACTERS]


def sign(private: str, statement: Statement) -> str:
    """The signature in hex: of one key and statement always the same."""
    return _private(private).sign(signed_bytes(statement)).hex()


def fits(public: str, statement: Statement, signature: str) -> bool:
    """Whether the private half of `public` signed exactly this statement."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), signed_bytes(statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_bytes(statement: Statement) -> bytes:
    """What is signed: a line that says what it is, then the statement as canonical JSON."""
    return PREFIX + canonical({each.name: getattr(statement, each.name) for each in fields(statement)})


def _private(private: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))
