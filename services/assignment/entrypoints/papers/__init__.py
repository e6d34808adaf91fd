"""What each kind of paper says, put into its elements (Nghị định 30/2020/NĐ-CP; domain brief §6.2)."""

from collections.abc import Callable, Mapping
from typing import Final

from services.assignment.entrypoints.papers import answers, dialogues, letters, notices, plans
from services.assignment.readmodel.documents.readable import Readable, ReadableDocuments
from shared.contracts.document import DocumentKind
from shared.documents.layout.composition import Composition
from shared.papers.composing import Compose
from shared.permit import Subject

# A letter and whatever has no form of its own says what its summary says.
COMPOSERS: Final[Mapping[DocumentKind, Callable[[Readable], Composition]]] = {
    DocumentKind.PLAN: plans.plan,
    DocumentKind.PROGRAMME: dialogues.programme,
    DocumentKind.INVITATION: dialogues.invitation,
    DocumentKind.MINUTES: dialogues.minutes,
    DocumentKind.ANSWER_MATRIX: answers.answers,
    DocumentKind.NOTICE: notices.notice,
    DocumentKind.TRANSFER_SLIP: letters.transfer_slip,
    DocumentKind.SUBMISSION_SLIP: letters.submission_slip,
    DocumentKind.URGING_LETTER: letters.urging_letter,
    DocumentKind.LETTER: letters.letter,
}


def composed(readable: ReadableDocuments) -> Compose:
    """What puts a paper together for a reader."""

    async def compose(subject: Subject, document: str) -> Composition:
        return composition(await readable.readable(subject, document))

    return compose


def composition(readable: Readable) -> Composition:
    """The paper as it stands; a draft has room for its number and day."""
    return COMPOSERS[DocumentKind(readable.paper.kind)](readable)
