"""A report's PDF that was signed outside is looked into, held against the report, and given out as what was issued."""

import asyncio
import hashlib
import subprocess
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.contracts.document import Form
from shared.documents.layout.written import written as typeset
from shared.papers.copies import LOOKING_AT_ONCE, looked_into
from tests.reporting.house import AT, AUDITOR, BDV, DEPUTY, HUB, REGISTRY, House, house
from tests.reporting.papers import REPORT
from tests.shared.documents.specimen import specimen
from tests.support.outside import added_to, signed_outside

FILE = f"{AT}/paper/file"


@pytest.fixture
async def signed(tmp_path: Path) -> AsyncIterator[House]:
    """The report is signed and numbered, and not issued yet."""
    async with house(tmp_path) as made:
        await made.submitted()
        await made.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
        book = {"office": "VPUB", "book": "BC-VPUB", "year": 2023, "external": True, "pattern": "{number}/BC-VPUB"}
        await made.ask("open_report_register", REGISTRY, **book)
        yield made


async def hand_in(house: House, content: bytes, by: object = REGISTRY, key: str = "one") -> httpx2.Response:
    await house.follow()
    async with house.client(by) as client:  # type: ignore[arg-type]
        headers = {"Idempotency-Key": key}
        return await client.post(f"/reporting/api/signed-copies?of={REPORT}", content=content, headers=headers)


async def written(house: House) -> bytes:
    return (await house.get(HUB, FILE)).content


async def issue(house: House) -> None:
    await house.ask("issue_report", REGISTRY, report=REPORT, book="BC-VPUB", number=45)


async def test_what_was_signed_outside_is_kept_and_given_out_as_issued(signed: House) -> None:
    outside = signed_outside(await written(signed))
    answer = await hand_in(signed, outside)
    assert answer.status_code == 201, answer.json()
    await issue(signed)
    await signed.follow()
    given = await signed.get(HUB, FILE)
    assert (given.content, given.headers["paper-issued"]) == (outside, hashlib.sha256(outside).hexdigest())
    editable = await signed.get(HUB, f"{FILE}?form={Form.DOCX.value}")
    assert editable.content.startswith(b"PK")
    found = (await signed.get(AUDITOR, f"{AT}/signature")).json()
    assert (found["verdict"], found["copy"]["compared"]) == ("valid", True)
    assert found["copy"]["sha256"] == hashlib.sha256(outside).hexdigest()
    assert found["copy"]["trust"]["vi"].endswith("không kiểm tra được chuỗi tin cậy của chứng thư")


async def test_it_takes_the_place_of_what_is_kept_until_the_report_is_sent(signed: House) -> None:
    await issue(signed)
    await signed.follow()
    made = await written(signed)
    outside, another = signed_outside(made), signed_outside(made, "KhacNua")
    assert (await hand_in(signed, outside)).status_code == 201
    await signed.follow()
    assert await written(signed) == outside
    await signed.sent("BDVTU")
    answer = await hand_in(signed, another, key="two")
    assert (answer.status_code, answer.json()["code"]) == (409, "sent-as-issued")
    assert (await signed.get(BDV, FILE)).content == outside


async def test_the_same_file_again_changes_nothing(signed: House) -> None:
    outside = signed_outside(await written(signed))
    first = await hand_in(signed, outside)
    head = (await signed.log.head()).position
    assert (await hand_in(signed, outside)).json() == first.json()
    assert (await hand_in(signed, outside, key="two")).status_code == 201
    assert (await signed.log.head()).position == head


async def test_what_is_no_pdf_carries_no_signature_was_changed_or_says_something_else_is_refused(signed: House) -> None:
    made = await written(signed)
    outside = signed_outside(made)
    touched = bytearray(outside)
    touched[2_000] ^= 1
    before = (await signed.log.head()).position
    for content, code in (
        (b"", "file-empty"),
        (b"hello", "not-a-pdf"),
        (b"%PDF-1.7 and nothing else", "not-a-pdf"),
        (made, "no-signature-inside"),
        (bytes(touched), "changed-after-signing"),
        (added_to(outside), "changed-after-signing"),
    ):
        answer = await hand_in(signed, content)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await signed.log.head()).position == before


async def test_another_text_is_refused_with_the_words_that_differ(signed: House) -> None:
    answer = await hand_in(signed, signed_outside(typeset(specimen(), Form.PDF)))
    assert (answer.status_code, answer.json()["code"]) == (422, "other-text")
    assert "từ “" in answer.json()["title"]


async def test_whoever_may_not_hand_it_in_is_told_so_before_the_file_is_read(signed: House) -> None:
    assert (await hand_in(signed, b"hello", by=AUDITOR)).json()["code"] == "forbidden"
    assert (await hand_in(signed, b"hello", by=BDV)).json()["code"] == "unknown"
    async with signed.client(REGISTRY) as client:
        keyless = await client.post(f"/reporting/api/signed-copies?of={REPORT}", content=b"hello")
    assert keyless.json()["code"] == "idempotency-key-missing"


async def test_an_unsigned_report_takes_no_signed_copy(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        await made.submitted()
        answer = await hand_in(made, signed_outside(await written(made)))
        assert (answer.status_code, answer.json()["code"]) == (409, "not-signed")


async def test_a_copy_made_before_the_number_was_given_still_says_the_same(signed: House) -> None:
    before = await written(signed)
    await signed.ask("number_report", REGISTRY, report=REPORT, book="BC-VPUB", number=45)
    await signed.follow()
    after = await written(signed)
    assert before != after
    for key, content in (("one", signed_outside(before)), ("two", signed_outside(after))):
        assert (await hand_in(signed, content, key=key)).status_code == 201


async def test_a_report_signed_by_somebody_whose_name_is_not_registered_is_no_draft_any_more(signed: House) -> None:
    assert "DỰ THẢO" not in " ".join(looked_into(await written(signed), "words")["words"])


async def test_two_files_are_looked_into_at_once_and_no_more_and_a_file_handed_in_only_once(
    signed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = [signed_outside(await written(signed), f"ChuKy{n}") for n in range(4)]
    run, at_once, inputs, running = subprocess.run, [], [], 0
    counting = threading.Lock()

    def counted(*args: Any, **of: Any) -> Any:
        nonlocal running
        with counting:
            running += 1
            at_once.append(running)
            inputs.append(of["input"])
        try:
            return run(*args, **of)
        finally:
            with counting:
                running -= 1

    monkeypatch.setattr(subprocess, "run", counted)
    assert (await hand_in(signed, outside[0], key="k-0")).status_code == 201
    assert inputs.count(outside[0]) == 1
    answers = await asyncio.gather(*(hand_in(signed, each, key=f"k-{n}") for n, each in enumerate(outside[1:], 1)))
    # Nothing fills the read models meanwhile: whoever comes after another's fact is told to ask again.
    assert {201} <= {answer.status_code for answer in answers} <= {201, 503}
    assert max(at_once) == LOOKING_AT_ONCE
