"""The page on which an opinion is written down as it comes in: by a clerk, the registry, the hub, a unit, a mass organisation."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.domain.opinion.commands import COLLECTORS
from services.intake.domain.opinion.refusals import LocalIdTaken
from services.intake.domain.opinion.register_refusals import DayToCome
from services.intake.entrypoints.pages.behind import SERVICE, Behind
from services.intake.entrypoints.pages.desk import choosing
from services.intake.entrypoints.pages.desk.acts import CLASSIFY, RECEIVE
from services.intake.entrypoints.pages.desk.inbox import Opened
from services.intake.entrypoints.pages.desk.scene import options_of
from services.intake.readmodel.opinions.similar import Similar
from shared.calendar import day_starts
from shared.contracts.refusals import Invalid, Refused, Unknown
from shared.contracts.roles import Role
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.text import brief, fold
from shared.web.acting import Acting, new_key, tried
from shared.web.acts import Act, Asks, Field, Form, Option, Tried
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.filling import body_of, kept
from shared.web.forms import read_form
from shared.web.pages import Pages
from shared.web.typed import DayUnclear, day_of

PATH: Final = "/intake/new"
LIKE: Final = 5
STAYS: Final = ("office", "source_group", "channel", "locality")  # what the next one in a row usually shares
_YEAR: Final = re.compile(r".*/[0-9]{4}")
# The form as it is shown: the day and whom he speaks for are no fields of the command, the rest belongs to the one after it.
WRITTEN: Final = Act(
    command=RECEIVE.command,
    fields=(
        Field("office", Asks.ONE),
        *RECEIVE.fields,
        Field("received_on", Asks.DAY, required=False),
        Field("on_behalf", Asks.LINE, required=False, longest=120),
        *(replace(each, required=False) for each in CLASSIFY.fields),
    ),
)


def routes(router: APIRouter, pages: Pages, behind: Behind, acting: Acting) -> None:
    page = _Page(pages, behind, acting)

    @router.get(PATH)
    async def blank(request: Request, session: Working, last: Opened = None) -> Response:
        """An empty form, or one with what it shares with the one before."""
        _refuse_who_takes_nothing_in(session.subject)
        stays = {name: value[:100] for name in STAYS if (value := request.query_params.get(name))}
        return await page.show(request, session, form=stays, last=last)

    @router.post(PATH)
    async def receive(request: Request, session: Working) -> Response:
        """Take it in; or look for what is like it, and change nothing."""
        _refuse_who_takes_nothing_in(session.subject)
        return await page.receive(request, session)


def _refuse_who_takes_nothing_in(subject: Subject) -> None:
    roles = {*subject.capacities, *(each.role for each in subject.delegated)}
    if not roles & set(COLLECTORS):
        raise Unknown


class _Page:
    """The form, with what may be the same matter beside it."""

    def __init__(self, pages: Pages, behind: Behind, acting: Acting) -> None:
        self._pages, self._queries, self._directories, self._acting = pages, behind.queries, behind.directories, acting

    async def show(
        self,
        request: Request,
        session: Session,
        *,
        form: Form,
        refused: Tried | None = None,
        looked: bool = False,
        last: str | None = None,
    ) -> Response:
        """The page with what was typed; after a number was refused as taken, with its first copy."""
        subject, directory = session.subject, await self._directories.at(self._acting.today)
        offices = choosing.offices(directory)
        own = subject.office if subject.office in offices else next(iter(offices), "")
        words = form.get("words", "").strip()
        alike: list[Similar] = []
        if words and (looked or refused is not None):
            alike = await self._queries.opinions.alike(subject, form.get("office") or own, words, limit=LIKE)
        first = None
        if refused is not None and isinstance(refused.refused, LocalIdTaken):
            first = await self._queries.inbox.numbered(subject, _number(form, self._day(form)))
        titles = await self._queries.inbox.titles(subject, {each.id for each in alike})
        return self._pages.show(
            request,
            "intake/desk/receiving.html",
            status=refused.status if refused is not None else 200,
            session=session,
            act=WRITTEN,
            fields={each.name: each for each in WRITTEN.fields},
            options={**options_of(directory, own), "office": _offices(offices)},
            own=own,
            sorts=Role.HUB in subject.capacities,
            kept=kept(WRITTEN, form),
            tried=refused,
            looked=looked,
            alike=alike,
            titles={key: brief(title) for key, title in titles.items()},
            first=first,
            last=last,
            today=self._acting.today,
            done=request.query_params.get("done") if refused is None else None,
            known="known" in request.query_params,
            late="late" in request.query_params,
            key=form.get("key") if refused is not None or looked else new_key(),
        )

    async def receive(self, request: Request, session: Session) -> Response:
        """Take in what the form says."""
        form = await read_form(request)
        if form.get("then") == "look":
            return await self.show(request, session, form=form, looked=True)

        async def again(refused: Tried) -> Response:
            if refused.told.get("field") == "occurred_at":
                refused = replace(refused, told={**refused.told, "field": "received_on"})
            return await self.show(request, session, form=form, refused=replace(refused, act=WRITTEN, kept=kept(WRITTEN, form)))

        try:
            said, occurred = self._said(session, form)
        except Refused as refused:
            return await again(tried(request, WRITTEN, "", form, refused))

        async def onward(done: Done) -> str:
            unsorted = await self._sort(request, session, form, done)
            return _onward(form, done, unsorted)

        values = {"office": form.get("office") or session.subject.office}
        return await self._acting.ask(
            request, session, RECEIVE, "", again=again, onward=onward, form=said, occurred_at=occurred, **values
        )

    def _said(self, session: Session, form: Form) -> tuple[Form, datetime | None]:
        """The form as the command takes it, and when it came in, where that was not today.

        Raises:
            DayUnclear, DayToCome
            Invalid: it names a kind without a field, or a field without a kind.

        """
        today = self._acting.today
        try:
            day = day_of(form.get("received_on", ""), today)
        except ValueError:
            raise DayUnclear("received_on") from None
        if day is not None and day > today:
            raise DayToCome("received_on", day=f"{day:%d/%m/%Y}")
        if bool(form.get("kind")) != bool(form.get("field")):
            raise Invalid("field" if form.get("kind") else "kind")
        said = {**form, "local_id": _number(form, f"{day or today:%Y}"), "speaker_name": _speaker(form)}
        return said, day_starts(day) if day not in (None, today) else None

    def _day(self, form: Form) -> str:
        """The year by which a number is told from that of another year."""
        try:
            return f"{day_of(form.get('received_on', ''), self._acting.today) or self._acting.today:%Y}"
        except ValueError:
            return f"{self._acting.today:%Y}"

    async def _sort(self, request: Request, session: Session, form: Form, done: Done) -> str | None:
        """Classify what came in, where the form says as what; the code of the refusal, where it cannot be."""
        if not (done.begins and form.get("kind")):
            return None
        command_id = keyed_id(request, session.subject, f"{form.get('key', '')}.sort")
        try:
            body = body_of(CLASSIFY, done.stream, form, self._acting.today)
            classified = await self._acting.do(CLASSIFY, body, session.subject, command_id=command_id, expected=done.version)
        except Refused as refused:
            return refused.code
        await request.app.state.positions.wait({SERVICE: classified.position}, WAIT_SECONDS)
        return None


def _offices(offices: Mapping[str, str]) -> list[Option]:
    return [Option(key, label) for key, label in offices.items()]


def _number(form: Form, year: str) -> str:
    """The number that it carries as the unit's own id: `412` of a year is `412/2023`, as numbers begin anew each year."""
    written = "-".join(fold(form.get("local_id", "")).upper().split())
    return f"{written}/{year}" if written and not _YEAR.fullmatch(written) else written


def _speaker(form: Form) -> str:
    """Who spoke, with whom he speaks for: both are sealed together."""
    name, behalf = form.get("speaker_name", "").strip(), form.get("on_behalf", "").strip()
    if not behalf:
        return name
    return f"{name} (thay mặt {behalf})" if name else f"Thay mặt {behalf}"


def _onward(form: Form, done: Done, unsorted: str | None) -> str:
    """Where the clerk goes on: to the opinion, to the next form, or to the receipt that he prints."""
    told = [*(["known=1"] if not done.changes else []), *([f"unreferred={unsorted}"] if unsorted else [])]
    match form.get("then"):
        case "receipt" if unsorted is None:
            return f"/opinions/{done.stream}/receipt"
        case "next":
            stays = [f"{name}={form[name]}" for name in STAYS if form.get(name, "").replace("_", "").replace("-", "").isalnum()]
            return f"{PATH}?{'&'.join([f'last={done.stream}', *stays, *told])}"
    return f"/opinions/{done.stream}" + (f"?{'&'.join(told)}" if told else "")
