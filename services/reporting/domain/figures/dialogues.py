"""Biểu 01: dialogues by track and trigger, and what became of the opinions put there (year walkthrough §4)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from services.reporting.domain.figures.lineage import Adjustment, Verdict, adjusting
from services.reporting.domain.figures.steps import Step, by_stream, first
from services.reporting.domain.figures.tallies import Tally, Why, of_stream
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
TOTAL: Final = "total"
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
WHY: Final[Mapping[Adjustment, Why]] = {Adjustment.LATE: Why.LATE, Adjustment.MOVED: Why.MOVED}
SENSELESS: Final = frozenset({(Track.STAFF, Trigger.ON_REQUEST), (Track.PEOPLE, Trigger.PERIODIC)})


@dataclass(slots=True)
class Dialogue:
    """A dialogue session, as far as it is known."""

    session: str
    track: str
    trigger: str | None
    origin: str
    scheduled: date  # the day first fixed
    due: int  # from when it is to be held: the day first fixed or, told only after that day, when it was proposed
    proposed: Step
    postponed: Step | None = None
    held: Step | None = None
    cancelled: Step | None = None
    attended: Step | None = None
    puts: dict[str, tuple[str, Step]] = field(default_factory=dict)  # by case: the episode put there, and by which step
    outcomes: dict[str, Step] = field(default_factory=dict)  # by case

    @property
    def row(self) -> str:
        """The row of the form it stands in."""
        return row_of(self.track, self.trigger)

    @property
    def place(self) -> str:
        """The row that counts it: its own or, of the Chairman's, the one outside the form."""
        return Track.CHAIRMAN.value if self.track == Track.CHAIRMAN else self.row

    @property
    def heads(self) -> int:
        """How many attended, as far as it was recorded."""
        return int(self.attended.said["heads"]) if self.attended is not None else 0

    @property
    def ended(self) -> Step | None:
        """By which step it was held or cancelled, the earlier of both."""
        ends = [step for step in (self.held, self.cancelled) if step is not None]
        return min(ends, key=lambda step: step.at, default=None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Conclusions as issued."""

    session: str | None
    issued: Step


@dataclass(slots=True)
class Line:
    """One row of the form, and what its columns are made of."""

    key: str
    n: Counter[str] = field(default_factory=Counter)
    tallies: list[Tally] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # dialogues that are told two ways

    def take(self, found: Iterable[Tally]) -> None:
        """Count these too."""
        for each in found:
            self.n[each.column] += each.n
            self.tallies.append(replace(each, row=self.key))

    def holds(self, place: str) -> bool:
        """Whether it counts what stands in the row `place`."""
        return place != Track.CHAIRMAN.value if self.key == TOTAL else place == self.key

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

    rows: dict[str, Line]
    total: Line
    chairman: Line

    def lines(self, dialogue: Dialogue) -> tuple[Line, ...]:
        """The lines that count a dialogue."""
        if dialogue.track == Track.CHAIRMAN:
            return (self.chairman,)
        return self.rows.setdefault(dialogue.row, Line(dialogue.row)), self.total

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
        scheduled = date.fromisoformat(said["scheduled"])
        due = max(begins(scheduled), proposed.at)
        found[stream] = Dialogue(stream, said["track"], said["trigger"], said["origin"], scheduled, due, proposed)
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
    form = Form({}, Line(TOTAL), Line(Track.CHAIRMAN.value))
    heard: set[str] = set()
    for dialogue in sorted(dialogues.values(), key=lambda each: (each.held.at if each.held else 0, each.session)):
        counted = _standing(dialogue, window) + _opinions(dialogue, window, heard)
        told_twice = dialogue.held is not None and dialogue.cancelled is not None
        unsettled = dialogue.held is not None and set(dialogue.puts) != set(dialogue.outcomes)
        for line in form.lines(dialogue) if counted else ():
            # What an earlier window put off is told by the report before, where there is one.
            line.take(each for each in counted if before is None or each.column != "0")
            if told_twice or unsettled:
                line.wrong.append(dialogue.session)
    for notice in notices:
        of = dialogues.get(notice.session or "")
        if of is not None and window.begin <= notice.issued.at < window.end:
            for line in form.lines(of):
                line.take([of_stream("", "11", Why.ISSUED, notice.issued)])
    if before is not None:
        _carry_over(form, dialogues, before, window)
    return form


def why_not(dialogue: Dialogue, window: Window) -> Verdict:
    """Why the window counts none of a dialogue; counted where it does."""
    if dialogue.ended is not None and dialogue.ended.at < window.begin:
        return Verdict.ENDED_BEFORE
    return Verdict.COUNTED if _standing(dialogue, window) else Verdict.NOT_BEGUN


def _carry_over(form: Form, dialogues: Mapping[str, Dialogue], before: Mapping[str, Dialogue], window: Window) -> None:
    """Count in (0) what the report before put off, and in (0′) what is known otherwise now, by the rule of A and A′."""
    left = {name: each for name, each in before.items() if each.due < window.begin and each.ended is None}
    now = {name: each for name, each in dialogues.items() if any(t.column == "0" for t in _standing(each, window))}
    for dialogue in left.values():
        for line in form.lines(dialogue):
            line.take([of_stream("", "0", Why.LEFT_OPEN, dialogue.postponed or dialogue.proposed)])
    for name in sorted({*left, *now}):
        stands, stood = [each[name].place if name in each else None for each in (now, left)]
        latest = dialogues.get(name) or left[name]
        for line in (*form.rows.values(), form.total, form.chairman):
            changed = adjusting(stands, stood, line.holds)
            if changed is not None:
                line.take([of_stream("", "0'", WHY[changed[1]], latest.ended or latest.proposed, changed[0])])


def _went_on(dialogue: Dialogue, step: Step) -> None:
    said: Mapping[str, Any] = step.said
    match step.kind:
        case "session.case_linked" | "session.item_raised":
            dialogue.puts[said["case"]] = (said["episode"], step)
        case "session.case_unlinked":
            dialogue.puts.pop(said["case"], None)
            dialogue.outcomes.pop(said["case"], None)
        case "session.item_split":
            dialogue.puts.pop(said["case"], None)
            dialogue.outcomes.pop(said["case"], None)
            dialogue.puts |= {child: (f"{child.partition('-')[2]}/1", step) for child in said["children"]}
        case "session.outcome_recorded":
            dialogue.outcomes[said["case"]] = step
        case "session.attendance_recorded":
            dialogue.attended = step
        case "session.postponed":
            dialogue.postponed = step
        case "session.held":
            dialogue.held = step
        case "session.cancelled":
            dialogue.cancelled = step


def _standing(dialogue: Dialogue, window: Window) -> list[Tally]:
    """Columns (0) to (6). A dialogue belongs to the window of the day first fixed, or in which it ended before that day."""
    ended, proposed = dialogue.ended, dialogue.proposed
    in_window = ended is not None and window.begin <= ended.at < window.end
    if ended is not None and ended.at < window.begin:
        return []
    moved = dialogue.postponed or proposed
    planned = "1" if dialogue.origin in PLANNED else "2"
    if dialogue.due < window.begin:
        found = [of_stream("", "0", Why.PUT_OFF, moved)]
    elif dialogue.due < window.end:
        late = dialogue.due == proposed.at and begins(dialogue.scheduled) < proposed.at
        found = [of_stream("", planned, Why.PROPOSED if late else Why.SCHEDULED, proposed)]
    elif in_window and ended is not None:
        found = [of_stream("", planned, Why.ENDED_EARLY, ended)]
    else:
        return []
    if not in_window:
        return [*found, of_stream("", "4", Why.POSTPONED if dialogue.postponed else Why.NOT_ENDED, moved)]
    if dialogue.held is not None:
        found.append(of_stream("", "3", Why.HELD, dialogue.held))
        if dialogue.attended is not None:
            found.append(of_stream("", "6", Why.ATTENDED, dialogue.attended, dialogue.heads))
    if dialogue.cancelled is not None:
        found.append(of_stream("", "5", Why.CANCELLED, dialogue.cancelled))
    return found


def _opinions(dialogue: Dialogue, window: Window, heard: set[str]) -> list[Tally]:
    """Columns (7) to (10c), of dialogues held in the window: each opinion once, where it first had its outcome."""
    found: list[Tally] = []
    if dialogue.held is None:
        return found
    for case, (episode, put) in dialogue.puts.items():
        if episode in heard:
            continue
        heard.add(episode)
        if window.begin <= dialogue.held.at < window.end:
            found.append(Tally("", "7", episode, 1, Why.RAISED, put, (dialogue.session,)))
            outcome = dialogue.outcomes.get(case)
            column = OUTCOMES.get(outcome.said["outcome"]) if outcome is not None else None
            if outcome is not None and column is not None:
                found.append(Tally("", column, episode, 1, Why.CONCLUDED, outcome, (dialogue.session,)))
    return found
