"""What stands behind a figure on a terminal: the episodes of a cell, or where one episode is counted and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.commands.output import facts, listing, local, out


def open_cell(found: Mapping[str, Any]) -> None:
    """The figure, and a line for each episode or other thing it counts with the event that puts it there."""
    column = found["cell"].partition("@")[0].rpartition("/")[2]
    out().print(f"{found['cell']} · {found['label']} · {found['heading']}: {found['value']}", style="bold", markup=False)
    if "episodes" in found:
        _episodes(found["episodes"], column)
    else:
        _counted(found["counted"], column)


def _episodes(episodes: Sequence[Mapping[str, Any]], column: str) -> None:
    columns = {
        "episode": "lượt xử lý",
        "because": "vì",
        "at": "lúc",
        "event": "sự kiện",
        "due": "hạn",
        "columns": "được tính ở cột",
    }
    adjusts = {"change": "±", **columns, "why": "khác báo cáo trước"} if column == "A1" else columns
    rows = [
        {
            "episode": each["episode"],
            "change": f"{each['change']:+d}" if "change" in each else "",
            "why": each["why"]["said"]["vi"] if "why" in each else "",
            "because": each["because"][column]["kind"],
            "at": local(each["because"][column]["at"]),
            "event": _event(each["because"][column]),
            "due": each["due"] or each["because"][column]["due"] or "",
            "columns": " ".join(each["columns"]),
        }
        for each in episodes
    ]
    listing(rows, adjusts, as_json=False, empty="Không có lượt nào.")


def _counted(counted: Sequence[Mapping[str, Any]], column: str) -> None:
    rows = [
        {
            "name": each["name"],
            "n": each["n"],
            "why": each["why"][column]["said"]["vi"],
            "because": each["because"][column]["kind"],
            "columns": " ".join(each["columns"]),
            **_placed(each["because"][column]),
        }
        for each in counted
    ]
    columns = {"name": "được tính", "n": "số", "why": "vì", "because": "việc", "at": "lúc", "event": "sự kiện"}
    listing(rows, {**columns, "columns": "được tính ở cột"}, as_json=False, empty="Không có gì.")


def explain(found: Mapping[str, Any]) -> None:
    """The verdict, the rows and columns or the cells, and every fact and value it rests on."""
    if "stream" in found:
        _explain_stream(found)
        return
    facts(
        {
            "episode": found["episode"],
            "verdict": found["said"]["vi"],
            "columns": " ".join(found["columns"]) or "–",
            **found["rows"],
            **({"left open": " · ".join((found["left_open"] or {}).values()) or "–"} if "left_open" in found else {}),
            "due": found["due"] or "–",
        },
        as_json=False,
    )
    out().print()
    told = [{"what": fact["kind"], "value": fact["due"] or "", **_placed(fact)} for fact in found["facts"]]
    told += [{"what": value["dimension"], "value": value["value"] or "–", **_placed(value)} for value in found["values"]]
    columns = {"at": "lúc", "what": "điều gì", "value": "giá trị", "event": "sự kiện"}
    listing(sorted(told, key=lambda row: row["at"]), columns, as_json=False, empty="")


def _explain_stream(found: Mapping[str, Any]) -> None:
    facts({"stream": found["stream"], "verdict": found["said"]["vi"]}, as_json=False)
    out().print()
    rows = [{**each, "why": each["why"]["said"]["vi"], **_placed(each["because"])} for each in found["cells"]]
    columns = {"cell": "ô", "name": "được tính", "n": "số", "why": "vì", "at": "lúc", "event": "sự kiện"}
    listing(rows, columns, as_json=False, empty="Không ô nào.")
    out().print()
    told = [{"what": fact["kind"], "value": fact["due"] or fact["unit"] or "", **_placed(fact)} for fact in found["facts"]]
    listing(told, {"at": "lúc", "what": "điều gì", "value": "giá trị", "event": "sự kiện"}, as_json=False, empty="")


def _placed(fact: Mapping[str, Any]) -> dict[str, str]:
    return {"at": local(fact["at"]), "event": _event(fact)}


def _event(fact: Mapping[str, Any]) -> str:
    """Where it can be read: `doithoai events --service … --after …`."""
    return f"{fact['source']} {fact['position']}"
