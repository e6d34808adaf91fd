"""The verb `import`: every row of a sheet is an opinion or told with what to do, once, by itself or beside a running `serve`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.catalogue import commands_of
from deploy.importing import Clerk, hand_in
from deploy.performing import LineRefused, Outcome
from deploy.sheet import read
from shared.contracts.roles import Role
from tests.support.commandline import Answer, doithoai, done, serving
from tests.support.story import jsonl, received

BY: Final = ("--office", "VPUB", "--unit", "BTCD", "--actor", "btcd-01")
ROAD: Final = {"local_id": "BTCD-1", "channel": "truc_tiep", "source_group": "nhan_dan", "words": "Đường vào bản sạt lở."}
POOR: Final = {"local_id": "BTCD-2", "channel": "van_ban", "source_group": "nhan_dan", "words": "Xin xét hộ nghèo."}
NOWHERE: Final = {**POOR, "local_id": "BTCD-3", "locality": "KHONG-CO"}
NAMELESS: Final = {**POOR, "local_id": ""}


def sheet(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def imported(data: Path, rows: str, *words: str) -> Answer:
    return doithoai("import", "-", *BY, "--json", *words, data=data, stdin=rows)


def events(data: Path) -> list[str]:
    return [event["type"] for event in done("events", "--service", "intake", data=data).lines]


def test_every_row_is_taken_in_and_the_batch_recorded(own_made: Path, tmp_path: Path) -> None:
    table = tmp_path / "so-tiep-nhan.csv"
    table.write_text(
        "local_id;channel;source_group;words;speaker_name\n"
        "BTCD-1;truc_tiep;nhan_dan;Đường vào bản sạt lở.;Lò Văn Bình\n"
        'BTCD-2;van_ban;nhan_dan;"Xin xét ""hộ nghèo"";\ncảm ơn.";\n',
        encoding="utf-8-sig",
    )
    found = done("import", table, *BY, "--source", "so_tiep_nhan", "--json", data=own_made).json
    assert (found["rows"], found["taken"], found["known"], found["refused"]) == (2, 2, 0, 0)
    assert [(each["row"], each["known"], len(each["receipt"])) for each in found["opinions"]] == [(2, False, 15), (3, False, 15)]
    types = [*["opinion.received.v1"] * 2, "batch.imported.v1", *["batch.row_taken.v1"] * 2]
    assert events(own_made) == types
    batch = done("show", found["batch"], "--json", data=own_made).json
    assert batch["version"] == 3
    assert "Lò Văn Bình".encode() not in (own_made / "intake.db").read_bytes()


def test_the_same_sheet_again_changes_nothing(own_made: Path) -> None:
    first = imported(own_made, sheet(ROAD, NOWHERE))
    before = events(own_made)
    again = imported(own_made, sheet(ROAD, NOWHERE))
    assert (first.code, again.code) == (1, 0)
    assert (again.json["imported_before"], again.json["taken"], again.json["refused"]) == (True, 0, 0)
    other = doithoai("import", "-", *BY[:4], "--actor", "btcd-02", data=own_made, stdin=sheet(ROAD, NOWHERE))
    assert other.code == 0
    assert events(own_made) == before


def test_a_refused_row_is_told_with_number_field_and_advice_and_the_others_stand(own_made: Path) -> None:
    found = imported(own_made, sheet(ROAD, NAMELESS, NOWHERE, {**POOR, "channel": "fax"}, {**ROAD, "words": "Khác."}, POOR))
    assert found.code == 1
    assert [(each["row"], each["field"], each["code"]) for each in found.json["refusals"]] == [
        (2, "local_id", "local-id-missing"),
        (3, "locality", "unknown-unit"),
        (4, "channel", "invalid"),
        (5, "local_id", "local-id-taken"),
    ]
    assert all(each["advice"] for each in found.json["refusals"])
    assert [each["rule"] for each in found.json["refusals"]] == [[], [], [], ["R48"]]
    assert [each["row"] for each in found.json["opinions"]] == [1, 6]
    assert events(own_made).count("opinion.received.v1") == 2
    assert events(own_made).count("batch.row_refused.v1") == 4
    told = doithoai("import", "-", *BY, data=own_made, stdin=sheet(NOWHERE))
    assert "Choose a unit that is in force on that day." in told.out


def test_a_sheet_that_was_put_right_brings_only_what_is_new(own_made: Path) -> None:
    first = imported(own_made, sheet(ROAD, NAMELESS)).json
    right = imported(own_made, sheet(ROAD, POOR)).json
    assert [(each["row"], each["known"]) for each in right["opinions"]] == [(1, True), (2, False)]
    assert right["opinions"][0]["opinion"] == first["opinions"][0]["opinion"]
    assert (right["taken"], right["known"], right["batch"] == first["batch"]) == (2, 1, False)
    assert events(own_made).count("opinion.received.v1") == 2


def test_a_dry_run_checks_every_row_without_an_installation(tmp_path: Path) -> None:
    found = imported(tmp_path / "data", sheet(ROAD, NAMELESS), "--dry-run")
    assert (found.code, found.json["checked"], found.json["rows"], found.json["refused"]) == (1, True, 2, 1)
    assert imported(tmp_path / "data", sheet(ROAD), "--dry-run").code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "raw", "said"),
    [
        (BY, b"\xff", "- is not UTF-8 (byte 0)"),
        (BY, b"", "- holds no rows"),
        (BY, b"colour\nred", "- has columns that are not known"),
        (("--office", "SGTVT", *BY[2:]), sheet(ROAD), "receive_opinion refused (not-an-office)"),
        (("--office", "VPUB", "--unit", "KHONG-CO", *BY[4:]), sheet(ROAD), "receive_opinion refused (unknown-unit)"),
        ((*BY, "--capacity", "auditor"), sheet(ROAD), "refused (forbidden)"),
    ],
)
def test_what_has_nothing_to_do_with_a_row_ends_it_with_nothing_done(
    own_made: Path, words: Sequence[str], raw: str | bytes, said: str
) -> None:
    answer = doithoai("import", "-", *words, data=own_made, stdin=raw)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err
    assert events(own_made) == []


def test_opinions_may_have_come_in_before_they_are_recorded(own_played: Path) -> None:
    ahead = {**POOR, "occurred_at": "2099-01-01"}
    found = imported(own_played, sheet({**ROAD, "occurred_at": "2023-01-05T08:00"}, ahead))
    assert [(each["row"], each["code"], each["field"]) for each in found.json["refusals"]] == [
        (2, "occurred-ahead", "occurred_at")
    ]
    [event] = [
        each
        for each in done("events", "--service", "intake", data=own_played).lines
        if each["stream"] == found.json["opinions"][0]["opinion"]
    ]
    assert event["occurred_at"] == "2023-01-05T01:00:00+00:00"


def test_beside_a_running_house_it_goes_through_its_api(own_played: Path) -> None:
    with serving(own_played):
        found = imported(own_played, sheet(ROAD, NOWHERE))
        assert (found.code, found.json["taken"], found.json["refused"]) == (1, 1, 1)
        assert found.json["refusals"][0]["code"] == "unknown-unit"
        assert imported(own_played, sheet(ROAD, NOWHERE)).json["imported_before"] is True
    assert imported(own_played, sheet(ROAD, NOWHERE)).json["imported_before"] is True
    done("doctor", data=own_played)
    done("verify", data=own_played)
    done("do", "-", data=own_played, stdin=jsonl(received("2023-03-09T09:00", "S-1")))


class Breaking:
    """A house that takes in so many rows and is then away; what it took in it knows when asked again."""

    def __init__(self, rows: int) -> None:
        self.rows, self.stands, self.bodies = rows, set[str](), list[Any]()

    async def halted(self) -> Sequence[str]:
        return []

    async def known(self) -> Mapping[str, type]:
        return commands_of("intake")

    async def performed(self, command_ids: Sequence[str]) -> set[str]:
        return self.stands & set(command_ids)

    async def drain(self) -> None:
        return

    async def ask(self, line: Any, body: Any) -> Outcome:
        if line.command_id not in self.stands and len(self.stands) >= self.rows:
            raise LineRefused(line, {"status": 503, "code": "away", "titles": {"en": "away"}, "advice": {"en": ""}})
        self.stands.add(line.command_id)
        self.bodies.append(body)
        return Outcome(stream=f"opinion-{len(self.stands)}", version=1, replayed=False, answer={})


async def test_broken_off_it_goes_on_where_it_was_and_counts_as_if_it_had_not_been() -> None:
    read_in = read(sheet(ROAD, POOR, {**POOR, "local_id": "BTCD-9"}).encode(), office="VPUB")
    clerk = Clerk(office="VPUB", unit="BTCD", actor="btcd-01", capacity=Role.FEEDER)
    house: Any = Breaking(rows=2)
    with pytest.raises(LineRefused):
        await hand_in(read_in, house, clerk, source="bang_tinh")
    assert len(house.stands) == 2
    house.rows = 9
    found = await hand_in(read_in, house, clerk, source="bang_tinh")
    assert [each.known for each in found.taken] == [False, False, False]
    assert house.bodies[-1].known == 0
    assert (await hand_in(read_in, house, clerk, source="bang_tinh")).before
