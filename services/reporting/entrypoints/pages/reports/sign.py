"""The page of a report's paper: its signature, its number, whom it went to and who has it; also for whom it was sent to."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from services.reporting.domain.document.commands import ATTACH_SIGNED_REPORT
from services.reporting.domain.report.states import paper_of
from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.reports.acts import (
    ACKNOWLEDGE,
    ACKNOWLEDGE_OWN,
    ATTACH,
    CAPACITIES,
    DISPATCH,
    ISSUE,
    NUMBER_IT,
    PUBLISH,
    RECALL,
    SIGN,
    SUPERSEDE,
)
from services.reporting.entrypoints.pages.reports.offering import offered
from services.reporting.entrypoints.pages.said import on_day, when
from services.reporting.readmodel.access import OPEN_FIGURES, office_resource
from services.reporting.readmodel.forms import Table
from shared.contracts.document import SigningCapacity
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.directory.snapshot import Directory
from shared.documents.layout.composition import ADDRESSED
from shared.identity.sessions import Session
from shared.papers.forms import COPIED_IN
from shared.permit import Decision, Subject, permit
from shared.web.acting import new_key
from shared.web.acts import Offer, Option, Tried
from shared.web.pages import Pages

PAGE: Final = "reporting/reports/sign.html"
RECEIVED: Final = "reporting/reports/received.html"


class Paper:
    """The paper of a report."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._behind = pages, behind

    async def show(self, request: Request, session: Session, one: Mapping[str, Any], refused: Tried | None = None) -> Response:
        """For the office: what is done with the paper next, and how far it has come."""
        subject = session.subject
        directory = await self._behind.directories.at(self._behind.acting.today)
        options = await self._options(subject, one, directory)
        offers = await self._offers(subject, one, options)
        return self._pages.show(
            request,
            PAGE,
            status=refused.status if refused is not None else 200,
            session=session,
            one=one,
            tables=[each.value for each in Table],
            paper=one["paper"],
            signature=await self._signature(subject, one),
            offers=offers,
            options=options,
            chosen={"capacity": _capacity(subject), "purpose": ADDRESSED},
            names=directory,
            may_open=permit(subject, OPEN_FIGURES, office_resource(subject.tenant, one["office"])).allowed,
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
            when=when,
            on_day=on_day,
            ack=ACKNOWLEDGE_OWN,
        )

    async def received(self, request: Request, session: Session, report: str, refused: Tried | None = None) -> Response:
        """For whom it was sent to: the paper, and that he has it.

        Raises:
            Unknown: it was not sent to his unit.

        """
        subject, queries = session.subject, self._behind.queries
        one = next((each for each in await queries.reports.received(subject) if each["report"] == report), None)
        if one is None:
            raise Unknown("report")
        offer = None
        if not one["delivered"]:
            offer = await self._behind.acting.offer(ACKNOWLEDGE_OWN, report, 0, subject, recipient=subject.unit)
        return self._pages.show(
            request,
            RECEIVED,
            status=refused.status if refused is not None else 200,
            session=session,
            one=one,
            document=await queries.papers.document(subject, paper_of(report)),
            signature=await self._signature(subject, {"report": report, "paper": {"signer": True}}),
            offer=offer,
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
            when=when,
            on_day=on_day,
        )

    async def _signature(self, subject: Subject, one: Mapping[str, Any]) -> Any:
        """What the check of its signature says; None where it is not signed, or where that is not his to see."""
        if one["paper"] is None or not one["paper"]["signer"]:
            return None
        try:
            return await self._behind.queries.signatures.check(subject, paper_of(one["report"]))
        except Refused:
            return None

    async def _offers(self, subject: Subject, one: Mapping[str, Any], options: Mapping[str, list[Option]]) -> Mapping[str, Offer]:
        acting, report, paper = self._behind.acting, one["report"], one["paper"]
        found: list[Offer | None] = [offered(acting, act, one, subject) for act in (SIGN, ISSUE)]
        if options["book"]:
            found.append(offered(acting, NUMBER_IT, one, subject))
        if paper is not None:
            first = {"recipient": _first(options["recipient"]), "place": "cong_thong_tin", "purpose": ADDRESSED}
            waiting = next((each["recipient"] for each in paper["recipients"] if each["sent_on"] and not each["delivered"]), None)
            found.append(await acting.offer(DISPATCH, report, 0, subject, first=first))
            found.append(await acting.offer(ACKNOWLEDGE, report, 0, subject, first={"recipient": waiting}))
            content = paper["content"]
            found.append(
                await acting.offer(PUBLISH, report, 0, subject, first=first, content=content, redacted=False) if content else None
            )
            found += [await acting.offer(act, report, 0, subject) for act in (RECALL, SUPERSEDE)]
            if (
                paper["state"] in COPIED_IN and attaching(subject, one["office"]).allowed
            ):  # only with the file could it be rehearsed
                found.append(Offer(act=ATTACH, thing=report, version=0))
        return {each.act.name: each for each in found if each is not None}

    async def _options(self, subject: Subject, one: Mapping[str, Any], directory: Directory) -> Mapping[str, list[Option]]:
        """Whom it can be sent to, those of its list that it was not sent to ahead; the books that can number it."""
        paper = one["paper"]
        lines = paper["recipients"] if paper else []
        ordered = sorted(lines, key=lambda line: (line["sent_on"] is not None, not line["mandatory"]))
        books: list[Option] = []
        try:
            kept = await self._behind.queries.papers.registers(subject, one["office"], self._behind.acting.today.year)
            books = [Option(each.book, each.pattern) for each in kept]
        except Unknown:
            pass
        return {
            "recipient": [
                Option(line["recipient"], f"{directory.label(line['recipient'])} ({line['purpose']})") for line in ordered
            ],
            "book": books,
        }


def attaching(subject: Subject, office: str) -> Decision:
    """Whether a copy that was signed outside is his to hand in."""
    return permit(subject, ATTACH_SIGNED_REPORT, office_resource(subject.tenant, office))


def _first(options: list[Option]) -> str | None:
    return options[0].value if options else None


def _capacity(subject: Subject) -> str:
    """In which capacity somebody of his post usually signs for an office."""
    usual = SigningCapacity.IN_PERSON if Role.CHIEF in subject.capacities else SigningCapacity.FOR_THE_HEAD
    return usual.value if usual.value in CAPACITIES else ""
