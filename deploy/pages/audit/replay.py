"""The page of an instant: where each log stood then, and what was recorded last before it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from deploy.pages.audit.access import Auditing
from deploy.pages.audit.instants import LONGEST, Asked, asked
from deploy.pages.audit.logs import Line, Logs
from shared.contracts.refusals import Refused
from shared.web import problems
from shared.web.pages import Pages, language_of

PATH: Final = "/audit"
AROUND: Final = 8  # events of each log

Typed = Annotated[str, Query(max_length=LONGEST)]


def routes(router: APIRouter, pages: Pages, logs: Logs) -> None:
    @router.get(PATH)
    async def replay(request: Request, session: Auditing, as_of: Typed = "") -> Response:
        """Where the logs stood at the instant that is typed; where it cannot be read, where they stand now, and why."""
        instant, refused = read(request, "as_of", as_of, logs)
        stood = await logs.positions(instant.at if instant else None)
        return pages.show(
            request,
            "audit/replay.html",
            status=refused["status"] if refused else 200,
            session=session,
            typed=as_of,
            instant=instant,
            refused=refused,
            stood=stood,
            nearest=await _around(logs, {name: each.position for name, each in stood.items()}),
            now=logs.clock.now(),
        )


def read(request: Request, name: str, typed: str, logs: Logs) -> tuple[Asked | None, dict[str, Any] | None]:
    """The instant of a field, or why it cannot be read, in the reader's language."""
    try:
        return asked(name, typed, logs.clock.now()), None
    except Refused as refused:
        return None, told(request, refused)


def told(request: Request, refused: Refused) -> dict[str, Any]:
    """A refusal as a page shows it beside what was typed."""
    return {"field": None, **problems.body_of(refused, language=language_of(request)), "status": problems.status_of(refused)}


async def _around(logs: Logs, positions: dict[str, int | None]) -> tuple[Line, ...]:
    """What was recorded last up to these positions, the newest first."""
    found = [
        line
        for service, position in positions.items()
        if position
        for line in (await logs.find(service, lambda _: True, last=position, limit=AROUND)).lines
    ]
    return tuple(sorted(found, key=lambda line: (line.recorded, line.position), reverse=True)[: 2 * AROUND])
