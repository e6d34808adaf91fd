"""What can be done from the page of a case or task, and which values each act asks for: the form of a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.assignment.domain.case import commands as of_case
from services.assignment.domain.case import refusals as case_rules
from services.assignment.domain.task import commands as of_task
from services.assignment.domain.task import refusals as task_rules
from shared.contracts.case import Means
from shared.contracts.refusals import Refused
from shared.contracts.task import TaskType
from shared.desk import name_of


class Asks(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    PERSON = "person"  # of the unit that has the work
    UNIT = "unit"  # of the office
    UNITS = "units"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form, named as in the command."""

    name: str
    asks: Asks
    required: bool = True
    choices: tuple[str, ...] = ()
    longest: int = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A command as a form. `apart`: never the first thing to do, however much it may be done."""

    command: type
    fields: tuple[Field, ...] = ()
    apart: bool = False
    of_work: frozenset[TaskType] = field(default_factory=frozenset)  # only on such tasks; none: on any

    @property
    def name(self) -> str:
        return name_of(self.command)

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.name.replace("_", "-")

    @property
    def on_task(self) -> bool:
        return self.command.__module__ == of_task.__name__


REASON: Final = Field("reason", Asks.TEXT)
UNTIL: Final = Field("until", Asks.DAY)
MEANS: Final = Field("means", Asks.CHOICE, choices=tuple(Means))
CARRIED_OUT: Final = frozenset(TaskType) - {TaskType.ANSWER}
ANSWER: Final = (
    Field("answer", Asks.TEXT, longest=20_000),
    Field("solution", Asks.TEXT, required=False, longest=20_000),
    Field("direction", Asks.TEXT, required=False, longest=20_000),
    Field("legal_basis", Asks.LINE, required=False),
)

# In the order in which they come first where several can be done.
ACTS: Final[tuple[Act, ...]] = (
    Act(command=of_case.ApproveAnswer),
    Act(command=of_case.ReturnAnswer, fields=(REASON,)),
    Act(command=of_task.AcceptTask),
    Act(command=of_case.AssignCase, fields=(Field("lead", Asks.UNIT), Field("coordinating", Asks.UNITS, required=False))),
    Act(command=of_task.DelegateTask, fields=(Field("to", Asks.PERSON),)),
    Act(command=of_case.SubmitAnswer, fields=ANSWER),
    Act(command=of_case.DeliverAnswer, fields=(MEANS,)),
    Act(command=of_task.GrantExtension, fields=(Field("until", Asks.DAY, required=False),)),
    Act(command=of_task.RefuseExtension, fields=(Field("reason", Asks.TEXT, required=False),)),
    Act(command=of_task.CompleteTask),
    Act(command=of_task.RequestRevision, fields=(REASON,)),
    Act(command=of_case.ProposeAssignment, fields=(Field("lead", Asks.UNIT), Field("coordinating", Asks.UNITS, required=False))),
    Act(command=of_case.GiveConsultation, fields=(Field("given", Asks.TEXT),)),
    Act(command=of_case.RecordPartyOpinion, fields=(Field("opinion", Asks.TEXT),)),
    Act(
        command=of_task.AddProof,
        fields=(Field("result", Asks.TEXT), Field("on", Asks.DAY, required=False)),
        of_work=CARRIED_OUT,
    ),
    Act(command=of_task.SubmitTask, of_work=CARRIED_OUT),
    Act(command=of_case.CloseCase),
    Act(command=of_case.DirectCase, fields=(Field("direction", Asks.TEXT),), apart=True),
    Act(command=of_case.TakeOnBoard, apart=True),
    Act(command=of_task.RequestExtension, fields=(UNTIL, REASON), apart=True),
    Act(command=of_case.ConsultUnit, fields=(Field("unit", Asks.UNIT), Field("question", Asks.TEXT)), apart=True),
    Act(command=of_task.ReturnTask, fields=(REASON,), apart=True),
    Act(command=of_case.SetCaseDue, fields=(UNTIL,), apart=True),
    Act(command=of_case.RecallCase, fields=(REASON,), apart=True),
    Act(command=of_case.ReopenCase, fields=(REASON,), apart=True),
    Act(command=of_case.DeclineReopening, fields=(REASON,), apart=True),
)
BY_SLUG: Final[Mapping[str, Act]] = {act.slug: act for act in ACTS}

# Conditions that are told beside the act, which cannot be done yet; other refusals mean that it is not for now or not for him,
# and some of those would tell whom a case is about.
TOLD: Final[tuple[type[Refused], ...]] = (
    case_rules.ConclusionMissing,
    case_rules.PartyOpinionMissing,
    case_rules.ReviewerIsDrafter,
    case_rules.WorkStillOpen,
    task_rules.ExtensionAsked,
    task_rules.OwnWork,
)
