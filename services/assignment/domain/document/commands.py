"""What may be asked about a document, and by whom; the same for every kind of paper."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.document import DocumentKind, Line
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Digest, Note, PrintedText, StreamId
from shared.documents import acts
from shared.documents.acts import RECIPIENTS, SIGNERS, STAFF

DRAFT_DOCUMENT: Final = action("draft_document", grants(Scope.OFFICE, *STAFF))
REDRAFT_DOCUMENT: Final = action("redraft_document", grants(Scope.OFFICE, *STAFF))
COMMENT_ON_DOCUMENT: Final = action("comment_on_document", grants(Scope.OFFICE, *STAFF))
SUBMIT_DOCUMENT: Final = action("submit_document", grants(Scope.OFFICE, *STAFF))
RETURN_DOCUMENT: Final = action("return_document", grants(Scope.OFFICE, *SIGNERS), grants(Scope.TENANT, Role.CHAIRMAN))
SIGN_DOCUMENT: Final = action("sign_document", grants(Scope.OFFICE, *SIGNERS), grants(Scope.TENANT, Role.CHAIRMAN))
ATTACH_SIGNED_DOCUMENT: Final = action("attach_signed_document", grants(Scope.OFFICE, Role.REGISTRY, *SIGNERS))
NUMBER_DOCUMENT: Final = action("number_document", grants(Scope.OFFICE, Role.REGISTRY))
ISSUE_DOCUMENT: Final = action("issue_document", grants(Scope.OFFICE, Role.REGISTRY))
DISPATCH_DOCUMENT: Final = action("dispatch_document", grants(Scope.OFFICE, Role.REGISTRY))
DELIVER_DOCUMENT: Final = action("deliver_document", grants(Scope.OFFICE, Role.REGISTRY), grants(Scope.UNIT, *RECIPIENTS))
PUBLISH_DOCUMENT: Final = action("publish_document", grants(Scope.OFFICE, Role.REGISTRY, Role.HUB))
RECALL_DOCUMENT: Final = action("recall_document", grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.REGISTRY))
SUPERSEDE_DOCUMENT: Final = action("supersede_document", grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.REGISTRY, Role.HUB))
KEEP_DOCUMENT: Final = action("keep_document", grants(Scope.TENANT, Role.SYSTEM))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDocument:
    """Begin a paper of the asker's office: its kind, what it is about, its summary, the digest of its text, whom it goes to."""

    kind: DocumentKind
    about: StreamId | None = None
    summary: PrintedText | None = None
    content: Digest | None = None
    recipients: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RedraftDocument:
    """Write it again while it is not before the signer; what is given here replaces the former draft."""

    document: StreamId
    summary: PrintedText | None = None
    content: Digest | None = None
    recipients: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOnDocument(acts.Comment):
    """Say what the asker's unit thinks of the draft."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDocument(acts.Submit):
    """Put it before whoever signs (R41)."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDocument(acts.Return):
    """Send it back, before signing, with what is to be changed."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDocument(acts.Sign):
    """Sign it in one's own name and in a capacity that one's post or delegation allows on the day (R6, R41)."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachSignedDocument(acts.AttachCopy):
    """Let a PDF that was signed outside, as by the State's CA, stand for the paper; it is what is kept as issued."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDocument(acts.Number):
    """Give a signed document its number: typed in from an external register, the next one of an internal, which issues it."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDocument(acts.Issue):
    """Issue it; with `book` it is numbered first, with `means` it is sent to every line of its list."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchDocument(acts.Dispatch):
    """Record that it was sent to a recipient, for what, and how (R42, R45)."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverDocument(acts.Deliver):
    """Record that a recipient has it: the recipient itself, or the registry for one that does not answer here (R42)."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDocument(acts.Publish):
    """Record where it was made public, with the digest of what stands there (R7)."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallDocument(acts.Recall):
    """Take it back after it was issued."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeDocument:
    """Let another issued document of the same kind stand in its place."""

    document: StreamId
    successor: StreamId
    reason: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDocument:
    """Keep the files of a paper as it was issued; asked by the house itself."""

    document: StreamId
