"""What Python's cyclic garbage collector is spared: everything that a process keeps until it ends."""

import gc
from typing import Final

THRESHOLDS: Final = (5_000, 20, 20)


def spare_what_stands() -> None:
    """Look no more at what has been loaded so far, and less often at the rest.

    Modules, models and routes are about a million objects that live as long as the process. Looking through them again and
    again was a quarter of what a projection cost; a page of 500 events alone passes Python's own threshold several times.
    """
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
