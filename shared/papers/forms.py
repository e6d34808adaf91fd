"""What the acts of papers and books ask of whoever does them by a form, the same in every service that has papers."""

from typing import Final

from shared.contracts.document import DispatchMeans, SigningCapacity
from shared.papers.places import Public
from shared.web.acts import Asks, Field

REASON: Final = Field("reason", Asks.TEXT)
MEANS: Final = tuple(DispatchMeans)
# Where the office makes papers public itself; what stands elsewhere is recorded over the API.
PLACES: Final = (Public.OFFICE_SITE, Public.NOTICE_BOARD)

RECIPIENTS: Final = Field(
    "recipients",
    Asks.TABLE,
    required=False,
    of=(
        Field("recipient", Asks.ONE),
        Field("purpose", Asks.LINE, longest=200),
        Field("mandatory", Asks.YES, required=False),
    ),
)
COMMENT: Final = (Field("comment", Asks.TEXT),)
RETURN: Final = (REASON,)
RECALL: Final = (REASON,)
# Of the capacities that he has on the day; which they are the page says.
SIGN: Final = (Field("capacity", Asks.CHOICE, choices=tuple(SigningCapacity)),)
NUMBER: Final = (Field("book", Asks.ONE), Field("number", Asks.NUMBER, required=False))
ISSUE: Final = (
    Field("book", Asks.ONE, required=False),
    Field("number", Asks.NUMBER, required=False),
    Field("means", Asks.CHOICE, required=False, choices=MEANS),
)
DISPATCH: Final = (
    Field("recipient", Asks.ONE),
    Field("purpose", Asks.LINE, longest=200),
    Field("means", Asks.CHOICE, choices=MEANS),
)
DELIVER: Final = (Field("recipient", Asks.ONE),)
PUBLISH: Final = (
    Field("place", Asks.CHOICE, choices=PLACES),
    Field("redacted", Asks.YES, required=False),
    Field("file", Asks.FILE, required=False),  # of which the command gets the digest
)
ATTACH: Final = (Field("file", Asks.FILE),)
COPIED_IN: Final = ("da_ky", "da_cap_so", "da_phat_hanh")  # a copy that was signed outside may stand for the paper
OPEN_BOOK: Final = (
    Field("book", Asks.LINE, longest=40),
    Field("year", Asks.NUMBER),
    Field("pattern", Asks.LINE, longest=80),
    Field("external", Asks.CHOICE, choices=("true", "false")),
)
VOID: Final = (Field("number", Asks.NUMBER), REASON)
