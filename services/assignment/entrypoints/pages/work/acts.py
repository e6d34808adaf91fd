"""What can be done from the page of a case or task, and which values each act asks for: the form of a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.assignment.domain.attachment.commands import AddAttachment
from services.assignment.domain.case import commands as of_case
from services.assignment.domain.case import refusals as case_rules
from services.assignment.domain.task import commands as of_task
from services.assignment.domain.task import refusals as task_rules
from shared.contracts.case import Means
from shared.contracts.opinion import DivertedKind, Flag, Kind, RejectionReason
from shared.contracts.refusals import Refused
from shared.contracts.task import TaskType
from shared.web.acts import Act, Asks, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase(Act):
    """What can be done on a case."""

    on: str = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTask(Act):
    """What can be done on a piece of work; only on those `of_work`, where it names any."""

    on: str = "task"
    of_work: frozenset[TaskType] = field(default_factory=frozenset)


REASON: Final = Field("reason", Asks.TEXT)
REACHED: Final = Field("reached", Asks.NUMBER, required=False)  # only where a plan was to be made known
UNTIL: Final = Field("until", Asks.DAY)
MEANS: Final = Field("means", Asks.CHOICE, choices=tuple(Means))
CARRIED_OUT: Final = frozenset(TaskType) - {TaskType.ANSWER}
NOTE: Final = Field("note", Asks.TEXT, required=False)
# What may hold a state secret is quarantined, not rejected.
REJECTED_FOR: Final = tuple(reason for reason in RejectionReason if reason is not RejectionReason.STATE_SECRET)
CLASSIFIED: Final = (
    Field("kind", Asks.CHOICE, choices=tuple(Kind)),
    Field("field", Asks.ONE),
    Field("flags", Asks.MANY, required=False, choices=tuple(Flag), whole=True),
    Field("concerns_units", Asks.MANY, required=False, whole=True),
    Field("concerns_posts", Asks.MANY, required=False, whole=True),
)
ANSWER: Final = (
    Field("answer", Asks.TEXT, longest=20_000),
    Field("solution", Asks.TEXT, required=False, longest=20_000),
    Field("direction", Asks.TEXT, required=False, longest=20_000),
    Field("legal_basis", Asks.LINE, required=False),
)

# In the order in which they come first where several can be done.
ACTS: Final[tuple[OnCase | OnTask, ...]] = (
    OnCase(command=of_case.ApproveAnswer),
    OnCase(command=of_case.ReturnAnswer, fields=(REASON,)),
    OnTask(command=of_task.AcceptTask),
    OnCase(
        command=of_case.AssignCase,
        fields=(Field("lead", Asks.ONE), Field("coordinating", Asks.MANY, required=False, each="unit")),
        key="a",
    ),
    OnTask(command=of_task.DelegateTask, fields=(Field("to", Asks.ONE),), key="a"),
    OnCase(command=of_case.SubmitAnswer, fields=ANSWER, key="r"),
    OnCase(command=of_case.DeliverAnswer, fields=(MEANS,)),
    OnTask(command=of_task.GrantExtension, fields=(Field("until", Asks.DAY, required=False),)),
    OnTask(command=of_task.RefuseExtension, fields=(Field("reason", Asks.TEXT, required=False),)),
    OnTask(command=of_task.CompleteTask),
    OnTask(command=of_task.RequestRevision, fields=(REASON,)),
    OnCase(command=of_case.ProposeAssignment, fields=(Field("lead", Asks.ONE), Field("coordinating", Asks.MANY, required=False))),
    OnCase(command=of_case.GiveConsultation, fields=(Field("given", Asks.TEXT),)),
    OnCase(command=of_case.RecordPartyOpinion, fields=(Field("opinion", Asks.TEXT),)),
    OnTask(
        command=of_task.AddProof,
        fields=(Field("result", Asks.TEXT), REACHED, Field("on", Asks.DAY, required=False)),
        of_work=CARRIED_OUT,
    ),
    OnTask(command=of_task.SubmitTask, of_work=CARRIED_OUT),
    OnCase(command=of_case.CloseCase),
    OnCase(command=of_case.DirectCase, fields=(Field("direction", Asks.TEXT),), apart=True),
    OnCase(command=of_case.TakeOnBoard, apart=True),
    OnTask(command=of_task.RequestExtension, fields=(UNTIL, REASON), apart=True),
    OnCase(command=of_case.ConsultUnit, fields=(Field("unit", Asks.ONE), Field("question", Asks.TEXT)), apart=True),
    OnTask(command=of_task.ReturnTask, fields=(REASON,), apart=True),
    OnCase(command=of_case.SetCaseDue, fields=(UNTIL,), apart=True),
    OnCase(command=of_case.RecallCase, fields=(REASON,), apart=True),
    OnCase(
        command=of_case.SetCoordination,
        fields=(Field("coordinating", Asks.MANY, required=False, each="unit", whole=True),),
        apart=True,
    ),
    OnCase(command=of_case.ReclassifyCase, fields=CLASSIFIED, apart=True),
    OnCase(command=of_case.ForwardCase, fields=(Field("to", Asks.ONE), NOTE), apart=True),
    OnCase(command=of_case.RejectCase, fields=(Field("reason", Asks.CHOICE, choices=REJECTED_FOR), NOTE), apart=True),
    OnCase(command=of_case.MergeCase, fields=(Field("into", Asks.ONE),), apart=True),
    OnCase(command=of_case.UnmergeCase, fields=(REASON,), apart=True),
    OnCase(command=of_case.SplitCase, fields=(Field("parts", Asks.SEVERAL, each="words", longest=20_000),), apart=True),
    OnCase(command=of_case.WithdrawCase, fields=(NOTE,), apart=True),
    OnCase(
        command=of_case.DivertCase,
        fields=(Field("kind", Asks.CHOICE, choices=tuple(DivertedKind)), Field("to", Asks.ONE)),
        apart=True,
    ),
    OnCase(command=of_case.QuarantineCase, fields=(Field("paper", Asks.LINE, longest=80),), apart=True),
    OnCase(command=of_case.ReopenCase, fields=(REASON,), apart=True),
    OnCase(command=of_case.DeclineReopening, fields=(REASON,), apart=True),
)
# Its form carries the file itself.
ATTACH: Final = Act(command=AddAttachment, on="about", fields=(Field("file", Asks.FILE),))
BY_SLUG: Final[Mapping[str, OnCase | OnTask]] = {act.slug: act for act in ACTS}

# Conditions that are told beside the act, which cannot be done yet; other refusals mean that it is not for now or not for him,
# and some of those would tell whom a case is about.
TOLD: Final[tuple[type[Refused], ...]] = (
    case_rules.ConclusionMissing,
    case_rules.OthersMergedInto,
    case_rules.PartyOpinionMissing,
    case_rules.ReviewerIsDrafter,
    case_rules.WorkStillOpen,
    task_rules.ExtensionAsked,
    task_rules.OwnWork,
)
