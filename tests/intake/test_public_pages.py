"""What people who are not signed in hand in by pages alone: kept on error, once, bounded, and theirs."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request

from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.public import attaching as attaching_files
from services.intake.entrypoints.pages.public.attaching import AT_ONCE, Attaching
from services.intake.entrypoints.pages.public.submitting import Problem
from services.intake.readmodel.opinions.queries import Filters
from services.intake.readmodel.receipts.told import GIVEN
from shared.blobs.place import Place, PlaceUnavailable
from shared.contracts.document import AttachmentAdded
from shared.contracts.opinion import OpinionReceived
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.contracts.submission import RequestReceived
from shared.eventlog import codec
from shared.vault.port import Erased
from shared.web.multipart import Sent
from shared.web.problems import TooOften
from tests.intake.browsing import CODE, TYPED, Citizen, application, citizen, hidden_of
from tests.intake.house import AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, House
from tests.shared.identity.browser import HOUSE
from tests.support.hosting import subject

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 40
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "=1+1", "' onfocus='alert(1)")


@pytest.fixture(name="app")
async def an_app(house: House) -> FastAPI:
    return application(house)


@pytest.fixture(name="person")
async def a_person(app: FastAPI) -> AsyncIterator[Citizen]:
    async with citizen(app) as browser:
        yield browser


async def facts(house: House, kind: type) -> list[Any]:
    """The facts of this kind in the log."""
    page = (await house.log.read(0, 1_000)).records
    return [each.event for record in page if isinstance((each := codec.read(record)).event, kind)]


async def test_an_opinion_counts_as_taken_in_by_the_office_that_it_is_for(house: House, person: Citizen) -> None:
    await person.handed_in()
    (received,) = await facts(house, OpinionReceived)
    assert (received.office, received.unit) == ("VPUB", "VPUB")
    assert (received.channel.value, received.source_group.value) == ("truc_tuyen", "nhan_dan")
    opinion = (await house.service.queries.opinions.of_office(HUB, "VPUB", Filters(), cursor=None, limit=10)).items[0].id
    assert await house.service.queries.opinions.words(HUB, opinion) == TYPED["words"]
    assert (await house.service.queries.opinions.speaker(HUB, opinion)).name == TYPED["name"]


async def test_an_organisation_hands_in_as_one_and_nobody_needs_a_name_for_an_opinion(house: House, person: Citizen) -> None:
    await person.handed_in(who="organisation", name="", contact="", place="MLA", hidden="1")
    (received,) = await facts(house, OpinionReceived)
    assert (received.source_group.value, received.locality, received.hidden) == ("to_chuc", "MLA", True)
    assert (received.speaker, received.speaker_name, received.speaker_contact) == (None, None, None)


@pytest.mark.parametrize(("wants", "kinds"), [("opinion", (1, 0)), ("both", (1, 1)), ("dialogue", (0, 1))])
async def test_a_dialogue_is_asked_for_as_well_or_instead(
    house: House, person: Citizen, wants: str, kinds: tuple[int, int]
) -> None:
    code = await person.handed_in(wants=wants)
    opinions, requests = await facts(house, OpinionReceived), await facts(house, RequestReceived)
    assert (len(opinions), len(requests)) == kinds
    assert all(len(each.opinions) == len(opinions) for each in requests)
    shown = (await person.look_up(code)).text
    assert ("Yêu cầu đối thoại</h2>" in shown, "Ý kiến</h2>" in shown) == (bool(requests), bool(opinions))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"words": " "}, Problem.MISSING),
        ({"words": "x" * 20_001}, None),  # no page of ours lets that be typed
        ({"words": "a\u0000b"}, None),
        ({"words": "a\u0007b"}, Problem.UNREADABLE),
        ({"office": None}, Problem.MISSING),
        ({"office": "KHONG-CO"}, Problem.UNREADABLE),
        ({"office": "<b>"}, Problem.UNREADABLE),
        ({"place": "KHONG-CO"}, Problem.UNREADABLE),
        ({"name": "x" * 201}, Problem.TOO_LONG),
        ({"wants": "both", "contact": ""}, Problem.NEEDED_TO_MEET),
        ({"wants": "dialogue", "name": " "}, Problem.NEEDED_TO_MEET),
        ({"consent": None}, Problem.CONSENT),
        ({"website": "http://spam.example"}, Problem.TRAP),
    ],
)
async def test_what_is_wrong_is_said_at_its_place_and_nothing_is_handed_in(
    house: House, person: Citizen, changed: dict[str, Any], problem: Problem | None
) -> None:
    answer = await person.hand_in(**changed)
    assert answer.status_code == 422
    assert await facts(house, OpinionReceived) == []
    if problem is not None:
        assert 'role="alert"' in answer.text
        assert TYPED["contact"] in answer.text or "contact" in changed


async def test_what_was_typed_is_kept_and_pressed_again_it_is_handed_in(house: House, person: Citizen) -> None:
    shown = (await person.hand_in(consent=None, wants="both", who="organisation", hidden="1", place="MLA")).text
    for kept in (TYPED["words"].partition("\n")[0], TYPED["name"], TYPED["contact"]):
        assert kept in shown
    assert 'value="both" checked' in shown
    assert 'value="organisation" checked' in shown
    assert re.search(r'name="hidden" value="1" checked', shown)
    assert '<option value="MLA" selected>' in shown
    assert (await person.hand_in_from(shown)).status_code == 303
    assert len(await facts(house, OpinionReceived)) == 1


@pytest.mark.parametrize("typed", HOSTILE)
async def test_hostile_text_is_shown_as_text(person: Citizen, typed: str) -> None:
    shown = (await person.hand_in(words=typed, name=typed, contact=typed, consent=None)).text
    assert typed not in shown.replace("{{ 7*7 }}", "").replace("=1+1", "") or typed in ("{{ 7*7 }}", "=1+1")
    assert "49" not in re.sub(r"[0-9a-f]{20,}", "", shown.partition("<textarea")[2].partition("</textarea>")[0])
    assert "<script>" not in shown


async def test_the_same_form_pressed_twice_is_handed_in_once(house: House, person: Citizen) -> None:
    shown = (await person.open("/submit")).text
    for _ in range(2):
        assert (await person.hand_in_from(shown)).status_code == 303
        await person.open("/receipt")
    assert len(await facts(house, OpinionReceived)) == 1
    other = await person.hand_in_from(shown, words="Một việc khác.")
    assert other.status_code == 422
    assert "đã được gửi với nội dung khác" in other.text
    assert (await person.hand_in_from(other.text, words="Một việc khác.")).status_code == 303
    assert len(await facts(house, OpinionReceived)) == 2


async def test_another_s_key_finds_nothing_of_his(app: FastAPI, person: Citizen) -> None:
    code = await person.handed_in()
    key = hidden_of((await person.open("/submit")).text, "/submit")["key"]
    await person.hand_in_from((await person.open("/submit")).text.replace(key, "the-same-key"))
    async with citizen(app) as other:
        shown = (await other.open("/submit")).text
        other_key = hidden_of(shown, "/submit")["key"]
        await other.hand_in_from(shown.replace(other_key, "the-same-key"))
        theirs = CODE.search((await other.open("/receipt")).text)
        assert theirs is not None
        assert theirs[0] != code


async def test_a_form_of_another_host_or_of_another_browser_is_refused(app: FastAPI, house: House, person: Citizen) -> None:
    shown = (await person.open("/submit")).text
    sent = [(name, (None, value)) for name, value in {**hidden_of(shown, "/submit"), **TYPED}.items()]
    assert (await person.client.post("/submit", files=sent, headers={"Origin": "https://evil.example"})).status_code == 403
    async with citizen(app) as other:
        assert (await other.client.post("/submit", files=sent, headers={"Origin": HOUSE})).status_code == 403
    assert await facts(house, OpinionReceived) == []


async def test_the_receipt_is_for_the_browser_that_handed_in_and_says_until_when(app: FastAPI, person: Citizen) -> None:
    code = await person.handed_in()
    shown = await person.open("/receipt")
    assert "30/01/2023" in shown.text  # ten working days, Tết between
    assert shown.headers["Cache-Control"] == "no-store"
    assert re.search(r'<div role="img" aria-label="[^"]+"><svg [^>]*>', shown.text)
    assert shown.text.count(code) == 1
    async with citizen(app) as other:
        assert (await other.open("/receipt")).headers["Location"] == "/lookup"
        planted = person.client.cookies["__Host-doithoai-receipt"]
        for changed in (f"0{planted[1:]}", planted[:-1] + ("0" if planted[-1] != "0" else "1"), "1.9.9.opinion-x", "x", ""):
            other.client.cookies.set("__Host-doithoai-receipt", changed)
            assert (await other.open("/receipt")).status_code == 303
    await person.send("/receipt", "/receipt")
    assert (await person.open("/receipt")).headers["Location"] == "/lookup"


async def test_a_receipt_opens_its_code_once_and_is_shown_so_often(app: FastAPI, house: House) -> None:
    async with citizen(app, "203.0.113.42") as person:
        await person.hand_in()
        await person.open("/receipt")
        assert [each["purpose"] for each in await house.vault.accesses()].count(GIVEN) == 1
        answers = [(await person.open("/receipt")).status_code for _ in range(40)]
        assert (answers[0], answers[-1]) == (200, 429)
        assert [each["purpose"] for each in await house.vault.accesses()].count(GIVEN) == 40


async def test_a_receipt_is_held_for_half_an_hour(house: House, person: Citizen) -> None:
    await person.handed_in()
    house.clock.move_to(house.clock.now() + timedelta(minutes=31))
    assert (await person.open("/receipt")).headers["Location"] == "/lookup"
    assert (await person.open("/lookup/result")).headers["Location"] == "/lookup"


async def test_files_come_along_and_are_known_by_their_content(house: House, person: Citizen) -> None:
    await person.handed_in(files=[("ảnh <b>.png", PNG), ("đơn.pdf", PDF + b"0" * 2_000_000)])  # more than other forms may be
    purposes = [each["purpose"] for each in await house.sealed()]
    assert purposes.count("attach_to_submission.name") == 2
    for bad in ([("x.png", b"<script>alert(1)</script>")], [("x.docx", b"PK\x03\x04")], [("x.txt", b"ghi ch\xc3\xba")]):
        answer = await person.hand_in(files=bad)
        assert answer.status_code == 422
        assert TYPED["words"].partition("\n")[0] in answer.text
    many = await person.hand_in(files=[(f"{n}.png", PNG) for n in range(6)])
    assert "Quá 5 tệp" in many.text
    assert len(await facts(house, OpinionReceived)) == 1


LOST = "Không phải tệp nào bạn gửi kèm cũng lưu được."


async def test_a_file_that_cannot_be_kept_costs_nobody_his_receipt(
    house: House, person: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> bool:
        raise PlaceUnavailable("full")

    with monkeypatch.context() as patched:
        patched.setattr(Place, "put", full)
        code = await person.handed_in(files=[("ảnh.png", PNG)])
        assert LOST in (await person.open("/receipt")).text
    assert len(await facts(house, OpinionReceived)) == 1
    assert await facts(house, AttachmentAdded) == []
    assert (await person.look_up(code)).status_code == 200
    await person.handed_in(files=[("ảnh.png", PNG)])
    assert LOST not in (await person.open("/receipt")).text


async def test_another_file_under_the_same_form_is_said_not_to_be_kept(house: House, person: Citizen) -> None:
    shown = (await person.open("/submit")).text
    await person.hand_in_from(shown, files=[("ảnh.png", PNG)])
    answer = await person.hand_in_from(shown, files=[("đơn.pdf", PDF), ("ảnh.png", PNG)])
    assert answer.headers["Location"] == "/receipt"
    receipt = (await person.open("/receipt")).text
    assert LOST in receipt
    assert CODE.search(receipt) is not None
    assert [each.media for each in await facts(house, AttachmentAdded)] == ["png", "png"]


async def test_a_form_without_end_is_refused_before_it_is_read(person: Citizen) -> None:
    limit = 21 * 1024 * 1024
    answer = await person.client.post(
        "/submit", content=b"x", headers={"Content-Length": str(limit), "Content-Type": "multipart/form-data; boundary=b"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8:1:2::9"])
async def test_an_address_hands_in_so_often_and_what_was_typed_is_kept(app: FastAPI, address: str) -> None:
    async with citizen(app, address) as person:
        shown = (await person.open("/submit")).text
        for _ in range(10):
            assert (await person.hand_in_from(shown, consent=None)).status_code == 422
        often = await person.hand_in_from(shown)
        assert often.status_code == 429
        assert TYPED["words"].partition("\n")[0] in often.text
    near = "203.0.113.10" if "." in address else "2001:db8:1:2:ffff::1"  # of the same line, where it is IPv6
    async with citizen(app, near) as person:
        assert (await person.hand_in()).status_code == (303 if "." in address else 429)


async def test_what_comes_too_often_is_not_read_unless_it_is_small(app: FastAPI) -> None:
    read: list[int] = []

    async def large() -> AsyncIterator[bytes]:
        read.append(1)
        yield b"x" * 1_000_000

    async def sent(person: Citizen) -> int:
        headers = {"Origin": HOUSE, "Content-Type": "multipart/form-data; boundary=b", "Content-Length": "1000000"}
        return (await person.client.post("/submit", content=large(), headers=headers)).status_code

    async with citizen(app, "203.0.113.43") as person:
        assert [await sent(person) for _ in range(10)] == [400] * 10  # no form; each counts all the same
        assert len(read) == 10
        assert await sent(person) == 429
        assert len(read) == 10


def large_form_of(address: str) -> Request:
    """One without a stated length."""
    return Request({"type": "http", "method": "POST", "path": "/submit", "headers": [], "client": (address, 40_000)})


async def test_large_forms_of_one_address_leave_places_to_others_and_none_waits_without_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_house = house.service
    attaching = Attaching(
        Behind(
            tenant="test",
            desk=of_house.desk,
            queries=of_house.queries,
            directories=of_house.directories,
            blobs=of_house.kernel.files,
            keyed=of_house.kernel.keyed,
            clock=house.clock,
        )
    )
    at_work: list[str] = []
    go_on = asyncio.Event()

    async def reading(request: Request) -> Sent:
        assert request.client is not None
        at_work.append(request.client.host)
        await go_on.wait()
        return Sent({})

    held = [asyncio.create_task(attaching.read(large_form_of("203.0.113.44"), reading)) for _ in range(AT_ONCE)]
    other = asyncio.create_task(attaching.read(large_form_of("203.0.113.45"), reading))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert at_work == ["203.0.113.44", "203.0.113.45"]
    monkeypatch.setattr(attaching_files, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(TooOften):
        await attaching.read(large_form_of("203.0.113.44"), reading)
    go_on.set()
    await asyncio.gather(*held, other)
    assert len(at_work) == AT_ONCE + 1


async def test_who_was_criticised_does_not_see_who_spoke_and_the_speaker_takes_it_back_all_the_same(
    house: House, person: Citizen
) -> None:
    code = await person.handed_in()
    opinion = (await house.service.queries.opinions.of_office(CHIEF, "VPUB", Filters(), cursor=None, limit=10)).items[0].id
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="phan_anh", field="khac", concerns_units=["VPUB"])
    await person.look_up(code)
    assert "Đã rút ý kiến." in (await person.press("withdraw", note="Đã xong.")).text


async def test_a_credential_of_the_capacity_alone_hands_nothing_in(house: House) -> None:
    somebody = subject("p-somebody", "VPUB", Role.CITIZEN)
    opinion = (await house.receive(FEEDER)).stream
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("receive_opinion", {"office": "VPUB", "channel": "truc_tuyen", "source_group": "nhan_dan", "words": "x"}),
        ("receive_request", {"office": "VPUB", "channel": "truc_tuyen", "source_group": "nhan_dan", "words": "x"}),
        ("withdraw_opinion", {"opinion": opinion}),
    )
    for command, data in asked:
        with pytest.raises(Refused):
            await house.ask(command, somebody, **data)
    with pytest.raises(Refused):
        await house.ask("withdraw_opinion", OTHER_OFFICE, opinion=opinion)


async def test_files_go_with_what_was_quarantined(house: House, person: Citizen) -> None:
    await person.handed_in(files=[("ảnh.png", PNG)])
    (added,) = await facts(house, AttachmentAdded)
    blobs = house.service.kernel.files
    assert await blobs.stored(added.file) is not None
    await house.ask("quarantine_opinion", HUB, opinion=added.about, paper="125/CV-M")
    await house.follow()
    assert await blobs.stored(added.file) is None
    assert isinstance(await house.vault.open(added.name.ref, reader="p-operator", purpose="look"), Erased)


@pytest.mark.parametrize("wants", ["opinion", "dialogue"])
async def test_files_belong_to_what_was_handed_in_and_hang_on_its_speaker(house: House, person: Citizen, wants: str) -> None:
    await person.handed_in(wants=wants, files=[("ảnh.png", PNG), ("đơn.pdf", PDF)])
    added = await facts(house, AttachmentAdded)
    assert [each.media for each in added] == ["png", "pdf"]
    assert {each.about.partition("-")[0] for each in added} == {"opinion" if wants == "opinion" else "request_receipt"}
    about = added[0].about
    path = f"/intake/api/{'opinions' if wants == 'opinion' else 'requests'}/{about}/attachments"
    async with house.client(HUB) as client:
        listed = (await client.get(path)).json()["items"]
        assert [(each["number"], each["name"], each["media"]) for each in listed] == [
            (1, "ảnh.png", "png"),
            (2, "đơn.pdf", "pdf"),
        ]
        got = await client.get(f"{path}/2")
        assert (got.content, got.headers["Content-Disposition"][:10]) == (PDF, "attachment")
        assert [(await client.get(f"{path}/{each}")).status_code for each in (3, 6, 0)] == [404, 422, 422]
    for by, status in ((AUDITOR, 403), (OTHER_UNIT, 404), (OTHER_OFFICE, 404)):
        async with house.client(by) as client:
            assert (await client.get(path)).status_code == status
            assert (await client.get(f"{path}/1")).status_code == status
