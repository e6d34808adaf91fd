"""A paper put together for its page: what it says, who gets it, what its signature is worth, what he can do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.domain.document import commands as asked
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers.acts import ACTS, ATTACH, PUBLISH, TOLD, OnPaper
from services.assignment.entrypoints.pages.papers.views import COMMENTED, Sent, capacities, sent
from services.assignment.entrypoints.papers import composed
from services.assignment.entrypoints.papers.frame import SYMBOLS
from shared.blobs.place import PlaceUnavailable
from shared.contracts.document import DocumentKind
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.directory.snapshot import Directory
from shared.documents.layout.composition import Composition
from shared.documents.refusals import SigningKeyMissing
from shared.papers.access import document_resource
from shared.papers.forms import COPIED_IN
from shared.papers.signing import may_sign
from shared.papers.verifying import Checked
from shared.papers.views import DocumentDetail, DocumentFilters, Step
from shared.permit import Subject, permit
from shared.web.acts import Asks, Offer, Option
from shared.web.reading import or_none

BLANK: Final[tuple[Mapping[str, Any], ...]] = ({}, {}, {})  # rows of recipients still to be filled in
IN_FORCE: Final = ("da_phat_hanh", "da_gui", "da_cong_khai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A paper as its page shows it. `made` is what it says, None where that is not his to read or cannot be composed now."""

    paper: DocumentDetail
    directory: Directory
    summary: str | None
    words: Mapping[str, str | None]  # by reference
    made: Composition | None
    why_not: Refused | None  # why nothing could be composed, where that is told
    sent: tuple[Sent, ...]
    checked: Checked | None
    signed_outside: str | None  # whose certificate a copy bears
    names: Mapping[str, str]
    offers: tuple[Offer, ...]
    receives: frozenset[str]  # the recipients for which he may say that they have it
    options: Mapping[str, Mapping[str, Any]]  # by act and field
    chosen: Mapping[str, Mapping[str, Any]]
    own: bool  # of his office
    reads: bool  # what was said of it, and it as it was issued, is his to read

    @property
    def comments(self) -> Sequence[Step]:
        return [step for step in self.paper.history if step.type == COMMENTED and step.words in self.words]

    @property
    def near(self) -> Sequence[Offer]:
        """What he comes for, the likeliest first."""
        return [each for each in self.offers if not each.act.apart]

    @property
    def apart(self) -> Sequence[Offer]:
        """What is done seldom."""
        return [each for each in self.offers if each.act.apart]

    def chosen_in(self, offer: Offer) -> Mapping[str, Any]:
        """What the form of an act begins with: the draft as it stands, and whatever there is no choice about."""
        only: dict[str, Any] = {}
        for field in offer.act.fields:
            given = self.options.get(offer.act.name, {}).get(field.name, ())
            if field.asks is Asks.CHOICE and field.required and len(field.choices) == 1:
                only[field.name] = field.choices[0]
            elif field.asks is Asks.ONE and given:
                usual = field.name == "book" and is_for(given[0].value, self.paper.kind)
                if usual or (field.required and len(given) == 1):
                    only[field.name] = given[0].value
        return only | dict(self.chosen.get(offer.act.name, {}))

    def offer(self, name: str) -> Offer | None:
        """The act of that name, if he can do it or it waits for a condition."""
        return next((each for each in self.offers if each.act.name == name), None)


