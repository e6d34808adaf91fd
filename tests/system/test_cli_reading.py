"""The verbs that read: events, folded states, a unit's tasks, figures; on one played installation, which they leave as it is."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.support import story
from tests.support.commandline import doithoai, done, files_of

COLUMNS: Final = (
    *("key", "label", "A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H", "I", "I1", "I2", "J", "J1", "J2"),
    *("T1", "T2", "T3"),
)
WINDOW: Final = ("--office", "VPUB", "--from", story.FIRST_DAY, "--to", story.LAST_DAY)
TOTAL: Final = {
    **dict.fromkeys(COLUMNS[2:-3], 0),
    "B1": 4, "C": 4, "E": 1, "H": 3, "I": 1, "I1": 1, "J": 2, "J1": 2, "T1": "33.3", "T2": "100.0", "T3": "100.0",
}  # fmt: skip


def events(data: Path, service: str, *words: object) -> list[Any]:
    return done("events", "--service", service, *words, data=data).lines


def figures(data: Path, *words: str) -> Any:
    return done("figures", *WINDOW, "--json", *words, data=data).json


def counted(data: Path, *words: str) -> dict[str, int]:
    """How many opinions each row is to deal with, rows of none left out."""
    return {row["key"]: row["C"] for row in figures(data, *words)["rows"] if row["C"]}


@pytest.fixture(scope="module")
def opinion(played: Path) -> str:
    """The stream of O-1."""
    return str(events(played, "intake")[0]["stream"])


@pytest.fixture(scope="module")
def case(opinion: str) -> str:
    """The stream of its case."""
    return opinion.replace("opinion-", "case-")


def test_readers_leave_every_file_as_it_is(played: Path) -> None:
    before = files_of(played)
    for words in ("events --service intake", "tasks --unit TH", "show unit-TH", "dlq list", "verify", "doctor", "token list"):
        done(*words.split(), data=played)
    figures(played)
    assert files_of(played) == before


def test_events_are_json_lines_in_the_order_of_the_log(played: Path) -> None:
    found = events(played, "intake")
    assert [event["position"] for event in found] == list(range(1, 11))
    assert {event["log"] for event in found} == {"intake/sonla"}
    assert set(found[0]) == {
        *("log", "position", "stream", "version", "event_id", "type", "data", "metadata", "occurred_at", "recorded_at", "hash")
    }
    assert events(played, "reporting") == []


def test_no_event_holds_a_word_that_somebody_said(played: Path) -> None:
    printed = done("events", "--service", "intake", data=played).out + done("events", "--service", "assignment", data=played).out
    for told in story.LINES:
        for said in ("words", "answer", "legal_basis"):
            assert told["data"].get(said, "Đề nghị") not in printed


def test_events_after_a_position_begin_beyond_it(played: Path) -> None:
    assert [event["position"] for event in events(played, "intake", "--after", 8)] == [9, 10]
    assert [event["position"] for event in events(played, "intake", "--after", 3, "--limit", 2)] == [4, 5]
    assert events(played, "intake", "--after", 10) == []


def test_one_stream_is_read_by_version(played: Path, opinion: str) -> None:
    found = events(played, "intake", "--stream", opinion)
    assert [(event["version"], event["type"]) for event in found] == [
        *((1, "opinion.received.v1"), (2, "opinion.classified.v2"), (3, "opinion.referred.v3"))
    ]
    assert events(played, "intake", "--stream", opinion, "--after", 2) == found[2:]
    assert events(played, "intake", "--stream", "opinion-00000000000000000000") == []


def test_a_stream_is_shown_as_it_stands(played: Path, opinion: str, case: str) -> None:
    shown = done("show", opinion, "--json", data=played).json
    assert (shown["stream"], shown["service"], shown["version"], shown["position"]) == (opinion, "intake", 3, 3)
    assert done("show", case, "--json", data=played).json["version"] == 6
    assert f"stream       {opinion}" in done("show", opinion, data=played).out


@pytest.mark.parametrize(
    ("as_of", "version"),
    [
        ("274", None),
        ("275", 1),
        ("277", 2),
        ("281", 4),
        ("2023-01-10T08:29:59+07:00", None),
        ("2023-01-10T08:30:00+07:00", 1),
        ("2023-01-12T12:00", 3),  # local time where no zone is given
        ("2023-01-12T03:00:00Z", 3),
        ("2023-01-13", 3),
        ("2023-02-28T09:00", 6),
    ],
)
def test_a_stream_is_shown_as_it_was_known_at_an_instant_or_position(
    played: Path, case: str, as_of: str, version: int | None
) -> None:
    answer = doithoai("show", case, "--as-of", as_of, "--json", data=played)
    if version is None:
        assert (answer.code, answer.out) == (1, "")
    else:
        assert (answer.code, answer.json["version"]) == (0, version)


def test_the_cases_of_an_office_are_listed_as_they_were_known_then(played: Path, case: str) -> None:
    def listed(*as_of: str) -> list[str]:
        return [each["id"] for each in done("cases", "--office", "VPUB", *as_of, "--json", data=played).json]

    before, known = listed("--as-of", "274"), listed("--as-of", "275")
    assert set(known) - set(before) == {case}
    assert case in listed()


def test_what_was_shown_earlier_was_another_state(played: Path, case: str) -> None:
    states = [done("show", case, "--as-of", at, "--json", data=played).json for at in ("275", "276", "283")]
    assert states[0]["values"] != states[1]["values"] != states[2]["values"]


def test_a_stream_is_shown_with_what_its_units_were_called_on_the_day(own_made: Path) -> None:
    renamed = {"unit": "TH", "code": "TH", "name": "Phòng Tổng hợp mới", "valid_from": "2023-03-01"}
    keeper = "quan-tri VPUB administrator"
    renaming = story.line("2023-02-01T09:00", "rename_unit", renamed, by=keeper)
    lines = (story.received("2023-01-09T09:00", "O-1"), renaming, story.received("2023-03-06T09:00", "O-2"))
    done("do", "-", data=own_made, stdin=story.jsonl(*lines))
    opinion = str(events(own_made, "intake")[0]["stream"])
    former = done("show", opinion, "--as-of", "1", "--json", data=own_made).json["units"]["TH"]
    for as_of, name in (("2023-02-28", former), ("2023-03-02", "Phòng Tổng hợp mới")):
        assert done("show", opinion, "--as-of", as_of, "--json", data=own_made).json["units"]["TH"] == name
    assert former != "Phòng Tổng hợp mới"
    assert former in done("show", opinion, "--as-of", "1", data=own_made).out


def test_every_task_of_a_unit_names_the_one_before_it(played: Path, case: str) -> None:
    given, completed = done("tasks", "--unit", "TCHCQT", "--json", data=played).json
    assert list(given) == ["position", "previous", "type", "unit", "unit_label", "task", "work", "about", "case", "due", "at"]
    assert (given["position"], given["previous"], given["type"], given["case"]) == (277, 0, "task.assigned", case)
    assert (given["due"], given["at"]) == ("2023-01-30", "2023-01-11T01:00:00+00:00")
    assert (completed["position"], completed["previous"], completed["type"]) == (284, 277, "task.completed")
    assert done("tasks", "--unit", "TCHCQT", "--after", 277, "--json", data=played).json == [completed]
    for known, items in (("283", [given]), ("276", []), ("2023-01-12", [given]), ("2023-02-28T09:00", [given, completed])):
        assert done("tasks", "--unit", "TCHCQT", "--as-of", known, "--json", data=played).json == items
    assert done("tasks", "--unit", "NC", "--json", data=played).json == []
    assert given["unit_label"] in done("tasks", "--unit", "TCHCQT", data=played).out
    assert given["unit_label"] != "TCHCQT"
    assert "NC has been given nothing yet." in done("tasks", "--unit", "NC", data=played).out
    assert "TCHCQT has been given nothing beyond 284." in done("tasks", "--unit", "TCHCQT", "--after", 284, data=played).out


@pytest.mark.parametrize("verb", [("tasks", "--unit", "TCHCQT"), ("events", "--service", "assignment")])
def test_who_goes_on_from_beyond_the_end_of_the_log_is_told_so(played: Path, verb: tuple[str, ...]) -> None:
    """An empty answer would say that nothing is missing."""
    answer = doithoai(*verb, "--after", 99_999, data=played)
    assert answer.code == 1
    assert "cursor-beyond-end" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("as_of", ["10000", "2999-01-01T00:00:00+07:00"])
def test_what_is_still_to_come_is_shown_by_no_verb(played: Path, case: str, as_of: str) -> None:
    for verb in (("show", case), ("tasks", "--unit", "TCHCQT")):
        answer = doithoai(*verb, "--as-of", as_of, data=played)
        assert (answer.code, answer.out) == (1, "")
        assert "as-of-ahead" in answer.err


def test_figures_as_of_positions_that_are_not_there_yet_are_refused(played: Path) -> None:
    window = ("--office", "VPUB", "--from", "2023-01-01", "--to", "2023-06-30")
    answer = doithoai("figures", *window, "--as-of", "intake=99999,assignment=99999", data=played)
    assert answer.code == 1
    assert "as-of-ahead" in answer.err


def test_figures_have_the_shape_that_was_agreed(played: Path) -> None:
    found = figures(played)
    assert list(found) == ["office", "from", "to", "by", "as_of", "rows", "total"]
    assert (found["office"], found["from"], found["to"], found["by"]) == ("VPUB", "2023-01-01", "2023-02-28", "total")
    assert found["as_of"].keys() == {"intake", "assignment"}
    [row] = found["rows"]
    assert tuple(row) == tuple(found["total"]) == COLUMNS
    assert row == {"key": "total", "label": "Tổng", **TOTAL}
    assert found["total"] == row


@pytest.mark.parametrize("by", ["total", "field", "unit", "locality", "source"])
def test_every_breakdown_has_the_same_total(played: Path, by: str) -> None:
    found = figures(played, "--by", by)
    assert found["by"] == by
    assert {name: found["total"][name] for name in COLUMNS[2:]} == TOTAL
    for column in COLUMNS[2:-3]:
        assert sum(row[column] for row in found["rows"]) == TOTAL[column]
    for row in found["rows"]:
        assert tuple(row) == COLUMNS
        assert all(row[rate] is None or isinstance(row[rate], str) for rate in COLUMNS[-3:])


def test_opinions_are_counted_under_their_fields_units_localities_and_groups(played: Path) -> None:
    fields = {"che-do-chinh-sach": 1, "chat-luong-cong-tac": 1, "giao-thong": 1, "-": 1}
    assert counted(played, "--by", "field") == fields
    assert counted(played, "--by", "unit") == {"TCHCQT": 2, "TH": 1, "-": 1}
    assert counted(played, "--by", "locality") == {"MLA": 1, "-": 3}
    assert counted(played, "--by", "source") == {"noi_bo": 3, "nhan_dan": 1}


def test_rows_stand_under_the_names_of_their_day(played: Path) -> None:
    labels = {row["key"]: row["label"] for row in figures(played, "--by", "field")["rows"]}
    assert (labels["giao-thong"], labels["-"]) == ("Giao thông", "Chưa phân loại")


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [
        ("2023-01-12T23:59:59+07:00", {"B1": 2, "E": 0, "I": 0, "J": 2}),
        ("2023-01-13T10:00:00+07:00", {"B1": 2, "E": 0, "I": 1, "J": 1}),
        ("2023-01-31T00:00:00+07:00", {"B1": 2, "E": 1, "I": 1, "J": 0}),
        ("2023-02-28T02:00:00Z", {"B1": 4, "E": 1, "I": 1, "J": 2}),
        ("intake=0,assignment=0", {"B1": 0, "E": 0, "I": 0, "J": 0}),
        ("intake=4,assignment=282", {"B1": 2, "E": 0, "I": 0, "J": 2}),
        ("intake=6,assignment=283", {"B1": 2, "E": 1, "I": 1, "J": 0}),
        ("assignment=287,intake=10", {"B1": 4, "E": 1, "I": 1, "J": 2}),
    ],
)
def test_figures_are_told_as_they_were_known_then(played: Path, as_of: str, counts: dict[str, int]) -> None:
    found = figures(played, "--as-of", as_of)
    assert {name: found["total"][name] for name in counts} == counts


def test_the_positions_that_an_instant_stood_for_give_the_same_figures(played: Path) -> None:
    found = figures(played, "--as-of", "2023-01-13T10:00:00+07:00", "--by", "unit")
    vector = ",".join(f"{log}={position}" for log, position in found["as_of"].items())
    assert figures(played, "--as-of", vector, "--by", "unit") == found


def test_an_open_opinion_is_carried_into_the_next_window(played: Path) -> None:
    march = ("figures", "--office", "VPUB", "--from", "2023-03-01", "--to", "2023-03-31", "--json")
    total = done(*march, data=played).json["total"]
    assert (total["A"], total["B1"], total["J"]) == (2, 0, 2)


def test_another_office_has_figures_of_its_own(played: Path) -> None:
    found = done("figures", "--office", "UBND-MSO", *WINDOW[2:], "--json", data=played).json
    assert (found["office"], found["total"]["C"]) == ("UBND-MSO", 0)
    assert (found["total"]["T1"], found["total"]["T2"], found["total"]["T3"]) == (None, None, None)


def test_figures_for_people_are_the_form_with_its_identities(played: Path) -> None:
    printed = done("figures", *WINDOW, "--by", "field", data=played).out
    assert "Biểu 02 · VPUB · 2023-01-01 – 2023-02-28 · field" in printed
    assert "33,3" in printed
    assert "All identities hold." in printed


def test_a_figure_opens_to_its_episodes_and_to_the_events_that_can_be_read(played: Path) -> None:
    opened = figures(played, "--open", "bieu-02/total/B1")
    assert (opened["value"], len(opened["episodes"]), opened["next"]) == (TOTAL["B1"], 4, None)
    for episode in opened["episodes"]:
        begun = episode["because"]["B1"]
        [event] = events(played, begun["source"], "--after", begun["position"] - 1, "--limit", 1)
        assert (event["position"], event["data"]["episode"]) == (begun["position"], episode["episode"])
    shown = done("figures", *WINDOW, "--open", "bieu-02/total/I1", data=played).out
    assert "Đã giải quyết đúng hạn: 1" in shown
    assert "resolved" in shown


def test_figures_stand_beside_other_days(played: Path) -> None:
    total = done("compare", *WINDOW, "--since", "2023-01-01", "--json", data=played).json["total"]["figures"]
    assert (total["B1"]["now"], total["B1"]["before"], total["B1"]["cumulative"]) == (TOTAL["B1"], None, TOTAL["B1"])
    shown = done("compare", *WINDOW, "--table", "bieu-03", "--row", "-", data=played).out
    assert "Chưa phân công" in shown
    assert "Cùng kỳ: chưa có số liệu" in shown
    assert doithoai("compare", *WINDOW, "--since", "2024-01-01", data=played).code == 1
    assert doithoai("compare", *WINDOW, "--row", "NONE", data=played).code == 2


def test_an_episode_says_where_it_is_counted(played: Path) -> None:
    episode = figures(played, "--open", "bieu-02/total/I1")["episodes"][0]["episode"]
    found = figures(played, "--why", episode)
    assert (found["verdict"], "I1" in found["columns"]) == ("counted", True)
    assert "Được tính trong kỳ" in done("figures", *WINDOW, "--why", episode, data=played).out


def test_what_cannot_be_opened_is_refused(played: Path) -> None:
    assert doithoai("figures", *WINDOW, "--open", "bieu-02/total/T1", data=played).code == 1
    assert doithoai("figures", *WINDOW, "--why", "Z/9", data=played).code == 1
    assert doithoai("figures", *WINDOW, "--why", "Z/9", "--open", "bieu-02/total/I", data=played).code == 2
