"""Histories as they were once stored still load, and fold to the states they folded to then."""

from pathlib import Path

import pytest

from services.reporting.handlers import FOLDS
from tests.support.golden import declared, folds_as_ever, held, histories


@pytest.mark.parametrize("path", histories(FOLDS), ids=lambda path: path.stem)
def test_a_stored_history_folds_to_the_state_it_always_had(path: Path) -> None:
    assert folds_as_ever(path, FOLDS)


def test_the_histories_hold_every_event_of_our_streams() -> None:
    assert held(FOLDS) == declared(FOLDS)
