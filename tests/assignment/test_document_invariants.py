"""Whatever is asked of papers and books in whatever order, numbers hold invariant 11 (domain brief §6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.assignment.domain.document import commands as asked
from services.assignment.domain.document import decider as document
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.register import decider as register
from services.assignment.domain.register.commands import OpenRegister, VoidNumber
from services.assignment.handlers.streams import (
    REGISTER,
    SIGNING_KEYS,
    UNIT,
)
from shared.contracts.directory import UnitKind
from shared.contracts.document import (
    DispatchMeans,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentRecalled,
    Line,
    NumberTaken,
    NumberVoided,
    SigningCapacity,
)
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.decider import Fold
from shared.documents import acts
from shared.documents.statement import Signed
from shared.papers.streams import DOCUMENT
from tests.assignment.stage import unit
from tests.support.scenario import sealed
from tests.support.signatures import MADE, by_key

FOLDS: Final[dict[str, Fold[Any]]] = {"document": DOCUMENT, "register": REGISTER, "signing_key": SIGNING_KEYS, "unit": UNIT}
BOOKS: Final = {"TB-VPUB": True, "KH-VPUB": False}  # external?
NUMBERS: Final = st.one_of(st.none(), st.integers(0, 5))
MAY_SIGN: Final = {"VPUB": frozenset({SigningCapacity.IN_PERSON})}


class Papers(RuleBasedStateMachine):
    """One office's papers and its two books, over the end of a year."""

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = defaultdict(list)
        self.at = datetime(2023, 12, 20, 2, tzinfo=UTC)
        self.asked = 0

    @initialize()
    def begun(self) -> None:
        self.history["unit-VPUB"] = [unit("VPUB", kind=UnitKind.OFFICE)]
        self.history["signing_key-VPUB"] = [MADE]
        self.history["unit-TH"] = [unit("TH")]
        for year in (2023, 2024):
            for book, external in BOOKS.items():
                self.ask(OpenRegister(office="VPUB", book=book, year=year, external=external, pattern=f"{{number}}/{book}"))

    @rule(kind=st.sampled_from([DocumentKind.NOTICE, DocumentKind.PLAN]), signed=st.booleans())
    def draft(self, kind: DocumentKind, signed: bool) -> None:
        lines = (Line(recipient="TH", purpose="Thực hiện", mandatory=True),)
        self.ask(asked.DraftDocument(kind=kind, content="5e" * 32, recipients=lines))
        if signed:
            paper = f"document-{self.asked:020d}"
            self.ask(asked.SubmitDocument(document=paper))
            self.ask(asked.SignDocument(document=paper, capacity=SigningCapacity.IN_PERSON))

    @rule(data=st.data(), what=st.sampled_from(["redraft", "submit", "return", "sign", "recall"]))
    def move(self, data: st.DataObject, what: str) -> None:
        paper = self.some(data)
        if paper is None:
            return
        made = {
            "redraft": asked.RedraftDocument(document=paper, content="6f" * 32),
            "submit": asked.SubmitDocument(document=paper),
            "return": asked.ReturnDocument(document=paper, reason=sealed(1)),
            "sign": asked.SignDocument(document=paper, capacity=SigningCapacity.IN_PERSON),
            "recall": asked.RecallDocument(document=paper, reason=sealed(2)),
        }
        self.ask(made[what])

    @rule(data=st.data(), book=st.sampled_from([*BOOKS, *BOOKS, "GM-VPUB"]), number=NUMBERS, issuing=st.booleans())
    def number(self, data: st.DataObject, book: str, number: int | None, issuing: bool) -> None:
        paper = self.some(data)
        if paper is None:
            return
        if issuing:
            self.ask(asked.IssueDocument(document=paper, book=book, number=number, means=DispatchMeans.PAPER))
        else:
            self.ask(asked.NumberDocument(document=paper, book=book, number=number))

    @rule(data=st.data())
    def issue_and_supersede(self, data: st.DataObject) -> None:
        one, other = self.some(data), self.some(data)
        if one is not None and other is not None:
            self.ask(asked.IssueDocument(document=other))
            self.ask(asked.SupersedeDocument(document=one, successor=other))

    @rule(book=st.sampled_from([*BOOKS]), year=st.sampled_from([2023, 2024, 2025]), number=st.integers(0, 5))
    def void(self, book: str, year: int, number: int) -> None:
        self.ask(VoidNumber(office="VPUB", book=book, year=year, number=number, reason=sealed(3)))

    @rule()
    def new_year(self) -> None:
        self.at = max(self.at, datetime(2024, 1, 2, 2, tzinfo=UTC))

    @rule(data=st.data(), number=st.integers(1, 5))
    def spoil(self, data: st.DataObject, number: int) -> None:
        """A numbered paper is found wrong: another takes its place, and its number is voided."""
        paper, other = self.some(data), self.some(data)
        if paper is not None and other is not None:
            self.ask(asked.NumberDocument(document=paper, book="TB-VPUB", number=number))
            self.ask(asked.NumberDocument(document=other, book="KH-VPUB"))
            self.ask(asked.SupersedeDocument(document=paper, successor=other))
            self.ask(VoidNumber(office="VPUB", book="TB-VPUB", year=self.at.year, number=number, reason=sealed(4)))

    def signed(self, command: Any, states: Mapping[str, Any]) -> Signed | None:
        """What the office's key signs where a signature is asked for."""
        if not isinstance(command, asked.SignDocument):
            return None
        content = states[command.document].paper.drafted.content
        return by_key(command.document, "p-chief", command.capacity, content, at=self.at)

    def some(self, data: st.DataObject) -> str | None:
        papers = sorted(stream for stream, events in self.history.items() if stream.startswith("document-") and events)
        return data.draw(st.sampled_from(papers)) if papers else None

    def ask(self, command: Any) -> None:
        self.asked += 1
        self.at += timedelta(minutes=1)
        base: dict[str, Any] = {"at": self.at, "now": self.at, "person": "p-chief", "office": "VPUB", "unit": "VPUB"}
        states = _Folded(self.history)
        told = acts.Signing(**base, capacity=Role.CHIEF, may_sign=MAY_SIGN, by_key=self.signed(command, states))
        try:
            if isinstance(command, OpenRegister | VoidNumber):
                decided: Any = register.decide(command, states, told)
            elif isinstance(command, asked.DraftDocument):
                hub = base | {"person": "p-hub", "capacity": Role.HUB}
                drafting = document.Drafting(**hub, document=f"document-{self.asked:020d}")
                decided = document.decide(command, states, drafting)
            elif isinstance(command, asked.RedraftDocument | asked.IssueDocument):
                decided = document.decide(command, states, Listing(**base, capacity=Role.HUB))
            else:
                decided = document.decide(command, states, told)
        except Refused:
            return
        for stream, events in decided.items():
            self.history[stream] += events

    def books(self) -> dict[str, list[Any]]:
        return {stream: events for stream, events in self.history.items() if stream.startswith("register-")}

    def papers(self) -> dict[str, list[Any]]:
        return {stream: events for stream, events in self.history.items() if stream.startswith("document-")}

    @invariant()
    def a_number_is_given_once_and_never_after_it_was_voided(self) -> None:
        for events in self.books().values():
            given = Counter(event.number for event in events if isinstance(event, NumberTaken))
            assert all(times == 1 for times in given.values())
            void: set[int] = set()
            for event in events:
                if isinstance(event, NumberVoided):
                    assert event.number not in void
                    void.add(event.number)
                elif isinstance(event, NumberTaken):
                    assert event.number not in void

    @invariant()
    def an_internal_book_has_no_gap(self) -> None:
        for stream, events in self.books().items():
            if not events[0].external:
                entered = [event.number for event in events[1:]]
                assert entered == list(range(1, len(entered) + 1)), stream

    @invariant()
    def an_internal_number_stands_on_an_issued_paper(self) -> None:
        issued = {stream for stream, events in self.papers().items() if any(isinstance(e, DocumentIssued) for e in events)}
        for events in self.books().values():
            if not events[0].external:
                assert {event.document for event in events if isinstance(event, NumberTaken)} <= issued

    @invariant()
    def a_paper_carries_one_number_and_its_book_says_the_same(self) -> None:
        for stream, events in self.papers().items():
            numbered = [event for event in events if isinstance(event, DocumentNumbered)]
            assert len(numbered) <= 1
            for event in numbered:
                assert event.on.year == event.year
                taken = self.history[f"register-VPUB-{event.register}-{event.year}"]
                assert NumberTaken(number=event.number, document=stream) in taken

    @invariant()
    def a_number_of_an_issued_paper_is_not_voided(self) -> None:
        for stream, events in self.papers().items():
            if any(isinstance(event, DocumentIssued | DocumentRecalled) for event in events):
                numbered = next(event for event in events if isinstance(event, DocumentNumbered))
                book = self.history[f"register-VPUB-{numbered.register}-{numbered.year}"]
                assert numbered.number not in {event.number for event in book if isinstance(event, NumberVoided)}, stream


class _Folded(dict[str, Any]):
    """Every stream's state, folded when it is looked at."""

    def __init__(self, history: dict[str, list[Any]]) -> None:
        super().__init__()
        self._history = history

    def __missing__(self, stream: str) -> Any:
        fold = FOLDS[stream.partition("-")[0]]
        return reduce(fold.evolve, self._history.get(stream, []), fold.initial)


Papers.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestPapers = Papers.TestCase
