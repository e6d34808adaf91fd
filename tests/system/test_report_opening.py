"""An office's first report with an opening balance: locked, settled in part, and carried on by the second."""

from pathlib import Path
from typing import Any, Final

from tests.support.commandline import doithoai, done

HUB: Final = ("--office", "VPUB", "--actor", "tchcqt-02")
JUNE, NOVEMBER = "2023-06-02T09:00:00+07:00", "2023-11-02T09:00:00+07:00"
WINDOWS: Final = {"2023-H1": ("2023-01-04", "2023-05-31"), "2023": ("2023-06-01", "2023-10-31")}
PAPER: Final = (
    "--document",
    "120/BC-VPUB",
    "--dated",
    "2022-12-30",
    "--name",
    "Báo cáo kết quả đối thoại năm 2022",
    "--issuer",
    "UBND tỉnh",
)


def ask(data: Path, verb: str, *words: Any, at: str = JUNE) -> None:
    done("report", verb, *HUB, *words, "--at", at, data=data)


def opened(data: Path, period: str, at: str) -> None:
    first, last = WINDOWS[period]
    ask(data, "open", "--period", period, "--from", first, "--to", last, at=at)


def locked(data: Path, period: str, at: str) -> Any:
    for unit in status(data, period)["units"]:
        ask(data, "waive", "--period", period, "--unit", unit["unit"], "--reason", "Không có gì thêm.", at=at)
    ask(data, "lock", "--period", period, at=at)
    found = status(data, period)
    assert (found["state"], found["blocks"]) == ("locked", [])
    counted = done("report", "verify", "--office", "VPUB", "--period", period, "--json", data=data).json
    assert (counted["agrees"], [name for name, each in counted["tables"].items() if "broken" in each]) == (True, [])
    return counted["tables"]


def status(data: Path, period: str) -> Any:
    return done("report", "status", "--office", "VPUB", "--period", period, "--json", data=data).json


def row(table: Any, key: str) -> Any:
    return table["total"] if key == "total" else next(each for each in table["rows"] if each["key"] == key)


def test_an_opening_balance_is_locked_settled_and_carried_on(own_played: Path) -> None:
    opened(own_played, "2023-H1", JUNE)
    assert "brought nothing along" in done("report", "opening", "--office", "VPUB", data=own_played).out
    ask(own_played, "bring", "--period", "2023-H1", "--line", 1, "--count", 5, "--field", "dat-dai", "--unit", "TH", *PAPER)
    ask(own_played, "bring", "--period", "2023-H1", "--line", 2, "--count", 4, *PAPER)
    ask(own_played, "unbring", "--line", 2, "--reason", "Ghi nhầm số lượng.")
    ask(own_played, "bring", "--period", "2023-H1", "--line", 2, "--count", 3, *PAPER)
    settle = ("settle", "--outcome", "resolved", "--reason", "Theo báo cáo của Phòng Tổng hợp.")
    ask(own_played, *settle, "--line", 1, "--count", 2, "--on", "2023-03-15")
    ask(own_played, "unsettle", "--line", 1, "--settlement", 1, "--reason", "Chỉ có một việc.")
    ask(own_played, *settle, "--line", 1, "--count", 1, "--on", "2023-03-15")
    first = locked(own_played, "2023-H1", JUNE)
    by_field, by_unit = first["bieu-02"], first["bieu-03"]
    assert (row(by_field, "total")["A"], row(by_field, "dat-dai")["A"], row(by_unit, "TH")["A"]) == (8, 5, 5)
    assert (row(by_field, "-")["A"], row(by_field, "total")["A1"]) == (3, 0)
    late = doithoai(
        "report", "bring", *HUB, "--period", "2023-H1", "--line", 3, "--count", 1, *PAPER, "--at", JUNE, data=own_played
    )
    assert (late.code, "report-not-open" in late.err) == (1, True)
    opened(own_played, "2023", NOVEMBER)
    ask(own_played, *settle, "--line", 1, "--count", 3, "--on", "2023-07-10", at=NOVEMBER)
    second = locked(own_played, "2023", NOVEMBER)
    for name in ("bieu-02", "bieu-03", "bieu-04"):
        for each in second[name]["rows"]:
            before = next((one["J"] for one in first[name]["rows"] if one["key"] == each["key"]), 0)
            assert each["A"] == before, (name, each["key"])
        assert second[name]["total"]["A"] == first[name]["total"]["J"]
    assert row(second["bieu-02"], "total")["A1"] == 0
    assert row(second["bieu-02"], "dat-dai")["I"] >= 3
    days = ("--office", "VPUB", "--from", "2023-06-01", "--to", "2023-10-31")
    cell = done("figures", *days, "--open", "bieu-02/-/J", "--json", data=own_played).json
    assert [(line["line"], line["count"], line["document"]["number"]) for line in cell["lines"]] == [(2, 3, "120/BC-VPUB")]
    shown = done("report", "opening", "--office", "VPUB", "--json", data=own_played).json
    assert [(line["count"], line["remain"]) for line in shown["lines"]] == [(5, 1), (3, 3)]
    listed = done("report", "opening", "--office", "VPUB", data=own_played).out
    assert ("120/BC-VPUB" in listed, "2: 1 resolved 2023-03-15" in listed, "1: 2 resolved" in listed) == (True, True, False)
    # What the first lock counts is what it was, whatever was said since.
    again = done("report", "verify", "--office", "VPUB", "--period", "2023-H1", "--json", data=own_played).json
    assert again["agrees"]
