"""Files and what they belong to: who may add one and who may read it is asked of that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, Final, cast

from services.assignment.domain.attachment import decider as attachment
from services.assignment.domain.attachment.commands import ADD_ATTACHMENT, AddAttachment
from services.assignment.domain.attachment.refusals import NothingToAttachTo
from services.assignment.domain.case.states import Quarantined, case_of
from services.assignment.domain.proposal.states import Received, ToComplete, UnderAppraisal
from services.assignment.domain.request.states import NoRequest
from services.assignment.domain.task.states import NoTask
from services.assignment.handlers.acting import acting, told
from services.assignment.handlers.documents import of_document
from services.assignment.handlers.meetings import of_meeting
from services.assignment.handlers.notices import of_notice
from services.assignment.handlers.plans import of_plan
from services.assignment.handlers.proposals import of_proposal
from services.assignment.handlers.requests import of_request
from services.assignment.handlers.sessions import of_session
from services.assignment.handlers.streams import (
    ATTACHMENT,
    CASE,
    MEETING,
    NOTICE,
    PLAN,
    PROPOSAL,
    REQUEST,
    SESSION,
    TASK,
    Folds,
    of_case,
    of_task,
)
from services.assignment.readmodel.access import (
    READ_CHAIRMANS,
    READ_CHAIRMANS_RESTRICTED,
    READ_HIDDEN_LETTER,
    READ_PARTY_WORDS,
    READ_RESTRICTED_LETTER,
    READ_RESTRICTED_WORDS,
    READ_WORDS,
    words_resource,
)
from services.assignment.readmodel.cases.reading import is_head_of
from services.assignment.readmodel.documents.access import READ_FILE
from services.assignment.readmodel.documents.views import AttachedFile
from services.assignment.readmodel.words.access import READ_PROPOSAL, READ_REQUEST, READ_TASK_WORDS
from services.assignment.readmodel.words.queries import Words
from shared.blobs.store import Blobs
from shared.contracts.case import Authority
from shared.contracts.facts import Facts
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Action
from shared.decider import Fold, load
from shared.desk import Asking, Handler, States
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.documents.states import NoDocument
from shared.eventlog.port import EventLog
from shared.ids import base32
from shared.papers.streams import DOCUMENT
from shared.permit import Resource, Subject, permit
from shared.vault.port import Vault


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that files belong to: its stream, what permission sees of it, who reads and who adds its files.

    Without `reading`, whoever reads what it says reads its files, and nobody else adds one.
    """

    fold: Fold[Any]
    resource: Callable[[str, Asking, States], Resource]  # as for a command about it: Unknown for whoever may not see it
    reading: Callable[[Any, Directory | None], Sequence[Action]] | None = None  # any of them opens
    readers: Callable[[str, Any], Resource] | None = None  # whose it is to read, where that is not who may add to it
    barred: Callable[[Any, Directory | None, Subject], bool] = lambda _state, _directory, _subject: False
    reading_letters: Callable[[Any, Directory | None], Action | None] = lambda _state, _directory: None  # asked as well
    saying: Action | None = None  # whoever may not ask this of what `awaits` gives adds nothing
    awaits: Callable[[Resource, Any], Resource] = lambda resource, _state: resource  # whose words it waits for


def _reading_words(state: Any, directory: Directory | None) -> Sequence[Action]:
    """The files of a case are read by those who read its words, and by those in whose name it is answered."""
    led = [READ_PARTY_WORDS] if directory is not None and state.matter.field in directory.party_fields else []
    restricted, chairmans = _is_restricted(state, directory), state.matter.authority is Authority.CHAIRMAN
    given = [READ_CHAIRMANS_RESTRICTED if restricted else READ_CHAIRMANS] if chairmans else []
    return (READ_RESTRICTED_WORDS if restricted else READ_WORDS, *led, *given)


def _reading_letters(state: Any, directory: Directory | None) -> Action | None:
    """Those that came with its opinion only by those who may know who spoke, where not all may."""
    if _is_restricted(state, directory):
        return READ_RESTRICTED_LETTER
    return READ_HIDDEN_LETTER if state.matter.hidden else None


def _is_restricted(state: Any, directory: Directory | None) -> bool:
    known = directory.field(state.matter.field) if directory is not None else None
    return known is not None and known.restricted


