"""The contract of the vault (design decision 5)."""

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Protocol

from shared.contracts.types import Sealed


@dataclass(frozen=True, slots=True)
class Entry:
    """A text on its way into the vault. `sealed` is what events carry; `person` is whose key it hangs on, if anyone's."""

    sealed: Sealed
    text: str
    salt: bytes
    purpose: str  # `<command>.<field path>`: part of what the seal binds to
    command_id: str
    person: str | None = None
    searchable: bool = False


class Erased:
    """What opening gives where the text was erased."""

    def __repr__(self) -> str:
        return "ERASED"

    def __bool__(self) -> bool:
        return False


ERASED: Final = Erased()


class VaultUnavailable(Exception):
    """The vault did not answer; nothing was written. Try again."""


class PersonErased(Exception):
    """Something was to be sealed under the key of a person whose key is destroyed."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """The certificate of an erasure: how many records went, and whether it is beyond recovery or waits for a rotation."""

    records: int
    at: int  # microseconds since 1970 UTC
    master_key: str
    complete: bool
    advice: str


Known = Callable[[Sequence[str]], Awaitable[AbstractSet[str]]]


class Vault(Protocol):
    """One tenant's vault."""

    def seal(self, command_id: str, purpose: str, text: str, *, person: str | None = None, searchable: bool = False) -> Entry:
        """Prepare a text without storing it: reference and salt are fresh, the digest is HMAC-SHA256(salt, text)."""
        ...

    async def put(self, entries: Sequence[Entry], *, kept: bool = False) -> None:
        """Store, durably, all or none; an entry stored before is left as it is.

        With `kept` no event will ever refer to them: whoever stores them answers for them, and they are not swept.

        Raises:
            PersonErased, VaultUnavailable

        """
        ...

    async def open(self, ref: str, *, reader: str, purpose: str) -> str | Erased:
        """The text, verbatim; the opening is logged in the same transaction.

        Raises:
            KeyError: no such reference.

        """
        ...

    async def open_many(self, refs: Sequence[str], *, reader: str, purpose: str) -> dict[str, str | Erased]:
        """Several texts, logged as one access that names all; unknown references are left out."""
        ...

    async def search(self, words: str, *, limit: int = 200) -> list[str]:
        """References of searchable texts that hold all syllables of `words`, folded; neighbouring syllables rank first."""
        ...

    async def erase_record(self, ref: str) -> Erasure: ...

    async def erase_person(self, person: str) -> Erasure:
        """Destroy a person's key and every record that hangs on it."""
        ...

    async def rotate_master_key(self) -> str:
        """A new master key wraps everything from now on, old wrappings are replaced, the old key is destroyed; its id."""
        ...

    async def sweep_orphans(self, known: Known, older_than: int) -> int:
        """Delete texts stored before `older_than` (microseconds since 1970 UTC) whose command never was appended.

        `known` tells which of some command ids stand in a log. Give it time: an append may follow its texts by as long
        as a store is away. Returns how many went.
        """
        ...
