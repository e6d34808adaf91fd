"""Puts the assignment service together: the only place that knows all its rooms."""

from typing import Final

from services.assignment.entrypoints.api import SERVICE, router
from services.assignment.entrypoints.consumers import OPEN_CASES
from services.assignment.entrypoints.jobs import JOBS
from services.assignment.handlers import handlers
from services.assignment.readmodel.projections import CASES_PROJECTION, UNIT_TASKS_PROJECTION
from services.assignment.readmodel.queries import Queries
from shared.desk import Desk
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories
from shared.service import Kernel, Service

DIRECTORY: Final = "assignment_directory"


def build(kernel: Kernel) -> Service:
    """The service on `kernel`; nothing is connected and nothing runs yet."""
    desk = Desk(
        handlers(kernel.tenant),
        log=kernel.log,
        vault=kernel.vault,
        clock=kernel.clock,
        ids=kernel.ids,
        keyed=kernel.keyed,
    )
    queries = Queries(
        database=kernel.database,
        tenant=kernel.tenant,
        clock=kernel.clock,
        vault=kernel.vault,
        directories=Directories(kernel.database, DIRECTORY, kernel.tenant),
    )
    return Service(
        name=SERVICE,
        kernel=kernel,
        desk=desk,
        router=router(desk, queries, kernel.log),
        subscriptions=(CASES_PROJECTION, UNIT_TASKS_PROJECTION, directory_projection(DIRECTORY), OPEN_CASES),
        jobs=JOBS,
        queries=queries,
    )
