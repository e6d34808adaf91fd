"""The Merkle tree of RFC 6962, section 2.1: roots by growing a frontier, one leaf at a time."""

import hashlib
from collections.abc import Iterable
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """MTH of one leaf. The prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The parent of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The perfect subtrees that a tree of `size` leaves consists of, largest first: all that growing it needs.

    There are as many as `size` has ones in binary: a tree of a hundred million leaves is kept in less than a kilobyte.
    """

    __slots__ = ("_subtrees", "size")

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size = size
        self._subtrees = list(subtrees)
        if len(self._subtrees) != size.bit_count() or any(len(one) != HASH_BYTES for one in self._subtrees):
            raise ValueError(f"{len(self._subtrees)} subtrees do not make a tree of {size} leaves")

    def add(self, data: bytes) -> None:
        """Grow by the leaf `data`."""
        hash = leaf_hash(data)
        subtrees = self._subtrees
        size = self.size
        while size & 1:
            hash = node_hash(subtrees.pop(), hash)
            size >>= 1
        subtrees.append(hash)
        self.size += 1

    def root(self) -> bytes:
        """The tree's hash, 32 bytes."""
        if not self._subtrees:
            return EMPTY_ROOT
        root = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """The subtrees in a row, for `from_bytes`."""
        return b"".join(self._subtrees)

    @classmethod
    def from_bytes(cls, size: int, stored: bytes) -> "Frontier":
        """The inverse of `to_bytes`.

        Raises:
            ValueError: the bytes do not belong to a tree of `size` leaves.
        """
        return cls(size, (stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)))
