"""A report's text and paper: written and drafted on locked figures, signed as they stand, numbered, sent, corrected."""

from dataclasses import replace
from typing import Any

import pytest

from services.reporting.domain.document import commands as asked
from services.reporting.domain.document.refusals import (
    CorrectionStands,
    DraftOutdated,
    MandatoryLeftOut,
    NotDrafted,
    TextDiffers,
    UnderCorrection,
)
from services.reporting.domain.register import commands as books
from services.reporting.domain.register import decider as register
from services.reporting.domain.report.refusals import FiguresDiffer, NotLocked
from services.reporting.domain.report.states import corrected_by, correction_of, first_of, paper_of
from services.reporting.readmodel.reports.projections import office_of
from shared.contracts.document import (
    DispatchMeans,
    DocumentCommented,
    DocumentDelivered,
    DocumentDispatched,
    DocumentIssued,
    DocumentKept,
    DocumentPublished,
    DocumentRecalled,
    DocumentReturned,
    DocumentSubmitted,
    DocumentSuperseded,
    Form,
    KeptForm,
    Line,
    NumberTaken,
    NumberVoided,
    SigningCapacity,
)
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.report import CorrectionOpened, ReportDrafted, ReportSuperseded, Section, SectionWritten
from shared.contracts.roles import Role
from shared.documents.refusals import (
    BeforeTheSigner,
    CapacityNotHeld,
    NotForOthers,
    NotIssued,
    NotSigned,
    NotSubmitted,
    OtherContent,
    PublishedDiffers,
    RecipientsMissing,
    SignedStands,
    SigningKeyMissing,
    UnitNotInForce,
    WasRecalled,
    WasSuperseded,
)
from tests.reporting.papers import (
    BDV,
    BOOK,
    BY_KEY,
    CORRECTED,
    CORRECTION,
    DRAFT,
    DRAFTED,
    ISSUED,
    LOCKED,
    NUMBERED,
    OPENED,
    OTHER_TEXT,
    PAPER,
    REGISTER,
    REPORT,
    RULES,
    SENT,
    SIGN,
    SIGNED,
    SNV,
    SUBMITTED,
    TEXT,
    UBND,
    paper,
    told,
)
from tests.support.scenario import sealed
from tests.support.signatures import by_key, recorded

WRITE = asked.WriteSection(report=REPORT, section=Section.LIMITS, words=sealed(1))
WROTE = SectionWritten(section=Section.LIMITS, words=sealed(1))
DRAFTED_REPORT = ReportDrafted(document=PAPER)
COMMENT = asked.CommentOnReport(report=REPORT, comment=sealed(2))
SUBMIT = asked.SubmitReport(report=REPORT)
RETURN = asked.ReturnReport(report=REPORT, reason=sealed(3))
NUMBER = asked.NumberReport(report=REPORT, book="BC-VPUB", number=45)
ISSUE = asked.IssueReport(report=REPORT)
DISPATCH = asked.DispatchReport(report=REPORT, recipient="UBND-T", purpose="Kính gửi", means=DispatchMeans.INTERCHANGE)
ACKNOWLEDGE = asked.AcknowledgeReport(report=REPORT, recipient="UBND-T")
PUBLISH = asked.PublishReport(report=REPORT, place="TTDT", content=TEXT, redacted=False)
RECALL = asked.RecallReport(report=REPORT, reason=sealed(5))
SUPERSEDE = asked.SupersedeReport(report=REPORT, reason=sealed(4))
KEPT = DocumentKept(content=TEXT, forms=(KeptForm(form=Form.PDF, file="2b" * 32, sha256="1a" * 32, bytes=312_380),))
ON_PAPER: tuple[Any, ...] = (COMMENT, SUBMIT, RETURN, SIGN, NUMBER, ISSUE, DISPATCH, ACKNOWLEDGE, PUBLISH, RECALL, SUPERSEDE)


@pytest.mark.parametrize("command", [WRITE, DRAFT, *ON_PAPER])
def test_nothing_is_written_of_a_report_that_is_not_there_or_whose_figures_are_not_locked(command: Any) -> None:
    RULES.given({}).when(command).refuses(Unknown, "report")
    RULES.given({REPORT: [OPENED]}).when(command).refuses(NotLocked)


@pytest.mark.parametrize("command", ON_PAPER)
def test_a_report_is_drafted_before_anything_is_done_with_its_paper(command: Any) -> None:
    paper(report=()).when(command).refuses(NotDrafted)


