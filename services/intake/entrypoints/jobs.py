"""What falls due by the clock; nothing of intake's own is waiting for it yet."""

from collections.abc import Sequence
from typing import Final

from shared.service import Job

JOBS: Final[Sequence[Job]] = ()
