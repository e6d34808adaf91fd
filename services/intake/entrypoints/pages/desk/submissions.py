"""The pages of requests for dialogue and of proposals as they come in: listed, written down, handed on or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.intake.domain.submission.commands import RECEIVE_PROPOSAL as MAY_RECEIVE_PROPOSAL
from services.intake.domain.submission.commands import RECEIVE_REQUEST as MAY_RECEIVE_REQUEST
from services.intake.entrypoints.api.bounds import Cursor, Id
from services.intake.entrypoints.pages.behind import SERVICE, Behind
from services.intake.entrypoints.pages.desk import choosing, files
from services.intake.entrypoints.pages.desk.acts import PROPOSAL_ACTS, RECEIVE_PROPOSAL, RECEIVE_REQUEST, REQUEST_ACTS
from services.intake.entrypoints.pages.desk.files import Carrying
from services.intake.readmodel.opinions.inbox import Filters as InboxFilters
from services.intake.readmodel.opinions.inbox import Pile
from services.intake.readmodel.submissions.projections import ReceiptStage
from services.intake.readmodel.submissions.queries import Submissions
from services.intake.readmodel.submissions.views import Filters
from shared.contracts.directory import PLACES
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Action
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Resource, Subject, permit
from shared.text import brief
from shared.web.acting import Acting, new_key
from shared.web.acts import Act, Option, Options, Tried
from shared.web.api import WAIT_SECONDS
from shared.web.forms import read_form
from shared.web.pages import Pages

REQUESTS_PATH: Final = "/intake/requests"
PROPOSALS_PATH: Final = "/intake/proposals"
PAGE: Final = 50
RECENT: Final = 30  # opinions that may have come with a request
Slug = Annotated[str, Path(max_length=40)]
StageAsked = Annotated[ReceiptStage | None, Query()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of what is submitted: where its pages are, how it is written down, what is decided about it here."""

    name: str  # as the templates tell them apart
    path: str
    questions: Submissions[Any]
    receive: Act
    may_receive: Action
    acts: tuple[Act, ...]
    title: str  # which of its words is its title
    carries_files: bool


def routes(router: APIRouter, pages: Pages, behind: Behind, acting: Acting) -> None:
    queries = behind.queries
    kinds = (
        Kind(
            name="request",
            path=REQUESTS_PATH,
            questions=queries.requests,
            receive=RECEIVE_REQUEST,
            may_receive=MAY_RECEIVE_REQUEST,
            acts=REQUEST_ACTS,
            title="words",
            carries_files=True,
        ),
        Kind(
            name="proposal",
            path=PROPOSALS_PATH,
            questions=queries.proposals,
            receive=RECEIVE_PROPOSAL,
            may_receive=MAY_RECEIVE_PROPOSAL,
            acts=PROPOSAL_ACTS,
            title="content",
            carries_files=False,
        ),
    )
    for kind in kinds:
        page = _Page(pages, behind, acting, kind)
        if kind.carries_files:
            files.routes(router, behind, kind.path, kind.questions.one, page.show)
        _of_kind(router, page, kind)


