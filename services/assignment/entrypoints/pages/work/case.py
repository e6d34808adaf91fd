"""The pages of a case and of work without one: shown, acted on, and what to do where somebody else was faster."""

import asyncio
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from services.assignment.entrypoints.api.attachments import About, Files, MaybeAbout
from services.assignment.entrypoints.api.bounds import AsOf, Id
from services.assignment.entrypoints.pages.notifications.notices import looked_at
from services.assignment.entrypoints.pages.work import my_work
from services.assignment.entrypoints.pages.work.acting import first_and_further
from services.assignment.entrypoints.pages.work.acts import ATTACH, BY_SLUG, OnCase, OnTask
from services.assignment.entrypoints.pages.work.scene import Shown, Shows
from services.assignment.entrypoints.pages.work.then import asked_moment
from services.assignment.entrypoints.pages.work.views import changes
from services.assignment.readmodel.queries import Queries
from shared.blobs.content import MEDIA_TYPES
from shared.contracts.refusals import Invalid, Refused, Stale, Unknown
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief
from shared.web.acting import Acting, new_key, tried
from shared.web.acts import Tried
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.forms import ForeignForm
from shared.web.limits import takes
from shared.web.multipart import read_form_and_files
from shared.web.pages import Pages
from shared.web.uploads import UPLOADS_AT_ONCE

LOG: Final = "assignment"
FORM_BYTES: Final = 16_384  # of a form around its file
Slug = Annotated[str, Path(max_length=40)]
Act = OnCase | OnTask


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting, files: Files) -> None:
    """Show, act, download."""
    page = _Page(pages, Shows(queries, acting, files), queries, acting, files.limit_bytes)

    @router.get("/cases/{thing}")
    async def case(request: Request, thing: Id, session: Working, as_of: AsOf = None) -> Response:
        """A case as far as it is his to see; as it was known then, where a moment is named."""
        moment = asked_moment(as_of, acting.today)
        found = await page.shows.case(session.subject, thing, moment)
        await looked_at(request, queries.notifications, session.subject, thing)
        return await page.show(request, session, found, as_of=as_of)

    @router.get("/tasks/{thing}")
    async def task(request: Request, thing: Id, session: Working) -> Response:
        """A piece of work; one that belongs to a case is shown there."""
        where = await page.shows.page_of(session.subject, thing)
        if not where.startswith("/tasks/"):
            return RedirectResponse(where, 303)
        found = await page.shows.task(session.subject, thing)
        await looked_at(request, queries.notifications, session.subject, thing)
        return await page.show(request, session, found)

    @router.post("/cases/{thing}/{slug}")
    async def on_case(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of the case."""
        return await page.act(request, session, thing, _act(slug, "case"))

    @router.post("/tasks/{thing}/{slug}")
    async def on_task(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of the work."""
        return await page.act(request, session, thing, _act(slug, "task"))

    _taking(router, page, acting, files)

    @router.get("/files/{file}")
    async def file(file: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], session: Working, about: MaybeAbout = None) -> Response:
        """A file to be saved, never shown; the reading is logged."""
        found, name, content = await files.read(session.subject, file, about)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(content, media_type=MEDIA_TYPES[found.media], headers=headers)


def _taking(router: APIRouter, page: "_Page", acting: Acting, files: Files) -> None:
    taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    @router.post("/files")
    @takes(files.limit_bytes + FORM_BYTES)
    async def add(request: Request, session: Working, about: About) -> Response:
        """Hand in a file that belongs to a case or a piece of work; what it is, its content says."""
        where = await page.shows.page_of(session.subject, about)

        async def again(refused: Tried) -> Response:
            return await page.again(request, session, where, refused)

        try:
            async with taking:
                sent = await read_form_and_files(request)
                if len(sent.files) != 1 or not sent.files[0].name:
                    raise Invalid("file")
                (handed,) = sent.files
                command_id = keyed_id(request, session.subject, sent.fields.get("key", ""))
                await files.may_add(session.subject, about, command_id)
                address = await files.keep(handed.content, handed.name, command_id)
        except Refused as refused:
            if isinstance(refused, ForeignForm | Unknown):
                raise
            return await again(tried(request, ATTACH, about, {}, refused))
        return await acting.ask(
            request, session, ATTACH, about, again=again, onward=where, form=sent.fields, file=address, name=handed.name
        )


