"""Answers what somebody is told of, and remembers what he has looked at; his audiences are the permission."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.readmodel.access import SEE_CASE, case_resource
from services.assignment.readmodel.cases.reading import Reader, helping, is_head_of, rows_of
from services.assignment.readmodel.notifications.audiences import audiences_of
from services.assignment.readmodel.notifications.kept import notice_mail, notice_seen
from services.assignment.readmodel.notifications.matrix import Kind
from services.assignment.readmodel.notifications.tables import notifications_notice
from services.assignment.readmodel.notifications.views import MailState, Notice, Told
from shared.calendar import local_day
from shared.clock import Clock, instant, micros
from shared.database import Database
from shared.directory.queries import Directories
from shared.permit import Subject, permit

MOST: Final = 200  # on the page
MOST_READ: Final = 600  # rows looked through: of several audiences, one cause is there several times
RESULTS_KEPT: Final = timedelta(days=30)
N: Final = notifications_notice.c
S: Final = notice_seen.c
M: Final = notice_mail.c
Row = Mapping[str, Any]


class Notifications:
    """The notices to the people of one tenant."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._clock, self._directories = database, tenant, clock, directories

    def today(self) -> date:
        """The day by which notices are shown."""
        return local_day(self._clock.now())

    async def of(self, subject: Subject, *, seen_too: bool = False) -> Told:
        """His notices, one for each cause; those that he has looked at only where they are asked for too."""
        today = self.today()
        async with self._database.read() as connection:
            rows = await self._rows(connection, subject)
            mails = await self._mails(connection, subject.person, {row["opens"] for row in rows})
        unseen = [row for row in rows if not _is_seen(row)]
        shown = rows if seen_too else unseen
        notices = tuple(_notice(row, mails.get((row["opens"], row["kind"], row["position"]))) for row in shown[:MOST])
        return Told(notices=notices, unseen=len(unseen), more=len(shown) > MOST, today=today)

    async def unseen(self, subject: Subject) -> int:
        """How many he has not looked at."""
        async with self._database.read() as connection:
            return sum(not _is_seen(row) for row in await self._rows(connection, subject))

    async def see(self, subject: Subject, opens: str | None = None) -> bool:
        """He has looked at this case or piece of work, or at all; whether that changed anything."""
        async with self._database.read() as connection:
            rows = await self._rows(connection, subject)
        upto: dict[str, int] = {}
        for row in rows:
            if not _is_seen(row) and opens in (None, row["opens"]):
                upto[row["opens"]] = max(upto.get(row["opens"], 0), row["position"])
        if not upto:
            return False
        table = notice_seen
        async with self._database.write() as connection:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            for thing, position in sorted(upto.items()):
                values = {"tenant": self._tenant, "person": subject.person, "opens": thing, "position": position}
                put: Any = insert(table).values(values)
                key = [table.c.tenant, table.c.person, table.c.opens]
                await connection.execute(put.on_conflict_do_update(index_elements=key, set_={"position": position}))
        return True

    async def made_at(self, position: int) -> Sequence[Row]:
        """The notices that the fact at a position made, by audience: for the house itself, which mails them."""
        asked = select(notifications_notice).where(N.tenant == self._tenant, N.position == position).order_by(N.audience)
        async with self._database.read() as connection:
            return [dict(row) for row in (await connection.execute(asked)).mappings()]

    async def may_be_told(self, subject: Subject, notice: Row) -> bool:
        """Whether a notice is one of his to see."""
        if notice["audience"] not in audiences_of(subject):
            return False
        async with self._database.read() as connection:
            return bool(await self._his(connection, subject, [notice]))

    async def _rows(self, connection: AsyncConnection, subject: Subject) -> list[Row]:
        """The newest of each cause and kind, the newest first, with how far he has looked."""
        since = micros(self._clock.now() - RESULTS_KEPT)
        seen = and_(S.tenant == N.tenant, S.person == subject.person, S.opens == N.opens)
        asked = (
            select(notifications_notice, func.coalesce(S.position, 0).label("seen"))
            .outerjoin(notice_seen, seen)
            .where(N.tenant == self._tenant, N.audience.in_(sorted(audiences_of(subject))))
            .where(or_(N.kind != Kind.RESULT.value, N.at >= since))
            .order_by(N.position.desc(), N.audience)
            .limit(MOST_READ)
        )
        found: dict[tuple[str, str], Row] = {}
        for row in (await connection.execute(asked)).mappings():
            found.setdefault((row["opens"], row["kind"]), dict(row))
        return await self._his(connection, subject, list(found.values()))

    async def _his(self, connection: AsyncConnection, subject: Subject, rows: Sequence[Row]) -> list[Row]:
        """Those about cases that he may see, and that are not about himself; work is its holder's and its giver's anyway."""
        named = sorted({row["opens"] for row in rows if row["opens"].startswith("case-")})
        if not named:
            return list(rows)
        cases = await rows_of(connection, self._tenant, named)
        reader = Reader(subject, await self._directories.at(local_day(self._clock.now())))
        kept = {case for case in named if case not in cases or not self._is_open_to(subject, reader, cases[case])}
        return [row for row in rows if row["opens"] not in kept]

    def _is_open_to(self, subject: Subject, reader: Reader, case: Row) -> bool:
        resource = case_resource(self._tenant, case["office"], case["unit"], case["lead"], helping(case))
        if case["paper"] is not None or (reader.is_about(case) and not is_head_of(subject, case["office"])):
            return False
        return permit(subject, SEE_CASE, resource).allowed

    async def _mails(
        self, connection: AsyncConnection, person: str, opens: Collection[str]
    ) -> dict[tuple[str, str, int], MailState]:
        mine = (M.tenant == self._tenant, M.person == person, M.opens.in_(sorted(opens)))
        asked = select(M.opens, M.kind, M.position, M.state).where(*mine)
        rows = (await connection.execute(asked)).all() if opens else []
        return {(row.opens, row.kind, row.position): MailState(row.state) for row in rows}


def _is_seen(row: Row) -> bool:
    return bool(row["position"] <= row["seen"])


def _notice(row: Row, mail: MailState | None) -> Notice:
    return Notice(
        kind=Kind(row["kind"]),
        opens=row["opens"],
        due=date.fromisoformat(row["due_day"]),
        at=instant(row["at"]),
        seen=_is_seen(row),
        mail=mail,
    )
