"""Rows of cases as people are shown them, with what is wanted of each."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.readmodel.cases.tables import cases_case, cases_wish
from services.assignment.readmodel.cases.views import CaseDetail, CaseRow
from shared.calendar import day_starts, local_day
from shared.clock import instant
from shared.contracts.opinion import HIDDEN_SPEAKER, Wish
from shared.directory.snapshot import Directory

Wishes = Mapping[str, tuple[str, ...]]
# A matter that has ended may be wanted again, and one that has not may be added to. Taking it back is decided at once, but
# where others were merged into it: that waits for a person.
PENDING: Final = and_(
    cases_wish.c.tenant == cases_case.c.tenant,
    cases_wish.c.case_id == cases_case.c.case_id,
    cases_wish.c.wished_at > cases_case.c.episode_at,
    or_(
        and_(
            cases_wish.c.wish == Wish.REOPEN.value,
            ~cases_case.c.open,
            or_(cases_case.c.declined_at.is_(None), cases_wish.c.wished_at > cases_case.c.declined_at),
        ),
        and_(cases_wish.c.wish.in_((Wish.ADD.value, Wish.WITHDRAW.value)), cases_case.c.open),
    ),
)


async def wishes_of(connection: AsyncConnection, tenant: str, cases: Sequence[Mapping[str, Any]]) -> Wishes:
    """What is wanted of these cases and was not decided about, by case."""
    asked = (
        select(cases_wish.c.case_id, cases_wish.c.wish)
        .join(cases_case, PENDING)
        .where(cases_case.c.tenant == tenant, cases_case.c.case_id.in_([case["case_id"] for case in cases]))
        .order_by(cases_wish.c.wish)
    )
    found: dict[str, tuple[str, ...]] = {}
    for case_id, wish in await connection.execute(asked):
        found[case_id] = (*found.get(case_id, ()), wish)
    return found


def _label(row: Mapping[str, Any], unit: str, directory: Directory, *, first: str | None = None) -> str:
    return directory.label_today(unit, row["field"], begun=local_day(instant(row["received_at"])), first=first)


def labels_of(row: Mapping[str, Any], column: str, directory: Directory) -> tuple[str, ...]:
    """The names of the units that a column lists."""
    return tuple(_label(row, unit, directory) for unit in row[column].split())


def row_of(row: Mapping[str, Any], directory: Directory, wishes: Wishes, *, head: bool) -> CaseRow:
    """A case as lists show it, on the directory's day; of a diverted one, unless to the `head`, its pointer (R47)."""
    if row["diverted"] and not head:
        return _pointer(row)
    due = date.fromisoformat(row["due_day"])
    resolved = row["resolved_at"]
    return CaseRow(
        id=row["case_id"],
        version=row["version"],
        opinion=row["opinion"],
        episode=row["episode"],
        office=row["office"],
        unit=row["unit"],
        unit_label=_label(row, row["unit"], directory),
        lead=row["lead"],
        lead_label=_label(row, row["lead"], directory, first=row["first_lead"]) if row["lead"] else None,
        task=row["task_id"],
        stage=row["stage"],
        field=row["field"],
        kind=row["kind"],
        source_group=row["source_group"],
        channel=row["channel"],
        locality=row["locality"],
        flags=tuple(row["flags"].split()),
        hidden=bool(row["hidden"]),
        speaker=HIDDEN_SPEAKER if row["hidden"] else None,
        due=due,
        overdue=bool(row["open"]) and directory.day > due,
        received_at=instant(row["received_at"]),
        resolved_at=None if resolved is None else instant(resolved),
        session=row["session"],
        directed=bool(row["directed"]),
        concluded=bool(row["concluded"]),
        authority=row["authority"],
        into=row["into_case"],
        wishes=wishes.get(row["case_id"], ()),
    )


def _pointer(row: Mapping[str, Any]) -> CaseRow:
    """That it was received on that day and diverted, and no more."""
    received = local_day(instant(row["received_at"]))
    empty: dict[str, Any] = dict.fromkeys(("unit", "unit_label", "field", "kind", "source_group", "channel"), "")
    empty |= dict.fromkeys(("lead", "lead_label", "task", "locality", "due", "resolved_at", "session", "authority", "into"))
    return CaseRow(
        id=row["case_id"],
        version=row["version"],
        opinion=row["opinion"],
        episode=row["episode"],
        office=row["office"],
        stage=row["stage"],
        flags=(),
        hidden=True,
        speaker=HIDDEN_SPEAKER,
        overdue=False,
        received_at=day_starts(received),
        directed=False,
        concluded=False,
        wishes=(),
        **empty,
    )


def pointer_detail(row: Mapping[str, Any]) -> CaseDetail:
    """The pointer of a diverted case where one case is asked for, with nothing of what was worked on it (R47)."""
    shown = _pointer(row)
    several = ("concerns_units", "concerns_posts", "proposed", "coordinating", "consulting", "submitters", "drafts")
    empty: dict[str, Any] = dict.fromkeys(
        (*several, *(f"{each}_labels" for each in ("concerns_units", "proposed", "coordinating", "consulting"))), ()
    )
    return CaseDetail(
        **{name: getattr(shown, name) for name in shown.__slots__},
        declined_at=None,
        paper=row["paper"],
        derivation={},
        assign_by=None,
        words={},
        **empty,
    )
