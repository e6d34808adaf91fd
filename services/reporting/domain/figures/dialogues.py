"""Biểu 01: dialogues by track and trigger, and what became of the opinions put there (year walkthrough §4)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from services.reporting.domain.figures.steps import Step, by_stream, first
from services.reporting.domain.figures.window import Window, begins
from shared.contracts.session import Origin, Outcome, Track, Trigger

COLUMNS: Final = ("0", "0'", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10a", "10b", "10c", "11")
OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.ANSWERED: "8",
    Outcome.TAKEN_ON_BOARD: "8",
    Outcome.DIRECTED: "9",
    Outcome.NOT_ACCEPTED: "10a",
    Outcome.PASSED_ON: "10b",
    Outcome.MERGED: "10c",
    Outcome.WITHDRAWN: "10c",
}
PLANNED: Final = frozenset({Origin.PLAN, Origin.RECURRENCE})
# The rows of the form; those of no sense are printed "x" (reading rule 2: staff do not ask, people have no periodic ones).
ROWS: Final = (
    (Track.STAFF, Trigger.PERIODIC),
    (Track.STAFF, Trigger.AD_HOC),
    (Track.STAFF, Trigger.ON_REQUEST),
    (Track.PEOPLE, Trigger.ON_REQUEST),
    (Track.PEOPLE, Trigger.AD_HOC),
    (Track.PEOPLE, Trigger.PERIODIC),
)
SENSELESS: Final = frozenset({(Track.STAFF, Trigger.ON_REQUEST), (Track.PEOPLE, Trigger.PERIODIC)})


@dataclass(slots=True)
class Dialogue:
    """A dialogue session, as far as it is known."""

    session: str
    track: str
    trigger: str | None
    origin: str
    due: int  # from when it is to be held: the day first fixed or, told only after that day, when it was proposed
    held: int | None = None
    cancelled: int | None = None
    heads: int = 0
    puts: dict[str, str] = field(default_factory=dict)  # the episode of each case put there, by case
    outcomes: dict[str, str] = field(default_factory=dict)  # by case

    @property
    def row(self) -> str:
        """The row of the form it stands in."""
        return row_of(self.track, self.trigger)

    @property
    def ended(self) -> int | None:
        """When it was held or cancelled."""
        return min((at for at in (self.held, self.cancelled) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Conclusions as issued."""

    session: str | None
    issued: int


@dataclass(slots=True)
class Line:
    """One row of the form."""

    key: str
    n: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)  # dialogues that are told two ways
    put_off: int = 0  # by the report before

    def columns(self) -> dict[str, int]:
        """All columns."""
        return {column: self.n[column] for column in COLUMNS}

    def broken(self) -> tuple[str, ...]:
        """The identities that do not hold, by name."""
        n = self.n
        holds = {
            "(0) + (0') + (1) + (2) = (3) + (4) + (5)": n["0"] + n["0'"] + n["1"] + n["2"] == n["3"] + n["4"] + n["5"],
            "(7) = (8) + (9) + (10a) + (10b) + (10c)": n["7"] == n["8"] + n["9"] + n["10a"] + n["10b"] + n["10c"],
            "every dialogue has one end and every opinion one outcome": not self.wrong,
        }
        return tuple(name for name, held in holds.items() if not held)


@dataclass(frozen=True, slots=True)
class Form:
    """Biểu 01: rows by track and trigger, their total, and Track B outside it."""

    rows: Mapping[str, Line]
    total: Line
    chairman: Line

    def broken(self) -> dict[str, tuple[str, ...]]:
        """By row, the identities that do not hold."""
        found = {line.key: names for line in (*self.rows.values(), self.total, self.chairman) if (names := line.broken())}
        for track, trigger in SENSELESS:
            key = row_of(track, trigger)
            if key in self.rows:
                found[key] = (*found.get(key, ()), "there is no such dialogue")
        lines = self.rows.values()
        if any(sum(line.n[column] for line in lines) != self.total.n[column] for column in COLUMNS):
            found[self.total.key] = (*found.get(self.total.key, ()), "the rows add up to the total")
        return found


def row_of(track: str, trigger: str | None) -> str:
    """The key of a row."""
    return f"{track}/{trigger or ''}"


def dialogues_of(steps: Iterable[Step]) -> dict[str, Dialogue]:
    """The dialogues that `steps`, in any order, tell of; what has no proposal is none."""
    found = {}
    for stream, told in by_stream(steps).items():
        proposed = first(told, "session.proposed")
        if proposed is None:
            continue
        said = proposed.said
        due = max(begins(date.fromisoformat(said["scheduled"])), proposed.at)
        found[stream] = Dialogue(stream, said["track"], said["trigger"], said["origin"], due)
        for step in told:
            _went_on(found[stream], step)
    return found


