"""How a paper's stream becomes its state, in every service that has papers."""

from typing import Final

from shared.decider import Fold
from shared.documents.states import INITIAL, evolve

KEPT: Final = "document.kept"
COPY: Final = "document.signed_copy_attached"
# That its files were kept is the house's own affair, shortly after the issue: who has seen the paper issued has seen it as it is.
DOCUMENT: Final = Fold("document", INITIAL, evolve, housekeeping=frozenset({KEPT}))
