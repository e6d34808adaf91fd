"""What is asked and what happens before a dialogue begins, for tests of it."""

from datetime import date
from typing import Any

from services.assignment.domain.session import commands as asked
from services.assignment.domain.session.preparing import GivingAttendance
from shared.contracts.opinion import SourceGroup
from shared.contracts.rules import Counting, DeadlineRule, RulesPublished
from shared.contracts.session import (
    AnswersReported,
    AttendanceAssigned,
    ReadinessWaived,
    SessionCancelled,
    SessionPostponed,
)
from tests.assignment.sittings import (
    ATTENDING,
    CONFERENCE_DAY,
    PERIODIC,
    PROGRAMME,
    announced,
    case,
    history,
    linked,
    opened,
    told,
)
from tests.assignment.stage import SESSION
from tests.support.scenario import sealed

FEB_1, FEB_3, FEB_4, FEB_7 = (date(2023, 2, day) for day in (1, 3, 4, 7))
APPROVE = asked.ApproveProgramme(session=SESSION)
ANNOUNCE = asked.AnnounceSession(session=SESSION)
LINK = asked.LinkCase(session=SESSION, case=case())
UNLINK = asked.UnlinkCase(session=SESSION, case=case())
ATTEND = asked.AssignAttendance(session=SESSION, unit="TH", people=("p-other",))
REPORT = asked.ReportAnswers(session=SESSION)
WAIVE = asked.WaiveReadiness(session=SESSION, reason=sealed(4))
POSTPONE = asked.PostponeSession(session=SESSION, to=date(2023, 7, 20), reason=sealed(5))
CANCEL = asked.CancelSession(session=SESSION, reason=sealed(6))
OPEN = asked.OpenSession(session=SESSION)
WAIVED = ReadinessWaived(by="p-chief", reason=sealed(4))
PUT_OFF = SessionPostponed(to=date(2023, 7, 20), reason=sealed(5))
PUT_OFF_WITHOUT_A_DAY = SessionPostponed(to=None, reason=sealed(5))
CALLED_OFF = SessionCancelled(reason=sealed(6))
TO_ATTEND = AttendanceAssigned(unit="TH", people=("p-other",), task=ATTENDING)
PUBLIC: dict[str, Any] = {"source_group": SourceGroup.PEOPLE}
READY = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), linked(), AnswersReported(cases=(case(),)))
UNPUT = {case(): [opened()]}


def giving(day: date, *, by: Any = told) -> Any:
    return by(day, GivingAttendance, task=ATTENDING)


def by_rules(code: str, days: int) -> dict[str, list[Any]]:
    """Rules of every office in force from 03/02/2023 that give so many days for one code."""
    given = DeadlineRule(rule=code, days=days, counting=Counting.CALENDAR_DAYS)
    return {"rules-every": [RulesPublished(office=None, version="2023.2", rules=(given,), valid_from=FEB_3)]}


def stage(*events: Any) -> Any:
    return history(*events).state(SESSION).stage
