"""The commands of documents and registers: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from services.assignment.domain.document import commands as asked
from services.assignment.domain.document import decider as document
from services.assignment.domain.register import commands as books
from services.assignment.domain.register import decider as register
from services.assignment.handlers.papers import listing
from services.assignment.handlers.streams import DOCUMENT, REGISTER, Folds, new_stream, refuse_unless_visible, units
from services.assignment.readmodel.documents.access import SEE_DOCUMENT, document_resource
from shared.calendar import local_day
from shared.contracts.document import SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.directory.values import Post
from shared.documents.registers import Book, register_stream
from shared.documents.signing import capacities
from shared.documents.states import Document, NoDocument
from shared.permit import Resource, Subject
from shared.vault.port import Vault

HEADS: Final = (Role.CHIEF, Role.CHAIRMAN)


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant."""
    on_document = handling(streams=document_stream, resource=partial(of_document, tenant), decide=document.decide)
    on_register = handling(
        resource=lambda asking, _states: Resource(tenant=tenant, office=asking.body.office),
        decide=register.decide,
        additive=True,  # numbers are added one after the other; the decider holds their order
    )
    return [
        Handler(
            command=asked.DraftDocument,
            action=asked.DRAFT_DOCUMENT,
            streams=_new_document,
            resource=lambda asking, _states: document_resource(tenant, asking.subject.office),
            decide=document.decide,
            facts=listing(directories, document.Drafting, lambda asking: {"document": new_stream("document", asking)}),
            answer=_drafted,
            additive=True,
        ),
        on_document(asked.RedraftDocument, asked.REDRAFT_DOCUMENT, streams=_document_and_recipients, facts=listing(directories)),
        on_document(asked.CommentOnDocument, asked.COMMENT_ON_DOCUMENT, additive=True),
        on_document(asked.SubmitDocument, asked.SUBMIT_DOCUMENT),
        on_document(asked.ReturnDocument, asked.RETURN_DOCUMENT),
        on_document(asked.SignDocument, asked.SIGN_DOCUMENT, facts=_signing(directories)),
        on_document(asked.NumberDocument, asked.NUMBER_DOCUMENT, further=_its_register, answer=_symbol),
        on_document(
            asked.IssueDocument,
            asked.ISSUE_DOCUMENT,
            further=_its_register,
            facts=listing(directories),
            answer=_symbol,
        ),
        on_document(asked.DispatchDocument, asked.DISPATCH_DOCUMENT, streams=_document_and_recipient, additive=True),
        on_document(asked.DeliverDocument, asked.DELIVER_DOCUMENT, additive=True),
        on_document(asked.PublishDocument, asked.PUBLISH_DOCUMENT, additive=True),
        on_document(asked.RecallDocument, asked.RECALL_DOCUMENT),
        on_document(asked.SupersedeDocument, asked.SUPERSEDE_DOCUMENT, streams=_document_and_successor),
        on_register(books.OpenRegister, books.OPEN_REGISTER, streams=lambda a: _register(a) | units(a.body.office)),
        on_register(books.VoidNumber, books.VOID_NUMBER, streams=_register, further=_holder),
    ]


def document_stream(asking: Asking) -> dict[str, Any]:
    return {asking.body.document: DOCUMENT}


def of_document(tenant: str, asking: Asking, states: States) -> Resource:
    """The document a command is about, as permission sees it."""
    resource = resource_of(tenant, states[asking.body.document])
    refuse_unless_visible(asking.subject, SEE_DOCUMENT, resource, "document")
    return resource


def resource_of(tenant: str, state: Document) -> Resource:
    """A document as permission sees it.

    Raises:
        Unknown

    """
    if isinstance(state, NoDocument):
        raise Unknown("document")
    paper = state.paper
    return document_resource(tenant, paper.drafted.office, (sending.recipient for sending in paper.sendings))


def _new_document(asking: Asking) -> Folds:
    lines = (line.recipient for line in asking.body.recipients)
    return {new_stream("document", asking): DOCUMENT} | units(asking.subject.office, *lines)


def _document_and_recipients(asking: Asking) -> Folds:
    return document_stream(asking) | units(*(line.recipient for line in asking.body.recipients))


def _document_and_recipient(asking: Asking) -> Folds:
    return document_stream(asking) | units(asking.body.recipient)


def _document_and_successor(asking: Asking) -> Folds:
    return document_stream(asking) | {asking.body.successor: DOCUMENT}


def _its_register(asking: Asking, states: States) -> Folds:
    """The register of the document's office and of the year in which the command happened."""
    state: Document = states[asking.body.document]
    if isinstance(state, NoDocument) or asking.body.book is None:
        return {}
    return {register_stream(state.paper.drafted.office, asking.body.book, local_day(asking.at).year): REGISTER}


def _register(asking: Asking) -> dict[str, Any]:
    return {register_stream(asking.body.office, asking.body.book, asking.body.year): REGISTER}


def _holder(asking: Asking, states: States) -> Folds:
    """The document that has the number to be voided, if one has."""
    state = states[register_stream(asking.body.office, asking.body.book, asking.body.year)]
    entry = state.at(asking.body.number) if isinstance(state, Book) else None
    return {entry.document: DOCUMENT} if entry is not None and entry.document is not None else {}


def _signing(directories: Directories | None) -> Callable[[Asking, Facts], Awaitable[document.Signing]]:
    async def look_up(asking: Asking, facts: Facts) -> document.Signing:
        directory = await directories.at(local_day(facts.at)) if directories is not None else None
        return document.Signing(
            **asdict(facts),
            may_sign=may_sign(directory, asking.subject),
        )

    return look_up


def may_sign(directory: Directory | None, subject: Subject) -> dict[str, frozenset[SigningCapacity]]:
    """In which capacities a person may sign, by office: those of his posts there, and by authorisation where one was delegated.

    An office none of whose posts is held yet goes by what the credential says.
    """
    allowed: dict[str, frozenset[SigningCapacity]] = {}
    if directory is None or not any(_office_of(directory, post) == subject.office for post in _held(directory)):
        allowed[subject.office] = capacities(subject.capacities)
        if Role.CHAIRMAN in subject.capacities:
            allowed[""] = capacities({Role.CHAIRMAN})
    if directory is not None:
        for post in directory.posts_of(subject.person):
            office = "" if post.role is Role.CHAIRMAN else _office_of(directory, post)
            acting = directory.holders[post.key].acting
            found = capacities((), acting=(post.role,)) if acting and post.role in HEADS else capacities((post.role,))
            allowed[office] = allowed.get(office, frozenset()) | found
    for under in subject.delegated:
        if under.role not in HEADS:
            continue  # only a head authorises others to sign (NĐ 30/2020 Đ.13)
        allowed[under.office] = allowed.get(under.office, frozenset()) | capacities((), delegated=True)
    return allowed


def _held(directory: Directory) -> Iterable[Post]:
    return (directory.posts[key] for key in directory.holders if key in directory.posts)


def _office_of(directory: Directory, post: Post) -> str:
    unit = directory.unit(post.unit)
    return (unit.office or unit.key) if unit is not None else post.unit


async def _drafted(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"document": new_stream("document", asking)}


async def _symbol(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The number and symbol that the document carries now."""
    return {"number": states[asking.body.document].paper.symbol}
