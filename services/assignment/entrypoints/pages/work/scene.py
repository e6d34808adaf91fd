"""All that the page of a case or of a piece of work shows, asked of the API's queries in the name of whoever is signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.assignment.domain.case.commands import DivertCase, ReclassifyCase, SetCoordination
from services.assignment.entrypoints.api.attachments import Files
from services.assignment.entrypoints.pages.work.acting import Scene, offers, outside_of, people_of, units_of
from services.assignment.entrypoints.pages.work.acts import BY_SLUG
from services.assignment.entrypoints.pages.work.views import Told, timeline
from services.assignment.readmodel.cases.projections import ENDINGS, CaseStage
from services.assignment.readmodel.cases.views import CaseDetail, CaseRow, Draft, Filters, Opened
from services.assignment.readmodel.people import by_given_name
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.tasks.queries import OVER
from services.assignment.readmodel.tasks.views import TaskDetail
from services.assignment.readmodel.words.queries import MOST, Word
from shared.asof import Moment
from shared.calendar import local_day
from shared.contracts.rules import Counting
from shared.nearness import Left, left_until
from shared.permit import Subject
from shared.text import brief, fold
from shared.vault.beside import beside
from shared.web.acting import Acting
from shared.web.acts import Asks, Offer, Option, Options
from shared.web.reading import or_none

OPENED: Final = ("case.opened", "case.split_off")
MOST_SAME: Final = 30
MERGE: Final = BY_SLUG["merge-case"]
ENDED: Final = frozenset({CaseStage.RESOLVED, CaseStage.CLOSED, *ENDINGS.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case or a piece of work as the page shows it. `said` is what the speaker said, None where that is not his to read."""

    scene: Scene
    left: Left | None  # None of a case of which only a pointer is shown
    open: bool  # something is still to be done
    said: str | None
    erased: bool  # what the speaker said is there for nobody any more
    words: Sequence[Word]
    answers: Sequence[tuple[Draft, Opened]]
    history: Sequence[Told]
    files: Sequence[Mapping[str, Any]]
    offers: Sequence[Offer]
    names: Mapping[str, str]  # of the people that it names, as of today
    people: Mapping[str, Sequence[Option]]  # whom each task may be passed on to, by given name
    units: Sequence[Option]  # whom the case may be given to; those it is about are barred
    about: Mapping[str, Sequence[Option]]  # what else an act on the case may choose from, by the name of its field
    days_off: Mapping[str, str]  # of the calendar its due date was counted by: day and name
    in_working_days: bool  # whether those were counted, rather than all days
    takes_files: bool = False  # from him, now
    until: int | None = None  # up to which position it is known, where it is shown as it was then

    def options(self, offer: Offer) -> Options:
        """What each field of an act can be."""
        if offer.act.on == "task":
            return {field.name: self.people.get(offer.thing, ()) for field in offer.act.fields}
        named = {"to": "all" if offer.act.command is DivertCase else "outside"}
        return {
            field.name: self.about.get(named.get(field.name, field.name), self.units)
            for field in offer.act.fields
            if field.asks in (Asks.ONE, Asks.MANY)
        }

    def chosen(self, offer: Offer) -> Mapping[str, str | Sequence[str]]:
        """What is filled in already: whom somebody proposed, and what stands now where it is said anew."""
        case = self.scene.case
        if case is None or offer.act.on != "case":
            return {}
        if offer.act.command in (SetCoordination, ReclassifyCase):
            return {field.name: getattr(case, field.name) for field in offer.act.fields}
        return {"lead": case.proposed[0], "coordinating": case.proposed[1:]} if case.proposed else {}

    def task(self, offer: Offer) -> TaskDetail | None:
        """The work that an act is on."""
        return next((task for task in self.scene.tasks if task.id == offer.thing), None)


