"""What an office brought along: its lines, and how many are left of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from shared.contracts.opening import LineRecorded, LineSettled, LineWithdrawn, SettlementWithdrawn


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was recorded, and how many each settlement of it ended; 0 once that was withdrawn."""

    recorded: LineRecorded
    settled: tuple[int, ...] = ()

    @property
    def remain(self) -> int:
        """How many are left."""
        return self.recorded.count - sum(self.settled)


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines that stand; all of one report."""

    lines: tuple[Line, ...] = ()

    @property
    def report(self) -> str | None:
        """The report they are brought into; None without a line."""
        return self.lines[0].recorded.report if self.lines else None

    def line(self, number: int) -> Line | None:
        """The line of that number, if it stands."""
        return next((each for each in self.lines if each.recorded.line == number), None)


INITIAL: Final = Opening()


def opening_stream(office: str) -> str:
    """The stream of an office's opening balance: `opening-VPUB`."""
    return f"opening-{office}"


def evolve(state: Opening, event: Any) -> Opening:
    """The opening balance after `event`."""
    match event:
        case LineRecorded():
            return Opening((*state.lines, Line(event)))
        case LineWithdrawn():
            return Opening(tuple(each for each in state.lines if each.recorded.line != event.line))
        case LineSettled():
            return _with(state, event.line, lambda settled: (*settled, event.count))
        case SettlementWithdrawn():
            at = event.settlement - 1
            return _with(state, event.line, lambda settled: (*settled[:at], 0, *settled[at + 1 :]))
    return state


def _with(state: Opening, line: int, settled: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Opening:
    changed = (replace(each, settled=settled(each.settled)) if each.recorded.line == line else each for each in state.lines)
    return Opening(tuple(changed))
