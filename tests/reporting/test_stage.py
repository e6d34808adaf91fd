"""How far a report has come is told from its figures and its paper; sent is what went to all who must have it, before the day."""

from datetime import date

import pytest

from services.reporting.domain.document.stage import BY_PAPER, Circulation, Stage, in_time, must_have, stage
from shared.documents.states import LABELS
from tests.reporting.papers import BDV, SNV, UBND

NOBODY = Circulation((), {}, ())
BEFORE, D = date(2023, 6, 10), date(2023, 6, 9)
MUST = ("UBND-T", "BDVTU")


def sent(days: dict[str, date], *delivered: str) -> Circulation:
    return Circulation(MUST, days, delivered)


@pytest.mark.parametrize("figures", [Stage.OPEN, Stage.LOCKING, Stage.LOCKED])
def test_without_a_paper_it_stands_as_its_figures_do(figures: Stage) -> None:
    assert stage(figures, None, NOBODY) is figures


def test_every_stage_of_a_paper_is_a_stage_of_its_report() -> None:
    assert set(BY_PAPER) == {label for label in LABELS.values() if label}


def test_a_published_report_has_come_as_far_as_it_was_sent() -> None:
    assert stage(Stage.LOCKED, "da_cong_khai", sent({"UBND-T": D})) is Stage.ISSUED
    assert stage(Stage.LOCKED, "da_cong_khai", sent({"UBND-T": D, "BDVTU": D})) is Stage.SENT
    assert stage(Stage.LOCKED, "da_cong_khai", sent({"UBND-T": D, "BDVTU": D}, "UBND-T", "BDVTU")) is Stage.ACKNOWLEDGED


def test_it_is_acknowledged_when_all_who_must_have_it_confirmed() -> None:
    both = {"UBND-T": D, "BDVTU": D}
    assert stage(Stage.LOCKED, "da_gui", sent(both, "UBND-T", "SNV")) is Stage.SENT
    assert stage(Stage.LOCKED, "da_gui", sent(both, "UBND-T", "BDVTU")) is Stage.ACKNOWLEDGED
    assert stage(Stage.LOCKED, "thay_the", sent(both, "UBND-T", "BDVTU")) is Stage.SUPERSEDED


def test_those_must_have_it_whose_line_says_so_or_all_where_none_does() -> None:
    assert must_have((UBND, BDV, SNV)) == MUST
    assert must_have((SNV,)) == ("SNV",)
    assert not Circulation(must_have(()), {}, ()).acknowledged


def test_it_is_in_time_only_if_the_last_of_them_was_sent_it_before_the_day() -> None:
    assert in_time(sent({"UBND-T": D}), BEFORE, D) is None
    assert in_time(sent({"UBND-T": D}), BEFORE, BEFORE) is False
    assert in_time(sent({"UBND-T": D, "BDVTU": D}), BEFORE, date(2023, 7, 1)) is True
    late = sent({"UBND-T": D, "BDVTU": BEFORE})
    assert (late.sent_on, in_time(late, BEFORE, BEFORE)) == (BEFORE, False)
