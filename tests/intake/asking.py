"""Asking the intake service over HTTP, and what every problem must say."""

from typing import Any

import httpx2
import orjson

from shared.permit import Subject
from tests.intake.house import FEEDER, FORM, House


async def post(house: House, by: Subject | None, path: str, version: int | None = None, **body: Any) -> httpx2.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    async with house.client(by) as client:
        return await client.post(f"/intake/api{path}", json=body, headers=headers)


async def hand_in(house: House, by: Subject | None = FEEDER, key: str | None = "k-1", **changed: Any) -> httpx2.Response:
    return await send(house, orjson.dumps({**FORM, **changed}), by=by, key=key)


async def send(house: House, content: Any, *, by: Subject | None = FEEDER, key: str | None = "k-1") -> httpx2.Response:
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key is not None else {})}
    async with house.client(by) as client:
        return await client.post("/intake/api/opinions", content=content, headers=headers)


async def get(house: House, by: Subject | None, path: str, **asked: Any) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.get(f"/intake/api{path}", params=asked or None, headers={"After-Position": "assignment=1"})


async def untouched(house: House) -> Any:
    """What bad input must leave as it was: the log's end and what the vault holds."""
    return (await house.log.head()).position, await house.sealed()


def is_problem(
    answer: httpx2.Response, status: int, code: str, field: str | None = None, *, rule: tuple[str, ...] | None = None
) -> None:
    """A problem that says what is wrong and what to do, in both languages."""
    found = answer.json()
    assert (answer.status_code, found["code"], found.get("field")) == (status, code, field), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert rule is None or found["rule"] == list(rule)
    assert all(found[said][language] for said in ("titles", "advice") for language in ("vi", "en"))
