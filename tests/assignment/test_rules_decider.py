"""Deadlines as dated data: whole sets under a version name, for one office or for every one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.directory.commands import PublishRules
from services.assignment.domain.directory.refusals import (
    NotAnOffice,
    OutOfDateOrder,
    RuleOutOfBounds,
    RulesIncomplete,
    RulesVersionStands,
    RuleUnknown,
    UnknownUnit,
)
from services.assignment.domain.directory.rules import Published, due_by, evolve_rules, rules_among
from services.assignment.domain.session.commands import AnnounceSession, CancelSession, LinkCase
from services.assignment.domain.session.refusals import TooLateToAnnounce
from shared.calendar import RULES, rules_on
from shared.contracts.refusals import Refused
from shared.contracts.rules import Counting, DeadlineRule, RulesPublished
from tests.assignment.sittings import CONFERENCE_DAY, PERIODIC, PROGRAMME, announced, case, history, linked, told, waiting
from tests.assignment.stage import CALENDAR, PUBLISHED, SESSION, given
from tests.support.scenario import sealed

JULY = date(2023, 7, 1)
BUILT_IN = {
    code: DeadlineRule(rule=code, days=given_.days, counting=given_.counting) for code, given_ in RULES[0].deadlines.items()
}


def rules(**changed: tuple[int, Counting]) -> tuple[DeadlineRule, ...]:
    own = {code: DeadlineRule(rule=code, days=days, counting=counting) for code, (days, counting) in changed.items()}
    return tuple((BUILT_IN | own).values())


PUBLISH = PublishRules(version="2023.2", rules=rules(answer=(7, Counting.WORKING_DAYS)), valid_from=JULY)
FOR_ALL = RulesPublished(
    office=None, version="2023.2", rules=tuple(sorted(PUBLISH.rules, key=lambda rule: rule.rule)), valid_from=JULY
)
FOR_ONE = replace(
    FOR_ALL,
    office="VPUB",
    version="VPUB.1",
    rules=tuple(sorted(rules(answer=(15, Counting.CALENDAR_DAYS)), key=lambda rule: rule.rule)),
)


def test_rules_are_published_for_every_office_or_for_one() -> None:
    given().when(PUBLISH).then({"rules-every": [FOR_ALL]})
    given(more={"rules-every": [FOR_ALL]}).when(PUBLISH).nothing()
    one = replace(PUBLISH, office="VPUB", version="VPUB.1", rules=tuple(reversed(FOR_ONE.rules)))
    given().when(one).then({"rules-VPUB": [FOR_ONE]})


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"office": "TH"}, NotAnOffice, "office"),
        ({"office": "NOWHERE"}, UnknownUnit, "office"),
        ({"rules": rules()[1:]}, RulesIncomplete, "rules"),
        ({"rules": (*rules(), rules()[0])}, RulesIncomplete, "rules"),
        ({"rules": rules(answer=(-1, Counting.WORKING_DAYS))}, RuleOutOfBounds, "rules"),
        ({"rules": rules(answer=(367, Counting.WORKING_DAYS))}, RuleOutOfBounds, "rules"),
        ({"rules": rules(no_such=(1, Counting.WORKING_DAYS))}, RuleUnknown, "rules"),
        ({"version": RULES[0].version}, RulesVersionStands, "version"),
    ],
)
def test_rules_are_refused(changed: dict[str, Any], rule: type[Refused], field: str) -> None:
    given().when(replace(PUBLISH, **changed)).refuses(rule, field)


def test_a_version_stands_and_versions_follow_one_another() -> None:
    known = {"rules-every": [FOR_ALL]}
    given(more=known).when(replace(PUBLISH, rules=rules())).refuses(RulesVersionStands, "version")
    given(more=known).when(replace(PUBLISH, version="x", valid_from=date(2023, 6, 1))).refuses(OutOfDateOrder, "valid_from")


def test_an_office_counts_by_its_own_rules_else_by_those_of_every_office_else_by_the_built_in_ones() -> None:
    states = {"rules-every": evolve_rules(Published(), FOR_ALL), "rules-VPUB": evolve_rules(Published(), FOR_ONE)}
    before = date(2023, 6, 30)
    assert rules_on(JULY, rules_among(states, "VPUB")).version == "VPUB.1"
    assert rules_on(JULY, rules_among(states, "UBND-MSO")).version == "2023.2"
    assert rules_on(before, rules_among(states, "VPUB")).version == RULES[0].version
    assert rules_on(JULY, rules_among({}, "VPUB")).version == RULES[0].version


def test_a_due_date_is_counted_by_the_rules_of_its_day_and_names_them() -> None:
    calendar = given().when(PUBLISH).states[CALENDAR]
    states = {CALENDAR: calendar, "rules-VPUB": evolve_rules(Published(), FOR_ONE)}
    due = due_by(states, "VPUB", "answer", date(2023, 7, 3))
    assert (due.day, due.days, due.rules, due.calendar) == (date(2023, 7, 18), 15, "VPUB.1", PUBLISHED.version)
    assert due_by(states, "VPUB", "answer", date(2023, 6, 29)).rules == RULES[0].version


def changed_from(day: date, **changed: tuple[int, Counting]) -> RulesPublished:
    """Rules of every office that hold from a day on, with these deadlines changed."""
    return replace(FOR_ALL, version="2023.3", rules=rules(**changed), valid_from=day)


def test_how_long_ahead_a_dialogue_is_announced_may_be_asked_in_working_days() -> None:
    first = date(2023, 2, 6)  # the Monday before the Friday of the conference
    own = {"rules-every": [changed_from(first, announce=(3, Counting.WORKING_DAYS))]}
    shorter = history(PERIODIC, PROGRAMME, beside=own)
    command = AnnounceSession(session=SESSION)
    before = shorter.when(command, told(date(2023, 2, 5))).refuses(TooLateToAnnounce)
    assert before.facts == {"days": 7, "rules": RULES[0].version}
    shorter.when(command, told(date(2023, 2, 7))).then({SESSION: [announced(CONFERENCE_DAY)]})
    late = shorter.when(command, told(date(2023, 2, 8))).refuses(TooLateToAnnounce)
    assert late.facts == {"days": 3, "rules": "2023.3"}


def test_what_a_cancelled_dialogue_leaves_is_due_by_the_rules_of_the_day_it_is_cancelled() -> None:
    own = {"rules-every": [changed_from(date(2023, 2, 7), cancelled=(8, Counting.WORKING_DAYS))]}
    given_ = history(PERIODIC, linked(), beside={**waiting(), **own})
    command = CancelSession(session=SESSION, reason=sealed(6))
    before = given_.when(command, told(date(2023, 2, 6))).decided()[case()][-1].due
    after = given_.when(command, told(date(2023, 2, 7))).decided()[case()][-1].due
    assert (before.day, before.rule, before.days, before.rules) == (date(2023, 2, 13), "cancelled", 5, RULES[0].version)
    assert (after.day, after.rule, after.days, after.rules) == (date(2023, 2, 17), "cancelled", 8, "2023.3")


def test_what_is_put_to_a_dialogue_names_the_rules_of_its_day() -> None:
    own = {"rules-every": [changed_from(CONFERENCE_DAY)]}
    given_ = history(PERIODIC, beside={case(): waiting()[case()][:1], **own})
    decided = given_.when(LinkCase(session=SESSION, case=case()), told(date(2023, 2, 1))).decided()
    due = decided[case()][-1].due
    assert (due.day, due.rule, due.rules) == (CONFERENCE_DAY, "session", "2023.3")
