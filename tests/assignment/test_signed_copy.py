"""A paper of the office that was signed outside stands for what the house would write, once it says the same."""

import subprocess
from typing import Any

import httpx2
import pytest

from services.assignment.domain.document.commands import AttachSignedDocument
from services.assignment.domain.document.decider import Attaching
from shared.contracts.document import DocumentKept, Form, KeptForm, SignedCopyAttached
from shared.contracts.refusals import Forbidden, Unknown
from shared.documents.refusals import NotSigned
from shared.papers.copies import Copies
from shared.papers.keeping import room_of
from tests.assignment.house import CHIEF, HUB, REGISTRY, SPECIALIST, House
from tests.assignment.test_document_decider import ISSUED_PAPER, TO_SIGNING, decided, given, refused, told
from tests.shared.documents.papers import DOCUMENT as PAPER
from tests.shared.documents.papers import TO_NUMBER, WORDS
from tests.support.outside import NAME, added_to, signed_outside

SUFFIX = "7Q2K9FXA3MBTW0000001"
OUTSIDE = KeptForm(form=Form.PDF, file="1a" * 32, sha256="2b" * 32, bytes=90_000)
ATTACHED = SignedCopyAttached(copy=OUTSIDE, signer=WORDS, signed_at=None, compared=True)
ATTACH = AttachSignedDocument(document=PAPER, file=OUTSIDE.file)


def test_a_copy_is_attached_to_a_signed_paper_and_to_no_other() -> None:
    found = told(Attaching, attached=ATTACHED)
    assert decided(ATTACH, given(*TO_NUMBER), found) == {PAPER: [ATTACHED]}
    assert decided(ATTACH, given(*ISSUED_PAPER), found) == {PAPER: [ATTACHED]}
    refused(NotSigned, ATTACH, given(*TO_SIGNING), found, "document")
    refused(Unknown, ATTACH, given(), found, "document")


def test_it_takes_the_place_of_the_pdf_that_is_kept_and_leaves_the_other_form() -> None:
    made = KeptForm(form=Form.PDF, file="3c" * 32, sha256="4d" * 32, bytes=80_000)
    editable = KeptForm(form=Form.DOCX, file="5e" * 32, sha256="6f" * 32, bytes=70_000)
    kept = DocumentKept(content="7a" * 32, forms=(made, editable))
    (_, replaced) = decided(ATTACH, given(*ISSUED_PAPER, kept), told(Attaching, attached=ATTACHED))[PAPER]
    assert replaced == DocumentKept(content=kept.content, forms=(OUTSIDE, editable))


async def letter(house: House) -> str:
    """A letter of the Office, signed by the head."""
    to = [{"recipient": "TH", "purpose": "Thực hiện", "mandatory": True}]
    drafted = await house.ask("draft_document", HUB, kind="cong_van", summary="V/v trả lời kiến nghị", recipients=to)
    await house.ask("submit_document", HUB, document=drafted.stream)
    await house.ask("sign_document", CHIEF, document=drafted.stream, capacity="truc_tiep")
    await house.follow()
    return drafted.stream


async def written(house: House, document: str) -> bytes:
    async with house.client(HUB) as client:
        answer = await client.get(f"/assignment/api/documents/{document}/file")
    assert answer.status_code == 200, answer.json()
    return answer.content


async def hand_in(house: House, document: str, content: bytes, by: Any = REGISTRY, key: str = "one") -> httpx2.Response:
    async with house.client(by) as client:
        headers = {"Idempotency-Key": key}
        return await client.post(f"/assignment/api/signed-copies?of={document}", content=content, headers=headers)


async def test_a_letter_signed_outside_is_what_is_given_out_once_it_is_issued(house: House) -> None:
    document = await letter(house)
    outside = signed_outside(await written(house, document))
    answer = await hand_in(house, document, outside)
    assert answer.status_code == 201, answer.json()
    book: dict[str, Any] = {
        "office": "VPUB",
        "book": "CV-VPUB",
        "year": 2023,
        "external": True,
        "pattern": "{number}/VPUB-TCHCQT",
    }
    await house.ask("open_register", REGISTRY, **book)
    await house.ask("issue_document", REGISTRY, document=document, book="CV-VPUB", number=7)
    await house.follow()
    await house.follow()
    assert await written(house, document) == outside
    async with house.client(HUB) as client:
        found = (await client.get(f"/assignment/api/documents/{document}/signature")).json()
        words = (await client.get(f"/assignment/api/documents/{document}/words")).json()["words"]
    assert words[found["copy"]["signer"]] == NAME
    assert found["copy"]["compared"] is True


async def test_handed_in_again_it_is_answered_as_the_first_time_and_not_kept_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await letter(house)
    outside = signed_outside(await written(house, document))
    first = await hand_in(house, document, outside)
    await house.follow()
    kept = room_of(house.service.kernel.files, "assignment")
    address = kept.address(outside)
    assert await kept.erase(address) is not None
    monkeypatch.setattr(subprocess, "run", None)  # nothing is looked into again
    again = await hand_in(house, document, outside)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert await kept.stored(address) is None


@pytest.mark.parametrize("code", ["no-signature-inside", "changed-after-signing", "not-a-pdf"])
async def test_what_is_not_signed_or_was_changed_is_refused(house: House, code: str) -> None:
    document = await letter(house)
    made = await written(house, document)
    content = {
        "no-signature-inside": made,
        "changed-after-signing": added_to(signed_outside(made)),
        "not-a-pdf": b"PK\x03\x04 a workbook",
    }[code]
    answer = await hand_in(house, document, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_no_file_is_opened_for_whoever_may_not_attach_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    document, opened = await letter(house), []

    async def open_it(_: Copies, document: str, *_asked: Any, **_how: Any) -> None:
        opened.append(document)

    monkeypatch.setattr(Copies, "attached", open_it)
    with pytest.raises(Forbidden):
        await house.ask("attach_signed_document", SPECIALIST, document=document, file="1a" * 32)
    assert opened == []
    await house.ask("attach_signed_document", REGISTRY, document=document, file="1a" * 32)
    assert opened == [document]


async def test_another_paper_s_copy_is_refused_and_nobody_else_hands_one_in(house: House) -> None:
    document = await letter(house)
    outside = signed_outside(await written(house, document))
    to = [{"recipient": "TH", "purpose": "Thực hiện", "mandatory": True}]
    other = await house.ask("draft_document", HUB, kind="cong_van", summary="V/v lịch họp", recipients=to)
    await house.ask("submit_document", HUB, document=other.stream)
    await house.ask("sign_document", CHIEF, document=other.stream, capacity="truc_tiep")
    await house.follow()
    answer = await hand_in(house, other.stream, outside)
    assert (answer.status_code, answer.json()["code"]) == (422, "other-text")
    assert (await hand_in(house, document, outside, by=SPECIALIST)).json()["code"] == "forbidden"
