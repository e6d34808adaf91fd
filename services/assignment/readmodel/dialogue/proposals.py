"""Proposals for the Chairman's dialogue as lists show them: who each waits for and until when, as far as it is the asker's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.assignment.readmodel.dialogue.queries import PROPOSAL, SEE_DIALOGUE, SEE_OWN_PROPOSAL
from services.assignment.readmodel.dialogue.tables import dialogue_thing
from services.assignment.readmodel.dialogue.whole import proposal_of
from services.assignment.readmodel.tasks.tables import unit_tasks_task
from shared import cursors
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Role
from shared.contracts.task import TaskType
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.permit import Resource, Subject, permit

MOST: Final = 100


class ProposalStage(StrEnum):
    """Where a proposal stands, as the lines of the office's work say it."""

    RECEIVED = "da_tiep_nhan"
    TO_COMPLETE = "yeu_cau_bo_sung"
    APPRAISAL = "dang_tham_dinh"
    APPRAISED = "da_tham_dinh"
    BEFORE_LEADERS = "trinh_lanh_dao"
    BEFORE_CHAIRMAN = "trinh_chu_tich"
    APPROVED = "dong_y"
    REFUSED = "khong_dong_y"
    DEFERRED = "de_ky_sau"


# Which stages wait for somebody in a capacity.
WAITS_FOR: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.PROPOSER: (ProposalStage.TO_COMPLETE,),
    Role.APPRAISER: (ProposalStage.APPRAISAL,),
    Role.CONTENT_DIVISION: (ProposalStage.RECEIVED, ProposalStage.APPRAISAL, ProposalStage.APPRAISED),
    Role.DEPUTY: (ProposalStage.APPRAISAL, ProposalStage.BEFORE_LEADERS),
    Role.CHIEF: (ProposalStage.APPRAISAL, ProposalStage.BEFORE_LEADERS),
    Role.CHAIRMAN: (ProposalStage.BEFORE_CHAIRMAN, ProposalStage.DEFERRED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraiser:
    """Whoever was asked to appraise: `verdict` is None until it is there, `late` where it was gone without."""

    unit: str
    label: str
    due: date | None
    verdict: str | None
    gone_without: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal as lists show it; of the appraisers whoever is one himself is shown no other."""

    id: str
    office: str
    stage: str
    field: str
    field_label: str
    proposer: str
    proposer_label: str
    division: str
    division_label: str
    session: str | None
    leader: str | None
    appraisers: tuple[Appraiser, ...]
    received_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPage:
    """Some proposals, the latest received ahead, and the cursor that leads on (None: these were the last)."""

    proposals: tuple[Proposed, ...]
    cursor: str | None


class Proposals:
    """The proposals of one tenant: an office's to its people, to whoever proposed or appraises only his own."""

    def __init__(self, *, database: Database, tenant: str, log: EventLog, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._log = database, tenant, log
        self._clock, self._directories = clock, directories

    async def counts(self, subject: Subject) -> Mapping[str, int]:
        """How many of those that are his to see stand in each stage.

        Raises:
            Unknown: no capacity of his has to do with proposals.

        """
        table = dialogue_thing.c
        mine = self._mine(subject, await self._today())
        asked = select(table.stage, func.count()).where(*mine).group_by(table.stage)
        async with self._database.read() as connection:
            return {stage: int(many) for stage, many in await connection.execute(asked)}

    async def page(
        self,
        subject: Subject,
        stages: Sequence[str] = (),
        *,
        field: str | None = None,
        cursor: str | None = None,
        limit: int = 30,
    ) -> ProposedPage:
        """Some of those that are his to see, of these stages or all.

        Raises:
            Unknown: no capacity of his has to do with proposals.
            Invalid: the cursor was not made here.

        """
        table, directory = dialogue_thing, await self._today()
        asked = select(table).where(*self._mine(subject, directory))
        if stages:
            asked = asked.where(table.c.stage.in_(stages))
        if field is not None:
            asked = asked.where(table.c.label == field)
        if cursor is not None:
            at, thing = _place(cursor)
            asked = asked.where(or_(table.c.at < at, and_(table.c.at == at, table.c.thing < thing)))
        limit = max(1, min(limit, MOST))
        asked = asked.order_by(table.c.at.desc(), table.c.thing.desc()).limit(limit + 1)
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
        shown = rows[:limit]
        stored = await self._log.read_streams(tuple(row["thing"] for row in shown))
        return ProposedPage(
            proposals=tuple(self._shown(row, stored[row["thing"]], subject, directory) for row in shown),
            cursor=cursors.encoded(shown[-1]["at"], shown[-1]["thing"]) if len(rows) > limit else None,
        )

    async def one(self, subject: Subject, proposal: str) -> Proposed:
        """One of those that are his to see.

        Raises:
            Unknown

        """
        table, directory = dialogue_thing, await self._today()
        asked = select(table).where(*self._mine(subject, directory), table.c.thing == proposal)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None:
            raise Unknown("id")
        return self._shown(dict(row), await self._log.read_stream(proposal), subject, directory)

    async def _today(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))

    def _mine(self, subject: Subject, directory: Directory) -> tuple[ColumnElement[bool], ...]:
        """The office's, for its people; else what his unit, or one whose place it has, proposed or was asked to appraise."""
        table, tasks = dialogue_thing.c, unit_tasks_task.c
        always = (table.tenant == self._tenant, table.kind == PROPOSAL)
        if permit(subject, SEE_DIALOGUE, Resource(tenant=self._tenant, office=subject.office)).allowed:
            return (*always, table.office == subject.office)
        units = directory.stands_for(subject.unit)
        if not permit(subject, SEE_OWN_PROPOSAL, Resource(tenant=self._tenant, units=units)).allowed:
            raise Unknown("proposals")
        appraising = select(tasks.about).where(
            tasks.tenant == self._tenant, tasks.unit.in_(units), tasks.type == TaskType.APPRAISE.value
        )
        return (*always, or_(table.unit.in_(units), table.thing.in_(appraising)))

    def _shown(self, row: Mapping[str, Any], records: Sequence[Any], subject: Subject, directory: Directory) -> Proposed:
        whole = proposal_of([codec.read(record) for record in records if record.version <= row["version"]])
        begun = local_day(instant(row["at"]))
        of_office = permit(subject, SEE_DIALOGUE, Resource(tenant=self._tenant, office=row["office"])).allowed
        return Proposed(
            id=row["thing"],
            office=row["office"],
            stage=row["stage"],
            field=row["label"],
            field_label=directory.label(row["label"]),
            proposer=row["unit"],
            proposer_label=directory.label_today(row["unit"], begun=begun),
            division=whole["division"],
            division_label=directory.label_today(whole["division"], begun=begun),
            session=row["about"],
            leader=whole["leader"],
            appraisers=tuple(
                Appraiser(
                    unit=each["unit"],
                    label=directory.label_today(each["unit"], begun=begun),
                    due=each["due"],
                    verdict=each["verdict"],
                    gone_without=each["overridden_on"] is not None,
                )
                for each in whole["appraisals"]
                if of_office or subject.unit in directory.in_places_of({each["unit"]})
            ),
            received_at=instant(row["at"]),
            version=row["version"],
        )


def waits_for(subject: Subject) -> tuple[str, ...]:
    """The stages in which a proposal waits for somebody in his capacities, those he acts in for others too."""
    roles = {*subject.capacities, *(each.role for each in subject.delegated)}
    return tuple(dict.fromkeys(stage for role, stages in WAITS_FOR.items() if role in roles for stage in stages))


def _place(cursor: str) -> tuple[int, str]:
    match cursors.decoded(cursor):
        case [int(at), str(thing)]:
            return at, thing
    raise Invalid("cursor")
