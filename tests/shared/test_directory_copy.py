"""The dated copy of the directory: names of their day, leads by office and day, the calendar published last."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.sonla import builtin_calendar
from shared.contracts.calendar import CalendarPublished, DayOff
from shared.contracts.directory import (
    FieldLeadSet,
    FieldRegistered,
    PersonRegistered,
    UnitDissolved,
    UnitKind,
    UnitRegistered,
    UnitRenamed,
)
from shared.database import Database
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories, DirectoryNotYet
from shared.subscriptions.rows import RowBuffer
from tests.reporting.story import SEALED, Story, at

START = date(2021, 1, 1)
MERGER = date(2025, 3, 1)
Take = Callable[..., Any]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'copy.db'}")
    async with database.write() as connection:
        await connection.run_sync(directory_projection("copy").tables.create_all)
    yield database
    await database.close()


class Copy:
    """A copy that takes in events one after the other."""

    def __init__(self, database: Database) -> None:
        self.database, self.story, self.taken = database, Story(builtin_calendar()), 0
        self.directories = Directories(database, "copy", "sonla")

    async def take(self, *events: Any) -> None:
        for event in events:
            self.story.tell("unit-X", event, at(START))
        projection = directory_projection("copy")
        async with self.database.write() as connection:
            rows = RowBuffer(connection)
            for recorded in self.story.records()[self.taken :]:
                await projection.apply(recorded, rows)
            await rows.flush()
        self.taken = len(self.story.told)


@pytest.fixture
def copy(database: Database) -> Copy:
    return Copy(database)


def unit(key: str, name: str, kind: UnitKind = UnitKind.PROVINCIAL_BODY, office: str | None = None, since: date = START) -> Any:
    return UnitRegistered(unit=key, code=key, name=name, kind=kind, office=office, parent=None, valid_from=since)


async def test_a_unit_has_the_name_of_the_day(copy: Copy) -> None:
    renamed = UnitRenamed(unit="MCH", code="MCH", name="Thị xã Mộc Châu", valid_from=date(2025, 2, 1))
    await copy.take(unit("MCH", "Huyện Mộc Châu", UnitKind.DISTRICT), renamed)
    names = [(await copy.directories.at(day)).units["MCH"].name for day in (START, date(2025, 1, 31), date(2025, 2, 1))]
    assert names == ["Huyện Mộc Châu", "Huyện Mộc Châu", "Thị xã Mộc Châu"]


async def test_a_unit_is_in_force_from_its_first_day_until_the_day_before_its_end(copy: Copy) -> None:
    await copy.take(unit("SGTVT", "Sở Giao thông vận tải"), UnitDissolved(unit="SGTVT", valid_from=MERGER))
    await copy.take(unit("SNNMT", "Sở Nông nghiệp và Môi trường", since=MERGER))
    before, after = await copy.directories.at(date(2025, 2, 28)), await copy.directories.at(MERGER)
    assert (set(before.units), set(after.units)) == ({"SGTVT"}, {"SNNMT"})
    assert after.unit("SGTVT") is None
    assert after.label("SGTVT") == "Sở Giao thông vận tải"
    assert before.label("SNNMT") == "Sở Nông nghiệp và Môi trường"


async def test_a_field_is_led_by_office_and_day(copy: Copy) -> None:
    await copy.take(
        unit("VPUB", "Văn phòng", UnitKind.OFFICE, "VPUB"),
        FieldRegistered(field="khac", name="Khác", restricted=False, valid_from=START),
        FieldLeadSet(field="khac", office="VPUB", lead="TH", valid_from=START),
        FieldLeadSet(field="khac", office="VPUB", lead="KT", valid_from=MERGER),
        FieldLeadSet(field="khac", office="UBND-MSO", lead="MSO-VP", valid_from=START),
    )
    before, after = await copy.directories.at(START), await copy.directories.at(MERGER)
    assert (before.lead("khac", "VPUB"), after.lead("khac", "VPUB")) == ("TH", "KT")
    assert before.lead("khac", "UBND-MSO") == "MSO-VP"
    assert before.lead("dat-dai", "VPUB") is None
    assert before.field("khac") is not None
    assert before.label("khac") == "Khác"


async def test_only_an_office_is_an_office(copy: Copy) -> None:
    await copy.take(unit("VPUB", "Văn phòng", UnitKind.OFFICE, "VPUB"), unit("TH", "Phòng Tổng hợp", UnitKind.DIVISION, "VPUB"))
    directory = await copy.directories.at(START)
    assert directory.office("VPUB") is not None
    assert directory.office("TH") is None


async def test_a_person_belongs_to_a_unit_from_a_day_on(copy: Copy) -> None:
    await copy.take(PersonRegistered(person="p-7", name=SEALED, unit="TH", valid_from=MERGER))
    assert (await copy.directories.at(START)).unit_of("p-7") is None
    assert (await copy.directories.at(MERGER)).unit_of("p-7") == "TH"


async def test_the_calendar_published_last_replaces_the_former_one(copy: Copy) -> None:
    first = CalendarPublished(version="one", first=START, last=date(2021, 12, 31), days_off=(), workdays=())
    off = DayOff(day=date(2021, 9, 2), name="Quốc khánh")
    second = CalendarPublished(version="two", first=START, last=date(2022, 12, 31), days_off=(off,), workdays=(date(2021, 9, 4),))
    await copy.take(first)
    assert (await copy.directories.at(START)).calendar.version == "one"
    await copy.take(second)
    calendar = (await copy.directories.at(START)).calendar
    assert calendar.version == "two"
    assert not calendar.is_working(date(2021, 9, 2))
    assert calendar.is_working(date(2021, 9, 4))
    assert calendar.days_off == {date(2021, 9, 2): "Quốc khánh"}


async def test_the_same_day_is_looked_up_once_until_something_changes(copy: Copy) -> None:
    await copy.take(unit("TH", "Phòng Tổng hợp"))
    once = await copy.directories.at(START)
    assert await copy.directories.at(START) is once
    await copy.take(unit("KT", "Phòng Kinh tế"))
    changed = await copy.directories.at(START)
    assert list(changed.units) == ["TH", "KT"]
    assert changed.position == 2


async def test_another_tenant_has_a_directory_of_its_own(copy: Copy) -> None:
    await copy.take(unit("TH", "Phòng Tổng hợp"))
    with pytest.raises(DirectoryNotYet):
        await Directories(copy.database, "copy", "laichau").at(START)


async def test_before_anything_has_arrived_nothing_is_said_to_be_unknown(copy: Copy) -> None:
    with pytest.raises(DirectoryNotYet):
        await copy.directories.at(START)
