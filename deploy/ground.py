"""Where an installation stands: its databases, keys and clock, from a data directory or from the environment."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy import directory
from deploy.directory import ClockKind, DataDirectory
from shared.blobs import place
from shared.blobs.place import Place
from shared.blobs.scanner import Clamd
from shared.clock import Clock
from shared.config import Installation, WrongSettings, load
from shared.ids import Ids, RandomIds, SeededIds
from shared.mail.smtp import SmtpOutlet
from shared.vault.keyring import KEY_BYTES, FileKeyring, Keyring, MemoryKeyring, given

DATABASES: Final = directory.DATABASES
KEY_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a house is built on. `home` is the data directory, None where the services run on PostgreSQL."""

    tenant: str
    clock: ClockKind
    seed: str
    hash_key: bytes
    settings: Installation
    home: DataDirectory | None

    @property
    def ids(self) -> Ids:
        """Random under the real clock, derived from the seed under a script's."""
        return SeededIds(self.seed) if self.clock == "script" else RandomIds()

    @property
    def distributed(self) -> bool:
        return self.home is None

    @property
    def keyring(self) -> Keyring:
        """What wraps the vault's keys: a file of the data directory, else the setting, else derived from the seed.

        Raises:
            WrongSettings

        """
        if self.home is not None:
            return FileKeyring(self.home.keyring)
        secrets = self.settings.master_key.get_secret_value()
        if not secrets:
            return MemoryKeyring({"m1": self.ids.bytes("master", "keyring", 1, KEY_BYTES)}, "m1")
        try:
            return given(secrets)
        except ValueError as error:
            raise WrongSettings(f"DOITHOAI_MASTER_KEY: {error}") from None

    @property
    def service_token(self) -> str:
        """What processes of one installation show each other."""
        shown = self.settings.service_token.get_secret_value()
        return shown or SeededIds(self.seed).bytes("service-token", "installation", 0, 32).hex()

    def mail(self, clock: Clock) -> SmtpOutlet | None:
        """Where mail leaves; None where no server is named, and under a script's clock, whose people are nobody."""
        settings = self.settings
        if not settings.smtp_host or self.clock == "script":
            return None
        return SmtpOutlet(
            settings.smtp_host,
            settings.smtp_port,
            sender=settings.smtp_from,
            clock=clock,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )

    @property
    def scanner(self) -> Clamd | None:
        """What looks into files; None where none is named."""
        return Clamd(self.settings.clamd) if self.settings.clamd else None

    @property
    def files(self) -> Place | None:
        """Where sealed files lie; None where a distributed installation names no place."""
        if self.home is not None:
            return place.at(self.home.files)
        return place.at(self.settings.blobs) if self.settings.blobs else None

    def url(self, database: str, *, read_only: bool = False) -> str:
        """The SQLAlchemy URL of one of the five databases, as the role of the application."""
        if self.home is None:
            return f"{self.settings.postgres}/{database}"
        path = self.home.database(database).resolve()
        return f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true" if read_only else f"sqlite+aiosqlite:///{path}"

    def owner_url(self, database: str) -> str:
        """The same as the role that owns the tables; only `migrate` uses it."""
        owner = self.settings.postgres_owner or self.settings.postgres
        return self.url(database) if self.home else f"{owner}/{database}"

    @property
    def where(self) -> str:
        """How to name it to a person."""
        return str(self.home.path) if self.home else self.settings.postgres.rpartition("@")[2]


def settings_of(data: Path | None, tenant: str | None = None) -> Installation:
    """The settings of the environment, with what the options say instead.

    Raises:
        WrongSettings

    """
    options = {key: value for key, value in (("data", data), ("tenant", tenant)) if value is not None}
    return load(Installation, **options)


def ground_of(data: Path | None, tenant: str | None, *, make: bool = False) -> Ground:
    """The ground that the options and the environment name; with `make`, a missing data directory is made.

    Raises:
        WrongSettings, WrongDirectory

    """
    settings = settings_of(data, tenant)
    if settings.distributed and data is None:
        return on_settings(settings)
    if make and not directory.is_made(settings.data):
        home = directory.make(settings.data, tenant=settings.tenant, clock=settings.clock, seed=settings.seed)
    else:
        home = directory.read(settings.data, tenant=tenant)
    return on_directory(home, settings)


def clock_of(data: Path | None, tenant: str | None) -> ClockKind | None:
    """The clock of the installation that the options and the environment name; None where there is none yet.

    Raises:
        WrongSettings, WrongDirectory

    """
    settings = settings_of(data, tenant)
    if settings.distributed and data is None:
        return settings.clock
    return directory.read(settings.data, tenant=tenant).clock if directory.is_made(settings.data) else None


def on_directory(home: DataDirectory, settings: Installation | None = None) -> Ground:
    """The ground of an embedded installation."""
    return Ground(
        tenant=home.tenant,
        clock=home.clock,
        seed=home.seed,
        hash_key=home.hash_key,
        settings=settings or load(Installation, data=home.path, tenant=home.tenant),
        home=home,
    )


def on_settings(settings: Installation) -> Ground:
    """The ground of a distributed installation."""
    return Ground(
        tenant=settings.tenant,
        clock=settings.clock,
        seed=settings.seed,
        hash_key=_hash_key(settings),
        settings=settings,
        home=None,
    )


def _hash_key(settings: Installation) -> bytes:
    """32 bytes from the setting, or from the seed under a script clock: the same as a data directory of that seed has."""
    secret = settings.hash_key.get_secret_value()
    if not secret:
        return directory.fresh_hash_key(SeededIds(settings.seed))
    if len(secret) < KEY_LENGTH:
        raise WrongSettings(f"DOITHOAI_HASH_KEY: needs at least {KEY_LENGTH} characters; `openssl rand -hex 32` makes one")
    return hashlib.sha256(secret.encode()).digest()
