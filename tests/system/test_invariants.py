"""The fifteen invariants of the domain brief, over random command sequences through the whole embedded installation.

States that random order seldom comes to are gone to one by one as well, so that none of them is left to chance.
"""

import os
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.dialogue.asking import beginning
from tests.support.dialogue.machine import Dialogue
from tests.support.dialogue.rare import WAYS, Rare

EXAMPLES: Final = int(os.environ.get("DOITHOAI_INVARIANT_EXAMPLES", "7"))
STEPS: Final = int(os.environ.get("DOITHOAI_INVARIANT_STEPS", "40"))
# Each example is an installation on files: shrinking a failure would take minutes and the steps are printed as they were
# taken, with what to decorate the machine with to take them again. With CI=true the same sequences are taken every time.
AS_HERE: Final = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


@pytest.mark.timeout(300)
def test_whatever_is_asked_in_whatever_order_the_fifteen_invariants_hold() -> None:
    beginning()  # made once, outside what an example may take
    run_state_machine_as_test(Dialogue, settings=AS_HERE)


@pytest.fixture(scope="module")
def office() -> Iterator[Dialogue]:
    """One office for all rare states: each is gone to with matters of its own."""
    found = Dialogue()
    yield found
    found.leave()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_in_a_rare_state_what_the_invariants_forbid_is_refused(office: Dialogue, way: Callable[[Rare], None]) -> None:
    way(office)
    office.look()
