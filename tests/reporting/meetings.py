"""Random histories of dialogues around the edges of a window: postponed, brought forward, cancelled, told late."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from shared.contracts import proposal, request, task
from shared.contracts.case import Authority
from shared.contracts.proposal import Verdict
from shared.contracts.session import Origin, Outcome, Track, Trigger
from shared.contracts.task import TaskType
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import DAYS, FIRST, HOURS, LATE, START
from tests.reporting.story import SEALED

KINDS = st.sampled_from(
    [
        (Track.STAFF, Trigger.PERIODIC),
        (Track.STAFF, Trigger.AD_HOC),
        (Track.PEOPLE, Trigger.ON_REQUEST),
        (Track.PEOPLE, Trigger.AD_HOC),
        (Track.CHAIRMAN, None),
    ]
)
BEGINNINGS = st.integers(-24 * 25, 24 * 27).map(lambda hours: START + timedelta(hours=hours))
SCHEDULED = st.sampled_from([FIRST + timedelta(days=n) for n in (-20, -1, 0, 10, 27, 28, 40)])


class Told:
    """When the next thing happens, and when it is recorded."""

    def __init__(self, draw: Any, story: Dialogues, when: datetime) -> None:
        self.draw, self.story, self.when = draw, story, when
        self.recorded = when + draw(LATE)

    def step(self) -> tuple[datetime, datetime]:
        self.when += timedelta(hours=self.draw(HOURS))
        self.recorded = max(self.recorded, self.when + self.draw(LATE))
        return self.when, self.recorded


def dialogue(draw: Any, story: Dialogues, n: int) -> None:
    """One dialogue: a few opinions put there, one taken off again, one split, and how it ended."""
    name, life = f"S{n}", Told(draw, story, draw(BEGINNINGS))
    track, trigger = draw(KINDS)
    origin, scheduled = draw(st.sampled_from(Origin)), draw(SCHEDULED)
    story.session(name, life.when, scheduled, track=track, trigger=trigger, origin=origin, recorded=life.recorded)
    here = [f"{name}O{k}" for k in range(draw(st.integers(0, 4)))]
    for put in here:
        when, recorded = life.step()
        if draw(st.booleans()):
            story.received(put, when, recorded=recorded)
            story.linked(put, name, when, recorded)
        else:
            story.raised(put, name, when, recorded=recorded)
    if here and draw(st.booleans()):
        when, recorded = life.step()
        story.unlinked(here.pop(), name, when, recorded)
    if here and draw(st.booleans()):
        parent, (when, recorded) = here.pop(), life.step()
        children = (f"{parent}A", f"{parent}B")
        story.case_split(parent, children, when, received=when, of=name, recorded=recorded)
        here += children
    match draw(st.sampled_from(["held", "held", "cancelled", "open"])):
        case "held":
            for put in here:
                when, recorded = life.step()
                story.outcome(put, name, draw(st.sampled_from(Outcome)), when, recorded)
            when, recorded = life.step()
            story.held(name, when, draw(st.integers(0, 9)), recorded)
            conclude(draw, story, life, name, here, track)
        case "cancelled":
            when, recorded = life.step()
            story.cancelled(name, when, recorded)


def conclude(draw: Any, story: Dialogues, life: Told, name: str, puts: list[str], track: Track) -> None:
    if draw(st.booleans()):
        return
    when, recorded = life.step()
    items = {put: draw(DAYS) for put in puts if draw(st.booleans())}
    authority = Authority.CHAIRMAN if track is Track.CHAIRMAN else Authority.HEAD
    of = draw(st.sampled_from([name, name, None]))
    story.notice(f"N{name}", when, items, of=of, authority=authority, recorded=recorded)
    for put, due in items.items():
        work(draw, story, Told(draw, story, when), f"T{put}", due)


def work(draw: Any, story: Dialogues, life: Told, name: str, due: date) -> None:
    """What becomes of a task."""
    for deed in draw(st.lists(st.sampled_from(["urged", "extended", "moved", "transferred"]), max_size=4)):
        when, recorded = life.step()
        match deed:
            case "urged":
                story.urged(name, when, recorded=recorded)
            case "extended":
                former, due = due, draw(DAYS)
                story.extended(name, when, former, due, recorded)
            case "moved":
                due = draw(DAYS)
                story.task(name, task.TaskDueSet(unit="TH", due=story.due(due)), when, recorded)
            case "transferred":
                moved = task.TaskTransferred(former="TCHCQT", unit="TH", basis=None, succession=None)
                story.task(name, moved, when, recorded)
    when, recorded = life.step()
    match draw(st.sampled_from(["completed", "completed", "cancelled", "recalled", "open"])):
        case "completed":
            story.task(
                name, task.ProofAdded(unit="TH", file=None, reached=draw(st.integers(0, 5)), on=None, result=None), when, recorded
            )
            story.completed(name, when, recorded)
        case "cancelled":
            story.task(name, task.TaskCancelled(unit="TH", reason=None), when, recorded)
        case "recalled":
            story.task(name, task.TaskRecalled(unit="TH", reason=SEALED), when, recorded)


def asking(draw: Any, story: Dialogues, n: int) -> None:
    """One request for dialogue, and one proposal for the Chairman's."""
    life = Told(draw, story, draw(BEGINNINGS))
    story.request(f"R{n}", life.when, life.recorded)
    when, recorded = life.step()
    match draw(st.sampled_from(["accepted", "refused", "withdrawn", "waiting"])):
        case "accepted":
            story.accepted(f"R{n}", "S0", when, recorded)
            when, recorded = life.step()
            story.met(f"R{n}", "S0", when, recorded)
        case "refused":
            story.request_refused(f"R{n}", when, recorded)
        case "withdrawn":
            story.tell(f"request-R{n}", request.RequestWithdrawn(note=None), when, recorded)
    life = Told(draw, story, draw(BEGINNINGS))
    story.proposal(f"P{n}", life.when, "MCH", life.recorded)
    when, recorded = life.step()
    story.on_proposal(f"P{n}", proposal.AppraisalConcluded(by="pcvp", verdict=Verdict.AGREES, note=None), when, recorded)
    when, recorded = life.step()
    decisions = (
        proposal.ProposalApproved(note=None),
        proposal.ProposalRefused(reason=SEALED),
        proposal.ProposalDeferred(reason=None),
    )
    story.on_proposal(f"P{n}", draw(st.sampled_from(decisions)), when, recorded)


