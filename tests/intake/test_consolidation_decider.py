"""A unit's round before a meeting, and a file row by row: nil returns are returns, and nothing is dropped (R30)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.intake.domain.consolidation import decider
from services.intake.domain.consolidation.commands import (
    AmendConsolidation,
    OpenConsolidation,
    RecordBatch,
    ReportConsolidation,
    ReturnConsolidation,
    SubmitConsolidation,
    TakenRow,
)
from services.intake.domain.consolidation.refusals import (
    AlreadyReported,
    AlreadySubmitted,
    BatchMiscounted,
    NilOrOpinions,
    NotSubmitted,
    NotThisUnits,
    UnitOutsideOffice,
)
from services.intake.domain.opinion.refusals import NotAnOffice, UnknownUnit
from services.intake.handlers import FOLDS
from shared.contracts.consolidation import (
    BatchImported,
    BatchRowRefused,
    BatchRowTaken,
    BatchSource,
    ConsolidationAmended,
    ConsolidationOpened,
    ConsolidationReported,
    ConsolidationReturned,
    ConsolidationSubmitted,
)
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from tests.intake.stage import OPINION, RECEIVED, hub
from tests.support.scenario import Given, Rules, sealed

MEETING = "meeting-00000000000000000001"
ROUND = decider.consolidation_stream(MEETING, "BTCD")
DUE = date(2023, 1, 13)
BATCH = "batch-00000000000000000001"
OPENED = ConsolidationOpened(office="VPUB", unit="BTCD", about=MEETING, due=DUE)
NIL = ConsolidationSubmitted(nil=True, opinions=(), note=None)
LISTED = ConsolidationSubmitted(nil=False, opinions=(OPINION,), note=None)


def told(command: Any) -> Facts:
    common = {name: getattr(hub(), name) for name in ("at", "now", "person", "office", "unit", "capacity")}
    if isinstance(command, OpenConsolidation):
        return opening()
    return decider.Recording(**{**common, "unit": "BTCD"}, batch=BATCH) if isinstance(command, RecordBatch) else hub()


def opening(*, is_office: bool = True, unknown: tuple[str, ...] = (), outside: tuple[str, ...] = ()) -> decider.Opening:
    common = {name: getattr(hub(), name) for name in ("at", "now", "person", "office", "unit", "capacity")}
    return decider.Opening(
        **common, day=date(2023, 1, 11), is_office=is_office, rounds={"BTCD": ROUND}, unknown=unknown, outside=outside
    )


RULES = Rules(folds=FOLDS, decide=decider.decide, told=told)
OPEN = OpenConsolidation(office="VPUB", about=MEETING, units=("BTCD",), due=DUE)
SUBMIT_NIL = SubmitConsolidation(consolidation=ROUND, nil=True)


def given(*events: Any) -> Given:
    """What happened to the round of BTCD, which took in one opinion."""
    return RULES.given({ROUND: events, OPINION: [RECEIVED]})


def test_a_round_is_opened_for_each_unit_once() -> None:
    given().when(OPEN).then({ROUND: [OPENED]})
    given(OPENED).when(OPEN).nothing()
    given().when(OPEN, opening(is_office=False)).refuses(NotAnOffice)
    given().when(OPEN, opening(unknown=("XX",))).refuses(UnknownUnit, "units")
    refused = given().when(OPEN, opening(outside=("SGTVT",))).refuses(UnitOutsideOffice, "units")
    assert refused.facts == {"unit": "SGTVT", "office": "VPUB"}


def test_a_nil_return_is_a_return() -> None:
    given(OPENED).when(SUBMIT_NIL).then({ROUND: [NIL]})
    given(OPENED, NIL).when(SUBMIT_NIL).nothing()


def test_a_list_names_what_the_unit_took_in_itself() -> None:
    listed = SubmitConsolidation(consolidation=ROUND, opinions=(OPINION,))
    given(OPENED).when(listed).then({ROUND: [LISTED]})
    given(OPENED, NIL).when(listed).refuses(AlreadySubmitted)
    other = RULES.given({ROUND: [ConsolidationOpened(office="VPUB", unit="TH", about=MEETING, due=DUE)], OPINION: [RECEIVED]})
    other.when(listed).refuses(NotThisUnits, "opinions")
    unknown = SubmitConsolidation(consolidation=ROUND, opinions=("opinion-00000000000000000404",))
    given(OPENED).when(unknown).refuses(Unknown, "opinions")


@pytest.mark.parametrize(
    "wrong",
    [SubmitConsolidation(consolidation=ROUND), SubmitConsolidation(consolidation=ROUND, nil=True, opinions=(OPINION,))],
)
def test_a_return_is_nil_or_names_opinions(wrong: SubmitConsolidation) -> None:
    given(OPENED).when(wrong).refuses(NilOrOpinions)


def test_a_list_is_amended_or_done_again_until_it_is_reported() -> None:
    amend = AmendConsolidation(consolidation=ROUND, opinions=(OPINION,), reason=sealed(1))
    given(OPENED, NIL).when(amend).then({ROUND: [ConsolidationAmended(nil=False, opinions=(OPINION,), reason=sealed(1))]})
    back = ReturnConsolidation(consolidation=ROUND, reason=sealed(2))
    given(OPENED, NIL).when(back).then({ROUND: [ConsolidationReturned(reason=sealed(2))]})
    given(OPENED).when(amend).refuses(NotSubmitted)
    report = ReportConsolidation(consolidation=ROUND, at=MEETING)
    given(OPENED, LISTED).when(report).then({ROUND: [ConsolidationReported(at=MEETING)]})
    reported = given(OPENED, LISTED, ConsolidationReported(at=MEETING))
    reported.when(report).nothing()
    reported.when(amend).refuses(AlreadyReported)


def test_a_round_that_nobody_opened_is_unknown() -> None:
    given().when(SUBMIT_NIL).refuses(Unknown, "consolidation")


def test_every_row_of_a_file_is_an_opinion_or_refused() -> None:
    rows = (TakenRow(row=2, opinion=OPINION), TakenRow(row=3, code="unknown-unit", field="locality"))
    record = RecordBatch(office="VPUB", source=BatchSource.SPREADSHEET, file="5e" * 32, rows=rows)
    imported = BatchImported(
        office="VPUB", unit="BTCD", source=BatchSource.SPREADSHEET, file="5e" * 32, rows=2, taken=1, known=0, refused=1
    )
    taken, refused = BatchRowTaken(row=2, opinion=OPINION), BatchRowRefused(row=3, code="unknown-unit", field="locality")
    given().when(record).then({BATCH: [imported, taken, refused]})
    RULES.given({BATCH: [imported]}).when(record).nothing()
    given().when(replace(record, office="UBND-MSO")).refuses(NotThisUnits, "rows")
    RULES.given({OPINION: []}).when(replace(record, rows=rows[:1])).refuses(Unknown, "rows")
    dropped = RecordBatch(office="VPUB", source=BatchSource.SPREADSHEET, file="5e" * 32, rows=(TakenRow(row=1),))
    given().when(dropped).refuses(BatchMiscounted, "rows")
