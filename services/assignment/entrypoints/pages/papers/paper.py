"""The page of one paper: shown, drafted, acted on, downloaded, and what was signed or published outside handed in."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.document import commands as asked
from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers.acts import ATTACH, BY_SLUG, DRAFT, PUBLISH, OnPaper
from services.assignment.entrypoints.pages.papers.listed import PATH
from services.assignment.entrypoints.pages.papers.scene import BLANK, Shows, units_of
from services.assignment.entrypoints.pages.papers.views import KEPT, last_of, may_draft, page_of
from shared.contracts.document import Form
from shared.contracts.refusals import Forbidden, Refused, Unknown
from shared.desk import Done
from shared.documents.layout.written import MEDIA_TYPES
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.papers.access import document_resource
from shared.permit import Subject, permit
from shared.web.acting import new_key, tried
from shared.web.acts import Option, Tried
from shared.web.api import keyed_id
from shared.web.limits import takes
from shared.web.multipart import Sent, read_form_and_files
from shared.web.pages import Pages
from shared.web.reading import or_none
from shared.web.responses import Attachment, told_of
from shared.web.uploads import UPLOADS_AT_ONCE

Slug = Annotated[str, Path(max_length=40)]
Of = Annotated[str, Query(max_length=100)]
Marked = Annotated[bool, Query()]
ABOUT: Final = ("session", "notice", "plan", "proposal")  # what a paper can be drafted about from here
MOST_ABOUT: Final = 30  # of each, the latest
BOTH: Final = 64 * 1024  # of a body beside its file: the fields and marks of the form


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """Draft, show, download, hand in, act; in this order, for the first path that fits is taken."""
    page = PaperPage(pages, behind)
    taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    @router.get(f"{PATH}/new")
    async def blank(request: Request, session: Working) -> Response:
        """The form of a new paper."""
        return await page.blank(request, session)

    @router.post(f"{PATH}/draft-document")
    async def draft(request: Request, session: Working) -> Response:
        """Begin a paper."""
        return await page.draft(request, session)

    @router.post(f"{PATH}/signed-copies")
    @takes(behind.queries.copies.limit_bytes + BOTH)
    async def attach(request: Request, session: Working, of: Of) -> Response:
        """Hand in a PDF that was signed outside."""
        async with taking:
            return await page.attach(request, session, of, await read_form_and_files(request))

    @router.post(f"{PATH}/publications")
    @takes(behind.queries.copies.limit_bytes + BOTH)
    async def publish(request: Request, session: Working, of: Of) -> Response:
        """Record that it was made public; of the file that was, only the digest is kept."""
        async with taking:
            return await page.publish(request, session, of, await read_form_and_files(request))

    @router.get(f"{PATH}/{{document}}")
    async def paper(request: Request, document: Id, session: Working) -> Response:
        """A paper as far as it is his to see."""
        return await page.show(request, session, document)

    @router.get(f"{PATH}/{{document}}/file")
    async def file(document: Id, session: Working, form: Form = Form.PDF, marked: Marked = False) -> Response:
        """The paper as a file to be saved: as it was issued, else as it reads now; the reading is logged."""
        made = await behind.queries.files.file(session.subject, document, form, marked=marked)
        return Attachment(made.file, f"{document}.{form.value}", MEDIA_TYPES[form], told_of(made.content, made.issued))

    @router.post(f"{PATH}/{{document}}/{{slug}}")
    async def act(request: Request, document: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of the paper."""
        found = BY_SLUG.get(slug)
        if found is None:
            raise Unknown
        return await page.act(request, session, document, found)


