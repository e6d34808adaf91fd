"""Files over HTTP: handed in, read back by those who may, never shown as a page, and gone when they are erased."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from services.assignment.domain.attachment.refusals import FileNotStored, NothingToAttachTo
from services.assignment.handlers.attachments import KINDS
from shared.blobs.store import Blobs
from shared.config import DEFAULT_FILE_LIMIT_BYTES
from shared.contracts.case import Authority
from shared.contracts.directory import PARTY_FIELDS
from shared.contracts.document import AttachmentAdded
from shared.contracts.roles import Role
from shared.permit import Subject
from tests.assignment.house import (
    ADMIN,
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    PARTY,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.assignment.stage import ASSIGNED
from tests.shared.blobs import files
from tests.shared.blobs.files import DOCX_MAIN, PDF, office, png

SUFFIX = "7Q2K9FXA3MBTW0000001"
NAME = "Đơn của bà Lò Thị A.pdf"
LED = min(PARTY_FIELDS)  # a field where cấp ủy leads


async def send(
    house: House, by: Subject | None, about: str, content: bytes = PDF, name: str | None = NAME, key: str | None = "k"
) -> httpx2.Response:
    headers = {} if name is None else {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    headers |= {} if key is None else {"Idempotency-Key": key}
    async with house.client(by) as client:
        return await client.post("/assignment/api/attachments", params={"about": about}, content=content, headers=headers)


async def get(house: House, by: Subject | None, path: str = "", **asked: Any) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.get(f"/assignment/api/attachments{path}", params=asked, headers={"After-Position": "assignment=1"})


def written(path: Path) -> bytes:
    """Everything that stands in any file."""
    return b"".join(each.read_bytes() for each in path.rglob("*") if each.is_file())


async def assigned(house: House, **more: Any) -> str:
    case = await house.refer(SUFFIX, **more)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    return case


def blobs(house: House) -> Blobs:
    found = house.service.kernel.blobs
    assert found is not None
    return found


async def test_a_file_is_handed_in_and_read_back_as_a_download(house: House) -> None:
    case = await assigned(house)
    made = await send(house, SPECIALIST, case)
    assert made.status_code == 201, made.text
    file = made.json()["file"]
    assert made.json()["id"].startswith("attachment-")
    found = await get(house, LEADER, f"/{file}")
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, PDF, "application/pdf")
    assert found.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME, safe='')}"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["etag"] == f'"{file}"'


AS_DOWNLOADS = (
    (b"<html><script>alert(1)</script></html>", "trang.txt", "text/plain; charset=utf-8"),
    (png(), "ảnh.png", "image/png"),
    (office(DOCX_MAIN), "dự thảo.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)


async def test_no_file_is_ever_served_as_a_page(house: House) -> None:
    case = await assigned(house)
    for content, name, media in AS_DOWNLOADS:
        file = (await send(house, SPECIALIST, case, content, name, key=media)).json()["file"]
        found = await get(house, LEADER, f"/{file}")
        assert found.headers["content-type"] == media
        assert found.headers["content-disposition"].startswith("attachment;")
        assert "default-src 'none'" in found.headers["content-security-policy"]


NOT_TAKEN = (
    (files.EXE, "báo cáo.pdf", "file-type-refused"),
    (PDF, "ảnh.png", "file-name-differs"),
    (b"<html></html>", "trang.html", "file-name-differs"),
    (b"", "rỗng.txt", "file-empty"),
    (office(DOCX_MAIN, **{"word/vbaProject.bin": b"x"}), "macro.docx", "macros-refused"),
)


async def test_what_is_not_taken_is_refused_by_its_content_and_kept_nowhere(house: House, tmp_path: Path) -> None:
    case = await assigned(house)
    before = len(await house.sealed())
    for content, name, code in NOT_TAKEN:
        refused = await send(house, SPECIALIST, case, content, name)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert not (tmp_path / "blobs").exists()
    assert len(await house.sealed()) == before


async def test_a_file_beyond_the_bound_is_refused_while_it_arrives(house: House) -> None:
    case = await assigned(house)
    large = PDF + bytes(DEFAULT_FILE_LIMIT_BYTES)
    refused = await send(house, SPECIALIST, case, large)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(large), 1 << 20):
            yield large[at : at + (1 << 20)]

    headers = {"Content-Disposition": "attachment; filename=a.pdf", "Idempotency-Key": "c"}
    async with house.client(SPECIALIST) as client:
        streamed = await client.post("/assignment/api/attachments", params={"about": case}, content=chunks(), headers=headers)
    assert (streamed.status_code, streamed.json()["code"]) == (413, "too-large")


async def test_a_file_may_be_larger_than_other_bodies(house: House) -> None:
    case = await assigned(house)
    assert (await send(house, SPECIALIST, case, PDF + bytes(2 << 20))).status_code == 201


async def test_handed_in_again_under_its_key_it_is_the_same_file_and_another_under_it_is_refused(house: House) -> None:
    case = await assigned(house)
    one = await send(house, SPECIALIST, case)
    again = await send(house, SPECIALIST, case)
    assert (again.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (201, one.json(), "true")
    other = await send(house, SPECIALIST, case, png(), "ảnh.png")
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (422, "key-reused", "Idempotency-Key")
    assert (await send(house, SPECIALIST, case, key=None)).json()["code"] == "idempotency-key-missing"


async def test_the_same_file_added_twice_to_the_same_thing_belongs_to_it_once(house: House) -> None:
    case = await assigned(house)
    one, again = await send(house, SPECIALIST, case), await send(house, LEADER, case, key="other")
    assert one.json()["id"] == again.json()["id"]
    assert len((await get(house, LEADER, about=case)).json()["items"]) == 1


async def test_a_file_has_a_name_that_can_be(house: House) -> None:
    case = await assigned(house)
    for name in (None, "", "/", "a" * 256 + ".pdf", "a\nb.pdf"):
        refused = await send(house, SPECIALIST, case, name=name)
        assert (refused.status_code, refused.json().get("field")) == (422, "Content-Disposition")


async def test_of_a_path_only_the_name_is_kept(house: House) -> None:
    case = await assigned(house)
    await send(house, SPECIALIST, case, name="C:\\Users\\a\\..\\bien-ban.pdf")
    assert (await get(house, LEADER, about=case)).json()["items"][0]["name"] == "bien-ban.pdf"


async def test_files_of_a_case_are_listed_with_names_that_are_opened_in_the_reader_s_name(house: House) -> None:
    case = await assigned(house)
    await send(house, SPECIALIST, case)
    await send(house, SPECIALIST, case, png(), "ảnh.png", key="2")
    items = (await get(house, LEADER, about=case)).json()["items"]
    assert [(item["name"], item["media"], item["bytes"], item["unit"]) for item in items] == [
        (NAME, "pdf", len(PDF), "TCHCQT"),
        ("ảnh.png", "png", len(png()), "TCHCQT"),
    ]
    assert (items[0]["about"], items[0]["id"][:11]) == (case, "attachment-")
    opened = [(each["reader"], each["purpose"]) for each in await house.vault.accesses()]
    assert opened == [("p-leader", f"list_attachments {case}")]


async def test_reading_a_file_is_written_down(house: House) -> None:
    case = await assigned(house)
    file = (await send(house, SPECIALIST, case)).json()["file"]
    await get(house, LEADER, f"/{file}")
    assert {(each["reader"], each["purpose"]) for each in await house.vault.accesses()} == {
        ("p-leader", f"read_attachment {case}")
    }


READERS = (
    (HUB, 200),
    (DEPUTY, 200),
    (REGISTRY, 200),
    (SPECIALIST, 200),
    (FEEDER, 404),
    (OTHER_UNIT, 404),
    (OTHER_OFFICE, 404),
    (ADMIN, 404),
)


async def test_files_of_a_case_are_read_by_those_who_read_its_words(house: House) -> None:
    case = await assigned(house)
    file = (await send(house, SPECIALIST, case)).json()["file"]
    for by, status in READERS:
        assert (await get(house, by, f"/{file}")).status_code == status, by.person
        assert (await get(house, by, about=case)).status_code == status, by.person


async def test_whoever_helps_to_answer_reads_the_files_of_the_case(house: House) -> None:
    case = await assigned(house)
    file = (await send(house, SPECIALIST, case)).json()["file"]
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 404
    await house.ask("set_coordination", CHIEF, case=case, coordinating=[{"unit": "TH"}])
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 200
    assert (await get(house, OTHER_UNIT, about=case)).status_code == 200


async def test_whoever_is_asked_reads_the_files_of_the_case_too(house: House) -> None:
    case = await assigned(house)
    file = (await send(house, SPECIALIST, case)).json()["file"]
    await house.ask("consult_unit", LEADER, case=case, unit="TH", question="Đơn vị có ý kiến gì?")
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 200


async def test_whoever_answers_stands_in_whose_name_reads_the_files_with_it(house: House) -> None:
    case = await house.refer(SUFFIX)
    file = (await send(house, HUB, case)).json()["file"]
    for by in (CHAIRMAN, PARTY):
        assert (await get(house, by, f"/{file}")).status_code == 404
    given = replace(ASSIGNED, episode=f"{SUFFIX}/1", lead="TCHCQT", authority=Authority.CHAIRMAN)
    await house.happen("assignment", {case: [given]})
    await house.follow()
    for by, status in ((CHAIRMAN, 200), (PARTY, 404)):
        assert (await get(house, by, f"/{file}")).status_code == status, by.person


async def test_of_a_restricted_field_in_his_name_the_chairman_reads_the_files_and_not_who_signed(house: House) -> None:
    case = await house.refer(SUFFIX, field="dao-duc-loi-song")
    await house.happen("assignment", {case: [replace(ASSIGNED, episode=f"{SUFFIX}/1", lead="TH", authority=Authority.CHAIRMAN)]})
    await house.follow()
    file = (await send(house, OTHER_UNIT, case, content=png(), name="Ảnh.png")).json()["file"]
    letter = await came_with_its_opinion(house)
    for by, reads in ((CHAIRMAN, [200, 404]), (CHIEF, [200, 200]), (HUB, [404, 404])):
        assert [(await get(house, by, f"/{each}")).status_code for each in (file, letter)] == reads, by.person


async def test_cap_uy_reads_the_files_of_a_field_where_it_leads(house: House) -> None:
    await house.ask("register_field", ADMIN, field=LED, name=LED, restricted=False, valid_from="2021-01-01")
    await house.follow()
    case = await house.refer(SUFFIX, field=LED)
    file = (await send(house, HUB, case)).json()["file"]
    for by, status in ((PARTY, 200), (CHAIRMAN, 404)):
        assert (await get(house, by, f"/{file}")).status_code == status, by.person


async def test_files_of_a_restricted_field_are_read_by_the_head_and_the_lead_alone(house: House) -> None:
    case = await house.refer(SUFFIX, field="dao-duc-loi-song")
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    file = (await send(house, OTHER_UNIT, case)).json()["file"]
    for by, status in ((CHIEF, 200), (OTHER_UNIT, 200), (HUB, 404), (DEPUTY, 404), (REGISTRY, 404)):
        assert (await get(house, by, f"/{file}")).status_code == status


async def came_with_its_opinion(house: House) -> str:
    """The scan of a letter, as intake attached it to the opinion before it referred it."""
    kept = await blobs(house).put(PDF, "pdf", command_id="letter")
    entry = house.vault.seal("intake/letter", "attach_to_submission.name", NAME)
    await house.vault.put([entry])
    letter = AttachmentAdded(about=f"opinion-{SUFFIX}", file=kept.address, media=kept.media, bytes=kept.size, name=entry.sealed)
    await house.happen("intake", {f"attachment-{SUFFIX}-1": [letter]})
    await house.follow()
    return kept.address


@pytest.mark.parametrize(
    ("told", "lead", "may"),
    [
        ({"hidden": False}, SPECIALIST, {CHIEF, HUB, DEPUTY, REGISTRY, SPECIALIST}),
        ({"hidden": True}, SPECIALIST, {CHIEF, HUB}),
        ({"hidden": False, "field": "dao-duc-loi-song"}, OTHER_UNIT, {CHIEF}),
    ],
)
async def test_a_letter_shows_who_signed_it_and_is_read_by_those_who_may_know(
    house: House, told: dict[str, Any], lead: Subject, may: set[Subject]
) -> None:
    case = await house.refer(SUFFIX, **told)
    await house.ask("assign_case", CHIEF, case=case, lead=lead.unit)
    letter = await came_with_its_opinion(house)
    evidence = (await send(house, lead, case, content=png(), name="Ảnh.png")).json()["file"]
    for by in (CHIEF, HUB, DEPUTY, REGISTRY, SPECIALIST, OTHER_UNIT, FEEDER, OTHER_OFFICE):
        read = await get(house, by, f"/{letter}")
        assert (read.status_code == 200) is (by in may), by.person
        assert read.status_code in (200, 404)
        listed = await get(house, by, about=case)
        items = [item["file"] for item in listed.json()["items"]] if listed.status_code == 200 else []
        assert (letter in items) is (by in may), by.person
    assert evidence in [item["file"] for item in (await get(house, lead, about=case)).json()["items"]]


@pytest.mark.parametrize("first", ["letter", "scan"])
async def test_a_letter_stays_one_though_its_scan_is_added_to_the_case_too(house: House, first: str) -> None:
    case = await house.refer(SUFFIX, hidden=True)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    if first == "letter":
        await came_with_its_opinion(house)
    added = (await send(house, HUB, case)).json()["file"]
    await house.follow()
    if first == "scan":
        await came_with_its_opinion(house)
    assert (await get(house, SPECIALIST, f"/{added}")).status_code == 404
    assert (await get(house, CHIEF, f"/{added}")).status_code == 200


async def test_nobody_reads_the_files_of_an_opinion_about_himself_or_his_unit(house: House) -> None:
    case = await house.refer(SUFFIX, concerns_units=("TCHCQT",), concerns_posts=("PCVP-1",))
    await house.ask("register_person", ADMIN, person="p-deputy", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await house.ask("create_post", ADMIN, post="PCVP-1", unit="CVP", name="PCVP", role="deputy", valid_from="2021-01-01")
    file = (await send(house, FEEDER, case)).json()["file"]
    for by, status in ((CHIEF, 200), (REGISTRY, 200), (DEPUTY, 200), (HUB, 404)):
        assert (await get(house, by, f"/{file}")).status_code == status, by.person
    await house.ask("hold_post", ADMIN, post="PCVP-1", person="p-deputy", acting=False, valid_from="2021-01-01")
    await house.follow()
    assert (await get(house, DEPUTY, f"/{file}")).status_code == 404


async def test_of_what_was_diverted_only_the_head_reads_the_files(house: House) -> None:
    case = await assigned(house)
    file = (await send(house, SPECIALIST, case)).json()["file"]
    await house.ask("divert_case", HUB, case=case, kind="to_cao", to="BTCD")
    for by, status in ((CHIEF, 200), (HUB, 404), (DEPUTY, 404), (REGISTRY, 404), (SPECIALIST, 404)):
        assert (await get(house, by, f"/{file}")).status_code == status, by.person


async def test_the_head_of_another_office_is_not_the_head_of_what_was_diverted_though_his_unit_helped(house: House) -> None:
    case = await assigned(house)
    beside = replace(SPECIALIST, capacities=SPECIALIST.capacities | {Role.CHIEF}, office="UBND-MSO")
    file = (await send(house, SPECIALIST, case)).json()["file"]
    assert (await get(house, beside, f"/{file}")).status_code == 200
    await house.ask("divert_case", HUB, case=case, kind="to_cao", to="BTCD")
    assert (await get(house, beside, f"/{file}")).status_code == 404


ADDERS = ((HUB, 201), (FEEDER, 201), (REGISTRY, 201), (LEADER, 201), (OTHER_UNIT, 404), (OTHER_OFFICE, 404), (ADMIN, 404))


async def test_files_are_added_by_those_who_work_on_the_case_or_took_it_in(house: House) -> None:
    case = await assigned(house)
    for by, status in ADDERS:
        assert (await send(house, by, case)).status_code == status, by.person


async def test_whoever_may_not_add_a_file_is_refused_before_it_is_kept(house: House, tmp_path: Path) -> None:
    case = await assigned(house)
    assert (await send(house, OTHER_UNIT, case)).status_code == 404
    assert (await send(house, HUB, "case-NEVER0000000000000")).status_code == 404
    assert not (tmp_path / "blobs").exists()


async def test_one_file_that_belongs_to_two_things_is_read_by_whoever_may_read_one_of_them(house: House) -> None:
    case = await assigned(house)
    other = await house.refer("7Q2K9FXA3MBTW0000002")
    await house.ask("assign_case", CHIEF, case=other, lead="TH")
    file = (await send(house, SPECIALIST, case)).json()["file"]
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 404
    await send(house, HUB, other, key="2")
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 200
    assert (await get(house, OTHER_UNIT, f"/{file}", about=case)).status_code == 404


async def test_files_of_a_paper_go_with_it_to_whom_it_is_sent(house: House) -> None:
    paper = (await house.ask("draft_document", HUB, kind="bien_ban")).stream
    file = (await send(house, HUB, paper)).json()["file"]
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 200
    assert (await get(house, OTHER_OFFICE, f"/{file}")).status_code == 404


async def test_a_proof_belongs_to_its_task(house: House) -> None:
    case = await assigned(house)
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")).answer["task"]
    file = (await send(house, SPECIALIST, task)).json()["file"]
    assert (await get(house, LEADER, f"/{file}")).status_code == 200
    assert (await get(house, OTHER_UNIT, f"/{file}")).status_code == 404


async def test_a_file_belongs_to_something_that_can_be_seen(house: House) -> None:
    refused = await send(house, HUB, "unit-TH")
    assert (refused.status_code, refused.json()["code"]) == (422, NothingToAttachTo.code)
    assert refused.json()["advice"]["en"] == f"Attach it to one of: {', '.join(KINDS)}."
    assert (await send(house, HUB, "không")).status_code == 422
    assert (await get(house, HUB, about="unit-TH")).status_code == 404


async def test_a_digest_that_nothing_was_stored_under_is_not_attached(house: House) -> None:
    case = await assigned(house)
    with pytest.raises(FileNotStored):
        await house.ask("add_attachment", HUB, about=case, file="ab" * 32, name="a.pdf")
    assert (await get(house, HUB, f"/{'ab' * 32}")).status_code == 404
    assert (await get(house, HUB, "/khong-phai-ma-bam")).status_code == 422


async def test_an_erased_file_is_gone_and_what_told_of_it_stays(house: House, tmp_path: Path) -> None:
    case = await assigned(house)
    file = (await send(house, SPECIALIST, case)).json()["file"]
    assert await blobs(house).erase(file) is not None
    assert (await get(house, LEADER, f"/{file}")).status_code == 404
    assert len((await get(house, LEADER, about=case)).json()["items"]) == 1
    again = await send(house, SPECIALIST, case)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await get(house, LEADER, f"/{file}")).status_code == 404, "asked again under its key, it does not come back"
    assert PDF[:30] not in written(tmp_path)


async def test_neither_a_file_nor_its_name_is_at_rest_in_clear(house: House, tmp_path: Path) -> None:
    case = await assigned(house)
    text = "Đề nghị xem xét lại việc xếp loại cuối năm.".encode()
    await send(house, SPECIALIST, case, text, "Lò Thị A.txt")
    await house.follow()
    everything = written(tmp_path)
    assert text not in everything
    assert "Lò Thị A".encode() not in everything


async def test_a_file_of_a_place_that_is_away_is_asked_for_again_later(house: House, tmp_path: Path) -> None:
    case = await assigned(house)
    (tmp_path / "blobs").write_bytes(b"no folder")
    away = await send(house, SPECIALIST, case)
    assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    (tmp_path / "blobs").unlink()
    assert (await send(house, SPECIALIST, case)).status_code == 201


async def test_several_hand_in_at_once(house: House) -> None:
    case = await assigned(house)
    sent = await asyncio.gather(*(send(house, SPECIALIST, case, png(n), f"{n}.png", key=str(n)) for n in range(1, 6)))
    assert [answer.status_code for answer in sent] == [201] * 5
    assert len((await get(house, LEADER, about=case)).json()["items"]) == 5


async def test_a_rebuilt_read_model_knows_the_same_files(house: House) -> None:
    case = await assigned(house)
    await send(house, SPECIALIST, case)
    await house.follow()
    for projection in ("attachments", "documents", "registers"):
        assert (await house.following.rebuild(projection, check=True)).equal
