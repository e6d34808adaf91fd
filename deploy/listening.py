"""Taking the port that is served on, or saying why nobody can."""

import socket


class PortTaken(Exception):
    """Nobody can listen there; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port.

    Raises:
        PortTaken

    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        raise PortTaken(f"{host}:{port} cannot be listened on ({why}): choose another with --port") from error
