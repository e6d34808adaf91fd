"""Counts a report at its fences: every table, its digest, and what stands against locking it (design decisions 15, 16)."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from services.reporting.domain.figures.window import window
from services.reporting.domain.report.decider import Counted
from services.reporting.domain.report.refusals import FiguresDiffer, NotLocked
from services.reporting.domain.report.states import Period
from services.reporting.readmodel.access import READ_FIGURES, refuse_unless_read
from services.reporting.readmodel.asof import Basis, Predecessor, resolve
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.counting import counted_in
from services.reporting.readmodel.definitions import DEFINITIONS, known_by
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.opening import balance_of
from services.reporting.readmodel.places import OWN
from services.reporting.readmodel.reading import Reading
from services.reporting.readmodel.reports.projections import REPORTS_PROJECTION
from services.reporting.readmodel.tables import MILESTONE
from shared.canonical import canonical
from shared.contracts.opening import Outcome
from shared.contracts.report import Blocked, Blocker, CarriedOver, DataLocked, Reached
from shared.database import Database
from shared.directory.queries import Directories
from shared.eventlog.port import LogUnavailable
from shared.permit import Subject
from shared.subscriptions import checkpoints, parking

NAMES: Final = frozenset({"label", "heading", "title", "columns"})  # what a table is read by, and no figure
MOST_EPISODES: Final = 20


class Locking:
    """What the lock of a report asks of the read models, of one tenant."""

    def __init__(self, database: Database, figures: Figures, directories: Directories, directory: str, tenant: str) -> None:
        self._database, self._figures, self._directories = database, figures, directories
        self._copies, self._tenant = (MILESTONE, directory), tenant

    async def counted(self, period: Period, fences: Mapping[str, int], before: CarriedOver | None) -> Counted:
        """The figures of a period at the fences, carrying on what the report `before` left open.

        Raises:
            LogUnavailable: what is counted has not come up to a fence yet; ask again soon.

        """
        parked = await self._parked(fences)
        figures = await self.figures(period.office, period.first, period.last, Basis(fences, _predecessor(before)))
        directory = await self._directories.at(period.last)
        return Counted(
            figures=digest(figures),
            predecessor=before,
            directory=directory.position,
            calendar=directory.calendar.version,
            definitions=DEFINITIONS,
            blocked=(*parked, *_broken(figures), *await self._both_ways(period, fences, before)),
            own=Reached(source=OWN, position=fences[OWN]) if OWN in fences else None,
        )

    async def recorded_open(self, office: str, first: date, fences: Mapping[str, int] | None = None) -> int:
        """How many opinions of an office are recorded one by one and open when a window from `first` on begins.

        Without `fences` as known now; what was brought along as a number is not among them.
        """
        asked = window(first, first)
        async with self._database.read() as connection:
            basis = await resolve(connection, self._tenant, office, first, fences)
            known = {source: at for source, at in basis.positions.items() if source != OWN}
            reading = Reading(connection, self._tenant, office, asked.end, Basis(known, None))
            return (await counted_in(reading, asked, [By.TOTAL]))[By.TOTAL].total.counted["A"]

    async def _both_ways(self, period: Period, fences: Mapping[str, int], before: CarriedOver | None) -> list[Blocked]:
        """Stock that the report would count twice: brought along by lines and recorded, or left open by a report before."""
        if OWN not in fences:
            return []
        async with self._database.read() as connection:
            found = await balance_of(connection, self._tenant, period.office, fences[OWN])
        lines = [line for line in found.lines.values() if line.recorded.first == period.first]
        if not lines:
            return []
        settled = [each.event for line in lines for each in line.settled if each.stands]
        told = sum(event.count for event in settled if event.outcome is Outcome.RECORDED)
        twice = await self.recorded_open(period.office, period.first, fences) - told
        if before is not None:
            twice = sum(line.recorded.count for line in lines)
        return [Blocked(why=Blocker.OPENING, where=OWN, count=twice, episodes=())] if twice > 0 else []

    async def digest_of(self, period: Period, lock: DataLocked) -> str:
        """The digest of a locked report's figures, counted again from what its lock rests on.

        Raises:
            LogUnavailable: what is counted has not come up to the lock yet, such as after a rebuild; ask again soon.

        """
        positions = _reached(lock.positions)
        await self._parked(positions)
        basis = Basis(positions, _predecessor(lock.predecessor), lock.definitions)
        return digest(await self.figures(period.office, period.first, period.last, basis))

    async def figures(self, office: str, first: date, last: date, basis: Basis) -> dict[str, Any]:
        """Every table that the report has for a window, by name, on that basis and by its definitions."""
        asker = Subject.house("lock-data", tenant=self._tenant, office=office)
        found = await self._figures.tables(asker, office=office, first=first, last=last, as_of=basis)
        return {table.value: found[table.value] for table in known_by(basis.definitions or DEFINITIONS)}

    async def recounted(self, subject: Subject, one: Mapping[str, Any]) -> dict[str, Any]:
        """The figures of a locked report, counted again from the logs: `{report, agrees, figures, locked, differs, tables}`.

        `one` is the report as `Reports.report` tells it, `differs` what `differs` says of it.

        Raises:
            NotLocked: there are no figures yet that stand.
            Unknown, Forbidden: as for figures.

        """
        refuse_unless_read(subject, READ_FIGURES, self._tenant, one["office"])
        lock = one["lock"]
        if lock is None:
            raise NotLocked(report=one["report"])
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        figures = await self.figures(one["office"], first, last, Basis.locked(lock))
        counted = digest(figures)
        return {
            "report": one["report"],
            "agrees": counted == lock["figures"],
            "figures": counted,
            "locked": lock["figures"],
            "differs": await self.differs(one),
            "tables": figures,
        }

    async def differs(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """What a locked report rests on and is another today: `{definitions|calendar|directory: {locked, now}}`.

        A directory is known by its last event: a later one may spell names otherwise, and no figure.
        """
        directory = await self._directories.at(date.fromisoformat(one["to"]))
        now = {"definitions": DEFINITIONS, "calendar": directory.calendar.version, "directory": directory.position}
        return {name: {"locked": one["lock"][name], "now": value} for name, value in now.items() if one["lock"][name] != value}

    async def locked(self, subject: Subject, one: Mapping[str, Any]) -> dict[str, Any]:
        """Every table of a locked report by name, as it was locked.

        Raises:
            LogUnavailable: what is counted has not come up to the lock yet, such as after a rebuild; ask again soon.
            FiguresDiffer: what is counted today is something else.
            NotLocked, Unknown, Forbidden: as for `recounted`.

        """
        if one["lock"] is not None:
            await self._parked({each["source"]: each["position"] for each in one["lock"]["positions"]})
            directory = await self._directories.at(date.fromisoformat(one["to"]))
            if directory.position < one["lock"].get("directory", 0):
                raise LogUnavailable("the directory is not known up to where it was at the lock yet")
        found = await self.recounted(subject, one)
        if not found["agrees"]:
            raise FiguresDiffer(report=one["report"])
        tables: dict[str, Any] = found["tables"]
        return tables

    async def _parked(self, fences: Mapping[str, int]) -> list[Blocked]:
        """What waits among the parked at or below the fences."""
        found = []
        async with self._database.read() as connection:
            stand = await checkpoints.positions(connection, set(self._copies))
            for (_, source), position in stand.items():
                service = source.partition("/")[0]
                if position < fences.get(service, 0):
                    raise LogUnavailable(f"{source} is counted up to {position} only, its fence stands at {fences[service]}")
            for source, fence in fences.items():
                log = f"{source}/{self._tenant}"
                count = sum([await parking.count(connection, copy, log, fence) for copy in self._copies])
                if count:
                    found.append(Blocked(why=Blocker.PARKED, where=source, count=count, episodes=()))
            if OWN in fences:
                own = f"{OWN}/{self._tenant}"
                come = (await checkpoints.positions(connection, {REPORTS_PROJECTION.name})).get((REPORTS_PROJECTION.name, own), 0)
                if come < fences[OWN]:
                    raise LogUnavailable(f"{own} is counted up to {come} only, its fence stands at {fences[OWN]}")
                if count := await parking.count(connection, REPORTS_PROJECTION.name, own, fences[OWN]):
                    found.append(Blocked(why=Blocker.PARKED, where=OWN, count=count, episodes=()))
        return found


def _predecessor(before: CarriedOver | None) -> Predecessor | None:
    return Predecessor(before.report, before.first, before.last, _reached(before.positions)) if before is not None else None


def _reached(positions: Iterable[Reached]) -> dict[str, int]:
    return {each.source: each.position for each in positions}


def digest(figures: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the figures without their names, which a later directory may spell otherwise."""
    return hashlib.sha256(canonical(_bare(figures))).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(each) for key, each in value.items() if key not in NAMES}
    if isinstance(value, list):
        bare = [_bare(each) for each in value]
        # Rows stand in the order of the directory: their keys say as much.
        return sorted(bare, key=lambda each: str(each.get("key"))) if all(isinstance(each, Mapping) for each in bare) else bare
    return value


def _broken(figures: Mapping[str, Any]) -> list[Blocked]:
    return [
        Blocked(
            why=Blocker.BROKEN,
            where=table.replace("-", "_"),
            count=len(found["broken"]),
            episodes=tuple(sorted({name for each in found["broken"] for name in each.get("episodes", ())})[:MOST_EPISODES]),
        )
        for table, found in figures.items()
        if found.get("broken")
    ]
