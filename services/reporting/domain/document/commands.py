"""What may be asked about a report's text and paper, and by whom (R40–R45)."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.document import Line
from shared.contracts.report import Section
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Digest, Note, PrintedText, StreamId
from shared.documents import acts
from shared.documents.acts import RECIPIENTS, STAFF

LEADERS: Final = (Role.CHIEF, Role.DEPUTY)

WRITE_SECTION: Final = action("write_section", grants(Scope.OFFICE, Role.HUB))
DRAFT_REPORT: Final = action("draft_report", grants(Scope.OFFICE, Role.HUB))
COMMENT_ON_REPORT: Final = action("comment_on_report", grants(Scope.OFFICE, *STAFF))
SUBMIT_REPORT: Final = action("submit_report", grants(Scope.OFFICE, Role.HUB))
RETURN_REPORT: Final = action("return_report", grants(Scope.OFFICE, *LEADERS))
SIGN_REPORT: Final = action("sign_report", grants(Scope.OFFICE, *LEADERS))
ATTACH_SIGNED_REPORT: Final = action("attach_signed_report", grants(Scope.OFFICE, Role.REGISTRY, *LEADERS))
NUMBER_REPORT: Final = action("number_report", grants(Scope.OFFICE, Role.REGISTRY))
ISSUE_REPORT: Final = action("issue_report", grants(Scope.OFFICE, Role.REGISTRY))
KEEP_REPORT: Final = action("keep_report", grants(Scope.TENANT, Role.SYSTEM))
DISPATCH_REPORT: Final = action("dispatch_report", grants(Scope.OFFICE, Role.REGISTRY))
ACKNOWLEDGE_REPORT: Final = action("acknowledge_report", grants(Scope.OFFICE, Role.REGISTRY), grants(Scope.UNIT, *RECIPIENTS))
PUBLISH_REPORT: Final = action("publish_report", grants(Scope.OFFICE, Role.REGISTRY, Role.HUB))
RECALL_REPORT: Final = action("recall_report", grants(Scope.OFFICE, Role.REGISTRY, *LEADERS))
SUPERSEDE_REPORT: Final = action("supersede_report", grants(Scope.OFFICE, Role.HUB, *LEADERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSection:
    """Write the free text of a section, or write it again; what stood there before stays in its history."""

    report: StreamId
    section: Section
    words: PrintedText


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReport:
    """Draft the paper of a locked report, or draft it again: whom it goes to, and the digest of the text that the asker read.

    A digest that is left out is that of the text as it reads now; recipients, those of the office's list for reports on the day.
    """

    report: StreamId
    content: Digest | None = None
    summary: PrintedText | None = None
    recipients: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOnReport(acts.Comment):
    """Say what the asker's unit thinks of the draft."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReport(acts.Submit):
    """Put it before whoever signs (R41)."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReport(acts.Return):
    """Send it back, before signing, with what is to be changed."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignReport(acts.Sign):
    """Sign it for the office, while its figures stand as they were locked (R41)."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachSignedReport(acts.AttachCopy):
    """Let a PDF that was signed outside, as by the State's CA, stand for the report; it is what is kept as issued."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReport(acts.Number):
    """Give a signed report its number: typed in from an external register, the next one of an internal, which issues it."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueReport(acts.Issue):
    """Issue it; with `book` it is numbered first, with `means` it is sent to every line of its list."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepReport:
    """Keep the files of an issued report as they were issued (design decision 16)."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport(acts.Dispatch):
    """Record that it was sent to a recipient, for what, and how (R42, R45)."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeReport(acts.Deliver):
    """Confirm the receipt: the recipient itself, or the registry for one that does not answer here (R42)."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport(acts.Publish):
    """Record where it was made public, with the digest of what stands there (R7)."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallReport(acts.Recall):
    """Take it back after it was issued; its figures stay locked until a corrected report takes its place."""

    report: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeReport:
    """Open a corrected report of the same window, which takes the place of a signed one when it is issued."""

    report: StreamId
    reason: Note
