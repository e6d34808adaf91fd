"""The contract of the vault (design decision 5)."""

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Protocol

from shared.contracts.types import Sealed
from shared.progress import Stand, unseen


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


class VaultDamaged(Exception):
    """A sealed text does not open under its own key: its bytes were changed, or moved from another place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The certificate of an erasure, as it stands now.

    It is complete once every master key that was there on its day is destroyed: only then does no copy of the old
    files open, whatever keys and whatever present database lie beside it.
    """

    subject: str  # a record's reference, or a person
    records: int
    at: int  # microseconds since 1970 UTC
    master_keys: tuple[str, ...]  # those of its day
    complete: bool
    advice: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A text in the vault, as the sweep asks about it."""

    ref: str
    command_id: str


# Which of some stored texts are referred to by a log or by a table of a service: their references.
Known = Callable[[Sequence[Stored]], Awaitable[AbstractSet[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Which lines of the access log: of one reader, purpose or text, from `since` on, before `until` (microseconds)."""

    reader: str | None = None
    purpose: str | None = None
    ref: str | None = None
    since: int | None = None
    until: int | None = None


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

    async def erase_record(self, ref: str) -> Erasure:
        """Destroy a text's key, its ciphertext and its search tokens.

        Raises:
            KeyError: no such reference.

        """
        ...

    async def erase_person(self, person: str) -> Erasure:
        """Destroy a person's key and every record that hangs on it; nothing can be put under that person again."""
        ...

    async def erasures(self, subject: str | None = None) -> list[Erasure]:
        """The certificates, oldest first, each as it stands now; those of one record or person, if named."""
        ...

    async def rotate_master_key(self, stand: Stand = unseen) -> str:
        """A new master key wraps everything from now on, old wrappings and search tokens are replaced, old keys destroyed.

        It covers every tenant of the database, works in batches beside everything else, and can be begun again after a
        crash. `stand` hears of keys and texts. Returns the id of the key in force.
        """
        ...

    async def sweep_orphans(self, known: Known, older_than: int) -> int:
        """Delete texts stored before `older_than` (microseconds since 1970 UTC) that nothing refers to.

        An append may follow its texts late. So a first sweep only doubts what it finds; a later one deletes it if that
        was doubted before `older_than`, was not opened or put again since, and is still not `known`. Returns how many went.
        """
        ...
