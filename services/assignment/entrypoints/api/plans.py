"""Yearly plans over HTTP."""

from typing import Final

from services.assignment.domain.plan import commands as asked
from services.assignment.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/plans", asked.DraftPlan, 201),
    ("/plans/{plan}/copy", asked.CopyPlan, 200),
    ("/plans/{plan}/issue", asked.IssuePlan, 200),
    ("/plans/{plan}/amendments", asked.AmendPlan, 200),
    ("/plans/{plan}/closure", asked.ClosePlan, 200),
)
