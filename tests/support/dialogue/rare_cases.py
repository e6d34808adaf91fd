"""Rare states of cases and of the opinions before them: led, merged, taken up again, about whoever has them (1, 2, 3, 7, 9)."""

from datetime import datetime, time, timedelta

from services.assignment.domain.case import states as cases
from services.assignment.domain.reorganisation.decider import Queued
from shared.clock import VIETNAM
from tests.support.dialogue.ways import ABOUT, BESIDE, LEAD, NOTE, Ways
from tests.support.office import (
    ADMINISTRATOR,
    CHIEF,
    DEPUTY,
    HUB,
    LEADERS,
    OFFICE,
    REGISTRY,
    SPECIALISTS,
    Person,
)


class RareCases(Ways):
    """Each way goes to a rare state of a case with matters of its own."""

    def one_lead_and_those_beside_it(self) -> None:
        """Invariant 1."""
        case = self.assigned(BESIDE)
        self.refuses("1", CHIEF, "assign_case", case=case, lead=BESIDE)
        for beside in ([LEAD], [BESIDE, BESIDE]):
            self.refuses("1", CHIEF, "set_coordination", case=case, coordinating=[{"unit": unit} for unit in beside])
        self.refuses("1", CHIEF, "transfer_task", task=self.task_of(case), to=BESIDE)
        self.must(CHIEF, "set_coordination", case=case, coordinating=[])
        self.must(CHIEF, "set_coordination", case=case, coordinating=[{"unit": BESIDE}])
        self.must(LEADERS[LEAD], "return_task", task=self.task_of(case), reason=NOTE)
        self.must(CHIEF, "assign_case", case=case, lead=BESIDE, coordinating=[{"unit": LEAD}])
        self.must(CHIEF, "recall_case", case=case, reason=NOTE)
        self.must(CHIEF, "assign_case", case=case, lead=LEAD)
        self.must(SPECIALISTS[LEAD], "submit_answer", case=case, answer=NOTE)
        self.must(HUB, "reject_case", case=case, reason="DA_CO_QD_CUOI_CUNG")

    def taken_up_again(self) -> None:
        """Invariant 2: settled, put away and taken up again, each time a new episode, and nothing is counted twice."""
        case = self.assigned()
        for number in (1, 2, 3):
            episode = self.facts.state(case).matter.episode
            assert episode == f"{case.removeprefix('case-')}/{number}", f"invariant 2: {episode} is the one before"
            self.answered(case)
            if number == 2:
                self.must(HUB, "close_case", case=case)
            self.must(HUB, "reopen_case", case=case, reason=NOTE)
            self.refuses("2", HUB, "reopen_case", case=case, reason=NOTE)
        ended = self.case()
        self.must(HUB, "withdraw_case", case=ended)
        self.refuses("2", HUB, "reopen_case", case=ended, reason=NOTE)

    def referred_into_another(self) -> None:
        """Invariant 3: whose matter is referred into an open case is one of those it answers; into another, a case of its own."""
        survivor = self.assigned()
        opinion = self.sorted()
        merged = self.must(HUB, "refer_opinion", opinion=opinion, into=survivor).answer["case"]
        self.drain()
        assert merged in self.facts.state(survivor).matter.submitters, "invariant 3: somebody's answer goes to nobody"
        beyond = self.assigned()
        self.must(HUB, "merge_case", case=survivor, into=beyond)
        assert {merged, survivor} <= self.facts.state(beyond).matter.submitters
        self.refuses("3", HUB, "merge_case", case=beyond, into=survivor)
        self.must(HUB, "unmerge_case", case=merged, reason=NOTE)
        self.answered(beyond)
        late = self.must(HUB, "refer_opinion", opinion=self.sorted(), into=beyond).answer["case"]
        self.drain()
        assert isinstance(self.facts.state(late), cases.Waiting), "invariant 3: merged into what has been answered"
        self.refuses("3", HUB, "merge_case", case=late, into=beyond)

    def merged_at_intake(self) -> None:
        """Invariant 3: at intake too nothing is merged into what has ended or gone, nor into itself."""
        ended, gone, still, other = self.sorted(), self.sorted(), self.sorted(), self.sorted()
        self.must(HUB, "withdraw_opinion", opinion=ended)
        self.must(HUB, "refer_opinion", opinion=gone)
        for into in (ended, gone, other):
            self.refuses("3", HUB, "merge_opinion", opinion=other, into=into)
        self.must(HUB, "merge_opinion", opinion=other, into=still)
        self.refuses("3", HUB, "merge_opinion", opinion=still, into=other)
        self.must(HUB, "unmerge_opinion", opinion=other, reason=NOTE)
        self.must(HUB, "merge_opinion", opinion=still, into=other)
        self.answered_with_what_was_merged_at_intake(still, other)

    def answered_with_what_was_merged_at_intake(self, merged: str, survivor: str) -> None:
        """Invariants 3, 5, 7: its submitter gets the answer; its marks and whom it is about go along; it can be undone."""
        marked = self.sorted(about=ABOUT, flagged=True)
        self.must(HUB, "merge_opinion", opinion=marked, into=survivor)
        case = self.must(HUB, "refer_opinion", opinion=survivor).answer["case"]
        self.drain()
        assert self.facts.state(case).matter.submitters == {merged, marked}, "invariant 3: somebody's answer goes to nobody"
        self.refuses("7", CHIEF, "assign_case", case=case, lead=ABOUT)
        self.must(HUB, "unmerge_opinion", opinion=merged, reason=NOTE)
        self.drain()
        assert self.facts.state(case).matter.submitters == {marked}, "invariant 3: an answer goes to whom it is not for"
        self.must(CHIEF, "assign_case", case=case, lead=LEAD)
        self.answered(case)
        self.refuses("5", HUB, "close_case", case=case)

    def whom_it_is_about(self) -> None:
        """Invariant 7: whoever it is about gets no part in it, on whichever way; who drafts does not review."""
        case = self.case(about=ABOUT)
        for command in ("assign_case", "propose_assignment"):
            self.refuses("7", CHIEF if command == "assign_case" else HUB, command, case=case, lead=ABOUT)
        self.refuses("7", CHIEF, "assign_case", case=case, lead=LEAD, coordinating=[{"unit": ABOUT}])
        self.must(CHIEF, "assign_case", case=case, lead=LEAD, coordinating=[{"unit": BESIDE}])
        (beside,) = self.facts.state(case).matter.coordinating
        self.refuses("7", CHIEF, "transfer_task", task=self.task_of(case), to=ABOUT)
        self.refuses("7", CHIEF, "transfer_task", task=beside.task, to=ABOUT)
        self.refuses("7", CHIEF, "set_coordination", case=case, coordinating=[{"unit": ABOUT}])
        self.refuses("7", HUB, "consult_unit", case=case, unit=ABOUT, question=NOTE)
        self.must(HUB, "consult_unit", case=case, unit="KT2", question=NOTE)
        self.refuses("7", CHIEF, "transfer_task", task=self.facts.state(case).matter.consulting[-1][1], to=ABOUT)
        self.refuses("7", HUB, "reclassify_case", case=case, concerns_units=[ABOUT, LEAD])
        directs = {"kind": "chi_dao_giai_quyet", "days": 15, "text": NOTE, "case": case}
        for unit in (ABOUT, LEAD):
            notice = self.must(HUB, "draft_notice", office=OFFICE, authority="CVP", items=[{**directs, "unit": unit}]).stream
            if unit == ABOUT:
                self.refuses("7", REGISTRY, "issue_notice", notice=notice, **self.on_paper(notice))
            else:
                self.must(REGISTRY, "issue_notice", notice=notice, **self.on_paper(notice))
        (work,) = self.facts.state(case).matter.carrying
        self.refuses("7", CHIEF, "transfer_task", task=work, to=ABOUT)
        self.must(SPECIALISTS[LEAD], "submit_answer", case=case, answer=NOTE)
        drafter = Person(SPECIALISTS[LEAD].id, DEPUTY.unit, DEPUTY.role)
        self.refuses("7", drafter, "approve_answer", case=case)
        self.refuses("7", drafter, "return_answer", case=case, reason=NOTE)
        self.must(DEPUTY, "return_answer", case=case, reason=NOTE)
        self.must(CHIEF, "transfer_task", task=self.task_of(case), to="KT2")

    def ended_with_work(self) -> None:
        """Invariant 9: work of a unit that is no more moves or waits; who takes what waited has it."""
        if "TH" in self.succeeded:
            return
        self.succeeded.add("TH")
        waits, moves = self.case(about="TH2"), self.case()
        for case in (waits, moves):
            self.must(CHIEF, "assign_case", case=case, lead="TH", coordinating=[{"unit": BESIDE}])
        helped = self.assigned("TH", about="TH2")
        tasks = {each: self.task_of(each) for each in (waits, moves)} | {
            helped: self.facts.state(helped).matter.coordinating[0].task
        }
        open_before, since = set(self.facts.open_tasks), self.today + timedelta(days=1)
        heirs = [{"field": None, "to": "TH2"}]
        asked = {"unit": "TH", "successions": heirs, "basis": "03/QĐ-UBND", "valid_from": since.isoformat(), "dissolves": True}
        self.must(ADMINISTRATOR, "succeed_unit", **asked)
        self.reach(datetime.combine(since + timedelta(days=1), time(8), VIETNAM))
        assert set(self.facts.open_tasks) == open_before, "invariant 9: a reorganisation opens and ends no task"
        assert self.facts.state(tasks[moves]).work.unit == "TH2", "invariant 9: it moves to the one that took it over"
        assert self.facts.state(moves).lead == "TH2"
        for case in (waits, helped):
            about = tasks[case]
            assert self.facts.state(f"reorganisation-{about}") == Queued("TH"), "invariant 9: it waits for a person"
            self.refuses("7", CHIEF, "settle_transfer", about=about, to="TH2")
            self.refuses("9", CHIEF, "settle_transfer", about=about, to="TH")
        self.refuses("15", HUB, "settle_transfer", about=tasks[waits], to=LEAD)
        self.must(CHIEF, "settle_transfer", about=tasks[waits], to=LEAD)
        self.must(HUB, "settle_transfer", about=tasks[helped], to="KT2")
        assert self.facts.state(waits).lead == LEAD, "invariant 9: it was settled and nothing moved"
        assert [each.unit for each in self.facts.state(helped).matter.coordinating] == ["KT2"]
        self.refuses("9", CHIEF, "settle_transfer", about=tasks[moves], to=LEAD)
