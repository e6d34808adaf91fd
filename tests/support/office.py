"""The office of the plan in one process on SQLite files: its people ask, its logs are read, its refusals leave no trace."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from deploy import directory
from deploy.ground import on_directory
from deploy.house import House, open_house, settle
from deploy.performing import LineRefused, Outcome
from deploy.script import Line, body_of
from deploy.timekeeping import reach
from shared.clock import VIETNAM
from shared.config import SERVICES
from shared.contracts.roles import Role
from shared.eventlog import codec
from shared.eventlog.records import Recorded
from shared.permit import Subject

T = TypeVar("T")
OFFICE: Final = "VPUB"
FIRST_DAY: Final = date(2023, 1, 4)
FIRST_MORNING: Final = datetime(2023, 1, 4, 8, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts for a unit in one capacity."""

    id: str
    unit: str
    role: Role


ADMINISTRATOR: Final = Person("quan-tri", "VPUB", Role.ADMINISTRATOR)
CHIEF: Final = Person("cvp-01", "CVP", Role.CHIEF)
DEPUTY: Final = Person("cvp-02", "CVP", Role.DEPUTY)
SECRETARY: Final = Person("cvp-03", "CVP", Role.SECRETARY)
CHAIRMAN: Final = Person("chu-tich", "VPUB", Role.CHAIRMAN)
HUB: Final = Person("tchcqt-02", "TCHCQT", Role.HUB)
REGISTRY: Final = Person("vt-01", "VT", Role.REGISTRY)
PARTY: Final = Person("du-01", "DU", Role.PARTY_COMMITTEE)
CONTENT: Final = Person("kt-01", "KT", Role.CONTENT_DIVISION)
APPRAISERS: Final = {
    "BDVTU": Person("bdvtu-01", "BDVTU", Role.APPRAISER),
    "MTTQ": Person("mttq-01", "MTTQ", Role.APPRAISER),
}
LEADERS: Final = {unit: Person(f"{unit.lower()}-01", unit, Role.UNIT_LEADER) for unit in ("TCHCQT", "TH", "NC", "KT")}
SPECIALISTS: Final = {unit: Person(f"{unit.lower()}-09", unit, Role.SPECIALIST) for unit in ("TCHCQT", "TH", "NC", "KT")}
AUDITOR: Final = Person("kiem-tra", "VPUB", Role.AUDITOR)
PEOPLE: Final = (
    *(ADMINISTRATOR, CHIEF, DEPUTY, SECRETARY, CHAIRMAN, HUB, REGISTRY, PARTY, CONTENT, AUDITOR),
    *LEADERS.values(),
    *SPECIALISTS.values(),
)
POSTS: Final = (
    ("CVP", "CVP", Role.CHIEF, CHIEF),
    ("PCVP", "CVP", Role.DEPUTY, DEPUTY),
    ("TP-TH", "TH", Role.UNIT_LEADER, LEADERS["TH"]),
)


class Left(AssertionError):
    """A refusal left something behind."""


