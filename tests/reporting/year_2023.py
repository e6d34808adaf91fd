"""The worked year 2023: the life of its sixteen opinions, its six dialogues, notices, tasks, requests and proposals."""

from datetime import date, datetime
from typing import Any

from deploy.sonla import builtin_calendar
from shared.contracts import case, proposal, task
from shared.contracts.case import Authority, DueBase, Resolution
from shared.contracts.opinion import DivertedKind, SourceGroup
from shared.contracts.proposal import Verdict
from shared.contracts.session import Origin, Outcome, Track, Trigger
from shared.contracts.task import TaskType
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import SEALED, Story, at

STAFF, PEOPLE = SourceGroup.INTERNAL, SourceGroup.PEOPLE
SIX_MONTHS = (date(2023, 1, 4), date(2023, 5, 31))
YEAR = (date(2023, 1, 4), date(2023, 10, 31))
FIRST_LOCK = at(date(2023, 6, 2), 17)
SECOND_LOCK = at(date(2023, 11, 10), 17)


def day(number: int, month: int, hour: int = 8) -> datetime:
    return at(date(2023, month, number), hour)


def due(number: int, month: int) -> date:
    return date(2023, month, number)


def settled(
    story: Story,
    name: str,
    source: SourceGroup,
    received: datetime,
    resolved: datetime,
    by: date,
    **resolution: Any,
) -> None:
    """Received, classified, assigned and resolved, all told when it happened."""
    story.received(name, received, source=source)
    story.classified(name, received, by)
    story.assigned(name, received, by)
    story.resolved(name, resolved, by, **resolution)


def year_2023() -> Dialogues:
    """The year of the Office as worked through in the brief, as far as reports count it."""
    story = Dialogues(builtin_calendar())
    dissemination(story)
    giao_ban(story)
    staff_conference(story)
    direct_dialogue(story)
    ad_hoc(story)
    without_dialogue(story)
    document_study(story)
    chairmans_dialogue(story)
    return story


def dissemination(story: Dialogues) -> None:
    for n in range(12):
        assigned = story.given(TaskType.DISSEMINATE, "TH", due(18, 1), about="plan-VPUB-2023")
        story.task(f"TT{n}", assigned(), day(4, 1))
        proof = task.ProofAdded(unit="TH", file=None, reached=10 + n, on=due(12, 1), result=None)
        story.task(f"TT{n}", proof, day(12, 1))
        story.completed(f"TT{n}", day(18, 1))


def giao_ban(story: Dialogues) -> None:
    settled(story, "O01", STAFF, day(6, 1), day(19, 1), due(30, 1), how=Resolution.DIRECTED)
    story.session("D01", day(9, 1, 7), due(9, 1), origin=Origin.RECURRENCE)
    story.linked("O01", "D01", day(9, 1))
    story.outcome("O01", "D01", Outcome.DIRECTED, day(9, 1, 9))
    story.held("D01", day(9, 1, 10), 22)
    story.due_set("O01", day(9, 1, 10), due(30, 1), DueBase.DIRECTION)


def staff_conference(story: Dialogues) -> None:
    story.session("D02", day(9, 1), due(10, 2))
    settled(story, "O02", STAFF, day(31, 1), day(10, 2, 11), due(10, 2), how=Resolution.TAKEN_ON_BOARD)
    story.received("O03", day(31, 1), source=STAFF)
    story.classified("O03", day(1, 2), due(14, 2))
    story.assigned("O03", day(2, 2), due(14, 2))
    for name in ("O02", "O03"):
        story.linked(name, "D02", day(1, 2))
        story.due_set(name, day(1, 2), due(10, 2))
    for name in ("O04", "O05"):
        story.raised(name, "D02", day(10, 2), source=STAFF, due=due(24, 2))
    outcomes = {"O02": Outcome.TAKEN_ON_BOARD, "O03": Outcome.DIRECTED, "O04": Outcome.DIRECTED, "O05": Outcome.ANSWERED}
    for name, outcome in outcomes.items():
        story.outcome(name, "D02", outcome, day(10, 2, 10))
    story.held("D02", day(10, 2, 11), 118)
    story.resolved("O05", day(10, 2, 11), due(24, 2), how=Resolution.ON_THE_SPOT)
    for name in ("O03", "O04"):
        story.due_set(name, day(10, 2, 11), due(24, 2), DueBase.DIRECTION)
    story.notice("TB03", day(17, 2), {"O03": due(6, 3), "O04": due(20, 3)}, of="D02")
    story.assigned("O04", day(17, 2), due(20, 3))
    story.due_set("O03", day(17, 2), due(6, 3), DueBase.CONCLUSION)
    story.due_set("O04", day(17, 2), due(20, 3), DueBase.CONCLUSION)
    story.extended("TO03", day(3, 3), due(6, 3), due(20, 3))
    story.due_set("O03", day(3, 3), due(20, 3), DueBase.EXTENSION)
    story.completed("TO03", day(17, 3))
    story.resolved("O03", day(17, 3), due(20, 3), how=Resolution.DIRECTED)
    story.urged("TO04", day(21, 3))
    story.completed("TO04", day(30, 3))
    story.resolved("O04", day(30, 3), due(20, 3), how=Resolution.DIRECTED)
    story.reopened("O04", day(5, 7), due(19, 7))
    story.resolved("O04", day(18, 7), due(19, 7), turn=2)


