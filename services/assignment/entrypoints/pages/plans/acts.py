"""What can be done about notices and plans from their pages, and which values each act asks for."""

from dataclasses import dataclass
from typing import Final

from services.assignment.domain.notice import commands as of_notice
from services.assignment.domain.plan import commands as of_plan
from services.assignment.domain.plan import refusals as plan_rules
from shared.contracts.document import DispatchMeans
from shared.contracts.meeting import MeetingKind
from shared.contracts.notice import ConclusionKind
from shared.contracts.refusals import Refused
from shared.contracts.session import Track, Trigger
from shared.documents import refusals as paper_rules
from shared.web.acts import Act, Asks, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNotice(Act):
    """What can be done about a notice."""

    on: str = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPlan(Act):
    """What can be done about a plan."""

    on: str = "plan"


REASON: Final = Field("reason", Asks.TEXT)
PAPER: Final = (
    Field("document", Asks.ONE),
    Field("book", Asks.ONE, required=False),
    Field("number", Asks.NUMBER, required=False),
    Field("means", Asks.ONE, choices=tuple(DispatchMeans)),
)
ITEMS: Final = Field(
    "items",
    Asks.TABLE,
    of=(
        Field("kind", Asks.CHOICE, choices=tuple(ConclusionKind)),
        Field("case", Asks.ONE, required=False),
        Field("text", Asks.TEXT, longest=4_000),
        Field("unit", Asks.ONE, required=False),
        Field("days", Asks.NUMBER, required=False),
        Field("until", Asks.DAY, required=False),
        Field("by_rule", Asks.YES, required=False),
        Field("coordinating", Asks.MANY, required=False, each="unit"),
    ),
)
DRAFT: Final = Act(command=of_notice.DraftNotice, fields=(ITEMS,))
REDRAFT: Final = OnNotice(command=of_notice.DraftNotice, fields=(ITEMS, Field("document", Asks.ONE, required=False)))
NOTICE_ACTS: Final[tuple[OnNotice, ...]] = (
    OnNotice(command=of_notice.IssueNotice, fields=PAPER),
    OnNotice(command=of_notice.CommentNotice, fields=(Field("comment", Asks.TEXT),)),
    OnNotice(
        command=of_notice.AmendNotice,
        fields=(
            Field("item", Asks.ONE),
            Field("unit", Asks.ONE, required=False),
            Field("until", Asks.DAY),
            REASON,
            *PAPER,
        ),
        apart=True,
    ),
)
# What a recipient is on the list for, so that whoever takes that over takes its place.
STANDS_FOR: Final = ("ubnd_tinh", "dan_van", "noi_vu", "lanh_dao_van_phong", "don_vi", "trang_tin", "van_thu", "dau_moi")
DIALOGUES: Final = Field(
    "dialogues",
    Asks.TABLE,
    required=False,
    of=(
        Field("number", Asks.NUMBER),
        Field("track", Asks.ONE, choices=tuple(Track)),
        Field("trigger", Asks.ONE, required=False, choices=tuple(Trigger)),
        Field("meeting", Asks.ONE, required=False, choices=tuple(MeetingKind)),
        Field("planned", Asks.DAY, required=False),
    ),
)
WINDOWS: Final = Field(
    "windows",
    Asks.TABLE,
    required=False,
    of=(
        Field("report", Asks.ONE, choices=("six_month", "annual")),
        Field("first", Asks.DAY),
        Field("last", Asks.DAY),
        Field("before", Asks.DAY),
    ),
)
RECIPIENTS: Final = Field(
    "recipients",
    Asks.TABLE,
    required=False,
    of=(
        Field("role", Asks.ONE, choices=STANDS_FOR),
        Field("unit", Asks.ONE),
        Field("purpose", Asks.LINE, longest=200),
        Field("mandatory", Asks.YES, required=False),
    ),
)
BASES: Final = Field(
    "bases",
    Asks.TABLE,
    required=False,
    of=(
        Field("number", Asks.LINE, longest=80),
        Field("kind", Asks.LINE, required=False, longest=200),
        Field("on", Asks.DAY, required=False),
        Field("issuer", Asks.LINE, required=False, longest=200),
    ),
)
# Drafted again it replaces what stands: the form says which version of the plan of the office it was shown with.
DRAFT_PLAN: Final = Act(command=of_plan.DraftPlan, on="office", fields=(BASES, DIALOGUES, WINDOWS, RECIPIENTS))
AMEND_PLAN: Final = OnPlan(command=of_plan.AmendPlan, fields=(DIALOGUES, WINDOWS, RECIPIENTS, REASON, *PAPER))
PLAN_ACTS: Final[tuple[OnPlan, ...]] = (
    OnPlan(command=of_plan.IssuePlan, fields=(Field("disseminate", Asks.MANY), *PAPER)),
    OnPlan(command=of_plan.CopyPlan, apart=True),
    OnPlan(command=of_plan.ClosePlan, apart=True),
)
# Conditions that are told beside the act, which cannot be done yet.
TOLD: Final[tuple[type[Refused], ...]] = (
    plan_rules.PlanNotOver,
    plan_rules.PlanEmpty,
    paper_rules.NotSigned,
    paper_rules.RecipientsMissing,
)
