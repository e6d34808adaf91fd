"""The page of an opening balance: lines with their document, brought, settled and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from services.reporting.domain.opening import commands as asked
from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.readmodel.access import READ_FIGURES, refuse_unless_read
from shared.contracts.directory import PLACES
from shared.contracts.opening import Outcome
from shared.contracts.opinion import SOURCE_LABELS, SourceGroup
from shared.contracts.refusals import Unknown
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.text import fold
from shared.web.acting import new_key
from shared.web.acts import Act, Asks, Field, Offer, Option, Tried
from shared.web.pages import Pages

PATH: Final = "/openings"
PAGE: Final = "reporting/opening/opening.html"
REASON: Final = Field("reason", Asks.TEXT)

BRING: Final = Act(
    command=asked.RecordOpeningLine,
    on="office",
    fields=(
        Field("report", Asks.ONE),
        Field("line", Asks.NUMBER),
        Field("count", Asks.NUMBER),
        Field("document.number", Asks.LINE, longest=60),
        Field("document.dated", Asks.DAY),
        Field("document.name", Asks.LINE, longest=200),
        Field("document.issuer", Asks.LINE, longest=200),
        Field("field", Asks.ONE, required=False),
        Field("unit", Asks.ONE, required=False),
        Field("locality", Asks.ONE, required=False),
        Field("source", Asks.ONE, required=False),
        Field("due", Asks.DAY, required=False),
    ),
)
SETTLE: Final = Act(
    command=asked.SettleOpeningLine,
    on="office",
    fields=(
        Field("outcome", Asks.ONE),
        Field("count", Asks.NUMBER),
        Field("on", Asks.DAY),
        REASON,
        Field("document", Asks.LINE, required=False, longest=60),
    ),
    apart=True,
)
WITHDRAW: Final = Act(command=asked.WithdrawOpeningLine, on="office", fields=(REASON,), apart=True)
WITHDRAW_SETTLED: Final = Act(command=asked.WithdrawOpeningSettlement, on="office", fields=(REASON,), apart=True)
ACTS: Final[Mapping[str, Act]] = {act.slug: act for act in (BRING, SETTLE, WITHDRAW, WITHDRAW_SETTLED)}

Office = Annotated[str, Path(max_length=32)]
Slug = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=99_999)]


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """Show it, bring a line, settle, take back."""
    page = _Opening(pages, behind)

    @router.get(f"{PATH}/{{office}}")
    async def shown(request: Request, office: Office, session: Working) -> Response:
        """What an office brought along."""
        return await page.show(request, session, office)

    @router.post(f"{PATH}/{{office}}/{{slug}}")
    async def bring(request: Request, office: Office, slug: Slug, session: Working) -> Response:
        """Bring a line."""
        if slug != BRING.slug:
            raise Unknown
        return await page.act(request, session, office, BRING)

    @router.post(f"{PATH}/{{office}}/{{line}}/{{slug}}")
    async def on_line(request: Request, office: Office, line: Number, slug: Slug, session: Working) -> Response:
        """Settle matters of a line, or take it back."""
        if slug not in (SETTLE.slug, WITHDRAW.slug):
            raise Unknown
        return await page.act(request, session, office, ACTS[slug], line=line)

    @router.post(f"{PATH}/{{office}}/{{line}}/{{settlement}}/{{slug}}")
    async def on_settled(
        request: Request, office: Office, line: Number, settlement: Number, slug: Slug, session: Working
    ) -> Response:
        """Take back that matters of a line ended."""
        if slug != WITHDRAW_SETTLED.slug:
            raise Unknown
        return await page.act(request, session, office, WITHDRAW_SETTLED, line=line, settlement=settlement)


def thing_of(office: str, values: Mapping[str, Any]) -> str:
    """What a form is of, as its fields are named on the page."""
    return "-".join([office, *map(str, values.values())])


class _Opening:
    """The opening balance of an office."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._behind = pages, behind

    async def act(self, request: Request, session: Session, office: str, act: Act, **values: Any) -> Response:
        """Do what a form asks, then show the page anew."""
        refuse_unless_read(session.subject, READ_FIGURES, self._behind.tenant, office)

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, office, replace(refused, thing=thing_of(office, values)))

        async def onward(_done: Done) -> str:
            return f"{PATH}/{office}" + (f"#line-{values['line']}" if "line" in values else "")

        return await self._behind.acting.ask(request, session, act, office, again=again, onward=onward, **values)

    async def show(self, request: Request, session: Session, office: str, refused: Tried | None = None) -> Response:
        """The lines that stand, each with what ended of it, and what can be done with it now."""
        queries, subject = self._behind.queries, session.subject
        found = await queries.openings.opening(subject, office)
        directory = await self._behind.directories.at(self._behind.acting.today)
        reports = [each for each in await queries.reports.reports(subject, office=office) if each["locked_at"] is None]
        options = _options(reports, directory)
        first = {"report": options["report"][0].value if options["report"] else None, "outcome": Outcome.RESOLVED.value}
        offers: dict[str, Offer | None] = {"": await self._behind.acting.offer(BRING, office, 0, subject, first=first)}
        for line in found["lines"]:
            offers |= await self._of(subject, office, line)
        return self._pages.show(
            request,
            PAGE,
            status=refused.status if refused is not None else 200,
            session=session,
            office=office,
            found=found,
            names=directory,
            sources=SOURCE_LABELS,
            options=options,
            chosen={"line": str(1 + max((line["line"] for line in found["lines"]), default=0)), **_only(options["report"])},
            offers={name: offer for name, offer in offers.items() if offer is not None},
            thing_of=thing_of,
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
        )

    async def _of(self, subject: Subject, office: str, line: Mapping[str, Any]) -> dict[str, Offer | None]:
        """What can be done with a line, by the name of its form."""
        acting, n, first = self._behind.acting, line["line"], {"outcome": Outcome.RESOLVED.value}
        found = {f"withdraw-{n}": await acting.offer(WITHDRAW, office, 0, subject, line=n)}
        if line["remain"]:
            found[f"settle-{n}"] = await acting.offer(
                SETTLE, office, 0, subject, first=first, day=self._behind.acting.today, line=n
            )
        for each in line["settled"]:
            if each["withdrawn"] is None:
                m = each["settlement"]
                found[f"take-{n}-{m}"] = await acting.offer(WITHDRAW_SETTLED, office, 0, subject, line=n, settlement=m)
        return found


def _options(reports: Sequence[Mapping[str, Any]], directory: Directory) -> dict[str, list[Option]]:
    """What a line can be of: an open report, a field, a unit, a locality, a source group; and how matters end."""
    fields = [Option(key, directory.label(key)) for key in directory.fields]
    units = [Option(unit.key, directory.label(unit.key)) for unit in directory.units.values()]
    places = [each for each in units if directory.units[each.value].kind in PLACES]
    return {
        "report": [Option(each["report"], each["report"]) for each in reports],
        "field": fields,
        "unit": units,
        "locality": sorted(places, key=lambda place: fold(place.label)),
        "source": [Option(each.value, SOURCE_LABELS[each.value]) for each in SourceGroup],
        "outcome": [Option(each.value, "", each.value) for each in Outcome],
    }


def _only(options: Sequence[Option]) -> dict[str, str]:
    return {"report": options[0].value} if len(options) == 1 else {}
