"""On the command line: who was asked before a meeting and has not handed in; requests, proposals and files as they came in."""

from pathlib import Path
from typing import Any

import pytest

from tests.support import story
from tests.support.commandline import doithoai, done
from tests.support.spoiling import execute

ASKED = {"office": "VPUB", "about": "session-00000000000000000001", "units": ["TH", "NC"], "due": "2023-01-13"}
LINES = (
    story.line("2023-01-09T09:00", "open_consolidation", ASKED, id="TH-1"),
    story.line(
        "2023-01-12T09:00",
        "submit_consolidation",
        {"consolidation": {"ref": "TH-1/1"}, "nil": True},
        by="th-01 TH unit_leader",
    ),
    story.line(
        "2023-01-16T09:00",
        "receive_request",
        {
            "office": "VPUB",
            "channel": "van_ban",
            "source_group": "nhan_dan",
            "local_id": "YC-1",
            "words": "Xin được đối thoại.",
            "speaker_name": "Lò Thị Mẫu",
        },
        by="btcd-02 BTCD feeder",
        id="YC-1",
    ),
    story.line("2023-01-17T08:00", "refer_request", {"request_receipt": {"ref": "YC-1"}}),
    story.line(
        "2023-01-17T09:00",
        "receive_proposal",
        {
            "office": "VPUB",
            "proposer": "SNNPTNT",
            "division": "KT",
            "field": "nong-nghiep",
            "local_id": "DX-1",
            "content": "Đối thoại với nông dân.",
            "reason": "Nhiều ý kiến.",
        },
        by="kt-01 KT content_division",
    ),
    story.received("2023-01-18T09:00"),
)


@pytest.fixture
def asked(own_made: Path, tmp_path: Path) -> Path:
    """An installation of 18/01/2023 where one of two units has handed in."""
    script = tmp_path / "rounds.jsonl"
    script.write_text(story.jsonl(*LINES), encoding="utf-8")
    done("do", script, data=own_made)
    return own_made


