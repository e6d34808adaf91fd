"""Every question to the assignment service, by what it is about."""

from dataclasses import dataclass

from services.assignment.readmodel.cases.history import Histories
from services.assignment.readmodel.cases.lists import CaseLists
from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.deadlines.following import Following
from services.assignment.readmodel.deadlines.queries import Deadlines
from services.assignment.readmodel.dialogue.identities import Identities
from services.assignment.readmodel.dialogue.past import Past
from services.assignment.readmodel.dialogue.proposals import Proposals
from services.assignment.readmodel.dialogue.puts import Puts
from services.assignment.readmodel.dialogue.queries import DialogueQueries
from services.assignment.readmodel.documents.queries import DocumentQueries
from services.assignment.readmodel.documents.readable import ReadableDocuments
from services.assignment.readmodel.notifications.agenda import Agenda
from services.assignment.readmodel.notifications.queries import Notifications
from services.assignment.readmodel.notifications.reaching import Reaching
from services.assignment.readmodel.people import People
from services.assignment.readmodel.published.queries import Published
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.words.queries import Words
from services.assignment.readmodel.work.queries import Work
from shared.directory.queries import Directories
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.verifying import Verifying


@dataclass(frozen=True, slots=True)
class Queries:
    """The questions of one tenant."""

    cases: Cases
    lists: CaseLists
    tasks: Tasks
    words: Words
    deadlines: Deadlines
    following: Following
    dialogues: DialogueQueries
    puts: Puts
    past: Past
    identities: Identities
    proposals: Proposals
    papers: DocumentQueries
    readable: ReadableDocuments
    files: PaperFiles
    directories: Directories
    people: People
    histories: Histories
    work: Work
    signatures: Verifying
    copies: Copies
    published: Published
    notifications: Notifications
    reaching: Reaching
    agenda: Agenda
