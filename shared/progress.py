"""How far long work has come, told to whoever watches it."""

from collections.abc import Callable

# Hears how much is done, and of how much.
Stand = Callable[[int, int], None]


def told(stand: Stand, done: int, total: int) -> None:
    """Tells `stand` how far it is. More may be done than there was when `total` was counted."""
    stand(done, max(total, done))


def unseen(_done: int, _total: int) -> None:
    """Nobody watches."""
