"""Random command sequences over the three services: whatever is asked in whatever order, the invariants hold."""

import atexit
import os
import shutil
import sys
import tempfile
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from services.assignment.domain.case import states as cases
from services.assignment.domain.notice.states import Draft, Issued
from services.assignment.domain.reorganisation.decider import Queued
from services.assignment.domain.session.states import BEFORE, Session, Stage
from services.assignment.domain.task import states as tasks
from services.intake.domain.opinion import states as opinions
from services.reporting.readmodel.breakdown import By
from shared.calendar import local_day
from shared.clock import VIETNAM
from shared.contracts import case as told
from shared.contracts import opinion as heard
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.session import Outcome as Became
from shared.contracts.session import Track
from shared.contracts.task import Rung, TaskType
from tests.support.chronicle import Chronicle
from tests.support.invariants import AFTER_EACH, EVERY_APPEND
from tests.support.office import (
    ADMINISTRATOR,
    APPRAISERS,
    CHAIRMAN,
    CHIEF,
    CONTENT,
    DEPUTY,
    FIRST_DAY,
    HUB,
    LEADERS,
    OFFICE,
    PARTY,
    PEOPLE,
    REGISTRY,
    SECRETARY,
    SPECIALISTS,
    Person,
    make_office,
    open_copy,
)

FIELDS: Final = ("che-do-chinh-sach", "danh-gia-can-bo", "lanh-dao-chi-dao", "giao-thong", "khac")
UNITS: Final = ("TCHCQT", "TH", "NC", "KT")
ANY_UNIT: Final = (*UNITS, "TH2", "SGTVT", "CVP")
OUTCOMES: Final = tuple(Became)
LAST: Final = datetime(2023, 12, 1, 8, tzinfo=VIETNAM)
CANARY: Final = "Quàng Thị Chim Hoàng Yến"  # nobody's name: it may lie nowhere in clear
DATA: Final = st.data()
# Nothing here is about power cuts: where the machine has a place in memory, files need not wait for the disk.
MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
SORTED_AGAIN: Final = (heard.OpinionSplit, heard.OpinionUnmerged)
NEVER_LATE: Final = {"merge_opinion", "unmerge_opinion", "merge_case", "unmerge_case"}  # each happens after the other
AFTER_ITS_END: Final = {"close_case", "reopen_case", "unmerge_case"}


@cache
def made() -> Path:
    """The office that every example begins in a copy of, and the facts it begins with."""
    folder = Path(tempfile.mkdtemp(prefix="doithoai-invariants-", dir=MEMORY)) / "made"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    make_office(folder)
    return folder


@cache
def beginning() -> tuple[Chronicle, dict[str, int]]:
    """What the logs of the made office fold to, and where they end."""
    folder = made().with_name("read")
    office = open_copy(made(), folder)
    chronicle = Chronicle()
    for _ in chronicle.take_in(office.news()):
        pass
    office.close()
    shutil.rmtree(folder)
    return chronicle, office.positions


