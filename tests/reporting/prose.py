"""What a report draws on, put together by hand: every figure 0 but those that a test names."""

from datetime import date
from typing import Any

from services.reporting.domain.figures.columns import rate
from services.reporting.domain.text.told import Cited, Told
from services.reporting.readmodel import headings
from shared.contracts.report import ReportKind

STAFF, PEOPLE, CHAIRMAN = "A1", "A2", "B"


def opinions(**given: int) -> dict[str, Any]:
    """A row of Biểu 02 that adds up: H, I, J and the rates follow from their parts."""
    n: dict[str, Any] = {**dict.fromkeys(headings.OPINIONS, 0), **given}
    n["I"], n["J"] = n["I1"] + n["I2"], n["J1"] + n["J2"]
    n["H"] = n["I"] + n["J"]
    n["C"] = n["H"] + sum(n[column] for column in "DEFG")
    n["B1"] = given.get("B1", n["C"] - n["A"] - n["A1"] - n["B2"])
    return {**n, "T1": rate(n["I"], n["H"]), "T2": rate(n["I1"], n["I"]), "T3": rate(n["I1"], n["I"] + n["J2"])}


def told(
    total: dict[str, Any] | None = None,
    *,
    dialogues: dict[str, dict[str, int]] | None = None,
    work: dict[str, int] | None = None,
    directing: int = 1,
    beside: dict[str, dict[str, int]] | None = None,
    subtotals: tuple[int, int] = (0, 0),
    **more: Any,
) -> Told:
    """The six months of 2023; `dialogues` by track, `work` of Biểu 05, from so many notices `directing` it, `beside` by table."""
    rows: list[dict[str, Any]] = [
        {"key": f"{track}/dinh_ky", "label": "", **dict.fromkeys(headings.DIALOGUES, 0), **n}
        for track, n in (dialogues or {}).items()
    ]
    forms = {
        "requests": headings.REQUESTS,
        "dissemination": headings.DISSEMINATION,
        "urging": headings.URGING,
        "consolidation": headings.GATHERING,
    }
    sources = zip(("noi_bo", "nhan_dan"), subtotals, strict=True)
    tables: dict[str, dict[str, Any]] = {
        "bieu-01": {
            "columns": headings.columns(headings.DIALOGUES),
            "rows": [row for row in rows if not row["key"].startswith(CHAIRMAN)],
            "outside": [row for row in rows if row["key"].startswith(CHAIRMAN)],
        },
        "bieu-02": {"total": total or opinions(), "subtotals": [{"key": key, "B1": n} for key, n in sources]},
        "bieu-05": {
            "total": {**dict.fromkeys(headings.CONCLUSIONS, 0), **(work or {})},
            "rows": [{"key": f"notice-{n}/1", "notice": f"notice-{n}"} for n in range(directing if work else 0)],
        },
        "track-b": {"total": {**dict.fromkeys(headings.PROPOSALS, 0), **(beside or {}).get("track-b", {})}},
        **{name: {"total": {**dict.fromkeys(form, 0), **(beside or {}).get(name, {})}} for name, form in forms.items()},
    }
    known: dict[str, Any] = {
        "office": "Văn phòng UBND tỉnh",
        "parent": "UBND tỉnh",
        "head": "Chánh Văn phòng",
        "kind": ReportKind.SIX_MONTH,
        "year": 2023,
        "first": date(2023, 1, 4),
        "last": date(2023, 5, 31),
        "before": date(2023, 6, 10),
        "carries_on": False,
        "work": {},
        "plan": Cited("01/KH-VPUB", date(2023, 1, 4)),
        "published": None,
        "last_year": None,
        "added_up": None,
        **dict.fromkeys(
            ("bases", "silent", "sent", "gathered", "held", "put_off", "notices", "refusals", "flagged", "brought"), ()
        ),
    }
    return Told(**{**known, **more}, tables=tables)
