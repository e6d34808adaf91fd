"""What becomes of a submission, told to whoever holds its receipt: its steps with their days, the answer, the dialogue (R8)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.readmodel.languages import Said
from services.intake.readmodel.opinions.projections import CaseStage, Stage
from services.intake.readmodel.opinions.tables import opinions_case, opinions_opinion
from services.intake.readmodel.receipts.queries import Receipts, ReceiptView
from services.intake.readmodel.receipts.statuses import JOINED, JOINED_ENDED, STEPS, Submitted, status_of
from services.intake.readmodel.receipts.tables import receipts_answer, receipts_given, receipts_session, receipts_step
from services.intake.readmodel.submissions.projections import FurtherStage
from services.intake.readmodel.submissions.tables import submissions_further, submissions_received
from shared.calendar import OutsideCalendar, answer_due, local_day, rules_on
from shared.clock import Clock
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.directory.queries import Directories
from shared.vault.port import Erased, Vault

PURPOSE: Final = "told to whoever holds the receipt"
COMPLETED: Final = "completed by whoever holds the receipt"
GIVEN: Final = "receipt given to whoever handed in"
OF_THE_PUBLIC: Final = "web-"  # how local ids begin that the public pages give
MOST_MERGES: Final = 20  # merges never run in a circle; a chain is followed so far
TEXTS: Final = ("answer", "solution", "direction", "legal_basis")
DELIVERED: Final = "case.answer_delivered"
_MERGES: Final = ("opinion.merged", "case.merged")
_UNMERGES: Final = ("opinion.unmerged", "case.unmerged")
# How something ends that others were merged into, without an answer for them.
_NO_ANSWER: Final = frozenset({"rut", "khong_du_dieu_kien", "chuyen_ngoai", "chuyen_kntc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened, on its day; `asked`: what the speaker was asked to complete."""

    fact: str
    said: Said
    on: date
    asked: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that reached the speaker, by its parts; a part that was not given, or was erased, is None."""

    on: date
    answer: str | None
    solution: str | None
    direction: str | None
    legal_basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is told of one submission.

    `due`: until when an answer is promised (before it is sorted, by the rule); `joined`: it was merged, and what is told is
    what became of what it was merged into; `meets_on`: the day of the dialogue that is announced for it.
    """

    stream: str
    view: ReceiptView
    due: date | None
    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]
    joined: bool
    meets_on: date | None
    today: date

    @property
    def overdue(self) -> bool:
        """Whether the promised day has passed."""
        return self.due is not None and self.due < self.today


