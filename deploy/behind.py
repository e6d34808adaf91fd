"""What stands behind a figure on a terminal: the episodes of a cell, or where one episode is counted and why."""

from collections.abc import Mapping
from typing import Any

from deploy.commands.output import facts, listing, local, out


def open_cell(found: Mapping[str, Any]) -> None:
    """The figure, and a line for each episode it counts with the event that puts it there."""
    column = found["cell"].partition("@")[0].rpartition("/")[2]
    out().print(f"{found['cell']} · {found['label']} · {found['heading']}: {found['value']}", style="bold", markup=False)
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
        for each in found["episodes"]
    ]
    listing(rows, adjusts, as_json=False, empty="Không có lượt nào.")


def explain(found: Mapping[str, Any]) -> None:
    """The verdict, the rows and columns, and every fact and value it rests on."""
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


def _placed(fact: Mapping[str, Any]) -> dict[str, str]:
    return {"at": local(fact["at"]), "event": _event(fact)}


def _event(fact: Mapping[str, Any]) -> str:
    """Where it can be read: `doithoai events --service … --after …`."""
    return f"{fact['source']} {fact['position']}"
