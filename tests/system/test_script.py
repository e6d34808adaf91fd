"""The dated script: what a line may be, what is refused before anything is done, and what names stand for."""

import json
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from deploy.script import Line, Names, WrongScript, body_of, check, parse
from shared.contracts.types import StreamId, Text, UnitKey


@dataclass(frozen=True, kw_only=True)
class ReceiveOpinion:
    """Hand in words."""

    words: Text


@dataclass(frozen=True, kw_only=True)
class AssignCase:
    """Give a case to a unit."""

    case: StreamId
    lead: UnitKey


KNOWN = {"receive_opinion": ReceiveOpinion, "assign_case": AssignCase}


def written(**changed: Any) -> dict[str, Any]:
    line = {
        "at": "2023-01-06T09:00:00+07:00",
        "office": "VPUB",
        "actor": "th-01",
        "unit": "TH",
        "capacity": "specialist",
        "command": "receive_opinion",
        "data": {"words": "Đề nghị mở lớp."},
    }
    return {key: value for key, value in {**line, **changed}.items() if value is not None}


def script(*lines: dict[str, Any]) -> bytes:
    return b"\n".join(orjson.dumps(line) for line in lines)


def parsed(*lines: dict[str, Any]) -> list[Line]:
    return parse(script(*lines), "sample")


def refused(raw: bytes, *, script_clock: bool = True) -> WrongScript:
    with pytest.raises(WrongScript) as caught:
        check(parse(raw, "sample"), KNOWN, script_clock=script_clock)
    return caught.value


def test_a_line_is_read_with_its_times_in_the_office_s_zone() -> None:
    [line] = parsed(written(at="2023-01-06T09:00:00", occurred_at="2023-01-05"))
    assert line.at is not None
    assert line.at.isoformat() == "2023-01-06T09:00:00+07:00"
    assert line.occurred_at is not None
    assert line.occurred_at.isoformat() == "2023-01-05T00:00:00+07:00"


def test_the_same_line_of_the_same_script_is_the_same_command() -> None:
    one, two = parsed(written(id="O-01")), parse(script(written(id="O-01")), "another")
    assert one[0].command_id == parsed(written(id="O-01", at="2023-01-07"))[0].command_id
    assert one[0].command_id != two[0].command_id


def test_a_line_without_a_name_is_known_by_what_it_says_wherever_it_stands() -> None:
    [alone] = parsed(written())
    above, below = parse(b"\n" + script(written(at="2023-01-05"), dict(reversed(written().items()))), "sample")
    assert below.command_id == alone.command_id != above.command_id


def test_lines_that_say_the_same_are_told_apart_by_which_of_them_they_are() -> None:
    first, second = parsed(written(), written())
    assert first.command_id != second.command_id
    assert [each.command_id for each in parsed(written(), written(), written())][:2] == [first.command_id, second.command_id]


def test_a_line_without_a_name_that_nobody_can_write_down_again_is_refused() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    error = refused(script(written()) + b"\n" + json.dumps(written(data={"words": deep})).encode())
    assert (error.line, error.field) == (2, "data")


def test_a_name_and_a_line_without_one_never_make_the_same_command() -> None:
    assert parsed(written(id="1"))[0].command_id != parsed(written())[0].command_id


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (written(at="yesterday"), "at"),
        (written(at=5), "at"),
        (written(at="9999-12-31T23:59:59-14:00"), "at"),
        (written(at="0001-01-01"), "at"),
        (written(occurred_at="0001-01-01T00:00:00+14:00"), "occurred_at"),
        (written(capacity="king"), "capacity"),
        (written(capacity="system"), "capacity"),
        (written(unit="th"), "unit"),
        (written(office=None), "office"),
        (written(colour="red"), "colour"),
        (written(data=[]), "data"),
        (written(command="close_everything"), "command"),
        (written(data={}), "data.words"),
        (written(data={"words": "a\x00b"}), "data.words"),
        (written(data={"words": "x", "more": 1}), "data.more"),
        (written(data={"words": "x" * 20_001}), "data.words"),
        (written(command="assign_case", data={"case": {"ref": "O-09"}, "lead": "TH"}), "data.case"),
        (written(at=None), "at"),
    ],
)
def test_an_error_names_its_line_and_field(line: dict[str, Any], field: str) -> None:
    error = refused(script(written(), line))
    assert (error.line, error.field) == (2, field)
    assert str(error).startswith(f"line 2, {field}: ")


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"at": NaN}', b'"\xff"', b"[" * 2_000])
def test_what_is_not_a_json_object_is_refused_with_its_line(raw: bytes) -> None:
    assert refused(script(written()) + b"\n\n" + raw).line == 3


