"""A report's paper as it was issued: its bytes are kept, whatever becomes of letterhead, names and the report since."""

import hashlib
import io
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx2
import pdfplumber
import pytest

from services.reporting.domain.document.commands import KeepReport
from shared.contracts.directory import LetterheadSet
from shared.contracts.document import DocumentKept, Form, KeptForm
from shared.documents.layout.composition import Composition
from shared.documents.refusals import FileDiffers, NotIssued
from shared.papers.composing import Composed
from shared.papers.refusals import SignedDiffers
from shared.permit import Subject
from tests.reporting.house import AT, AUDITOR, BDV, CHIEF, FEEDER, HUB, LEADER, STRANGER, House, house
from tests.reporting.papers import ISSUED, PAPER, REPORT, SENT, SIGNED, TEXT, paper, told
from tests.support.hosting import Hosted

FILE = f"{AT}/paper/file"
LETTERHEAD = LetterheadSet(
    office="VPUB",
    parent="UBND TỈNH SƠN LA",
    issuer="VĂN PHÒNG MỚI",
    above="UBND tỉnh",
    called="Văn phòng UBND tỉnh",
    place="Sơn La",
    head="Chánh Văn phòng",
    valid_from=date(2021, 1, 1),
)
KEPT = DocumentKept(content=TEXT, forms=(KeptForm(form=Form.PDF, file="5e" * 32, sha256="7f" * 32, bytes=120_000),))


@pytest.fixture
async def issued(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        await made.issued()
        yield made


def spoil(path: Path) -> None:
    """The last byte of every kept file is another."""
    [folder] = path.rglob("sonla.issued-reporting")
    for each in folder.rglob("*"):
        if each.is_file():
            lying = each.read_bytes()
            each.write_bytes(lying[:-1] + bytes([lying[-1] ^ 1]))


def text_of(answer: httpx2.Response) -> str:
    with pdfplumber.open(io.BytesIO(answer.content)) as pages:
        return " ".join(" ".join(page.extract_text().split()) for page in pages.pages)


async def test_what_was_issued_is_given_as_it_was_issued_after_the_letterhead_changed(issued: House) -> None:
    before = {form: await issued.get(HUB, f"{FILE}?form={form.value}") for form in Form}
    for answer in before.values():
        assert answer.headers["paper-issued"] == hashlib.sha256(answer.content).hexdigest()
    assert "45/BC-VPUB" in text_of(before[Form.PDF])
    await issued.happen("assignment", {"letterhead-VPUB": [LETTERHEAD]})
    for form, answer in before.items():
        again = await issued.get(HUB, f"{FILE}?form={form.value}")
        assert (again.content, again.headers["paper-content"]) == (answer.content, answer.headers["paper-content"])
    copy = await issued.get(HUB, f"{FILE}?marked=true")
    assert "VĂN PHÒNG MỚI" in text_of(copy)
    assert "paper-issued" not in copy.headers


async def test_what_is_taken_back_before_it_could_be_kept_is_kept_without_a_word_of_that(issued: House) -> None:
    await Hosted.ask(issued, "recall_report", CHIEF, report=REPORT, reason="Gửi nhầm.")  # nothing was followed since the issue
    answer = await issued.get(HUB, FILE)
    assert "paper-issued" in answer.headers
    assert "ĐÃ THU HỒI" not in unicodedata.normalize("NFC", text_of(answer))
    assert "ĐÃ THU HỒI" in unicodedata.normalize("NFC", text_of(await issued.get(HUB, f"{FILE}?marked=true")))


async def test_the_history_says_which_bytes_were_issued_and_following_the_log_again_keeps_nothing_twice(issued: House) -> None:
    answer = await issued.get(HUB, FILE)
    steps = (await issued.get(HUB, f"{AT}/paper")).json()["history"]
    [kept] = [step["detail"] for step in steps if step["type"] == "document.kept"]
    [pdf] = [each for each in kept["forms"] if each["form"] == "pdf"]
    assert (pdf["sha256"], pdf["bytes"]) == (hashlib.sha256(answer.content).hexdigest(), len(answer.content))
    head = (await issued.log.head()).position
    await issued.follow()
    assert (await issued.log.head()).position == head


async def test_it_is_read_by_whoever_reads_the_report_and_changed_bytes_are_not_given_out(issued: House, tmp_path: Path) -> None:
    answer = await issued.get(HUB, FILE)
    for person in (STRANGER, BDV):
        assert (await issued.get(person, FILE)).status_code == 404
    await issued.sent("UBND-T", "BDVTU")
    for person in (AUDITOR, BDV):
        assert (await issued.get(person, FILE)).content == answer.content
    spoil(tmp_path)
    spoiled = await issued.get(HUB, FILE)
    assert (spoiled.status_code, spoiled.json()["code"]) == (409, FileDiffers.code)


async def test_what_reads_otherwise_than_it_was_signed_is_not_kept(issued: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = Composed.now

    async def otherwise(self: Composed, reader: Subject, document: str) -> Composition:
        return replace(await now(self, reader, document), closing="Khác.")

    monkeypatch.setattr(Composed, "now", otherwise)
    await issued.follow()
    with pytest.raises(SignedDiffers):
        await issued.service.queries.files.keep(PAPER, command_id="c-1")
    assert "document.kept" not in [record.type for record in await issued.log.read_stream(PAPER)]
    assert (await issued.service.queries.files.missing()).unkept == (PAPER,)


async def test_keeping_it_is_logged_as_the_process_s_reading_and_drafting_as_the_house_s(issued: House) -> None:
    await issued.follow()
    found = {(each["reader"], each["purpose"]) for each in await issued.vault.accesses()}
    assert ("process:keep-issued-reporting", f"keep_issued {PAPER}") in found
    assert ("process:compose-report", f"compose_report {PAPER}") in found
    opened = {reader for reader, purpose in found if not purpose.startswith("sign_")}  # the office's key, by who signs
    assert opened == {"process:keep-issued-reporting", "process:compose-report"}


@pytest.mark.parametrize("by", [FEEDER, LEADER, STRANGER])
async def test_nothing_is_composed_or_counted_for_whoever_may_not_ask(issued: House, by: Subject) -> None:
    await issued.follow()
    before = await issued.vault.accesses()
    wanted = 404 if by is STRANGER else 403
    for path in ("draft", "submission", "number", "issue"):
        answer = await issued.post(by, f"{AT}/{path}", **({"book": "BC-VPUB"} if path == "number" else {}))
        assert (path, answer.status_code) == (path, wanted), answer.text
    assert await issued.vault.accesses() == before


def test_a_paper_is_kept_once_and_only_after_it_was_issued() -> None:
    keep, facts = KeepReport(report=REPORT), told(kept=KEPT)
    paper(*SIGNED).when(keep, facts).refuses(NotIssued, "report")
    paper(*ISSUED).when(keep, facts).then({PAPER: [KEPT]})
    paper(*SENT).when(keep, facts).then({PAPER: [KEPT]})
    paper(*ISSUED, KEPT).when(keep, told(kept=replace(KEPT, content="6b" * 32))).nothing()
    paper(*ISSUED).when(keep, told()).nothing()
