"""What a leader decides on these pages, and which values each act asks for: the form of a command."""

from collections.abc import Mapping
from typing import Final

from services.assignment.domain.case import commands as of_case
from services.assignment.domain.task import commands as of_task
from services.assignment.readmodel.work.piles import Pile
from shared.web.acts import Act, Asks, Field

REASON: Final = Field("reason", Asks.TEXT)

# To whom the hub proposes: the values are the proposal's.
AS_PROPOSED: Final = Act(command=of_case.AssignCase, on="case")
APPROVE: Final = Act(command=of_case.ApproveAnswer, on="case")
EXTEND: Final = Act(command=of_task.GrantExtension, on="task", fields=(Field("until", Asks.DAY, required=False),))
CONFIRM: Final = Act(command=of_task.CompleteTask, on="task")
DELEGATE: Final = Act(command=of_task.DelegateTask, on="task", fields=(Field("to", Asks.ONE),))
RETURN: Final = Act(command=of_task.ReturnTask, on="task", fields=(REASON,), apart=True)

# Of each kind what is usually decided first, then what else can be.
DECISIONS: Final[Mapping[Pile, tuple[Act, ...]]] = {
    Pile.ASSIGN: (AS_PROPOSED, Act(command=of_case.DirectCase, on="case", fields=(Field("direction", Asks.TEXT),), apart=True)),
    Pile.CLEAR: (
        APPROVE,
        Act(command=of_case.ReturnAnswer, on="case", fields=(REASON,), apart=True),
        Act(command=of_case.TakeOnBoard, on="case", apart=True),
    ),
    Pile.EXTEND: (
        EXTEND,
        Act(command=of_task.RefuseExtension, on="task", fields=(Field("reason", Asks.TEXT, required=False),), apart=True),
    ),
    Pile.CONFIRM: (CONFIRM, Act(command=of_task.RequestRevision, on="task", fields=(REASON,), apart=True)),
}
# Without a value of its own each can be asked of many: the day that was asked for, whom the hub proposes.
AT_ONCE: Final[Mapping[Pile, Act]] = {
    Pile.ASSIGN: AS_PROPOSED,
    Pile.CLEAR: APPROVE,
    Pile.EXTEND: Act(command=of_task.GrantExtension, on="task"),
    Pile.CONFIRM: CONFIRM,
}
BY_SLUG: Final[Mapping[str, tuple[Pile, Act]]] = {act.slug: (pile, act) for pile, acts in DECISIONS.items() for act in acts}
