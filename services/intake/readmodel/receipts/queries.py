"""Answers whoever holds a receipt code, of an opinion, a request for dialogue or a proposal; asks nobody who he is (R8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.readmodel.languages import Said
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.tables import opinions_case, opinions_opinion, opinions_receipt
from services.intake.readmodel.receipts.statuses import Submitted, status_of
from services.intake.readmodel.submissions.tables import submissions_further, submissions_receipt, submissions_received
from shared.calendar import local_day
from shared.clock import instant
from shared.contracts.refusals import Unknown
from shared.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """Where a part of an opinion stands that was split; `part` is its place in the order of the parts: `2`, and of that `2.1`."""

    part: str
    status: Said
    stage: str
    case_stage: str | None
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What whoever holds a receipt code may know: where it stands, and until when. No words, no names.

    `stage` is where intake left it; `case_stage` where it stands with the assignment service, as a case, request or
    proposal, once that has it. `parts`: of an opinion that was split, at its receipt or later, where each part stands.
    """

    submitted: Submitted
    status: Said
    stage: str
    case_stage: str | None
    office: str
    due: date | None
    received_on: date
    parts: tuple[PartView, ...]


SPLIT: Final = Stage.SPLIT.value  # the case's word too


class Receipts:
    """The one question of one tenant."""

    def __init__(self, *, database: Database, tenant: str) -> None:
        self._database, self._tenant = database, tenant

    async def receipt(self, key: str) -> ReceiptView:
        """Where the submission of a receipt stands; whoever holds the code may ask.

        Raises:
            Unknown: nobody got this code.

        """
        async with self._database.read() as connection:
            for asked in (_OPINION, _SUBMISSION):
                row = (await connection.execute(asked, {"tenant": self._tenant, "key": key})).mappings().first()
                if row is not None:
                    parts = await self._parts(connection, row) if asked is _OPINION else ()
                    return _view(row, parts)
        raise Unknown("receipt")

    async def stream(self, key: str) -> str:
        """What was handed in under a receipt: the stream of an opinion, a request or a proposal.

        Raises:
            Unknown: nobody got this code.

        """
        opinion, submission = opinions_receipt.c, submissions_receipt.c
        async with self._database.read() as connection:
            for column, table in ((opinion.opinion, opinion), (submission.submission, submission)):
                asked = select(column).where(table.tenant == self._tenant, table.receipt_key == key)
                found: str | None = (await connection.execute(asked)).scalar()
                if found is not None:
                    return found
        raise Unknown("receipt")

    async def of(self, stream: str) -> ReceiptView:
        """Where the submission of this stream stands; whoever holds its receipt may ask.

        Raises:
            Unknown: no receipt was given for it.

        """
        opinion, submission = opinions_receipt.c, submissions_receipt.c
        keys = (
            select(opinion.receipt_key).where(opinion.tenant == self._tenant, opinion.opinion == stream),
            select(submission.receipt_key).where(submission.tenant == self._tenant, submission.submission == stream),
        )
        async with self._database.read() as connection:
            for asked in keys:
                key: str | None = (await connection.execute(asked)).scalar()
                if key is not None:
                    break
        if key is None:
            raise Unknown("receipt")
        return await self.receipt(key)

    async def _parts(self, connection: AsyncConnection, whole: Mapping[Any, Any], under: str = "") -> tuple[PartView, ...]:
        """The parts of an opinion or of a part, each followed by its own: parts of the opinion, else those of its case."""
        found: list[PartView] = []
        if SPLIT not in (whole["stage"], whole["further"]):
            return ()
        for asked, parent in ((_OPINIONS_OF, whole["opinion"]), (_CASES_OF, whole["case_id"])):
            rows = (await connection.execute(asked, {"tenant": self._tenant, "parent": parent})).mappings().all()
            for n, row in enumerate(rows, 1):
                found.append(_part(row, f"{under}{n}"))
                found += await self._parts(connection, row, f"{under}{n}.")
        return tuple(found)


# An opinion with its case: that one's due date is then in force.
_STANDS: Final = (
    opinions_opinion.c.opinion,
    opinions_opinion.c.stage,
    opinions_case.c.case_id,
    opinions_case.c.stage.label("further"),
    func.coalesce(opinions_case.c.due_day, opinions_opinion.c.due_day).label("due"),
)
_WITH_ITS_CASE: Final = and_(
    opinions_case.c.tenant == opinions_opinion.c.tenant,
    opinions_case.c.opinion == opinions_opinion.c.opinion,
    opinions_case.c.parent.is_(None),
)


def _opinion() -> Select[Any]:
    opinion, receipt = opinions_opinion.c, opinions_receipt.c
    return (
        select(literal(Submitted.OPINION.value).label("submitted"), opinion.office, opinion.received_at, *_STANDS)
        .select_from(
            opinions_receipt.join(
                opinions_opinion, and_(opinion.tenant == receipt.tenant, opinion.opinion == receipt.opinion)
            ).outerjoin(opinions_case, _WITH_ITS_CASE)
        )
        .where(receipt.tenant == bindparam("tenant"), receipt.receipt_key == bindparam("key"))
    )


def _opinions_of() -> Select[Any]:
    """The parts of an opinion that was split at its receipt, each with its case."""
    opinion = opinions_opinion.c
    joined = opinions_opinion.outerjoin(opinions_case, _WITH_ITS_CASE)
    same = (opinion.tenant == bindparam("tenant"), opinion.parent == bindparam("parent"))
    return select(*_STANDS).select_from(joined).where(*same).order_by(opinion.begun)


def _cases_of() -> Select[Any]:
    """The parts of a case that was split; each was referred with the whole."""
    case = opinions_case.c
    referred = (literal(None).label("opinion"), literal(Stage.REFERRED.value).label("stage"))
    shown = (*referred, case.case_id, case.stage.label("further"), case.due_day.label("due"))
    return select(*shown).where(case.tenant == bindparam("tenant"), case.parent == bindparam("parent")).order_by(case.begun)


def _submission() -> Select[Any]:
    received, further, receipt = submissions_received.c, submissions_further.c, submissions_receipt.c
    same = and_(further.tenant == received.tenant, further.submission == received.submission)
    return (
        select(
            received.kind.label("submitted"),
            received.stage,
            further.stage.label("further"),
            received.office,
            further.due_day.label("due"),
            received.received_at,
        )
        .select_from(
            submissions_receipt.join(
                submissions_received,
                and_(received.tenant == receipt.tenant, received.submission == receipt.submission),
            ).outerjoin(submissions_further, same)
        )
        .where(receipt.tenant == bindparam("tenant"), receipt.receipt_key == bindparam("key"))
    )


# Made once: to make the question costs more than to ask it.
_OPINION: Final = _opinion()
_SUBMISSION: Final = _submission()
_OPINIONS_OF: Final = _opinions_of()
_CASES_OF: Final = _cases_of()


def _part(row: Mapping[Any, Any], part: str) -> PartView:
    return PartView(
        part=part,
        status=status_of(Submitted.OPINION, row["stage"], row["further"]),
        stage=row["stage"],
        case_stage=row["further"],
        due=_day(row["due"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _view(row: Mapping[Any, Any], parts: tuple[PartView, ...]) -> ReceiptView:
    submitted = Submitted(row["submitted"])
    return ReceiptView(
        submitted=submitted,
        status=status_of(submitted, row["stage"], row["further"]),
        stage=row["stage"],
        case_stage=row["further"],
        office=row["office"],
        due=_day(row["due"]),
        received_on=local_day(instant(row["received_at"])),
        parts=parts,
    )
