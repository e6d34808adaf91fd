"""Every command of the reporting service: none until a report is opened; figures are read, not asked for by command."""

from collections.abc import Sequence
from typing import Final

from shared.desk import Handler

HANDLERS: Final[Sequence[Handler]] = ()
