"""The page of an office's reports: how far each is, by when what is due, what the plan promises and nobody has opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.reporting.domain.document.stage import Stage
from services.reporting.domain.report.commands import OPEN_REPORT
from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.reports.acts import OPEN
from services.reporting.entrypoints.pages.said import when
from services.reporting.readmodel.access import READ_FIGURES, office_resource
from services.reporting.readmodel.reports.reminders import DONE
from shared.contracts.refusals import Unknown
from shared.contracts.report import ReportKind
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import permit
from shared.web.acting import new_key
from shared.web.acts import Offer, Tried
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/reports"
PAGE: Final = "reporting/reports/list.html"
YEAR: Final = 366  # working days ahead of which reminders are asked for: all of a year

Office = Annotated[str, Query(max_length=32)]


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page of an office shows."""

    office: str
    label: str
    years: Sequence[tuple[int, Sequence[Mapping[str, Any]]]]
    reminders: Sequence[Mapping[str, Any]]
    running: Sequence[Mapping[str, Any]]  # not sent yet, each with its ladder


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """Show them, open one."""
    listing = Listing(pages, behind)

    @router.get(PATH)
    async def listed(request: Request, session: Working, office: Office = "") -> Response:
        """The reports of an office; of whoever may read none, those that were sent to his unit."""
        return await listing.show(request, session, office or session.subject.office)

    @router.post("/reports/open-report")
    async def open_one(request: Request, session: Working) -> Response:
        """Open the period of a report."""
        form = await read_form(request)
        office = form.get("office", "") or session.subject.office

        async def again(refused: Tried) -> Response:
            return await listing.show(request, session, office, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{done.stream}"

        return await behind.acting.ask(request, session, OPEN, office, again=again, onward=onward, form=form)


class Listing:
    """Reports of an office, or those that were sent to somebody."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._behind = pages, behind

    async def show(self, request: Request, session: Session, office: str, refused: Tried | None = None) -> Response:
        """The list, with what was typed where a report was not opened."""
        subject, queries = session.subject, self._behind.queries
        received = await queries.reports.received(subject)
        listed = None
        if permit(subject, READ_FIGURES, office_resource(subject.tenant, office)).allowed:
            listed = await self._listed(session, office)
        elif office != subject.office:
            raise Unknown("office")
        # Whether it can be opened hangs on the year and kind that are typed: it is offered to whoever may open any.
        may = permit(subject, OPEN_REPORT, office_resource(subject.tenant, office)).allowed
        return self._pages.show(
            request,
            PAGE,
            status=refused.status if refused is not None else 200,
            session=session,
            listed=listed,
            received=received,
            directory=await self._behind.directories.at(self._behind.acting.today),
            offer=Offer(act=OPEN, thing=office, version=0) if may else None,
            chosen=_next(listed, self._behind.acting.today.year),
            tried=refused,
            done=request.query_params.get("done"),
            late="late" in request.query_params,
            key=new_key(),
            when=when,
        )

    async def _listed(self, session: Session, office: str) -> Listed:
        queries, subject = self._behind.queries, session.subject
        reports = await queries.reports.reports(subject, office=office)
        running = [each["report"] for each in reports if Stage(each["state"]) not in DONE]
        directory = await self._behind.directories.at(self._behind.acting.today)
        return Listed(
            office=office,
            label=directory.label(office),
            years=[(year, list(each)) for year, each in groupby(sorted(reports, key=_place), key=lambda one: one["year"])],
            reminders=await queries.reminders.reminders(subject, office=office, near=YEAR),
            running=[await queries.reports.report(subject, name) for name in running],
        )


def _next(listed: Listed | None, year: int) -> Mapping[str, str]:
    """Which report is to be opened next: the first that the plan promises and nobody has opened, else one of this year."""
    unopened = [each for each in (listed.reminders if listed is not None else ()) if each["report"] is None]
    kind = unopened[0]["kind"] if unopened else ReportKind.SIX_MONTH.value
    return {"kind": kind, "year": str(unopened[0]["year"] if unopened else year)}


def _place(one: Mapping[str, Any]) -> tuple[int, str, str]:
    """The latest year ahead, within it the annual report, corrections after what they correct."""
    return -one["year"], one["kind"], one["report"]
