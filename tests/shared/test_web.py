"""The HTTP frame: who asks, what is bounded, how a refusal reads."""

import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import asyncpg
import httpx2
import pytest
import structlog
from fastapi import Body, HTTPException, Query
from fastapi.responses import Response
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared import logs
from shared.contracts.refusals import Forbidden, KeyReused, Refused, Stale, Unknown
from shared.contracts.roles import Role
from shared.contracts.types import LocalId, Text, UnitKey
from shared.database import Database
from shared.desk import Asked, Done
from shared.eventlog.port import LogUnavailable, StreamConflict
from shared.permit import Subject
from shared.web.api import Api, vector_of
from shared.web.app import create_app
from shared.web.fields import wrong_field

SCRAPED = Gauge("doithoai_test_scraped", "How often the frame asked for measures.")
SIGNED_IN = {"Authorization": "Bearer good"}
CREATING = {**SIGNED_IN, "Idempotency-Key": "k-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """Hand something in."""

    office: UnitKey
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Change it."""

    thing: UnitKey
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe:
    """Say much of it."""

    kind: Role
    short: UnitKey
    own: LocalId | None = None
    n: int = 0
    yes: bool = False
    day: date | None = None
    at: datetime | None = None
    many: tuple[UnitKey, ...] = ()
    words: Text | None = None


class FakeHandler:
    def __init__(self, name: str, *, additive: bool = False) -> None:
        self.name, self.additive = name, additive


class FakeDesk:
    """Answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.handlers = {"hand_in": FakeHandler("hand_in"), "amend": FakeHandler("amend"), "describe": FakeHandler("describe")}
        self.asked: list[Asked] = []
        self.raises: Exception | None = None

    async def handle(self, asked: Asked) -> Done:
        self.asked.append(asked)
        if self.raises is not None:
            raise self.raises
        return Done(stream="thing-1", version=2, position=7, replayed=False, answer={"receipt": "ABC"})


class FakeTokens:
    async def subject(self, secret: str) -> Subject | None:
        if secret != "good":
            return None
        return Subject(person="p-1", tenant="sonla", office="VPUB", unit="TH", capacities=frozenset({Role.HUB}))


class FakePositions:
    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        return all(position <= 7 for position in vector.values())


@pytest.fixture(autouse=True)
def _lines_as_in_service() -> Iterator[None]:
    before = logging.getLogger().handlers[:]
    logs.configure()
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
async def client(desk: FakeDesk) -> AsyncIterator[httpx2.AsyncClient]:
    api = Api(service="intake", desk=desk)  # type: ignore[arg-type]
    api.command("/things", HandIn, status=201)
    api.command("/things/{thing}/amendment", Amend)
    api.command("/descriptions", Describe, status=201)

    @api.router.get("/list")
    async def listed(after: Annotated[int, Query(ge=0)], first: Annotated[date | None, Query(alias="from")] = None) -> Response:
        return Response()

    @api.router.post("/parts")
    async def parts(body: Annotated[str, Body()], path: Annotated[int, Body()]) -> Response:
        return Response()

    @api.router.get("/raising/{status}")
    async def raising(status: int) -> Response:
        raise HTTPException(status, "In English, and quoting what was sent")

    @api.router.get("/stored")
    async def stored() -> Response:
        database = Database("postgresql+asyncpg://app:secret@127.0.0.1:1/none")
        async with database.read() as connection:
            await connection.execute(text("select 1"))
        return Response()

    async def health() -> Mapping[str, Any]:
        return {"ready": True, "state": "degraded", "kafka": "away"}

    async def measure() -> None:
        SCRAPED.inc()

    app = create_app(
        [api.router], tokens=FakeTokens(), positions=FakePositions(), health=health, measure=measure, body_limit=3_000
    )
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://house") as client:
        yield client


async def hand_in(client: httpx2.AsyncClient, **given: Any) -> httpx2.Response:
    return await client.post(
        "/intake/api/things", **{"headers": CREATING, "json": {"office": "VPUB", "words": "Xin chào"}, **given}
    )


async def test_a_creating_command_answers_its_id_version_and_position(client: httpx2.AsyncClient, desk: FakeDesk) -> None:
    answer = await hand_in(client)
    assert answer.status_code == 201
    assert answer.json() == {"id": "thing-1", "version": 2, "receipt": "ABC"}
    assert answer.headers["ETag"] == '"2"'
    assert answer.headers["Position"] == "intake=7"
    assert desk.asked[0].body.words == "Xin chào"  # type: ignore[attr-defined]
    assert desk.asked[0].expected is None


async def test_the_same_key_of_the_same_asker_is_the_same_command(client: httpx2.AsyncClient, desk: FakeDesk) -> None:
    await hand_in(client)
    await hand_in(client)
    await hand_in(client, headers={**CREATING, "Idempotency-Key": "k-2"})
    first, second, third = (asked.command_id for asked in desk.asked)
    assert first == second != third


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer bad"}, {"Authorization": "Basic good"}, {"Authorization": "Bearer"}]
)
async def test_without_a_credential_nothing_is_asked(client: httpx2.AsyncClient, desk: FakeDesk, headers: dict[str, str]) -> None:
    answer = await hand_in(client, headers={**headers, "Idempotency-Key": "k"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert desk.asked == []


@pytest.mark.parametrize("name", ["access_token", "token", "Authorization", "bearer", "api_key"])
async def test_a_credential_in_the_address_opens_nothing(client: httpx2.AsyncClient, desk: FakeDesk, name: str) -> None:
    sent = {"office": "VPUB", "words": "x"}
    for value in ("good", "Bearer good"):
        answer = await client.post("/intake/api/things", params={name: value}, json=sent, headers={"Idempotency-Key": "k-1"})
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
        assert "good" not in answer.text
    assert desk.asked == []


async def test_the_description_names_who_asks_each_body_and_the_headers_that_a_command_reads(client: httpx2.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    creating, changing = (described["paths"][f"/intake/api/things{rest}"]["post"] for rest in ("", "/{thing}/amendment"))
    needed = [{each["name"] for each in asked["parameters"] if each["required"]} for asked in (creating, changing)]
    assert needed == [{"Idempotency-Key"}, {"thing", "If-Match"}]
    assert "words" in creating["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert creating["security"] == [{"HTTPBearer": []}]
    assert "After-Position" in described["info"]["description"]


async def test_creating_without_a_key_is_refused_with_what_to_do(client: httpx2.AsyncClient) -> None:
    answer = await hand_in(client, headers=SIGNED_IN)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (400, "idempotency-key-missing", "Idempotency-Key")
    assert "Idempotency-Key" in answer.json()["advice"]["en"]


async def test_a_change_says_which_version_it_was_decided_on(client: httpx2.AsyncClient, desk: FakeDesk) -> None:
    path = "/intake/api/things/T1/amendment"
    missing = await client.post(path, headers=SIGNED_IN, json={"words": "x"})
    problem = missing.json()
    assert (missing.status_code, problem["code"], problem["field"]) == (428, "precondition-missing", "If-Match")
    assert (await client.post(path, headers={**SIGNED_IN, "If-Match": "W/x"}, json={"words": "x"})).status_code == 422
    assert (await client.post(path, headers={**SIGNED_IN, "If-Match": '"4"'}, json={"words": "x"})).status_code == 200
    assert desk.asked[0].expected == 4
    assert desk.asked[0].body.thing == "T1"  # type: ignore[attr-defined]


async def test_a_body_that_names_another_thing_than_the_path_is_refused(client: httpx2.AsyncClient) -> None:
    headers = {**SIGNED_IN, "If-Match": '"4"'}
    answer = await client.post("/intake/api/things/T1/amendment", headers=headers, json={"thing": "T2", "words": "x"})
    assert (answer.status_code, answer.json()["field"]) == (422, "thing")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"\xff\xfe{", 400),
        (b'{"office": "VPUB", "words": "\\ud800"}', 400),
        (b"[" * 2_000, 400),
        (b"[]", 400),
        (b"x" * 3_001, 413),
    ],
)
async def test_what_cannot_be_read_is_refused_before_anything_else(
    client: httpx2.AsyncClient, content: bytes, status: int
) -> None:
    answer = await hand_in(client, json=None, content=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_without_a_length_is_bounded_too(client: httpx2.AsyncClient) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(400):
            yield b"x" * 10

    assert (await hand_in(client, json=None, content=drip())).status_code == 413


async def test_every_wrong_field_is_named_and_no_value_repeated(client: httpx2.AsyncClient) -> None:
    answer = await hand_in(client, json={"office": "văn phòng", "words": "bí mật\x00", "more": "dài dòng"})
    problem = answer.json()
    assert answer.status_code == 422
    assert {error["field"] for error in problem["errors"]} == {"office", "words", "more"}
    assert "văn phòng" not in answer.text
    assert "bí mật" not in answer.text
    assert "dài dòng" not in answer.text


@pytest.mark.parametrize(
    ("sent", "code", "english", "vietnamese"),
    [
        ({"short": None}, "string_type", "Must be text.", "Phải là chuỗi ký tự."),
        ({"short": "V" * 33}, "string_too_long", "Is longer than 32 characters.", "Dài quá 32 ký tự."),
        ({"short": ""}, "string_too_short", "Must have at least 1 characters.", "Phải có ít nhất 1 ký tự."),
        (
            {"short": "bí mật"},
            "string_pattern_mismatch",
            "Does not have the form that is asked for.",
            "Không đúng dạng quy định.",
        ),
        (
            {"own": "Lò Văn A"},
            "string_pattern_mismatch",
            "Does not have the form that is asked for.",
            "Không đúng dạng quy định.",
        ),
        ({"more": "bí mật"}, "extra_forbidden", "No field has this name.", "Không có trường nào tên như vậy."),
        ({"n": "bí mật"}, "int_parsing", "Must be a whole number.", "Phải là số nguyên."),
        ({"yes": "bí mật"}, "bool_parsing", "Must be true or false.", "Phải là true hoặc false."),
        ({"day": "bí mật"}, "date_from_datetime_parsing", None, 'Phải là ngày viết dạng "2023-01-31".'),
        ({"day": 19361}, "date_type", None, 'Phải là ngày viết dạng "2023-01-31".'),
        ({"day": "0001-01-01"}, "years_outside", "Must lie in the years 1900 to 2199.", "Phải nằm trong các năm 1900 đến 2199."),
        (
            {"at": "bí mật"},
            "datetime_from_date_parsing",
            None,
            'Phải là thời điểm có múi giờ, viết dạng "2023-01-06T09:00:00+07:00".',
        ),
        (
            {"at": "2023-01-06T09:00:00"},
            "timezone_aware",
            None,
            'Phải là thời điểm có múi giờ, viết dạng "2023-01-06T09:00:00+07:00".',
        ),
        ({"many": ["TH"] * 201}, "too_long", "Must have at most 200 items.", "Không được quá 200 mục."),
        ({"many": "TH"}, "tuple_type", "Must be a list.", "Phải là danh sách."),
        ({"words": "bí\x00mật"}, "control_character", "Holds the control character U+0000.", "Có ký tự điều khiển U+0000."),
        ({"words": " \n "}, "blank", "Holds nothing but blanks.", "Chỉ có khoảng trắng."),
    ],
)
async def test_what_is_wrong_with_a_field_is_said_in_both_languages(
    client: httpx2.AsyncClient, sent: dict[str, Any], code: str, english: str | None, vietnamese: str
) -> None:
    answer = await client.post("/intake/api/descriptions", headers=CREATING, json={"kind": "hub", "short": "TH", **sent})
    (error,) = answer.json()["errors"]
    assert (error["field"].partition(".")[0], error["code"]) == (next(iter(sent)), code)
    assert error["message"] == error["messages"]["vi"] == vietnamese
    assert error["messages"]["en"] == (english or error["messages"]["en"])
    assert "bí" not in answer.text


async def test_a_choice_names_what_there_is_to_choose(client: httpx2.AsyncClient) -> None:
    headers = {**CREATING, "Accept-Language": "en"}
    answer = await client.post("/intake/api/descriptions", headers=headers, json={"kind": "bí mật"})
    kind, short = answer.json()["errors"]
    assert kind["message"].startswith("Must be one of: ")
    assert "'hub'" in kind["message"]
    assert " hoặc " in kind["messages"]["vi"]
    assert (short["code"], short["messages"]) == ("missing", {"vi": "Thiếu trường này.", "en": "Is missing."})


def test_an_error_of_a_kind_that_is_rarely_met_still_has_a_sentence() -> None:
    assert wrong_field({"type": "complex_type", "msg": "Lò Văn A"}, ("n",))["messages"] == {
        "vi": "Giá trị không hợp lệ.",
        "en": "Is not a valid value.",
    }


async def test_a_key_that_stands_twice_in_a_body_is_refused(client: httpx2.AsyncClient) -> None:
    twice = b'{"local_id": "BTCD-1", "local_id": "BTCD-2"}'
    answer = await hand_in(client, json=None, content=twice)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
    assert "each key once" in answer.json()["advice"]["en"]


async def test_a_parameter_is_called_by_its_name_wherever_it_stands(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/intake/api/list?after=-1&from=x")
    assert answer.json()["field"] == "after"
    assert [error["field"] for error in answer.json()["errors"]] == ["after", "from"]
    parts = await client.post("/intake/api/parts", json={})
    assert [error["field"] for error in parts.json()["errors"]] == ["body", "path"]
    broken = await client.post("/intake/api/parts", content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize("occurred_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_time_that_no_calendar_counts_is_refused(client: httpx2.AsyncClient, desk: FakeDesk, occurred_at: str) -> None:
    answer = await hand_in(client, json={"office": "VPUB", "words": "x", "occurred_at": occurred_at})
    assert (answer.status_code, answer.json()["field"]) == (422, "occurred_at")
    assert answer.json()["errors"][0]["code"] == "years_outside"
    assert desk.asked == []


@pytest.mark.parametrize("occurred_at", ["2023-01-04", "2023-01-04T08:00:00", 1672800000, "yesterday"])
async def test_a_time_without_its_zone_is_refused(client: httpx2.AsyncClient, occurred_at: object) -> None:
    answer = await hand_in(client, json={"office": "VPUB", "words": "x", "occurred_at": occurred_at})
    assert (answer.status_code, answer.json()["field"]) == (422, "occurred_at")


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (Unknown(), 404),
        (Forbidden(rule="r"), 403),
        (Stale(expected=1, actual=2), 412),
        (KeyReused(), 422),
        (Refused(), 409),
        (StreamConflict("thing-1", 1, 2), 409),
        (LogUnavailable(), 503),
        (OperationalError("SELECT words FROM opinion", {}, Exception("gone")), 503),
        (InterfaceError("SELECT words FROM opinion", {}, Exception("closed")), 503),
        (DBAPIError("SELECT words FROM opinion", {}, Exception("cut"), connection_invalidated=True), 503),
        (DBAPIError("SELECT words FROM opinion", {}, Exception("wrong")), 500),
        (IntegrityError("SELECT words FROM opinion", {}, Exception("twice")), 500),
        (PoolTimeout("SELECT words FROM opinion"), 503),
        (asyncpg.ConnectionDoesNotExistError("SELECT words FROM opinion"), 503),
        (asyncpg.UndefinedTableError("SELECT words FROM opinion"), 500),
        (ConnectionRefusedError(), 503),
        (TimeoutError(), 503),
        (FileNotFoundError("SELECT words FROM opinion"), 500),
        (RuntimeError("SELECT words FROM opinion"), 500),
    ],
)
async def test_every_refusal_and_fault_is_a_problem_in_two_languages(
    client: httpx2.AsyncClient, desk: FakeDesk, raised: Exception, status: int
) -> None:
    desk.raises = raised
    answer = await hand_in(client)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert set(problem["titles"]) == {"vi", "en"}
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert problem["title"] == problem["titles"]["vi"]
    assert len(problem["trace_id"]) == 32
    assert "SELECT" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    english = await hand_in(client, headers={**CREATING, "Accept-Language": "en-GB, vi;q=0.5"})
    assert english.json()["title"] == problem["titles"]["en"]


async def test_a_database_that_is_away_is_said_to_be_and_the_asker_comes_again(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/intake/api/stored")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "2"


async def test_a_method_that_a_path_does_not_take_is_a_problem_of_its_own(client: httpx2.AsyncClient) -> None:
    answer = await client.delete("/intake/api/things")
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["type"]) == (405, "wrong-method", "/problems/wrong-method")
    assert answer.headers["Allow"] == "POST"
    assert problem["titles"]["vi"] == "Đường dẫn này không nhận phương thức vừa gửi"
    assert "Allow" in problem["advice"]["en"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "unreadable"),
        (406, "not-acceptable"),
        (413, "too-large"),
        (415, "wrong-media-type"),
        (418, "not-served"),
        (429, "too-often"),
        (500, "failed"),
        (503, "unavailable"),
    ],
)
async def test_whatever_the_frame_raises_is_a_problem_in_two_languages(
    client: httpx2.AsyncClient, status: int, code: str
) -> None:
    answer = await client.get(f"/intake/api/raising/{status}")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert all(problem[said][language] for said in ("titles", "advice") for language in ("vi", "en"))
    assert "quoting" not in answer.text


async def test_a_log_line_of_a_request_carries_its_trace_and_not_its_path(
    client: httpx2.AsyncClient, desk: FakeDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    logs.configure()
    desk.raises = LogUnavailable("Lò Văn A")
    answer = await client.post(
        "/intake/api/things/LAN/amendment",
        headers={**SIGNED_IN, "If-Match": '"4"', "traceparent": f"00-{trace}-b7ad6b7169203331-01"},
        json={"words": "x"},
    )
    await hand_in(client)
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert answer.json()["trace_id"] == first["trace_id"] == trace
    assert (first["event"], first["route"]) == ("request.unavailable", "/intake/api/things/{thing}/amendment")
    assert len(second["trace_id"]) == 32
    assert second["trace_id"] != trace


async def test_a_reader_waits_for_its_own_writes_and_is_told_when_it_must_come_again(client: httpx2.AsyncClient) -> None:
    assert (await hand_in(client, headers={**CREATING, "After-Position": "intake=7"})).status_code == 201
    late = await hand_in(client, headers={**CREATING, "After-Position": "intake=7,assignment=8"})
    assert late.status_code == 503
    assert late.headers["Retry-After"] == "1"
    assert (await hand_in(client, headers={**CREATING, "After-Position": "intake=-1"})).status_code == 422


def test_a_position_vector_is_read_by_service() -> None:
    assert vector_of("intake=12, assignment=7") == {"intake": 12, "assignment": 7}


async def test_kafka_away_is_degraded_and_still_ready(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"state": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["state"]) == (200, "degraded")
    assert "doithoai_http_request_seconds" in (await client.get("/metrics")).text
    assert (await client.get("/version")).json()["events"]["opinion.received"] == 1


async def test_what_is_measured_is_measured_for_the_scrape(client: httpx2.AsyncClient) -> None:
    first, second = [(await client.get("/metrics")).text for _ in range(2)]
    value = float(first.partition("\ndoithoai_test_scraped ")[2].partition("\n")[0])
    assert f"\ndoithoai_test_scraped {value + 1}\n" in second


async def test_an_unknown_path_is_a_problem_and_every_answer_is_hardened(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("url", "status", "code", "field"),
    [
        ("/demo/api/things/t%00", 422, "invalid", "path"),
        ("/readyz?lang=%00", 422, "invalid", "lang"),
        ("/readyz?a=1&b%00c=2", 422, "invalid", "bc"),
    ],
)
async def test_a_path_or_query_that_no_database_can_look_for_is_refused_before_it_is_asked(
    client: httpx2.AsyncClient, url: str, status: int, code: str, field: str | None
) -> None:
    answer = await client.get(url)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (status, code, field)
    assert answer.headers["x-content-type-options"] == "nosniff"