def test_a_draft_goes_to_the_office_s_list_for_reports() -> None:
    paper(report=()).when(DRAFT).then({PAPER: [DRAFTED], REPORT: [DRAFTED_REPORT]})
    paper(DRAFTED).when(DRAFT).nothing()
    paper(report=()).when(DRAFT, told(lists={})).refuses(RecipientsMissing, "recipients")
    paper(report=()).when(DRAFT, told(ended=frozenset({"BDVTU"}))).refuses(UnitNotInForce, "recipients")


def test_whoever_names_recipients_leaves_nobody_out_who_must_have_it() -> None:
    more = replace(DRAFT, recipients=(UBND, BDV, Line(recipient="VT", purpose="Lưu", mandatory=False)))
    [drafted] = paper(report=()).when(more).decided()[PAPER]
    assert drafted.recipients == more.recipients
    left_out = paper(report=()).when(replace(DRAFT, recipients=(UBND, SNV))).refuses(MandatoryLeftOut, "recipients")
    assert left_out.facts["recipients"] == "BDVTU"
    lax = replace(BDV, mandatory=False)
    paper(report=()).when(replace(DRAFT, recipients=(UBND, lax))).refuses(MandatoryLeftOut, "recipients")
    unknown = replace(DRAFT, recipients=(UBND, BDV, replace(SNV, recipient="CU")))
    paper(report=()).when(unknown).refuses(UnitNotInForce, "recipients")


def test_sections_are_written_until_it_is_submitted_and_each_writing_stays() -> None:
    paper(report=()).when(WRITE).then({REPORT: [WROTE]})
    paper(report=(WROTE,)).when(WRITE).then({REPORT: [WROTE]})
    paper(DRAFTED, DocumentCommented(unit="TH", comment=sealed())).when(WRITE).then({REPORT: [WROTE]})
    paper(*SUBMITTED).when(WRITE).refuses(BeforeTheSigner)
    paper(*SIGNED).when(WRITE).refuses(SignedStands)


def test_what_was_written_after_the_draft_is_drafted_before_it_is_submitted() -> None:
    written = (DRAFTED_REPORT, WROTE)
    paper(DRAFTED, report=written).when(SUBMIT).refuses(DraftOutdated)
    paper(DRAFTED, report=written).when(DRAFT).then({REPORT: [DRAFTED_REPORT]})
    paper(DRAFTED, report=(*written, DRAFTED_REPORT)).when(SUBMIT).then({PAPER: [DocumentSubmitted(by="tchcqt-02")]})


def test_a_draft_says_what_it_reads_by_itself_and_nobody_drafts_what_he_did_not_read() -> None:
    paper(report=()).when(replace(DRAFT, content=None)).then({PAPER: [DRAFTED], REPORT: [DRAFTED_REPORT]})
    paper(report=()).when(replace(DRAFT, content=OTHER_TEXT)).refuses(OtherContent, "content")


@pytest.mark.parametrize(
    ("events", "command"),
    [((DRAFTED,), SUBMIT), (SUBMITTED, SIGN), (SIGNED, NUMBER), (SIGNED, ISSUE), ((*SIGNED, NUMBERED), ISSUE)],
)
def test_what_goes_from_hand_to_hand_reads_as_it_was_drafted(events: tuple[Any, ...], command: Any) -> None:
    paper(*events).when(command, told(content=OTHER_TEXT)).refuses(TextDiffers)


def test_units_comment_and_what_is_submitted_is_returned_or_signed() -> None:
    paper(DRAFTED).when(COMMENT, told(unit="TH")).then({PAPER: [DocumentCommented(unit="TH", comment=sealed(2))]})
    paper(*SUBMITTED).when(COMMENT).refuses(BeforeTheSigner, "report")
    paper(DRAFTED).when(RETURN).refuses(NotSubmitted, "report")
    returned = DocumentReturned(by="cvp-01", reason=sealed(3))
    paper(*SUBMITTED).when(RETURN, told(person="cvp-01")).then({PAPER: [returned]})
    paper(DRAFTED).when(SIGN).refuses(NotSubmitted, "report")
    paper(*SUBMITTED, returned).when(SUBMIT).then({PAPER: [DocumentSubmitted(by="tchcqt-02")]})


