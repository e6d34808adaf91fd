"""Puts the reporting service together: the only place that knows all its rooms."""

from functools import partial
from typing import Final

from services.reporting.entrypoints.api import SERVICE, router
from services.reporting.entrypoints.jobs import JOBS
from services.reporting.handlers import HANDLERS
from services.reporting.readmodel.projections import MILESTONES
from services.reporting.readmodel.queries import Queries
from shared.desk import Desk
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories
from shared.directory.standing import standing_in
from shared.service import Kernel, Service

DIRECTORY: Final = "reporting_directory"


def build(kernel: Kernel) -> Service:
    """The service on `kernel`; nothing is connected and nothing runs yet."""
    directories = Directories(kernel.database, DIRECTORY, kernel.tenant)
    desk = Desk(
        HANDLERS,
        log=kernel.log,
        vault=kernel.vault,
        clock=kernel.clock,
        ids=kernel.ids,
        keyed=kernel.keyed,
        standing=standing_in(directories),
    )
    queries = Queries(
        database=kernel.database,
        directories=directories,
        tenant=kernel.tenant,
        clock=kernel.clock,
    )
    return Service(
        name=SERVICE,
        kernel=kernel,
        desk=desk,
        routes=partial(router, desk, queries),
        subscriptions=(MILESTONES, directory_projection(DIRECTORY)),
        jobs=JOBS,
        queries=queries,
    )
