"""Tasks over HTTP, and each unit's stream of them."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.assignment.domain.task import commands as asked
from services.assignment.entrypoints.api.bounds import AsOf, Beyond, Commands, Id, Limit, Wait
from services.assignment.entrypoints.api.streaming import MEDIA_TYPE, Followed, Streams, resumed
from services.assignment.readmodel.tasks.queries import MAX_ITEMS, Tasks
from services.assignment.readmodel.tasks.views import TaskItem
from shared.asof import NotAsOf, moment_of, position_at
from shared.clock import Clock
from shared.contracts.refusals import Refused
from shared.eventlog.port import EventLog
from shared.permit import Subject
from shared.web.api import After, Asker
from shared.web.responses import Json, etag

LOOK_SECONDS: Final = 5.0  # how long a caller that went away may go unnoticed
CATCH_UP_SECONDS: Final = 2.0
LOG: Final = "assignment"

COMMANDS: Final[Commands] = (
    ("/tasks/{task}/acceptance", asked.AcceptTask, 200),
    ("/tasks/{task}/return", asked.ReturnTask, 200),
    ("/tasks/{task}/delegation", asked.DelegateTask, 200),
    ("/tasks", asked.GiveTask, 201),
    ("/tasks/{task}/proofs", asked.AddProof, 200),
    ("/tasks/{task}/submission", asked.SubmitTask, 200),
    ("/tasks/{task}/revision", asked.RequestRevision, 200),
    ("/tasks/{task}/completion", asked.CompleteTask, 200),
    ("/tasks/{task}/extension", asked.RequestExtension, 200),
    ("/tasks/{task}/extension/grant", asked.GrantExtension, 200),
    ("/tasks/{task}/extension/refusal", asked.RefuseExtension, 200),
    ("/tasks/{task}/reminders", asked.RemindTask, 200),
    ("/tasks/{task}/urging", asked.UrgeTask, 200),
    ("/tasks/{task}/escalation", asked.EscalateTask, 200),
    ("/tasks/{task}/cancellation", asked.CancelTask, 200),
    ("/tasks/{task}/recall", asked.RecallTask, 200),
    ("/tasks/{task}/transfer", asked.TransferTask, 200),
)


class CursorBeyondEnd(Refused):
    """The cursor lies beyond the end of the log: it was restored from before, and what followed is no more."""

    code = "cursor-beyond-end"
    title_vi = "Vị trí đọc vượt quá cuối nhật ký"
    title_en = "The cursor lies beyond the end of the log"
    advice_vi = "Nhật ký đã được khôi phục từ bản sao cũ hơn. Đọc lại từ after=0 và đối chiếu."
    advice_en = "The log was restored from an older copy. Read again from after=0 and compare."


def routes(router: APIRouter, queries: Tasks, log: EventLog, clock: Clock) -> None:
    @router.get("/tasks/{task}")
    async def task(task: Id, subject: Asker, _at: After) -> Response:
        """A task as its unit sees it. The ETag is its version."""
        found = await queries.task(subject, task)
        return Json(found, headers=etag(found.version))

    streams = Streams(log)

    @router.get("/units/{unit}/tasks", responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}})
    async def stream(
        request: Request,
        unit: Id,
        subject: Asker,
        _at: After,
        after: Beyond = 0,
        limit: Limit = MAX_ITEMS,
        wait: Wait = 0,
        as_of: AsOf = None,
    ) -> Response:
        """The unit's items beyond `after`, waiting up to `wait` seconds for the first one; go on with the `after` answered.

        `as_of`, an instant or a position of this log, leaves out what came later, and waits for nothing. With `Accept:
        text/event-stream` the items come as server-sent events instead, as they arise: the id is the position, and
        `Last-Event-ID` goes on where a reader was.
        """
        queries.may_follow(subject, unit)
        if MEDIA_TYPE in request.headers.get("accept", ""):
            if as_of is not None:
                raise NotAsOf("as_of")
            begun = resumed(request.headers.get("last-event-id"), after)
            await _refuse_beyond(log, begun, "Last-Event-ID" if begun != after else "after")
            return streams.open(f"{subject.unit}/{subject.person}", _followed(request, queries, subject, unit), begun)
        moment = moment_of(as_of, LOG)
        until = None if moment is None else await position_at(log, moment, clock.now())

        async def read() -> tuple[TaskItem, ...]:
            return await queries.unit_tasks(subject, unit, after=after, until=until, limit=limit)

        items = await _first_items(request, read, log, after, wait if until is None else 0)
        known = {} if until is None else {"as_of": {LOG: until}}
        return Json({"unit": unit, "items": items, "after": items[-1].position if items else after, **known})


def _followed(request: Request, queries: Tasks, subject: Subject, unit: str) -> Followed:
    """The unit's stream as whoever asked reads it, for as long as his credential holds."""
    state, credential = request.app.state, request.headers["authorization"].partition(" ")[2].strip()

    async def read(after: int) -> tuple[TaskItem, ...]:
        return await queries.unit_tasks(subject, unit, after=after)

    async def ready(head: int) -> bool:
        reached: bool = await state.positions.wait({LOG: head}, CATCH_UP_SECONDS)
        return reached

    async def holds() -> bool:
        found = await state.tokens.subject(credential)
        return found is not None and (found.unit, found.capacities) == (subject.unit, subject.capacities)

    def ending() -> bool:
        live = getattr(state, "live", None)
        return live is not None and live.over

    return Followed(read=read, ready=ready, holds=holds, ending=ending)


async def _refuse_beyond(log: EventLog, after: int, field: str) -> int:
    """The head of the log, which no cursor lies beyond.

    Raises:
        CursorBeyondEnd

    """
    head = (await log.head()).position
    if after > head:
        raise CursorBeyondEnd(field, head=head)
    return head


async def _first_items(
    request: Request,
    read: Callable[[], Awaitable[tuple[TaskItem, ...]]],
    log: EventLog,
    after: int,
    wait: int,
) -> tuple[TaskItem, ...]:
    """What `read` gives as soon as it gives anything, at the latest after `wait` seconds.

    Raises:
        CursorBeyondEnd

    """
    ends = time.monotonic() + wait
    while True:
        head = await _refuse_beyond(log, after, "after")
        left = ends - time.monotonic()
        # What stood in the log before this look must be in the read model before "nothing new" is said.
        await request.app.state.positions.wait({LOG: head}, max(0.0, min(left, CATCH_UP_SECONDS)))
        items = await read()
        if items or left <= 0 or await request.is_disconnected():
            return items
        await log.wait_beyond(head, min(left, LOOK_SECONDS))