def test_a_report_is_signed_for_the_office_while_its_figures_stand() -> None:
    paper(*SUBMITTED).when(SIGN, told(person="cvp-02", by_key=BY_KEY)).then({PAPER: [recorded(BY_KEY)]})
    paper(*SUBMITTED).when(SIGN, told(person="cvp-02")).refuses(SigningKeyMissing, "report")
    another = by_key(PAPER, "cvp-02", SigningCapacity.FOR_THE_HEAD, OTHER_TEXT)
    paper(*SUBMITTED).when(SIGN, told(person="cvp-02", by_key=another)).refuses(OtherContent, "content")
    paper(*SUBMITTED).when(SIGN, told(figures="7f" * 32)).refuses(FiguresDiffer)
    paper(*SUBMITTED).when(replace(SIGN, content=OTHER_TEXT)).refuses(OtherContent, "content")


@pytest.mark.parametrize("capacity", [SigningCapacity.BY_ORDER, SigningCapacity.ON_BEHALF, SigningCapacity.IN_PERSON])
def test_nobody_signs_it_by_order_for_a_collective_or_as_a_head_that_he_is_not(capacity: SigningCapacity) -> None:
    paper(*SUBMITTED).when(replace(SIGN, capacity=capacity)).refuses(CapacityNotHeld, "capacity")


@pytest.mark.parametrize("command", [DRAFT, COMMENT, SUBMIT, RETURN, replace(SIGN, capacity=SigningCapacity.IN_PERSON)])
def test_what_was_signed_stands(command: Any) -> None:
    other = replace(command, summary=sealed()) if isinstance(command, asked.DraftReport) else command
    paper(*SIGNED).when(other, told(may_sign={"VPUB": frozenset(SigningCapacity)})).refuses(SignedStands, "report")


def test_a_signed_report_is_numbered_in_its_register_and_issued() -> None:
    paper(DRAFTED).when(NUMBER).refuses(NotSigned, "report")
    paper(*SIGNED).when(NUMBER).then({PAPER: [NUMBERED], REGISTER: [NumberTaken(number=45, document=PAPER)]})
    paper(*SIGNED, NUMBERED).when(ISSUE).then({PAPER: [DocumentIssued(on=NUMBERED.on)]})
    at_once = replace(ISSUE, book="BC-VPUB", number=45, means=DispatchMeans.PAPER)
    found = paper(*SIGNED).when(at_once).decided()
    assert [each.recipient for each in found[PAPER] if isinstance(each, DocumentDispatched)] == ["UBND-T", "BDVTU", "SNV"]


def test_an_internal_register_numbers_it_at_issue() -> None:
    book = replace(BOOK, external=False)
    found = paper(*SIGNED, more={REGISTER: [book]}).when(replace(NUMBER, number=None)).decided()
    assert [type(each) for each in found[PAPER]] == [type(NUMBERED), DocumentIssued]
    assert found[REGISTER] == [NumberTaken(number=1, document=PAPER)]


def test_it_is_sent_and_each_recipient_confirms_or_the_registry_for_it() -> None:
    paper(*SIGNED).when(DISPATCH).refuses(NotIssued, "report")
    paper(*ISSUED).when(DISPATCH).then({PAPER: [SENT[-2]]})
    paper(*ISSUED).when(replace(DISPATCH, recipient="CU")).refuses(UnitNotInForce, "recipient")
    by_registry = told(unit="VT", capacity=Role.REGISTRY)
    paper(*SENT).when(ACKNOWLEDGE, by_registry).then({PAPER: [DocumentDelivered(recipient="UBND-T", on_behalf=True)]})
    itself = told(unit="UBND-T", capacity=Role.RECIPIENT)
    paper(*SENT).when(ACKNOWLEDGE, itself).then({PAPER: [DocumentDelivered(recipient="UBND-T", on_behalf=False)]})
    other = told(unit="BDVTU", capacity=Role.RECIPIENT)
    paper(*SENT).when(ACKNOWLEDGE, other).refuses(NotForOthers, "recipient")


def test_a_signed_report_is_corrected_by_another_of_the_same_window() -> None:
    paper(*SUBMITTED).when(SUPERSEDE).refuses(NotSigned, "report")
    opened = CorrectionOpened(report=REPORT, reason=sealed(4))
    paper(*SENT).when(SUPERSEDE).then({CORRECTION: [OPENED, opened]})
    paper(*SENT, more={CORRECTION: [OPENED, opened]}).when(SUPERSEDE).refuses(CorrectionStands)


