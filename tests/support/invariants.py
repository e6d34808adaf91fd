"""The invariants of the domain brief (§6) over streams: what every append must keep, and what must hold after each.

Each function is named by the number it has there; 10, 13 and 14 are asked of the whole installation, in the machine.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from services.assignment.domain.case import states as cases
from services.assignment.domain.notice.states import Issued, given_by
from services.assignment.domain.session.states import Stage
from services.assignment.domain.task import states as tasks
from services.intake.domain.opinion import states as opinions
from shared.contracts import case, directory, document, notice, opinion, proposal, session, task
from shared.contracts.case import DueBase
from shared.contracts.notice import ConclusionKind
from shared.contracts.roles import Role
from shared.contracts.session import Outcome, Track, Trigger
from shared.contracts.task import TaskType
from tests.support.behind import invariant_15
from tests.support.chronicle import Appended, Chronicle
from tests.support.office import POSTS

Kept = Callable[[Appended], None]
Holding = Callable[[Chronicle], None]
ANSWERED: Final = (cases.UnderApproval, cases.Approved, cases.Delivered, cases.Resolved, cases.Closed, cases.Ended)
STILL_AT_INTAKE: Final = (opinions.Received, opinions.AwaitingCompletion, opinions.Classified)
# Invariant 7: what nobody does about himself, but the head in person where it answers him.
ANSWERS: Final = (case.AnswerSubmitted, case.AnswerReturned, case.AnswerApproved, case.ConsultationGiven)
TURNS_AWAY: Final = (
    case.CaseReclassified,
    case.CaseRejected,
    case.CaseForwarded,
    case.CaseDiverted,
    case.CaseMerged,
    case.CaseWithdrawn,
    case.CaseQuarantined,
    case.CaseSplit,
    case.ReopeningDeclined,
)
JUDGES_WORK: Final = (task.ExtensionGranted, task.ExtensionRefused, task.TaskTransferred)
AWAY: Final = frozenset({Outcome.NOT_ACCEPTED, Outcome.PASSED_ON, Outcome.MERGED, Outcome.WITHDRAWN})
# Invariant 8 with its corrections: a due date is set by rule, and moved by these alone.
MOVES_A_CASE: Final = (case.CaseDueSet, case.CaseAssigned, case.CaseReopened)
MOVES_A_TASK: Final = (task.TaskDueSet, task.ExtensionGranted)
BY_RULE: Final[Mapping[DueBase, tuple[type, ...]]] = {
    DueBase.DIRECTION: (case.CaseDirected,),
    DueBase.SESSION: (case.CaseLinked, session.SessionPostponed),
    DueBase.SESSION_CANCELLED: (session.SessionCancelled,),
    DueBase.RECEIPT: (case.CaseUnlinked,),
    DueBase.CONCLUSION: (notice.NoticeIssued, notice.NoticeAmended),
    DueBase.EXTENSION: (task.ExtensionGranted,),
}


def invariant_1(now: Chronicle) -> None:
    """One state and one field; an assigned case has one lead and others beside it, each with an open task or one of its own."""
    reorganised = bool(now.events(directory.UnitSucceeded))
    for stream, state in now.open_cases.items():
        matter = state.matter
        assert matter.field, stream
        beside = [each.unit for each in matter.coordinating]
        lead = getattr(state, "lead", None)
        assert lead is None or isinstance(state, cases.HELD)
        if not reorganised:  # a successor may come to hold what two units had: their tasks stay two (invariant 9)
            assert len(set(beside)) == len(beside), f"{stream}: {beside}"
            assert lead not in beside, f"{stream} is led by a unit that co-ordinates"
        if isinstance(state, cases.HELD) and tasks.is_open(held := now.state(state.task)):
            assert held.work.unit == lead, f"{stream} is led by {lead}, its task is with {held.work.unit}"
        if isinstance(state, cases.Drafting | cases.UnderApproval | cases.Approved):
            assert lead is not None
            work = now.state(state.task)
            assert tasks.is_open(work) or work.work.given.type is TaskType.CARRY_OUT, f"{stream}: nobody works on its answer"
    _answering_work_belongs_to_an_open_case(now)


def _answering_work_belongs_to_an_open_case(now: Chronicle) -> None:
    wanted = set()
    for state in now.open_cases.values():
        wanted |= {state.task} if isinstance(state, cases.HELD) else set()
        wanted |= {each.task for each in state.matter.coordinating} | {stream for _, stream in state.matter.consulting}
    for stream, state in now.open_tasks.items():
        if state.work.given.type is TaskType.ANSWER:
            assert stream in wanted, f"{stream} of {state.work.given.case} is open, and no open case has it"


def invariant_2(now: Chronicle) -> None:
    """Received is open and ended, in total and by the unit that took it in; each that is open stands in exactly one place."""
    stands = Counter[str]()
    for state in now.of_kind("opinion").values():
        if isinstance(state, STILL_AT_INTAKE):
            stands[state.receipt.episode] += 1
        elif isinstance(state, opinions.Referred) and not _has_case(state, now):
            stands[state.receipt.episode] += 1  # on its way
    for state in now.open_cases.values():
        stands[state.matter.episode] += 1
    still = {episode.id for episode in now.episodes.values() if episode.ending is None}
    assert stands == Counter(still), f"{sorted(stands.items() - Counter(still).items())} {sorted(still - set(stands))}"
    for episode in now.episodes.values():
        assert episode.ended == (episode.ending is not None), f"{episode} has ended {episode.ended} times"


def _has_case(state: Any, now: Chronicle) -> bool:
    return f"case-{state.receipt.episode.partition('/')[0]}" in now.states


def invariant_3(now: Chronicle) -> None:
    """Nothing is merged in a circle; who was merged is one of those whom the survivor's answer goes to."""
    for kind in ("case", "opinion"):
        into = dict(_merged(now, kind))
        for stream in into:
            chain = list(_chain(stream, into))
            assert stream not in chain, f"{stream} is merged in a circle: {chain}"
    _answered_with(now.cases, dict(_merged(now, "case")), lambda state: state.matter.submitters)
    at_intake = {stream: state for stream, state in now.of_kind("opinion").items() if hasattr(state, "receipt")}
    _answered_with(at_intake, dict(_merged(now, "opinion")), lambda state: state.receipt.submitters)


