"""Cases and tasks, in random order."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from services.assignment.domain.case import states as cases
from services.assignment.domain.task import states as tasks
from shared.contracts.case import Authority
from shared.contracts.opinion import DivertedKind, RejectionReason, SourceGroup
from shared.contracts.task import Rung
from tests.support.dialogue.asking import AFTER_ITS_END, ANY_UNIT, CANARY, DATA, NEVER_LATE, UNITS
from tests.support.dialogue.intake import Intake
from tests.support.office import (
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    HUB,
    LEADERS,
    PARTY,
    PEOPLE,
    SPECIALISTS,
    Person,
)


class Casework(Intake):
    """Cases are given, answered and ended; tasks are done."""

    @initialize(data=DATA, several=st.integers(2, 5))
    def a_morning(self, data: st.DataObject, several: int) -> None:
        """Some cases lie on the head's desk already."""
        for _ in range(several):
            about = data.draw(st.sampled_from(["", "", "TH", "CVP", "TCHCQT"]))
            self.bring_one_in(data, data.draw(st.sampled_from(SourceGroup)), flagged=data.draw(st.booleans()), about=about)
        for stream in list(self.facts.open_cases)[1:]:
            self.assign_by_proposal(data, stream)

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
                    self.ask(CHAIRMAN if matter.authority is Authority.CHAIRMAN else DEPUTY, "approve_answer", case=stream)
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
            "request_revision": (HUB, {"reason": note}),
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
