"""How far long work has come, told to whoever watches it."""

from collections.abc import Callable

# Hears how much is done, and of how much.
Stand = Callable[[int, int], None]


def unseen(_done: int, _total: int) -> None:
    """Nobody watches."""
