"""The ASGI application around the services' routers: bounds, traces, metrics, health."""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.metadata import version
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.refusals import Refused
from shared.contracts.registry import all_events
from shared.permit import Delegated, Subject
from shared.telemetry import REQUESTS, bind_trace, trace_of
from shared.web import problems
from shared.web.description import describe
from shared.web.fields import wrong_field
from shared.web.responses import Json, hardened_headers

DEFAULT_BODY_LIMIT: Final = 1_048_576
ABOUT: Final = (
    "Sign in with `Authorization: Bearer TOKEN`. A command answers with `Position: SERVICE=N`; a question that sends it on as "
    "`After-Position` (several joined by commas) is answered from what stands at least there."
)
Check = Callable[[], Awaitable[Mapping[str, Any]]]
Measure = Callable[[], Awaitable[None]]
ActingFor = Callable[[Subject], Awaitable[tuple[Delegated, ...]]]

Page = Callable[[Request, Refused], Response | None]


async def nobody(subject: Subject) -> tuple[Delegated, ...]:
    """Nothing is known of delegations."""
    return ()


def no_page(request: Request, refused: Refused) -> Response | None:
    """There are no pages."""
    return None


class Waiter(Protocol):
    """Waits until the read models of a service hold a position vector."""

    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool: ...


def create_app(
    routers: Iterable[APIRouter],
    *,
    tokens: Any,
    positions: Waiter,
    health: Check,
    measure: Measure,
    acting_for: ActingFor = nobody,
    page: Page = no_page,
    body_limit: int = DEFAULT_BODY_LIMIT,
    public_origin: str = "",
    lifespan: Any = None,
) -> FastAPI:
    """An application over `routers`. `health` answers `{"ready": bool, "state": "ok" | "degraded" | ..., ...}`.

    Kafka away is degraded, not unready: opinions go on being taken in. `measure` is asked before every scrape of the metrics.
    `acting_for` says which posts whoever asks acts for today; `page` shows a refusal to a browser.
    `public_origin`: where browsers find the house, if that is set.
    """
    app = FastAPI(
        title="doithoai",
        description=ABOUT,
        version=version("doithoai"),
        docs_url=None,  # the stock pages load from foreign hosts
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.tokens = tokens
    app.state.positions = positions
    app.state.acting_for = acting_for
    app.state.public_origin = public_origin
    problems.install(app, page)
    larger: dict[str, int] = {}
    for router in routers:
        # As they are: including a router makes every route once more, for a prefix and dependencies that none of ours needs.
        app.router.routes.extend(router.routes)
        larger |= {path: limit for path, limit in map(_body_limit, router.routes) if limit is not None}
    app.include_router(_probes(health, measure))
    describe(app)
    app.add_middleware(Frame, body_limit=body_limit, larger=larger)
    return app


def _body_limit(route: Any) -> tuple[str, int | None]:
    """The path of a route, and the bound of its bodies where it has one of its own."""
    return getattr(route, "path", ""), getattr(getattr(route, "endpoint", None), "body_limit", None)


def _probes(health: Check, measure: Measure) -> APIRouter:
    router = APIRouter()

    @router.get("/livez", include_in_schema=False)
    async def live() -> Response:
        return Json({"state": "ok"})

    @router.get("/readyz", include_in_schema=False)
    async def ready() -> Response:
        found = await health()
        return Json(found, status_code=200 if found.get("ready") else 503)

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        await measure()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/version", include_in_schema=False)
    async def of() -> Response:
        return Json({"version": version("doithoai"), "events": {e.name: e.version for e in all_events()}})

    return router


class Frame:
    """Around every request: its size bounded, its trace bound, its duration measured, its answer hardened."""

    def __init__(self, app: ASGIApp, *, body_limit: int, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = body_limit
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        structlog.contextvars.clear_contextvars()
        bind_trace(trace_of(headers.get(b"traceparent", b"").decode("latin-1")))
        begun = time.perf_counter()
        status = 500
        seen = 0
        limit = self._larger.get(scope["path"], self._limit)

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    raise problems.TooLarge(limit_bytes=limit)
            return message

        async def hardened(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": hardened_headers(message["headers"])}
            await send(message)

        if int(headers.get(b"content-length", b"0") or 0) > limit:
            await problems.answer(problems.TooLarge(limit_bytes=limit))(scope, receive, hardened)
        elif (refused := _nowhere_kept(scope)) is not None:
            await problems.answer(refused)(scope, receive, hardened)
        else:
            await self._app(scope, bounded, hardened)
        REQUESTS.labels(scope["method"], problems.route_of(scope), str(status)).observe(time.perf_counter() - begun)


def _nowhere_kept(scope: Scope) -> Refused | None:
    """The refusal of a path or query with a NUL in it: no id and no text has one, and PostgreSQL takes none in a question."""
    found = {"type": "control_character", "ctx": {"character": "U+0000"}}
    wrong = [wrong_field(found, ["path"])] if "\0" in scope["path"] else []
    if b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        wrong += [wrong_field(found, [name.replace("\0", "")]) for name, value in asked if "\0" in name + value]
    return problems.InvalidBody(wrong) if wrong else None
