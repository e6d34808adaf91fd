"""What can be done with a report from its pages: each command as a form, and on which page it stands."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from services.reporting.domain.document import commands as on_paper
from services.reporting.domain.register import commands as books
from services.reporting.domain.report import commands as asked
from services.reporting.domain.report import refusals
from shared.contracts.document import DispatchMeans, SigningCapacity
from shared.contracts.report import ReportKind
from shared.contracts.roles import Action
from shared.papers import forms
from shared.papers.places import Public
from shared.web.acts import Act, Asks, Field


class Page(StrEnum):
    """The pages of a report that have acts."""

    PROGRESS = ""
    TEXT = "text"
    SIGN = "sign"


REASON: Final = Field("reason", Asks.TEXT)
MEANS: Final = Field("means", Asks.CHOICE, choices=tuple(DispatchMeans))
BOOK: Final = Field("book", Asks.ONE)
NUMBER: Final = Field("number", Asks.NUMBER, required=False)
# As head or deputy signs for an office.
CAPACITIES: Final = tuple(
    each.value
    for each in (
        SigningCapacity.IN_PERSON,
        SigningCapacity.FOR_THE_HEAD,
        SigningCapacity.ACTING,
        SigningCapacity.BY_AUTHORISATION,
    )
)

OPEN: Final = Act(
    command=asked.OpenReport,
    on="office",
    fields=(
        Field("kind", Asks.CHOICE, choices=tuple(ReportKind)),
        Field("year", Asks.NUMBER),
        Field("first", Asks.DAY, required=False),
        Field("last", Asks.DAY, required=False),
        Field("before", Asks.DAY, required=False),
    ),
)
CONFIRM: Final = Act(command=asked.ConfirmFigures, on="report")
WITHDRAW: Final = Act(command=asked.WithdrawConfirmation, on="report", apart=True)
WAIVE: Final = Act(command=asked.WaiveConfirmation, on="report", fields=(Field("unit", Asks.ONE), REASON), apart=True)
LOCK: Final = Act(command=asked.RequestLock, on="report")

WRITE: Final = Act(
    command=on_paper.WriteSection,
    on="report",
    fields=(Field("words", Asks.TEXT, longest=20_000),),
    apart=True,
)
DRAFT: Final = Act(command=on_paper.DraftReport, on="report")
COMMENT: Final = Act(command=on_paper.CommentOnReport, on="report", fields=(Field("comment", Asks.TEXT),), apart=True)
SUBMIT: Final = Act(command=on_paper.SubmitReport, on="report")
RETURN: Final = Act(command=on_paper.ReturnReport, on="report", fields=(REASON,), apart=True)

SIGN: Final = Act(command=on_paper.SignReport, on="report", fields=(Field("capacity", Asks.CHOICE, choices=CAPACITIES),))
# Its form brings a file along, and goes to a route of its own.
ATTACH: Final = Act(command=on_paper.AttachSignedReport, on="report", fields=forms.ATTACH, apart=True)
NUMBER_IT: Final = Act(command=on_paper.NumberReport, on="report", fields=(BOOK, NUMBER))
ISSUE: Final = Act(command=on_paper.IssueReport, on="report")
DISPATCH: Final = Act(
    command=on_paper.DispatchReport,
    on="report",
    fields=(Field("recipient", Asks.ONE), Field("purpose", Asks.LINE, longest=200), MEANS),
)
ACKNOWLEDGE: Final = Act(command=on_paper.AcknowledgeReport, on="report", fields=(Field("recipient", Asks.ONE),))
ACKNOWLEDGE_OWN: Final = Act(command=on_paper.AcknowledgeReport, on="report")
PUBLISH: Final = Act(
    command=on_paper.PublishReport,
    on="report",
    fields=(Field("place", Asks.CHOICE, choices=tuple(Public)), Field("redacted", Asks.YES, required=False)),
    apart=True,
)
RECALL: Final = Act(command=on_paper.RecallReport, on="report", fields=(REASON,), apart=True)
SUPERSEDE: Final = Act(command=on_paper.SupersedeReport, on="report", fields=(REASON,), apart=True)

OPEN_BOOK: Final = Act(
    command=books.OpenReportRegister,
    on="office",
    fields=(
        Field("book", Asks.LINE, longest=32),
        Field("year", Asks.NUMBER),
        Field("pattern", Asks.LINE, longest=60),
        Field("external", Asks.YES, required=False),
    ),
    apart=True,
)
VOID: Final = Act(command=books.VoidReportNumber, on="book", fields=(Field("number", Asks.NUMBER), REASON), apart=True)

PLACES: Final[Mapping[Page, Sequence[Act]]] = {
    Page.PROGRESS: (CONFIRM, WITHDRAW, WAIVE, LOCK),
    Page.TEXT: (WRITE, DRAFT, COMMENT, SUBMIT, RETURN),
    Page.SIGN: (SIGN, NUMBER_IT, ISSUE, DISPATCH, ACKNOWLEDGE, PUBLISH, RECALL, SUPERSEDE),
}
# What an address carries beside the report: whose word, which section, the text that was read, whose receipt.
CARRIES: Final[Mapping[str, str]] = {
    CONFIRM.slug: "unit",
    WITHDRAW.slug: "unit",
    WRITE.slug: "section",
    DRAFT.slug: "content",
    SIGN.slug: "content",
    PUBLISH.slug: "content",
    ACKNOWLEDGE.slug: "recipient",
}
BY_SLUG: Final[Mapping[str, tuple[Page, Act]]] = {act.slug: (page, act) for page, acts in PLACES.items() for act in acts}
# What a lock waits for is told beside its button.
TOLD: Final = (refusals.WindowNotOver, refusals.UnitsSilent, refusals.PredecessorOpen, refusals.LaterLocked)
# What the desk would have to compose or count the whole paper to rehearse: who may, and at which stages of the paper.
NONE: Final = ""
COSTLY: Final[Mapping[str, tuple[Action, frozenset[str]]]] = {
    DRAFT.slug: (on_paper.DRAFT_REPORT, frozenset({NONE, "du_thao", "lay_y_kien", "tra_lai"})),
    SUBMIT.slug: (on_paper.SUBMIT_REPORT, frozenset({"du_thao", "lay_y_kien", "tra_lai"})),
    SIGN.slug: (on_paper.SIGN_REPORT, frozenset({"trinh_ky"})),
    NUMBER_IT.slug: (on_paper.NUMBER_REPORT, frozenset({"da_ky"})),
    ISSUE.slug: (on_paper.ISSUE_REPORT, frozenset({"da_cap_so"})),
}