def _answered_with(found: Mapping[str, Any], into: Mapping[str, str], known: Callable[[Any], frozenset[str]]) -> None:
    """Each knows of its own kind whose submitters its answer goes to as well."""
    for stream, state in found.items():
        kind = stream.partition("-")[0]
        submitters = {each for each in known(state) if each.startswith(f"{kind}-")}
        merged = {each for each in into if stream in _chain(each, into)}
        assert submitters == merged, f"{stream} answers {submitters}, not {merged}"


def invariant_2_splitting(append: Appended) -> None:
    """Each matter that a split names lives on, with the receipt of what was split."""
    for each in append.of(opinion.OpinionSplit, case.CaseSplit):
        begun = {
            more.stream for more in append.of(opinion.OpinionSplitOff, case.CaseSplitOff) if more.event.parent == each.stream
        }
        assert begun == set(each.event.children), f"{each.stream} is split into {each.event.children}, and {begun} live on"


def invariant_3_merging(append: Appended) -> None:
    """A merge is into what is open then, and whoever is merged is written down there in the same append."""
    for each in append.of(opinion.OpinionMerged, case.CaseMerged):
        into = each.event.into
        joining = {
            more.event.merged for more in append.of(opinion.SubmitterAdded, case.CaseSubmitterAdded) if more.stream == into
        }
        assert each.stream in joining, f"{each.stream} is merged into {into}, which does not answer it"
        open_then = isinstance(append.before[into], cases.OPEN if into.startswith("case-") else STILL_AT_INTAKE)
        assert open_then, f"{each.stream} is merged into {into}, which is {type(append.before[into]).__name__}"


def _merged(now: Chronicle, kind: str) -> Iterator[tuple[str, str]]:
    for stream, state in now.of_kind(kind).items():
        into = getattr(state, "into", None) or getattr(getattr(state, "fact", None), "into", None)
        if into is not None:
            yield stream, into


