"""Master keys in a file of their own, or given as a setting."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.ids import RandomIds, SeededIds
from shared.vault.keyring import FileKeyring, KeyringLost, KeyUnknown, given

ONE, TWO = b"1" * 32, b"2" * 32


def test_a_new_keyring_has_one_key_and_only_its_owner_reads_it(keyring: FileKeyring, keyring_file: Path) -> None:
    assert keyring.current == "m1"
    assert keyring.ids == {"m1"}
    assert len(keyring.key("m1")) == 32
    assert keyring_file.stat().st_mode & 0o777 == 0o600
    assert FileKeyring.make(keyring_file, RandomIds()).key("m1") == keyring.key("m1")  # made once


def test_two_keyrings_of_one_seed_are_equal(tmp_path: Path) -> None:
    one, two, other = (FileKeyring.make(tmp_path / name, SeededIds(name[0])).key("m1") for name in ("s1", "s2", "t1"))
    assert one == two != other


def test_a_keyring_that_another_process_replaced_is_read_again(keyring: FileKeyring, keyring_file: Path) -> None:
    elsewhere = FileKeyring(keyring_file)
    assert elsewhere.current == "m1"
    keyring.add("m2", TWO)
    assert (elsewhere.current, elsewhere.key("m2")) == ("m2", TWO)
    keyring.destroy(frozenset({"m1"}))
    assert elsewhere.ids == {"m2"}
    with pytest.raises(KeyUnknown):
        elsewhere.key("m1")


def test_destroyed_keys_are_gone_from_the_file_and_the_current_one_stays(keyring: FileKeyring, keyring_file: Path) -> None:
    first = keyring.key("m1").hex()
    keyring.add("m2", TWO)
    held = os.open(keyring_file, os.O_RDONLY)  # the file as it was, under whatever name
    assert first in keyring_file.read_text(encoding="ascii")
    keyring.destroy(frozenset({"m1", "m2"}))
    assert set(json.loads(keyring_file.read_text(encoding="ascii"))["keys"]) == {"m2"}
    assert set(os.pread(held, 10_000, 0)) == {0}
    os.close(held)
    assert [path.name for path in keyring_file.parent.iterdir()] == [keyring_file.name]


def test_what_a_crash_left_beside_the_file_goes_with_the_next_replacement(keyring: FileKeyring, keyring_file: Path) -> None:
    left = keyring_file.with_name(f"{keyring_file.name}.new")
    left.write_text(keyring_file.read_text(encoding="ascii"), encoding="ascii")
    keyring.add("m2", TWO)
    assert not left.exists()


def _no_file(path: Path) -> None:
    path.unlink()


def _no_json(path: Path) -> None:
    path.write_text("{", encoding="ascii")


def _no_current_key(path: Path) -> None:
    path.write_text('{"current": "m2", "keys": {"m1": "00"}}', encoding="ascii")


def _no_keys(path: Path) -> None:
    path.write_text("[]", encoding="ascii")


def _no_hex(path: Path) -> None:
    path.write_text('{"current": "m1", "keys": {"m1": "xy"}}', encoding="ascii")


@pytest.mark.parametrize("lose", [_no_file, _no_json, _no_current_key, _no_keys, _no_hex])
def test_a_lost_file_says_where_it_was(keyring: FileKeyring, keyring_file: Path, lose: Callable[[Path], None]) -> None:
    lose(keyring_file)
    for ask in (lambda: keyring.current, lambda: keyring.ids, lambda: keyring.key("m1"), lambda: FileKeyring(keyring_file).ids):
        with pytest.raises(KeyringLost, match=str(keyring_file)):
            ask()


def test_a_file_that_is_replaced_while_it_is_read_is_not_lost(
    keyring: FileKeyring, keyring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, elsewhere = Path.read_text, FileKeyring(keyring_file)

    def blanked(path: Path, encoding: str) -> str:
        monkeypatch.undo()
        found = read(path, encoding=encoding)
        keyring.add("m2", TWO)
        return "\0" * len(found)

    monkeypatch.setattr(Path, "read_text", blanked)
    assert elsewhere.ids == {"m1", "m2"}


def test_of_two_processes_that_add_keys_at_once_neither_overwrites_the_others(keyring: FileKeyring, keyring_file: Path) -> None:
    def add(number: int) -> None:
        FileKeyring(keyring_file).add(f"m{number}", number.to_bytes(32, "big"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(2, 34)))
    assert {name: keyring.key(name)[-1] for name in keyring.ids - {"m1"}} == {f"m{number}": number for number in range(2, 34)}


def test_a_key_is_never_replaced_by_another_of_its_name(keyring: FileKeyring) -> None:
    before = keyring.key("m1")
    with pytest.raises(ValueError, match="m1 already"):
        keyring.add("m1", ONE)
    assert keyring.key("m1") == before


def test_secrets_are_given_in_one_setting_the_current_one_first() -> None:
    old, new = "o" * 32, "n" * 40
    both = given(f" {new}\n\t{old}  \n")
    assert both.current == given(new).current != given(old).current
    assert both.ids == given(new).ids | given(old).ids
    assert both.key(given(old).current) == given(old).key(given(old).current) != both.key(both.current)
    assert len(both.key(both.current)) == 32
    assert given(f"{new} {new}").ids == given(new).ids


def test_a_given_key_is_named_without_telling_it() -> None:
    ring = given("s" * 32)
    assert "s" * 32 not in ring.current
    assert ring.key(ring.current).hex()[:12] not in ring.current


@pytest.mark.parametrize("setting", ["", " \n", "k" * 31, f"{'k' * 32} short"])
def test_a_secret_that_is_too_short_is_refused_and_how_to_make_one_is_said(setting: str) -> None:
    with pytest.raises(ValueError, match="at least 32 characters; `openssl rand -hex 32`"):
        given(setting)