class Dialogue(RuleBasedStateMachine):
    """An office at work from January 2023 on, asked by its own people and by others."""

    def __init__(self) -> None:
        super().__init__()
        chronicle, positions = beginning()
        self.folder = Path(tempfile.mkdtemp(prefix="doithoai-invariants-", dir=MEMORY))
        self.office = open_copy(made(), self.folder / "data")
        self.office.skip(positions)
        self.facts = chronicle.copy()
        self.received = 0
        self.speakers: list[str] = []
        self.succeeded: set[str] = set()
        self.revised = 0
        self.told: list[tuple[dict[str, Any], dict[str, int], Any]] = []  # figures, and what they were asked as of
        self.recorded: dict[str, int] = {}

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is not None:  # it has failed already, and that is what is to be told
                return
            self.look()
            self.names_are_nowhere_in_clear()
            self.what_was_told_is_told_again()
        finally:
            self.office.close()
            shutil.rmtree(self.folder)

    # Asking, and what holds after every answer

    def ask(self, who: Person, command: str, **data: Any) -> Any:
        outcome = self.office.ask(who, command, **data)
        self.take_in()
        return outcome

    def take_in(self) -> None:
        for append in self.facts.take_in(self.office.news()):
            for each in append.events:
                log, recorded = each.record.log, each.record.recorded
                assert recorded >= self.recorded.get(log, 0), "invariant 12: recorded goes back"
                self.recorded[log] = recorded
            for kept in EVERY_APPEND:
                kept(append)
        for holds in AFTER_EACH:
            holds(self.facts)

    def drain(self) -> None:
        self.office.drain()
        self.take_in()

    def reach(self, instant: datetime) -> None:
        self.office.reach(instant)
        self.take_in()

    @property
    def today(self) -> date:
        return local_day(self.office.now)

    def of(self, kind: str, *types: type) -> list[str]:
        """The streams of a kind that stand at one of these, in the order in which they began."""
        return [stream for stream, state in self.facts.of_kind(kind).items() if not types or isinstance(state, types)]

    def late(self, data: st.DataObject) -> datetime | None:
        """When it happened: mostly now, sometimes hours or days before it is written down."""
        back = data.draw(st.sampled_from([0, 0, 0, 0, 3, 24, 24 * 9]), label="hours late")
        return self.office.now - timedelta(hours=back) if back else None

    # Intake

    @initialize(data=DATA, several=st.integers(2, 5))
    def a_morning(self, data: st.DataObject, several: int) -> None:
        """Some cases lie on the head's desk already."""
        for _ in range(several):
            about = data.draw(st.sampled_from(["", "", "TH", "CVP"]))
            self.bring_one_in(data, data.draw(st.sampled_from(SourceGroup)), flagged=data.draw(st.booleans()), about=about)
        for stream in list(self.facts.open_cases)[1:]:
            self.assign_by_proposal(data, stream)

    @rule(
        data=DATA,
        unit=st.sampled_from(UNITS),
        source=st.sampled_from(SourceGroup),
        named=st.booleans(),
        number=st.integers(1, 60),
    )
    def receive(self, data: st.DataObject, unit: str, source: SourceGroup, named: bool, number: int) -> None:
        self.received += 1
        speaker = {"speaker_name": f"{CANARY} {self.received}", "hidden": True} if named else {}
        outcome = self.ask(
            SPECIALISTS[unit],
            "receive_opinion",
            late=self.late(data),
            office=OFFICE,
            channel=Channel.IN_PERSON.value,
            source_group=source.value,
            local_id=f"{unit}-{number}",
            words=f"{CANARY} xin có ý kiến thứ {self.received}.",
            **speaker,
        )
        if outcome is not None and named:
            found = self.facts.state(outcome.stream).receipt.speaker
            self.speakers += [found] if found else []

    @rule(data=DATA, source=st.sampled_from(SourceGroup), flagged=st.booleans(), about=st.sampled_from(["", "", "", "TH", "CVP"]))
    def bring_in(self, data: st.DataObject, source: SourceGroup, flagged: bool, about: str) -> None:
        """A whole undisturbed way to the head's desk."""
        self.bring_one_in(data, source, flagged=flagged, about=about)

    def bring_one_in(self, data: st.DataObject, source: SourceGroup, *, flagged: bool, about: str) -> None:
        self.received += 1
        unit = data.draw(st.sampled_from(UNITS))
        came = self.ask(
            SPECIALISTS[unit],
            "receive_opinion",
            office=OFFICE,
            channel=Channel.LETTER.value,
            source_group=source.value,
            words=f"{CANARY} đề nghị lần {self.received}.",
        )
        if came is not None:
            self.classify(data, came.stream, flagged=flagged, about=about, late=None)
            self.ask(HUB, "refer_opinion", opinion=came.stream)
            self.drain()

    def classify(self, data: st.DataObject, stream: str, *, flagged: bool, about: str, late: datetime | None) -> None:
        self.ask(
            HUB,
            "classify_opinion",
            late=late,
            opinion=stream,
            kind=data.draw(st.sampled_from(Kind)).value,
            field=data.draw(st.sampled_from(FIELDS)),
            flags=[Flag.COMPLEX.value] if flagged else [],
            concerns_units=[about] if about else [],
            concerns_posts=["CVP"] if about == "CVP" else [],
        )

    @precondition(lambda self: self.of("opinion"))
    @rule(data=DATA)
    def sort_out(self, data: st.DataObject) -> None:
        """Something is done about an opinion at intake; often it is too late for that."""
        still = self.of("opinion", opinions.Received, opinions.AwaitingCompletion, opinions.Classified)
        stream = data.draw(st.sampled_from(still or self.of("opinion")))
        other = data.draw(st.sampled_from(self.of("opinion")))
        late = self.late(data)
        note = "Lý do ghi trong hồ sơ."
        asked: dict[str, dict[str, Any]] = {
            "request_completion": {"asked": note},
            "complete_opinion": {"words": f"{CANARY} bổ sung."},
            "correct_opinion": {"reason": note, "source_group": SourceGroup.PEOPLE.value},
            "split_opinion": {"parts": [{"words": f"{CANARY} việc một."}, {"words": f"{CANARY} việc hai."}]},
            "merge_opinion": {"into": other},
            "unmerge_opinion": {"reason": note},
            "withdraw_opinion": {},
            "reject_opinion": {"reason": RejectionReason.UNCLEAR.value},
            "forward_opinion": {"to": "SGTVT"},
            "divert_opinion": {"kind": data.draw(st.sampled_from(DivertedKind)).value, "to": "BTCD"},
            "quarantine_opinion": {"paper": "MAT-01"},
            "record_wish": {"wish": "rut"},
        }
        command = data.draw(st.sampled_from(["classify", "classify", "refer", "refer", *asked]))
        match command:
            case "classify":
                self.classify(data, stream, flagged=data.draw(st.booleans()), about="", late=late)
            case "refer":
                into = data.draw(st.sampled_from([None, None, *self.of("case")]))
                self.ask(HUB, "refer_opinion", opinion=stream, **({"into": into} if into else {}))
            case _:
                self.ask(HUB, command, late=None if command in NEVER_LATE else late, opinion=stream, **asked[command])
        self.drain()

    # Cases and tasks

    @precondition(lambda self: self.facts.open_cases)
    @rule(data=DATA, steps=st.integers(1, 7))
    def go_on(self, data: st.DataObject, steps: int) -> None:
        """The steps that are next in an undisturbed life."""
        stream = data.draw(st.sampled_from(list(self.facts.open_cases)))
        for _ in range(steps):
            match self.facts.state(stream):
                case cases.Waiting():
                    self.assign_by_proposal(data, stream)
                case cases.Drafting(lead=lead) if lead in SPECIALISTS:
                    self.ask(SPECIALISTS[lead], "submit_answer", case=stream, answer="Trả lời đã được tham mưu.")
                case cases.UnderApproval(matter=matter):
                    if not matter.party_opinion:
                        self.ask(PARTY, "record_party_opinion", case=stream, opinion="Nhất trí.")
                    self.ask(DEPUTY, "approve_answer", case=stream)
                case cases.Approved():
                    self.ask(HUB, "deliver_answer", case=stream, means="van_ban")
                case cases.Delivered(matter=matter):
                    for each in sorted(matter.carrying):
                        self.carry_out(each)
                case cases.Resolved():
                    self.ask(HUB, "close_case", case=stream)
                case _:
                    return

    def assign_by_proposal(self, data: st.DataObject, stream: str) -> None:
        """The hub proposes and cannot assign; the head does, and now and then directs."""
        units = data.draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True))
        given = {"case": stream, "lead": units[0], "coordinating": [{"unit": unit} for unit in units[1:]]}
        assert self.ask(HUB, "assign_case", **given) is None, "invariant 15: the hub assigns"
        if self.ask(CHIEF, "assign_case", **given) is not None and data.draw(st.sampled_from([False, False, True])):
            self.ask(CHIEF, "direct_case", case=stream, direction="Giải quyết dứt điểm.")

    def carry_out(self, stream: str) -> None:
        state = self.facts.state(stream)
        if tasks.is_open(state) and state.work.unit in LEADERS:
            self.ask(LEADERS[state.work.unit], "submit_task", task=stream)
            self.ask(HUB, "complete_task", task=stream)

    @precondition(lambda self: self.facts.cases)
    @rule(data=DATA, who=st.sampled_from((CHIEF, CHIEF, HUB, HUB, DEPUTY, *PEOPLE)), unit=st.sampled_from(ANY_UNIT))
    def on_a_case(self, data: st.DataObject, who: Person, unit: str) -> None:
        """Anything is asked about a case, by anybody."""
        other = data.draw(st.sampled_from(list(self.facts.cases)))
        beside = [{"unit": each} for each in data.draw(st.lists(st.sampled_from(ANY_UNIT), max_size=2, unique=True))]
        note = "Lý do ghi trong hồ sơ."
        asked: dict[str, dict[str, Any]] = {
            "propose_assignment": {"lead": unit},
            "assign_case": {"lead": unit, "coordinating": beside},
            "set_coordination": {"coordinating": beside},
            "recall_case": {"reason": note},
            "direct_case": {"direction": note},
            "set_case_due": {"until": (self.today + timedelta(days=9)).isoformat()},
            "consult_unit": {"unit": unit, "question": note},
            "give_consultation": {"given": note},
            "take_on_board": {},
            "return_answer": {"reason": note},
            "submit_answer": {"answer": note},
            "approve_answer": {},
            "deliver_answer": {"means": "van_ban"},
            "close_case": {},
            "reopen_case": {"reason": note},
            "reclassify_case": data.draw(
                st.sampled_from([{"kind": "gop_y"}, {"field": "khac"}, {"concerns_units": [unit]}, {"flags": ["buc_xuc"]}])
            ),
            "reject_case": {"reason": RejectionReason.FINAL_DECISION.value},
            "forward_case": {"to": "SGTVT"},
            "divert_case": {"kind": DivertedKind.DENUNCIATION.value, "to": "BTCD"},
            "withdraw_case": {},
            "merge_case": {"into": other},
            "unmerge_case": {"reason": note},
            "split_case": {"parts": [{"words": f"{CANARY} phần một."}, {"words": f"{CANARY} phần hai.", "field": "khac"}]},
        }
        command = data.draw(st.sampled_from(list(asked)))
        over = [stream for stream in self.facts.cases if stream not in self.facts.open_cases]
        first = over if command in AFTER_ITS_END else list(self.facts.open_cases)
        stream = data.draw(st.sampled_from(first or list(self.facts.cases)))
        consulted = self.facts.state(stream).matter.consulting
        if command == "give_consultation" and consulted:
            who = LEADERS.get(self.facts.state(consulted[0][1]).work.unit, who)
        late = None if command in NEVER_LATE else self.late(data)
        self.ask(who, command, late=late, case=stream, **asked[command])

    @precondition(lambda self: len(self.facts.open_cases) > 1)
    @rule(data=DATA)
    def join(self, data: st.DataObject) -> None:
        """Open cases are merged, merged ones taken out again."""
        merged = [stream for stream, state in self.facts.cases.items() if getattr(state, "into", None)]
        if merged and bool(data.draw(st.booleans())):
            self.ask(HUB, "unmerge_case", case=data.draw(st.sampled_from(merged)), reason="Gộp nhầm.")
            return
        two = data.draw(st.lists(st.sampled_from(list(self.facts.open_cases)), min_size=2, max_size=2, unique=True))
        self.ask(HUB, "merge_case", case=two[0], into=two[1])

    @precondition(lambda self: self.facts.tasks)
    @rule(data=DATA, to=st.sampled_from(ANY_UNIT), wrong=st.booleans())
    def on_a_task(self, data: st.DataObject, to: str, wrong: bool) -> None:
        """Anything is asked about a task, by its unit or those above it, now and then by anybody."""
        stream = data.draw(st.sampled_from(list(self.facts.open_tasks) or list(self.facts.tasks)))
        unit = self.facts.state(stream).work.unit
        note, own = "Lý do ghi trong hồ sơ.", LEADERS.get(unit, LEADERS["TH"])
        until = (self.today + timedelta(days=data.draw(st.integers(1, 40)))).isoformat()
        asked: dict[str, tuple[Person, dict[str, Any]]] = {
            "accept_task": (own, {}),
            "return_task": (own, {"reason": note}),
            "delegate_task": (own, {"to": SPECIALISTS.get(unit, SPECIALISTS["NC"]).id}),
            "add_proof": (own, {"reached": 12}),
            "submit_task": (own, {}),
            "request_extension": (own, {"until": until, "reason": note}),
            "request_revision": (HUB, {}),
            "complete_task": (HUB, {}),
            "grant_extension": (CHIEF, {}),
            "refuse_extension": (CHIEF, {"reason": note}),
            "urge_task": (HUB, {}),
            "escalate_task": (HUB, {"to": data.draw(st.sampled_from(Rung)).value}),
            "cancel_task": (CHIEF, {"reason": note}),
            "recall_task": (CHIEF, {"reason": note}),
            "transfer_task": (CHIEF, {"to": to}),
        }
        command = data.draw(st.sampled_from([*asked, "transfer_task", "request_extension", "grant_extension"]))
        who, more = asked[command]
        self.ask(data.draw(st.sampled_from(PEOPLE)) if wrong else who, command, task=stream, **more)

    # Dialogues and their conclusions

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
        self.ask(CONTENT, "submit_proposal", proposal=proposal)
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
        for case in data.draw(st.lists(st.sampled_from([*self.facts.open_cases, "case-none"]), max_size=3, unique=True)):
            self.ask(HUB, "link_case", session=stream, case=case)
        self.ask(head, "approve_programme", session=stream)
        self.ask(HUB, "announce_session", session=stream)
        self.ask(head, "assign_attendance", session=stream, unit=data.draw(st.sampled_from(UNITS)))
        self.ask(HUB, "report_answers", session=stream)
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
    @rule(data=DATA, raised=st.integers(0, 2), about=st.sampled_from(["", "TH"]), hold=st.booleans())
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
            self.ask(self.head_of(self.facts.state(stream)), "hold_session", session=stream)
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
        self.ask(SECRETARY, "record_outcome", session=stream, case=case, outcome=became.value, **more.get(became, {}))

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
            unit = data.draw(st.sampled_from(UNITS))
            done = {"kind": "chi_dao_giai_quyet", "unit": unit, "days": 15} if directs or case in wanted else {"kind": "ket_luan"}
            items.append({**done, "case": case, "text": "Kết luận."})
        chairmans = session is not None and self.facts.state(session).was.track is Track.CHAIRMAN
        more = {"session": session} if session else {}
        authority = "CT" if chairmans else "CVP"
        drafted = self.ask(HUB, "draft_notice", office=OFFICE, items=items, authority=authority, **more)
        if drafted is not None and issue:
            self.issue(drafted.stream)

    def issue(self, stream: str) -> None:
        self.ask(REGISTRY, "issue_notice", notice=stream, **self.on_paper(stream))

    def on_paper(self, notice: str) -> dict[str, Any]:
        """A paper about a notice, signed by the head, and the number that it will have."""
        self.received += 1
        drafted = self.ask(HUB, "draft_document", kind="thong_bao", about=notice, summary="Trích yếu.", content="5e" * 32)
        if drafted is None:
            return {}
        self.ask(HUB, "submit_document", document=drafted.stream)
        self.ask(CHIEF, "sign_document", document=drafted.stream, capacity="truc_tiep", content="5e" * 32)
        return {"document": drafted.stream, "book": "TB-VPUB", "number": self.received, "means": "giay"}

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
                asked = {"item": number, "until": until, "reason": "Lùi hạn.", **self.on_paper(stream)}
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

    # Time, the directory, the vault

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
        self.ask(HUB, "settle_transfer", about=about, to=to)

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

    # The read side

    @rule(by=st.sampled_from(By))
    def look(self, by: By = By.FIELD) -> None:
        """Every read model says what the streams fold to, and the report's identities hold."""
        self.drain()
        self.rows_are_what_was_folded()
        self.figures_are_what_was_counted(by)
        self.nobody_reads_of_himself()

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

    def figures(self, by: By, *, first: date = FIRST_DAY, last: date | None = None, as_of: Any = None) -> dict[str, Any]:
        queries, who = self.office.queries("reporting"), self.office.subject(CHIEF)
        until = last or self.today
        found: dict[str, Any] = self.office.run(queries.figures(who, office=OFFICE, first=first, last=until, by=by, as_of=as_of))
        return found

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
        # What is split, taken out of a merge or put to the Chairman later changes the stock of before, as now known.
        changed = chairmans or self.facts.events(told.CaseSplit, told.CaseUnmerged, *SORTED_AGAIN)
        if middle < self.today and not changed:
            one, two = self.figures(by, first=began, last=middle), self.figures(by, first=middle + timedelta(days=1))
            assert two["total"]["A"] == one["total"]["J"], "the next A is J"
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
            elif event.session is not None:
                put[event.episode] = event.session
        his = {stream for stream, state in self.facts.of_kind("session").items() if state.was.track is Track.CHAIRMAN}

        def session_of(episode: str) -> str | None:
            return put.get(episode) if episode in put or episode not in before else session_of(before[episode])

        return {each for each in self.facts.episodes if (each in put or each in before) and session_of(each) in his}

    def what_was_told_is_told_again(self) -> None:
        """Invariant 10: replayed to its recorded position, every number is the same."""
        for asked, positions, found in self.told:
            assert self.figures(**asked, as_of=positions) == found

    def nobody_reads_of_himself(self) -> None:
        """Invariants 7 and 13: nobody opens an opinion about his unit, and nobody what was diverted but whom it went to."""
        reading = self.office.queries("assignment").cases
        for stream, state in self.facts.cases.items():
            for unit in set(state.matter.concerns_units) & set(LEADERS):
                self._refused(reading.words(self.office.subject(LEADERS[unit]), stream))
            if getattr(state, "how", None) == "diverted":
                self._refused(reading.words(self.office.subject(HUB), stream))

    def _refused(self, reading: Any) -> None:
        try:
            self.office.run(reading)
        except Unknown:
            return
        raise AssertionError("invariants 7 and 13: somebody reads what is not for him")

    def names_are_nowhere_in_clear(self) -> None:
        """Invariant 13: no name and no word of a speaker lies anywhere but sealed."""
        wanted = CANARY.encode()
        for name, content in self.office.bytes_at_rest():
            assert wanted not in content, f"{name} holds a name in clear"
