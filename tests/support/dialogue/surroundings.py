"""What happens around the work, in random order: time, reorganisation, calendars, erasure, repetition."""

from datetime import datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.assignment.domain.reorganisation.decider import Queued
from services.reporting.readmodel.breakdown import By
from shared.clock import VIETNAM
from tests.support.dialogue.asking import ANY_UNIT, DATA, LAST
from tests.support.dialogue.sittings import Sittings
from tests.support.office import (
    ADMINISTRATOR,
    CHIEF,
    DEPUTY,
    HUB,
)


class Surroundings(Sittings):
    """Days pass, units are succeeded, people are forgotten."""

    @rule(days=st.sampled_from([1, 1, 2, 5, 12]), hour=st.integers(7, 16))
    def days_pass(self, days: int, hour: int) -> None:
        then = datetime.combine(self.today + timedelta(days=days), time(hour), VIETNAM)
        self.reach(min(then, max(LAST, self.office.now)))

    @precondition(lambda self: len(self.succeeded) < 2)
    @rule(data=DATA, unit=st.sampled_from(["TH", "KT"]), by_field=st.booleans(), ends=st.booleans(), ahead=st.integers(0, 3))
    def reorganise(self, data: st.DataObject, unit: str, by_field: bool, ends: bool, ahead: int) -> None:
        """A division's work goes to another, field by field or whole; its open work moves on that day or waits for a person."""
        heirs = {"TH": ("TH2", "NC"), "KT": ("KT2", "TCHCQT")}[unit]
        lines = [{"field": None, "to": heirs[0]}]
        if by_field:
            lines = [{"field": "khac", "to": heirs[0]}, {"field": "giao-thong", "to": heirs[1]}]
        since = self.today + timedelta(days=ahead)
        asked = {"unit": unit, "successions": lines, "basis": "02/QĐ-UBND", "valid_from": since.isoformat(), "dissolves": ends}
        self.succeeded.add(unit)
        open_before = set(self.facts.open_tasks)
        if self.ask(ADMINISTRATOR, "succeed_unit", **asked) is not None and data.draw(st.booleans(), label="wait for it"):
            self.reach(datetime.combine(since + timedelta(days=1), time(8), VIETNAM))
            assert set(self.facts.open_tasks) == open_before, "invariant 9: a reorganisation opens and ends no task"

    @precondition(lambda self: self.of("reorganisation", Queued))
    @rule(data=DATA, to=st.sampled_from(ANY_UNIT))
    def settle(self, data: st.DataObject, to: str) -> None:
        about = data.draw(st.sampled_from(self.of("reorganisation", Queued))).removeprefix("reorganisation-")
        self.ask(data.draw(st.sampled_from([CHIEF, CHIEF, DEPUTY, HUB])), "settle_transfer", about=about, to=to)

    @precondition(lambda self: self.facts.open_cases and self.revised < 2)
    @rule(swap=st.integers(1, 60))
    def a_new_calendar(self, swap: int) -> None:
        """A day off is decided shortly before; open due dates follow, and none goes into the past."""
        day = self.today + timedelta(days=swap)
        self.received += 1
        asked = {
            "version": f"VN-2021-2027.{self.received + 1}",
            "first": "2021-01-01",
            "last": "2027-12-31",
            "days_off": [{"day": day.isoformat(), "name": "Nghỉ đột xuất"}],
            "workdays": [],
        }
        self.revised += 1
        before = {stream: state.matter.due.day for stream, state in self.facts.open_cases.items()}
        today = self.today
        self.ask(ADMINISTRATOR, "publish_calendar", **asked)
        self.reach(self.office.now)
        for stream, due in before.items():
            again = self.facts.state(stream).matter.due.day
            assert again >= min(due, today), f"invariant 8: {stream} became late by a calendar"

    @precondition(lambda self: self.speakers)
    @rule(data=DATA)
    def erase(self, data: st.DataObject) -> None:
        """Invariant 14: a person's data go, and every count stays."""
        self.drain()
        figures = self.figures(By.FIELD)
        speaker = data.draw(st.sampled_from(self.speakers))
        self.office.run(self.office.house.stores.vault.erase_person(speaker))
        assert self.figures(By.FIELD) == figures
        self.take_in()

    @precondition(lambda self: self.office.done)
    @rule(data=DATA)
    def ask_again(self, data: st.DataObject) -> None:
        """What is sent twice is done once."""
        line, body, outcome = self.office.done[-data.draw(st.integers(1, min(20, len(self.office.done)))) :][0]
        before = self.office.traces()
        again = self.office.ask_again(line, body)
        assert again.stream == outcome.stream
        assert self.office.traces() == before, f"{line.command} was done twice"
