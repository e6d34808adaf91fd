"""Puts the intake service together: the only place that knows all its rooms."""

from functools import partial
from typing import Any, Final

from services.intake.entrypoints.api import SERVICE, router
from services.intake.entrypoints.consumers import RECORD_QUARANTINES, RECORD_RECEIPTS, OpinionFeed, erase_words
from services.intake.entrypoints.jobs import jobs
from services.intake.entrypoints.pages import Behind, rooms
from services.intake.handlers import handlers
from services.intake.readmodel.batches.projections import BATCHES_PROJECTION
from services.intake.readmodel.batches.queries import Batches
from services.intake.readmodel.consolidations.projections import CONSOLIDATIONS_PROJECTION
from services.intake.readmodel.consolidations.queries import Consolidations
from services.intake.readmodel.dues import DUES_PROJECTION, Dues
from services.intake.readmodel.files import Files
from services.intake.readmodel.opinions.inbox import Inbox
from services.intake.readmodel.opinions.projections import OPINIONS_PROJECTION
from services.intake.readmodel.opinions.queries import Opinions
from services.intake.readmodel.opinions.tellings import Tellings
from services.intake.readmodel.queries import Queries
from services.intake.readmodel.receipts.projections import RECEIPTS_PROJECTION
from services.intake.readmodel.receipts.queries import Receipts
from services.intake.readmodel.receipts.told import Telling
from services.intake.readmodel.submissions.projections import submissions_projection
from services.intake.readmodel.submissions.queries import PROPOSALS, REQUESTS, Submissions
from shared.desk import Desk
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories
from shared.directory.standing import standing_in
from shared.fences import fences_after
from shared.service import Kernel, Service
from shared.timeline import Timelines

DIRECTORY: Final = "intake_directory"


def build(kernel: Kernel) -> Service:
    """The service on `kernel`; nothing is connected and nothing runs yet."""
    directories = Directories(kernel.database, DIRECTORY, kernel.tenant)
    tellings = Tellings(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock, directories=directories)
    desk = Desk(
        handlers(kernel.tenant, directories, tellings, kernel.files),
        log=kernel.log,
        vault=kernel.vault,
        clock=kernel.clock,
        ids=kernel.ids,
        keyed=kernel.keyed,
        standing=standing_in(directories),
    )
    texts: dict[str, Any] = {"database": kernel.database, "tenant": kernel.tenant, "vault": kernel.vault}
    today: dict[str, Any] = {"clock": kernel.clock, "directories": directories}
    timelines = Timelines(service=SERVICE, log=kernel.log, vault=kernel.vault, directories=directories, clock=kernel.clock)
    receipts = Receipts(database=kernel.database, tenant=kernel.tenant)
    opinions = Opinions(**texts, **today, keyed=kernel.keyed, timelines=timelines)
    requests = Submissions(REQUESTS, **texts, **today)
    queries = Queries(
        opinions=opinions,
        inbox=Inbox(**texts, **today, log=kernel.log),
        tellings=tellings,
        receipts=receipts,
        telling=Telling(receipts=receipts, **texts, **today),
        requests=requests,
        proposals=Submissions(PROPOSALS, **texts, **today),
        consolidations=Consolidations(**texts, **today),
        batches=Batches(database=kernel.database, tenant=kernel.tenant, **today),
        files=Files(log=kernel.log, vault=kernel.vault, blobs=kernel.files, opinions=opinions, requests=requests),
    )
    feed = OpinionFeed(kernel.tenant, desk, queries.opinions, directories, kernel.vault, kernel.clock)
    return Service(
        name=SERVICE,
        kernel=kernel,
        desk=desk,
        directories=directories,
        routes=partial(router, desk, queries, kernel.keyed, kernel.tenant),
        subscriptions=(
            OPINIONS_PROJECTION,
            submissions_projection(kernel.keyed),
            CONSOLIDATIONS_PROJECTION,
            BATCHES_PROJECTION,
            DUES_PROJECTION,
            RECEIPTS_PROJECTION,
            directory_projection(DIRECTORY),
            RECORD_RECEIPTS,
            RECORD_QUARANTINES,
            fences_after(None),
            erase_words(kernel.log, kernel.vault, kernel.files),
        ),
        topics=(feed.topic(),),
        jobs=jobs(kernel.tenant, desk, Dues(database=kernel.database, tenant=kernel.tenant), directories),
        rooms=lambda: rooms(
            Behind(
                tenant=kernel.tenant,
                desk=desk,
                queries=queries,
                directories=directories,
                blobs=kernel.files,
                keyed=kernel.keyed,
                clock=kernel.clock,
            )
        ),
        queries=queries,
    )
