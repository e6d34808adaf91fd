"""What can be done on a case and the work on it: rehearsed through the desk, to know what somebody can do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.domain.case import commands as of_case
from services.assignment.domain.task import commands as of_task
from services.assignment.entrypoints.pages.work.acts import ACTS, REACHED, TOLD, OnCase, OnTask
from services.assignment.readmodel.cases.views import CaseDetail, CaseRow
from services.assignment.readmodel.tasks.projections import TaskStage
from services.assignment.readmodel.tasks.queries import OVER
from services.assignment.readmodel.tasks.views import TaskDetail
from shared.contracts.opinion import Kind
from shared.contracts.task import TaskType
from shared.decider import Seen
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.text import fold
from shared.web.acting import AHEAD, Acting
from shared.web.acts import Asks, Offer

MOST_WORK: Final = 20  # pieces of work of one case whose acts are rehearsed, his own ahead
WAITS: Final = frozenset({TaskStage.SUBMITTED})
IN_HAND: Final = frozenset({TaskStage.ASSIGNED, TaskStage.ACCEPTED, TaskStage.REVISION})
# What there can be of a piece of work without asking the desk: by its stage, and for whoever has it.
STAGES: Final[Mapping[type, frozenset[TaskStage]]] = {
    of_task.AcceptTask: frozenset({TaskStage.ASSIGNED}),
    of_task.DelegateTask: IN_HAND,
    of_task.ReturnTask: IN_HAND,
    of_task.SubmitTask: IN_HAND,
    of_task.CompleteTask: WAITS,
    of_task.RequestRevision: WAITS,
}
OF_ITS_UNIT: Final = frozenset(
    {of_task.AcceptTask, of_task.DelegateTask, of_task.ReturnTask, of_task.AddProof, of_task.SubmitTask, of_task.RequestExtension}
)
OF_AN_EXTENSION: Final = frozenset({of_task.GrantExtension, of_task.RefuseExtension})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What acts are about: a case, if the work belongs to one, and the work on it that is his to see.

    `same`: other open cases that it may be merged into.
    """

    case: CaseDetail | None
    tasks: tuple[TaskDetail, ...]
    directory: Directory
    subject: Subject
    same: tuple[CaseRow, ...] = ()

    @property
    def office(self) -> str:
        return self.case.office if self.case is not None else self.tasks[0].office


async def offers(acting: Acting, scene: Scene) -> tuple[Offer, ...]:
    """What he can do, what comes first ahead. Each is decided by the desk as it would be, with nothing written."""
    seen: Seen = {}
    his = [act for act in ACTS if acting.may_ever(act, scene.subject)]
    # Both are sorted by name, and what most acts of a case begin with: once a page.
    units, outside = units_of(scene), next(iter(outside_of(scene)), None)
    found = [
        await acting.offer(
            fitted(act, on),
            on.id,
            on.version,
            scene.subject,
            first=_first(act, on, scene, units, outside),
            day=max(on.due or scene.directory.day, scene.directory.day) + AHEAD,
            told=TOLD,
            seen=seen,
            **_values(act, scene, units),
        )
        for act in his
        for on in _on(act, scene)
    ]
    return tuple(offer for offer in found if offer is not None)


def _on(act: OnCase | OnTask, scene: Scene) -> Sequence[CaseDetail | TaskDetail]:
    """What an act can be on: the case, or each piece of work of the right kind that stands where it can be."""
    if isinstance(act, OnCase):
        return (scene.case,) if scene.case is not None else ()
    units = _units_of(scene.subject)
    open_work = (task for task in scene.tasks if task.stage not in OVER)
    ahead = sorted(open_work, key=lambda task: task.unit not in units)[:MOST_WORK]
    return [task for task in ahead if can_be(act, task, units)]


def fitted(act: OnCase | OnTask, on: CaseDetail | TaskDetail) -> OnCase | OnTask:
    """The act with the fields that make sense of this piece of work: heads are counted where a plan was made known (R29)."""
    if isinstance(on, CaseDetail) or on.type == TaskType.DISSEMINATE or REACHED not in act.fields:
        return act
    return replace(act, fields=tuple(each for each in act.fields if each is not REACHED))


def can_be(act: OnTask, task: TaskDetail, units: frozenset[str]) -> bool:
    """Whether an act can be on a piece of work as it stands, for people of `units`; the desk decides the rest. Pure."""
    if act.of_work and task.type not in act.of_work:
        return False
    if act.command in OF_ITS_UNIT and task.unit not in units:
        return False
    if act.command in OF_AN_EXTENSION:
        return task.asked_until is not None
    stages = STAGES.get(act.command)
    return stages is None or task.stage in stages


def _units_of(subject: Subject) -> frozenset[str]:
    return frozenset({subject.unit, *(each.unit for each in subject.delegated)})


def _first(
    act: OnCase | OnTask, on: CaseDetail | TaskDetail, scene: Scene, units: Sequence[str], outside: str | None
) -> Mapping[str, str | None]:
    """A person of the unit for a piece of work; for a case what each field of it may be."""
    if isinstance(on, TaskDetail):
        person = next(iter(people_of(on, scene.directory)), None)
        return {each.name: person for each in act.fields if each.asks is Asks.ONE}
    unit = next(iter(units), None)
    known = {"to": outside, "field": on.field, "into": next((each.id for each in scene.same), None)}
    return {each.name: known.get(each.name, unit) for each in act.fields if each.asks is Asks.ONE}


def _values(act: OnCase | OnTask, scene: Scene, units: Sequence[str]) -> Mapping[str, Any]:
    """A change, where without one nothing would be done."""
    case = scene.case
    if case is None:
        return {}
    if act.command is of_case.ReclassifyCase:
        return {"kind": next(kind for kind in Kind if kind != case.kind)}
    if act.command is of_case.SetCoordination:
        other = next((unit for unit in units if unit not in case.coordinating), None)
        return {"coordinating": [] if case.coordinating or other is None else [{"unit": other}]}
    return {}


def people_of(task: TaskDetail, directory: Directory) -> tuple[str, ...]:
    """Whom the work of a unit may be passed on to: its people, but whoever has it."""
    return tuple(person for person in directory.people if person != task.person and task.unit in directory.units_of(person))


def units_of(scene: Scene) -> tuple[str, ...]:
    """Whom the office gives work to, those who answer for the case's field ahead; the office itself is none of them."""
    directory, case = scene.directory, scene.case
    usual = directory.leads_of(case.field, scene.office) if case is not None else ()
    proposed = case.proposed if case is not None else ()
    units = [unit.key for unit in directory.units.values() if unit.office == scene.office and unit.key != scene.office]
    barred = {*case.concerns_units} if case is not None else set[str]()
    taken = {case.lead} if case is not None else set[str | None]()
    ordered = dict.fromkeys(
        [*proposed, *(each for each in usual if each in units), *sorted(units, key=lambda unit: fold(directory.label(unit)))]
    )
    return tuple(unit for unit in ordered if unit not in barred | taken)


def outside_of(scene: Scene) -> tuple[str, ...]:
    """The bodies outside the office, by name: to whom it passes on what is not its own."""
    directory = scene.directory
    found = [unit.key for unit in directory.units.values() if scene.office not in (unit.office, unit.key)]
    return tuple(sorted(found, key=lambda unit: fold(directory.label(unit))))


def first_and_further(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[Offer, ...]]:
    """What is to be done next, and what else can be done; what waits for a condition stands among the rest."""
    first = tuple(each for each in offers if not each.act.apart and each.waits is None)
    return first, tuple(each for each in offers if each not in first)
