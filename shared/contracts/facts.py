"""What a decider is told besides command and state: who asks, when it happened, when it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.roles import Role
from shared.contracts.types import PersonId, UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts every decision gets. Deciders that need more extend it with looked-up values."""

    at: datetime  # when it happened, by the office's word
    now: datetime  # when it is being recorded
    person: PersonId
    office: UnitKey
    unit: UnitKey
    capacity: Role


@dataclass(frozen=True, slots=True)
class Dated:
    """An event that a decider dates itself, because its command tells of several days; others happened at `Facts.at`."""

    event: Any
    at: datetime
