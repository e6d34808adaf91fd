"""The dated copy of the directory: names of their day, leads by office and day, the calendar published last."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.sonla import builtin_calendar
from shared.contracts.calendar import CalendarPublished, DayOff
from shared.contracts.directory import (
    PARTY_FIELDS,
    ChargeSet,
    DelegationGranted,
    DelegationRevoked,
    FieldLeadSet,
    FieldRegistered,
    FurtherLeadsSet,
    PartyFieldsSet,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonRegistered,
    PostCreated,
    PostHeld,
    PostVacated,
    RecipientsSet,
    Succession,
    UnitAliasAdded,
    UnitDissolved,
    UnitKind,
    UnitRegistered,
    UnitRenamed,
    UnitSucceeded,
)
from shared.contracts.plan import Recipient
from shared.contracts.roles import Role
from shared.contracts.rules import Counting, DeadlineRule, RulesPublished
from shared.database import Database
from shared.directory.history import History
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories, DirectoryNotYet
from shared.directory.snapshot import Directory
from shared.directory.standing import standing_in
from shared.directory.values import Charge, Holder
from shared.permit import Delegated, Standing, Subject
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


def _through(copy: Copy, database: Database) -> Copy:
    """The same copy, written over another connection."""
    other = Copy(database)
    other.story, other.taken = copy.story, copy.taken
    return other


@pytest.fixture
async def copy(database: Database) -> AsyncIterator[Copy]:
    """A copy that, whatever it took in, says of each day what reading all dated rows for that day would."""
    copy = Copy(database)
    yield copy
    history = await copy.directories.history()
    turns = history.turns()
    if not turns:
        return
    day, last = max(turns[0], date(2020, 1, 1)) - timedelta(days=1), min(turns[-1], date(2030, 1, 1)) + timedelta(days=1)
    while day <= last:
        assert await copy.directories.at(day) == history.at(day), day
        day += timedelta(days=1)


async def test_a_field_is_there_from_its_day(copy: Copy) -> None:
    await copy.take(
        unit("MCH", "Huyện Mộc Châu"), FieldRegistered(field="so-hoa", name="Số hóa", restricted=False, valid_from=MERGER)
    )
    assert "so-hoa" not in (await copy.directories.at(date(2025, 2, 28))).fields
    assert "so-hoa" in (await copy.directories.at(MERGER)).fields


async def test_days_between_two_turns_share_what_they_hold(copy: Copy) -> None:
    await copy.take(unit("MCH", "Huyện Mộc Châu"), UnitRenamed(unit="MCH", code="MCH", name="Thị xã Mộc Châu", valid_from=MERGER))
    first, later, after = [await copy.directories.at(day) for day in (START, date(2025, 2, 28), MERGER)]
    assert first.units is later.units
    assert (first.day, later.day) == (START, date(2025, 2, 28))
    assert after.units is not later.units


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


async def test_what_the_copy_takes_in_during_a_look_does_not_tear_the_directory(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await copy.take(unit("TH", "Phòng Tổng hợp"))
    load = Directories._load

    async def and_meanwhile(self: Directories, *asked: Any) -> History:
        loaded = await load(self, *asked)
        if copy.taken == 1:
            await copy.take(unit("KT", "Phòng Kinh tế"))
        return loaded

    monkeypatch.setattr(Directories, "_load", and_meanwhile)
    assert list((await copy.directories.at(START)).units) == ["TH", "KT"]


async def test_what_was_committed_is_seen_though_its_writer_has_not_heard_of_it_yet(copy: Copy) -> None:
    await copy.take(unit("TH", "Phòng Tổng hợp"))
    await copy.directories.at(START)
    async with copy.database.write_lock:  # as a writer that waits for the answer to its commit
        other = Database(str(copy.database.url))
        await Copy.take(_through(copy, other), unit("KT", "Phòng Kinh tế"))
        await other.close()
        assert list((await copy.directories.at(START)).units) == ["TH", "KT"]


async def test_another_tenant_has_a_directory_of_its_own(copy: Copy) -> None:
    await copy.take(unit("TH", "Phòng Tổng hợp"))
    with pytest.raises(DirectoryNotYet):
        await Directories(copy.database, "copy", "laichau").at(START)


async def test_before_anything_has_arrived_nothing_is_said_to_be_unknown(copy: Copy) -> None:
    with pytest.raises(DirectoryNotYet):
        await copy.directories.at(START)


def post(key: str, unit: str, role: Role = Role.CHIEF) -> PostCreated:
    return PostCreated(post=key, unit=unit, name=key, role=role, valid_from=START)


def held(key: str, person: str, since: date = START, *, acting: bool = False) -> PostHeld:
    return PostHeld(post=key, person=person, acting=acting, valid_from=since)


async def test_a_post_is_held_from_a_day_on_and_its_holder_acts_for_its_unit(copy: Copy) -> None:
    await copy.take(
        unit("VPUB", "Văn phòng", UnitKind.OFFICE, "VPUB"),
        unit("CVP", "Chánh Văn phòng", UnitKind.DIVISION, "VPUB"),
        unit("TH", "Phòng Tổng hợp", UnitKind.DIVISION, "VPUB"),
        PersonRegistered(person="p-1", name=SEALED, unit="TH", valid_from=START),
        post("CVP", "CVP"),
        held("CVP", "p-1", acting=True),
        held("CVP", "p-2", MERGER),
        PostVacated(post="CVP", valid_from=date(2025, 7, 1)),
    )
    first, second, third = [await copy.directories.at(day) for day in (START, MERGER, date(2025, 7, 1))]
    assert first.holder("CVP") == Holder("p-1", acting=True)
    assert second.holder("CVP") == Holder("p-2", acting=False)
    assert third.holder("CVP") is None
    assert first.post_of("p-1") == first.posts["CVP"]
    assert first.post_of("p-1", "TH") is None
    assert first.units_of("p-1") == ("TH", "CVP")
    assert second.posts_of("p-1") == ()


async def test_a_person_moves_joins_leaves_and_is_gone(copy: Copy) -> None:
    await copy.take(
        unit("TH", "Tổng hợp"),
        PersonRegistered(person="p-1", name=SEALED, unit="TH", valid_from=START),
        PersonJoined(person="p-1", unit="KT", valid_from=date(2022, 1, 1)),
        PersonJoined(person="p-1", unit="NC", valid_from=date(2022, 1, 1)),
        PersonLeft(person="p-1", unit="KT", valid_from=date(2023, 1, 1)),
        PersonMoved(person="p-1", unit="CVP", valid_from=date(2024, 1, 1)),
        PersonMoved(person="p-1", unit=None, valid_from=MERGER),
        PersonMoved(person="p-1", unit="TH", valid_from=date(2026, 1, 1)),
    )
    days = (START, date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1), MERGER, date(2026, 1, 1))
    units = [(await copy.directories.at(day)).units_of("p-1") for day in days]
    assert units == [("TH",), ("TH", "KT", "NC"), ("TH", "NC"), ("CVP", "NC"), (), ("TH",)]


def granted(to: str = "p-2", first: date = date(2023, 3, 1), last: date = date(2023, 3, 10)) -> DelegationGranted:
    return DelegationGranted(post="CVP", to=to, actions=("assign_case",), valid_from=first, valid_to=last, basis=None)


async def test_a_delegation_is_in_force_on_its_days_unless_it_is_revoked(copy: Copy) -> None:
    await copy.take(unit("CVP", "Chánh Văn phòng"), post("CVP", "CVP"), held("CVP", "p-1"))
    copy.story.tell("delegation-1", granted(), at(START))
    await copy.take(unit("X", "X"))
    days = (date(2023, 2, 28), date(2023, 3, 1), date(2023, 3, 10), date(2023, 3, 11))
    in_force = [len((await copy.directories.at(day)).delegations_to("p-2")) for day in days]
    assert in_force == [0, 1, 1, 0]
    copy.story.tell("delegation-1", DelegationRevoked(valid_from=date(2023, 3, 10), basis=None), at(START))
    await copy.take(unit("Y", "Y"))
    assert [len((await copy.directories.at(day)).delegations_to("p-2")) for day in days] == [0, 1, 0, 0]


async def test_a_delegation_lapses_when_the_post_changes_hands(copy: Copy) -> None:
    await copy.take(unit("CVP", "Chánh Văn phòng"), post("CVP", "CVP"), held("CVP", "p-1", acting=True))
    copy.story.tell("delegation-1", granted(), at(START))
    await copy.take(held("CVP", "p-1", date(2023, 3, 5)), held("CVP", "p-9", date(2023, 3, 8)))
    days = (date(2023, 3, 4), date(2023, 3, 5), date(2023, 3, 7), date(2023, 3, 8))
    assert [len((await copy.directories.at(day)).delegations) for day in days] == [1, 1, 1, 0]


async def test_whoever_asks_stands_as_the_directory_says_on_that_day(copy: Copy) -> None:
    renamed = UnitRenamed(unit="CVP", code="CVP", name="Chánh Văn phòng mới", valid_from=date(2022, 1, 1))
    office = unit("VPUB", "Văn phòng", UnitKind.OFFICE, "VPUB")
    await copy.take(office, unit("CVP", "Chánh Văn phòng", UnitKind.DIVISION, "VPUB"), renamed)
    await copy.take(post("CVP", "CVP"), held("CVP", "p-1"), post("PCVP", "CVP", Role.DEPUTY), held("PCVP", "p-2"))
    copy.story.tell("delegation-1", granted(), at(START))
    await copy.take(unit("X", "X"))
    deputy = Subject(person="p-2", tenant="sonla", office="VPUB", unit="CVP", capacities=frozenset({Role.DEPUTY}))
    found = await standing_in(copy.directories)(deputy, date(2023, 3, 1))
    head = Delegated(delegation="delegation-1", post="CVP", role=Role.CHIEF, office="VPUB", unit="CVP")
    assert found.unit_version == date(2022, 1, 1)
    assert found.post("CVP", Role.DEPUTY) == "PCVP"
    assert found.post("CVP", Role.CHIEF) is None
    assert found.delegated("assign_case") == (head,)
    assert found.delegated("close_case") == ()
    assert (await standing_in(copy.directories)(deputy, date(2023, 3, 11))).delegations == ()


async def test_before_anything_has_arrived_nobody_stands_anywhere(copy: Copy) -> None:
    deputy = Subject(person="p-2", tenant="sonla", office="VPUB", unit="CVP", capacities=frozenset({Role.DEPUTY}))
    assert await standing_in(copy.directories)(deputy, START) == Standing()


def succeeded(key: str, *lines: tuple[str | None, str], since: date = MERGER) -> UnitSucceeded:
    successions = tuple(Succession(field=field, to=to) for field, to in lines)
    return UnitSucceeded(unit=key, successions=successions, basis="14/NQ-HĐND", valid_from=since)


async def merged(copy: Copy) -> Directory:
    """The mergers of 03/2025, as far as a few bodies show them."""
    for key, name in (("SLDTBXH", "Sở Lao động"), ("SNV", "Sở Nội vụ"), ("SGTVT", "Sở Giao thông"), ("SXD", "Sở Xây dựng")):
        await copy.take(unit(key, name))
    await copy.take(
        unit("SNNMT", "Sở Nông nghiệp và Môi trường", since=MERGER),
        unit("SDTTG", "Sở Dân tộc và Tôn giáo", since=MERGER),
        succeeded("SLDTBXH", ("giam-ngheo", "SNNMT"), (None, "SNV")),
        UnitDissolved(unit="SLDTBXH", valid_from=MERGER),
        succeeded("SGTVT", (None, "SXD")),
        UnitDissolved(unit="SGTVT", valid_from=MERGER),
        succeeded("SNV", ("ton-giao", "SDTTG")),
        unit("CU", "Ban cũ"),
        UnitDissolved(unit="CU", valid_from=MERGER),
    )
    return await copy.directories.at(MERGER)


async def test_successors_depend_on_the_field(copy: Copy) -> None:
    after = await merged(copy)
    before = await copy.directories.at(date(2025, 2, 28))
    assert before.successors("SLDTBXH", "giam-ngheo") == ("SLDTBXH",)
    assert after.successors("SLDTBXH", "giam-ngheo") == ("SNNMT",)
    assert after.successors("SLDTBXH", "lao-dong-ncc") == ("SNV",)
    assert after.successors("SLDTBXH") == ("SNV", "SNNMT")
    assert after.successors("SNV", "ton-giao") == ("SDTTG",)
    assert after.successors("SNV", "can-bo") == ("SNV",)
    assert after.successors("SNV") == ("SNV",)
    assert after.successors("CU", "can-bo") == ()
    assert before.stands_for("SNV") == {"SNV"}
    assert {"SNV", "SLDTBXH"} <= after.stands_for("SNV")
    assert "SLDTBXH" in after.stands_for("SNNMT")
    assert "SNV" not in after.stands_for("SDTTG")  # it gave a field away, and is still there


async def test_a_succession_of_a_succession_is_followed(copy: Copy) -> None:
    await merged(copy)
    july = date(2025, 7, 1)
    await copy.take(succeeded("SXD", (None, "SNNMT"), since=july), UnitDissolved(unit="SXD", valid_from=july))
    assert (await copy.directories.at(july)).successors("SGTVT", "giao-thong") == ("SNNMT",)
    assert await copy.directories.next_reorganisation(MERGER) == july
    assert await copy.directories.next_reorganisation(july) is None


async def test_a_view_of_today_says_what_it_was_called_before(copy: Copy) -> None:
    renamed = UnitRenamed(unit="MCH", code="123", name="Thị xã Mộc Châu", valid_from=date(2025, 2, 1))
    await copy.take(unit("MCH", "Huyện Mộc Châu"), renamed)
    today = await merged(copy)
    assert today.label_today("MCH") == "Thị xã Mộc Châu (trước là Huyện Mộc Châu)"
    assert today.label_today("SXD") == "Sở Xây dựng"
    assert today.label_today("SGTVT") == "Sở Xây dựng (trước là Sở Giao thông)"
    assert today.label_today("SLDTBXH", "giam-ngheo") == "Sở Nông nghiệp và Môi trường (trước là Sở Lao động)"
    assert today.label_today("SLDTBXH") == "Sở Lao động (nay là Sở Nội vụ; Sở Nông nghiệp và Môi trường)"
    assert today.label_today("CU") == "Ban cũ (đến 01/03/2025)"
    assert (await copy.directories.at(START)).label_today("MCH") == "Huyện Mộc Châu"


async def test_of_work_begun_on_a_day_a_view_of_today_says_the_name_of_then(copy: Copy) -> None:
    for name, since in (("Thị xã Mộc Châu", date(2025, 2, 1)), ("Phường Mộc Châu", date(2025, 2, 20))):
        await copy.take(*((unit("MCH", "Huyện Mộc Châu"),) if since.day == 1 else ()))
        await copy.take(UnitRenamed(unit="MCH", code="123", name=name, valid_from=since))
    today = await merged(copy)
    assert today.label_today("MCH", begun=START) == "Phường Mộc Châu (trước là Huyện Mộc Châu)"
    assert today.label_today("MCH", begun=date(2025, 2, 1)) == "Phường Mộc Châu (trước là Thị xã Mộc Châu)"
    assert today.label_today("MCH", begun=date(2025, 2, 20)) == "Phường Mộc Châu"
    assert today.label_today("SXD", begun=START) == "Sở Xây dựng"
    assert today.label_today("CU", begun=START) == "Ban cũ (đến 01/03/2025)"
    assert (await copy.directories.at(START)).label_today("MCH", begun=START) == "Huyện Mộc Châu"


async def test_work_that_a_successor_has_says_who_had_it_first(copy: Copy) -> None:
    today = await merged(copy)
    assert today.label_today("SXD", begun=START, first="SGTVT") == "Sở Xây dựng (trước là Sở Giao thông)"
    assert today.label_today("SGTVT", begun=START, first="SGTVT") == "Sở Xây dựng (trước là Sở Giao thông)"
    split = today.label_today("SNNMT", "giam-ngheo", begun=START, first="SLDTBXH")
    assert split == "Sở Nông nghiệp và Môi trường (trước là Sở Lao động)"
    assert today.label_today("SLDTBXH", begun=START) == "Sở Lao động (nay là Sở Nội vụ; Sở Nông nghiệp và Môi trường)"
    # Whoever passed work on to a unit that did not succeed it was not that unit under another name.
    assert today.label_today("SXD", begun=START, first="SLDTBXH") == "Sở Xây dựng"


async def test_a_recipient_s_successor_takes_its_place(copy: Copy) -> None:
    await copy.take(unit("BDVTU", "Ban Dân vận"), unit("BTGTU", "Ban Tuyên giáo"))
    lines = [Recipient(role=f"r{n}", unit=key, purpose="Báo cáo", mandatory=True) for n, key in enumerate(("BDVTU", "BTGTU"))]
    await copy.take(RecipientsSet(office="VPUB", kind="bao_cao", recipients=tuple(lines), valid_from=START))
    await copy.take(unit("BTGDVTU", "Ban Tuyên giáo và Dân vận", since=MERGER))
    for key in ("BDVTU", "BTGTU"):
        await copy.take(succeeded(key, (None, "BTGDVTU")), UnitDissolved(unit=key, valid_from=MERGER))
    assert (await copy.directories.at(START)).recipients("VPUB", "bao_cao") == tuple(lines)
    assert [line.unit for line in (await copy.directories.at(MERGER)).recipients("VPUB", "bao_cao")] == ["BTGDVTU"]
    assert (await copy.directories.at(MERGER)).recipients("VPUB", "thong_bao") == ()


async def test_a_place_is_found_under_its_rival_spellings(copy: Copy) -> None:
    await copy.take(
        unit("X-LIEN-HOA", "Xã Liên Hòa"),
        UnitAliasAdded(unit="X-LIEN-HOA", alias="Liên Hoà"),
        unit("X-CC-MC", "Xã Chiềng Chung (Mộc Châu)"),
        UnitAliasAdded(unit="X-CC-MC", alias="Chiềng Chung"),
        unit("X-CC-MS", "Xã Chiềng Chung (Mai Sơn)"),
        UnitAliasAdded(unit="X-CC-MS", alias="Chiềng Chung"),
    )
    today = await copy.directories.at(START)
    for spelling in ("Xã Liên Hòa", "liên hoà", "LIEN HOA", " Xa Lien Hoa "):
        assert today.find(spelling) == ("X-LIEN-HOA",)
    assert today.find("chiềng chung") == ("X-CC-MC", "X-CC-MS")
    assert today.find("Mường É") == ()


async def test_several_units_lead_a_field_and_a_unit_leads_several(copy: Copy) -> None:
    await copy.take(
        FieldLeadSet(field="thu-tuc", office="VPUB", lead="KSTTHC", valid_from=START),
        FurtherLeadsSet(field="thu-tuc", office="VPUB", leads=("TTHCC",), valid_from=MERGER),
        FieldLeadSet(field="tiep-cong-dan", office="VPUB", lead="KSTTHC", valid_from=START),
    )
    assert (await copy.directories.at(START)).leads_of("thu-tuc", "VPUB") == ("KSTTHC",)
    after = await copy.directories.at(MERGER)
    assert after.leads_of("thu-tuc", "VPUB") == ("KSTTHC", "TTHCC")
    assert after.leads_of("thu-tuc", "UBND-MSO") == ()
    assert after.fields_of("KSTTHC") == ("thu-tuc", "tiep-cong-dan")
    assert after.fields_of("TTHCC") == ("thu-tuc",)


async def test_the_party_leads_in_the_fields_of_the_day_and_before_any_list_in_the_built_in_ones(copy: Copy) -> None:
    await copy.take(PartyFieldsSet(fields=("khac",), valid_from=date(2022, 1, 1)), PartyFieldsSet(fields=(), valid_from=MERGER))
    found = [(await copy.directories.at(day)).party_fields for day in (START, date(2022, 1, 1), MERGER)]
    assert found == [PARTY_FIELDS, {"khac"}, frozenset()]


async def test_who_is_in_charge_is_who_holds_the_post_or_acts_for_it_on_the_day(copy: Copy) -> None:
    await copy.take(unit("VPUB", "Văn phòng", UnitKind.OFFICE, "VPUB"), unit("CVP", "Lãnh đạo", UnitKind.DIVISION, "VPUB"))
    for key, role in (("CVP", Role.CHIEF), ("PCVP", Role.DEPUTY)):
        await copy.take(PostCreated(post=key, unit="CVP", name=key, role=role, valid_from=START))
        await copy.take(PostHeld(post=key, person=f"p-{key}", acting=False, valid_from=START))
    await copy.take(ChargeSet(office="VPUB", post="PCVP", fields=("khac",), units=("TH",), valid_from=START))
    await copy.take(ChargeSet(office="VPUB", post="PCVP", fields=(), units=("TH",), valid_from=MERGER))
    before, after = await copy.directories.at(START), await copy.directories.at(MERGER)
    charge = Charge(frozenset({"khac"}), frozenset({"TH"}), frozenset({"p-PCVP"}))
    assert before.charges("VPUB", "conclude_appraisal") == (charge,)
    assert after.charges("VPUB", "conclude_appraisal") == (replace(charge, fields=frozenset()),)
    assert before.charges("UBND-MSO", "conclude_appraisal") == ()
    assert before.heads("VPUB", "conclude_appraisal") == {"p-CVP"}
    other = DelegationGranted(post="CVP", to="p-else", actions=("approve_answer",), valid_from=START, valid_to=START, basis=None)
    await copy.take(other)
    assert (await copy.directories.at(START)).heads("VPUB", "conclude_appraisal") == {"p-CVP"}


async def test_the_rules_of_a_day_are_the_office_s_own_else_every_office_s_else_the_built_in_ones(copy: Copy) -> None:
    def published(office: str | None, version: str, days: int, since: date) -> RulesPublished:
        rule = DeadlineRule(rule="answer", days=days, counting=Counting.WORKING_DAYS)
        return RulesPublished(office=office, version=version, rules=(rule,), valid_from=since)

    await copy.take(published(None, "all.1", 7, date(2022, 1, 1)), published("VPUB", "own.1", 5, MERGER))
    found = [(await copy.directories.at(day)).rules_of("VPUB") for day in (START, date(2022, 1, 1), MERGER)]
    assert [(rules.version, rules.deadline("answer").days) for rules in found] == [("2023.1", 10), ("all.1", 7), ("own.1", 5)]
    after = await copy.directories.at(MERGER)
    assert after.rules_of("UBND-MSO").version == "all.1"
    assert after.rules_of("VPUB", START).version == "2023.1"
