"""A report from its lock to the acknowledgement of both recipients on one installation, and what was refused on the way."""

import hashlib
import sqlite3
import unicodedata
from pathlib import Path
from typing import Any, Final

import orjson
import pdfplumber

from tests.support.commandline import doithoai, done
from tests.system.test_report_lock import OPEN, ask, opened, spoken, status

BOOK: Final = ("--book", "BC-VPUB")


def at(day: int, hour: int = 9) -> tuple[str, str]:
    return "--at", f"2023-06-{day:02d}T{hour:02d}:00:00+07:00"


def by(actor: str, unit: str) -> tuple[str, ...]:
    return "--actor", actor, "--by", unit


def locked(data: Path) -> None:
    opened(data)
    spoken(data)
    ask(data, "lock")


def verb(data: Path, name: str, *words: object) -> None:
    done("report", name, *OPEN, *words, data=data)


def refused(data: Path, name: str, *words: object) -> str:
    answer = doithoai("report", name, *OPEN, *words, data=data)
    assert answer.code == 1
    return answer.err


def signed(data: Path, text: Path) -> None:
    """The way from the lock to the signature."""
    text.write_text("Báo cáo kết quả công tác đối thoại.", encoding="utf-8")
    verb(data, "write", "--section", "III.2", "--text", "Hạn chế: còn ý kiến trả lời quá hạn.", "--actor", "tchcqt-02", *at(5, 8))
    assert "other-content" in refused(data, "draft", "--file", text, "--actor", "tchcqt-02", *at(5))
    verb(data, "draft", "--actor", "tchcqt-02", *at(5))  # what `report render` writes
    verb(data, "comment", "--unit", "TH", "--text", "Nhất trí.", "--actor", "th-01", *at(6))
    verb(data, "submit", "--actor", "tchcqt-02", *at(7, 8))
    verb(data, "return", "--reason", "Nêu rõ nguyên nhân.", "--actor", "cvp-01", *at(7))
    verb(data, "write", "--section", "III.3", "--text", "Nguyên nhân: việc cần nhiều đơn vị.", "--actor", "tchcqt-02", *at(7, 10))
    assert "draft-outdated" in refused(data, "submit", "--actor", "tchcqt-02", *at(7, 11))
    verb(data, "draft", "--actor", "tchcqt-02", *at(7, 12))
    verb(data, "submit", "--actor", "tchcqt-02", *at(7, 14))
    assert "other-content" in refused(data, "sign", "--capacity", "KT", "--file", text, "--actor", "cvp-02", *at(8))
    verb(data, "sign", "--capacity", "KT", "--actor", "cvp-02", *at(8))


def issued(data: Path, text: Path) -> None:
    signed(data, text)
    done("report", "book", "--office", "VPUB", *BOOK, "--year", 2023, "--pattern", "{number}/BC-VPUB", *at(9, 7), data=data)
    verb(data, "number", *BOOK, "--number", 45, *at(9, 8))
    verb(data, "issue", *at(9, 8))


def sent(data: Path, recipient: str, day: int) -> None:
    verb(data, "dispatch", "--recipient", recipient, "--means", "truc_lien_thong", *at(day, 9))


def late(data: Path, script: Path) -> None:
    """An opinion of May is recorded when the report was signed and sent."""
    said = {
        "office": "VPUB",
        "local_id": "TH-LATE",
        "channel": "tong_hop_don_vi",
        "source_group": "noi_bo",
        "words": "Góp ý muộn.",
    }
    line: dict[str, Any] = {
        "at": "2023-06-12T15:00:00+07:00",
        "occurred_at": "2023-05-20T09:00:00+07:00",
        "office": "VPUB",
        "actor": "th-02",
    }
    line |= {"unit": "TH", "capacity": "feeder", "command": "receive_opinion", "data": said}
    script.write_bytes(orjson.dumps(line))
    done("do", script, data=data)