def chairmans(dialogues: Iterable[Dialogue]) -> frozenset[str]:
    """The sessions of Track B: their opinions stay out of Biểu 02 to 05."""
    return frozenset(each.session for each in dialogues if each.track == Track.CHAIRMAN)


def form_01(
    dialogues: Mapping[str, Dialogue],
    notices: Iterable[Notice],
    window: Window,
    before: Mapping[str, Dialogue] | None = None,
) -> Form:
    """Count dialogues and what was concluded of them; `before` are those that the report before knew.

    What that report put off stands in (0), and what is known otherwise now in (0′).
    """
    total, chairman = Line("total"), Line(Track.CHAIRMAN.value)
    rows: dict[str, Line] = {}
    heard: set[str] = set()
    for dialogue in sorted(dialogues.values(), key=lambda each: (each.held or 0, each.session)):
        counted = _columns(dialogue, window) + _opinions(dialogue, window, heard)
        told_twice = dialogue.held is not None and dialogue.cancelled is not None
        unsettled = dialogue.held is not None and set(dialogue.puts) != set(dialogue.outcomes)
        for line in _lines(dialogue, rows, total, chairman) if +counted else ():
            line.n += counted
            if told_twice or unsettled:
                line.wrong.append(dialogue.session)
    for notice in notices:
        of = dialogues.get(notice.session or "")
        if of is not None and window.begin <= notice.issued < window.end:
            for line in _lines(of, rows, total, chairman):
                line.n["11"] += 1
    for dialogue in before.values() if before is not None else ():
        if dialogue.due < window.begin and dialogue.ended is None:
            for line in _lines(dialogue, rows, total, chairman):
                line.put_off += 1
    if before is not None:
        for line in (*rows.values(), total, chairman):
            line.n["0"], line.n["0'"] = line.put_off, line.n["0"] - line.put_off
    return Form(rows, total, chairman)


def _lines(dialogue: Dialogue, rows: dict[str, Line], total: Line, chairman: Line) -> Sequence[Line]:
    if dialogue.track == Track.CHAIRMAN:
        return (chairman,)
    return rows.setdefault(dialogue.row, Line(dialogue.row)), total


def _went_on(dialogue: Dialogue, step: Step) -> None:
    said: Mapping[str, Any] = step.said
    match step.kind:
        case "session.case_linked" | "session.item_raised":
            dialogue.puts[said["case"]] = said["episode"]
        case "session.case_unlinked":
            dialogue.puts.pop(said["case"], None)
            dialogue.outcomes.pop(said["case"], None)
        case "session.item_split":
            dialogue.puts.pop(said["case"], None)
            dialogue.outcomes.pop(said["case"], None)
            dialogue.puts |= {child: f"{child.partition('-')[2]}/1" for child in said["children"]}
        case "session.outcome_recorded":
            dialogue.outcomes[said["case"]] = said["outcome"]
        case "session.attendance_recorded":
            dialogue.heads = said["heads"]
        case "session.held":
            dialogue.held = step.at
        case "session.cancelled":
            dialogue.cancelled = step.at


def _columns(dialogue: Dialogue, window: Window) -> Counter[str]:
    """Columns (0) to (6). A dialogue belongs to the window of the day first fixed, or in which it ended before that day."""
    n: Counter[str] = Counter()
    ended = dialogue.ended
    in_window = ended is not None and window.begin <= ended < window.end
    if ended is not None and ended < window.begin:
        return n
    if dialogue.due < window.begin:
        n["0"] += 1
    elif dialogue.due < window.end or in_window:
        n["1" if dialogue.origin in PLANNED else "2"] += 1
    else:
        return n
    if not in_window:
        n["4"] += 1
        return n
    if dialogue.held is not None:
        n["3"] += 1
        n["6"] += dialogue.heads
    if dialogue.cancelled is not None:
        n["5"] += 1
    return n


def _opinions(dialogue: Dialogue, window: Window, heard: set[str]) -> Counter[str]:
    """Columns (7) to (10c), of dialogues held in the window: each opinion once, where it first had its outcome."""
    n: Counter[str] = Counter()
    if dialogue.held is None:
        return n
    for case, episode in dialogue.puts.items():
        if episode in heard:
            continue
        heard.add(episode)
        if window.begin <= dialogue.held < window.end:
            n["7"] += 1
            n[OUTCOMES.get(dialogue.outcomes.get(case, ""), "")] += 1
    n.pop("", None)
    return n
