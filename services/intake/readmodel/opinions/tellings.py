"""Whom it is still to be told that his opinion ended without an answer, by when, and who was told (brief §1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, select

from services.intake.domain.telling.decider import Ended
from services.intake.readmodel import access
from services.intake.readmodel.opinions.tables import opinions_opinion, opinions_telling
from services.intake.readmodel.paging import Page, beyond, paged
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.case import Means
from shared.contracts.telling import Ending
from shared.database import Database
from shared.derivation import Derivation, after
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Subject

TELL: Final = "tell"  # the rule by which it is counted: from the day that it ended without an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingView:
    """An opinion whose submitter is to be told, or was; `late`: told after its day, or not told by today though that is over."""

    opinion: str
    parent: str | None  # the opinion that it was split off at its receipt
    part: str | None  # the case of the matter that is told of, where the opinion was split after referral
    into: str | None  # the opinion or case that it was merged into, and ended with; none where it ended by itself
    office: str
    unit: str
    unit_label: str  # of today, with what it was called when it took the opinion in
    ending: Ending
    ended_on: date
    tell_by: Derivation | None  # none where no calendar reaches
    told_on: date | None
    means: Means | None
    late: bool


class Tellings:
    """The questions of one tenant."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._clock, self._directories = database, tenant, clock, directories

    async def ended(self, opinion: str, part: str | None) -> Ended | None:
        """How an opinion, or the case that is a part of it, ended that is told of, as far as is known here.

        Of several endings, a merge being undone in between, the last that was not told, else the last.
        """
        table = opinions_telling.c
        same = (table.tenant == self._tenant, table.opinion == opinion, table.matter == (part or opinion))
        asked = select(table.ending, table.ended_on, table.into).where(*same)
        last = asked.order_by(table.told_on.is_not(None), table.ended_on.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(last)).mappings().first()
        if row is None:
            return None
        return Ended(how=Ending(row["ending"]), on=date.fromisoformat(row["ended_on"]), into=row["into"])

    async def of_office(
        self, subject: Subject, *, office: str, unit: str | None, untold: bool | None, cursor: str | None, limit: int
    ) -> Page[TellingView]:
        """What an office or one of its units has to tell, or told; those that ended last first.

        Raises:
            Unknown: not the asker's to list.

        """
        seeing = access.LIST_OFFICE if unit is None else access.SEE_OPINION
        access.refuse_unless_seen(subject, seeing, access.listed(self._tenant, office, unit))
        table, opinion = opinions_telling.c, opinions_opinion.c
        wanted = [table.tenant == self._tenant, opinion.office == office]
        wanted += [opinion.unit == unit] if unit is not None else []
        wanted += [table.told_on.is_(None) if untold else table.told_on.is_not(None)] if untold is not None else []
        wanted += [beyond(cursor, str, table.ended_on, table.matter)] if cursor is not None else []
        joined = opinions_telling.join(opinions_opinion, and_(opinion.tenant == table.tenant, opinion.opinion == table.opinion))
        shown = (opinions_telling, opinion.office, opinion.unit, opinion.parent, opinion.received_at)
        ordered = select(*shown).select_from(joined).where(*wanted).order_by(table.ended_on.desc(), table.matter).limit(limit + 1)
        async with self._database.read() as connection:
            rows = (await connection.execute(ordered)).mappings().all()
        directory = await self._directories.at(local_day(self._clock.now()))
        return paged(rows, limit, "ended_on", "matter", lambda row: _view(row, directory))


def _view(row: Mapping[Any, Any], directory: Directory) -> TellingView:
    ended_on = date.fromisoformat(row["ended_on"])
    told_on = date.fromisoformat(row["told_on"]) if row["told_on"] else None
    by = after(directory.rules_of(row["office"], ended_on), directory.published, TELL, ended_on)
    return TellingView(
        opinion=row["opinion"],
        parent=row["parent"],
        part=row["matter"] if row["matter"] != row["opinion"] else None,
        into=row["into"],
        office=row["office"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=local_day(instant(row["received_at"]))),
        ending=Ending(row["ending"]),
        ended_on=ended_on,
        tell_by=by,
        told_on=told_on,
        means=Means(row["means"]) if row["means"] else None,
        late=by is not None and (told_on or directory.day) > by.due.day,
    )
