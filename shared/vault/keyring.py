"""Master keys: outside every database, several at a time while one takes over from another."""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from shared.ids import Ids

KEY_BYTES: Final = 32


class KeyUnknown(Exception):
    """Something is wrapped under a master key that is gone: destroyed, or of another installation."""


class Keyring(Protocol):
    """Master keys by id; `current` wraps what is new."""

    @property
    def current(self) -> str: ...

    def key(self, key_id: str) -> bytes:
        """32 bytes.

        Raises:
            KeyUnknown
        """
        ...

    def add(self, key_id: str, key: bytes) -> None:
        """A new key, current from now on."""
        ...

    def destroy(self, key_id: str) -> None:
        """Forget a key for good."""
        ...


@dataclass(slots=True)
class MemoryKeyring:
    """Keys of a running process only: from the environment (one key), or for tests."""

    keys: dict[str, bytes] = field(default_factory=dict)
    current: str = ""

    def key(self, key_id: str) -> bytes:
        return _found(self.keys, key_id)

    def add(self, key_id: str, key: bytes) -> None:
        self.keys[key_id] = key
        self.current = key_id

    def destroy(self, key_id: str) -> None:
        self.keys.pop(key_id, None)


class FileKeyring:
    """Keys in a file that only its owner reads, replaced as a whole; it is read again whenever it changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = 0
        self._keys: dict[str, bytes] = {}
        self._current = ""

    @classmethod
    def make(cls, path: Path, ids: Ids) -> "FileKeyring":
        """The keyring at `path`; a new one gets its first key."""
        ring = cls(path)
        if not path.exists():
            ring.add("m1", ids.bytes("master", "keyring", 1, KEY_BYTES))
        return ring

    @property
    def current(self) -> str:
        self._refresh()
        return self._current

    def key(self, key_id: str) -> bytes:
        self._refresh()
        return _found(self._keys, key_id)

    def add(self, key_id: str, key: bytes) -> None:
        self._refresh()
        self._replace({**self._keys, key_id: key}, key_id)

    def destroy(self, key_id: str) -> None:
        self._refresh()
        self._replace({name: key for name, key in self._keys.items() if name != key_id}, self._current)

    def _refresh(self) -> None:
        if not self._path.exists():
            return
        changed = self._path.stat().st_mtime_ns
        if changed != self._read_at:
            stored = json.loads(self._path.read_text(encoding="ascii"))
            self._keys = {name: bytes.fromhex(key) for name, key in stored["keys"].items()}
            self._current, self._read_at = stored["current"], changed

    def _replace(self, keys: dict[str, bytes], current: str) -> None:
        stored = json.dumps({"current": current, "keys": {name: key.hex() for name, key in keys.items()}}, indent=1)
        beside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(stored + "\n")
            file.flush()
            os.fsync(file.fileno())
        _overwrite(self._path)
        beside.replace(self._path)
        self._keys, self._current, self._read_at = keys, current, self._path.stat().st_mtime_ns


def _overwrite(path: Path) -> None:
    # A destroyed key is not left in the blocks of the file that held it, as far as a file system lets us say so.
    if path.exists():
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())


def _found(keys: dict[str, bytes], key_id: str) -> bytes:
    try:
        return keys[key_id]
    except KeyError:
        raise KeyUnknown(key_id) from None
