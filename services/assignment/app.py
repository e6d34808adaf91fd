"""Puts the assignment service together: the only place that knows all its rooms."""

from functools import partial
from typing import Final

from services.assignment.entrypoints import pages
from services.assignment.entrypoints.api import SERVICE, router
from services.assignment.entrypoints.api.attachments import Files
from services.assignment.entrypoints.consumers import PROCESSES, erase_words, unit_streams
from services.assignment.entrypoints.jobs import jobs
from services.assignment.entrypoints.mailing import Mailing
from services.assignment.entrypoints.papers import composed
from services.assignment.handlers import handlers
from services.assignment.handlers.attachments import Ownership
from services.assignment.handlers.matters import is_erased
from services.assignment.readmodel.cases.history import Histories
from services.assignment.readmodel.cases.lists import CaseLists
from services.assignment.readmodel.cases.projections import CASES_PROJECTION
from services.assignment.readmodel.cases.queries import Cases, Wanted
from services.assignment.readmodel.deadlines.following import Following
from services.assignment.readmodel.deadlines.projections import DEADLINES_PROJECTION
from services.assignment.readmodel.deadlines.queries import Deadlines
from services.assignment.readmodel.dialogue.identities import Identities
from services.assignment.readmodel.dialogue.past import Past
from services.assignment.readmodel.dialogue.projections import DIALOGUE_PROJECTION
from services.assignment.readmodel.dialogue.proposals import Proposals
from services.assignment.readmodel.dialogue.puts import Puts
from services.assignment.readmodel.dialogue.queries import DialogueQueries, Tied
from services.assignment.readmodel.documents.projections import ATTACHMENTS_PROJECTION, DOCUMENTS_PROJECTION, REGISTERS_PROJECTION
from services.assignment.readmodel.documents.queries import DocumentQueries
from services.assignment.readmodel.documents.readable import ReadableDocuments
from services.assignment.readmodel.notifications.agenda import Agenda
from services.assignment.readmodel.notifications.posts import Posts
from services.assignment.readmodel.notifications.projections import NOTIFICATIONS_PROJECTION
from services.assignment.readmodel.notifications.queries import Notifications
from services.assignment.readmodel.notifications.queue import MailQueue
from services.assignment.readmodel.notifications.reaching import Reaching
from services.assignment.readmodel.people import People
from services.assignment.readmodel.published.queries import Published
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.tasks.projections import UNIT_TASKS_PROJECTION
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.words.queries import Words
from services.assignment.readmodel.work.queries import Work
from shared.desk import Desk
from shared.directory.projection import directory_projection
from shared.directory.queries import Directories
from shared.directory.standing import standing_in
from shared.fences import fences_after
from shared.papers.composing import Composed
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.signing import Signatures
from shared.papers.verifying import Verifying
from shared.service import Kernel, Service
from shared.timeline import Timelines

DIRECTORY: Final = "assignment_directory"
# What papers are composed from.
COPIES: Final = (
    DIRECTORY,
    *(each.name for each in (CASES_PROJECTION, UNIT_TASKS_PROJECTION, DIALOGUE_PROJECTION, DOCUMENTS_PROJECTION)),
)


