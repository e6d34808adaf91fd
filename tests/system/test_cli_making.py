"""Making an installation: by `init`, by the first verb that writes, by `migrate`; and data directories that are not taken."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deploy import directory
from deploy.directory import DATABASES, HASH_KEY, KEYRING, MARKER
from tests.support import story
from tests.support.commandline import doithoai, done, files_of

SEEDED = 274  # events that the directory and calendar of Sơn La are
READERS = (
    "events --service intake",
    "show unit-VPUB",
    "tasks --unit TH",
    "figures --office VPUB --from 2023-01-01 --to 2023-02-28",
    "dlq list",
    "verify",
    "token list",
)
WRITERS = ("do -", "token create --person th-01 --office VPUB --unit TH --capacity hub", "rebuild cases", "dlq requeue cases")


def test_init_makes_the_directory_and_calendar_of_son_la(tmp_path: Path) -> None:
    answer = done("init", "--json", data=tmp_path / "data").json
    assert answer == {"where": str(tmp_path / "data"), "tenant": "sonla", "clock": "real", "events": SEEDED}
    events = done("events", "--service", "assignment", data=tmp_path / "data").lines
    assert [event["position"] for event in events] == list(range(1, SEEDED + 1))
    assert {event["type"] for event in events} == {
        *("unit.registered.v1", "field.registered.v1", "field.lead_set.v1", "calendar.published.v1", "unit.alias_added.v1"),
        *("recipients.set.v1", "party_fields.set.v1", "checklist.published.v1", "letterhead.set.v1", "signing_key.made.v1"),
    }
    assert all((tmp_path / "data" / f"{name}.db").is_file() for name in DATABASES)


def test_the_clock_is_fixed_when_it_is_made(tmp_path: Path) -> None:
    script = ("init", "--clock", "script", "--seed", "một", "--json")
    assert done(*script, data=tmp_path / "data").json["clock"] == "script"
    assert done("do", "-", "--json", data=tmp_path / "data").json["clock"] == "script"
    again = doithoai("init", data=tmp_path / "data")
    assert again.code == 1
    assert "holds an installation already" in again.err


def test_making_it_twice_is_refused_and_changes_nothing(own_made: Path) -> None:
    before = files_of(own_made)
    for words in (("init",), ("init", "--clock", "script", "--seed", "hai")):
        answer = doithoai(*words, data=own_made)
        assert (answer.code, answer.out) == (1, "")
        assert "choose another directory" in answer.err
    assert files_of(own_made) == before


def test_a_real_clock_refuses_a_seed_and_a_script_clock_needs_one(tmp_path: Path) -> None:
    for words in ((), ("--clock", "real")):
        assert doithoai("init", *words, "--seed", "một", data=tmp_path / "data").code == 2
    assert doithoai("init", "--clock", "script", data=tmp_path / "data").code == 2
    assert not (tmp_path / "data").exists()


def test_a_script_clock_is_shown_wherever_something_is_read(made: Path) -> None:
    for words in READERS[:-1]:
        assert "script clock" in done(*words.split(), data=made).err
    assert "script clock" in done("doctor", data=made).out


def test_two_installations_of_one_seed_tell_the_same_story(played: Path, tmp_path: Path) -> None:
    done("init", "--clock", "script", "--seed", "truyện", data=tmp_path / "again")
    done("do", "-", "--name", story.SCRIPT, data=tmp_path / "again", stdin=story.jsonl(*story.LINES))
    for service in ("intake", "assignment"):
        one, two = (done("events", "--service", service, data=data).out for data in (played, tmp_path / "again"))
        assert one == two


@pytest.mark.parametrize("words", ["do -", "token create --person th-01 --office VPUB --unit TH --capacity hub"])
def test_what_writes_makes_an_installation_by_itself(tmp_path: Path, words: str) -> None:
    stdin = story.jsonl(story.received(None, "O-1")) if words == "do -" else ""
    done(*words.split(), data=tmp_path / "data", stdin=stdin)
    assert json.loads((tmp_path / "data" / MARKER).read_text(encoding="utf-8"))["clock"] == "real"
    assert len(done("events", "--service", "assignment", data=tmp_path / "data").lines) == SEEDED
    assert len(done("events", "--service", "intake", data=tmp_path / "data").lines) == (words == "do -")


def test_a_directory_that_is_made_by_itself_has_the_clock_of_the_settings(tmp_path: Path) -> None:
    settings = {"DOITHOAI_CLOCK": "script", "DOITHOAI_SEED": "một", "DOITHOAI_DATA": str(tmp_path / "data")}
    answer = doithoai("do", "-", "--json", stdin=story.jsonl(*story.LINES[:2]), env=settings)
    assert (answer.code, answer.json["performed"], answer.json["clock"]) == (0, 2, "script")
    assert len(doithoai("events", "--service", "intake", env=settings).lines) == 2


def test_without_any_option_it_is_the_folder_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert done("init", "--json").json["where"] == "data"
    assert (tmp_path / "data" / MARKER).is_file()


@pytest.mark.parametrize("words", [*READERS, *WRITERS[2:], "backup elsewhere"])
def test_what_only_reads_or_mends_makes_none(tmp_path: Path, words: str) -> None:
    answer = doithoai(*words.split(), data=tmp_path / "data")
    assert (answer.code, answer.out) == (1, "")
    assert f"doithoai init --data {tmp_path / 'data'}" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["init", *WRITERS[:2], "serve", "migrate"])
def test_a_folder_of_other_files_is_left_alone(tmp_path: Path, words: str) -> None:
    (tmp_path / "letter.txt").write_text("Kính gửi", encoding="utf-8")
    answer = doithoai(*words.split(), data=tmp_path)
    assert answer.code == 1
    assert "holds other files" in answer.err
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("words", ["init", *READERS, *WRITERS])
def test_a_file_is_no_data_directory(tmp_path: Path, words: str) -> None:
    (tmp_path / "data").write_text("x", encoding="utf-8")
    answer = doithoai(*words.split(), data=tmp_path / "data")
    assert answer.code == 1
    assert answer.err.startswith("Refused: ")


@pytest.mark.parametrize("words", [*READERS, *WRITERS])
def test_a_directory_of_another_tenant_is_not_opened(own_made: Path, words: str) -> None:
    before = files_of(own_made)
    answer = doithoai(*words.split(), "--tenant", "hoabinh", data=own_made)
    assert (answer.code, answer.out) == (1, "")
    assert "belongs to the tenant sonla" in answer.err
    assert files_of(own_made) == before


def test_the_tenant_is_named_when_it_is_made(tmp_path: Path) -> None:
    assert done("init", "--tenant", "hoabinh", "--json", data=tmp_path / "data").json["tenant"] == "hoabinh"
    assert done("events", "--service", "assignment", data=tmp_path / "data").lines[0]["log"] == "assignment/hoabinh"


@pytest.mark.parametrize("words", [*READERS, *WRITERS, "migrate", "backup elsewhere"])
def test_a_directory_of_a_newer_format_is_left_alone(made: Path, tmp_path: Path, words: str) -> None:
    shutil.copytree(made, tmp_path / "data")
    marker = tmp_path / "data" / MARKER
    marker.write_text(marker.read_text(encoding="utf-8").replace('"format": 1', '"format": 2'), encoding="utf-8")
    answer = doithoai(*words.split(), data=tmp_path / "data")
    assert answer.code == 1
    assert "has format 2, this version knows 1" in answer.err


@pytest.mark.parametrize("words", [*READERS, *WRITERS, "migrate", "serve"])
@pytest.mark.parametrize("name", ["vault", "assignment"])
def test_a_database_of_a_newer_schema_is_left_alone(own_made: Path, name: str, words: str) -> None:
    with closing(sqlite3.connect(own_made / f"{name}.db")) as database:
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()
    before = files_of(own_made)
    answer = doithoai(*words.split(), data=own_made)
    assert (answer.code, answer.out) == (1, "")
    assert f"the database {name} has schema 9999, which this version does not know" in answer.err
    assert {**files_of(own_made), "owner.lock": b""} == {**before, "owner.lock": b""}


def test_a_database_of_an_older_schema_is_read_only_once_it_is_migrated(made: Path, tmp_path: Path) -> None:
    data = directory.make(tmp_path / "data", clock="script", seed="một").path
    for name in DATABASES:
        with closing(sqlite3.connect(data / f"{name}.db")) as database:
            database.execute("pragma journal_mode = wal")
            database.execute("create table alembic_version (version_num text not null)")
    for words in READERS:
        answer = doithoai(*words.split(), data=data)
        assert (answer.code, answer.out) == (1, "")
        assert "older schema: run `doithoai migrate`" in answer.err
    assert done("migrate", "--json", data=data).json["upgraded"] == list(DATABASES)
    assert done("migrate", "--json", data=data).json["upgraded"] == "nothing was behind"
    assert done("events", "--service", "intake", data=data).out == ""
    done("do", "-", data=data)
    assert len(done("events", "--service", "assignment", data=data).lines) == SEEDED


def test_keys_are_made_with_the_directory_and_for_their_owner_alone(tmp_path: Path) -> None:
    done("migrate", data=tmp_path / "data")
    for name in (MARKER, HASH_KEY, KEYRING):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600
    done("doctor", data=tmp_path / "data")


def test_a_lost_keyring_is_never_replaced_by_a_new_one(own_played: Path) -> None:
    (own_played / KEYRING).unlink()
    for words in READERS:
        done(*words.split(), data=own_played)
    for words in ("do -", "rebuild cases", "dlq requeue cases", "serve"):
        answer = doithoai(*words.split(), data=own_played)
        assert answer.code == 1
        assert "put it back from where keys are kept" in answer.err
    assert not (own_played / KEYRING).exists()
