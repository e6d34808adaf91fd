"""A report from opening to lock on one installation: the fences of both sources, the figures, and what stands against it."""

import sqlite3
from pathlib import Path
from typing import Any, Final

import orjson

from tests.support.commandline import doithoai, done

AT: Final = "2023-06-02T09:00:00+07:00"
OPEN: Final = ("--office", "VPUB", "--period", "2023-H1")
DAYS: Final = ("--from", "2023-01-04", "--to", "2023-05-31")


def ask(data: Path, verb: str, *words: str, at: str = AT) -> None:
    done("report", verb, *OPEN, *words, "--actor", "tchcqt-02", "--at", at, data=data)


def status(data: Path) -> Any:
    return done("report", "status", *OPEN, "--json", data=data).json


def opened(data: Path) -> None:
    ask(data, "open", *DAYS)


def spoken(data: Path, at: str = AT) -> None:
    """Every unit confirms but the leaders' own, which has nothing to enter."""
    units = [unit["unit"] for unit in status(data)["units"]]
    assert {"TCHCQT", "TH", "CD", "VT"} <= set(units)
    for unit in units:
        if unit == "CVP":
            ask(data, "waive", "--unit", unit, "--reason", "Lãnh đạo không nhập số liệu.", at=at)
        else:
            ask(data, "confirm", "--unit", unit, at=at)


def test_a_report_says_what_blocks_its_lock(own_played: Path) -> None:
    assert "has opened no report" in done("report", "status", "--office", "VPUB", data=own_played).out
    opened(own_played)
    found = status(own_played)
    assert (found["state"], found["from"], found["to"], found["before"]) == ("open", "2023-01-04", "2023-05-31", "2023-06-10")
    assert {each["code"] for each in found["blocks"]} == {"unit-silent"}
    assert [(each["step"], each["day"], each["late"]) for each in found["ladder"][:2]] == [
        ("lock", "2023-06-02", False),
        ("draft", "2023-06-05", False),
    ]
    early = doithoai("report", "verify", *OPEN, data=own_played)
    assert (early.code, "not-locked" in early.err) == (1, True)
    refused = doithoai("report", "lock", *OPEN, "--actor", "tchcqt-02", "--at", AT, data=own_played)
    assert refused.code == 1
    assert "units-silent" in refused.err
    reminders = done("report", "reminders", "--office", "VPUB", "--near", "366", data=own_played).out
    assert "Chốt số liệu, nhắc đơn vị: 02/06/2023" in reminders
    shown = done("report", "status", *OPEN, data=own_played).out
    assert "Phòng Tổng hợp chưa xác nhận" in shown
    assert "Các phòng góp ý" in shown


def test_the_figures_are_locked_at_the_fences_and_can_be_counted_again(own_played: Path) -> None:
    opened(own_played)
    spoken(own_played)
    ask(own_played, "lock")
    found = status(own_played)
    assert (found["state"], found["blocks"], found["attempts"]) == ("locked", [], 1)
    assert (found["ladder"][0]["done_on"], found["ladder"][0]["late"]) == ("2023-06-02", False)
    positions = {each["source"]: each["position"] for each in found["lock"]["positions"]}
    for source, position in positions.items():
        [fence] = done("events", "--service", source, "--after", position - 1, "--limit", 1, data=own_played).lines
        assert (fence["type"], fence["data"]) == ("log.fenced.v1", {"report": "report-VPUB-2023-H1"})
    units = {unit["unit"]: unit["word"] for unit in found["units"]}
    assert (units["TH"], units["CVP"]) == ("confirmed", "waived")
    as_of = ",".join(f"{source}={position}" for source, position in positions.items())
    locked = done("figures", "--office", "VPUB", *DAYS, "--as-of", as_of, "--json", data=own_played).json
    assert locked["total"]["C"] > 0
    province = ("figures", "--province", "--period", "2023-H1", "--table", "bieu-03")
    added = done(*province, "--json", data=own_played).json
    assert (added["counted"], added["of"], added["total"]["C"]) == (1, 2, locked["total"]["C"])
    assert "1 / 2 đơn vị đã chốt số liệu" in done(*province, data=own_played).out
    assert doithoai(*province, "--office", "VPUB", data=own_played).code == 2
    unlocked = done("figures", "--province", "--period", "2023", "--json", data=own_played).json
    assert (unlocked["counted"], unlocked["total"], {each["state"] for each in unlocked["offices"]}) == (0, None, {None})
    recounted = done("report", "verify", *OPEN, "--json", data=own_played).json
    assert (recounted["agrees"], recounted["figures"], recounted["differs"]) == (True, found["lock"]["figures"], {})
    assert recounted["tables"]["bieu-02"]["total"]["C"] > 0
    sheet, anew = own_played / "one.xlsx", own_played / "two.xlsx"
    done("report", "render", *OPEN, "--format", "xlsx", "--out", sheet, data=own_played)
    papers = [own_played / name for name in ("one.pdf", "one.docx", "two.pdf", "two.docx")]
    for paper in papers[:2]:
        done("report", "render", *OPEN, "--format", paper.suffix[1:], "--out", paper, data=own_played)
    done("rebuild", "reports", "--check", data=own_played)
    done("rebuild", "milestone", data=own_played)
    done("report", "render", *OPEN, "--format", "xlsx", "--out", anew, data=own_played)
    for paper in papers[2:]:
        done("report", "render", *OPEN, "--format", paper.suffix[1:], "--out", paper, data=own_played)
    assert sheet.read_bytes() == anew.read_bytes()
    assert [paper.read_bytes() for paper in papers[:2]] == [paper.read_bytes() for paper in papers[2:]]
    done("report", "render", *OPEN, "--format", "json", "--out", own_played / "one.json", data=own_played)
    nowhere = doithoai("report", "render", *OPEN, "--out", own_played / "none" / "x.xlsx", data=own_played)
    assert (nowhere.code, "--out" in nowhere.err) == (2, True)
    assert orjson.loads((own_played / "one.json").read_bytes())["tables"] == recounted["tables"]
    assert done("figures", "--office", "VPUB", *DAYS, "--as-of", as_of, "--json", data=own_played).json == locked
    done("verify", data=own_played)
    again = doithoai("report", "lock", *OPEN, "--actor", "tchcqt-02", "--at", AT, data=own_played)
    assert "report-not-open" in again.err


