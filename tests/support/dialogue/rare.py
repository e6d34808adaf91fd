"""States that random order seldom comes to, brought about on purpose; in each is asked what the invariants forbid."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.assignment.domain.case import states as cases
from services.assignment.domain.reorganisation.decider import Queued
from services.reporting.readmodel.breakdown import By
from shared.clock import AHEAD_LIMIT, VIETNAM
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, SourceGroup
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from shared.contracts.task import Rung
from shared.vault.port import Erased
from tests.support.dialogue.asking import CANARY, DATA
from tests.support.dialogue.told import Told
from tests.support.office import (
    ADMINISTRATOR,
    APPRAISERS,
    AUDITOR,
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    FIRST_DAY,
    HUB,
    LEADERS,
    OFFICE,
    PEOPLE,
    REGISTRY,
    SECRETARY,
    SPECIALISTS,
    Person,
)

NOTE: Final = "Lý do ghi trong hồ sơ."
# Units that no reorganisation of the machine touches.
LEAD, BESIDE, ABOUT = "NC", "TCHCQT", "TH"
DIVISION: Final = Person("nc-02", LEAD, Role.CONTENT_DIVISION)


class Rare(Told):
    """Each way goes to one rare state with matters of its own; what is said to be refused there must be."""

    def must(self, who: Person, command: str, **data: Any) -> Any:
        outcome = self.ask(who, command, **data)
        assert outcome is not None, f"{command} was refused: {self.office.refused}"
        return outcome

    def refuses(self, invariant: str, who: Person, command: str, **data: Any) -> None:
        assert self.ask(who, command, **data) is None, f"invariant {invariant}: {who.id} does {command}"

    def handed_in(self, unit: str = LEAD, source: SourceGroup = SourceGroup.PEOPLE, **more: Any) -> str:
        self.received += 1
        asked = {"office": OFFICE, "channel": Channel.LETTER.value, "source_group": source.value, **more}
        words = f"{CANARY} nêu việc hiếm {self.received}."
        return str(self.must(SPECIALISTS[unit], "receive_opinion", words=words, **asked).stream)

    def sorted(self, *, about: str = "", flagged: bool = False, kind: Kind = Kind.PROPOSAL, unit: str = LEAD, **more: Any) -> str:
        opinion = self.handed_in(unit, **more)
        asked: dict[str, Any] = {"kind": kind.value, "field": "khac", "concerns_units": [about] if about else []}
        self.must(HUB, "classify_opinion", opinion=opinion, flags=[Flag.COMPLEX.value] if flagged else [], **asked)
        return opinion

    def case(self, **more: Any) -> str:
        """A matter on the head's desk."""
        opinion = self.sorted(**more)
        case = self.must(HUB, "refer_opinion", opinion=opinion).answer["case"]
        self.drain()
        return str(case)

    def assigned(self, *beside: str, **more: Any) -> str:
        case = self.case(**more)
        self.must(CHIEF, "assign_case", case=case, lead=LEAD, coordinating=[{"unit": unit} for unit in beside])
        return case

    def task_of(self, case: str) -> str:
        return str(self.facts.state(case).task)

    def answered(self, case: str) -> None:
        self.must(SPECIALISTS[LEAD], "submit_answer", case=case, answer=NOTE)
        self.must(DEPUTY, "approve_answer", case=case)
        self.must(HUB, "deliver_answer", case=case, means="van_ban")

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

    def dialogues_that_hang_on_nothing(self) -> None:
        """Invariant 4: each trigger has what it hangs on, and the Chairman hears what was appraised and approved."""
        day = self.today.isoformat()
        meeting = self.must(HUB, "schedule_meeting", office=OFFICE, kind="giao_ban_tuan", body="van_phong", on=day).stream
        wrong: list[dict[str, Any]] = [
            {"track": "A1", "trigger": "dinh_ky"},
            {"track": "A1", "trigger": "dinh_ky", "meeting": meeting, "field": "khac"},
            {"track": "A2", "trigger": "dinh_ky", "meeting": meeting},
            {"track": "A1", "trigger": "dot_xuat"},
            {"track": "A1", "trigger": "dot_xuat", "field": "khac", "topic": "Hai việc."},
            {"track": "A2", "trigger": "theo_yeu_cau"},
            {"track": "A1"},
            {"track": "B"},
        ]
        for each in wrong:
            self.refuses("4", HUB, "propose_session", office=OFFICE, scheduled=day, **each)
        self.must(HUB, "propose_session", office=OFFICE, scheduled=day, track="A1", trigger="dinh_ky", meeting=meeting)
        proposal = self._proposal()
        asked = {"office": OFFICE, "track": "B", "scheduled": day, "proposals": [proposal]}
        self.refuses("4", DIVISION, "propose_session", **asked)
        self.must(DIVISION, "request_appraisal", proposal=proposal, leader=DEPUTY.id)
        for unit, who in APPRAISERS.items():
            self.refuses("4", DEPUTY, "conclude_appraisal", proposal=proposal, verdict="dong_y")
            self.must(who, "give_appraisal", proposal=proposal, appraiser=unit, verdict="dong_y", on=day)
        self.must(DEPUTY, "conclude_appraisal", proposal=proposal, verdict="dong_y")
        self.must(DIVISION, "submit_proposal", proposal=proposal, to_chairman=False)
        self.must(DEPUTY, "submit_proposal", proposal=proposal)
        self.refuses("4", DIVISION, "propose_session", **asked)
        self.must(CHAIRMAN, "defer_proposal", proposal=proposal, reason=NOTE)
        self.refuses("4", DIVISION, "propose_session", **asked)
        self.must(CHAIRMAN, "approve_proposal", proposal=proposal)
        self.must(DIVISION, "propose_session", **asked)
        self.refuses("4", DIVISION, "propose_session", **asked)

    def _proposal(self) -> str:
        self.received += 1
        content = {"content": f"{CANARY} đề xuất.", "reason": NOTE, "local_id": f"DX-{self.received}"}
        asked = {"office": OFFICE, "proposer": "SNNPTNT", "division": LEAD, "field": "nong-nghiep"}
        receipt = self.must(DIVISION, "receive_proposal", **asked, **content).stream
        self.must(DIVISION, "refer_proposal", proposal_receipt=receipt)
        self.drain()
        return str(receipt).replace("proposal_receipt-", "proposal-")

    def held_with(self, *put: str) -> str:
        """An ad-hoc dialogue of today about these cases, each directed there, held and with its minutes."""
        topic = {"track": "A2", "trigger": "dot_xuat", "topic": "Một việc.", "scheduled": self.today.isoformat()}
        session = str(self.must(HUB, "propose_session", office=OFFICE, **topic).stream)
        for case in put:
            self.must(HUB, "link_case", session=session, case=case)
        self.must(CHIEF, "approve_programme", session=session)
        self.refuses("5", SECRETARY, "open_session", session=session)
        self.must(CHIEF, "waive_readiness", session=session, reason=NOTE)
        self.must(SECRETARY, "open_session", session=session)
        self.must(SECRETARY, "record_attendance", session=session, present=[{"group": "nhan_dan", "heads": 20}])
        self.refuses("5", CHIEF, "hold_session", session=session)
        for case in put:
            directed = {"outcome": "giao_giai_quyet", "direction": NOTE}
            self.must(SECRETARY, "record_outcome", session=session, case=case, **directed)
        self.must(CHIEF, "hold_session", session=session)
        self.must(CHIEF, "sign_minutes", session=session)
        self.drain()
        return session

    def concluded(self, session: str | None, *put: str) -> str:
        """The notice: an item for each case, and one about no opinion."""
        directs = {"kind": "chi_dao_giai_quyet", "unit": LEAD, "days": 15, "text": NOTE}
        items = [*({**directs, "case": case} for case in put), directs]
        more = {"session": session} if session else {}
        notice = str(self.must(HUB, "draft_notice", office=OFFICE, items=items, authority="CVP", **more).stream)
        self.must(REGISTRY, "issue_notice", notice=notice, **self.on_paper(notice))
        return notice

    def put_away_with_work_open(self) -> None:
        """Invariant 5: neither a dialogue nor a case is put away while work of its conclusions is open."""
        one, other = self.assigned(flagged=True), self.assigned()
        session = self.held_with(one, other)
        self.refuses("5", CHIEF, "close_session", session=session)
        self.concluded(session, one, other)
        self.refuses("5", CHIEF, "close_session", session=session)
        self.answered(one)
        self.refuses("5", HUB, "close_case", case=one)
        self.must(HUB, "withdraw_case", case=other)
        self.refuses("5", HUB, "close_case", case=other)
        work = sorted(self.facts.state(one).matter.carrying | self.facts.state(other).matter.carrying)
        for task in work:
            self.carry_out(task)
            self.refuses("5", CHIEF, "close_session", session=session)  # what is about no opinion is still open
        about_none = [name for name, state in self.facts.open_tasks.items() if state.work.given.about == self._notice_of(session)]
        for task in about_none:
            self.carry_out(task)
        self.must(CHIEF, "close_session", session=session)
        for case in (one, other):
            self.must(HUB, "close_case", case=case)
        flagged = self.assigned(flagged=True)
        self.answered(flagged)
        self.refuses("5", HUB, "close_case", case=flagged)

    def _notice_of(self, session: str) -> str:
        return str(self.facts.state(session).notice)

    def a_notice_too_many(self) -> None:
        """Invariant 6: one notice for a dialogue; what it directs stays with whom it says, until it is done or amended."""
        case = self.assigned()
        session = self.held_with(case)
        directs = {"kind": "chi_dao_giai_quyet", "unit": LEAD, "days": 15, "text": NOTE}
        asked = {"office": OFFICE, "authority": "CVP", "session": session}
        second = self.must(HUB, "draft_notice", items=[{**directs, "case": case}], **asked).stream
        bare = self.must(HUB, "draft_notice", items=[{"kind": "ket_luan", "text": NOTE}], **asked).stream
        self.refuses("6", REGISTRY, "issue_notice", notice=bare, **self.on_paper(bare))
        notice = self.concluded(session, case)
        for again in (second, self.ask(HUB, "draft_notice", items=[directs], **asked)):
            stream = getattr(again, "stream", again)
            if stream is not None:
                self.refuses("6", REGISTRY, "issue_notice", notice=stream, **self.on_paper(stream))
        given = [name for name, state in self.facts.open_tasks.items() if state.work.given.about == notice]
        assert len(given) == 2, f"invariant 6: {given}"
        for task in given:
            self.refuses("6", CHIEF, "cancel_task", task=task, reason=NOTE)
            self.refuses("6", CHIEF, "recall_task", task=task, reason=NOTE)
            self.refuses("6", LEADERS[LEAD], "return_task", task=task, reason=NOTE)
        until = (self.today + timedelta(days=40)).isoformat()
        self.must(REGISTRY, "amend_notice", notice=notice, item=1, until=until, reason=NOTE, **self.on_paper(notice))
        waiting = self.case()
        self.concluded(None, waiting)
        self.refuses("6", CHIEF, "recall_case", case=waiting, reason=NOTE)

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

    def heard_in_the_room(self) -> None:
        """Invariant 7 at a dialogue: whom it is about answers nothing there and ends nothing; the head alone directs."""
        case = self.case(about=BESIDE)
        topic = {"track": "A2", "trigger": "dot_xuat", "topic": "Một việc.", "scheduled": self.today.isoformat()}
        session = str(self.must(HUB, "propose_session", office=OFFICE, **topic).stream)
        self.must(HUB, "link_case", session=session, case=case)
        self.must(CHIEF, "approve_programme", session=session)
        self.must(CHIEF, "waive_readiness", session=session, reason=NOTE)
        self.must(SECRETARY, "open_session", session=session)
        self.must(SECRETARY, "record_attendance", session=session, present=[{"group": "nhan_dan", "heads": 20}])
        answered = {"outcome": "tra_loi_tai_cho", "answer": NOTE}
        self.refuses("7", HUB, "record_outcome", session=session, case=case, **answered)
        self.must(SECRETARY, "record_outcome", session=session, case=case, **answered)
        self.refuses("7", HUB, "hold_session", session=session)
        directed = {"outcome": "giao_giai_quyet", "direction": NOTE}
        self.must(SECRETARY, "record_outcome", session=session, case=case, **directed)
        for who in (SECRETARY, DEPUTY):
            self.refuses("15", who, "hold_session", session=session)
        self.must(CHIEF, "hold_session", session=session)

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
        self.must(CHIEF, "assign_case", case=case, lead=BESIDE)

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

    def numbers_of_a_book(self) -> None:
        """Invariant 11: a number is given once; one that was given is not voided, one that was voided not given."""
        self.received += 2
        taken, spoiled = 1000 + 2 * self.received, 1001 + 2 * self.received
        book = {"office": OFFICE, "book": "KH-VPUB", "year": self.today.year}
        self.must(REGISTRY, "void_number", number=spoiled, reason=NOTE, **book)
        paper, second = self._signed("ke_hoach"), self._signed("ke_hoach")
        self.refuses("11", REGISTRY, "issue_document", document=paper, book="KH-VPUB", number=spoiled)
        self.must(REGISTRY, "issue_document", document=paper, book="KH-VPUB", number=taken)
        self.refuses("11", REGISTRY, "issue_document", document=second, book="KH-VPUB", number=taken)
        self.refuses("11", REGISTRY, "issue_document", document=paper, book="KH-VPUB", number=taken + 5000)
        self.refuses("11", REGISTRY, "void_number", number=taken, reason=NOTE, **book)
        internal = {**book, "book": "TB-VPUB"}
        notice = self._signed("thong_bao")
        for number in (90_000, 0):
            self.refuses("11", REGISTRY, "issue_document", document=notice, book="TB-VPUB", number=number)
            self.refuses("11", REGISTRY, "void_number", number=number, reason=NOTE, **internal)
        self.must(REGISTRY, "issue_document", document=notice, book="TB-VPUB")
        number = self.facts.states[f"register-{OFFICE}-TB-VPUB-{self.today.year}"].last
        self.refuses("11", REGISTRY, "void_number", number=number, reason=NOTE, **internal)
        self.must(REGISTRY, "void_number", number=number + 1, reason=NOTE, **internal)
        self.must(REGISTRY, "issue_document", document=self._signed("thong_bao"), book="TB-VPUB")

    def _signed(self, kind: str) -> str:
        to = [{"recipient": LEAD, "purpose": "Thực hiện", "mandatory": True}]
        drafted = self.must(HUB, "draft_document", kind=kind, summary="Trích yếu.", content="5e" * 32, recipients=to).stream
        self.must(HUB, "submit_document", document=drafted)
        self.must(CHIEF, "sign_document", document=drafted, capacity="truc_tiep", content="5e" * 32)
        return str(drafted)

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

    def words_of_what_was_diverted(self) -> None:
        """Invariants 7 and 13: once it is known whom it is about, or diverted, it is closed to those it was open to."""
        reading, at_intake = self.office.queries("assignment").words, self.office.queries("intake").opinions
        opinion = self.handed_in(unit=LEAD, speaker_name=f"{CANARY} tố cáo", hidden=True)
        self.drain()
        own = SPECIALISTS[LEAD]
        assert self.opened(at_intake.words(self.office.subject(own), opinion))
        denounced = {"kind": DivertedKind.DENUNCIATION.value, "to": "BTCD"}
        classify = {"kind": Kind.REPORT.value, "field": "khac"}
        self.must(HUB, "classify_opinion", opinion=opinion, concerns_units=[LEAD], **classify)
        of_the_hub = self.sorted(about="TCHCQT")
        self.drain()
        for command, more in (("divert_opinion", denounced), ("classify_opinion", {**classify, "concerns_units": []})):
            self.refuses("7", HUB, command, opinion=of_the_hub, **more)
        assert not self.opened(at_intake.words(self.office.subject(HUB), of_the_hub)), "invariant 7: the hub reads of itself"
        for who in (own, LEADERS[LEAD]):
            assert not self.opened(at_intake.words(self.office.subject(who), opinion)), f"invariant 7: {who.id} reads of his unit"
        assert self.opened(at_intake.words(self.office.subject(DEPUTY), opinion))
        self.must(HUB, "divert_opinion", opinion=opinion, **denounced)
        case = self.assigned()
        self.drain()
        for who in (HUB, DEPUTY, SPECIALISTS[LEAD]):
            assert self.opened(reading.of(self.office.subject(who), "case", case))
        self.must(HUB, "divert_case", case=case, **denounced)
        self.drain()
        for who in PEOPLE:
            if who is CHIEF:
                continue
            subject = self.office.subject(who)
            assert not self.opened(reading.of(subject, "case", case)), f"invariant 13: {who.id} reads what was diverted"
            for stream in (opinion, case.replace("case-", "opinion-")):
                told = self.opened(at_intake.words(subject, stream))
                assert not told or stream != opinion, f"invariant 13: {who.id} reads what was diverted"
        self.names_are_nowhere_in_clear()

    def opened(self, reading: Any) -> bool:
        """Whether somebody is shown it."""
        try:
            return self.office.run(reading) is not None
        except (Unknown, Forbidden):
            return False

    def somebody_forgotten(self) -> None:
        """Invariant 14: who is forgotten is gone from every text, nobody else is, and every number stays."""
        gone, other = self.handed_in(speaker_name=f"{CANARY} một", hidden=True), self.handed_in(speaker_name=f"{CANARY} hai")
        self.drain()
        figures = {by: self.figures(by) for by in By}
        receipts = {stream: self.facts.state(stream).receipt for stream in (gone, other)}
        vault = self.office.house.stores.vault
        found = set(self.office.run(vault.search("việc hiếm", limit=1000)))
        assert {receipt.words.ref for receipt in receipts.values()} <= found
        self.office.run(vault.erase_person(receipts[gone].speaker))
        still = set(self.office.run(vault.search("việc hiếm", limit=1000)))
        assert found - still == {receipts[gone].words.ref}, "invariant 14: what is searched for is found or lost with another"
        for stream, receipt in receipts.items():
            opened = self.office.run(vault.open(receipt.words.ref, reader="machine", purpose="invariant 14"))
            assert isinstance(opened, Erased) is (stream == gone), f"invariant 14: the words of {stream}"
        assert {by: self.figures(by) for by in By} == figures, "invariant 14: a number changes"
        classify = {"kind": Kind.REPORT.value, "field": "khac"}
        self.must(HUB, "classify_opinion", opinion=gone, **classify)
        self.must(HUB, "refer_opinion", opinion=gone)
        self.drain()

    def those_who_may_not(self) -> None:
        """Invariant 15: of all who are there only those do a thing who may."""
        case, waiting = self.assigned(), self.case()
        self.must(SPECIALISTS[LEAD], "submit_answer", case=case, answer=NOTE)
        paper, task = self._signed("ke_hoach"), self.task_of(case)
        opinion = self.sorted()
        asked: list[tuple[str, set[str], dict[str, Any]]] = [
            ("classify_opinion", {"hub"}, {"opinion": opinion, "kind": Kind.REPORT.value, "field": "khac"}),
            ("refer_opinion", {"hub"}, {"opinion": opinion}),
            ("assign_case", {"chief"}, {"case": waiting, "lead": LEAD}),
            ("direct_case", {"chief"}, {"case": waiting, "direction": NOTE}),
            ("approve_answer", {"chief", "deputy", "chairman"}, {"case": case}),
            ("cancel_task", {"chief", "deputy"}, {"task": task, "reason": NOTE}),
            ("transfer_task", {"chief", "deputy"}, {"task": task, "to": "KT2"}),
            ("escalate_task", {"hub", "chief", "deputy"}, {"task": task, "to": Rung.DEPUTY.value}),
            ("issue_document", {"registry"}, {"document": paper, "book": "KH-VPUB", "number": 70_000}),
            ("void_number", {"registry"}, {"office": OFFICE, "book": "KH-VPUB", "year": 2023, "number": 70_001, "reason": NOTE}),
        ]
        for command, may, data in asked:
            for who in PEOPLE:
                if who.role.value not in may:
                    self.refuses("15", who, command, **data)
        calendar = {"version": "VN-none.1", "first": "2021-01-01", "last": "2027-12-31", "days_off": [], "workdays": []}
        for who in (CHIEF, HUB, AUDITOR):
            self.refuses("15", who, "publish_calendar", **calendar)

    @rule(data=DATA)
    def a_rare_state(self, data: st.DataObject) -> None:
        """Amid whatever else is there, and left behind for whatever comes."""
        data.draw(st.sampled_from(WAYS))(self)


WAYS: Final[tuple[Callable[[Rare], None], ...]] = (
    Rare.one_lead_and_those_beside_it,
    Rare.taken_up_again,
    Rare.referred_into_another,
    Rare.merged_at_intake,
    Rare.dialogues_that_hang_on_nothing,
    Rare.put_away_with_work_open,
    Rare.a_notice_too_many,
    Rare.whom_it_is_about,
    Rare.heard_in_the_room,
    Rare.days_that_stay,
    Rare.every_column_counted,
    Rare.days_that_decide,
    Rare.numbers_of_a_book,
    Rare.instants_to_come,
    Rare.words_of_what_was_diverted,
    Rare.somebody_forgotten,
    Rare.those_who_may_not,
    Rare.ended_with_work,  # the last: afterwards ABOUT is no more
)