class Shows:
    """Puts the pages of papers together."""

    def __init__(self, behind: Behind) -> None:
        self._queries, self._acting = behind.queries, behind.acting
        self._compose = composed(behind.queries.readable)

    async def paper(self, subject: Subject, document: str) -> Shown:
        """A paper as far as it is his to see.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        papers, directory = self._queries.papers, await self._queries.directories.at(self._acting.today)
        paper = await papers.document(subject, document)
        opened = await or_none(papers.words(subject, document))
        words = opened or {}
        made, why_not = await self._made(subject, document)
        checked = await self._checked(subject, paper)
        copy = checked.copy if checked is not None else None
        lines = sent(paper)
        options = await self._options(subject, paper, directory, lines)
        return Shown(
            paper=paper,
            directory=directory,
            summary=words.get(paper.summary) if paper.summary else None,
            words=words,
            made=made,
            why_not=why_not,
            sent=lines,
            checked=checked,
            signed_outside=words.get(copy.signer) if copy is not None else None,
            names=await self._names(subject, paper, directory),
            offers=await self._offers(subject, paper, directory, options),
            receives=self._receives(subject, paper, lines),
            options=options,
            chosen=self._chosen(paper, words, lines),
            own=subject.office == paper.office,
            reads=opened is not None,
        )

    async def _made(self, subject: Subject, document: str) -> tuple[Composition | None, Refused | None]:
        try:
            return await self._compose(subject, document), None
        except Unknown:
            return None, None
        except Refused as refused:
            return None, refused

    async def _checked(self, subject: Subject, paper: DocumentDetail) -> Checked | None:
        if paper.signer is None:
            return None
        try:
            return await self._queries.signatures.check(subject, paper.id)
        except (Refused, PlaceUnavailable):
            return None

    def _receives(self, subject: Subject, paper: DocumentDetail, lines: Sequence[Sent]) -> frozenset[str]:
        """Whom he may say have it: his own unit; as the registry, every one that was sent it and has not said so."""
        waiting = frozenset(each.recipient for each in lines if each.went and not each.delivered)
        resource = document_resource(subject.tenant, paper.office, [each.recipient for each in lines if each.went])
        decided = permit(subject, asked.DELIVER_DOCUMENT, resource)
        if not decided.allowed:
            return frozenset()
        return waiting if decided.capacity is Role.REGISTRY else waiting & {subject.unit}

    async def _names(self, subject: Subject, paper: DocumentDetail, directory: Directory) -> Mapping[str, str]:
        people = {step.person for step in paper.history if step.person} | ({paper.signer} if paper.signer else set())
        return await self._queries.people.names(subject, directory, people, purpose=f"show {paper.id}")

    async def _offers(
        self, subject: Subject, paper: DocumentDetail, directory: Directory, options: Mapping[str, Mapping[str, Any]]
    ) -> tuple[Offer, ...]:
        found = [await self._offer(act, subject, paper, directory, options) for act in ACTS]
        return tuple(each for each in found if each is not None)

    async def _offer(
        self,
        act: OnPaper,
        subject: Subject,
        paper: DocumentDetail,
        directory: Directory,
        options: Mapping[str, Mapping[str, Any]],
    ) -> Offer | None:
        if act.command is asked.SignDocument:
            return self._to_sign(act, subject, paper, directory)
        if act is ATTACH:
            resource = document_resource(subject.tenant, paper.office)
            may = permit(subject, asked.ATTACH_SIGNED_DOCUMENT, resource).allowed and paper.state in COPIED_IN
            return Offer(act=act, thing=paper.id, version=paper.version) if may else None
        if act.command is asked.DeliverDocument:
            return None  # stands beside each recipient
        given = options.get(act.name, {})
        first = {name: next((each.value for each in given[name]), None) for name in given}
        values: dict[str, Any] = {}
        if act is PUBLISH:
            values = {"content": "0" * 64, "redacted": True}
        if act.command is asked.IssueDocument and paper.state == "da_ky":
            if not first.get("book"):
                return None
            values = {"book": first["book"]}
            act = replace(act, fields=(replace(act.fields[0], required=True), *act.fields[1:]))
        elif act.command is asked.IssueDocument:
            act = replace(act, fields=tuple(each for each in act.fields if each.name == "means"))
        return await self._acting.offer(act, paper.id, paper.version, subject, first=first, told=TOLD, **values)

    def _to_sign(self, act: OnPaper, subject: Subject, paper: DocumentDetail, directory: Directory) -> Offer | None:
        """Told from what his posts allow: rehearsed, it would have the office's key sign."""
        held = capacities(may_sign(directory, subject), paper.office)
        if paper.state != "trinh_ky" or not held or not self._acting.may_ever(act, subject):
            return None
        if not permit(subject, asked.SIGN_DOCUMENT, document_resource(subject.tenant, paper.office)).allowed:
            return None
        waits = None if directory.signing_key(paper.office) else SigningKeyMissing("document", office=paper.office)
        named = replace(act, fields=(replace(act.fields[0], choices=held),))
        return Offer(act=named, thing=paper.id, version=paper.version, waits=waits)

    async def _options(
        self, subject: Subject, paper: DocumentDetail, directory: Directory, lines: Sequence[Sent]
    ) -> Mapping[str, Mapping[str, Any]]:
        """What can be chosen in each act's fields, of those that are not closed lists."""
        if subject.office != paper.office:
            return {}
        units = units_of(directory, paper.office)
        missing = [each.recipient for each in lines if not each.went]
        books = self._by_kind(await self.books(subject, paper.office), paper.kind)
        options: dict[str, Mapping[str, Any]] = {
            "redraft_document": {"recipients.recipient": units},
            "dispatch_document": {"recipient": sorted(units, key=lambda each: each.value not in missing)},
            "number_document": {"book": books},
            "issue_document": {"book": books},
        }
        if paper.state in IN_FORCE or paper.state in ("da_ky", "da_cap_so", "thu_hoi"):
            options["supersede_document"] = {"successor": await self._successors(subject, paper)}
        return options

    async def books(self, subject: Subject, office: str) -> Sequence[Option]:
        """The books of an office that numbers are taken from this year."""
        found = await or_none(self._queries.papers.registers(subject, office, self._acting.today.year)) or ()
        return [Option(value=each.book, label=each.book, note="external" if each.external else "internal") for each in found]

    def _by_kind(self, books: Sequence[Option], kind: str) -> Sequence[Option]:
        """Those that papers of this kind are usually numbered from ahead."""
        return sorted(books, key=lambda each: not is_for(each.value, kind))

    async def _successors(self, subject: Subject, paper: DocumentDetail) -> Sequence[Option]:
        page = await or_none(
            self._queries.papers.documents(subject, paper.office, DocumentFilters(kind=paper.kind, states=IN_FORCE))
        )
        others = [each for each in page.documents if each.id != paper.id] if page is not None else []
        return [Option(value=each.id, label=f"{each.number}, {each.issued_on:%d/%m/%Y}") for each in others if each.issued_on]

    def _chosen(
        self, paper: DocumentDetail, words: Mapping[str, str | None], lines: Sequence[Sent]
    ) -> Mapping[str, Mapping[str, Any]]:
        """What the forms begin with: the draft as it stands."""
        listed = [
            {"recipient": each.recipient, "purpose": each.purpose, "mandatory": each.mandatory} for each in paper.recipients
        ]
        summary = words.get(paper.summary) if paper.summary else None
        return {"redraft_document": {"summary": summary or "", "recipients": [*listed, *BLANK]}}


def is_for(book: str, kind: str) -> bool:
    """Whether the key of a book begins as the symbol of papers of that kind does."""
    symbol = SYMBOLS.get(DocumentKind(kind))
    return symbol is not None and book.startswith(f"{symbol}-")


def units_of(directory: Directory, office: str) -> list[Option]:
    """Every unit in force that a paper can go to, the office's own ahead, by name."""
    found = sorted(directory.units.values(), key=lambda each: (each.office != office, directory.label(each.key)))
    return [Option(value=each.key, label=directory.label(each.key)) for each in found]