def _words_of(tenant: str, state: Any) -> Resource:
    """A case as those see it who read what it says: its lead, and those who co-ordinate or were asked."""
    matter = state.matter
    helping = (*(each.unit for each in matter.coordinating), *(unit for unit, _ in matter.consulting))
    return words_resource(tenant, matter.office, getattr(state, "lead", None), helping)


def _is_barred(state: Any, directory: Directory | None, subject: Subject) -> bool:
    """What was handed to a statutory procedure is for the head alone (R47, invariant 13), what is quarantined for nobody."""
    diverted = getattr(state, "how", None) == "diverted" and not is_head_of(subject, state.matter.office)
    return diverted or isinstance(state.matter, Quarantined) or _is_about(state, directory, subject)


def _is_about(state: Any, directory: Directory | None, subject: Subject) -> bool:
    """Whether a case is about the asker or his unit: its papers may say who spoke, which even the head never sees (R16, R18)."""
    units, posts = frozenset({subject.unit}), set[str]()
    if directory is not None:
        units, posts = directory.stands_for(subject.unit), {post.key for post in directory.posts_of(subject.person)}
    return bool(units & set(state.matter.concerns_units) or posts & set(state.matter.concerns_posts))


def _awaits_nobody_outside(resource: Resource, state: Any) -> Resource:
    """A paper is its office's to write; whom it was sent to reads it."""
    return replace(resource, units=frozenset(), leads=frozenset())


def _of_proposers_turn(resource: Resource, state: Any) -> Resource:
    """A proposer adds to what it hands in or completes, an appraiser to what it appraises, its division while it goes on."""
    match state:
        case Received() | ToComplete():
            awaited = resource.units
        case UnderAppraisal():
            awaited = resource.units - {state.matter.was.proposer}
        case _:
            awaited = frozenset()
    return replace(resource, units=resource.leads | awaited)


def _always(action: Action) -> Callable[[Any, Directory | None], Sequence[Action]]:
    return lambda _state, _directory: (action,)


KINDS: Final[Mapping[str, Kind]] = {
    "case": Kind(CASE, of_case, _reading_words, _words_of, _is_barred, _reading_letters),
    "task": Kind(TASK, of_task, saying=READ_TASK_WORDS),
    "document": Kind(DOCUMENT, of_document, saying=READ_FILE, awaits=_awaits_nobody_outside),
    "session": Kind(SESSION, of_session, _always(READ_FILE)),
    "meeting": Kind(MEETING, of_meeting, _always(READ_FILE)),
    "notice": Kind(NOTICE, of_notice, _always(READ_FILE)),
    "plan": Kind(PLAN, of_plan, _always(READ_FILE)),
    "request": Kind(REQUEST, of_request, saying=READ_REQUEST),
    "proposal": Kind(PROPOSAL, of_proposal, saying=READ_PROPOSAL, awaits=_of_proposers_turn),
}


