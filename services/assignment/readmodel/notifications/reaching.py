"""How somebody is reached: his address of mail, sealed like his name, and the secret addresses of his calendar."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from services.assignment.readmodel.notifications.kept import notice_calendar, notice_reach
from services.assignment.readmodel.notifications.views import Calendar, Reached
from shared.clock import Clock, instant, micros
from shared.contracts.refusals import Invalid, Unknown
from shared.database import Database
from shared.ids import base32
from shared.vault.port import Vault

ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
LONGEST: Final = 254
MOST_CALENDARS: Final = 5
SECRET_BYTES: Final = 32
OWN: Final = "own_reach"
MAILING: Final = "mail_notice"
R: Final = notice_reach.c
A: Final = notice_calendar.c


class TooManyCalendars(Invalid):
    """Somebody has as many addresses of his calendar as he can have: one is revoked first."""

    code = "too-many-calendars"
    title_vi = "Đã đủ số địa chỉ lịch"
    title_en = "No more calendar addresses"
    advice_vi = "Thu hồi một địa chỉ không dùng nữa rồi tạo địa chỉ mới."
    advice_en = "Revoke one that is not used any more, then make another."


class AddressUnclear(Invalid):
    """No address that mail can be sent to."""

    code = "address-unclear"
    title_vi = "Địa chỉ thư không đúng"
    title_en = "Not an address of mail"
    advice_vi = "Ghi một địa chỉ thư điện tử, ví dụ ten@sonla.gov.vn."
    advice_en = "Give one address, such as name@sonla.gov.vn."


class Reaching:
    """The people of one tenant, as they let themselves be reached."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, vault: Vault) -> None:
        self._database, self._tenant, self._clock, self._vault = database, tenant, clock, vault

    async def of(self, person: str) -> Reached:
        """His own address, as he sees it; empty where he gave none or it was erased."""
        row = await self._row(person)
        return Reached(address=await self._opened(row, reader=person, purpose=OWN), mail=bool(row is not None and row["mail"]))

    async def mailed(self) -> Sequence[str]:
        """Everybody who gave an address and wants mail."""
        asked = select(R.person).where(R.tenant == self._tenant, R.mail.is_(True)).order_by(R.person)
        async with self._database.read() as connection:
            return (await connection.execute(asked)).scalars().all()

    async def address(self, person: str) -> str:
        """Where mail for him goes; empty where he wants none or his address was erased."""
        row = await self._row(person)
        return await self._opened(row, reader=MAILING, purpose=MAILING) if row is not None and row["mail"] else ""

    async def choose(self, person: str, *, address: str, mail: bool) -> None:
        """Another address, or none; the former one is destroyed.

        Raises:
            AddressUnclear: also where mail is wanted and no address given.

        """
        if (address or mail) and (len(address) > LONGEST or not ADDRESS.fullmatch(address)):
            raise AddressUnclear("address")
        row = await self._row(person)
        former = await self._opened(row, reader=person, purpose=OWN)
        mine = (R.tenant == self._tenant, R.person == person)
        now = micros(self._clock.now())
        if row is not None and former == address:
            async with self._database.write() as connection:
                await connection.execute(update(notice_reach).where(*mine).values(mail=mail, changed_at=now))
            return
        values: dict[str, Any] = {"tenant": self._tenant, "person": person, "mail": mail, "changed_at": now}
        if address:
            entry = self._vault.seal(f"{OWN}/{secrets.token_hex(16)}", f"{OWN}.address", address, person=person)
            await self._vault.put([entry], kept=True)
            values["address"] = entry.sealed.ref
        async with self._database.write() as connection:
            await connection.execute(delete(notice_reach).where(*mine))
            if address:
                await connection.execute(insert(notice_reach), values)
        if row is not None and former:
            await self._vault.erase_record(row["address"])

    async def calendars(self, person: str) -> tuple[Calendar, ...]:
        """The addresses of his calendar that hold, oldest first."""
        held = (A.tenant == self._tenant, A.person == person, A.revoked_at.is_(None))
        asked = select(A.id, A.created_at).where(*held).order_by(A.created_at, A.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return tuple(Calendar(id=row.id, created_at=instant(row.created_at)) for row in rows)

    async def new_calendar(self, person: str) -> str:
        """Another address of his calendar: its secret, seen only here.

        Raises:
            TooManyCalendars

        """
        secret, held = secrets.token_urlsafe(SECRET_BYTES), (A.tenant == self._tenant, A.person == person, A.revoked_at.is_(None))
        row = {
            "secret_hash": _hash(secret), "id": base32(secrets.token_bytes(10), 16).lower(), "tenant": self._tenant,
            "person": person, "created_at": micros(self._clock.now()),
        }  # fmt: skip
        async with self._database.write() as connection:
            if int((await connection.execute(select(func.count()).where(*held))).scalar_one()) >= MOST_CALENDARS:
                raise TooManyCalendars("calendar")
            await connection.execute(insert(notice_calendar), row)
        return secret

    async def revoke_calendar(self, person: str, id: str) -> None:
        """Nothing answers at that address any more.

        Raises:
            Unknown: not one of his that holds.

        """
        mine = (A.tenant == self._tenant, A.person == person, A.id == id, A.revoked_at.is_(None))
        async with self._database.write() as connection:
            revoked = await connection.execute(update(notice_calendar).where(*mine).values(revoked_at=micros(self._clock.now())))
        if not revoked.rowcount:
            raise Unknown("calendar")

    async def behind(self, secret: str) -> str:
        """Whose calendar is at an address.

        Raises:
            Unknown: nobody's, or it was revoked.

        """
        held = (A.tenant == self._tenant, A.secret_hash == _hash(secret), A.revoked_at.is_(None))
        async with self._database.read() as connection:
            person = (await connection.execute(select(A.person).where(*held))).scalar()
        if person is None:
            raise Unknown("calendar")
        return str(person)

    async def _row(self, person: str) -> Any:
        mine = (R.tenant == self._tenant, R.person == person)
        async with self._database.read() as connection:
            return (await connection.execute(select(notice_reach).where(*mine))).mappings().one_or_none()

    async def _opened(self, row: Any, *, reader: str, purpose: str) -> str:
        if row is None:
            return ""
        found = (await self._vault.open_many([row["address"]], reader=reader, purpose=purpose)).get(row["address"])
        return found if isinstance(found, str) else ""


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
