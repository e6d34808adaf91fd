"""Answers what a paper says: its own line and words, the thing it is about with what that says, its head, foot and signer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any, Final

from services.assignment.domain.task import states as task_states
from services.assignment.domain.task.states import Work
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.cases.views import CaseDetail, Draft, Opened
from services.assignment.readmodel.dialogue.queries import PLAN, SESSION, DialogueQueries, Thing
from services.assignment.readmodel.documents.queries import DocumentQueries
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.words.queries import MOST, Word, Words
from shared.calendar import local_day
from shared.contracts.document import DocumentKind
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.directory.values import Letterhead
from shared.documents.layout.composition import Signature
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.papers.signers import Signers
from shared.papers.views import DocumentDetail
from shared.permit import Subject
from shared.vault.port import Vault

NOTICE: Final = "notice"
SIGNED: Final = "document.signed"
DIRECTED: Final = "case.directed"
WHOLES: Final = frozenset({SESSION, NOTICE, PLAN, "proposal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A thing of the dialogue: its line, all it holds, what it says to the asker, and the cases it names that he may see."""

    line: Thing
    whole: Mapping[str, Any]
    words: Sequence[Word]
    cases: Mapping[str, CaseDetail]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A paper before it is composed. `letterhead` and names are those of the day it was issued, else of today."""

    paper: DocumentDetail
    summary: str | None
    letterhead: Letterhead
    code: str
    names: Directory
    about: About | None
    session: About | None  # the dialogue it is about; of a notice the one it concludes
    case: CaseDetail | None
    opinions: Mapping[str, str | None]  # of the table of answers: what was said, by case; none of what it may not say
    replies: Mapping[str, tuple[Draft, Opened]]  # of the table of answers: the answer in force to each case, by case
    directions: Mapping[str, Sequence[Word]]  # of the same: what the head directed of it (bút phê)
    task: Work | None  # as it stood when the paper was signed; until then as it stands
    signature: Signature
    secretary: Signature | None  # of minutes: whoever wrote them, signing beside whoever held the dialogue
    drafted_on: date
    at: datetime

    @property
    def chairmans(self) -> bool:
        """Whether it was signed in the Chairman's capacity: it goes out from the People's Committee, not from its office."""
        signed = [step for step in self.paper.history if step.type == SIGNED]
        return bool(signed) and signed[-1].capacity == Role.CHAIRMAN


class ReadableDocuments:
    """What papers say, to one tenant's people."""

    def __init__(
        self,
        *,
        documents: DocumentQueries,
        dialogues: DialogueQueries,
        words: Words,
        cases: Cases,
        tasks: Tasks,
        log: EventLog,
        directories: Directories,
        vault: Vault,
    ) -> None:
        self._documents, self._dialogues, self._words = documents, dialogues, words
        self._cases, self._tasks, self._log, self._directories = cases, tasks, log, directories
        self._signers = Signers(directories, vault)

    async def readable(self, subject: Subject, document: str) -> Readable:
        """A paper with all that stands on its pages, as far as it is the asker's to read; every opening is logged.

        Raises:
            Unknown: it is not there, or not his to read.

        """
        paper = await self._documents.document(subject, document)
        opened = await self._documents.words(subject, document)
        drafted = paper.history[0].at
        on = paper.issued_on or local_day(paper.changed_at)
        names = await self._directories.at(on)
        office, letterhead = names.office(paper.office), names.letterhead(paper.office)
        about = await self._about(subject, paper)
        session = await self._session(subject, about)
        answered = _said_of(names, about) if about is not None and paper.kind == DocumentKind.ANSWER_MATRIX else ()
        purpose = subject.reads_for(f"read_document {document}")
        opinions = await self._opinions(subject, answered, purpose)
        if answered:  # it says the same to all who read it: as to whoever drafted it and whom it is for, in the reader's name
            subject = replace(subject, capacities=subject.capacities | {Role.HUB, Role.CHIEF})
            about = await self._about(subject, paper)
        return Readable(
            paper=paper,
            summary=opened.get(paper.summary) if paper.summary else None,
            letterhead=letterhead,
            code=office.code if office is not None else paper.office,
            names=names,
            about=about,
            session=session,
            case=await self._case(subject, paper.about or "") if _is(paper.about, "case") else None,
            opinions=opinions,
            replies=await self._cases.replies(subject, answered, purpose=purpose),
            directions={case: await self._directions(subject, case) for case in answered},
            task=await self._task(subject, paper.id, paper.about or "") if _is(paper.about, "task") else None,
            signature=await self._signers.signature(subject, paper, letterhead.head),
            secretary=await self._secretary(subject, paper, session),
            drafted_on=local_day(drafted),
            at=next((step.at for step in paper.history if step.type.startswith("document.issued")), paper.changed_at),
        )

    async def _about(self, subject: Subject, paper: DocumentDetail) -> About | None:
        thing = paper.about
        if thing is None or thing.partition("-")[0] not in WHOLES:
            return None
        if paper.kind == DocumentKind.NOTICE and _is(thing, SESSION):
            # A notice's paper may be drafted about the dialogue before its items are.
            things = await self._dialogues.of_office(subject, paper.office, NOTICE)
            thing = next((each.id for each in things if each.about == thing), thing)
        return await self._thing(subject, thing)

    async def _thing(self, subject: Subject, thing: str) -> About:
        kind = thing.partition("-")[0]
        line, _, _ = await self._dialogues.one(subject, kind, thing)
        whole = await self._dialogues.whole(subject, kind, thing, line.version)
        try:
            said = (await self._words.of(subject, kind, thing, limit=MOST)).words
        except Unknown:
            said = ()
        named = [*whole.get("cases", ()), *whole.get("items", ())]
        found = {each["case"]: await self._case(subject, each["case"]) for each in named if each["case"]}
        return About(line=line, whole=whole, words=said, cases=found)

    async def _session(self, subject: Subject, about: About | None) -> About | None:
        if about is not None and about.line.kind == SESSION:
            return about
        if about is None or about.line.kind != NOTICE or not _is(about.line.about, SESSION):
            return None
        return await self._thing(subject, about.line.about or "")

    async def _secretary(self, subject: Subject, paper: DocumentDetail, session: About | None) -> Signature | None:
        person = session.whole["secretary"] if session is not None and paper.kind == DocumentKind.MINUTES else None
        if person is None or session is None:
            return None
        return await self._signers.secretary(subject, paper.id, person, session.line.day or local_day(paper.changed_at))

    async def _case(self, subject: Subject, case: str) -> CaseDetail:
        """Whoever may not see a case of it has none of the paper: it says the same to all who read it."""
        try:
            return await self._cases.put_down(subject, case)
        except Unknown:
            raise Unknown("document") from None

    async def _opinions(self, subject: Subject, cases: Sequence[str], purpose: str) -> Mapping[str, str | None]:
        """Whoever may not read what was said in one of them has none of the paper."""
        if not cases:
            return {}
        try:
            return await self._cases.spoken(subject, cases, purpose=purpose)
        except Unknown:
            raise Unknown("document") from None

    async def _directions(self, subject: Subject, case: str) -> Sequence[Word]:
        try:
            return (await self._words.of(subject, "case", case, fact=DIRECTED, limit=MOST)).words
        except Unknown:
            return ()

    async def _task(self, subject: Subject, document: str, task: str) -> Work | None:
        """The work that a paper is about. What was signed says what was so then, whatever became of the work since."""
        try:
            await self._tasks.task(subject, task)
        except Unknown:
            return None
        steps = await self._log.read_stream(document)
        signed = next((each.position for each in reversed(steps) if each.type == SIGNED), None)
        then = [codec.read(each).event for each in await self._log.read_stream(task, until_position=signed)]
        state = reduce(task_states.evolve, then, task_states.INITIAL)
        return None if isinstance(state, task_states.NoTask) else state.work


def keeps_back(names: Directory, case: CaseDetail) -> bool:
    """Whether papers say nothing of what an opinion is about: a rule of the opinion, whoever reads them (R16, R18).

    That is so of a restricted field, of what is about units or posts, and of what may hold a state secret.
    """
    known = names.field(case.field)
    restricted = known is not None and known.restricted
    return restricted or bool(case.concerns_units or case.concerns_posts) or case.paper is not None


def _said_of(names: Directory, about: About) -> Sequence[str]:
    """The cases that the table of answers speaks of: also none that went over to the procedure of complaints (R47)."""
    return [
        name for name, case in sorted(about.cases.items()) if not keeps_back(names, case) and case.stage != CaseStage.DIVERTED
    ]


def _is(thing: str | None, kind: str) -> bool:
    return thing is not None and thing.partition("-")[0] == kind
