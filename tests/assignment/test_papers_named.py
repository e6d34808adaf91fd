"""The papers that commands name beside what they do: of this office, of the kind and about what is done, signed or issued."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import OtherPaper, SignedByAnother
from services.assignment.domain.proposal.commands import SubmitProposal
from services.assignment.domain.session.commands import AnnounceSession, ApproveProgramme, SignMinutes
from services.assignment.domain.task.commands import UrgeTask
from shared.contracts.document import DocumentKind, DocumentRecalled, DocumentSuperseded, SigningCapacity
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.session import Outcome
from shared.documents.refusals import NotIssued, NotSigned, WasRecalled, WasSuperseded
from tests.assignment.house import CHIEF, HUB, House
from tests.assignment.named_papers import drafted_paper, issued_paper, signed_paper
from tests.assignment.sittings import CHAIRMANS, HELD, PERIODIC, PROGRAMME, PROPOSAL, became, history, told
from tests.assignment.stage import ASSIGNED, OPENED, SESSION, TASK, WORK, facts, given
from tests.assignment.test_misuse import refused
from tests.assignment.test_proposal_decider import APPRAISED, DEPUTY
from tests.assignment.test_proposal_decider import given as given_proposal
from tests.assignment.test_session_ending import BEFORE, OF_THE_DAY
from tests.assignment.test_session_handlers import AD_HOC
from tests.assignment.test_session_misuse import not_created
from tests.support.scenario import Given, sealed

PAPER: Final = "document-00000000000000000009"
FEB_1, FEB_3 = date(2023, 2, 1), date(2023, 2, 3)
LATE = facts(datetime(2023, 1, 31, 2, tzinfo=UTC), person="p-hub", unit="TCHCQT")


@dataclass(frozen=True)
class Naming:
    """A command that names a paper, when it goes, and what the paper has to be."""

    field: str
    command: Any
    facts: Any
    before: Given
    kind: DocumentKind
    about: str
    issued: bool = False

    def when(self, *paper: Any) -> Any:
        """Asked with the paper as it stands."""
        return replace(self.before, history={**self.before.history, PAPER: paper}).when(self.command, self.facts)

    def good(self) -> Sequence[Any]:
        """A paper that does."""
        return (issued_paper if self.issued else signed_paper)(self.kind, self.about)


NAMING: Final = (
    Naming(
        "letter",
        UrgeTask(task=TASK, letter=PAPER),
        LATE,
        given(OPENED, ASSIGNED, task=[WORK]),
        DocumentKind.URGING_LETTER,
        TASK,
        issued=True,
    ),
    Naming(
        "document",
        ApproveProgramme(session=SESSION, document=PAPER),
        told(FEB_1),
        history(PERIODIC),
        DocumentKind.PROGRAMME,
        SESSION,
    ),
    Naming(
        "invitation",
        AnnounceSession(session=SESSION, invitation=PAPER),
        told(FEB_3),
        history(PERIODIC, PROGRAMME),
        DocumentKind.INVITATION,
        SESSION,
        issued=True,
    ),
    Naming(
        "document",
        SignMinutes(session=SESSION, document=PAPER),
        OF_THE_DAY,
        history(*BEFORE, became(1, Outcome.WITHDRAWN), HELD),
        DocumentKind.MINUTES,
        SESSION,
    ),
    Naming(
        "document",
        SubmitProposal(proposal=PROPOSAL, document=PAPER),
        DEPUTY,
        given_proposal(*APPRAISED),
        DocumentKind.SUBMISSION_SLIP,
        PROPOSAL,
    ),
)


@pytest.fixture(params=NAMING, ids=lambda each: type(each.command).__name__)
def naming(request: pytest.FixtureRequest) -> Naming:
    """Each command that names a paper."""
    found: Naming = request.param
    return found


def test_the_paper_that_is_named_stands_in_the_fact(naming: Naming) -> None:
    (decided,) = naming.when(*naming.good()).decided().values()
    assert getattr(decided[0], naming.field) == PAPER


def test_a_paper_that_nobody_drafted_or_that_is_another_office_s_is_not_known(naming: Naming) -> None:
    naming.when().refuses(Unknown, naming.field)
    naming.when(*drafted_paper(naming.kind, naming.about, office="UBND-MSO")).refuses(Unknown, naming.field)


def test_a_paper_of_another_kind_or_about_another_thing_does_not_do(naming: Naming) -> None:
    naming.when(*issued_paper(DocumentKind.NOTICE, naming.about)).refuses(OtherPaper, naming.field)
    naming.when(*issued_paper(naming.kind, "session-00000000000000000077")).refuses(OtherPaper, naming.field)


def test_a_paper_is_signed_and_what_goes_out_to_others_is_issued(naming: Naming) -> None:
    naming.when(*drafted_paper(naming.kind, naming.about)).refuses(NotSigned, naming.field)
    if naming.issued:
        naming.when(*signed_paper(naming.kind, naming.about)).refuses(NotIssued, naming.field)


def test_a_paper_out_of_force_does_not_do(naming: Naming) -> None:
    out = issued_paper(naming.kind, naming.about)
    naming.when(*out, DocumentRecalled(reason=sealed())).refuses(WasRecalled, naming.field)
    superseded = DocumentSuperseded(by="document-00000000000000000010", reason=None)
    naming.when(*out, superseded).refuses(WasSuperseded, naming.field)


@pytest.mark.parametrize("naming", [NAMING[1], NAMING[3]], ids=["programme", "minutes"])
def test_programme_and_minutes_are_signed_by_whoever_holds_the_dialogue(naming: Naming) -> None:
    by_order = signed_paper(naming.kind, naming.about, SigningCapacity.BY_ORDER, "p-leader")
    naming.when(*by_order).refuses(SignedByAnother, "document")
    naming.when(*signed_paper(naming.kind, naming.about, SigningCapacity.FOR_THE_HEAD, "p-deputy")).decided()


def test_the_programme_of_the_chairman_is_signed_by_him_or_by_his_order() -> None:
    own = told(FEB_1, Listing, person="p-chairman", capacity=Role.CHAIRMAN, chairmen=frozenset({"p-chairman"}))
    named = replace(NAMING[1], facts=own, before=history(CHAIRMANS))
    named.when(*named.good()).refuses(SignedByAnother, "document")
    named.when(*signed_paper(named.kind, SESSION, SigningCapacity.IN_PERSON, "p-chairman")).decided()
    named.when(*signed_paper(named.kind, SESSION, SigningCapacity.BY_ORDER)).decided()


def test_a_letter_of_urging_is_about_the_work_or_the_matter_and_signed_by_anybody_who_may() -> None:
    urging = NAMING[0]
    urging.when(*issued_paper(urging.kind, WORK.about, SigningCapacity.BY_ORDER)).decided()


async def test_a_programme_on_no_paper_of_its_own_is_refused_over_http(house: House) -> None:
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    notice = await house.paper(session)
    await refused(house, CHIEF, f"/sessions/{session}/programme", "other-paper", 422, document=notice)
    await refused(house, CHIEF, f"/sessions/{session}/programme", "unknown", 404, document="document-NEVER000000000000000")
    programme = await house.paper(session, "chuong_trinh")
    done = await house.ask("approve_programme", CHIEF, session=session, document=programme)
    assert done.position > 0


async def test_a_plan_or_notice_is_drafted_on_no_paper_of_another_kind_or_office(house: House) -> None:
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    programme = await house.paper(session, "chuong_trinh")
    conclusion: dict[str, Any] = {"kind": "ket_luan", "text": "Đã trả lời tại chỗ."}
    for path, drafted in (
        ("/notices", {"office": "VPUB", "session": session, "items": [conclusion]}),
        ("/plans", {"office": "VPUB", "year": 2023}),
    ):
        await not_created(house, HUB, path, "other-paper", 422, **drafted, document=programme)
        await not_created(house, HUB, path, "unknown", 404, **drafted, document="document-NEVER000000000000000")
    notice = await house.paper(session)
    assert (await house.ask("draft_notice", HUB, office="VPUB", session=session, items=[conclusion], document=notice)).position
