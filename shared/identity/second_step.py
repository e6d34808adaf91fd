"""The second step of a local sign-in: a code of an authenticator app (TOTP, RFC 6238), or one of the recovery codes."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pyotp
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, SystemClock, micros
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.identity.accounts import Account
from shared.identity.attempts import Attempts
from shared.identity.refusals import CodeOn, WrongCode
from shared.identity.schema import ACCOUNT, ACCOUNT_CODE, ACCOUNT_RECOVERY
from shared.identity.sealing import Seal
from shared.identity.trail import How
from shared.ids import base32

STEP_SECONDS: Final = 30
DRIFT: Final = 1  # steps that a phone's clock may be off, either way
RECOVERY_CODES: Final = 10
PENDING: Final = timedelta(minutes=5)  # how long a right password waits for its code
ISSUER: Final = "Doi thoai"  # what apps show above the code; some cannot show other letters
PURPOSE: Final = "second step"
PENDING_PURPOSE: Final = "sign-in halfway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person puts into the app: once, as a picture of `uri` or by typing `secret` (base32)."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Halfway:
    """Who has given the right password and still owes a code; `onward` is where he wanted to go."""

    name: str
    changed_at: int
    onward: str


class SecondStep:
    """The codes of one tenant's accounts. Codes follow `wall`, the clock that the person's phone shows."""

    def __init__(
        self, tenant: str, database: Database, *, seal: Seal, clock: Clock, attempts: Attempts, wall: Clock | None = None
    ) -> None:
        self._tenant, self._database, self._seal, self._clock = tenant, database, seal, clock
        self._attempts, self._wall = attempts, wall or SystemClock()

    async def is_on(self, name: str) -> bool:
        """Whether this account is asked for a code after its password."""
        row = await self._row(name)
        return row is not None and row["confirmed_at"] is not None

    async def left(self, name: str) -> int:
        """How many recovery codes were not used yet."""
        query = select(func.count()).where(*self._recovery(name), ACCOUNT_RECOVERY.c.used_at.is_(None))
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def begin(self, name: str) -> Asked:
        """A new secret, seen only here; it counts once a first code confirms it. One that waited for its code is gone.

        Raises:
            CodeOn: switched on already.

        """
        secret = pyotp.random_base32()
        sealed = self._seal.close(PURPOSE, self._tenant, name, kept={"secret": secret})
        row = {"tenant": self._tenant, "name": name, "secret": sealed, "last_step": 0, "begun_at": self._now()}
        async with self._database.write() as connection:
            await connection.execute(delete(ACCOUNT_CODE).where(*self._code(name), ACCOUNT_CODE.c.confirmed_at.is_(None)))
            if (await connection.execute(select(ACCOUNT_CODE.c.name).where(*self._code(name)))).first() is not None:
                raise CodeOn
            await connection.execute(insert(ACCOUNT_CODE), row)
        return Asked(secret=secret, uri=pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))

    async def confirm(self, name: str, code: str, *, address: str) -> tuple[str, ...]:
        """Switch it on by a first code; the recovery codes, seen only here.

        Raises:
            WrongCode, SignInTooOften
            CodeOn: switched on already.
            Unknown: nothing was begun.

        """
        row = await self._row(name)
        if row is None:
            raise Unknown("code")
        if row["confirmed_at"] is not None:
            raise CodeOn
        who = f"code {name}"
        await self._attempts.count(who, address)
        step = self._step_of(row, code)
        if step is None:
            raise WrongCode("code")
        await self._attempts.forget(who, address)
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        kept = [{"tenant": self._tenant, "name": name, "code_hash": self._hash(name, each)} for each in codes]
        waiting = (*self._code(name), ACCOUNT_CODE.c.confirmed_at.is_(None), ACCOUNT_CODE.c.secret == row["secret"])
        async with self._database.write() as connection:
            on = update(ACCOUNT_CODE).where(*waiting).values(confirmed_at=self._now(), last_step=step)
            if not (await connection.execute(on)).rowcount:
                raise CodeOn
            await connection.execute(delete(ACCOUNT_RECOVERY).where(*self._recovery(name)))
            await connection.execute(insert(ACCOUNT_RECOVERY), kept)
        return codes

    async def check(self, name: str, code: str, *, address: str) -> How:
        """What kind of code it was: of the app or for recovery, each of which opens once.

        Raises:
            WrongCode: wrong, too old, or used before.
            SignInTooOften

        """
        who = f"code {name}"
        await self._attempts.count(who, address)
        row = await self._row(name)
        if row is None or row["confirmed_at"] is None:
            raise WrongCode("code")
        step = self._step_of(row, code)
        async with self._database.write() as connection:
            if step is not None:
                at = (*self._code(name), ACCOUNT_CODE.c.last_step < step, ACCOUNT_CODE.c.secret == row["secret"])
                used = (await connection.execute(update(ACCOUNT_CODE).where(*at).values(last_step=step))).rowcount
            else:
                used = await self._use_recovery(connection, name, code)
        if not used:
            raise WrongCode("code")
        await self._attempts.forget(who, address)
        return How.CODE if step is not None else How.RECOVERY

    async def switch_off(self, name: str) -> bool:
        """Ask for no code any more, and forget its secret and recovery codes; whether it was on or waited for its first code."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(ACCOUNT_CODE).where(*self._code(name)))
            await connection.execute(delete(ACCOUNT_RECOVERY).where(*self._recovery(name)))
        return bool(gone.rowcount)

    async def reset(self, name: str) -> bool:
        """The same by an administrator, for whoever lost phone and recovery codes.

        Raises:
            Unknown: no such account.

        """
        known = select(ACCOUNT.c.name).where(ACCOUNT.c.tenant == self._tenant, ACCOUNT.c.name == name)
        async with self._database.read() as connection:
            if (await connection.execute(known)).first() is None:
                raise Unknown("name")
        return await self.switch_off(name)

    def wait_for_code(self, account: Account, onward: str, browser: str) -> str:
        """What the browser carries between password and code: it signs nobody in, and opens in this `browser` alone."""
        kept = {"name": account.name, "changed_at": account.changed_at, "onward": onward, "at": self._now()}
        return self._seal.close(PENDING_PURPOSE, self._tenant, browser, kept=kept)

    def halfway(self, sealed: str, browser: str) -> Halfway | None:
        """Who waits for his code, or None: nobody, another browser, or too long ago."""
        kept = self._seal.open(PENDING_PURPOSE, self._tenant, browser, sealed=sealed) if sealed else None
        if kept is None or not 0 <= self._now() - kept["at"] <= int(PENDING.total_seconds()) * 1_000_000:
            return None
        return Halfway(name=kept["name"], changed_at=kept["changed_at"], onward=kept["onward"])

    def _step_of(self, row: Any, code: str) -> int | None:
        """The step that shows this code, if it is near and later than the last that was used."""
        kept = self._seal.open(PURPOSE, self._tenant, row["name"], sealed=row["secret"])
        typed = "".join(code.split())
        if kept is None or not (typed.isascii() and typed.isdigit()):
            return None
        app, now = pyotp.TOTP(kept["secret"], interval=STEP_SECONDS), int(self._wall.now().timestamp()) // STEP_SECONDS
        steps = range(now - DRIFT, now + DRIFT + 1)
        shown = [step for step in steps if step >= 0 and hmac.compare_digest(app.generate_otp(step), typed)]
        return next((step for step in shown if step > row["last_step"]), None)

    async def _use_recovery(self, connection: AsyncConnection, name: str, code: str) -> int:
        at = (*self._recovery(name), ACCOUNT_RECOVERY.c.code_hash == self._hash(name, code), ACCOUNT_RECOVERY.c.used_at.is_(None))
        return (await connection.execute(update(ACCOUNT_RECOVERY).where(*at).values(used_at=self._now()))).rowcount

    def _hash(self, name: str, code: str) -> str:
        plain = "".join(each for each in code.lower() if each.isalnum())
        return self._seal.digest("recovery code", self._tenant, name, plain)

    async def _row(self, name: str) -> Any:
        async with self._database.read() as connection:
            return (await connection.execute(select(ACCOUNT_CODE).where(*self._code(name)))).mappings().one_or_none()

    def _code(self, name: str) -> tuple[Any, ...]:
        return ACCOUNT_CODE.c.tenant == self._tenant, ACCOUNT_CODE.c.name == name

    def _recovery(self, name: str) -> tuple[Any, ...]:
        return ACCOUNT_RECOVERY.c.tenant == self._tenant, ACCOUNT_RECOVERY.c.name == name

    def _now(self) -> int:
        return micros(self._clock.now())


def _recovery_code() -> str:
    drawn = base32(secrets.token_bytes(10), 10).lower()
    return f"{drawn[:5]}-{drawn[5:]}"