def direct_dialogue(story: Dialogues) -> None:
    story.request("R1", day(6, 3))
    story.received("O06", day(6, 3), source=PEOPLE)
    story.classified("O06", day(8, 3), due(20, 3))
    story.accepted("R1", "D03", day(9, 3))
    story.session("D03", day(9, 3), due(21, 3), track=Track.PEOPLE, trigger=Trigger.ON_REQUEST, origin=Origin.REQUEST)
    story.linked("O06", "D03", day(9, 3))
    story.due_set("O06", day(9, 3), due(21, 3))
    story.assigned("O06", day(10, 3), due(21, 3))
    story.raised("O07", "D03", day(21, 3))
    story.outcome("O06", "D03", Outcome.DIRECTED, day(21, 3, 10))
    story.outcome("O07", "D03", Outcome.PASSED_ON, day(21, 3, 10))
    story.held("D03", day(21, 3, 11), 9)
    story.decided("O07", case.CaseDiverted(episode="O07/1", kind=DivertedKind.COMPLAINT, to="BTCD"), day(21, 3, 11))
    story.due_set("O06", day(21, 3, 11), due(4, 4), DueBase.DIRECTION)
    story.notice("TB07", day(28, 3), {"O06": due(12, 4)}, of="D03", number="07/TB-VPUB")
    story.due_set("O06", day(28, 3), due(12, 4), DueBase.CONCLUSION)
    story.completed("TO06", day(11, 4))
    story.met("R1", "D03", day(12, 4, 22))
    story.resolved("O06", day(12, 4, 23), due(12, 4), how=Resolution.DIRECTED)
    story.request("R2", day(27, 3))
    story.received("O08", day(27, 3), source=PEOPLE)
    story.request_refused("R2", day(3, 4))
    story.rejected("O08", day(3, 4))


def ad_hoc(story: Dialogues) -> None:
    settled(story, "O09", PEOPLE, day(8, 5), day(11, 5, 11), due(22, 5), how=Resolution.ON_THE_SPOT)
    story.session("D04", day(9, 5), due(11, 5), track=Track.PEOPLE, trigger=Trigger.AD_HOC, origin=Origin.ARISEN)
    story.linked("O09", "D04", day(9, 5))
    story.raised("O10", "D04", day(11, 5))
    story.raised("O11", "D04", day(11, 5), area="thu-tuc-hanh-chinh")
    parts = ("O11A", "O11B")
    story.case_split("O11", parts, day(11, 5, 9), received=day(11, 5), area="thu-tuc-hanh-chinh", of="D04")
    outcomes = {"O09": Outcome.ANSWERED, "O10": Outcome.MERGED, "O11A": Outcome.DIRECTED, "O11B": Outcome.PASSED_ON}
    for name, outcome in outcomes.items():
        story.outcome(name, "D04", outcome, day(11, 5, 10))
    story.held("D04", day(11, 5, 11), 31)
    story.decided("O10", case.CaseMerged(episode="O10/1", into="case-O09"), day(11, 5, 11))
    story.decided("O11B", case.CaseForwarded(episode="O11B/1", to="SGTVT", note=None), day(11, 5, 11))
    story.due_set("O11A", day(11, 5, 11), due(25, 5), DueBase.DIRECTION)
    story.notice("TB11", day(18, 5), {"O11A": due(2, 6)}, of="D04", number="11/TB-VPUB", units=("KSTTHC",))
    story.assigned("O11A", day(18, 5), due(2, 6), lead="KSTTHC")
    story.completed("TO11A", day(1, 6))
    story.resolved("O11A", day(1, 6), due(2, 6), how=Resolution.DIRECTED)


