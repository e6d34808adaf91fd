"""Backups: all databases of one moment with the keys apart, put back whole; and one database that was put back alone."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from deploy.directory import DATABASES, HASH_KEY, KEYRING, MARKER
from deploy.ground import ground_of
from deploy.house import open_house, writing
from deploy.script import body_of, parse
from tests.support import story
from tests.support.commandline import DISTRIBUTED, doithoai, done, files_of
from tests.support.spoiling import change_byte
from tests.support.story import jsonl, received

WINDOW: Final = ("--office", "VPUB", "--from", story.FIRST_DAY, "--to", story.LAST_DAY)
LATER: Final = received("2023-03-01T09:00", "L-1", words="Một ý kiến sau bản sao lưu.")


def told(data: Path) -> list[str]:
    """Everything that the read verbs say of an installation."""
    verbs = [("events", "--service", "intake"), ("events", "--service", "assignment"), ("tasks", "--unit", "TH", "--json")]
    return [
        done(*words, data=data).out for words in (*verbs, ("figures", *WINDOW, "--by", "unit", "--json"), ("verify", "--json"))
    ]


def words_of(data: Path, ref: str) -> str:
    """A text of the vault, opened with the keys of the directory."""

    async def opened() -> str:
        async with writing(ground_of(data, None), "test") as house:
            return str(await house.stores.vault.open(ref, reader="auditor-01", purpose="restore"))

    return asyncio.run(opened())


@pytest.fixture
def backup(played: Path, tmp_path: Path) -> Path:
    """A backup with its keys beside it, under `keys`."""
    done("backup", tmp_path / "backup", "--keys", tmp_path / "keys", data=played)
    return tmp_path / "backup"


def test_a_backup_holds_every_database_and_no_key(played: Path, tmp_path: Path) -> None:
    before = files_of(played)
    answer = done("backup", tmp_path / "backup", "--json", data=played)
    assert (answer.json["backup"], answer.json["keys"]) == (str(tmp_path / "backup"), None)
    assert "The keys are NOT in it" in answer.err
    assert {file.name for file in (tmp_path / "backup").iterdir()} == {
        *(f"{name}.db" for name in DATABASES),
        *(MARKER, "backup.json"),
    }
    manifest = json.loads((tmp_path / "backup" / "backup.json").read_text(encoding="utf-8"))
    assert (manifest["tenant"], set(manifest["files"])) == ("sonla", {*(f"{name}.db" for name in DATABASES), MARKER})
    assert sum(file["bytes"] for file in manifest["files"].values()) == answer.json["bytes"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (tmp_path / "backup").iterdir())
    assert files_of(played) == before


def test_keys_are_saved_in_a_folder_of_their_own(backup: Path) -> None:
    keys = backup.with_name("keys")
    assert {file.name for file in keys.iterdir()} == {KEYRING, HASH_KEY}
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in keys.iterdir())


@pytest.mark.parametrize(
    ("target", "keys", "said"),
    [
        ("there", "keys", "is never written over another"),
        ("data/backup", "keys", "lies inside the data directory"),
        ("backup", "data/keys", "lies inside the data directory"),
        ("backup", "backup/keys", "the keys must not lie with the backup"),
        ("backup", "there", "choose a new folder for the keys"),
    ],
)
def test_a_backup_in_a_wrong_place_is_refused_and_leaves_nothing(
    own_played: Path, tmp_path: Path, target: str, keys: str, said: str
) -> None:
    (tmp_path / "there").mkdir()
    before = files_of(own_played)
    answer = doithoai("backup", tmp_path / target, "--keys", tmp_path / keys, data=own_played)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "there"]
    assert files_of(own_played) == before


def test_what_is_restored_tells_the_same_and_works_on(played: Path, backup: Path, tmp_path: Path) -> None:
    answer = done("restore", backup, "--keys", backup.with_name("keys"), "--json", data=tmp_path / "again").json
    assert answer == {"data": str(tmp_path / "again"), "tenant": "sonla", "clock": "script"}
    assert told(tmp_path / "again") == told(played)
    done("doctor", data=tmp_path / "again")
    done("do", "-", data=tmp_path / "again", stdin=jsonl(LATER))
    assert done("rebuild", "milestone", "--check", "--json", data=tmp_path / "again").json["equal"] is True


def test_the_words_are_opened_by_the_keys_that_were_kept_apart(backup: Path, tmp_path: Path) -> None:
    done("restore", backup, "--keys", backup.with_name("keys"), data=tmp_path / "again")
    event = done("events", "--service", "intake", data=tmp_path / "again").lines[0]
    assert words_of(tmp_path / "again", event["data"]["words"]["ref"]) == story.LINES[0]["data"]["words"]


def test_a_restored_installation_performs_the_rest_of_a_script(backup: Path, tmp_path: Path) -> None:
    done("restore", backup, "--keys", backup.with_name("keys"), data=tmp_path / "again")
    lines = jsonl(*story.LINES, LATER)
    found = done("do", "-", "--name", story.SCRIPT, "--json", data=tmp_path / "again", stdin=lines).json
    assert (found["found"], found["performed"]) == (len(story.LINES), 1)


def test_nothing_is_restored_without_the_keys(backup: Path, tmp_path: Path) -> None:
    assert doithoai("restore", backup, data=tmp_path / "again").code == 2
    (backup.with_name("keys") / KEYRING).unlink()
    answer = doithoai("restore", backup, "--keys", backup.with_name("keys"), data=tmp_path / "again")
    assert answer.code == 1
    assert f"lacks {KEYRING}" in answer.err
    assert not (tmp_path / "again").exists()


def test_a_backup_that_was_changed_or_lost_a_file_is_not_restored(backup: Path, tmp_path: Path) -> None:
    words = ("restore", backup, "--keys", backup.with_name("keys"))
    change_byte(backup / "reporting.db", b"forwarded", b"forwardee")
    changed = doithoai(*words, data=tmp_path / "again")
    (backup / "intake.db").unlink()
    lost = doithoai(*words, data=tmp_path / "again")
    for answer, name in ((changed, "reporting.db"), (lost, "intake.db")):
        assert (answer.code, answer.out) == (1, "")
        assert f"{backup / name} is missing or not as it was written" in answer.err
    assert not (tmp_path / "again").exists()


def test_what_is_no_backup_or_of_a_newer_format_or_another_tenant_is_not_restored(backup: Path, tmp_path: Path) -> None:
    keys, again = backup.with_name("keys"), tmp_path / "again"
    assert "is no backup" in doithoai("restore", keys, "--keys", keys, data=again).err
    assert "belongs to the tenant sonla" in doithoai("restore", backup, "--keys", keys, "--tenant", "hoabinh", data=again).err
    manifest = backup / "backup.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"format": 1', '"format": 2'), encoding="utf-8")
    answer = doithoai("restore", backup, "--keys", keys, data=again)
    assert (answer.code, "has format 2, this version knows 1" in answer.err) == (1, True)
    assert not again.exists()


def test_nothing_is_restored_over_something(backup: Path, own_made: Path) -> None:
    before = files_of(own_made)
    answer = doithoai("restore", backup, "--keys", backup.with_name("keys"), data=own_made)
    assert answer.code == 1
    assert "restore into a new directory" in answer.err
    assert files_of(own_made) == before
    (own_made.parent / "file").write_text("x", encoding="utf-8")
    assert doithoai("restore", backup, "--keys", backup.with_name("keys"), data=own_made.parent / "file").code == 1


async def received_meanwhile(data: Path) -> None:
    """Three more opinions in the log, of which no subscription hears."""
    lines = parse(jsonl(*(received("2023-03-02T09:00", f"X-{n}") for n in range(3))).encode(), "x")
    async with open_house(ground_of(data, None)) as house:
        known = await house.known()
        for line in lines:
            await house.ask(line, body_of(line, known[line.command], line.data))


@pytest.fixture
def put_back(backup: Path, own_played: Path) -> Path:
    """A directory that went on after its backup, and whose intake database alone was then put back."""
    done("do", "-", data=own_played, stdin=jsonl(LATER, received("2023-03-01T10:00", "L-2")))
    shutil.copyfile(backup / "intake.db", own_played / "intake.db")
    return own_played


def test_one_database_that_was_put_back_alone_is_seen_by_verify(put_back: Path) -> None:
    answer = doithoai("verify", "--json", data=put_back)
    assert answer.code == 1
    [intake] = [report for report in answer.json if report["log"] == "intake/sonla"]
    assert (intake["events"], intake["sound"]) == (10, False)
    assert {(fault["position"], fault["last"], fault["kind"]) for fault in intake["faults"]} == {(11, 12, "log-short")}
    readers = {"attachments", "milestone", "lock-reports", "cases", "open-cases", "open-submissions", "give-rounds"}
    assert {fault["what"] for fault in intake["faults"]} == {f"{name} has read up to 12" for name in readers}


def test_one_database_that_was_put_back_alone_is_said_by_the_doctor(put_back: Path) -> None:
    answer = doithoai("doctor", "--json", data=put_back)
    assert answer.code == 1
    found = {row["what"]: row for row in answer.json if row["state"] == "fail"}
    assert found.keys() == {
        "assignment/attachments on intake/sonla",
        "assignment/cases on intake/sonla",
        "assignment/give-rounds on intake/sonla",
        "assignment/open-cases on intake/sonla",
        "assignment/open-submissions on intake/sonla",
        "reporting/milestone on intake/sonla",
        "reporting/lock-reports on intake/sonla",
    }
    for row in found.values():
        assert row["found"] == "source-shorter-than-cursor"
        assert "restore all databases of one moment" in row["mend"]


def test_nothing_is_performed_over_a_database_that_was_put_back_alone(put_back: Path) -> None:
    before = files_of(put_back)["intake.db"]
    answer = doithoai("do", "-", data=put_back, stdin=jsonl(received("2023-03-02T09:00", "L-3")))
    assert (answer.code, answer.out) == (1, "")
    assert "reporting/milestone on intake/sonla is halted (source-shorter-than-cursor)" in answer.err
    assert files_of(put_back)["intake.db"] == before


def test_it_is_still_seen_when_the_log_has_grown_again_to_another_history(put_back: Path) -> None:
    asyncio.run(received_meanwhile(put_back))
    answer = doithoai("do", "-", data=put_back)
    assert answer.code == 1
    assert "reporting/milestone on intake/sonla is halted (another-history)" in answer.err
    assert doithoai("doctor", data=put_back).code == 1
    assert doithoai("verify", data=put_back).code == 1


def test_of_what_stands_on_servers_it_is_said_how_it_is_copied_and_put_back(backup: Path, tmp_path: Path) -> None:
    copied = doithoai("backup", tmp_path / "another", env=DISTRIBUTED)
    put_back = doithoai("restore", backup, "--keys", backup.with_name("keys"), env=DISTRIBUTED)
    for answer in (copied, put_back):
        assert (answer.code, answer.out) == (1, "")
        assert "Refused: what stands on PostgreSQL" in answer.err
        assert "For each NAME of intake, assignment, reporting, vault, access" in answer.err
        assert "DOITHOAI_MASTER_KEY and DOITHOAI_HASH_KEY" in answer.err
    assert "pg_dump --format=custom" in copied.err
    assert "pg_restore --exit-on-error" in put_back.err
    assert "Delete the topics intake.log, assignment.log, reporting.log" in put_back.err
    assert not (tmp_path / "another").exists()


def test_a_directory_is_copied_and_put_back_although_the_settings_name_a_server(played: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    assert doithoai("backup", tmp_path / "backup", "--keys", keys, data=played, env=DISTRIBUTED).code == 0
    assert doithoai("restore", tmp_path / "backup", "--keys", keys, data=tmp_path / "again", env=DISTRIBUTED).code == 0
    assert told(tmp_path / "again") == told(played)
