"""The pages of events: found in one log by stream, type, command, person, reference and position; and one by itself."""

import json
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from deploy.pages.audit.access import Auditing
from deploy.pages.audit.instants import LONGEST
from deploy.pages.audit.logs import Fits, Logs, envelope_of, line_of
from deploy.pages.audit.replay import read
from shared.asof import MAX_DIGITS
from shared.config import SERVICES
from shared.eventlog.records import Record
from shared.web.pages import Pages

PATH: Final = "/audit/events"
PAGE: Final = 50
LONGEST_NAME: Final = 128
MOST: Final = 10**MAX_DIGITS

Position = Annotated[int | None, Field(ge=1, lt=MOST)]


class Wanted(BaseModel):
    """Which events of a log are asked for; what is empty does not matter. `first` and `last` are positions, both counted."""

    log: str = Field("assignment", max_length=20)
    stream: str = Field("", max_length=LONGEST_NAME)
    type: str = Field("", max_length=LONGEST_NAME)
    command: str = Field("", max_length=LONGEST_NAME)
    actor: str = Field("", max_length=LONGEST_NAME)
    ref: str = Field("", max_length=LONGEST_NAME)
    first: str = Field("", max_length=MAX_DIGITS)
    last: str = Field("", max_length=MAX_DIGITS)
    as_of: str = Field("", max_length=LONGEST)
    before: Position = None

    def fits(self, record: Record) -> bool:
        """Whether an event is asked for: a stream and a type by how they begin, all else as it is."""
        if not record.stream.startswith(self.stream) or not record.type.startswith(self.type.partition(".v")[0]):
            return False
        if self.ref and self.ref.encode() not in record.data:
            return False
        if not (self.actor or self.command):
            return True
        by = envelope_of(record)
        return self.actor in ("", by.get("actor")) and self.command in ("", by.get("command"))

    def link(self, **changed: Any) -> str:
        """This page with other values."""
        named = {name: value for name, value in {**self.model_dump(), **changed}.items() if value not in ("", None)}
        return f"{PATH}?{urlencode(named)}"


def routes(router: APIRouter, pages: Pages, logs: Logs) -> None:
    @router.get(PATH)
    async def events(request: Request, session: Auditing, wanted: Annotated[Wanted, Query()]) -> Response:
        """Events of one log, the newest first, as far back as one page looks."""
        instant, refused = read(request, "as_of", wanted.as_of, logs)
        reader = logs.of(wanted.log)
        stood = (await logs.positions(instant.at if instant else None))[reader.name.partition("/")[0]]
        ends = [each for each in (stood.position, _number(wanted.last), wanted.before) if each is not None]
        found = await logs.find(
            wanted.log, _fits(wanted), first=_number(wanted.first) or 1, last=min(ends, default=None), limit=PAGE
        )
        return pages.show(
            request,
            "audit/events.html",
            status=refused["status"] if refused else 200,
            session=session,
            services=SERVICES,
            wanted=wanted,
            instant=instant,
            refused=refused,
            stood=stood,
            found=found,
        )

    @router.get(PATH + "/{log}/{position}")
    async def event(request: Request, session: Auditing, log: str, position: Annotated[int, Field(ge=1, lt=MOST)]) -> Response:
        """One event as it is stored; words stand in none, only where they lie."""
        record = await logs.one(log, position)
        return pages.show(
            request,
            "audit/event.html",
            session=session,
            line=line_of(log, record),
            previous=record.prev_hash.hex(),
            id=str(record.event_id),
            data=_printed(record.data),
            metadata=_printed(record.metadata),
        )


def _fits(wanted: Wanted) -> Fits:
    trimmed = wanted.model_copy(
        update={name: getattr(wanted, name).strip() for name in ("stream", "type", "command", "actor", "ref")}
    )
    return trimmed.fits


def _number(typed: str) -> int | None:
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _printed(stored: bytes) -> str:
    """JSON for a person to read; what is none any more as it stands."""
    try:
        return json.dumps(orjson.loads(stored), ensure_ascii=False, indent=2)
    except orjson.JSONDecodeError:
        return stored.decode("utf-8", "replace")
