"""What a unit and the hub can do about a round, and which values each act asks for."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.consolidation import commands
from shared.web.acts import Act, Asks, Field

OPINIONS: Final = Field("opinions", Asks.MANY, required=False)
REASON: Final = Field("reason", Asks.TEXT)
# What a unit writes down only now, an opinion a line: each is taken in for itself before the list is handed in.
ROWS: Final = Field("rows", Asks.TEXT, required=False, longest=20_000)

SUBMIT: Final = Act(
    command=commands.SubmitConsolidation, on="consolidation", fields=(OPINIONS, Field("note", Asks.TEXT, required=False))
)
NIL: Final = Act(command=commands.SubmitConsolidation, on="consolidation", apart=True)
AMEND: Final = Act(
    command=commands.AmendConsolidation,
    on="consolidation",
    fields=(OPINIONS, Field("nil", Asks.YES, required=False), REASON),
    apart=True,
)
RETURN: Final = Act(command=commands.ReturnConsolidation, on="consolidation", fields=(REASON,), apart=True)
REPORT: Final = Act(command=commands.ReportConsolidation, on="consolidation", apart=True)
# Of which meeting or dialogue the address says.
OPEN: Final = Act(command=commands.OpenConsolidation, fields=(Field("due", Asks.DAY), Field("units", Asks.MANY)))
BY_SLUG: Final[Mapping[str, Act]] = {act.slug: act for act in (SUBMIT, AMEND, RETURN, REPORT)} | {"nil-return": NIL}
