"""What an office brought along: its lines, and how many are left of each."""

from dataclasses import dataclass, replace
from typing import Any, Final

from shared.contracts.opening import LineRecorded, LineSettled, LineWithdrawn


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was recorded, and how many of it have ended."""

    recorded: LineRecorded
    settled: int = 0

    @property
    def remain(self) -> int:
        """How many are left."""
        return self.recorded.count - self.settled


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
            return Opening(tuple(_settled(each, event) for each in state.lines))
    return state


def _settled(line: Line, event: LineSettled) -> Line:
    return replace(line, settled=line.settled + event.count) if line.recorded.line == event.line else line
