"""What staff are called, opened in the vault for the pages that name them."""

from collections.abc import Collection, Mapping
from typing import Final

from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.text import fold
from shared.vault.port import Erased, Vault

AT_ONCE: Final = 500  # names of one access


class People:
    """Names of one tenant's staff."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def names(self, subject: Subject, directory: Directory, people: Collection[str], *, purpose: str) -> dict[str, str]:
        """What these people are called on the directory's day, whoever has no name there is left out."""
        return (await self.named(subject, dict.fromkeys(people, directory), purpose=purpose)) if people else {}

    async def named(self, subject: Subject, people: Mapping[str, Directory], *, purpose: str) -> dict[str, str]:
        """What each of these people is called by a directory of its own; five hundred are opened in one access."""
        refs = {person: ref for person, on in sorted(people.items()) if (ref := on.name_refs.get(person)) is not None}
        wanted = list(dict.fromkeys(refs.values()))
        opened: dict[str, str | Erased] = {}
        for start in range(0, len(wanted), AT_ONCE):
            opened |= await self._vault.open_many(wanted[start : start + AT_ONCE], reader=subject.person, purpose=purpose)
        return {person: name for person, ref in refs.items() if isinstance(name := opened.get(ref), str)}


def by_given_name(name: str) -> tuple[str, str]:
    """As Vietnamese lists order people: by the given name, which stands last, then by the rest."""
    rest, _, given = fold(name).strip().rpartition(" ")
    return given, rest
