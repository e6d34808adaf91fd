"""The page of the verification: every hash, chain and root of this process's logs, recomputed when an auditor asks."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from deploy import keeping
from deploy.house import House
from deploy.pages.audit.access import Auditing
from shared.config import SERVICES
from shared.eventlog.port import LogUnavailable
from shared.eventlog.verify import Report
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/audit/verify"
WAIT_SECONDS: Final = 2.0  # a short log is through by then, and its result the next page
MOST_FAULTS: Final = 50
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a verification found, by service; `reports` is none where a log was away meanwhile."""

    reports: Mapping[str, Report] | None
    at: datetime
    seconds: float

    @property
    def sound(self) -> bool:
        return self.reports is not None and all(report.sound for report in self.reports.values())

    @property
    def events(self) -> int:
        return sum(report.events for report in (self.reports or {}).values())


class Verifications:
    """Goes over the logs, once at a time whoever asks; what was found last is kept as long as the process runs."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._running: asyncio.Task[None] | None = None
        self.stand = (0, 0)  # how many events of how many were gone over
        self.last: Finished | None = None

    @property
    def running(self) -> bool:
        return self._running is not None and not self._running.done()

    async def begin(self) -> None:
        """Begin, unless it goes on already, and wait a little while for the end."""
        if not self.running:
            self.stand = (0, 0)
            self._running = asyncio.create_task(self._run(), name="verification")
        assert self._running is not None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._running), WAIT_SECONDS)

    async def _run(self) -> None:
        def stand(done: int, total: int) -> None:
            self.stand = done, total

        begun, clock = time.monotonic(), self._house.stores.clock
        reports: Mapping[str, Report] | None = None
        try:
            reports = await keeping.verify_all(self._house, stand)
        except (LogUnavailable, SQLAlchemyError, OSError) as error:
            _log.warning("verification.interrupted", error=type(error).__name__)
        self.last = Finished(reports=reports, at=clock.now(), seconds=time.monotonic() - begun)


def routes(router: APIRouter, pages: Pages, house: House) -> None:
    verifications = Verifications(house)

    @router.get(PATH)
    async def found(request: Request, session: Auditing) -> Response:
        """What was found last, or how far it has come."""
        return pages.show(
            request,
            "audit/verify.html",
            session=session,
            running=verifications.running,
            stand=verifications.stand,
            found=verifications.last,
            elsewhere=[service for service in SERVICES if service not in house.services],
            most=MOST_FAULTS,
        )

    @router.post(PATH)
    async def verify(request: Request, session: Auditing) -> Response:
        """Go over the logs now."""
        await read_form(request)
        await verifications.begin()
        return RedirectResponse(PATH, 303)
