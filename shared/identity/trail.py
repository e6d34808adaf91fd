"""The trail of sign-ins: who was let in or turned away, when, how and from where, for as long as somebody may ask."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

from sqlalchemy import delete, insert, select

from shared.clock import Clock, micros
from shared.database import Database
from shared.identity.schema import ACCOUNT, SIGN_IN

KEPT: Final = timedelta(days=180)
MOST_KEPT: Final = 5_000  # of a name: whoever goes on guessing does not fill the disk
MOST_SHOWN: Final = 200
NOBODY: Final = ""  # under which attempts with names that no account has are kept, never what was typed
NET_OF: Final = {4: 24, 6: 48}  # bits that tell the place and not the machine
UNKNOWN_PLACE: Final = "-"


class How(StrEnum):
    """By what somebody asked to be let in."""

    PASSWORD = "password"
    CODE = "code"
    RECOVERY = "recovery"
    PROVIDER = "provider"


class Outcome(StrEnum):
    """What came of it; `HALFWAY` is a right password whose second step is still to come."""

    LET_IN = "let-in"
    HALFWAY = "halfway"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One line of the trail. `at` in microseconds since 1970 UTC; `place` is a network, not a machine's address."""

    name: str
    at: int
    place: str
    how: How
    outcome: Outcome


class Trail:
    """The trail of one tenant, in the database `access`."""

    def __init__(self, tenant: str, database: Database, *, clock: Clock) -> None:
        self._tenant, self._database, self._clock = tenant, database, clock

    async def note(self, name: str, address: str, how: How, outcome: Outcome) -> None:
        """One more line; what is too old, or too much of one name, goes. A name that nobody has is kept as `NOBODY`."""
        now = micros(self._clock.now())
        of_all = SIGN_IN.c.tenant == self._tenant
        known = select(ACCOUNT.c.name).where(ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.name == name)
        async with self._database.write() as connection:
            whose = (await connection.execute(known)).scalar() or NOBODY
            row = {
                "id": secrets.token_hex(16), "tenant": self._tenant, "name": whose, "at": now, "place": place_of(address),
                "how": how.value, "outcome": outcome.value,
            }  # fmt: skip
            await connection.execute(insert(SIGN_IN), row)
            oldest = now - int(KEPT.total_seconds()) * 1_000_000
            newest = (
                select(SIGN_IN.c.at)
                .where(of_all, SIGN_IN.c.name == whose)
                .order_by(SIGN_IN.c.at.desc())
                .offset(MOST_KEPT)
                .limit(1)
            )
            if (crowded := (await connection.execute(newest)).scalar()) is not None:
                await connection.execute(delete(SIGN_IN).where(of_all, SIGN_IN.c.name == whose, SIGN_IN.c.at <= crowded))
            await connection.execute(delete(SIGN_IN).where(of_all, SIGN_IN.c.at < oldest))

    async def of(self, name: str, *, most: int = MOST_SHOWN) -> Sequence[SignIn]:
        """The newest lines of an account, or of `NOBODY`, newest first."""
        query = (
            select(SIGN_IN)
            .where(SIGN_IN.c.tenant == self._tenant, SIGN_IN.c.name == name)
            .order_by(SIGN_IN.c.at.desc(), SIGN_IN.c.id)
            .limit(min(most, MOST_KEPT))
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            SignIn(name=row["name"], at=row["at"], place=row["place"], how=How(row["how"]), outcome=Outcome(row["outcome"]))
            for row in rows
        ]


def place_of(address: str) -> str:
    """The network that an address, as a bound counts it, lies in: `10.20.30.0/24`, `2001:db8:7::/48`."""
    try:
        network = ip_network(address, strict=False)
    except ValueError:
        return UNKNOWN_PLACE
    shorter = NET_OF[network.version]
    return str(network.supernet(new_prefix=shorter) if network.prefixlen > shorter else network)
