"""Settings from the environment: parsed once, immutable, refused at start with what to change."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

PREFIX: Final = "DOITHOAI_"
SERVICES: Final = ("intake", "assignment", "reporting")
PARTS: Final = ("api", "relay", "consumers", "jobs")  # of a service, each in a process of its own if wanted
PORTS: Final = {"intake": 8001, "assignment": 8002, "reporting": 8003}
BLOB_SCHEMES: Final = ("s3", "gs", "az", "file")
DEFAULT_FILE_LIMIT_BYTES: Final = 20_971_520
DEFAULT_POOL_SIZE: Final = 16
THIS_MACHINE: Final = "127.0.0.1,::1"
S = TypeVar("S", bound="Settings")


class WrongSettings(Exception):
    """Some settings cannot be used; the message names each variable, what is wrong and what to change."""


class _EnvironmentOrFile(EnvSettingsSource):
    """A value from `DOITHOAI_X`, else the content of the file that `DOITHOAI_X_FILE` names (for secrets)."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        value, key, is_complex = super().get_field_value(field, field_name)
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if path is None:
            return value, key, is_complex
        if value is not None:
            raise WrongSettings(f"{PREFIX}{field_name.upper()} and its _FILE are both set: keep one")
        try:
            return Path(path).read_text(encoding="utf-8").strip(), key, is_complex
        except OSError as error:
            raise WrongSettings(
                f"{PREFIX}{field_name.upper()}_FILE names {path}, which cannot be read: {error.strerror}"
            ) from error


