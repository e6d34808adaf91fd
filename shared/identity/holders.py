"""Who somebody is when he is not signed in: the posts of his open accounts, for what reaches him by itself."""

from sqlalchemy import select

from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.schema import ACCOUNT, ACCOUNT_POST
from shared.permit import Subject


class Holders:
    """The people of one tenant, in the database `access`."""

    def __init__(self, tenant: str, database: Database) -> None:
        self._tenant, self._database = tenant, database

    async def of(self, person: str) -> tuple[Subject, ...]:
        """He as he acts from each of his posts; none where every account of his is locked."""
        same = (ACCOUNT.c.tenant == ACCOUNT_POST.c.tenant) & (ACCOUNT.c.name == ACCOUNT_POST.c.name)
        asked = (
            select(ACCOUNT_POST.c.office, ACCOUNT_POST.c.unit, ACCOUNT_POST.c.capacities)
            .join(ACCOUNT, same)
            .where(ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.person == person, ACCOUNT.c.locked_at.is_(None))
            .order_by(ACCOUNT_POST.c.office, ACCOUNT_POST.c.unit)
            .distinct()
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return tuple(
            Subject(
                person=person,
                tenant=self._tenant,
                office=row.office,
                unit=row.unit,
                capacities=frozenset(Role(code) for code in row.capacities.split()),
            )
            for row in rows
        )
