"""What can be asked of reporting, room by room."""

from dataclasses import dataclass

from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.readable import ReadableReports
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.words import Words
from shared.papers.queries import PaperQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """The questions of one tenant."""

    figures: Figures
    reports: Reports
    locking: Locking
    papers: PaperQueries
    words: Words
    readable: ReadableReports
