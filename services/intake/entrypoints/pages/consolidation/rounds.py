"""The pages of rounds: what is asked of a unit, what it hands in, and for the hub who has not."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.intake.domain.consolidation.commands import OPEN_CONSOLIDATION
from services.intake.domain.consolidation.refusals import NilOrOpinions
from services.intake.entrypoints.api.bounds import Cursor, Id
from services.intake.entrypoints.pages.behind import SERVICE, Behind
from services.intake.entrypoints.pages.consolidation.acts import AMEND, BY_SLUG, NIL, OPEN, REPORT, RETURN, ROWS, SUBMIT
from services.intake.entrypoints.pages.desk.acts import RECEIVE
from services.intake.readmodel.access import LIST_CONSOLIDATIONS
from services.intake.readmodel.consolidations.views import ConsolidationView, RoundView
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.queries import Filters as OpinionFilters
from services.intake.readmodel.paging import Page
from shared.contracts.directory import UnitKind
from shared.contracts.opinion import Channel, SourceGroup
from shared.contracts.refusals import Forbidden, KeyReused, Refused, Unknown
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.nearness import Left, left_until
from shared.permit import Resource, Subject, permit
from shared.text import brief, fold
from shared.web.acting import Acting, new_key, tried
from shared.web.acts import Act, Form, Offer, Option, Tried
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.filling import body_of
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/unit-work/consolidation"
PAGE: Final = 50
RECENT: Final = 100  # opinions of the unit that can be put on its list
CAN_BE_LISTED: Final = frozenset({Stage.RECEIVED, Stage.AWAITING, Stage.CLASSIFIED, Stage.REFERRED})
Slug = Annotated[str, Path(max_length=40)]
About = Annotated[str, Query(max_length=100, pattern=r"^[a-z_]+-[A-Za-z0-9-]{1,80}$")]


def routes(router: APIRouter, pages: Pages, behind: Behind, acting: Acting) -> None:
    page = _Page(pages, behind, acting)

    @router.get(PATH)
    async def listed(request: Request, session: Working, cursor: Cursor = None) -> Response:
        """What his unit is asked for, and, for whoever follows it, who has not handed in."""
        return await page.listed(request, session, cursor)

    @router.get(f"{PATH}/new")
    async def ask_units(request: Request, session: Working, about: About | None = None) -> Response:
        """The form in which units are asked for their lists."""
        return await page.opening(request, session, about or "")

    @router.post(f"{PATH}/new")
    async def opened(request: Request, session: Working, about: About) -> Response:
        """Ask the units."""
        return await page.open(request, session, about)

    @router.get(f"{PATH}/{{consolidation}}")
    async def one(request: Request, consolidation: Id, session: Working) -> Response:
        """One unit's round."""
        return await page.show(request, session, consolidation)

    @router.post(f"{PATH}/{{consolidation}}/{{slug}}")
    async def act(request: Request, consolidation: Id, slug: Slug, session: Working) -> Response:
        """Hand in, say that there is nothing, amend, return, record as reported."""
        asked = BY_SLUG.get(slug)
        if asked is None:
            raise Unknown
        return await page.act(request, session, consolidation, asked)


