"""What `do` does with a checked script: one line after the other, each at its own instant, each once."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Protocol

from deploy.script import Line, Names, WrongScript, body_of, check
from deploy.timekeeping import Timed, reach
from shared import commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a line. `replayed`: it had been performed before."""

    stream: str
    version: int
    replayed: bool
    answer: Mapping[str, Any]


def by_rule(rule: Sequence[str]) -> str:
    """The rules of a refusal as they stand behind its sentence; nothing where it is one of form."""
    return f" Rule: {', '.join(rule)}." if rule else ""


class LineRefused(Exception):
    """The house refused a line; `problem` is the refusal as problem details."""

    def __init__(self, line: Line, problem: Mapping[str, Any]) -> None:
        self.line, self.problem = line, problem
        field = problem.get("field") or ""
        where = field and (f", {field}" if field == "occurred_at" else f", data.{field}")
        super().__init__(
            f"line {line.number}{where}: {line.command} refused ({problem['code']}): "
            f"{problem['titles']['en']}. {problem['advice']['en']}".rstrip()
            + by_rule(problem.get("rule", ()))
        )


class Halted(Exception):
    """Subscriptions of the house have stopped: what was performed now would reach neither read models nor reactions."""

    def __init__(self, subscriptions: Sequence[str]) -> None:
        super().__init__(f"{', '.join(subscriptions)}; nothing was performed: `doithoai doctor` says how to mend it")


class Performer(Timed, Protocol):
    """The house a script is performed in: this process's own, or one reached over HTTP."""

    async def halted(self) -> Sequence[str]:
        """Subscriptions that have stopped, each with the reason."""
        ...

    async def known(self) -> Mapping[str, type]:
        """Every command's class by its name on the wire."""
        ...

    async def script_clock(self) -> bool: ...

    async def performed(self, command_ids: Sequence[str]) -> AbstractSet[str]:
        """Those of `command_ids` that stand in a log."""
        ...

    async def ask(self, line: Line, body: commands.Body) -> Outcome:
        """Perform one line.

        Raises:
            LineRefused

        """
        ...


@dataclass(slots=True, kw_only=True)
class Tally:
    """How a script went: lines performed now, lines found done, numbers of those taken to have changed nothing back then."""

    done: int = 0
    found: int = 0
    unchanged: list[int] = field(default_factory=list)


Advance = Callable[[Line], None]


async def perform(lines: Sequence[Line], house: Performer, *, advance: Advance = lambda _line: None) -> Tally:
    """Perform every line that has not been performed; a second run changes nothing. `advance` hears of every line behind us.

    Raises:
        WrongScript: a line that cannot be performed as written; nothing of it was done, the lines above stand.
        LineRefused: the same, by a rule of the house.
        Halted: before anything was done.

    """
    if halted := await house.halted():
        raise Halted(halted)
    known = await house.known()
    timed = await house.script_clock()
    check(lines, known, script_clock=timed)
    before = await house.performed([line.command_id for line in lines])
    last = max((n for n, line in enumerate(lines) if line.command_id in before), default=-1)
    names, tally = Names(), Tally()
    for n, line in enumerate(lines):
        if line.command_id not in before:
            if timed and await _is_past(house, line):
                _refuse_unless_it_changed_nothing(line, performed_further=n < last)
                tally.unchanged.append(line.number)
                advance(line)
                continue
            await (reach(house, line.at) if line.at is not None else house.drain())
        outcome = await house.ask(line, body_of(line, known[line.command], names.resolve(line)))
        names.learn(line, outcome.stream, outcome.answer)
        tally.found += outcome.replayed
        tally.done += not outcome.replayed
        advance(line)
    await house.drain()
    return tally


async def _is_past(house: Performer, line: Line) -> bool:
    return line.at is not None and line.at < await house.now()


def _refuse_unless_it_changed_nothing(line: Line, *, performed_further: bool) -> None:
    # A command that changes nothing leaves no trace, so a line passed over by an earlier run is taken for one;
    # a line that creates something would have left one, so it is new and too late.
    if line.name is not None or not performed_further:
        raise WrongScript(line.number, "at", "lies before the time this installation has reached: give it a later one")
