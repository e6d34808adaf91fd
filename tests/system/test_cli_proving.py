"""Proof and health: `verify` names what was changed, `doctor` says what is wrong and how to mend it."""

from pathlib import Path
from typing import Any, Final

import pytest

from deploy.directory import DATABASES, HASH_KEY, KEYRING
from tests.support.commandline import doithoai, done
from tests.support.spoiling import change_byte, execute

SECRETS: Final = {f"DOITHOAI_{name}": "s" * 64 for name in ("MASTER_KEY", "HASH_KEY", "SERVICE_TOKEN")}


def faults(data: Path) -> list[tuple[str, int, str]]:
    """Log, position and kind of everything that `verify` finds, and that it says so by its exit code."""
    answer = doithoai("verify", "--json", data=data)
    found = [(report["log"], fault["position"], fault["kind"]) for report in answer.json for fault in report["faults"]]
    assert [report["sound"] for report in answer.json] == [not report["faults"] for report in answer.json]
    assert answer.code == (1 if found else 0)
    return found


def wrong(data: Path | None, **env: str) -> list[tuple[str, str, str]]:
    """What the doctor finds wrong: what, how, and how to mend it; and that it says so by its exit code."""
    answer = doithoai("doctor", "--json", data=data, env=env)
    found = [(row["what"], row["found"], row["mend"]) for row in answer.json if row["state"] == "fail"]
    assert answer.code == (1 if found else 0)
    assert all(mend for _, _, mend in found)
    return found


def test_a_sound_history_is_verified_with_its_roots(played: Path) -> None:
    reports = done("verify", "--json", data=played).json
    assert [(report["log"], report["events"], report["sound"]) for report in reports] == [
        *(("intake/sonla", 10, True), ("assignment/sonla", 287, True), ("reporting/sonla", 0, True))
    ]
    assert all(report["roots_compared"] for report in reports if report["events"])
    assert len({report["incarnation"] for report in reports}) == 3
    assert reports[0]["root"] in done("verify", data=played).out


def test_one_changed_byte_in_the_file_is_found_and_its_position_named(own_played: Path) -> None:
    change_byte(own_played / "intake.db", b'"kind":"kien_nghi"', b'"kind":"kien_nghj"')
    [(log, position, kind)] = faults(own_played)
    assert (log, kind) == ("intake/sonla", "bytes-changed")
    changed = done("events", "--service", "intake", "--after", position - 1, "--limit", 1, data=own_played).lines[0]
    assert changed["data"]["kind"] == "kien_nghj"
    printed = doithoai("verify", data=own_played)
    assert (printed.code, f"intake/sonla {position}: bytes-changed: opinion-" in printed.out) == (1, True)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("update event set data = cast(replace(data, 'TH', 'NC') as blob) where stream = 'unit-TH'", "bytes-changed"),
        ("update event set recorded_at = recorded_at + 1 where position = 190", "command-differs"),
        ("update event set occurred_at = occurred_at - 1 where position = 190", "bytes-changed"),
        ("update event set stream = 'unit-TH2' where stream = 'unit-TH'", "bytes-changed"),
        ("update stream_head set version = version - 1 where stream like 'case-%'", "head-differs"),
        ("update command set first = first + 1 where command_id = 'init/7'", "command-differs"),
        ("update tree_root set root = zeroblob(32) where size = (select max(size) from tree_root)", "root-differs"),
    ],
)
def test_whatever_is_changed_behind_the_back_of_the_house_is_found(own_played: Path, change: str, found: str) -> None:
    assert execute(own_played, "assignment", change) > 0
    assert found in {kind for log, _, kind in faults(own_played) if log == "assignment/sonla"}


def test_a_log_that_was_cut_short_is_found_by_all_who_have_read_further(own_played: Path) -> None:
    for statement in (
        "delete from event where position > 198",
        "delete from stream_head where stream in (select stream from stream_head except select stream from event)",
        "delete from command where last > 198",
        "delete from tree_root where size > 198",
    ):
        execute(own_played, "assignment", statement)
    found = faults(own_played)
    assert ("assignment/sonla", 199, "log-short") in found


def test_a_healthy_installation_is_healthy_in_every_respect(played: Path) -> None:
    rows = done("doctor", "--json", data=played).json
    assert {row["state"] for row in rows} == {"ok"}
    looked_at = {row["what"] for row in rows}
    assert {f"database {name}" for name in DATABASES} <= looked_at
    assert {"installation", "keyring.json", "owner", "parked events", "log intake"} <= looked_at
    assert any(what.startswith("assignment/open-cases on intake/sonla") for what in looked_at)