class _Page:
    """Rounds, to be looked at and acted on."""

    def __init__(self, pages: Pages, behind: Behind, acting: Acting) -> None:
        self._pages, self._queries, self._directories, self._acting = pages, behind.queries, behind.directories, acting

    async def listed(self, request: Request, session: Session, cursor: str | None) -> Response:
        subject, rounds = session.subject, self._queries.consolidations
        directory = await self._directories.at(self._acting.today)
        follows = _may_list(subject, None)
        if not follows and not _may_list(subject, subject.unit):
            raise Unknown
        own: Sequence[ConsolidationView] = ()
        if _may_list(subject, subject.unit):
            own = (await rounds.asked(subject, office=subject.office, unit=subject.unit, limit=PAGE)).items
        found: Page[RoundView] = Page(items=(), cursor=None)
        if follows:
            found = await rounds.rounds(subject, office=subject.office, cursor=cursor, limit=PAGE)
        return self._pages.show(
            request,
            "intake/consolidation/list.html",
            session=session,
            own=own,
            lefts={each.id: _left(directory, each) for each in own},
            follows=follows,
            rounds=found,
            opens=_may_open(subject),
            names=directory,
            today=self._acting.today,
            path=request.url.path,
            cursor=cursor,
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )

    async def opening(self, request: Request, session: Session, about: str, refused: Tried | None = None) -> Response:
        """The form in which units are asked; after something was `refused`, with what was typed."""
        subject = session.subject
        if not _may_open(subject):
            raise Unknown
        directory = await self._directories.at(self._acting.today)
        units = [
            Option(unit.key, directory.label(unit.key))
            for unit in sorted(directory.units.values(), key=lambda each: fold(each.name))
            if unit.office == subject.office and unit.kind is not UnitKind.OFFICE
        ]
        return self._pages.show(
            request,
            "intake/consolidation/opening.html",
            status=refused.status if refused is not None else 200,
            session=session,
            act=OPEN,
            options={"units": units},
            about=about,
            chosen={"units": [each.value for each in units]},
            tried=refused,
            key=new_key(),
        )

    async def open(self, request: Request, session: Session, about: str) -> Response:
        async def again(refused: Tried) -> Response:
            return await self.opening(request, session, about, refused)

        async def onward(done: Done) -> str:
            return PATH

        office = session.subject.office
        return await self._acting.ask(request, session, OPEN, "", again=again, onward=onward, office=office, about=about)

    async def show(
        self, request: Request, session: Session, consolidation: str, refused: Tried | None = None, key: str = ""
    ) -> Response:
        """One unit's round; after something was `refused`, with what was typed, under the `key` of that form."""
        subject = session.subject
        view = await self._queries.consolidations.consolidation(subject, consolidation)
        directory = await self._directories.at(self._acting.today)
        try:
            words: Mapping[str, str | None] = await self._queries.consolidations.words(subject, consolidation)
        except Forbidden:
            words = {}
        offers = await self._offers(subject, view)
        writes = any(each.act in (SUBMIT, AMEND) for each in offers)
        candidates = await self._candidates(subject, view) if writes else ()
        titles = await self._queries.inbox.titles(subject, {*view.opinions, *candidates})
        shown = {key: brief(title) for key, title in titles.items()}
        return self._pages.show(
            request,
            "intake/consolidation/round.html",
            status=refused.status if refused is not None else 200,
            session=session,
            view=view,
            words=words,
            left=_left(directory, view),
            titles=shown,
            options={"opinions": [Option(each, shown[each]) for each in (*view.opinions, *candidates) if each in shown]},
            offers={each.act.slug if each.act is not NIL else "nil-return": each for each in offers},
            rows=ROWS,
            tried=refused,
            typed=refused.kept.get("rows", "") if refused is not None else "",
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            # Rows that were taken in before something was refused are the same rows when they are sent again.
            key=new_key() if refused is None or isinstance(refused.refused, KeyReused) else key,
        )

    async def act(self, request: Request, session: Session, consolidation: str, act: Act) -> Response:
        """Do what a form asks; rows that were written down with it are taken in first, each as an opinion of the unit."""
        form = await read_form(request)
        view = await self._queries.consolidations.consolidation(session.subject, consolidation)

        async def again(refused: Tried) -> Response:
            if refused.stale:
                await request.app.state.positions.wait({SERVICE: await self._queries.inbox.head()}, WAIT_SECONDS)
            kept = {**refused.kept, "rows": form.get("rows", "")}
            return await self.show(request, session, consolidation, replace(refused, kept=kept), form.get("key", ""))

        async def onward(done: Done) -> str:
            return f"{PATH}/{consolidation}"

        if act in (SUBMIT, AMEND) and form.get("rows", "").strip():
            try:
                taken = await self._take_rows(request, session, view, act, form)
            except Refused as refused:
                return await again(tried(request, replace(act, fields=(ROWS, *act.fields)), consolidation, form, refused))
            form = {**form, **{f"opinions.{each}": "1" for each in taken}}
        values: dict[str, Any] = {"nil": True} if act is NIL else {"at": view.about} if act is REPORT else {}
        return await self._acting.ask(request, session, act, consolidation, again=again, onward=onward, form=form, **values)

    async def _take_rows(self, request: Request, session: Session, view: ConsolidationView, act: Act, form: Form) -> list[str]:
        """Each line as an opinion that the unit took in, once the list itself could be handed in. Sent again, a line is the
        opinion that it was.

        Raises:
            Refused: the list cannot be handed in, a line is too long, or he may not take it in for the unit.

        """
        said = {"channel": Channel.UNIT_SUMMARY.value, "source_group": SourceGroup.INTERNAL.value}
        lines = dict.fromkeys(line.strip() for line in form["rows"].splitlines() if line.strip())
        asked = [body_of(RECEIVE, "", {**said, "words": line}, self._acting.today, {"office": view.office}) for line in lines]
        keys = [f"{form.get('key', '')}.{hashlib.sha256(line.encode()).hexdigest()[:32]}" for line in lines]
        ids = [keyed_id(request, session.subject, key) for key in keys]
        whole = keyed_id(request, session.subject, form.get("key", ""))
        if not await self._acting.known(whole):
            await self._rehearse(session.subject, view, act, form)
        elif not all([await self._acting.known(each) for each in ids]):
            raise KeyReused(command_id=whole)
        taken = []
        for command_id, body in zip(ids, asked, strict=True):
            done = await self._acting.do(RECEIVE, body, session.subject, command_id=command_id, expected=None)
            taken.append(done.stream)
        return taken

    async def _rehearse(self, subject: Subject, view: ConsolidationView, act: Act, form: Form) -> None:
        """Ask whether the list could be handed in with opinions that are not there yet.

        Raises:
            Refused

        """
        if form.get("nil", "").strip():
            raise NilOrOpinions("opinions")
        body = body_of(act, view.id, form, self._acting.today)
        if not body.opinions:  # type: ignore[attr-defined]
            body = body_of(act, view.id, form, self._acting.today, {"nil": True})  # all but that there are none yet
        await self._acting.rehearse(act, body, subject, expected=self._acting.expected(act, form))

    async def _offers(self, subject: Subject, view: ConsolidationView) -> list[Offer]:
        """What he can do about it now."""
        if view.cancelled:
            return []
        wanted: list[tuple[Act, dict[str, Any]]] = [
            (SUBMIT, {"nil": True}),
            (NIL, {"nil": True}),
            (AMEND, {"nil": True}),
            (RETURN, {}),
            (REPORT, {"at": view.about}),
        ]
        found = [await self._acting.offer(act, view.id, view.version, subject, **values) for act, values in wanted]
        return [each for each in found if each is not None]

    async def _candidates(self, subject: Subject, view: ConsolidationView) -> list[str]:
        """The opinions that the unit took in lately and that stand on none of its lists."""
        if subject.unit != view.unit:
            return []
        opinions = await self._queries.opinions.of_unit(subject, view.unit, OpinionFilters(), cursor=None, limit=RECENT)
        rounds = await self._queries.consolidations.asked(subject, office=view.office, unit=view.unit, limit=PAGE)
        listed = {opinion for each in rounds.items for opinion in each.opinions}
        return [each.id for each in opinions.items if each.stage in CAN_BE_LISTED and each.id not in listed]


def _may_list(subject: Subject, unit: str | None) -> bool:
    of = Resource(tenant=subject.tenant, office=subject.office, units=frozenset({unit} if unit else ()))
    if unit is None:
        return permit(subject, LIST_CONSOLIDATIONS, of).allowed
    return permit(subject, LIST_CONSOLIDATIONS, replace(of, office="")).allowed


def _may_open(subject: Subject) -> bool:
    return permit(subject, OPEN_CONSOLIDATION, Resource(tenant=subject.tenant, office=subject.office)).allowed


def _left(directory: Directory, view: ConsolidationView) -> Left | None:
    """Until when the list is due; None once it is there, or nobody waits for it."""
    if not view.missing or directory.published is None:
        return None
    return left_until(directory.published, directory.day, view.due)
