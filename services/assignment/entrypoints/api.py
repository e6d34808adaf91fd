"""The assignment service over HTTP: a route for each command, and its questions."""

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.case.commands import (
    ApproveAnswer,
    AssignCase,
    CloseCase,
    DeliverAnswer,
    ReopenCase,
    ReturnAnswer,
    SubmitAnswer,
)
from services.assignment.domain.directory.commands import (
    DissolveUnit,
    RegisterField,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
    SetFieldLead,
)
from services.assignment.domain.task.commands import AcceptTask, DelegateTask, ReturnTask
from services.assignment.readmodel.projections import CaseStage
from services.assignment.readmodel.queries import MAX_CURSOR, MAX_PAGE, Queries
from services.assignment.readmodel.views import CasePage, Filters, TaskItem
from shared.contracts.refusals import Refused
from shared.desk import Desk
from shared.eventlog.port import EventLog
from shared.web.api import After, Api, Asker
from shared.web.responses import Json

SERVICE: Final = "assignment"
LONGEST_WAIT_SECONDS: Final = 25
LOOK_SECONDS: Final = 5.0  # how long a caller that went away may go unnoticed
CATCH_UP_SECONDS: Final = 2.0
MAX_POSITION: Final = 2**63 - 1

COMMANDS: Final[tuple[tuple[str, type, int], ...]] = (
    ("/cases/{case}/assignment", AssignCase, 200),
    ("/cases/{case}/answers", SubmitAnswer, 200),
    ("/cases/{case}/return", ReturnAnswer, 200),
    ("/cases/{case}/approval", ApproveAnswer, 200),
    ("/cases/{case}/delivery", DeliverAnswer, 200),
    ("/cases/{case}/closure", CloseCase, 200),
    ("/cases/{case}/reopening", ReopenCase, 200),
    ("/tasks/{task}/acceptance", AcceptTask, 200),
    ("/tasks/{task}/return", ReturnTask, 200),
    ("/tasks/{task}/delegation", DelegateTask, 200),
    ("/units", RegisterUnit, 201),
    ("/units/{unit}/name", RenameUnit, 200),
    ("/units/{unit}/dissolution", DissolveUnit, 200),
    ("/fields", RegisterField, 201),
    ("/fields/{field}/leads", SetFieldLead, 200),
    ("/persons", RegisterPerson, 201),
    ("/calendars", PublishCalendar, 201),
)

# What a path or query may hold; anything else is a problem with the field named.
_Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
_Cursor = Annotated[str | None, Query(max_length=MAX_CURSOR)]
_After = Annotated[int, Query(ge=0, le=MAX_POSITION)]
_Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS)]
_Id = Annotated[str, Path(max_length=100)]
_DraftNumber = Annotated[int, Path(ge=1, le=10_000)]


class CursorBeyondEnd(Refused):
    """The cursor lies beyond the end of the log: it was restored from before, and what followed is no more."""

    code = "cursor-beyond-end"
    title_vi = "Vị trí đọc vượt quá cuối nhật ký"
    title_en = "The cursor lies beyond the end of the log"
    advice_vi = "Nhật ký đã được khôi phục từ bản sao cũ hơn. Đọc lại từ after=0 và đối chiếu."
    advice_en = "The log was restored from an older copy. Read again from after=0 and compare."


def router(desk: Desk, queries: Queries, log: EventLog) -> APIRouter:
    """Every route of the service under `/assignment/api`."""
    api = Api(service=SERVICE, desk=desk)
    for path, command, status in COMMANDS:
        api.command(path, command, status=status)
    _cases(api.router, queries)
    _lists(api.router, queries)
    _tasks(api.router, queries, log)
    return api.router


