"""What the read side says of an office, against what its streams fold to."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.assignment.domain.case import states as cases
from services.reporting.readmodel.breakdown import By
from shared.contracts import case as told
from shared.contracts import opinion as heard
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.session import Track
from tests.support.dialogue.asking import CANARY, SORTED_AGAIN
from tests.support.dialogue.recount import counted_again, reported
from tests.support.dialogue.surroundings import Surroundings
from tests.support.office import DEPUTY, FIRST_DAY, HUB, LEADERS, SPECIALISTS, Person

READERS: Final = (HUB, DEPUTY, *LEADERS.values(), *SPECIALISTS.values())


class Told(Surroundings):
    """Rows, figures and words are looked at."""

    @rule(by=st.sampled_from(By))
    def look(self, by: By = By.FIELD) -> None:
        """Every read model says what the streams fold to, and the report's identities hold."""
        self.drain()
        self.nothing_is_lost_on_its_way()
        self.rows_are_what_was_folded()
        self.figures_are_what_was_counted(by)
        self.nobody_reads_of_himself()

    def nothing_is_lost_on_its_way(self) -> None:
        """Invariant 2: once every feed is read, whatever was referred has its case."""
        for each in self.facts.events(heard.OpinionReferred):
            case = each.stream.replace("opinion-", "case-")
            assert case in self.facts.cases, f"invariant 2: {each.stream} was referred and is nowhere"

    def rows_are_what_was_folded(self) -> None:
        rows = {row["case_id"]: row for row in self.office.rows("assignment", "cases_case")}
        assert set(rows) == set(self.facts.cases)
        for stream, state in self.facts.cases.items():
            row, matter = rows[stream], state.matter
            said = (row["open"], row["field"], row["due_day"], row["episode"], row["into_case"])
            is_open = isinstance(state, cases.OPEN)
            into = getattr(state, "into", None)
            assert said == (is_open, matter.field, matter.due.day.isoformat(), matter.episode, into), stream
            if is_open:
                assert row["lead"] == getattr(state, "lead", None), stream
            assert set(row["submitters"].split()) == matter.submitters, stream
        held = {row["task_id"]: row for row in self.office.rows("assignment", "unit_tasks_task") if row["stage"] != "chuyen_giao"}
        for stream, state in self.facts.tasks.items():
            assert (held[stream]["unit"], held[stream]["due_day"]) == (state.work.unit, state.work.due.day.isoformat()), stream
        due = {row["about"]: row for row in self.office.rows("assignment", "deadlines_open") if row["kind"] in ("task", "case")}
        assert set(due) == {*self.facts.open_tasks, *self.facts.open_cases}
        for stream, state in self.facts.open_tasks.items():
            assert (due[stream]["unit"], due[stream]["due_day"]) == (state.work.unit, state.work.due.day.isoformat()), stream
        for stream, state in self.facts.open_cases.items():
            shown = [due[stream][column] for column in ("unit", "task_id", "due_day")]
            held_by = [getattr(state, "lead", None), getattr(state, "task", None)]
            assert shown == [*held_by, state.matter.due.day.isoformat()], stream

    def figures_are_what_was_counted(self, by: By) -> None:
        """Invariant 10, and 2 by unit: what the report counts is what was received and how it ended."""
        began = FIRST_DAY - timedelta(days=30)
        found = self.figures(by, first=began)
        assert "broken" not in found, found["broken"]
        chairmans = self._of_the_chairmans()
        counted = [each for each in self.facts.episodes.values() if each.id not in chairmans and each.ending != "split"]
        total = found["total"]
        assert total["C"] == len(counted), f"{total} {len(counted)}"
        for column in "DEFGI":
            assert total[column] == sum(each.ending == column for each in counted), column
        assert total["J"] == sum(each.ending is None for each in counted)
        for row in (*found["rows"], total):
            assert row["C"] == row["A"] + row["A1"] + row["B1"] + row["B2"]
            assert row["H"] == row["C"] - row["D"] - row["E"] - row["F"] - row["G"] == row["I"] + row["J"]
        middle = began + (self.today - began) // 2
        earlier = self.figures(by, first=began, last=middle)
        for last, report in ((self.today, found), (middle, earlier)):
            said, again = reported(report), counted_again(self.facts, by, began, last, self.office.now)
            assert said == again, f"invariant 10: until {last} the report by {by} says {said}, what happened {again}"
        # What is split, taken out of a merge or put to the Chairman later changes the stock of before, as now known.
        changed = chairmans or self.facts.events(told.CaseSplit, told.CaseUnmerged, *SORTED_AGAIN)
        if middle < self.today and not changed:
            two = self.figures(by, first=middle + timedelta(days=1))
            assert two["total"]["A"] == earlier["total"]["J"], "the next A is J"
        asked = {"by": by, "first": began, "last": self.today}
        self.told.append((asked, dict(found["as_of"]), found))

    def _of_the_chairmans(self) -> set[str]:
        """Episodes of what is put to the Chairman's dialogue, and of what was taken up again: on a line of their own."""
        put: dict[str, str | None] = {}
        before: dict[str, str] = {}
        for each in self.facts.events(told.CaseOpened, told.CaseSplitOff, told.CaseLinked, told.CaseUnlinked, told.CaseReopened):
            event = each.event
            if isinstance(event, told.CaseReopened):
                before[event.episode] = event.previous
            elif isinstance(event, told.CaseUnlinked):
                put[event.episode] = None
            elif isinstance(event, told.CaseSplitOff) and event.dialogue is not None:
                put[event.episode] = event.dialogue
            elif event.session is not None:
                put[event.episode] = event.session
        his = {stream for stream, state in self.facts.of_kind("session").items() if state.was.track is Track.CHAIRMAN}

        def session_of(episode: str) -> str | None:
            return put.get(episode) if episode in put or episode not in before else session_of(before[episode])

        return {each for each in self.facts.episodes if (each in put or each in before) and session_of(each) in his}

    def what_was_told_is_told_again(self) -> None:
        """Invariant 10: replayed to its recorded position, every number is the same."""
        for asked, positions, found in self.told:
            assert _numbers(self.figures(**asked, as_of=positions)) == _numbers(found)

    def nobody_reads_of_himself(self) -> None:
        """Invariants 7 and 13: nobody opens an opinion about his unit, and nobody what was diverted but whom it went to."""
        reading = self.office.queries("assignment").words
        for stream, state in self.facts.cases.items():
            for who in self._people_of(state.matter.concerns_units):
                self._refused(reading.of(self.office.subject(who), "case", stream))
            if getattr(state, "how", None) == "diverted":
                self._refused(reading.of(self.office.subject(HUB), "case", stream))
        received = self.office.queries("intake").opinions
        for stream, opinion in self.facts.of_kind("opinion").items():
            concerned = getattr(opinion, "concerns_units", ())
            for who in self._people_of(concerned):
                self._refused(received.words(self.office.subject(who), stream))
            if getattr(opinion, "how", None) == "diverted":
                self._refused(received.words(self.office.subject(HUB), stream))

    def _people_of(self, units: Collection[str]) -> list[Person]:
        """Those of these units who would read it, were it about others; the head hears of himself."""
        return [who for who in READERS if who.unit in units]

    def _refused(self, reading: Any) -> None:
        try:
            self.office.run(reading)
        except (Unknown, Forbidden):
            return
        raise AssertionError("invariants 7 and 13: somebody reads what is not for him")

    def names_are_nowhere_in_clear(self) -> None:
        """Invariant 13: no name and no word of a speaker lies anywhere but sealed."""
        wanted = CANARY.encode()
        for name, content in self.office.bytes_at_rest():
            assert wanted not in content, f"{name} holds a name in clear"


def _numbers(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows and the total, without their names: those a rename that was told late may spell otherwise."""
    return [{name: value for name, value in row.items() if name != "label"} for row in (*found["rows"], found["total"])]
