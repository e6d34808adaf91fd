"""What cannot be handed in over HTTP is refused with its field and what to do, and leaves no trace."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from tests.intake.asking import get, hand_in, is_problem, post, send, untouched
from tests.intake.house import FEEDER, FORM, HUB, House


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
