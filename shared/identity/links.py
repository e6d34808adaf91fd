"""Which account belongs to whom the province's provider names: linked once, by its owner or an administrator."""

from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from shared.clock import Clock, micros
from shared.contracts.refusals import Invalid, Unknown
from shared.database import Database
from shared.identity.refusals import AlreadyLinked
from shared.identity.schema import ACCOUNT, ACCOUNT_SUBJECT

LONGEST_SUBJECT: Final = 255  # OpenID Connect Core 1.0, section 2


class Links:
    """The links of one tenant, in the database `access`. A link opens an account; what it may do stands with the account."""

    def __init__(self, tenant: str, database: Database, *, clock: Clock) -> None:
        self._tenant, self._database, self._clock = tenant, database, clock

    async def link(self, name: str, *, issuer: str, subject: str) -> None:
        """From now on `subject` of `issuer` opens this account.

        Raises:
            Unknown: no such account.
            Invalid: no subject that a provider gives.
            AlreadyLinked: the account with another subject, or the subject with another account.

        """
        if not 0 < len(subject) <= LONGEST_SUBJECT or not (subject.isascii() and subject.isprintable()):
            raise Invalid("subject")
        row = {
            "tenant": self._tenant, "issuer": issuer, "subject": subject, "name": name, "linked_at": micros(self._clock.now()),
        }  # fmt: skip
        known = select(ACCOUNT.c.name).where(ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.name == name)
        try:
            async with self._database.write() as connection:
                if (await connection.execute(known)).first() is None:
                    raise Unknown("name")
                await connection.execute(insert(ACCOUNT_SUBJECT), row)
        except IntegrityError as error:
            if await self.of(name, issuer) != subject:
                raise AlreadyLinked from error

    async def unlink(self, name: str, issuer: str) -> bool:
        """The provider opens this account no more; whether it did."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(ACCOUNT_SUBJECT).where(*self._at(issuer), ACCOUNT_SUBJECT.c.name == name))
        return bool(gone.rowcount)

    async def name_of(self, issuer: str, subject: str) -> str | None:
        """The account that a subject opens."""
        return await self._one(ACCOUNT_SUBJECT.c.name, issuer, ACCOUNT_SUBJECT.c.subject == subject)

    async def of(self, name: str, issuer: str) -> str | None:
        """The subject that opens an account."""
        return await self._one(ACCOUNT_SUBJECT.c.subject, issuer, ACCOUNT_SUBJECT.c.name == name)

    async def _one(self, column: Any, issuer: str, which: Any) -> str | None:
        async with self._database.read() as connection:
            found: str | None = (await connection.execute(select(column).where(*self._at(issuer), which))).scalar()
        return found

    def _at(self, issuer: str) -> tuple[Any, ...]:
        return ACCOUNT_SUBJECT.c.tenant == self._tenant, ACCOUNT_SUBJECT.c.issuer == issuer
