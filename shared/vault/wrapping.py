"""The keys of a vault: a record's under its person's, that under the master's, each wrapping bound to its place."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from shared.ids import Ids
from shared.keys import KeyedHash
from shared.vault import sealing
from shared.vault.keyring import Keyring
from shared.vault.port import Entry, VaultDamaged
from shared.vault.rows import PersonRow, RecordRow, SealedRow
from shared.vault.sealing import KEY_BYTES, NONCE_BYTES, place

_NONCES: Final = 3  # of a record: its text, its key under the person's, that under the master's


@dataclass(frozen=True, slots=True)
class Keys:
    """What seals and opens texts of any tenant."""

    keyring: Keyring
    keyed: KeyedHash
    ids: Ids

    def fresh_person(self, tenant: str, person: str, master: str) -> PersonRow:
        """A key for a person who has none yet."""
        key = self.ids.bytes("person-key", f"{tenant}/{person}", 0, KEY_BYTES)
        return self.wrapped_person(tenant, person, master, key)

    def wrapped_person(self, tenant: str, person: str, master: str, key: bytes) -> PersonRow:
        """A person's key under a master key."""
        nonce = self.ids.bytes("person-nonce", f"{tenant}/{person}/{master}", 0, NONCE_BYTES)
        bound = place("person", tenant, person)
        return PersonRow(person, master, sealing.wrap(self.keyring.key(master), nonce, bound, key))

    def person(self, tenant: str, row: PersonRow) -> bytes:
        """The key of a person who is not erased."""
        assert row.wrapped_key is not None
        with _named(f"the key of {row.person}"):
            return sealing.unwrap(self.keyring.key(row.master), place("person", tenant, row.person), bytes(row.wrapped_key))

    def sealed(self, tenant: str, asker: int, entry: Entry, master: str, person: bytes | None, *, kept: bool) -> RecordRow:
        """An entry as it is stored: a key of its own, made here and nowhere in clear again."""
        ref, purpose = entry.sealed.ref, entry.purpose
        key = self.ids.bytes(f"key/{ref}", entry.command_id, 0, KEY_BYTES)
        nonces = self.ids.bytes(f"nonce/{ref}", entry.command_id, 0, _NONCES * NONCE_BYTES)
        text_nonce, person_nonce, nonce = (nonces[at : at + NONCE_BYTES] for at in range(0, len(nonces), NONCE_BYTES))
        held = key if person is None else sealing.wrap(person, person_nonce, place("held", tenant, ref), key)
        return RecordRow(
            asker=asker,
            ref=ref,
            purpose=purpose,
            person=entry.person,
            wrapped_key=sealing.wrap(self.keyring.key(master), nonce, place("key", tenant, ref), held),
            sealed=sealing.seal(key, text_nonce, place("text", tenant, ref, purpose), entry.salt, entry.text),
            tokens=self.tokens(tenant, master, entry.text) if entry.searchable else None,
            command_id=entry.command_id,
            kept=kept,
        )

    def held(self, tenant: str, row: SealedRow) -> bytes:
        """What the master key wraps: the record's key, or that key under the person's.

        Both layers are there so that an erased text of a living person closes with the next rotation: were its key
        under the person's alone, an old copy of it and the present vault would open it.
        """
        assert row.wrapped_key is not None
        with _named(row.ref):
            return sealing.unwrap(self.keyring.key(row.master), place("key", tenant, row.ref), bytes(row.wrapped_key))

    def text(self, tenant: str, row: SealedRow) -> str:
        """The text of a record that is not erased."""
        assert row.sealed is not None
        key, person = self.held(tenant, row), None
        if row.person is not None:
            assert row.person_master is not None
            person = self.person(tenant, PersonRow(row.person, row.person_master, row.person_key))
        with _named(row.ref):
            if person is not None:
                key = sealing.unwrap(person, place("held", tenant, row.ref), key)
            return sealing.unseal(key, place("text", tenant, row.ref, row.purpose), bytes(row.sealed))

    def rewrapped(self, tenant: str, row: SealedRow, master: str) -> bytes:
        """A record's key under another master key."""
        nonce = self.ids.bytes(f"rewrap/{master}", f"{tenant}/{row.ref}", 0, NONCE_BYTES)
        return sealing.wrap(self.keyring.key(master), nonce, place("key", tenant, row.ref), self.held(tenant, row))

    def tokens(self, tenant: str, master: str, text: str) -> list[int]:
        """Search tokens of a text."""
        return sealing.tokens(self._search_key(tenant, master), text)

    def wanted(self, tenant: str, master: str, words: str) -> tuple[Sequence[int], Sequence[int]]:
        """Tokens that must be there, and those that rank higher."""
        return sealing.wanted(self._search_key(tenant, master), words)

    def _search_key(self, tenant: str, master: str) -> bytes:
        # From the master key, so that it dies with it: else old tokens beside the present key would tell the words.
        return self.keyed.digest("vault-search", tenant, self.keyring.key(master).hex())


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Say what is damaged: it is to be put back from a backup or erased before a rotation can go on."""
    try:
        yield
    except VaultDamaged as error:
        raise VaultDamaged(f"{what}: {error}") from error
