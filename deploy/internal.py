"""Routes that only the house itself may use, under `/internal`: commands in anyone's name, the clock, what stands where."""

import secrets
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

import orjson
from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.timekeeping import Due
from services.intake.domain.opinion.commands import RecordRegisterRow
from services.intake.entrypoints.register.rows import Row
from services.intake.entrypoints.register.taking import taking
from shared.clock import ClockMovedBack
from shared.commands import model_of
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.desk import Asked, Desk
from shared.instants import Instant
from shared.permit import Subject
from shared.telemetry import current_trace
from shared.vault.port import Stored
from shared.web.limits import takes
from shared.web.problems import InvalidBody, NotSignedIn
from shared.web.responses import Json
from shared.web.routes import undescribed

REGISTER_BYTES: Final = 64 * 1024 * 1024  # of so many rows as are handed on at once, each as long as a row can be
REACHED_SECONDS: Final = 5.0  # so long an answer waits for subscriptions; whoever asked asks again


class ClockRefused(Refused):
    """The clock cannot be moved: it is the real one, or the instant lies before the present one."""

    code = "clock-refused"
    title_vi = "Không thể đặt đồng hồ"
    title_en = "The clock cannot be moved there"
    advice_vi = "Chỉ đồng hồ kịch bản mới đặt được, và không bao giờ lùi lại."
    advice_en = "Only a script clock moves, and never back."


class Inside(Protocol):
    """What of a house is reached from outside its process."""

    @property
    def tenant(self) -> str: ...

    @property
    def clock_kind(self) -> str: ...

    @property
    def desks(self) -> Mapping[str, Desk]: ...

    async def performed(self, command_ids: Sequence[str]) -> AbstractSet[str]: ...

    async def referred(self, stored: Sequence[Stored]) -> AbstractSet[str]: ...

    async def now(self) -> datetime: ...

    async def move(self, instant: datetime) -> None: ...

    async def due(self) -> list[Due]: ...

    async def run(self, job: Due) -> int: ...

    async def standing(self) -> dict[str, Any]: ...

    async def reached(self, heads: Mapping[str, int], seconds: float) -> dict[str, Any]: ...


class Order(BaseModel):
    """One command in a person's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str
    body: dict[str, Any]
    office: str
    unit: str
    actor: str
    capacity: Role
    command_id: str
    occurred_at: Instant | None = None


class RegisterRow(BaseModel):
    """One row of a register: its line, the body of its command, and the number it was merged into, with a year or none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    body: dict[str, Any]
    into: tuple[str, int | None] | None = None


class RegisterRows(BaseModel):
    """Rows of one register in a person's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: str
    unit: str
    actor: str
    capacity: Role
    run: str
    rehearsed: bool
    rows: list[RegisterRow]


class _Moving(BaseModel):
    to: Instant | None = None


class _Wanted(BaseModel):
    ids: list[str]


class _Text(BaseModel):
    ref: str
    command_id: str


class _Texts(BaseModel):
    texts: list[_Text]


class _Heads(BaseModel):
    heads: dict[str, int]


class _Running(BaseModel):
    service: str
    name: str
    at: Instant


def subject_of(tenant: str, order: "Order | RegisterRows") -> Subject:
    """The person an order is given in the name of."""
    return Subject(
        person=order.actor, tenant=tenant, office=order.office, unit=order.unit, capacities=frozenset({order.capacity})
    )


def router(house: Inside, token: str) -> APIRouter:
    """The routes over `house`, for whoever holds its service token."""

    async def known(authorization: Annotated[str, Header()] = "") -> None:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(given.encode(), token.encode()):
            raise NotSignedIn

    routes = undescribed(prefix="/internal", dependencies=[Depends(known)])

    _time(routes, house)
    _commands(routes, house)
    return routes


def _time(routes: APIRouter, house: Inside) -> None:
    @routes.post("/clock")
    async def clock(moving: _Moving) -> Response:
        if moving.to is not None:
            await _move(house, moving.to)
        return Json({"kind": house.clock_kind, "now": await house.now()})

    @routes.get("/subscriptions")
    async def subscriptions() -> Response:
        return Json(await house.standing())

    @routes.post("/subscriptions/reached")
    async def reached(wanted: _Heads) -> Response:
        return Json(await house.reached(wanted.heads, REACHED_SECONDS))

    @routes.get("/jobs")
    async def jobs() -> Response:
        return Json([{"service": job.service, "name": job.name, "at": job.at} for job in await house.due()])

    @routes.post("/jobs")
    async def run(running: _Running) -> Response:
        return Json({"done": await house.run(Due(at=running.at, service=running.service, name=running.name))})


def _commands(routes: APIRouter, house: Inside) -> None:
    @routes.get("/commands")
    async def commands() -> Response:
        return Json({service: sorted(desk.handlers) for service, desk in house.desks.items()})

    @routes.post("/commands")
    async def perform(order: Order) -> Response:
        desk = next((desk for desk in house.desks.values() if order.command in desk.handlers), None)
        if desk is None:
            raise Unknown("command")
        try:
            body = model_of(desk.handlers[order.command].command).model_validate(order.body)
        except ValidationError as error:
            raise InvalidBody.of(error) from None
        done = await desk.handle(
            Asked(
                command=order.command,
                body=body,
                subject=subject_of(house.tenant, order),
                command_id=order.command_id,
                occurred_at=order.occurred_at,
                trace=current_trace(),
            )
        )
        return Json({"stream": done.stream, "version": done.version, "replayed": done.replayed, "answer": dict(done.answer)})

    @routes.post("/register-rows")
    @takes(REGISTER_BYTES)
    async def register_rows(asked: RegisterRows) -> Response:
        model = model_of(RecordRegisterRow)
        rows = [
            Row(line=row.line, key=("", 0), into=row.into, body=model.model_validate_json(orjson.dumps(row.body)))
            for row in asked.rows
        ]
        take = taking(house.desks["intake"], subject_of(house.tenant, asked), asked.run, rehearsed=asked.rehearsed)
        return Json([became if isinstance(became, str) else asdict(became) for became in await take(rows)])

    @routes.post("/commands/found")
    async def found(wanted: _Wanted) -> Response:
        return Json({"found": sorted(await house.performed(wanted.ids))})

    @routes.post("/vault/referred")
    async def referred(asked: _Texts) -> Response:
        return Json({"found": sorted(await house.referred([Stored(text.ref, text.command_id) for text in asked.texts]))})


async def _move(house: Inside, instant: datetime) -> None:
    if house.clock_kind != "script":
        raise ClockRefused
    try:
        await house.move(instant)
    except ClockMovedBack as error:
        raise ClockRefused("to") from error
