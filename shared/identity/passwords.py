"""Passwords: which ones are taken, how they are kept, and checked in the same time whoever asks."""

import asyncio
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.contracts.refusals import Invalid
from shared.text import fold

SHORTEST: Final = 12
LONGEST: Final = 128
AT_ONCE: Final = 2  # checks of a process at a time: each takes 64 MiB
_hasher: Final = PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory


class PasswordTooWeak(Invalid):
    """Too short, too long, the name itself, or the one there was."""

    code = "password-too-weak"
    title_vi = "Mật khẩu mới chưa dùng được"
    title_en = "This password cannot be taken"
    advice_vi = "Dùng từ {shortest} đến {longest} ký tự, không chứa tên đăng nhập, khác mật khẩu hiện tại."
    advice_en = "Use {shortest} to {longest} characters that do not hold the sign-in name and are not the present password."

    def __init__(self, field: str) -> None:
        super().__init__(field, shortest=SHORTEST, longest=LONGEST)


def refuse_weak(password: str, *, name: str, before: str, field: str = "password") -> None:
    """Refuse a password that is easily guessed by whoever knows the name.

    Raises:
        PasswordTooWeak

    """
    chosen = _same(password)
    if not SHORTEST <= len(chosen) <= LONGEST or len(set(chosen)) < 5 or fold(name) in fold(chosen) or chosen == _same(before):
        raise PasswordTooWeak(field)


async def hashed(password: str) -> str:
    """What is kept of a password: argon2id with its salt and parameters."""
    return await asyncio.to_thread(_hasher.hash, _same(password))


class Checking:
    """Checks passwords, a few at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def holds(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that `kept` is the hash of; where nothing is kept, the same work is done in vain."""
        async with self._places:
            return await asyncio.to_thread(_holds, _same(password[: LONGEST * 2]), kept)


def _holds(password: str, kept: str | None) -> bool:
    try:
        found = _hasher.verify(kept or _nobody_s(), password)
    except (VerificationError, InvalidHashError):
        return False
    return found and kept is not None


@cache
def _nobody_s() -> str:
    return _hasher.hash("nobody has this password")


def _same(password: str) -> str:
    # Keyboards of Vietnamese compose letters differently; the same letters are the same password.
    return unicodedata.normalize("NFC", password)
