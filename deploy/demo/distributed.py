"""The demonstration on PostgreSQL and Kafka, each service in a process of its own."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import httpx2

from deploy import sample
from deploy.commands.output import progress
from deploy.demo.checking import Failed, Step, check
from deploy.ground import Ground, on_settings
from deploy.house import open_house
from deploy.performing import perform
from deploy.remote import Remote
from deploy.script import parse
from deploy.servers.local import servers
from deploy.servers.ports import free_port
from shared.config import SERVICES, Installation, load

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
LOGS: Final = "logs"
SERVERS: Final = "servers"


async def play(home: Path, results: Path, step: Step) -> None:
    """Start the servers, migrate, run three processes, play the sample over HTTP, stop them, check what they left."""
    shutil.rmtree(home, ignore_errors=True)
    step("starting PostgreSQL and Kafka")
    async with servers(home / SERVERS) as running:
        ports = {service: free_port() for service in SERVICES}
        environment = {
            **running.environment,
            "DOITHOAI_CLOCK": "script",
            "DOITHOAI_SEED": sample.SEED,
            **{f"DOITHOAI_{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()},
        }
        for verb in (("migrate",), ("init", "--clock", "script", "--seed", sample.SEED)):
            step(f"doithoai {verb[0]}")
            await _done(verb, environment)
        ground = on_settings(load(Installation, **_as_settings(environment)))
        async with AsyncExitStack() as stack:
            step("starting three service processes")
            for service, port in ports.items():
                await stack.enter_async_context(_process(service, port, environment, home / LOGS))
            await _play(ground, step)
            await _all_from_kafka(ground)
        async with open_house(ground) as house:
            await check(house, results, step)
    shutil.rmtree(home / SERVERS, ignore_errors=True)


async def _play(ground: Ground, step: Step) -> None:
    lines = parse(sample.script().read_bytes(), sample.SCRIPT)
    step(f"playing {len(lines)} lines of {sample.SCRIPT} over HTTP")
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
async def _process(service: str, port: int, environment: Mapping[str, str], logs: Path) -> AsyncIterator[None]:
    """`doithoai run SERVICE`, ready within the block and told to stop at its end."""
    await asyncio.to_thread(logs.mkdir, parents=True, exist_ok=True)
    output = logs / f"{service}.log"
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
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
        await _ready(process, f"http://127.0.0.1:{port}/readyz", output)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ready(process: asyncio.subprocess.Process, url: str, output: Path) -> None:
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


async def _done(verb: tuple[str, ...], environment: Mapping[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy", *verb),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise Failed(f"doithoai {' '.join(verb)}:\n{output.decode(errors='replace')[-2_000:]}")


def _as_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("DOITHOAI_").lower(): value for name, value in environment.items()}
