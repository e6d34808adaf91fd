"""A post as a form asks for it: an office, a unit, capacities; and what there is to choose from."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, get_args

from deploy.house import House
from deploy.seats import NOBODYS, refuse_of_others, refuse_unknown_place
from shared.calendar import local_day
from shared.contracts.directory import UnitKind
from shared.contracts.refusals import Invalid
from shared.contracts.roles import Role
from shared.contracts.types import PersonId
from shared.directory.snapshot import Directory
from shared.identity.accounts import Post
from shared.text import fold

CAPACITY: Final = "capacity."
ROLES: Final = tuple(role for role in Role if role not in NOBODYS)
_PERSON: Final = re.compile(get_args(PersonId)[1].pattern)
LONGEST_PERSON: Final = 40


class NoPersonId(Invalid):
    """People are named by an id everywhere but in the vault."""

    code = "no-person-id"
    title_vi = "Đây không phải mã người"
    title_en = "This is no id of a person"
    advice_vi = "Nhập mã gồm chữ thường không dấu, chữ số và gạch nối, ví dụ tchcqt-01; không nhập họ tên."
    advice_en = "Type an id of small letters, digits and hyphens, such as tchcqt-01; never a name."


class NoCapacity(Invalid):
    """A post without a capacity lets nobody do anything."""

    code = "no-capacity"
    title_vi = "Chưa chọn tư cách nào"
    title_en = "No capacity is chosen"
    advice_vi = "Đánh dấu ít nhất một tư cách."
    advice_en = "Tick at least one capacity."


async def directory_of(house: House, now: datetime) -> Directory:
    """The directory of today."""
    return await next(iter(house.services.values())).directories.at(local_day(now))


def person_of(form: Mapping[str, str]) -> str:
    """The person a form names.

    Raises:
        NoPersonId

    """
    person = form.get("person", "").strip()
    if len(person) > LONGEST_PERSON or not _PERSON.fullmatch(person):
        raise NoPersonId("person")
    return person


def post_of(form: Mapping[str, str], person: str, directory: Directory) -> Post:
    """The post a form asks for, as one that this person can have today.

    Raises:
        Unknown, NoCapacity, HeadOfAnotherOffice, PostOfSomebodyElse

    """
    chosen = frozenset(role for role in ROLES if CAPACITY + role.value in form)
    post = Post(office=form.get("office", ""), unit=form.get("unit", ""), capacities=chosen)
    refuse_unknown_place(directory, post)
    if not chosen:
        raise NoCapacity("capacity")
    refuse_of_others(directory, person, post)
    return post


def choices(directory: Directory) -> dict[str, Any]:
    """What there is to choose from: offices, units by name, capacities."""
    units = sorted(directory.units.values(), key=lambda unit: fold(unit.name))
    return {
        "offices": [(unit.key, unit.name) for unit in units if unit.kind is UnitKind.OFFICE],
        "units": [(unit.key, unit.name) for unit in units],
        "roles": [role.value for role in ROLES],
    }