def test_times_never_go_back() -> None:
    error = refused(script(written(), written(at="2023-01-06T08:59:59+07:00")))
    assert (error.line, error.field) == (2, "at")


def test_a_name_is_given_once() -> None:
    error = refused(script(written(id="O-01"), written(id="O-01")))
    assert (error.line, error.field) == (2, "id")


def test_a_recorded_time_is_refused_on_a_real_clock() -> None:
    assert refused(script(written()), script_clock=False).field == "at"
    check(parsed(written(at=None)), KNOWN, script_clock=False)


def test_a_name_serves_for_an_opinion_its_case_and_its_task() -> None:
    names = Names()
    received, assigned, asked = parsed(
        written(id="O-01"),
        written(command="assign_case", data={"case": {"ref": "O-01"}, "lead": "TH"}),
        written(command="accept_task", data={"task": {"ref": "O-01"}, "parts": [{"into": {"ref": "O-01"}}]}),
    )
    names.learn(received, "opinion-7ZK", {"receipt": "ABC"})
    assert names.resolve(assigned) == {"case": "case-7ZK", "lead": "TH"}
    names.learn(assigned, "case-7ZK", {"task": "task-9"})
    assert names.resolve(asked) == {"task": "task-9", "parts": [{"into": "opinion-7ZK"}]}


def test_the_parts_of_a_split_have_names_of_their_own() -> None:
    names = Names()
    received, split, asked = parsed(
        written(id="O-23"),
        written(command="split_opinion", data={"opinion": {"ref": "O-23"}}),
        written(command="assign_case", data={"case": {"ref": "O-23/2"}, "lead": "TH"}),
    )
    names.learn(received, "opinion-A", {})
    names.learn(split, "opinion-A", {"parts": ["opinion-B", "opinion-C"]})
    assert names.resolve(asked) == {"case": "case-C", "lead": "TH"}


def test_merging_does_not_move_the_name_of_the_survivor() -> None:
    names = Names()
    first, second, merge = parsed(
        written(id="O-01"), written(id="O-24"), written(data={"opinion": {"ref": "O-24"}, "into": {"ref": "O-01"}})
    )
    names.learn(first, "opinion-A", {})
    names.learn(second, "opinion-B", {})
    names.learn(merge, "opinion-B", {})
    assert names.resolve(merge) == {"opinion": "opinion-B", "into": "opinion-A"}


def test_a_task_that_is_not_given_yet_has_no_name() -> None:
    names = Names()
    received, asked = parsed(written(id="O-01"), written(data={"task": {"ref": "O-01"}}))
    names.learn(received, "opinion-A", {})
    with pytest.raises(WrongScript, match=r"line 2, data\.task: O-01 stands for no task yet"):
        names.resolve(asked)


def test_a_body_with_names_passes_the_check_and_is_judged_when_they_are_known() -> None:
    lines = parsed(written(id="O-01"), written(command="assign_case", data={"case": {"ref": "O-01"}, "lead": "TH"}))
    check(lines, KNOWN, script_clock=True)
    body = body_of(lines[1], AssignCase, {"case": "case-7ZK", "lead": "TH"})
    assert body.model_dump() == {"case": "case-7ZK", "lead": "TH"}
    with pytest.raises(WrongScript):
        body_of(lines[1], AssignCase, {"case": "?", "lead": "TH"})
