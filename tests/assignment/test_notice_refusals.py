"""What a notice is held to: one conclusion a matter, work with a unit and a day, a signed paper about it (R31, R37, R38)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.case.commands import CoordinatingUnit
from services.assignment.domain.case.refusals import AboutThatUnit
from services.assignment.domain.directory.refusals import LeadOutsideOffice
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import MeansMissing, OtherPaper, PaperMissing, SignedByAnother
from services.assignment.domain.notice import refusals
from services.assignment.domain.notice.commands import CommentNotice, Conclusion
from shared.calendar import RULES
from shared.contracts.case import Authority, CaseClosed
from shared.contracts.document import (
    DocumentDrafted,
    DocumentKind,
    DocumentRecalled,
    NumberTaken,
    SigningCapacity,
)
from shared.contracts.notice import (
    ConclusionKind,
    DraftItem,
)
from shared.contracts.opinion import Flag
from shared.contracts.refusals import Unknown
from shared.contracts.rules import Counting, DeadlineRule, RulesPublished
from shared.contracts.session import SessionConcluded, Track
from shared.contracts.task import TaskCompleted
from shared.documents import refusals as of_papers
from shared.documents.refusals import UnitNotInForce
from tests.assignment.notices import (
    AMEND,
    AMENDING,
    BOOK,
    CARRY_OUT,
    CONCLUDES,
    DAY,
    DIRECTS,
    DRAFT,
    DRAFTED,
    FIRST,
    HUB,
    IN_FORCE,
    ISSUE,
    LATER,
    NOTICE,
    NUMBERED,
    OPEN_BOOK,
    ORDER,
    OUT,
    PAPER,
    PUT_FORWARD,
    SHEET,
    draft,
    held,
    noticed,
    of_a_dialogue,
    refused,
    told,
)
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    DELIVERED,
    EPISODE,
    OPENED,
    RESOLVED,
    SESSION,
    SUBMITTED,
)
from tests.shared.documents.papers import SIGNED
from tests.support.scenario import Given, sealed


def test_a_notice_concludes_something() -> None:
    refused(noticed().when(draft(), HUB), refusals.NothingConcluded, "nothing-concluded", "items")


@pytest.mark.parametrize(
    ("flags", "rule", "day"),
    [((), "carry_out", date(2023, 3, 6)), ((Flag.PRESSING, Flag.COMPLEX), "carry_out_complex", date(2023, 3, 20))],
)
def test_work_directed_by_rule_has_the_days_that_the_rules_of_its_issue_give_more_where_it_is_complex(
    flags: tuple[Flag, ...], rule: str, day: date
) -> None:
    (drafted,) = noticed().when(draft(replace(DIRECTS, days=None, by_rule=True)), HUB).decided()[NOTICE]
    opened = (replace(OPENED, flags=flags), ASSIGNED)
    (issued,) = noticed(drafted, case=opened).when(ISSUE, told()).decided()[NOTICE]
    due = issued.items[0].due
    assert (due.day, due.rule, due.start, due.rules) == (day, rule, DAY, "2023.1")
    fewer = tuple(DeadlineRule(rule=code, days=7, counting=Counting.CALENDAR_DAYS) for code in RULES[0].deadlines)
    published = RulesPublished(office="VPUB", version="VPUB.1", rules=fewer, valid_from=DAY)
    (issued,) = noticed(drafted, case=opened, more={"rules-VPUB": [published]}).when(ISSUE, told()).decided()[NOTICE]
    due = issued.items[0].due
    assert (due.day, due.days, due.rule, due.rules) == (date(2023, 2, 24), 7, rule, "VPUB.1")


@pytest.mark.parametrize(
    "item",
    [
        replace(DIRECTS, unit=None),
        replace(DIRECTS, days=None),
        replace(DIRECTS, until=date(2023, 3, 20)),
        replace(DIRECTS, days=0),
        replace(DIRECTS, by_rule=True),
        replace(DIRECTS, days=None, until=date(2023, 3, 20), by_rule=True),
        replace(DIRECTS, unit=None, days=None, by_rule=True),
    ],
)
def test_work_is_directed_to_one_unit_until_one_day(item: Conclusion) -> None:
    refused(noticed().when(draft(item), HUB), refusals.UnitOrDayMissing, "unit-or-day-missing", "items.0")


@pytest.mark.parametrize(
    "more",
    [{"unit": "TH"}, {"days": 15}, {"until": date(2023, 3, 20)}, {"coordinating": (CoordinatingUnit(unit="NC"),)}],
)
def test_what_only_concludes_names_neither_unit_nor_day(more: dict[str, Any]) -> None:
    outcome = noticed().when(draft(DIRECTS, replace(CONCLUDES, case=None, **more)), HUB)
    refused(outcome, refusals.WorkWithoutDirecting, "work-without-directing", "items.1")


def test_an_opinion_has_one_conclusion_in_a_notice() -> None:
    refused(noticed().when(draft(DIRECTS, CONCLUDES), HUB), refusals.ConcludedTwice, "concluded-twice", "items")


@pytest.mark.parametrize("authority", list(Authority))
def test_each_concludes_in_his_own_name(authority: Authority) -> None:
    track = Track.STAFF if authority is Authority.CHAIRMAN else Track.CHAIRMAN
    outcome = noticed(more={SESSION: held(track)}).when(draft(DIRECTS, session=SESSION, authority=authority), HUB)
    refused(outcome, refusals.NotInThatName, "not-in-that-name", "authority")


def test_what_a_draft_names_is_there() -> None:
    noticed().when(draft(DIRECTS, notice=NOTICE), HUB).refuses(Unknown)
    noticed().when(draft(DIRECTS, session=SESSION), HUB).refuses(Unknown)
    noticed(case=()).when(draft(DIRECTS), HUB).refuses(Unknown)
    noticed().when(ISSUE, told()).refuses(Unknown)


def test_an_issued_notice_is_neither_drafted_commented_on_nor_issued_otherwise() -> None:
    refused(IN_FORCE.when(draft(DIRECTS, notice=NOTICE), HUB), refusals.NoticeInForce, "notice-in-force")
    refused(IN_FORCE.when(CommentNotice(notice=NOTICE, comment=sealed(2)), HUB), refusals.NoticeInForce, "notice-in-force")
    refused(IN_FORCE.when(replace(ISSUE, number=4), told()), refusals.NoticeInForce, "notice-in-force")
    refused(IN_FORCE.when(replace(ISSUE, document=AMENDING), told()), refusals.NoticeInForce, "notice-in-force")


def test_the_named_day_lies_after_the_issue() -> None:
    late = replace(ORDER, days=None, until=DAY)
    outcome = noticed(replace(DRAFTED, items=(late,))).when(ISSUE, told())
    refused(outcome, refusals.DayNotAhead, "day-not-ahead", "items.0.until")
    outcome = IN_FORCE.when(replace(AMEND, until=LATER.date()), told(Listing, at=LATER))
    refused(outcome, refusals.DayNotAhead, "day-not-ahead", "until")


@pytest.mark.parametrize("over", [(RESOLVED,), (RESOLVED, CaseClosed(episode=EPISODE))])
def test_no_work_is_directed_on_a_matter_that_is_over(over: tuple[Any, ...]) -> None:
    case = (OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, *over)
    refused(noticed(DRAFTED, case=case).when(ISSUE, told()), refusals.CaseHasEnded, "case-has-ended", "items.0")


def test_a_dialogue_is_concluded_once_and_after_it_was_held() -> None:
    refused(of_a_dialogue(*held()[:-1]).when(ISSUE, told()), refusals.SessionNotToConclude, "session-not-to-conclude", "session")
    concluded = (*held(), SessionConcluded(notice="notice-00000000000000000002", meeting=None))
    refused(of_a_dialogue(*concluded).when(ISSUE, told()), refusals.SessionNotToConclude, "session-not-to-conclude", "session")


def test_every_opinion_directed_at_a_dialogue_is_directed_in_its_notice() -> None:
    item = replace(ORDER, kind=ConclusionKind.CONCLUDES, unit=None, days=None)
    outcome = of_a_dialogue(*held(), item=item).when(ISSUE, told())
    refused(outcome, refusals.OutcomeWithoutConclusion, "outcome-without-conclusion", "items")


def test_only_an_issued_notice_is_amended() -> None:
    refused(DRAFT.when(AMEND, told(Listing)), refusals.NoticeNotInForce, "notice-not-in-force")


def test_only_an_item_with_open_work_is_amended() -> None:
    refused(IN_FORCE.when(replace(AMEND, item=2), told(Listing)), refusals.NoSuchItem, "no-such-item", "item")
    done = Given(IN_FORCE.rules, {**IN_FORCE.history, FIRST: [CARRY_OUT, TaskCompleted(unit="TH")]})
    refused(done.when(AMEND, told(Listing)), refusals.NoSuchItem, "no-such-item", "item")


def test_a_notice_is_not_amended_by_the_paper_that_it_went_out_on() -> None:
    outcome = IN_FORCE.when(replace(AMEND, document=PAPER), told(Listing))
    refused(outcome, refusals.AmendedByItself, "amended-by-itself", "document")


def test_neither_notice_nor_amendment_goes_out_without_a_paper() -> None:
    refused(noticed(replace(DRAFTED, document=None)).when(ISSUE, told()), PaperMissing, "paper-missing", "document")
    refused(IN_FORCE.when(replace(AMEND, document=None), told(Listing)), PaperMissing, "paper-missing", "document")


@pytest.mark.parametrize(
    "sheet", [replace(SHEET, kind=DocumentKind.PLAN), replace(SHEET, about=None), replace(SHEET, about=SESSION)]
)
def test_the_paper_is_a_notice_about_this_one(sheet: DocumentDrafted) -> None:
    outcome = noticed(DRAFTED, paper=(sheet, PUT_FORWARD, SIGNED)).when(ISSUE, told())
    refused(outcome, OtherPaper, "other-paper", "document")


@pytest.mark.parametrize("sheets", [(), (replace(SHEET, office="UBND-MSO"), PUT_FORWARD, SIGNED)])
def test_the_paper_is_one_of_the_office(sheets: tuple[Any, ...]) -> None:
    noticed(DRAFTED, paper=sheets).when(ISSUE, told()).refuses(Unknown, "document")


@pytest.mark.parametrize("stage", [(SHEET,), (SHEET, PUT_FORWARD)])
def test_an_unsigned_paper_carries_nothing(stage: tuple[Any, ...]) -> None:
    refused(noticed(DRAFTED, paper=stage).when(ISSUE, told()), of_papers.NotSigned, "not-signed")


def test_a_recalled_paper_carries_nothing() -> None:
    recalled = (SHEET, PUT_FORWARD, SIGNED, NUMBERED, OUT, DocumentRecalled(reason=sealed(5)))
    refused(noticed(DRAFTED, paper=recalled).when(ISSUE, told()), of_papers.WasRecalled, "was-recalled")


def test_a_number_is_given_once() -> None:
    taken = [OPEN_BOOK, NumberTaken(number=3, document="document-of-another")]
    refused(noticed(DRAFTED, more={BOOK: taken}).when(ISSUE, told()), of_papers.NumberTaken, "number-taken", "number")
    refused(IN_FORCE.when(replace(AMEND, number=3), told(Listing)), of_papers.NumberTaken, "number-taken", "number")


def test_the_number_comes_from_an_open_book() -> None:
    outcome = noticed(DRAFTED).when(replace(ISSUE, book="TB-KHAC"), told())
    refused(outcome, of_papers.NoSuchRegister, "no-such-register", "book")
    refused(DRAFT.when(replace(ISSUE, number=None), told()), of_papers.NumberMissing, "number-missing", "number")
    refused(DRAFT.when(replace(ISSUE, book=None), told()), of_papers.NotNumbered, "not-numbered", "document")


def test_it_is_said_how_the_paper_is_sent() -> None:
    refused(DRAFT.when(replace(ISSUE, means=None), told()), MeansMissing, "means-missing", "means")


def test_work_is_given_to_units_of_the_office_in_force() -> None:
    elsewhere = noticed(replace(DRAFTED, items=(replace(ORDER, unit="SGTVT"),)))
    refused(elsewhere.when(ISSUE, told()), LeadOutsideOffice, "lead-outside-office")
    gone = noticed(replace(DRAFTED, items=(replace(ORDER, coordinating=("CU",)),)))
    refused(gone.when(ISSUE, told()), UnitNotInForce, "unit-not-in-force")


@pytest.mark.parametrize(
    ("item", "field"),
    [(ORDER, "items.0.unit"), (replace(ORDER, unit="NC", coordinating=("TH",)), "items.0.coordinating")],
)
def test_no_unit_carries_out_what_is_concluded_on_an_opinion_about_itself(item: DraftItem, field: str) -> None:
    about_th = (replace(OPENED, concerns_units=("TH",)), ASSIGNED)
    outcome = noticed(replace(DRAFTED, items=(item,)), case=about_th).when(ISSUE, told())
    refused(outcome, AboutThatUnit, "about-that-unit", field)


def test_who_took_over_a_unit_that_the_opinion_is_about_carries_nothing_out_either() -> None:
    about_former = (replace(OPENED, concerns_units=("CU",)), ASSIGNED)
    outcome = noticed(DRAFTED, case=about_former).when(ISSUE, told(heirs={"CU": frozenset({"TH"})}))
    refused(outcome, AboutThatUnit, "about-that-unit", "items.0.unit")
    others = noticed(DRAFTED, case=about_former).when(ISSUE, told(heirs={"CU": frozenset({"NC"})}))
    assert others.decided()[FIRST] == [CARRY_OUT]


def test_criticism_that_the_head_took_on_himself_he_also_carries_out() -> None:
    of_the_head = replace(OPENED, field="lanh-dao-chi-dao", concerns_units=("TH",))
    taken = noticed(DRAFTED, case=(of_the_head, replace(ASSIGNED, lead="TH")))
    assert taken.when(ISSUE, told()).decided()[FIRST] == [CARRY_OUT]
    left = noticed(DRAFTED, case=(of_the_head, ASSIGNED))
    refused(left.when(ISSUE, told()), AboutThatUnit, "about-that-unit", "items.0.unit")


def test_a_draft_names_only_a_paper_about_it_or_its_session_which_may_be_signed_later() -> None:
    for paper in ((SHEET, PUT_FORWARD, SIGNED), (SHEET,)):
        found = noticed(paper=paper).when(draft(DIRECTS, document=PAPER), HUB).decided()[NOTICE]
        assert found[0].document == PAPER
    refused(noticed(paper=()).when(draft(DIRECTS, document=PAPER), HUB), Unknown, "unknown", "document")
    for other in ({"about": "notice-of-another"}, {"kind": DocumentKind.PLAN}):
        paper = (replace(SHEET, **other), PUT_FORWARD, SIGNED)
        refused(noticed(paper=paper).when(draft(DIRECTS, document=PAPER), HUB), OtherPaper, "other-paper", "document")
    by_order = (SHEET, PUT_FORWARD, replace(SIGNED, capacity=SigningCapacity.BY_ORDER))
    refused(noticed(paper=by_order).when(draft(DIRECTS, document=PAPER), HUB), SignedByAnother, "signed-by-another", "document")