def _chain(stream: str, into: Mapping[str, str]) -> Iterator[str]:
    for _ in range(len(into)):
        if stream not in into:
            return
        stream = into[stream]
        yield stream


def invariant_4(now: Chronicle) -> None:
    """Đột xuất: one field or topic; định kỳ: a host event and all fields; the Chairman's: both appraisals, and his approval."""
    for state in now.of_kind("session").values():
        was = state.was
        assert (was.trigger is None) is (was.track is Track.CHAIRMAN)
        if was.trigger is Trigger.AD_HOC:
            assert (was.field is None) is not (was.topic is None)
        if was.trigger is Trigger.PERIODIC:
            assert was.meeting is not None
            assert was.field is None
        if was.track is Track.CHAIRMAN:
            assert was.proposals
            for each in was.proposals:
                told = [recorded.event for recorded in now.history[each]]
                spoke = {e.appraiser for e in told if isinstance(e, proposal.AppraisalGiven | proposal.AppraisalOverridden)}
                assert spoke >= {"BDVTU", "MTTQ"}, f"{each} is put to the Chairman with the appraisals of {spoke}"
                approved = any(isinstance(e, proposal.ProposalApproved) for e in told)
                assert approved, f"{each} is put to the Chairman's dialogue, and he has not approved it"


def invariant_5_opening(append: Appended) -> None:
    """No session opens with an answer that is not before the head, unless waived (R36)."""
    for each in append.of(session.SessionOpened):
        before = append.before[each.stream]
        if before.was.short_form or before.waived:
            continue
        for put in before.linked:
            assert isinstance(append.before[put.case], ANSWERED), f"{each.stream} opens without an answer to {put.case}"


def invariant_5(now: Chronicle) -> None:
    """A session held has an outcome for everything put to it; one that is closed has no work of its conclusions open."""
    for stream, state in now.of_kind("session").items():
        if state.stage in (Stage.HELD, Stage.CONCLUDED, Stage.CLOSED):
            missing = [put.case for put in state.puts.values() if put.outcome is None]
            assert not missing, f"{stream} was held without an outcome of {missing}"
        if state.stage is Stage.CLOSED:
            unsettled = [put.episode for put in state.puts.values() if now.episodes[put.episode].ending is None]
            assert not unsettled, f"{stream} is closed while {unsettled} are open"
            open_work = [
                name
                for name, each in now.open_tasks.items()
                if each.work.given.type is TaskType.CARRY_OUT and each.work.given.about == state.notice
            ]
            assert not open_work, f"{stream} is closed while {open_work} are open"


def invariant_5_closing(append: Appended) -> None:
    """A flagged matter that was settled is put away only with a conclusion (R5), and nothing with work still open."""
    for each in append.of(case.CaseClosed):
        before = append.before[each.stream]
        assert isinstance(before, cases.Resolved | cases.Ended)
        assert not before.matter.carrying
        if isinstance(before, cases.Resolved) and before.matter.flags:
            assert before.matter.concluded, f"{each.stream} is closed without a conclusion"


def invariant_6(now: Chronicle) -> None:
    """One issued notice for a session; each item that directs has one task of its lead and one of each unit beside it."""
    concluded = Counter(each.stream for each in now.events(session.SessionConcluded))
    assert all(n == 1 for n in concluded.values()), concluded
    by_notice = Counter(
        state.draft.session for state in now.of_kind("notice").values() if isinstance(state, Issued) and state.draft.session
    )
    assert all(n == 1 for n in by_notice.values()), by_notice
    items = Counter[str | None]()
    for stream, state in now.of_kind("notice").items():
        if isinstance(state, Issued):
            for item in state.items:
                directs = item.kind is ConclusionKind.DIRECTS
                assert (item.task is not None) is directs
                assert all((each.task is not None) is directs for each in item.coordinating)
                items.update(given_by(item))
        issued = [n for n, each in enumerate(now.history[stream]) if isinstance(each.event, notice.NoticeIssued)]
        assert len(issued) <= 1
        later = now.history[stream][issued[0] + 1 :] if issued else []
        assert all(isinstance(each.event, notice.NoticeAmended) for each in later)
    given = Counter(stream for stream, state in now.tasks.items() if state.work.given.type is TaskType.CARRY_OUT)
    assert items == given