@pytest.mark.parametrize(("events", "command"), [(SIGNED, NUMBER), ((*SIGNED, NUMBERED), ISSUE)])
def test_a_signed_report_that_is_being_corrected_is_issued_no_more(events: tuple[Any, ...], command: Any) -> None:
    paper(*events, more={CORRECTION: [OPENED]}).when(command).refuses(UnderCorrection)


def test_an_issued_report_is_made_public_as_it_was_signed_or_issued() -> None:
    for content in (TEXT, KEPT.forms[0].sha256):
        publish = replace(PUBLISH, content=content)
        published = DocumentPublished(place="TTDT", content=content, redacted=False)
        paper(*ISSUED, KEPT).when(publish).then({PAPER: [published]})
    paper(*ISSUED, KEPT).when(replace(PUBLISH, content=OTHER_TEXT)).refuses(PublishedDiffers, "content")
    paper(*ISSUED, KEPT).when(replace(PUBLISH, content=OTHER_TEXT, redacted=True)).then(
        {PAPER: [DocumentPublished(place="TTDT", content=OTHER_TEXT, redacted=True)]}
    )


def test_an_issued_report_is_taken_back_and_still_corrected() -> None:
    paper(*SIGNED).when(RECALL).refuses(NotIssued, "report")
    recalled = DocumentRecalled(reason=sealed(5))
    paper(*SENT).when(RECALL).then({PAPER: [recalled]})
    paper(*SENT, recalled).when(RECALL).refuses(WasRecalled, "report")
    paper(*SENT, recalled).when(SUPERSEDE).then({CORRECTION: [OPENED, CorrectionOpened(report=REPORT, reason=sealed(4))]})


def test_the_correction_takes_its_place_when_it_is_issued_and_not_before() -> None:
    corrected = [replace(DRAFTED, about=CORRECTION), *SIGNED[1:]]
    there = {CORRECTION: [*LOCKED, ReportDrafted(document=CORRECTED)], CORRECTED: corrected}
    number = replace(NUMBER, report=CORRECTION, number=46)
    numbered = replace(NUMBERED, number=46, symbol="46/BC-VPUB")
    given = paper(*SENT, more=there)
    given.when(number).then({CORRECTED: [numbered], REGISTER: [NumberTaken(number=46, document=CORRECTED)]})
    there[CORRECTED] = [*corrected, numbered]
    paper(*SENT, more=there).when(replace(ISSUE, report=CORRECTION)).then(
        {
            CORRECTED: [DocumentIssued(on=NUMBERED.on)],
            PAPER: [DocumentSuperseded(by=CORRECTED, reason=None)],
            REPORT: [ReportSuperseded(by=CORRECTION)],
        }
    )
    gone = paper(*SENT, DocumentSuperseded(by=CORRECTED, reason=None))
    gone.when(replace(DISPATCH, recipient="SNV")).refuses(WasSuperseded, "report")


def test_reports_of_a_window_are_named_one_after_the_other() -> None:
    assert (corrected_by(REPORT), corrected_by(CORRECTION)) == (CORRECTION, "report-VPUB-2023-H1-DC2")
    assert (correction_of(REPORT), correction_of(CORRECTION), correction_of("report-VPUB-2023-DC2")) == (
        None,
        REPORT,
        "report-VPUB-2023-DC1",
    )
    assert first_of(CORRECTION) == REPORT
    assert paper_of(CORRECTION) == CORRECTED
    assert [office_of(each) for each in (CORRECTION, "report-UBND-MSO-2023-DC1", "report-UBND-MSO-2023-H1")] == [
        "VPUB",
        "UBND-MSO",
        "UBND-MSO",
    ]


def test_the_register_of_reports_is_opened_and_a_spoiled_number_voided() -> None:
    book = books.OpenReportRegister(office="VPUB", book="BC-VPUB", year=2023, external=True, pattern="{number}/BC-VPUB")
    rules = replace(RULES, decide=register.decide)
    rules.given({}).when(book).then({REGISTER: [BOOK]})
    void = books.VoidReportNumber(office="VPUB", book="BC-VPUB", year=2023, number=44, reason=sealed())
    rules.given({REGISTER: [BOOK]}).when(void).then({REGISTER: [NumberVoided(number=44, reason=sealed())]})


def test_refusals_of_the_paper_name_what_was_asked_about() -> None:
    refused: Refused = paper(DRAFTED).when(ISSUE).refuses(NotSigned)
    assert refused.field == "report"
