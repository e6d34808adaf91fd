"""The commands of a report's text, paper and register: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final, Protocol

from services.reporting.domain.document import commands as asked
from services.reporting.domain.document import decider
from services.reporting.domain.document.decider import OnPaper
from services.reporting.domain.register import commands as books
from services.reporting.domain.register import decider as register
from services.reporting.domain.report.states import Locked, Written, corrected_by, correction_of, paper_of
from services.reporting.handlers.streams import (
    REGISTER,
    REPORT,
    Folds,
    lock_of,
    now,
    of_report,
)
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.readable import Drafting
from services.reporting.readmodel.reports.queries import Reports
from shared.calendar import local_day
from shared.contracts.document import DocumentKind
from shared.contracts.facts import Facts
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.documents import acts
from shared.documents.layout.composition import Composition
from shared.documents.recipients import lines, listed
from shared.eventlog.port import EventLog
from shared.papers.composing import Composed, house_reader
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.recipients import lists_of
from shared.papers.signing import Signatures, may_sign
from shared.papers.streams import DOCUMENT
from shared.permit import Resource, Subject
from shared.vault.port import Vault

WAIT_SECONDS: Final = 2.0  # for read models, as whoever reads what he wrote does


class Compose(Protocol):
    """Puts a report's paper together for a reader, as it reads now or would once it is drafted so."""

    def __call__(self, subject: Subject, document: str, drafting: Drafting | None = None) -> Awaitable[Composition]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """What the commands of papers look up: who and what there is, the figures, how the paper reads, its files as issued."""

    tenant: str
    log: EventLog
    directories: Directories
    reports: Reports
    locking: Locking
    compose: Compose
    composed: Composed
    files: PaperFiles
    signatures: Signatures
    copies: Copies

    async def told(self, asking: Asking, facts: Facts) -> OnPaper:
        """What the directory says on the day."""
        directory = await self.directories.at(local_day(facts.at))
        found = lists_of(directory)
        return OnPaper(
            **asdict(facts),
            may_sign=may_sign(directory, asking.subject),
            lists=found.lists,
            ended=found.ended,
            units=frozenset(directory.units),
        )

    async def to_draft(self, asking: Asking, facts: Facts) -> OnPaper:
        """The same, with the text that the draft will have."""
        found = await self.told(asking, facts)
        report = await now(self.log, asking.body.report)
        if not isinstance(report, Locked | Written):
            return found
        on = local_day(facts.at)
        named = asking.command.recipients or lines(listed(found, report.period.office, DocumentKind.REPORT, on))
        drafting = Drafting(on, tuple((line.recipient, line.purpose) for line in named))
        return replace(found, content=(await self._composed(asking, report, drafting)).content)

    async def read(self, asking: Asking, facts: Facts) -> OnPaper:
        """The same, with its text as it reads now; of what is not drafted there is none."""
        found = await self.told(asking, facts)
        report = await now(self.log, asking.body.report)
        if not isinstance(report, Written):
            return found
        return replace(found, content=(await self._composed(asking, report)).content)

    async def counted(self, asking: Asking, facts: Facts) -> OnPaper:
        """The same, with the figures counted again at the positions of the lock, and what the office's key signs."""
        found = await self.told(asking, facts)
        report = await now(self.log, asking.body.report)
        if not isinstance(report, Locked | Written):
            return found
        lock = await lock_of(self.log, asking.body.report)
        figures = await self.locking.digest_of(report.period, lock)
        if figures != report.lock.figures or not isinstance(report, Written):
            return replace(found, figures=figures)
        content = (await self._composed(asking, report)).content
        by_key = await self.signatures.by_key(asking, paper_of(asking.body.report), found)
        return replace(found, figures=figures, content=content, by_key=by_key)

    async def attached(self, asking: Asking, facts: Facts) -> OnPaper:
        """The same, with what is found of a copy that was signed outside."""
        found = await self.told(asking, facts)
        copy = await self.copies.attached(
            paper_of(asking.body.report), asking.body.file, reader=asking.subject.person, command_id=asking.command_id
        )
        return replace(found, attached=copy)

    async def kept(self, asking: Asking, facts: Facts) -> OnPaper:
        """The same, with the files of the issued paper, stored; none where files have no place."""
        found = await self.told(asking, facts)
        return replace(found, kept=await self.files.keep(paper_of(asking.body.report), command_id=asking.command_id))

    async def _composed(self, asking: Asking, report: Locked | Written, drafting: Drafting | None = None) -> Composition:
        """How the paper reads to the house itself, once the read models hold all that is recorded of it.

        Raises:
            LogUnavailable: they have not come so far yet; ask again soon.

        """
        await self.composed.come_to((await self.log.head()).position, within_seconds=WAIT_SECONDS)
        paper = paper_of(asking.body.report)
        purpose = f"compose_report {paper}"
        reader = house_reader(self.tenant, report.period.office, name="compose-report", purpose=purpose)
        return await self.compose(reader, paper, drafting)

    async def settled(self, asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
        """Leaves no file of a paper that was not kept after all."""
        await self.files.settle(asking.command_id, states[paper_of(asking.body.report)].paper.kept)
        return {}


def handlers(tenant: str, desktop: Desktop) -> list[Handler]:
    """The handlers of one tenant."""
    on_report = handling(
        streams=_report_and_paper,
        resource=partial(of_report, tenant),
        decide=decider.decide,
        facts=desktop.told,
        permitted_first=True,  # nothing is composed, counted, signed or looked into for who may not ask
    )
    on_register = handling(
        streams=_register,
        resource=lambda asking, _states: Resource(tenant=tenant, office=asking.body.office),
        decide=register.decide,
        additive=True,  # numbers are added one after the other; the decider holds their order
    )
    return [
        on_report(asked.WriteSection, asked.WRITE_SECTION, additive=True),
        on_report(asked.DraftReport, asked.DRAFT_REPORT, additive=True, facts=desktop.to_draft),
        on_report(asked.CommentOnReport, asked.COMMENT_ON_REPORT, additive=True),
        on_report(asked.SubmitReport, asked.SUBMIT_REPORT, additive=True, facts=desktop.read),
        on_report(asked.ReturnReport, asked.RETURN_REPORT, additive=True),
        on_report(asked.SignReport, asked.SIGN_REPORT, additive=True, facts=desktop.counted),
        on_report(asked.AttachSignedReport, asked.ATTACH_SIGNED_REPORT, additive=True, facts=desktop.attached),
        on_report(asked.NumberReport, asked.NUMBER_REPORT, additive=True, facts=desktop.read, further=_issuing, answer=_symbol),
        on_report(asked.IssueReport, asked.ISSUE_REPORT, additive=True, facts=desktop.read, further=_issuing, answer=_symbol),
        on_report(asked.KeepReport, asked.KEEP_REPORT, additive=True, facts=desktop.kept, answer=desktop.settled),
        on_report(asked.DispatchReport, asked.DISPATCH_REPORT, additive=True),
        on_report(asked.AcknowledgeReport, asked.ACKNOWLEDGE_REPORT, additive=True),
        on_report(asked.PublishReport, asked.PUBLISH_REPORT, additive=True),
        on_report(asked.RecallReport, asked.RECALL_REPORT, additive=True),
        on_report(asked.SupersedeReport, asked.SUPERSEDE_REPORT, additive=True, streams=_and_correction, answer=_correction),
        on_register(books.OpenReportRegister, books.OPEN_REPORT_REGISTER),
        on_register(books.VoidReportNumber, books.VOID_REPORT_NUMBER, further=_holder),
    ]


def _report_and_paper(asking: Asking) -> Folds:
    return {asking.body.report: REPORT, paper_of(asking.body.report): DOCUMENT}


def _and_correction(asking: Asking) -> Folds:
    return {**_report_and_paper(asking), corrected_by(asking.body.report): REPORT}


def _issuing(asking: Asking, states: States) -> Folds:
    """The register its number comes from, the report that corrects it, and the one that it corrects with its paper."""
    paper = states[paper_of(asking.body.report)]
    register = acts.its_register(asking.body, paper, local_day(asking.at).year)
    found: Folds = {corrected_by(asking.body.report): REPORT}
    found |= {register: REGISTER} if register is not None else {}
    former = correction_of(asking.body.report)
    return found if former is None else {**found, former: REPORT, paper_of(former): DOCUMENT}


def _register(asking: Asking) -> Folds:
    return {acts.book_of(asking.body): REGISTER}


def _holder(asking: Asking, states: States) -> Folds:
    """The document that has the number to be voided, if one has."""
    found = acts.holder_of(asking.body, states[acts.book_of(asking.body)])
    return {found: DOCUMENT} if found is not None else {}


async def _symbol(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The number and symbol that the report carries now."""
    return {"number": states[paper_of(asking.body.report)].paper.symbol}


async def _correction(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"correction": corrected_by(asking.body.report)}
