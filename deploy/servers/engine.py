"""Whether a Docker engine answers on this machine."""

import os
import socket
from importlib.util import find_spec
from typing import Final

SOCKET: Final = "/var/run/docker.sock"


def docker_answers() -> bool:
    """Ask it; a socket that nobody listens on is no engine."""
    if "DOCKER_HOST" not in os.environ and not _accepts(SOCKET):
        return False
    if find_spec("docker") is None:  # it comes with what the tests need, not with the installation
        return False
    import docker

    try:
        # With a version given, the client asks nothing before the ping and can be closed whatever comes of it.
        engine = docker.DockerClient.from_env(version="1.44", timeout=5)
    except docker.errors.DockerException:
        return False
    try:
        return bool(engine.ping())
    except Exception:  # noqa: BLE001 - without an engine it raises what its transport likes
        return False
    finally:
        engine.close()


def _accepts(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
        return True
