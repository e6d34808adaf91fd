"""Random histories of opinions around the edges of a window: late facts, splits, merges, reopenings, hand-backs."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from shared.contracts.case import Resolution
from shared.contracts.opinion import SourceGroup
from tests.reporting.story import Story, at

FIRST, LAST = date(2023, 2, 1), date(2023, 2, 28)
START = at(FIRST, 0)
HOURS = st.sampled_from((0, 0, 1, 8, 24, 24, 48, 24 * 7, 24 * 20))
DAYS = st.sampled_from([FIRST + timedelta(days=n) for n in (-20, -1, 0, 1, 12, 26, 27, 28, 40)])
FIELDS = st.sampled_from(["dat-dai", "giao-thong", "khac"])
UNITS = st.sampled_from(["TCHCQT", "TH", "NC", "KT"])
LATE = st.sampled_from([timedelta(0)] * 4 + [timedelta(days=9), timedelta(days=33)])


class Life:
    """One opinion as it goes on: every step happens no earlier than the one before, and is recorded when it is."""

    def __init__(self, draw: st.DrawFn, story: Story, name: str, when: datetime, recorded: datetime) -> None:
        self.draw, self.story, self.name = draw, story, name
        self.when, self.recorded = when, recorded

    def step(self) -> tuple[datetime, datetime]:
        self.when += timedelta(hours=self.draw(HOURS))
        self.recorded = max(self.recorded, self.when + self.draw(LATE))
        return self.when, self.recorded

    def go_on(self, *, may_split: bool) -> None:
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
            case "case":
                self.answer()
            case "split" if may_split:
                self.split()

    def answer(self) -> None:
        while self.draw(st.booleans()):
            when, recorded = self.step()
            lead = self.draw(UNITS)
            self.story.assigned(self.name, when, self.draw(DAYS), lead=lead, recorded=recorded)
            if self.draw(st.booleans()):
                when, recorded = self.step()
                self.story.handed_back(self.name, when, lead=lead, recorded=recorded)
        if self.draw(st.booleans()):
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

    def split(self) -> None:
        received = next(told.occurred for told in self.story.told if told.stream == f"opinion-{self.name}")
        when, recorded = self.step()
        children = tuple(f"{self.name}{letter}" for letter in "AB")
        source = self.draw(st.sampled_from(SourceGroup))
        self.story.split(self.name, children, when, received=received, source=source, recorded=recorded)
        for child in children:
            Life(self.draw, self.story, child, when, recorded).go_on(may_split=False)


@st.composite
def histories(draw: st.DrawFn) -> Story:
    """Up to a dozen opinions received around the window from `FIRST` to `LAST`."""
    story = Story(builtin_calendar())
    for n in range(draw(st.integers(0, 10))):
        when = START + timedelta(hours=draw(st.integers(-24 * 20, 24 * 30)))
        if draw(st.booleans()):
            when = START + timedelta(days=draw(st.sampled_from([-1, 0, 27, 28])))
        recorded = when + draw(LATE)
        source, locality = draw(st.sampled_from(SourceGroup)), draw(st.none() | st.sampled_from(["MSO", "TPSL"]))
        story.received(f"X{n}", when, source=source, locality=locality, recorded=recorded)
        Life(draw, story, f"X{n}", when, recorded).go_on(may_split=True)
    return story