class Telling:
    """The questions of one tenant of whoever holds a receipt. Who asks is known by the receipt alone."""

    def __init__(
        self, *, receipts: Receipts, database: Database, tenant: str, vault: Vault, clock: Clock, directories: Directories
    ) -> None:
        self._receipts, self._database, self._tenant = receipts, database, tenant
        self._vault, self._clock, self._directories = vault, clock, directories

    async def told(self, stream: str, reader: str) -> Told:
        """What became of a submission; texts are opened in the name of `reader`, its speaker.

        Raises:
            Unknown: no receipt was given for it.

        """
        view = await self._receipts.of(stream)
        today = local_day(self._clock.now())
        async with self._database.read() as connection:
            things, survivors = await self._followed(connection, stream)
            steps = await self._steps(connection, (*things, *survivors))
            answers = await self._answers(connection, (*things, *survivors))
            further = await self._further(connection, survivors)
            meets_on = await self._meets_on(connection, steps)
        # Of what it was merged into only what came after it was.
        merged_at = max((at for at, row in enumerate(steps) if row["fact"] in _MERGES and row["thing"] in things), default=0)
        shown = [row for at, row in enumerate(steps) if row["thing"] in things or at > merged_at]
        answers = _his(answers, things, [row for row in shown if row["fact"] == DELIVERED])
        texts = await self._texts([row for row in shown if row["thing"] in things], answers, reader)
        if survivors:
            view = replace(view, status=_joined(further), case_stage=further)
        return Told(
            stream=stream,
            view=view,
            due=await self._due(view, further, survivors),
            steps=tuple(_step(row, texts, own=row["thing"] in things) for row in shown),
            answers=tuple(_answer(row, texts) for row in answers),
            joined=bool(survivors),
            meets_on=meets_on,
            today=today,
        )

    async def code(self, stream: str, reader: str) -> str | None:
        """The code of a receipt, for whoever has just handed in; None once it was erased.

        Raises:
            Unknown: no receipt was given for it.

        """
        table = receipts_given.c
        asked = select(table.code_ref).where(table.tenant == self._tenant, table.thing == stream)
        async with self._database.read() as connection:
            ref: str | None = (await connection.execute(asked)).scalar()
        if ref is None:
            raise Unknown("receipt")
        opened = await self._vault.open(ref, reader=reader, purpose=GIVEN)
        return None if isinstance(opened, Erased) else opened

    async def words(self, stream: str, reader: str) -> str | None:
        """What somebody said himself, for him to complete; None where nothing is left of it here."""
        table = opinions_opinion.c
        asked = select(table.words_ref).where(table.tenant == self._tenant, table.opinion == stream)
        async with self._database.read() as connection:
            ref: str | None = (await connection.execute(asked)).scalar()
        opened = await self._vault.open(ref, reader=reader, purpose=COMPLETED) if ref else None
        return opened if isinstance(opened, str) else None

    async def version(self, stream: str) -> int:
        """The version that a submission stands at."""
        found = 0
        opinion, received = opinions_opinion.c, submissions_received.c
        for asked in (
            select(opinion.version).where(opinion.tenant == self._tenant, opinion.opinion == stream),
            select(received.version).where(received.tenant == self._tenant, received.submission == stream),
        ):
            async with self._database.read() as connection:
                found = (await connection.execute(asked)).scalar() or found
        return found

    async def together(self, stream: str) -> tuple[str, ...]:
        """What one person handed in by the public pages at once: an opinion, and the request for dialogue that came with it."""
        table = receipts_given.c
        one = select(table.unit, table.local_id).where(table.tenant == self._tenant, table.thing == stream)
        async with self._database.read() as connection:
            found = (await connection.execute(one)).first()
            if found is None or not (found.local_id or "").startswith(OF_THE_PUBLIC):
                return (stream,)
            same = (table.tenant == self._tenant, table.unit == found.unit, table.local_id == found.local_id)
            return tuple((await connection.execute(select(table.thing).where(*same).order_by(table.thing))).scalars())

    async def promised(self, office: str) -> date | None:
        """By when what an office receives today is answered, by the rule; None while no calendar is published."""
        today = local_day(self._clock.now())
        return await self._by_rule(office, today)

    async def _by_rule(self, office: str, received: date) -> date | None:
        directory = await self._directories.at(local_day(self._clock.now()))
        if directory.published is None:
            return None
        try:
            return answer_due(directory.published, received, rules_on(received, directory.rules_published(office))).day
        except OutsideCalendar:
            return None

    async def _followed(self, connection: AsyncConnection, stream: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The submission and what it became, and what that was merged into with what that became."""
        things = await self._became(connection, stream)
        survivors: list[str] = []
        merged = await self._merged(connection, things)
        for _ in range(MOST_MERGES):
            if merged is None or merged in survivors:
                break
            joined = await self._became(connection, merged)
            survivors += joined
            merged = await self._merged(connection, joined)
        return things, tuple(survivors)

    async def _became(self, connection: AsyncConnection, stream: str) -> tuple[str, ...]:
        kind = stream.partition("-")[0]
        if kind == "case":
            return (stream,)
        if kind == "opinion":
            case = opinions_case.c
            asked = select(case.case_id).where(case.tenant == self._tenant, case.opinion == stream, case.parent.is_(None))
        else:
            further = submissions_further.c
            asked = select(further.thing).where(further.tenant == self._tenant, further.submission == stream)
        return (stream, *(await connection.execute(asked)).scalars())

    async def _merged(self, connection: AsyncConnection, things: Sequence[str]) -> str | None:
        """What it was merged into, unless that was undone."""
        table = receipts_step.c
        asked = (
            select(table.fact, table.leads_to)
            .where(table.tenant == self._tenant, table.thing.in_(things), table.fact.in_((*_MERGES, *_UNMERGES)))
            .order_by(table.source.desc(), table.position.desc())  # what intake decided comes before what assignment did
        )
        merged: dict[str, str | None] = {}
        for fact, into in (await connection.execute(asked)).all():
            merged.setdefault(fact.partition(".")[0], into if fact in _MERGES else None)
        return merged.get("case") or merged.get("opinion")

    async def _steps(self, connection: AsyncConnection, things: Sequence[str]) -> list[Mapping[str, Any]]:
        table = receipts_step.c
        asked = select(receipts_step).where(table.tenant == self._tenant, table.thing.in_(things))
        rows = (await connection.execute(asked)).mappings().all()
        # Of one day what intake recorded came before what assignment made of it.
        return sorted((dict(row) for row in rows), key=lambda row: (row["on_day"], row["source"] != "intake", row["position"]))

    async def _answers(self, connection: AsyncConnection, things: Sequence[str]) -> list[Mapping[str, Any]]:
        table = receipts_answer.c
        asked = select(receipts_answer).where(
            table.tenant == self._tenant, table.case_id.in_(things), table.delivered_on.is_not(None)
        )
        return [dict(row) for row in (await connection.execute(asked.order_by(table.delivered_on.desc()))).mappings()]

    async def _further(self, connection: AsyncConnection, survivors: Sequence[str]) -> str | None:
        """Where what it was merged into stands: its case, else the opinion itself."""
        found: str | None = None
        for each in survivors:
            if each.startswith("case-"):
                table, key = opinions_case, opinions_case.c.case_id
            else:
                table, key = opinions_opinion, opinions_opinion.c.opinion
            asked = select(table.c.stage).where(table.c.tenant == self._tenant, key == each)
            found = (await connection.execute(asked)).scalar() or found
        return found

    async def _meets_on(self, connection: AsyncConnection, steps: Sequence[Mapping[str, Any]]) -> date | None:
        sessions = [row["leads_to"] for row in steps if row["fact"] == "request.accepted"]
        if not sessions:
            return None
        table = receipts_session.c
        asked = select(table.announced_for).where(table.tenant == self._tenant, table.session == sessions[-1])
        day: str | None = (await connection.execute(asked)).scalar()
        return date.fromisoformat(day) if day else None

    async def _texts(
        self, steps: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]], reader: str
    ) -> Mapping[str, str]:
        refs = [row["asked_ref"] for row in steps] + [row[f"{name}_ref"] for row in answers for name in TEXTS]
        wanted = tuple(dict.fromkeys(ref for ref in refs if ref is not None))
        if not wanted:
            return {}
        opened = await self._vault.open_many(wanted, reader=reader, purpose=PURPOSE)
        return {ref: text for ref, text in opened.items() if not isinstance(text, Erased)}

    async def _due(self, view: ReceiptView, further: str | None, survivors: Sequence[str]) -> date | None:
        """Until when an answer is still to come; of what was merged by its survivor's date."""
        if survivors:
            return await self._due_of(survivors) if further not in {*_NO_ANSWER, *_OVER} else None
        if (
            view.submitted is Submitted.PROPOSAL
            or view.parts
            or view.stage in _ENDED
            or (view.case_stage or "") in {*_ENDED, *_OVER}
        ):
            return None
        return view.due or await self._by_rule(view.office, view.received_on)

    async def _due_of(self, survivors: Sequence[str]) -> date | None:
        case = opinions_case.c
        asked = select(case.due_day).where(case.tenant == self._tenant, case.case_id.in_(survivors))
        async with self._database.read() as connection:
            days = [day for day in (await connection.execute(asked)).scalars() if day]
        return date.fromisoformat(days[-1]) if days else None


# Where no answer is to come any more: it ended, was answered, or people meet.
_ENDED: Final = frozenset(
    {
        *(each.value for each in (Stage.REJECTED, Stage.FORWARDED, Stage.DIVERTED, Stage.MERGED, Stage.SPLIT, Stage.WITHDRAWN)),
        *(each.value for each in (FurtherStage.REFUSED, FurtherStage.ACCEPTED, FurtherStage.MET)),
    }
)
_OVER: Final = frozenset({CaseStage.ANSWERED.value, CaseStage.RESOLVED.value, CaseStage.CLOSED.value})


def _his(
    answers: Sequence[Mapping[str, Any]], things: Sequence[str], deliveries: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The answers to what he handed in himself, and of those to what it was merged into only what was delivered since.

    An answer knows the day of its delivery alone: of a day on which it was merged, as many of the last as were delivered then.
    """
    since = Counter((row["thing"], row["on_day"]) for row in deliveries)
    found = []
    for row in sorted(answers, key=lambda row: (row["delivered_on"], row["episode"], row["draft"]), reverse=True):
        if row["case_id"] not in things:
            told = (row["case_id"], row["delivered_on"])
            if not since[told]:
                continue
            since[told] -= 1
        found.append(row)
    return found


def _joined(further: str | None) -> Said:
    """Where what it was merged into stands, in words for whoever's own it is not."""
    if further in _NO_ANSWER:
        return JOINED_ENDED
    stages = {each.value for each in CaseStage}
    return status_of(Submitted.OPINION, Stage.REFERRED, further) if further in stages else JOINED


def _step(row: Mapping[str, Any], texts: Mapping[str, str], *, own: bool) -> Step:
    withdrawn = row["fact"] in ("case.withdrawn", "opinion.withdrawn")
    said = JOINED_ENDED if withdrawn and not own else STEPS[row["fact"]]
    asked = texts.get(row["asked_ref"] or "") if own else None
    return Step(fact=row["fact"], said=said, on=date.fromisoformat(row["on_day"]), asked=asked)


def _answer(row: Mapping[str, Any], texts: Mapping[str, str]) -> Answer:
    parts = {name: texts.get(row[f"{name}_ref"] or "") for name in TEXTS}
    return Answer(on=date.fromisoformat(row["delivered_on"]), **parts)
