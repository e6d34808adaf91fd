"""What can be asked of reporting, room by room."""

from dataclasses import dataclass

from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.papers import Papers
from services.reporting.readmodel.reports.queries import Reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """The questions of one tenant."""

    figures: Figures
    reports: Reports
    locking: Locking
    papers: Papers
