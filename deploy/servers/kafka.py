"""A real Apache Kafka broker of our own: from its jars, or in a container where a Docker engine answers."""

import asyncio
import atexit
import base64
import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from aiokafka.admin import AIOKafkaAdminClient

from deploy.servers import kafka_jars
from deploy.servers.engine import docker_answers
from deploy.servers.ports import free_port

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
IMAGE: Final = f"apache/kafka:{kafka_jars.VERSION}"
STARTED: Final = "Kafka Server started"
CLEAN_EXITS: Final = (0, 143)
FLAGS: Final = ("-Xmx512m", "-Xms256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
LOGGING: Final = """\
Configuration:
  Appenders: {Console: {name: C, target: SYSTEM_OUT, PatternLayout: {pattern: "%d %p %c{1} %m%n"}}}
  Loggers: {Root: {level: warn, AppenderRef: {ref: C}}, Logger: [{name: kafka.server.KafkaRaftServer, level: info}]}
"""

# What differs from the defaults, the same for jars and container.
PROPERTIES: Final[Mapping[str, str]] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "auto.create.topics.enable": "false",
    "num.partitions": "4",
    "offsets.topic.num.partitions": "4",  # default 50: the first group is half a second slower
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",  # default 3000: every new group waits three seconds
    # Default 9000: a broker restarted after kill -9 waits for its old session to end, 13 s until ready instead of 4.
    "broker.session.timeout.ms": "1000",
    "broker.heartbeat.interval.ms": "100",
    # The house's own processes come in by PLAINTEXT and may do everything; whoever comes in by UNITS signs in with
    # SCRAM and may do what an ACL says. Outside this machine that listener is SASL_SSL.
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,UNITS:SASL_PLAINTEXT",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    "listener.name.units.sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.units.scram-sha-512.sasl.jaas.config": ("org.apache.kafka.common.security.scram.ScramLoginModule required;"),
}


class Broker(Protocol):
    """One broker. `bootstrap` is `host:port` and stays the same over restarts, as does `for_units`, where units sign in."""

    @property
    def bootstrap(self) -> str: ...

    @property
    def for_units(self) -> str: ...

    @property
    def running(self) -> bool: ...

    async def start(self) -> None:
        """Start and wait until it serves."""
        ...

    async def stop(self) -> None:
        """Stop cleanly; what was written stays for the next start."""
        ...

    async def kill(self) -> None:
        """As if the power went."""
        ...

    async def restart(self) -> None:
        """Start again on the same data, stopped first where it runs."""
        ...


def broker(directory: Path) -> Broker:
    """A broker that keeps its data in `directory`, not yet started.

    Raises:
        KafkaAbsent: neither a Docker engine nor Java and Kafka's jars.

    """
    if docker_answers():
        return ContainerBroker()
    return JarBroker(directory, kafka_jars.java(), kafka_jars.libraries())


