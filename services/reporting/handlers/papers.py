"""The commands of a report's text, paper and register: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from services.reporting.domain.document import commands as asked
from services.reporting.domain.document import decider
from services.reporting.domain.document.decider import OnPaper
from services.reporting.domain.register import commands as books
from services.reporting.domain.register import decider as register
from services.reporting.domain.report.states import Locked, Written, corrected_by, correction_of, paper_of
from services.reporting.handlers.streams import DOCUMENT, REGISTER, REPORT, Folds, lock_of, now, of_report
from services.reporting.readmodel.locking import Locking
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.documents import acts
from shared.eventlog.port import EventLog
from shared.papers.recipients import lists_of
from shared.papers.signing import may_sign
from shared.permit import Resource
from shared.vault.port import Vault

LookUp = Callable[[Asking, Facts], Awaitable[Facts]]


def handlers(tenant: str, log: EventLog, directories: Directories, locking: Locking) -> list[Handler]:
    """The handlers of one tenant."""
    on_report = handling(
        streams=_report_and_paper,
        resource=partial(of_report, tenant),
        decide=decider.decide,
        facts=_told(directories),
    )
    on_register = handling(
        streams=_register,
        resource=lambda asking, _states: Resource(tenant=tenant, office=asking.body.office),
        decide=register.decide,
        additive=True,  # numbers are added one after the other; the decider holds their order
    )
    return [
        on_report(asked.WriteSection, asked.WRITE_SECTION, additive=True),
        on_report(asked.DraftReport, asked.DRAFT_REPORT, additive=True),
        on_report(asked.CommentOnReport, asked.COMMENT_ON_REPORT, additive=True),
        on_report(asked.SubmitReport, asked.SUBMIT_REPORT, additive=True),
        on_report(asked.ReturnReport, asked.RETURN_REPORT, additive=True),
        on_report(asked.SignReport, asked.SIGN_REPORT, additive=True, facts=_counted(log, directories, locking)),
        on_report(asked.NumberReport, asked.NUMBER_REPORT, additive=True, further=_issuing, answer=_symbol),
        on_report(asked.IssueReport, asked.ISSUE_REPORT, additive=True, further=_issuing, answer=_symbol),
        on_report(asked.DispatchReport, asked.DISPATCH_REPORT, additive=True),
        on_report(asked.AcknowledgeReport, asked.ACKNOWLEDGE_REPORT, additive=True),
        on_report(asked.SupersedeReport, asked.SUPERSEDE_REPORT, additive=True, streams=_and_correction, answer=_correction),
        on_register(books.OpenReportRegister, books.OPEN_REPORT_REGISTER),
        on_register(books.VoidReportNumber, books.VOID_REPORT_NUMBER, further=_holder),
    ]


def _report_and_paper(asking: Asking) -> Folds:
    return {asking.body.report: REPORT, paper_of(asking.body.report): DOCUMENT}


def _and_correction(asking: Asking) -> Folds:
    return {**_report_and_paper(asking), corrected_by(asking.body.report): REPORT}


def _issuing(asking: Asking, states: States) -> Folds:
    """The register its number comes from, and the report that it corrects with its paper."""
    paper = states[paper_of(asking.body.report)]
    register = acts.its_register(asking.body, paper, local_day(asking.at).year)
    found: Folds = {register: REGISTER} if register is not None else {}
    former = correction_of(asking.body.report)
    return found if former is None else {**found, former: REPORT, paper_of(former): DOCUMENT}


def _register(asking: Asking) -> Folds:
    return {acts.book_of(asking.body): REGISTER}


def _holder(asking: Asking, states: States) -> Folds:
    """The document that has the number to be voided, if one has."""
    found = acts.holder_of(asking.body, states[acts.book_of(asking.body)])
    return {found: DOCUMENT} if found is not None else {}


def _told(directories: Directories) -> Callable[[Asking, Facts], Awaitable[OnPaper]]:
    async def look_up(asking: Asking, facts: Facts) -> OnPaper:
        directory = await directories.at(local_day(facts.at))
        found = lists_of(directory)
        return OnPaper(
            **asdict(facts),
            may_sign=may_sign(directory, asking.subject),
            lists=found.lists,
            ended=found.ended,
            units=frozenset(directory.units),
        )

    return look_up


def _counted(log: EventLog, directories: Directories, locking: Locking) -> LookUp:
    """The same, with the figures counted again at the positions of the lock."""
    told = _told(directories)

    async def look_up(asking: Asking, facts: Facts) -> Facts:
        found = await told(asking, facts)
        report = await now(log, asking.body.report)
        if not isinstance(report, Locked | Written):
            return found
        lock = await lock_of(log, asking.body.report)
        return replace(found, figures=await locking.digest_of(report.period, lock))

    return look_up


async def _symbol(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The number and symbol that the report carries now."""
    return {"number": states[paper_of(asking.body.report)].paper.symbol}


async def _correction(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"correction": corrected_by(asking.body.report)}
