"""What falls due by the clock; overdue is computed when asked, so nothing is waiting here yet."""

from collections.abc import Sequence
from typing import Final

from shared.service import Job

JOBS: Final[Sequence[Job]] = ()