def listed(data: Path, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(*words, "--office", "VPUB", "--json", data=data).json
    return found


def test_rounds_name_the_units_that_have_not_handed_in(asked: Path) -> None:
    (before,) = listed(asked, "rounds")
    assert (before["asked"], before["with_opinions"], before["nil"], before["reported"]) == (2, 0, 1, 0)
    assert [(each["unit"], each["days_over"]) for each in before["missing"]] == [("NC", 5)]
    printed = done("rounds", "--office", "VPUB", data=asked).out
    assert "Chưa nộp" in printed
    assert "NC · Phòng Nội chính (+5)" in printed


def test_units_rounds_are_listed_and_narrowed(asked: Path) -> None:
    assert {each["unit"]: each["label"] for each in listed(asked, "consolidations")} == {
        "TH": "Không có ý kiến",
        "NC": "Chưa nộp",
    }
    for narrowed, units in (
        (("--missing",), ["NC"]),
        (("--handed-in",), ["TH"]),
        (("--unit", "TH"), ["TH"]),
        (("--stage", "mo"), ["NC"]),
        (("--about", "session-00000000000000000002"), []),
    ):
        assert [each["unit"] for each in listed(asked, "consolidations", *narrowed)] == units
    assert "Không có ý kiến" in done("consolidations", "--office", "VPUB", data=asked).out


def test_requests_and_proposals_are_listed_with_where_they_stand_and_nobody_s_name(asked: Path) -> None:
    (request,), (proposal,) = listed(asked, "requests"), listed(asked, "proposals")
    shown = {name: request[name] for name in ("unit", "local_id", "stage", "request_stage")}
    assert shown == {"unit": "BTCD", "local_id": "YC-1", "stage": "da_chuyen", "request_stage": "da_tiep_nhan"}
    assert request["due"] is not None
    assert (proposal["proposer"], proposal["division"], proposal["stage"]) == ("SNNPTNT", "KT", "tiep_nhan")
    for narrowed, requests, proposals in (
        (("--unit", "BTCD"), [request], []),
        (("--unit", "SNNPTNT"), [], [proposal]),
        (("--stage", "tiep_nhan"), [], [proposal]),
    ):
        assert (listed(asked, "requests", *narrowed), listed(asked, "proposals", *narrowed)) == (requests, proposals)
    for verb in ("requests", "proposals"):
        printed = done(verb, "--office", "VPUB", data=asked).out
        assert "Mẫu" not in printed
        assert "đối thoại" not in printed.lower()


def test_files_are_listed_and_the_rows_of_one_are_told(own_made: Path) -> None:
    taken = {"local_id": "BTCD-1", "channel": "van_ban", "source_group": "nhan_dan", "words": "Xin xét hộ nghèo."}
    sheet = story.jsonl(taken, {**taken, "local_id": "BTCD-2", "locality": "KHONG-CO"})
    imported = doithoai("import", "-", "--office", "VPUB", "--unit", "BTCD", "--json", data=own_made, stdin=sheet).json
    (file,) = listed(own_made, "batches", "--unit", "BTCD")
    assert (file["id"], file["rows"], file["taken"], file["refused"]) == (imported["batch"], 2, 1, 1)
    assert listed(own_made, "batches", "--unit", "TH") == []
    rows = listed(own_made, "batches", "--batch", file["id"])
    assert [(row["row"], row["code"], row["field"]) for row in rows] == [(1, None, None), (2, "unknown-unit", "locality")]
    assert listed(own_made, "batches", "--batch", file["id"], "--refused") == rows[1:]
    assert "unknown-unit" in done("batches", "--office", "VPUB", "--batch", file["id"], data=own_made).out
    assert doithoai("batches", "--office", "VPUB", "--refused", data=own_made).code == 2


def test_units_are_printed_with_their_names_beside_the_keys_that_are_typed(asked: Path) -> None:
    sheet = story.jsonl({"local_id": "BTCD-1", "channel": "van_ban", "source_group": "nhan_dan", "words": "Xin xét hộ nghèo."})
    done("import", "-", "--office", "VPUB", "--unit", "BTCD", data=asked, stdin=sheet)
    for verb, named in (
        ("consolidations", ["TH · Phòng Tổng hợp", "NC · Phòng Nội chính"]),
        ("rounds", ["NC · Phòng Nội chính (+5)"]),
        ("requests", ["BTCD · Ban Tiếp công dân tỉnh"]),
        ("proposals", ["SNNPTNT · Sở Nông nghiệp và Phát triển nông thôn", "KT · Phòng Kinh tế"]),
        ("batches", ["BTCD · Ban Tiếp công dân tỉnh"]),
    ):
        printed = done(verb, "--office", "VPUB", data=asked).out
        assert [name for name in named if name not in printed] == [], verb
    (request,) = listed(asked, "requests")
    assert (request["unit"], request["unit_label"]) == ("BTCD", "Ban Tiếp công dân tỉnh")


def test_what_is_built_anew_equals_what_was_followed(asked: Path) -> None:
    for projection in ("consolidations", "submissions"):
        found = done("rebuild", projection, "--check", "--json", data=asked).json
        assert found["equal"] is True
        assert sum(found["rows"].values()) > 0
    tampering = "update consolidations_asked set submitted_at = 0 where unit = 'NC'"
    assert execute(asked, "intake", tampering) == 1
    assert doithoai("rebuild", "consolidations", "--check", data=asked).code == 1
    done("rebuild", "consolidations", data=asked)
    assert [each["unit"] for each in listed(asked, "consolidations", "--missing")] == ["NC"]


def test_an_office_that_asked_nobody_has_no_rounds_and_one_that_is_none_is_refused(made: Path) -> None:
    for verb in ("rounds", "consolidations", "requests", "proposals", "batches"):
        assert listed(made, verb) == []
    assert "VPUB opened no round." in done("rounds", "--office", "VPUB", data=made).out
    assert doithoai("rounds", "--office", "NOWHERE", data=made).code == 1
    assert doithoai("consolidations", "--office", "VPUB", "--unit", "NOWHERE", data=made).code == 1


def test_who_is_to_be_told_of_a_rejection_is_listed_until_he_was(asked: Path, tmp_path: Path) -> None:
    rejected = {"opinion": {"ref": "O-1"}, "reason": "NAC_DANH"}
    told = {"opinion": {"ref": "O-1"}, "means": "dien_thoai"}
    script = tmp_path / "telling.jsonl"
    first = [story.received("2023-01-18T09:30", "O-1"), story.line("2023-01-18T10:00", "reject_opinion", rejected)]
    script.write_text(story.jsonl(*first), encoding="utf-8")
    done("do", script, data=asked)
    (line,) = listed(asked, "tellings", "--untold")
    assert (line["unit"], line["ended_on"], line["told_on"]) == ("TH", "2023-01-18", None)
    printed = done("tellings", "--office", "VPUB", data=asked).out
    assert ("TH · Phòng Tổng hợp" in printed, line["tell_by"]["due"]["day"] in printed) == (True, True)
    script.write_text(story.jsonl(*first, story.line("2023-01-19T08:00", "tell_submitter", told)), encoding="utf-8")
    done("do", script, data=asked)
    assert listed(asked, "tellings", "--untold") == []
    assert [each["told_on"] for each in listed(asked, "tellings", "--told", "--unit", "TH")] == ["2023-01-19"]
