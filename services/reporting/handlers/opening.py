"""The commands of an opening balance: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from services.reporting.domain.opening import commands as asked
from services.reporting.domain.opening import decider
from services.reporting.domain.opening.decider import Bringing
from services.reporting.domain.opening.states import opening_stream
from services.reporting.domain.report import states
from services.reporting.domain.report.states import Locked, NoReport, Written
from services.reporting.handlers.streams import OPENING, REPORT, Folds, before, now
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.reports.queries import Reports
from shared.contracts.facts import Facts
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.eventlog.port import EventLog
from shared.permit import Resource


def handlers(tenant: str, log: EventLog, directories: Directories, reports: Reports, locking: Locking) -> list[Handler]:
    """The handlers of one tenant."""
    on_opening = handling(
        streams=lambda asking: {opening_stream(asking.body.office): OPENING},
        resource=lambda asking, _states: Resource(tenant=tenant, office=asking.body.office),
        decide=decider.decide,
        additive=True,
    )
    return [
        on_opening(
            asked.RecordOpeningLine,
            asked.RECORD_OPENING_LINE,
            further=lambda asking, stood: _beside(asking.body.report, stood),
            facts=_bringing(log, directories, reports, locking),
        ),
        on_opening(asked.WithdrawOpeningLine, asked.WITHDRAW_OPENING_LINE, further=_its_report),
        on_opening(asked.SettleOpeningLine, asked.SETTLE_OPENING_LINE),
        on_opening(asked.WithdrawOpeningSettlement, asked.WITHDRAW_OPENING_SETTLEMENT),
    ]


def _its_report(asking: Asking, stood: States) -> Folds:
    """The report that a line was recorded for, those that correct it, and those around."""
    line = stood[opening_stream(asking.body.office)].line(asking.body.line)
    if line is None:
        return {}
    report = line.recorded.report
    found = _beside(report, stood)
    while not isinstance(stood.get(report, states.INITIAL), NoReport):
        report = states.corrected_by(report)
        found[report] = REPORT
    return found


def _beside(report: str, stood: States) -> Folds:
    """The report, and those around it: none of them may have counted the lines."""
    state = stood.get(report)
    found: Folds = {report: REPORT}
    if state is None or isinstance(state, NoReport):
        return found
    return found | dict.fromkeys(states.around(state.period.office, state.period.year), REPORT)


def _bringing(
    log: EventLog, directories: Directories, reports: Reports, locking: Locking
) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def look_up(asking: Asking, facts: Facts) -> Facts:
        state = await now(log, asking.body.report)
        if isinstance(state, NoReport):
            return Bringing(**asdict(facts), preceded=False, fields=frozenset(), units=frozenset(), recorded=0)
        period = state.period
        _, former = await before(log, period)
        beside = [await now(log, name) for name in states.around(period.office, period.year)]
        locked = [each.first for each in await reports.others(period.office) if each.locked]
        locked += [each.period.first for each in beside if isinstance(each, Locked | Written)]
        # A correction stands for one that is locked itself: others have begun before it, or it is of the first.
        corrects = states.correction_of(asking.body.report) is not None
        preceded = any(first < period.first or not corrects for first in locked)
        directory = await directories.at(period.last)
        return Bringing(
            **asdict(facts),
            preceded=preceded or not isinstance(former, NoReport),
            fields=frozenset(directory.fields),
            units=frozenset(directory.units),
            recorded=await locking.recorded_open(period.office, period.first),
        )

    return look_up
