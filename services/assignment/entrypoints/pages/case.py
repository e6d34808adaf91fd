"""The pages of a case and of work without one: shown, acted on, and what to do where somebody else was faster."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from services.assignment.entrypoints.api.attachments import Files, MaybeAbout
from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages import my_work
from services.assignment.entrypoints.pages.acting import Acting, first_and_further
from services.assignment.entrypoints.pages.acts import BY_SLUG, Act
from services.assignment.entrypoints.pages.scene import Shown, Shows
from services.assignment.entrypoints.pages.typed import body_of, kept
from services.assignment.entrypoints.pages.views import brief, changes
from services.assignment.readmodel.queries import Queries
from shared.blobs.content import MEDIA_TYPES
from shared.contracts.refusals import Forbidden, Invalid, Refused, Stale, Unknown
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.web import problems
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.forms import read_form
from shared.web.pages import Pages, language_of

LOG: Final = "assignment"
Slug = Annotated[str, Path(max_length=40)]
Form = Mapping[str, str]


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting, files: Files) -> None:
    """Show, act, download."""
    page = _Page(pages, Shows(queries, acting, files), queries, acting)

    @router.get("/cases/{thing}")
    async def case(request: Request, thing: Id, session: Working) -> Response:
        """A case as far as it is his to see."""
        return await page.show(request, session, await page.shows.case(session.subject, thing))

    @router.get("/tasks/{thing}")
    async def task(request: Request, thing: Id, session: Working) -> Response:
        """A piece of work; one that belongs to a case is shown there."""
        where = await page.shows.page_of(session.subject, thing)
        if not where.startswith("/tasks/"):
            return RedirectResponse(where, 303)
        return await page.show(request, session, await page.shows.task(session.subject, thing))

    @router.post("/cases/{thing}/{slug}")
    async def on_case(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of the case."""
        return await page.act(request, session, thing, _act(slug, on_task=False))

    @router.post("/tasks/{thing}/{slug}")
    async def on_task(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of the work."""
        return await page.act(request, session, thing, _act(slug, on_task=True))

    @router.get("/files/{file}")
    async def file(file: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], session: Working, about: MaybeAbout = None) -> Response:
        """A file to be saved, never shown; the reading is logged."""
        found, name, content = await files.read(session.subject, file, about)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(content, media_type=MEDIA_TYPES[found.media], headers=headers)


def _act(slug: str, *, on_task: bool) -> Act:
    act = BY_SLUG.get(slug)
    if act is None or act.on_task is not on_task:
        raise Unknown
    return act


class _Page:
    """A case or a piece of work, to be looked at and acted on."""

    def __init__(self, pages: Pages, shows: Shows, queries: Queries, acting: Acting) -> None:
        self.shows = shows
        self._pages, self._queries, self._acting = pages, queries, acting

    async def show(
        self,
        request: Request,
        session: Session,
        shown: Shown,
        *,
        status: int = 200,
        refused: Mapping[str, Any] | None = None,
        tried: tuple[Act, str] | None = None,
        form: Form | None = None,
    ) -> Response:
        """The page; after something was `refused`, with what was `tried` and typed."""
        first, further = first_and_further(shown.offers)
        known = request.query_params
        act = tried[0] if tried is not None else None
        offered = any((offer.act, offer.thing) == tried and offer.waits is None for offer in shown.offers)
        return self._pages.show(
            request,
            "assignment/case.html",
            status=status,
            session=session,
            shown=shown,
            title=brief(shown.said) if shown.said else None,
            first=first,
            further=further,
            refused=refused,
            tried=f"{tried[0].slug}-{tried[1]}" if tried is not None else None,
            tried_name=act.name if act is not None else None,
            fields=[field.name for field in act.fields] if act is not None else [],
            offered=offered,
            kept=kept(act, form) if act is not None and form is not None else {},
            reasons={offer.act.name: _told(request, offer.waits) for offer in shown.offers if offer.waits is not None},
            done=known.get("done") if refused is None else None,
            late="late" in known,
            key=secrets.token_urlsafe(12),
            changes=changes,
        )

    async def act(self, request: Request, session: Session, thing: str, act: Act) -> Response:
        """Do what a form asks, then show the page anew; where it is refused, the page with what was typed and why."""
        form = await read_form(request)
        where = await self.shows.page_of(session.subject, thing)
        try:
            done = await self._do(request, session, thing, act, form)
        except Stale as stale:
            return await self._changed_meanwhile(request, session, thing, act, form, stale)
        except Refused as refused:
            if isinstance(refused, Unknown) and refused.field is None:
                raise
            told, status = _told(request, refused), problems.status_of(refused)
            return await self._again(request, session, where, (act, thing), form, told, status)
        return await self._onward(request, session, thing, act, done)

    async def _do(self, request: Request, session: Session, thing: str, act: Act, form: Form) -> Done:
        body = body_of(act, thing, form, self._acting.today)
        expected = None if self._acting.additive(act) else _version(form)
        command_id = keyed_id(request, session.subject, form.get("key", ""))
        return await self._acting.do(act, body, session.subject, command_id=command_id, expected=expected)

    async def _onward(self, request: Request, session: Session, thing: str, act: Act, done: Done) -> Response:
        """The page shows what was written; who may not see it any more goes back to his work."""
        waited = await request.app.state.positions.wait({LOG: done.position}, WAIT_SECONDS) if done.position else True
        told = {"done": act.slug, **({} if waited else {"late": "1"})}
        try:
            where = await self.shows.page_of(session.subject, thing)
        except Unknown:
            where = my_work.PATH
        return RedirectResponse(f"{where}?{urlencode(told)}", 303)

    async def _again(
        self,
        request: Request,
        session: Session,
        where: str,
        tried: tuple[Act, str],
        form: Form,
        told: Mapping[str, Any],
        status: int,
    ) -> Response:
        shown = await self._at(session, where)
        return await self.show(request, session, shown, status=status, refused=told, tried=tried, form=form)

    async def _at(self, session: Session, where: str) -> Shown:
        thing = where.rpartition("/")[2]
        return await (self.shows.case if where.startswith("/cases/") else self.shows.task)(session.subject, thing)

    async def _changed_meanwhile(
        self, request: Request, session: Session, thing: str, act: Act, form: Form, stale: Stale
    ) -> Response:
        """What others did since he read it, beside what he wrote; it can be sent again on what stands now."""
        where = await self.shows.page_of(session.subject, thing)
        await request.app.state.positions.wait({LOG: await self._queries.histories.head()}, WAIT_SECONDS)
        try:
            since = await self._queries.histories.since(session.subject, thing, int(stale.facts["expected"]))
        except Unknown:  # what happened to it is not his to see
            since = ()
        shown = await self._at(session, where)
        offer = next((each for each in shown.offers if each.act is act and each.thing == thing), None)
        theirs = shown.answers[-1] if shown.answers and any(each.type == "case.answer_submitted" for each in since) else None
        return self._pages.show(
            request,
            "assignment/conflict.html",
            status=problems.status_of(stale),
            session=session,
            shown=shown,
            act=act,
            offer=offer,
            thing=thing,
            where=where,
            since=since,
            theirs=theirs,
            kept=kept(act, form),
            version=since[-1].version if since else stale.facts["actual"],
            key=secrets.token_urlsafe(12),
            changes=changes,
        )


def _version(form: Form) -> int:
    """The version of the thing that the form was shown with.

    Raises:
        PreconditionMissing, Invalid

    """
    stated = form.get("version")
    if stated is None:
        raise problems.PreconditionMissing("version")
    if not (stated.isascii() and stated.isdigit() and len(stated) < 10):
        raise Invalid("version")
    return int(stated)


def _told(request: Request, refused: Refused) -> dict[str, Any]:
    told = problems.body_of(refused, language=language_of(request))
    return {"field": None, "errors": [], **told, "forbidden": isinstance(refused, Forbidden)}
