"""The page of a report until its lock: its state, what blocks the lock, the words of the units, how far the fences are."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from services.reporting.domain.document.stage import Stage
from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.reports.acts import CONFIRM, LOCK, TOLD, WAIVE, WITHDRAW
from services.reporting.entrypoints.pages.said import on_day, when
from services.reporting.readmodel.access import OPEN_FIGURES, office_resource
from services.reporting.readmodel.forms import Table
from shared.identity.sessions import Session
from shared.permit import Subject, permit
from shared.web.acting import new_key, tried
from shared.web.acts import Offer, Option, Tried
from shared.web.pages import Pages

PAGE: Final = "reporting/reports/progress.html"
AGAIN_SECONDS: Final = 2


class Progress:
    """How far a report is."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._behind = pages, behind

    async def show(self, request: Request, session: Session, one: Mapping[str, Any], refused: Tried | None = None) -> Response:
        """The page; while the figures are being locked it asks again by itself."""
        subject, report = session.subject, one["report"]
        silent = [each["unit"] for each in one["units"] if each["word"] is None]
        offers: list[Offer | None] = [await self._behind.acting.offer(LOCK, report, 0, subject, told=TOLD)]
        if silent:
            offers.append(await self._behind.acting.offer(WAIVE, report, 0, subject, first={"unit": silent[0]}))
        lock = one["lock"]
        answer = self._pages.show(
            request,
            PAGE,
            status=refused.status if refused is not None else 200,
            session=session,
            one=one,
            tables=[each.value for each in Table],
            offers={each.act.name: each for each in offers if each is not None},
            reasons={
                each.act.name: tried(request, each.act, report, {}, each.waits).told
                for each in offers
                if each is not None and each.waits is not None
            },
            words=await self._words(subject, one),
            options={"unit": [Option(each["unit"], each["label"]) for each in one["units"] if each["word"] is None]},
            counts={word: sum(each["word"] == word for each in one["units"]) for word in ("confirmed", "waived", None)},
            differs=await self._behind.queries.locking.differs(one) if lock else {},
            may_open=permit(subject, OPEN_FIGURES, office_resource(subject.tenant, one["office"])).allowed,
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
            when=when,
            on_day=on_day,
        )
        if one["state"] == Stage.LOCKING and refused is None:
            answer.headers["Refresh"] = str(AGAIN_SECONDS)
        return answer

    async def _words(self, subject: Subject, one: Mapping[str, Any]) -> Mapping[str, Offer]:
        """What somebody can say for each of his units now: that it has nothing more to enter, or that it has after all."""
        own = {subject.unit, *(each.unit for each in subject.delegated)}
        found = {}
        for each in one["units"]:
            if each["unit"] in own:
                act = CONFIRM if each["word"] is None else WITHDRAW
                offer = await self._behind.acting.offer(act, one["report"], 0, subject, unit=each["unit"])
                if offer is not None:
                    found[each["unit"]] = offer
        return found