@st.composite
def meetings(draw: Any) -> Dialogues:
    """A few dialogues with what was concluded, and what is counted beside them, around the window from `FIRST`."""
    story = Dialogues(builtin_calendar())
    for n in range(draw(st.integers(0, 4))):
        dialogue(draw, story, n)
        asking(draw, story, n)
    for n in range(draw(st.integers(0, 4))):
        tasks(draw, story, n)
    for n in range(draw(st.integers(0, 3))):
        gathering(draw, story, n)
    if draw(st.booleans()):
        ending(draw, story)
    return story


def ending(draw: Any, story: Dialogues) -> None:
    """A unit that was asked is no more from a day on, which is decided and recorded some time before or after it."""
    life = Told(draw, story, draw(BEGINNINGS))
    story.unit("CD")
    story.dissolved("CD", draw(DAYS), life.when, life.recorded)


def gathering(draw: Any, story: Dialogues, n: int) -> None:
    """One round before a dialogue: what each unit answers, changes, or is to do again."""
    due, opened = draw(SCHEDULED), draw(BEGINNINGS)
    for unit in ("TH", "NC", "KT", "CD"):
        if draw(st.booleans()):
            continue
        life = Told(draw, story, opened)
        story.asked(f"S{n}", unit, due, life.when, life.recorded)
        stands = False
        for deed in draw(st.lists(st.sampled_from(["nil", "list", "returned"]), max_size=4)):
            when, recorded = life.step()
            if deed == "returned" and stands:
                story.list_returned(f"S{n}", unit, when, recorded)
            elif deed != "returned":
                story.handed_in(f"S{n}", unit, when, *(["X"] if deed == "list" else []), recorded=recorded, again=stands)
            stands = deed != "returned"


def tasks(draw: Any, story: Dialogues, n: int) -> None:
    """One task that is no conclusion's."""
    kind = draw(st.sampled_from([TaskType.ANSWER, TaskType.DISSEMINATE, TaskType.ATTEND]))
    life, due = Told(draw, story, draw(BEGINNINGS)), draw(DAYS)
    about = draw(st.sampled_from(["S0O0", "S1O0", "X"]))
    given = story.given(kind, "TH", due, about=f"case-{about}", name=about)
    story.task(f"W{n}", given(), life.when, life.recorded)
    work(draw, story, life, f"W{n}", due)