def assert_differs(data: Path, correction: tuple[str, ...]) -> None:
    """By that opinion, and by what else was recorded since."""
    found = done("report", "differences", *correction, "--json", data=data).json
    cells = {each["cell"]: each for each in found["cells"]}
    total = cells["bieu-02/total/C"]
    assert total["now"] - total["was"] == len(total["episodes"]) == 1
    assert total["counted"] == []
    [one] = [each for each in found["episodes"] if each["episode"] in total["episodes"]]
    assert (one["why"]["code"], one["was"], one["now"]["rows"]["source"]) == ("late", None, "noi_bo")
    assert "Ghi nhận sau khi chốt lần trước" in done("report", "differences", *correction, data=data).out
    assert "no-correction" in refused(data, "differences")
    figures = ("figures", "--office", "VPUB", "--table", "bieu-02", "--json")
    was, now = (done(*figures, *period, data=data).json["total"]["C"] for period in (OPEN[2:], correction[2:]))
    assert (was, now) == (total["was"], total["now"])


def assert_written(data: Path, *sentences: str) -> None:
    """The paper says so."""
    target = data / "report.pdf"
    verb(data, "render", "--actor", "tchcqt-02", "--out", target)
    with pdfplumber.open(target) as pages:
        said = unicodedata.normalize("NFC", " ".join(" ".join(page.extract_text().split()) for page in pages.pages))
    for sentence in sentences:
        assert sentence in said


def test_a_report_goes_from_its_lock_to_the_acknowledgement_of_both_recipients(own_played: Path, tmp_path: Path) -> None:
    data, text = own_played, tmp_path / "bao-cao.txt"
    locked(data)
    assert "not-drafted" in refused(data, "submit", "--actor", "tchcqt-02", *at(5, 7))
    issued(data, text)
    found = status(data)
    assert (found["state"], found["number"], found["in_time"]) == ("issued", "45/BC-VPUB", None)
    assert found["paper"]["content"] != hashlib.sha256(text.read_bytes()).hexdigest()
    assert_written(data, "45/BC-VPUB", "Nguyên nhân: việc cần nhiều đơn vị.", "PHÓ CHÁNH VĂN PHÒNG")
    sent(data, "UBND-T", 9)
    assert (status(data)["state"], status(data)["sent_on"]) == ("issued", None)
    sent(data, "BDVTU", 9)
    found = status(data)
    assert (found["state"], found["sent_on"], found["in_time"]) == ("sent", "2023-06-09", True)
    assert [(each["step"], each["done_on"], each["late"]) for each in found["ladder"]] == [
        ("lock", "2023-06-02", False),
        ("draft", "2023-06-05", False),
        ("comment", "2023-06-06", False),
        ("submit", "2023-06-07", False),
        ("sign", "2023-06-08", False),
        ("dispatch", "2023-06-09", False),
    ]
    verb(data, "ack", "--recipient", "UBND-T", *at(9, 15))
    verb(data, "ack", "--recipient", "BDVTU", "--capacity", "recipient", *by("bdvtu-01", "BDVTU"), *at(9, 16))
    found = status(data)
    assert found["state"] == "acknowledged"
    assert [(line["recipient"], line["sent_on"], line["delivered"]) for line in found["paper"]["recipients"][:3]] == [
        ("UBND-T", "2023-06-09", True),
        ("BDVTU", "2023-06-09", True),
        ("SNV", None, False),
    ]
    shown = done("report", "status", *OPEN, data=data).out
    assert "đã xác nhận nhận" in shown
    assert "45/BC-VPUB" in shown
    [book] = done("report", "registers", "--office", "VPUB", "--json", data=data).json
    assert (book["book"], book["external"], book["last"], book["taken"]) == ("BC-VPUB", True, 45, 1)
    paper = tmp_path / "issued.pdf"
    verb(data, "render", "--actor", "tchcqt-02", "--out", paper)
    verb(data, "publish", "--place", "TTDT", "--file", paper, *at(9, 17))
    assert status(data)["state"] == "acknowledged"
    verb(data, "recall", "--reason", "Gửi nhầm bản.", "--actor", "cvp-01", *at(9, 18))
    assert status(data)["state"] == "recalled"
    again = tmp_path / "again.pdf"
    verb(data, "render", "--actor", "tchcqt-02", "--out", again)
    assert again.read_bytes() == paper.read_bytes()
    for projection in ("reports", "report_papers", "report_registers"):
        done("rebuild", projection, "--check", data=data)
    assert done("show", "document-VPUB-2023-H1", data=data).code == 0
    done("verify", data=data)
    for name, words in (
        ("write", ("--section", "I", "--text", "Thêm.")),
        ("draft", ("--summary", "Báo cáo bổ sung.")),
        ("submit", ()),
    ):
        refusal = "signed-stands" if name == "write" else "was-recalled"
        assert refusal in refused(data, name, *words, "--actor", "tchcqt-02", *at(10))


