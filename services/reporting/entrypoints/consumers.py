"""When a source has put up its fence, then the figures are locked once all stand; when a report is issued, its files are kept.

Both by design decision 16.
"""

from collections.abc import Sequence
from typing import Any, Final

from services.reporting.domain.document.commands import KeepReport
from services.reporting.domain.report.commands import LockData, TakeFence
from services.reporting.domain.report.states import report_of
from shared.contracts.document import DocumentIssued
from shared.contracts.fence import LogFenced
from shared.desk import name_of
from shared.eventlog.records import Recorded
from shared.permit import Subject
from shared.subscriptions.declared import Process, Reaction

NAME: Final = "lock-reports"
KEEPER: Final = "keep-issued-reports"


def lock_reports(recorded: Recorded) -> Sequence[Reaction]:
    """Take the fence, then lock: the last fence to come is the one with which it is done."""
    event = recorded.event
    if not isinstance(event, LogFenced):
        return []
    fence = {"report": event.report, "source": recorded.record.service, "position": recorded.position}
    return [_asked(recorded, TakeFence, fence), _asked(recorded, LockData, {"report": event.report})]


def keep_issued(recorded: Recorded) -> Sequence[Reaction]:
    """Keep what was issued as it was issued."""
    if not isinstance(recorded.event, DocumentIssued):
        return []
    return [_asked(recorded, KeepReport, {"report": report_of(recorded.stream)}, KEEPER)]


def _asked(recorded: Recorded, command: type, body: dict[str, Any], name: str = NAME) -> Reaction:
    subject = Subject.house(name, tenant=recorded.record.tenant, office=str(recorded.metadata["office"]))
    return Reaction(command=name_of(command), body=body, subject=subject)


LOCK_REPORTS: Final = Process(name=NAME, sources=("intake", "assignment"), events=frozenset({"log.fenced"}), react=lock_reports)
KEEP_ISSUED: Final = Process(name=KEEPER, sources=("reporting",), events=frozenset({"document.issued"}), react=keep_issued)