class JarBroker:
    """A broker as a Java process of our own."""

    def __init__(self, directory: Path, java: str, libraries: Path) -> None:
        self._directory = directory
        self._port, self._controller_port, self._units_port = free_port(), free_port(), free_port()
        self._command = [
            java, *FLAGS, f"-Dlog4j2.configurationFile={directory / 'log4j2.yaml'}", "-cp", f"{libraries}/*",
        ]  # fmt: skip
        self._properties = directory / "server.properties"
        self._log = directory / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def for_units(self) -> str:
        return f"127.0.0.1:{self._units_port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        if not self._properties.exists():
            await asyncio.to_thread(self._format)
        written = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            # A session of its own: Ctrl-C of the test run must not reach the broker before its clients.
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [*self._command, "kafka.Kafka", str(self._properties)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        atexit.register(self._signal, signal.SIGKILL)
        await self._ready(written)

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL after 20 s.

        Raises:
            RuntimeError: it ended uncleanly.

        """
        if not self.running:
            return
        status = await self._end(signal.SIGTERM, STOP_SECONDS)
        if status is None:
            await self.kill()
        if status not in CLEAN_EXITS:
            raise RuntimeError(f"Kafka did not stop cleanly (status {status}):\n{self._tail()}")

    async def kill(self) -> None:
        await self._end(signal.SIGKILL, STOP_SECONDS)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def _format(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / "log4j2.yaml").write_text(LOGGING, encoding="utf-8")
        lines = "".join(f"{name}={value}\n" for name, value in self._all_properties().items())
        unready = self._properties.with_suffix(".unformatted")
        unready.write_text(lines, encoding="utf-8")
        done = subprocess.run(
            [*self._command, "kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", str(unready), "--ignore-formatted"],
            capture_output=True, text=True, check=False, timeout=READY_SECONDS,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")
        unready.rename(self._properties)

    def _all_properties(self) -> dict[str, str]:
        return {
            **PROPERTIES,
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller_port}",
            "listeners": ",".join(
                f"{name}://127.0.0.1:{port}"
                for name, port in (
                    ("PLAINTEXT", self._port),
                    ("CONTROLLER", self._controller_port),
                    ("UNITS", self._units_port),
                )
            ),
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self._port},UNITS://127.0.0.1:{self._units_port}",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self._directory / "data"),
        }

    async def _ready(self, written: int) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._said(STARTED, written):
            if not self.running:
                raise RuntimeError(f"Kafka ended while starting:\n{self._tail()}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"Kafka was not ready within {READY_SECONDS:.0f} s:\n{self._tail()}")
            await asyncio.sleep(0.05)
        await serves(self.bootstrap, deadline - time.monotonic())

    def _said(self, words: str, written: int) -> bool:
        # Only what was logged since this start counts: the line of the start before stands in the same file.
        with self._log.open("rb") as log:
            log.seek(written)
            return words.encode() in log.read()

    def _tail(self) -> str:
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])

    async def _end(self, by: signal.Signals, seconds: float) -> int | None:
        self._signal(by)
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:  # noqa: ASYNC110 - a process gives no event
            await asyncio.sleep(0.02)
        atexit.unregister(self._signal)
        return self._process.returncode if self._process else None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


class ContainerBroker:
    """The same broker in a container: Kafka's own image, every property from the environment."""

    def __init__(self) -> None:
        from testcontainers.core.container import DockerContainer

        self._port, self._units_port = free_port(), free_port()  # fixed ports of the host keep the address over a restart
        self._container = DockerContainer(IMAGE).with_bind_ports(9092, self._port).with_bind_ports(9094, self._units_port)
        for name, value in self._environment().items():
            self._container.with_env(name, value)
        self._made = False

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def for_units(self) -> str:
        return f"127.0.0.1:{self._units_port}"

    @property
    def running(self) -> bool:
        return self._made and self._wrapped_status() == "running"

    async def start(self) -> None:
        if self._made:
            await asyncio.to_thread(self._wrapped().start)
        else:
            await asyncio.to_thread(self._container.start)
            self._made = True
            atexit.register(self._container.stop)
        await serves(self.bootstrap, READY_SECONDS)

    async def stop(self) -> None:
        if self.running:
            await asyncio.to_thread(self._wrapped().stop, timeout=int(STOP_SECONDS))

    async def kill(self) -> None:
        if self.running:
            await asyncio.to_thread(self._wrapped().kill)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def _wrapped(self) -> Any:
        return self._container.get_wrapped_container()

    def _wrapped_status(self) -> str:
        wrapped = self._wrapped()
        wrapped.reload()
        return str(wrapped.status)

    def _environment(self) -> dict[str, str]:
        # The image wants the full set as soon as one property is given.
        properties = {
            **PROPERTIES,
            "controller.quorum.voters": "1@localhost:9093",
            "listeners": "PLAINTEXT://:9092,BROKER://:19092,CONTROLLER://:9093,UNITS://:9094",
            "advertised.listeners": (
                f"PLAINTEXT://127.0.0.1:{self._port},BROKER://localhost:19092,UNITS://127.0.0.1:{self._units_port}"
            ),
            "inter.broker.listener.name": "BROKER",
        }
        named = {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in properties.items()}
        return {**named, "CLUSTER_ID": cluster_id()}


def cluster_id() -> str:
    """A new cluster id: 22 characters of URL-safe base64, the first not `-`, which the tools take for an option."""
    while True:
        made = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
        if re.match(r"[A-Za-z0-9]", made):
            return made


async def serves(bootstrap: str, seconds: float) -> None:
    """Wait until the cluster behind `bootstrap` describes itself with a broker.

    Raises:
        TimeoutError

    """
    async with asyncio.timeout(max(seconds, 1.0)):
        while not await _described(bootstrap):  # noqa: ASYNC110 - nor does a server
            await asyncio.sleep(0.05)


async def _described(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except Exception:  # noqa: BLE001 - whatever it is, the broker does not serve yet
        return False
    finally:
        await admin.close()
