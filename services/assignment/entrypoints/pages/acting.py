"""Acts through the desk: rehearsed, to know which of them somebody can do now; and done, as over the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from pydantic import ValidationError

from services.assignment.entrypoints.pages.acts import ACTS, TOLD, Act, Asks, Field
from services.assignment.readmodel.cases.views import CaseDetail
from services.assignment.readmodel.tasks.views import TaskDetail
from shared.calendar import local_day
from shared.clock import Clock
from shared.commands import Body, model_of
from shared.contracts.refusals import Forbidden, Invalid, Refused, Unknown
from shared.desk import Asked, Desk, Done
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.telemetry import COMMANDS, current_trace
from shared.text import fold

ANYTHING: Final = "…"
AHEAD: Final = timedelta(days=7)
SERVICE: Final = "assignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act that somebody can do on a thing as it stands at `version`, or (`waits`) that a condition keeps from him."""

    act: Act
    thing: str
    version: int
    task: TaskDetail | None
    waits: Refused | None


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


class Acting:
    """The commands of one tenant, for its pages."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk, self._clock = desk, clock

    @property
    def today(self) -> date:
        return local_day(self._clock.now())

    async def offers(self, scene: Scene) -> tuple[Offer, ...]:
        """What he can do, what comes first ahead. Each is decided by the desk as it would be, with nothing written."""
        his = [act for act in ACTS if self._is_his(act, scene.subject)]
        found = [await self._offer(act, on, scene) for act in his for on in _on(act, scene)]
        return tuple(offer for offer in found if offer is not None)

    async def do(self, act: Act, body: Body, subject: Subject, *, command_id: str, expected: int | None) -> Done:
        """Ask it.

        Raises:
            Refused: as over the API.

        """
        asked = Asked(
            command=act.name, body=body, subject=subject, command_id=command_id, expected=expected, trace=current_trace()
        )
        done = await self._desk.handle(asked)
        COMMANDS.labels(SERVICE, act.name, "replayed" if done.replayed else "done").inc()
        return done

    def additive(self, act: Act) -> bool:
        """Whether it adds and overwrites nothing."""
        return self._desk.handlers[act.name].additive

    def _is_his(self, act: Act, subject: Subject) -> bool:
        roles = {*subject.capacities, *(each.role for each in subject.delegated)}
        return any(grant.role in roles for grant in self._desk.handlers[act.name].action.grants)

    async def _offer(self, act: Act, on: CaseDetail | TaskDetail, scene: Scene) -> Offer | None:
        task = on if isinstance(on, TaskDetail) else None
        body = _as_if(act, on, scene)
        if body is None:
            return None
        asked = Asked(command=act.name, body=body, subject=scene.subject, command_id="rehearsed")
        try:
            done = await self._desk.handle(asked, rehearsed=True)
        except Refused as refused:
            if isinstance(refused, TOLD):
                return Offer(act=act, thing=on.id, version=on.version, task=task, waits=refused)
            if not is_about_a_value(act, refused):
                return None
        else:
            if not done.changes:
                return None
        return Offer(act=act, thing=on.id, version=on.version, task=task, waits=None)


def is_about_a_value(act: Act, refused: Refused) -> bool:
    """Whether a refusal is about a value of the form, so that another value may do."""
    names = {each.name for each in act.fields}
    return isinstance(refused, Invalid | Forbidden | Unknown) and (refused.field or "").partition(".")[0] in names


def _on(act: Act, scene: Scene) -> Sequence[CaseDetail | TaskDetail]:
    """What an act can be on: the case, or each piece of work of the right kind."""
    if not act.on_task:
        return (scene.case,) if scene.case is not None else ()
    return [task for task in scene.tasks if not act.of_work or task.type in act.of_work]


def _as_if(act: Act, on: CaseDetail | TaskDetail, scene: Scene) -> Body | None:
    """The act with values as somebody might choose them; None where there is nothing to choose from."""
    values: dict[str, Any] = {"task" if act.on_task else "case": on.id}
    for field in act.fields:
        if not field.required:
            continue
        value = _value(field, on, scene)
        if value is None:
            return None
        values[field.name] = value
    try:
        return model_of(act.command).model_validate(values)
    except ValidationError:
        return None


def _value(field: Field, on: CaseDetail | TaskDetail, scene: Scene) -> str | None:
    match field.asks:
        case Asks.TEXT | Asks.LINE:
            return ANYTHING
        case Asks.DAY:
            return (max(on.due, scene.directory.day) + AHEAD).isoformat()
        case Asks.CHOICE:
            return field.choices[0]
        case Asks.PERSON:
            return next(iter(people_of(on, scene.directory)), None) if isinstance(on, TaskDetail) else None
        case Asks.UNIT:
            return next(iter(units_of(scene)), None)
    return None


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
