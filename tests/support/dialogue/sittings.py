"""Dialogues, their notices and papers, in random order."""

from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.assignment.domain.notice.states import Draft, Issued
from services.assignment.domain.session.states import BEFORE, Session, Stage
from shared.clock import VIETNAM
from shared.contracts.case import Authority
from shared.contracts.opinion import Kind, RejectionReason, SourceGroup
from shared.contracts.session import Outcome as Became
from shared.contracts.session import Track
from shared.contracts.task import TaskType
from tests.support.dialogue.asking import CANARY, DATA, FIELDS, OUTCOMES, UNITS
from tests.support.dialogue.casework import Casework
from tests.support.office import (
    APPRAISERS,
    CHAIRMAN,
    CHIEF,
    CONTENT,
    DEPUTY,
    HUB,
    OFFICE,
    REGISTRY,
    SECRETARY,
    Person,
)


class Sittings(Casework):
    """Dialogues are prepared and held, conclusions issued and carried out."""

    @rule(
        data=DATA,
        track=st.sampled_from([Track.STAFF, Track.PEOPLE]),
        ahead=st.integers(0, 9),
        trigger=st.sampled_from(["dot_xuat", "dot_xuat", "dinh_ky"]),
    )
    def propose_a_session(self, data: st.DataObject, track: Track, ahead: int, trigger: str) -> None:
        day = (self.today + timedelta(days=ahead)).isoformat()
        about: dict[str, Any] = data.draw(
            st.sampled_from([{"field": "khac"}, {"topic": "Một việc."}, {"field": "khac", "topic": "Hai."}])
        )
        if trigger == "dinh_ky":
            meeting = self.ask(HUB, "schedule_meeting", office=OFFICE, kind="giao_ban_tuan", body="van_phong", on=day)
            about = {"meeting": meeting.stream, "short_form": data.draw(st.booleans())} if meeting else {}
        self.ask(HUB, "propose_session", office=OFFICE, track=track.value, trigger=trigger, scheduled=day, **about)

    @rule(data=DATA, short=st.booleans())
    def prepare_the_chairmans(self, data: st.DataObject, short: bool) -> None:
        """A proposal on its way to the Chairman's dialogue; one step may be left out."""
        self.received += 1
        came = self.ask(
            CONTENT,
            "receive_proposal",
            office=OFFICE,
            proposer="SNNPTNT",
            division="KT",
            field="nong-nghiep",
            content=f"{CANARY} đề xuất nội dung.",
            reason="Nhân dân quan tâm.",
            local_id=f"DX-{self.received}",
        )
        if came is None:
            return
        self.ask(CONTENT, "refer_proposal", proposal_receipt=came.stream)
        self.drain()
        proposal = came.stream.replace("proposal_receipt-", "proposal-")
        left_out = data.draw(st.sampled_from(["", "", "", "BDVTU", "MTTQ", "conclude", "approve"])) if short else ""
        self.ask(CONTENT, "request_appraisal", proposal=proposal, leader=DEPUTY.id)
        for unit, who in APPRAISERS.items():
            if unit != left_out:
                self.ask(who, "give_appraisal", proposal=proposal, appraiser=unit, verdict="dong_y", on=self.today.isoformat())
        if left_out != "conclude":
            self.ask(DEPUTY, "conclude_appraisal", proposal=proposal, verdict="dong_y")
        self.ask(CONTENT, "submit_proposal", proposal=proposal, to_chairman=False)
        self.ask(DEPUTY, "submit_proposal", proposal=proposal)
        if left_out != "approve":
            self.ask(CHAIRMAN, "approve_proposal", proposal=proposal)
        day = (self.today + timedelta(days=8)).isoformat()
        self.ask(CONTENT, "propose_session", office=OFFICE, track="B", scheduled=day, proposals=[proposal])

    def sessions(self, *stages: Stage) -> list[str]:
        return [stream for stream, state in self.facts.of_kind("session").items() if state.stage in stages]

    def head_of(self, session: Session) -> Person:
        return CHAIRMAN if session.was.track is Track.CHAIRMAN else CHIEF

    @precondition(lambda self: self.sessions(*BEFORE))
    @rule(data=DATA, waive=st.booleans())
    def prepare(self, data: st.DataObject, waive: bool) -> None:
        """Cases are put to a session, its programme is approved, it is announced; its answers are reported or waived."""
        stream = data.draw(st.sampled_from(self.sessions(*BEFORE)))
        head = self.head_of(self.facts.state(stream))
        preparer = CONTENT if head is CHAIRMAN else HUB
        for case in data.draw(st.lists(st.sampled_from([*self.facts.open_cases, "case-none"]), max_size=3, unique=True)):
            self.ask(preparer, "link_case", session=stream, case=case)
        self.ask(head, "approve_programme", session=stream)
        self.ask(preparer, "arrange_session", session=stream, place="Phòng họp số 1", secretary=SECRETARY.id)
        self.ask(preparer, "announce_session", session=stream)
        self.ask(head, "assign_attendance", session=stream, unit=data.draw(st.sampled_from(UNITS)))
        self.ask(preparer, "report_answers", session=stream)
        if waive:
            self.ask(head, "waive_readiness", session=stream, reason="Cần đối thoại ngay.")

    @precondition(lambda self: self.sessions(*BEFORE))
    @rule(data=DATA, on_the_day=st.booleans())
    def open_one(self, data: st.DataObject, on_the_day: bool) -> None:
        """A session is opened, on its day or too early, with or without its answers."""
        stream = data.draw(st.sampled_from(self.sessions(*BEFORE)))
        state = self.facts.state(stream)
        if on_the_day and state.on is not None and self.today < state.on:
            self.reach(datetime.combine(state.on, time(8), VIETNAM))
        self.ask(SECRETARY, "open_session", session=stream)

    @precondition(lambda self: self.sessions(Stage.IN_PROGRESS))
    @rule(data=DATA, raised=st.integers(0, 2), about=st.sampled_from(["", "TH", "CVP", "TCHCQT"]), hold=st.booleans())
    def in_the_room(self, data: st.DataObject, raised: int, about: str, hold: bool) -> None:
        """Opinions are raised, all get an outcome or some do not, and the session is held."""
        self.hear(data, data.draw(st.sampled_from(self.sessions(Stage.IN_PROGRESS))), raised=raised, about=about, hold=hold)

    def hear(self, data: st.DataObject, stream: str, *, raised: int, about: str, hold: bool) -> None:
        for _ in range(raised):
            self.raise_one(data, stream, about)
        puts = list(self.facts.state(stream).puts)
        for case in puts:
            if data.draw(st.sampled_from([True, True, True, True, False]), label="has an outcome"):
                self.outcome(data, stream, case)
        self.ask(SECRETARY, "record_attendance", session=stream, present=[{"group": "noi_bo", "heads": 20}])
        if hold:
            who = data.draw(st.sampled_from([self.head_of(self.facts.state(stream))] * 3 + [SECRETARY, HUB]))
            self.ask(who, "hold_session", session=stream)
        self.drain()

    def raise_one(self, data: st.DataObject, stream: str, about: str) -> None:
        self.received += 1
        self.ask(
            SECRETARY,
            "raise_item",
            session=stream,
            source_group=SourceGroup.INTERNAL.value,
            kind=Kind.PROPOSAL.value,
            field=data.draw(st.sampled_from(FIELDS)),
            words=f"{CANARY} nêu tại chỗ {self.received}.",
            speaker_name=f"{CANARY} {self.received}",
            concerns_units=[about] if about else [],
        )

    def outcome(self, data: st.DataObject, stream: str, case: str) -> None:
        became = data.draw(st.sampled_from(OUTCOMES))
        into = data.draw(st.sampled_from(list(self.facts.cases)))
        more: dict[Became, dict[str, Any]] = {
            Became.ANSWERED: {"answer": "Trả lời tại chỗ."},
            Became.DIRECTED: {"direction": "Giao giải quyết."},
            Became.NOT_ACCEPTED: {"reason": RejectionReason.FINAL_DECISION.value},
            Became.PASSED_ON: {"to": "SGTVT"},
            Became.MERGED: {"into": into},
        }
        who = data.draw(st.sampled_from([SECRETARY, SECRETARY, HUB, CHIEF]))
        self.ask(who, "record_outcome", session=stream, case=case, outcome=became.value, **more.get(became, {}))

    @precondition(lambda self: self.of("session"))
    @rule(
        data=DATA,
        command=st.sampled_from(
            ["postpone_session", "cancel_session", "close_session", "sign_minutes", "unlink_case", "conclude_in_meeting"]
        ),
    )
    def on_a_session(self, data: st.DataObject, command: str) -> None:
        stream = data.draw(st.sampled_from(self.of("session")))
        state = self.facts.state(stream)
        puts = list(state.puts) or ["case-none"]
        more: dict[str, dict[str, Any]] = {
            "postpone_session": {
                "to": data.draw(st.sampled_from([None, (self.today + timedelta(days=12)).isoformat()])),
                "reason": "Trùng lịch.",
            },
            "cancel_session": {"reason": "Không còn cần."},
            "unlink_case": {"case": data.draw(st.sampled_from(puts))},
        }
        self.ask(self.head_of(state), command, session=stream, **more.get(command, {}))

    @precondition(lambda self: self.facts.open_cases)
    @rule(data=DATA, track=st.sampled_from([Track.STAFF, Track.PEOPLE]), raised=st.integers(0, 2), waive=st.booleans())
    def a_whole_dialogue(self, data: st.DataObject, track: Track, raised: int, waive: bool) -> None:
        """An ad-hoc dialogue on one day: cases put to it, opened if it may be, held, its conclusions issued."""
        asked = {"track": track.value, "trigger": "dot_xuat", "scheduled": self.today.isoformat(), "topic": "Một việc."}
        proposed = self.ask(HUB, "propose_session", office=OFFICE, **asked)
        if proposed is None:
            return
        stream = proposed.stream
        for case in data.draw(st.lists(st.sampled_from(list(self.facts.open_cases)), max_size=3, unique=True)):
            self.ask(HUB, "link_case", session=stream, case=case)
        self.ask(CHIEF, "approve_programme", session=stream)
        self.ask(SECRETARY, "open_session", session=stream)
        if waive:
            self.ask(CHIEF, "waive_readiness", session=stream, reason="Cần đối thoại ngay.")
            self.ask(SECRETARY, "open_session", session=stream)
        self.hear(data, stream, raised=raised, about="", hold=True)
        self.ask(CHIEF, "sign_minutes", session=stream)
        self.put_down(data, stream, [], issue=True, directs=True)

    @rule(data=DATA, of_a_session=st.booleans(), issue=st.booleans(), directs=st.booleans())
    def conclude(self, data: st.DataObject, of_a_session: bool, issue: bool, directs: bool) -> None:
        """A notice is drafted, after a session or without one, and issued; what was directed there is an item."""
        held = self.sessions(Stage.HELD)
        session = data.draw(st.sampled_from(held)) if of_a_session and held else None
        others = data.draw(st.lists(st.sampled_from([*self.facts.cases, ""]), max_size=2, unique=True))
        self.put_down(data, session, others, issue=issue, directs=directs)

    def put_down(self, data: st.DataObject, session: str | None, others: list[str], *, issue: bool, directs: bool) -> None:
        put = self.facts.state(session).puts if session else {}
        wanted = [case for case, each in put.items() if each.outcome and each.outcome.outcome is Became.DIRECTED]
        items: list[dict[str, Any]] = []
        for case in dict.fromkeys([*wanted, *filter(None, others)]):
            done = self.directing(data) if directs or case in wanted else {"kind": "ket_luan"}
            items.append({**done, "case": case, "text": "Kết luận."})
        if "" in others:  # work that is about no opinion
            items.append({**self.directing(data), "text": "Kết luận."})
        chairmans = session is not None and self.facts.state(session).was.track is Track.CHAIRMAN
        more = {"session": session} if session else {}
        authority = "CT" if chairmans else "CVP"
        drafted = self.ask(HUB, "draft_notice", office=OFFICE, items=items, authority=authority, **more)
        if drafted is not None and issue:
            self.issue(drafted.stream)

    def directing(self, data: st.DataObject) -> dict[str, Any]:
        """Work for a unit, and for those beside it, of which one may have a day of its own."""
        unit, *others = data.draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True))
        own = (self.today + timedelta(days=10)).isoformat()
        beside = [{"unit": other, "due": data.draw(st.sampled_from([None, own]))} for other in others]
        return {"kind": "chi_dao_giai_quyet", "unit": unit, "days": 15, "coordinating": beside}

    def issue(self, stream: str) -> None:
        self.ask(REGISTRY, "issue_notice", notice=stream, **self.on_paper(stream))

    def on_paper(self, notice: str) -> dict[str, Any]:
        """A paper about a notice, signed by the head in whosever name it is, and the book whose next number it will have."""
        to = [{"recipient": "TCHCQT", "purpose": "Thực hiện", "mandatory": True}]
        said: dict[str, Any] = {"about": notice, "summary": "Trích yếu.", "content": "5e" * 32, "recipients": to}
        drafted = self.ask(HUB, "draft_document", kind="thong_bao", **said)
        if drafted is None:
            return {}
        self.ask(HUB, "submit_document", document=drafted.stream)
        chairmans = self.facts.state(notice).draft.authority is Authority.CHAIRMAN
        how = "TL" if chairmans else "truc_tiep"
        self.ask(CHIEF, "sign_document", document=drafted.stream, capacity=how, content="5e" * 32)
        return {"document": drafted.stream, "book": "TB-VPUB", "means": "giay"}

    @precondition(lambda self: self.of("notice"))
    @rule(data=DATA)
    def on_a_notice(self, data: st.DataObject) -> None:
        stream = data.draw(st.sampled_from(self.of("notice")))
        match self.facts.state(stream):
            case Draft():
                self.issue(stream)
            case Issued(items=items):
                until = (self.today + timedelta(days=30)).isoformat()
                number = data.draw(st.integers(1, len(items) + 1))
                beside = [each.unit for item in items for each in item.coordinating]
                asked = {"item": number, "until": until, "reason": "Lùi hạn.", **self.on_paper(stream)}
                asked |= {"unit": data.draw(st.sampled_from([None, *beside]))}
                self.ask(REGISTRY, "amend_notice", notice=stream, **asked)

    @precondition(lambda self: any(state.work.given.type is TaskType.CARRY_OUT for state in self.facts.open_tasks.values()))
    @rule(data=DATA)
    def work_is_done(self, data: st.DataObject) -> None:
        """A unit carries out what a notice directed."""
        given = [name for name, state in self.facts.open_tasks.items() if state.work.given.type is TaskType.CARRY_OUT]
        self.carry_out(data.draw(st.sampled_from(given)))

    @rule(data=DATA, book=st.sampled_from(["TB-VPUB", "KH-VPUB"]), number=st.sampled_from([None, 1, 2, 3]), sign=st.booleans())
    def a_paper(self, data: st.DataObject, book: str, number: int | None, sign: bool) -> None:
        """A paper is drafted, signed, numbered from a book; or a number is spoiled."""
        if data.draw(st.sampled_from([False, False, True]), label="spoiled"):
            asked = {"office": OFFICE, "book": book, "year": self.today.year, "number": number or 1, "reason": "Ghi hỏng."}
            self.ask(REGISTRY, "void_number", **asked)
            return
        kind = "thong_bao" if book == "TB-VPUB" else "ke_hoach"
        to = [{"recipient": "TH", "purpose": "Thực hiện", "mandatory": True}]
        drafted = self.ask(HUB, "draft_document", kind=kind, summary="Trích yếu.", content="5e" * 32, recipients=to)
        if drafted is None:
            return
        self.ask(HUB, "submit_document", document=drafted.stream)
        if sign:
            self.ask(CHIEF, "sign_document", document=drafted.stream, capacity="truc_tiep", content="5e" * 32)
        self.ask(REGISTRY, "issue_document", document=drafted.stream, book=book, **({"number": number} if number else {}))