def _cases(routes: APIRouter, queries: Queries) -> None:
    @routes.get("/cases/{case}")
    async def case(case: _Id, subject: Asker, _at: After) -> Response:
        """A case: its stage, unit, due date, drafts; references instead of words. The ETag is its version."""
        found = await queries.case(subject, case)
        return Json(found, headers={"ETag": f'"{found.version}"'})

    @routes.get("/cases/{case}/words")
    async def words(case: _Id, subject: Asker, _at: After) -> Response:
        """What the opinion says, for those who answer, approve or send it; the reading is logged."""
        opened = await queries.words(subject, case)
        return Json({"words": opened.parts.get("words"), "erased": list(opened.erased)})

    @routes.get("/cases/{case}/answers/{draft}")
    async def answer(
        case: _Id,
        draft: _DraftNumber,
        subject: Asker,
        _at: After,
        episode: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        """The parts of a draft; the reading is logged."""
        opened = await queries.answer(subject, case, draft, episode)
        return Json({**opened.parts, "erased": list(opened.erased)})


async def _filters(
    stage: Annotated[CaseStage | None, Query()] = None,
    field: Annotated[str | None, Query(max_length=40)] = None,
    lead: Annotated[str | None, Query(max_length=32)] = None,
    received_by: Annotated[str | None, Query(max_length=32)] = None,
    overdue: bool | None = None,
    resolved: bool | None = None,
) -> Filters:
    return Filters(stage=stage, field=field, lead=lead, unit=received_by, overdue=overdue, resolved=resolved)


_Narrowed = Annotated[Filters, Depends(_filters)]


def _lists(routes: APIRouter, queries: Queries) -> None:
    @routes.get("/offices/{office}/cases")
    async def of_office(
        office: _Id,
        subject: Asker,
        _at: After,
        filters: _Narrowed,
        cursor: _Cursor = None,
        limit: _Limit = 50,
    ) -> Response:
        """The cases of an office, those due first ahead."""
        return _page(await queries.office_cases(subject, office, filters, cursor=cursor, limit=limit))

    @routes.get("/units/{unit}/cases")
    async def of_unit(
        unit: _Id,
        subject: Asker,
        _at: After,
        filters: _Narrowed,
        role: Annotated[Literal["lead", "received"], Query(alias="as")] = "lead",
        office: Annotated[str | None, Query(max_length=32)] = None,
        cursor: _Cursor = None,
        limit: _Limit = 50,
    ) -> Response:
        """The cases a unit leads, or (`as=received`) those whose opinions it took in, at its office or at `office`."""
        page = await queries.unit_cases(
            subject,
            unit,
            filters,
            office=office or subject.office,
            leading=role == "lead",
            cursor=cursor,
            limit=limit,
        )
        return _page(page)


def _page(page: CasePage) -> Response:
    return Json({"items": page.cases, "cursor": page.cursor})


def _tasks(routes: APIRouter, queries: Queries, log: EventLog) -> None:
    @routes.get("/tasks/{task}")
    async def task(task: _Id, subject: Asker, _at: After) -> Response:
        """A task as its unit sees it. The ETag is its version."""
        found = await queries.task(subject, task)
        return Json(found, headers={"ETag": f'"{found.version}"'})

    @routes.get("/units/{unit}/tasks")
    async def stream(
        request: Request,
        unit: _Id,
        subject: Asker,
        _at: After,
        after: _After = 0,
        limit: _Limit = MAX_PAGE,
        wait: _Wait = 0,
    ) -> Response:
        """The unit's items beyond `after`, waiting up to `wait` seconds for the first one; go on with the `after` answered."""
        queries.may_follow(subject, unit)

        async def read() -> tuple[TaskItem, ...]:
            return await queries.unit_tasks(subject, unit, after=after, limit=limit)

        items = await _first_items(request, read, log, after, wait)
        return Json({"unit": unit, "items": items, "after": items[-1].position if items else after})


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
        head = (await log.head()).position
        if after > head:
            raise CursorBeyondEnd("after", head=head)
        left = ends - time.monotonic()
        # What stood in the log before this look must be in the read model before "nothing new" is said.
        await request.app.state.positions.wait({SERVICE: head}, max(0.0, min(left, CATCH_UP_SECONDS)))
        items = await read()
        if items or left <= 0 or await request.is_disconnected():
            return items
        await log.wait_beyond(head, min(left, LOOK_SECONDS))
