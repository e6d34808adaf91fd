"""Papers and registers over HTTP: a notice from its draft to the public, a year's book, and who sees what."""

from typing import Any

import httpx2
import orjson
import pytest

from shared.contracts.roles import Role
from shared.permit import Subject
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    PEOPLE,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.support.hosting import subject

TEXT, REDACTED = "5e" * 32, "6f" * 32
BDV = subject("p-bdv", "BDVTU", Role.RECIPIENT, office="BDVTU")
SNV = subject("p-snv", "SNV", Role.RECIPIENT, office="SNV")
LINES = [
    {"recipient": "BDVTU", "purpose": "Báo cáo", "mandatory": True},
    {"recipient": "TH", "purpose": "Thực hiện", "mandatory": False},
]


@pytest.fixture(autouse=True)
def recipients(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (BDV, SNV):
        monkeypatch.setitem(PEOPLE, each.person, each)


async def post(
    house: House, by: Subject | None, path: str, version: int | None = None, key: str | None = None, **body: Any
) -> httpx2.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    headers |= {} if key is None else {"Idempotency-Key": key}
    async with house.client(by) as client:
        return await client.post(f"/assignment/api{path}", json=body, headers=headers)


async def get(house: House, by: Subject | None, path: str, **asked: Any) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.get(f"/assignment/api{path}", params=asked or None, headers={"After-Position": "assignment=1"})


async def furnished(house: House) -> None:
    for key in ("BDVTU", "SNV"):
        await house.ask("register_unit", ADMIN, unit=key, code=key, name=key, kind="co_quan_dang", valid_from="2021-01-01")
    for book, external in (("TB-VPUB", True), ("KH-VPUB", False)):
        pattern = f"{{number}}/{book}"
        await house.ask("open_register", REGISTRY, office="VPUB", book=book, year=2023, external=external, pattern=pattern)


async def drafted(house: House, kind: str = "thong_bao", **more: Any) -> str:
    body = {"kind": kind, "summary": "Ý kiến kết luận tại đối thoại", "content": TEXT, "recipients": LINES, **more}
    done = await house.ask("draft_document", HUB, **body)
    return done.stream


async def signed(house: House, kind: str = "thong_bao", **more: Any) -> str:
    paper = await drafted(house, kind, **more)
    await house.ask("submit_document", HUB, document=paper)
    await house.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    return paper


async def test_a_notice_travels_over_http_from_its_draft_to_the_public(house: House) -> None:
    await furnished(house)
    made = await post(house, HUB, "/documents", key="n1", kind="thong_bao", content=TEXT, recipients=LINES, summary="Kết luận")
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    paper = made.json()["document"]
    path = f"/documents/{paper}"
    steps: list[tuple[Subject, str, int | None, dict[str, Any]]] = [
        (OTHER_UNIT, "comments", None, {"comment": "Bổ sung thời hạn."}),
        (HUB, "draft", 2, {"content": TEXT, "recipients": LINES, "summary": "Kết luận, có thời hạn"}),
        (HUB, "submission", 3, {}),
        (CHIEF, "return", 4, {"reason": "Ghi rõ đơn vị."}),
        (HUB, "submission", 5, {}),
        (CHIEF, "signature", 6, {"capacity": "truc_tiep", "content": TEXT}),
        (REGISTRY, "number", 7, {"book": "TB-VPUB", "number": 3}),
        (REGISTRY, "issue", 8, {}),
        (REGISTRY, "dispatches", None, {"recipient": "BDVTU", "purpose": "Báo cáo", "means": "truc_lien_thong"}),
        (REGISTRY, "dispatches", None, {"recipient": "TH", "purpose": "Thực hiện", "means": "giay"}),
        (BDV, "deliveries", None, {"recipient": "BDVTU"}),
        (REGISTRY, "deliveries", None, {"recipient": "TH"}),
        (REGISTRY, "publications", None, {"place": "TTDT", "content": REDACTED, "redacted": True}),
        (CHIEF, "recall", 14, {"reason": "Sai đơn vị."}),
    ]
    for by, what, version, body in steps:
        answer = await post(house, by, f"{path}/{what}", version, **body)
        assert answer.status_code == 200, (what, answer.text)
    found = (await get(house, HUB, path)).json()
    assert (found["state"], found["number"], found["issued_on"]) == ("thu_hoi", "03/TB-VPUB", "2023-01-09")
    assert (found["signer"], found["capacity"], found["version"]) == (
        "p-chief",
        "truc_tiep",
        16,
    )  # with its files, kept by the house
    assert [(line["recipient"], line["sent"]) for line in found["recipients"]] == [("BDVTU", True), ("TH", True)]
    assert [step["state"] for step in found["history"]] == [
        "du_thao", "lay_y_kien", "du_thao", "trinh_ky", "tra_lai", "trinh_ky", "da_ky", "da_cap_so", "da_phat_hanh",
        "da_gui", "da_gui", "da_gui", "da_gui", "da_cong_khai", "thu_hoi", "thu_hoi",
    ]  # fmt: skip
    delivered = [step["detail"] for step in found["history"] if step["type"] == "document.delivered"]
    assert delivered == [{"recipient": "BDVTU", "on_behalf": False}, {"recipient": "TH", "on_behalf": True}]
    assert (found["history"][1]["unit"], found["history"][6]["capacity"]) == ("TH", "chief")


async def test_making_it_again_under_the_same_key_makes_nothing_and_under_another_body_is_refused(house: House) -> None:
    one = await post(house, HUB, "/documents", key="k", kind="ke_hoach")
    again = await post(house, HUB, "/documents", key="k", kind="ke_hoach")
    assert (again.json()["document"], again.headers["Idempotency-Replayed"]) == (one.json()["document"], "true")
    other = await post(house, HUB, "/documents", key="k", kind="bao_cao")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert (await post(house, HUB, "/documents", kind="ke_hoach")).json()["code"] == "idempotency-key-missing"


async def test_a_paper_shows_references_and_no_word_and_its_words_are_opened_in_the_reader_s_name(house: House) -> None:
    await furnished(house)
    paper = await drafted(house)
    await house.ask("comment_on_document", OTHER_UNIT, document=paper, comment="Bổ sung thời hạn.")
    shown = await get(house, HUB, f"/documents/{paper}")
    assert "Ý kiến" not in shown.text
    assert "Bổ sung" not in shown.text
    words = (await get(house, LEADER, f"/documents/{paper}/words")).json()["words"]
    assert words[shown.json()["summary"]] == "Ý kiến kết luận tại đối thoại"
    assert words[shown.json()["history"][1]["words"]] == "Bổ sung thời hạn."
    assert [each["purpose"] for each in await house.vault.accesses()] == [f"read_document {paper}"]


SEEN = (
    # by, the paper, the office's list, its words
    (HUB, 200, 200, 200),
    (CHIEF, 200, 200, 200),
    (SPECIALIST, 200, 200, 200),
    (REGISTRY, 200, 200, 200),
    (AUDITOR, 200, 200, 404),
    (FEEDER, 404, 404, 404),
    (OTHER_OFFICE, 404, 404, 404),
    (ADMIN, 404, 404, 404),
    (BDV, 200, 404, 404),
    (SNV, 404, 404, 404),
)


async def test_a_paper_is_seen_by_its_office_and_by_those_it_was_sent_to(house: House) -> None:
    await furnished(house)
    paper = await signed(house)
    await house.ask("issue_document", REGISTRY, document=paper, book="TB-VPUB", number=3, means="giay")
    for by, *expected in SEEN:
        paths = (f"/documents/{paper}", "/offices/VPUB/documents", f"/documents/{paper}/words")
        assert [(await get(house, by, path)).status_code for path in paths] == expected, by.person


async def test_another_body_sees_no_draft_and_no_comment_of_what_was_sent_to_it(house: House) -> None:
    await furnished(house)
    paper = await drafted(house)
    assert (await get(house, BDV, f"/documents/{paper}")).status_code == 404
    await house.ask("comment_on_document", OTHER_UNIT, document=paper, comment="Chưa rõ.")
    await house.ask("submit_document", HUB, document=paper)
    await house.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    await house.ask("issue_document", REGISTRY, document=paper, book="TB-VPUB", number=3, means="giay")
    types = [step["type"] for step in (await get(house, BDV, f"/documents/{paper}")).json()["history"]]
    assert types == ["document.signed", "document.numbered", "document.issued", "document.kept"]


async def test_what_is_not_there_and_what_is_another_s_look_the_same_to_commands_too(house: House) -> None:
    await furnished(house)
    paper = await drafted(house)
    theirs = await post(house, OTHER_OFFICE, f"/documents/{paper}/submission", 1)
    nothing = await post(house, OTHER_OFFICE, "/documents/document-NEVER/submission", 1)
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    same = {"code", "title", "detail", "field"}
    assert {k: theirs.json().get(k) for k in same} == {k: nothing.json().get(k) for k in same}


NOT_THEIRS: tuple[tuple[Subject, str, dict[str, Any]], ...] = (
    (HUB, "signature", {"capacity": "truc_tiep"}),
    (REGISTRY, "return", {"reason": "không"}),
    (HUB, "number", {"book": "TB-VPUB", "number": 3}),
    (CHIEF, "issue", {}),
    (SPECIALIST, "recall", {"reason": "không"}),
)


async def test_who_may_see_a_paper_may_not_do_everything_to_it(house: House) -> None:
    await furnished(house)
    paper = await drafted(house)
    for by, what, body in NOT_THEIRS:
        answer = await post(house, by, f"/documents/{paper}/{what}", 1, **body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), what


RULES: tuple[tuple[str, dict[str, Any], int, str], ...] = (
    ("signature", {"capacity": "KT"}, 403, "capacity-not-held"),
    ("signature", {"capacity": "truc_tiep", "content": REDACTED}, 422, "other-content"),
    ("signature", {"capacity": "thay"}, 422, "invalid"),
    ("recall", {"reason": "sai"}, 409, "not-issued"),
    ("supersession", {"successor": "document-NEVER"}, 404, "unknown"),
)


async def test_a_rule_that_says_no_is_named_and_leaves_no_trace(house: House) -> None:
    await furnished(house)
    paper = await drafted(house)
    await house.ask("submit_document", HUB, document=paper)
    for what, body, status, code in RULES:
        answer = await post(house, CHIEF, f"/documents/{paper}/{what}", 2, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["advice"]["vi"]
        assert answer.json()["advice"]["en"]
    assert (await get(house, HUB, f"/documents/{paper}")).json()["version"] == 2


async def test_a_number_twice_is_refused_over_http_with_what_to_do(house: House) -> None:
    await furnished(house)
    one, other = await signed(house), await signed(house)
    assert (await post(house, REGISTRY, f"/documents/{one}/number", 3, book="TB-VPUB", number=3)).json()["number"] == "03/TB-VPUB"
    again = await post(house, REGISTRY, f"/documents/{other}/number", 3, book="TB-VPUB", number=3)
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (409, "number-taken", "number")
    missing = await post(house, REGISTRY, f"/documents/{other}/number", 3, book="TB-VPUB")
    assert (missing.status_code, missing.json()["code"]) == (422, "number-missing")
    nowhere = await post(house, REGISTRY, f"/documents/{other}/number", 3, book="GM-VPUB", number=1)
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "no-such-register")


async def test_an_internal_register_gives_the_next_number_and_issues(house: House) -> None:
    await furnished(house)
    numbers = []
    for _ in range(2):
        paper = await signed(house, "ke_hoach")
        numbers.append((await post(house, REGISTRY, f"/documents/{paper}/number", 3, book="KH-VPUB")).json()["number"])
        assert (await get(house, HUB, f"/documents/{paper}")).json()["state"] == "da_phat_hanh"
    assert numbers == ["01/KH-VPUB", "02/KH-VPUB"]


async def test_two_clerks_who_number_at_once_get_two_numbers(house: House) -> None:
    import asyncio

    await furnished(house)
    papers = [await signed(house, "ke_hoach") for _ in range(4)]
    asked = (house.ask("issue_document", REGISTRY, document=paper, book="KH-VPUB") for paper in papers)
    numbers = {done.answer["number"] for done in await asyncio.gather(*asked)}
    assert numbers == {f"0{n}/KH-VPUB" for n in range(1, 5)}


async def test_a_deputy_signs_for_the_head_and_a_unit_s_leader_by_order(house: House) -> None:
    await furnished(house)
    for by, capacity in ((DEPUTY, "KT"), (LEADER, "TL")):
        paper = await drafted(house)
        await house.ask("submit_document", HUB, document=paper)
        assert (await post(house, by, f"/documents/{paper}/signature", 2, capacity=capacity)).status_code == 200
    paper = await drafted(house)
    await house.ask("submit_document", HUB, document=paper)
    refused = await post(house, LEADER, f"/documents/{paper}/signature", 2, capacity="truc_tiep")
    assert (refused.status_code, refused.json()["facts"]) == (403, {"wanted": "truc_tiep", "allowed": "TL"})


async def test_one_paper_supersedes_another(house: House) -> None:
    await furnished(house)
    one, other = await signed(house), await signed(house)
    for number, paper in ((3, one), (4, other)):
        await house.ask("issue_document", REGISTRY, document=paper, book="TB-VPUB", number=number)
    assert (
        await post(house, REGISTRY, f"/documents/{one}/supersession", 5, successor=other, reason="Đính chính.")
    ).status_code == 200
    found = (await get(house, HUB, f"/documents/{one}")).json()
    assert (found["state"], found["superseded_by"]) == ("thay_the", other)
    late = await post(house, REGISTRY, f"/documents/{one}/recall", found["version"], reason="muộn")
    assert (late.status_code, late.json()["code"], late.json()["facts"]) == (409, "was-superseded", {"by": other})


async def test_papers_are_listed_by_kind_state_and_what_they_are_about_the_latest_ahead_page_by_page(house: House) -> None:
    await furnished(house)
    about = "session-00000000000000000001"
    plan = await drafted(house, "ke_hoach")
    notices = [await drafted(house, about=about) for _ in range(3)]
    await house.ask("submit_document", HUB, document=notices[0])

    async def ids(**asked: Any) -> list[str]:
        return [item["id"] for item in (await get(house, HUB, "/offices/VPUB/documents", **asked)).json()["items"]]

    assert await ids() == [*reversed(notices), plan]
    assert await ids(kind="ke_hoach") == [plan]
    assert await ids(state="trinh_ky") == [notices[0]]
    assert await ids(about=about) == [*reversed(notices)]
    first = (await get(house, HUB, "/offices/VPUB/documents", limit=3)).json()
    assert await ids(limit=3, cursor=first["cursor"]) == [plan]
    assert (await get(house, HUB, "/offices/VPUB/documents", cursor="x")).status_code == 422
    assert (await get(house, HUB, "/offices/VPUB/documents", state="mat")).status_code == 422
    assert (await get(house, HUB, "/offices/VPUB/documents", kind="mat")).status_code == 422


# Registers


async def test_a_book_shows_its_numbers_its_voids_and_its_gaps(house: House) -> None:
    await furnished(house)
    paper = await signed(house)
    await house.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=3)
    answer = await post(house, REGISTRY, "/registers/VPUB/TB-VPUB/2023/voids", number=7, reason="Đánh nhầm.")
    assert answer.status_code == 200
    page = (await get(house, REGISTRY, "/registers/VPUB/TB-VPUB/2023")).json()
    assert [(line["number"], line["symbol"], line["document"]) for line in page["lines"]] == [
        (3, "03/TB-VPUB", paper),
        (7, "07/TB-VPUB", None),
    ]
    assert page["gaps"] == [[1, 2], [4, 6]]
    assert page["lines"][1]["void"]
    assert {name: page["register"][name] for name in ("external", "last", "next", "taken", "voided")} == {
        "external": True, "last": 7, "next": None, "taken": 1, "voided": 1,
    }  # fmt: skip
    first = (await get(house, REGISTRY, "/registers/VPUB/TB-VPUB/2023", limit=1)).json()
    assert (first["after"], first["gaps"]) == (3, [[1, 2]])
    rest = (await get(house, REGISTRY, "/registers/VPUB/TB-VPUB/2023", after=3)).json()
    assert ([line["number"] for line in rest["lines"]], rest["gaps"], rest["after"]) == ([7], [[4, 6]], None)