def test_a_directory_that_is_none_is_said_with_what_to_do(tmp_path: Path) -> None:
    [(what, _, mend)] = wrong(tmp_path / "data")
    assert (what, "doithoai init" in mend) == ("installation", True)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DOITHOAI_LOG_LEVEL": "loud"}, "DOITHOAI_LOG_LEVEL"),
        ({"DOITHOAI_KAFKA": "127.0.0.1:9092"}, "set it, or unset Kafka to run embedded"),
        ({"DOITHOAI_SEED": "một"}, "unset DOITHOAI_SEED"),
        ({"DOITHOAI_BODY_LIMIT_BYTES": "10"}, "DOITHOAI_BODY_LIMIT_BYTES"),
        ({"DOITHOAI_POSTGRES": "mysql://here"}, "must begin with postgresql+asyncpg://"),
        ({"DOITHOAI_POSTGRES": "postgresql+asyncpg://app@127.0.0.1:1"}, "DOITHOAI_MASTER_KEY, DOITHOAI_HASH_KEY"),
        ({"DOITHOAI_MASTER_KEY_FILE": "/nowhere"}, "which cannot be read"),
    ],
)
def test_wrong_settings_are_said_by_their_names(settings: dict[str, str], said: str) -> None:
    [(what, found, mend)] = wrong(None, **settings)
    assert (what, found) == ("installation", "cannot be opened")
    assert said in mend


def test_servers_that_are_away_are_said_each(played: Path) -> None:
    away = {"DOITHOAI_POSTGRES": "postgresql+asyncpg://app@127.0.0.1:1", "DOITHOAI_KAFKA": "127.0.0.1:1", **SECRETS}
    urls = {f"DOITHOAI_{name}_URL": "http://127.0.0.1:1" for name in ("INTAKE", "ASSIGNMENT", "REPORTING")}
    found = wrong(None, **away, **urls)
    assert {what for what, _, _ in found} == {
        *(f"database {name}" for name in DATABASES),
        *("service intake", "service assignment", "service reporting", "Kafka"),
    }


def test_a_lost_keyring_is_said_again_and_again(own_played: Path) -> None:
    (own_played / KEYRING).unlink()
    for _ in range(2):
        [(what, found, mend)] = wrong(own_played)
        assert (what, found) == (KEYRING, "missing")
        assert "put it back from the backup of the keys" in mend


@pytest.mark.parametrize("left", [None, b"", b"no key"])
def test_without_the_hash_key_nothing_is_opened_and_it_is_said(own_played: Path, left: bytes | None) -> None:
    (own_played / HASH_KEY).unlink()
    if left is not None:
        (own_played / HASH_KEY).write_bytes(left)
    [(what, found, mend)] = wrong(own_played)
    assert (what, found) == ("installation", "cannot be opened")
    assert f"{HASH_KEY} holds no key" in mend
    assert "put it back from the backup of the keys" in mend
    for words in ("events --service intake", "do -"):
        answer = doithoai(*words.split(), data=own_played)
        assert (answer.code, answer.out) == (1, "")


def test_keys_that_others_can_read_are_said(own_played: Path) -> None:
    (own_played / KEYRING).chmod(0o644)
    assert wrong(own_played) == [(KEYRING, "others on this machine can read it", f"chmod 600 {own_played / KEYRING}")]


def test_a_missing_and_a_ruined_database_are_said(own_played: Path) -> None:
    (own_played / "reporting.db").unlink()
    (own_played / "intake.db").write_bytes(b"no database" * 1_000)
    found = {what: mend for what, _, mend in wrong(own_played)}
    assert found.keys() == {"database reporting", "database intake"}
    assert all("doithoai restore" in mend for mend in found.values())
    for words in ("verify", "events --service intake", "do -"):
        answer = doithoai(*words.split(), data=own_played)
        assert answer.code == 1
        assert "`doithoai doctor` says more" in answer.err


def test_a_database_of_a_newer_schema_is_said(own_played: Path) -> None:
    execute(own_played, "vault", "update alembic_version set version_num = '9999'")
    [(what, found, mend)] = wrong(own_played)
    assert (what, found) == ("database vault", "a newer schema")
    assert "use the version that made it" in mend


def test_an_event_that_is_newer_than_the_code_halts_its_readers_and_is_said(own_played: Path) -> None:
    newer = "update checkpoint set position = 0, hash = zeroblob(32), incarnation = '' where subscription = 'milestone'"
    execute(own_played, "reporting", newer)
    execute(own_played, "intake", "update event set schema_version = 9 where position = 1")
    answer = doithoai("do", "-", data=own_played)
    assert (answer.code, answer.out) == (1, "")
    assert "reporting/milestone on intake/sonla is halted (newer-event)" in answer.err


@pytest.fixture
def rewritten(own_played: Path) -> Path:
    """A directory whose intake log tells another history than its readers followed."""
    execute(own_played, "intake", "update event set hash = zeroblob(32) where position = 10")
    return own_played


def test_a_halted_subscription_is_said_with_its_reason(rewritten: Path) -> None:
    found = {what: (how, mend) for what, how, mend in wrong(rewritten)}
    for what in ("intake/opinions", "assignment/open-cases", "reporting/milestone"):
        how, mend = found[f"{what} on intake/sonla"]
        assert (how, "restore all databases of one moment" in mend) == ("another-history", True)


def test_nothing_is_performed_while_a_subscription_is_halted(rewritten: Path) -> None:
    answer: Any = doithoai("do", "-", data=rewritten)
    assert (answer.code, answer.out) == (1, "")
    assert "assignment/open-cases on intake/sonla is halted (another-history)" in answer.err
    assert "nothing was performed: `doithoai doctor`" in answer.err
