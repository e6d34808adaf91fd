"""A short story of the office as a dated script: four opinions of January and February 2023, told by their lines."""

import json
from typing import Any, Final

FIRST_DAY: Final = "2023-01-01"
LAST_DAY: Final = "2023-02-28"
SCRIPT: Final = "story.jsonl"
Told = dict[str, Any]


def line(at: str | None, command: str, data: Told, *, by: str = "tchcqt-02 TCHCQT hub", **more: Any) -> Told:
    """One line: `by` is the person, the unit and the capacity; a day and time without zone is local."""
    actor, unit, capacity = by.split()
    written = {"at": at, "office": "VPUB", "actor": actor, "unit": unit, "capacity": capacity, "command": command, "data": data}
    return {name: value for name, value in {**written, **more}.items() if value is not None}


def received(at: str | None, name: str | None = None, *, words: str = "Đề nghị mở lớp bồi dưỡng.", **more: Any) -> Told:
    """An opinion of staff, handed in by a specialist of TH."""
    data = {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": words, **more}
    return line(at, "receive_opinion", data, by="th-01 TH specialist", id=name)


def about(name: str, kind: str = "opinion") -> Told:
    """The data that names what an earlier line made."""
    return {kind: {"ref": name}}


def classified(at: str | None, name: str, field: str) -> Told:
    return line(at, "classify_opinion", {**about(name), "kind": "kien_nghi", "field": field})


def jsonl(*lines: Told) -> str:
    """Lines as `do` reads them."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


# O-1 is answered in time, O-2 is forwarded, O-3 waits at TH, O-4 is not classified yet.
LINES: Final[tuple[Told, ...]] = (
    received("2023-01-09T09:00", "O-1", local_id="TH-1"),
    classified("2023-01-10T08:20", "O-1", "che-do-chinh-sach"),
    line("2023-01-10T08:30", "refer_opinion", about("O-1")),
    line("2023-01-11T08:00", "assign_case", {**about("O-1", "case"), "lead": "TCHCQT"}, by="cvp-01 CVP chief"),
    line("2023-01-11T10:00", "accept_task", about("O-1", "task"), by="tchcqt-01 TCHCQT unit_leader"),
    line(
        "2023-01-12T10:00",
        "submit_answer",
        {**about("O-1", "case"), "answer": "Mở lớp trong quý II.", "legal_basis": "Kế hoạch năm."},
        by="tchcqt-01 TCHCQT unit_leader",
    ),
    received("2023-01-12T14:00", "O-2", words="Đường vào bản sạt lở.", source_group="nhan_dan", locality="MLA"),
    line("2023-01-13T09:00", "approve_answer", about("O-1", "case"), by="cvp-02 CVP deputy"),
    classified("2023-01-13T09:30", "O-2", "giao-thong"),
    line("2023-01-13T10:00", "deliver_answer", {**about("O-1", "case"), "means": "van_ban"}),
    line("2023-01-16T09:00", "forward_opinion", {**about("O-2"), "to": "SGTVT"}),
    received("2023-02-24T09:00", "O-3", words="Đề nghị xem lại cách đánh giá."),
    classified("2023-02-24T10:00", "O-3", "chat-luong-cong-tac"),
    line("2023-02-24T10:30", "refer_opinion", about("O-3")),
    line("2023-02-27T08:00", "assign_case", {**about("O-3", "case"), "lead": "TH"}, by="cvp-01 CVP chief"),
    received("2023-02-28T09:00", "O-4", words="Đề nghị trả lời về nhà công vụ."),
)
