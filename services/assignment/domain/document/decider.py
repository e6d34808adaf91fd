"""Stream `document-<id>`: a paper of the assignment service through the one life cycle of all papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.assignment.domain.directory.decider import unit_on, unit_stream
from services.assignment.domain.directory.refusals import NotAnOffice
from services.assignment.domain.directory.signing_keys import signing_key_stream
from services.assignment.domain.document.commands import (
    AttachSignedDocument,
    DispatchDocument,
    DraftDocument,
    KeepDocument,
    RedraftDocument,
    SignDocument,
    SupersedeDocument,
)
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import NotByOrder, ReportsPaper, SigningKeyNotInUse
from shared.calendar import local_day
from shared.contracts.directory import UnitKind
from shared.contracts.document import DocumentDrafted, DocumentKept, DocumentKind, Line, SignedCopyAttached, SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.types import StreamId
from shared.documents import acts, lifecycle
from shared.documents.acts import Decided, Signing
from shared.documents.recipients import lines, listed
from shared.documents.signing import BY_ORDER
from shared.documents.states import Document, NoDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting(Listing):
    """The lists of the day, with the id of the document that this command may begin."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping(Facts):
    """The facts, with the files of the paper as it was issued, where they are to be kept."""

    kept: DocumentKept | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching(Facts):
    """The facts, with what was found of a copy that was signed outside."""

    attached: SignedCopyAttached | None


# What only the head of an office and his deputies sign as, and whoever has his powers.
HEADING: Final = frozenset({SigningCapacity.IN_PERSON, SigningCapacity.ACTING})
LEADING: Final = HEADING | {SigningCapacity.FOR_THE_HEAD}


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to the document, and to the register its number comes from, by stream.

    Raises:
        Unknown: no such document.
        Refused: one of the rules in `shared.documents.refusals`, or of the directory's.

    """
    if isinstance(command, DraftDocument):
        assert isinstance(facts, Drafting)
        return {facts.document: _draft(command, states, facts)}
    state: Document = states[command.document]
    if isinstance(state, NoDocument):
        raise Unknown("document")
    match command:
        case RedraftDocument():
            assert isinstance(facts, Listing)
            return {command.document: _redraft(command, state, states, facts)}
        case SignDocument():
            assert isinstance(facts, Signing)
            return _sign(command, state, states, facts)
        case DispatchDocument():
            unit_on(states[unit_stream(command.recipient)], command.recipient, local_day(facts.at), "recipient")
        case KeepDocument():
            assert isinstance(facts, Keeping)
            return {command.document: lifecycle.keep(state, facts.kept) if facts.kept is not None else []}
        case AttachSignedDocument():
            assert isinstance(facts, Attaching)
            return {command.document: lifecycle.attach_copy(state, facts.attached) if facts.attached is not None else []}
        case SupersedeDocument():
            return {command.document: _supersede(command, state, states)}
    lists = facts if isinstance(facts, Listing) else None
    return acts.decide(command, command.document, states, facts, on=local_day(facts.at), lists=lists)


def _draft(command: DraftDocument, states: Mapping[str, Any], facts: Drafting) -> Sequence[Any]:
    if command.kind is DocumentKind.REPORT:
        raise ReportsPaper("kind")
    office = unit_on(states[unit_stream(facts.office)], facts.office, local_day(facts.at), "office")
    if office.kind is not UnitKind.OFFICE:
        raise NotAnOffice("office", unit=facts.office)
    _refuse_unknown_recipients(command.recipients, states, facts)
    drafted = DocumentDrafted(
        kind=command.kind,
        office=facts.office,
        about=command.about,
        summary=command.summary,
        content=command.content,
        recipients=command.recipients or lines(listed(facts, facts.office, command.kind, local_day(facts.at))),
    )
    return lifecycle.draft(states[facts.document], drafted)


def _redraft(command: RedraftDocument, state: Document, states: Mapping[str, Any], facts: Listing) -> Sequence[Any]:
    assert not isinstance(state, NoDocument)
    _refuse_unknown_recipients(command.recipients, states, facts)
    former = state.paper.drafted
    drafted = DocumentDrafted(
        kind=former.kind,
        office=former.office,
        about=former.about,
        summary=command.summary,
        content=command.content,
        recipients=command.recipients or lines(listed(facts, former.office, former.kind, local_day(facts.at))),
    )
    return lifecycle.draft(state, drafted)


def _refuse_unknown_recipients(named: Sequence[Line], states: Mapping[str, Any], facts: Facts) -> None:
    for line in named:
        unit_on(states[unit_stream(line.recipient)], line.recipient, local_day(facts.at), "recipients")


def _sign(command: SignDocument, state: Document, states: Mapping[str, Any], facts: Signing) -> Decided:
    assert not isinstance(state, NoDocument)
    drafted = state.paper.drafted
    allowed = acts.held_in(state.paper, facts.may_sign)
    if command.capacity in BY_ORDER and _directs(drafted):
        # By order of the Chairman: of the office's own head, what directs work is never signed by order (R35, R37).
        held = facts.may_sign.get(drafted.office, frozenset())
        if not held & LEADING:
            raise NotByOrder("capacity")
        if held & HEADING:
            allowed |= {SigningCapacity.BY_ORDER}
    signed = acts.sign(command, command.document, states, facts, allowed)
    in_use = states[signing_key_stream(drafted.office)].in_use
    if facts.by_key is not None and any(signed.values()) and facts.by_key.statement.key != in_use:
        raise SigningKeyNotInUse("document", office=drafted.office)  # its stream is a guard of the append
    return signed


def _directs(drafted: DocumentDrafted) -> bool:
    """Whether it is the paper of a notice or plan: work is given by it."""
    return drafted.about is not None and drafted.about.startswith(("notice-", "session-", "plan-"))


def _supersede(command: SupersedeDocument, state: Document, states: Mapping[str, Any]) -> Sequence[Any]:
    successor: Document = states[command.successor]
    if isinstance(successor, NoDocument):
        raise Unknown("successor")
    return lifecycle.supersede(state, command.document, by=command.successor, successor=successor, reason=command.reason)
