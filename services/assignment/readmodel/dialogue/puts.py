"""What is put to an office's dialogues: how many opinions, what each says and is answered, which could be put there yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from services.assignment.readmodel.access import LIST_OFFICE_CASES, SEE_CASE, case_resource
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.cases.reading import helping, rows_of
from services.assignment.readmodel.cases.tables import cases_case
from services.assignment.readmodel.cases.views import Draft, Opened
from services.assignment.readmodel.dialogue.queries import SEE_DIALOGUE
from services.assignment.readmodel.dialogue.tables import dialogue_put
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.session import Track
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Resource, Subject, permit

# The secretary writes down what becomes of each opinion in the room, so that he reads what was put there (R9); at the
# Chairman's dialogue his people do. What is kept from a reader by what a case is about stays closed to them too.
READ_PUT: Final = action("read_put", grants(Scope.OFFICE, Role.SECRETARY))
READ_PUT_TO_CHAIRMAN: Final = action(
    "read_put_to_chairman", grants(Scope.OFFICE, Role.SECRETARY, Role.CHAIRMAN, Role.CONTENT_DIVISION)
)
MOST: Final = 200
# Of a case that is still to be answered.
STAGES: Final = (CaseStage.WAITING, CaseStage.ASSIGNED, CaseStage.RETURNED, CaseStage.SUBMITTED, CaseStage.APPROVED)


@dataclass(frozen=True, slots=True)
class Many:
    """How many opinions a dialogue has: put to it beforehand, and raised in the room."""

    before: int = 0
    raised: int = 0

    @property
    def all(self) -> int:
        return self.before + self.raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An opinion as the table of a dialogue shows it; where a case is not the asker's to see, hardly more than that it is there.

    `said` and `answer` are None where they are not his to read, or not there.
    """

    case: str
    seen: bool
    kind: str | None
    field: str | None
    field_label: str | None
    stage: str | None
    unit_label: str | None  # who took it in
    lead: str | None
    lead_label: str | None
    proposed: str | None
    due: date | None
    received_on: date | None
    hidden: bool
    flags: tuple[str, ...]
    said: str | None
    draft: Draft | None
    answer: Opened | None


class Puts:
    """The questions of one tenant."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, directories: Directories, cases: Cases) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock
        self._directories, self._cases = directories, cases

    async def counts(self, subject: Subject, office: str, sessions: Collection[str]) -> Mapping[str, Many]:
        """How many opinions each of these dialogues of the office has; those without any are left out.

        Raises:
            Unknown: not the asker's office.

        """
        if not permit(subject, SEE_DIALOGUE, Resource(tenant=self._tenant, office=office)).allowed:
            raise Unknown("office")
        table = dialogue_put.c
        asked = (
            select(table.session, table.raised, func.count())
            .where(table.tenant == self._tenant, table.office == office, table.session.in_(sorted(sessions)))
            .group_by(table.session, table.raised)
        )
        found: dict[str, Many] = {}
        async with self._database.read() as connection:
            for session, raised, count in (await connection.execute(asked)).all() if sessions else ():
                known = found.get(session, Many())
                found[session] = Many(known.before, count) if raised else Many(count, known.raised)
        return found

    async def table(self, subject: Subject, track: Track, cases: Sequence[str], *, purpose: str) -> tuple[Opinion, ...]:
        """These opinions in their order, with what they say and how they are answered as far as that is the asker's to read."""
        async with self._database.read() as connection:
            rows = await rows_of(connection, self._tenant, list(dict.fromkeys(cases)))
        also = READ_PUT_TO_CHAIRMAN if track is Track.CHAIRMAN else READ_PUT
        said = await self._cases.said(subject, list(rows), purpose=purpose, also=also)
        answers = await self._cases.latest(subject, list(rows), purpose=purpose, also=also)
        directory = await self._directories.at(local_day(self._clock.now()))
        return tuple(
            _opinion(case, rows.get(case), self._sees(subject, rows.get(case)), directory, said, answers) for case in cases
        )

    async def to_put(self, subject: Subject, office: str, track: Track, field: str | None) -> tuple[Opinion, ...]:
        """The open cases of the office that no dialogue has and that suit one of this track and field, those due first ahead."""
        table = cases_case
        asked = select(table).where(
            table.c.tenant == self._tenant,
            table.c.office == office,
            table.c.session.is_(None),
            table.c.stage.in_([stage.value for stage in STAGES]),
        )
        if track is not Track.CHAIRMAN:
            staff = table.c.source_group == SourceGroup.INTERNAL.value
            asked = asked.where(staff if track is Track.STAFF else ~staff)
        if field is not None:
            asked = asked.where(table.c.field == field)
        async with self._database.read() as connection:
            found = (await connection.execute(asked.order_by(table.c.due_day, table.c.case_id).limit(MOST))).mappings().all()
        rows = {row["case_id"]: dict(row) for row in found if self._sees(subject, dict(row))}
        said = await self._cases.said(subject, list(rows), purpose="put_to_dialogue")
        directory = await self._directories.at(local_day(self._clock.now()))
        return tuple(_opinion(case, row, seen=True, directory=directory, said=said, answers={}) for case, row in rows.items())

    async def due_between(self, subject: Subject, office: str, first: date, last: date) -> tuple[Opinion, ...]:
        """The open cases of the office that are due on these days, those due first ahead; of whoever may not list them, none."""
        if not permit(subject, LIST_OFFICE_CASES, Resource(tenant=self._tenant, office=office)).allowed:
            return ()
        table = cases_case
        asked = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.office == office, table.c.open)
            .where(table.c.due_day.between(first.isoformat(), last.isoformat()))
            .order_by(table.c.due_day, table.c.case_id)
            .limit(MOST)
        )
        async with self._database.read() as connection:
            rows = {row["case_id"]: dict(row) for row in (await connection.execute(asked)).mappings()}
        said = await self._cases.said(subject, list(rows), purpose="calendar")
        directory = await self._directories.at(local_day(self._clock.now()))
        return tuple(_opinion(case, row, seen=True, directory=directory, said=said, answers={}) for case, row in rows.items())

    def _sees(self, subject: Subject, row: Mapping[str, Any] | None) -> bool:
        if row is None:
            return False
        resource = case_resource(self._tenant, row["office"], row["unit"], row["lead"], helping(row))
        return permit(subject, SEE_CASE, resource).allowed


def _opinion(
    case: str,
    row: Mapping[str, Any] | None,
    seen: bool,
    directory: Directory,
    said: Mapping[str, str],
    answers: Mapping[str, tuple[Draft, Opened]],
) -> Opinion:
    shown = row if row is not None and seen else None
    draft, answer = answers.get(case, (None, None))
    begun = local_day(instant(shown["received_at"])) if shown else None

    def label(unit: str | None) -> str | None:
        return directory.label_today(unit, shown["field"], begun=begun) if shown and unit else None

    return Opinion(
        case=case,
        seen=shown is not None,
        kind=shown["kind"] if shown else None,
        field=shown["field"] if shown else None,
        field_label=directory.label(shown["field"]) if shown else None,
        stage=shown["stage"] if shown else None,
        unit_label=label(shown["unit"]) if shown else None,
        lead=shown["lead"] if shown else None,
        lead_label=label(shown["lead"]) if shown else None,
        proposed=next(iter(shown["proposed"].split()), None) if shown else None,
        due=date.fromisoformat(shown["due_day"]) if shown else None,
        received_on=begun,
        hidden=bool(shown["hidden"]) if shown else False,
        flags=tuple(shown["flags"].split()) if shown else (),
        said=said.get(case),
        draft=draft,
        answer=answer,
    )
