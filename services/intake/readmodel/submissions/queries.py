"""Answers questions about requests and proposals at their receipt; asks permission first and never writes (R21, R25)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select

from services.intake.readmodel import access
from services.intake.readmodel.opening import SPEAKER, Texts, opened
from services.intake.readmodel.paging import Page, beyond, paged
from services.intake.readmodel.submissions.projections import SubmissionKind
from services.intake.readmodel.submissions.tables import submissions_further, submissions_received
from services.intake.readmodel.submissions.views import Filters, ProposalView, RequestView, proposal_view, request_view
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Resource, Subject
from shared.vault.port import Vault

V = TypeVar("V")
NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[V]):
    """How one kind of submission is asked about: by whom, what is shown, which of its texts can be opened."""

    kind: SubmissionKind
    see: Action
    listed: Action
    read: Action
    view: Callable[[Mapping[Any, Any], Directory], V]
    texts: Mapping[str, str]


REQUESTS: Final[Asked[RequestView]] = Asked(
    kind=SubmissionKind.REQUEST,
    see=access.SEE_REQUEST,
    listed=access.LIST_REQUESTS,
    read=access.READ_REQUEST_WORDS,
    view=request_view,
    texts={"words": "words_ref", "note": "note_ref"},
)
PROPOSALS: Final[Asked[ProposalView]] = Asked(
    kind=SubmissionKind.PROPOSAL,
    see=access.SEE_PROPOSAL,
    listed=access.LIST_PROPOSALS,
    read=access.READ_PROPOSAL_WORDS,
    view=proposal_view,
    texts={"content": "words_ref", "reason": "reason_ref", "note": "note_ref"},
)
_SHOWN: Final = (
    submissions_received,
    submissions_further.c.thing,
    submissions_further.c.stage.label("further_stage"),
    submissions_further.c.session,
    submissions_further.c.due_day,
)


class Submissions(Generic[V]):
    """The questions of one tenant about one kind. `Unknown` is raised for what is not the asker's to see, too."""

    def __init__(
        self, asked: Asked[V], *, database: Database, tenant: str, vault: Vault, clock: Clock, directories: Directories
    ) -> None:
        self._asked: Asked[V] = asked
        self._clock, self._directories = clock, directories
        self._database, self._tenant, self._vault = database, tenant, vault

    @property
    def listing(self) -> Action:
        """What is asked of permission by whoever wants the list."""
        return self._asked.listed

    async def one(self, subject: Subject, submission: str) -> V:
        """One of them.

        Raises:
            Unknown

        """
        return self._asked.view(await self._seen(subject, submission), await self._directory())

    async def of_office(
        self,
        subject: Subject,
        filters: Filters = NO_FILTERS,
        *,
        office: str,
        unit: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[V]:
        """Those of an office, or of them those that a unit took in or proposed, the latest first.

        Raises:
            Unknown: neither the asker's office nor his unit.
            Invalid: the cursor was not made here.

        """
        access.refuse_unless_seen(subject, self._asked.listed, access.listed(self._tenant, office, unit))
        table = submissions_received.c
        wanted: list[ColumnElement[bool]] = [
            table.tenant == self._tenant,
            table.kind == self._asked.kind.value,
            table.office == office,
        ]
        if unit is not None:
            wanted.append(or_(table.unit == unit, table.proposer == unit))
        if filters.stage is not None:
            wanted.append(table.stage == filters.stage.value)
        if filters.field is not None:
            wanted.append(table.field == filters.field)
        if cursor is not None:
            wanted.append(beyond(cursor, int, table.received_at, table.submission))
        query = (
            select(*_SHOWN)
            .select_from(_submissions())
            .where(*wanted)
            .order_by(table.received_at.desc(), table.submission)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        directory = await self._directory()
        return paged(rows, limit, "received_at", "submission", lambda row: self._asked.view(row, directory))

    async def words(self, subject: Subject, submission: str) -> Texts:
        """What it says, and the note of whoever did not hand it on; None where nothing is, or was erased.

        Opened in the vault in the asker's name.

        Raises:
            Unknown, Forbidden

        """
        return await self._opened(subject, submission, self._asked.read, self._asked.texts)

    async def refuse_unless_read(self, subject: Subject, submission: str) -> None:
        """Ask permission for what came with its words.

        Raises:
            Unknown, Forbidden: as for its words.

        """
        access.refuse_unless_read(subject, self._asked.read, self._resource(await self._seen(subject, submission)))

    async def speaker(self, subject: Subject, submission: str) -> Texts:
        """Who asks for a dialogue, and how to reach him; None where nothing is known, or it was erased.

        Raises:
            Unknown, Forbidden

        """
        return await self._opened(subject, submission, access.READ_REQUEST_SPEAKER, SPEAKER)

    async def _directory(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))

    async def _opened(self, subject: Subject, submission: str, read: Action, texts: Mapping[str, str]) -> Texts:
        row = await self._seen(subject, submission)
        access.refuse_unless_read(subject, read, self._resource(row))
        return await opened(self._vault, subject, f"{read.name} {submission}", row, texts)

    async def _seen(self, subject: Subject, submission: str) -> Mapping[Any, Any]:
        table = submissions_received.c
        query = (
            select(*_SHOWN)
            .select_from(_submissions())
            .where(table.tenant == self._tenant, table.submission == submission, table.kind == self._asked.kind.value)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Unknown("receipt")
        access.refuse_unless_seen(subject, self._asked.see, self._resource(row), "receipt")
        return row

    def _resource(self, row: Mapping[Any, Any]) -> Resource:
        return access.submission_resource(self._tenant, row["office"], row["unit"], row["proposer"])


def _submissions() -> Any:
    further = submissions_further.c
    same = and_(further.tenant == submissions_received.c.tenant, further.submission == submissions_received.c.submission)
    return submissions_received.outerjoin(submissions_further, same)
