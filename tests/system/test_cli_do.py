"""The verb `do`: a dated script is checked, performed line by line at its own instants, once, and stops where it is refused."""

import inspect
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from deploy import directory
from deploy.directory import DataDirectory
from tests.support import story
from tests.support.commandline import doithoai, done
from tests.support.story import Told, about, classified, jsonl, line, received


def heads(data: Path) -> dict[str, int]:
    """How many events stand in each log."""
    return {report["log"]: report["events"] for report in done("verify", "--json", data=data).json}


def events(data: Path, *words: str) -> list[Any]:
    return done("events", "--service", "intake", *words, data=data).lines


def refusal(data: Path, *lines: Told, words: tuple[str, ...] = ()) -> str:
    """What is said of a script that is refused."""
    answer = doithoai("do", "-", *words, data=data, stdin=jsonl(*lines))
    assert (answer.code, answer.out) == (1, "")
    return answer.err


@pytest.fixture(scope="module")
def still(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation for scripts of which nothing is ever performed."""
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("still") / "data"))


def test_a_script_is_performed_from_a_file_and_said_in_numbers(own_made: Path, tmp_path: Path) -> None:
    script = tmp_path / "lines.jsonl"
    script.write_text(jsonl(*story.LINES[:3]), encoding="utf-8")
    performed = {"lines": 3, "performed": 3, "found": 0, "unchanged": 0, "clock": "script"}
    assert done("do", script, "--json", data=own_made).json == performed


def test_every_event_is_recorded_at_the_instant_of_its_line(played: Path) -> None:
    first = events(played)[0]
    assert (first["type"], first["recorded_at"], first["occurred_at"]) == (
        *("opinion.received.v1", "2023-01-09T02:00:00+00:00", "2023-01-09T02:00:00+00:00"),
    )
    assert (first["metadata"]["actor"], first["metadata"]["unit"], first["metadata"]["capacity"]) == ("th-01", "TH", "specialist")


def test_a_script_on_standard_input_is_the_same_script_under_its_name(own_played: Path) -> None:
    before = heads(own_played)
    again = done("do", "-", "--name", story.SCRIPT, "--json", data=own_played, stdin=jsonl(*story.LINES)).json
    assert (again["performed"], again["found"]) == (0, len(story.LINES))
    assert heads(own_played) == before


def test_performing_it_again_changes_nothing_and_goes_on_where_it_ended(own_made: Path) -> None:
    begun = jsonl(*story.LINES[:4])
    done("do", "-", data=own_made, stdin=begun)
    before = heads(own_made)
    assert done("do", "-", "--json", data=own_made, stdin=begun).json["found"] == 4
    assert heads(own_made) == before
    whole = done("do", "-", "--json", data=own_made, stdin=jsonl(*story.LINES)).json
    assert (whole["performed"], whole["found"]) == (len(story.LINES) - 4, 4)


def test_a_line_that_was_changed_under_its_name_is_refused(own_made: Path) -> None:
    done("do", "-", data=own_made, stdin=jsonl(received("2023-01-09T09:00", "O-1")))
    said = refusal(own_made, received("2023-01-09T09:00", "O-1", words="Một ý kiến khác."))
    assert "line 1: receive_opinion refused (key-reused)" in said
    earlier = received("2023-01-09T09:00", "O-1") | {"occurred_at": "2023-01-05"}
    assert "line 1: receive_opinion refused (key-reused)" in refusal(own_made, earlier)
    assert len(events(own_made)) == 1


def test_lines_put_in_above_are_performed_and_those_that_were_are_found_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    told = (received(None, "O-1"), classified(None, "O-1", "che-do-chinh-sach"), line(None, "refer_opinion", about("O-1")))
    done("do", "-", data=data, stdin=jsonl(*told))
    put_in = (received(None, "O-0"), told[0], classified(None, "O-0", "giao-thong"), *told[1:])
    again = done("do", "-", "--json", data=data, stdin=jsonl(*put_in)).json
    assert (again["performed"], again["found"]) == (2, 3)
    assert len(events(data)) == 5


def test_a_line_that_left_no_trace_is_passed_over_and_said(own_made: Path) -> None:
    told = [
        received("2023-01-09T09:00", "O-1"),
        classified("2023-01-10T09:00", "O-1", "che-do-chinh-sach"),
        classified("2023-01-10T10:00", "O-1", "che-do-chinh-sach"),  # says nothing new
        line("2023-01-11T09:00", "refer_opinion", about("O-1")),
    ]
    done("do", "-", data=own_made, stdin=jsonl(*told))
    before = heads(own_made)
    again = done("do", "-", "--json", data=own_made, stdin=jsonl(*told))
    assert (again.json["found"], again.json["unchanged"]) == (3, 1)
    assert "Passed over as having changed nothing in their time: lines 3." in again.err
    assert heads(own_made) == before


def test_what_it_ends_with_is_drained_so_that_the_next_verb_reads_it(own_made: Path) -> None:
    done("do", "-", data=own_made, stdin=jsonl(*story.LINES[:4]))
    window = ("--office", "VPUB", "--from", story.FIRST_DAY, "--to", story.LAST_DAY)
    assert done("figures", *window, "--json", data=own_made).json["total"]["B1"] == 1
    assert [task["type"] for task in done("tasks", "--unit", "TCHCQT", "--json", data=own_made).json] == ["task.assigned"]
    assert {row["state"] for row in done("doctor", "--json", data=own_made).json} == {"ok"}
    assert all(report["roots_compared"] for report in done("verify", "--json", data=own_made).json if report["events"])


def test_a_dry_run_checks_and_performs_nothing(own_made: Path) -> None:
    before = heads(own_made)
    answer = done("do", "-", "--dry-run", "--json", data=own_made, stdin=jsonl(*story.LINES)).json
    assert answer == {"lines": len(story.LINES), "checked": True}
    assert heads(own_made) == before


def test_a_dry_run_needs_and_makes_no_installation(tmp_path: Path) -> None:
    done("do", "-", "--dry-run", data=tmp_path / "data", stdin=jsonl(*story.LINES))
    said = refusal(tmp_path / "data", *story.LINES, classified("2023-03-01", "O-9", "giao-thong"), words=("--dry-run",))
    assert "line 17, data.opinion: O-9 is not the id of a line above" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (received("2023-01-08T09:00"), "line 2, at: 2023-01-08T09:00:00+07:00 lies before the line above it"),
        (received("yesterday"), "line 2, at: "),
        (received(None), "line 2, at: is missing"),
        (received("2023-01-09T09:00", "O-1"), "line 2, id: O-1 was given to an earlier line"),
        (received("2023-01-10", office="vpub"), "line 2, data.office: "),
        (received("2023-01-10", words="a\x00b"), "line 2, data.words: "),
        (received("2023-01-10", colour="red"), "line 2, data.colour: "),
        (line("2023-01-10", "close_everything", {}), "line 2, command: close_everything is not known"),
        (line("2023-01-10", "refer_opinion", about("O-7")), "line 2, data.opinion: O-7 is not the id of a line above"),
        (line("2023-01-10", "refer_opinion", {}, by="tchcqt-02 TCHCQT king"), "line 2, capacity: "),
        (line("2023-01-10", "refer_opinion", {}, by="tchcqt-02 TCHCQT system"), "line 2, capacity: no person acts as the house"),
    ],
)
def test_a_wrong_line_is_named_with_its_field_before_anything_is_done(still: Path, wrong: Told, said: str) -> None:
    for words in ((), ("--dry-run",)):
        assert said in refusal(still, received("2023-01-09T09:00", "O-1"), wrong, words=words)
    assert events(still) == []


@pytest.mark.parametrize("wrong", [b"{", b"[]", b'"\xff"', b"[" * 2_000, b'{"at": NaN}', b'{"at": 1}' + b" " * 1_048_576])
def test_what_is_no_json_object_is_refused_with_its_line(still: Path, wrong: bytes) -> None:
    answer = doithoai("do", "-", data=still, stdin=jsonl(received("2023-01-09T09:00")).encode() + b"\n\n" + wrong)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(("Refused: line 4: ", "Refused: line 4, "))
    assert events(still) == []


def test_a_refused_line_stops_with_nothing_of_it_done_and_the_lines_above_stand(own_made: Path) -> None:
    early = line("2023-01-10T09:00", "refer_opinion", about("O-1"))  # before it is classified
    said = refusal(own_made, received("2023-01-09T09:00", "O-1"), early, received("2023-01-11T09:00", "O-2"))
    assert "line 2: refer_opinion refused (not-classified)" in said
    assert said.rstrip().endswith("Rule: brief §6.")
    assert [event["type"] for event in events(own_made)] == ["opinion.received.v1"]
    assert heads(own_made)["assignment/sonla"] == 274


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (received("2023-01-09T10:00", office="SGTVT"), "line 2, data.office: receive_opinion refused (not-an-office)"),
        (classified("2023-01-09T10:00", "O-1", "khong-co"), "line 2, data.field: classify_opinion refused (unknown-field)"),
        (
            received("2023-01-09T10:00") | {"occurred_at": "2023-01-09T10:06"},
            "line 2, occurred_at: receive_opinion refused (occurred-ahead)",
        ),
        (
            line("2023-01-09T10:00", "classify_opinion", {**about("O-1"), "kind": "kien_nghi"}, by="bt-01 BTCD recipient"),
            "line 2, data.field: Field required",
        ),
        (
            classified("2023-01-09T10:00", "O-1", "giao-thong") | {"unit": "SGTVT", "office": "UBND-MSO"},
            "line 2, data.opinion: classify_opinion refused (unknown)",
        ),
    ],
)
def test_a_rule_of_the_house_is_said_with_line_and_field(own_made: Path, refused: Told, said: str) -> None:
    assert said in refusal(own_made, received("2023-01-09T09:00", "O-1"), refused)


def test_time_never_goes_back_behind_what_the_installation_has_reached(own_played: Path) -> None:
    before = heads(own_played)
    said = refusal(own_played, received("2023-01-15T09:00", "O-9"))
    assert "line 1, at: lies before the time this installation has reached" in said
    assert heads(own_played) == before
    done("do", "-", data=own_played, stdin=jsonl(received("2023-02-28T09:00", "O-9")))


def test_a_fact_may_have_happened_before_it_is_recorded(own_made: Path) -> None:
    told = received("2023-01-09T09:00", "O-1") | {"occurred_at": "2023-01-05"}
    done("do", "-", data=own_made, stdin=jsonl(told))
    [event] = events(own_made)
    assert (event["occurred_at"], event["recorded_at"]) == ("2023-01-04T17:00:00+00:00", "2023-01-09T02:00:00+00:00")


def test_a_name_stands_for_the_opinion_its_case_and_its_task(played: Path) -> None:
    [item, _] = done("tasks", "--unit", "TCHCQT", "--json", data=played).json
    opinion = events(played)[0]["stream"]
    assert item["case"] == opinion.replace("opinion-", "case-")
    assert done("show", item["task"], "--json", data=played).json["version"] == 4


def test_a_real_clock_refuses_the_recorded_time_and_makes_nothing_for_it(tmp_path: Path) -> None:
    said = refusal(tmp_path / "data", received("2023-01-09T09:00", "O-1"))
    assert "line 1, at: is refused: this installation has the real clock" in said
    assert list(tmp_path.iterdir()) == []


def test_on_a_real_clock_things_are_recorded_when_they_happen(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done("init", data=data)
    dry = refusal(data, received("2023-01-09T09:00", "O-1"), words=("--dry-run",))
    assert dry == refusal(data, received("2023-01-09T09:00", "O-1"))
    assert "line 1, at: is refused" in dry
    told = (received(None, "O-1") | {"occurred_at": "2023-01-05T08:00"}, classified(None, "O-1", "che-do-chinh-sach"))
    answer = done("do", "-", "--json", data=data, stdin=jsonl(*told))
    assert (answer.json["performed"], answer.json["clock"]) == (2, "real")
    received_event, classified_event = events(data)
    assert received_event["occurred_at"] == "2023-01-05T01:00:00+00:00"
    assert received_event["recorded_at"] > "2026"
    assert received_event["recorded_at"] < classified_event["occurred_at"] <= classified_event["recorded_at"]


def test_an_empty_script_is_performed(own_made: Path) -> None:
    assert done("do", "-", "--json", data=own_made).json["lines"] == 0


def test_it_waits_for_another_verb_to_let_go_of_the_directory(own_made: Path) -> None:
    holding, letting_go = threading.Event(), threading.Event()

    def rebuild() -> None:
        with directory.read(own_made).held("rebuild"):
            holding.set()
            letting_go.wait(10)

    other = threading.Thread(target=rebuild)
    other.start()
    holding.wait(10)
    threading.Timer(0.5, letting_go.set).start()
    begun = time.monotonic()
    done("do", "-", data=own_made, stdin=jsonl(received("2023-01-09T09:00", "O-1")))
    assert time.monotonic() - begun > 0.4
    other.join()
    assert len(events(own_made)) == 1


def test_whoever_does_not_let_go_is_named(own_made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(inspect.unwrap(DataDirectory.held).__kwdefaults__, "wait_seconds", 0.2)
    with directory.read(own_made).held("rebuild") as owner:
        answer = doithoai("migrate", data=own_made)
        assert answer.code == 1
        assert f"held by `doithoai rebuild` (process {owner.pid})" in answer.err
        assert "doithoai rebuild" in done("doctor", data=own_made).out
        assert len(done("events", "--service", "assignment", data=own_made).lines) == 274
