"""Answers questions about cases from the read side; asks permission first and never writes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.readmodel.access import READ_WORDS, SEE_CASE, case_resource, words_resource
from services.assignment.readmodel.cases.projections import CASES_PROJECTION, CaseStage
from services.assignment.readmodel.cases.reading import Reader, helping, is_head_of, rows_of
from services.assignment.readmodel.cases.rows import PENDING, labels_of, pointer_detail, row_of, wishes_of
from services.assignment.readmodel.cases.tables import cases_case, cases_draft, cases_wish
from services.assignment.readmodel.cases.views import CaseDetail, Draft, Opened
from services.assignment.readmodel.folding import Then
from shared.asof import Moment
from shared.calendar import ASSIGN, local_day
from shared.clock import Clock, instant
from shared.contracts.opinion import Wish
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.derivation import Derivation, after
from shared.directory.queries import Directories
from shared.permit import Resource, Subject, permit
from shared.subscriptions.folded import folded
from shared.timeline import Timeline, Timelines
from shared.vault.port import Erased, Vault

PARTS: Final = ("answer", "solution", "direction", "legal_basis")


class Wanted:
    """What the house itself asks of the wishes of those who spoke."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database, self._tenant = database, tenant

    async def again(self, case: str) -> bool:
        """Whether it is wished that an ended matter be taken up again, and nobody has decided about that."""
        mine = (cases_case.c.tenant == self._tenant, cases_case.c.case_id == case, cases_wish.c.wish == Wish.REOPEN.value)
        async with self._database.read() as connection:
            found = await connection.execute(select(cases_wish.c.case_id).join(cases_case, PENDING).where(*mine).limit(1))
            return found.first() is not None


