"""A distributed installation really running: PostgreSQL, Kafka, and the three services in processes of their own."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from deploy.servers.local import Servers, servers
from deploy.servers.ports import free_port
from shared.clock import SystemClock
from shared.config import SERVICES
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.tokens import Tokens
from shared.ids import RandomIds

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
SECRETS: Final = {"DOITHOAI_MASTER_KEY": "a" * 64, "DOITHOAI_HASH_KEY": "b" * 64, "DOITHOAI_SERVICE_TOKEN": "c" * 64}
DESK: Final = (Role.HUB, Role.SPECIALIST, Role.UNIT_LEADER, Role.FEEDER)


class NotReady(Exception):
    """A service did not come up; the message holds the end of its output."""


@dataclass(slots=True)
class Installation:
    """The processes and how to reach them. A service keeps its port over restarts."""

    servers: Servers
    directory: Path
    environment: Mapping[str, str]
    ports: Mapping[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    async def start(self, *services: str) -> None:
        """Start services (all of them where none is named) and wait until each takes requests."""
        chosen = services or SERVICES
        for service in chosen:
            self._spawn(service)
        for service in chosen:
            await self._ready(service)

    def kill(self, service: str) -> None:
        """As if the power of its machine went."""
        process = self.processes.pop(service)
        process.send_signal(signal.SIGKILL)
        process.wait()

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

    async def token(self, person: str, unit: str, *capacities: Role, office: str = "VPUB") -> str:
        """A bearer token."""
        database = Database(f"{self.servers.postgres}/access")
        tokens = Tokens("sonla", database, ids=RandomIds(), clock=SystemClock())
        made = await tokens.create(person=person, office=office, unit=unit, capacities=capacities)
        await database.close()
        return made

    async def verb(self, *words: str) -> str:
        """Run a verb of the command line; its output."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy", *words),
            env={**os.environ, **self.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise NotReady(f"doithoai {' '.join(words)}:\n{output.decode(errors='replace')[-2_000:]}")
        return output.decode()

    async def directory_known(self) -> None:
        """Wait until the intake service has its copy of the directory, which another service's log holds."""
        headers = {"Authorization": f"Bearer {self.environment['DOITHOAI_SERVICE_TOKEN']}"}
        async with httpx2.AsyncClient(timeout=5, headers=headers) as client, asyncio.timeout(READY_SECONDS):
            while True:
                found = (await client.get(f"{self.url('intake')}/internal/subscriptions")).json()["subscriptions"]
                directory: Any = next(each for each in found if each["name"] == "intake_directory")
                if directory["position"] and directory["position"] == directory["head"]:
                    return
                await asyncio.sleep(0.1)

    def _spawn(self, service: str) -> None:
        command = [sys.executable, "-m", "deploy", "run", service, "--port", str(self.ports[service])]
        with (self.directory / f"{service}.log").open("ab") as output:
            environment = {**os.environ, **self.environment}
            self.processes[service] = subprocess.Popen(command, env=environment, stdout=output, stderr=output)

    async def _ready(self, service: str) -> None:
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        async with httpx2.AsyncClient(timeout=2) as client:
            while asyncio.get_running_loop().time() < deadline:
                if self.processes[service].poll() is not None:
                    break
                try:
                    answer = await client.get(f"{self.url(service)}/readyz")
                except httpx2.HTTPError:
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    return
                await asyncio.sleep(0.05)
        tail = (self.directory / f"{service}.log").read_text(errors="replace")[-2_000:]
        raise NotReady(f"{service} was not ready within {READY_SECONDS:.0f} s:\n{tail}")


@asynccontextmanager
async def installation(directory: Path, *, seed: str = "") -> AsyncIterator[Installation]:
    """An installation on servers of its own, migrated and with the directory of Sơn La; its services are not started yet.

    With a `seed` it has a script clock.

    Raises:
        KafkaAbsent, PostgresAbsent: a server cannot be had on this machine.
    """
    async with servers(directory / "servers") as running:
        ports = {service: free_port() for service in SERVICES}
        environment = {
            **running.environment,
            **({"DOITHOAI_CLOCK": "script", "DOITHOAI_SEED": seed} if seed else SECRETS),
            **{f"DOITHOAI_{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()},
        }
        made = Installation(servers=running, directory=directory, environment=environment, ports=ports)
        await made.verb("migrate")
        await made.verb("init", *(("--clock", "script", "--seed", seed) if seed else ()))
        try:
            yield made
        finally:
            await made.stop()
