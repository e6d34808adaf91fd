"""Answers whoever holds a receipt code, of an opinion, a request for dialogue or a proposal; asks nobody who he is (R8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, literal, select

from services.intake.readmodel.languages import Said
from services.intake.readmodel.opinions.tables import opinions_case, opinions_opinion, opinions_receipt
from services.intake.readmodel.receipts.statuses import Submitted, status_of
from services.intake.readmodel.submissions.tables import submissions_further, submissions_receipt, submissions_received
from shared.calendar import local_day
from shared.clock import instant
from shared.contracts.refusals import Unknown
from shared.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What whoever holds a receipt code may know: where it stands, and until when. No words, no names.

    `stage` is where intake left it; `case_stage` where it stands with the assignment service, as a case, request or
    proposal, once that has it.
    """

    submitted: Submitted
    status: Said
    stage: str
    case_stage: str | None
    office: str
    due: date | None
    received_on: date


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
                    return _view(row)
        raise Unknown("receipt")


def _opinion() -> Select[Any]:
    opinion, case, receipt = opinions_opinion.c, opinions_case.c, opinions_receipt.c
    return (
        select(
            literal(Submitted.OPINION.value).label("submitted"),
            opinion.stage,
            case.stage.label("further"),
            opinion.office,
            # An opinion with its case: that one's due date is then in force.
            func.coalesce(case.due_day, opinion.due_day).label("due"),
            opinion.received_at,
        )
        .select_from(
            opinions_receipt.join(
                opinions_opinion, and_(opinion.tenant == receipt.tenant, opinion.opinion == receipt.opinion)
            ).outerjoin(opinions_case, and_(case.tenant == opinion.tenant, case.opinion == opinion.opinion))
        )
        .where(receipt.tenant == bindparam("tenant"), receipt.receipt_key == bindparam("key"))
    )


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


def _view(row: Mapping[Any, Any]) -> ReceiptView:
    submitted = Submitted(row["submitted"])
    return ReceiptView(
        submitted=submitted,
        status=status_of(submitted, row["stage"], row["further"]),
        stage=row["stage"],
        case_stage=row["further"],
        office=row["office"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        received_on=local_day(instant(row["received_at"])),
    )
