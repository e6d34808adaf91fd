"""What may be asked about work that outlives its unit, and by whom."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import StreamId, UnitKey

HAND_OVER: Final = action("hand_over", grants(Scope.OFFICE, Role.SYSTEM))
# By deputy and hub what leads no case (R35): such work the handler shows as of the asker's unit.
SETTLE_TRANSFER: Final = action(
    "settle_transfer", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN), grants(Scope.UNIT, Role.DEPUTY, Role.HUB)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Give open work to whoever took its unit's place, or queue it for a person; the house asks this itself (R49)."""

    about: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleTransfer:
    """Decide who takes work that no rule could give to a successor."""

    about: StreamId
    to: UnitKey
