"""What holds for every verb: options, exit codes, JSON that is nothing but JSON; and the verbs that need no installation."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from deploy.catalogue import all_commands
from deploy.cli import app
from deploy.servers.kafka import Broker
from tests.support import story
from tests.support.commandline import DISTRIBUTED, Answer, doithoai, done

ABOUT_NO_DIRECTORY: Final = {"commands"}
ONLY_DISTRIBUTED: Final = {"run"}
# Working-day calendar of the domain brief: start, five working days on, ten working days on.
VECTORS: Final = (
    ("2023-01-13", "2023-01-27", "2023-02-03"),
    ("2023-04-26", "2023-05-08", "2023-05-15"),
    ("2024-04-25", "2024-05-06", "2024-05-13"),
    ("2025-04-24", "2025-05-05", "2025-05-12"),
    ("2026-02-10", "2026-02-24", "2026-03-03"),
    ("2026-08-20", "2026-08-26", "2026-09-07"),
    ("2026-11-17", "2026-11-25", "2026-12-02"),
)


def verbs(group: Any = None, before: str = "") -> dict[str, set[str]]:
    """Every verb with its options."""
    found: dict[str, set[str]] = {}
    if group is None:
        group = get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= verbs(command, f"{before}{name} ")
        else:
            found[f"{before}{name}"] = {option for each in command.params for option in each.opts}
    return found


def test_every_verb_of_the_house_is_there() -> None:
    assert set(verbs()) >= {
        *(
            "init",
            "serve",
            "run",
            "migrate",
            "topics apply",
            "doctor",
            "commands",
            "do",
            "import",
            "events",
            "show",
            "tasks",
            "figures",
        ),
        *("rebuild", "dlq list", "dlq show", "dlq requeue", "dlq discard", "verify", "backup", "restore", "calendar due"),
        *("token create", "token list", "token revoke"),
    }


@pytest.mark.parametrize("verb", sorted(verbs()))
def test_every_verb_explains_itself(verb: str) -> None:
    assert f"doithoai {verb}" in done(*verb.split(), "--help").out


def test_every_verb_over_an_installation_takes_its_directory_and_tenant() -> None:
    lacking = {verb for verb, options in verbs().items() if not {"--data", "--tenant"} <= options}
    assert lacking == ABOUT_NO_DIRECTORY


def test_events_take_the_option_that_every_list_takes(played: Path) -> None:
    words = ("events", "--service", "reporting", "--limit", "3")
    assert done(*words, "--json", data=played).out == done(*words, data=played).out


@pytest.mark.parametrize("verb", ["commands", "dlq list", "doctor", "tasks", "token list", "verify"])
def test_every_list_is_to_be_had_as_json(played: Path, verb: str) -> None:
    words = [*verb.split(), *(("--unit", "TH") if verb == "tasks" else ()), "--json"]
    data = None if verb in ABOUT_NO_DIRECTORY else played
    assert isinstance(done(*words, data=data).json, list)


@pytest.mark.parametrize(
    "words",
    [
        "nonsense",
        "figures",
        "figures --office VPUB --from 2023-01-x --to 2023-01-31",
        "figures --office VPUB --from 2023-01-01 --to 2023-01-31 --by colour",
        "events --service intakes",
        "events --service intake --after -1",
        "show unit-VPUB --as-of yesterday",
        "dlq list --state lost",
        "dlq show opinions intake/sonla 0",
        "init --clock odd",
        "do nowhere.jsonl",
        "import nowhere.csv --office VPUB --unit BTCD",
        "import nowhere.csv --office vpub --unit BTCD",
        "import nowhere.csv --office VPUB --unit BTCD --capacity system",
        "calendar due --from 2023-02-30 --working-days 5",
        "calendar due --from 2023-01-13 --working-days -1",
        "token create --person th-01 --office VPUB --unit TH --capacity king",
        "token create --person th-01 --office VPUB --unit TH --capacity system",
        "token create --person Nguyễn --office VPUB --unit TH --capacity hub",
        "topics apply",
        "run intake",
        "run intake --data .",
        "run intake --only everything",
        "run billing",
    ],
)
def test_a_verb_that_is_used_wrongly_ends_with_2_and_does_nothing(made: Path, words: str) -> None:
    verb = words.split()
    takes_data = not {*ABOUT_NO_DIRECTORY, *ONLY_DISTRIBUTED} & {verb[0], " ".join(verb[:2])} and verb[0] != "nonsense"
    answer = doithoai(*verb, data=made if takes_data else None)
    assert (answer.code, answer.out) == (2, "")
    assert "Usage:" in answer.err


def test_a_credential_states_no_capacity_of_a_post_that_another_holds(own_made: Path) -> None:
    keeper, since = "quan-tri VPUB administrator", {"valid_from": "2023-01-01"}
    people = [{"person": each, "name": "Cán bộ (mẫu)", "unit": "TH", **since} for each in ("cvp-01", "th-01")]
    post = {"post": "CVP", "unit": "CVP", "name": "Chánh Văn phòng", "role": "chief", **since}
    asked: list[tuple[str, dict[str, str]]] = [("register_person", each) for each in people]
    asked += [("create_post", post), ("hold_post", {"post": "CVP", "person": "cvp-01", **since})]
    done("do", "-", data=own_made, stdin=story.jsonl(*(story.line("2023-01-09T08:00", *each, by=keeper) for each in asked)))

    def create(person: str, capacity: str) -> Answer:
        return doithoai(*f"token create --person {person} --office VPUB --unit TH --capacity {capacity}".split(), data=own_made)

    refused = create("th-01", "chief")
    assert (refused.code, refused.out) == (1, "")
    assert "CVP" in refused.err
    assert "hold_post" in refused.err
    assert create("cvp-01", "chief").code == 0
    assert create("th-01", "specialist").code == 0  # no post stands for it
    acting = ("--office", "VPUB", "--capacity")
    account = ("account", "create", "binh", "--person", "th-01", "--unit", "TH", *acting)
    assert doithoai(*account, "chief", data=own_made).code == 1
    done(*account, "specialist", data=own_made)
    assert "hold_post" in doithoai("account", "post", "binh", "--unit", "CVP", *acting, "chief", data=own_made).err


@pytest.mark.parametrize(
    "words",
    [
        "figures --office SGTVT-MOI --from 2023-01-01 --to 2023-01-31",
        "figures --office VPUB --from 2023-02-01 --to 2023-01-31",
        "figures --office VPUB --from 2023-01-01 --to 2023-01-31 --as-of intake=3",
        "show case-00000000000000000000",
        "show unit-VPUB --as-of 2020-12-31",
        "tasks --unit PHONG-MOI",
        "rebuild everything",
        "rebuild open-cases --check",
        "dlq show opinions intake/sonla 3",
        "dlq requeue opinions",
        "dlq discard opinions intake/sonla 3 --reason DUPLICATE",
        "token create --person th-01 --office VPUB --unit PHONG-MOI --capacity hub",
        "token revoke 0000000000000000",
    ],
)
def test_what_is_refused_ends_with_1_and_a_sentence(own_made: Path, words: str) -> None:
    answer = doithoai(*words.split(), data=own_made)
    assert (answer.code, answer.out) == (1, "")
    assert "{" not in answer.err
    assert answer.err.strip()


def test_a_refusal_says_what_to_do_with_its_facts_filled_in(played: Path) -> None:
    window = ("--office", "VPUB", "--from", "2023-01-01", "--to", "2023-01-31")
    answer = doithoai("figures", *window, "--as-of", "intake=3", data=played)
    assert "a position of every log: intake=12,assignment=12." in answer.err
    assert "Rule:" not in answer.err


def test_wrong_settings_are_said_by_name_and_nothing_runs(made: Path) -> None:
    answer = doithoai("events", "--service", "intake", data=made, env={"DOITHOAI_LOG_LEVEL": "loud"})
    assert answer.code == 2
    assert "Wrong setting: DOITHOAI_LOG_LEVEL" in answer.err
    tenant = doithoai("events", "--service", "intake", "--tenant", "SƠN LA", data=made)
    assert tenant.code == 2
    assert "'^[a-z][a-z0-9-]{1,30}$'" in tenant.err


@pytest.mark.parametrize(("start", "five", "ten"), VECTORS)
def test_a_due_day_needs_no_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, five: str, ten: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for days, due in ((5, five), (10, ten)):
        assert done("calendar", "due", "--from", start, "--working-days", days).out == f"{due}\n"
    assert list(tmp_path.iterdir()) == []


def test_no_working_days_are_over_on_the_day_itself_or_the_next_worked_one() -> None:
    assert done("calendar", "due", "--from", "2023-01-13", "--working-days", 0).out.strip() == "2023-01-13"


def test_a_day_that_no_calendar_knows_is_refused() -> None:
    answer = doithoai("calendar", "due", "--from", "2027-12-30", "--working-days", 5)
    assert (answer.code, answer.out) == (1, "")
    assert "2021-01-01 to 2027-12-31" in answer.err
    assert answer.err.rstrip().endswith("Rule: brief §2.2.")
    assert date.fromisoformat(done("calendar", "due", "--from", "2027-12-20", "--working-days", 5).out.strip())


def test_every_command_is_listed_with_its_service_purpose_and_schema() -> None:
    listed = done("commands", "--json").json
    assert {each["command"] for each in listed} == set(all_commands())
    for each in listed:
        assert each["schema"]["type"] == "object"
        assert set(each["schema"].get("required", ())) <= set(each["schema"]["properties"])
        assert each["schema"]["additionalProperties"] is False
        assert each["service"] in ("intake", "assignment", "reporting")
        assert each["purpose"].endswith(".")
    [receive] = [each["schema"] for each in listed if each["command"] == "receive_opinion"]
    assert {"office", "channel", "source_group", "words"} <= set(receive["required"])


def test_commands_are_listed_for_people_too() -> None:
    assert "classify_opinion" in done("commands").out


def test_on_postgresql_the_clock_is_said_by_the_settings_and_not_by_a_flag() -> None:
    answer = doithoai("init", "--clock", "script", "--seed", "một", env=DISTRIBUTED)
    assert (answer.code, answer.out) == (2, "")
    assert "DOITHOAI_CLOCK" in answer.err


def test_topics_are_those_of_the_cluster_whatever_directory_and_tenant_are_named(tmp_path: Path) -> None:
    away = {**DISTRIBUTED, "DOITHOAI_KAFKA": "127.0.0.1:1"}
    named = doithoai("topics", "apply", "--tenant", "caobang", data=tmp_path / "data", env=away)
    assert (named.code, "Refused: Kafka at 127.0.0.1:1" in named.err) == (1, True)
    assert list(tmp_path.iterdir()) == []
    wrong = doithoai("topics", "apply", "--tenant", "SƠN LA", env=away)
    assert (wrong.code, "DOITHOAI_TENANT" in wrong.err) == (2, True)


def test_topics_are_not_applied_while_the_brokers_are_away() -> None:
    away = {**DISTRIBUTED, "DOITHOAI_KAFKA": "127.0.0.1:1"}
    answer = doithoai("topics", "apply", env=away)
    assert answer.code == 1
    assert "Refused: Kafka at 127.0.0.1:1" in answer.err


@pytest.mark.servers
def test_topics_are_applied_once(kafka: Broker) -> None:
    there = {**DISTRIBUTED, "DOITHOAI_KAFKA": kafka.bootstrap}
    first = doithoai("topics", "apply", "--json", env=there)
    assert (first.code, {row["what"] for row in first.json} - {"changed"}) == (0, set())
    again = doithoai("topics", "apply", "--json", env=there)
    assert (again.code, again.json) == (0, [])
    assert "Everything is as declared." in doithoai("topics", "apply", env=there).out
