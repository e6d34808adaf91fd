"""The tables of one period added up over all offices of the province, with how far each office's report has come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.reporting.domain.document.stage import Stage
from services.reporting.domain.figures.columns import NOTHING, RATES, rates
from services.reporting.domain.report.decider import profile
from services.reporting.readmodel.access import READ_PROVINCE
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.forms import TITLES, Table
from services.reporting.readmodel.reports.queries import IN_TIME, STATES, Reports
from shared.contracts.directory import UnitKind
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.report import ReportKind
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Resource, Subject, permit

NOT_OPENED: Final[Mapping[str, str]] = {"vi": "Chưa mở kỳ báo cáo", "en": "No report is opened"}
GROUPS: Final = ("rows", "outside", "sources", "subtotals")


class Province:
    """What can be asked of all offices of one tenant together."""

    def __init__(self, figures: Figures, reports: Reports, directories: Directories, tenant: str) -> None:
        self._figures, self._reports, self._directories, self._tenant = figures, reports, directories, tenant

    async def table(self, subject: Subject, *, table: Table, kind: ReportKind, year: int) -> dict[str, Any]:
        """One table of a period, added up over the offices that have locked theirs.

        `{table, title, kind, year, offices: [{office, label, state, said, report, from, to, locked_at, sent_on, in_time,
        correction}], counted, of, columns, rows, total}` with the groups that the table has. `counted` of the `of` offices are
        in the sums; the others are in none, and where none has locked `total` is None. An office without a report has `state`
        None. What is being corrected stands until the correction is issued. Rates are worked out from the sums.

        Raises:
            Forbidden: it is for the Chairman, provincial bodies and who audits.
            Unknown: somebody of another installation asks, for whom this province is not there.

        """
        decision = permit(subject, READ_PROVINCE, Resource(tenant=self._tenant))
        if subject.tenant != self._tenant:
            raise Unknown
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)
        directory = await self._directories.at(profile(kind, year).last)
        reports = await self._reports.standing(kind, year)
        ended = [date.fromisoformat(one["to"]) for one in reports.values()]
        if ended:
            directory = await self._directories.at(max(ended))
        names = sorted({unit.key for unit in directory.units.values() if unit.kind is UnitKind.OFFICE} | reports.keys())
        told = [_told(name, reports.get(name), directory) for name in names]
        locked = [reports[name] for name in names if name in reports and reports[name]["lock"] is not None]
        head = {"table": table.value, "title": TITLES[table], "kind": kind.value, "year": year, "offices": told}
        head |= {"counted": len(locked), "of": len(told)}
        return head | _added([await self._of(table, one) for one in locked])

    async def period(self, today: date, kind: ReportKind | None = None) -> tuple[int, ReportKind]:
        """The period that was reported last: what any office has locked; where none has, what a report is due of by `today`."""
        found = await self._reports.locked_last(kind)
        if found is not None:
            return found
        kinds = [kind] if kind is not None else list(ReportKind)
        ended = [(profile(each, year).last, year, each) for each in kinds for year in (today.year - 1, today.year)]
        _, year, each = max(one for one in ended if one[0] < today)
        return year, each

    async def _of(self, table: Table, one: Mapping[str, Any]) -> dict[str, Any]:
        """The table of an office's locked report, on what it rests on."""
        house = Subject.house("add-up", tenant=self._tenant, office=one["office"])
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        basis = Basis.locked(one["lock"])
        return await self._figures.table(house, table=table, office=one["office"], first=first, last=last, as_of=basis)


def _told(office: str, one: Mapping[str, Any] | None, directory: Directory) -> dict[str, Any]:
    known = {
        name: one[name] if one else None for name in ("report", "from", "to", "locked_at", "sent_on", "in_time", "correction")
    }
    state = one["state"] if one else None
    said = {language: _said(one, language) for language in ("vi", "en")} if one else NOT_OPENED
    return {"office": office, "label": directory.label(office), "state": state, "said": said, **known}


def _said(one: Mapping[str, Any], language: str) -> str:
    """How far it is; once it must have been sent, whether it was so in time; whether a correction is to take its place."""
    state = STATES[Stage(one["state"])][language]
    judged = f", {IN_TIME[one['in_time']][language]}" if one["in_time"] is not None else ""
    corrected = {"vi": "; đang đính chính", "en": "; under correction"}[language] if one["correction"] else ""
    return f"{state[0].upper()}{state[1:]}{judged}{corrected}"


def _added(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Tables of the same kind as one: what stands under the same key is added up."""
    if not tables:
        return {"columns": [], "rows": [], "total": None}
    groups = [group for group in GROUPS if any(group in each for each in tables)]
    found: dict[str, Any] = {"columns": tables[0]["columns"]}
    if "by" in tables[0]:
        found["by"] = tables[0]["by"]
    found |= {group: _rows(row for each in tables for row in each.get(group, ())) for group in groups}
    [found["total"]] = _rows(each["total"] for each in tables)
    broken = [{**each, "office": table["office"]} for table in tables for each in table.get("broken", ())]
    return found | ({"broken": broken} if broken else {})


def _rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each key, in the order in which they first come; what has no place of its own closes them."""
    alike: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[row["key"]].append(row)
    if NOTHING in alike:
        alike[NOTHING] = alike.pop(NOTHING)
    return [_sum(each) for each in alike.values()]


def _sum(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The row that several make: counts are added, rates worked out anew, `x` stays where nothing has sense."""
    if len(rows) == 1:
        return dict(rows[0])
    names = list(dict.fromkeys(name for row in rows for name in row))
    found = {name: _value([row[name] for row in rows if name in row]) for name in names}
    return found | (rates(found) if RATES[0] in found else {})


def _value(values: Sequence[Any]) -> Any:
    counts = [value for value in values if isinstance(value, int)]
    return sum(counts) if counts else values[0]