class Office:
    """One installation with the office's people in it, asked and looked at from outside, one thing after the other."""

    def __init__(self, folder: Path, ids: str = "asked") -> None:
        self.folder, self._ids = folder, ids
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._asked = 0
        self.refused: Counter[str] = Counter()
        self.done: list[tuple[Line, Any, Outcome]] = []
        self._read = dict.fromkeys(SERVICES, 0)
        self.house: House = self.run(self._stack.enter_async_context(open_house(on_directory(directory.read(folder)))))
        self._known = self.run(self.house.known())
        self._files = {name: sqlite3.connect(f"file:{folder / name}.db?mode=ro", uri=True) for name in (*SERVICES, "vault")}

    def run(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        return self._runner.run(waited())

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self.run(self._stack.aclose())
        self._runner.close()

    def ask(self, who: Person, command: str, *, late: datetime | None = None, **data: Any) -> Outcome | None:
        """What became of it, on the path that `do` takes; None where it was refused, which must have left no trace."""
        self._asked += 1
        line = Line(
            number=self._asked,
            at=None,
            name=None,
            occurred_at=late,
            office=OFFICE,
            actor=who.id,
            unit=who.unit,
            capacity=who.role,
            command=command,
            data=data,
            command_id=f"{self._ids}-{self._asked}",
        )
        body = body_of(line, self._known[command], data)
        before = self.traces()
        try:
            outcome = self.run(self.house.ask(line, body))
        except LineRefused as refused:
            self.refused[refused.problem["code"]] += 1
            if self.traces() != before:
                raise Left(f"{command} was refused ({refused.problem['code']}) and left {before} at {self.traces()}") from refused
            return None
        if self.traces() != before:  # what changes nothing is not remembered, and may be possible later
            self.done.append((line, body, outcome))
        return outcome

    def must(self, who: Person, command: str, **data: Any) -> Outcome:
        """The same, of what cannot be refused."""
        outcome = self.ask(who, command, **data)
        assert outcome is not None, f"{command} was refused: {self.refused}"
        return outcome

    def ask_again(self, line: Line, body: Any) -> Outcome:
        """The same command once more, under its id."""
        return self.run(self.house.ask(line, body))

    def traces(self) -> tuple[int, ...]:
        """What stands in every log and in the vault, counted in the files themselves, and how often each file was written to."""
        logs = [self._count(service, "select count(*) from event") for service in SERVICES]
        sealed = (self._count("vault", f"select count(*) from {table}") for table in ("record", "person", "token"))
        return (*logs, *sealed, *(self._count(file, "pragma data_version") for file in self._files))

    def rows(self, service: str, table: str) -> list[dict[str, Any]]:
        """Every row of one read model."""
        found = self._files[service].execute(f"select * from {table}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def news(self) -> Iterator[Recorded]:
        """What was appended since the last look: log by log, in order."""
        for service in SERVICES:
            while page := self.run(self.house.logs[service].read(self._read[service], 500)).records:
                self._read[service] = page[-1].position
                yield from map(codec.read, page)

    def skip(self, positions: dict[str, int]) -> None:
        """Take what stands up to these positions for read."""
        self._read = dict(positions)

    def drain(self) -> None:
        """Every feed is read to its end, and nothing stays behind on the way."""
        self.run(self.house.drain())
        assert self.run(self.house.halted()) == []
        for service in SERVICES:
            assert self.rows(service, "dead_letter") == [], "an event could not be applied"

    def reach(self, instant: datetime) -> None:
        """Time passes, and whatever falls due on the way is done."""
        self.run(reach(self.house, instant))

    @property
    def now(self) -> datetime:
        return self.run(self.house.now()).astimezone(VIETNAM)

    @property
    def positions(self) -> dict[str, int]:
        """How far each log was read."""
        return dict(self._read)

    def subject(self, who: Person) -> Subject:
        return Subject(person=who.id, tenant=self.house.tenant, office=OFFICE, unit=who.unit, capacities=frozenset({who.role}))

    def queries(self, service: str) -> Any:
        """What the service's API asks its read models by."""
        return self.house.services[service].queries

    def bytes_at_rest(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the installation as it lies on the disk."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.name, path.read_bytes()

    def _count(self, file: str, query: str) -> int:
        return int(self._files[file].execute(query).fetchone()[0])


def make_office(folder: Path) -> None:
    """An installation with the office's people and posts, its books and a first morning's clock; to be copied."""
    directory.make(folder, clock="script", seed="bất biến")
    office = Office(folder, "made")
    office.run(settle(office.house))
    office.reach(datetime(2023, 1, 3, 7, tzinfo=VIETNAM))
    for who in {who.id: who for who in (*APPRAISERS.values(), *PEOPLE)}.values():
        given = {"person": who.id, "name": f"Cán bộ {who.id}", "unit": who.unit, "valid_from": "2023-01-01"}
        office.must(ADMINISTRATOR, "register_person", **given)
    for post, unit, role, holder in POSTS:
        held = {"unit": unit, "name": f"Chức danh {post}", "role": role.value, "valid_from": "2023-01-01"}
        office.must(ADMINISTRATOR, "create_post", post=post, **held)
        office.must(ADMINISTRATOR, "hold_post", post=post, person=holder.id, valid_from="2023-01-01")
    charge = {"office": OFFICE, "post": "PCVP", "fields": ["nong-nghiep"], "units": ["KT"], "valid_from": "2023-01-01"}
    office.must(ADMINISTRATOR, "set_charge", **charge)
    for key, of in (("TH2", "Phòng Tổng hợp mới"), ("KT2", "Phòng Kinh tế mới")):
        new = {"code": key, "name": of, "kind": "phong", "office": OFFICE, "parent": OFFICE, "valid_from": "2023-01-01"}
        office.must(ADMINISTRATOR, "register_unit", unit=key, **new)
    for book, external in (("TB-VPUB", False), ("KH-VPUB", True)):
        for year in (2023, 2024):
            pattern = f"{{number}}/{book}"
            office.must(REGISTRY, "open_register", office=OFFICE, book=book, year=year, external=external, pattern=pattern)
    office.reach(FIRST_MORNING)
    office.drain()
    office.close()


def open_copy(made: Path, folder: Path) -> Office:
    """The made office, in a place of its own, on its first morning."""
    office = Office(Path(shutil.copytree(made, folder)))
    office.reach(FIRST_MORNING)
    return office
