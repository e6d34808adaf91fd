"""Years of an office that came about by commands alone: every form of the report is what an oracle counts that shares no code."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from shared.contracts import case, opinion
from tests.reporting.oracle import ENDS, Oracle
from tests.reporting.oracle_tables import Tables
from tests.reporting.test_generated_years import compare_dialogues, compare_opinions
from tests.support.dialogue.asking import beginning
from tests.support.dialogue.machine import Dialogue
from tests.support.dialogue.rare import WAYS
from tests.support.dialogue.recount import told_of
from tests.support.office import CHIEF, FIRST_DAY, OFFICE
from tests.system.test_invariants import AS_HERE

SEEDS: Final = range(5)
STEPS: Final = 40


class Counted(Dialogue):
    """An office whose whole report is counted a second time at the end."""

    def teardown(self) -> None:
        try:
            recounted(self)
        finally:
            self.leave()


def recounted(office: Dialogue) -> None:
    """All five forms and what stands beside them, over all days so far and over the first half of them."""
    office.drain()
    began, told = FIRST_DAY - timedelta(days=30), told_of(office.facts)
    for last in (office.today, began + (office.today - began) // 2):
        found = forms(office, began, last)
        compare_opinions(found, Oracle(told, began, last, office.office.now), None, 0)
        compare_dialogues(found, Tables(told, began, last, office.office.now), None)


def forms(office: Dialogue, first: date, last: date) -> dict[str, Any]:
    queries, who = office.office.queries("reporting").figures, office.office.subject(CHIEF)
    found: dict[str, Any] = office.office.run(queries.tables(who, office=OFFICE, first=first, last=last))
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", SEEDS)
def test_whatever_is_asked_in_whatever_order_the_report_counts_what_came_of_it(number: int) -> None:
    beginning()  # made once, outside what an example may take
    one = settings(AS_HERE, max_examples=1, stateful_step_count=STEPS)
    run_state_machine_as_test(seed(number)(type("Drawn", (Counted,), {})), settings=one)


@pytest.fixture
def office() -> Iterator[Dialogue]:
    found = Dialogue()
    yield found
    found.leave()


@pytest.mark.timeout(300)
def test_a_year_in_which_everything_became_of_an_opinion_is_counted_whole(office: Dialogue) -> None:
    for way in WAYS:
        way(office)
    recounted(office)
    found = forms(office, FIRST_DAY - timedelta(days=30), office.today)
    assert min(found["bieu-02"]["total"]["C"], found["bieu-01"]["total"]["3"], found["bieu-05"]["total"]["given"]) > 1
    became = {type(each.event) for each in told_of(office.facts)}
    also = {opinion.OpinionSplit, opinion.OpinionUnmerged, case.CaseUnmerged, case.CaseReopened}
    assert {*ENDS, *also} <= became
