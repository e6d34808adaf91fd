"""The tables of the report: what each reads, and how it is put before a reader."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from services.reporting.domain.figures import beside, conclusions, dialogues, gathering
from services.reporting.domain.figures.columns import Counted
from services.reporting.domain.figures.episodes import latest
from services.reporting.domain.figures.tallies import summed
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel import headings, tallying
from services.reporting.readmodel.breakdown import By, shown, subtotals
from services.reporting.readmodel.counting import counted_in
from services.reporting.readmodel.places import Dimension, matter_of
from services.reporting.readmodel.reading import Reading
from services.reporting.readmodel.rolling import Rolling
from shared.directory.snapshot import Directory


class Table(StrEnum):
    """The forms, and what is counted beside them."""

    DIALOGUES = "bieu-01"
    OPINIONS = "bieu-02"
    BY_UNIT = "bieu-03"
    BY_PLACE = "bieu-04"
    CONCLUSIONS = "bieu-05"
    CHAIRMAN = "track-b"
    REQUESTS = "requests"
    DISSEMINATION = "dissemination"
    URGING = "urging"
    GATHERING = "consolidation"


class Units(StrEnum):
    """Under which units the work stands."""

    WAS = "was"  # those that had it then
    NOW = "now"  # those that hold it today


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is asked for: the window, the directory of its last day, that of today, the breakdown."""

    window: Window
    then: Directory
    today: Directory | None  # where units are to stand under their successors
    by: By | None

    @property
    def names(self) -> Directory:
        """Where the names come from."""
        return self.today or self.then


Answer = dict[str, Any]
Make = Callable[[], Answer]  # counts what was read: no longer needs the database
TITLES: Final[Mapping[Table, str]] = {
    Table.DIALOGUES: "Biểu 01 – Cuộc đối thoại",
    Table.OPINIONS: "Biểu 02 – Ý kiến",
    Table.BY_UNIT: "Biểu 03 – Ý kiến theo đơn vị chủ trì",
    Table.BY_PLACE: "Biểu 04 – Ý kiến theo địa bàn và nguồn",
    Table.CONCLUSIONS: "Biểu 05 – Thực hiện kết luận",
    Table.CHAIRMAN: "Đối thoại của Chủ tịch UBND tỉnh",
    Table.REQUESTS: "Yêu cầu đối thoại",
    Table.DISSEMINATION: "Tuyên truyền, phổ biến",
    Table.URGING: "Đôn đốc tham mưu trả lời",
    Table.GATHERING: "Tổng hợp ý kiến của đơn vị",
}
BREAKDOWN: Final[Mapping[Table, By]] = {Table.OPINIONS: By.FIELD, Table.BY_UNIT: By.UNIT, Table.BY_PLACE: By.LOCALITY}


async def read_table(table: Table, asked: Asked, reading: Reading) -> Make:
    """Read what `table` needs; what is returned counts it."""
    if table in BREAKDOWN:
        return await _opinions(table, asked, reading)
    return await _OTHERS[table](asked, reading)


async def count_together(asked: Asked, reading: Reading) -> None:
    """Count the opinions by every breakdown of the tables at once, for each of them to find."""
    breakdowns = (*BREAKDOWN.values(), By.SOURCE)
    _found(reading).update(await counted_in(reading, asked.window, breakdowns))


async def counts(asked: Asked, reading: Reading, by: By, rolling: Rolling | None = None) -> tuple[Counted, Counted]:
    """The opinions counted by `by`, and by source group."""
    found = _found(reading)
    if not {by, By.SOURCE} <= found.keys():
        found.update(await counted_in(reading, asked.window, [by, By.SOURCE], rolling.roll if rolling else None))
    return found[by], found[By.SOURCE]


def _found(reading: Reading) -> dict[By, Counted]:
    kept: dict[By, Counted] = reading.kept.setdefault("counted", {})
    return kept


async def _opinions(table: Table, asked: Asked, reading: Reading) -> Make:
    by = asked.by or BREAKDOWN[table]
    rolling = Rolling(asked.today) if asked.today else None
    counted, by_source = await counts(asked, reading, by, rolling)

    def make() -> Answer:
        answer: Answer = {"by": by.value, "columns": headings.columns(headings.OPINIONS)}
        answer |= shown(counted, by, asked.names, today=asked.today is not None) | {"subtotals": subtotals(by_source)}
        if table is Table.BY_PLACE and by is By.LOCALITY:
            answer["sources"] = shown(by_source, By.SOURCE, asked.names)["rows"]
        _tell_apart(answer, by_source, asked.names)
        return answer | (rolling.told() if rolling else {})

    return make


def _tell_apart(answer: Answer, by_source: Counted, names: Directory) -> None:
    """What does not add up by source group is broken too."""
    broken = shown(by_source, By.SOURCE, names).get("broken", [])
    known = answer.get("broken", [])
    if further := [each for each in broken if each not in known]:
        answer["broken"] = [*known, *further]


