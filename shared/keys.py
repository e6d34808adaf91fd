"""Keyed hashes: what must be found again without being readable or guessable, such as receipt codes and local ids."""

import hashlib
import hmac


class KeyedHash:
    """HMAC-SHA256 under the installation's hash key; purpose and parts are length-prefixed, so they cannot run together."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("the hash key needs at least 32 bytes")
        self._key = key

    def digest(self, purpose: str, *parts: str) -> bytes:
        """32 bytes for `parts` under `purpose`."""
        message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in (purpose, *parts)))
        return hmac.new(self._key, message, hashlib.sha256).digest()

    def hex(self, purpose: str, *parts: str) -> str:
        """The digest as 64 hex characters."""
        return self.digest(purpose, *parts).hex()
