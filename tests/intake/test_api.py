"""The intake service over HTTP: opinions handed in and sorted, receipts looked up, and bad input of every kind."""

import base64
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from shared.permit import Subject
from tests.intake.asking import get, hand_in, is_problem, post, send, untouched
from tests.intake.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    FEEDER,
    FORM,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    House,
)
from tests.support.hosting import START

NEVER = "opinion-NEVER0000000000000"
DECIDED_THERE = ("design decision 14",)
ENDED_ONCE = ("R9", "design decision 14")


async def test_an_opinion_travels_over_http_from_its_receipt_to_its_referral(house: House) -> None:
    received = await hand_in(house, local_id="BTCD-1", locality="MLA")
    assert (received.status_code, received.headers["ETag"], received.headers["Position"]) == (201, '"1"', "intake=1")
    opinion = received.json()["id"]
    path = f"/opinions/{opinion}"
    assert (await post(house, HUB, f"{path}/completion-request", 1, asked="Xin cho biết tên bản.")).status_code == 200
    assert (await post(house, FEEDER, f"{path}/completion", 2, words="Đường vào bản Co Mạ.")).status_code == 200
    classified = await post(house, HUB, f"{path}/classification", 3, kind="kien_nghi", field="giao-thong", flags=["buc_xuc"])
    assert classified.headers["ETag"] == '"4"'
    referred = await post(house, HUB, f"{path}/referral", 4)
    assert referred.json()["case"] == opinion.replace("opinion-", "case-")
    found = await get(house, FEEDER, path)
    assert found.headers["ETag"] == '"5"'
    assert found.json() == {
        "id": opinion,
        "office": "VPUB",
        "unit": "BTCD",
        "local_id": "BTCD-1",
        "parent": None,
        "stage": "da_chuyen",
        "case": None,
        "case_stage": None,
        "channel": "truc_tiep",
        "source_group": "nhan_dan",
        "locality": "MLA",
        "kind": "kien_nghi",
        "field": "giao-thong",
        "flags": ["buc_xuc"],
        "due": "2023-01-30",
        "received_at": "2023-01-09T02:00:00+00:00",
        "hidden": False,
        "speaker": None,
        "result": None,
        "version": 5,
    }


@pytest.mark.parametrize(
    ("path", "body", "stage", "result"),
    [
        ("rejection", {"reason": "NAC_DANH", "note": "Không rõ người gửi."}, "khong_du_dieu_kien", "NAC_DANH"),
        ("forwarding", {"to": "SGTVT", "note": "Thuộc thẩm quyền của Sở."}, "chuyen_ngoai", "SGTVT"),
        ("diversion", {"kind": "to_cao", "to": "BTCD"}, "chuyen_kntc", "to_cao"),
        ("split", {"parts": [{"words": "Một."}, {"words": "Hai."}]}, "tach", None),
        ("withdrawal", {}, "rut", None),
    ],
)
async def test_each_ending_before_referral_is_shown_with_where_it_went(
    house: House, path: str, body: dict[str, Any], stage: str, result: str | None
) -> None:
    opinion = (await house.receive()).stream
    assert (await post(house, HUB, f"/opinions/{opinion}/{path}", 1, **body)).status_code == 200
    found = (await get(house, HUB, f"/opinions/{opinion}")).json()
    assert (found["stage"], found["result"], found["version"]) == (stage, result, 2)


async def test_a_merged_opinion_names_the_other_and_moves_its_version(house: House) -> None:
    opinion, survivor = (await house.receive()).stream, (await house.receive()).stream
    assert (await post(house, HUB, f"/opinions/{opinion}/merge", 1, into=survivor)).status_code == 200
    merged, kept = [(await get(house, HUB, f"/opinions/{each}")).json() for each in (opinion, survivor)]
    assert (merged["stage"], merged["result"]) == ("gop", survivor)
    assert (kept["stage"], kept["version"]) == ("tiep_nhan", 2)


