"""What was concluded is amended by a paper of its own; each unit beside the lead has work and a day of its own (R37, R38)."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import orjson

from services.assignment.domain.case.commands import CoordinatingUnit
from services.assignment.domain.case.refusals import CoordinatesItself
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.notice import refusals
from services.assignment.domain.notice.commands import Conclusion
from shared.contracts.case import CaseDueSet, DueBase
from shared.contracts.document import (
    DocumentIssued,
    NumberTaken,
)
from shared.contracts.notice import (
    Beside,
    NoticeAmended,
    OwnDay,
)
from shared.contracts.task import TaskCompleted, TaskDueSet, TaskTransferred
from shared.eventlog import codec
from tests.assignment.notices import (
    AMEND,
    AMENDING,
    BOOK,
    CARRY_OUT,
    CONCLUDED,
    DAY,
    DIRECTS,
    DRAFTED,
    DUE,
    FIRST,
    GIVEN_OUT,
    HUB,
    IN_FORCE,
    ISSUE,
    ISSUED,
    LATER,
    MOVED_BY_NOTICE,
    NOTICE,
    NUMBERED,
    OF_NC,
    OF_VP,
    ORDER,
    SENT,
    draft,
    noticed,
    refused,
    told,
)
from tests.assignment.stage import (
    CASE,
    EPISODE,
    KNOWN,
    unit,
)
from tests.contracts.test_registry import GOLDEN
from tests.support.scenario import Given, sealed


def test_an_amendment_goes_out_on_its_own_paper_and_moves_the_days_of_task_and_case() -> None:
    moved = replace(DUE, day=date(2023, 3, 20))
    day = date(2023, 2, 24)
    IN_FORCE.when(AMEND, told(Listing, at=LATER)).then(
        {
            AMENDING: [
                replace(NUMBERED, number=9, symbol="09/TB-VPUB", on=day),
                DocumentIssued(on=day),
                SENT,
            ],
            BOOK: [NumberTaken(number=9, document=AMENDING)],
            NOTICE: [
                NoticeAmended(
                    document=AMENDING, number="09/TB-VPUB", on=day, item=replace(GIVEN_OUT, due=moved), reason=sealed(3)
                )
            ],
            FIRST: [TaskDueSet(unit="TH", due=moved)],
            CASE: [CaseDueSet(episode=EPISODE, base=DueBase.CONCLUSION, due=moved)],
        }
    )


def test_amending_to_the_day_that_stands_changes_nothing() -> None:
    IN_FORCE.when(replace(AMEND, until=DUE.day), told(Listing, at=LATER)).nothing()


def helped(*coordinating: CoordinatingUnit, **changed: Any) -> Conclusion:
    return replace(DIRECTS, coordinating=coordinating, **changed)


OWN: Final = date(2023, 2, 28)
OWN_DUE: Final = replace(KNOWN.due_in_days(DAY, 11, rule="carry_out", rules="2023.1"), day=OWN)
BESIDE: Final = Beside(unit="NC", task=OF_NC, due=DUE)
BEFORE: Final = Beside(unit="VP", task=OF_VP, due=OWN_DUE)
FOR_TWO: Final = replace(GIVEN_OUT, coordinating=(BESIDE, BEFORE))
WITH_TWO: Final = Given(
    IN_FORCE.rules,
    {
        **IN_FORCE.history,
        NOTICE: [DRAFTED, replace(ISSUED, items=(FOR_TWO,))],
        OF_NC: [replace(CARRY_OUT, unit="NC")],
        OF_VP: [replace(CARRY_OUT, unit="VP", due=OWN_DUE)],
    },
)


def test_each_unit_that_co_ordinates_has_a_task_until_its_own_day_or_the_item_s() -> None:
    item = helped(CoordinatingUnit(unit="NC"), CoordinatingUnit(unit="VP", due=OWN))
    (drafted,) = noticed().when(draft(item), HUB).decided()[NOTICE]
    assert drafted.items[0].coordinating == ("NC", OwnDay(unit="VP", until=OWN))
    found = noticed(drafted, more={"unit-VP": [replace(unit("NC"), unit="VP")]}).when(ISSUE, told()).decided()
    assert found[NOTICE] == [replace(ISSUED, items=(FOR_TWO,))]
    assert found[FIRST] == [CARRY_OUT]
    assert found[OF_NC] == [replace(CARRY_OUT, unit="NC")]
    assert found[OF_VP] == [replace(CARRY_OUT, unit="VP", due=OWN_DUE)]
    assert found[CASE] == [CONCLUDED, MOVED_BY_NOTICE]  # it is settled with its lead's work


def test_an_amendment_takes_along_whoever_co_ordinates_until_the_day_of_the_item() -> None:
    moved = replace(DUE, day=AMEND.until)
    found = WITH_TWO.when(AMEND, told(Listing, at=LATER)).decided()
    (amended,) = found[NOTICE]
    assert amended.item == replace(FOR_TWO, due=moved, coordinating=(replace(BESIDE, due=moved), BEFORE))
    assert found[FIRST] == [TaskDueSet(unit="TH", due=moved)]
    assert found[OF_NC] == [TaskDueSet(unit="NC", due=moved)]
    assert OF_VP not in found


def test_the_day_of_one_that_co_ordinates_is_amended_alone() -> None:
    moved = replace(OWN_DUE, day=AMEND.until)
    found = WITH_TWO.when(replace(AMEND, unit="VP"), told(Listing, at=LATER)).decided()
    (amended,) = found[NOTICE]
    assert amended.item == replace(FOR_TWO, coordinating=(BESIDE, replace(BEFORE, due=moved)))
    assert found[OF_VP] == [TaskDueSet(unit="VP", due=moved)]
    assert not {FIRST, OF_NC, CASE} & found.keys()
    WITH_TWO.when(replace(AMEND, unit="VP", until=OWN), told(Listing, at=LATER)).nothing()


def test_work_that_was_moved_is_amended_for_whoever_holds_it() -> None:
    to_nc = TaskTransferred(former="TH", unit="NC", basis=None, succession=None)
    history = Given(IN_FORCE.rules, {**IN_FORCE.history, FIRST: [CARRY_OUT, to_nc]})
    found = history.when(AMEND, told(Listing, at=LATER)).decided()
    assert found[FIRST] == [TaskDueSet(unit="NC", due=replace(DUE, day=AMEND.until))]


def test_only_open_work_of_a_unit_beside_the_lead_is_amended() -> None:
    for key in ("TH", "KT"):
        refused(WITH_TWO.when(replace(AMEND, unit=key), told(Listing)), refusals.NoSuchItem, "no-such-item", "item")
    done = Given(WITH_TWO.rules, {**WITH_TWO.history, OF_VP: [replace(CARRY_OUT, unit="VP"), TaskCompleted(unit="VP")]})
    refused(done.when(replace(AMEND, unit="VP"), told(Listing)), refusals.NoSuchItem, "no-such-item", "item")


def test_a_unit_has_one_part_in_a_conclusion() -> None:
    for units in (("TH",), ("NC", "NC")):
        item = helped(*(CoordinatingUnit(unit=key) for key in units))
        refused(noticed().when(draft(item), HUB), CoordinatesItself, "coordinates-itself", "items.0.coordinating")
    old = noticed(replace(DRAFTED, items=(replace(ORDER, coordinating=("TH",)),)))
    refused(old.when(ISSUE, told()), CoordinatesItself, "coordinates-itself", "items.0.coordinating")


def test_the_own_day_of_a_unit_lies_after_the_issue_too() -> None:
    late = replace(ORDER, coordinating=(OwnDay(unit="NC", until=DAY),))
    outcome = noticed(replace(DRAFTED, items=(late,))).when(ISSUE, told())
    refused(outcome, refusals.DayNotAhead, "day-not-ahead", "items.0.coordinating")


def test_what_was_issued_before_units_beside_the_lead_had_tasks_has_none() -> None:
    stored = orjson.loads((GOLDEN / "notice.issued.v1.json").read_bytes())
    assert stored["items"][0]["coordinating"] == ["TCHCQT"]
    read = codec.decode("notice.issued", 1, orjson.dumps(stored))
    assert read.items[0].coordinating == (Beside(unit="TCHCQT", task=None, due=None),)