def without_dialogue(story: Dialogues) -> None:
    settled(story, "O12", STAFF, day(20, 4), day(15, 6), due(9, 5))
    answer = story.given(TaskType.ANSWER, "TCHCQT", due(9, 5), about="case-O12", name="O12")
    story.task("O12", answer(), day(20, 4))
    story.urged("O12", day(10, 5), 1)
    story.urged("O12", day(30, 5), 2)
    story.completed("O12", day(15, 6))
    late = day(12, 6)
    story.received("O13", day(30, 5), source=STAFF, recorded=late)
    story.classified("O13", day(30, 5), due(13, 6), recorded=late)
    story.assigned("O13", late, due(13, 6))
    story.resolved("O13", day(13, 6), due(13, 6))
    story.received("O15", day(17, 7), source=STAFF)
    story.withdrawn("O15", day(18, 7))
    story.received("O16", day(31, 10), source=PEOPLE)


def document_study(story: Dialogues) -> None:
    story.session("D05", day(17, 4), due(25, 5))
    story.postponed("D05", day(19, 5), due(20, 7))
    story.raised("O14", "D05", day(20, 7), source=STAFF, due=due(3, 8))
    story.outcome("O14", "D05", Outcome.ANSWERED, day(20, 7, 9))
    story.held("D05", day(20, 7, 10), 95)
    story.resolved("O14", day(20, 7, 10), due(3, 8), how=Resolution.ON_THE_SPOT)
    story.notice("TB15", day(27, 7), {}, of="D05", number="15/TB-VPUB")


def chairmans_dialogue(story: Dialogues) -> None:
    for n, proposer in enumerate(("SNNPTNT", "MCH", "SGTVT"), start=1):
        story.proposal(f"P{n}", day(4 + n, 6), proposer)
        concluded = proposal.AppraisalConcluded(by="pcvp", verdict=Verdict.DISAGREES if n == 3 else Verdict.AGREES, note=None)
        story.on_proposal(f"P{n}", concluded, day(21, 6))
        decided = proposal.ProposalRefused(reason=SEALED) if n == 3 else proposal.ProposalApproved(note=None)
        story.on_proposal(f"P{n}", decided, day(28, 6))
    story.session("D06", day(28, 6), due(15, 8), track=Track.CHAIRMAN, trigger=None, origin=Origin.PROPOSAL)
    for name in ("B01", "B02"):
        story.received(name, day(10, 7), source=PEOPLE)
        story.classified(name, day(11, 7), due(24, 7))
        story.linked(name, "D06", day(12, 7))
    story.raised("B03", "D06", day(15, 8))
    story.outcome("B01", "D06", Outcome.ANSWERED, day(15, 8, 10))
    story.outcome("B02", "D06", Outcome.DIRECTED, day(15, 8, 10))
    story.outcome("B03", "D06", Outcome.DIRECTED, day(15, 8, 10))
    story.held("D06", day(15, 8, 11), 64)
    story.resolved("B01", day(15, 8, 11), due(15, 8), how=Resolution.ON_THE_SPOT)
    works = {"B02": due(21, 9), "B03": due(21, 9)}
    chairman = {"authority": Authority.CHAIRMAN, "units": ("SNNPTNT", "SGTVT")}
    story.notice("TB30", day(22, 8), works, of="D06", number="30/TB-UBND", **chairman)  # type: ignore[arg-type]
    story.completed("TB02", day(14, 9))
    story.resolved("B02", day(14, 9), due(21, 9), how=Resolution.DIRECTED)
    story.extended("TB03", day(20, 9), due(21, 9), due(30, 11))
    story.due_set("B03", day(20, 9), due(30, 11), DueBase.EXTENSION)