class Settings(BaseSettings):
    """Base of every settings class: environment only, immutable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _EnvironmentOrFile(settings_cls)


class Installation(Settings):
    """What holds for the whole installation, however its services are spread."""

    data: Path = Path("data")
    tenant: str = Field("sonla", pattern=r"^[a-z][a-z0-9-]{1,30}$")
    postgres: str = ""  # postgresql+asyncpg://app:...@host:port, without a database: their names are fixed
    postgres_owner: str = ""  # the same server as the role that owns the tables; `migrate` uses it
    pool_size: int = Field(DEFAULT_POOL_SIZE, ge=4, le=100)  # connections a process keeps to each of its databases
    kafka: str = ""  # host:port[,host:port]
    unit_topics: bool = False  # each unit's stream of tasks goes to a topic of its own as well
    blobs: str = (
        ""  # where sealed files lie: s3://bucket/folder, gs://, az://, or file:///folder on a disk that all processes share
    )
    clamd: str = ""  # the virus scanner: tcp://host:3310 or unix:///run/clamav/clamd.ctl; none: files are not scanned
    clock: Literal["real", "script"] = "real"
    seed: str = ""
    master_key: SecretStr = SecretStr("")
    hash_key: SecretStr = SecretStr("")
    service_token: SecretStr = SecretStr("")
    intake_url: str = "http://127.0.0.1:8001"
    assignment_url: str = "http://127.0.0.1:8002"
    reporting_url: str = "http://127.0.0.1:8003"
    host: str = "127.0.0.1"
    public_origin: str = ""  # under which people know the pages, such as https://doithoai.example.vn; none: as a browser asks
    smtp_host: str = ""  # the server that relays mail to people; none: no mail is sent
    smtp_port: int = Field(587, ge=1, le=65_535)
    smtp_security: Literal["tls", "starttls", "none"] = "starttls"
    smtp_from: str = Field("", pattern=r"^([^@\s<>]{1,64}@[A-Za-z0-9.-]{1,190})?$")  # whom mail comes from
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    trusted_proxies: str = THIS_MACHINE  # gateways whose X-Forwarded-For and -Proto are believed: addresses and networks
    oidc_issuer: str = ""  # the province's sign-in, such as https://sso.example.vn/realms/tinh; none: passwords of our own alone
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    body_limit_bytes: int = Field(1_048_576, ge=1_024, le=16_777_216)
    file_limit_bytes: int = Field(DEFAULT_FILE_LIMIT_BYTES, ge=1_024, le=104_857_600)

    @property
    def distributed(self) -> bool:
        """Whether the services run on PostgreSQL, each in processes of its own."""
        return bool(self.postgres)

    def url_of(self, service: str) -> str:
        """Where a service's API answers."""
        return str(getattr(self, f"{service}_url"))

    @field_validator("blobs")
    @classmethod
    def _is_a_place(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in BLOB_SCHEMES:
            raise ValueError(f"must begin with {'://, '.join(BLOB_SCHEMES)}://, such as s3://doithoai/files")
        return value

    @field_validator("clamd")
    @classmethod
    def _is_a_scanner(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            there = {
                "tcp": bool(parts.hostname and parts.port != 0 and not parts.path),
                "unix": not parts.netloc and bool(parts.path),
            }
        except ValueError:
            there = {}
        if value and not (there.get(parts.scheme) and parts.geturl() == value):
            raise ValueError("must be tcp://host:port or unix:///path, such as unix:///run/clamav/clamd.ctl")
        return value

    @field_validator("public_origin")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value.rstrip("/"))
        plain = parts.scheme in ("https", "http") and parts.hostname and parts.geturl() == f"{parts.scheme}://{parts.netloc}"
        if value and (not plain or "@" in parts.netloc):
            raise ValueError("must be a scheme and a host and nothing more, such as https://doithoai.example.vn")
        return value.rstrip("/").lower()

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        near = parts.scheme == "http" and parts.hostname in THIS_MACHINE.split(",")
        plain = parts.hostname and not parts.query and not parts.fragment and "@" not in parts.netloc
        if value and not (plain and (parts.scheme == "https" or near)):
            raise ValueError(
                "must be the https address that the provider names itself by, such as https://sso.example.vn/realms/tinh"
            )
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            return ",".join(str(each) for each in _networks(value))
        except ValueError as error:
            raise ValueError(f"must be addresses or networks with commas between them, such as 10.0.0.0/8: {error}") from error

    @field_validator("postgres", "postgres_owner")
    @classmethod
    def _is_postgres(cls, value: str) -> str:
        if value and not value.startswith("postgresql+asyncpg://"):
            raise ValueError("must begin with postgresql+asyncpg://, such as postgresql+asyncpg://app:secret@127.0.0.1:5432")
        if value and urlsplit(value).path not in ("", "/"):
            raise ValueError("must name no database: the five have fixed names")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _fit_together(self) -> "Installation":
        if self.seed and self.clock != "script":
            raise ValueError(
                "a seed makes ids and keys predictable and goes only with DOITHOAI_CLOCK=script: unset DOITHOAI_SEED"
            )
        if self.clock == "script" and not self.seed and self.distributed:
            raise ValueError("a script clock needs DOITHOAI_SEED, the same for all services")
        given = [bool(self.oidc_issuer), bool(self.oidc_client_id), bool(self.oidc_client_secret.get_secret_value())]
        if any(given) and not all(given):
            raise ValueError("DOITHOAI_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET (or its _FILE) go together: set all or none")
        if self.kafka and not self.postgres:
            raise ValueError("DOITHOAI_KAFKA goes with DOITHOAI_POSTGRES: set it, or unset Kafka to run embedded")
        if self.unit_topics and not self.kafka:
            raise ValueError("DOITHOAI_UNIT_TOPICS puts streams on Kafka: set DOITHOAI_KAFKA, or unset it")
        if self.blobs and not self.postgres:
            raise ValueError("DOITHOAI_BLOBS goes with DOITHOAI_POSTGRES: embedded, files lie in the data directory; unset it")
        if self.smtp_host and not (self.smtp_from and self.public_origin):
            raise ValueError("DOITHOAI_SMTP_HOST needs DOITHOAI_SMTP_FROM and DOITHOAI_PUBLIC_ORIGIN, which mail links to")
        if self.smtp_password.get_secret_value() and self.smtp_security == "none":
            raise ValueError("DOITHOAI_SMTP_PASSWORD goes with DOITHOAI_SMTP_SECURITY=tls or starttls: it would be sent readable")
        if self.distributed:
            missing = [name for name in ("master_key", "hash_key", "service_token") if not getattr(self, name).get_secret_value()]
            if missing and not self.seed:
                names = ", ".join(f"{PREFIX}{name.upper()}" for name in missing)
                raise ValueError(f"a distributed installation needs {names} (or each with _FILE)")
        return self


def _networks(listed: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of a list; a network that takes in everybody would let whoever asks say where from."""
    found = tuple(ip_network(each.strip()) for each in listed.split(",") if each.strip())
    for each in found:
        if each.prefixlen == 0:
            raise ValueError(f"{each} takes in everybody")
    return found


def load(settings: type[S], **given: Any) -> S:
    """The settings, or an explanation of every wrong one.

    Raises:
        WrongSettings
    """
    try:
        return settings(**given)
    except SettingsError as error:
        if isinstance(error.__cause__, WrongSettings):
            raise error.__cause__ from None
        raise WrongSettings(str(error)) from None
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            variable = f"{PREFIX}{name}: " if name else ""
            lines.append(f"{variable}{problem['msg'].removeprefix('Value error, ')}")
        raise WrongSettings("; ".join(lines)) from None
