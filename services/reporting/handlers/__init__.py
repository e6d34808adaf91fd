"""Every command of the reporting service, by what it is about."""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.handlers import locking as until_lock
from services.reporting.handlers import opening, papers
from services.reporting.handlers.papers import Desktop
from services.reporting.handlers.streams import (
    OPENING,
    REGISTER,
    REPORT,
)
from shared.decider import Fold
from shared.desk import Handler
from shared.papers.streams import DOCUMENT

FOLDS: Final[Mapping[str, Fold[Any]]] = {fold.kind: fold for fold in (REPORT, OPENING, DOCUMENT, REGISTER)}


def handlers(tenant: str, desktop: Desktop) -> list[Handler]:
    """The handlers of one tenant."""
    looked_up = (desktop.log, desktop.directories, desktop.reports, desktop.locking)
    return [
        *until_lock.handlers(tenant, *looked_up),
        *opening.handlers(tenant, *looked_up),
        *papers.handlers(tenant, desktop),
    ]