async def test_a_number_voided_after_its_paper_was_replaced_is_counted_once(house: House) -> None:
    await furnished(house)
    wrong, right = await signed(house), await signed(house)
    await house.ask("number_document", REGISTRY, document=wrong, book="TB-VPUB", number=3)
    await house.ask("issue_document", REGISTRY, document=right, book="TB-VPUB", number=4)
    early = await post(house, REGISTRY, "/registers/VPUB/TB-VPUB/2023/voids", number=3, reason="Sai.")
    assert (early.status_code, early.json()["code"]) == (409, "number-taken")
    await house.ask("supersede_document", REGISTRY, document=wrong, successor=right)
    await house.ask("void_number", REGISTRY, office="VPUB", book="TB-VPUB", year=2023, number=3, reason="Sai.")
    found = (await get(house, HUB, "/registers/VPUB/TB-VPUB/2023")).json()
    assert (found["register"]["taken"], found["register"]["voided"]) == (1, 1)
    assert [(line["number"], line["document"]) for line in found["lines"]] == [(3, None), (4, right)]


async def test_registers_are_listed_and_seen_by_their_office(house: House) -> None:
    await furnished(house)
    items = (await get(house, REGISTRY, "/offices/VPUB/registers", year=2023)).json()["items"]
    assert [(item["book"], item["next"]) for item in items] == [("KH-VPUB", 1), ("TB-VPUB", None)]
    assert (await get(house, REGISTRY, "/offices/VPUB/registers", year=2024)).json()["items"] == []
    for by, status in ((AUDITOR, 200), (ADMIN, 200), (SPECIALIST, 404), (OTHER_OFFICE, 404)):
        assert (await get(house, by, "/registers/VPUB/TB-VPUB/2023")).status_code == status
    assert (await get(house, REGISTRY, "/registers/VPUB/GM-VPUB/2023")).status_code == 404


