"""Ids, keys, salts and codes as an input: random, or derived from a seed so that two runs are equal."""

import hashlib
import hmac
import secrets
from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """Fresh bytes for a purpose; `n` tells several of one purpose and command apart."""

    def bytes(self, purpose: str, command_id: str, n: int = 0, length: int = 16) -> bytes: ...


class RandomIds:
    """From the operating system's generator; what a real clock uses."""

    def bytes(self, purpose: str, command_id: str, n: int = 0, length: int = 16) -> bytes:
        return secrets.token_bytes(length)


class SeededIds:
    """HMAC-SHA256(seed, purpose, command id, n): equal for equal scripts. Only a script clock may use it."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()

    def bytes(self, purpose: str, command_id: str, n: int = 0, length: int = 16) -> bytes:
        message = f"{purpose}\0{command_id}\0{n}".encode()
        out = b""
        block = 0
        while len(out) < length:
            out += hmac.new(self._seed, message + block.to_bytes(4, "big"), hashlib.sha256).digest()
            block += 1
        return out[:length]


def uuid_of(ids: Ids, purpose: str, command_id: str, n: int = 0) -> UUID:
    """A version 4 UUID from 16 fresh bytes."""
    return UUID(bytes=ids.bytes(purpose, command_id, n, 16), version=4)


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base32(raw: bytes, length: int) -> str:
    """The first `length` characters of `raw` in Crockford's alphabet (no I, L, O, U); 5 bits a character."""
    number = int.from_bytes(raw, "big")
    bits = len(raw) * 8
    if bits < length * 5:
        raise ValueError(f"{len(raw)} bytes hold fewer than {length} characters of 5 bits")
    return "".join(_CROCKFORD[(number >> (bits - 5 * (i + 1))) & 31] for i in range(length))
