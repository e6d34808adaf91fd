"""The fifteen invariants of the domain brief, over random command sequences through the whole embedded installation."""

import os
from typing import Final

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.dialogue.asking import beginning
from tests.support.dialogue.machine import Dialogue

EXAMPLES: Final = int(os.environ.get("DOITHOAI_INVARIANT_EXAMPLES", "12"))
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
