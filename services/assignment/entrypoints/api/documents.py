"""Documents and registers over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from services.assignment.domain.document import commands as asked
from services.assignment.domain.register import commands as books
from services.assignment.entrypoints.api.bounds import Commands, Cursor, Id, Limit
from services.assignment.readmodel.documents.queries import DocumentQueries
from shared.contracts.document import DocumentKind, Form
from shared.documents.layout.written import MEDIA_TYPES
from shared.documents.registers import LAST_NUMBER
from shared.documents.states import LABELS
from shared.papers.keeping import PaperFiles
from shared.papers.verifying import Verifying
from shared.papers.views import DocumentFilters
from shared.web.api import After, Asker
from shared.web.responses import Attachment, Json, etag, given_as, told_of

Year = Annotated[int, Path(ge=1, le=9_999)]
Marked = Annotated[bool, Query(description="A copy that says what became of it since, instead of what was issued.")]
AfterNumber = Annotated[int, Query(ge=0, le=LAST_NUMBER)]

COMMANDS: Final[Commands] = (
    ("/documents", asked.DraftDocument, 201),
    ("/documents/{document}/draft", asked.RedraftDocument, 200),
    ("/documents/{document}/comments", asked.CommentOnDocument, 200),
    ("/documents/{document}/submission", asked.SubmitDocument, 200),
    ("/documents/{document}/return", asked.ReturnDocument, 200),
    ("/documents/{document}/signature", asked.SignDocument, 200),
    ("/documents/{document}/number", asked.NumberDocument, 200),
    ("/documents/{document}/issue", asked.IssueDocument, 200),
    ("/documents/{document}/dispatches", asked.DispatchDocument, 200),
    ("/documents/{document}/deliveries", asked.DeliverDocument, 200),
    ("/documents/{document}/publications", asked.PublishDocument, 200),
    ("/documents/{document}/recall", asked.RecallDocument, 200),
    ("/documents/{document}/supersession", asked.SupersedeDocument, 200),
    ("/registers", books.OpenRegister, 201),
    ("/registers/{office}/{book}/{year}/voids", books.VoidNumber, 200),
)


def routes(router: APIRouter, papers: DocumentQueries, files: PaperFiles, signatures: Verifying) -> None:
    """Documents, lists of them, registers, and what their signatures are worth."""
    _documents(router, papers)
    _registers(router, papers)
    _files(router, files)
    _signatures(router, signatures)


async def _filters(
    kind: Annotated[DocumentKind | None, Query()] = None,
    state: Annotated[str | None, Query(pattern=f"^(?:{'|'.join(label for label in LABELS.values() if label)})$")] = None,
    about: Annotated[str | None, Query(max_length=100)] = None,
) -> DocumentFilters:
    return DocumentFilters(kind=kind.value if kind is not None else None, state=state, about=about)


_Narrowed = Annotated[DocumentFilters, Depends(_filters)]


def _documents(router: APIRouter, papers: DocumentQueries) -> None:
    @router.get("/documents/{document}")
    async def document(document: Id, subject: Asker, _at: After) -> Response:
        """A document with its distribution list and history; references instead of words. The ETag is its version."""
        found = await papers.document(subject, document)
        return Json(found, headers=etag(found.version))

    @router.get("/documents/{document}/words")
    async def words(document: Id, subject: Asker, _at: After) -> Response:
        """Its summary, comments and reasons by reference, for the office's own people; the reading is logged."""
        return Json({"words": await papers.words(subject, document)})

    @router.get("/offices/{office}/documents")
    async def of_office(
        office: Id, subject: Asker, _at: After, filters: _Narrowed, cursor: Cursor = None, limit: Limit = 50
    ) -> Response:
        """The documents of an office by kind, state or what they are about, the latest drafted ahead."""
        page = await papers.documents(subject, office, filters, cursor=cursor, limit=limit)
        return Json({"items": page.documents, "cursor": page.cursor})


def _files(router: APIRouter, files: PaperFiles) -> None:
    @router.get("/documents/{document}/file", response_class=Response, responses=given_as(*MEDIA_TYPES.values()))
    async def file(document: Id, subject: Asker, _at: After, form: Form = Form.PDF, marked: Marked = False) -> Response:
        """The paper itself by the decree's layout, to sign (PDF/A) or to edit (DOCX), for the office's own people.

        Once issued, the bytes that were issued (`Paper-Issued`: their SHA-256); `marked` composes a copy that says what
        became of it since.
        """
        made = await files.file(subject, document, form, marked=marked)
        return Attachment(made.file, f"{document}.{form.value}", MEDIA_TYPES[form], told_of(made.content, made.issued))


def _signatures(router: APIRouter, signatures: Verifying) -> None:
    @router.get("/documents/{document}/signature")
    async def check(document: Id, subject: Asker, _at: After) -> Response:
        """The signature on a paper, checked with the office's key of its day, for the office and for whom it was sent to."""
        return Json(await signatures.check(subject, document))

    @router.get("/offices/{office}/signing-keys")
    async def keys(office: Id, subject: Asker, _at: After) -> Response:
        """The keys that an office's papers are and were signed with, oldest first, by their public halves."""
        return Json({"items": await signatures.keys(subject, office)})


def _registers(router: APIRouter, papers: DocumentQueries) -> None:
    @router.get("/offices/{office}/registers")
    async def registers(
        office: Id, subject: Asker, _at: After, year: Annotated[int | None, Query(ge=1, le=9_999)] = None
    ) -> Response:
        """The books of an office, the latest year ahead."""
        return Json({"items": await papers.registers(subject, office, year)})

    @router.get("/registers/{office}/{book}/{year}")
    async def register(
        office: Id, book: Id, year: Year, subject: Asker, _at: After, after: AfterNumber = 0, limit: Limit = 200
    ) -> Response:
        """A book's numbers in order with its voids and gaps; go on with the `after` answered."""
        page = await papers.register(subject, office, book, year, after=after, limit=limit)
        return Json(page, headers=etag(page.register.version))
