"""What can be done on a case and the work on it: rehearsed through the desk, to know what somebody can do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.assignment.entrypoints.pages.work.acts import ACTS, TOLD, OnCase, OnTask
from services.assignment.readmodel.cases.views import CaseDetail
from services.assignment.readmodel.tasks.views import TaskDetail
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.text import fold
from shared.web.acts import AHEAD, Acting, Asks, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What acts are about: a case, if the work belongs to one, and the work on it that is his to see."""

    case: CaseDetail | None
    tasks: tuple[TaskDetail, ...]
    directory: Directory
    subject: Subject

    @property
    def office(self) -> str:
        return self.case.office if self.case is not None else self.tasks[0].office


async def offers(acting: Acting, scene: Scene) -> tuple[Offer, ...]:
    """What he can do, what comes first ahead. Each is decided by the desk as it would be, with nothing written."""
    his = [act for act in ACTS if acting.may_ever(act, scene.subject)]
    found = [
        await acting.offer(
            act,
            on.id,
            on.version,
            scene.subject,
            first=_first(act, on, scene),
            day=max(on.due, scene.directory.day) + AHEAD,
            told=TOLD,
        )
        for act in his
        for on in _on(act, scene)
    ]
    return tuple(offer for offer in found if offer is not None)


def _on(act: OnCase | OnTask, scene: Scene) -> Sequence[CaseDetail | TaskDetail]:
    """What an act can be on: the case, or each piece of work of the right kind."""
    if isinstance(act, OnCase):
        return (scene.case,) if scene.case is not None else ()
    return [task for task in scene.tasks if not act.of_work or task.type in act.of_work]


def _first(act: OnCase | OnTask, on: CaseDetail | TaskDetail, scene: Scene) -> Mapping[str, str | None]:
    """A person of the unit for a piece of work, a unit of the office for a case."""
    chosen = people_of(on, scene.directory) if isinstance(on, TaskDetail) else units_of(scene)
    return {field.name: next(iter(chosen), None) for field in act.fields if field.asks is Asks.ONE}


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


def first_and_further(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[Offer, ...]]:
    """What is to be done next, and what else can be done; what waits for a condition stands among the rest."""
    first = tuple(each for each in offers if not each.act.apart and each.waits is None)
    return first, tuple(each for each in offers if each not in first)
