"""The page of the access log: who opened which words, for what purpose, and when; as a file too."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from deploy.house import House
from deploy.pages.audit.access import Auditing
from deploy.pages.audit.instants import LONGEST, asked
from deploy.pages.audit.replay import told
from shared.calendar import local_day
from shared.clock import VIETNAM, Clock, instant, micros
from shared.contracts.refusals import Refused
from shared.sheets import defused
from shared.vault.port import Readings
from shared.vault.store import DatabaseVault
from shared.web.pages import Pages

PATH: Final = "/audit/access"
PAGE: Final = 50
FILE_PAGE: Final = 1_000
MOST_IN_A_FILE: Final = 50_000
COLUMNS: Final = ("line", "at", "reader", "purpose", "texts", "refs")

Line = Mapping[str, Any]


class Wanted(BaseModel):
    """Which lines are asked for; what is empty does not matter. `since` and `until` as typed, a day alone with all of it."""

    reader: str = Field("", max_length=128)
    purpose: str = Field("", max_length=128)
    ref: str = Field("", max_length=64)
    since: str = Field("", max_length=LONGEST)
    until: str = Field("", max_length=LONGEST)
    before: int | None = Field(None, ge=1, lt=10**18)

    def link(self, path: str = PATH, **changed: Any) -> str:
        """This page, or its file, with other values."""
        named = {name: value for name, value in {**self.model_dump(), **changed}.items() if value not in ("", None)}
        return f"{path}?{urlencode(named)}" if named else path

    def readings(self, clock: Clock) -> Readings:
        """The lines themselves.

        Raises:
            MomentUnclear, AsOfAhead

        """
        now = clock.now()
        since, until = asked("since", self.since, now), asked("until", self.until, now)
        begun = None
        if since is not None:
            # A day alone is meant from its beginning here: what is typed names no time.
            whole = since.written.endswith("24:00") or (since.at == now and ":" not in self.since)
            begun = micros(since.at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0) if whole else since.at)
        return Readings(
            reader=self.reader.strip() or None,
            purpose=self.purpose.strip() or None,
            ref=self.ref.strip() or None,
            since=begun,
            until=None if until is None else micros(until.at) + 1,
        )


def routes(router: APIRouter, pages: Pages, house: House) -> None:
    vault, clock = house.stores.vault, house.stores.clock

    @router.get(PATH)
    async def accesses(request: Request, session: Auditing, wanted: Annotated[Wanted, Query()]) -> Response:
        """The newest lines first; what cannot be read of the filter is told, and nothing is listed."""
        lines: Sequence[Line] = ()
        refused = None
        try:
            lines = await vault.latest_accesses(wanted.readings(clock), before=wanted.before, limit=PAGE + 1)
        except Refused as error:
            refused = told(request, error)
        directory = await next(iter(house.services.values())).directories.at(local_day(clock.now()))
        shown = lines[:PAGE]
        return pages.show(
            request,
            "audit/access.html",
            status=refused["status"] if refused else 200,
            session=session,
            wanted=wanted,
            refused=refused,
            lines=shown,
            units={
                reader: [directory.label(unit) for unit in directory.units_of(reader)]
                for reader in {line["reader"] for line in shown}
            },
            further=shown[-1]["id"] if len(lines) > PAGE else None,
            file=wanted.link(f"{PATH}.csv", before=None),
            most=MOST_IN_A_FILE,
        )

    @router.get(f"{PATH}.csv")
    async def file(session: Auditing, wanted: Annotated[Wanted, Query()]) -> Response:
        """The same lines as a file for a spreadsheet, no cell of it a formula."""
        content = _file(vault, wanted.readings(clock))
        headers = {"Content-Disposition": 'attachment; filename="nhat-ky-truy-cap.csv"'}
        return StreamingResponse(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _file(vault: DatabaseVault, of: Readings) -> AsyncIterator[bytes]:
    yield "\ufeff".encode() + _written([COLUMNS])
    before: int | None = None
    left = MOST_IN_A_FILE
    while left and (lines := await vault.latest_accesses(of, before=before, limit=min(FILE_PAGE, left))):
        yield _written([_cells(line) for line in lines])
        left -= len(lines)
        before = lines[-1]["id"]


def _cells(line: Line) -> Sequence[str]:
    at = instant(line["at"]).astimezone(VIETNAM).isoformat(timespec="seconds")
    told = (str(line["id"]), at, line["reader"], line["purpose"], str(len(line["refs"])), " ".join(line["refs"]))
    return [defused(cell) for cell in told]


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()