def build(kernel: Kernel) -> Service:
    """The service on `kernel`; nothing is connected and nothing runs yet."""
    directories = Directories(kernel.database, DIRECTORY, kernel.tenant)
    blobs = kernel.files
    deadlines = Deadlines(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock, directories=directories)
    words = Words(
        database=kernel.database,
        tenant=kernel.tenant,
        log=kernel.log,
        clock=kernel.clock,
        vault=kernel.vault,
        directories=directories,
    )
    papers = DocumentQueries(database=kernel.database, tenant=kernel.tenant, vault=kernel.vault, words=words)
    timelines = Timelines(service=SERVICE, log=kernel.log, vault=kernel.vault, directories=directories, clock=kernel.clock)
    cases = Cases(
        database=kernel.database,
        tenant=kernel.tenant,
        clock=kernel.clock,
        vault=kernel.vault,
        directories=directories,
        timelines=timelines,
    )
    tasks = Tasks(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock, directories=directories)
    dialogues = DialogueQueries(
        database=kernel.database,
        tenant=kernel.tenant,
        log=kernel.log,
        clock=kernel.clock,
        directories=directories,
        timelines=timelines,
    )
    readable = ReadableDocuments(
        documents=papers,
        dialogues=dialogues,
        words=words,
        cases=cases,
        tasks=tasks,
        log=kernel.log,
        directories=directories,
        vault=kernel.vault,
    )
    as_they_read = Composed(
        composed(readable),
        database=kernel.database,
        log=kernel.log,
        service=SERVICE,
        tenant=kernel.tenant,
        copies=COPIES,
    )
    paper_files = PaperFiles(as_they_read, papers, blobs, erased=partial(is_erased, kernel.log))
    copies = Copies(as_they_read, blobs, kernel.vault)
    desk = Desk(
        handlers(
            kernel.tenant,
            directories,
            blobs,
            Wanted(kernel.database, kernel.tenant),
            Tied(kernel.database, kernel.tenant),
            paper_files,
            Signatures(kernel.log, directories, kernel.vault),
            copies,
        ),
        log=kernel.log,
        vault=kernel.vault,
        clock=kernel.clock,
        ids=kernel.ids,
        keyed=kernel.keyed,
        standing=standing_in(directories),
    )
    people = People(kernel.vault)
    queries = Queries(
        cases=cases,
        lists=CaseLists(
            database=kernel.database,
            tenant=kernel.tenant,
            clock=kernel.clock,
            vault=kernel.vault,
            log=kernel.log,
            directories=directories,
        ),
        tasks=tasks,
        words=words,
        deadlines=deadlines,
        following=Following(
            database=kernel.database,
            tenant=kernel.tenant,
            clock=kernel.clock,
            log=kernel.log,
            directories=directories,
        ),
        dialogues=dialogues,
        puts=Puts(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock, directories=directories, cases=cases),
        past=Past(dialogues=dialogues, log=kernel.log, clock=kernel.clock, directories=directories),
        identities=Identities(tenant=kernel.tenant, log=kernel.log, vault=kernel.vault),
        proposals=Proposals(
            database=kernel.database,
            tenant=kernel.tenant,
            log=kernel.log,
            clock=kernel.clock,
            directories=directories,
        ),
        papers=papers,
        readable=readable,
        files=paper_files,
        directories=directories,
        people=people,
        histories=Histories(
            cases=cases,
            tasks=tasks,
            timelines=timelines,
            log=kernel.log,
            clock=kernel.clock,
            directories=directories,
            people=people,
        ),
        work=Work(
            database=kernel.database,
            tenant=kernel.tenant,
            clock=kernel.clock,
            directories=directories,
            cases=cases,
            people=people,
        ),
        signatures=Verifying(kernel.log, papers, directories, kernel.tenant, kernel.clock),
        copies=copies,
        published=Published(
            database=kernel.database,
            tenant=kernel.tenant,
            log=kernel.log,
            vault=kernel.vault,
            clock=kernel.clock,
            directories=directories,
            papers=papers,
            files=paper_files,
        ),
        notifications=Notifications(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock, directories=directories),
        reaching=Reaching(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock, vault=kernel.vault),
        agenda=Agenda(database=kernel.database, tenant=kernel.tenant, clock=kernel.clock),
    )
    posts = Posts(kernel.holders, desk.acting_for)
    mailing = _mailing(kernel, queries, posts)
    files = Files(
        queries=papers,
        ownership=Ownership(kernel.tenant, kernel.log, words),
        blobs=blobs,
        vault=kernel.vault,
        directories=directories,
        log=kernel.log,
        clock=kernel.clock,
    )
    return Service(
        name=SERVICE,
        kernel=kernel,
        desk=desk,
        directories=directories,
        routes=partial(router, desk, queries, kernel.log, kernel.clock, files),
        subscriptions=(
            CASES_PROJECTION,
            UNIT_TASKS_PROJECTION,
            DEADLINES_PROJECTION,
            DIALOGUE_PROJECTION,
            DOCUMENTS_PROJECTION,
            REGISTERS_PROJECTION,
            ATTACHMENTS_PROJECTION,
            NOTIFICATIONS_PROJECTION,
            directory_projection(DIRECTORY),
            *PROCESSES,
            fences_after("intake"),
            erase_words(kernel.log, kernel.vault, blobs),
            *((unit_streams(tasks, kernel.outlet, kernel.tenant),) if kernel.outlet is not None else ()),
            *((mailing.dispatch(),) if mailing is not None else ()),
        ),
        jobs=(*jobs(kernel.tenant, desk, deadlines, directories), *((mailing.job(),) if mailing is not None else ())),
        rooms=lambda: pages.rooms(
            pages.Behind(
                desk=desk,
                log=kernel.log,
                queries=queries,
                files=files,
                clock=kernel.clock,
                posts=posts,
                mails=kernel.mail is not None,
            )
        ),
        queries=queries,
    )


def _mailing(kernel: Kernel, queries: Queries, posts: Posts) -> Mailing | None:
    """Notices by mail, where any leaves."""
    if kernel.mail is None:
        return None
    return Mailing(
        database=kernel.database,
        tenant=kernel.tenant,
        clock=kernel.clock,
        directories=queries.directories,
        notifications=queries.notifications,
        reaching=queries.reaching,
        queue=MailQueue(kernel.database, kernel.tenant),
        posts=posts,
        outlet=kernel.mail,
        origin=kernel.origin,
    )
