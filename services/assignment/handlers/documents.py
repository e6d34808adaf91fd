"""The commands of documents and registers: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from services.assignment.domain.directory.signing_keys import signing_key_stream
from services.assignment.domain.document import commands as asked
from services.assignment.domain.document import decider as document
from services.assignment.domain.register import commands as books
from services.assignment.domain.register import decider as register
from services.assignment.handlers.matters import matters, quarantined
from services.assignment.handlers.papers import listing
from services.assignment.handlers.streams import (
    REGISTER,
    SIGNING_KEYS,
    Folds,
    new_stream,
    refuse_unless_visible,
    units,
)
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.documents import acts
from shared.documents.acts import Decided
from shared.documents.states import Document, NoDocument
from shared.papers.access import SEE_DOCUMENT, document_resource
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.signing import Signatures, signing
from shared.papers.streams import DOCUMENT
from shared.permit import Resource
from shared.vault.port import Vault


def handlers(
    tenant: str,
    directories: Directories | None = None,
    files: PaperFiles | None = None,
    signatures: Signatures | None = None,
    copies: Copies | None = None,
) -> list[Handler]:
    """The handlers of one tenant; without `signatures` there is no key to sign with."""
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
        on_document(
            asked.SignDocument,
            asked.SIGN_DOCUMENT,
            facts=signing(directories, signatures, _document),
            further=_keys_of_its_office,
            permitted_first=True,
        ),
        on_document(
            asked.AttachSignedDocument,
            asked.ATTACH_SIGNED_DOCUMENT,
            facts=_attached(copies),
            additive=True,
            permitted_first=True,
        ),
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
        on_document(
            asked.KeepDocument,
            asked.KEEP_DOCUMENT,
            further=lambda asking, states: matters(asking.body.document, states),
            decide=_unless_erased,
            facts=_kept(files),
            answer=_settled(files),
            additive=True,
            permitted_first=True,
        ),
        on_register(books.OpenRegister, books.OPEN_REGISTER, streams=lambda a: _register(a) | units(a.body.office)),
        on_register(books.VoidNumber, books.VOID_NUMBER, streams=_register, further=_holder),
    ]


def _document(asking: Asking) -> str:
    document: str = asking.body.document
    return document


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
    found = acts.its_register(asking.body, states[asking.body.document], local_day(asking.at).year)
    return {found: REGISTER} if found is not None else {}


def _keys_of_its_office(asking: Asking, states: States) -> Folds:
    """The keys of the document's office: a key that was retired meanwhile signs nothing more."""
    state = states[asking.body.document]
    return {} if isinstance(state, NoDocument) else {signing_key_stream(state.paper.drafted.office): SIGNING_KEYS}


def _register(asking: Asking) -> dict[str, Any]:
    return {acts.book_of(asking.body): REGISTER}


def _holder(asking: Asking, states: States) -> Folds:
    """The document that has the number to be voided, if one has."""
    found = acts.holder_of(asking.body, states[acts.book_of(asking.body)])
    return {found: DOCUMENT} if found is not None else {}


def _kept(files: PaperFiles | None) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    """Composes and keeps the files of what was issued."""

    async def look_up(asking: Asking, facts: Facts) -> Facts:
        kept = await files.keep(asking.body.document, command_id=asking.command_id) if files is not None else None
        return document.Keeping(**asdict(facts), kept=kept)

    return look_up


def _unless_erased(command: Any, states: States, facts: Facts) -> Decided:
    """What was quarantined since it was composed is not kept: its stream is a guard of the append."""
    return {} if quarantined(states) else document.decide(command, states, facts)


def _settled(files: PaperFiles | None) -> Callable[[Asking, States, Vault], Awaitable[Mapping[str, Any]]]:
    """Leaves no file of a paper that was not kept after all."""

    async def answer(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
        if files is not None:
            await files.settle(asking.command_id, states[asking.body.document].paper.kept)
        return {}

    return answer


def _attached(copies: Copies | None) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    """Looks into a copy that was signed outside."""

    async def look_up(asking: Asking, facts: Facts) -> Facts:
        attached = None
        if copies is not None:
            who = asking.subject.person
            attached = await copies.attached(asking.body.document, asking.body.file, reader=who, command_id=asking.command_id)
        return document.Attaching(**asdict(facts), attached=attached)

    return look_up


async def _drafted(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"document": new_stream("document", asking)}


async def _symbol(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The number and symbol that the document carries now."""
    return {"number": states[asking.body.document].paper.symbol}