def invariant_6_work(append: Appended) -> None:
    """What a conclusion directs is done: nobody cancels it, takes it back or hands it back."""
    for each in append.of(task.TaskCancelled, task.TaskRecalled, task.TaskReturned):
        given = append.before[each.stream].work.given
        assert given.type is not TaskType.CARRY_OUT, f"{each.stream} of {given.about} ends by {type(each.event).__name__}"


def invariant_7(now: Chronicle) -> None:
    """No unit that it is about has a part in an open case."""
    for stream, state in now.open_cases.items():
        having = {getattr(state, "lead", None), *(each.unit for each in state.matter.coordinating)}
        having |= {now.state(each).work.unit for _, each in state.matter.consulting if tasks.is_open(now.state(each))}
        having |= {now.state(each).work.unit for each in state.matter.carrying}
        barred = having & set(state.matter.concerns_units) - {"CVP"}  # the head accounts for himself
        assert not barred, f"{stream} is about {barred}, which has a part in it"


def invariant_7_acting(append: Appended) -> None:
    """Reviewer and drafter are two people, and nobody answers, judges or turns away an opinion about himself.

    The head alone, not whoever acts for him, accounts for himself; he too does not turn it away.
    """
    for each in append.of(case.AnswerReturned, case.AnswerApproved):
        drafter = getattr(append.before[each.stream], "drafter", None)
        assert each.metadata["actor"] != drafter, f"{each.stream} is reviewed by its drafter"
    for each in append.of(*ANSWERS, *TURNS_AWAY):
        _refuse_about_himself(each, append.before[each.stream], accounting=isinstance(each.event, ANSWERS))
    for each in append.of(*JUDGES_WORK):
        work = append.before[each.stream].work
        if work.given.case is not None:
            _refuse_about_himself(each, append.before[work.given.case], accounting=True)
    for each in append.of(session.OutcomeRecorded):
        state = append.before[each.event.case]
        ended = not isinstance(state, cases.OPEN)
        _refuse_about_himself(each, state, accounting=ended or each.event.outcome not in AWAY)
    for each in append.of(session.SessionHeld):
        for put in append.before[each.stream].puts.values():
            if isinstance(state := append.before[put.case], cases.OPEN):
                _refuse_about_himself(each, state, accounting=put.outcome.outcome not in AWAY)


def _refuse_about_himself(each: Any, state: Any, *, accounting: bool) -> None:
    by = each.metadata
    if by["capacity"] == Role.SYSTEM or (accounting and by["capacity"] == Role.CHIEF and by["delegation"] is None):
        return
    held = {post for post, _, _, holder in POSTS if holder.id == by["actor"]}
    held |= {by["post"]} if by["delegation"] is not None else set()
    units = {by["unit"]} | {unit for post, unit, _, _ in POSTS if by["delegation"] is not None and post == by["post"]}
    kind = type(each.event).__name__
    assert not units & set(state.matter.concerns_units), f"{kind} on {state.matter.case} by {units}, which it is about"
    assert not held & set(state.matter.concerns_posts), f"{kind} on {state.matter.case} by the holder of {held}"


def invariant_8(append: Appended) -> None:
    """A due date moves by an extension, a calendar, an order, or a rule that says so; by nothing else."""
    moved = {each.stream for each in append.of(*MOVES_A_CASE, *MOVES_A_TASK)}
    for stream, before in append.before.items():
        then, now = _due(before), _due(append.after[stream])
        if then is not None and then != now:
            assert stream in moved, f"{stream}: {then} became {now} by {[type(e.event).__name__ for e in append.events]}"
    assert not (append.of(task.TaskTransferred, case.CaseTransferred) and append.of(*MOVES_A_CASE, *MOVES_A_TASK))
    for each in append.of(opinion.OpinionClassified):
        if isinstance(stood := append.before[each.stream], opinions.Classified):
            assert each.event.due == stood.due, f"{each.stream}: called otherwise, it is due otherwise"
    for each in append.of(case.CaseDueSet):
        causes = BY_RULE.get(each.event.base)
        if causes is not None:
            assert append.of(*causes), f"{each.stream}: {each.event.base} without {causes}"
        elif each.event.base is DueBase.ORDER:
            assert append.capacity == Role.CHIEF
        else:
            assert append.capacity == Role.SYSTEM


