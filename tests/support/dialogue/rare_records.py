"""Rare states of what is kept: numbers, words of what was diverted, people forgotten, and who may do what (7, 11, 13, 14, 15)."""

from typing import Any

from services.reporting.readmodel.breakdown import By
from shared.contracts.opinion import DivertedKind, Kind
from shared.contracts.task import Rung
from shared.vault.port import Erased
from tests.support.dialogue.asking import CANARY
from tests.support.dialogue.ways import LEAD, NOTE, Ways
from tests.support.office import (
    AUDITOR,
    CHIEF,
    DEPUTY,
    HUB,
    LEADERS,
    OFFICE,
    PEOPLE,
    REGISTRY,
    SPECIALISTS,
)


class RareRecords(Ways):
    """Each way asks of what is kept."""

    def numbers_of_a_book(self) -> None:
        """Invariant 11: a number is given once; one that was given is not voided, one that was voided not given."""
        self.received += 2
        taken, spoiled = 1000 + 2 * self.received, 1001 + 2 * self.received
        book = {"office": OFFICE, "book": "KH-VPUB", "year": self.today.year}
        self.must(REGISTRY, "void_number", number=spoiled, reason=NOTE, **book)
        paper, second = self.signed("ke_hoach"), self.signed("ke_hoach")
        self.refuses("11", REGISTRY, "issue_document", document=paper, book="KH-VPUB", number=spoiled)
        self.must(REGISTRY, "issue_document", document=paper, book="KH-VPUB", number=taken)
        self.refuses("11", REGISTRY, "issue_document", document=second, book="KH-VPUB", number=taken)
        self.refuses("11", REGISTRY, "issue_document", document=paper, book="KH-VPUB", number=taken + 5000)
        self.refuses("11", REGISTRY, "void_number", number=taken, reason=NOTE, **book)
        internal = {**book, "book": "TB-VPUB"}
        notice = self.signed("thong_bao")
        for number in (90_000, 0):
            self.refuses("11", REGISTRY, "issue_document", document=notice, book="TB-VPUB", number=number)
            self.refuses("11", REGISTRY, "void_number", number=number, reason=NOTE, **internal)
        self.must(REGISTRY, "issue_document", document=notice, book="TB-VPUB")
        number = self.facts.states[f"register-{OFFICE}-TB-VPUB-{self.today.year}"].last
        self.refuses("11", REGISTRY, "void_number", number=number, reason=NOTE, **internal)
        self.must(REGISTRY, "void_number", number=number + 1, reason=NOTE, **internal)
        self.must(REGISTRY, "issue_document", document=self.signed("thong_bao"), book="TB-VPUB")

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
        paper, task, begun = self.signed("ke_hoach"), self.task_of(case), self.task_of(self.assigned())
        opinion = self.sorted()
        asked: list[tuple[str, set[str], dict[str, Any]]] = [
            ("classify_opinion", {"hub"}, {"opinion": opinion, "kind": Kind.REPORT.value, "field": "khac"}),
            ("refer_opinion", {"hub"}, {"opinion": opinion}),
            ("assign_case", {"chief"}, {"case": waiting, "lead": LEAD}),
            ("direct_case", {"chief"}, {"case": waiting, "direction": NOTE}),
            ("approve_answer", {"chief", "deputy", "chairman"}, {"case": case}),
            ("return_task", {"unit_leader"}, {"task": begun, "reason": NOTE}),
            ("delegate_task", {"unit_leader"}, {"task": begun, "to": SPECIALISTS[LEAD].id}),
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
