"""Whoever decides something by the command line is kept under an id."""

import getpass
import re
from typing import get_args

import pytest

from deploy.commands.options import actor_of
from shared.contracts.types import PersonId

PERSON = re.compile(get_args(PersonId)[1].pattern)


def test_the_id_given_is_kept_as_it_was_given() -> None:
    assert actor_of("th-01") == "th-01"


@pytest.mark.parametrize(
    ("user", "actor"),
    [("root", "root"), ("www_data", "www-data"), ("SONLA\\quantri", "sonla-quantri"), ("Đặng", "dang"), ("--", "operator")],
)
def test_without_one_it_is_the_user_of_the_machine_in_the_letters_of_an_id(
    monkeypatch: pytest.MonkeyPatch, user: str, actor: str
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: user)
    assert actor_of(None) == actor
    assert PERSON.fullmatch(actor)


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 10001")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert PERSON.fullmatch(actor_of(None))
