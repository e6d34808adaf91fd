"""The data directory of an embedded installation: what it is, its keys, and who holds it."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from shared.clock import VIETNAM
from shared.ids import Ids, RandomIds, SeededIds
from shared.vault.keyring import FileKeyring

FORMAT: Final = 1
MARKER: Final = "doithoai.json"
KEYRING: Final = "keyring.json"
HASH_KEY: Final = "hash.key"
HASH_KEY_BYTES: Final = 32
OWNER: Final = "owner.lock"
FILES: Final = "blobs"
DATABASES: Final = ("intake", "assignment", "reporting", "vault", "access")
SCRIPT_START: Final = datetime(2021, 1, 1, tzinfo=VIETNAM)  # the first day of the calendar that ships
OWNER_WAIT_SECONDS: Final = 10.0

ClockKind = Literal["real", "script"]


class WrongDirectory(Exception):
    """The data directory cannot be used as asked; the message says why and what to do."""


class Owned(WrongDirectory):
    """Another process holds the data directory."""

    def __init__(self, path: Path, owner: "Owner") -> None:
        self.owner = owner
        super().__init__(
            f"{path} is held by `doithoai {owner.verb}` (process {owner.pid}): wait until it has ended, or stop it, and try again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who holds a data directory; `port` and `token` open its API to commands on the same machine."""

    pid: int
    verb: str
    port: int = 0
    token: str = ""

    @property
    def serves(self) -> bool:
        """Whether writers can go through its API."""
        return self.port > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDirectory:
    """A made data directory, as its marker file describes it. The clock is fixed when it is made."""

    path: Path
    tenant: str
    clock: ClockKind
    seed: str
    created: str

    @property
    def ids(self) -> Ids:
        """Random under the real clock, derived from the seed under a script's."""
        return SeededIds(self.seed) if self.clock == "script" else RandomIds()

    @property
    def hash_key(self) -> bytes:
        """The key of stream ids and receipt look-ups; without it resubmissions no longer meet their first copy.

        Raises:
            WrongDirectory: it is lost.

        """
        lost = WrongDirectory(f"{self.path / HASH_KEY} holds no key: put it back from the backup of the keys")
        try:
            key = bytes.fromhex((self.path / HASH_KEY).read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise lost from error
        if len(key) != HASH_KEY_BYTES:
            raise lost
        return key

    @property
    def keyring(self) -> Path:
        return self.path / KEYRING

    @property
    def files(self) -> Path:
        """The folder of sealed files; it is made with the first one."""
        return self.path / FILES

    def database(self, name: str) -> Path:
        """The SQLite file of one of the five databases."""
        return self.path / f"{name}.db"

    @contextmanager
    def held(self, verb: str, *, port: int = 0, wait_seconds: float = OWNER_WAIT_SECONDS) -> Iterator[Owner]:
        """Hold the directory alone; with a `port`, a token for it is made and written beside it.

        Raises:
            Owned: somebody else serves it, or has not let go within `wait_seconds`.

        """
        owner = Owner(pid=os.getpid(), verb=verb, port=port, token=secrets.token_urlsafe(24) if port else "")
        descriptor = os.open(self.path / OWNER, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock(descriptor, wait_seconds)
            _overwrite(descriptor, json.dumps(asdict(owner)).encode())
            try:
                yield owner
            finally:
                _overwrite(descriptor, b"")
        finally:
            os.close(descriptor)

    def owner(self) -> Owner | None:
        """Whoever holds the directory now; the lock decides, so that a killed owner leaves nothing behind."""
        try:
            descriptor = os.open(self.path / OWNER, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _owner(descriptor)
        finally:
            os.close(descriptor)
        return None

    def _lock(self, descriptor: int, wait_seconds: float) -> None:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = _owner(descriptor)
                if owner.serves or time.monotonic() > deadline:
                    raise Owned(self.path, owner) from None
                time.sleep(0.05)
            else:
                return


def is_made(path: Path) -> bool:
    """Whether `path` holds an installation."""
    return (path / MARKER).is_file()


def fresh_hash_key(ids: Ids) -> bytes:
    """A new installation's key of stream ids; of one seed it is the same wherever the installation is kept."""
    return ids.bytes("hash-key", "installation", 0, HASH_KEY_BYTES)


def make(path: Path, *, tenant: str = "sonla", clock: ClockKind = "real", seed: str = "") -> DataDirectory:
    """Make a data directory: marker, hash key, keyring. Databases come with the first opening.

    Raises:
        WrongDirectory: it is made already, holds other files, or clock and seed do not go together.

    """
    _refuse_wrong_seed(clock, seed)
    if is_made(path):
        raise WrongDirectory(f"{path} holds an installation already: use it, or choose another directory with --data")
    try:
        if path.exists() and any(path.iterdir()):
            raise WrongDirectory(f"{path} holds other files: choose an empty or new directory with --data")
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise WrongDirectory(f"{path} cannot be made ({error.strerror}): choose another place with --data") from error
    ids = SeededIds(seed) if clock == "script" else RandomIds()
    write_secret(path / HASH_KEY, fresh_hash_key(ids).hex().encode())
    FileKeyring.make(path / KEYRING, ids)  # here and never later: in the place of one that was lost, it would open nothing
    created = SCRIPT_START if clock == "script" else datetime.now(UTC)
    marker = {"format": FORMAT, "tenant": tenant, "clock": clock, "seed": seed, "created": created.isoformat(timespec="seconds")}
    # The marker comes last: a directory whose making was cut short is not taken for an installation.
    write_secret(path / MARKER, json.dumps(marker, indent=1).encode())
    return read(path)


def read(path: Path, *, tenant: str | None = None) -> DataDirectory:
    """The data directory at `path`.

    Raises:
        WrongDirectory: there is none, it is of a newer format, or of another tenant.

    """
    try:
        marker: dict[str, Any] = json.loads((path / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise WrongDirectory(f"{path} holds no installation: make one with `doithoai init --data {path}`") from None
    except OSError as error:
        raise WrongDirectory(f"{path / MARKER} cannot be read ({error.strerror}): let this user read it") from error
    except ValueError as error:
        raise WrongDirectory(f"{path / MARKER} cannot be read ({error}): put it back from a backup") from error
    if marker.get("format") != FORMAT:
        raise WrongDirectory(
            f"{path} has format {marker.get('format')}, this version knows {FORMAT}: use the version it was made with"
        )
    if tenant is not None and tenant != marker["tenant"]:
        raise WrongDirectory(
            f"{path} belongs to the tenant {marker['tenant']}, not {tenant}: leave --tenant out, or name another --data"
        )
    _refuse_wrong_seed(marker["clock"], marker["seed"])
    return DataDirectory(
        path=path, tenant=marker["tenant"], clock=marker["clock"], seed=marker["seed"], created=marker["created"]
    )


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    partial = path.with_suffix(f"{path.suffix}.new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _refuse_wrong_seed(clock: str, seed: str) -> None:
    if clock == "real" and seed:
        raise WrongDirectory("a real clock refuses a seed, which would make ids and keys predictable: leave --seed out")
    if clock == "script" and not seed:
        raise WrongDirectory("a script clock needs a seed, so that two runs are equal: add --seed with any word")
    if clock not in ("real", "script"):
        raise WrongDirectory(f"the clock is `real` or `script`, not {clock!r}")


def _overwrite(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)


def _owner(descriptor: int) -> Owner:
    raw = os.pread(descriptor, 4_096, 0)
    try:
        return Owner(**json.loads(raw))
    except (ValueError, TypeError):
        return Owner(pid=0, verb="?")  # between taking the lock and writing its name
