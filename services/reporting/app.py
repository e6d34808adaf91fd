"""Puts the reporting service together: the only place that knows all its rooms."""

from functools import partial
from typing import Final

from services.reporting.entrypoints import pages
from services.reporting.entrypoints.api import SERVICE, router
from services.reporting.entrypoints.consumers import KEEP_ISSUED, LOCK_REPORTS
from services.reporting.entrypoints.jobs import JOBS
from services.reporting.entrypoints.paper import composed
from services.reporting.handlers import handlers
from services.reporting.handlers.papers import Desktop
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.differences import Differences
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.projections import MILESTONES
from services.reporting.readmodel.province import Province
from services.reporting.readmodel.queries import Queries
from services.reporting.readmodel.readable import ReadableReports
from services.reporting.readmodel.reports.openings import Openings
from services.reporting.readmodel.reports.projections import REPORT_PAPERS, REPORT_REGISTERS, REPORTS_PROJECTION
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.reminders import Reminders
from services.reporting.readmodel.reports.words import Words
from shared.desk import Desk
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories
from shared.directory.standing import standing_in
from shared.papers.composing import Composed
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.queries import PaperQueries
from shared.papers.signing import Signatures
from shared.papers.verifying import Verifying
from shared.service import Kernel, Service

DIRECTORY: Final = "reporting_directory"


def build(kernel: Kernel) -> Service:
    """The service on `kernel`; nothing is connected and nothing runs yet."""
    directories = Directories(kernel.database, DIRECTORY, kernel.tenant)
    asked = (kernel.database, directories, kernel.tenant, kernel.clock)
    figures = Figures(*asked)
    comparison = Comparison(kernel.database, figures, kernel.tenant)
    papers = PaperQueries(database=kernel.database, tenant=kernel.tenant, vault=kernel.vault)
    reports = Reports(*asked, papers)
    locking = Locking(kernel.database, figures, directories, DIRECTORY, kernel.tenant)
    words = Words(kernel.database, kernel.tenant, kernel.vault, papers)
    readable = ReadableReports(
        reports=reports,
        locking=locking,
        figures=figures,
        comparison=comparison,
        papers=papers,
        words=words,
        directories=directories,
        vault=kernel.vault,
        clock=kernel.clock,
    )
    compose = composed(readable)
    as_they_read = Composed(
        compose,
        database=kernel.database,
        log=kernel.log,
        service=SERVICE,
        tenant=kernel.tenant,
        copies=(REPORTS_PROJECTION.name, REPORT_PAPERS.name),
    )
    # A report names nobody, and is signed by the digest of what the house composed.
    files = PaperFiles(as_they_read, papers, kernel.files, also_recipients=True, signed_text=True)
    copies = Copies(as_they_read, kernel.files, kernel.vault)
    queries = Queries(
        figures=figures,
        comparison=comparison,
        reports=reports,
        reminders=Reminders(reports, directories, kernel.clock),
        locking=locking,
        province=Province(figures, reports, directories, kernel.tenant),
        papers=papers,
        differences=Differences(kernel.database, locking, kernel.tenant),
        words=words,
        openings=Openings(kernel.database, kernel.tenant),
        readable=readable,
        files=files,
        signatures=Verifying(kernel.log, papers, directories, kernel.tenant, kernel.clock),
        copies=copies,
    )
    desktop = Desktop(
        tenant=kernel.tenant,
        log=kernel.log,
        directories=directories,
        reports=reports,
        locking=locking,
        compose=compose,
        composed=as_they_read,
        files=files,
        signatures=Signatures(kernel.log, directories, kernel.vault),
        copies=copies,
    )
    desk = Desk(
        handlers(kernel.tenant, desktop),
        log=kernel.log,
        vault=kernel.vault,
        clock=kernel.clock,
        ids=kernel.ids,
        keyed=kernel.keyed,
        standing=standing_in(directories),
    )
    return Service(
        name=SERVICE,
        kernel=kernel,
        desk=desk,
        directories=directories,
        routes=partial(router, desk, queries),
        subscriptions=(
            MILESTONES,
            REPORTS_PROJECTION,
            REPORT_PAPERS,
            REPORT_REGISTERS,
            directory_projection(DIRECTORY),
            LOCK_REPORTS,
            KEEP_ISSUED,
        ),
        jobs=JOBS,
        rooms=lambda: pages.rooms(
            pages.Behind(desk=desk, queries=queries, directories=directories, clock=kernel.clock, tenant=kernel.tenant)
        ),
        queries=queries,
    )