async def _dialogues(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.form_01(reading, asked.window)

    def make() -> Answer:
        form = counted()
        keys = [dialogues.row_of(track, trigger) for track, trigger in dialogues.ROWS]
        senseless = {dialogues.row_of(track, trigger) for track, trigger in dialogues.SENSELESS} - form.rows.keys()
        keys += sorted(form.rows.keys() - set(keys))
        rows = [
            {"key": key, "label": _label(key), **dict.fromkeys(dialogues.COLUMNS, "x")}
            if key in senseless
            else _line(form.rows.get(key, dialogues.Line(key)), _label(key))
            for key in keys
        ]
        outside = [_line(form.chairman, headings.TRACKS[form.chairman.key])]
        answer = {"columns": headings.columns(headings.DIALOGUES), "rows": rows, "total": _line(form.total, "Tổng")}
        broken = [{"key": key, "identities": list(names)} for key, names in form.broken().items()]
        return {**answer, "outside": outside, **({"broken": broken} if broken else {})}

    return make


async def _conclusions(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.form_05(reading, asked.window)
    placed = {matter_of(item.episode) for item in await tallying.items_of(reading) if item.episode}
    fields = latest(await reading.values_of(Dimension.FIELD, placed)) if asked.today else {}
    rolling = Rolling(asked.today) if asked.today else None

    def unit_of(line: conclusions.Line) -> str | None:
        field = fields.get(line.item.episode or "")
        return rolling.roll(line.unit, field) if rolling and line.unit else line.unit

    def make() -> Answer:
        lines = counted()
        total = {column: sum(line.columns[column] for line in lines) for column in conclusions.COLUMNS}
        answer: Answer = {"columns": headings.columns(headings.CONCLUSIONS)}
        answer["rows"] = [_conclusion(line, unit_of(line), asked.names) for line in lines]
        answer["total"] = {"key": "total", "label": "Tổng", **total}
        identity = "given = done + open + dropped"
        if broken := [{"key": row["key"], "identities": [identity]} for row in answer["rows"] if not conclusions.adds_up(row)]:
            answer["broken"] = broken
        return answer | (rolling.told() if rolling else {})

    return make


async def _chairman(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.form_01(reading, asked.window)
    proposed = await tallying.proposals(reading, asked.window)

    def make() -> Answer:
        line = counted().chairman
        found = {**summed(beside.PROPOSALS, proposed()), **line.columns()}
        answer = _beside({**headings.PROPOSALS, **headings.DIALOGUES}, found, headings.TRACKS[line.key])
        broken = [{"key": "total", "identities": list(line.broken())}] if line.broken() else []
        return answer | ({"broken": broken} if broken else {})

    return make


async def _requests(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.requests(reading, asked.window)
    return lambda: _beside(headings.REQUESTS, summed(beside.REQUESTS, counted()), TITLES[Table.REQUESTS])


async def _dissemination(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.dissemination(reading, asked.window)
    return lambda: _beside(headings.DISSEMINATION, summed(beside.DISSEMINATION, counted()), TITLES[Table.DISSEMINATION])


async def _urging(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.urging(reading, asked.window)
    return lambda: _beside(headings.URGING, summed(beside.URGING, counted()), TITLES[Table.URGING])


async def _gathering(asked: Asked, reading: Reading) -> Make:
    counted = await tallying.rounds(reading, asked.window)

    def make() -> Answer:
        rows = [_round(each) for each in counted()]
        total = {column: sum(row[column] for row in rows) for column in gathering.COLUMNS}
        answer: Answer = {"columns": headings.columns(headings.GATHERING), "rows": rows}
        answer["total"] = {"key": "total", "label": "Tổng", **total}
        identity = "asked = handed in + silent"
        if broken := [{"key": row["key"], "identities": [identity]} for row in rows if not gathering.adds_up(row)]:
            answer["broken"] = broken
        return answer

    return make


_OTHERS: Final[Mapping[Table, Callable[[Asked, Reading], Awaitable[Make]]]] = {
    Table.DIALOGUES: _dialogues,
    Table.CONCLUSIONS: _conclusions,
    Table.CHAIRMAN: _chairman,
    Table.REQUESTS: _requests,
    Table.DISSEMINATION: _dissemination,
    Table.URGING: _urging,
    Table.GATHERING: _gathering,
}


def _beside(heads: Mapping[str, str], counted: Mapping[str, int], label: str) -> Answer:
    row = {"key": "total", "label": label, **counted}
    return {"columns": headings.columns(heads), "rows": [], "total": row}


def _round(one: gathering.Round) -> dict[str, Any]:
    return {"key": one.about, "label": f"Đợt có hạn {one.due:%d/%m/%Y}", "due": one.due.isoformat(), **one.columns()}


def _line(line: dialogues.Line, label: str) -> dict[str, Any]:
    return {"key": line.key, "label": label, **line.columns()}


def _label(key: str) -> str:
    track, _, trigger = key.partition("/")
    return f"{headings.TRACKS.get(track, track)}, {headings.TRIGGERS.get(trigger, trigger)}"


def _conclusion(line: conclusions.Line, unit: str | None, names: Directory) -> dict[str, Any]:
    item = line.item
    due = f"hạn {date.fromisoformat(line.due):%d/%m/%Y}" if line.due else "không có hạn"
    label = f"{item.number}, mục {item.item}: {names.label(unit) if unit else 'chưa rõ đơn vị'}, {due}"
    placed = {"notice": item.notice, "item": item.item, "task": item.task, "case": item.case, "unit": unit, "due": line.due}
    return {"key": item.key, "label": label, **placed, **line.columns}
