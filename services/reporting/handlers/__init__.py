"""Every command of the reporting service, by what it is about."""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.handlers import locking as until_lock
from services.reporting.handlers import papers
from services.reporting.handlers.streams import DOCUMENT, REGISTER, REPORT
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.reports.queries import Reports
from shared.decider import Fold
from shared.desk import Handler
from shared.directory.queries import Directories
from shared.eventlog.port import EventLog

FOLDS: Final[Mapping[str, Fold[Any]]] = {fold.kind: fold for fold in (REPORT, DOCUMENT, REGISTER)}


def handlers(tenant: str, log: EventLog, directories: Directories, reports: Reports, locking: Locking) -> list[Handler]:
    """The handlers of one tenant."""
    return [
        *until_lock.handlers(tenant, log, directories, reports, locking),
        *papers.handlers(tenant, log, directories, locking),
    ]
