"""Copies of papers that were signed outside: looked into, held against what was signed here, sealed, and kept as issued."""

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from shared.blobs.refusals import FileEmpty, FileTooLarge
from shared.blobs.store import BlobDamaged, BlobGone, Blobs
from shared.contracts.document import Form, KeptForm, SignedCopyAttached
from shared.contracts.refusals import Refused, Unknown
from shared.documents import lifecycle
from shared.documents.layout.composition import Composition
from shared.documents.layout.head import as_filled_in
from shared.documents.layout.written import written
from shared.documents.refusals import AnnotationsInside, ChangedAfterSigning, NoSignatureInside, NotAPdf, OtherText
from shared.instants import countable
from shared.papers import signed_pdf
from shared.papers.composing import Composed, house_reader
from shared.papers.keeping import room_of
from shared.vault.port import Vault

LOOKING_SECONDS: Final = 60.0
WAIT_SECONDS: Final = 2.0  # for read models, as whoever reads what he wrote does
_SCRIPT: Final = Path(signed_pdf.__file__)
_REFUSALS: Final[Mapping[str, type[Refused]]] = {
    "not-a-pdf": NotAPdf,
    "unsigned": NoSignatureInside,
    "changed": ChangedAfterSigning,
    "annotated": AnnotationsInside,
}


class Copies:
    """Signed copies of one service's and tenant's papers."""

    def __init__(self, composed: Composed, blobs: Blobs, vault: Vault) -> None:
        self._composed, self._blobs, self._vault = composed, room_of(blobs, composed.service), vault

    @property
    def limit_bytes(self) -> int:
        """The largest file taken."""
        return self._blobs.limit_bytes

    async def take(self, document: str, content: bytes, *, command_id: str) -> str:
        """Seal a file that may stand for the paper; its address.

        Raises:
            FileEmpty, FileTooLarge, NotAPdf, NoSignatureInside, ChangedAfterSigning, AnnotationsInside, OtherText
            NoPlaceForFiles, PlaceUnavailable, VaultUnavailable
            LogUnavailable: the read models have not come up to the paper; ask again soon.
            Unknown: it is not there, or says nothing that may be read.
            NotSigned, WasRecalled, WasSuperseded

        """
        await self._looked_into(document, content)
        return (await self._blobs.put(content, Form.PDF.value, command_id=command_id)).address

    async def attached(self, document: str, address: str, *, reader: str, command_id: str) -> SignedCopyAttached:
        """What is recorded of a sealed file that is to stand for the paper, looked into again; its signer's name is sealed.

        Raises:
            Unknown: there is no such file.
            NotSigned, WasRecalled, WasSuperseded
            NotAPdf, NoSignatureInside, ChangedAfterSigning, AnnotationsInside, OtherText, LogUnavailable, VaultUnavailable

        """
        try:
            opened = await self._blobs.open(address, reader=reader, purpose=f"attach_signed_copy {document}")
        except (BlobGone, BlobDamaged):
            raise Unknown("file") from None
        found, compared = await self._looked_into(document, opened.content)
        signer = self._vault.seal(command_id, "attach_signed_copy.signer", found["signer"])
        await self._vault.put([signer])
        form = KeptForm(
            form=Form.PDF,
            file=address,
            sha256=hashlib.sha256(opened.content).hexdigest(),
            bytes=len(opened.content),
        )
        return SignedCopyAttached(copy=form, signer=signer.sealed, signed_at=_instant(found["signed_at"]), compared=compared)

    async def _looked_into(self, document: str, content: bytes) -> tuple[dict[str, Any], bool]:
        """Who signed it, and whether it holds text, which is then the paper's."""
        if not content:
            raise FileEmpty("file")
        if len(content) > self.limit_bytes:
            raise FileTooLarge("file", limit_bytes=self.limit_bytes)
        state = await self._composed.state_of(document)
        office = lifecycle.signed_paper(state).drafted.office
        found = await asyncio.to_thread(looked_into, content)
        if not found["words"]:
            return found, False
        await self._composed.come_to(await self._composed.stands_at(document), within_seconds=WAIT_SECONDS)
        tenant, purpose = self._composed.tenant, f"compare_copy {document}"
        reader = house_reader(tenant, office, name="compare-copy", purpose=purpose)
        paper = replace(await self._composed.now(reader, document), mark=None)
        await asyncio.to_thread(refuse_other_text, found["words"], paper)
        return found, True


def looked_into(content: bytes, *asked: str) -> dict[str, Any]:
    """`{"signer", "signed_at", "words"}` of a signed PDF, found by another process; with `words` of any PDF its words alone.

    Raises:
        NotAPdf, NoSignatureInside, ChangedAfterSigning, AnnotationsInside

    """
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter on our own file; the PDF is its standard input
            [sys.executable, "-I", str(_SCRIPT), *asked],
            input=content,
            capture_output=True,
            timeout=LOOKING_SECONDS,
            check=False,
            env={},
        )
        answer: dict[str, Any] = orjson.loads(done.stdout)
    except (subprocess.TimeoutExpired, orjson.JSONDecodeError):
        raise NotAPdf("file") from None
    if "wrong" in answer:
        raise _REFUSALS[answer["wrong"]]("file")
    return answer


def refuse_other_text(words: Sequence[str], paper: Composition) -> None:
    """Hold the words of a file to those of the paper, written under the number and day of that file, which it may have got since.

    Raises:
        OtherText: with the first words of the file that differ; those of the paper may not be the asker's to read.

    """
    own: list[str] = looked_into(written(as_filled_in(paper, words), Form.PDF), "words")["words"]
    if words == own:
        return
    at = next((n for n, (a, b) in enumerate(zip(words, own, strict=False)) if a != b), min(len(words), len(own)))
    raise OtherText("file", differs=" ".join(words[at : at + 6]) or "…")


def _instant(told: str | None) -> datetime | None:
    """When a signature says it was made; None where it says nothing that a calendar knows."""
    instant = datetime.fromisoformat(told).astimezone(UTC) if told is not None else None
    return instant if instant is not None and countable(instant) else None
