"""What several commands of the reporting service read and are about: folds, streams, resources."""

from typing import Any, Final

from services.reporting.domain.opening import states as openings
from services.reporting.domain.report import states
from services.reporting.domain.report.states import Locked, NoReport, Written
from shared.contracts.refusals import Unknown
from shared.contracts.registry import name_of_event
from shared.contracts.report import DataLocked, LockRequested
from shared.decider import Fold, load
from shared.desk import Asking, States
from shared.documents import registers
from shared.documents import states as documents
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.permit import Resource

REPORT: Final = Fold("report", states.INITIAL, states.evolve)
OPENING: Final = Fold("opening", openings.INITIAL, openings.evolve)
REGISTER: Final = Fold("register", registers.INITIAL, registers.evolve)
Folds = dict[str, Fold[Any]]


async def now(log: EventLog, report: str) -> states.Report:
    """How a report stands."""
    state: states.Report = (await load(log, {report: REPORT}))[report].state
    return state


async def lock_of(log: EventLog, report: str) -> DataLocked:
    """What a report's figures were locked on; its state keeps only what decisions need."""
    events = [codec.decode(each.type, each.schema_version, each.data) for each in await log.read_stream(report)]
    return next(event for event in events if isinstance(event, DataLocked))


async def own_fence(log: EventLog, report: str, office: str) -> int | None:
    """Up to where a lock counts reporting's own log: until it was asked for; None where the office brought nothing along."""
    stream = openings.opening_stream(office)
    if not (await load(log, {stream: OPENING}))[stream].state.lines:
        return None
    told = [each for each in await log.read_stream(report) if each.type == name_of_event(LockRequested)]
    return told[-1].position


async def before(log: EventLog, period: states.Period) -> tuple[str, states.Report]:
    """The report before and its name, where its window adjoins; else none. Corrected, it is the last one that is locked."""
    for name in states.formers_of(period):
        former = await now(log, name)
        if states.adjoins(former, period):
            return await _in_force(log, name, former)
    return "", states.INITIAL


async def _in_force(log: EventLog, name: str, report: states.Report) -> tuple[str, states.Report]:
    correction = await now(log, states.corrected_by(name))
    if isinstance(correction, NoReport):
        return name, report
    later, found = await _in_force(log, states.corrected_by(name), correction)
    return (later, found) if isinstance(found, Locked | Written) else (name, report)


def of_report(tenant: str, asking: Asking, stood: States) -> Resource:
    """A report as permission sees it; whom its paper was sent to has a part in it.

    Raises:
        Unknown

    """
    report, paper = stood[asking.body.report], stood.get(states.paper_of(asking.body.report), documents.INITIAL)
    if isinstance(report, NoReport):
        raise Unknown("report")
    sent_to = [] if isinstance(paper, documents.NoDocument) else [each.recipient for each in paper.paper.sendings]
    return Resource(tenant=tenant, office=report.period.office, units=frozenset(sent_to))
