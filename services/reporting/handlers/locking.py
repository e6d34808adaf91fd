"""The commands from a report's opening to its lock: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from functools import partial
from typing import Any

from services.reporting.domain.report import commands as asked
from services.reporting.domain.report import decider, states
from services.reporting.domain.report.decider import Confirming, Counting, Opening, Other
from services.reporting.domain.report.states import NoReport
from services.reporting.handlers.streams import REPORT, before, now, of_report, own_fence
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.places import OWN
from services.reporting.readmodel.reports.queries import Reports, speaking
from shared.contracts.facts import Facts
from shared.decider import Fold
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.eventlog.port import EventLog
from shared.permit import Resource

LookUp = Callable[[Asking, Facts], Awaitable[Facts]]


def handlers(tenant: str, log: EventLog, directories: Directories, reports: Reports, locking: Locking) -> list[Handler]:
    """The handlers of one tenant."""
    on_report = handling(
        streams=lambda asking: {asking.body.report: REPORT},
        resource=partial(of_report, tenant),
        decide=decider.decide,
        facts=_confirming(log, directories, reports),
        additive=True,
    )
    return [
        Handler(
            command=asked.OpenReport,
            action=asked.OPEN_REPORT,
            streams=_opened,
            resource=lambda asking, _states: Resource(tenant=tenant, office=asking.body.office),
            decide=decider.decide,
            facts=_opening(reports),
            additive=True,
        ),
        on_report(asked.ConfirmFigures, asked.CONFIRM_FIGURES, resource=partial(_of_unit, tenant)),
        on_report(asked.WithdrawConfirmation, asked.WITHDRAW_CONFIRMATION, resource=partial(_of_unit, tenant)),
        on_report(asked.WaiveConfirmation, asked.WAIVE_CONFIRMATION),
        on_report(asked.RequestLock, asked.REQUEST_LOCK),
        on_report(asked.TakeFence, asked.TAKE_FENCE),
        on_report(asked.LockData, asked.LOCK_DATA, facts=_counting(log, directories, reports, locking)),
    ]


def _opened(asking: Asking) -> dict[str, Fold[Any]]:
    body = asking.body
    own = states.report_stream(body.office, body.kind, body.year)  # what is named first is what comes of it
    return dict.fromkeys((own, *states.around(body.office, body.year)), REPORT)


def _opening(reports: Reports) -> LookUp:
    async def look_up(asking: Asking, facts: Facts) -> Facts:
        body = asking.body
        others = await reports.others(body.office)
        return Opening(**asdict(facts), planned=await reports.planned(body.office, body.year, body.kind), others=others)

    return look_up


def _confirming(log: EventLog, directories: Directories, reports: Reports) -> LookUp:
    async def look_up(asking: Asking, facts: Facts) -> Facts:
        state = await now(log, asking.body.report)
        units, former, others = frozenset[str](), states.INITIAL, dict[str, Other]()
        if not isinstance(state, NoReport):
            units = speaking(await directories.at(state.period.last), state.period.office)
            _, former = await before(log, state.period)
            others = {each.report: each for each in await reports.others(state.period.office)}
            for name in states.around(state.period.office, state.period.year):
                if not isinstance(beside := await now(log, name), NoReport):
                    others[name] = decider.other(name, beside)
            others.pop(asking.body.report, None)
        return Confirming(**asdict(facts), units=units, former=former, others=tuple(others.values()))

    return look_up


def _counting(log: EventLog, directories: Directories, reports: Reports, locking: Locking) -> LookUp:
    confirming = _confirming(log, directories, reports)

    async def look_up(asking: Asking, facts: Facts) -> Facts:
        state = await now(log, asking.body.report)
        counted = None
        if isinstance(state, states.Locking) and {fence.source for fence in state.fences} == set(decider.SOURCES):
            at = {fence.source: fence.position for fence in state.fences}
            if (own := await own_fence(log, asking.body.report, state.period.office)) is not None:
                at[OWN] = own
            name, former = await before(log, state.period)
            counted = await locking.counted(state.period, at, states.carried_over(former, name))
        # Asked last: until all is counted nobody knows what has happened to units up to the fences.
        stood = await confirming(asking, facts)
        assert isinstance(stood, Confirming)
        known = {each.name: getattr(stood, each.name) for each in fields(stood)}
        return Counting(**known, counted=counted)

    return look_up


def _of_unit(tenant: str, asking: Asking, stood: States) -> Resource:
    of = of_report(tenant, asking, stood)
    return Resource(tenant=tenant, office=of.office, units=frozenset({asking.body.unit}))
