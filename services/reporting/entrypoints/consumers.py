"""Once the fences of all sources stand, figures are locked; once a report is issued, it is kept (design decision 16)."""

from collections.abc import Sequence
from typing import Any, Final

from services.reporting.domain.document.commands import KeepReport
from services.reporting.domain.report.commands import LockData, TakeFence
from services.reporting.domain.report.states import report_of
from shared.contracts.fence import LogFenced
from shared.desk import name_of
from shared.eventlog.records import Recorded
from shared.papers.keeping import keep_issued
from shared.permit import Subject
from shared.subscriptions.declared import Process, Reaction

NAME: Final = "lock-reports"


def lock_reports(recorded: Recorded) -> Sequence[Reaction]:
    """Take the fence, then lock: the last fence to come is the one with which it is done."""
    event = recorded.event
    if not isinstance(event, LogFenced):
        return []
    fence = {"report": event.report, "source": recorded.record.service, "position": recorded.position}
    return [_asked(recorded, TakeFence, fence), _asked(recorded, LockData, {"report": event.report})]


def _asked(recorded: Recorded, command: type, body: dict[str, Any]) -> Reaction:
    subject = Subject.house(NAME, tenant=recorded.record.tenant, office=str(recorded.metadata["office"]))
    return Reaction(command=name_of(command), body=body, subject=subject)


LOCK_REPORTS: Final = Process(name=NAME, sources=("intake", "assignment"), events=frozenset({"log.fenced"}), react=lock_reports)
KEEP_ISSUED: Final = keep_issued("reporting", KeepReport, lambda document: {"report": report_of(document)})