def _due(state: Any) -> Any:
    of = getattr(state, "work", None) or getattr(state, "matter", None)
    due = getattr(of, "due", None)
    return due.day if due is not None else None


def invariant_9(append: Appended) -> None:
    """A transfer keeps the task, its day and its work; nothing opens or ends by it, and nothing closed moves."""
    if not append.of(task.TaskTransferred, case.CaseTransferred, directory.TransferQueued, directory.TransferSettled):
        return
    assert not append.of(task.TaskAssigned, task.TaskCancelled, task.TaskCompleted, task.TaskRecalled, task.TaskReturned)
    for each in append.of(task.TaskTransferred):
        before, after = append.before[each.stream], append.after[each.stream]
        assert tasks.is_open(before), f"{each.stream} is closed and moves"
        assert tasks.is_open(after)
        assert (after.work.given, after.work.due) == (before.work.given, before.work.due)
        assert (after.work.proofs, after.work.urged, after.work.rung) == (before.work.proofs, before.work.urged, before.work.rung)
    for each in append.of(directory.TransferSettled):
        after = append.after[each.event.about]
        holder = after.work.unit if tasks.is_open(after) else getattr(after, "lead", None)
        assert holder == each.event.to, f"{each.event.about} was settled on {each.event.to}, and {holder} has it"
    for each in append.of(case.CaseTransferred):
        before, after = append.before[each.stream], append.after[each.stream]
        assert isinstance(before, cases.HELD)
        assert type(after) is type(before)
        assert after.matter == before.matter


def invariant_11(now: Chronicle) -> None:
    """Numbers of a book and year are unique; an internal book leaves none out; each numbered paper has its own."""
    for stream, events in list(now.history.items()):
        if not stream.startswith("register-"):
            continue
        opened = next(each.event for each in events if isinstance(each.event, document.RegisterOpened))
        given = [each.event for each in events if isinstance(each.event, document.NumberTaken)]
        numbers = [each.number for each in given]
        void = [each.event.number for each in events if isinstance(each.event, document.NumberVoided)]
        assert len(set(numbers)) == len(numbers), f"{stream}: {numbers}"
        assert len(set(void)) == len(void), f"{stream}: {void}"
        for each in given:
            issued = any(isinstance(told.event, document.DocumentIssued) for told in now.history[each.document])
            assert not (issued and each.number in void), f"{stream}: {each.number} of {each.document} is issued and void"
        if not opened.external:
            used = sorted({*numbers, *void})
            assert used == list(range(1, len(used) + 1)), f"{stream}: {used}"
    taken = Counter(each.event.document for each in now.events(document.NumberTaken))
    numbered = Counter(each.stream for each in now.events(document.DocumentNumbered))
    assert taken == numbered
    assert all(n == 1 for n in numbered.values())


def invariant_12(append: Appended) -> None:
    """Recorded never goes back, nothing happened after it was recorded, a correction names what it corrects."""
    for each in append.events:
        assert each.record.occurred <= each.record.recorded, f"{each.stream} is told of before it happened"
    for each in append.of(opinion.OpinionCorrected):
        assert 1 <= each.event.corrects < each.record.version


EVERY_APPEND: Final[tuple[Kept, ...]] = (
    invariant_2_splitting,
    invariant_3_merging,
    invariant_5_opening,
    invariant_5_closing,
    invariant_6_work,
    invariant_7_acting,
    invariant_8,
    invariant_9,
    invariant_12,
    invariant_15,
)
AFTER_EACH: Final[tuple[Holding, ...]] = (
    invariant_1,
    invariant_2,
    invariant_3,
    invariant_4,
    invariant_5,
    invariant_6,
    invariant_7,
    invariant_11,
)