def handlers(tenant: str, blobs: Blobs | None = None, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant; `directories` say of whoever acts what conflicts need."""
    return [
        Handler(
            command=AddAttachment,
            action=ADD_ATTACHMENT,
            streams=_attachment_and_its_owner,
            further=_spoken_of,
            resource=partial(_of_its_owner, tenant),
            decide=attachment.decide,
            facts=_attaching(blobs, directories),
            answer=_attached,
            additive=True,
        )
    ]


def kind_of(about: str) -> Kind:
    """The kind of thing that `about` names.

    Raises:
        NothingToAttachTo

    """
    kind = KINDS.get(about.partition("-")[0])
    if kind is None:
        raise NothingToAttachTo("about", kinds=", ".join(KINDS))
    return kind


class Ownership:
    """Who may add a file to something, and who may read one, as the log stands now."""

    def __init__(self, tenant: str, log: EventLog, words: Words) -> None:
        self._tenant, self._log, self._words = tenant, log, words

    async def may_add(self, subject: Subject, about: str, at: datetime) -> None:
        """Raises what a command that adds a file would, before the file is taken in.

        Raises:
            NothingToAttachTo, Unknown, Forbidden
            Refused: nothing is said of it any more.

        """
        states, resource = await self._found(subject, about, at)
        kind = kind_of(about)
        resource = _adding(kind, subject, resource, states[about])
        decision = permit(subject, ADD_ATTACHMENT, resource)
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)
        attachment.refuse_what_is_over(states)
        if kind.reading is None and not await self._words.reads_files_of(subject, about):
            raise Unknown("about")

    async def readable(
        self, subject: Subject, about: str, files: Sequence[AttachedFile], at: datetime, directory: Directory | None
    ) -> Sequence[AttachedFile]:
        """Those of the files of `about` that are the asker's to read.

        Raises:
            Unknown: none is, whichever it has.

        """
        try:
            kind = kind_of(about)
        except NothingToAttachTo:
            raise Unknown("about") from None
        if kind.reading is None:
            if not await self._words.reads_files_of(subject, about):
                raise Unknown("about")
            return files
        states, resource = await self._found(subject, about, at)
        state = states[about]
        read = kind.readers(self._tenant, state) if kind.readers is not None else resource
        opens = any(permit(subject, each, read).allowed for each in kind.reading(state, directory))
        if not opens or kind.barred(state, directory, subject):
            raise Unknown("about")
        asked = kind.reading_letters(state, directory)
        if asked is None or permit(subject, asked, read).allowed:
            return files
        return [file for file in files if file.came_with is None]

    async def _found(self, subject: Subject, about: str, at: datetime) -> tuple[States, Resource]:
        kind = kind_of(about)
        asking = _asking_about(about, subject, at)
        stood = await load(self._log, {about: kind.fold}, partial(_spoken_of, asking))
        states = {stream: at.state for stream, at in stood.items()}
        return states, kind.resource(self._tenant, asking, states)


def _asking_about(about: str, subject: Subject, at: datetime) -> Asking:
    """What a command about `about` would be given, as far as permission needs it."""
    body = SimpleNamespace(**{about.partition("-")[0]: about})
    return cast(Asking, SimpleNamespace(body=body, subject=subject, at=at, now=at))


def _attachment(asking: Asking) -> str:
    """One stream for each file of each thing: whoever adds it again adds nothing."""
    return f"attachment-{base32(asking.keyed.digest('attachment', asking.body.about, asking.body.file), 20)}"


def _attachment_and_its_owner(asking: Asking) -> Folds:
    return {_attachment(asking): ATTACHMENT, asking.body.about: kind_of(asking.body.about).fold}


def _of_its_owner(tenant: str, asking: Asking, states: States) -> Resource:
    about = asking.body.about
    kind = kind_of(about)
    resource = kind.resource(tenant, _asking_about(about, asking.subject, asking.at), states)
    return _adding(kind, asking.subject, resource, states[about])


def _adding(kind: Kind, subject: Subject, resource: Resource, state: Any) -> Resource:
    """What whoever adds a file is asked of.

    Raises:
        Forbidden: it does not wait for what he says.

    """
    awaited = kind.awaits(resource, state)
    if kind.saying is None:
        return awaited
    decision = permit(subject, kind.saying, awaited)
    if not decision.allowed:
        raise Forbidden(rule=decision.rule)
    return awaited


def _spoken_of(asking: Asking, states: States) -> Folds:
    """The cases that a thing speaks of: of its task, of a request's opinions, of what a paper is about."""
    found: dict[str, Fold[Any]] = {}
    for stream, state in states.items():
        match stream.partition("-")[0]:
            case "task" if not isinstance(state, NoTask) and state.work.given.case is not None:
                found[state.work.given.case] = CASE
            case "request" if not isinstance(state, NoRequest):
                found |= dict.fromkeys((case_of(opinion) for opinion in state.was.opinions), CASE)
            case "document" if not isinstance(state, NoDocument) and state.paper.drafted.about is not None:
                about = state.paper.drafted.about
                fold = {"case": CASE, "task": TASK, "request": REQUEST}.get(about.partition("-")[0])
                found |= {about: fold} if fold is not None else {}
    return found


def _attaching(
    blobs: Blobs | None, directories: Directories | None
) -> Callable[[Asking, Facts], Awaitable[attachment.Attaching]]:
    who = acting(directories)

    async def look_up(asking: Asking, facts: Facts) -> attachment.Attaching:
        found = await blobs.stored(asking.body.file) if blobs is not None else None
        return attachment.Attaching(
            **told(await who(asking, facts)),
            attachment=_attachment(asking),
            stored=attachment.StoredFile(media=found.media, size=found.size) if found is not None else None,
        )

    return look_up


async def _attached(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"file": asking.body.file, "about": asking.body.about}
