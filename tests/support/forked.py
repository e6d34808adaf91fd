"""Verbs of the command line in processes of their own, forked from one that has imported everything.

Importing is nearly all of what a verb takes, the same every time, and tests start hundreds of them. What follows it is the
same code in a process as much its own: with its own environment, output and signals, killed and waited for like any other.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.imported"])


class Forked:
    """A running verb, as `subprocess.Popen` shows one. What it prints is added to the files `out` and `err`."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> None:
        self.words = words
        for file in (out, err):
            file.touch(0o600)  # it is there to be read from now on, though nothing may have been printed
        # A daemon is killed with the tests; it may have no children by way of multiprocessing, and has none.
        self._process = _FORKS.Process(target=_run, args=(tuple(words), dict(environment), out, err), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; a signal is a negative one.

        Raises:
            subprocess.TimeoutExpired

        """
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(list(self.words), timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _run(words: tuple[str, ...], environment: Mapping[str, str], out: Path, err: Path) -> None:
    """In the new process: what the console script does, once it is one."""
    for number, file in ((1, out), (2, err)):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["doithoai", *words]
    from deploy.__main__ import main

    main()
