"""Who signs a paper, in the lines that stand on it: by the posts of the day, and by name."""

from datetime import date
from typing import Final

from shared.calendar import local_day
from shared.contracts.document import SigningCapacity
from shared.contracts.roles import Role
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.documents.layout.composition import Signature
from shared.documents.layout.signing import signature
from shared.documents.signing import BY_ORDER
from shared.papers.views import DocumentDetail
from shared.permit import Subject
from shared.vault.port import Vault

CHAIRMAN: Final = "Chủ tịch"


def _office_of(directory: Directory, unit: str) -> str | None:
    found = directory.unit(unit)
    return found.office if found is not None else None


def _above(capacity: SigningCapacity, held: str | None, head: str) -> str | None:
    """The title of whoever gave the order, where it is not plain from the office's head alone."""
    if capacity not in BY_ORDER:
        return None
    return CHAIRMAN if held in (Role.CHIEF, Role.DEPUTY) else head


class Signers:
    """Signatures of one tenant's papers; a name is opened in the vault under its reader's."""

    def __init__(self, directories: Directories, vault: Vault) -> None:
        self._directories, self._vault = directories, vault

    async def signature(self, subject: Subject, paper: DocumentDetail, head: str) -> Signature:
        """The lines of whoever signed; while nobody has, the title of the `head` of the office and no name."""
        step = next((step for step in reversed(paper.history) if step.type == "document.signed"), None)
        if step is None or paper.signer is None or paper.capacity is None:
            return Signature(None, (head.upper(),), "")
        then = await self._directories.at(local_day(step.at))
        capacity = SigningCapacity(paper.capacity)
        held = [each for each in then.posts_of(paper.signer) if _office_of(then, each.unit) == paper.office]
        # Of several posts that in whose capacity it was signed.
        own = next(iter(sorted(held, key=lambda each: each.role != step.capacity)), None)
        post = CHAIRMAN if step.capacity == Role.CHAIRMAN else own.name if own is not None else head
        leader = then.leader_of(own.unit) if own is not None and step.capacity == Role.UNIT_DEPUTY else None
        ref = then.name_refs.get(paper.signer)
        return signature(
            capacity,
            head=CHAIRMAN if step.capacity == Role.CHAIRMAN else leader.name if leader is not None else head,
            post=post,
            name=await self._name(subject, ref, paper.id) if ref else "",
            above=_above(capacity, step.capacity, head),
        )

    async def secretary(self, subject: Subject, document: str, person: str, on: date) -> Signature:
        """The lines of whoever wrote the minutes of that day: his post, or else the unit he belongs to, and his name."""
        then = await self._directories.at(on)
        post, unit = then.post_of(person), then.unit_of(person)
        own = post.name if post is not None else then.label(unit) if unit is not None else ""
        ref = then.name_refs.get(person)
        return Signature(None, (own,) if own else (), await self._name(subject, ref, document) if ref else "")

    async def _name(self, subject: Subject, ref: str, document: str) -> str:
        """Nothing where it was erased."""
        opened = await self._vault.open_many([ref], reader=subject.person, purpose=subject.reads_for(f"name_signer {document}"))
        name = opened.get(ref)
        return name if isinstance(name, str) else ""
