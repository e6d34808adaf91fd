"""Everybody reads what an office made public, that and nothing else (R7, R8)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.contracts.document import AttachmentAdded
from tests.assignment.browsing import Person, application, text_of
from tests.assignment.browsing import person as a_person_at
from tests.assignment.house import CHIEF, HUB, REGISTRY, House
from tests.assignment.test_document_api import REDACTED, TEXT, drafted, furnished
from tests.assignment.test_document_files import blobs
from tests.assignment.test_papers_written import LETTERHEAD
from tests.assignment.test_session_arranging import ROOM
from tests.assignment.test_session_misuse import ready
from tests.support.hosting import subject

SUMMARY = "Triển khai công tác đối thoại <b>năm 2023</b>"


@pytest.fixture
async def office(house: House) -> House:
    await furnished(house)
    await house.ask("set_letterhead", HUB, office="VPUB", **LETTERHEAD)
    await house.follow()
    return house


@pytest.fixture
async def anybody(office: House) -> AsyncIterator[Person]:
    async with a_person_at(application(office), subject("nobody", "VPUB")) as browser:
        yield browser


async def issued(office: House, kind: str, number: int, **more: Any) -> str:
    paper = await drafted(office, kind, **more)
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep", content=TEXT)
    await office.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=number)
    await office.ask("issue_document", REGISTRY, document=paper)
    await office.follow()
    return paper


async def publish(
    office: House, paper: str, *, content: str = TEXT, redacted: bool = False, place: str = "trang_tin_van_phong"
) -> None:
    await office.ask("publish_document", REGISTRY, document=paper, place=place, content=content, redacted=redacted)
    await office.follow()


async def kept(office: House, paper: str) -> str:
    found = await office.service.queries.papers.issued()
    return str((found[paper] or {})["forms"][0]["sha256"])


async def test_a_paper_is_there_once_it_was_published_and_its_file_is_the_one_that_was_issued(
    office: House, anybody: Person
) -> None:
    paper = await issued(office, "chuong_trinh", 3, summary=SUMMARY)
    path = f"/published/{paper}.pdf"
    assert "03/TB-VPUB" not in (await anybody.open("/published")).text
    assert (await anybody.open(path)).status_code == 404
    await publish(office, paper)
    shown = (await anybody.open("/published")).text
    assert "03/TB-VPUB" in shown
    assert "<b>năm" not in shown
    assert "&lt;b&gt;năm 2023" in shown
    got = await anybody.open(path)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "application/pdf")
    assert got.headers["Content-Disposition"] == 'attachment; filename="03-TB-VPUB.pdf"'
    assert got.content.startswith(b"%PDF")
    lines = [(line["reader"], line["purpose"]) for line in await office.vault.accesses()]
    assert ("process:published", f"show what was published {paper}") in lines


async def test_of_a_notice_whose_names_were_taken_out_elsewhere_only_that_it_is_public_is_told(
    office: House, anybody: Person
) -> None:
    paper = await issued(office, "thong_bao", 4)
    await publish(office, paper, content=REDACTED, redacted=True)
    shown = (await anybody.open("/published")).text
    assert "04/TB-VPUB" in shown
    assert f"/published/{paper}.pdf" not in shown
    assert "trang thông tin điện tử" in text_of(shown)
    assert (await anybody.open(f"/published/{paper}.pdf")).status_code == 404
    await publish(office, paper, content=await kept(office, paper), redacted=True)
    assert (await anybody.open(f"/published/{paper}.pdf")).status_code == 200


async def test_a_text_without_names_that_replaces_the_issued_one_takes_its_file_back(office: House, anybody: Person) -> None:
    paper = await issued(office, "chuong_trinh", 6)
    path = f"/published/{paper}.pdf"
    await publish(office, paper)
    assert (await anybody.open(path)).status_code == 200
    await publish(office, paper, content=REDACTED, redacted=True)
    assert (await anybody.open(path)).status_code == 404
    shown = (await anybody.open("/published")).text
    assert "06/TB-VPUB" in shown
    assert path not in shown


async def test_what_hangs_on_a_notice_board_alone_is_not_on_the_web(office: House, anybody: Person) -> None:
    paper = await issued(office, "chuong_trinh", 7)
    path = f"/published/{paper}.pdf"
    await publish(office, paper, place="niem_yet_tru_so")
    assert "07/TB-VPUB" not in (await anybody.open("/published")).text
    assert (await anybody.open(path)).status_code == 404
    await publish(office, paper, content=REDACTED, redacted=True)
    assert "07/TB-VPUB" in (await anybody.open("/published")).text
    assert (await anybody.open(path)).status_code == 404
    await publish(office, paper, content=await kept(office, paper), redacted=True)
    await publish(office, paper, content=REDACTED, redacted=True, place="niem_yet_tru_so")
    assert (await anybody.open(path)).status_code == 200  # the board does not replace what is on the web


async def test_what_was_recalled_is_public_no_longer(office: House, anybody: Person) -> None:
    paper = await issued(office, "chuong_trinh", 5)
    await publish(office, paper)
    await office.ask("recall_document", CHIEF, document=paper, reason="Sai ngày.")
    await office.follow()
    assert "05/TB-VPUB" not in (await anybody.open("/published")).text
    assert (await anybody.open(f"/published/{paper}.pdf")).status_code == 404


async def test_an_announced_dialogue_stands_there_with_its_room_and_nobody_s_name(office: House, anybody: Person) -> None:
    assert ROOM not in (await anybody.open("/published")).text
    session, _ = await ready(office)
    await office.ask("arrange_session", HUB, session=session, place=ROOM)
    await office.follow()
    assert ROOM not in (await anybody.open("/published")).text  # its day is not announced yet
    await office.ask("announce_session", HUB, session=session)
    await office.follow()
    shown = text_of((await anybody.open("/published")).text)
    assert ROOM in shown
    assert session not in shown
    await office.ask("postpone_session", CHIEF, session=session, reason="Bão.")
    await office.follow()
    assert ROOM not in (await anybody.open("/published")).text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("year=2022", 200),
        ("year=1", 422),
        ("year=x", 422),
        ("office=KHONG-CO", 404),
        ("office=%3Cscript%3E", 422),
        ("office=UBND-MSO", 200),
    ],
)
async def test_years_and_offices_are_bounded(anybody: Person, query: str, status: int) -> None:
    assert (await anybody.open(f"/published?{query}")).status_code == status


@pytest.mark.parametrize("document", ["document-", "document-x", "case-1", "..%2f..%2fetc", "document-" + "A" * 200])
async def test_what_is_no_published_paper_is_not_there(anybody: Person, document: str) -> None:
    assert (await anybody.open(f"/published/{document}.pdf")).status_code in (404, 422)


async def test_files_that_came_with_an_opinion_are_read_with_its_case(house: House) -> None:
    case = await house.refer("7Q2K9FXA3MBTW0000031", flags=())
    entry = house.vault.seal("test/name", "attach_to_submission.name", "ảnh.png")
    await house.vault.put([entry])
    stored = await blobs(house).put(b"\x89PNG", "png", command_id="test/file")
    added = AttachmentAdded(about=case.replace("case-", "opinion-"), file=stored.address, media="png", bytes=4, name=entry.sealed)
    await house.happen("intake", {"attachment-7Q2K9FXA3MBTW0000031-1": [added]})
    await house.follow()
    async with house.client(HUB) as client:
        listed = (await client.get("/assignment/api/attachments", params={"about": case})).json()["items"]
        assert [(each["name"], each["file"]) for each in listed] == [("ảnh.png", stored.address)]
        assert (await client.get(f"/assignment/api/attachments/{stored.address}", params={"about": case})).content == b"\x89PNG"
    assert await house.service.queries.papers.attached([stored.address]) == {stored.address}
