"""The plan of a year: drafted, out on its signed paper with the tasks to make it known, amended, closed, copied (R1, R2, R29)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from services.assignment.domain.directory.refusals import LeadOutsideOffice, UnknownUnit
from services.assignment.domain.document.refusals import MeansMissing, OtherPaper, PaperMissing
from services.assignment.domain.plan import refusals
from services.assignment.domain.plan.commands import AmendPlan, ClosePlan, CopyPlan, DraftPlan, IssuePlan
from services.assignment.domain.plan.decider import Issuing
from shared.contracts.case import Authority
from shared.contracts.directory import Succession, UnitDissolved, UnitSucceeded
from shared.contracts.document import (
    DispatchMeans,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentRecalled,
    DocumentSubmitted,
    Line,
    NumberTaken,
    RegisterOpened,
)
from shared.contracts.meeting import MeetingKind
from shared.contracts.plan import (
    Basis,
    Dissemination,
    PlanAmended,
    PlanClosed,
    PlanDrafted,
    PlanIssued,
    PlannedDialogue,
    Recipient,
    ReportWindow,
)
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.contracts.session import Track, Trigger
from shared.contracts.task import TaskAssigned, TaskType
from shared.documents import refusals as of_papers
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import KNOWN, given, unit
from tests.shared.documents.papers import SIGNED
from tests.support.scenario import Given, sealed

PLAN: Final = "plan-VPUB-2023"
NEXT: Final = "plan-VPUB-2024"
PAPER: Final = "document-00000000000000000001"
AMENDING: Final = "document-00000000000000000002"
BOOK: Final = "register-VPUB-KH-VPUB-2023"
OF_TH, OF_NC = "task-0000000000000000000A", "task-0000000000000000000B"
DAY: Final = date(2023, 1, 4)
DUE: Final = KNOWN.due(DAY, 10, rule="disseminate", rules="2023.1")

HALF: Final = ReportWindow(report="six_month", first=date(2023, 1, 4), last=date(2023, 5, 31), before=date(2023, 6, 10))
YEAR: Final = ReportWindow(report="annual", first=date(2023, 1, 4), last=date(2023, 10, 31), before=date(2023, 11, 20))
WEEKLY: Final = PlannedDialogue(
    number=1, track=Track.STAFF, trigger=Trigger.PERIODIC, meeting=MeetingKind.WEEKLY_BRIEFING, planned=date(2023, 1, 9)
)
TO_BDV: Final = Recipient(role="dan_van", unit="BDVTU", purpose="Báo cáo", mandatory=True)
DRAFTED: Final = PlanDrafted(
    office="VPUB",
    year=2023,
    bases=(Basis(number="12-QĐi/TU"),),
    dialogues=(WEEKLY,),
    windows=(HALF, YEAR),
    recipients=(TO_BDV,),
    copied_from=None,
    document=PAPER,
)
LISTS: Final = {("VPUB", "ke_hoach"): (TO_BDV,)}
SHEET: Final = DocumentDrafted(
    kind=DocumentKind.PLAN,
    office="VPUB",
    about=PLAN,
    summary=None,
    content="5e" * 32,
    recipients=(Line(recipient="BDVTU", purpose="Báo cáo", mandatory=True),),
)
SIGNED_PAPER: Final = (SHEET, DocumentSubmitted(by="p-hub"), SIGNED)
OPEN_BOOK: Final = RegisterOpened(office="VPUB", register="KH-VPUB", year=2023, external=True, pattern="{number}/KH-VPUB")
NUMBERED: Final = DocumentNumbered(register="KH-VPUB", year=2023, number=1, symbol="01/KH-VPUB", on=DAY)
OUT: Final = DocumentIssued(on=DAY)
SENT: Final = DocumentDispatched(recipient="BDVTU", purpose="Báo cáo", means=DispatchMeans.INTERCHANGE)
ISSUED: Final = PlanIssued(
    document=PAPER,
    number="01/KH-VPUB",
    on=DAY,
    disseminations=(Dissemination(unit="TH", task=OF_TH, due=DUE), Dissemination(unit="NC", task=OF_NC, due=DUE)),
)

ISSUE: Final = IssuePlan(plan=PLAN, book="KH-VPUB", number=1, means=DispatchMeans.INTERCHANGE, disseminate=("TH", "NC"))
AMEND: Final = AmendPlan(
    plan=PLAN,
    reason=sealed(1),
    dialogues=(replace(WEEKLY, planned=date(2023, 1, 16)),),
    document=AMENDING,
    book="KH-VPUB",
    number=5,
    means=DispatchMeans.INTERCHANGE,
)
AMENDED: Final = PlanAmended(
    document=AMENDING,
    number="05/KH-VPUB",
    on=date(2023, 1, 10),
    dialogues=AMEND.dialogues or (),
    windows=(HALF, YEAR),
    recipients=(TO_BDV,),
    reason=sealed(1),
)


def told(
    at: datetime = datetime(2023, 1, 4, 2, tzinfo=UTC), lists: Mapping[tuple[str, str], tuple[Recipient, ...]] | None = None
) -> Issuing:
    """The facts that a decision gets: the registry on 04/01/2023 unless said otherwise."""
    known: dict[str, Any] = {
        "at": at,
        "now": at,
        "person": "p-registry",
        "office": "VPUB",
        "unit": "VPUB",
        "capacity": Role.REGISTRY,
        "tasks": {"TH": OF_TH, "NC": OF_NC, "SGTVT": OF_NC, "KHONG-CO": OF_NC},
        "lists": lists or {},
        "ended": frozenset(),
        "chairmen": frozenset(),
        "heirs": {},
    }
    return Issuing(**{field.name: known[field.name] for field in fields(Issuing)})


def planned(*on_plan: Any, paper: Sequence[Any] = SIGNED_PAPER, more: Mapping[str, Sequence[Any]] | None = None) -> Given:
    """The facts of the plan and of its paper, signed by the head; the book is open."""
    return given(more={PLAN: on_plan, PAPER: paper, BOOK: [OPEN_BOOK], **(more or {})})


DRAFT: Final = planned(DRAFTED)
IN_FORCE: Final = planned(
    DRAFTED,
    ISSUED,
    paper=(*SIGNED_PAPER, NUMBERED, OUT, SENT),
    more={AMENDING: SIGNED_PAPER, BOOK: [OPEN_BOOK, NumberTaken(number=1, document=PAPER)]},
)
OVER: Final = told(datetime(2023, 11, 20, 2, tzinfo=UTC))
LATER: Final = told(datetime(2023, 1, 10, 2, tzinfo=UTC))
CLOSED: Final = planned(DRAFTED, ISSUED, PlanClosed())


def draft(**changed: Any) -> DraftPlan:
    said: dict[str, Any] = {
        "office": "VPUB",
        "year": 2023,
        "bases": DRAFTED.bases,
        "dialogues": DRAFTED.dialogues,
        "windows": DRAFTED.windows,
        "recipients": DRAFTED.recipients,
        "document": PAPER,
    }
    return DraftPlan(**{**said, **changed})


def disseminate(unit: str) -> TaskAssigned:
    return TaskAssigned(
        type=TaskType.DISSEMINATE,
        unit=unit,
        office="VPUB",
        about=PLAN,
        case=None,
        episode=None,
        authority=Authority.HEAD,
        due=DUE,
    )


def refused(outcome: Any, rule: type[Refused], code: str, field: str | None = None) -> None:
    """It is refused by the rule, whose name on the wire is `code`."""
    assert outcome.refuses(rule, field).code == code


def test_the_plan_of_a_year_is_drafted_and_drafted_again() -> None:
    planned().when(draft(), told()).then({PLAN: [DRAFTED]})
    planned().when(draft(recipients=()), told(lists=LISTS)).then({PLAN: [DRAFTED]})
    DRAFT.when(draft(bases=(Basis(number="4639/UBND-NC"),)), told()).then(
        {PLAN: [replace(DRAFTED, bases=(Basis(number="4639/UBND-NC"),))]}
    )


def test_issuing_numbers_issues_and_sends_the_paper_and_gives_the_tasks_to_make_it_known_in_one_append() -> None:
    assert DUE.day == date(2023, 1, 18)  # ten working days
    DRAFT.when(ISSUE, told()).then(
        {
            PAPER: [NUMBERED, OUT, SENT],
            BOOK: [NumberTaken(number=1, document=PAPER)],
            PLAN: [ISSUED],
            OF_TH: [disseminate("TH")],
            OF_NC: [disseminate("NC")],
        }
    )


def test_the_paper_may_be_named_when_issuing() -> None:
    history = planned(replace(DRAFTED, document=None))
    assert history.when(replace(ISSUE, document=PAPER), told()).decided()[PLAN] == [ISSUED]


def test_a_paper_that_the_registry_issued_before_is_accepted_with_its_number_and_day() -> None:
    history = planned(DRAFTED, paper=(*SIGNED_PAPER, NUMBERED, OUT, SENT))
    later = told(datetime(2023, 1, 6, 2, tzinfo=UTC))
    found = history.when(IssuePlan(plan=PLAN, disseminate=("TH", "NC")), later).decided()
    assert found == {PLAN: [ISSUED], OF_TH: [disseminate("TH")], OF_NC: [disseminate("NC")]}


def test_issuing_again_under_the_same_number_changes_nothing() -> None:
    IN_FORCE.when(ISSUE, told()).nothing()


def test_a_unit_that_is_named_twice_gets_one_task() -> None:
    twice = replace(ISSUE, disseminate=("TH", "NC", "TH"))
    assert DRAFT.when(twice, told()).decided() == DRAFT.when(ISSUE, told()).decided()
    assert IN_FORCE.state(PLAN).tasks == (OF_TH, OF_NC)


def test_an_amendment_changes_what_it_names_and_keeps_the_rest() -> None:
    assert IN_FORCE.when(AMEND, LATER).decided()[PLAN] == [AMENDED]
    after = planned(DRAFTED, ISSUED, AMENDED).state(PLAN)
    assert (after.plan.dialogues, after.plan.windows, after.number) == (AMEND.dialogues, (HALF, YEAR), "01/KH-VPUB")


def test_an_amendment_numbers_issues_and_sends_its_own_paper_in_one_append() -> None:
    numbered = replace(NUMBERED, number=5, symbol="05/KH-VPUB", on=date(2023, 1, 10))
    IN_FORCE.when(AMEND, LATER).then(
        {
            AMENDING: [numbered, DocumentIssued(on=date(2023, 1, 10)), SENT],
            BOOK: [NumberTaken(number=5, document=AMENDING)],
            PLAN: [AMENDED],
        }
    )


def test_amending_to_what_stands_changes_nothing() -> None:
    IN_FORCE.when(replace(AMEND, dialogues=(WEEKLY,)), LATER).nothing()


def test_an_amendment_goes_out_on_another_signed_paper_about_the_plan() -> None:
    refused(IN_FORCE.when(replace(AMEND, document=None), LATER), PaperMissing, "paper-missing", "document")
    itself = IN_FORCE.when(replace(AMEND, document=PAPER), LATER)
    refused(itself, refusals.PlanAmendedByItself, "plan-amended-by-itself", "document")
    refused(IN_FORCE.when(replace(AMEND, number=1), LATER), of_papers.NumberTaken, "number-taken", "number")
    other = Given(IN_FORCE.rules, {**IN_FORCE.history, AMENDING: (replace(SHEET, about=NEXT), *SIGNED_PAPER[1:])})
    refused(other.when(AMEND, LATER), OtherPaper, "other-paper", "document")
    unsigned = Given(IN_FORCE.rules, {**IN_FORCE.history, AMENDING: SIGNED_PAPER[:2]})
    refused(unsigned.when(AMEND, LATER), of_papers.NotSigned, "not-signed")


def test_a_plan_is_closed_once() -> None:
    IN_FORCE.when(ClosePlan(plan=PLAN), OVER).then({PLAN: [PlanClosed()]})
    CLOSED.when(ClosePlan(plan=PLAN), told()).nothing()


def test_a_plan_is_not_closed_before_its_last_report_was_due() -> None:
    for early in (told(), told(datetime(2023, 6, 10, 2, tzinfo=UTC)), told(datetime(2023, 11, 19, 2, tzinfo=UTC))):
        refused(IN_FORCE.when(ClosePlan(plan=PLAN), early), refusals.PlanNotOver, "plan-not-over")


def test_a_plan_is_made_known_by_somebody() -> None:
    refused(
        DRAFT.when(replace(ISSUE, disseminate=()), told()), refusals.DisseminationMissing, "dissemination-missing", "disseminate"
    )


@pytest.mark.parametrize(
    "windows",
    [
        (HALF, replace(YEAR, first=date(2023, 1, 5))),  # the half begins before the year
        (replace(HALF, last=date(2023, 11, 5), before=date(2023, 11, 20)), YEAR),  # and ends after it
        (YEAR, replace(YEAR, last=date(2023, 10, 30))),  # overlap
        (YEAR, replace(YEAR, first=date(2023, 11, 2), last=date(2023, 12, 31), before=date(2024, 1, 9))),  # gap
    ],
)
def test_windows_that_do_not_tile_are_refused_by_name(windows: tuple[ReportWindow, ...]) -> None:
    found = planned().when(draft(windows=windows), told()).refuses(refusals.WindowsDoNotTile, "windows")
    assert "annual 2023-01-0" in str(found.facts)
    stored = planned(replace(DRAFTED, windows=windows))
    refused(stored.when(ISSUE, told()), refusals.WindowsDoNotTile, "windows-do-not-tile", "windows")


@pytest.mark.parametrize(("last", "tiles"), [(date(2023, 1, 3), True), (date(2023, 1, 2), False), (date(2023, 1, 4), False)])
def test_the_annual_window_adjoins_that_of_the_plan_before(last: date, tiles: bool) -> None:
    former = replace(YEAR, first=date(2022, 1, 4), last=last, before=date(2023, 1, 20))
    before = {"plan-VPUB-2022": [replace(DRAFTED, year=2022, windows=(former,)), ISSUED, PlanClosed()]}
    asked = planned(replace(DRAFTED, windows=(HALF, YEAR)), more=before).when(ISSUE, told())
    if tiles:
        assert PLAN in asked.decided()
    else:
        refused(asked, refusals.WindowsDoNotTile, "windows-do-not-tile", "windows")
    amend = replace(AMEND, windows=(HALF, YEAR))
    amended = Given(IN_FORCE.rules, {**IN_FORCE.history, **before}).when(amend, LATER)
    if tiles:
        assert PLAN in amended.decided()
    else:
        refused(amended, refusals.WindowsDoNotTile, "windows-do-not-tile", "windows")


def test_no_plan_is_in_force_without_the_window_of_its_annual_report() -> None:
    half = planned(replace(DRAFTED, windows=(HALF,)))
    refused(half.when(ISSUE, told()), refusals.AnnualWindowMissing, "annual-window-missing", "windows")
    amended = IN_FORCE.when(replace(AMEND, windows=(HALF,)), LATER)
    refused(amended, refusals.AnnualWindowMissing, "annual-window-missing", "windows")


def test_a_copied_annual_window_begins_where_the_former_one_ends() -> None:
    there = {"unit-BDVTU": [unit("BDVTU", None)]}
    history = planned(replace(DRAFTED, windows=(HALF, YEAR)), ISSUED, PlanClosed(), more=there)
    (copied,) = history.when(CopyPlan(plan=PLAN), told()).decided()[NEXT]
    half, year = copied.windows
    assert (half.first, half.last) == (date(2023, 11, 1), date(2024, 5, 31))
    assert (year.first, year.last, year.before) == (date(2023, 11, 1), date(2024, 10, 31), date(2024, 11, 20))


def test_a_plan_is_copied_to_the_next_year_with_every_day_a_year_later_and_no_paper() -> None:
    copied = replace(
        DRAFTED,
        year=2024,
        dialogues=(replace(WEEKLY, planned=date(2024, 1, 9)),),
        windows=(
            replace(HALF, first=date(2023, 11, 1), last=date(2024, 5, 31), before=date(2024, 6, 10)),
            replace(YEAR, first=date(2023, 11, 1), last=date(2024, 10, 31), before=date(2024, 11, 20)),
        ),
        copied_from=PLAN,
        document=None,
    )
    there = {"unit-BDVTU": [unit("BDVTU", None)]}
    planned(DRAFTED, ISSUED, PlanClosed(), more=there).when(CopyPlan(plan=PLAN), told()).then({NEXT: [copied]})
    planned(DRAFTED, ISSUED, PlanClosed(), more={NEXT: [copied]}).when(CopyPlan(plan=PLAN), told()).nothing()


def test_a_copied_plan_goes_to_whoever_has_the_places_of_its_recipients_on_the_day() -> None:
    def succeeded(*to: str) -> dict[str, list[Any]]:
        lines = tuple(Succession(field=None, to=each) for each in to)
        ended = [
            UnitSucceeded(unit="BDVTU", successions=lines, basis="02/QĐ-TU", valid_from=DAY),
            UnitDissolved(unit="BDVTU", valid_from=DAY),
        ]
        return {
            "unit-BDVTU": [unit("BDVTU", None), *ended],
            "unit-BTGDVTU": [unit("BTGDVTU", None)],
            "unit-SNV": [unit("SNV", None)],
        }

    both = replace(DRAFTED, recipients=(TO_BDV, replace(TO_BDV, role="noi_vu", unit="SNV")))
    (copied,) = planned(both, more=succeeded("BTGDVTU")).when(CopyPlan(plan=PLAN), told()).decided()[NEXT]
    assert [(line.role, line.unit) for line in copied.recipients] == [("dan_van", "BTGDVTU"), ("noi_vu", "SNV")]
    (merged,) = planned(both, more=succeeded("SNV")).when(CopyPlan(plan=PLAN), told()).decided()[NEXT]
    assert [(line.role, line.unit) for line in merged.recipients] == [("dan_van", "SNV")]
    for undecided in (("BTGDVTU", "SNV"), ()):
        planned(both, more=succeeded(*undecided)).when(CopyPlan(plan=PLAN), told()).refuses(UnitNotInForce, "recipients")


def test_an_amended_plan_is_copied_as_amended_and_a_leap_day_becomes_the_28th() -> None:
    leap = replace(WEEKLY, planned=date(2024, 2, 29))
    window = replace(HALF, first=date(2024, 1, 4), last=date(2024, 5, 31), before=date(2024, 6, 10))
    drafted = replace(DRAFTED, year=2024, dialogues=(leap,), windows=(window,))
    history = given(more={NEXT: [drafted], "unit-BDVTU": [unit("BDVTU", None)]})
    (copied,) = history.when(CopyPlan(plan=NEXT), told()).decided()["plan-VPUB-2025"]
    assert copied.dialogues[0].planned == date(2025, 2, 28)


def test_a_year_has_one_plan() -> None:
    refused(IN_FORCE.when(draft(), told()), refusals.PlanInForce, "plan-in-force")
    refused(IN_FORCE.when(replace(ISSUE, number=2), told()), refusals.PlanInForce, "plan-in-force")
    refused(CLOSED.when(ISSUE, told()), refusals.PlanInForce, "plan-in-force")
    next_stands = planned(DRAFTED, ISSUED, more={NEXT: [replace(DRAFTED, year=2024), replace(ISSUED, number="02/KH-VPUB")]})
    refused(next_stands.when(CopyPlan(plan=PLAN), told()), refusals.PlanInForce, "plan-in-force")


def test_only_an_issued_plan_is_amended_or_closed() -> None:
    refused(DRAFT.when(AMEND, told()), refusals.PlanNotInForce, "plan-not-in-force")
    refused(DRAFT.when(ClosePlan(plan=PLAN), told()), refusals.PlanNotInForce, "plan-not-in-force")
    refused(CLOSED.when(AMEND, told()), refusals.PlanNotInForce, "plan-not-in-force")


@pytest.mark.parametrize("lacking", [replace(DRAFTED, bases=()), replace(DRAFTED, windows=())])
def test_a_plan_names_what_it_rests_on_and_what_its_reports_count(lacking: PlanDrafted) -> None:
    history = planned(lacking)
    refused(history.when(ISSUE, told()), refusals.PlanEmpty, "plan-empty")


def test_each_dialogue_of_a_plan_has_a_number_of_its_own() -> None:
    twice = (WEEKLY, replace(WEEKLY, planned=date(2023, 1, 16)))
    refused(planned().when(draft(dialogues=twice), told()), refusals.PlanCountedTwice, "plan-counted-twice", "dialogues")
    amend = AmendPlan(plan=PLAN, reason=sealed(1), dialogues=twice)
    refused(IN_FORCE.when(amend, told()), refusals.PlanCountedTwice, "plan-counted-twice", "dialogues")


@pytest.mark.parametrize("wrong", [replace(HALF, first=date(2023, 6, 1)), replace(HALF, before=date(2023, 5, 31))])
def test_a_window_ends_after_it_begins_and_before_its_report_is_sent(wrong: ReportWindow) -> None:
    refused(planned().when(draft(windows=(wrong,)), told()), refusals.WindowsWrong, "windows-wrong", "windows")
    amend = AmendPlan(plan=PLAN, reason=sealed(1), windows=(wrong,))
    refused(IN_FORCE.when(amend, told()), refusals.WindowsWrong, "windows-wrong", "windows")


@pytest.mark.parametrize(
    "command", [ISSUE, AMEND, ClosePlan(plan=PLAN), CopyPlan(plan=PLAN)], ids=lambda each: type(each).__name__
)
def test_what_nobody_drafted_is_not_there(command: Any) -> None:
    planned().when(command, told()).refuses(Unknown)


def test_a_plan_goes_out_on_a_signed_and_numbered_paper_about_it() -> None:
    unnamed = planned(replace(DRAFTED, document=None))
    refused(unnamed.when(ISSUE, told()), PaperMissing, "paper-missing", "document")
    unsigned = planned(DRAFTED, paper=SIGNED_PAPER[:2])
    refused(unsigned.when(ISSUE, told()), of_papers.NotSigned, "not-signed")
    for other in (replace(SHEET, kind=DocumentKind.NOTICE), replace(SHEET, about=NEXT)):
        outcome = planned(DRAFTED, paper=(other, *SIGNED_PAPER[1:])).when(ISSUE, told())
        refused(outcome, OtherPaper, "other-paper", "document")
    refused(DRAFT.when(replace(ISSUE, book=None), told()), of_papers.NotNumbered, "not-numbered", "document")
    refused(DRAFT.when(replace(ISSUE, means=None), told()), MeansMissing, "means-missing", "means")


def test_a_paper_without_recipients_goes_to_those_of_the_plan_else_to_the_list_of_the_day() -> None:
    nobody = (replace(SHEET, recipients=()), *SIGNED_PAPER[1:])
    assert planned(DRAFTED, paper=nobody).when(ISSUE, told()).decided()[PAPER] == [NUMBERED, OUT, SENT]
    none = planned(replace(DRAFTED, recipients=()), paper=nobody)
    assert none.when(ISSUE, told(lists=LISTS)).decided()[PAPER] == [NUMBERED, OUT, SENT]
    refused(none.when(replace(ISSUE, means=None), told(lists=LISTS)), MeansMissing, "means-missing", "means")
    for means in (None, DispatchMeans.PAPER):
        outcome = none.when(replace(ISSUE, means=means), told())
        refused(outcome, of_papers.RecipientsMissing, "recipients-missing", "recipients")


def test_a_number_is_given_once() -> None:
    taken = planned(DRAFTED, more={BOOK: [OPEN_BOOK, NumberTaken(number=1, document="document-of-another")]})
    refused(taken.when(ISSUE, told()), of_papers.NumberTaken, "number-taken", "number")


def test_the_units_of_the_office_make_it_known() -> None:
    refused(DRAFT.when(replace(ISSUE, disseminate=("SGTVT",)), told()), LeadOutsideOffice, "lead-outside-office")
    refused(DRAFT.when(replace(ISSUE, disseminate=("KHONG-CO",)), told()), UnknownUnit, "unknown-unit")


def test_a_draft_names_only_a_paper_about_it_which_may_be_signed_later() -> None:
    for paper in (SIGNED_PAPER, SIGNED_PAPER[:1]):
        planned(paper=paper).when(draft(), told()).then({PLAN: [DRAFTED]})
    refused(planned(paper=()).when(draft(), told()), Unknown, "unknown", "document")
    for other in ({"about": NEXT}, {"kind": DocumentKind.NOTICE}):
        paper = (replace(SHEET, **other), *SIGNED_PAPER[1:])
        refused(planned(paper=paper).when(draft(), told()), OtherPaper, "other-paper", "document")
    recalled = (*SIGNED_PAPER, NUMBERED, OUT, SENT, DocumentRecalled(reason=sealed(1)))
    refused(planned(paper=recalled).when(draft(), told()), of_papers.WasRecalled, "was-recalled", "document")
