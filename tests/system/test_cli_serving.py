"""Beside a running `serve`: writers go through its API, readers read its files, everybody else is told who holds them."""

import itertools
import json
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from deploy import directory
from deploy.directory import OWNER
from deploy.ground import on_directory, settings_of
from deploy.sampling import is_sample
from tests.support import story
from tests.support.commandline import Serving, doithoai, done, serving, start
from tests.support.spoiling import refusing_table
from tests.support.story import jsonl, received

DAYS: Final = itertools.count(1)
WINDOW: Final = ("--office", "VPUB", "--from", "2023-03-01", "--to", "2023-03-31")


def last(data: Path, service: str = "intake") -> Any:
    """The last event of a log."""
    return done("events", "--service", service, data=data).lines[-1]


@pytest.fixture(scope="module")
def house(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The played installation, served; tests add to it and name what they add themselves."""
    with serving(shutil.copytree(played, tmp_path_factory.mktemp("served") / "data")) as running:
        yield running


@pytest.fixture
def day() -> str:
    """A day of March that nothing was recorded on yet: the time of the house that is shared never goes back."""
    return f"2023-03-{next(DAYS):02}"


def token(data: Path, unit: str, *capacities: str) -> str:
    """A bearer token for a person of a unit."""
    words = [word for capacity in capacities for word in ("--capacity", capacity)]
    made = done("token", "create", "--person", "th-01", "--office", "VPUB", "--unit", unit, *words, "--json", data=data)
    return str(made.json["token"])


def test_it_says_what_it_serves_and_under_which_clock(house: Serving) -> None:
    health = house.get("/readyz").json()
    assert (health["ready"], health["state"], health["clock"], health["tenant"]) == (True, "ok", "script", "sonla")
    assert house.get("/livez").status_code == 200
    assert house.get("/version").json()["version"]
    assert house.get("/metrics").status_code == 200


def test_a_script_is_performed_through_its_api(house: Serving, day: str) -> None:
    lines = jsonl(received(f"{day}T09:00", "S-1"))
    before = last(house.data)["position"]
    assert done("do", "-", "--json", data=house.data, stdin=lines).json["performed"] == 1
    added = last(house.data)
    assert (added["position"], added["recorded_at"]) == (before + 1, f"{day}T02:00:00+00:00")
    assert added["metadata"]["trace"]
    assert done("do", "-", "--json", data=house.data, stdin=lines).json["found"] == 1
    assert last(house.data) == added


def test_what_was_performed_through_its_api_is_read_at_once(house: Serving, day: str) -> None:
    before = done("figures", *WINDOW, "--json", data=house.data).json["total"]["B1"]
    told = (
        received(f"{day}T09:00", "R-1"),
        story.classified(f"{day}T09:10", "R-1", "che-do-chinh-sach"),
        story.line(f"{day}T09:20", "refer_opinion", story.about("R-1")),
        story.line(f"{day}T09:30", "assign_case", {**story.about("R-1", "case"), "lead": "KT"}, by="cvp-01 CVP chief"),
    )
    done("do", "-", "--name", "read", data=house.data, stdin=jsonl(*told))
    assert done("figures", *WINDOW, "--json", data=house.data).json["total"]["B1"] == before + 1
    [item] = done("tasks", "--unit", "KT", "--json", data=house.data).json
    shown = done("show", item["case"], "--json", data=house.data).json
    assert (shown["version"], shown["position"]) == (2, last(house.data, "assignment")["position"] - 1)


def test_its_refusals_name_line_and_field_alike(house: Serving, day: str) -> None:
    before = last(house.data)
    for wrong, said in (
        (received(f"{day}T10:00", office="SGTVT"), "line 1, data.office: receive_opinion refused (not-an-office)"),
        (received("2023-02-01T10:00"), "line 1, at: lies before the time this installation has reached"),
        (received(f"{day}T10:00", colour="red"), "line 1, data.colour: "),
        (received(f"{day}T10:00") | {"occurred_at": "2024-01-01"}, "line 1, occurred_at: receive_opinion refused"),
    ):
        answer = doithoai("do", "-", "--name", "refused", data=house.data, stdin=jsonl(wrong))
        assert (answer.code, answer.out) == (1, "")
        assert said in answer.err
    assert last(house.data) == before


@pytest.mark.parametrize("words", ["migrate", "serve", "serve --port 1"])
def test_whoever_needs_the_directory_alone_is_told_who_holds_it(house: Serving, words: str) -> None:
    answer = doithoai(*words.split(), data=house.data)
    assert (answer.code, answer.out) == (1, "")
    assert f"held by `doithoai serve` (process {house.process.pid})" in answer.err


def test_the_lock_names_its_owner_to_the_owner_alone(house: Serving) -> None:
    lock = house.data / OWNER
    owner = json.loads(lock.read_text(encoding="utf-8"))
    assert (owner["pid"], owner["verb"], owner["port"]) == (house.process.pid, "serve", house.port)
    assert owner["token"]
    assert lock.stat().st_mode & 0o777 == 0o600
    [said] = [row["found"] for row in done("doctor", "--json", data=house.data).json if row["what"] == "owner"]
    assert said == f"`doithoai serve`, process {house.process.pid}"


def test_what_is_inside_needs_the_token_of_the_lock(house: Serving) -> None:
    secret = json.loads((house.data / OWNER).read_text(encoding="utf-8"))["token"]
    for path in ("/internal/subscriptions", "/internal/jobs", "/internal/commands"):
        assert house.get(path).status_code == 401
        assert house.get(path, "dt_0000000000000000_0").status_code == 401
        assert house.get(path, secret).status_code == 200


def test_an_operators_verbs_go_through_its_api(house: Serving) -> None:
    found = done("rebuild", "opinions", "--check", "--json", data=house.data).json
    assert (found["equal"], found["swapped"]) == (True, False)
    assert done("rebuild", "milestone", "--json", data=house.data).json["swapped"] is True
    assert done("rebuild", "milestone", "--check", "--json", data=house.data).json["equal"] is True
    for words in (
        "rebuild everything",
        "rebuild open-cases",
        "dlq requeue opinions",
        "dlq discard opinions intake/sonla 1 --reason X",
    ):
        answer = doithoai(*words.split(), data=house.data)
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.strip()


def test_parked_events_are_tried_again_through_its_api(house: Serving, day: str) -> None:
    told = (received(f"{day}T09:00", "D-1", local_id="SPOILED"), received(f"{day}T09:00", "D-2", local_id="FINE"))
    with refusing_table(house.data, "intake", "opinions_opinion", "new.local_id = 'SPOILED'"):
        done("do", "-", "--name", "parked", data=house.data, stdin=jsonl(*told))
        [letter] = done("dlq", "list", "--json", data=house.data).json
        assert done("dlq", "requeue", "opinions", "--json", data=house.data).json == {"succeeded": 0}
    one = ("opinions", letter["source"], letter["position"])
    assert done("dlq", "requeue", *one, "--json", data=house.data).json == {"succeeded": 1}
    assert done("dlq", "list", "--json", data=house.data).json == []


def test_proof_health_and_backup_are_to_be_had_while_it_works(house: Serving, tmp_path: Path) -> None:
    done("doctor", data=house.data)
    done("verify", data=house.data)
    done("backup", tmp_path / "backup", "--keys", tmp_path / "keys", data=house.data)
    done("restore", tmp_path / "backup", "--keys", tmp_path / "keys", data=tmp_path / "again")
    assert last(tmp_path / "again") == last(house.data)
    done("verify", data=tmp_path / "again")


def test_a_unit_reads_its_own_task_stream_and_no_other(house: Serving) -> None:
    own = token(house.data, "TCHCQT", "unit_leader")
    answer = house.get("/assignment/api/units/TCHCQT/tasks?after=0", own)
    assert answer.status_code == 200
    items = answer.json()["items"]
    first, second = items
    assert first["previous"] == 0 < first["position"] == second["previous"] < second["position"]
    assert items == done("tasks", "--unit", "TCHCQT", "--json", data=house.data).json
    other = house.get("/assignment/api/units/TH/tasks?after=0", own)
    nothing = house.get("/assignment/api/units/PHONG-MOI/tasks?after=0", own)
    assert (other.status_code, nothing.status_code) == (404, 404)
    assert other.json() | {"trace_id": ""} == nothing.json() | {"trace_id": ""}


def test_without_a_token_nothing_is_told(house: Serving) -> None:
    path = "/assignment/api/units/TCHCQT/tasks?after=0"
    good = token(house.data, "TCHCQT", "unit_leader")
    for given in ("", "nonsense", good[:-1] + ("0" if good[-1] != "0" else "1"), good.rpartition("_")[0] + "_"):
        answer = house.get(path, given)
        assert answer.status_code == 401
        assert answer.json()["code"] == "not-signed-in"
        assert "task" not in answer.text


def test_a_token_is_scoped_to_its_capacities(house: Serving) -> None:
    path = f"/reporting/api/figures?office=VPUB&from={story.FIRST_DAY}&to={story.LAST_DAY}"
    feeder, hub = token(house.data, "TH", "feeder"), token(house.data, "TCHCQT", "hub", "specialist")
    assert house.get(path, feeder).status_code in (403, 404)
    answer = house.get(path, hub)
    window = ("--office", "VPUB", "--from", story.FIRST_DAY, "--to", story.LAST_DAY)
    assert (answer.status_code, answer.json()) == (200, done("figures", *window, "--json", data=house.data).json)


def test_a_token_is_shown_once_and_listed_without_its_secret(house: Serving) -> None:
    words = ("token", "create", "--person", "kt-01", "--office", "VPUB", "--unit", "KT", "--capacity", "specialist")
    made = done(*words, data=house.data)
    assert "It is not shown again." in made.err
    [secret] = [word for word in made.out.split() if word.startswith("dt_")]
    listed = done("token", "list", "--json", data=house.data)
    assert secret.rpartition("_")[2] not in listed.out
    [found] = [each for each in listed.json if each["id"] == secret.split("_")[1]]
    assert (found["person"], found["office"], found["unit"], found["capacities"]) == ("kt-01", "VPUB", "KT", ["specialist"])
    assert secret.rpartition("_")[2].encode() not in (house.data / "access.db").read_bytes()


def test_a_token_that_was_revoked_before_its_first_use_opens_nothing(house: Serving) -> None:
    ended = token(house.data, "TH", "unit_leader")
    done("token", "revoke", ended.split("_")[1], data=house.data)
    assert house.get("/assignment/api/units/TH/tasks?after=0", ended).status_code == 401
    assert doithoai("token", "revoke", ended.split("_")[1], data=house.data).code == 1
    [found] = [each for each in done("token", "list", "--json", data=house.data).json if each["id"] == ended.split("_")[1]]
    assert found["revoked_at"]


def test_killed_it_leaves_neither_a_lock_nor_a_half_done_thing(own_played: Path) -> None:
    with serving(own_played) as running:
        done("do", "-", data=own_played, stdin=jsonl(received("2023-03-01T09:00", "S-1")))
        running.end(signal.SIGKILL)
    assert (own_played / OWNER).read_bytes()
    lines = jsonl(received("2023-03-01T09:00", "S-1"), received("2023-03-02T09:00", "S-2"))
    again = done("do", "-", "--json", data=own_played, stdin=lines)
    assert (again.json["found"], again.json["performed"]) == (1, 1)
    done("doctor", data=own_played)
    done("verify", data=own_played)


def test_a_port_that_is_taken_is_said(own_made: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("serve", "--data", own_made, "--port", port)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Refused: 127.0.0.1:{port} cannot be listened on (Address already in use): choose another with --port" in said
    assert "Traceback" not in said
    assert "Warning" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_makes_an_installation_on_the_real_clock_and_closes_it_when_it_is_told_to_stop(
    tmp_path: Path, number: signal.Signals
) -> None:
    data = tmp_path / "data"
    with serving(data, forked=False) as running:
        assert running.get("/readyz").json()["clock"] == "real"
        refused = doithoai("do", "-", data=data, stdin=jsonl(received("2023-03-01T09:00", "S-1")))
        assert "line 1, at: is refused" in refused.err
        done("do", "-", data=data, stdin=jsonl(received(None, "S-1")))
        assert running.end(number) == 0
    assert (data / OWNER).read_bytes() == b""
    assert not list(data.glob("*-wal"))
    done("do", "-", data=data, stdin=jsonl(received(None, "S-1"), received(None, "S-2")))
    assert [event["position"] for event in done("events", "--service", "intake", data=data).lines] == [1, 2]


def test_one_database_that_was_put_back_alone_is_seen_by_whoever_serves(own_played: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "backup", data=own_played)
    done("do", "-", data=own_played, stdin=jsonl(received("2023-03-01T09:00", "S-1")))
    shutil.copyfile(tmp_path / "backup" / "intake.db", own_played / "intake.db")
    with serving(own_played) as running:
        health = running.get("/readyz").json()
        assert health["state"] == "degraded"
        assert health["parts"]["assignment subscriptions"] == "degraded"
        secret = json.loads((own_played / OWNER).read_text(encoding="utf-8"))["token"]
        found = running.get("/internal/subscriptions", secret).json()["subscriptions"]
        halted = {(at["name"], at["source"], at["reason"]) for at in found if at["state"] == "halted"}
        readers = ("attachments", "cases", "open-cases", "open-submissions", "give-rounds", "milestone", "lock-reports")
        assert halted == {(name, "intake/sonla", "source-shorter-than-cursor") for name in readers}
        answer = doithoai("do", "-", data=own_played, stdin=jsonl(received("2023-03-02T09:00", "S-2")))
        assert (answer.code, "nothing was performed" in answer.err) == (1, True)


def test_a_sample_names_one_sign_in_for_each_capacity_that_somebody_acted_in(played: Path, tmp_path: Path) -> None:
    with serving(shutil.copytree(played, tmp_path / "data")) as house:
        told = house.said.splitlines()
        assert f"http://127.0.0.1:{house.port}" in told[0]
        password = told[1].partition("password ")[2].split()[0]
        seats = dict(line.split()[:2] for line in told[2:])
        assert seats.items() >= {("sample-chief", "cvp-01,"), ("sample-deputy", "cvp-02,"), ("sample-hub", "tchcqt-02,")}
        headers = {"Accept": "text/html", "Origin": f"http://127.0.0.1:{house.port}"}
        with httpx2.Client(base_url=headers["Origin"], headers=headers) as browser:
            token = browser.get("/sign-in").text.partition('name="token" value="')[2][:64]
            form = {"token": token, "name": "sample-chief", "password": password}
            let_in = browser.post("/sign-in", data=form)
            assert (let_in.status_code, let_in.headers["Location"]) == (303, "/")
            assert browser.get("/").headers["Location"] == "/awaiting-me"
            assert "Việc của tôi" in browser.get("/my-work").text


def test_where_people_work_nobody_is_let_in_by_a_printed_password(tmp_path: Path) -> None:
    done("init", data=tmp_path / "data")
    with serving(tmp_path / "data") as house:
        house.end(signal.SIGTERM)
        assert str(house.port) in house.said
        assert "password" not in house.said
    assert done("account", "list", "--json", data=tmp_path / "data").json == []


@pytest.mark.parametrize(
    ("clock", "host", "sample"), [("script", "127.0.0.1", True), ("script", "0.0.0.0", False), ("real", "127.0.0.1", False)]
)
def test_a_sample_goes_by_a_scripts_clock_and_is_served_on_its_own_machine_alone(
    tmp_path: Path, clock: Any, host: str, sample: bool
) -> None:
    made = directory.make(tmp_path / "data", clock=clock, seed="mẫu" if clock == "script" else "")
    settings = settings_of(tmp_path / "data").model_copy(update={"host": host})
    assert is_sample(on_directory(made, settings)) is sample
