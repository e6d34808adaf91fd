"""What a string in an event or a command may be: each kind declared, bounded, and free of personal data."""

from dataclasses import dataclass
from typing import Annotated, Final


@dataclass(frozen=True, slots=True)
class Declared:
    """The declaration of a string: what it is, the pattern the edge holds it to, its longest length in characters."""

    what: str
    pattern: str
    max_length: int
    printed: bool = False  # it stands on official papers: the edge takes no character that these cannot show


@dataclass(frozen=True, slots=True)
class Words:
    """The bound of a sealed text, in characters: on a command's field the edge takes text and the vault keeps it."""

    max_length: int
    personal: bool = False  # sealed under the key of the person it belongs to, gone when that person is erased
    printed: bool = False  # as of a declared string


@dataclass(frozen=True, slots=True)
class Most:
    """How many items a list of a command takes, where that is other than the edge takes otherwise; how many it needs."""

    items: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the greatest that a number of a command can be."""

    first: int
    last: int


Year = Annotated[int, Between(1901, 2199)]  # with the one before, of those that calendars here count with
VaultRef = Annotated[str, Declared("vault reference", r"[0-9a-f]{32}", 32)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A text that lives in the vault: its reference there and a salted digest. Events carry only this."""

    ref: VaultRef
    digest: Annotated[str, Declared("salted digest", r"[0-9a-f]{64}", 64)]


UnitKey = Annotated[str, Declared("unit key", r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*", 32)]
FieldKey = Annotated[str, Declared("field key", r"[a-z0-9]+(-[a-z0-9]+)*", 40)]
LocalityKey = Annotated[str, Declared("locality: a unit key", r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*", 32)]
PersonId = Annotated[str, Declared("person id: permanent, says nothing of the person", r"[a-z0-9]+(-[a-z0-9]+)*", 40)]
PostKey = Annotated[str, Declared("post key", r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*", 32)]
StreamId = Annotated[str, Declared("stream id", r"[a-z_]+-[A-Za-z0-9-]{1,80}", 100)]
EpisodeId = Annotated[str, Declared("handling episode id", r"[A-Za-z0-9/-]{1,100}", 100)]
LocalId = Annotated[str, Declared("a unit's own id of an opinion", r"[A-Za-z0-9][A-Za-z0-9._/:#-]*", 80)]
Code = Annotated[str, Declared("a code of a closed list", r"[A-Za-z][A-Za-z0-9_]*", 40)]
RefusalCode = Annotated[str, Declared("code of a refusal", r"[a-z][a-z0-9-]*", 60)]
Keyed = Annotated[str, Declared("keyed hash, hex", r"[0-9a-f]{32,64}", 64)]
PublicName = Annotated[str, Declared("an official name, public by nature", r"[^\x00-\x1f\x7f]+", 200, printed=True)]
DocumentNumber = Annotated[str, Declared("number and symbol of an official document", r"[^\x00-\x1f\x7f]+", 80, printed=True)]
RegisterKey = Annotated[str, Declared("register key, such as TB-VPUB", r"[A-Z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", 40)]
Digest = Annotated[str, Declared("SHA-256 of a content, hex", r"[0-9a-f]{64}", 64)]
SigningKeyId = Annotated[str, Declared("signing key id: the first half of its public half's SHA-256, hex", r"[0-9a-f]{32}", 32)]
PublicKey = Annotated[str, Declared("public half of an Ed25519 key, hex", r"[0-9a-f]{64}", 64)]
Ed25519Signature = Annotated[str, Declared("Ed25519 signature, hex", r"[0-9a-f]{128}", 128)]
VersionName = Annotated[str, Declared("name of a dated version of rules or calendar", r"[A-Za-z0-9.-]+", 40)]

WORDS_LIMIT: Final = 20_000
NOTE_LIMIT: Final = 4_000
NAME_LIMIT: Final = 200

Text = Annotated[Sealed, Words(WORDS_LIMIT)]
Note = Annotated[Sealed, Words(NOTE_LIMIT)]
PersonalText = Annotated[Sealed, Words(NAME_LIMIT, personal=True)]
# What a command takes of these to be set in print.
PrintedText = Annotated[Sealed, Words(WORDS_LIMIT, printed=True)]
PrintedName = Annotated[Sealed, Words(NAME_LIMIT, personal=True, printed=True)]
Secret = Annotated[Sealed, Words(NAME_LIMIT, personal=True)]  # a key of the house's own making; opened by it alone
