"""What can be done from the pages of papers and books, and which values each act asks for.

The acts of the one life cycle are told by the fields of `shared.papers.forms`, for every service that has papers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.assignment.domain.document import commands as asked
from services.assignment.domain.register import commands as books
from services.assignment.entrypoints.pages.papers.views import KINDS
from shared.contracts.refusals import Refused
from shared.documents import refusals
from shared.papers import forms
from shared.web.acts import Act, Asks, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper(Act):
    """What can be done on a paper."""

    on: str = "document"


DRAFT: Final = Act(
    command=asked.DraftDocument,
    fields=(
        Field("kind", Asks.CHOICE, choices=KINDS),
        Field("about", Asks.ONE, required=False),
        Field("summary", Asks.TEXT, required=False, longest=20_000),
        forms.RECIPIENTS,
    ),
)
OPEN_BOOK: Final = Act(command=books.OpenRegister, fields=forms.OPEN_BOOK, apart=True)
VOID: Final = Act(command=books.VoidNumber, fields=forms.VOID, apart=True)
ATTACH: Final = OnPaper(command=asked.AttachSignedDocument, fields=forms.ATTACH, apart=True)
PUBLISH: Final = OnPaper(command=asked.PublishDocument, fields=forms.PUBLISH, apart=True)

# In the order in which they come first where several can be done.
ACTS: Final[tuple[OnPaper, ...]] = (
    OnPaper(command=asked.SignDocument, fields=forms.SIGN),
    OnPaper(command=asked.ReturnDocument, fields=forms.RETURN),
    OnPaper(command=asked.DeliverDocument, fields=forms.DELIVER),
    OnPaper(command=asked.IssueDocument, fields=forms.ISSUE),
    OnPaper(command=asked.NumberDocument, fields=forms.NUMBER),
    OnPaper(command=asked.SubmitDocument),
    OnPaper(
        command=asked.RedraftDocument,
        fields=(Field("summary", Asks.TEXT, required=False, longest=20_000), forms.RECIPIENTS),
    ),
    OnPaper(command=asked.CommentOnDocument, fields=forms.COMMENT),
    PUBLISH,
    # To whom it is on the list is recorded beside each line; this is for whoever else gets it.
    OnPaper(command=asked.DispatchDocument, fields=forms.DISPATCH, apart=True),
    ATTACH,
    OnPaper(
        command=asked.SupersedeDocument,
        fields=(Field("successor", Asks.ONE), Field("reason", Asks.TEXT, required=False)),
        apart=True,
    ),
    OnPaper(command=asked.RecallDocument, fields=forms.RECALL, apart=True),
)
# Those whose form brings a file along go to routes of their own.
WITH_FILES: Final = frozenset({ATTACH.slug, PUBLISH.slug})
BY_SLUG: Final[Mapping[str, OnPaper]] = {act.slug: act for act in ACTS if act.slug not in WITH_FILES}

# Conditions that are told beside the act, which cannot be done yet.
TOLD: Final[tuple[type[Refused], ...]] = (refusals.SigningKeyMissing,)
