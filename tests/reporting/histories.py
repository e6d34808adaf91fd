"""Random histories of opinions around the edges of a window: late facts, splits, merges undone, reopenings, sessions."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from shared.contracts import case
from shared.contracts.case import DueBase, Resolution
from shared.contracts.opinion import DivertedKind, OpinionCorrected, RejectionReason, SourceGroup
from shared.contracts.session import Track
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import SEALED, Story, at

FIRST, LAST = date(2023, 2, 1), date(2023, 2, 28)
START = at(FIRST, 0)
HOURS = st.sampled_from((0, 0, 1, 8, 24, 24, 48, 24 * 7, 24 * 20))
DAYS = st.sampled_from([FIRST + timedelta(days=n) for n in (-20, -1, 0, 1, 12, 26, 27, 28, 40)])
FIELDS = st.sampled_from(["dat-dai", "giao-thong", "khac"])
UNITS = st.sampled_from(["TCHCQT", "TH", "NC", "KT"])
SESSIONS = st.sampled_from(["session-A", "session-B"])
LATE = st.sampled_from([timedelta(0)] * 4 + [timedelta(days=9), timedelta(days=33)])


class Life:
    """One opinion as it goes on: every step happens no earlier than the one before, and is recorded when it is."""

    def __init__(self, draw: Any, story: Dialogues, name: str, when: datetime, recorded: datetime, *, plain: bool) -> None:
        self.draw, self.story, self.name, self.plain = draw, story, name, plain
        self.received, self.when, self.recorded = when, when, recorded

    def step(self) -> tuple[datetime, datetime]:
        self.when += timedelta(hours=self.draw(HOURS))
        self.recorded = max(self.recorded, self.when + self.draw(LATE))
        return self.when, self.recorded

    def decide(self, event: object) -> None:
        when, recorded = self.step()
        self.story.decided(self.name, event, when, recorded, self.draw(UNITS))

    def go_on(self, *, may_split: bool) -> None:
        if not self.plain and self.draw(st.booleans()):
            when, recorded = self.step()
            source, locality = self.draw(st.none() | st.sampled_from(SourceGroup)), self.draw(st.none() | st.just("MCH"))
            corrected = OpinionCorrected(
                corrects=1, channel=None, source_group=source, locality=locality, words=None, reason=SEALED
            )
            self.story.tell(f"opinion-{self.name}", corrected, when, recorded)
        while self.draw(st.booleans()):
            when, recorded = self.step()
            due, area, unit = self.draw(DAYS), self.draw(FIELDS), self.draw(UNITS)
            self.story.classified(self.name, when, due, area=area, recorded=recorded, unit=unit)
        match self.draw(st.sampled_from(["open", "D", "E1", "E2", "F", "G", "case", "case", "split"])):
            case "D":
                when, recorded = self.step()
                self.story.rejected(self.name, when, self.draw(UNITS), recorded)
            case "E1":
                when, recorded = self.step()
                self.story.forwarded(self.name, when, unit=self.draw(UNITS), recorded=recorded)
            case "E2":
                when, recorded = self.step()
                self.story.diverted(self.name, when, self.draw(UNITS), recorded)
            case "F":
                when, recorded = self.step()
                self.story.withdrawn(self.name, when, recorded)
            case "G":
                when, recorded = self.step()
                self.story.merged(self.name, "X0", when, recorded)
                if not self.plain and self.draw(st.booleans()):
                    when, recorded = self.step()
                    self.story.unmerged(self.name, "X0", when, recorded)
                    self.go_on(may_split=False)
            case "case":
                self.answer(may_split=may_split)
            case "split" if may_split:
                self.split()

    def answer(self, *, may_split: bool = False) -> None:
        while self.draw(st.booleans()):
            self.handle()
        if self.draw(st.booleans()):
            return
        if not self.plain and self.draw(st.booleans()):
            self.end_otherwise(may_split=may_split)
            return
        when, recorded = self.step()
        self.story.resolved(self.name, when, self.draw(DAYS), how=self.draw(st.sampled_from(Resolution)), recorded=recorded)
        if self.draw(st.booleans()):
            when, recorded = self.step()
            again = self.draw(st.none() | UNITS)
            self.story.reopened(self.name, when, self.draw(DAYS), lead=again, area=self.draw(FIELDS), recorded=recorded)
            if self.draw(st.booleans()):
                when, recorded = self.step()
                self.story.resolved(self.name, when, self.draw(DAYS), turn=2, recorded=recorded)

    def handle(self) -> None:
        lead, episode = self.draw(UNITS), f"{self.name}/1"
        steps = ["assigned", "assigned", "handed_back"]
        if not self.plain:
            steps += ["transferred", "recalled", "reclassified", "due_set", "extended", "extended", "linked", "unlinked"]
        match self.draw(st.sampled_from(steps)):
            case "assigned":
                when, recorded = self.step()
                self.story.assigned(self.name, when, self.draw(DAYS), lead=lead, recorded=recorded)
            case "handed_back":
                when, recorded = self.step()
                self.story.handed_back(self.name, when, lead=lead, recorded=recorded)
            case "transferred":
                self.decide(case.CaseTransferred(episode=episode, former="TH", lead=lead, basis=None, succession=None))
            case "recalled":
                self.decide(case.CaseRecalled(episode=episode, lead=lead, task=f"task-{self.name}", reason=SEALED))
            case "reclassified":
                anew = {"flags": (), "concerns_units": (), "concerns_posts": ()}
                self.decide(case.CaseReclassified(episode=episode, kind="gop_y", field=self.draw(FIELDS), **anew))  # type: ignore[arg-type]
            case "due_set":
                base = self.draw(st.sampled_from([DueBase.SESSION, DueBase.CONCLUSION, DueBase.CALENDAR]))
                self.decide(case.CaseDueSet(episode=episode, base=base, due=self.story.due(self.draw(DAYS))))
            case "extended":
                self.decide(case.CaseDueSet(episode=episode, base=DueBase.EXTENSION, due=self.story.due(self.draw(DAYS))))
            case "linked":
                self.decide(case.CaseLinked(episode=episode, session=self.draw(SESSIONS)))
            case "unlinked":
                self.decide(case.CaseUnlinked(episode=episode, session=self.draw(SESSIONS)))

    def end_otherwise(self, *, may_split: bool) -> None:
        episode = f"{self.name}/1"
        match self.draw(st.sampled_from(["D", "E1", "E2", "F", "G", "undone", "split"])):
            case "D":
                self.decide(case.CaseRejected(episode=episode, reason=RejectionReason.REPEATED, note=None))
            case "E1":
                self.decide(case.CaseForwarded(episode=episode, to="SGTVT", note=None))
            case "E2":
                self.decide(case.CaseDiverted(episode=episode, kind=DivertedKind.COMPLAINT, to="BTCD"))
            case "F":
                self.decide(case.CaseWithdrawn(episode=episode, note=None))
            case "G":
                self.decide(case.CaseMerged(episode=episode, into="case-X0"))
            case "undone":
                self.decide(case.CaseMerged(episode=episode, into="case-X0"))
                self.decide(case.CaseUnmerged(episode=episode, out_of="case-X0", reason=SEALED))
                self.answer()
            case "split" if may_split:
                received, children = self.received, tuple(f"{self.name}{letter}" for letter in "CD")
                when, recorded = self.step()
                due, area = self.draw(DAYS), self.draw(FIELDS)
                self.story.case_split(self.name, children, when, received=received, due=due, area=area, recorded=recorded)
                for child in children:
                    Life(self.draw, self.story, child, when, recorded, plain=self.plain).answer()

    def split(self) -> None:
        received = self.received
        when, recorded = self.step()
        children = tuple(f"{self.name}{letter}" for letter in "AB")
        source = self.draw(st.sampled_from(SourceGroup))
        self.story.split(self.name, children, when, received=received, source=source, recorded=recorded)
        for child in children:
            Life(self.draw, self.story, child, when, recorded, plain=self.plain).go_on(may_split=False)


@st.composite
def histories(draw: st.DrawFn, *, plain: bool = False) -> Story:
    """Up to a dozen opinions received around the window from `FIRST` to `LAST`.

    Plain ones are never taken for something else afterwards: no merge undone, no other source, no dialogue of Track B.
    """
    story = Dialogues(builtin_calendar())
    for name, track in (("A", Track.PEOPLE), ("B", Track.CHAIRMAN)):
        story.session(name, START - timedelta(days=60), LAST, track=track)
    for n in range(draw(st.integers(0, 10))):
        begun(draw, story, f"X{n}", plain=plain)
    return story


def begun(draw: Any, story: Dialogues, name: str, *, plain: bool = False) -> None:
    """One opinion, as it was handed in or raised around the window, and what became of it."""
    when = START + timedelta(hours=draw(st.integers(-24 * 20, 24 * 30)))
    if draw(st.booleans()):
        when = START + timedelta(days=draw(st.sampled_from([-1, 0, 27, 28])))
    recorded = when + draw(LATE)
    source, locality = draw(st.sampled_from(SourceGroup)), draw(st.none() | st.sampled_from(["MSO", "TPSL"]))
    life = Life(draw, story, name, when, recorded, plain=plain)
    if draw(st.booleans()) and draw(st.booleans()):
        room = draw(st.just("A") if plain else st.sampled_from("AB"))
        due, area, unit = draw(DAYS), draw(FIELDS), draw(UNITS)
        story.raised(life.name, room, when, due=due, source=source, area=area, unit=unit, recorded=recorded)
        life.answer(may_split=True)
    else:
        story.received(life.name, when, source=source, locality=locality, recorded=recorded)
        life.go_on(may_split=True)
