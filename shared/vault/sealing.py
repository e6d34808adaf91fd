"""How a text is sealed: its own key, bound to its place; and how it is found again by keyed tokens."""

import hashlib
import hmac
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.keys import KeyedHash
from shared.text import syllables

NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16
MOST_TOKENS: Final = 2_000  # of one text
TOKEN_HEX: Final = 24


def digest(salt: bytes, text: str) -> str:
    """HMAC-SHA256(salt, text) in hex: proves the text to whoever opens it, tells nothing to whoever cannot."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def seal(key: bytes, nonce: bytes, place: str, salt: bytes, text: str) -> bytes:
    """Nonce and AES-256-GCM ciphertext over salt and text; `place` (tenant, reference, purpose) is bound to it."""
    return nonce + AESGCM(key).encrypt(nonce, salt + text.encode(), place.encode())


def unseal(key: bytes, place: str, sealed: bytes) -> str:
    """The text, verbatim.

    Raises:
        cryptography.exceptions.InvalidTag: another key, another place, or a changed byte.
    """
    opened = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    return opened[SALT_BYTES:].decode()


def wrap(key: bytes, nonce: bytes, place: str, wrapped: bytes) -> bytes:
    """A key under another key, bound to whose it is."""
    return nonce + AESGCM(key).encrypt(nonce, wrapped, place.encode())


def unwrap(key: bytes, place: str, wrapped: bytes) -> bytes:
    """The key under a key."""
    return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place.encode())


def tokens(keyed: KeyedHash, tenant: str, text: str) -> list[str]:
    """Keyed tokens of a text's syllables and of their neighbouring pairs, each once."""
    found = syllables(text)
    pairs = (f"{one} {two}" for one, two in pairwise(found))
    return _keyed(keyed, tenant, [*found, *pairs])[:MOST_TOKENS]


def _keyed(keyed: KeyedHash, tenant: str, words: Iterable[str]) -> list[str]:
    return [keyed.hex("search", tenant, word)[:TOKEN_HEX] for word in dict.fromkeys(words)]


def wanted(keyed: KeyedHash, tenant: str, words: str) -> tuple[list[str], list[str]]:
    """What a search asks for: the tokens that must all be there, and the pairs that rank a text higher."""
    found = syllables(words)
    pairs = [f"{one} {two}" for one, two in pairwise(found)]
    return _keyed(keyed, tenant, found), _keyed(keyed, tenant, pairs)
