"""What a command does to an opening balance: only a first report has one, and no more of it ends than was brought along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.reporting.domain.opening import commands as asked
from services.reporting.domain.opening.refusals import (
    LineStands,
    MoreThanRemain,
    NotTheFirstReport,
    OpeningOfAnother,
    OpeningTooLarge,
    SettledOutside,
    StockRecordedBothWays,
)
from services.reporting.domain.opening.states import Opening, opening_stream
from services.reporting.domain.report.refusals import ReportNotOpen
from services.reporting.domain.report.states import (
    Locked,
    Locking,
    NoReport,
    Open,
    Written,
    around,
    corrected_by,
    correction_of,
    first_of,
)
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.opening import LineRecorded, LineSettled, LineWithdrawn, SettlementWithdrawn, Source
from shared.contracts.refusals import Unknown

LAST_LINE: Final = 500
MOST: Final = 20_000  # matters of all lines together: each is counted like an episode
Decided = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringing(Facts):
    """Whether a report stands before this one, the directory's keys, and how many recorded opinions are open at its start."""

    preceded: bool
    fields: frozenset[str]
    units: frozenset[str]
    recorded: int


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The events of a command, by stream.

    Raises:
        Unknown, ReportNotOpen, NotTheFirstReport, OpeningOfAnother, LineStands, OpeningTooLarge, StockRecordedBothWays,
            MoreThanRemain, SettledOutside

    """
    stream = opening_stream(command.office)
    opening: Opening = states[stream]
    match command:
        case asked.RecordOpeningLine():
            assert isinstance(facts, Bringing)
            preceded = facts.preceded or _counted(command.report, states)
            return {stream: _record(command, opening, states[command.report], replace(facts, preceded=preceded))}
        case asked.WithdrawOpeningLine():
            if (line := opening.line(command.line)) is None:
                raise Unknown("line")
            report = in_force(line.recorded.report, states)
            if not isinstance(states[report], Open) or _counted(report, states):
                raise ReportNotOpen
            return {stream: [LineWithdrawn(line=command.line, reason=command.reason)]}
        case asked.SettleOpeningLine():
            return {stream: _settle(command, opening, facts)}
        case asked.WithdrawOpeningSettlement():
            return {stream: _unsettle(command, opening)}
    raise TypeError(f"an opening balance is not asked to {type(command).__name__}")


def in_force(report: str, states: Mapping[str, Any]) -> str:
    """The last report of a window, which may correct this one."""
    later = corrected_by(report)
    return report if isinstance(states.get(later, NoReport()), NoReport) else in_force(later, states)


def _counted(report: str, states: Mapping[str, Any]) -> bool:
    """Whether another report of the office, near this one, counts the lines already, or is about to.

    What a correction changes is for such a report what became known after its lock.
    """
    if correction_of(report) is not None:
        return False
    state = states[report]
    beside = around(state.period.office, state.period.year) if not isinstance(state, NoReport) else ()
    return any(isinstance(states[name], Locking | Locked | Written) for name in beside if name != report)


def _record(command: asked.RecordOpeningLine, opening: Opening, report: Any, facts: Bringing) -> Sequence[Any]:
    if isinstance(report, NoReport) or report.period.office != command.office:
        raise Unknown("report")
    if not isinstance(report, Open):
        raise ReportNotOpen
    if facts.preceded:
        raise NotTheFirstReport(report=command.report)
    if opening.report is not None and first_of(opening.report) != first_of(command.report):
        raise OpeningOfAnother(report=opening.report)
    line = LineRecorded(
        report=command.report,
        first=report.period.first,
        line=command.line,
        count=command.count,
        field=command.field,
        unit=command.unit,
        locality=command.locality,
        source=command.source,
        due=command.due,
        document=Source(
            number=command.document.number,
            dated=command.document.dated,
            name=command.document.name,
            issuer=command.document.issuer,
        ),
    )
    _refuse_unknown(line, facts)
    if (standing := opening.line(command.line)) is not None:
        if replace(standing.recorded, report=line.report) == line:
            return []
        raise LineStands(line=command.line)
    brought = sum(each.recorded.count for each in opening.lines)
    if not (1 <= command.line <= LAST_LINE and 1 <= command.count <= MOST - brought):
        raise OpeningTooLarge("count", lines=LAST_LINE, most=MOST)
    if facts.recorded:
        raise StockRecordedBothWays(count=facts.recorded)
    return [line]


def _refuse_unknown(line: LineRecorded, facts: Bringing) -> None:
    known = {"field": facts.fields, "unit": facts.units, "locality": facts.units}
    for name, keys in known.items():
        if getattr(line, name) is not None and getattr(line, name) not in keys:
            raise Unknown(name)


def _settle(command: asked.SettleOpeningLine, opening: Opening, facts: Facts) -> Sequence[Any]:
    line = opening.line(command.line)
    if line is None:
        raise Unknown("line")
    if not line.recorded.first <= command.on <= local_day(facts.now):
        raise SettledOutside("on", first=line.recorded.first.isoformat())
    if not 1 <= command.count <= line.remain:
        raise MoreThanRemain(line=command.line, remain=line.remain)
    return [
        LineSettled(
            line=command.line,
            outcome=command.outcome,
            count=command.count,
            on=command.on,
            document=command.document,
            reason=command.reason,
        )
    ]


def _unsettle(command: asked.WithdrawOpeningSettlement, opening: Opening) -> Sequence[Any]:
    line = opening.line(command.line)
    if line is None:
        raise Unknown("line")
    if not 1 <= command.settlement <= len(line.settled):
        raise Unknown("settlement")
    if not line.settled[command.settlement - 1]:
        return []  # it was withdrawn before
    return [SettlementWithdrawn(line=command.line, settlement=command.settlement, reason=command.reason)]
