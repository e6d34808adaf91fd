"""A locked report and its paper at each stage, and what the directory says of whoever asks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from services.reporting.domain.document import commands as asked
from services.reporting.domain.document import decider
from services.reporting.domain.document.decider import OnPaper
from services.reporting.handlers import FOLDS
from shared.contracts.document import (
    DispatchMeans,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentSubmitted,
    Line,
    RegisterOpened,
    SigningCapacity,
)
from shared.contracts.plan import Recipient
from shared.contracts.report import DataLocked, LockRequested, ReportDrafted, ReportKind, ReportOpened
from shared.contracts.roles import Role
from tests.support.scenario import Given, Rules
from tests.support.signatures import by_key, recorded

REPORT, CORRECTION = "report-VPUB-2023-H1", "report-VPUB-2023-H1-DC1"
PAPER, CORRECTED = "document-VPUB-2023-H1", "document-VPUB-2023-H1-DC1"
REGISTER = "register-VPUB-BC-VPUB-2023"
FIGURES, TEXT, OTHER_TEXT = "5e" * 32, "6a" * 32, "6b" * 32
OPENED = ReportOpened(
    office="VPUB",
    kind=ReportKind.SIX_MONTH,
    year=2023,
    first=date(2023, 1, 4),
    last=date(2023, 5, 31),
    before=date(2023, 6, 10),
    plan=None,
)
LOCKED: Final = (
    OPENED,
    LockRequested(attempt=1),
    DataLocked(positions=(), predecessor=None, directory=1, calendar="VN-2023", definitions="bieu.2", figures=FIGURES),
)
UBND = Line(recipient="UBND-T", purpose="Kính gửi", mandatory=True)
BDV = Line(recipient="BDVTU", purpose="Kính gửi", mandatory=True)
SNV = Line(recipient="SNV", purpose="Báo cáo", mandatory=False)
LISTS: Final = {
    ("VPUB", "bao_cao"): tuple(
        Recipient(role=role, unit=line.recipient, purpose=line.purpose, mandatory=line.mandatory)
        for role, line in (("ubnd_tinh", UBND), ("dan_van", BDV), ("noi_vu", SNV))
    )
}
DRAFTED = DocumentDrafted(
    kind=DocumentKind.REPORT, office="VPUB", about=REPORT, summary=None, content=TEXT, recipients=(UBND, BDV, SNV)
)
SUBMITTED = (DRAFTED, DocumentSubmitted(by="tchcqt-02"))
BY_KEY: Final = by_key(PAPER, "cvp-02", SigningCapacity.FOR_THE_HEAD, TEXT)
SIGNED = (*SUBMITTED, recorded(BY_KEY))
NUMBERED = DocumentNumbered(register="BC-VPUB", year=2023, number=45, symbol="45/BC-VPUB", on=date(2023, 6, 9))
ISSUED = (*SIGNED, NUMBERED, DocumentIssued(on=date(2023, 6, 9)))
SENT = (
    *ISSUED,
    DocumentDispatched(recipient="UBND-T", purpose="Kính gửi", means=DispatchMeans.INTERCHANGE),
    DocumentDispatched(recipient="BDVTU", purpose="Kính gửi", means=DispatchMeans.PAPER),
)
BOOK = RegisterOpened(office="VPUB", register="BC-VPUB", year=2023, external=True, pattern="{number}/BC-VPUB")
TOLD = OnPaper(
    at=datetime(2023, 6, 9, 2, tzinfo=UTC),
    now=datetime(2023, 6, 9, 2, tzinfo=UTC),
    person="tchcqt-02",
    office="VPUB",
    unit="TCHCQT",
    capacity=Role.HUB,
    may_sign={"VPUB": frozenset({SigningCapacity.FOR_THE_HEAD, SigningCapacity.BY_ORDER})},
    lists=LISTS,
    units=frozenset({"VPUB", "TCHCQT", "VT", "UBND-T", "BDVTU", "SNV"}),
    figures=FIGURES,
    content=TEXT,
)
RULES: Final = Rules(folds=FOLDS, decide=decider.decide, told=lambda _command: TOLD)

COMMENT = asked.CommentOnReport
SIGN = asked.SignReport(report=REPORT, capacity=SigningCapacity.FOR_THE_HEAD, content=TEXT)
DRAFT = asked.DraftReport(report=REPORT, content=TEXT)


def told(**changed: Any) -> OnPaper:
    """What the directory says, but for what the test is about."""
    return replace(TOLD, **changed)


def paper(*events: Any, report: tuple[Any, ...] = (ReportDrafted(document=PAPER),), more: Mapping[str, Any] = {}) -> Given:
    """A locked report whose paper has come as far as `events`."""
    return RULES.given({REPORT: [*LOCKED, *report], PAPER: list(events), REGISTER: [BOOK], **more})
