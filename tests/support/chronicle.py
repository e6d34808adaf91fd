"""Everything that was appended to the logs, folded as it came, append by append: what invariants are asserted over."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from services.assignment.domain.case import states as cases
from services.assignment.domain.task import states as tasks
from services.assignment.handlers import FOLDS as ASSIGNMENT
from services.intake.handlers import FOLDS as INTAKE
from shared.contracts import case, directory, opinion
from shared.decider import Fold
from shared.eventlog.records import Recorded

FOLDS: Final[Mapping[str, Fold[Any]]] = {**INTAKE, **ASSIGNMENT}
BEGINNINGS: Final = (opinion.OpinionReceived, opinion.OpinionSplitOff, case.CaseSplitOff, case.CaseReopened)
ENDS: Final[Mapping[type, str]] = {
    opinion.OpinionRejected: "D",
    opinion.OpinionForwarded: "E",
    opinion.OpinionDiverted: "E",
    opinion.OpinionWithdrawn: "F",
    opinion.OpinionMerged: "G",
    opinion.OpinionSplit: "split",
    case.CaseRejected: "D",
    case.CaseForwarded: "E",
    case.CaseDiverted: "E",
    case.CaseWithdrawn: "F",
    case.CaseMerged: "G",
    case.CaseSplit: "split",
    case.CaseResolved: "I",
}
UNMERGED: Final = (opinion.OpinionUnmerged, case.CaseUnmerged)


@dataclass(frozen=True, slots=True)
class Appended:
    """One command's events, and the states around it."""

    events: tuple[Recorded, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def of(self, *types: type) -> list[Recorded]:
        return [each for each in self.events if isinstance(each.event, types)]

    @property
    def capacity(self) -> str:
        return str(self.events[0].metadata["capacity"])


@dataclass(slots=True)
class Episode:
    """One handling of a matter, from the raw facts alone."""

    id: str
    unit: str  # that took it in
    ending: str | None = None  # how it stands now: none is open
    ended: int = 0  # how often it was said to end, merges that were undone aside


@dataclass(slots=True)
class Chronicle:
    """What the streams fold to, and the episodes as counted from the facts themselves."""

    states: dict[str, Any] = field(default_factory=dict)
    history: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    episodes: dict[str, Episode] = field(default_factory=dict)

    def copy(self) -> "Chronicle":
        history: dict[str, list[Recorded]] = defaultdict(list)
        history.update({stream: list(events) for stream, events in self.history.items()})
        return Chronicle(dict(self.states), history, dict(self.episodes))

    def take_in(self, news: Iterable[Recorded]) -> Iterator[Appended]:
        """Fold what came, one append after the other."""
        for _, group in groupby(news, key=lambda each: (each.record.log, each.metadata["command"])):
            events = tuple(group)
            before = {each.stream: self.state(each.stream) for each in events}
            before |= self._about(events)
            for each in events:
                self.states[each.stream] = _fold(each.stream).evolve(self.state(each.stream), each.event)
                self.history[each.stream].append(each)
                self._count(each)
            yield Appended(events, before, {stream: self.state(stream) for stream in before})

    def state(self, stream: str) -> Any:
        return self.states[stream] if stream in self.states else _fold(stream).initial

    def of_kind(self, kind: str) -> dict[str, Any]:
        return {stream: state for stream, state in self.states.items() if stream.startswith(f"{kind}-")}

    @property
    def cases(self) -> dict[str, Any]:
        return self.of_kind("case")

    @property
    def open_cases(self) -> dict[str, Any]:
        return {stream: state for stream, state in self.cases.items() if isinstance(state, cases.OPEN)}

    @property
    def tasks(self) -> dict[str, Any]:
        return self.of_kind("task")

    @property
    def open_tasks(self) -> dict[str, Any]:
        return {stream: state for stream, state in self.tasks.items() if tasks.is_open(state)}

    def events(self, *types: type) -> list[Recorded]:
        return [each for events in self.history.values() for each in events if isinstance(each.event, types)]

    def _about(self, events: Sequence[Recorded]) -> dict[str, Any]:
        """The states of what an append speaks of and need not move: cases put to a session, the case of a task, settled work."""
        found: dict[str, Any] = {}
        for each in events:
            if each.stream.startswith("session-"):
                puts = getattr(self.state(each.stream), "puts", {})
                found |= {stream: self.state(stream) for stream in puts}
            given = getattr(getattr(self.state(each.stream), "work", None), "given", None)
            if given is not None and given.case is not None:
                found[given.case] = self.state(given.case)
            if isinstance(each.event, directory.TransferSettled):
                found[each.event.about] = self.state(each.event.about)
        return found

    def _count(self, each: Recorded) -> None:
        event, stream = each.event, each.stream
        raised = isinstance(event, case.CaseOpened) and event.session is not None
        if isinstance(event, BEGINNINGS) or raised:
            unit = event.unit if hasattr(event, "unit") else self.state(stream).matter.unit
            assert event.episode not in self.episodes, f"{event.episode} begins twice"
            self.episodes[event.episode] = Episode(event.episode, unit)
        elif type(event) in ENDS:
            episode = self.episodes[event.episode]
            episode.ending, episode.ended = ENDS[type(event)], episode.ended + 1
        elif isinstance(event, UNMERGED):
            episode = self.episodes[event.episode]
            assert episode.ending == "G", f"{event.episode} was not merged"
            episode.ending, episode.ended = None, episode.ended - 1


def _fold(stream: str) -> Fold[Any]:
    return FOLDS[stream.partition("-")[0]]
