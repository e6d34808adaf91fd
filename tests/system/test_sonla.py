"""The reference data that ships: complete, consistent, and the calendar as the holidays package knows it."""

from datetime import date
from typing import Any

import holidays

from deploy import sonla
from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.directory.commands import (
    AddUnitAlias,
    MakeSigningKey,
    PublishChecklist,
    RegisterField,
    RegisterUnit,
    SetFieldLead,
    SetLetterhead,
    SetPartyFields,
    SetRecipients,
)
from shared.commands import model_of

# VPCP 12729 of 25/12/2025 gave 02/01/2026 off for Saturday 10/01/2026; the package does not know it.
CORRECTED_OFF = {date(2026, 1, 2)}
CORRECTED_WORKED = {date(2026, 1, 10)}


def data_of(command: str) -> list[dict[str, Any]]:
    return [seed["data"] for seed in sonla.commands() if seed["command"] == command]


def test_the_calendar_is_that_of_the_holidays_package_with_the_swap_it_omits() -> None:
    known = holidays.country_holidays("VN", years=range(2021, 2028))
    off = {day for day in known if day.weekday() < 5} | CORRECTED_OFF
    worked = {day for day in known.weekend_workdays if 2021 <= day.year <= 2027} | CORRECTED_WORKED
    calendar = sonla.builtin_calendar()
    assert set(calendar.days_off) == off
    assert calendar.workdays == worked
    assert (calendar.first, calendar.last) == (date(2021, 1, 1), date(2027, 12, 31))


def test_every_seed_is_a_command_as_the_edge_takes_it() -> None:
    classes = {
        "publish_calendar": PublishCalendar,
        "register_unit": RegisterUnit,
        "add_unit_alias": AddUnitAlias,
        "register_field": RegisterField,
        "set_field_lead": SetFieldLead,
        "set_party_fields": SetPartyFields,
        "publish_checklist": PublishChecklist,
        "set_letterhead": SetLetterhead,
        "make_signing_key": MakeSigningKey,
        "set_recipients": SetRecipients,
    }
    for seed in sonla.commands():
        model_of(classes[seed["command"]]).model_validate(seed["data"])


def test_plan_and_report_go_to_those_whom_the_brief_names() -> None:
    lists = {each["kind"]: {line["unit"]: line for line in each["recipients"]} for each in data_of("set_recipients")}
    assert set(lists) == {"ke_hoach", "bao_cao"}
    for kind, purpose in (("ke_hoach", "Báo cáo"), ("bao_cao", "Kính gửi")):
        assert {unit for unit, line in lists[kind].items() if line["purpose"] == purpose} >= {"BDVTU", "UBND-T"}
        assert lists[kind]["BDVTU"]["mandatory"]
        assert lists[kind]["SNV"]["purpose"] == "Báo cáo"
        assert {unit for unit, line in lists[kind].items() if line["purpose"] == "Lưu"} == {"VT", "TCHCQT"}
    assert lists["ke_hoach"]["TTTT"]["purpose"] == "Công khai"


def test_offices_divisions_bodies_and_districts_are_there() -> None:
    units = {unit["unit"]: unit for unit in data_of("register_unit")}
    assert len(units) == len(data_of("register_unit"))
    assert {key for key, unit in units.items() if unit["kind"] == "van_phong"} == {"VPUB", "UBND-MSO"}
    divisions = {"TCHCQT", "TH", "NC", "KT", "KGVX", "BTCD", "KSTTHC", "TTHCC", "TTTT", "VT", "DU", "CD", "DTN-VP", "CVP"}
    assert {key for key, unit in units.items() if unit["office"] == "VPUB"} == divisions | {"VPUB"}
    assert sum(unit["kind"] == "huyen" for unit in units.values()) == 12
    assert {"SGTVT", "STNMT", "SLDTBXH", "BHXH", "PCSL", "BDVTU", "MTTQ", "LDLD"} <= set(units)


def test_the_communes_that_replaced_the_districts_carry_their_codes() -> None:
    communes = [unit for unit in data_of("register_unit") if unit["kind"] in ("xa", "phuong")]
    assert len(communes) == 75
    assert sum(unit["kind"] == "phuong" for unit in communes) == 8
    codes = {str(unit["code"]) for unit in communes}
    assert len(codes) == 75
    assert all(len(code) == 5 and code.isdigit() for code in codes)
    assert {unit["valid_from"] for unit in communes} == {"2025-07-01"}
    districts = {unit["unit"]: unit["code"] for unit in data_of("register_unit") if unit["kind"] == "huyen"}
    assert sorted(map(str, districts.values())) == [str(code) for code in range(116, 129) if code != 117]


def test_a_unit_is_registered_after_its_office_and_parent() -> None:
    seen: set[object] = set()
    for unit in data_of("register_unit"):
        assert unit["parent"] is None or unit["parent"] in seen
        assert unit["office"] in (None, unit["unit"]) or unit["office"] in seen
        seen.add(unit["unit"])


def test_a_lead_is_a_unit_of_the_office_it_answers_for() -> None:
    units = {unit["unit"]: unit for unit in data_of("register_unit")}
    for lead in data_of("set_field_lead"):
        assert units[lead["lead"]]["office"] == lead["office"]


def test_every_field_has_a_lead_at_the_office_or_a_body_it_is_forwarded_to() -> None:
    units = {unit["unit"] for unit in data_of("register_unit")}
    led = {lead["field"] for lead in data_of("set_field_lead") if lead["office"] == "VPUB"}
    forwarded = sonla.forward_bodies()
    fields = {field["field"] for field in data_of("register_field")}
    assert led | set(forwarded) == fields
    assert not led & set(forwarded)
    assert {body for bodies in forwarded.values() for body in bodies} <= units
    assert len(fields) == 45


def test_the_two_fields_of_conduct_are_restricted() -> None:
    restricted = {field["field"] for field in data_of("register_field") if field["restricted"]}
    assert restricted == {"dao-duc-loi-song", "trach-nhiem-cong-vu"}


def test_a_due_day_needs_no_installation() -> None:
    assert sonla.due_day(date(2023, 1, 13), 5) == date(2023, 1, 27)
