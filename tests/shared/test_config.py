"""Settings: parsed once, and a wrong one says what to change."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.config import Installation, WrongSettings, load


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("DOITHOAI_"):
            monkeypatch.delenv(name)


def test_with_nothing_set_the_house_is_embedded_on_the_real_clock() -> None:
    settings = load(Installation)
    assert not settings.distributed
    assert settings.clock == "real"


def test_a_seed_on_the_real_clock_is_refused() -> None:
    with pytest.raises(WrongSettings, match="DOITHOAI_SEED"):
        load(Installation, seed="s")


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    monkeypatch.setenv("DOITHOAI_SERVICE_TOKEN_FILE", str(tmp_path / "key"))
    assert load(Installation).service_token.get_secret_value() == "s3cret"


def test_a_secret_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("one")
    monkeypatch.setenv("DOITHOAI_SERVICE_TOKEN_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("DOITHOAI_SERVICE_TOKEN", "two")
    with pytest.raises(WrongSettings, match="keep one"):
        load(Installation)


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOITHOAI_HASH_KEY_FILE", "/nowhere/key")
    with pytest.raises(WrongSettings, match="DOITHOAI_HASH_KEY_FILE"):
        load(Installation)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DOITHOAI_TENANT", "Sơn La", "DOITHOAI_TENANT"),
        ("DOITHOAI_POSTGRES", "postgres://x", r"postgresql\+asyncpg://"),
        ("DOITHOAI_POSTGRES", "postgresql+asyncpg://u:p@h:1/db", "no database"),
        ("DOITHOAI_KAFKA", "localhost:9092", "DOITHOAI_POSTGRES"),
        ("DOITHOAI_CLOCK", "sundial", "DOITHOAI_CLOCK"),
        ("DOITHOAI_BODY_LIMIT_BYTES", "12", "DOITHOAI_BODY_LIMIT_BYTES"),
        ("DOITHOAI_POSTGRES", "postgresql+asyncpg://u:p@h:1", "DOITHOAI_MASTER_KEY"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings, match=says):
        load(Installation)


def test_a_refusal_never_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOITHOAI_POSTGRES", "mysql://user:hunter2@h:1")
    with pytest.raises(WrongSettings) as refused:
        load(Installation)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Doithoai.example.vn/", "https://doithoai.example.vn"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", ""),
    ],
)
def test_the_public_origin_is_a_scheme_and_a_host(given: str, kept: str) -> None:
    assert load(Installation, public_origin=given).public_origin == kept


@pytest.mark.parametrize("given", ["doithoai.example.vn", "ftp://x", "https://", "https://x/y", "https://x?y", "https://a@x"])
def test_a_public_origin_that_is_more_or_less_is_refused(given: str) -> None:
    with pytest.raises(WrongSettings, match="PUBLIC_ORIGIN"):
        load(Installation, public_origin=given)


def test_gateways_are_believed_by_address_or_network_and_never_everybody() -> None:
    assert load(Installation).trusted_proxies == "127.0.0.1/32,::1/128"
    assert load(Installation, trusted_proxies="10.0.0.0/8, 192.0.2.1").trusted_proxies == "10.0.0.0/8,192.0.2.1/32"
    assert load(Installation, trusted_proxies="").trusted_proxies == ""
    for wrong in ("*", "gateway", "0.0.0.0/0", "::/0", "10.0.0.1/8"):
        with pytest.raises(WrongSettings, match="TRUSTED_PROXIES"):
            load(Installation, trusted_proxies=wrong)


def test_every_setting_is_documented_with_the_default_it_has() -> None:
    table = (Path(__file__).parents[2] / "deploy" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `DOITHOAI_(\w+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", table, re.MULTILINE)
    fields = Installation.model_fields
    assert [name.lower() for name, _, _ in rows if name.lower() not in fields] == []
    assert len(rows) == len({name for name, _, _ in rows})
    documented = {name.lower(): default for name, default, _ in rows}
    secret = {name.lower() for name, _, said in rows if "*secret*" in said}
    told = {
        name: ""
        if isinstance(field.default, SecretStr)
        else str(field.default).lower()
        if field.default is False
        else str(field.default)
        for name, field in fields.items()
    }
    assert documented == told
    assert secret == {name for name, field in fields.items() if field.annotation is SecretStr}


def test_a_setting_is_read_nowhere_but_among_the_settings() -> None:
    """What the table lists is all that there is: no module asks the environment for a setting of its own."""
    root = Path(__file__).parents[2]
    modules = [each for top in ("shared", "services", "deploy") for each in (root / top).rglob("*.py")]
    asking = re.compile(r"(?:environ(?:\.get)?|getenv)[\[(]\s*f?[\"']DOITHOAI_")
    assert [each.name for each in modules if asking.search(each.read_text(encoding="utf-8"))] == []
    named = {name for each in modules for name in re.findall(r"DOITHOAI_([A-Z_]+[A-Z])\b", each.read_text(encoding="utf-8"))}
    unknown = {name for name in named if name.removesuffix("_FILE").lower() not in Installation.model_fields}
    assert unknown == {"X_FILE"}  # of whatever setting X, in a docstring