def test_figures_that_no_longer_are_those_that_were_locked_are_told(own_played: Path) -> None:
    """A projection that lost a fact would give other figures: the lock's digest says so."""
    opened(own_played)
    spoken(own_played)
    ask(own_played, "lock")
    database = sqlite3.connect(own_played / "reporting.db")
    with database:
        database.execute(
            "delete from milestone_fact where kind = 'received' and position = (select min(position) from milestone_fact)"
        )
    database.close()
    told = doithoai("report", "verify", *OPEN, data=own_played)
    assert (told.code, "NOT those" in told.out) == (1, True)
    refused = doithoai("report", "render", *OPEN, "--out", own_played / "none.xlsx", data=own_played)
    assert (refused.code, "figures-differ" in refused.err, (own_played / "none.xlsx").exists()) == (1, True, False)
    done("rebuild", "milestone", data=own_played)
    assert "are those that were locked" in done("report", "verify", *OPEN, data=own_played).out


def test_what_waits_among_the_parked_stands_against_the_lock_until_it_is_dealt_with(own_played: Path) -> None:
    opened(own_played)
    spoken(own_played)
    database = sqlite3.connect(own_played / "reporting.db")
    with database:
        database.execute(
            "insert into dead_letter"
            " (subscription, source, position, event_id, stream, type, keys, error, attempts, first_at, state)"
            " values ('milestone', 'intake/sonla', 1, 'e', 's', 't', 's', 'broken', 1, 0, 'parked')"
        )
    database.close()
    ask(own_played, "lock")
    found = status(own_played)
    assert found["state"] == "open"
    assert [(each["code"], each["where"], each["count"]) for each in found["blocks"]] == [("parked", "intake", 1)]
    database = sqlite3.connect(own_played / "reporting.db")
    with database:
        database.execute("delete from dead_letter")
    database.close()
    ask(own_played, "lock", at="2023-06-02T10:00:00+07:00")
    assert (status(own_played)["state"], status(own_played)["attempts"]) == ("locked", 2)


def test_a_report_carries_on_from_the_one_that_it_adjoins_and_is_locked_after_it(own_played: Path) -> None:
    rest: Final = ("--office", "VPUB", "--period", "2023")
    late: Final = ("--actor", "tchcqt-02", "--at", "2023-11-10T09:00:00+07:00")
    opened(own_played)
    done("report", "open", *rest, "--from", "2023-06-01", "--to", "2023-10-31", *late, data=own_played)
    for unit in done("report", "status", *rest, "--json", data=own_played).json["units"]:
        waived = ("waive", "--reason", "Không có số liệu.") if unit["unit"] == "CVP" else ("confirm",)
        done("report", waived[0], *rest, "--unit", unit["unit"], *waived[1:], *late, data=own_played)
    early = doithoai("report", "lock", *rest, *late, data=own_played)
    assert (early.code, "predecessor-open" in early.err) == (1, True)
    blocks = done("report", "status", *rest, "--json", data=own_played).json["blocks"]
    assert [(each["code"], each["report"]) for each in blocks] == [("predecessor-open", "report-VPUB-2023-H1")]
    spoken(own_played, late[-1])
    ask(own_played, "lock", at=late[-1])
    done("report", "lock", *rest, *late, data=own_played)
    whole = done("report", "status", *rest, "--json", data=own_played).json
    assert (whole["state"], whole["blocks"]) == ("locked", [])
    lock = whole["lock"]
    former = done("report", "status", *OPEN, "--json", data=own_played).json["lock"]
    assert lock["predecessor"]["report"] == "report-VPUB-2023-H1"
    assert lock["predecessor"]["figures"] == former["figures"]
    first, second = (
        done("figures", *each, "--table", "bieu-02", "--json", data=own_played).json["total"] for each in (OPEN, rest)
    )
    assert second["A"] == first["J"] > 0
    now = done("figures", *rest, "--table", "bieu-02", "--as-of", "2023-12-01T00:00:00+07:00", "--json", data=own_played).json
    assert (now["predecessor"], now["total"]) == ("report-VPUB-2023-H1", second)
    assert done("report", "verify", *rest, "--json", data=own_played).json["agrees"]


def test_a_period_is_named_as_people_name_it(own_played: Path) -> None:
    wrong = doithoai("report", "status", "--office", "VPUB", "--period", "2023-H2", data=own_played)
    assert (wrong.code, "2023-H1" in wrong.err) == (2, True)
    unknown = doithoai("report", "status", "--office", "VPUB", "--period", "2024", data=own_played)
    assert unknown.code == 1