def _of_kind(router: APIRouter, page: "_Page", kind: Kind) -> None:
    @router.get(kind.path)
    async def listed(request: Request, session: Working, stage: StageAsked = None, cursor: Cursor = None) -> Response:
        """What came in, the latest first."""
        return await page.listed(request, session, stage, cursor)

    @router.get(f"{kind.path}/new")
    async def blank(request: Request, session: Working) -> Response:
        """An empty form."""
        return await page.form(request, session)

    @router.post(f"{kind.path}/new")
    async def receive(request: Request, session: Working) -> Response:
        """Take it in."""
        return await page.receive(request, session)

    @router.get(f"{kind.path}/{{thing}}")
    async def one(request: Request, thing: Id, session: Working) -> Response:
        """One of them, as far as it is his to see."""
        return await page.show(request, session, thing)

    @router.post(f"{kind.path}/{{thing}}/speaker")
    async def speaker(request: Request, thing: Id, session: Working) -> Response:
        """Who asks; the reading is logged."""
        await read_form(request)
        return await page.show(request, session, thing, speaker=await kind.questions.speaker(session.subject, thing))

    @router.post(f"{kind.path}/{{thing}}/{{slug}}")
    async def act(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Decide about it."""
        asked = next((each for each in kind.acts if each.slug == slug), None)
        if asked is None:
            raise Unknown
        return await page.act(request, session, thing, asked)


class _Page:
    """The pages of one kind."""

    def __init__(self, pages: Pages, behind: Behind, acting: Acting, kind: Kind) -> None:
        self._pages, self._behind, self._acting, self._kind = pages, behind, acting, kind
        self._carrying = Carrying(behind)

    async def listed(self, request: Request, session: Session, stage: ReceiptStage | None, cursor: str | None) -> Response:
        subject, kind = session.subject, self._kind
        unit = self._unit(subject)
        filters = Filters(stage=stage)
        found = await kind.questions.of_office(subject, filters, office=subject.office, unit=unit, cursor=cursor, limit=PAGE)
        waiting = await kind.questions.of_office(
            subject, Filters(stage=ReceiptStage.RECEIVED), office=subject.office, unit=unit, limit=PAGE
        )
        return self._pages.show(
            request,
            "intake/desk/submissions.html",
            session=session,
            kind=kind,
            found=found,
            waiting=len(waiting.items),
            more=waiting.cursor is not None,
            stage=stage,
            stages=tuple(ReceiptStage),
            cursor=cursor,
            may_receive=self._may_receive(subject),
            names=await self._behind.directories.at(self._acting.today),
            link=lambda **changed: _link(kind.path, **{"stage": stage, **changed}),
        )

    async def form(self, request: Request, session: Session, refused: Tried | None = None) -> Response:
        """The form in which one is written down, after something was `refused` with what was typed."""
        subject = session.subject
        if not self._may_receive(subject):
            raise Unknown
        directory = await self._behind.directories.at(self._acting.today)
        return self._pages.show(
            request,
            "intake/desk/submitting.html",
            status=refused.status if refused is not None else 200,
            session=session,
            kind=self._kind,
            act=self._kind.receive,
            options=await self._options(subject, directory),
            chosen={"proposer": subject.unit, "division": subject.unit},
            today=self._acting.today,
            tried=refused,
            key=new_key(),
        )

    async def receive(self, request: Request, session: Session) -> Response:
        async def again(refused: Tried) -> Response:
            return await self.form(request, session, refused)

        async def onward(done: Done) -> str:
            return f"{self._kind.path}/{done.stream}"

        subject = session.subject
        return await self._acting.ask(request, session, self._kind.receive, "", again=again, onward=onward, office=subject.office)

    async def show(
        self,
        request: Request,
        session: Session,
        thing: str,
        refused: Tried | None = None,
        speaker: Mapping[str, str | None] | None = None,
    ) -> Response:
        """One of them; after something was `refused`, with what was typed; with who asks, once he was asked for."""
        subject, kind = session.subject, self._kind
        view = await kind.questions.one(subject, thing)
        try:
            words: Mapping[str, str | None] = await kind.questions.words(subject, thing)
            readable = True
        except Forbidden:
            words, readable = {}, False
        offers = [await self._acting.offer(act, view.id, view.version, subject) for act in kind.acts]
        title = words.get(kind.title)
        return self._pages.show(
            request,
            "intake/desk/submission.html",
            status=refused.status if refused is not None else 200,
            session=session,
            kind=kind,
            view=view,
            words=words,
            readable=readable,
            title=brief(title) if title else None,
            titles=await self._titles(subject, getattr(view, "opinions", ())),
            offers=[each for each in offers if each is not None],
            names=await self._behind.directories.at(self._acting.today),
            speaker=speaker,
            carried=await self._carrying.of(subject, view.id, view.version) if kind.carries_files else None,
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
        )

    async def act(self, request: Request, session: Session, thing: str, act: Act) -> Response:
        await self._kind.questions.one(session.subject, thing)

        async def again(refused: Tried) -> Response:
            if refused.stale:
                await request.app.state.positions.wait({SERVICE: await self._behind.queries.inbox.head()}, WAIT_SECONDS)
            return await self.show(request, session, thing, refused)

        async def onward(done: Done) -> str:
            return f"{self._kind.path}/{thing}"

        return await self._acting.ask(request, session, act, thing, again=again, onward=onward)

    async def _titles(self, subject: Subject, opinions: Sequence[str]) -> Mapping[str, str]:
        found = await self._behind.queries.inbox.titles(subject, opinions)
        return {key: brief(title) for key, title in found.items()}

    async def _options(self, subject: Subject, directory: Directory) -> Options:
        inside = self._kind.name == "request"
        return {
            "locality": choosing.units(directory, subject.office, inside=False, kinds=PLACES),
            "proposer": [] if inside else choosing.units(directory, subject.office, inside=False, kinds=choosing.PROPOSERS),
            "field": choosing.fields(directory, subject.office),
            "division": choosing.divisions(directory, subject.office),
            "opinions": await self._opinions(subject) if inside else [],
        }

    async def _opinions(self, subject: Subject) -> list[Option]:
        """What was taken in lately and may have come with a request."""
        try:
            piled = await self._behind.queries.inbox.piled(subject, Pile.UNSORTED, InboxFilters(), limit=RECENT)
        except Unknown:
            return []
        return [Option(each.view.id, brief(each.title)) for each in piled.lying if each.title]

    def _may_receive(self, subject: Subject) -> bool:
        roles = {*subject.capacities, *(each.role for each in subject.delegated)}
        return bool(roles & {grant.role for grant in self._kind.may_receive.grants})

    def _unit(self, subject: Subject) -> str | None:
        """None where he sees those of the whole office, else his unit."""
        office = Resource(tenant=subject.tenant, office=subject.office)
        listing = self._kind.questions.listing
        return None if permit(subject, listing, office).allowed else subject.unit


def _link(path: str, **wanted: Any) -> str:
    named = {name: str(value) for name, value in wanted.items() if value}
    return f"{path}?{urlencode(named)}" if named else path
