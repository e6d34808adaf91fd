"""An installation really running in processes of its own: embedded on a data directory, or distributed on its servers."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import asyncpg
import httpx2

from deploy import directory
from deploy.servers.local import Servers, servers
from deploy.servers.ports import free_port
from shared.clock import SystemClock
from shared.config import PREFIX, SERVICES
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.tokens import Tokens
from shared.ids import RandomIds
from tests.support.forked import Forked

READY_SECONDS: Final = 60.0
RUNNING: Final = b'"event": "service.running"'
STOP_SECONDS: Final = 30.0
SECRETS: Final = {"DOITHOAI_MASTER_KEY": "a" * 64, "DOITHOAI_HASH_KEY": "b" * 64, "DOITHOAI_SERVICE_TOKEN": "c" * 64}
DESK: Final = (Role.HUB, Role.SPECIALIST, Role.UNIT_LEADER, Role.FEEDER)


class NotReady(Exception):
    """A process did not come up, or a verb failed; the message holds the end of its output."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a verb ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(slots=True, kw_only=True)
class Processes:
    """The processes of an installation by name, and how to reach them. `directory` takes their output."""

    directory: Path
    environment: Mapping[str, str]
    ports: Mapping[str, int]
    processes: dict[str, subprocess.Popen[bytes] | Forked] = field(default_factory=dict)
    tokens: dict[tuple[str, ...], str] = field(default_factory=dict)
    sampled_to: Path | None = None  # where the stacks of processes that stay are written, if they are sampled
    forked: bool = False  # whether processes begin with everything imported, which is no way to measure them

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def kill(self, name: str) -> None:
        """As if the power of its machine went."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def ended(self) -> list[str]:
        """Processes that ended by themselves."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    async def stop(self) -> None:
        """End every process in good order."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                await asyncio.to_thread(process.wait, STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                await asyncio.to_thread(process.wait)
        self.processes.clear()

    async def ask(self, *words: str) -> Told:
        """Run a verb of the command line, however it ends."""
        if self.forked:
            return await asyncio.to_thread(self._told, words)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy", *words),
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Told(process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace"))

    def _told(self, words: Sequence[str]) -> Told:
        with TemporaryDirectory(dir=self.directory) as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            code = Forked(words, self._environment(), out, err).wait()
            return Told(code, *(file.read_text(encoding="utf-8", errors="replace") for file in (out, err)))

    async def verb(self, *words: str) -> str:
        """Run a verb that must go well; its output."""
        told = await self.ask(*words)
        if told.code:
            raise NotReady(f"doithoai {' '.join(words)}:\n{told.out[-2_000:]}{told.err[-2_000:]}")
        return told.out

    async def token(self, person: str, unit: str, *capacities: Role, office: str = "VPUB") -> str:
        """A bearer token; the same for whoever asks again."""
        asked = (person, unit, office, *capacities)
        if asked not in self.tokens:
            self.tokens[asked] = await self._made_token(person, unit, office, capacities)
        return self.tokens[asked]

    async def _made_token(self, person: str, unit: str, office: str, capacities: Sequence[Role]) -> str:
        raise NotImplementedError

    async def health(self, service: str) -> Any:
        """What a service says at `/readyz`."""
        async with httpx2.AsyncClient(timeout=5) as client:
            return (await client.get(f"{self.url(service)}/readyz")).json()

    def spawn(self, name: str, *words: str) -> None:
        """Start a verb that stays, and wait for nothing."""
        if self.forked:
            self.processes[name] = Forked(words, self._environment(), self._output(name), self._output(name))
            return
        with self._output(name).open("ab") as output:
            sampled = self.sampled_to and self.sampled_to / self._output(name).with_suffix(".stacks").name
            module = ["tests.bench.sampling", str(sampled)] if sampled else ["deploy"]
            command = [sys.executable, "-m", *module, *words]
            self.processes[name] = subprocess.Popen(command, env=self._environment(), stdout=output, stderr=output)

    async def _ready(self, name: str, service: str) -> None:
        """Wait until a process takes requests for a service."""
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        async with httpx2.AsyncClient(timeout=2) as client:
            while asyncio.get_running_loop().time() < deadline and self.processes[name].poll() is None:
                try:
                    answer = await client.get(f"{self.url(service)}/readyz")
                except httpx2.HTTPError:
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    return
                await asyncio.sleep(0.05)
        raise self._not_ready(name)

    async def _running(self, name: str, written: int) -> None:
        """Wait until a process without an API says beyond what was `written` that it runs."""
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        while asyncio.get_running_loop().time() < deadline and self.processes[name].poll() is None:
            if RUNNING in self._output(name).read_bytes()[written:]:
                return
            await asyncio.sleep(0.05)
        raise self._not_ready(name)

    def _not_ready(self, name: str) -> NotReady:
        tail = self._output(name).read_text(errors="replace")[-2_000:]
        code = self.processes[name].poll()
        how = f"was not ready within {READY_SECONDS:.0f} s" if code is None else f"ended with {code} instead of getting ready"
        return NotReady(f"{name} {how}:\n{tail}")

    def _written(self, name: str) -> int:
        return self._output(name).stat().st_size if self._output(name).exists() else 0

    def _output(self, name: str) -> Path:
        return self.directory / f"{name.replace('/', '-')}.log"

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return {**ours, **self.environment}


@dataclass(slots=True, kw_only=True)
class Embedded(Processes):
    """One process on a data directory, which keeps its port over restarts."""

    data: Path

    @property
    def service_token(self) -> str:
        """What opens the internal routes of the process that serves now."""
        owner = directory.read(self.data).owner()
        assert owner is not None
        return owner.token

    async def start(self, *_names: str) -> None:
        """Serve, and wait until it takes requests."""
        self.spawn_serve()
        await self._ready("serve", "intake")

    def spawn_serve(self) -> None:
        """Serve, and wait for nothing."""
        self.spawn("serve", "serve", "--port", str(self.ports["intake"]))

    async def _made_token(self, person: str, unit: str, office: str, capacities: Sequence[Role]) -> str:
        named = [word for capacity in capacities for word in ("--capacity", capacity.value)]
        words = ("token", "create", "--person", person, "--office", office, "--unit", unit, *named, "--json")
        return str(json.loads(await self.verb(*words))["token"])

    async def rows(self, database: str, query: str) -> Mapping[str, int]:
        """A query's two columns."""
        with closing(sqlite3.connect(self.data / f"{database}.db", timeout=10)) as connection:
            return dict(connection.execute(query).fetchall())

    async def set_aside(self, database: str) -> None:
        """Keep a copy of a database as it stands; nobody may serve."""
        shutil.copyfile(self.data / f"{database}.db", self.directory / f"{database}.before")

    async def put_back(self, database: str) -> None:
        """Put the copy in the place of the database, as if nothing had happened since; nobody may serve."""
        file = self.data / f"{database}.db"
        for beside in ("-wal", "-shm"):
            file.with_name(f"{file.name}{beside}").unlink(missing_ok=True)
        shutil.copyfile(self.directory / f"{database}.before", file)


