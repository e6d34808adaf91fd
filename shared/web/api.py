"""A service's JSON API: commands and queries as routes over the one desk."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import TypeAdapter, ValidationError

from shared.asof import NotAsOf
from shared.bodies import NotAnObject, object_of
from shared.commands import model_of
from shared.contracts.refusals import Invalid, KeyReused, Stale
from shared.desk import Asked, Desk, Done, Handler, name_of
from shared.instants import Instant
from shared.permit import Subject
from shared.telemetry import COMMANDS, current_trace
from shared.web.problems import InvalidBody, KeyMissing, NotSignedIn, NotYet, PreconditionMissing, Unreadable
from shared.web.responses import Json, etag
from shared.web.routes import OnDemand

WAIT_SECONDS: Final = 2.0
MAX_KEY: Final = 200
_NAMED: Final = re.compile(r"{(\w+)}")
_OCCURRED_AT: Final = {"type": "string", "format": "date-time", "description": "When it happened, where that was not now."}
_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Idempotency-Key": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "After-Position": {"type": "string", "pattern": r"^[a-z_]+=[0-9]{1,18}(,[a-z_]+=[0-9]{1,18}){0,7}$"},
    "If-Match": {"type": "string", "pattern": r'^("[0-9]{1,9}"|[0-9]{1,9})$'},
}
_ANSWERED: Final[Mapping[str, Mapping[str, Any]]] = {
    "ETag": {"pattern": '^"[0-9]+"$'},
    "Position": {"pattern": r"^[a-z_]+=[0-9]+$"},
    "Idempotency-Replayed": {"enum": ["true"]},
}
_INSTANT: Final[TypeAdapter[datetime]] = TypeAdapter(Instant)


# Headers that every route knows are read from the request: as declared parameters each would be analysed for every route
# again, which is most of what starting takes. The description of the API names them.
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


async def signed_in(request: Request, bearer: Bearer) -> Subject:
    """Who asks, by bearer token.

    Raises:
        NotSignedIn: no token, or one that is unknown, expired or revoked.
    """
    if bearer is None:
        raise NotSignedIn
    subject: Subject | None = await request.app.state.tokens.subject(bearer.credentials)
    if subject is None:
        raise NotSignedIn
    return subject


async def caught_up(request: Request) -> None:
    """Wait until this service's read models hold what `After-Position` names, such as `intake=12,assignment=7`.

    Raises:
        Invalid: the header cannot be read.
        NotYet: not within two seconds.
        NotAsOf
    """
    _refuse_earlier(request)
    after = request.headers.get("after-position")
    if after and not await request.app.state.positions.wait(vector_of(after), WAIT_SECONDS):
        raise NotYet


def _refuse_earlier(request: Request) -> None:
    """What knows only now does not pass over in silence that it is asked what was known earlier.

    Raises:
        NotAsOf

    """
    if "as_of" in request.query_params:
        route = request.scope.get("route")
        if not (isinstance(route, APIRoute) and any(each.alias == "as_of" for each in route.dependant.query_params)):
            raise NotAsOf("as_of")


SignedIn = Annotated[Subject, Depends(signed_in)]


async def asking(request: Request, subject: SignedIn) -> Subject:
    """Who asks a question, with the posts that he acts for today.

    Whoever acts for a post reads what it reads, also where the delegation names what he may do: he decides with the
    history in front of him.

    Raises:
        NotAsOf
    """
    _refuse_earlier(request)
    return replace(subject, delegated=await request.app.state.acting_for(subject))


Asker = Annotated[Subject, Depends(asking)]
After = Annotated[None, Depends(caught_up)]


async def creating(request: Request, subject: SignedIn) -> str:
    """The id of a command that creates, from the `Idempotency-Key` that it needs: the same asker's same key is the same id.

    Raises:
        KeyMissing
        Invalid: the key is too long.
    """
    return command_id_of(request, subject, creating=True)


CommandId = Annotated[str, Depends(creating)]


def vector_of(header: str) -> dict[str, int]:
    """The positions in `intake=12,assignment=7`, by service.

    Raises:
        Invalid: it is not of that form.
    """
    vector = {}
    for part in header.split(",")[:8]:
        service, _, position = part.strip().partition("=")
        if not (
            service.isascii() and service.isidentifier() and position.isascii() and position.isdigit() and len(position) < 19
        ):
            raise Invalid("After-Position")
        vector[service] = int(position)
    return vector


class Described(dict[str, Any]):
    """What the description of the API says of a route, made when somebody asks for that: few do, and every process starts."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__()
        self._make = make

    def __bool__(self) -> bool:
        """FastAPI asks whether there is anything before it reads it."""
        if not len(self):
            self.update(self._make())
        return True


