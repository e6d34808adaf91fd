"""What the database or a browser keeps for us and cannot read: sealed under a key that only the installation has."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from shared.keys import KeyedHash
from shared.vault.port import VaultDamaged
from shared.vault.sealing import NONCE_BYTES, place, unwrap, wrap

LONGEST: Final = 4_000  # of what a browser brings back


class Seal:
    """Seals with AES-256-GCM under keys drawn from the installation's hash key, one for each purpose.

    That key lies outside the databases and outlives the master keys, so that their rotation has nothing to take over here.
    """

    def __init__(self, keyed: KeyedHash) -> None:
        self._keyed = keyed

    def close(self, purpose: str, *where: str, kept: Mapping[str, Any]) -> str:
        """`kept`, which JSON can say, for nobody but whoever opens it for the same purpose and from the same place."""
        clear = json.dumps(kept, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(wrap(self._key(purpose), secrets.token_bytes(NONCE_BYTES), place(*where), clear)).decode()

    def open(self, purpose: str, *where: str, sealed: str) -> Mapping[str, Any] | None:
        """What was sealed, or None: of another place or purpose, changed, or nothing of ours at all."""
        if len(sealed) > LONGEST:
            return None
        try:
            clear = unwrap(self._key(purpose), place(*where), base64.urlsafe_b64decode(sealed.encode()))
        except (VaultDamaged, binascii.Error, ValueError):
            return None
        found: Mapping[str, Any] = json.loads(clear)
        return found

    def digest(self, purpose: str, *parts: str) -> str:
        """What is kept of a short secret: without the installation's key nobody finds it by trying."""
        return self._keyed.hex(f"identity {purpose}", *parts)

    def _key(self, purpose: str) -> bytes:
        return self._keyed.digest("identity seal", purpose)