def _act(slug: str, on: str) -> Act:
    act = BY_SLUG.get(slug)
    if act is None or act.on != on:
        raise Unknown
    return act


class _Page:
    """A case or a piece of work, to be looked at and acted on."""

    def __init__(self, pages: Pages, shows: Shows, queries: Queries, acting: Acting, limit_bytes: int) -> None:
        self.shows = shows
        self._most_mb = limit_bytes // 1_048_576
        self._pages, self._queries, self._acting = pages, queries, acting

    async def show(
        self, request: Request, session: Session, shown: Shown, refused: Tried | None = None, *, as_of: str | None = None
    ) -> Response:
        """The page; after something was `refused`, with what was typed."""
        first, further = first_and_further(shown.offers)
        offered = refused is not None and any(
            each.act == refused.act and each.thing == refused.thing and each.waits is None for each in shown.offers
        )
        return self._pages.show(
            request,
            "assignment/work/case.html",
            status=refused.status if refused is not None else 200,
            session=session,
            shown=shown,
            as_of=as_of,
            most_mb=self._most_mb,
            title=brief(shown.said) if shown.said else None,
            first=first,
            further=further,
            tried=refused,
            offered=offered,
            reasons={
                each.act.name: tried(request, each.act, each.thing, {}, each.waits).told
                for each in shown.offers
                if each.waits is not None
            },
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
            changes=changes,
        )

    async def act(self, request: Request, session: Session, thing: str, act: Act) -> Response:
        """Do what a form asks, then show the page anew; where it is refused, the page with what was typed and why."""
        where = await self.shows.page_of(session.subject, thing)

        async def again(refused: Tried) -> Response:
            return await self.again(request, session, where, refused)

        async def onward(done: Done) -> str:
            """The page shows what was written; who may not see it any more goes back to his work."""
            try:
                return await self.shows.page_of(session.subject, thing)
            except Unknown:
                return my_work.PATH

        return await self._acting.ask(request, session, act, thing, again=again, onward=onward)

    async def again(self, request: Request, session: Session, where: str, refused: Tried) -> Response:
        """The page with what was typed and why it was refused, or beside what somebody else did meanwhile."""
        if isinstance(refused.refused, Stale):
            return await self._changed_meanwhile(request, session, where, refused, refused.refused)
        return await self.show(request, session, await self._at(session, where), refused)

    async def _at(self, session: Session, where: str) -> Shown:
        thing = where.rpartition("/")[2]
        return await (self.shows.case if where.startswith("/cases/") else self.shows.task)(session.subject, thing)

    async def _changed_meanwhile(self, request: Request, session: Session, where: str, refused: Tried, stale: Stale) -> Response:
        """What others did since he read it, beside what he wrote; it can be sent again on what stands now."""
        thing = refused.thing
        await request.app.state.positions.wait({LOG: await self._queries.histories.head()}, WAIT_SECONDS)
        try:
            since = await self._queries.histories.since(session.subject, thing, int(stale.facts["expected"]))
        except Unknown:  # what happened to it is not his to see
            since = ()
        shown = await self._at(session, where)
        offer = next((each for each in shown.offers if each.act == refused.act and each.thing == thing), None)
        theirs = shown.answers[-1] if shown.answers and any(each.type == "case.answer_submitted" for each in since) else None
        return self._pages.show(
            request,
            "assignment/work/conflict.html",
            status=refused.status,
            session=session,
            shown=shown,
            act=refused.act,
            offer=offer,
            thing=thing,
            where=where,
            since=since,
            theirs=theirs,
            tried=refused,
            kept=refused.kept,
            version=since[-1].version if since else stale.facts["actual"],
            key=new_key(),
            changes=changes,
        )
