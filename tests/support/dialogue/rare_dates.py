"""Rare days: what may not move, what counts on which side of a date, what is still to come (8, 10, 12)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from services.reporting.readmodel.breakdown import By
from shared.clock import AHEAD_LIMIT, VIETNAM
from shared.contracts.opinion import DivertedKind, Kind, SourceGroup
from tests.support.dialogue.asking import CANARY
from tests.support.dialogue.ways import BESIDE, LEAD, NOTE, Ways
from tests.support.office import (
    CHIEF,
    DEPUTY,
    FIRST_DAY,
    HUB,
    LEADERS,
)


class RareDates(Ways):
    """Each way comes to a day on which something is decided."""

    def days_that_stay(self) -> None:
        """Invariant 8: no transfer, no new name and nobody but the head moves a day; more time is asked for and granted."""
        opinion = self.sorted()
        self.must(HUB, "request_completion", opinion=opinion, asked=NOTE)
        self.reach(datetime.combine(self.today + timedelta(days=3), time(8), VIETNAM))
        self.must(HUB, "complete_opinion", opinion=opinion, words=f"{CANARY} bổ sung.")
        before = self.facts.state(opinion).due
        self.reach(datetime.combine(self.today + timedelta(days=3), time(8), VIETNAM))
        self.must(HUB, "classify_opinion", opinion=opinion, kind=Kind.REPORT.value, field="giao-thong")
        assert self.facts.state(opinion).due == before, "invariant 8: called otherwise, it is due otherwise"
        case = self.assigned(BESIDE)
        task, until = self.task_of(case), (self.today + timedelta(days=50)).isoformat()
        self.refuses("8", CHIEF, "transfer_task", task=task, to="KT2", due=until)
        for who in (HUB, DEPUTY, LEADERS[LEAD]):
            self.refuses("8", who, "set_case_due", case=case, until=until)
        self.must(CHIEF, "transfer_task", task=task, to="KT2")
        self.must(CHIEF, "transfer_task", task=task, to=LEAD)
        self.must(HUB, "reclassify_case", case=case, field="giao-thong")
        self.must(LEADERS[LEAD], "request_extension", task=task, until=until, reason=NOTE)
        self.refuses("8", LEADERS[LEAD], "grant_extension", task=task)
        self.must(CHIEF, "refuse_extension", task=task, reason=NOTE)
        self.refuses("8", CHIEF, "grant_extension", task=task)
        self.must(LEADERS[LEAD], "request_extension", task=task, until=until, reason=NOTE)
        self.must(CHIEF, "grant_extension", task=task)
        self.must(CHIEF, "recall_case", case=case, reason=NOTE)
        self.refuses("9", CHIEF, "transfer_task", task=task, to="KT2")
        self.must(CHIEF, "assign_case", case=case, lead=BESIDE)
        self.granted_too_late()

    def granted_too_late(self) -> None:
        """Invariant 8: more time that was granted after the day gives the unit time and leaves the matter late."""
        case = self.assigned()
        task, due = self.task_of(case), self.facts.state(case).matter.due.day
        self.reach(datetime.combine(due + timedelta(days=1), time(8), VIETNAM))
        until = (due + timedelta(days=50)).isoformat()
        self.must(LEADERS[LEAD], "request_extension", task=task, until=until, reason=NOTE)
        self.must(CHIEF, "grant_extension", task=task)
        assert self.facts.state(task).work.due.day.isoformat() == until
        assert self.facts.state(case).matter.due.day == due, "invariant 8: granted after the day, it makes nothing in time"

    def every_column_counted(self) -> None:
        """Invariant 10: each ending is counted in its column, in every breakdown; as of before, as it was told then."""
        reason, denounced = "DA_CO_QD_CUOI_CUNG", {"kind": DivertedKind.DENUNCIATION.value, "to": "BTCD"}
        at_intake = {"reject_opinion": {"reason": reason}, "forward_opinion": {"to": "SGTVT"}, "divert_opinion": denounced}
        as_cases = {"reject_case": {"reason": reason}, "forward_case": {"to": "SGTVT"}, "divert_case": denounced}
        for command, asked in {**at_intake, "withdraw_opinion": {}, "merge_opinion": {"into": self.sorted()}}.items():
            self.must(HUB, command, opinion=self.sorted(), **asked)
        for command, asked in {**as_cases, "withdraw_case": {}, "merge_case": {"into": self.case()}}.items():
            self.must(HUB, command, case=self.case(), **asked)
        again = self.assigned()
        self.answered(again)
        self.must(HUB, "reopen_case", case=again, reason=NOTE)
        self.drain()
        for by in By:
            self.figures_are_what_was_counted(by)
        for stream in (again, self.assigned()):  # on the same day, but later than it was told
            self.answered(stream)
        self.drain()
        self.what_was_told_is_told_again()
        self.reach(datetime.combine(self.today + timedelta(days=2), time(8), VIETNAM))
        for stream in (self.assigned(), self.assigned()):
            self.answered(stream)
        self.drain()
        for by in By:
            self.figures_are_what_was_counted(by)
        self.what_was_told_is_told_again()

    def days_that_decide(self) -> None:
        """Invariant 10: in time until the last day is over; an extension granted after it moves nothing, one before it does."""
        parts = self.sorted()
        self.reach(datetime.combine(self.facts.state(parts).due.day + timedelta(days=1), time(8), VIETNAM))
        self.must(HUB, "split_opinion", opinion=parts, parts=[{"words": f"{CANARY} một."}, {"words": f"{CANARY} hai."}])
        began, (on_it, after, extended, too_late, left) = self._in_and_out_of_time(), (self._due_soon() for _ in range(5))
        on_board = self._due_soon(kind=Kind.SUGGESTION)
        last, later = self.facts.state(on_it).matter.due.day, (self.today + timedelta(days=30)).isoformat()
        for case in (extended, too_late, left):
            self.must(LEADERS[LEAD], "request_extension", task=self.task_of(case), until=later, reason=NOTE)
        self.must(CHIEF, "grant_extension", task=self.task_of(extended))
        self.reach(datetime.combine(last, time(23), VIETNAM))
        self.answered(on_it)
        self._judged(began, {"I1": 1, "I2": 0, "J2": 0})
        self.reach(datetime.combine(last + timedelta(days=1), time(1), VIETNAM))
        for case in (too_late, left):
            self.must(CHIEF, "grant_extension", task=self.task_of(case))
        for case in (after, extended, too_late):
            self.answered(case)
        self.must(CHIEF, "take_on_board", case=on_board)
        self._judged(began, {"I1": 3, "I2": 2, "J2": 1})

    def _due_soon(self, **more: Any) -> str:
        case = self.assigned(**more)
        self.must(CHIEF, "set_case_due", case=case, until=(self.today + timedelta(days=2)).isoformat())
        return case

    def _in_and_out_of_time(self) -> dict[str, int]:
        self.drain()
        total = self.figures(By.TOTAL, first=FIRST_DAY - timedelta(days=30))["total"]
        return {column: total[column] for column in ("I1", "I2", "J2")}

    def _judged(self, began: Mapping[str, int], more: Mapping[str, int]) -> None:
        """So many more stand there than in the beginning; of what is open others may have become late meanwhile."""
        now = self._in_and_out_of_time()
        found = {column: now[column] - began[column] for column in more}
        assert found["J2"] >= more["J2"], f"invariant 10: {found} and not {more}"
        assert {**found, "J2": 0} == {**more, "J2": 0}, f"invariant 10: {found} and not {more}"
        for by in By:
            self.figures_are_what_was_counted(by)

    def instants_to_come(self) -> None:
        """Invariant 12: nothing happened after it was recorded, nor before what it is about was there."""
        opinion = self.handed_in()
        ahead, before = self.office.now + AHEAD_LIMIT + timedelta(minutes=1), self.office.now - timedelta(days=1)
        classify = {"opinion": opinion, "kind": Kind.REPORT.value, "field": "khac"}
        for instant in (ahead, before):
            self.refuses("12", HUB, "classify_opinion", late=instant, **classify)
        # Clocks of offices may go a little fast: what they send is taken to happen now.
        self.must(HUB, "classify_opinion", late=self.office.now + AHEAD_LIMIT, **classify)
        case = self.case()
        for instant in (ahead, before):
            self.refuses("12", CHIEF, "assign_case", late=instant, case=case, lead=LEAD)
        self.must(HUB, "correct_opinion", opinion=opinion, reason=NOTE, source_group=SourceGroup.ORGANISATION.value)
