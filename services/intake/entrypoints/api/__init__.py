"""The intake service over HTTP: a route for each command, and its questions."""

from typing import Final

from fastapi import APIRouter

from services.intake.entrypoints.api import batches, consolidations, files, opinions, receipts, registers, submissions, tellings
from services.intake.entrypoints.api.bounds import Commands
from services.intake.readmodel.queries import Queries
from shared.desk import Desk
from shared.keys import KeyedHash
from shared.web.api import Api

SERVICE: Final = "intake"
COMMANDS: Final[Commands] = (
    *opinions.COMMANDS,
    *tellings.COMMANDS,
    *submissions.COMMANDS,
    *consolidations.COMMANDS,
    *batches.COMMANDS,
    *registers.COMMANDS,
    *files.COMMANDS,
)


def router(desk: Desk, queries: Queries, keyed: KeyedHash, tenant: str) -> APIRouter:
    """Every route of the service under `/intake/api`."""
    api = Api(service=SERVICE, desk=desk)
    for path, command, status in COMMANDS:
        api.command(path, command, status=status)
    opinions.routes(api.router, queries.opinions)
    tellings.routes(api.router, queries.tellings)
    receipts.routes(api.router, queries.receipts, keyed, tenant)
    submissions.routes(api.router, queries.requests, queries.proposals)
    consolidations.routes(api.router, queries.consolidations)
    batches.routes(api.router, queries.batches)
    files.routes(api.router, queries.files)
    registers.routes(api.router, desk, tenant)
    return api.router
