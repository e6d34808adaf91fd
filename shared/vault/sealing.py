"""How a text is sealed: its own key, bound to its place; and how it is found again by keyed tokens."""

import hmac
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.text import syllables
from shared.vault.port import VaultDamaged

NONCE_BYTES: Final = 12
SALT_BYTES: Final = 32
KEY_BYTES: Final = 32
BUCKET_BYTES: Final = 64  # what is sealed is filled up to a multiple: a name's length would tell the name
MOST_TOKENS: Final = 4_000  # of one text
MOST_ASKED: Final = 24  # syllables of one search
_LENGTH_BYTES: Final = 4


def digest(salt: bytes, text: str) -> str:
    """HMAC-SHA256(salt, text) in hex: proves the text to whoever opens it, tells nothing to whoever cannot."""
    return hmac.digest(salt, text.encode(), "sha256").hex()


def place(*parts: str) -> bytes:
    """What a sealing is bound to: each part with its length, so that they cannot run together."""
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))


def seal(key: bytes, nonce: bytes, bound: bytes, salt: bytes, text: str) -> bytes:
    """Nonce and AES-256-GCM ciphertext over the salt and the text's length, bytes and filling."""
    raw = text.encode()
    clear = salt + len(raw).to_bytes(_LENGTH_BYTES, "big") + raw
    return nonce + AESGCM(key).encrypt(nonce, clear + bytes(-len(clear) % BUCKET_BYTES), bound)


def unseal(key: bytes, bound: bytes, sealed: bytes) -> str:
    """The text, verbatim.

    Raises:
        VaultDamaged: another key, another place, or a changed byte.

    """
    opened = _decrypt(key, bound, sealed)
    begin = SALT_BYTES + _LENGTH_BYTES
    return opened[begin : begin + int.from_bytes(opened[SALT_BYTES:begin], "big")].decode()


def wrap(key: bytes, nonce: bytes, bound: bytes, wrapped: bytes) -> bytes:
    """A key under another key, bound to whose it is."""
    return nonce + AESGCM(key).encrypt(nonce, wrapped, bound)


def unwrap(key: bytes, bound: bytes, wrapped: bytes) -> bytes:
    """The key under a key.

    Raises:
        VaultDamaged

    """
    return _decrypt(key, bound, wrapped)


def tokens(key: bytes, text: str) -> list[int]:
    """Keyed tokens of a text's syllables and of their neighbouring pairs, each once, sorted: their order tells nothing."""
    found = syllables(text)
    pairs = (f"{one} {two}" for one, two in pairwise(found))
    return sorted(_keyed(key, [*found, *pairs])[:MOST_TOKENS])


def wanted(key: bytes, words: str) -> tuple[list[int], list[int]]:
    """What a search asks for: the tokens that must all be there, and the pairs that rank a text higher."""
    found = syllables(words)[:MOST_ASKED]
    return _keyed(key, found), _keyed(key, (f"{one} {two}" for one, two in pairwise(found)))


def _keyed(key: bytes, words: Iterable[str]) -> list[int]:
    # 64 bits of HMAC-SHA256, signed as both databases store them.
    return [int.from_bytes(hmac.digest(key, word.encode(), "sha256")[:8], "big", signed=True) for word in dict.fromkeys(words)]


def _decrypt(key: bytes, bound: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise VaultDamaged("what is sealed does not open under its key") from error
