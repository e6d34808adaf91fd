"""What the ways to rare states share: a matter brought to where it is wanted, and what must be done or refused there."""

from typing import Any, Final

from shared.contracts.opinion import Channel, Flag, Kind, SourceGroup
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from tests.support.dialogue.asking import CANARY
from tests.support.dialogue.told import Told
from tests.support.office import (
    CHIEF,
    DEPUTY,
    HUB,
    OFFICE,
    REGISTRY,
    SECRETARY,
    SPECIALISTS,
    Person,
)

NOTE: Final = "Lý do ghi trong hồ sơ."
# Units that no reorganisation of the machine ends. Nobody takes anything over from ABOUT: of TH, which NC may come to stand
# in the place of, nothing could be said to be about it that NC still has a part in.
LEAD, BESIDE, ABOUT = "NC", "TCHCQT", "TH2"
DIVISION: Final = Person("nc-02", LEAD, Role.CONTENT_DIVISION)


class Ways(Told):
    """Matters, dialogues, notices and papers of its own for each way."""

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

    def proposed(self) -> str:
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

    def notice_of(self, session: str) -> str:
        return str(self.facts.state(session).notice)

    def signed(self, kind: str) -> str:
        to = [{"recipient": LEAD, "purpose": "Thực hiện", "mandatory": True}]
        drafted = self.must(HUB, "draft_document", kind=kind, summary="Trích yếu.", content="5e" * 32, recipients=to).stream
        self.must(HUB, "submit_document", document=drafted)
        self.must(CHIEF, "sign_document", document=drafted, capacity="truc_tiep", content="5e" * 32)
        return str(drafted)

    def opened(self, reading: Any) -> bool:
        """Whether somebody is shown it."""
        try:
            return self.office.run(reading) is not None
        except (Unknown, Forbidden):
            return False
