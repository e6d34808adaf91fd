"""The read side of reporting on a SQLite database of its own, fed record by record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from deploy import sonla
from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.directory.commands import AddUnitAlias, RegisterField, RegisterUnit, SetFieldLead
from services.reporting.entrypoints.paper import composed
from services.reporting.readmodel.asof import AsOf
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.definitions import DEFINITIONS
from services.reporting.readmodel.differences import Differences
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.places import SOURCES
from services.reporting.readmodel.projections import MILESTONES
from services.reporting.readmodel.province import Province
from services.reporting.readmodel.queries import Queries
from services.reporting.readmodel.readable import ReadableReports
from services.reporting.readmodel.reports.openings import Openings
from services.reporting.readmodel.reports.projections import REPORT_PAPERS, REPORTS_PROJECTION
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.reminders import Reminders
from services.reporting.readmodel.reports.words import Words
from shared.blobs.store import Blobs
from shared.clock import ScriptClock, micros
from shared.commands import model_of
from shared.contracts.calendar import CalendarPublished, DayOff
from shared.contracts.directory import FieldLeadSet, FieldRegistered, UnitAliasAdded, UnitRegistered
from shared.contracts.report import DataLocked, LockRequested, Reached, ReportKind, ReportOpened
from shared.contracts.roles import Role
from shared.database import Database
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories
from shared.eventlog.records import Recorded
from shared.papers.composing import Composed
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.queries import PaperQueries
from shared.papers.verifying import Verifying
from shared.permit import Subject
from shared.subscriptions import checkpoints
from shared.subscriptions import schema as subscriptions
from shared.subscriptions.checkpoints import Cursor
from shared.subscriptions.declared import Projection
from shared.subscriptions.follower import PAGE
from shared.subscriptions.rows import RowBuffer
from tests.reporting.story import TENANT, Story, at

DIRECTORY = "reporting_directory"
TODAY = at(date(2023, 11, 10))
HUB = Subject(person="p-1", tenant=TENANT, office="VPUB", unit="TCHCQT", capacities=frozenset({Role.HUB}))
COMMANDS: Mapping[str, tuple[type, type, str, str]] = {
    "register_unit": (RegisterUnit, UnitRegistered, "unit", "unit"),
    "register_field": (RegisterField, FieldRegistered, "field", "field"),
    "add_unit_alias": (AddUnitAlias, UnitAliasAdded, "unit", "unit"),
    "set_field_lead": (SetFieldLead, FieldLeadSet, "field", "field"),
}


class Texts:
    """A vault of a world in which nobody writes anything but what a test puts there, by reference."""

    def __init__(self) -> None:
        self.texts: dict[str, Any] = {}
        self.opened: list[tuple[str, tuple[str, ...]]] = []  # by whom, which

    async def open_many(self, refs: Sequence[str], *, reader: str, purpose: str) -> dict[str, Any]:
        assert set(refs) <= self.texts.keys(), purpose
        self.opened.append((reader, tuple(refs)))
        return {ref: self.texts[ref] for ref in refs}


NOTHING: Any = None  # no command is asked and no word is opened here


class World:
    """Reporting with the directory of Sơn La."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.directory = directory_projection(DIRECTORY)
        self.directories = Directories(database, DIRECTORY, TENANT)
        self.clock = ScriptClock(TODAY)
        self.queries = Figures(database, self.directories, TENANT, self.clock)
        self.papers = PaperQueries(database=database, tenant=TENANT, vault=None)  # type: ignore[arg-type]  # opens no words
        self.comparison = Comparison(database, self.queries, TENANT)
        self.reports = Reports(database, self.directories, TENANT, self.clock, self.papers)
        self.locking = Locking(database, self.queries, self.directories, DIRECTORY, TENANT)
        self.vault = Texts()
        vault: Any = self.vault
        self.words = Words(database, TENANT, vault, self.papers)
        self.readable = ReadableReports(
            reports=self.reports,
            locking=self.locking,
            figures=self.queries,
            comparison=self.comparison,
            papers=self.papers,
            words=self.words,
            directories=self.directories,
            vault=vault,
            clock=self.clock,
        )
        self.province = Province(self.queries, self.reports, self.directories, TENANT)

    @property
    def composed(self) -> Composed:
        """Papers as they read now; nothing is issued here."""
        of = {"database": self.database, "log": NOTHING, "service": "reporting", "tenant": TENANT}
        return Composed(composed(self.readable), **of, copies=())

    @property
    def no_files(self) -> Blobs:
        """Files have no place here."""
        return Blobs(None, tenant=TENANT, vault=NOTHING, keyed=NOTHING, ids=NOTHING)

    @property
    def asked(self) -> Queries:
        """All questions of the service."""
        return Queries(
            figures=self.queries,
            comparison=self.comparison,
            reports=self.reports,
            reminders=Reminders(self.reports, self.directories, self.clock),
            locking=self.locking,
            province=self.province,
            papers=self.papers,
            words=self.words,
            readable=self.readable,
            files=PaperFiles(self.composed, self.papers, self.no_files),
            signatures=Verifying(NOTHING, self.papers, self.directories, TENANT, self.clock),
            copies=Copies(self.composed, self.no_files, NOTHING),
            differences=Differences(self.database, self.locking, TENANT),
            openings=Openings(self.database, TENANT),
        )

    async def start(self) -> None:
        async with self.database.write() as connection:
            await connection.run_sync(subscriptions.create)
            for projection in (MILESTONES, REPORTS_PROJECTION, REPORT_PAPERS, self.directory):
                await connection.run_sync(projection.tables.create_all)
        await self.feed(self.directory, directory_of_sonla())

    async def feed(self, projection: Projection, records: Iterable[Recorded]) -> None:
        """Fill the projection's tables anew, page by page as a subscription does."""
        wanted = [recorded for recorded in records if recorded.record.type in projection.events]
        async with self.database.write() as connection:
            for table in projection.tables.sorted_tables:
                await connection.execute(table.delete())
            for n in range(0, len(wanted), PAGE):
                page, rows = wanted[n : n + PAGE], RowBuffer(connection)
                await rows.fetch(row for recorded in page for row in projection.reads(recorded))
                for recorded in page:
                    await projection.apply(recorded, rows)
                await rows.flush()

    async def play(self, story: Story) -> None:
        await self.feed(MILESTONES, story.records())

    async def lock(
        self, story: Story, window: tuple[date, date], when: datetime, figures: str = "5e" * 32, *, beyond: int = 0
    ) -> dict[str, int]:
        """The annual report of `window` is locked, with what `story` tells by `when` and that digest; at which positions.

        `beyond` is how far the fences stand behind the last fact.
        """
        opened, requested, locked = locked_report(story, "VPUB", window, when, figures, beyond=beyond)
        year = window[1].year
        told = Story(sonla.builtin_calendar())
        for event in (opened, requested, locked):
            told.tell(f"report-VPUB-{year}", event, when)
        await self.feed(REPORTS_PROJECTION, told.records())
        fences = {each.source: each.position for each in locked.positions}
        for source, position in fences.items():
            await self.passed(source, position)
        return fences

    async def passed(self, source: str, position: int) -> None:
        """The milestones have come so far in a log, whether or not a fact stands there."""
        async with self.database.write() as connection:
            cursor = Cursor("first", position, bytes(32))
            await checkpoints.save(connection, {MILESTONES.name}, f"{source}/{TENANT}", cursor, 0)

    async def found_office(self, key: str, name: str) -> None:
        """Another office of the province is registered too."""
        vpub = next(each.event for each in directory_of_sonla() if each.record.stream == "unit-VPUB")
        await self._happened([(f"unit-{key}", replace(vpub, unit=key, office=key, code=key, name=name))], at(date(2021, 1, 2)))

    async def figures(
        self,
        first: date,
        last: date,
        by: By = By.TOTAL,
        as_of: AsOf = None,
        office: str = "VPUB",
        subject: Subject = HUB,
    ) -> dict[str, Any]:
        return await self.queries.figures(subject, office=office, first=first, last=last, by=by, as_of=as_of)

    async def reorganise(self, *events: tuple[str, Any]) -> None:
        """Let these things happen to the units too."""
        await self._happened(events, at(date(2025, 1, 1)))
        self.clock.move_to(at(date(2025, 8, 1)))

    async def _happened(self, events: Iterable[tuple[str, Any]], when: datetime) -> None:
        story = Story(sonla.builtin_calendar())
        for stream, event in events:
            story.tell(stream, event, when)
        more = [Recorded(each.record._replace(position=each.position + 1_000), each.event) for each in story.records()]
        await self.feed(self.directory, [*directory_of_sonla(), *more])

    async def table(self, table: Table, window: tuple[date, date], **asked: Any) -> dict[str, Any]:
        asked = {"subject": HUB, "office": "VPUB", **asked}
        first, last = window
        return await self.queries.table(table=table, first=first, last=last, **asked)


