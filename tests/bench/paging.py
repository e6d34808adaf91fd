"""How long pages take over 100,000 cases while fifty people work at once, how many a second there can be, and the memory."""

import asyncio
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from shared.contracts.roles import Role
from tests.bench.lives import LEADS
from tests.bench.proving import Unsound
from tests.bench.rows import Place, Row, aimed, percentile
from tests.bench.served import Chief, Seat, Served, chief, office, served
from tests.support.http import Wire

CASES: Final = 100_000
IN_HAND: Final = 10_000
SECONDS: Final = 30.0
FLAT_OUT_SECONDS: Final = 8.0
WARM_SECONDS: Final = 6.0
PAUSE_SECONDS: Final = 2.0  # of a person between two pages, on the average: quicker than anybody reads
ASSIGNED_EVERY_SECONDS: Final = 1.0  # what moves makes the counts of menus stale
P95_MS: Final = 150.0
KINDS: Final = ("my_work", "case", "cases", "report", "table")
LISTING: Final = (Role.CHIEF, Role.DEPUTY, Role.HUB, Role.REGISTRY, Role.AUDITOR)
CASE: Final = re.compile(rb'href="(/cases/case-[^"?#]+)"')
Took = dict[str, list[float]]


async def measure(place: Place) -> list[Row]:
    """`page_*`: of each kind of page p50 and p95 at the pace of people, pages a second without a pause, and memory."""
    in_hand = place.events(IN_HAND, 1_000)
    async with served(place, office(), place.events(CASES, 2_000), in_hand) as at:
        people = [Person(at, seat, n) for n, seat in enumerate(at.seats)]
        head = await chief(at, in_hand)
        for person in people:
            await person.look_around()
        await _work(people, head, WARM_SECONDS, PAUSE_SECONDS)
        took = await _work(people, head, SECONDS * place.scale, PAUSE_SECONDS)
        flat_out = await _work(people, head, FLAT_OUT_SECONDS, 0.0)
        rows = [row for kind in KINDS for row in _rows(kind, took[kind])]
        rows.append(Row("page_flat_out", "pages/s", sum(map(len, flat_out.values())) / FLAT_OUT_SECONDS))
        rows += [Row(f"page_memory_{service}", "MiB", at.memory(service, most=True)) for service in ("assignment", "reporting")]
        place.notes.append(
            f"pages: {len(people)} people, a page every {PAUSE_SECONDS:.0f} s each, {in_hand} cases in hand; "
            + ", ".join(f"{kind} {len(took[kind])}" for kind in KINDS)
            + "; flat out p95 "
            + ", ".join(f"{kind} {percentile(flat_out[kind], 0.95):.0f} ms" for kind in KINDS if flat_out[kind])
        )
        await head.leave()
        for person in people:
            await person.leave()
    return rows


def _rows(kind: str, took: list[float]) -> Iterator[Row]:
    yield Row(f"page_{kind}_p50", "ms", percentile(took, 0.5))
    yield aimed(f"page_{kind}_p95", "ms", percentile(took, 0.95), P95_MS)


class Person:
    """Somebody who is signed in, with a connection to each service whose pages he opens."""

    def __init__(self, at: Served, seat: Seat, number: int) -> None:
        self.seat, self._drawn = seat, random.Random(number)
        self._wires = {service: Wire(at.house.ports[service]) for service in ("assignment", "reporting")}
        self._report, self._cases = at.report, list[str]()
        self._kinds: list[str] = []

    async def look_around(self) -> None:
        """Open each page once: what he may see, and which cases he has in hand."""
        listing = self.seat.role in LISTING
        pages = [await self._open("/my-work"), *([await self._open("/cases")] if listing else [])]
        self._cases = sorted({each.decode() for page in pages for each in CASE.findall(page)})
        seen = Counter(my_work=4, report=1, table=1, cases=2 * listing, case=4 * bool(self._cases))
        self._kinds = list(seen.elements())
        for kind in sorted(set(self._kinds)):
            await self._open(self._path(kind))

    async def work(self, until: float, pause: float, took: Took) -> None:
        """Open one page after the other."""
        await asyncio.sleep(self._drawn.uniform(0, 2 * pause))
        while time.perf_counter() < until:
            kind = self._drawn.choice(self._kinds)
            begun = time.perf_counter()
            await self._open(self._path(kind))
            took[kind].append((time.perf_counter() - begun) * 1_000)
            await asyncio.sleep(self._drawn.uniform(0, 2 * pause))

    async def leave(self) -> None:
        for wire in self._wires.values():
            await wire.close()

    def _path(self, kind: str) -> str:
        match kind:
            case "case":
                return self._drawn.choice(self._cases)
            case "report":
                return f"/reports/{self._report}"
            case "table":
                return f"/reports/{self._report}/bieu-02"
        return "/my-work" if kind == "my_work" else "/cases"

    async def _open(self, path: str) -> bytes:
        wire = self._wires["reporting" if path.startswith("/reports/") else "assignment"]
        answer = await wire.ask("GET", path, self.seat.headers)
        if answer.status != 200 or not answer.body.rstrip().endswith(b"</html>"):
            raise Unsound(f"{path} for {self.seat.role} {self.seat.person}: {answer.status} {answer.body[-300:]!r}")
        return answer.body


async def _work(people: list[Person], head: Chief, seconds: float, pause: float) -> Took:
    """How long each kind of page took, in milliseconds, while a case is given to somebody every second."""
    took: Took = defaultdict(list)
    until = time.perf_counter() + seconds

    async def assign() -> None:
        while time.perf_counter() < until:
            await head.assign(LEADS[0])
            await asyncio.sleep(ASSIGNED_EVERY_SECONDS)

    await asyncio.gather(assign(), *(person.work(until, pause, took) for person in people))
    return took