async def test_a_part_of_a_split_opinion_names_its_parent(house: House) -> None:
    opinion = (await house.receive(local_id="BTCD-1")).stream
    split = await post(house, HUB, f"/opinions/{opinion}/split", 1, parts=[{"words": "Một."}, {"words": "Hai."}])
    first, second = split.json()["children"]
    found = (await get(house, FEEDER, f"/opinions/{second}")).json()
    assert (found["parent"], found["local_id"], found["stage"]) == (opinion, None, "tiep_nhan")
    assert (await get(house, FEEDER, f"/opinions/{second}/words")).json() == {"words": "Hai."}
    assert (await get(house, FEEDER, f"/opinions/{first}/words")).json() == {"words": "Một."}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"office": "NOWHERE"}, "not-an-office", "office"),
        ({"office": "SGTVT"}, "not-an-office", "office"),
        ({"office": "phòng một"}, "invalid", "office"),
        ({"locality": "NOWHERE"}, "unknown-unit", "locality"),
        ({"channel": "chim_bo_cau"}, "invalid", "channel"),
        ({"source_group": 7}, "invalid", "source_group"),
        ({"words": "x" * 20_001}, "invalid", "words"),
        ({"words": ""}, "invalid", "words"),
        ({"words": " \n\t"}, "invalid", "words"),
        ({"words": None}, "invalid", "words"),
        ({"words": ["x"]}, "invalid", "words"),
        ({"words": "có ký tự \x00 lạ"}, "invalid", "words"),
        ({"words": "có ký tự \x07 lạ"}, "invalid", "words"),
        ({"words": "có ký tự \x9f lạ"}, "invalid", "words"),
        ({"speaker_name": "x" * 201}, "invalid", "speaker_name"),
        ({"speaker_contact": "09\x0012"}, "invalid", "speaker_contact"),
        ({"local_id": ""}, "invalid", "local_id"),
        ({"local_id": " 1"}, "invalid", "local_id"),
        ({"local_id": "1\x00"}, "invalid", "local_id"),
        ({"local_id": "x" * 81}, "invalid", "local_id"),
        ({"local_id": 15}, "invalid", "local_id"),
        ({"hidden": "perhaps"}, "invalid", "hidden"),
        ({"colour": "red"}, "invalid", "colour"),
        ({"unit": "TH"}, "invalid", "unit"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field_and_leaves_no_trace(
    house: House, changed: dict[str, Any], code: str, field: str
) -> None:
    is_problem(await hand_in(house, **changed), 422, code, field)
    assert await untouched(house) == (0, [])


@pytest.mark.parametrize("missing", FORM)
async def test_what_is_missing_is_named(house: House, missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    is_problem(await send(house, orjson.dumps(form)), 422, "invalid", missing)


@pytest.mark.parametrize(
    "content",
    [
        b"{not json",
        b'{"words": "\xff\xfe"}',
        b'{"words": "\\ud800"}',
        b'{"hidden": NaN}',
        b"[" * 100_000,
        b'{"words":' * 50_000,
        b"[]",
        b'"words"',
        b"\xef\xbb\xbf{}",
    ],
)
async def test_a_body_that_cannot_be_read_is_said_to_be_unreadable(house: House, content: bytes) -> None:
    is_problem(await send(house, content), 400, "unreadable")
    assert await untouched(house) == (0, [])


async def test_deep_json_that_can_be_read_is_no_text(house: House) -> None:
    deep = b'{"office":"VPUB","channel":"truc_tiep","source_group":"noi_bo","words":' + b"[" * 500 + b"]" * 500 + b"}"
    is_problem(await send(house, deep), 422, "invalid", "words")


async def test_a_body_over_the_limit_is_not_read_whether_or_not_its_length_is_stated(house: House) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 32_768

    for content in (b" " * 1_048_577, in_pieces()):
        is_problem(await send(house, content), 413, "too-large")
    assert await untouched(house) == (0, [])


async def test_text_is_kept_verbatim_whatever_its_form_and_length(house: House) -> None:
    decomposed = unicodedata.normalize("NFD", "Đề nghị sửa đường ")
    words = (decomposed * 2_000)[:19_990] + "\r\n\t🚑 ­."
    received = await hand_in(house, words=words)
    assert received.status_code == 201
    assert (await get(house, HUB, f"/opinions/{received.json()['id']}/words")).json()["words"] == words


@pytest.mark.parametrize(
    ("occurred_at", "code"),
    [
        ("2023-01-09T02:05:00.000001Z", "occurred-ahead"),
        ("2024-01-01T00:00:00Z", "occurred-ahead"),
        ("2023-01-09T02:00:00", "invalid"),
        ("2023-01-09", "invalid"),
        ("hôm qua", "invalid"),
        (20230109, "invalid"),
        ("0001-01-01T00:00:00+14:00", "invalid"),
        ("9999-12-31T23:59:59-14:00", "invalid"),
        ("2020-12-31T16:59:59Z", "unknown-unit"),
    ],
)
async def test_a_time_that_cannot_be_is_refused(house: House, occurred_at: Any, code: str) -> None:
    answer = await hand_in(house, occurred_at=occurred_at)
    is_problem(answer, 422, code, "unit" if code == "unknown-unit" else "occurred_at")
    assert await untouched(house) == (0, [])


async def test_a_time_exactly_five_minutes_ahead_is_now(house: House) -> None:
    received = await hand_in(house, occurred_at="2023-01-09T09:05:00+07:00")
    found = (await get(house, FEEDER, f"/opinions/{received.json()['id']}")).json()
    assert found["received_at"] == "2023-01-09T02:00:00+00:00"


async def test_nothing_is_decided_before_the_receipt(house: House) -> None:
    opinion = (await hand_in(house, occurred_at="2023-01-06T09:00:00+07:00")).json()["id"]
    early = await post(house, HUB, f"/opinions/{opinion}/withdrawal", 1, occurred_at="2023-01-06T08:59:59+07:00")
    is_problem(early, 422, "before-receipt", "occurred_at")
    assert datetime.fromisoformat(early.json()["facts"]["earliest"]) == datetime(2023, 1, 6, 2, tzinfo=UTC)


async def test_the_same_request_again_makes_nothing_new(house: House) -> None:
    first, again = await hand_in(house), await hand_in(house)
    assert (again.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (201, first.json(), "true")
    assert (await house.log.head()).position == 1


@pytest.mark.parametrize("changed", [{"words": "Một ý kiến khác."}, {"local_id": "BTCD-2"}, {"hidden": True}])
async def test_another_body_under_one_key_is_refused(house: House, changed: dict[str, Any]) -> None:
    await hand_in(house, local_id="BTCD-1")
    before = (await house.log.head()).position
    is_problem(await hand_in(house, **{"local_id": "BTCD-1", **changed}), 422, "key-reused")
    assert (await house.log.head()).position == before


async def test_two_people_s_keys_have_nothing_to_do_with_each_other(house: House) -> None:
    one, two = await hand_in(house, FEEDER), await hand_in(house, OTHER_UNIT)
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["id"] != two.json()["id"]


@pytest.mark.parametrize(("key", "code", "status"), [(None, "idempotency-key-missing", 400), ("x" * 201, "invalid", 422)])
async def test_handing_in_needs_a_key_of_the_sender_s_own(house: House, key: str | None, code: str, status: int) -> None:
    is_problem(await hand_in(house, key=key), status, code, "Idempotency-Key" if key else None)
    assert await untouched(house) == (0, [])


async def test_other_content_under_a_local_id_is_a_conflict_and_the_first_one_stands(house: House) -> None:
    first = await hand_in(house, local_id="BTCD-1")
    before = await untouched(house)
    is_problem(await hand_in(house, key="k-2", local_id="BTCD-1", words="Một ý kiến khác."), 409, "local-id-taken", "local_id")
    assert await untouched(house) == before
    again = await hand_in(house, key="k-3", local_id="BTCD-1")
    assert (again.status_code, again.json()) == (201, first.json())


async def test_a_change_without_its_version_is_refused(house: House) -> None:
    opinion = (await house.receive()).stream
    is_problem(await post(house, HUB, f"/opinions/{opinion}/withdrawal"), 428, "precondition-missing")
    assert (await house.log.head()).position == 1


async def test_a_stale_version_is_refused_and_says_where_it_stands(house: House) -> None:
    opinion = await house.classified()
    stale = await post(house, HUB, f"/opinions/{opinion}/referral", 1)
    is_problem(stale, 412, "stale-version")
    assert stale.json()["facts"] == {"stream": opinion, "expected": 1, "actual": 2}
    assert (await house.log.head()).position == 2


@pytest.mark.parametrize("version", ["*", '"x"', '"-1"', "W/1", '"99999999999"'])
async def test_a_version_that_is_none_is_refused(house: House, version: str) -> None:
    opinion = (await house.receive()).stream
    async with house.client(HUB) as client:
        answer = await client.post(f"/intake/api/opinions/{opinion}/withdrawal", json={}, headers={"If-Match": version})
    is_problem(answer, 422, "invalid", "If-Match")


@pytest.mark.parametrize(
    ("by", "path", "body", "status", "code", "field"),
    [
        (HUB, "referral", {}, 409, "not-classified", None),
        (FEEDER, "completion", {"words": "Đầy đủ."}, 409, "nothing-asked", None),
        (HUB, "merge", {"into": NEVER}, 404, "unknown", "into"),
        (HUB, "merge", {"into": "{opinion}"}, 422, "merged-into-itself", "into"),
        (HUB, "split", {"parts": [{"words": "Một."}]}, 422, "too-few-parts", "parts"),
        (HUB, "split", {"parts": [{"words": "x"}] * 201}, 422, "invalid", "parts"),
        (HUB, "split", {"parts": [{"words": "Một."}, {"words": ""}]}, 422, "invalid", "parts.1.words"),
        (HUB, "classification", {"kind": "kien_nghi", "field": "nong-nghiep"}, 422, "unknown-field", "field"),
        (HUB, "classification", {"kind": "khieu_nai", "field": "giao-thong"}, 422, "invalid", "kind"),
        (HUB, "forwarding", {"to": "NOWHERE"}, 422, "unknown-unit", "to"),
        (HUB, "forwarding", {"to": "TH"}, 422, "forwarded-inside", "to"),
        (HUB, "forwarding", {"to": "VPUB"}, 422, "forwarded-inside", "to"),
        (HUB, "rejection", {"reason": "KHONG_THICH"}, 422, "invalid", "reason"),
        (HUB, "rejection", {"reason": "TRUNG", "opinion": NEVER}, 422, "invalid", "opinion"),
        (FEEDER, "referral", {}, 403, "forbidden", None),
        (OTHER_OFFICE, "withdrawal", {}, 404, "unknown", "opinion"),
    ],
)
async def test_commands_that_break_a_rule_are_problems_with_a_code(
    house: House, by: Subject, path: str, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    opinion = (await house.receive()).stream
    before = await untouched(house)
    filled = {name: opinion if value == "{opinion}" else value for name, value in body.items()}
    is_problem(await post(house, by, f"/opinions/{opinion}/{path}", 1, **filled), status, code, field)
    assert await untouched(house) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("completion-request", {"asked": "Xin cho biết."}),
        ("completion", {"words": "Đầy đủ."}),
        ("classification", {"kind": "gop_y", "field": "khac"}),
        ("rejection", {"reason": "TRUNG"}),
        ("forwarding", {"to": "SGTVT"}),
        ("diversion", {"kind": "khieu_nai", "to": "BTCD"}),
        ("split", {"parts": [{"words": "Một."}, {"words": "Hai."}]}),
    ],
)
async def test_commands_out_of_order_are_conflicts_and_change_nothing(house: House, path: str, body: dict[str, Any]) -> None:
    referred = await house.classified()
    await house.ask("refer_opinion", HUB, opinion=referred)
    withdrawn = (await house.receive()).stream
    await house.ask("withdraw_opinion", HUB, opinion=withdrawn)
    before = await untouched(house)
    is_problem(await post(house, HUB, f"/opinions/{referred}/{path}", 3, **body), 409, "already-referred", rule=DECIDED_THERE)
    is_problem(await post(house, HUB, f"/opinions/{withdrawn}/{path}", 2, **body), 409, "already-ended", rule=ENDED_ONCE)
    assert await untouched(house) == before


async def test_a_merge_in_a_circle_is_refused_by_its_rule_and_leaves_no_trace(house: House) -> None:
    first, second = await house.classified(), await house.classified(local_id="O-2")
    assert (await post(house, HUB, f"/opinions/{second}/merge", 2, into=first)).status_code == 200
    before, circle = await untouched(house), ("invariant 3",)
    answer = await post(house, HUB, f"/opinions/{first}/merge", 3, into=second)
    is_problem(answer, 409, "survivor-not-open", "into", rule=circle)
    answer = await post(house, HUB, f"/opinions/{first}/merge", 3, into=first)
    is_problem(answer, 422, "merged-into-itself", "into", rule=circle)
    assert await untouched(house) == before


@pytest.mark.parametrize("opinion", ["x", "case-7Q2K", "opinion-" + "A" * 81, "opinion-%00", "opinion-%F0%9F%9A%91"])
async def test_an_id_that_cannot_be_is_refused(house: House, opinion: str) -> None:
    answer = await post(house, HUB, f"/opinions/{opinion}/withdrawal", 1)
    assert answer.status_code in (404, 422)
    assert (await house.log.head()).position == 0


@pytest.mark.parametrize(
    ("by", "seen", "words"),
    [
        (HUB, 200, 200),
        (CHIEF, 200, 200),
        (FEEDER, 200, 200),
        (REGISTRY, 200, 403),
        (AUDITOR, 200, 403),
        (OTHER_UNIT, 404, 404),
        (OTHER_OFFICE, 404, 404),
        (ADMIN, 404, 404),
    ],
)
async def test_an_opinion_is_seen_by_its_office_and_its_unit_and_read_by_those_who_sort_it(
    house: House, by: Subject, seen: int, words: int
) -> None:
    opinion = (await house.receive()).stream
    assert (await get(house, by, f"/opinions/{opinion}")).status_code == seen
    read = await get(house, by, f"/opinions/{opinion}/words")
    assert read.status_code == words
    assert ("sạt lở" in read.text) == (words == 200)
    opened = [(each["reader"], each["purpose"]) for each in await house.vault.accesses()]
    assert opened == ([(by.person, "read_opinion_words")] if words == 200 else [])


async def test_nobody_opens_what_is_about_his_own_unit_but_the_head(house: House) -> None:
    opinion = (await house.receive()).stream
    about: dict[str, Any] = {"kind": "kien_nghi", "field": "giao-thong", "concerns_units": ["TCHCQT"]}
    await house.ask("classify_opinion", HUB, opinion=opinion, **about)
    await house.follow()
    is_problem(await get(house, HUB, f"/opinions/{opinion}/words"), 404, "unknown", "words")
    assert (await get(house, CHIEF, f"/opinions/{opinion}/words")).status_code == 200
    assert (await get(house, HUB, f"/opinions/{opinion}")).status_code == 200


async def test_what_was_diverted_is_opened_by_the_head_alone(house: House) -> None:
    opinion = (await house.receive()).stream
    await house.ask("divert_opinion", HUB, opinion=opinion, kind="khieu_nai", to="BTCD")
    await house.follow()
    for by in (HUB, FEEDER):
        is_problem(await get(house, by, f"/opinions/{opinion}/words"), 404, "unknown", "words")
    assert (await get(house, CHIEF, f"/opinions/{opinion}/words")).status_code == 200


async def test_what_another_office_has_looks_like_what_is_not_there(house: House) -> None:
    opinion = (await house.receive()).stream
    for path in ("", "/words"):
        theirs, nothing = [await get(house, OTHER_OFFICE, f"/opinions/{each}{path}") for each in (opinion, NEVER)]
        for answer in (theirs, nothing):
            is_problem(answer, 404, "unknown", answer.json().get("field"))
        ignored = {"trace_id"}
        assert {k: v for k, v in theirs.json().items() if k not in ignored} == {
            k: v for k, v in nothing.json().items() if k not in ignored
        }


async def test_nothing_is_answered_without_a_credential(house: House) -> None:
    opinion = (await house.receive()).stream
    paths = (f"/opinions/{opinion}", f"/opinions/{opinion}/words", "/offices/VPUB/opinions", "/units/BTCD/opinions", "/feed/BTCD")
    for path in (*paths, "/feed/BTCD/key"):
        is_problem(await get(house, None, path), 401, "not-signed-in")
    is_problem(await hand_in(house, None), 401, "not-signed-in")
    is_problem(await post(house, None, f"/opinions/{opinion}/withdrawal", 1), 401, "not-signed-in")
    is_problem(await post(house, None, "/feed/BTCD/key"), 401, "not-signed-in")
    async with house.client() as client:
        unknown = await client.get("/intake/api/units/BTCD/opinions", headers={"Authorization": "Bearer p-nobody"})
    is_problem(unknown, 401, "not-signed-in")


async def test_erased_words_are_none(house: House) -> None:
    opinion = (await house.receive()).stream
    for each in await house.sealed():
        await house.vault.erase_record(each["ref"])
    assert (await get(house, HUB, f"/opinions/{opinion}/words")).json() == {"words": None}


async def test_other_people_s_lists_are_not_there(house: House) -> None:
    await house.receive()
    for by, path in (
        (OTHER_OFFICE, "/offices/VPUB/opinions"),
        (OTHER_UNIT, "/offices/VPUB/opinions"),
        (ADMIN, "/offices/VPUB/opinions"),
        (OTHER_UNIT, "/units/BTCD/opinions"),
        (CHIEF, "/units/BTCD/opinions"),
        (OTHER_UNIT, "/feed/BTCD"),
        (ADMIN, "/feed/BTCD"),
        (HUB, "/units/NOWHERE/opinions"),
    ):
        answer = await get(house, by, path)
        is_problem(answer, 404, "unknown")
        assert "opinion-" not in answer.text


async def many(house: House) -> list[str]:
    """Seven opinions, two of them of one instant; the latest first, as lists have them."""
    received = []
    for hours in (0, 1, 2, 2, 3, 4):
        done = await house.receive(at=START - timedelta(hours=hours))
        received.append((-hours, done.stream))
    theirs = await house.receive(OTHER_UNIT, source_group="noi_bo", at=START - timedelta(hours=5))
    received.append((-5, theirs.stream))
    return [opinion for _, opinion in sorted(received, key=lambda each: (-each[0], each[1]))]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
async def test_an_office_s_opinions_come_by_pages_each_once_the_latest_first(house: House, limit: int) -> None:
    opinions = await many(house)
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": limit}
    while True:
        page = (await get(house, HUB, "/offices/VPUB/opinions", **asked)).json()
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        if page["cursor"] is None:
            break
        asked["cursor"] = page["cursor"]
    assert seen == opinions


async def test_what_comes_in_while_a_list_is_read_disturbs_no_page(house: House) -> None:
    opinions = await many(house)
    first = (await get(house, HUB, "/offices/VPUB/opinions", limit=3)).json()
    await house.receive(at=START)
    rest = (await get(house, HUB, "/offices/VPUB/opinions", cursor=first["cursor"])).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == opinions


async def test_a_list_shows_neither_words_nor_names(house: House) -> None:
    await house.receive(speaker_name="Lò Văn Bình")
    answer = await get(house, HUB, "/offices/VPUB/opinions")
    assert "Bình" not in answer.text
    assert "sạt lở" not in answer.text


async def test_a_unit_lists_what_it_took_in_and_an_office_what_was_taken_in_for_it(house: House) -> None:
    opinions = await many(house)
    assert [item["id"] for item in (await get(house, FEEDER, "/units/BTCD/opinions")).json()["items"]] == opinions[:-1]
    assert [item["id"] for item in (await get(house, OTHER_UNIT, "/units/TH/opinions")).json()["items"]] == opinions[-1:]
    assert (await get(house, OTHER_OFFICE, "/offices/UBND-MSO/opinions")).json() == {"items": [], "cursor": None}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"stage": "tiep_nhan"}, 5),
        ({"stage": "phan_loai"}, 1),
        ({"stage": "rut"}, 1),
        ({"stage": "da_chuyen"}, 0),
        ({"field": "giao-thong"}, 1),
        ({"field": "khac"}, 0),
        ({"source_group": "noi_bo"}, 1),
        ({"source_group": "nhan_dan", "stage": "tiep_nhan"}, 4),
    ],
)
async def test_lists_are_narrowed(house: House, asked: dict[str, str], count: int) -> None:
    opinions = await many(house)
    await house.ask("classify_opinion", HUB, opinion=opinions[0], kind="kien_nghi", field="giao-thong")
    await house.ask("withdraw_opinion", HUB, opinion=opinions[1])
    assert len((await get(house, HUB, "/offices/VPUB/opinions", **asked)).json()["items"]) == count


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"stage": "bay_bong"}, {"source_group": "ai_do"}, {"field": "a\x00b"}],
)
async def test_a_wrong_filter_is_named(house: House, asked: dict[str, Any]) -> None:
    answer = await get(house, HUB, "/offices/VPUB/opinions", **asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.json()["errors"][0]["field"]


def cursor_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "!!!", "ý", "A" * 401),
        *map(cursor_of, (b"no json", b"[]", b"7", b'["2023", "x"]', b'{"a": 1, "b": 2}', b'[1, "x", 2]', b"[1, 2]")),
        *map(cursor_of, (b'[1e400, "x"]', b'[18446744073709551615, "x"]', b'[99999999999999999999999, "x"]', b'[1, "\\u0000"]')),
    ],
)
async def test_a_cursor_not_made_here_is_refused(house: House, cursor: str) -> None:
    answer = await get(house, HUB, "/offices/VPUB/opinions", cursor=cursor)
    assert answer.status_code == 422, answer.text
    assert "cursor" in answer.text


async def test_a_read_waits_for_what_its_asker_wrote(house: House) -> None:
    received = await hand_in(house)
    async with house.client(FEEDER) as client:
        path = f"/intake/api/opinions/{received.json()['id']}"
        assert (await client.get(path)).status_code == 404
        assert (await client.get(path, headers={"After-Position": received.headers["Position"]})).status_code == 200
