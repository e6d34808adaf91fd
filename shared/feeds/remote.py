"""Another service's log over HTTP: for gaps, source checks and rebuilds."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

import httpx2
import orjson
from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response

from shared.contracts.refusals import Unknown
from shared.eventlog.port import EventLog, LogReader, LogUnavailable
from shared.eventlog.records import Head, Page, Record
from shared.web.problems import NotSignedIn
from shared.web.responses import Json
from shared.web.routes import undescribed

MOST: Final = 2_000  # records of one answer
MOST_BYTES: Final = 4 * 1024 * 1024  # of their data and metadata; the first one comes whatever its size
TIMEOUT_SECONDS: Final = 10.0
_BYTES: Final = ("data", "metadata", "prev_hash", "hash")


class RemoteLog:
    """A `LogReader` over `GET <base>/internal/logs/<service>/<tenant>`."""

    def __init__(self, client: httpx2.AsyncClient, base: str, name: str, token: str) -> None:
        self.name = name
        self._client, self._url = client, f"{base.rstrip('/')}/internal/logs/{name}"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def read(self, after: int, limit: int) -> Page:
        return page_of(await self._get("", {"after": after, "limit": min(limit, MOST)}))

    async def head(self) -> Head:
        found = await self._get("/head")
        return Head(found["incarnation"], found["position"], base64.b64decode(found["hash"]), found["recorded"])

    async def hash_at(self, position: int) -> bytes | None:
        found = (await self._get(f"/hashes/{position}"))["hash"]
        return None if found is None else base64.b64decode(found)

    async def _get(self, path: str, params: dict[str, int] | None = None) -> Any:
        try:
            answer = await self._client.get(f"{self._url}{path}", params=params, headers=self._headers, timeout=TIMEOUT_SECONDS)
        except httpx2.HTTPError as error:
            raise LogUnavailable(f"{self.name}: {type(error).__name__}") from error
        if answer.status_code != 200:
            raise LogUnavailable(f"{self.name}: HTTP {answer.status_code}")
        try:
            return orjson.loads(answer.content)
        except orjson.JSONDecodeError as error:  # a proxy's page, or an answer cut off
            raise LogUnavailable(f"{self.name}: no JSON came") from error


def log_routes(log_of: Callable[[str], EventLog | None], token: str) -> APIRouter:
    """The routes that `RemoteLog` asks, for whoever holds the service token; `log_of` finds a log by its name.

    Raises:
        ValueError: the token is empty, and would let everybody in.
    """
    if not token:
        raise ValueError("the logs are served to holders of a service token only: set one")

    async def known(authorization: Annotated[str, Header()] = "") -> None:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(given.encode(), token.encode()):
            raise NotSignedIn

    routes = undescribed(prefix="/internal/logs", dependencies=[Depends(known)])

    def log(service: str, tenant: str) -> LogReader:
        found = log_of(f"{service}/{tenant}")
        if found is None:
            raise Unknown("log")
        return found

    @routes.get("/{service}/{tenant}")
    async def read(
        service: str,
        tenant: str,
        after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 500,
    ) -> Response:
        return Json(json_of(bounded(await log(service, tenant).read(after, limit))))

    @routes.get("/{service}/{tenant}/head")
    async def head(service: str, tenant: str) -> Response:
        end = await log(service, tenant).head()
        return Json({"incarnation": end.incarnation, "position": end.position, "hash": _text(end.hash), "recorded": end.recorded})

    @routes.get("/{service}/{tenant}/hashes/{position}")
    async def hash_at(service: str, tenant: str, position: int) -> Response:
        found = await log(service, tenant).hash_at(position)
        return Json({"hash": None if found is None else _text(found)})

    return routes


def bounded(page: Page, most: int = MOST_BYTES) -> Page:
    """The page's first records, up to `most` bytes: whoever wants the rest asks for it after these."""
    size = 0
    for n, record in enumerate(page.records):
        size += len(record.data) + len(record.metadata)
        if n and size > most:
            return replace(page, records=page.records[:n])
    return page


def json_of(page: Page) -> dict[str, Any]:
    """A page as JSON values, bytes in base64."""
    return {
        "incarnation": page.incarnation,
        "after": page.after,
        "previous_hash": _text(page.previous_hash),
        "records": [
            {**record._asdict(), "event_id": record.event_id.hex, **{name: _text(getattr(record, name)) for name in _BYTES}}
            for record in page.records
        ],
    }


def page_of(found: Any) -> Page:
    """The page of `json_of`."""
    records = tuple(
        Record(
            **{
                **record,
                "event_id": UUID(hex=record["event_id"]),
                **{name: base64.b64decode(record[name]) for name in _BYTES},
            }
        )
        for record in found["records"]
    )
    return Page(found["incarnation"], found["after"], base64.b64decode(found["previous_hash"]), records)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
