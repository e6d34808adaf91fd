"""Rare states of dialogues and their notices: what they hang on, who speaks there, what is still open (4, 5, 6, 7)."""

from datetime import timedelta
from typing import Any

from tests.support.dialogue.ways import BESIDE, DIVISION, LEAD, NOTE, Ways
from tests.support.office import (
    APPRAISERS,
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    HUB,
    LEADERS,
    OFFICE,
    REGISTRY,
    SECRETARY,
)


class RareDialogues(Ways):
    """Each way goes to a rare state of a dialogue or notice of its own."""

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
        proposal = self.proposed()
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
        about_none = [name for name, state in self.facts.open_tasks.items() if state.work.given.about == self.notice_of(session)]
        for task in about_none:
            self.carry_out(task)
        self.must(CHIEF, "close_session", session=session)
        for case in (one, other):
            self.must(HUB, "close_case", case=case)
        flagged = self.assigned(flagged=True)
        self.answered(flagged)
        self.refuses("5", HUB, "close_case", case=flagged)

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