def locked_report(
    story: Story, office: str, window: tuple[date, date], when: datetime, figures: str = "5e" * 32, *, beyond: int = 0
) -> tuple[ReportOpened, LockRequested, DataLocked]:
    """What the stream of an office's annual report holds once it is locked with all that `story` tells by `when`."""
    known = [each.record for each in story.records() if each.record.recorded <= micros(when)]
    last = {source: max((each.position for each in known if each.service == source), default=0) for source in SOURCES}
    reached = tuple(Reached(source=source, position=position + beyond) for source, position in last.items())
    first, ended = window
    before = ended + timedelta(days=20)
    opened = ReportOpened(
        office=office, kind=ReportKind.ANNUAL, year=ended.year, first=first, last=ended, before=before, plan=None
    )
    locked = DataLocked(positions=reached, predecessor=None, directory=1, calendar="VN", definitions=DEFINITIONS, figures=figures)
    return opened, LockRequested(attempt=1), locked


@cache
def directory_of_sonla() -> Sequence[Recorded]:
    """What seeding an installation leaves in the assignment log."""
    story = Story(sonla.builtin_calendar())
    for seed in sonla.commands():
        if seed["command"] == "publish_calendar":
            body = model_of(PublishCalendar).model_validate(seed["data"])
            days_off = tuple(DayOff(day=off.day, name=off.name) for off in body.days_off)  # type: ignore[attr-defined]
            event: Any = CalendarPublished(**{**dict(body), "days_off": days_off})
            stream = "calendar-VN"
        elif seed["command"] not in COMMANDS:
            continue  # lists of recipients, fields of the Party, the checklist: nothing here is called by them
        else:
            command, cls, kind, key = COMMANDS[seed["command"]]
            body = model_of(command).model_validate(seed["data"])
            event, stream = cls(**dict(body)), f"{kind}-{getattr(body, key)}"
        story.tell(stream, event, at(date(2021, 1, 1), 0))
    return story.records()


def row(figures: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The row under `key`."""
    found: Sequence[Mapping[str, Any]] = [each for each in figures["rows"] if each["key"] == key]
    assert len(found) == 1, f"{len(found)} rows {key}"
    return found[0]
