"""On the command line: cases, dialogue work, papers and books of an office, what is late and what waits for a person."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from deploy.commands.work import LISTS
from services.assignment.readmodel.dialogue import queries as dialogue
from tests.support import story
from tests.support.commandline import doithoai, done

CHIEF = "cvp-01 CVP chief"
AD_HOC = {
    "office": "VPUB",
    "track": "A1",
    "trigger": "dot_xuat",
    "field": "che-do-chinh-sach",
    "scheduled": "2023-03-10",
}
MEETING = {"office": "VPUB", "kind": "giao_ban_thang", "body": "van_phong", "on": "2023-03-06"}
ITEM = {"kind": "chi_dao_giai_quyet", "text": "Rà soát nhu cầu.", "unit": "TH", "days": 15}
BOOK = {"office": "VPUB", "book": "GM-VPUB", "year": 2023, "external": True, "pattern": "{number}/GM-VPUB"}
LINES = (
    story.line("2023-03-01T08:00", "schedule_meeting", MEETING),
    story.line("2023-03-01T08:05", "propose_session", AD_HOC, id="S-1"),
    story.line("2023-03-01T08:10", "approve_programme", {"session": {"ref": "S-1"}}, by=CHIEF),
    story.line("2023-03-01T08:20", "draft_notice", {"office": "VPUB", "items": [ITEM]}, id="N-1"),
    story.line("2023-03-01T08:40", "open_register", BOOK, by="vt-01 VPUB registry"),
    story.line("2023-03-01T08:50", "draft_document", {"kind": "thong_bao", "about": {"ref": "N-1"}}, id="D-1"),
)


@pytest.fixture(scope="module")
def at_work(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story, and beside it a meeting, a dialogue with its programme, a notice and its paper, and a book; only to be read."""
    folder = tmp_path_factory.mktemp("work")
    script = folder / "work.jsonl"
    script.write_text(story.jsonl(*LINES), encoding="utf-8")
    data = Path(shutil.copytree(played, folder / "data"))
    done("do", script, data=data)
    return data


def listed(data: Path, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(*words, "--office", "VPUB", "--json", data=data).json
    return found


def test_cases_are_listed_and_narrowed_with_the_names_of_their_units(at_work: Path) -> None:
    assert [(each["lead"], each["stage"]) for each in listed(at_work, "cases")] == [
        ("TCHCQT", "da_giai_quyet"),
        ("TH", "da_phan_cong"),
    ]
    for narrowed, leads in (
        (("--unit", "TH"), ["TH"]),
        (("--stage", "da_giai_quyet"), ["TCHCQT"]),
        (("--field", "che-do-chinh-sach"), ["TCHCQT"]),
        (("--flagged",), []),
    ):
        assert [each["lead"] for each in listed(at_work, "cases", *narrowed)] == leads
    assert "TH · Phòng Tổng hợp" in done("cases", "--office", "VPUB", data=at_work).out


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("meetings", {"day": "2023-03-06", "stage": "du_kien", "label": "giao_ban_thang"}),
        ("sessions", {"day": "2023-03-10", "stage": "duyet_chuong_trinh", "label": "dot_xuat", "track": "A1"}),
        ("notices", {"day": None, "stage": "du_thao", "number": None}),
        ("documents", {"kind": "thong_bao", "number": None}),
        ("registers", {"book": "GM-VPUB", "year": 2023, "taken": 0}),
    ],
)
def test_what_the_office_has_is_listed_under_its_id(at_work: Path, verb: str, told: dict[str, Any]) -> None:
    (found,) = [each for each in listed(at_work, verb) if told.items() <= each.items()]
    printed = done(verb, "--office", "VPUB", data=at_work).out
    assert found["book"] in printed if verb == "registers" else found["id"] in printed
    for heading in LISTS[verb].columns.values():
        assert heading in printed.splitlines()[0]


def test_dialogue_work_is_narrowed_by_day_and_stage(at_work: Path) -> None:
    for narrowed, there in (
        (("--from", "2023-03-10", "--to", "2023-03-10"), 1),
        (("--from", "2023-03-11"), 0),
        (("--to", "2023-03-09"), 0),
        (("--stage", "da_to_chuc"), 0),
    ):
        assert len(listed(at_work, "sessions", *narrowed)) == there
    wrong = doithoai("sessions", "--office", "VPUB", "--from", "10/3", data=at_work)
    assert (wrong.code, "ISO date" in wrong.err) == (2, True)


def test_dialogue_work_is_listed_as_it_was_known_then(at_work: Path) -> None:
    (now,) = listed(at_work, "sessions", "--stage", "duyet_chuong_trinh")
    proposed = listed(at_work, "sessions", "--as-of", "2023-03-01T08:07")
    assert [(each["id"], each["stage"]) for each in proposed] == [(now["id"], "de_xuat")]
    assert listed(at_work, "sessions", "--as-of", "2023-03-01T08:04") == []
    assert len(listed(at_work, "meetings", "--as-of", "2023-03-01T08:04")) == len(listed(at_work, "meetings"))
    ahead = doithoai("sessions", "--office", "VPUB", "--as-of", "999999", data=at_work)
    assert (ahead.code, "as-of-ahead" in ahead.err) == (1, True)
    assert doithoai("sessions", "--office", "VPUB", "--as-of", "yesterday", data=at_work).code == 2
    assert listed(at_work, "cases", "--as-of", "1") == []
    for verb in ("documents", "registers", "urging", "transfers"):
        assert doithoai(verb, "--office", "VPUB", "--as-of", "1", data=at_work).code == 2, verb


def test_papers_are_narrowed_by_what_they_are_about(at_work: Path) -> None:
    (notice,) = listed(at_work, "notices")
    assert len(listed(at_work, "documents", "--about", notice["id"])) == 1
    assert listed(at_work, "documents", "--kind", "cong_van_don_doc") == []
    assert listed(at_work, "registers", "--year", "2022") == []


@pytest.mark.parametrize("verb", list(LISTS))
def test_an_office_without_any_is_told_so_and_one_that_is_not_there_too(made: Path, verb: str) -> None:
    narrowed = ["--year", "1999"] if verb == "registers" else []
    assert listed(made, verb, *narrowed) == []
    assert done(verb, "--office", "VPUB", *narrowed, data=made).out.strip() == LISTS[verb].empty.format(office="VPUB")
    unknown = doithoai(verb, "--office", "KHONG", data=made)
    assert (unknown.code, "office" in unknown.err) == (1, True)


@pytest.mark.parametrize("verb", ["sessions", "meetings"])
def test_a_list_that_is_cut_off_says_so(at_work: Path, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There are more" not in doithoai(verb, "--office", "VPUB", data=at_work).err
    monkeypatch.setattr(dialogue, "MOST", len(listed(at_work, verb)))
    answer = doithoai(verb, "--office", "VPUB", "--json", data=at_work)
    assert (answer.code, "There are more than are listed" in answer.err) == (0, True)
