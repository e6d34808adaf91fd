"""The page of one proposal: shown, acted on, with the files that belong to it."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers.views import may_draft
from services.assignment.entrypoints.pages.proposals.acts import BY_SLUG, FILE, OnProposal
from services.assignment.entrypoints.pages.proposals.listed import PATH
from services.assignment.entrypoints.pages.proposals.scene import Shows
from shared.contracts.refusals import Refused, Unknown
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief
from shared.web.acting import new_key, tried
from shared.web.acts import Tried
from shared.web.api import keyed_id
from shared.web.limits import takes
from shared.web.multipart import Sent, SentFile, read_form_and_files
from shared.web.pages import Pages
from shared.web.uploads import UPLOADS_AT_ONCE

Slug = Annotated[str, Path(max_length=40)]
Of = Annotated[str, Query(max_length=100)]
BESIDE: Final = 64 * 1024  # of a body beside its file: the fields and marks of the form


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """Hand in a file, show, act; in this order, for the first path that fits is taken."""
    page = ProposalPage(pages, behind)
    taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    @router.post(f"{PATH}/files")
    @takes(behind.files.limit_bytes + BESIDE)
    async def attach(request: Request, session: Working, of: Of) -> Response:
        """Hand in a file that belongs to the proposal."""
        async with taking:
            return await page.attach(request, session, of, await read_form_and_files(request))

    @router.get(f"{PATH}/{{proposal}}")
    async def proposal(request: Request, proposal: Id, session: Working) -> Response:
        """A proposal as far as it is his to see."""
        return await page.show(request, session, proposal)

    @router.post(f"{PATH}/{{proposal}}/{{slug}}")
    async def act(request: Request, proposal: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of the proposal."""
        found = BY_SLUG.get(slug)
        if found is None:
            raise Unknown
        return await page.act(request, session, proposal, found)


class ProposalPage:
    """A proposal, to be looked at and acted on."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._queries, self._files, self._acting = pages, behind.queries, behind.files, behind.acting
        self._shows = Shows(behind)

    async def show(self, request: Request, session: Session, proposal: str, refused: Tried | None = None) -> Response:
        """The page; after something was `refused`, with what was typed."""
        shown = await self._shows.proposal(session.subject, proposal)
        return self._pages.show(
            request,
            "assignment/proposals/proposal.html",
            status=refused.status if refused is not None else 200,
            session=session,
            shown=shown,
            title=brief(shown.content) if shown.content else None,
            may_draft=may_draft(session.subject) and session.subject.office == shown.line.office,
            tried=refused,
            waits={
                each.act.name: tried(request, each.act, each.thing, {}, each.waits).told
                for each in shown.offers
                if each.waits is not None
            },
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
        )

    async def act(self, request: Request, session: Session, proposal: str, act: OnProposal) -> Response:
        """Do what a form asks, then show the page anew; where it is refused, the page with what was typed and why."""

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, proposal, refused)

        async def onward(done: Done) -> str:
            try:
                await self._queries.dialogues.one(session.subject, "proposal", proposal)
            except Unknown:
                return PATH
            return f"{PATH}/{proposal}"

        return await self._acting.ask(request, session, act, proposal, again=again, onward=onward)

    async def attach(self, request: Request, session: Session, proposal: str, sent: Sent) -> Response:
        """Look into the file and seal it; what is wrong with it is told beside the form."""
        subject = session.subject
        await self._queries.dialogues.one(subject, "proposal", proposal)
        command_id = keyed_id(request, subject, sent.fields.get("key", ""))
        file = sent.files[0] if sent.files else SentFile("", b"")

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, proposal, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{proposal}"

        try:
            await self._files.may_add(subject, proposal, command_id)
            address = await self._files.keep(file.content, file.name, command_id)
        except Refused as refused:
            if isinstance(refused, Unknown):
                raise
            return await again(tried(request, FILE, proposal, sent.fields, refused))
        return await self._acting.ask(
            request,
            session,
            FILE,
            proposal,
            again=again,
            onward=onward,
            form=sent.fields,
            file=address,
            name=file.name,
        )