class Cases:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(
        self,
        *,
        database: Database,
        tenant: str,
        clock: Clock,
        vault: Vault,
        directories: Directories,
        timelines: Timelines,
    ) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock
        self._vault, self._directories, self._timelines = vault, directories, timelines

    async def case(self, subject: Subject, case_id: str, then: Then | None = None) -> CaseDetail:
        """One case with its drafts; as it was known `then`, by whom it is seen today and without what was wished of it.

        Of one that is diverted by now all but the head are given a pointer, whenever it is looked at (R47).

        Raises:
            Unknown: it is not there, was not yet, or is not the asker's to see.

        """
        return await self._case(subject, case_id, then, whole=False)

    async def put_down(self, subject: Subject, case_id: str) -> CaseDetail:
        """One case for a paper, which says the same to all who may see it, and of a diverted one only whose work it is.

        Raises:
            Unknown: it is not there, or not the asker's to see.

        """
        return await self._case(subject, case_id, None, whole=True)

    async def _case(self, subject: Subject, case_id: str, then: Then | None, *, whole: bool) -> CaseDetail:
        async with self._database.read() as connection:
            today = row = await self._visible(connection, subject, case_id, SEE_CASE)
            drafts = await self._drafts(connection, row)
            wishes = await wishes_of(connection, self._tenant, [row])
        if then is not None:
            rows = await folded(CASES_PROJECTION, then.facts)
            found = rows.of(cases_case)
            if not found:
                raise Unknown("case")
            row, drafts, wishes = found[0], [dict(each) for each in rows.of(cases_draft)], {}
        head = is_head_of(subject, today["office"])
        if today["diverted"] and not head and not whole:
            return pointer_detail({**row, "stage": today["stage"]})
        directory = await self._directories.at(local_day(self._clock.now()) if then is None else then.day)
        reader = Reader(subject, await self._directories.at(local_day(self._clock.now())))
        # Whom it is about is told neither to them nor, of what was diverted, to anybody but the head.
        untold = not head and not whole and (reader.is_about(today) or bool(today["diverted"]))
        shown = row_of(row, directory, wishes, head=True)
        return CaseDetail(
            **{name: getattr(shown, name) for name in shown.__slots__},
            paper=row["paper"],
            declined_at=None if row["declined_at"] is None else instant(row["declined_at"]),
            concerns_posts=() if untold else tuple(row["concerns_posts"].split()),
            concerns_units=() if untold else tuple(row["concerns_units"].split()),
            concerns_units_labels=() if untold else labels_of(row, "concerns_units", directory),
            proposed=tuple(row["proposed"].split()),
            proposed_labels=labels_of(row, "proposed", directory),
            coordinating=tuple(row["coordinating"].split()),
            coordinating_labels=labels_of(row, "coordinating", directory),
            consulting=tuple(row["consulting"].split()),
            consulting_labels=labels_of(row, "consulting", directory),
            submitters=tuple(row["submitters"].split()),
            derivation=orjson.loads(row["due"]),
            assign_by=await self._assign_by(row) if row["stage"] == CaseStage.WAITING else None,
            words={"ref": row["words_ref"], "digest": row["words_digest"]},
            drafts=tuple(_draft(draft) for draft in drafts),
        )

    async def timeline(self, subject: Subject, case_id: str, *, as_of: Moment, after: int, limit: int) -> Timeline:
        """What happened to a case, and who did it.

        Raises:
            Unknown: it is not his to see.

        """
        await self.refuse_unless_told(subject, case_id)
        today = local_day(self._clock.now())
        return await self._timelines.of(subject, case_id, today, as_of=as_of, after=after, limit=limit)

    async def refuse_unless_told(self, subject: Subject, case_id: str) -> None:
        """What happened to it is not his to see.

        Raises:
            Unknown: not there, not the asker's to see, about him or his unit, or diverted: of that only the head is told more.

        """
        async with self._database.read() as connection:
            row = await self._visible(connection, subject, case_id, SEE_CASE)
        directory = await self._directories.at(local_day(self._clock.now()))
        kept = bool(row["diverted"]) or Reader(subject, directory).is_about(row)
        if kept and not is_head_of(subject, row["office"]):
            raise Unknown("case")

    async def reads(self, subject: Subject, case_id: str) -> bool:
        """Whether what it says, and what is answered, is his to read."""
        return bool(await self._read_by(subject, [case_id]))

    async def answer(self, subject: Subject, case_id: str, draft: int, episode: str | None = None) -> Opened:
        """The parts of a draft of the present episode, or of the one named, opened in the vault in the asker's name.

        Raises:
            Unknown: no such case or draft, or not the asker's to read.

        """
        async with self._database.read() as connection:
            row = await self._readable(connection, subject, case_id)
            drafts = await self._drafts(connection, row)
        wanted = (episode or row["episode"], draft)
        found = next((each for each in drafts if (each["episode"], each["draft"]) == wanted), None)
        if found is None:
            raise Unknown("draft")
        return await self._open(subject, _draft(found).refs, f"read_answer {case_id}")

    async def answers(
        self, subject: Subject, case_id: str, drafts: Sequence[Draft] | None = None
    ) -> tuple[tuple[Draft, Opened], ...]:
        """Every draft, or those named, with its parts, oldest first, opened in one access.

        Raises:
            Unknown: no such case, or its words are not the asker's to read.

        """
        async with self._database.read() as connection:
            row = await self._readable(connection, subject, case_id)
            shown = [_draft(each) for each in await self._drafts(connection, row)] if drafts is None else drafts
        refs = {(draft.episode, draft.draft, part): ref for draft in shown for part, ref in draft.refs.items()}
        if not refs:
            return ()
        texts = await self._vault.open_many(tuple(refs.values()), reader=subject.person, purpose=f"read_answers {case_id}")
        return tuple((draft, _opened(draft.refs, texts)) for draft in shown)

    async def replies(
        self, subject: Subject, cases: Sequence[str], *, purpose: str, outcome: CaseStage = CaseStage.APPROVED
    ) -> dict[str, tuple[Draft, Opened]]:
        """The last draft of each of these cases with that outcome, with its parts, opened in one access that names all.

        Cases without one are left out, and those whose words are not his to read.
        """
        rows = await self._read_by(subject, cases)
        return await self._last(subject, rows, cases_draft.c.outcome == outcome.value, purpose=purpose)

    async def latest(
        self, subject: Subject, cases: Sequence[str], *, purpose: str, also: Action | None = None
    ) -> dict[str, tuple[Draft, Opened]]:
        """The same of the last draft of each present episode, approved or not; `also` as of `said`."""
        rows = await self._read_by(subject, cases, also)
        return await self._last(
            subject, rows, cases_draft.c.episode.in_({row["episode"] for row in rows.values()}), purpose=purpose
        )

    async def _last(
        self, subject: Subject, rows: Mapping[str, Mapping[str, Any]], among: ColumnElement[bool], *, purpose: str
    ) -> dict[str, tuple[Draft, Opened]]:
        table = cases_draft
        asked = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.case_id.in_(list(rows)), among)
            .where(table.c.office.in_({row["office"] for row in rows.values()}))
            .order_by(table.c.submitted_at, table.c.episode, table.c.draft)
        )
        async with self._database.read() as connection:
            found = (await connection.execute(asked)).mappings().all() if rows else ()
        drafts = {each["case_id"]: _draft(dict(each)) for each in found}
        refs = tuple(ref for draft in drafts.values() for ref in draft.refs.values())
        texts = await self._vault.open_many(refs, reader=subject.person, purpose=purpose) if refs else {}
        return {case: (draft, _opened(draft.refs, texts)) for case, draft in drafts.items()}

    async def said(self, subject: Subject, cases: Sequence[str], *, purpose: str, also: Action | None = None) -> dict[str, str]:
        """The words of these cases as far as they are his to read, opened in one access that names all; else left out.

        `also` lets further roles read what is not kept from them by what a case is about.
        """
        rows = await self._read_by(subject, cases, also)
        return await self._texts(subject, {case: row["words_ref"] for case, row in rows.items()}, purpose)

    async def spoken(self, subject: Subject, cases: Sequence[str], *, purpose: str) -> dict[str, str | None]:
        """The words of all these cases, opened in one access that names all; None where they were erased.

        Raises:
            Unknown: those of one of them are not his to read, and then he reads none.

        """
        rows = await self._read_by(subject, cases)
        if rows.keys() != set(cases):
            raise Unknown("case")
        texts = await self._texts(subject, {case: row["words_ref"] for case, row in rows.items()}, purpose)
        return {case: texts.get(case) for case in rows}

    async def sent_back(self, subject: Subject, cases: Sequence[str], *, purpose: str) -> dict[str, str]:
        """Why the last draft of the present episode of each of these cases was sent back, as far as it was and is his to read."""
        rows, table = await self._read_by(subject, cases), cases_draft
        asked = (
            select(table.c.case_id, table.c.episode, table.c.reason_ref)
            .where(table.c.tenant == self._tenant, table.c.case_id.in_(list(rows)), table.c.reason_ref.is_not(None))
            .where(table.c.office.in_({row["office"] for row in rows.values()}))
            .order_by(table.c.draft)
        )
        async with self._database.read() as connection:
            found = (await connection.execute(asked)).all() if rows else ()
        refs = {each.case_id: each.reason_ref for each in found if rows[each.case_id]["episode"] == each.episode}
        return await self._texts(subject, refs, purpose)

    async def _read_by(self, subject: Subject, cases: Sequence[str], also: Action | None = None) -> dict[str, Mapping[str, Any]]:
        """The rows of those of these cases whose words are his to read."""
        if not cases:
            return {}
        async with self._database.read() as connection:
            rows = await rows_of(connection, self._tenant, list(dict.fromkeys(cases)))
        reader = Reader(subject, await self._directories.at(local_day(self._clock.now())))
        return {case: row for case, row in rows.items() if self._reads(subject, reader, row, also)}

    async def _texts(self, subject: Subject, refs: Mapping[str, str], purpose: str) -> dict[str, str]:
        texts = await self._vault.open_many(tuple(refs.values()), reader=subject.person, purpose=purpose) if refs else {}
        return {case: text for case, ref in refs.items() if isinstance(text := texts.get(ref), str)}

    async def _open(self, subject: Subject, refs: Mapping[str, str], purpose: str) -> Opened:
        return _opened(refs, await self._vault.open_many(tuple(refs.values()), reader=subject.person, purpose=purpose))

    async def _assign_by(self, row: Mapping[str, Any]) -> Derivation | None:
        """Counted from the day on which it came to the head, by the rules of that day."""
        directory = await self._directories.at(local_day(self._clock.now()))
        day = local_day(instant(row["episode_at"]))
        return after(directory.rules_of(row["office"], day), directory.published, ASSIGN, day)

    async def _readable(self, connection: AsyncConnection, subject: Subject, case_id: str) -> Mapping[str, Any]:
        row = await self._row(connection, case_id)
        reader = Reader(subject, await self._directories.at(local_day(self._clock.now())))
        if not self._reads(subject, reader, row):
            raise Unknown("case")
        return row

    def _reads(self, subject: Subject, reader: Reader, row: Mapping[str, Any], also: Action | None = None) -> bool:
        resource = words_resource(self._tenant, row["office"], row["lead"], helping(row))
        asked = (READ_WORDS,) if also is None else (READ_WORDS, also)
        allowed = reader.stands_behind(row, resource) or any(permit(subject, each, resource).allowed for each in asked)
        return allowed and not reader.is_kept_from(row, resource)

    async def _visible(self, connection: AsyncConnection, subject: Subject, case_id: str, asked: Action) -> Mapping[str, Any]:
        row = await self._row(connection, case_id)
        self._allow(subject, asked, self._resource(row), "case")
        return row

    async def _row(self, connection: AsyncConnection, case_id: str) -> Mapping[str, Any]:
        found = await rows_of(connection, self._tenant, [case_id])
        if case_id not in found:
            raise Unknown("case")
        return found[case_id]

    def _resource(self, row: Mapping[str, Any]) -> Resource:
        return case_resource(self._tenant, row["office"], row["unit"], row["lead"], helping(row))

    def _allow(self, subject: Subject, asked: Action, resource: Resource, field: str | None = None) -> None:
        if not permit(subject, asked, resource).allowed:
            raise Unknown(field)

    async def _drafts(self, connection: AsyncConnection, case: Mapping[str, Any]) -> list[dict[str, Any]]:
        table = cases_draft
        asked = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.office == case["office"], table.c.case_id == case["case_id"])
            .order_by(table.c.submitted_at, table.c.episode, table.c.draft)
        )
        return [dict(row) for row in (await connection.execute(asked)).mappings()]


def _opened(refs: Mapping[str, str], texts: Mapping[str, str | Erased]) -> Opened:
    opened = {part: texts.get(ref) for part, ref in refs.items()}
    return Opened(
        parts={part: text for part, text in opened.items() if isinstance(text, str)},
        erased=tuple(part for part, text in opened.items() if text is None or isinstance(text, Erased)),
    )


def _draft(row: Mapping[str, Any]) -> Draft:
    delivered = row["delivered_at"]
    return Draft(
        episode=row["episode"],
        draft=row["draft"],
        drafter=row["drafter"],
        reviewer=row["reviewer"],
        outcome=row["outcome"],
        submitted_at=instant(row["submitted_at"]),
        delivered_at=None if delivered is None else instant(delivered),
        means=row["means"],
        refs={part: row[f"{part}_ref"] for part in (*PARTS, "reason") if row[f"{part}_ref"] is not None},
    )