class Api:
    """The routes of one service under `prefix`; refusals raised in them become problems."""

    def __init__(self, *, service: str, desk: Desk) -> None:
        self.service = service
        self.router = APIRouter(route_class=OnDemand, prefix=f"/{service}/api")
        self._desk = desk

    def command(self, path: str, command: type, *, status: int = 200) -> None:
        """Serve `command` at POST `path`; parameters of the path become its fields.

        With status 201 it creates: it needs an `Idempotency-Key`. Others need `If-Match` unless their handler is additive;
        a key is welcome there too. The body is the command's JSON with an optional `occurred_at`.
        """
        handler = self._desk.handlers[name_of(command)]

        async def ask(request: Request, subject: SignedIn, _after: After) -> Response:
            body, occurred_at = await _read(request, command)
            asked = Asked(
                command=handler.name,
                body=body,
                subject=subject,
                command_id=command_id_of(request, subject, creating=status == 201),
                occurred_at=occurred_at,
                expected=_expected(request, handler, creating=status == 201),
                trace=current_trace(),
            )
            return await self.handle(asked, status)

        ask.__doc__ = command.__doc__
        self.router.add_api_route(
            path,
            ask,
            methods=["POST"],
            status_code=status,
            name=handler.name,
            summary=handler.name.replace("_", " "),
            openapi_extra=Described(
                lambda: {
                    "requestBody": {"required": True, "content": {"application/json": {"schema": _body(path, command)}}},
                    "parameters": _parameters(path, command, creating=status == 201, additive=handler.additive),
                    "responses": _answer(status),
                }
            ),
        )

    async def handle(self, asked: Asked, status: int = 200) -> Response:
        """Ask the desk, and answer what was done; a refusal over a header names it."""
        try:
            done = await self._desk.handle(asked)
        except (Stale, KeyReused) as refused:
            refused.field = "If-Match" if isinstance(refused, Stale) else "Idempotency-Key"
            raise
        COMMANDS.labels(self.service, asked.command, "replayed" if done.replayed else "done").inc()
        return self.answer(done, status)

    def answer(self, done: Done, status: int = 200) -> Response:
        """What a command did, with its ETag and the position after which it can be read."""
        headers = etag(done.version)
        if done.position:
            headers["Position"] = f"{self.service}={done.position}"
        if done.replayed:
            headers["Idempotency-Replayed"] = "true"
        return Json({"id": done.stream, "version": done.version, **done.answer}, status_code=status, headers=headers)


@cache
def _schema(command: type) -> dict[str, Any]:
    """What the model of a command is, for the description of the API."""
    return model_of(command).model_json_schema()


def _body(path: str, command: type) -> dict[str, Any]:
    """What the body of a command is: its fields without those that its path names, and when it happened."""
    schema, named = _schema(command), set(_NAMED.findall(path))
    fields = {name: each for name, each in schema.get("properties", {}).items() if name not in named}
    fields["occurred_at"] = _OCCURRED_AT
    needed = [name for name in schema.get("required", ()) if name not in named]
    whole = {name: value for name, value in schema.items() if name != "required"} | {"properties": fields}
    return whole | {"required": needed} if needed else whole


def _parameters(path: str, command: type, *, creating: bool, additive: bool) -> list[dict[str, Any]]:
    """What a command reads of its path and of its request's headers, for the description of the API."""
    schema = _schema(command)
    known = {"$defs": schema["$defs"]} if "$defs" in schema else {}
    headers = [("Idempotency-Key", creating), ("After-Position", False), *([] if creating else [("If-Match", not additive)])]
    return [
        *(
            {"name": name, "in": "path", "required": True, "schema": schema["properties"][name] | known}
            for name in _NAMED.findall(path)
        ),
        *({"name": name, "in": "header", "required": needed, "schema": _HEADERS[name]} for name, needed in headers),
    ]


def _answer(status: int) -> dict[str, Any]:
    """What a command answers, for the description of the API."""
    done = {
        "type": "object",
        "required": ["id", "version"],
        "properties": {"id": {"type": "string"}, "version": {"type": "integer", "minimum": 0}},
    }
    headers = {name: {"schema": {"type": "string", **more}} for name, more in _ANSWERED.items()}
    said = "It is done; whoever asks again with the same key is answered the same."
    return {str(status): {"description": said, "headers": headers, "content": {"application/json": {"schema": done}}}}


async def _read(request: Request, command: type) -> tuple[Any, datetime | None]:
    try:
        sent = object_of(await request.body() or b"{}")
    except NotAnObject as error:
        raise Unreadable from error
    occurred = sent.pop("occurred_at", None)
    for name, value in request.path_params.items():
        if sent.setdefault(name, value) != value:
            raise Invalid(name)
    try:
        body = model_of(command).model_validate(sent)
    except ValidationError as error:
        raise InvalidBody.of(error) from None
    return body, None if occurred is None else _claimed(occurred)


def _claimed(occurred: Any) -> datetime:
    try:
        return _INSTANT.validate_python(occurred)
    except ValidationError as error:
        raise InvalidBody.of(error, at="occurred_at") from None


def command_id_of(request: Request, subject: Subject, *, creating: bool) -> str:
    """The id of what is asked: from its Idempotency-Key, so that asking again is the same command; else a fresh one.

    Raises:
        KeyMissing: something is created without a key.
        Invalid: a key of no or too many characters.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        if creating:
            raise KeyMissing("Idempotency-Key")
        return f"http/{secrets.token_hex(16)}"
    return keyed_id(request, subject, key)


def keyed_id(request: Request, subject: Subject, key: str) -> str:
    """The id of what somebody asks at this path under a key of his.

    Raises:
        Invalid: a key of no or too many characters.
    """
    if not 1 <= len(key) <= MAX_KEY:
        raise Invalid("Idempotency-Key")
    principal = "\0".join((subject.tenant, subject.unit, subject.person, request.url.path, key))
    return f"http/{hashlib.sha256(principal.encode()).hexdigest()}"


def _expected(request: Request, handler: Handler, *, creating: bool) -> int | None:
    stated = request.headers.get("if-match")
    if stated is None:
        if creating or handler.additive:
            return None
        raise PreconditionMissing("If-Match")
    version = stated.strip().strip('"')
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid("If-Match")
    return int(version)
