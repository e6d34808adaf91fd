"""`doithoai` as a user runs it: in this process where it ends by itself, in one of its own where it serves."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx2
import structlog
from typer.testing import CliRunner

from deploy.cli import app
from deploy.servers.ports import free_port
from tests.support.forked import Forked

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
SCRIPT: Final = Path(sys.executable).with_name("doithoai")
WIDE: Final = {"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}  # what is refused is not broken into lines
# The settings of an installation on servers, none of which answers.
DISTRIBUTED: Final = {
    "DOITHOAI_POSTGRES": "postgresql+asyncpg://app@127.0.0.1:1",
    **{f"DOITHOAI_{name}": "s" * 64 for name in ("MASTER_KEY", "HASH_KEY", "SERVICE_TOKEN")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a verb ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def doithoai(*words: object, data: Path | None = None, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> Answer:
    """Run a verb in this process, with no settings of the machine's own; what it does not tell as a sentence is raised."""
    arguments = [*map(str, words), *(("--data", str(data)) if data is not None else ())]
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        result = CliRunner().invoke(app, arguments, input=stdin, env={**_no_settings(), **WIDE, **(env or {})})
    finally:
        # The verb has bound its log lines to an output that is closed now.
        structlog.reset_defaults()
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(code=result.exit_code, out=result.stdout, err=result.stderr)


def done(*words: object, data: Path | None = None, stdin: str | bytes = "") -> Answer:
    """The same, for a verb that must go well."""
    answer = doithoai(*words, data=data, stdin=stdin)
    assert answer.code == 0, f"doithoai {' '.join(map(str, words))}: {answer.code}\n{answer.out}\n{answer.err}"
    return answer


def files_of(data: Path) -> dict[str, bytes]:
    """Every file that an installation consists of; what SQLite keeps beside its own while they are open is none."""
    return {file.name: file.read_bytes() for file in sorted(data.iterdir()) if not file.name.endswith(("-shm", "-wal"))}


@dataclass(slots=True, kw_only=True)
class Serving:
    """A `doithoai serve` in a process of its own."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | Forked
    output: Path  # what it prints

    def get(self, path: str, token: str = "") -> httpx2.Response:
        """Ask its API."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10)

    def end(self, number: signal.Signals) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self.output.read_text(encoding="utf-8")


@contextmanager
def serving(data: Path, *, forked: bool = True) -> Iterator[Serving]:
    """Serve `data` on a free port within the block; not `forked`, by the console script."""
    port = free_port()
    words = ("serve", "--data", str(data), "--port", str(port))
    with TemporaryDirectory() as folder:
        output = Path(folder) / "said"
        process = Forked(words, _environment(), output, output) if forked else _started(words, output)
        running = Serving(data=data, port=port, process=process, output=output)
        try:
            _until_ready(running)
            yield running
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def start(*words: object) -> subprocess.Popen[str]:
    """Start a verb in a process of its own, by the console script."""
    return subprocess.Popen([SCRIPT, *map(str, words)], env=_environment(), stdout=PIPE, stderr=PIPE, text=True)


def _started(words: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
    with output.open("ab") as file:
        return subprocess.Popen([SCRIPT, *words], env=_environment(), stdout=file, stderr=file)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _no_settings()}


def _until_ready(running: Serving) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        try:
            if running.get("/readyz").status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise AssertionError(f"it does not serve:\n{running.said[-2_000:]}")


def _no_settings() -> dict[str, str | None]:
    return {name: None for name in os.environ if name.startswith("DOITHOAI_")}