def test_what_is_sent_on_the_day_itself_is_late(own_played: Path, tmp_path: Path) -> None:
    locked(own_played)
    issued(own_played, tmp_path / "bao-cao.txt")
    sent(own_played, "UBND-T", 9)
    sent(own_played, "BDVTU", 10)
    found = status(own_played)
    assert (found["sent_on"], found["in_time"], found["ladder"][-1]["late"]) == ("2023-06-10", False, True)


def test_a_report_whose_figures_are_no_longer_those_that_were_locked_is_not_signed(own_played: Path, tmp_path: Path) -> None:
    locked(own_played)
    verb(own_played, "draft", "--actor", "tchcqt-02", *at(5))
    verb(own_played, "submit", "--actor", "tchcqt-02", *at(7))
    database = sqlite3.connect(own_played / "reporting.db")
    with database:
        database.execute(
            "delete from milestone_fact where kind = 'received' and position = (select min(position) from milestone_fact)"
        )
    database.close()
    assert "figures-differ" in refused(own_played, "sign", "--capacity", "KT", "--actor", "cvp-02", *at(8))
    done("rebuild", "milestone", data=own_played)
    verb(own_played, "sign", "--capacity", "KT", "--actor", "cvp-02", *at(8))
    assert status(own_played)["state"] == "signed"


def test_words_of_a_report_stand_in_no_event(own_played: Path, tmp_path: Path) -> None:
    locked(own_played)
    signed(own_played, tmp_path / "bao-cao.txt")
    events: list[dict[str, Any]] = done("events", "--service", "reporting", data=own_played).lines
    assert {"report.section_written.v1", "document.commented.v1", "document.returned.v1"} <= {each["type"] for each in events}
    written = orjson.dumps(events).decode()
    assert not any(words in written for words in ("nguyên nhân", "Nguyên nhân", "Nhất trí", "quá hạn"))


def test_a_corrected_report_takes_the_place_of_a_signed_one_when_it_is_issued(own_played: Path, tmp_path: Path) -> None:
    data, correction = own_played, ("--office", "VPUB", "--period", "2023-H1-DC1")
    locked(data)
    assert "not-drafted" in refused(data, "supersede", "--reason", "Sai.", "--actor", "tchcqt-02", *at(5, 7))
    issued(data, tmp_path / "bao-cao.txt")
    for recipient in ("UBND-T", "BDVTU"):
        sent(data, recipient, 9)
    verb(data, "supersede", "--reason", "Sót ý kiến ghi nhận muộn.", "--actor", "tchcqt-02", *at(12))
    found = done("report", "status", *correction, "--json", data=data).json
    assert (found["state"], found["corrects"], found["from"], found["to"]) == (
        "open",
        "report-VPUB-2023-H1",
        "2023-01-04",
        "2023-05-31",
    )
    late(data, tmp_path / "late.jsonl")
    for unit in found["units"]:
        waived = ("waive", "--reason", "Không có số liệu.") if unit["unit"] == "CVP" else ("confirm",)
        done("report", waived[0], *correction, "--unit", unit["unit"], *waived[1:], "--actor", "u-1", *at(13), data=data)
    done("report", "lock", *correction, *at(13), data=data)
    done("report", "draft", *correction, *at(14), data=data)
    done("report", "submit", *correction, *at(14), data=data)
    done("report", "sign", *correction, "--capacity", "KT", "--actor", "cvp-02", *at(14), data=data)
    assert status(data)["state"] == "sent"
    done("report", "issue", *correction, *BOOK, "--number", 46, "--means", "giay", *at(15), data=data)
    former, later = status(data), done("report", "status", *correction, "--json", data=data).json
    assert (former["state"], former["superseded_by"]) == ("superseded", "report-VPUB-2023-H1-DC1")
    assert (later["state"], later["number"], later["in_time"]) == ("sent", "46/BC-VPUB", None)
    assert {step["late"] for step in later["ladder"]} == {None}
    assert_differs(data, correction)
    assert done("report", "verify", *OPEN, "--json", data=data).json["agrees"]
    assert done("report", "verify", *correction, "--json", data=data).json["agrees"]
