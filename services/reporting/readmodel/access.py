"""Who may read which figures."""

from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.permit import Resource

# Figures name nobody, so whoever works for the office may see its own; other offices' are for those above them.
READ_FIGURES: Final = action(
    "read_figures",
    grants(
        Scope.OFFICE,
        Role.CHIEF,
        Role.DEPUTY,
        Role.HUB,
        Role.CONTENT_DIVISION,
        Role.UNIT_LEADER,
        Role.SPECIALIST,
        Role.SECRETARY,
        Role.PARTY_COMMITTEE,
        Role.MASS_ORGANISATION,
        Role.REGISTRY,
    ),
    grants(Scope.TENANT, Role.AUDITOR, Role.CHAIRMAN, Role.OPERATOR, Role.SYSTEM),
)

# What stands behind a figure names episodes, which a small row makes nearly people: for those who answer for the report.
OPEN_FIGURES: Final = action(
    "open_figures",
    grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.HUB),
    grants(Scope.TENANT, Role.AUDITOR, Role.CHAIRMAN, Role.OPERATOR, Role.SYSTEM),
)


def office_resource(tenant: str, office: str) -> Resource:
    """An office's figures."""
    return Resource(tenant=tenant, office=office)
