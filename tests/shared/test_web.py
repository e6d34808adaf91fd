"""The HTTP frame: who asks, what is bounded, how a refusal reads."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from shared.contracts.refusals import Forbidden, KeyReused, Refused, Stale, Unknown
from shared.contracts.roles import Role
from shared.contracts.types import Text, UnitKey
from shared.desk import Asked, Done
from shared.eventlog.port import LogUnavailable, StreamConflict
from shared.permit import Subject
from shared.web.api import Api, vector_of
from shared.web.app import create_app

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


class FakeHandler:
    def __init__(self, name: str, *, additive: bool = False) -> None:
        self.name, self.additive = name, additive


class FakeDesk:
    """Answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.handlers = {"hand_in": FakeHandler("hand_in"), "amend": FakeHandler("amend")}
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


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
async def client(desk: FakeDesk) -> AsyncIterator[httpx2.AsyncClient]:
    api = Api(service="intake", desk=desk)  # type: ignore[arg-type]
    api.command("/things", HandIn, status=201)
    api.command("/things/{thing}/amendment", Amend)

    async def health() -> Mapping[str, Any]:
        return {"ready": True, "state": "degraded", "kafka": "away"}

    app = create_app([api.router], tokens=FakeTokens(), positions=FakePositions(), health=health, body_limit=3_000)
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


async def test_creating_without_a_key_is_refused_with_what_to_do(client: httpx2.AsyncClient) -> None:
    answer = await hand_in(client, headers=SIGNED_IN)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert "Idempotency-Key" in answer.json()["advice"]["en"]


async def test_a_change_says_which_version_it_was_decided_on(client: httpx2.AsyncClient, desk: FakeDesk) -> None:
    path = "/intake/api/things/T1/amendment"
    missing = await client.post(path, headers=SIGNED_IN, json={"words": "x"})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-missing")
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
    assert problem["title"] == problem["titles"]["vi"]
    assert len(problem["trace_id"]) == 32
    assert "SELECT" not in answer.text
    english = await hand_in(client, headers={**CREATING, "Accept-Language": "en-GB, vi;q=0.5"})
    assert english.json()["title"] == problem["titles"]["en"]


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


async def test_an_unknown_path_is_a_problem_and_every_answer_is_hardened(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
