"""The demonstration on PostgreSQL and Kafka, each service in a process of its own."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import httpx2

from deploy.commands.install import seeded
from deploy.commands.output import progress
from deploy.demo.checking import Failed, Step, check
from deploy.ground import Ground, on_settings
from deploy.house import open_house
from deploy.migrating import migrate
from deploy.performing import perform
from deploy.remote import Remote
from deploy.sample import SEED, Sample
from deploy.script import parse
from deploy.servers.local import servers
from deploy.servers.ports import free_port
from shared.config import SERVICES, Installation, load

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
LOGS: Final = "logs"
SERVERS: Final = "servers"
FILES: Final = "files"


async def play(sample: Sample, home: Path, results: Path, step: Step) -> None:
    """Start the servers, migrate, run three processes, play a sample over HTTP, stop them, check what they left."""
    shutil.rmtree(home, ignore_errors=True)
    step("starting PostgreSQL and Kafka")
    async with servers(home / SERVERS) as running:
        ports = {service: free_port() for service in SERVICES}
        environment = {
            **running.environment,
            "DOITHOAI_CLOCK": "script",
            "DOITHOAI_SEED": SEED,
            "DOITHOAI_BLOBS": (home / FILES).absolute().as_uri(),
            **{f"DOITHOAI_{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()},
        }
        ground = on_settings(load(Installation, **_as_settings(environment)))
        step("making the schema, and the directory and calendar of Sơn La")
        await migrate(ground)
        await seeded(ground)
        async with AsyncExitStack() as stack:
            step("starting three service processes")
            starting = {
                name: await stack.enter_async_context(_process(name, port, environment, home / LOGS))
                for name, port in ports.items()
            }
            await asyncio.gather(
                *(_ready(process, ports[name], _output(home / LOGS, name)) for name, process in starting.items())
            )
            await _play(sample, ground, step)
            await _all_from_kafka(ground)
        async with open_house(ground) as house:
            await check(house, sample, results, step)
    shutil.rmtree(home / SERVERS, ignore_errors=True)


async def _play(sample: Sample, ground: Ground, step: Step) -> None:
    lines = parse(sample.path.read_bytes(), sample.script)
    step(f"playing {len(lines)} lines of {sample.script} over HTTP")
    remote = Remote.of(ground, None)
    try:
        with progress("lines", len(lines)) as bar:
            await perform(lines, remote, advance=lambda _line: bar.advance())
    finally:
        await remote.close()


async def _all_from_kafka(ground: Ground) -> None:
    """With a healthy broker nothing has to be fetched behind Kafka's back.

    Raises:
        Failed

    """
    remote = Remote.of(ground, None)
    try:
        standings = await remote.standings()
    finally:
        await remote.close()
    pulled = [
        f"{each['service']}/{each['name']}" for standing in standings for each in standing["subscriptions"] if each["gap_pulls"]
    ]
    if pulled:
        raise Failed(f"gaps were fetched from the source though Kafka was well: {', '.join(pulled)}")


@asynccontextmanager
async def _process(service: str, port: int, environment: Mapping[str, str], logs: Path) -> AsyncIterator[Process]:
    """`doithoai run SERVICE`, started within the block and told to stop at its end."""
    await asyncio.to_thread(logs.mkdir, parents=True, exist_ok=True)
    descriptor = os.open(_output(logs, service), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy", "run", service, "--port", str(port)),
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
        )
    finally:
        os.close(descriptor)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def _output(logs: Path, service: str) -> Path:
    return logs / f"{service}.log"


async def _ready(process: Process, port: int, output: Path) -> None:
    url = f"http://127.0.0.1:{port}/readyz"
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    async with httpx2.AsyncClient(timeout=2) as client:
        while asyncio.get_running_loop().time() < deadline:
            if process.returncode is not None:
                break
            try:
                answer = await client.get(url)
            except httpx2.HTTPError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 200 and answer.json()["state"] == "ok":
                return
            await asyncio.sleep(0.1)
    raise Failed(f"{url} was not ready within {READY_SECONDS:.0f} s; {output}:\n{_tail(output)}")


def _tail(output: Path) -> str:
    return output.read_text(encoding="utf-8", errors="replace")[-2_000:]


def _as_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("DOITHOAI_").lower(): value for name, value in environment.items()}
