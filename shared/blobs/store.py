"""One tenant's files: each sealed under a key of its own that the vault keeps, under a name that tells nothing of it."""

import contextlib
import hashlib
import struct
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.blobs.place import Place
from shared.blobs.refusals import FileHarmful, FileInQuarantine, FileTooLarge, NoPlaceForFiles
from shared.blobs.scanner import Scanner, ScannerAway
from shared.config import DEFAULT_FILE_LIMIT_BYTES
from shared.ids import Ids
from shared.keys import KeyedHash
from shared.vault.port import Erased, Erasure, Vault

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MAGIC: Final = b"DTB1"
HOUSE: Final = "house"  # who opens a key when a file comes a second time
SWEEP: Final = 500
MOST_CLEAN: Final = 10_000  # files remembered as clean: the others are scanned again when they are opened
_HEADER: Final = struct.Struct(">4s16s16sQ12s")  # magic, the key's reference in the vault, type, size in bytes, nonce

log = structlog.get_logger()


class BlobGone(Exception):
    """There is no such file, or it was erased."""


class BlobDamaged(Exception):
    """A file does not open under its key: its bytes were changed, or moved from another place."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it lies: its name, what it is, its size in bytes."""

    address: str
    media: str
    size: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A file in clear."""

    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Header:
    ref: str
    media: str
    size: int
    nonce: bytes

    def packed(self) -> bytes:
        return _HEADER.pack(MAGIC, bytes.fromhex(self.ref), self.media.encode("ascii"), self.size, self.nonce)


Known = Callable[[Sequence[str]], Awaitable[AbstractSet[str]]]


class Blobs:
    """Files of one tenant, or of one `room` of its own. `limit_bytes` is the largest one taken.

    With a `scanner`, what it calls harmful is neither taken nor given out, and what it did not answer for is not given out yet.
    """

    def __init__(
        self,
        place: Place | None,
        *,
        tenant: str,
        vault: Vault,
        keyed: KeyedHash,
        ids: Ids,
        limit_bytes: int = DEFAULT_FILE_LIMIT_BYTES,
        room: str = "",
        formerly: str = "",
        scanner: Scanner | None = None,
    ) -> None:
        self._scanner, self._clean = scanner, dict[str, None]()
        self._at, self._tenant, self._vault, self._keyed, self._ids = place, tenant, vault, keyed, ids
        self.limit_bytes, self._folder = limit_bytes, f"{tenant}.{room}" if room else tenant
        self._folders = (self._folder, f"{tenant}.{formerly}") if formerly else (self._folder,)

    def apart(self, room: str, *, formerly: str = "") -> "Blobs":
        """Files of the same tenant in a room of their own, which the sweep of the others does not reach.

        What an older version put into the room `formerly` is still found, and erased, there; it is never swept.
        """
        return Blobs(
            self._at,
            tenant=self._tenant,
            vault=self._vault,
            keyed=self._keyed,
            ids=self._ids,
            limit_bytes=self.limit_bytes,
            room=room,
            formerly=formerly,
            scanner=self._scanner,
        )

    @property
    def kept(self) -> bool:
        """Whether there is a place where files are kept."""
        return self._at is not None

    @property
    def _place(self) -> Place:
        if self._at is None:
            raise NoPlaceForFiles
        return self._at

    def address(self, content: bytes) -> str:
        """The name of a content: keyed with the tenant, so that equal files of two tenants do not tell of each other."""
        return self._keyed.hex("blob", self._tenant, hashlib.sha256(content).hexdigest())

    async def refuse_harmful(self, content: bytes) -> None:
        """Ask the scanner, where there is one, before a file is taken; away, it is asked again before the file is given out.

        Raises:
            FileHarmful

        """
        try:
            await self._scan(self.address(content), content)
        except ScannerAway as away:
            log.warning("file.not_scanned", reason=str(away))

    async def _scan(self, address: str, content: bytes) -> None:
        if self._scanner is None or address in self._clean:
            return
        if not await self._scanner.is_clean(content):
            log.warning("file.harmful", file=address)
            raise FileHarmful("file")
        while len(self._clean) >= MOST_CLEAN:
            self._clean.pop(next(iter(self._clean)))
        self._clean[address] = None

    async def put(self, content: bytes, media: str, *, command_id: str, person: str | None = None) -> Stored:
        """Keep a file; one that lies there already is left as it is. `person`: whose key it hangs on, if anyone's.

        Raises:
            FileTooLarge, FileHarmful
            NoPlaceForFiles, PersonErased, PlaceUnavailable, VaultUnavailable

        """
        if len(content) > self.limit_bytes:
            raise FileTooLarge("file", limit_bytes=self.limit_bytes)
        await self.refuse_harmful(content)
        address = self.address(content)
        found = await self._header(address)
        if found is not None and await self._key(found.ref, HOUSE, f"store_again {address}") is not None:
            return Stored(address, found.media, found.size)
        key = self._ids.bytes(f"blob-key/{address}", command_id, 0, KEY_BYTES)
        entry = self._vault.seal(command_id, f"blob.{address}", key.hex(), person=person)
        # No event refers to the key: the file does, from its first byte on.
        await self._vault.put([entry], kept=True)
        nonce = self._ids.bytes(f"blob-nonce/{address}", command_id, 0, NONCE_BYTES)
        header = _Header(entry.sealed.ref, media, len(content), nonce).packed()
        sealed = AESGCM(key).encrypt(nonce, content, self._bound(address, header))
        written = await self._place.put(_name(self._folder, address), header + sealed, replace=found is not None)
        if not written:
            # Another process stored the same file between our look and now: its key counts.
            there = await self._header(address)
            if there is not None and there.ref != entry.sealed.ref:
                await self._vault.erase_record(entry.sealed.ref)
        return Stored(address, media, len(content))

    async def stored(self, address: str) -> Stored | None:
        """What lies under `address`, without opening it.

        Raises:
            NoPlaceForFiles, PlaceUnavailable

        """
        found = await self._header(address)
        return Stored(address, found.media, found.size) if found is not None else None

    async def open(self, address: str, *, reader: str, purpose: str) -> Opened:
        """A file in clear; the opening is logged in the vault.

        Raises:
            BlobGone, BlobDamaged
            FileHarmful, FileInQuarantine: of a scanner, where there is one.
            NoPlaceForFiles, PlaceUnavailable, VaultUnavailable

        """
        lying = await self._read(address)
        if lying is None:
            raise BlobGone(address)
        header = _unpacked(lying)
        key = await self._key(header.ref, reader, purpose)
        if key is None:
            raise BlobGone(address)
        head, sealed = lying[: _HEADER.size], lying[_HEADER.size :]
        try:
            content = AESGCM(key).decrypt(header.nonce, sealed, self._bound(address, head))
        except InvalidTag:
            raise BlobDamaged(address) from None
        try:
            await self._scan(address, content)
        except ScannerAway as away:
            log.warning("file.in_quarantine", reason=str(away))
            raise FileInQuarantine("file") from None
        return Opened(header.media, content)

    async def erase(self, address: str) -> Erasure | None:
        """Destroy a file wherever it is attached: its key in the vault, then its bytes. None where there was no key to destroy.

        Raises:
            NoPlaceForFiles, PlaceUnavailable, VaultUnavailable

        """
        found = await self._header(address)
        if found is None:
            return None
        erasure = None
        with contextlib.suppress(KeyError):  # a vault that never heard of the key cannot keep its bytes from going
            erasure = await self._vault.erase_record(found.ref)
        for folder in self._folders:
            await self._place.remove(_name(folder, address))
        return erasure

    async def sweep(self, known: Known, older_than: datetime) -> int:
        """Destroy files that lay there before `older_than` and that nothing refers to; how many went.

        `known` tells which of some addresses are referred to. Give it time: an event may follow its file late.
        """
        gone = 0
        waiting: list[str] = []
        async for lying in self._place.lying(self._folder):
            if lying.since < older_than:
                waiting.append(lying.name.rpartition("/")[2])
            if len(waiting) == SWEEP:
                gone += await self._sweep(waiting, known)
                waiting = []
        return gone + await self._sweep(waiting, known)

    async def _sweep(self, addresses: Sequence[str], known: Known) -> int:
        referred = await known(addresses) if addresses else frozenset()
        loose = [address for address in addresses if address not in referred]
        for address in loose:
            await self.erase(address)
        return len(loose)

    async def _header(self, address: str) -> _Header | None:
        lying = await self._read(address, first=_HEADER.size)
        return _unpacked(lying) if lying is not None else None

    async def _read(self, address: str, first: int | None = None) -> bytes | None:
        for folder in self._folders:
            lying = await self._place.read(_name(folder, address), first=first)
            if lying is not None:
                return lying
        return None

    async def _key(self, ref: str, reader: str, purpose: str) -> bytes | None:
        found = (await self._vault.open_many([ref], reader=reader, purpose=purpose)).get(ref)
        return None if found is None or isinstance(found, Erased) else bytes.fromhex(found)

    def _bound(self, address: str, header: bytes) -> bytes:
        return f"{self._tenant}|{address}|".encode() + header


def _name(folder: str, address: str) -> str:
    return f"{folder}/{address[:2]}/{address}"


def _unpacked(lying: bytes) -> _Header:
    if len(lying) < _HEADER.size or not lying.startswith(MAGIC):
        raise BlobDamaged("not a sealed file of this house")
    _, ref, media, size, nonce = _HEADER.unpack(lying[: _HEADER.size])
    return _Header(ref.hex(), media.rstrip(b"\0").decode("ascii"), size, nonce)
