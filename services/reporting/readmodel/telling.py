"""What the prose of a report draws on beside its figures: papers and dialogues by name and day, as known at its lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from services.reporting.domain.figures.columns import columns_of
from services.reporting.domain.figures.conclusions import Line
from services.reporting.domain.figures.dialogues import Dialogue
from services.reporting.domain.figures.episodes import Milestone
from services.reporting.domain.figures.gathering import Round
from services.reporting.domain.figures.steps import Step, by_stream, first, within
from services.reporting.domain.figures.window import Window
from services.reporting.domain.text.told import AddedUp, Asked, Cited, Flagged, Held, LastYear, Notice, PutOff, Sent, Told, Work
from services.reporting.readmodel import headings, steps, tallying
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.counting import counting, dimensions_of
from services.reporting.readmodel.opening import lines_counted
from services.reporting.readmodel.places import Dimension, matter_of
from services.reporting.readmodel.reading import PAGE, Read, Reading
from shared.calendar import local_day
from shared.clock import instant
from shared.contracts.report import ReportKind
from shared.contracts.task import TaskType
from shared.directory.snapshot import Directory
from shared.documents.citing import cited_in_full


async def tell(
    reading: Reading,
    window: Window,
    names: Directory,
    one: Mapping[str, Any],
    tables: Mapping[str, Mapping[str, Any]],
    last_year: LastYear | None,
    added_up: AddedUp | None,
) -> Told:
    """All of it, for the report `one` as `Reports.report` tells it."""
    dialogues = await reading.dialogues()
    sessions = by_stream(await reading.steps(steps.SESSION))
    notices = by_stream(await reading.steps(steps.NOTICE))
    plans = by_stream(await reading.steps(steps.PLAN))
    spread = by_stream(await reading.steps(TaskType.DISSEMINATE.value))
    asked = by_stream(await reading.steps(steps.REQUEST))
    papers = by_stream(await reading.steps(steps.PAPER))
    letterhead = names.letterhead(one["office"])
    return Told(
        office=letterhead.called,
        parent=letterhead.above,
        head=letterhead.head,
        kind=ReportKind(one["kind"]),
        year=one["year"],
        first=window.first,
        last=window.last,
        before=date.fromisoformat(one["before"]),
        carries_on=one["lock"]["predecessor"] is not None,
        plan=_plan(plans, one["year"]),
        sent=_sent(_paper_of(plans, papers, one["year"]), names, one["office"]),
        published=_published(_paper_of(plans, papers, one["year"])),
        bases=_bases(plans, one["year"]),
        silent=_silent(spread, names),
        gathered=_gathered((await tallying.rounds(reading, window))(), names),
        held=_held(dialogues, sessions, window, names),
        put_off=_put_off(dialogues, sessions, window),
        notices=_notices(notices, dialogues, window),
        work=await _work(reading, window, names),
        refusals=_refusals(asked, window),
        flagged=await _flagged(reading, window),
        last_year=last_year,
        added_up=added_up,
        brought=await lines_counted(reading, window, names),
        tables=tables,
    )


def _plan(plans: Mapping[str, list[Step]], year: int) -> Cited | None:
    """The plan that the report is about: that of its year."""
    for told in plans.values():
        drafted, issued = first(told, "plan.drafted"), first(told, "plan.issued")
        if drafted is not None and issued is not None and drafted.said["year"] == year:
            return Cited(issued.said["number"], date.fromisoformat(issued.said["on"]))
    return None


def _paper_of(plans: Mapping[str, list[Step]], papers: Mapping[str, list[Step]], year: int) -> list[Step]:
    """What became of the paper that the plan of the year went out on."""
    for told in plans.values():
        drafted, issued = first(told, "plan.drafted"), first(told, "plan.issued")
        if drafted is not None and issued is not None and drafted.said["year"] == year:
            return papers.get(issued.said["document"], [])
    return []


def _sent(paper: list[Step], names: Directory, office: str) -> tuple[Sent, ...]:
    """The bodies outside the office that it was dispatched to, each once."""
    found: dict[str, Sent] = {}
    for step in paper:
        if step.kind == "document.dispatched" and _outside(unit := step.said["recipient"], names, office):
            found.setdefault(unit, Sent(names.label(unit), local_day(instant(step.at))))
    return tuple(found.values())


def _outside(unit: str, names: Directory, office: str) -> bool:
    known = names.unit(unit)
    return unit != office and (known is None or known.office != office)


def _published(paper: list[Step]) -> Sent | None:
    """Where and when it was made public first."""
    shown = first(paper, "document.published")
    if shown is None:
        return None
    return Sent(headings.made_public(shown.said["place"]), local_day(instant(shown.at)))


def _gathered(rounds: Iterable[Round], names: Directory) -> tuple[Asked, ...]:
    """The units that were asked, in the order of the directory, then of the days."""
    place = {key: n for n, key in enumerate(names.registered)}
    asked = sorted((each for one in rounds for each in one.asked), key=lambda each: (place.get(each.unit, len(place)), each.due))
    return tuple(Asked(names.label(each.unit), each.due, each.answer) for each in asked)


def _bases(plans: Mapping[str, list[Step]], year: int) -> tuple[str, ...]:
    """What the plan of the year rests on, as it was drafted last before it was issued."""
    drafts = [step.said for told in plans.values() for step in told if step.kind == "plan.drafted" and step.said["year"] == year]
    return tuple(_cited(each) for each in drafts[-1]["bases"]) if drafts else ()


def _cited(basis: Mapping[str, Any]) -> str:
    on = date.fromisoformat(basis["on"]) if basis["on"] else None
    return cited_in_full(basis["number"], kind=basis["kind"], on=on, issuer=basis["issuer"])


def _silent(spread: Mapping[str, list[Step]], names: Directory) -> tuple[str, ...]:
    """Units that were to make a plan known and had not by the end of the window: later steps are not read."""
    ended = ("task.completed", "task.returned", "task.recalled", "task.cancelled")
    given = [first(told, "task.assigned") for told in spread.values() if first(told, *ended) is None]
    return tuple(sorted(names.label(each.said["unit"]) for each in given if each is not None))


def _held(
    dialogues: Mapping[str, Dialogue], sessions: Mapping[str, list[Step]], window: Window, names: Directory
) -> tuple[Held, ...]:
    found = [(each.held.at, each.session) for each in dialogues.values() if each.held is not None]
    return tuple(
        Held(of.track, of.trigger, local_day(instant(at)), of.heads, _field(sessions[session], names))
        for at, session in sorted(found)
        if window.begin <= at < window.end and (of := dialogues[session])
    )


def _field(told: list[Step], names: Directory) -> str | None:
    proposed = first(told, "session.proposed")
    field = proposed.said["field"] if proposed is not None else None
    return names.label(field).lower() if field else None


def _put_off(dialogues: Mapping[str, Dialogue], sessions: Mapping[str, list[Step]], window: Window) -> tuple[PutOff, ...]:
    """Those that the report counts in column (4): due before the end of the window, neither held nor cancelled."""
    waiting = [each for each in dialogues.values() if each.ended is None and each.due < window.end]
    found = []
    for each in sorted(waiting, key=lambda each: (each.due, each.session)):
        moved = [step.said["to"] for step in sessions[each.session] if step.kind == "session.postponed"]
        planned = date.fromisoformat(sessions[each.session][0].said["scheduled"])
        found.append(PutOff(each.track, planned, date.fromisoformat(moved[-1]) if moved and moved[-1] else None))
    return tuple(found)


def _notices(notices: Mapping[str, list[Step]], dialogues: Mapping[str, Dialogue], window: Window) -> tuple[Notice, ...]:
    """Those that Biểu 01 counts in column (11): of a dialogue, issued in the window."""
    found = []
    for told in notices.values():
        drafted = [step.said for step in told if step.kind == "notice.drafted"]
        for issued in within(told, window, "notice.issued"):
            of = dialogues.get(drafted[-1]["session"] or "") if drafted else None
            if of is not None:
                found.append((issued.at, Notice(of.track, Cited(issued.said["number"], date.fromisoformat(issued.said["on"])))))
    return tuple(notice for _, notice in sorted(found, key=lambda each: (each[0], each[1].paper.number)))


async def _work(reading: Reading, window: Window, names: Directory) -> dict[str, Work]:
    """The lines of Biểu 05, each with the day on which its work ended before the window was over."""
    lines = (await tallying.form_05(reading, window))()
    texts = _texts(await reading.steps(steps.NOTICE))
    kept = await _kept_back(reading, {matter_of(line.item.episode) for line in lines if line.item.episode}, names)
    refs = {
        line.item.key: None if line.item.episode and matter_of(line.item.episode) in kept else texts.get(line.item.key)
        for line in lines
    }
    return {line.item.key: _of_line(line, names, refs[line.item.key]) for line in lines}


def _texts(notices: Iterable[Step]) -> dict[str, str]:
    """Where in the vault the words of each item lie, as it was drafted last, by the key of its line."""
    drafts = sorted((step for step in notices if step.kind == "notice.drafted"), key=lambda step: (step.at, step.position))
    return {f"{step.stream}/{number}": ref for step in drafts for number, ref in step.said["texts"].items()}


async def _kept_back(reading: Reading, matters: Collection[str], names: Directory) -> frozenset[str]:
    """Matters of which no paper that goes out says what is to be done: a rule of the matter, whoever reads (R16, R18, R47).

    Those that ever stood in a restricted field, were about units or posts, or went over to the procedure of complaints.
    """
    found: set[str] = set()
    ordered = sorted(matters)
    for begin in range(0, len(ordered), PAGE):
        read = await reading.matters((Dimension.FIELD, Dimension.CONCERNS), ordered[begin : begin + PAGE])
        found |= {matter_of(each.episode) for each in read.values[Dimension.CONCERNS]}
        found |= {matter_of(each.episode) for each in read.values[Dimension.FIELD] if _is_restricted(each.value, names)}
        found |= {matter_of(each.episode) for each in read.milestones if each.kind == Milestone.DIVERTED}
    return frozenset(found)


def _is_restricted(field: str | None, names: Directory) -> bool:
    known = names.field(field) if field is not None else None
    return known is not None and known.restricted


def _of_line(line: Line, names: Directory, ref: str | None) -> Work:
    said = line.item.step.said
    ended = next((each for each in line.tallies if each.column in ("done_in_time", "done_late", "dropped")), None)
    return Work(
        notice=Cited(said["number"], date.fromisoformat(said["on"])),
        item=line.item.item,
        unit=names.label(line.unit) if line.unit else None,
        done=local_day(instant(ended.step.at)) if ended is not None else None,
        dropped=ended is not None and ended.column == "dropped",
        extended_from=date.fromisoformat(line.extended_from) if line.extended_from else None,
        ref=ref,
    )


def _refusals(asked: Mapping[str, list[Step]], window: Window) -> tuple[str, ...]:
    refused = [step for told in asked.values() for step in within(told, window, "request.refused")]
    refused.sort(key=lambda step: (step.at, step.position))
    return tuple(headings.REASONS.get(step.said["reason"], step.said["reason"]) for step in refused)


async def _flagged(reading: Reading, window: Window) -> tuple[Flagged, ...]:
    """What the window has to handle that is marked; a mark holds while what was classified with it does."""
    matters: Counter[str] = Counter()
    left: Counter[str] = Counter()
    names = await reading.valued(Dimension.FLAGS)
    for begin in range(0, len(names), PAGE):
        read = await reading.matters([*dimensions_of([By.FIELD]), Dimension.FLAGS], names[begin : begin + PAGE])
        held, ready = _held_by(read), counting(read, [By.FIELD])
        for episode in ready.episodes:
            columns = columns_of(episode, window, ready.due(episode)) if episode.id in held else frozenset()
            for flag in held.get(episode.id, ()) if "C" in columns else ():
                matters[flag] += 1
                left[flag] += "J" in columns
    return tuple(Flagged(name, matters[flag], left[flag]) for flag, name in headings.FLAGS.items() if matters[flag])


def _held_by(read: Read) -> dict[str, list[str]]:
    """The marks of each episode: those told by the event that named its field last."""
    newest = {each.episode: each for each in sorted(read.values[Dimension.FIELD], key=lambda each: each[1:4])}
    marked = read.values[Dimension.FLAGS]
    return {each.episode: each.value.split() for each in marked if each.value and newest[each.episode][1:4] == tuple(each)[1:4]}
