"""The directory, the calendar and what is due over HTTP."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.directory import commands as asked
from services.assignment.domain.reorganisation import commands as reorganisation
from services.assignment.entrypoints.api.bounds import AsOf, Commands, Id
from services.assignment.readmodel.deadlines.following import Following
from services.assignment.readmodel.deadlines.queries import MOST_DAYS, Deadlines
from shared.asof import moment_of
from shared.web.api import After, Asker
from shared.web.responses import Json

COMMANDS: Final[Commands] = (
    ("/units", asked.RegisterUnit, 201),
    ("/units/{unit}/name", asked.RenameUnit, 200),
    ("/units/{unit}/dissolution", asked.DissolveUnit, 200),
    ("/units/{unit}/aliases", asked.AddUnitAlias, 200),
    ("/units/{unit}/succession", asked.SucceedUnit, 200),
    ("/fields", asked.RegisterField, 201),
    ("/fields/{field}/leads", asked.SetFieldLead, 200),
    ("/fields/{field}/further-leads", asked.SetFurtherLeads, 200),
    ("/persons", asked.RegisterPerson, 201),
    ("/persons/{person}/unit", asked.MovePerson, 200),
    ("/persons/{person}/further-units", asked.JoinUnit, 200),
    ("/persons/{person}/further-units/{unit}/end", asked.LeaveUnit, 200),
    ("/posts", asked.CreatePost, 201),
    ("/posts/{post}/holder", asked.HoldPost, 200),
    ("/posts/{post}/vacancy", asked.VacatePost, 200),
    ("/delegations", asked.GrantDelegation, 201),
    ("/delegations/{delegation}/revocation", asked.RevokeDelegation, 200),
    ("/offices/{office}/recipients", asked.SetRecipients, 200),
    ("/offices/{office}/charges", asked.SetCharge, 200),
    ("/offices/{office}/letterhead", asked.SetLetterhead, 200),
    ("/offices/{office}/signing-keys", asked.MakeSigningKey, 201),
    ("/offices/{office}/signing-keys/{key}/retirement", asked.RetireSigningKey, 200),
    ("/rules", asked.PublishRules, 201),
    ("/party-fields", asked.SetPartyFields, 200),
    ("/checklists", asked.PublishChecklist, 201),
    ("/calendars", PublishCalendar, 201),
    ("/transfers/{about}/settlement", reorganisation.SettleTransfer, 200),
)
Days = Annotated[int | None, Query(ge=0, le=MOST_DAYS)]


def routes(router: APIRouter, deadlines: Deadlines, following: Following) -> None:
    """What is late, what waits for a decision, and how a deadline is counted."""

    @router.get("/offices/{office}/urging")
    async def urging(office: Id, subject: Asker, _at: After) -> Response:
        """The office's tasks whose day has passed, and what of the ladder of urging is due now."""
        return Json({"office": office, "tasks": await deadlines.urging(subject, office)})

    @router.get("/offices/{office}/follow-up")
    async def follow_up(office: Id, subject: Asker, _at: After, as_of: AsOf = None) -> Response:
        """All open work of the office by its day, what of the ladder is due of each, and each unit's load.

        `as_of`: an instant or a position of this log.
        """
        return Json(await following.board(subject, office, as_of=moment_of(as_of, "assignment")))

    @router.get("/offices/{office}/transfers")
    async def transfers(office: Id, subject: Asker, _at: After) -> Response:
        """The office's work of units that are no more, for which a person must name the taker."""
        return Json({"office": office, "waiting": await deadlines.queue(subject, office)})

    @router.get("/calendar/due")
    async def due(
        subject: Asker,
        _at: After,
        start: Annotated[date, Query(alias="from")],
        rule: Annotated[str | None, Query(max_length=40)] = None,
        working_days: Days = None,
        days: Days = None,
        office: Annotated[str | None, Query(max_length=32)] = None,
    ) -> Response:
        """When a deadline counted from a day falls, with every day that was counted or passed over, and why."""
        return Json(await deadlines.due(subject, start, rule=rule, working_days=working_days, days=days, office=office))

    @router.get("/calendar/before")
    async def before(subject: Asker, _at: After, day: Annotated[date, Query()]) -> Response:
        """The last working day before a day; it never rolls forward."""
        return Json(await deadlines.before(subject, day))