async def test_a_register_is_opened_over_http(house: House) -> None:
    body: dict[str, Any] = {"office": "VPUB", "book": "GM-VPUB", "year": 2023, "external": False, "pattern": "{number}/GM-VPUB"}
    made = await post(house, ADMIN, "/registers", key="r", **body)
    assert (made.status_code, made.json()["id"]) == (201, "register-VPUB-GM-VPUB-2023")
    assert (await post(house, HUB, "/registers", key="r2", **body)).headers.get("Position") is None
    other = await post(house, HUB, "/registers", key="r3", **body | {"external": True})
    assert (other.status_code, other.json()["code"]) == (409, "register-stands")
    assert (await post(house, SPECIALIST, "/registers", key="r4", **body)).status_code == 403
    wrong = await post(house, HUB, "/registers", key="r5", **body | {"book": "CTr-VPUB", "pattern": "CTr-VPUB"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "pattern-without-number")


BAD: tuple[dict[str, Any], ...] = (
    {"kind": "thong_bao", "content": "không phải mã băm"},
    {"kind": "thong_bao", "recipients": [{"recipient": "thường", "purpose": "x", "mandatory": True}]},
    {"kind": "thong_bao", "about": "không"},
    {"kind": "thong_bao", "summary": "x" * 20_001},
    {"kind": "thong_bao", "summary": "\x00"},
    {"kind": "la", "summary": "lạ"},
    {"kind": "thong_bao", "thua": 1},
)


async def test_a_body_that_cannot_be_is_refused_with_the_field(house: House) -> None:
    for body in BAD:
        answer = await post(house, HUB, "/documents", key="bad", **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert answer.json()["errors"]


async def test_without_a_token_nothing_is_said(house: House) -> None:
    for path in ("/documents/document-1", "/offices/VPUB/documents", "/offices/VPUB/registers", "/attachments?about=case-1"):
        assert (await get(house, None, path)).status_code == 401


async def test_a_paper_that_names_nobody_takes_the_list_of_its_day_and_the_place_of_a_unit_that_ended_has_its_successor(
    house: House,
) -> None:
    await furnished(house)
    line = {"role": "dan_van", "unit": "BDVTU", "purpose": "Báo cáo", "mandatory": True}
    lists: dict[str, Any] = {"office": "VPUB", "kind": "thong_bao", "recipients": [line], "valid_from": "2023-01-01"}
    paper = await signed(house, recipients=[])
    await house.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=1)
    nobody = await post(house, REGISTRY, f"/documents/{paper}/issue", 4, means="giay")
    assert (nobody.status_code, nobody.json()["code"], nobody.json()["rule"]) == (422, "recipients-missing", ["R42", "R45"])
    await house.ask("set_recipients", HUB, **lists)
    await house.follow()
    assert (await post(house, REGISTRY, f"/documents/{paper}/issue", 4, means="giay")).status_code == 200
    before = await drafted(house, recipients=[])
    succeeded: dict[str, Any] = {
        "unit": "BDVTU",
        "successions": [{"field": None, "to": "SNV"}],
        "basis": "01/NQ",
        "valid_from": "2023-01-01",
    }
    await house.ask("succeed_unit", ADMIN, **succeeded)
    await house.follow()
    after = await drafted(house, recipients=[])
    listed, moved = [(await get(house, HUB, f"/documents/{each}")).json()["recipients"] for each in (before, after)]
    assert [line["recipient"] for line in (*listed, *moved)] == ["BDVTU", "SNV"]
    sent, kept = (await get(house, HUB, f"/documents/{paper}")).json()["history"][-2:]
    assert (sent["type"], sent["detail"]["recipient"], kept["type"]) == ("document.dispatched", "BDVTU", "document.kept")


async def test_a_plan_is_amended_by_the_registry_on_a_paper_of_its_own_that_the_fact_names(house: House) -> None:
    await furnished(house)
    window = {"report": "six_month", "first": "2023-01-04", "last": "2023-05-31", "before": "2023-06-10"}
    annual = {"report": "annual", "first": "2023-01-04", "last": "2023-10-31", "before": "2023-11-20"}
    year: dict[str, Any] = {"office": "VPUB", "year": 2023, "bases": [{"number": "12-QĐi/TU"}], "windows": [window, annual]}
    plan = (await house.ask("draft_plan", HUB, **year)).stream
    first, second = [await signed(house, "ke_hoach", about=plan) for _ in range(2)]
    out: dict[str, Any] = {"book": "KH-VPUB", "means": "giay"}
    await house.ask("issue_plan", REGISTRY, plan=plan, document=first, disseminate=["TH"], **out)
    change: dict[str, Any] = {"windows": [{**window, "last": "2023-05-25"}, annual], "reason": "Chốt sớm hơn."}
    path = f"/plans/{plan}/amendments"
    assert (await post(house, CHIEF, path, 2, document=second, **change, **out)).status_code == 403
    bare = await post(house, REGISTRY, path, 2, **change, **out)
    assert (bare.status_code, bare.json()["code"]) == (422, "paper-missing")
    yearless = await post(house, REGISTRY, path, 2, document=second, **{**change, "windows": [window]}, **out)
    assert (yearless.status_code, yearless.json()["code"]) == (422, "annual-window-missing")
    assert (await post(house, REGISTRY, path, 2, document=second, **change, **out)).status_code == 200
    (amended,) = [orjson.loads(each.data) for each in await house.log.read_stream(plan) if each.type == "plan.amended"]
    assert (amended["document"], amended["number"], amended["on"]) == (second, "02/KH-VPUB", "2023-01-09")
    assert (await get(house, HUB, f"/documents/{second}")).json()["state"] == "da_gui"
