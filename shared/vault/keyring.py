"""Master keys: outside every database, several at a time while one takes over from another."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from shared.ids import Ids

KEY_BYTES: Final = 32
LEAST_SECRET: Final = 32  # characters of a key that is given as a setting


class KeyUnknown(Exception):
    """Something is wrapped under a master key that is gone: destroyed, or of another installation."""


class KeyringLost(Exception):
    """The file of the master keys is not there or cannot be read; without it every text stays closed."""


_UNREADABLE: Final = (OSError, ValueError, LookupError, AttributeError, TypeError, KeyUnknown)


class Keyring(Protocol):
    """Master keys by id; `current` wraps what is new."""

    @property
    def current(self) -> str: ...

    @property
    def ids(self) -> frozenset[str]:
        """Every key that still opens something."""
        ...

    @property
    def lasting(self) -> bool:
        """Whether a key added here is here after a restart; else keys come and go from outside."""
        ...

    def key(self, key_id: str) -> bytes:
        """32 bytes.

        Raises:
            KeyUnknown

        """
        ...

    def add(self, key_id: str, key: bytes) -> None:
        """A new key, current from now on."""
        ...

    def destroy(self, key_ids: frozenset[str]) -> None:
        """Forget keys for good; never the current one."""
        ...


class MemoryKeyring:
    """Keys that a process was started with. A rotation takes over to the current one; removing the others is for
    whoever gave them (see `given`).
    """

    lasting = False

    def __init__(self, keys: Mapping[str, bytes] | None = None, current: str = "") -> None:
        self._keys = dict(keys or {})
        self.current = current

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._keys)

    def key(self, key_id: str) -> bytes:
        return _found(self._keys, key_id)

    def add(self, key_id: str, key: bytes) -> None:
        self._keys[key_id] = key
        self.current = key_id

    def destroy(self, key_ids: frozenset[str]) -> None:
        for key_id in key_ids - {self.current}:
            self._keys.pop(key_id, None)


def given(setting: str) -> MemoryKeyring:
    """The keyring of DOITHOAI_MASTER_KEY(_FILE): secrets separated by blanks or line ends, the current one first.

    A key's id is a digest of it, so that every process calls it the same. To rotate: put a new secret before the old
    one, restart every process, run the rotation, then take the old one out and restart again.

    Raises:
        ValueError: none, or one shorter than 32 characters.

    """
    words = setting.split()
    if not words or any(len(word) < LEAST_SECRET for word in words):
        raise ValueError(f"each master key needs at least {LEAST_SECRET} characters; `openssl rand -hex 32` makes one")
    keys = {}
    for word in words:
        key = hashlib.sha256(b"doithoai master key\0" + word.encode()).digest()
        keys[f"g{hashlib.sha256(key).hexdigest()[:12]}"] = key
    return MemoryKeyring(keys, next(iter(keys)))


class FileKeyring:
    """Keys in a file that only its owner reads, replaced as a whole; it is read again whenever it was replaced."""

    lasting = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int, int] | None = None  # inode and time of the file as last read
        self._keys: dict[str, bytes] = {}
        self._current = ""

    @classmethod
    def make(cls, path: Path, ids: Ids) -> "FileKeyring":
        """The keyring at `path`; a new one gets its first key."""
        ring = cls(path)
        if not path.exists():
            with suppress(ValueError):  # another process has just made it
                ring.add("m1", ids.bytes("master", "keyring", 1, KEY_BYTES))
        return ring

    @property
    def current(self) -> str:
        self._refresh()
        return self._current

    @property
    def ids(self) -> frozenset[str]:
        self._refresh()
        return frozenset(self._keys)

    def key(self, key_id: str) -> bytes:
        self._refresh()
        return _found(self._keys, key_id)

    def add(self, key_id: str, key: bytes) -> None:
        with self._alone():
            if self._path.exists():
                self._refresh()
            if key_id in self._keys:
                raise ValueError(f"there is a master key {key_id} already")
            self._replace({**self._keys, key_id: key}, key_id)

    def destroy(self, key_ids: frozenset[str]) -> None:
        with self._alone():
            self._refresh()
            kept = {name: key for name, key in self._keys.items() if name not in key_ids or name == self._current}
            self._replace(kept, self._current)

    def _refresh(self) -> None:
        found = self._stamp()
        while self._read != found:
            try:
                self._keys, self._current = self._stored()
            except _UNREADABLE as error:
                # A file that was replaced while it was read is blank; the one in its place is not.
                before, found = found, self._stamp()
                if found == before:
                    raise self._lost(error) from error
            else:
                self._read = found

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError as error:
            raise self._lost(error) from error
        return found.st_ino, found.st_mtime_ns

    def _stored(self) -> tuple[dict[str, bytes], str]:
        stored = json.loads(self._path.read_text(encoding="ascii"))
        keys = {name: bytes.fromhex(key) for name, key in stored["keys"].items()}
        current = str(stored["current"])
        _found(keys, current)
        return keys, current

    def _lost(self, error: Exception) -> KeyringLost:
        return KeyringLost(f"{self._path} cannot be read ({type(error).__name__}): put it back from where keys are kept")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Of two processes that add a key at once, one would overwrite the other's.
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _replace(self, keys: dict[str, bytes], current: str) -> None:
        """Put a new file in the old one's place, whole or not at all; then blank what the old one held."""
        stored = json.dumps({"current": current, "keys": {name: key.hex() for name, key in keys.items()}}, indent=1)
        # Always the same name: what a crash leaves there holds keys, and goes with the next replacement.
        beside = self._path.with_name(f"{self._path.name}.new")
        old = os.open(self._path, os.O_RDWR) if self._path.exists() else None
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
                file.write(stored + "\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
            _sync_folder(self._path.parent)
            if old is not None:
                # Only now: blanked before, a crash would leave no key at all.
                _blank(old)
        finally:
            beside.unlink(missing_ok=True)
            if old is not None:
                os.close(old)
        self._keys, self._current, self._read = dict(keys), current, self._stamp()


def _blank(descriptor: int) -> None:
    # A destroyed key is not left in the blocks of the file that held it, as far as a file system lets us say so.
    os.pwrite(descriptor, b"\0" * os.fstat(descriptor).st_size, 0)
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _found(keys: Mapping[str, bytes], key_id: str) -> bytes:
    try:
        return keys[key_id]
    except KeyError:
        raise KeyUnknown(f"there is no master key {key_id}: it was destroyed, or is not among those that are given") from None
