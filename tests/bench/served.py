"""An office at work on a real installation: people who are signed in, cases in hand among those that are over, a report."""

import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from shared.calendar import local_day
from shared.clock import SystemClock
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import OF_SAMPLES, Accounts, Post
from shared.identity.sessions import Sessions
from tests.bench.lives import AT, LEADS, OFFICE, PEOPLE, UNTIL_OPENED, in_hand, life
from tests.bench.proving import Unsound
from tests.bench.rows import Place
from tests.bench.stored import TENANT, store
from tests.support.clerks import caught_up
from tests.support.http import Wire
from tests.support.installation import Installation, installation

ADMINISTRATOR: Final = {"office": OFFICE, "actor": "quan-tri", "unit": OFFICE, "capacity": "administrator"}
HUB: Final = {"office": OFFICE, "actor": "tchcqt-02", "unit": "TCHCQT", "capacity": "hub"}
COOKIE: Final = "doithoai"
NAMED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who acts from where; `cookie` is there once he is signed in."""

    person: str
    unit: str
    role: Role
    cookie: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={self.cookie}", "accept": "text/html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What runs, who is signed in to it, and the report that is open."""

    house: Installation
    seats: Sequence[Seat]
    report: str

    def memory(self, service: str, *, most: bool = False) -> float:
        """MiB that a service's process holds, or held at most."""
        wanted = "VmHWM:" if most else "VmRSS:"
        told = Path(f"/proc/{self.house.processes[service].pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in told.splitlines() if line.startswith(wanted)) / 1024


class Chief:
    """Gives one waiting case after the other to a division, over the API."""

    def __init__(self, at: Served, token: str, lives: int) -> None:
        self._wire, self._token = Wire(at.house.ports["assignment"]), token
        self._waiting = (life(n)[UNTIL_OPENED - 1].events[0][0] for n in range(lives) if len(in_hand(n)) == UNTIL_OPENED)

    async def assign(self, lead: str) -> float:
        """Assign the next case; when that was acknowledged, on the clock of `time.perf_counter`.

        Raises:
            Unsound: it was refused.

        """
        case = next(self._waiting)
        headers = {"Authorization": f"Bearer {self._token}", "If-Match": '"1"', "Idempotency-Key": uuid4().hex}
        answer = await self._wire.ask("POST", f"/assignment/api/cases/{case}/assignment", headers, {"lead": lead})
        acknowledged = time.perf_counter()
        if answer.status != 200:
            raise Unsound(f"assignment of {case}: {answer.status} {answer.body[:300]!r}")
        return acknowledged

    async def leave(self) -> None:
        await self._wire.close()


async def chief(at: Served, lives: int) -> Chief:
    """The Chief, before so many lives in hand."""
    return Chief(at, await at.house.token("cvp-01", "CVP", Role.CHIEF), lives)


def office() -> list[Seat]:
    """Fifty people: heads, desk, registry and audit, and of each of five units its leader and seven specialists."""
    around = [
        ("cvp-01", "CVP", Role.CHIEF), ("cvp-02", "CVP", Role.DEPUTY), ("cvp-03", "CVP", Role.DEPUTY),
        ("tchcqt-02", "TCHCQT", Role.HUB), ("tchcqt-03", "TCHCQT", Role.HUB), ("tchcqt-04", "TCHCQT", Role.HUB),
        ("tchcqt-05", "TCHCQT", Role.HUB), ("vt-01", "VT", Role.REGISTRY), ("vt-02", "VT", Role.REGISTRY),
        ("kiem-tra", OFFICE, Role.AUDITOR),
    ]  # fmt: skip
    units = [
        (f"{lead.lower()}-{number:02}", lead, Role.UNIT_LEADER if number == 1 else Role.SPECIALIST)
        for lead in LEADS
        for number in (1, *range(11, 11 + PEOPLE))
    ]
    return [Seat(person=person, unit=unit, role=role) for person, unit, role in (*around, *units)]


@asynccontextmanager
async def served(place: Place, seats: Sequence[Seat], lives: int, unfinished: int) -> AsyncIterator[Served]:
    """The three services on PostgreSQL and Kafka over so many cases, `unfinished` of them in hand, and `seats` signed in.

    The first fifty of these stand in the directory with their names.
    """
    with tempfile.TemporaryDirectory(prefix="doithoai-bench-") as directory:
        async with installation(Path(directory), forked=False) as house:
            await house.start()
            await caught_up(house)
            for seat in seats[:NAMED]:
                await _register(house, seat)
            report = await _report(house)
            await caught_up(house)
            await house.stop()
            await store(house, lives, unfinished)
            house.sampled_to = place.stacks
            await house.start()
            await caught_up(house)
            yield Served(house=house, seats=await _signed_in(house, seats), report=report)


async def asked(house: Installation, service: str, command: str, by: dict[str, str], **body: Any) -> Any:
    """One command in somebody's name.

    Raises:
        Unsound: it was refused.

    """
    wire = Wire(house.ports[service])
    order = {"command": command, "body": body, "command_id": uuid4().hex, **by}
    answer = await wire.ask("POST", "/internal/commands", {"Authorization": f"Bearer {house.service_token}"}, order)
    await wire.close()
    if answer.status != 200:
        raise Unsound(f"{command}: {answer.status} {answer.body[:300]!r}")
    return answer.json()


async def _register(house: Installation, seat: Seat) -> None:
    told = {"person": seat.person, "name": f"Nguyễn Văn {seat.person}", "unit": seat.unit, "valid_from": "2023-01-01"}
    await asked(house, "assignment", "register_person", ADMINISTRATOR, **told)


async def _report(house: Installation) -> str:
    """The report of a window that holds everything."""
    day = local_day(AT)
    window: dict[str, Any] = {"office": OFFICE, "kind": "six_month", "year": day.year}
    window |= {"first": (day - timedelta(days=30)).isoformat(), "last": (day + timedelta(days=30)).isoformat()}
    window |= {"before": (day + timedelta(days=60)).isoformat()}
    return str((await asked(house, "reporting", "open_report", HUB, **window))["stream"])


async def _signed_in(house: Installation, seats: Sequence[Seat]) -> list[Seat]:
    """Everybody with a session of an account of his own. Of samples, since those share one password: it is hashed once."""
    database = Database(f"{house.servers.postgres}/access", tenant=TENANT)
    clock = SystemClock()
    accounts, sessions = Accounts(TENANT, database, clock=clock), Sessions(TENANT, database, clock=clock)
    posts = {
        f"{OF_SAMPLES}{n}": (seat.person, Post(office=OFFICE, unit=seat.unit, capacities=frozenset({seat.role})))
        for n, seat in enumerate(seats)
    }
    await accounts.set_up(posts)
    found = {account.name: account for account in await accounts.list()}
    signed = [replace(seat, cookie=await sessions.begin(found[f"{OF_SAMPLES}{n}"])) for n, seat in enumerate(seats)]
    await database.close()
    return signed