@dataclass(slots=True, kw_only=True)
class Installation(Processes):
    """The three services, whole or in parts, on PostgreSQL and Kafka. A service keeps its port over restarts."""

    servers: Servers

    @property
    def service_token(self) -> str:
        """What opens the internal routes; not under a script's clock, where it comes from the seed."""
        return self.environment["DOITHOAI_SERVICE_TOKEN"]

    async def start(self, *names: str) -> None:
        """Start services (`intake`) or parts of them (`intake/relay`), all services where none is named.

        Waits until those that have an API take requests, and others say that they run.
        """
        chosen = names or SERVICES
        written = {name: self._written(name) for name in chosen}
        for name in chosen:
            service, _, part = name.partition("/")
            only = ("--only", part) if part else ()
            self.spawn(name, "run", service, *only, "--port", str(self.ports[service]))
        for name in chosen:
            service, _, part = name.partition("/")
            await (self._ready(name, service) if part in ("", "api") else self._running(name, written[name]))

    async def _made_token(self, person: str, unit: str, office: str, capacities: Sequence[Role]) -> str:
        database = Database(f"{self.servers.postgres}/access", tenant="sonla")
        tokens = Tokens("sonla", database, ids=RandomIds(), clock=SystemClock())
        made = await tokens.create(person=person, office=office, unit=unit, capacities=capacities)
        await database.close()
        return made

    async def rows(self, database: str, query: str) -> Mapping[str, Any]:
        """A query's two columns."""
        connection = await asyncpg.connect(f"{self.servers.postgres_owner.replace('+asyncpg', '')}/{database}")
        found = await connection.fetch(query)
        await connection.close()
        return {row[0]: row[1] for row in found}

    async def set_aside(self, database: str) -> None:
        """Keep a copy of a database as it stands; no service may run."""
        await self._on_server(f"create database {database}_before template {database}")

    async def put_back(self, database: str) -> None:
        """Put the copy in the place of the database, as if nothing had happened since; no service may run."""
        await self._on_server(f"drop database {database}", f"alter database {database}_before rename to {database}")

    async def _on_server(self, *statements: str) -> None:
        connection = await asyncpg.connect(f"{self.servers.postgres_owner.replace('+asyncpg', '')}/postgres")
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    async def directory_known(self) -> None:
        """Wait until the intake service has its copy of the directory, which another service's log holds."""
        headers = {"Authorization": f"Bearer {self.service_token}"}
        async with httpx2.AsyncClient(timeout=5, headers=headers) as client, asyncio.timeout(READY_SECONDS):
            while True:
                found = (await client.get(f"{self.url('intake')}/internal/subscriptions")).json()["subscriptions"]
                directory: Any = next(each for each in found if each["name"] == "intake_directory")
                if directory["position"] and directory["position"] == directory["head"]:
                    return
                await asyncio.sleep(0.1)


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[Embedded]:
    """An installation in a new data directory below `folder`, with the directory of Sơn La; nobody serves it yet."""
    data, port = folder / "data", free_port()
    environment, ports = {"DOITHOAI_DATA": str(data)}, dict.fromkeys(SERVICES, port)
    made = Embedded(directory=folder, environment=environment, ports=ports, data=data, forked=True)
    await made.verb("init")
    try:
        yield made
    finally:
        await made.stop()


@asynccontextmanager
async def installation(directory: Path, *, seed: str = "", forked: bool = True, **further: str) -> AsyncIterator[Installation]:
    """An installation on servers of its own, migrated and with the directory of Sơn La; its services are not started yet.

    With a `seed` it has a script clock; `further` are more of its settings.

    Raises:
        KafkaAbsent, PostgresAbsent: a server cannot be had on this machine.
    """
    async with servers(directory / "servers") as running:
        ports = {service: free_port() for service in SERVICES}
        environment = {
            **running.environment,
            **({"DOITHOAI_CLOCK": "script", "DOITHOAI_SEED": seed} if seed else SECRETS),
            "DOITHOAI_BLOBS": (directory / "files").absolute().as_uri(),
            **{f"DOITHOAI_{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()},
            **further,
        }
        made = Installation(servers=running, directory=directory, environment=environment, ports=ports, forked=forked)
        await made.verb("migrate")
        await made.verb("init")
        try:
            yield made
        finally:
            await made.stop()


def parts_of(services: Sequence[str], parts: Sequence[str]) -> list[str]:
    """The names of processes that run one part of one service each."""
    return [f"{service}/{part}" for part in parts for service in services]
