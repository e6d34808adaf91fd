"""The page of the directory: one part of it as of a day, its dated versions, and its commands as forms."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.directory.acts import ACTS, Part, act_of
from services.assignment.entrypoints.pages.directory.choosing import chosen, options
from services.assignment.entrypoints.pages.directory.dated import Rows, shown
from services.assignment.entrypoints.pages.directory.preview import PREVIEWED, preview
from shared.commands import build
from shared.contracts.refusals import Refused, Unknown
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.text import fold
from shared.web.acting import Acting, new_key, tried
from shared.web.acts import Act, Tried
from shared.web.filling import body_of, kept
from shared.web.forms import read_form
from shared.web.pages import Pages
from shared.web.typed import DayUnclear, day_of

PATH: Final = "/admin/directory"
PAGE: Final = 100
PURPOSE: Final = "directory"  # for which names of staff are opened
NOTHING: Final[Mapping[str, Any]] = {"errors": (), "field": None}  # is wrong with what was typed
NAMED: Final = frozenset({Part.PEOPLE, Part.POSTS, Part.DELEGATIONS})

Slug = Annotated[str, Path(max_length=40)]


def parts_of(acting: Acting, subject: Subject) -> tuple[Part, ...]:
    """The parts of the directory of which somebody may change something, by his capacity."""
    acts = {part: ACTS[part] for part in Part if part is not Part.DELEGATIONS or _keeps(acting, subject)}
    return tuple(part for part, found in acts.items() if any(acting.may_ever(act, subject) for act in found))


def _keeps(acting: Acting, subject: Subject) -> bool:
    """Whether he keeps the directory, and not only delegates what is his."""
    return any(acting.may_ever(act, subject) for act in ACTS[Part.UNITS])


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    page = _Page(pages, behind)

    @router.get(PATH)
    async def first(session: Working) -> Response:
        """The first part that he may change something of."""
        return RedirectResponse(f"{PATH}/{page.allowed(session)[0].value}", 303)

    @router.get(PATH + "/{part}")
    async def part(
        request: Request,
        session: Working,
        part: Part,
        day: Annotated[str, Query(max_length=30)] = "",
        q: Annotated[str, Query(max_length=100)] = "",
        start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        of: Annotated[str, Query(max_length=80)] = "",
    ) -> Response:
        """A part as in force on a day, today unless another is typed."""
        return await page.show(request, session, part, day=day, q=q, start=start, of=of)

    @router.post(PATH + "/{part}/{slug}/preview")
    async def before(request: Request, session: Working, part: Part, slug: Slug) -> Response:
        """What a command would move, with its form to be sent for good."""
        return await page.before(request, session, part, slug)

    @router.post(PATH + "/{part}/{slug}")
    async def act(request: Request, session: Working, part: Part, slug: Slug) -> Response:
        """Ask a command of the directory."""
        return await page.act(request, session, part, slug)


class _Page:
    """Parts of the directory, to be looked at and changed."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._behind = pages, behind
        self._queries, self._acting = behind.queries, behind.acting

    def allowed(self, session: Session) -> tuple[Part, ...]:
        """The parts that are his to look after.

        Raises:
            Unknown: none is.

        """
        found = parts_of(self._acting, session.subject)
        if not found:
            raise Unknown
        return found

    async def show(
        self,
        request: Request,
        session: Session,
        part: Part,
        *,
        day: str = "",
        q: str = "",
        start: int = 0,
        of: str = "",
        refused: Tried | None = None,
    ) -> Response:
        parts = self._of(session, part)
        on, unclear = self._on(day)
        directory = await self._queries.directories.at(on)
        today = await self._queries.directories.at(self._acting.today)
        history = await self._queries.directories.history()
        found = shown(part, directory, history, await self._names(session, directory, part))
        now, dated = _fitting(found.now, q), _fitting(found.dated, q)
        list_of, done = _list_of(of), request.query_params.get("done", "")
        return self._pages.show(
            request,
            "assignment/directory/part.html",
            status=refused.status if refused else 422 if unclear else 200,
            session=session,
            part=part.value,
            parts=[each.value for each in parts],
            on=on,
            past=on != self._acting.today,
            day_typed=day,
            unclear=unclear,
            q=q,
            start=start,
            page=PAGE,
            now=Rows(now.columns, now.rows[start : start + PAGE]),
            total=len(now.rows),
            dated=Rows(dated.columns, dated.rows[:PAGE]),
            dated_total=len(dated.rows),
            version=directory.published.version if part is Part.CALENDAR and directory.published else None,
            lists=sorted(today.lists) if part is Part.RECIPIENTS else (),
            acts=[act for act in ACTS[part] if self._acting.may_ever(act, session.subject)],
            previewed=[act.name for act in ACTS[part] if act.command in PREVIEWED],
            options=options(today, history),
            filled=chosen(today, session.subject.office, list_of),
            opened="set_recipients" if list_of else "",
            tried=refused,
            done=done if refused is None and act_of(part, done) is not None else None,
            late="late" in request.query_params,
            key=new_key(),
            link=lambda **changed: _link(part, **{"day": day, "q": q, **changed}),
        )

    async def before(self, request: Request, session: Session, part: Part, slug: str) -> Response:
        act = self._act(session, part, slug)
        if act.command not in PREVIEWED:
            raise Unknown
        form = await read_form(request)
        try:
            body = body_of(act, "", form, self._acting.today)
            await self._acting.rehearse(act, body, session.subject)
        except Refused as refused:
            return await self.show(request, session, part, refused=tried(request, act, "", form, refused))
        today = self._acting.today
        directory = await self._queries.directories.at(today)
        command = build(act.command, body, _nothing_sealed)
        return self._pages.show(
            request,
            "assignment/directory/preview.html",
            session=session,
            part=part.value,
            act=act,
            preview=await preview(command, self._queries.deadlines, self._behind.log, directory, today),
            directory=directory,
            command=command,
            filled=Tried(act=act, thing="", kept=kept(act, form), refused=Refused(), told=NOTHING, status=200),
            options=options(directory, await self._queries.directories.history()),
            key=new_key(),
        )

    async def act(self, request: Request, session: Session, part: Part, slug: str) -> Response:
        act = self._act(session, part, slug)

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, part, refused=refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{part.value}"

        return await self._acting.ask(request, session, act, "", again=again, onward=onward)

    def _act(self, session: Session, part: Part, slug: str) -> Act:
        """An act of a part that he may do something of.

        Raises:
            Unknown

        """
        self._of(session, part)
        act = act_of(part, slug)
        if act is None or not self._acting.may_ever(act, session.subject):
            raise Unknown
        return act

    def _of(self, session: Session, part: Part) -> tuple[Part, ...]:
        parts = self.allowed(session)
        if part not in parts:
            raise Unknown
        return parts

    def _on(self, typed: str) -> tuple[date, Mapping[str, Any] | None]:
        """The day that is looked at, and what is wrong with what was typed for it."""
        try:
            return day_of(typed, self._acting.today) or self._acting.today, None
        except ValueError:
            return self._acting.today, {"title": DayUnclear.title_vi, "detail": DayUnclear.advice_vi}

    async def _names(self, session: Session, directory: Directory, part: Part) -> Mapping[str, str]:
        """What staff are called, opened for the parts that are about them."""
        if part not in NAMED:
            return {}
        return await self._queries.people.names(session.subject, directory, directory.people, purpose=PURPOSE)


def _nothing_sealed(*_: Any) -> Any:
    """None of what is previewed holds words."""
    raise AssertionError


def _fitting(rows: Rows, q: str) -> Rows:
    asked = fold(q).strip()
    return Rows(rows.columns, [row for row in rows.rows if not asked or asked in fold(" ".join(row))])


def _list_of(of: str) -> tuple[str, str] | None:
    office, _, kind = of.partition(":")
    return (office, kind) if kind else None


def _link(part: Part, **wanted: Any) -> str:
    named = {name: value for name, value in wanted.items() if value}
    return f"{PATH}/{part.value}" + (f"?{urlencode(named)}" if named else "")