class PaperPage:
    """A paper, to be looked at and acted on."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._queries, self._acting = pages, behind.queries, behind.acting
        self._shows = Shows(behind)

    async def blank(self, request: Request, session: Session, refused: Tried | None = None) -> Response:
        """The form of a new paper, perhaps about something that the address names."""
        subject = session.subject
        if not may_draft(subject):
            raise Unknown
        directory = await self._queries.directories.at(self._acting.today)
        about, kind = request.query_params.get("about", ""), request.query_params.get("kind", "")
        abouts = await self._abouts(subject, about)
        return self._pages.show(
            request,
            "assignment/papers/draft.html",
            status=refused.status if refused is not None else 200,
            session=session,
            act=DRAFT,
            options={"about": abouts, "recipients.recipient": units_of(directory, subject.office)},
            chosen={"kind": kind, "about": about, "recipients": BLANK},
            tried=refused,
            key=new_key(),
        )

    async def draft(self, request: Request, session: Session) -> Response:
        """Begin a paper, then show it."""

        async def again(refused: Tried) -> Response:
            return await self.blank(request, session, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{done.stream}"

        return await self._acting.ask(request, session, DRAFT, "", again=again, onward=onward)

    async def show(self, request: Request, session: Session, document: str, refused: Tried | None = None) -> Response:
        """The page; after something was `refused`, with what was typed."""
        shown = await self._shows.paper(session.subject, document)
        return self._pages.show(
            request,
            "assignment/papers/paper.html",
            status=refused.status if refused is not None else 200,
            session=session,
            shown=shown,
            kept=last_of(shown.paper, KEPT),
            about=page_of(shown.paper.about) if await self._sees(session.subject, shown.paper.about) else None,
            tried=refused,
            waits={
                each.act.name: tried(request, each.act, each.thing, {}, each.waits).told
                for each in shown.offers
                if each.waits is not None
            },
            why_not=tried(request, DRAFT, document, {}, shown.why_not).told if shown.why_not is not None else None,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
        )

    async def _sees(self, subject: Subject, about: str | None) -> bool:
        """Whether he sees what a paper is about, so that it leads there."""
        kind, queries = (about or "").partition("-")[0], self._queries
        if about is None:
            return False
        if kind == "case":
            return await or_none(queries.cases.case(subject, about)) is not None
        if kind == "task":
            seen = await queries.tasks.seen(subject, [about])
            case = seen.get(about)
            return about in seen and (case is None or await self._sees(subject, case))
        return await or_none(queries.dialogues.one(subject, kind, about)) is not None

    async def act(
        self,
        request: Request,
        session: Session,
        document: str,
        act: OnPaper,
        form: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """Do what a form asks, then show the page anew; where it is refused, the page with what was typed and why."""

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, document, refused)

        return await self._acting.ask(
            request, session, act, document, again=again, onward=self._onward(session, document), form=form, **values
        )

    async def attach(self, request: Request, session: Session, document: str, sent: Sent) -> Response:
        """Look into the file, seal it, and let it stand for the paper; what is wrong with it is told beside the form."""
        subject = session.subject
        shown = await self._queries.papers.document(subject, document)
        decision = permit(subject, asked.ATTACH_SIGNED_DOCUMENT, document_resource(subject.tenant, shown.office))
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)
        command_id = keyed_id(request, subject, sent.fields.get("key", ""))
        try:
            address = await self._queries.copies.take(
                document, sent.files[0].content if sent.files else b"", command_id=command_id
            )
        except Refused as refused:
            return await self.show(request, session, document, tried(request, ATTACH, document, sent.fields, refused))
        return await self.act(request, session, document, ATTACH, sent.fields, file=address)

    async def publish(self, request: Request, session: Session, document: str, sent: Sent) -> Response:
        """The digest is that of the file handed in, else of the PDF that was issued."""
        paper = await self._queries.papers.document(session.subject, document)
        digest = hashlib.sha256(sent.files[0].content).hexdigest() if sent.files else _issued(paper)
        values = {"content": digest} if digest is not None else {}
        return await self.act(request, session, document, PUBLISH, sent.fields, redacted=False, **values)

    def _onward(self, session: Session, document: str) -> Any:
        async def onward(done: Done) -> str:
            try:
                await self._queries.papers.document(session.subject, document)
            except Unknown:
                return PATH
            return f"{PATH}/{document}"

        return onward

    async def _abouts(self, subject: Subject, about: str) -> list[Option]:
        """What a paper can be drafted about: the latest things of the office's dialogue work, and what the address names."""
        found: list[Option] = []
        for kind in ABOUT:
            try:
                things = await self._queries.dialogues.of_office(subject, subject.office, kind)
            except Refused:
                continue
            for each in sorted(things, key=lambda one: one.at, reverse=True)[:MOST_ABOUT]:
                day = f"{each.day:%d/%m/%Y}" if each.day is not None else ""
                label = each.number or day or each.label or each.id
                found.append(Option(value=each.id, label=label, note=kind))
        if about and all(each.value != about for each in found):
            found.insert(0, Option(value=about, label=about))
        return found


def _issued(paper: Any) -> str | None:
    """The SHA-256 of the PDF that is kept as issued."""
    kept = last_of(paper, KEPT)
    forms = kept.detail["forms"] if kept is not None else ()
    return next((each["sha256"] for each in forms if each["form"] == Form.PDF), None)
