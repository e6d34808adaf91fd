"""The pages of notices of conclusions: all of them, one with its items, the form that drafts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages.dialogue.choosing import bodies, named, short, units
from services.assignment.entrypoints.pages.dialogue.doing import Doing, Ways, act_of, offered
from services.assignment.entrypoints.pages.dialogue.listed import Tab, listed
from services.assignment.entrypoints.pages.dialogue.shown import Sessions, SessionShown
from services.assignment.entrypoints.pages.papers.views import may_draft
from services.assignment.entrypoints.pages.plans.acts import DRAFT, NOTICE_ACTS, REDRAFT, TOLD
from services.assignment.entrypoints.pages.plans.papers import on_paper, papers_about
from services.assignment.readmodel.dialogue.naming import Found
from services.assignment.readmodel.dialogue.puts import Opinion
from services.assignment.readmodel.dialogue.queries import SESSION, Thing
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST, Word
from shared.contracts.case import Authority
from shared.contracts.document import DocumentKind
from shared.contracts.notice import ConclusionKind
from shared.contracts.refusals import Forbidden
from shared.contracts.session import Outcome, Track
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.acting import Acting
from shared.web.acts import Act, Offer, Option, Tried
from shared.web.pages import Pages
from shared.web.reading import or_none

PATH: Final = "/notices"
NOTICE: Final = "notice"
NEW: Final = f"{PATH}/{DRAFT.slug}"
BLANK: Final = 3  # rows beyond those that are filled in
MOST_ROWS: Final = 30
Slug = Annotated[str, Path(max_length=40)]
From = Annotated[str | None, Query(alias="session", max_length=100)]
# What concludes an opinion by itself; what was passed on, merged or withdrawn is concluded already.
CONCLUDED: Final = (Outcome.ANSWERED.value, Outcome.TAKEN_ON_BOARD.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A notice with its texts as far as they are his to read."""

    thing: Thing
    whole: Mapping[str, Any]
    texts: Mapping[int, str | None]  # by item
    comments: tuple[Word, ...]
    reasons: tuple[str | None, ...]
    opinions: Mapping[str, Opinion]
    identities: tuple[Found, ...] | None


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting, sessions: Sessions) -> None:
    """List, draft, show, act."""
    page = _Page(pages, queries, acting, sessions)

    @router.get(PATH)
    async def notices(request: Request, session: Working, tab: Annotated[Tab, Query()] = Tab.ALL) -> Response:
        """The office's notices, drafts ahead."""
        return await page.index(request, session, tab)

    @router.get(NEW)
    async def new(request: Request, session: Working, of: From = None) -> Response:
        """The form that drafts one, filled in by what a dialogue came to."""
        return await page.form(request, session, DRAFT, None, of)

    @router.post(NEW)
    async def draft(request: Request, session: Working, of: From = None) -> Response:
        """Draft it."""
        return await page.drafted(request, session, DRAFT, None, of)

    @router.get(f"{PATH}/{{thing}}")
    async def one(request: Request, thing: Id, session: Working) -> Response:
        """One notice with its items and who they are for."""
        return await page.show(request, session, thing)

    @router.get(f"{PATH}/{{thing}}/{DRAFT.slug}")
    async def again(request: Request, thing: Id, session: Working) -> Response:
        """The form that drafts it again, as it stands."""
        return await page.form(request, session, REDRAFT, thing, None)

    @router.post(f"{PATH}/{{thing}}/{{slug}}")
    async def act(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of a notice."""
        if slug == DRAFT.slug:
            return await page.drafted(request, session, REDRAFT, thing, None)
        return await page.act(request, session, thing, slug)


def tab_of(thing: Thing) -> Tab:
    """In which view a notice stands."""
    return Tab.OVER if thing.stage == "da_phat_hanh" else Tab.AHEAD


class _Page:
    """Notices, to be looked at, drafted and issued."""

    def __init__(self, pages: Pages, queries: Queries, acting: Acting, sessions: Sessions) -> None:
        self._pages, self._queries, self._acting, self._sessions = pages, queries, acting, sessions

    async def index(self, request: Request, session: Session, tab: Tab) -> Response:
        """One view of them."""
        subject = session.subject
        things = await self._queries.dialogues.of_office(subject, subject.office, NOTICE)
        things = sorted(things, key=lambda each: (each.day is not None, -(each.day or date.min).toordinal(), each.id))
        found = listed(things, tab_of, year=self._acting.today.year, tab=tab, today=date.min, tabs=(Tab.ALL, Tab.AHEAD, Tab.OVER))
        shown = [each for each in things if tab is Tab.ALL or tab_of(each) is tab]
        of = {each.id: each for each in await self._queries.dialogues.of_office(subject, subject.office, SESSION)}
        return self._pages.show(
            request,
            "assignment/plans/notices.html",
            session=session,
            tabs=found.tabs,
            tab=tab,
            notices=shown,
            of=of,
            may_draft=self._acting.may_ever(DRAFT, subject),
            link=lambda tab: f"{PATH}?{urlencode({'tab': tab})}" if tab else PATH,
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )

    async def show(self, request: Request, session: Session, thing: str, refused: Tried | None = None) -> Response:
        """One of them; after something was `refused`, with what was typed."""
        subject, queries = session.subject, self._queries
        shown = await self._shown(subject, thing)
        directory = await queries.directories.at(self._acting.today)
        about = (thing, shown.thing.about) if shown.thing.about else (thing,)
        papers = await papers_about(queries, subject, DocumentKind.NOTICE, *about)
        paper = await on_paper(queries, subject, self._acting.today.year, papers)
        items = [
            Option(str(each["number"]), f"{each['number']}. {short(shown.texts.get(each['number']) or '', 60)}")
            for each in shown.whole["items"]
            if each["task"]
        ]
        drafted = shown.whole["document"] or ""
        ways = Ways(
            options={
                "issue_notice": paper.options,
                "amend_notice": {**paper.options, "item": items, "unit": units(directory, subject.office)},
            },
            chosen={"issue_notice": {"document": drafted or next((each.id for each in papers), "")}},
            sample={"issue_notice": paper.sample, "amend_notice": paper.sample},
        )
        offers = await offered(self._acting, NOTICE_ACTS, thing, shown.thing.version, subject, told=TOLD, ways=ways)
        doing = Doing(thing=thing, path=f"{PATH}/{thing}", offers=offers, ways=ways, refused=refused)
        of = await or_none(queries.dialogues.one(subject, SESSION, shown.thing.about)) if shown.thing.about else None
        return self._pages.show(
            request,
            "assignment/plans/notice.html",
            **doing.facts(request),
            session=session,
            shown=shown,
            work=await queries.tasks.seen(subject, [each["task"] for each in shown.whole["items"] if each["task"]]),
            it=shown.thing,
            whole=shown.whole,
            directory=directory,
            of=of[0] if of else None,
            papers=papers,
            may_draft_paper=may_draft(subject),
            may_draft=self._acting.may_ever(DRAFT, subject) and shown.thing.stage != "da_phat_hanh",
            as_of=None,
        )

    async def form(
        self, request: Request, session: Session, act: Act, thing: str | None, of: str | None, refused: Tried | None = None
    ) -> Response:
        """The form that drafts one: of a dialogue's outcomes, or as it stands."""
        subject = session.subject
        if not self._acting.may_ever(act, subject):
            raise Forbidden(rule=act.name)
        directory = await self._queries.directories.at(self._acting.today)
        shown = await self._shown(subject, thing) if thing is not None else None
        about = shown.thing.about if shown is not None else of
        dialogue = await self._sessions.session(subject, about) if about else None
        rows = _of_notice(shown) if shown is not None else _of_session(dialogue) if dialogue is not None else []
        cases = [*(dialogue.rows if dialogue is not None else ())]
        chairmans = dialogue is not None and dialogue.thing.track is Track.CHAIRMAN
        whom = [*units(directory, subject.office), *(bodies(directory, subject.office) if chairmans else ())]
        paper = await papers_about(self._queries, subject, DocumentKind.NOTICE, *(each for each in (thing, about) if each))
        ways = Ways(
            options={
                DRAFT.name: {
                    "items.case": [Option(row.put["case"], named(row.opinion, row.n)) for row in cases]
                    or [Option(case, named(opinion)) for case, opinion in (shown.opinions if shown else {}).items()],
                    "items.unit": whom,
                    "items.coordinating": whom,
                    "document": [Option(each.id, each.number or f"{each.drafted_at:%d/%m/%Y}") for each in paper],
                }
            },
            chosen={
                DRAFT.name: {
                    "items": [*rows, *({} for _ in range(BLANK))][:MOST_ROWS],
                    "document": (shown.whole["document"] or "") if shown is not None else "",
                }
            },
        )
        offer = Offer(act=act, thing=thing or "", version=shown.thing.version if shown is not None else 0)
        doing = Doing(thing=thing or "", path=PATH, offers={act.name: offer}, ways=ways, refused=refused)
        path = f"{PATH}/{thing}/{DRAFT.slug}" if thing is not None else NEW
        return self._pages.show(
            request,
            "assignment/plans/draft-notice.html",
            **doing.facts(request),
            session=session,
            act=act,
            version=offer.version if thing is not None else None,
            action=f"{path}?{urlencode({'session': of})}" if of else path,
            back=f"{PATH}/{thing}" if thing is not None else PATH,
            dialogue=dialogue.thing if dialogue is not None else None,
            identities=shown.identities if shown is not None else None,
            as_of=None,
        )

    async def drafted(self, request: Request, session: Session, act: Act, thing: str | None, of: str | None) -> Response:
        """Draft it, for the first time or again."""
        subject = session.subject
        line = (await self._queries.dialogues.one(subject, NOTICE, thing))[0] if thing is not None else None
        about = line.about if line is not None else of
        dialogue = (await self._queries.dialogues.one(subject, SESSION, about))[0] if about else None
        chairmans = dialogue is not None and dialogue.track is Track.CHAIRMAN
        of_dialogue: dict[str, Any] = {"session": about} if about else {}

        async def again(refused: Tried) -> Response:
            return await self.form(request, session, act, thing, of, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{done.stream}"

        return await self._acting.ask(
            request,
            session,
            act,
            thing or "",
            again=again,
            onward=onward,
            office=subject.office,
            authority=(Authority.CHAIRMAN if chairmans else Authority.HEAD).value,
            **of_dialogue,
        )

    async def act(self, request: Request, session: Session, thing: str, slug: str) -> Response:
        """Do what a form asks, then show the notice anew."""
        act = act_of(NOTICE_ACTS, slug)
        await self._queries.dialogues.one(session.subject, NOTICE, thing)
        again = partial(self.show, request, session, thing)
        return await self._acting.ask(request, session, act, thing, again=again, onward=f"{PATH}/{thing}")

    async def _shown(self, subject: Subject, thing: str) -> Shown:
        queries = self._queries
        line, _, _ = await queries.dialogues.one(subject, NOTICE, thing)
        whole = await queries.dialogues.whole(subject, NOTICE, thing, line.version)
        page = await or_none(queries.words.of(subject, NOTICE, thing, limit=MOST))
        words = page.words if page is not None else ()
        texts = {word.number: word.text for word in words if word.fact == "notice.drafted" and word.number is not None}
        cases = [each["case"] for each in whole["items"] if each["case"]]
        opinions = await queries.puts.table(subject, Track.STAFF, cases, purpose=f"show {thing}")
        readable = {number: text for number, text in texts.items() if text}
        return Shown(
            thing=line,
            whole=whole,
            texts=texts,
            comments=tuple(word for word in words if word.fact == "notice.commented"),
            reasons=tuple(word.text for word in words if word.fact == "notice.amended"),
            opinions={each.case: each for each in opinions},
            identities=await queries.identities.named_in(subject, subject.office, thing, readable, cases),
        )


def _of_session(shown: SessionShown) -> list[dict[str, Any]]:
    """What a dialogue came to, a row for each opinion that is to be concluded."""
    rows: list[dict[str, Any]] = []
    for row in shown.rows:
        outcome = row.put["outcome"]
        if outcome == Outcome.DIRECTED:
            lead = row.opinion.lead or row.opinion.proposed or ""
            given = {"kind": ConclusionKind.DIRECTS.value, "text": row.direction or "", "unit": lead, "by_rule": "1"}
            rows.append({"case": row.put["case"], **given})
        elif outcome in CONCLUDED:
            answer = row.opinion.answer.parts.get("answer", "") if row.opinion.answer is not None else ""
            rows.append({"case": row.put["case"], "kind": ConclusionKind.CONCLUDES.value, "text": row.answer or answer})
    return rows


def _of_notice(shown: Shown) -> list[dict[str, Any]]:
    """Its items as they stand, as the form takes them."""
    return [
        {
            "kind": each["kind"],
            "case": each["case"] or "",
            "text": shown.texts.get(each["number"]) or "",
            "unit": each["unit"] or "",
            "days": str(each["days"] or ""),
            "until": f"{each['due']:%d/%m/%Y}" if each["due"] else "",
            "by_rule": "1" if each["kind"] == ConclusionKind.DIRECTS and not each["days"] and not each["due"] else "",
            "coordinating": [beside["unit"] for beside in each["coordinating"]],
        }
        for each in shown.whole["items"]
    ]
