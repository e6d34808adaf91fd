"""Ports of local servers, below the range that the system hands to clients."""

import random
import socket
from typing import Final

# Linux gives client sockets 32768 and above: a port from there may be taken by a client while its server restarts.
LOWEST: Final = 20_000
HIGHEST: Final = 32_000


def free_port() -> int:
    """A port of loopback that nobody is bound to at this moment."""
    for port in random.sample(range(LOWEST, HIGHEST), 200):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port between {LOWEST} and {HIGHEST}")
