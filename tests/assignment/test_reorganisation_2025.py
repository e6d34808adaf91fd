"""The changes of 2025 as they ship: accepted by the directory's own rules, and what they make of units, fields and names."""

import json
from collections.abc import AsyncIterator
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from deploy import sonla
from shared.contracts.roles import Role
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from tests.assignment.house import ADMIN, House, bare_house
from tests.support.hosting import subject

HOUSE_ITSELF = subject("house", "VPUB", Role.SYSTEM)
CHANGES: list[dict[str, Any]] = json.loads(
    files("deploy.sample").joinpath("reorganisation-2025.json").read_text(encoding="utf-8")
)
FEBRUARY, MARCH, JULY = date(2025, 2, 1), date(2025, 3, 1), date(2025, 7, 1)


@pytest.fixture(name="reorganised")
async def a_reorganised_house(tmp_path: Path) -> AsyncIterator[House]:
    async with bare_house(tmp_path) as house:
        for seed in sonla.commands():
            await house.ask(seed["command"], HOUSE_ITSELF, **seed["data"])
        for change in CHANGES:
            house.clock.move_to(max(house.clock.now(), datetime.fromisoformat(change["at"])))
            await house.ask(change["command"], ADMIN, **change["data"])
        await house.follow()
        yield house


async def on(house: House, day: date) -> Directory:
    return await Directories(house.database, "assignment_directory", "sonla").at(day)


async def test_the_changes_pass_the_rules_and_make_the_units_of_their_days(reorganised: House) -> None:
    before, spring, summer = [await on(reorganised, day) for day in (date(2025, 1, 31), MARCH, JULY)]
    assert (before.label("MCH"), (await on(reorganised, FEBRUARY)).label("MCH")) == ("Huyện Mộc Châu", "Thị xã Mộc Châu")
    for key in ("SNNPTNT", "STNMT", "SKHDT", "SGTVT", "STTTT", "SLDTBXH", "BDT", "BDVTU", "BTGTU"):
        assert (key in before.units, key in spring.units) == (True, False)
    kinds = [unit.kind.value for unit in summer.units.values()]
    assert (kinds.count("huyen"), kinds.count("xa"), kinds.count("phuong")) == (0, 67, 8)
    assert sum(unit.kind.value in ("xa", "phuong") for unit in spring.units.values()) == 0


@pytest.mark.parametrize(
    ("unit", "field", "successors"),
    [
        ("STNMT", "dat-dai", ("SNNMT",)),
        ("SNNPTNT", "nong-nghiep", ("SNNMT",)),
        ("SKHDT", "dau-tu-cong", ("STC",)),
        ("SGTVT", "giao-thong", ("SXD",)),
        ("STTTT", "chuyen-doi-so", ("SKHCN",)),
        ("BDT", "dan-toc", ("SDTTG",)),
        ("SNV", "ton-giao", ("SDTTG",)),
        ("SNV", "can-bo", ("SNV",)),
        ("SLDTBXH", "lao-dong-ncc", ("SNV",)),
        ("SLDTBXH", "giam-ngheo", ("SNNMT",)),
        ("SLDTBXH", "bao-tro", ("SYT",)),
        ("BDVTU", None, ("BTGDVTU",)),
        ("STP", "ho-tich", ("STP",)),
    ],
)
async def test_each_field_has_the_body_that_holds_it_now(
    reorganised: House, unit: str, field: str | None, successors: tuple[str, ...]
) -> None:
    assert (await on(reorganised, MARCH)).successors(unit, field) == successors


async def test_every_body_that_a_field_was_forwarded_to_has_one_successor_in_it(reorganised: House) -> None:
    summer = await on(reorganised, JULY)
    for field, bodies in sonla.forward_bodies().items():
        for body in bodies:
            assert len(summer.successors(body, field)) == 1, (field, body)


async def test_a_district_s_work_may_go_to_its_communes_and_one_commune_comes_of_two_districts(reorganised: House) -> None:
    summer = await on(reorganised, JULY)
    assert len(summer.successors("TCH", "nong-nghiep")) == 10
    assert "X-CHIENG-SON" in summer.successors("MCH")
    assert "X-CHIENG-SON" in summer.successors("VHO")
    communes = {unit for unit in summer.units if summer.units[unit].kind.value in ("xa", "phuong")}
    districts = [key for key in summer.ended if summer.labels[key].startswith(("Huyện", "Thành phố", "Thị xã"))]
    assert {commune for district in districts for commune in summer.successors(district)} == communes


async def test_history_shows_the_name_of_its_day_and_today_says_what_it_was(reorganised: House) -> None:
    summer = await on(reorganised, JULY)
    assert summer.label_today("SGTVT") == "Sở Xây dựng (trước là Sở Giao thông vận tải)"
    assert summer.label_today("BDVTU") == "Ban Tuyên giáo và Dân vận Tỉnh ủy (trước là Ban Dân vận Tỉnh ủy)"
    assert (await on(reorganised, date(2023, 1, 4))).label_today("SGTVT") == "Sở Giao thông vận tải"
    assert summer.label_today("TPSL").startswith("Thành phố Sơn La (nay là Phường ")


async def test_places_are_found_by_bare_name_and_rival_spelling_on_their_day(reorganised: House) -> None:
    summer, before = await on(reorganised, JULY), await on(reorganised, MARCH)
    assert summer.find("Mường é") == summer.find("xã Mường É") == summer.find("MUONG E") == ("X-MUONG-E",)
    assert summer.find("Mộc Châu") == ("P-MOC-CHAU",)
    assert before.find("Mộc Châu") == before.find("thị xã Mộc Châu") == ("MCH",)


async def test_applied_a_second_time_the_changes_change_nothing(reorganised: House) -> None:
    head = await reorganised.log.head()
    for change in CHANGES:
        await reorganised.ask(change["command"], ADMIN, **change["data"])
    assert await reorganised.log.head() == head