class Shows:
    """Puts the pages of cases and work together."""

    def __init__(self, queries: Queries, acting: Acting, files: Files) -> None:
        self._queries, self._acting, self._files = queries, acting, files

    async def case(self, subject: Subject, case_id: str, moment: Moment = None) -> Shown:
        """A case with the work on it; of a `moment` as it was known then, with nothing to be done.

        Raises:
            Unknown: it is not there, was not there yet, or is not his to see.
            AsOfAhead

        """
        if moment is not None:
            return await self._case_then(subject, case_id, moment)
        case = await self._queries.cases.case(subject, case_id)
        tasks = await self._queries.tasks.of_case(subject, case_id) if case.due is not None else ()
        directory = await self._queries.directories.at(self._acting.today)
        same = await self._same(subject, case)
        scene = Scene(case=case, tasks=tasks, directory=directory, subject=subject, same=same)
        return await self._shown(scene, "case", case_id)

    async def _case_then(self, subject: Subject, case_id: str, moment: datetime | int) -> Shown:
        """Names and what is late are of that day; who may see it is of today."""
        queries = self._queries
        await queries.cases.case(subject, case_id)
        then = await queries.histories.then(case_id, moment)
        case = await queries.cases.case(subject, case_id, then)
        work = await queries.histories.work_on(case_id, then.until)
        tasks = await queries.tasks.of_case_then(subject, case_id, work, then.day) if case.due is not None else ()
        directory = await queries.directories.at(then.day)
        scene = Scene(case=case, tasks=tasks, directory=directory, subject=subject)
        return await self._shown(scene, "case", case_id, until=then.until)

    async def _same(self, subject: Subject, case: CaseDetail) -> tuple[CaseRow, ...]:
        """What an open case may be merged into: others of its field that are open."""
        if not self._acting.may_ever(MERGE, subject) or case.stage in ENDED:
            return ()
        filters = Filters(open=True, field=case.field)
        page = await or_none(self._queries.lists.office_cases(subject, case.office, filters, limit=MOST_SAME + 1))
        return tuple(each for each in (page.cases if page is not None else ()) if each.id != case.id)[:MOST_SAME]

    async def task(self, subject: Subject, task_id: str) -> Shown:
        """A piece of work that belongs to no case.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        task = await self._queries.tasks.task(subject, task_id)
        directory = await self._queries.directories.at(self._acting.today)
        return await self._shown(Scene(case=None, tasks=(task,), directory=directory, subject=subject), "task", task_id)

    async def page_of(self, subject: Subject, thing: str) -> str:
        """The address of the page on which a case or task stands.

        Raises:
            Unknown: it is not there, or not his to see any more.

        """
        if thing.startswith("case-"):
            await self._queries.cases.case(subject, thing)
            return f"/cases/{thing}"
        task = await self._queries.tasks.task(subject, thing)
        if task.case is None:
            return f"/tasks/{thing}"
        await self._queries.cases.case(subject, task.case)
        return f"/cases/{task.case}"

    async def _shown(self, scene: Scene, kind: str, thing: str, *, until: int | None = None) -> Shown:
        subject, case, directory = scene.subject, scene.case, scene.directory
        queries, purpose = self._queries, f"show {thing}"
        offered = await offers(self._acting, scene) if until is None else ()
        drafts = case.drafts if case is not None and await queries.cases.reads(subject, thing) else ()
        candidates = self._candidates(scene, offered)
        page, happened, answers, files, names, same = await beside(
            or_none(queries.words.of(subject, kind, thing, limit=MOST, until=until)),
            or_none(queries.histories.of(subject, thing, until=until)),
            queries.cases.answers(subject, thing, drafts) if drafts else _nothing(),
            or_none(self._files.attached(subject, thing)) if until is None else _nothing(),
            queries.people.names(subject, directory, _named(scene, drafts, candidates), purpose=purpose),
            queries.cases.said(subject, [each.id for each in scene.same], purpose=purpose),
            reader=subject.person,
            purpose=purpose,
        )
        words: Sequence[Word] = page.words if page is not None else ()
        opened = next((word for word in words if word.fact in OPENED), None)
        due = case.due if case is not None else scene.tasks[0].due
        counted_by = directory.calendars.get(case.derivation["calendar"]) if case is not None and case.derivation else None
        return Shown(
            scene=scene,
            left=left_until(directory.calendar, directory.day, due) if due is not None else None,
            open=case.stage not in ENDED if case is not None else scene.tasks[0].stage not in OVER,
            said=opened.text if opened is not None else None,
            erased=(opened is not None and opened.erased) or (case is not None and case.paper is not None),
            words=words,
            answers=answers,
            history=timeline(happened or (), words, answers),
            files=files or (),
            offers=offered,
            names=names,
            people=_by_name(candidates, names),
            units=_units(scene) if case is not None and any(_asks(each) and each.act.on == "case" for each in offered) else (),
            takes_files=until is None and await self._files.takes(subject, thing),
            about=_about(scene, same) if case is not None and offered else {},
            until=until,
            days_off={day.isoformat(): name for day, name in counted_by.days_off.items()} if counted_by is not None else {},
            in_working_days=_in_working_days(scene),
        )

    def _candidates(self, scene: Scene, offers: Sequence[Offer]) -> Mapping[str, Sequence[str]]:
        """Whom each piece of work may be passed on to."""
        asked = {offer.thing for offer in offers if _asks(offer) and offer.act.on == "task"}
        return {task.id: people_of(task, scene.directory) for task in scene.tasks if task.id in asked}


async def _nothing() -> Sequence[Any]:
    return ()


def _named(scene: Scene, drafts: Sequence[Draft], candidates: Mapping[str, Sequence[str]]) -> set[str]:
    """Whoever the page names, and those whom work may be passed on to."""
    wanted = {task.person for task in scene.tasks if task.person}
    wanted |= {person for draft in drafts for person in (draft.drafter, draft.reviewer) if person}
    return wanted | {person for people in candidates.values() for person in people}


def _by_name(candidates: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> Mapping[str, Sequence[Option]]:
    return {
        task: sorted((Option(each, names.get(each, each)) for each in people), key=lambda one: by_given_name(one.label))
        for task, people in candidates.items()
    }


def _titles(scene: Scene, said: Mapping[str, str]) -> Sequence[Option]:
    """What a case may be merged into, with the beginning of what it says."""
    label = scene.directory.label
    titles = {each.id: brief(said.get(each.id, label(each.field)), 70) for each in scene.same}
    return [
        Option(each.id, f"{titles[each.id]} ({each.unit_label}, {local_day(each.received_at):%d/%m/%Y})") for each in scene.same
    ]


def _in_working_days(scene: Scene) -> bool:
    """As the rule says that is in force for the day from which it was counted."""
    case = scene.case
    if case is None or not case.derivation:
        return True
    rules = scene.directory.rules_of(case.office, date.fromisoformat(case.derivation["start"]))
    try:
        return rules.deadline(case.derivation["rule"]).counting is Counting.WORKING_DAYS
    except KeyError:  # no rule of the list: a day that somebody named, or what was left of one
        return True


def _asks(offer: Offer) -> bool:
    return any(field.asks in (Asks.ONE, Asks.MANY) for field in offer.act.fields)


def _about(scene: Scene, said: Mapping[str, str]) -> Mapping[str, Sequence[Option]]:
    """What acts on a case choose from beside the units that it may be given to."""
    case, directory = scene.case, scene.directory
    assert case is not None
    inside = [unit.key for unit in directory.units.values() if unit.office == scene.office]
    concerned = dict.fromkeys([*case.concerns_units, *sorted(inside, key=lambda unit: fold(directory.label(unit)))])
    posts = [post for post in directory.posts.values() if post.unit in concerned or post.key in case.concerns_posts]
    outside = [Option(unit, directory.label(unit)) for unit in outside_of(scene)]
    given = [Option(unit, directory.label(unit)) for unit in (*case.coordinating, *units_of(scene))]
    return {
        "outside": outside,
        "all": [*outside, *(Option(unit, directory.label(unit)) for unit in concerned)],
        "field": [
            Option(key, directory.label(key)) for key in sorted(directory.fields, key=lambda key: fold(directory.label(key)))
        ],
        "coordinating": list(dict.fromkeys(given)),
        "concerns_units": [Option(unit, directory.label(unit)) for unit in concerned],
        "concerns_posts": [Option(post.key, f"{post.name}, {directory.label(post.unit)}") for post in posts],
        "into": _titles(scene, said),
    }


def _units(scene: Scene) -> Sequence[Option]:
    case, directory = scene.case, scene.directory
    assert case is not None
    usual = directory.lead(case.field, case.office)
    notes: dict[str | None, str] = dict.fromkeys([usual], "usual")
    notes |= dict.fromkeys(case.proposed[:1], "proposed")
    barred = [Option(unit, directory.label(unit), "concerned", barred=True) for unit in case.concerns_units]
    return [*(Option(unit, directory.label(unit), notes.get(unit, "")) for unit in units_of(scene)), *barred]
